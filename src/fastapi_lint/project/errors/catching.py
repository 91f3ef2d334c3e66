"""Whether something around a place may catch an exception that is raised there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import Enclosure
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.infer import Instance, Types, class_name

BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})

_HARMLESS_CONTEXTS = (
    "sqlalchemy.",
    "sqlmodel.",
    "redis.",
    "httpx.",
    "aiohttp.",
    "asyncio.",
    "anyio.",
    "motor.",
    "contextlib.closing",
    "contextlib.aclosing",
    "contextlib.nullcontext",
    "contextlib.ExitStack",
    "contextlib.AsyncExitStack",
    "builtins.open",
    "threading.",
    "tempfile.",
    "opentelemetry.",
    "structlog.",
)
"""Context managers of libraries that let exceptions through."""


class Catching:
    """Answers which exceptions are caught. What isn't known may catch anything."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def may_catch(self, around: Iterable[Enclosure], scope: Scope, names: frozenset[str]) -> bool:
        """Whether a `try`, `suppress` or context manager around a place may catch one of some exceptions.

        `names` are canonical names of the exception and its bases (`builtins.Exception`).
        """
        return any(self._catches(enclosure, scope, names) for enclosure in around)

    def _catches(self, enclosure: Enclosure, scope: Scope, names: frozenset[str]) -> bool:
        statement = enclosure.statement
        if isinstance(statement, s.Try):
            return enclosure.part == "body" and any(
                self.handles(handler, scope, names) for handler in statement.handlers
            )
        if isinstance(statement, s.With):
            return any(self._suppresses(item.context, scope, names) for item in statement.items)
        return False

    def handles(self, handler: s.Handler, scope: Scope, names: frozenset[str]) -> bool:
        """Whether an `except` clause takes one of some exceptions; what can't be resolved may."""
        return handler.type is None or self._is_any(handler.type, scope, names)

    def _is_any(self, expr: Expr, scope: Scope, names: frozenset[str]) -> bool:
        return any(found is None or found in names for found in self.exception_names(expr, scope))

    def exception_names(self, expr: Expr, scope: Scope, depth: int = 0) -> Iterator[str | None]:
        """The canonical names of the classes that a clause lists; None for one that can't be resolved.

        A class of the project is named by its path and qualified name.
        """
        if isinstance(expr, s.Collection):
            for item in expr.items:
                yield from self.exception_names(item, scope, depth)
            return
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, External):
            yield symbol.name
        elif isinstance(symbol, ClassSymbol):
            yield f"{symbol.module.path}:{symbol.qualname}"
        elif isinstance(symbol, Variable) and symbol.binding.value is not None and depth < 4:
            yield from self.exception_names(symbol.binding.value, symbol.scope, depth + 1)
        elif isinstance(expr, s.Name) and symbol is None and self.types.is_builtin(expr, scope):
            yield f"builtins.{expr.id}"
        else:
            yield None

    # --- context managers ------------------------------------------------------------------------

    def _suppresses(self, context: Expr, scope: Scope, names: frozenset[str]) -> bool:
        if isinstance(context, s.Call):
            callee = self.types.callee(context, scope)
            if isinstance(callee, External):
                if callee.name == "contextlib.suppress":
                    return any(self._is_any(arg, scope, names) for arg in context.args)
                return not callee.name.startswith(_HARMLESS_CONTEXTS)
            if isinstance(callee, FunctionSymbol) and callee.node.is_generator:
                return self._catches_at_yield(callee, names)
        value = self.types.infer(context, scope)
        if isinstance(value, Instance) and isinstance(value.cls, ClassSymbol):
            return self._exit_may_suppress(value.cls)
        return not class_name(value).startswith(_HARMLESS_CONTEXTS)

    def _catches_at_yield(self, function: FunctionSymbol, names: frozenset[str]) -> bool:
        """Whether a context manager written as a generator has an `except` around its `yield`."""
        scope = self.resolver.scope(function)
        return any(
            self.handles(handler, scope, names)
            for statement in walk_statements(function.node.body)
            if isinstance(statement, s.Try)
            for handler in statement.handlers
        )

    def _exit_may_suppress(self, cls: ClassSymbol) -> bool:
        """Whether `__exit__` or `__aexit__` returns anything but None and False, or isn't known."""
        methods = [self.resolver.class_member(cls, name) for name in ("__aexit__", "__exit__")]
        known = [method for method in methods if isinstance(method, FunctionSymbol)]
        if not known:
            return True
        return any(_returns_something(method) for method in known)


def _returns_something(function: FunctionSymbol) -> bool:
    return any(
        isinstance(statement, s.Return)
        and statement.value is not None
        and not (isinstance(statement.value, s.Constant) and not statement.value.value)
        for statement in walk_statements(function.node.body)
    )
