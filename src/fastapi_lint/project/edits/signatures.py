"""Edits of function signatures, and the places of parameters in paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.edits.text import insert, text_between
from fastapi_lint.project.types.bodies import receiver_of

if TYPE_CHECKING:
    from fastapi_lint.findings import Span
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.path_parameters import Undeclared


def place_of_path_parameter(project: Project, undeclared: Undeclared) -> Span | None:
    """Where `{name}` stands in the path of the registration; else the path, or the registration."""
    route = undeclared.route
    if route.registered is None:
        return None
    site = route.path_at
    if site is None or site.module is not route.registered.module:
        return project.span(route.registered.module, route.registered.at)
    start, end = s.start_of(site.at), s.end_of(site.at)
    text = text_between(project, site.module, start, end)
    found = re.search(r"\{" + re.escape(undeclared.name) + r"(:\w+)?\}", text)
    if found is None or not isinstance(site.expr, s.Constant):
        return project.span(site.module, site.at)
    return project.span(site.module, s.pack(start + found.start(), start + found.end()))


def add_parameter(project: Project, function: FunctionSymbol, name: str) -> Fix | None:
    """`name: str` as the first parameter, behind `self`."""
    node, module = function.node, function.module
    if any(parameter.name == name for parameter in node.parameters):
        return None
    own = receiver_of(function) if function.owner is not None else None
    rest = [parameter for parameter in node.parameters if parameter is not own]
    if rest and rest[0].kind in ("normal", "positional"):
        edit = insert(project, module, s.start_of(rest[0].at), f"{name}: str, ")
    elif not rest and own is not None:
        edit = insert(project, module, s.end_of(own.at), f", {name}: str")
    elif not rest:
        end = s.end_of(node.name_at)
        opening = re.match(r"\s*\(", text_between(project, module, end, s.end_of(node.at)))
        if opening is None:
            return None
        edit = insert(project, module, end + opening.end(), f"{name}: str")
    else:
        return None
    return Fix("unsafe", f"Add the parameter `{name}`", (edit,))


def make_async(project: Project, function: FunctionSymbol) -> Fix | None:
    """`async def` for a plain one; not for constructors, and not where `yield from` stands in the body."""
    delegates = (isinstance(e, s.Yield) and e.delegates for e in expressions_of(function.node.body))
    if function.node.is_async or function.node.decorators or function.name == "__init__" or any(delegates):
        return None
    edit = insert(project, function.module, s.start_of(function.node.at), "async ")
    return Fix("unsafe", f"Make `{function.name}` an `async def`", (edit,))
