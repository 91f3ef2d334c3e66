"""Edits that add keyword arguments to a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit
from fastapi_lint.project.edits.text import insert

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def add_keyword(project: Project, module: Module, call: s.Call, *keywords: str) -> Edit | None:
    """Keywords (`name=value`) behind the last argument, on lines of their own if the others have one.

    None where a comment stands behind the last argument.
    """
    text = project.text(module.path)
    closing = s.end_of(call.at) - 1
    given = (*call.args, *(k.value for k in call.keywords))
    last = max((s.end_of(value.at) for value in given), default=0)
    if not last:
        return insert(project, module, closing, ", ".join(keywords))
    tail = text[last:closing]
    if "#" in tail or text[closing] != ")":
        return None
    end = last + len(tail.rstrip())
    comma = "" if tail.rstrip().endswith(",") else ","
    if "\n" not in tail:
        return insert(project, module, end, f"{comma} {', '.join(keywords)}")
    line = text.rfind("\n", 0, last) + 1
    indent = text[line : line + len(text[line:]) - len(text[line:].lstrip())]
    lines = "".join(f"\n{indent}{keyword}," for keyword in keywords)
    return insert(project, module, end, comma + lines)
