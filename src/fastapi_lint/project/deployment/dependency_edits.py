"""Rewrites `depends_on` so that it waits for a health check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Span
from fastapi_lint.project.deployment import edits

if TYPE_CHECKING:
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.backing import Need

HEALTHY, STARTED = "service_healthy", "service_started"


def to_healthy(artifacts: Artifacts, need: Need) -> tuple[Edit, ...]:
    """The edits that make a dependency wait; none if it is written in a way that isn't understood."""
    path = need.layer.path
    condition = need.dependency.condition_place
    if condition is not None:
        edit = edits.replaced(artifacts, condition.span(path), STARTED, HEALTHY)
        return (edit,) if edit else ()
    own = need.layer.service.depends_on
    if any(one.condition_place is not None for one in own):
        return ()
    lines = artifacts.text(path).split("\n")
    spans = [one.place.span(path) for one in own]
    line = lines[spans[0].line - 1]
    if line[: spans[0].column - 1].strip() == "-":
        return _block(lines, need, spans)
    return _flow(line, need, spans)


def _condition(need: Need, name: str) -> str:
    return HEALTHY if name == need.dependency.service else STARTED


def _block(lines: list[str], need: Need, spans: list[Span]) -> tuple[Edit, ...]:
    """`- db` on lines of their own."""
    found: list[Edit] = []
    for one, span in zip(need.layer.service.depends_on, spans, strict=True):
        before = lines[span.line - 1][: span.column - 1]
        if before.strip() != "-" or lines[span.line - 1][span.end_column - 1 :].strip():
            return ()
        start = before.index("-") + 1
        text = f"{one.service}:\n{' ' * (start + 1)}condition: {_condition(need, one.service)}"
        found.append(Edit(Span(span.path, span.line, start, span.line, span.end_column), text))
    return tuple(found)


def _flow(line: str, need: Need, spans: list[Span]) -> tuple[Edit, ...]:
    """`[db, cache]` on one line."""
    if any(span.line != spans[0].line for span in spans):
        return ()
    first, last = line.rfind("[", 0, spans[0].column), line.find("]", spans[-1].end_column - 1)
    if first < 0 or last < 0 or line[first + 1 : spans[0].column - 1].strip():
        return ()
    entries = [
        f"{o.service}: {{condition: {_condition(need, o.service)}}}" for o in need.layer.service.depends_on
    ]
    span = Span(spans[0].path, spans[0].line, first + 1, spans[0].line, last + 2)
    return (Edit(span, "{" + ", ".join(entries) + "}"),)
