"""Text edits by the places of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def text_between(project: Project, module: Module, start: int, end: int) -> str:
    """The text of a module between two offsets."""
    return project.text(module.path)[start:end]


def replace(project: Project, module: Module, start: int, end: int, text: str) -> Edit:
    """Put `text` in place of what stands between two offsets."""
    return Edit(project.span(module, s.pack(start, end)), text)


def insert(project: Project, module: Module, offset: int, text: str) -> Edit:
    """Put `text` before the character at an offset."""
    return replace(project, module, offset, offset, text)


def add_import(project: Project, module: Module, statement: str) -> Edit:
    """Add an import statement on a line of its own, below the last import at the top of a module."""
    imports = _leading_imports(module)
    if imports:
        return insert(project, module, s.end_of(imports[-1].at), f"\n{statement}")
    first = _after_docstring(module)
    return insert(project, module, first, f"{statement}\n")


def _leading_imports(module: Module) -> list[s.Statement]:
    """The imports of a module before its first definition, which may need what is imported."""
    found: list[s.Statement] = []
    for node in module.facts.body:
        if isinstance(node, s.Function | s.Class):
            break
        if isinstance(node, s.Import | s.ImportFrom):
            found.append(node)
    return found


def _after_docstring(module: Module) -> int:
    """Where the first statement behind the docstring begins: its line's start."""
    for node in module.facts.body:
        is_text = isinstance(node, s.Expression) and isinstance(node.value, s.Constant)
        if not is_text:
            starts = module.facts.line_starts
            return max(start for start in starts if start <= s.start_of(_start(node)))
    return len(module.facts.line_starts) and module.facts.line_starts[-1]


def _start(node: s.Statement) -> int:
    """A definition begins at its first decorator."""
    decorators = node.decorators if isinstance(node, s.Function | s.Class) else ()
    return decorators[0].at if decorators else node.at


def imports_module(module: Module, name: str) -> bool:
    """Whether `import name` stands at the top of a module, under its own name."""
    return any(
        alias.name == name and alias.asname is None
        for node in module.facts.body
        if isinstance(node, s.Import)
        for alias in node.names
    )
