"""Moving imports out of `if TYPE_CHECKING:` blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix
from fastapi_lint.project.edits.text import replace
from fastapi_lint.project.names.scopes import is_type_checking

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Binding, Module
    from fastapi_lint.project.project import Project


def import_at_runtime(project: Project, module: Module, binding: Binding) -> Fix | None:
    """Move one imported name before the `if TYPE_CHECKING:` that it stands in, at the top of a module.

    Safe for a library's name; unsafe for the project's own, since two modules may then import each other.
    None for a block with an `else` or with anything but imports.
    """
    statement, alias = binding.statement, binding.alias
    block = _block_of(module, statement)
    if statement is None or alias is None or block is None or block.orelse or len(block.branches) > 1:
        return None
    body = block.branches[0].body
    if not all(isinstance(node, s.Import | s.ImportFrom) for node in body):
        return None
    rest = [_written(node, alias) for node in body if isinstance(node, s.Import | s.ImportFrom)]
    kept = [line for line in rest if line]
    text = _import_of(statement, alias)
    if kept:
        head = project.text(module.path)[s.start_of(block.at) : s.start_of(body[0].at)]
        indent = head.rpartition("\n")[2]
        text += "\n\n" + head + f"\n{indent}".join(kept)
    edit: Edit = replace(project, module, s.start_of(block.at), s.end_of(block.at), text)
    own = project.resolver.source_of(binding, module) is not None
    return Fix("unsafe" if own else "safe", f"Import `{alias.asname or alias.name}` at run time", (edit,))


def _block_of(module: Module, statement: s.Import | s.ImportFrom | None) -> s.If | None:
    """The `if TYPE_CHECKING:` at the top of a module that holds an import."""
    for node in module.facts.body:
        if not isinstance(node, s.If) or not is_type_checking(node.branches[0].test):
            continue
        if any(inner is statement for inner in node.branches[0].body):
            return node
    return None


def _written(node: s.Import | s.ImportFrom, without: s.Alias) -> str:
    """An import statement without one of its names; empty if none is left."""
    names = [_named(alias) for alias in node.names if alias is not without]
    return f"{_head(node)} {', '.join(names)}" if names else ""


def _import_of(node: s.Import | s.ImportFrom, alias: s.Alias) -> str:
    return f"{_head(node)} {_named(alias)}"


def _head(node: s.Import | s.ImportFrom) -> str:
    if isinstance(node, s.Import):
        return "import"
    return f"from {'.' * node.level}{node.module} import"


def _named(alias: s.Alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name
