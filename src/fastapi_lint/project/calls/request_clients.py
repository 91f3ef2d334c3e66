"""Clients of other services that are constructed anew for each request, each with connections of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.body.statements import dotted_name, walk_expressions
from fastapi_lint.project.calls.made_per_request import RequestObject, RequestObjects

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

CLIENTS = frozenset(
    {
        "httpx.AsyncClient",
        "httpx.Client",
        "aiohttp.ClientSession",
        "requests.Session",
        "requests.session",
        "redis.Redis",
        "redis.StrictRedis",
        "redis.from_url",
        "redis.Redis.from_url",
        "redis.asyncio.Redis",
        "redis.asyncio.StrictRedis",
        "redis.asyncio.from_url",
        "redis.asyncio.Redis.from_url",
        "motor.motor_asyncio.AsyncIOMotorClient",
        "pymongo.MongoClient",
        "pymongo.AsyncMongoClient",
        "boto3.client",
        "boto3.resource",
        "boto3.Session",
    }
)
_SHARED = frozenset({"connection_pool", "connector", "transport", "mounts", "app"})
"""Arguments by which clients use connections that others keep, or none at all."""


def request_clients(project: Project) -> Iterator[RequestObject]:
    """The clients that requests construct for themselves, though each would do for all."""
    for made in RequestObjects(project).made_by(CLIENTS, in_middleware=True):
        if not _shares_connections(made) and not _is_kept_open(project, made):
            yield made


def _shares_connections(made: RequestObject) -> bool:
    call = made.site.call
    if any(keyword.name is None or keyword.name in _SHARED for keyword in call.keywords):
        return True
    names = (dotted_name(expr) or "" for expr in walk_expressions(call.args))
    return any(name.endswith("Transport") for name in names)


def _is_kept_open(project: Project, made: RequestObject) -> bool:
    """Whether a websocket keeps the client for as long as it is open."""
    endpoint = project.endpoints.of(made.served.start.function)
    return endpoint is not None and endpoint.is_websocket
