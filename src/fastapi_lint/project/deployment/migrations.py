"""Commands that migrate a database, and whether something keeps two of them apart."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import Launch, Ran
    from fastapi_lint.project.project import Project

_TOOLS = frozenset(("alembic", "aerich"))
_LOCK = re.compile(r"advisory|flock|get_lock|setlock|lock\s+table|redis_?lock", re.I)


def before_server(project: Project, launch: Launch) -> Iterator[Ran]:
    """The migrations that a launch always runs before its server; none if it takes a lock first."""
    deployment = project.deployment
    starts = [start for start in deployment.starts_of(launch) if not start.conditional]
    first = min((start.order for start in starts), default=None)
    if first is None:
        return
    before = [ran for ran in deployment.ran(launch) if ran.order < first]
    if any(_LOCK.search(text) for ran in before for text in (str(ran), *ran.wrappers)) or _locks(project):
        return
    yield from (ran for ran in before if not ran.conditional and migrates(ran))


def migrates(ran: Ran) -> str:
    """The tool with which a command brings a database to a newer revision; an empty text if it doesn't."""
    words = [word.text for word in ran.words]
    tool = words[2] if ran.name.startswith("python") and words[1:2] == ["-m"] and words[2:] else ran.name
    return tool or "" if tool in _TOOLS and "upgrade" in words and "--sql" not in words else ""


def _locks(project: Project) -> bool:
    """Whether Alembic's `env.py` takes a lock before it migrates."""
    return any(
        _LOCK.search(project.text(module.path))
        for module in project.modules
        if posixpath.basename(module.path) == "env.py"
    )
