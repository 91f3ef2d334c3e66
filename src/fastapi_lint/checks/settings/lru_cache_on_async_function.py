"""CFG004: a cache keeps a coroutine or a generator, which can be used once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr, Function
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each function that is cached though a call of it gives something for one use."""
    for module in project.application_modules():
        for function in project.resolver.index(module).functions:
            decorator = _cache(project, function) if _gives_one_use(function.node) else None
            if decorator is not None:
                yield _finding(project, function, decorator)


def _gives_one_use(node: Function) -> bool:
    return node.is_async or node.is_generator


def _cache(project: Project, function: FunctionSymbol) -> Expr | None:
    """The cache directly around the function: what stands between them may make it a plain one."""
    scope = project.resolver.scope(function)
    innermost = function.node.decorators[-1:]
    cached = (d for d in innermost if project.settings.caches.function_cache(d, scope.parent or scope))
    return next(cached, None)


def _finding(project: Project, function: FunctionSymbol, decorator: Expr) -> Finding:
    name = name_of(function)
    thing, can = _thing(function.node)
    return Finding(
        span=project.span(function.module, decorator.at),
        message=f"The cache of `{name}` keeps {thing}, which can be {can} only once",
        help=_help(name, function.node),
        symbol=function.qualname,
    )


def _thing(node: Function) -> tuple[str, str]:
    if node.is_generator:
        return ("an async generator" if node.is_async else "a generator"), "iterated"
    return "a coroutine", "awaited"


def _help(name: str, node: Function) -> str:
    if node.is_generator:
        return f"Take the cache off, or let `{name}` return a list or tuple"
    return f"Make `{name}` a plain `def` if it awaits nothing, else use a cache for async functions"
