"""Lowering of parameters and type parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from fastapi_lint.facts.python.alignment import EXPRESSIONS, Alignment, expect
from fastapi_lint.facts.python.parser import COMMAS
from fastapi_lint.facts.python.syntax import Expr, Parameter

_Kind = Literal["positional", "normal", "keyword", "args", "kwargs"]


def lower_parameters(node: cst.Parameters, i: int, source: Alignment) -> tuple[tuple[Parameter, ...], int]:
    """All parameters in order, and the index of the token after them."""
    found: list[Parameter] = []
    i = _several(node.posonly_params, "positional", i, source, found)
    slash = node.posonly_ind
    if isinstance(slash, cst.ParamSlash):
        i += 2 if slash.comma.__class__ in COMMAS else 1
    i = _several(node.params, "normal", i, source, found)
    star = node.star_arg
    if isinstance(star, cst.Param):
        i = _several((star,), "args", i + 1, source, found)
    elif isinstance(star, cst.ParamStar):
        i += 2
    i = _several(node.kwonly_params, "keyword", i, source, found)
    if node.star_kwarg is not None:
        i = _several((node.star_kwarg,), "kwargs", i + 1, source, found)
    return tuple(found), i


def _several(
    nodes: Sequence[cst.Param], kind: _Kind, i: int, source: Alignment, found: list[Parameter]
) -> int:
    for node in nodes:
        name = node.name.value
        at = expect(name, i, source)
        j = i + 1
        annotation: Expr | None = None
        default: Expr | None = None
        child = node.annotation
        if child is not None:
            inner = child.annotation
            annotation, j = EXPRESSIONS[inner.__class__](inner, j + 1, source)
        value = node.default
        if value is not None:
            default, j = EXPRESSIONS[value.__class__](value, j + 1, source)
        if j > i + 1:
            at = source.at(i, j)
        found.append(Parameter(at, name, kind, annotation, default))
        i = j + 1 if node.comma.__class__ in COMMAS else j
    return i


def skip_type_parameters(node: cst.TypeParameters | None, i: int, source: Alignment) -> int:
    """The index after `[T: bound = default, *Ts, **P]`, of which nothing is kept."""
    if node is None:
        return i
    i += 1
    for parameter in node.params:
        variable = parameter.param
        if variable.__class__ is not cst.TypeVar:
            i += 1
        expect(variable.name.value, i, source)
        i += 1
        if isinstance(variable, cst.TypeVar) and variable.bound is not None:
            _, i = EXPRESSIONS[variable.bound.__class__](variable.bound, i + 1, source)
        default = parameter.default
        if default is not None:
            i += 2 if parameter.star == "*" else 1
            _, i = EXPRESSIONS[default.__class__](default, i, source)
        if parameter.comma.__class__ in COMMAS:
            i += 1
    return i + 1
