"""Packages that an application needs although nothing imports them: for forms, e-mails, drivers, servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Span
from fastapi_lint.project.body.statements import argument, expressions_of, walk_statements
from fastapi_lint.project.deployment.constants import Constants
from fastapi_lint.project.deployment.variables import NONE
from fastapi_lint.project.names.symbols import External, Module

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_BY_NAME: dict[str, tuple[str, str]] = {
    "fastapi.Form": ("python-multipart", "Form"),
    "fastapi.File": ("python-multipart", "File"),
    "fastapi.UploadFile": ("python-multipart", "UploadFile"),
    "fastapi.security.OAuth2PasswordRequestForm": ("python-multipart", "OAuth2PasswordRequestForm"),
    "fastapi.security.OAuth2PasswordRequestFormStrict": (
        "python-multipart",
        "OAuth2PasswordRequestFormStrict",
    ),
    "pydantic.EmailStr": ("email-validator", "EmailStr"),
    "pydantic.NameEmail": ("email-validator", "NameEmail"),
    "pydantic_settings.BaseSettings": ("pydantic-settings", "BaseSettings"),
    "fastapi.templating.Jinja2Templates": ("jinja2", "Jinja2Templates"),
    "starlette.templating.Jinja2Templates": ("jinja2", "Jinja2Templates"),
    "starlette.middleware.sessions.SessionMiddleware": ("itsdangerous", "SessionMiddleware"),
    "fastapi.middleware.sessions.SessionMiddleware": ("itsdangerous", "SessionMiddleware"),
}
_NAMES = frozenset(name.rpartition(".")[2] for name in _BY_NAME)
_DRIVERS = {
    "asyncpg": ("asyncpg",),
    "psycopg": ("psycopg", "psycopg-binary"),
    "psycopg_async": ("psycopg", "psycopg-binary"),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "aiosqlite": ("aiosqlite",),
    "aiomysql": ("aiomysql",),
    "asyncmy": ("asyncmy",),
    "pymysql": ("pymysql",),
    "mysqldb": ("mysqlclient",),
    "mysqlconnector": ("mysql-connector-python",),
    "oracledb": ("oracledb",),
    "pyodbc": ("pyodbc",),
    "aioodbc": ("aioodbc",),
}
_PLAIN = {"postgresql": ("psycopg2", "psycopg2-binary"), "mysql": ("mysqlclient",)}
_ENGINES = frozenset(
    {"sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine", "sqlmodel.create_engine"}
)
_SERVERS = {
    "uvicorn": ("uvicorn",),
    "gunicorn": ("gunicorn",),
    "hypercorn": ("hypercorn",),
    "granian": ("granian",),
    "daphne": ("daphne",),
    "fastapi": ("fastapi-cli",),
}


class Needed(msgspec.Struct, frozen=True):
    """A feature and the distributions of which one must be there; `span` is where it is used."""

    distributions: tuple[str, ...]
    feature: str
    span: Span
    by_server: bool = False


class Needs:
    """Answers what the code and the start commands of an app need."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver

    def of_code(self, app: App) -> Iterator[Needed]:
        """What the modules need that an app imports, each distribution once."""
        seen: set[tuple[str, ...]] = set()
        for module in self.project.import_graph.reachable(app.module):
            if self.project.roles.is_outside(module):
                continue
            for needed in (*self._names(module), *self._engines(module)):
                if needed.distributions not in seen:
                    seen.add(needed.distributions)
                    yield needed

    def _names(self, module: Module) -> Iterator[Needed]:
        """Names that the module imports and uses."""
        if module.facts.names.isdisjoint(_NAMES):
            return
        used = {expr.id for expr in _expressions(module) if isinstance(expr, s.Name)}
        for statement, place in self.project.import_graph.statements(module):
            if place.kind == "type-only" or place.guarded or not isinstance(statement, s.ImportFrom):
                continue
            for alias in statement.names:
                symbol = self.resolver.lookup(alias.asname or alias.name, self.resolver.scope(module))
                found = _BY_NAME.get(symbol.name) if isinstance(symbol, External) else None
                if found is not None and (alias.asname or alias.name) in used:
                    yield Needed((found[0],), f"`{found[1]}`", self.project.span(module, alias.at))

    def _engines(self, module: Module) -> Iterator[Needed]:
        """The drivers in the addresses of engines."""
        for site in self.project.calls.named(module, "create_engine", "create_async_engine"):
            if isinstance(site.callee, External) and site.callee.name in _ENGINES:
                url = self._text(argument(site.call, 0, "url"), site.scope)
                distributions = _driver_of(url) if url is not None else None
                if distributions is not None:
                    span = self.project.span(
                        site.module, site.call.args[0].at if site.call.args else site.call.at
                    )
                    yield Needed(distributions, f"the engine for `{(url or '').partition('://')[0]}`", span)

    def _text(self, expr: s.Expr | None, scope: Scope) -> str | None:
        """The address as text, or as much of an f-string as stands at its beginning."""
        known = Constants(self.resolver, NONE).text(expr, scope)
        if known is None and isinstance(expr, s.Template) and expr.parts:
            first = expr.parts[0]
            known = first.value if isinstance(first, s.Constant) and isinstance(first.value, str) else None
        return known if known is not None and "://" in known else None

    def of_websockets(self, app: App) -> Iterator[Needed]:
        """What uvicorn needs for websocket routes."""
        for route in app.routes:
            if route.kind == "websocket" and route.registered is not None:
                span = self.project.span(route.registered.module, route.registered.at)
                yield Needed(("websockets", "wsproto"), "a websocket route", span, True)
                return

    def of_start(self, start: StartCommand) -> Iterator[Needed]:
        """The server that a command starts, and the worker class of gunicorn."""
        distributions = _SERVERS.get(start.server)
        if distributions is not None and "." not in start.words[0].written:
            said = f" `fastapi {start.subcommand}`" if start.server == "fastapi" else ""
            yield Needed(distributions, f"the start command{said}", start.span, True)
        worker = start.worker_class.value or ""
        if worker.startswith("uvicorn_worker."):
            yield Needed(("uvicorn-worker",), f"`{worker}`", start.worker_class.span or start.span, True)
        elif worker.startswith("uvicorn.workers."):
            yield Needed(("uvicorn",), f"`{worker}`", start.worker_class.span or start.span, True)


def _driver_of(url: str) -> tuple[str, ...] | None:
    scheme = url.partition("://")[0]
    dialect, plus, driver = scheme.partition("+")
    return _DRIVERS.get(driver) if plus else _PLAIN.get(dialect)


def _expressions(module: Module) -> Iterator[s.Expr]:
    """All expressions of a module, those of definitions included."""
    yield from expressions_of(module.facts.body)
    for statement in walk_statements(module.facts.body, into_definitions=True):
        if isinstance(statement, s.Function | s.Class):
            yield from expressions_of(statement.body)
