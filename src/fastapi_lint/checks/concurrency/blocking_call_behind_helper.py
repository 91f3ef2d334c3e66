"""ASY002: code on the event loop calls a function of the project that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.checks.concurrency._blocking_fixes import in_thread
from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import call_hops, callee_name, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.event_loop import Block
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call that leaves async code and leads to a call that blocks."""
    for block in project.event_loop.blocks():
        if not project.roles.is_outside(block.site.module):
            yield _finding(project, block)


def _finding(project: Project, block: Block) -> Finding:
    root, within = block.within.root, block.within.function
    where = f"the async {root.kind} `{name_of(root.function)}`"
    if block.inner:
        called = f"`{callee_name(block.site)}`"
        message = f"{called} blocks the event loop for {where}: it reaches `{callee_name(block.last)}`"
    else:
        message = (
            f"`{callee_name(block.site)}` blocks the event loop in `{name_of(within)}`, which {where} awaits"
        )
    return Finding(
        span=project.span(block.site.module, block.site.call.at),
        message=message,
        help=f"Hand `{callee_name(block.site)}` to `run_in_threadpool`, or use an async client on the way",
        chain=call_hops(project, block.chain),
        fix=in_thread(project, block.site),
        symbol=within.qualname,
    )
