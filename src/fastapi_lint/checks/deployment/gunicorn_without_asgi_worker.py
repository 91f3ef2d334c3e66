"""DPL022 gunicorn-without-asgi-worker: gunicorn serves an ASGI app as if it were WSGI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.deployment.wording import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project

WSGI = frozenset(("sync", "gthread", "gevent", "eventlet", "tornado"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each gunicorn command with a worker class that can't serve the app."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        if (
            start.server == "gunicorn"
            and _is_asgi(start)
            and start.worker_class.value in WSGI
            and not start.open
        ):
            span = start.worker_class.span or start.span
            if span not in seen:
                seen.add(span)
                yield _finding(start, span)


def _is_asgi(start: StartCommand) -> bool:
    """Whether the target is for certain an app, and nothing around it."""
    return start.app is not None and start.target is not None and start.target.kind in ("instance", "factory")


def _finding(start: StartCommand, span: Span) -> Finding:
    target = start.target.text if start.target is not None else ""
    given = start.worker_class
    how = f"with the worker class `{given.value}`" if given.is_given else "without a worker class"
    return Finding(
        span=span,
        message=f"`gunicorn` serves the ASGI app `{target}` {how}, which speaks WSGI: every request fails",
        help="Give `--worker-class uvicorn_worker.UvicornWorker` (of `uvicorn-worker`), or start `uvicorn`",
        chain=chain(start),
    )
