"""What a function reaches through its calls and dependencies: a database, Redis, a broker, the network."""

from __future__ import annotations

import msgspec

from fastapi_lint.project.calls.graph import Calls, CallSite
from fastapi_lint.project.dependencies.graph import Dependencies, Dependency
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.types.infer import Instance, Types, Value
from fastapi_lint.project.types.libraries import ASYNC_SESSION, SYNC_SESSION

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
    {
        ASYNC_SESSION,
        "sqlmodel.ext.asyncio.session.AsyncSession",
        "sqlalchemy.ext.asyncio.async_scoped_session",
    }
)
CONNECTIONS = frozenset({"sqlalchemy.Connection", "sqlalchemy.ext.asyncio.AsyncConnection"})
_ENGINES = frozenset({"sqlalchemy.Engine", "sqlalchemy.ext.asyncio.AsyncEngine"})
_DRIVERS = (
    "asyncpg psycopg psycopg2 psycopg_pool pymysql MySQLdb aiomysql mysql sqlite3 aiosqlite oracledb motor "
    "pymongo tortoise ormar peewee mongoengine elasticsearch opensearchpy neo4j prisma clickhouse_connect"
).split()
_PREFIXES: dict[str, tuple[str, ...]] = {
    "database": (
        *(f"{name}." for name in sorted(SESSIONS | CONNECTIONS | _ENGINES)),
        *(f"{package}." for package in _DRIVERS),
        "sqlalchemy.orm.Query.",
        "databases.Database.",
        "beanie.Document.",
        "odmantic.AIOEngine.",
        "odmantic.SyncEngine.",
    ),
    "redis": ("redis.", "aioredis.", "fakeredis."),
    "broker": ("aio_pika.", "pika.", "aiokafka.", "kafka.", "confluent_kafka.", "nats.", "arq."),
    "HTTP": ("httpx.", "requests.", "aiohttp.", "urllib.request."),
}
"""How the names of calls begin that use a resource."""

_RESOURCE_CLASSES: dict[str, str] = {
    **dict.fromkeys(SESSIONS, "database"),
    **dict.fromkeys(CONNECTIONS, "database"),
    **dict.fromkeys(_ENGINES, "database"),
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
_PURE = frozenset({"from_url", "create_pool", "register_script", "pipeline", "pubsub", "__init__"})
"""Methods that only prepare something."""


STORES = frozenset({"database", "redis", "broker"})
"""The kinds of resources that an app needs to do its work."""

ALL = STORES | {"HTTP"}
"""All kinds of resources."""


class Reach(msgspec.Struct, frozen=True):
    """How a resource of a `kind` is reached: through which dependencies, then through which calls."""

    kind: str
    dependencies: tuple[Dependency, ...] = ()
    calls: tuple[CallSite, ...] = ()


class Effects:
    """Answers what running a function does to the outside."""

    def __init__(self, types: Types, calls: Calls, dependencies: Dependencies) -> None:
        self.types = types
        self.calls = calls
        self.dependencies = dependencies
        self._reached: dict[tuple[int, frozenset[str]], Reach | None] = {}

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

    def reach(self, function: FunctionSymbol, kinds: frozenset[str] = ALL) -> Reach | None:
        """The first resource of some kinds that a function's body reaches, through any first-party calls."""
        key = (id(function), kinds)
        if key not in self._reached:
            path = self.calls.path_to(function, lambda site: self.resource(site) in kinds)
            self._reached[key] = Reach(str(self.resource(path[-1])), (), path) if path else None
        return self._reached[key]

    def reach_of_dependency(self, dependency: Dependency, kinds: frozenset[str] = ALL) -> Reach | None:
        """The first resource that a dependency hands over or reaches, its own dependencies included."""
        for path in self.dependencies.walk((dependency,)):
            kind = self.resource_of_value(path.last.provided)
            if kind in kinds:
                return Reach(str(kind), path.steps)
            function = self.dependencies.function_of(path.last)
            found = self.reach(function, kinds) if function is not None else None
            if found is not None:
                return Reach(found.kind, path.steps, found.calls)
        return None


def resource_of_name(name: str) -> str | None:
    """The kind of resource that a call of a library's function or method uses.

    None for what only prepares: classes (their construction doesn't connect) and pure functions.
    """
    last = name.rpartition(".")[2]
    if last in _PURE or last[:1].isupper():
        return None
    return next((kind for kind, prefixes in _PREFIXES.items() if name.startswith(prefixes)), None)
