"""ASY003: code on the event loop asks the database through a synchronous session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.checks.concurrency._blocking_fixes import plain_def
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import call_hops, callee_name, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.event_loop import Block
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each async function, on its first call that waits for the database."""
    by_function: dict[int, list[Block]] = {}
    for block in project.event_loop.sync_queries():
        if not project.roles.is_outside(block.site.module):
            by_function.setdefault(id(block.within.function), []).append(block)
    for first, *others in by_function.values():
        yield _finding(project, first, others)


def _finding(project: Project, block: Block, others: list[Block]) -> Finding:
    root, function = block.within.root, block.within.function
    called = f"`{callee_name(block.site)}`"
    where = f"the async {root.kind} `{name_of(root.function)}`"
    if block.inner:
        message = (
            f"{called} waits for the database on the event loop, in {where}: it reaches a synchronous query"
        )
    else:
        message = f"{called} waits for the database on the event loop, in {where}: the session is synchronous"
    if block.within.path:
        message = message.replace(f"in {where}", f"in `{name_of(function)}`, which {where} awaits")
    plain = root.kind in ("endpoint", "dependency") and not block.within.path
    help_ = (
        f"Make `{function.name}` a plain `def`, or use an `AsyncSession`"
        if plain
        else "Use an `AsyncSession`"
    )
    return Finding(
        span=project.span(block.site.module, block.site.call.at),
        message=message,
        help=help_,
        related=tuple(
            Related(
                project.span(other.site.module, other.site.call.at),
                f"`{callee_name(other.site)}` waits as well",
            )
            for other in others
        ),
        chain=call_hops(project, block.chain) if len(block.chain) > 1 else (),
        fix=plain_def(project, root) if plain else None,
        symbol=function.qualname,
    )
