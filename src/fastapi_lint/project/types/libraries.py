"""What the model knows of libraries' functions: results, context managers, session factories.

Sources: the public documentation of SQLAlchemy 2, SQLModel, redis-py 5, httpx, aiohttp, boto3, Motor, pymongo
and the database drivers.
"""

from __future__ import annotations

SYNC_SESSION = "sqlalchemy.orm.Session"
ASYNC_SESSION = "sqlalchemy.ext.asyncio.AsyncSession"

ASYNC_OF: dict[str, str] = {
    "sqlalchemy.orm.sessionmaker": SYNC_SESSION,
    "sqlalchemy.orm.scoped_session": SYNC_SESSION,
    "sqlalchemy.ext.asyncio.async_sessionmaker": ASYNC_SESSION,
    "sqlalchemy.ext.asyncio.async_scoped_session": ASYNC_SESSION,
}
"""Session factories, and the class that they make if no `class_` is given."""

WRAPPERS: dict[str, frozenset[str]] = {
    "sqlalchemy.orm.sessionmaker": frozenset({"begin", "configure", "kw", "close_all"}),
    "sqlalchemy.ext.asyncio.async_sessionmaker": frozenset({"begin", "configure", "kw"}),
    "sqlalchemy.orm.scoped_session": frozenset({"remove", "configure", "registry", "session_factory"}),
    "sqlalchemy.ext.asyncio.async_scoped_session": frozenset({"remove", "registry", "session_factory"}),
}
"""Factories whose call gives their first argument; the names that they answer themselves."""

RESULT_OF: dict[str, str] = {
    "sqlalchemy.create_engine": "sqlalchemy.Engine",
    "sqlalchemy.engine_from_config": "sqlalchemy.Engine",
    "sqlalchemy.ext.asyncio.create_async_engine": "sqlalchemy.ext.asyncio.AsyncEngine",
    "sqlalchemy.Engine.connect": "sqlalchemy.Connection",
    "sqlalchemy.Engine.begin": "sqlalchemy.Connection",
    "sqlalchemy.ext.asyncio.AsyncEngine.connect": "sqlalchemy.ext.asyncio.AsyncConnection",
    "sqlalchemy.ext.asyncio.AsyncEngine.begin": "sqlalchemy.ext.asyncio.AsyncConnection",
    "sqlalchemy.orm.sessionmaker.begin": SYNC_SESSION,
    "sqlalchemy.ext.asyncio.async_sessionmaker.begin": ASYNC_SESSION,
    "redis.from_url": "redis.Redis",
    "redis.Redis.from_url": "redis.Redis",
    "redis.asyncio.from_url": "redis.asyncio.Redis",
    "redis.asyncio.Redis.from_url": "redis.asyncio.Redis",
    "aioredis.from_url": "redis.asyncio.Redis",
    "aioredis.Redis.from_url": "redis.asyncio.Redis",
    "redis.Redis.pipeline": "redis.client.Pipeline",
    "redis.asyncio.Redis.pipeline": "redis.asyncio.client.Pipeline",
    "requests.session": "requests.Session",
    "boto3.client": "boto3.client",
    "boto3.resource": "boto3.resource",
    "boto3.Session.client": "boto3.client",
    "boto3.Session.resource": "boto3.resource",
    "psycopg2.connect": "psycopg2.connection",
    "psycopg2.connection.cursor": "psycopg2.cursor",
    "psycopg.connect": "psycopg.Connection",
    "psycopg.Connection.connect": "psycopg.Connection",
    "psycopg.Connection.cursor": "psycopg.Cursor",
    "psycopg.AsyncConnection.connect": "psycopg.AsyncConnection",
    "psycopg2.pool.SimpleConnectionPool.getconn": "psycopg2.connection",
    "psycopg2.pool.ThreadedConnectionPool.getconn": "psycopg2.connection",
    "psycopg_pool.ConnectionPool.getconn": "psycopg.Connection",
    "psycopg_pool.ConnectionPool.connection": "psycopg.Connection",
    "pymysql.connect": "pymysql.Connection",
    "pymysql.Connection.cursor": "pymysql.Cursor",
    "mysql.connector.connect": "mysql.connector.MySQLConnection",
    "mysql.connector.MySQLConnection.cursor": "mysql.connector.MySQLCursor",
    "oracledb.connect": "oracledb.Connection",
    "pyodbc.connect": "pyodbc.Connection",
    "pyodbc.Connection.cursor": "pyodbc.Cursor",
    "concurrent.futures.ThreadPoolExecutor.submit": "concurrent.futures.Future",
    "concurrent.futures.ProcessPoolExecutor.submit": "concurrent.futures.Future",
    "asyncio.run_coroutine_threadsafe": "concurrent.futures.Future",
    "MySQLdb.connect": "MySQLdb.Connection",
    "sqlite3.connect": "sqlite3.Connection",
    "sqlite3.Connection.cursor": "sqlite3.Cursor",
    "asyncpg.connect": "asyncpg.Connection",
    "asyncpg.create_pool": "asyncpg.Pool",
    "asyncpg.Pool.acquire": "asyncpg.Connection",
    "aio_pika.connect_robust": "aio_pika.RobustConnection",
    "aio_pika.connect": "aio_pika.Connection",
    "socket.create_connection": "socket.socket",
    "collections.defaultdict": "collections.defaultdict",
    "collections.deque": "collections.deque",
    "logging.getLogger": "logging.Logger",
    "structlog.get_logger": "logging.Logger",
    "structlog.stdlib.get_logger": "logging.Logger",
}
"""The class of what a library's function returns."""

CONTEXT_OF: dict[str, str] = {
    "sqlalchemy.orm.sessionmaker": SYNC_SESSION,
}
"""What entering an instance gives, where it isn't the instance itself."""
