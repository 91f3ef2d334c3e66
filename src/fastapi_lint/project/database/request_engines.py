"""SQLAlchemy engines that are created anew for each request, each with a pool of connections of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import calls_of, keyword, method_call
from fastapi_lint.project.calls.made_per_request import RequestObject, RequestObjects
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

ENGINE_FUNCTIONS = frozenset(
    {
        "sqlalchemy.create_engine",
        "sqlalchemy.engine_from_config",
        "sqlalchemy.ext.asyncio.create_async_engine",
        "sqlalchemy.ext.asyncio.async_engine_from_config",
        "sqlmodel.create_engine",
    }
)
_WITHOUT_POOL = frozenset({"NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool"})


def request_engines(project: Project) -> Iterator[RequestObject]:
    """The engines that requests create, keep for themselves and leave behind with their pools."""
    for made in RequestObjects(project).made_by(ENGINE_FUNCTIONS):
        if not _is_without_pool(project, made) and not _is_disposed(made):
            yield made


def _is_without_pool(project: Project, made: RequestObject) -> bool:
    """Whether an engine keeps no connections, or its arguments aren't all seen."""
    call = made.site.call
    if any(k.name is None for k in call.keywords):
        return True
    pool = project.resolver.resolve(keyword(call, "poolclass"), made.site.scope)
    if keyword(call, "poolclass") is None:
        return False
    return not isinstance(pool, External) or pool.name.rpartition(".")[2] in _WITHOUT_POOL


def _is_disposed(made: RequestObject) -> bool:
    """Whether a function on the way closes the pool again."""
    functions = [made.served.start.function, made.served.function]
    functions += [site.caller for site in made.served.calls if site.caller is not None]
    return any(_disposes(call) for function in functions for call in calls_of(function.node.body))


def _disposes(call: s.Call) -> bool:
    method = method_call(call)
    return method is not None and method[1] == "dispose"
