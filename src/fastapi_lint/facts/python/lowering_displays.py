"""Lowering of literals, displays, comprehensions and templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from fastapi_lint.facts.python import literals
from fastapi_lint.facts.python.alignment import EXPRESSIONS, Alignment
from fastapi_lint.facts.python.parser import COMMAS
from fastapi_lint.facts.python.syntax import (
    SHIFT,
    Clause,
    Collection,
    Comprehension,
    Constant,
    Expr,
    Mapping,
    Opaque,
    Starred,
)


def lower_integer(node: cst.Integer, i: int, source: Alignment) -> tuple[Expr, int]:
    value = literals.integer(node.value)
    return _constant(node, i, source, value)


def lower_float(node: cst.Float, i: int, source: Alignment) -> tuple[Expr, int]:
    return _constant(node, i, source, literals.real(node.value))


def _constant(
    node: cst.BaseExpression, i: int, source: Alignment, value: str | float | None
) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    start, end = source.spans[i + parentheses]
    at = start << SHIFT | end
    i += parentheses + parentheses + 1
    return (Opaque(at, ()) if value is None else Constant(at, value)), i


def lower_imaginary(node: cst.Imaginary, i: int, source: Alignment) -> tuple[Expr, int]:
    return _constant(node, i, source, None)


def lower_ellipsis(node: cst.Ellipsis, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    return Opaque(source.at(i, i + 3), ()), i + 3 + parentheses


def lower_starred(node: cst.StarredElement, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.value
    value, j = EXPRESSIONS[child.__class__](child, i + 1, source)
    return Starred(source.at(i, j), value), j + parentheses


def _items(elements: Sequence[cst.BaseElement], i: int, source: Alignment) -> tuple[tuple[Expr, ...], int]:
    items: list[Expr] = []
    for element in elements:
        child = element.value if element.__class__ is cst.Element else element
        item, i = EXPRESSIONS[child.__class__](child, i, source)
        items.append(item)
        if element.comma.__class__ in COMMAS:
            i += 1
    return tuple(items), i


def lower_list(node: cst.List, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    items, j = _items(node.elements, i + 1, source)
    return Collection(source.at(i, j + 1), "list", items), j + 1 + parentheses


def lower_set(node: cst.Set, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    items, j = _items(node.elements, i + 1, source)
    return Collection(source.at(i, j + 1), "set", items), j + 1 + parentheses


def lower_tuple(node: cst.Tuple, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    items, j = _items(node.elements, i, source)
    at = source.at(i - 1, j + 1) if parentheses else source.at(i, j)
    return Collection(at, "tuple", items), j + parentheses


def lower_dict(node: cst.Dict, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    keys: list[Expr | None] = []
    values: list[Expr] = []
    j = i + 1
    for element in node.elements:
        key: Expr | None = None
        if isinstance(element, cst.DictElement):
            key, j = EXPRESSIONS[element.key.__class__](element.key, j, source)
        child = element.value
        value, j = EXPRESSIONS[child.__class__](child, j + 1, source)
        keys.append(key)
        values.append(value)
        if element.comma.__class__ in COMMAS:
            j += 1
    at = source.at(i, j + 1)
    return Mapping(at, tuple(keys), tuple(values)), j + 1 + parentheses


def _clauses(node: cst.CompFor, i: int, source: Alignment) -> tuple[tuple[Clause, ...], int]:
    clauses: list[Clause] = []
    inner: cst.CompFor | None = node
    while inner is not None:
        first = i
        is_async = inner.asynchronous is not None
        i += 2 if is_async else 1
        target, i = EXPRESSIONS[inner.target.__class__](inner.target, i, source)
        iterable, i = EXPRESSIONS[inner.iter.__class__](inner.iter, i + 1, source)
        conditions: list[Expr] = []
        for condition in inner.ifs:
            child = condition.test
            value, i = EXPRESSIONS[child.__class__](child, i + 1, source)
            conditions.append(value)
        clauses.append(Clause(source.at(first, i), target, iterable, tuple(conditions), is_async))
        inner = inner.inner_for_in
    return tuple(clauses), i


def _comprehension(
    node: cst.ListComp | cst.SetComp, kind: Literal["list", "set"], i: int, source: Alignment
) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    element, j = EXPRESSIONS[node.elt.__class__](node.elt, i + 1, source)
    clauses, j = _clauses(node.for_in, j, source)
    return Comprehension(source.at(i, j + 1), kind, element, None, clauses), j + 1 + parentheses


def lower_list_comprehension(node: cst.ListComp, i: int, source: Alignment) -> tuple[Expr, int]:
    return _comprehension(node, "list", i, source)


def lower_set_comprehension(node: cst.SetComp, i: int, source: Alignment) -> tuple[Expr, int]:
    return _comprehension(node, "set", i, source)


def lower_generator(node: cst.GeneratorExp, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    element, j = EXPRESSIONS[node.elt.__class__](node.elt, i, source)
    clauses, j = _clauses(node.for_in, j, source)
    # Without parentheses of its own it is a call's only argument, and shares the call's.
    at = source.at(i - 1, j + 1)
    return Comprehension(at, "generator", element, None, clauses), j + parentheses


def lower_dict_comprehension(node: cst.DictComp, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    key, j = EXPRESSIONS[node.key.__class__](node.key, i + 1, source)
    value, j = EXPRESSIONS[node.value.__class__](node.value, j + 1, source)
    clauses, j = _clauses(node.for_in, j, source)
    return Comprehension(source.at(i, j + 1), "dict", key, value, clauses), j + 1 + parentheses


def lower_merging_comprehension(node: cst.StarredDictComp, i: int, source: Alignment) -> tuple[Expr, int]:
    """`{**value for ...}` (PEP 798): its element is `Starred`."""
    parentheses = len(node.lpar)
    i += parentheses
    value, j = EXPRESSIONS[node.value.__class__](node.value, i + 2, source)
    element = Starred(source.at(i + 1, j), value)
    clauses, j = _clauses(node.for_in, j, source)
    return Comprehension(source.at(i, j + 1), "dict", element, None, clauses), j + 1 + parentheses


EXPRESSIONS.update(
    {
        cst.Integer: lower_integer,
        cst.Float: lower_float,
        cst.Imaginary: lower_imaginary,
        cst.Ellipsis: lower_ellipsis,
        cst.StarredElement: lower_starred,
        cst.List: lower_list,
        cst.Set: lower_set,
        cst.Tuple: lower_tuple,
        cst.Dict: lower_dict,
        cst.ListComp: lower_list_comprehension,
        cst.SetComp: lower_set_comprehension,
        cst.GeneratorExp: lower_generator,
        cst.DictComp: lower_dict_comprehension,
        cst.StarredDictComp: lower_merging_comprehension,
    }
)
