"""ASY001: code that runs on the event loop calls something that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.checks.concurrency._blocking_fixes import fix_of
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import callee_name, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Called
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

ASYNC_CLIENTS = {
    "requests": "httpx.AsyncClient",
    "httpx": "httpx.AsyncClient",
    "urllib": "httpx.AsyncClient",
    "urllib3": "httpx.AsyncClient",
    "redis": "redis.asyncio.Redis",
    "pymongo": "pymongo.AsyncMongoClient",
    "psycopg": "psycopg.AsyncConnection",
    "openai": "openai.AsyncOpenAI",
    "anthropic": "anthropic.AsyncAnthropic",
    "elasticsearch": "elasticsearch.AsyncElasticsearch",
}
"""What the same work is done with in async code, by package."""

OPENERS = (".connect", ".SMTP", ".SMTP_SSL", ".FTP", ".FTP_TLS", ".begin", ".getconn")
"""Calls that open a connection: what is done with it afterwards belongs to the same finding."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each blocking call, the later calls on a connection that it opens included."""
    starting = {id(function) for function in project.endpoints.lifespans}
    for called in project.endpoints.called:
        function = called.function
        if not function.node.is_async or id(function) in starting:
            continue
        if project.roles.is_outside(function.module):
            continue
        for first, *others in _groups(project, called):
            yield _finding(project, called, first, others)


def _groups(project: Project, called: Called) -> Iterator[list[CallSite]]:
    """The blocking calls of a function; those of a package that a connection was opened with go together."""
    opened: dict[str, list[CallSite]] = {}
    groups: list[list[CallSite]] = []
    for site in project.event_loop.repeated.of(called.function):
        if not project.blocking.blocks(site):
            continue
        name = name_of(site.callee)
        package = name.partition(".")[0]
        if package in opened:
            opened[package].append(site)
            continue
        groups.append([site])
        if name.endswith(OPENERS):
            opened[package] = groups[-1]
    yield from groups


def _finding(project: Project, called: Called, site: CallSite, others: list[CallSite]) -> Finding:
    function, written = called.function, callee_name(site)
    return Finding(
        span=project.span(site.module, site.call.at),
        message=f"`{written}` blocks the event loop in the async {called.kind} `{name_of(function)}`",
        help=_help(called, site),
        related=tuple(
            Related(project.span(other.module, other.call.at), f"`{callee_name(other)}` blocks as well")
            for other in others
        ),
        fix=fix_of(project, called, site),
        symbol=function.qualname,
    )


def _help(called: Called, site: CallSite) -> str:
    name = name_of(site.callee)
    if name == "time.sleep":
        return "Use `await asyncio.sleep(...)`"
    client = ASYNC_CLIENTS.get(name.partition(".")[0])
    plain = called.kind in ("endpoint", "dependency")
    other = f", or make `{name_of(called.function)}` a plain `def`, which runs in a thread" if plain else ""
    if client:
        return f"Use `{client}`, or hand the call to `run_in_threadpool`{other}"
    return f"Hand the call to `run_in_threadpool`{other}"
