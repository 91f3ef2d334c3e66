"""The roles of a file's symbols, with the evidence for each."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from fastapi_lint.config.options import LAYERS
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Variable
from fastapi_lint.project.project import Project
from fastapi_lint.report.text import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.engine.project_view import ProjectView
    from fastapi_lint.project.layers.roles import Role


def roles_text(project: ProjectView, path: str, symbol: str) -> Iterator[str]:
    """The lines that explain the roles in a file, or the role of one symbol if `symbol` isn't empty.

    A folder gives the roles of the files in it. Raises LookupError if there is no such place.
    """
    assert isinstance(project, Project)
    module = project.module(path)
    if module is None:
        yield from _folder(project, path, symbol)
        return
    names = _symbols(project, module)
    if symbol and symbol not in names:
        raise LookupError(_missing(path, symbol, list(names)))
    yield from _head(project, module)
    wanted = [symbol] if symbol else list(names)
    table = [(name, *_cells(project.roles.of(names[name]))) for name in wanted]
    if table:
        yield ""
        yield from rows([("SYMBOL", "ROLE", "BY", "EVIDENCE"), *table])


def _folder(project: Project, path: str, symbol: str) -> Iterator[str]:
    folder = "" if path in ("", ".") else path.rstrip("/")
    found = [m for m in project.modules if not folder or m.path.startswith(folder + "/")]
    if not found or symbol:
        raise LookupError(
            f"`{path}` is no Python file of the project" if path else "there is no Python file here"
        )
    table = [(module.path, *_cells(project.roles.of(module))) for module in found]
    yield from rows([("FILE", "ROLE", "BY", "EVIDENCE"), *table])


def _head(project: Project, module: Module) -> Iterator[str]:
    """What the file itself is, and which layers the rules see around it."""
    role = project.roles.of(module)
    by = f", by {role.source}" if role.source != "none" else ""
    feature = project.layout.feature_of(module.path)
    around = [layer for layer in LAYERS if project.layers.exists(layer, module)]
    yield f"{module.path}: {role.name}{by} ({role.evidence})"
    yield f"feature: {feature or 'none'}"
    yield f"layers around it: {', '.join(around) or 'none'}"


def _cells(role: Role) -> tuple[str, str, str]:
    return role.name, "-" if role.source == "none" else role.source, role.evidence


def _symbols(project: Project, module: Module) -> dict[str, FunctionSymbol | ClassSymbol | Variable]:
    """The definitions of a module by qualified name, in source order, and the variables that have a role."""
    index = project.resolver.index(module)
    definitions: list[FunctionSymbol | ClassSymbol] = [*index.functions, *index.classes]
    definitions.sort(key=lambda symbol: symbol.node.at)
    found: dict[str, FunctionSymbol | ClassSymbol | Variable] = {}
    for symbol in definitions:
        found.setdefault(symbol.qualname.replace(".<locals>", ""), symbol)
    for name, bindings in index.scope.bindings.items():
        variable = Variable(index.scope, name, bindings[-1])
        if bindings[-1].value is not None and project.roles.of(variable).source == "code":
            found.setdefault(name, variable)
    return found


def _missing(path: str, symbol: str, names: list[str]) -> str:
    close = difflib.get_close_matches(symbol, names, 1)
    hint = f"; did you mean `{close[0]}`?" if close else ""
    return f"`{path}` defines no `{symbol}`{hint}"
