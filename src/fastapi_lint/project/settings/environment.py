"""Reads of environment variables in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, expressions, walk_expressions, walk_statements
from fastapi_lint.project.imports.graph import import_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module, Scope, Variable
from fastapi_lint.project.types.infer import Types

_WHOLE = frozenset({"dotenv.dotenv_values", "dotenv.main.dotenv_values"})
_READERS = _WHOLE | frozenset(
    {"os.getenv", "os.getenvb", "os.environ.get", "os.environ.pop", "decouple.config"}
)
_MODULES = frozenset({"os", "dotenv", "decouple"})


class EnvironmentRead(msgspec.Struct, frozen=True, eq=False):
    """One read: where, of which variable ("" if unknown), in which function.

    `reads_all` tells that it reads a whole file of variables.
    """

    module: Module
    at: int
    variable: str
    function: FunctionSymbol | None
    reads_all: bool = False


class Environment:
    """Answers which modules read environment variables."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def is_reader(self, module: Module) -> bool:
        """Whether a module imports what it takes to read the environment."""
        if module.facts.names.isdisjoint(_MODULES):
            return False
        for statement, _ in import_statements(module.facts.body):
            names = (
                [statement.module]
                if isinstance(statement, s.ImportFrom)
                else [a.name for a in statement.names]
            )
            if any(name.partition(".")[0] in _MODULES for name in names):
                return True
        return False

    def reads(self, module: Module) -> Iterator[EnvironmentRead]:
        """The reads of a module, in source order."""
        yield from sorted(self._all_reads(module), key=lambda read: read.at)

    def _all_reads(self, module: Module) -> Iterator[EnvironmentRead]:
        index = self.resolver.index(module)
        yield from self._in_block(module.facts.body, index.scope, None)
        for cls in index.classes:
            scope = index.scope_of(cls)
            yield from self._in(expressions(cls.node), scope.parent or scope, None)
            yield from self._in_block(cls.node.body, scope, None)
        for function in index.functions:
            scope = index.scope_of(function)
            yield from self._in(expressions(function.node), scope.parent or scope, function)
            yield from self._in_block(function.node.body, scope, function)

    def _in_block(
        self, body: tuple[s.Statement, ...], scope: Scope, function: FunctionSymbol | None
    ) -> Iterator[EnvironmentRead]:
        for statement in walk_statements(body):
            if isinstance(statement, s.Function | s.Class):
                continue
            written = {id(target) for target in _targets(statement)}
            roots = [expr for expr in expressions(statement) if id(expr) not in written]
            yield from self._in(roots, scope, function)

    def _in(
        self, roots: Iterable[Expr], scope: Scope, function: FunctionSymbol | None
    ) -> Iterator[EnvironmentRead]:
        for expr in walk_expressions(tuple(roots)):
            if isinstance(expr, s.Call):
                symbol = self.resolver.resolve(expr.func, scope)
                if isinstance(symbol, External) and symbol.name in _READERS:
                    whole = symbol.name in _WHOLE
                    variable = "" if whole else self._text(_key(expr), scope)
                    yield EnvironmentRead(scope.module, expr.at, variable, function, whole)
            elif isinstance(expr, s.Subscript):
                symbol = self.resolver.resolve(expr.value, scope)
                if isinstance(symbol, External) and symbol.name == "os.environ":
                    yield EnvironmentRead(scope.module, expr.at, self._text(expr.items[0], scope), function)

    def _text(self, expr: Expr | None, scope: Scope) -> str:
        """The text that an expression is, or that the constant holds which it names."""
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            expr = symbol.binding.value if isinstance(symbol, Variable) and not symbol.binding.path else None
        return expr.value if isinstance(expr, s.Constant) and isinstance(expr.value, str) else ""


def _key(call: s.Call) -> Expr | None:
    """The variable's name in `getenv("X")`, `environ.get(key="X")`, `config(option="X")`."""
    return argument(call, 0, "key") or argument(call, 0, "option")


def _targets(statement: s.Statement) -> tuple[Expr, ...]:
    """What a statement writes to or deletes."""
    if isinstance(statement, s.Assign | s.Delete):
        return statement.targets
    return (statement.target,) if isinstance(statement, s.Declaration) else ()
