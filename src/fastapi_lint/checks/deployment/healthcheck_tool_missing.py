"""DPL016 healthcheck-tool-missing: a health check runs a program that the image doesn't have."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Span
from fastapi_lint.project.deployment import check_tools, edits
from fastapi_lint.project.deployment.wording import of_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.check_tools import Tool
    from fastapi_lint.project.project import Project

URL = re.compile(r"https?://[\w.:/@%+~=&?-]+\Z")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each curl or wget that isn't there."""
    seen: set[Span] = set()
    for tool in check_tools.of_deployment(project.deployment):
        if tool.span not in seen and check_tools.is_missing(tool):
            seen.add(tool.span)
            yield _finding(project, tool)


def _finding(project: Project, tool: Tool) -> Finding:
    base = tool.image.base
    assert base is not None
    where = f" of {tool.owner}" if tool.owner != of_image(tool.image) else f" of {of_image(tool.image)}"
    return Finding(
        span=tool.span,
        message=f"The health check{where} runs `{tool.name}`, which `{base.reference}` doesn't have "
        "and nothing installs",
        help=f"Ask with Python, or install `{tool.name}`",
        fix=_fix(project, tool),
    )


def _fix(project: Project, tool: Tool) -> Fix | None:
    """Writes a call of Python from the program's word up to the address."""
    url = next((w for w in tool.words if w.text and URL.match(w.text)), None)
    if (
        url is None
        or url.text is None
        or url is not tool.words[-1]
        or not edits.is_exact(project.artifacts, url)
    ):
        return None
    span = Span(tool.span.path, tool.span.line, tool.span.column, url.span.end_line, url.span.end_column)
    code = f"import urllib.request as u; u.urlopen('{url.text}', timeout=3)"
    written = edits.text_at(project.artifacts, tool.span)
    if written.startswith('"'):
        text = ", ".join(json.dumps(word) for word in ("python", "-c", code))
    elif written == tool.name and '"' not in edits.text_at(project.artifacts, _line(span)):
        text = f'python -c "{code}"'
    else:
        return None
    return Fix("unsafe", "Ask with Python", (Edit(span, text),))


def _line(span: Span) -> Span:
    return Span(span.path, span.line, 1, span.line, 10_000)
