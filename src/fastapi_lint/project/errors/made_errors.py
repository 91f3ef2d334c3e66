"""With which status and which detail an HTTP error is made."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, calls_of, walk_expressions
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.errors.statuses import status_number
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.infer import Types

HTTP_EXCEPTIONS = frozenset({"fastapi.HTTPException", "starlette.exceptions.HTTPException"})
"""What FastAPI makes a response of."""

_DEPTH = 4


class MadeErrors:
    """Answers how `HTTPException` and its subclasses are made."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def status(self, error: Expr, scope: Scope, depth: int = 0) -> int | None:
        """The status code of an error that an expression makes or names; None if it isn't a constant."""
        if depth > _DEPTH:
            return None
        if isinstance(error, s.Call):
            return self._status_of_call(error, scope, depth)
        symbol = self.resolver.resolve(error, scope)
        if isinstance(symbol, ClassSymbol):
            return self._status_of_class(symbol, depth)
        if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
            return self.status(symbol.binding.value, symbol.scope, depth + 1)
        return None

    def _status_of_call(self, call: s.Call, scope: Scope, depth: int) -> int | None:
        callee = self.types.callee(call, scope)
        if isinstance(callee, FunctionSymbol):
            inner = self.resolver.scope(callee)
            found = {self.status(value, inner, depth + 1) for value in return_values(callee)}
            return found.pop() if len(found) == 1 else None
        constructor = self._own_constructor(callee) if isinstance(callee, ClassSymbol) else None
        if isinstance(callee, ClassSymbol) and constructor is not None:
            for parameter, expr in passed(self.types, call, scope, constructor):
                if parameter.name == "status_code":
                    return status_number(expr, scope, self.resolver)
            return self._status_of_class(callee, depth)
        if isinstance(callee, ClassSymbol | External):
            return status_number(argument(call, 0, "status_code"), scope, self.resolver)
        return None

    def _status_of_class(self, cls: ClassSymbol, depth: int) -> int | None:
        """What the constructor of a class gives to the one of its base, else the attribute `status_code`."""
        constructor = self._own_constructor(cls)
        if constructor is None or depth > _DEPTH:
            return None
        for call, base in self._calls_of_base(constructor):
            given = argument(call, 0, "status_code")
            found = status_number(given, self.resolver.scope(constructor), self.resolver)
            if found is None and isinstance(base, ClassSymbol) and self._own_constructor(base) is not None:
                found = self._status_of_class(base, depth + 1)
            return found or self._class_attribute(cls)
        return None

    def _class_attribute(self, cls: ClassSymbol) -> int | None:
        member = self.resolver.class_member(cls, "status_code")
        if not isinstance(member, Variable):
            return None
        return status_number(member.binding.value, member.scope, self.resolver)

    # --- detail ----------------------------------------------------------------------------------

    def details(self, call: s.Call, scope: Scope) -> tuple[Expr, ...]:
        """The arguments of a call of an HTTP error's class that become its detail, or go into it."""
        callee = self.types.callee(call, scope)
        return tuple(self._going_into(call, scope, callee if isinstance(callee, ClassSymbol) else None, 0))

    def _going_into(self, call: s.Call, scope: Scope, cls: ClassSymbol | None, depth: int) -> Iterator[Expr]:
        constructor = self._own_constructor(cls) if cls is not None else None
        if constructor is None:
            detail = argument(call, 1, "detail")
            if detail is not None:
                yield detail
            return
        inner = self.resolver.scope(constructor)
        for base_call, base in self._calls_of_base(constructor) if depth < _DEPTH else ():
            above = base if isinstance(base, ClassSymbol) else None
            roots = tuple(self._going_into(base_call, inner, above, depth + 1))
            used = {expr.id for expr in walk_expressions(roots) if isinstance(expr, s.Name)}
            given = passed(self.types, call, scope, constructor)
            yield from (expr for parameter, expr in given if parameter.name in used)

    # --- constructors ----------------------------------------------------------------------------

    def is_http_exception(self, cls: ClassSymbol | External) -> bool:
        """Whether a class is `HTTPException` or a subclass."""
        return self.resolver.inherits(cls, HTTP_EXCEPTIONS)

    def _own_constructor(self, cls: ClassSymbol) -> FunctionSymbol | None:
        """The constructor that the class, or a base of the project, defines."""
        member = self.resolver.class_member(cls, "__init__")
        return member if isinstance(member, FunctionSymbol) else None

    def _calls_of_base(
        self, constructor: FunctionSymbol
    ) -> Iterator[tuple[s.Call, ClassSymbol | External | None]]:
        """The calls of `super().__init__(...)`, as calls of the base class."""
        bases = self.resolver.bases(constructor.owner) if constructor.owner is not None else []
        for call in calls_of(constructor.node.body):
            func = call.func
            if not isinstance(func, s.Attribute) or func.attr != "__init__":
                continue
            if isinstance(func.value, s.Call) and bases:
                base = next((one for one in bases if self.is_http_exception(one)), bases[0])
                yield call, base
