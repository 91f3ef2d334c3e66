"""Lowering of the patterns of `match`: an expression where it is one, else `Opaque` around its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from fastapi_lint.facts.python.alignment import EXPRESSIONS, Alignment, expect
from fastapi_lint.facts.python.parser import COMMAS
from fastapi_lint.facts.python.syntax import Expr, Opaque

Captures = list[str]


def lower_pattern(node: cst.MatchPattern, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    """The pattern, and the index of the token after it; names that it binds go to `captures`."""
    return _PATTERNS[node.__class__](node, i, source, captures)


def _value(
    node: cst.MatchValue | cst.MatchSingleton, i: int, source: Alignment, _captures: Captures
) -> tuple[Expr, int]:
    return EXPRESSIONS[node.value.__class__](node.value, i, source)


def _elements(
    nodes: Sequence[cst.MatchSequenceElement | cst.MatchStar], i: int, source: Alignment, captures: Captures
) -> tuple[tuple[Expr, ...], int]:
    children: list[Expr] = []
    for node in nodes:
        if isinstance(node, cst.MatchStar):
            _bind(node.name, i + 1, source, captures)
            i += 2
        else:
            child, i = lower_pattern(node.value, i, source, captures)
            children.append(child)
        if node.comma.__class__ in COMMAS:
            i += 1
    return tuple(children), i


def _bind(name: cst.Name | None, i: int, source: Alignment, captures: Captures) -> None:
    """A capture, or the wildcard `_`, stands at token `i`."""
    expect("_" if name is None else name.value, i, source)
    if name is not None:
        captures.append(name.value)


def _list(node: cst.MatchList, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    brackets = 0 if node.lbracket is None else 1
    children, j = _elements(node.patterns, i + brackets, source, captures)
    j += brackets
    return Opaque(source.at(i, j), children), j + parentheses


def _tuple(node: cst.MatchTuple, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    children, j = _elements(node.patterns, i + parentheses, source, captures)
    return Opaque(source.at(i + parentheses - 1, j + 1), children), j + parentheses


def _mapping(node: cst.MatchMapping, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    children: list[Expr] = []
    j = i + 1
    for element in node.elements:
        key, j = EXPRESSIONS[element.key.__class__](element.key, j, source)
        child, j = lower_pattern(element.pattern, j + 1, source, captures)
        children += (key, child)
        if element.comma.__class__ in COMMAS:
            j += 1
    if node.rest is not None:
        _bind(node.rest, j + 1, source, captures)
        j += 2
        if node.trailing_comma.__class__ in COMMAS:
            j += 1
    return Opaque(source.at(i, j + 1), tuple(children)), j + 1 + parentheses


def _class(node: cst.MatchClass, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    name, j = EXPRESSIONS[node.cls.__class__](node.cls, i, source)
    positional, j = _elements(node.patterns, j + 1, source, captures)
    children: list[Expr] = [name, *positional]
    for element in node.kwds:
        expect(element.key.value, j, source)
        child, j = lower_pattern(element.pattern, j + 2, source, captures)
        children.append(child)
        if element.comma.__class__ in COMMAS:
            j += 1
    return Opaque(source.at(i, j + 1), tuple(children)), j + 1 + parentheses


def _as(node: cst.MatchAs, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    children: tuple[Expr, ...] = ()
    j = i
    if node.pattern is not None:
        child, j = lower_pattern(node.pattern, j, source, captures)
        children = (child,)
        j += 1
    _bind(node.name, j, source, captures)
    return Opaque(source.at(i, j + 1), children), j + 1 + parentheses


def _or(node: cst.MatchOr, i: int, source: Alignment, captures: Captures) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    children: list[Expr] = []
    j = i
    for element in node.patterns:
        child, j = lower_pattern(element.pattern, j, source, captures)
        children.append(child)
        if element.separator.__class__ is cst.BitOr:
            j += 1
    return Opaque(source.at(i, j), tuple(children)), j + parentheses


_PATTERNS: dict[type[cst.CSTNode], Callable[[Any, int, Alignment, Captures], tuple[Expr, int]]] = {
    cst.MatchValue: _value,
    cst.MatchSingleton: _value,
    cst.MatchList: _list,
    cst.MatchTuple: _tuple,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
    cst.MatchAs: _as,
    cst.MatchOr: _or,
}
