"""SQL texts that are put together from what a client sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import method_call
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module, Scope, Variable
from fastapi_lint.project.requests.client_texts import ClientText, ClientTexts
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_TEXT = frozenset({"sqlalchemy.text"})
_RUNS = frozenset(
    "execute executemany exec exec_driver_sql scalar scalars stream fetch fetchrow fetchval fetch_all "
    "fetch_one fetch_val iterate execute_many".split()
)
_DRIVERS = (
    "asyncpg.",
    "psycopg.",
    "psycopg2.",
    "pymysql.",
    "MySQLdb.",
    "mysql.connector.",
    "sqlite3.",
    "aiosqlite.",
    "oracledb.",
    "pyodbc.",
    "databases.Database.",
)
_DEPTH = 8


class BuiltSql(msgspec.Struct, frozen=True, eq=False):
    """A call that runs SQL or makes a statement of it, the text that is put together, and what comes in."""

    site: CallSite
    module: Module
    text: Expr
    origin: ClientText


class RequestSql:
    """Answers which SQL texts a client can change."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.texts = ClientTexts(project)

    def built(self) -> Iterator[BuiltSql]:
        """The statements on the way of requests that hold a text of the request, each once."""
        seen: set[tuple[str, int]] = set()
        for served in self.project.served.functions:
            if served.function.module.facts.names.isdisjoint(_RUNS | {"text"}):
                continue
            for site in self.project.calls.of(served.function):
                found = self._of_site(site) if self._takes_sql(site) else None
                place = (found.module.path, found.text.at) if found is not None else ("", 0)
                if found is not None and place not in seen:
                    seen.add(place)
                    yield found

    def _takes_sql(self, site: CallSite) -> bool:
        """Whether the first argument of a call is SQL."""
        if isinstance(site.callee, External) and site.callee.name in _TEXT:
            return True
        method = method_call(site.call)
        if method is None or method[1] not in _RUNS:
            return False
        value = self.types.infer(method[0], site.scope)
        effects = self.project.effects
        if effects.is_session(value) or effects.is_connection(value):
            return True
        return f"{class_name(value)}.".startswith(_DRIVERS)

    def _of_site(self, site: CallSite) -> BuiltSql | None:
        given = site.call.args[0] if site.call.args else None
        if given is None and site.call.keywords:
            given = site.call.keywords[0].value
        if given is None or isinstance(given, s.Starred):
            return None
        for text, piece, scope in self._pieces(given, site.scope, 0):
            origin = self.texts.of(piece, scope)
            if origin is not None:
                return BuiltSql(site, scope.module, text, origin)
        return None

    # --- texts -----------------------------------------------------------------------------------

    def _pieces(self, expr: Expr, scope: Scope, depth: int) -> Iterator[tuple[Expr, Expr, Scope]]:
        """What is put into a text: the expression that does it, the piece, and where they stand."""
        if depth > _DEPTH:
            return
        if isinstance(expr, s.Template):
            yield from self._all(expr, expr.parts, scope, depth)
        elif isinstance(expr, s.Operation) and set(expr.operators) == {"+"}:
            yield from self._all(expr, expr.operands, scope, depth)
        elif isinstance(expr, s.Operation) and set(expr.operators) == {"%"}:
            given = expr.operands[1]
            values = given.items if isinstance(given, s.Collection) else (given,)
            values = given.values if isinstance(given, s.Mapping) else values
            yield from self._all(expr, values, scope, depth)
        elif isinstance(expr, s.Call):
            method = method_call(expr)
            if method is not None and method[1] == "format":
                values = (*expr.args, *(keyword.value for keyword in expr.keywords))
                yield from self._all(expr, values, scope, depth)
        elif isinstance(expr, s.Conditional | s.Boolean):
            inner = expr.operands if isinstance(expr, s.Boolean) else (expr.body, expr.orelse)
            for one in inner:
                yield from self._pieces(one, scope, depth + 1)
        elif isinstance(expr, s.Name):
            yield from self._of_name(expr, scope, depth)

    def _all(
        self, text: Expr, parts: Iterable[Expr], scope: Scope, depth: int
    ) -> Iterator[tuple[Expr, Expr, Scope]]:
        """The parts of a text; one that is put together itself is taken apart."""
        for part in parts:
            if isinstance(part, s.Constant):
                continue
            inner = list(self._pieces(part, scope, depth + 1))
            yield from inner or [(text, part, scope)]

    def _of_name(self, expr: s.Name, scope: Scope, depth: int) -> Iterator[tuple[Expr, Expr, Scope]]:
        """The texts that a variable holds, or that callers give for a parameter."""
        symbol = self.project.resolver.lookup(expr.id, scope)
        owner = symbol.scope.owner if isinstance(symbol, Variable) else None
        if not isinstance(symbol, Variable) or not isinstance(owner, FunctionSymbol):
            return
        for binding in symbol.scope.bindings.get(symbol.name, ()):
            if binding.parameter is not None:
                for arg, site in self.texts.arguments(binding.parameter, owner):
                    yield from self._pieces(arg, site.scope, depth + 1)
            elif binding.value is not None and not binding.path:
                yield from self._pieces(binding.value, symbol.scope, depth + 1)
