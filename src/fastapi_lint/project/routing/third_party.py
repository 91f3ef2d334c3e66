"""What well-known libraries do with an app or router that they get, and the routers they make.

Each entry follows the library's own documentation or source, named beside it. A library that is not here
and gets an app makes its table incomplete.
"""

from __future__ import annotations

import msgspec

APP_CLASSES: dict[str, str] = {
    "fastapi.FastAPI": "app",
    "starlette.applications.Starlette": "starlette",
    "fastapi_offline.FastAPIOffline": "app",  # FastAPI with documentation assets served locally
    "fastapi_offline.core.FastAPIOffline": "app",
    "fastapi_class.FastAPI": "app",
}
"""Classes whose instances are apps, and which kind."""

ROUTER_CLASSES = frozenset(
    {
        "fastapi.APIRouter",
        "starlette.routing.Router",
        "fastapi_utils.inferring_router.InferringRouter",  # infers response models, nothing else
        "fastapi_utils.inferring_router.APIRouter",
        "fastapi_restful.inferring_router.InferringRouter",
        "dishka.integrations.fastapi.DishkaRouter",
    }
)
"""Classes whose instances are routers that start without routes."""


class LibraryRoute(msgspec.Struct, frozen=True):
    """A route that a library answers itself. An empty path stands for the place it was given."""

    kind: str
    path: str
    methods: tuple[str, ...] = ()


def _http(path: str, *methods: str) -> LibraryRoute:
    return LibraryRoute("http", path, methods or ("GET",))


def _mount(path: str) -> LibraryRoute:
    return LibraryRoute("mount", path)


class Added(msgspec.Struct, frozen=True):
    """Routes that a call adds to the app it gets, below a path given by an argument or its default."""

    routes: tuple[LibraryRoute, ...]
    position: int | None = None
    keyword: str = ""
    default: str = ""
    app: tuple[int | None, str] = (0, "app")


ADDS: dict[str, Added] = {
    # sqladmin/application.py: BaseAdmin mounts `base_url`, its own app mounts /statics
    "sqladmin.Admin": Added((_mount(""), _mount("/statics")), 3, "base_url", "/admin"),
    "sqladmin.application.Admin": Added((_mount(""), _mount("/statics")), 3, "base_url", "/admin"),
    # starlette_admin: Admin(engine, base_url="/admin").mount_to(app); the address is the constructor's
    "starlette_admin.contrib.sqla.Admin().mount_to": Added((_mount(""),), None, "base_url", "/admin"),
    "starlette_admin.contrib.sqlmodel.Admin().mount_to": Added((_mount(""),), None, "base_url", "/admin"),
    "starlette_admin.contrib.beanie.Admin().mount_to": Added((_mount(""),), None, "base_url", "/admin"),
    "starlette_admin.contrib.odmantic.Admin().mount_to": Added((_mount(""),), None, "base_url", "/admin"),
    "starlette_admin.contrib.mongoengine.Admin().mount_to": Added((_mount(""),), None, "base_url", "/admin"),
    "starlette_admin.BaseAdmin().mount_to": Added((_mount(""),), None, "base_url", "/admin"),
    # prometheus_fastapi_instrumentator: expose(app, should_gzip, endpoint="/metrics", ...) adds one GET
    "prometheus_fastapi_instrumentator.Instrumentator().expose": Added(
        (_http(""),), 2, "endpoint", "/metrics"
    ),
    # fastapi_socketio.SocketManager(app, mount_location="/ws")
    "fastapi_socketio.SocketManager": Added((_mount(""),), 1, "mount_location", "/ws"),
    "fastapi_socketio.socket_manager.SocketManager": Added((_mount(""),), 1, "mount_location", "/ws"),
    # gradio.mount_gradio_app(app, blocks, path, ...) and chainlit.utils.mount_chainlit(app, target, path)
    "gradio.mount_gradio_app": Added((_mount(""),), 2, "path", ""),
    "gradio.routes.mount_gradio_app": Added((_mount(""),), 2, "path", ""),
    "chainlit.utils.mount_chainlit": Added((_mount(""),), 2, "path", "/chainlit"),
    # nicegui: ui.run_with(app, mount_path="/")
    "nicegui.ui.run_with": Added((_mount(""),), None, "mount_path", "/"),
}
"""Calls that add routes to an app."""

_AUTH = (_http("/login", "POST"), _http("/logout", "POST"))
_USERS = (
    _http("/me"),
    _http("/me", "PATCH"),
    _http("/{id}"),
    _http("/{id}", "PATCH"),
    _http("/{id}", "DELETE"),
)
_GRAPHQL = (_http(""), _http("", "POST"), LibraryRoute("websocket", ""))

MADE: dict[str, Added] = {
    # strawberry/fastapi/router.py: GET, POST and websocket at `path`
    "strawberry.fastapi.GraphQLRouter": Added(_GRAPHQL, 1, "path", ""),
    "strawberry.fastapi.router.GraphQLRouter": Added(_GRAPHQL, 1, "path", ""),
    # fastapi_users/router/*.py
    "fastapi_users.FastAPIUsers().get_auth_router": Added(_AUTH),
    "fastapi_users.FastAPIUsers().get_register_router": Added((_http("/register", "POST"),)),
    "fastapi_users.FastAPIUsers().get_reset_password_router": Added(
        (_http("/forgot-password", "POST"), _http("/reset-password", "POST"))
    ),
    "fastapi_users.FastAPIUsers().get_verify_router": Added(
        (_http("/request-verify-token", "POST"), _http("/verify", "POST"))
    ),
    "fastapi_users.FastAPIUsers().get_users_router": Added(_USERS),
    "fastapi_users.FastAPIUsers().get_oauth_router": Added((_http("/authorize"), _http("/callback"))),
    "fastapi_users.FastAPIUsers().get_oauth_associate_router": Added(
        (_http("/authorize"), _http("/callback"))
    ),
}
"""Calls that return a router with the library's own routes."""

READY: dict[str, tuple[LibraryRoute, ...]] = {
    # dockerflow.fastapi: src/dockerflow/fastapi/__init__.py
    "dockerflow.fastapi.router": (_http("/__version__"), _http("/__heartbeat__"), _http("/__lbheartbeat__")),
}
"""Routers that a library offers ready-made."""

HARMLESS_PACKAGES = frozenset(
    """
    uvicorn hypercorn granian gunicorn daphne mangum a2wsgi asgiref httpx aiohttp requests starlette
    fastapi opentelemetry sentry_sdk elasticapm ddtrace newrelic scout_apm logfire prometheus_client
    prometheus_fastapi_instrumentator starlette_prometheus fastapi_pagination fastapi_cache
    fastapi_limiter slowapi fastapi_events fastapi_babel fastapi_mail fastapi_jwt_auth
    fastapi_csrf_protect fastapi_cdn_host fastapi_profiler fastapi_injector fastapi_sqlalchemy
    fastapi_async_sqlalchemy fastapi_utils fastapi_restful asgi_correlation_id asgi_lifespan
    async_asgi_testclient starlette_context starlette_csrf brotli_asgi secure tortoise beanie odmantic
    gino ormar piccolo edgy saffier databases sqlalchemy sqlmodel pydantic pydantic_settings dishka
    wireup injector lagom svcs that_depends modern_di_fastapi aioinject dependency_injector
    advanced_alchemy taskiq_fastapi taskiq celery arq dramatiq apscheduler broadcaster pytest anyio
    asyncio contextlib functools logging structlog loguru typing inspect types collections weakref json
    yaml copy pprint warnings operator itertools dataclasses attrs attr scalar_fastapi apitally locust
    schemathesis socketio engineio magicbell traceback time datetime threading multiprocessing signal
    sys os builtins starlette_compress starlette_zipkin starlette_opentracing jaeger_client py_zipkin
    pyinstrument memray fastapi_plugins fastapi_keycloak fastapi_azure_auth fastapi_sso authlib authx
    msal jwt passlib
    """.split()
)
"""Packages that take an app or router to observe, serve or wire it, and add no routes to it."""

NOT_HARMLESS = frozenset(
    {
        "fastapi_utils.api_model.APIModel",
        "fastapi_utils.Api().add_resource",
        "fastapi_restful.Api().add_resource",
        "fastapi_utils.Api",
        "fastapi_restful.Api",
    }
)
"""Parts of those packages that do add routes."""

RETURNS = frozenset(
    {
        "fastapi_pagination.add_pagination",
        "fastapi_pagination.api.add_pagination",
        "gradio.mount_gradio_app",
        "gradio.routes.mount_gradio_app",
    }
)
"""Calls that return the app or router that they get."""

REWRITES = frozenset(
    {
        # fastapi_versioning/versioning.py: all routes move below the prefix of their version
        "fastapi_versioning.VersionedFastAPI",
        "fastapi_versioning.versioning.VersionedFastAPI",
        "fastapi_versionizer.Versionizer",
        "fastapi_versionizer.versionizer.Versionizer",
    }
)
"""Calls after which an app's routes have other paths."""

WRAPPERS = frozenset(
    {
        "mangum.Mangum",
        "socketio.ASGIApp",
        "sentry_sdk.integrations.asgi.SentryAsgiMiddleware",
        "opentelemetry.instrumentation.asgi.OpenTelemetryMiddleware",
        "newrelic.agent.ASGIApplicationWrapper",
        "asgi_correlation_id.CorrelationIdMiddleware",
    }
)
"""Calls whose result is the app in another coat: a server may be told either."""
