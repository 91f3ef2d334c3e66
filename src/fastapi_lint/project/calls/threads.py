"""Functions that a call hands to a thread or an executor instead of calling them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.names.symbols import External
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.types.infer import Types

_TAKES_FIRST = frozenset(
    {
        "asyncio.to_thread",
        "anyio.to_thread.run_sync",
        "starlette.concurrency.run_in_threadpool",
        "fastapi.concurrency.run_in_threadpool",
        "asgiref.sync.sync_to_async",
    }
)
_EXECUTORS = frozenset(
    {
        "concurrent.futures.Executor",
        "concurrent.futures.ThreadPoolExecutor",
        "concurrent.futures.ProcessPoolExecutor",
    }
)


def run_elsewhere(types: Types, site: CallSite) -> CallSite | None:
    """The call that a thread makes in the end: `f(x)` for `await asyncio.to_thread(f, x)`."""
    position = _position(types, site)
    if position is None or len(site.call.args) <= position:
        return None
    return called_later(types, site, site.call.args[position], site.call.args[position + 1 :])


def called_later(types: Types, site: CallSite, runs: Expr, given: Sequence[Expr]) -> CallSite:
    """The call `runs(*given)` that somebody else makes later, at the place where it is named."""
    own = tuple(keyword for keyword in site.call.keywords if keyword.name not in ("func", "executor"))
    if isinstance(runs, s.Call) and _is_partial(types, runs, site.scope):
        given, own, runs = (*runs.args[1:], *given), (*runs.keywords, *own), runs.args[0]
    call = s.Call(site.call.at, runs, tuple(given), own)
    return CallSite(call, site.scope, types.callee(call, site.scope), True, site.caller)


def _is_partial(types: Types, call: s.Call, scope: Scope) -> bool:
    return bool(call.args) and types.callee(call, scope) == External("functools.partial")


def _position(types: Types, site: CallSite) -> int | None:
    """Where a call takes the function that something else runs; None for all other calls."""
    if isinstance(site.callee, External) and site.callee.name in _TAKES_FIRST:
        return 0
    func = site.call.func
    if not isinstance(func, s.Attribute):
        return None
    if func.attr == "run_in_executor":
        return 1
    if func.attr == "submit" and class_name(types.infer(func.value, site.scope)) in _EXECUTORS:
        return 0
    return None
