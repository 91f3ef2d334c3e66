"""Reads of environment variables in the code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.statements import argument, expressions, walk_expressions, walk_statements
from fastapi_lint.project.symbols import External, FunctionSymbol, Module, Scope, Variable
from fastapi_lint.project.types import Types

_READERS = frozenset(
    {
        "os.getenv",
        "os.environ.get",
        "os.environ.__getitem__",
        "dotenv.dotenv_values",
        "decouple.config",
        "os.getenvb",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentRead:
    """One read: where, of which variable ("" if unknown), in which function."""

    module: Module
    at: int
    variable: str
    function: FunctionSymbol | None


class Environment:
    """Answers which modules read environment variables."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def reads(self, module: Module) -> Iterator[EnvironmentRead]:
        """The reads of a module, in source order within each function."""
        index = self.resolver.index(module)
        yield from self._reads(module.facts.body, index.scope, None)
        for cls in index.classes:
            yield from self._reads(cls.node.body, index.scope_of(cls), None)
        for function in index.functions:
            yield from self._reads(function.node.body, index.scope_of(function), function)
            around = index.scope_of(function).parent or index.scope
            yield from self._in((e for e in expressions(function.node)), around, function)

    def _reads(
        self, body: tuple[s.Statement, ...], scope: Scope, function: FunctionSymbol | None
    ) -> Iterator[EnvironmentRead]:
        for statement in walk_statements(body):
            if isinstance(statement, s.Function | s.Class):
                continue
            written = statement.targets if isinstance(statement, s.Assign | s.Delete) else ()
            roots = [expr for expr in expressions(statement) if expr not in written]
            yield from self._in(roots, scope, function)

    def _in(
        self, roots: Iterator[Expr] | list[Expr], scope: Scope, function: FunctionSymbol | None
    ) -> Iterator[EnvironmentRead]:
        for expr in walk_expressions(tuple(roots)):
            if isinstance(expr, s.Call):
                name = self._reader(expr, scope)
                if name:
                    variable = self._text(argument(expr, 0, "key"), scope) if "dotenv" not in name else ""
                    yield EnvironmentRead(scope.module, expr.at, variable, function)
            elif isinstance(expr, s.Subscript):
                symbol = self.resolver.resolve(expr.value, scope)
                if isinstance(symbol, External) and symbol.name == "os.environ":
                    yield EnvironmentRead(scope.module, expr.at, self._text(expr.items[0], scope), function)

    def _reader(self, call: s.Call, scope: Scope) -> str:
        symbol = self.resolver.resolve(call.func, scope)
        return symbol.name if isinstance(symbol, External) and symbol.name in _READERS else ""

    def _text(self, expr: Expr | None, scope: Scope) -> str:
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            expr = symbol.binding.value if isinstance(symbol, Variable) else None
        return expr.value if isinstance(expr, s.Constant) and isinstance(expr.value, str) else ""
