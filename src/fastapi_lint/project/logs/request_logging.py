"""Whether anybody writes down which requests an application answered: middleware, tools, or its server."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.logs.logging_calls import LoggingCalls
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_SILENT_MIDDLEWARE = frozenset(
    {
        "starlette.middleware.cors.CORSMiddleware",
        "starlette.middleware.gzip.GZipMiddleware",
        "fastapi.middleware.gzip.GZipMiddleware",
        "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware",
        "fastapi.middleware.httpsredirect.HTTPSRedirectMiddleware",
        "starlette.middleware.trustedhost.TrustedHostMiddleware",
        "fastapi.middleware.trustedhost.TrustedHostMiddleware",
        "starlette.middleware.sessions.SessionMiddleware",
        "starlette.middleware.authentication.AuthenticationMiddleware",
        "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware",
    }
)
"""Middleware of libraries that is known to log nothing."""

_TOOLS = frozenset(
    "opentelemetry sentry_sdk prometheus_fastapi_instrumentator starlette_exporter starlette_prometheus "
    "aioprometheus ddtrace datadog newrelic logfire elasticapm asgi_correlation_id starlette_context "
    "scout_apm honeybadger rollbar azure google applicationinsights asgi_logger fastapi_structlog appsignal "
    "highlight_io".split()
)
"""Packages that trace requests, report errors of requests, or count them."""

_RUNNERS = frozenset({"opentelemetry-instrument", "ddtrace-run", "newrelic-admin"})
_LOG_FILES = ("--access-logfile", "--log-config", "--log-config-json", "--log-config-dict")
_DEPTH = 3


class RequestLogging:
    """Answers whether requests are logged. What isn't known may log them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.logging = LoggingCalls(project.types, project.calls)

    def may_be_logged(self, app: App) -> bool:
        """Whether some code of the application's repository logs or traces its requests."""
        modules = [m for m in self.project.application_modules() if m.root == app.module.root]
        if any(self._uses_tool(module) or self._may_log(module) for module in modules):
            return True
        return any(self._logs(f) for f in self.project.endpoints.middleware) or bool(
            self._app_dependencies(app)
        )

    def _uses_tool(self, module: Module) -> bool:
        for bindings in self.project.resolver.scope(module).bindings.values():
            for binding in bindings:
                node = binding.statement
                name = node.module if isinstance(node, s.ImportFrom) and not node.level else ""
                name = binding.alias.name if isinstance(node, s.Import) and binding.alias else name
                if name.partition(".")[0] in _TOOLS:
                    return True
        return False

    def _may_log(self, module: Module) -> bool:
        """Whether a module adds middleware that isn't known, or a class of routes of its own."""
        for site in self.project.calls.named(module, "add_middleware", "Middleware"):
            given = argument(site.call, 0, "middleware_class") or argument(site.call, 0, "cls")
            value = self.types.infer(given, site.scope)
            known = isinstance(value, External) and value.name in _SILENT_MIDDLEWARE
            if not known and not isinstance(value, ClassSymbol):
                return True
            if isinstance(value, ClassSymbol) and self._has_library_base(value):
                return True
        sites = self.project.calls.named(module, "APIRouter", "FastAPI")
        return any(keyword(site.call, "route_class") is not None for site in sites)

    def _has_library_base(self, cls: ClassSymbol) -> bool:
        """Whether a middleware derives from a library's that may log."""
        return any(
            isinstance(base, External)
            and base.name != "starlette.middleware.base.BaseHTTPMiddleware"
            and base.name not in _SILENT_MIDDLEWARE
            for base in self.project.resolver.ancestry(cls)
        )

    def _logs(self, function: FunctionSymbol) -> bool:
        """Whether a function or one that it calls logs; nested functions count."""
        nested = [f for f in self.project.resolver.index(function.module).functions if f.parent is function]
        return any(
            self.project.calls.path_to(
                one, lambda site: self.logging.is_logging(site.call, site.scope), depth=_DEPTH
            )
            for one in (function, *nested)
        )

    def _app_dependencies(self, app: App) -> list[FunctionSymbol]:
        """Dependencies of the whole application that log."""
        found = [
            self.project.dependencies.function_of(dependency)
            for site in app.dependencies
            for dependency in self.project.dependencies.of_list(site.expr, site.scope, "app")
        ]
        return [function for function in found if function is not None and self._logs(function)]

    # --- the server's access log -----------------------------------------------------------------

    def silenced(self, app: App) -> StartCommand | None:
        """The first start command that may be production's and whose server logs no requests."""
        for start in self.project.deployment.started_apps.get(app, ()):
            if start.may_be_production and not self._is_instrumented(start) and self._is_off(start):
                return start
        return None

    def started(self, app: App) -> StartCommand | None:
        """The first start command that may be production's and traces nothing by itself."""
        starts = [s for s in self.project.deployment.started_apps.get(app, ()) if s.may_be_production]
        return starts[0] if starts and not any(self._is_instrumented(start) for start in starts) else None

    def _is_instrumented(self, start: StartCommand) -> bool:
        texts = (
            *start.run_by,
            *(step.text for step in start.steps),
            *(word.written for word in start.launch.words),
        )
        return any(runner in text for text in texts for runner in _RUNNERS)

    def _is_off(self, start: StartCommand) -> bool:
        words = [word.text or "" for word in start.words]
        if any(step.kind == "base image" for step in start.steps):
            return False  # the image's own configuration says what is logged
        if start.server == "gunicorn":
            given = start.open or any(word.startswith(_LOG_FILES) for word in words)
            return not given and not self._gunicorn_file and "GUNICORN_CMD_ARGS" not in start.launch.variables
        if any(word == "--no-access-log" for word in words):
            return True
        call = self._run_call(start)
        value = keyword(call, "access_log") if call is not None else None
        return isinstance(value, s.Constant) and value.value is False

    @cached_property
    def _gunicorn_file(self) -> bool:
        """Whether some module sets `accesslog` or `logconfig`, as gunicorn's configuration does."""
        return any(
            {"accesslog", "logconfig", "logconfig_dict"} & set(self.project.resolver.scope(module).bindings)
            for module in self.project.code_modules
        )

    def _run_call(self, start: StartCommand) -> s.Call | None:
        """The call of `uvicorn.run` that a start command is."""
        module = self.project.module(start.span.path)
        if module is None:
            return None
        for site in self.project.calls.named(module, "run"):
            if self.project.line(module, site.call.at) == start.span.line:
                return site.call
        return None
