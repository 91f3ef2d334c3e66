"""Whether calling something gives a value that can be called in turn."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.infer import Instance, Types, Value
from fastapi_lint.project.types.results import GENERATORS

_PLAIN_CLASSES = frozenset(
    {
        *(f"builtins.{name}" for name in ("str", "int", "float", "bool", "bytes")),
        *(f"builtins.{name}" for name in ("list", "dict", "set", "tuple")),
        "datetime.datetime",
        "datetime.date",
        "datetime.timedelta",
        "decimal.Decimal",
        "pathlib.Path",
        "sqlalchemy.orm.Session",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlmodel.orm.session.Session",
        "sqlmodel.ext.asyncio.session.AsyncSession",
        "uuid.UUID",
    }
)
"""Library classes whose instances can't be called."""

_PLAIN_BASES = frozenset(
    {
        "abc.ABC",
        "typing.Generic",
        "typing.NamedTuple",
        "typing.Protocol",
        "typing.TypedDict",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "pydantic.BaseModel",
        "pydantic.BaseSettings",
        "pydantic.v1.BaseSettings",
        "pydantic_settings.BaseSettings",
        "sqlalchemy.orm.DeclarativeBase",
        "sqlmodel.SQLModel",
    }
)
"""Library classes that give their subclasses no `__call__`."""

_NOTHING = frozenset({"builtins.print", "time.sleep", "asyncio.sleep"})
"""Library functions whose result can't be called."""


class Uncallable(msgspec.Struct, frozen=True):
    """What a call gives that can't be called: in words, and whether it is a coroutine that never runs."""

    words: str
    is_coroutine: bool = False


class Callables:
    """Answers whether results of calls can be called."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def uncallable(self, call: s.Call, scope: Scope) -> Uncallable | None:
        """What a call gives, if that certainly can't be called; None for everything else."""
        callee = self.types.callee(call, scope)
        if isinstance(callee, ClassSymbol):
            plain = self._has_plain_instances(callee)
            return Uncallable(f"an instance of `{callee.name}`") if plain else None
        if isinstance(callee, External):
            return Uncallable("its result") if callee.name in _NOTHING else None
        if callee is None or not self._is_plainly_decorated(callee):
            return None
        return self._result_of(callee)

    def _result_of(self, function: FunctionSymbol) -> Uncallable | None:
        node = function.node
        if node.is_generator:
            return Uncallable("an async generator" if node.is_async else "a generator")
        if node.is_async:
            return Uncallable("a coroutine", is_coroutine=True)
        if node.returns is not None:
            return self._declared(function)
        values = return_values(function)
        scope = self.resolver.scope(function)
        if not values:
            return Uncallable("`None`") if not _is_stub(function) else None
        found = [self._expression(value, scope) for value in values]
        return next((value for value in found if value is not None), None) if all(found) else None

    def _declared(self, function: FunctionSymbol) -> Uncallable | None:
        scope = self.resolver.scope(function)
        returns = function.node.returns
        if isinstance(returns, s.Constant) and returns.value is None:
            return Uncallable("`None`")
        return self._plain(self.types.annotated(returns, scope.parent or scope))

    def _expression(self, expr: Expr, scope: Scope) -> Uncallable | None:
        return self._plain(self.types.infer(expr, scope))

    def _plain(self, value: Value | None) -> Uncallable | None:
        if not isinstance(value, Instance):
            return None
        if isinstance(value.cls, ClassSymbol):
            plain = self._has_plain_instances(value.cls)
            return Uncallable(f"an instance of `{value.cls.name}`") if plain else None
        if value.cls.name in GENERATORS:
            return Uncallable("a generator")
        name = value.cls.name.rpartition(".")[2]
        return Uncallable(f"a value of type `{name}`") if value.cls.name in _PLAIN_CLASSES else None

    def _has_plain_instances(self, cls: ClassSymbol) -> bool:
        """Whether a class and all its bases are known, and none has `__call__`."""
        if self.resolver.class_member(cls, "__call__") is not None:
            return False
        for current in self.resolver.ancestry(cls):
            if isinstance(current, External):
                if current.name not in _PLAIN_BASES and not current.name.endswith(("Exception", "Error")):
                    return False
            elif len(self.resolver.bases(current)) < len(current.node.bases):
                return False
        return True

    def _is_plainly_decorated(self, function: FunctionSymbol) -> bool:
        """Whether no decorator can have changed what a call gives."""
        scope = self.resolver.scope(function)
        return all(self._keeps_result(d, scope.parent or scope) for d in function.node.decorators)

    def _keeps_result(self, decorator: Expr, scope: Scope) -> bool:
        expr = decorator.func if isinstance(decorator, s.Call) else decorator
        if isinstance(expr, s.Name) and expr.id in ("classmethod", "staticmethod"):
            return True
        symbol = self.resolver.resolve(expr, scope)
        return isinstance(symbol, External) and symbol.name in ("functools.lru_cache", "functools.cache")


def _is_stub(function: FunctionSymbol) -> bool:
    """Whether a body does nothing but raise, or is only `...`: its result is another's to say."""
    return all(
        isinstance(statement, s.Raise)
        or (isinstance(statement, s.Expression) and isinstance(statement.value, s.Constant | s.Opaque))
        for statement in function.node.body
    )
