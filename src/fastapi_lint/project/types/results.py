"""What calls run and give: results of functions, constructed instances, entered contexts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, keyword, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import return_values, yielded_values
from fastapi_lint.project.types.libraries import ASYNC_OF, CONTEXT_OF, RESULT_OF, WRAPPERS
from fastapi_lint.project.types.values import (
    Bound,
    Callee,
    Instance,
    Value,
    agreed,
    class_name,
    external_instance,
)

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

GENERATORS = frozenset(
    f"{module}.{name}"
    for module in ("typing", "collections.abc", "typing_extensions")
    for name in ("Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable")
)
"""Annotations of what a generator function returns."""

_BUILTIN_CLASSES = frozenset("list dict set tuple frozenset str int float bool bytes".split())
CALLABLES = frozenset({"typing.Callable", "collections.abc.Callable"})
"""Annotations that say less about a function than the function itself."""

_AWAITABLES = frozenset(
    f"{module}.{name}" for module in ("typing", "collections.abc") for name in ("Awaitable", "Coroutine")
)
_ITERABLES = GENERATORS | {"builtins.list", "builtins.set", "builtins.tuple"}
_CONTEXT_DECORATORS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_THREAD_CALLS = frozenset(
    {"starlette.concurrency.run_in_threadpool", "asyncio.to_thread", "anyio.to_thread.run_sync"}
)
_ENTERING = frozenset({"contextlib.ExitStack.enter_context", "contextlib.AsyncExitStack.enter_async_context"})


class Results:
    """Answers what calls give. Answers are remembered."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver
        self._returns: dict[int, Value | None] = {}

    # --- calls -----------------------------------------------------------------------------------

    def callee(self, call: s.Call, scope: Scope) -> Callee | None:
        """What a call runs: a function or method, a class that it constructs, or a library's name."""
        value = self.types.infer(call.func, scope)
        if isinstance(value, Bound):
            return value.function
        if isinstance(value, FunctionSymbol | ClassSymbol | External):
            return value
        if isinstance(value, Instance):
            if isinstance(value.cls, External):
                return External(f"{value.cls.name}.__call__")
            method = self.resolver.class_member(value.cls, "__call__")
            return method if isinstance(method, FunctionSymbol) else None
        if value is None and isinstance(call.func, s.Name) and self.types.is_builtin(call.func, scope):
            return External(f"builtins.{call.func.id}")
        return None

    def of_call(self, call: s.Call, scope: Scope) -> Value | None:
        """The value that a call gives (awaited, if it is a coroutine)."""
        value = self.types.infer(call.func, scope)
        if isinstance(value, ClassSymbol):
            return Instance(value)
        if isinstance(value, Bound):
            result = self.returned(value.function)
            if result is None and isinstance(value.receiver, ClassSymbol):
                return self._constructor(value)
            return result
        if isinstance(value, FunctionSymbol):
            return self.returned(value)
        if isinstance(value, External):
            return self._of_library(value.name, call, scope)
        if isinstance(value, Instance):
            return self._of_instance(value)
        if isinstance(call.func, s.Name) and self.types.is_builtin(call.func, scope):
            return self._of_builtin(call.func.id, call, scope)
        return None

    def _of_builtin(self, name: str, call: s.Call, scope: Scope) -> Value | None:
        if name == "super" and isinstance(scope.owner, FunctionSymbol) and scope.owner.owner is not None:
            bases = self.resolver.bases(scope.owner.owner)
            return Instance(bases[0]) if bases else None
        if name in _BUILTIN_CLASSES:
            return external_instance(f"builtins.{name}")
        if name in ("next", "anext"):
            return self.element(self.types.infer(argument(call, 0, "i"), scope))
        return None

    def _constructor(self, bound: Bound) -> Value | None:
        """A class method without a usable annotation that returns `cls(...)`."""
        for statement in walk_statements(bound.function.node.body):
            value = statement.value if isinstance(statement, s.Return) else None
            if isinstance(value, s.Call) and isinstance(value.func, s.Name) and value.func.id == "cls":
                return Instance(bound.receiver) if isinstance(bound.receiver, ClassSymbol) else None
        return None

    def _of_instance(self, value: Instance) -> Value | None:
        if class_name(value) in WRAPPERS:
            return value.arguments[0] if value.arguments else None
        if isinstance(value.cls, ClassSymbol):
            method = self.resolver.class_member(value.cls, "__call__")
            return self.returned(method) if isinstance(method, FunctionSymbol) else None
        return None

    def _of_library(self, name: str, call: s.Call, scope: Scope) -> Value | None:
        if name in WRAPPERS:
            return self._factory(name, call, scope)
        if name in RESULT_OF:
            return external_instance(RESULT_OF[name])
        if name in ("typing.cast", "typing_extensions.cast"):
            return self.types.annotated(argument(call, 0, "typ"), scope)
        if name == "functools.partial":
            return self.types.infer(argument(call, 0, "func"), scope)
        if name in _THREAD_CALLS:
            return self._in_thread(argument(call, 0, "func"), scope)
        if name in _ENTERING:
            return self.entered(self.types.infer(argument(call, 0, "cm"), scope))
        if name.rpartition(".")[2][:1].isupper():
            return external_instance(name)
        return None

    def _in_thread(self, function: s.Expr | None, scope: Scope) -> Value | None:
        """What the function gives that `run_in_threadpool(f, ...)` runs."""
        if function is None:
            return None
        return self.types.infer(s.Call(function.at, function, (), ()), scope)

    def _factory(self, name: str, call: s.Call, scope: Scope) -> Value | None:
        """A session factory, with the session that it makes as its argument."""
        if name.endswith("scoped_session"):
            inner = self.types.infer(argument(call, 0, "session_factory"), scope)
            made = inner.arguments[0] if isinstance(inner, Instance) and inner.arguments else None
            return external_instance(name, made or external_instance(ASYNC_OF[name]))
        given = self.types.infer(keyword(call, "class_"), scope)
        if isinstance(given, ClassSymbol | External):
            return external_instance(name, Instance(given))
        return external_instance(name, external_instance(ASYNC_OF[name]))

    # --- functions -------------------------------------------------------------------------------

    def returned(self, function: FunctionSymbol) -> Value | None:
        """What calling a function gives: of a context manager, the manager's own value."""
        key = id(function)
        if key not in self._returns:
            self._returns[key] = None
            self._returns[key] = self._returned(function)
        return self._returns[key]

    def _returned(self, function: FunctionSymbol) -> Value | None:
        scope = self.resolver.scope(function)
        declared = self.types.annotated(function.node.returns, scope.parent or scope)
        if self._is_context_manager(function):
            return external_instance("contextlib.ContextManager", self.handed_over(function))
        if class_name(declared) in CALLABLES:
            made = agreed(self.types.infer(expr, scope) for expr in return_values(function))
            return made if isinstance(made, FunctionSymbol | Bound | ClassSymbol) else declared
        if declared is not None:
            named_self = isinstance(function.node.returns, s.Name) and function.node.returns.id == "Self"
            is_self = named_self or class_name(declared).endswith(".Self")
            return Instance(function.owner) if is_self and function.owner is not None else declared
        if function.node.is_generator:
            kind = "typing.AsyncGenerator" if function.node.is_async else "typing.Generator"
            return external_instance(kind, self.handed_over(function))
        return agreed(self.types.infer(expr, scope) for expr in return_values(function))

    def _is_context_manager(self, function: FunctionSymbol) -> bool:
        scope = self.resolver.scope(function)
        return any(
            isinstance(symbol := self.resolver.resolve(d, scope.parent or scope), External)
            and symbol.name in _CONTEXT_DECORATORS
            for d in function.node.decorators
        )

    def handed_over(self, function: FunctionSymbol) -> Value | None:
        """What a dependency or context manager hands over: the yielded, else the returned value."""
        scope = self.resolver.scope(function)
        if not function.node.is_generator:
            given = self.returned(function)
            return self.element(given) if class_name(given) in GENERATORS else given
        declared = self.types.annotated(function.node.returns, scope.parent or scope)
        if declared is not None and class_name(declared) not in GENERATORS:
            return declared
        yielded = (self.types.infer(expr, scope) for expr in yielded_values(function))
        return self.element(declared) or agreed(yielded)

    def entered(self, value: Value | None) -> Value | None:
        """What `with value as x` binds."""
        if not isinstance(value, Instance):
            return None
        name = class_name(value)
        if name == "contextlib.ContextManager":
            return value.arguments[0] if value.arguments else None
        if name in CONTEXT_OF:
            return external_instance(CONTEXT_OF[name])
        if isinstance(value.cls, ClassSymbol):
            for method in ("__aenter__", "__enter__"):
                member = self.resolver.class_member(value.cls, method)
                if isinstance(member, FunctionSymbol):
                    return self.returned(member) or value
        return value

    def of_callable(self, value: Instance) -> Value | None:
        """What calling a value gives whose annotation is `Callable[..., T]`, awaited or iterated once."""
        if class_name(value) not in CALLABLES or not value.arguments:
            return None
        given = value.arguments[-1]
        if isinstance(given, Instance) and class_name(given) in _AWAITABLES:
            return given.arguments[-1] if given.arguments else None
        return self.element(given) if class_name(given) in GENERATORS else given

    def element(self, value: Value | None) -> Value | None:
        """What iterating over a value gives."""
        if isinstance(value, Instance) and value.arguments and class_name(value) in _ITERABLES:
            return value.arguments[0]
        return None
