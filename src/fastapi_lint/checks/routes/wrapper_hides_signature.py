"""RTE008: FastAPI sees `*args` or `**kwargs`, and asks each request for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.calls.decorators import first_parameter
from fastapi_lint.project.calls.seen_signatures import SeenSignatures
from fastapi_lint.project.edits.wraps import add_wraps
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Fix
    from fastapi_lint.project.calls.seen_signatures import VariadicSignature
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

SHOWN = 5
"""How many of the wrapped functions a finding shows."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each function that declares them, and for each wrapper."""
    wrappers: dict[int, list[VariadicSignature]] = {}
    for found in SeenSignatures(project).variadic():
        if project.roles.is_outside(found.function.module):
            continue
        if found.wrapper is None:
            yield _declared(project, found)
        else:
            wrappers.setdefault(id(found.wrapper), []).append(found)
    for group in wrappers.values():
        wrapper = group[0].wrapper
        assert wrapper is not None
        yield _wrapped(project, wrapper, group)


def _declared(project: Project, found: VariadicSignature) -> Finding:
    function, first = found.function, found.parameters[0]
    return Finding(
        span=project.span(function.module, first.at),
        message=f"FastAPI asks each request of `{name_of(function)}` for {_names(found)}",
        help="Declare each parameter, or read `request.query_params`",
        symbol=function.qualname,
    )


def _wrapped(project: Project, wrapper: FunctionSymbol, group: list[VariadicSignature]) -> Finding:
    first = group[0]
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    return Finding(
        span=project.span(wrapper.module, wrapper.node.name_at),
        message=(
            f"`{wrapper.name}` hides the parameters of `{name_of(first.function)}`{more}, so FastAPI asks "
            f"each request for {_names(first)}"
        ),
        help=f"Add `@functools.wraps` to `{wrapper.name}`",
        related=tuple(
            Related(project.span(one.function.module, one.function.node.name_at), "This function is wrapped")
            for one in group[:SHOWN]
        ),
        fix=_fix(project, first, wrapper),
        symbol=wrapper.qualname,
    )


def _names(found: VariadicSignature) -> str:
    return " and ".join(f"`{parameter.name}`" for parameter in found.parameters)


def _fix(project: Project, found: VariadicSignature, wrapper: FunctionSymbol) -> Fix | None:
    maker = found.decoration.maker if found.decoration is not None else None
    name = first_parameter(maker, maker.owner is not None) if maker is not None else None
    return add_wraps(project, wrapper, name) if name is not None and wrapper.parent is maker else None
