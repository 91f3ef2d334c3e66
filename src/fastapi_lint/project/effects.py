"""What a function reaches through its calls and dependencies: a database, Redis, a broker, the network."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi_lint.project.calls import Calls, CallSite
from fastapi_lint.project.dependencies import Dependencies, Dependency
from fastapi_lint.project.libraries import ASYNC_SESSION, SYNC_SESSION
from fastapi_lint.project.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.types import Instance, Types, Value

SESSIONS = frozenset(
    {
        SYNC_SESSION,
        ASYNC_SESSION,
        "sqlmodel.orm.session.Session",
        "sqlmodel.ext.asyncio.session.AsyncSession",
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.ext.asyncio.async_scoped_session",
    }
)
ASYNC_SESSIONS = frozenset(
    {ASYNC_SESSION, "sqlmodel.ext.asyncio.session.AsyncSession", "sqlalchemy.ext.asyncio.async_scoped_session"}
)
CONNECTIONS = frozenset({"sqlalchemy.Connection", "sqlalchemy.ext.asyncio.AsyncConnection"})
_PURE_DATABASE = frozenset(
    "sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine sqlalchemy.text sqlalchemy.select".split()
)

_RESOURCES: tuple[tuple[str, str], ...] = (
    ("sqlalchemy.orm.Session.", "database"),
    ("sqlalchemy.ext.asyncio.AsyncSession.", "database"),
    ("sqlmodel.orm.session.Session.", "database"),
    ("sqlmodel.ext.asyncio.session.AsyncSession.", "database"),
    ("sqlalchemy.orm.scoped_session.", "database"),
    ("sqlalchemy.Engine.", "database"),
    ("sqlalchemy.ext.asyncio.AsyncEngine.", "database"),
    ("sqlalchemy.Connection.", "database"),
    ("sqlalchemy.ext.asyncio.AsyncConnection.", "database"),
    ("sqlalchemy.orm.Query.", "database"),
    ("asyncpg.", "database"),
    ("psycopg.", "database"),
    ("psycopg2.", "database"),
    ("psycopg_pool.", "database"),
    ("pymysql.", "database"),
    ("MySQLdb.", "database"),
    ("aiomysql.", "database"),
    ("sqlite3.", "database"),
    ("aiosqlite.", "database"),
    ("databases.Database.", "database"),
    ("motor.", "database"),
    ("pymongo.", "database"),
    ("beanie.Document.", "database"),
    ("odmantic.AIOEngine.", "database"),
    ("odmantic.SyncEngine.", "database"),
    ("tortoise.", "database"),
    ("ormar.", "database"),
    ("peewee.", "database"),
    ("mongoengine.", "database"),
    ("elasticsearch.", "database"),
    ("redis.", "redis"),
    ("aioredis.", "redis"),
    ("fakeredis.", "redis"),
    ("aio_pika.", "broker"),
    ("pika.", "broker"),
    ("aiokafka.", "broker"),
    ("kafka.", "broker"),
    ("confluent_kafka.", "broker"),
    ("nats.", "broker"),
    ("httpx.", "HTTP"),
    ("requests.", "HTTP"),
    ("aiohttp.", "HTTP"),
    ("urllib.request.", "HTTP"),
)
_RESOURCE_CLASSES: dict[str, str] = {
    **dict.fromkeys(SESSIONS, "database"),
    **dict.fromkeys(CONNECTIONS, "database"),
    "sqlalchemy.Engine": "database",
    "sqlalchemy.ext.asyncio.AsyncEngine": "database",
    "asyncpg.Pool": "database",
    "asyncpg.Connection": "database",
    "databases.Database": "database",
    "motor.motor_asyncio.AsyncIOMotorClient": "database",
    "motor.motor_asyncio.AsyncIOMotorDatabase": "database",
    "pymongo.MongoClient": "database",
    "odmantic.AIOEngine": "database",
    "redis.Redis": "redis",
    "redis.asyncio.Redis": "redis",
    "aioredis.Redis": "redis",
    "httpx.Client": "HTTP",
    "httpx.AsyncClient": "HTTP",
    "aiohttp.ClientSession": "HTTP",
}
_ERROR_WORDS = ("Error", "Exception", "Timeout", "Options", "Limits", "Warning")


@dataclass(frozen=True, slots=True)
class Reach:
    """How something is reached: through which dependencies, then through which calls; `kind` is the resource."""

    kind: str
    dependencies: tuple[Dependency, ...] = ()
    calls: tuple[CallSite, ...] = ()


class Effects:
    """Answers what running a function does to the outside."""

    def __init__(self, types: Types, calls: Calls, dependencies: Dependencies) -> None:
        self.types = types
        self.calls = calls
        self.dependencies = dependencies
        self._reached: dict[tuple[int, bool], Reach | None] = {}

    # --- values ----------------------------------------------------------------------------------

    def is_session(self, value: Value | None) -> bool:
        """Whether a value is a SQLAlchemy or SQLModel session, sync or async."""
        return isinstance(value, Instance) and self._derives(value.cls, SESSIONS)

    def is_async_session(self, value: Value | None) -> bool:
        """Whether a value is an async session."""
        return isinstance(value, Instance) and self._derives(value.cls, ASYNC_SESSIONS)

    def is_connection(self, value: Value | None) -> bool:
        """Whether a value is a SQLAlchemy connection."""
        return isinstance(value, Instance) and self._derives(value.cls, CONNECTIONS)

    def _derives(self, cls: ClassSymbol | External, names: frozenset[str]) -> bool:
        return self.types.resolver.inherits(cls, names)

    def resource_of_value(self, value: Value | None) -> str | None:
        """The kind of resource that an instance is a handle of."""
        if not isinstance(value, Instance):
            return None
        if isinstance(value.cls, External):
            return _RESOURCE_CLASSES.get(value.cls.name)
        for base in self.types.resolver.ancestry(value.cls):
            if isinstance(base, External) and base.name in _RESOURCE_CLASSES:
                return _RESOURCE_CLASSES[base.name]
        return None

    def resource(self, site: CallSite) -> str | None:
        """The kind of resource that one call uses."""
        if not isinstance(site.callee, External):
            return None
        return resource_of_name(site.callee.name)

    # --- reach -----------------------------------------------------------------------------------

    def reach(self, function: FunctionSymbol) -> Reach | None:
        """The first resource that a function's body reaches, through any first-party calls."""
        key = (id(function), False)
        if key not in self._reached:
            path = self.calls.path_to(function, lambda site: self.resource(site) is not None)
            self._reached[key] = Reach(str(self.resource(path[-1])), (), path) if path else None
        return self._reached[key]

    def reach_of_dependency(self, dependency: Dependency) -> Reach | None:
        """The first resource that a dependency hands over or reaches, its own dependencies included."""
        for path in self.dependencies.walk((dependency,)):
            kind = self.resource_of_value(path.last.provided)
            if kind is not None:
                return Reach(kind, path.steps)
            function = self.dependencies.function_of(path.last)
            found = self.reach(function) if function is not None else None
            if found is not None:
                return Reach(found.kind, path.steps, found.calls)
        return None


def resource_of_name(name: str) -> str | None:
    """The kind of resource that a call of a library's function or method uses; None for pure functions."""
    if name in _PURE_DATABASE or name.rpartition(".")[2].endswith(_ERROR_WORDS):
        return None
    for prefix, kind in _RESOURCES:
        if name.startswith(prefix):
            return kind
    return None
