"""Take away what comments ignore, and tell which ignores hide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.catalogue import OWN_GROUP
from fastapi_lint.engine.comments import Ignore, hear
from fastapi_lint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi_lint.catalogue import Catalogue
    from fastapi_lint.engine.project_view import FileView, ProjectView
    from fastapi_lint.findings import Span

DOCKERFILE = "dockerfile"


class Verdict(msgspec.Struct, frozen=True):
    """The findings that no comment ignores, those that one does, and what is wrong with the comments."""

    kept: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    unused: tuple[Finding, ...]
    malformed: tuple[Finding, ...]


def suppress(
    findings: Iterable[Finding], project: ProjectView, catalogue: Catalogue, completed: frozenset[str]
) -> Verdict:
    """Judge findings by the comments of their files.

    An ignore counts as unused only if its rule is in `completed`, the rules that ran over the whole root.
    """
    heard = {file.path: hear(file.path, project.comments(file.path), catalogue) for file in project.files}
    scopes = {file.path: _Scope(file, heard[file.path].ignores, project) for file in project.files}
    kept: list[Finding] = []
    used: set[Ignore] = set()
    ignored: list[Finding] = []
    for finding in findings:
        scope = scopes.get(finding.span.path)
        hiding = scope.hiding(finding) if scope and not finding.code.startswith(OWN_GROUP) else []
        used.update(hiding)
        (ignored if hiding else kept).append(finding)
    unused = [
        _unused(ignore, catalogue)
        for file in heard.values()
        for ignore in file.ignores
        if ignore not in used and ignore.code in completed
    ]
    malformed = [finding for file in heard.values() for finding in file.malformed]
    return Verdict(tuple(kept), tuple(ignored), tuple(unused), tuple(malformed))


def _unused(ignore: Ignore, catalogue: Catalogue) -> Finding:
    rule = catalogue.rule(ignore.code)
    name = f"{rule.code} {rule.name}" if rule else ignore.code
    where = "in this file" if ignore.whole_file else "here"
    return Finding(ignore.span, f"`{name}` reports nothing {where}", "Remove it from the comment")


class _Scope:
    """The ignores of one file, by the lines that they reach."""

    def __init__(self, file: FileView, ignores: Sequence[Ignore], project: ProjectView) -> None:
        self.path = file.path
        self.is_dockerfile = file.kind == DOCKERFILE
        self.project = project
        self.file_wide = [ignore for ignore in ignores if ignore.whole_file]
        self.trailing: dict[int, list[Ignore]] = {}
        self.alone: dict[int, list[Ignore]] = {}
        for ignore in ignores:
            if not ignore.whole_file:
                table = self.alone if ignore.alone else self.trailing
                table.setdefault(ignore.span.line, []).append(ignore)

    def hiding(self, finding: Finding) -> list[Ignore]:
        """The ignores that hide a finding."""
        reached = list(self.file_wide)
        if self.trailing or self.alone:
            for line in sorted(self._lines_above(finding.span)):
                reached += self.alone.get(line, ())
            for line in sorted({finding.span.line, finding.span.end_line}):
                reached += self.trailing.get(line, ())
        return [ignore for ignore in reached if ignore.code == finding.code]

    def _lines_above(self, span: Span) -> set[int]:
        """The line above the span; in a Dockerfile also the one above the instruction."""
        first = span.line
        if self.is_dockerfile:
            lines = self.project.text(self.path).split("\n")
            while first > 1 and _continues(lines[first - 2]):
                first -= 1
        return {span.line - 1, first - 1}


def _continues(line: str) -> bool:
    """Whether an instruction goes on after the line: it ends in an escape, or is a comment inside one."""
    return line.rstrip().endswith(("\\", "`"))
