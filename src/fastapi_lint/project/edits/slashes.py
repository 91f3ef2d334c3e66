"""Edits of the slashes in literal paths and prefixes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.text import insert, replace, text_between

if TYPE_CHECKING:
    from fastapi_lint.findings import Safety
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.slashes import WrongSlash

_QUOTED = re.compile(r"""[rRuU]?('''|\"""|'|")(.*)\1\Z""", re.DOTALL)


def mend_slash(project: Project, wrong: WrongSlash) -> Fix | None:
    """Add the leading slash, or remove the trailing ones.

    Safe where nothing can have worked before; unsafe where the route's path changes.
    """
    module, start, end = wrong.site.module, s.start_of(wrong.site.at), s.end_of(wrong.site.at)
    quoted = _QUOTED.match(text_between(project, module, start, end))
    if quoted is None or quoted.group(1) in quoted.group(2):
        return None
    first, last = start + quoted.start(2), start + quoted.end(2)
    if wrong.fault != "prefix-end":
        safety: Safety = "unsafe" if wrong.fault == "joined" else "safe"
        return Fix(safety, "Add the slash", (insert(project, module, first, "/"),))
    kept = quoted.group(2).rstrip("/")
    return Fix("safe", "Remove the slash", (replace(project, module, first + len(kept), last, ""),))
