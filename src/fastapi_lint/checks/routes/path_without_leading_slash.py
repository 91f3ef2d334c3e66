"""RTE012: a path doesn't begin with a slash, or a prefix has its slash at the wrong end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.edits.slashes import mend_slash
from fastapi_lint.project.routing.slashes import wrong_slashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.slashes import WrongSlash


def check(project: Project) -> Iterator[Finding]:
    """One finding for each literal."""
    for wrong in wrong_slashes(project.routing, project.resolver):
        if not project.roles.is_outside(wrong.site.module):
            yield Finding(
                span=project.span(wrong.site.module, wrong.site.at),
                message=_message(wrong),
                help=_help(wrong),
                fix=mend_slash(project, wrong),
            )


def _message(wrong: WrongSlash) -> str:
    if wrong.fault == "unreachable":
        return f"The path `{wrong.text}` doesn't begin with a slash, so no request reaches it"
    if wrong.fault == "joined":
        return f"The path `{wrong.text}` doesn't begin with a slash, so the route is `{wrong.path}`"
    if wrong.fault == "prefix-start":
        return f"The prefix `{wrong.text}` doesn't begin with a slash, so the import fails"
    return f"The prefix `{wrong.text}` ends with a slash, so the import fails"


def _help(wrong: WrongSlash) -> str:
    if wrong.fault == "prefix-end":
        kept = wrong.text.rstrip("/")
        return f"Write `{kept}`" if kept else "Leave the prefix out"
    return f"Write `/{wrong.text}`"
