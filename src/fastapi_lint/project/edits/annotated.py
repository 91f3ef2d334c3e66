"""Edits that move markers from the defaults of parameters into `Annotated[...]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import replace
from fastapi_lint.project.types.bodies import receiver_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.findings import Edit
    from fastapi_lint.project.dependencies.marker_styles import DefaultMarker
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_INJECTED = frozenset({"Depends", "Security"})


def annotate(project: Project, function: FunctionSymbol, found: Sequence[DefaultMarker]) -> Fix | None:
    """`x: T = Depends(f)` becomes `x: Annotated[T, Depends(f)]`, for all such parameters of a function.

    A marker's default stays that of the parameter. Where a parameter without a default comes behind one that
    has one, a `*` before it makes it a keyword's, as FastAPI calls it. None where that can't be written.
    """
    module = function.module
    imported = import_from(project, module, "typing", "Annotated")
    star = _needs_star(function, found)
    if imported is None or star is None or _is_lazy(project, function):
        return None
    name, edits = imported
    written: list[Edit] = []
    by_parameter = {id(one.parameter): one for one in found}
    for parameter in function.node.parameters:
        one = by_parameter.get(id(parameter))
        before = "*, " if parameter.name == star else ""
        start, end = s.start_of(parameter.at), s.end_of(parameter.at)
        if one is None:
            if before:
                written.append(replace(project, module, start, start, before))
            continue
        text = _rewritten(project, one, name)
        if text is None:
            return None
        written.append(replace(project, module, start, end, before + text))
    return Fix("unsafe", "Move the markers into `Annotated`", (*edits, *written))


def _is_lazy(project: Project, function: FunctionSymbol) -> bool:
    """Whether annotations are texts that may name what only the function around knows."""
    return function.parent is not None and any(
        isinstance(node, s.ImportFrom) and node.module == "__future__" for node in function.module.facts.body
    )


def _rewritten(project: Project, found: DefaultMarker, annotated: str) -> str | None:
    """The parameter in the new style; None if a comment or unpacked arguments stand in the way."""
    text = project.text(found.function.module.path)
    parameter, call = found.parameter, found.call
    assert parameter.annotation is not None
    whole = text[s.start_of(parameter.at) : s.end_of(parameter.at)]
    unpacked = any(isinstance(arg, s.Starred) for arg in call.args) or any(
        keyword.name is None for keyword in call.keywords
    )
    if "#" in whole or unpacked:
        return None
    kind = text[s.start_of(parameter.annotation.at) : s.end_of(parameter.annotation.at)]
    marker = text[s.start_of(call.at) : s.end_of(call.at)]
    default = None if found.marker in _INJECTED else argument(call, 0, "default")
    ending = ""
    if default is not None:
        rest = [arg for arg in call.args if arg is not default]
        named = [keyword for keyword in call.keywords if keyword.value is not default]
        kept = [text[s.start_of(node.at) : s.end_of(node.at)] for node in (*rest, *named)]
        marker = f"{text[s.start_of(call.func.at) : s.end_of(call.func.at)]}({', '.join(kept)})"
        if not _is_ellipsis(default):
            ending = f" = {text[s.start_of(default.at) : s.end_of(default.at)]}"
    return f"{parameter.name}: {annotated}[{kind}, {marker}]{ending}"


def _needs_star(function: FunctionSymbol, found: Sequence[DefaultMarker]) -> str | None:
    """The parameter that a `*` has to stand before, "" if none is needed, None if none can be put there."""
    markers = {id(one.parameter): one for one in found}
    seen_default = False
    own = receiver_of(function) if function.owner is not None else None
    for parameter in function.node.parameters:
        if parameter.kind not in ("positional", "normal") or parameter is own:
            continue
        one = markers.get(id(parameter))
        required = parameter.default is None if one is None else _becomes_required(one)
        if required and seen_default:
            others = {other.kind for other in function.node.parameters}
            return None if others & {"args", "keyword", "positional"} else parameter.name
        seen_default = seen_default or not required
    return ""


def _becomes_required(found: DefaultMarker) -> bool:
    if found.marker in _INJECTED:
        return True
    default = argument(found.call, 0, "default")
    return default is None or _is_ellipsis(default)


def _is_ellipsis(expr: s.Expr) -> bool:
    return isinstance(expr, s.Opaque) and not expr.children
