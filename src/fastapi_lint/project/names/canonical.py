"""One name for each thing of the libraries we know, whichever module it is imported from.

Source: the packages' own `__init__` files (FastAPI 0.165, Starlette 1.10, SQLAlchemy 2, SQLModel,
Pydantic 2).
"""

from __future__ import annotations

_FASTAPI = {
    "fastapi.applications": "FastAPI",
    "fastapi.routing": "APIRouter",
    "fastapi.background": "BackgroundTasks",
    "fastapi.datastructures": "UploadFile",
    "fastapi.requests": "Request",
    "fastapi.responses": "Response",
}
_PARAMETERS = "Body Cookie Depends File Form Header Path Query Security".split()
_RESPONSES = tuple(
    f"{kind}Response" for kind in ("File", "HTML", "JSON", "PlainText", "Redirect", "", "Streaming")
)
_REQUESTS = "get post put patch delete head options request".split()

_SAME: dict[str, str] = {
    **{f"{module}.{name}": f"fastapi.{name}" for module, name in _FASTAPI.items()},
    **{f"fastapi.param_functions.{name}": f"fastapi.{name}" for name in _PARAMETERS},
    **{f"fastapi.params.{name}": f"fastapi.{name}" for name in _PARAMETERS},
    **{f"starlette.responses.{name}": f"fastapi.responses.{name}" for name in _RESPONSES},
    "fastapi.responses.Response": "fastapi.Response",
    "starlette.responses.Response": "fastapi.Response",
    "starlette.requests.Request": "fastapi.Request",
    "starlette.background.BackgroundTasks": "fastapi.BackgroundTasks",
    "fastapi.background.BackgroundTask": "starlette.background.BackgroundTask",
    "fastapi.exceptions.HTTPException": "fastapi.HTTPException",
    "fastapi.exceptions.WebSocketException": "fastapi.WebSocketException",
    "starlette.exceptions.WebSocketException": "fastapi.WebSocketException",
    "fastapi.exceptions.StarletteHTTPException": "starlette.exceptions.HTTPException",
    "fastapi.exception_handlers.HTTPException": "fastapi.HTTPException",
    "fastapi.websockets.WebSocket": "fastapi.WebSocket",
    "starlette.websockets.WebSocket": "fastapi.WebSocket",
    "fastapi.websockets.WebSocketDisconnect": "fastapi.WebSocketDisconnect",
    "starlette.websockets.WebSocketDisconnect": "fastapi.WebSocketDisconnect",
    "fastapi.websockets.WebSocketState": "starlette.websockets.WebSocketState",
    "fastapi.staticfiles.StaticFiles": "starlette.staticfiles.StaticFiles",
    "fastapi.concurrency.run_in_threadpool": "starlette.concurrency.run_in_threadpool",
    "fastapi.middleware.cors.CORSMiddleware": "starlette.middleware.cors.CORSMiddleware",
    "fastapi.middleware.Middleware": "starlette.middleware.Middleware",
    "sqlalchemy.engine.create_engine": "sqlalchemy.create_engine",
    "sqlalchemy.orm.session.Session": "sqlalchemy.orm.Session",
    "sqlalchemy.orm.session.sessionmaker": "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.orm.scoping.scoped_session": "sqlalchemy.orm.scoped_session",
    "sqlalchemy.ext.asyncio.session.AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.session.async_sessionmaker": "sqlalchemy.ext.asyncio.async_sessionmaker",
    "sqlalchemy.ext.asyncio.engine.create_async_engine": "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlalchemy.ext.asyncio.engine.AsyncEngine": "sqlalchemy.ext.asyncio.AsyncEngine",
    "sqlalchemy.ext.asyncio.engine.AsyncConnection": "sqlalchemy.ext.asyncio.AsyncConnection",
    "sqlalchemy.engine.base.Engine": "sqlalchemy.Engine",
    "sqlalchemy.engine.Engine": "sqlalchemy.Engine",
    "sqlalchemy.future.Engine": "sqlalchemy.Engine",
    "sqlalchemy.engine.base.Connection": "sqlalchemy.Connection",
    "sqlalchemy.engine.Connection": "sqlalchemy.Connection",
    "sqlmodel.Session": "sqlmodel.orm.session.Session",
    "sqlmodel.orm.session.Session": "sqlmodel.orm.session.Session",
    "sqlmodel.create_engine": "sqlalchemy.create_engine",
    "sqlmodel.text": "sqlalchemy.text",
    "sqlalchemy.sql.text": "sqlalchemy.text",
    "sqlalchemy.sql.expression.text": "sqlalchemy.text",
    "sqlmodel.main.SQLModel": "sqlmodel.SQLModel",
    "pydantic.main.BaseModel": "pydantic.BaseModel",
    "pydantic_settings.main.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic.BaseSettings": "pydantic.BaseSettings",
    "pydantic.env_settings.BaseSettings": "pydantic.BaseSettings",
    "pydantic.v1.env_settings.BaseSettings": "pydantic.v1.BaseSettings",
    "typing_extensions.Annotated": "typing.Annotated",
    "requests.sessions.Session": "requests.Session",
    **{f"requests.api.{name}": f"requests.{name}" for name in _REQUESTS},
    "pymongo.mongo_client.MongoClient": "pymongo.MongoClient",
    "psycopg2.extensions.connection": "psycopg2.connection",
    "psycopg2.extensions.cursor": "psycopg2.cursor",
    "boto3.session.Session": "boto3.Session",
    "redis.client.Redis": "redis.Redis",
    "redis.StrictRedis": "redis.Redis",
    "redis.asyncio.client.Redis": "redis.asyncio.Redis",
    "redis.asyncio.StrictRedis": "redis.asyncio.Redis",
    "time.clock": "time.clock",
}


def canonical(name: str) -> str:
    """The one name that stands for `name` everywhere in the model."""
    return _SAME.get(name, name)
