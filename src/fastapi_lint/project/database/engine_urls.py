"""The database URLs that engines get, and whether their drivers wait as the engine does.

Source: SQLAlchemy's documentation of dialects, and `create_async_engine`, which refuses synchronous drivers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.findings import Span
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.database.url_settings import SettingUrls
from fastapi_lint.project.names.symbols import External, Module, Scope, Variable
from fastapi_lint.project.types.literal_values import LiteralValues

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_ASYNC_ENGINE = frozenset({"sqlalchemy.ext.asyncio.create_async_engine"})
_ENGINE = frozenset({"sqlalchemy.create_engine", "sqlmodel.create_engine"})
_HOPS = 6

ASYNC_OF = {
    **dict.fromkeys(("postgresql", "postgres"), "postgresql+asyncpg"),
    **dict.fromkeys(("postgresql+psycopg2", "postgresql+pg8000"), "postgresql+asyncpg"),
    **dict.fromkeys(("mysql", "mysql+pymysql", "mysql+mysqldb", "mysql+mysqlconnector"), "mysql+aiomysql"),
    **dict.fromkeys(("mariadb", "mariadb+pymysql", "mariadb+mysqldb"), "mariadb+aiomysql"),
    **dict.fromkeys(("sqlite", "sqlite+pysqlite"), "sqlite+aiosqlite"),
}
"""Synchronous drivers, with the asynchronous one for the same database."""

_ASYNC_ONLY = frozenset(
    "postgresql+asyncpg postgresql+psycopg_async mysql+aiomysql mysql+asyncmy mariadb+aiomysql "
    "mariadb+asyncmy sqlite+aiosqlite".split()
)


class WrongDriver(msgspec.Struct, frozen=True, eq=False):
    """An engine whose URL names a driver of the other kind.

    `span` is the place of the URL; `variable` the environment variable that brings it, if one does.
    """

    site: CallSite
    is_async: bool
    driver: str
    span: Span
    variable: str = ""


class EngineUrls:
    """Answers which engines can't work with their URLs."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.literals = LiteralValues(project)

    @cached_property
    def settings(self) -> SettingUrls:
        """The URLs in settings, only if an engine takes one from there."""
        return SettingUrls(self.project)

    def wrong(self, module: Module) -> Iterator[WrongDriver]:
        """The engines of a module that get a driver of the other kind, in source order."""
        for site in self.project.calls.named(module, "create_async_engine", "create_engine"):
            name = site.callee.name if isinstance(site.callee, External) else ""
            if name not in _ASYNC_ENGINE | _ENGINE:
                continue
            is_async = name in _ASYNC_ENGINE
            url = argument(site.call, 0, "url")
            if url is not None and (is_async or not self._is_wrapped(site)):
                yield from self._of_url(site, is_async, url)

    def _of_url(self, site: CallSite, is_async: bool, url: Expr) -> Iterator[WrongDriver]:
        expr, scope = self._behind(url, site.scope)
        setting = self.settings.field(expr, scope)
        if setting is None:
            text = _text(expr)
            if text is not None and self._is_wrong(text, is_async, site.module):
                yield WrongDriver(site, is_async, _driver(text), self.project.span(scope.module, expr.at))
            return
        given = self.settings.given(setting, site.module)
        wrong = [one for one in given if self._is_wrong(one.text, is_async, site.module)]
        if not wrong and not given:
            default = self.settings.default(setting)
            wrong = [default] if default and self._is_wrong(default.text, is_async, site.module) else []
        for one in wrong[:1]:
            yield WrongDriver(site, is_async, _driver(one.text), one.span, one.variable)

    def _behind(self, expr: Expr, scope: Scope) -> tuple[Expr, Scope]:
        """What a name stands for that is bound once, and what is inside of `str(...)`."""
        for _ in range(_HOPS):
            if isinstance(expr, s.Call) and self.types.callee(expr, scope) == External("builtins.str"):
                if len(expr.args) != 1:
                    break
                expr = expr.args[0]
                continue
            symbol = self.project.resolver.resolve(expr, scope) if isinstance(expr, s.Name) else None
            if isinstance(expr, s.Attribute) and self.settings.field(expr, scope) is None:
                symbol = self.project.resolver.resolve(expr, scope)
            if not isinstance(symbol, Variable) or symbol.binding.value is None:
                break
            binding = symbol.binding
            only = len(symbol.scope.bindings.get(symbol.name, ())) == 1
            if not only or binding.conditional or binding.path or binding.parameter is not None:
                break
            expr, scope = symbol.binding.value, symbol.scope
        return expr, scope

    def _is_wrong(self, url: str, is_async: bool, module: Module) -> bool:
        driver = _driver(url)
        if not is_async:
            return driver in _ASYNC_ONLY
        return driver in ASYNC_OF and not (driver == "postgresql" and self._may_be_psycopg(module))

    def _may_be_psycopg(self, module: Module) -> bool:
        """From SQLAlchemy 2.1 on `postgresql://` means psycopg, which works both ways."""
        versions = self.project.versions.for_file(module.path)
        return versions.is_named("psycopg") and not versions.all_below("sqlalchemy", "2.1")

    def _is_wrapped(self, site: CallSite) -> bool:
        """Whether a module makes an asynchronous engine of a plain one: `AsyncEngine(create_engine(...))`."""
        return bool(self.project.calls.named(site.module, "AsyncEngine"))


def _text(expr: Expr) -> str | None:
    """A literal, or the beginning of an f-string."""
    if isinstance(expr, s.Template) and expr.parts:
        expr = expr.parts[0]
    return expr.value if isinstance(expr, s.Constant) and isinstance(expr.value, str) else None


def _driver(url: str) -> str:
    """What stands before `://`."""
    return url.partition("://")[0] if "://" in url else ""
