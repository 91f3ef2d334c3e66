"""What a decorator makes of the function below it: the same one, a wrapper around it, or who knows what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, dotted_name, expressions_of, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import receiver_of, return_values
from fastapi_lint.project.types.infer import Bound, Instance, Types, Value

Effect = Literal["keeps", "wraps", "unknown"]
Signature = Literal["kept", "own", "unknown"]

_KEEPING = frozenset(
    {
        "abc.abstractmethod",
        "builtins.classmethod",
        "builtins.property",
        "builtins.staticmethod",
        "fastapi_versioning.version",
        "fastapi_versioning.versioning.version",
        "functools.singledispatch",
        "typing.final",
        "typing.no_type_check",
        "typing.overload",
        "typing.override",
        "typing_extensions.deprecated",
        "typing_extensions.final",
        "typing_extensions.overload",
        "typing_extensions.override",
        "warnings.deprecated",
    }
)
"""Decorators that change nothing in how a function is called."""

_WRAPPING = frozenset(
    {
        "aiocache.cached",
        "aiocache.cached_stampede",
        "aiocache.decorators.cached",
        "async_lru.alru_cache",
        "backoff.on_exception",
        "backoff.on_predicate",
        "cachetools.cached",
        "cachetools.func.ttl_cache",
        "cashews.cache",
        "dependency_injector.wiring.inject",
        "fastapi_cache.decorator.cache",
        "fastapi_cache.cache",
        "functools.cache",
        "functools.lru_cache",
        "ratelimit.limits",
        "ratelimit.sleep_and_retry",
        "slowapi.Limiter.limit",
        "slowapi.Limiter.shared_limit",
        "slowapi.extension.Limiter.limit",
        "slowapi.extension.Limiter.shared_limit",
        "starlette.authentication.requires",
        "tenacity.retry",
    }
)
"""Decorators of libraries that put a wrapper in the function's place. All keep its signature."""

_VERBS = frozenset(
    "get post put patch delete head options trace api_route route websocket websocket_route".split()
)
_REGISTERING = _VERBS | {"middleware", "exception_handler", "on_event"}
_APPS = frozenset({"fastapi.FastAPI", "fastapi.APIRouter", "starlette.applications.Starlette"})
_CASTS = frozenset({"typing.cast", "typing_extensions.cast"})
_DEPTH = 6


class Decoration(msgspec.Struct, frozen=True, eq=False):
    """What one decorator does.

    `wrapper` is the function of the project that stands in the place of the decorated one, where it is
    known; `maker` is the project's function that is given the decorated one. `signature` tells which
    parameters a caller sees of a wrapper: those of the decorated function, or its own.
    """

    effect: Effect
    wrapper: FunctionSymbol | None = None
    signature: Signature = "unknown"
    maker: FunctionSymbol | None = None

    @property
    def hides_signature(self) -> bool:
        """Whether the wrapper's own parameters are certainly what a caller sees."""
        return self.signature == "own"


_UNKNOWN = Decoration("unknown")
_KEEPS = Decoration("keeps", signature="kept")


class Decorators:
    """Answers what decorators do."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def of(self, function: FunctionSymbol) -> tuple[Decoration, ...]:
        """What the decorators of a function do, the uppermost first."""
        scope = self.resolver.scope(function)
        return tuple(self.effect(decorator, scope.parent or scope) for decorator in function.node.decorators)

    def effect(self, decorator: Expr, scope: Scope) -> Decoration:
        """What the decorator does that stands in `scope`."""
        called = isinstance(decorator, s.Call)
        target = decorator.func if isinstance(decorator, s.Call) else decorator
        value = self.types.infer(target, scope)
        if self._registers(target, scope):
            return _KEEPS
        if isinstance(value, External):
            return _of_library(value.name)
        if value is None and isinstance(target, s.Name) and self.types.is_builtin(target, scope):
            return _of_library(f"builtins.{target.id}")
        maker, skips = self._runs(value, called)
        if maker is None:
            return self._instance_of(value) if isinstance(value, ClassSymbol) and not called else _UNKNOWN
        if not called or (isinstance(value, ClassSymbol)):
            return self._made_by(maker, skips, 0)
        return self._made_by_factory(maker, skips)

    def lets_exceptions_through(self, function: FunctionSymbol) -> bool:
        """Whether no decorator of a function can catch what its body raises."""
        return all(
            found.effect == "keeps"
            or (found.wrapper is not None and not _has_try(found.wrapper))
            or self._is_library_wrapper(decorator, function)
            for decorator, found in zip(function.node.decorators, self.of(function), strict=True)
        )

    def gives_results_back(self, function: FunctionSymbol) -> bool:
        """Whether no decorator of a function can change what it returns."""
        return all(
            found.effect == "keeps" or (found.effect == "wraps" and found.maker is None and not found.wrapper)
            for found in self.of(function)
        )

    def _is_library_wrapper(self, decorator: Expr, function: FunctionSymbol) -> bool:
        scope = self.resolver.scope(function)
        target = decorator.func if isinstance(decorator, s.Call) else decorator
        value = self.types.infer(target, scope.parent or scope)
        return isinstance(value, External) and value.name in _WRAPPING and "retry" not in value.name

    def _registers(self, target: Expr, scope: Scope) -> bool:
        """Whether a decorator registers the function on an app or router, which gives it back as it is."""
        if not isinstance(target, s.Attribute) or target.attr not in _REGISTERING:
            return False
        receiver = self.types.infer(target.value, scope)
        return isinstance(receiver, Instance) and self.resolver.inherits(receiver.cls, _APPS)

    # --- decorators of the project ---------------------------------------------------------------

    def _runs(self, value: Value | None, called: bool) -> tuple[FunctionSymbol | None, bool]:
        """The function that gets the decorated one (or the decorator's arguments), and whether it has `self`.

        Of `@Limit(10)` it is `__call__` of the instance.
        """
        if isinstance(value, FunctionSymbol):
            return value, False
        if isinstance(value, Bound):
            return value.function, receiver_of(value.function) is not None
        cls = value if isinstance(value, ClassSymbol) and called else None
        if isinstance(value, Instance) and isinstance(value.cls, ClassSymbol):
            cls = value.cls
        member = self.resolver.class_member(cls, "__call__") if cls is not None else None
        return (member, True) if isinstance(member, FunctionSymbol) else (None, False)

    def _instance_of(self, cls: ClassSymbol) -> Decoration:
        """`@Wrapper`: an object in the function's place."""
        made = self.resolver.class_member(cls, "__init__")
        return Decoration("wraps", maker=made if isinstance(made, FunctionSymbol) else None)

    def _made_by_factory(self, maker: FunctionSymbol, skips: bool) -> Decoration:
        """What `@maker(...)` does: what the function does that `maker` returns."""
        if maker.node.is_async or maker.node.is_generator:
            return _UNKNOWN
        scope = self.resolver.scope(maker)
        found: list[Decoration] = []
        own = first_parameter(maker, skips)
        for value in return_values(maker):
            inner = self.types.infer(value, scope)
            if isinstance(inner, FunctionSymbol) and inner.parent is maker:
                found.append(self._made_by(inner, False, 0))
            elif isinstance(value, s.Call) and _takes(value, own):
                continue  # `return decorate(func)` of a decorator that works with and without parentheses
            else:
                return _UNKNOWN
        return _together(found)

    def _made_by(self, maker: FunctionSymbol, skips: bool, depth: int) -> Decoration:
        """What a decorator does that is called with the function."""
        own = first_parameter(maker, skips)
        if own is None or maker.node.is_async or maker.node.is_generator or depth > _DEPTH:
            return _UNKNOWN
        if not self._is_plain(maker):
            return _UNKNOWN
        scope = self.resolver.scope(maker)
        made = _together([self._result(value, maker, own, scope, depth) for value in return_values(maker)])
        return replace(made, maker=maker) if made.effect == "wraps" else made

    def _is_plain(self, maker: FunctionSymbol) -> bool:
        """Whether no decorator makes something else of a decorator."""
        scope = self.resolver.scope(maker)
        for decorator in maker.node.decorators:
            target = self.types.infer(decorator, scope.parent or scope)
            bare = isinstance(decorator, s.Name) and f"builtins.{decorator.id}" in _KEEPING
            if not bare and not (isinstance(target, External) and target.name in _KEEPING):
                return False
        return True

    def _result(self, value: Expr, maker: FunctionSymbol, own: str, scope: Scope, depth: int) -> Decoration:
        if isinstance(value, s.Name) and value.id == own:
            return _KEEPS
        if isinstance(value, s.Conditional):
            parts = (value.body, value.orelse)
            return _together([self._result(part, maker, own, scope, depth) for part in parts])
        if isinstance(value, s.Call):
            cast = self._cast(value, scope)
            if cast is not None:
                return self._result(cast, maker, own, scope, depth)
            return self._call_result(value, own, scope, depth)
        inner = self.types.infer(value, scope)
        if isinstance(inner, FunctionSymbol) and inner.parent is maker:
            return Decoration("wraps", inner, self._signature(inner, maker, own))
        return _UNKNOWN

    def _cast(self, call: s.Call, scope: Scope) -> Expr | None:
        """What `cast(T, value)` gives."""
        callee = self.types.callee(call, scope)
        return argument(call, 1, "val") if isinstance(callee, External) and callee.name in _CASTS else None

    def _call_result(self, call: s.Call, own: str, scope: Scope, depth: int) -> Decoration:
        """`return wraps(func)(wrapper)`, `return Wrapper(func)`, `return other(func)`."""
        callee = self.types.infer(call.func, scope)
        name = callee.name if isinstance(callee, External) else ""
        if isinstance(call.func, s.Call) or name == "functools.update_wrapper":
            inner = self.types.infer(argument(call, 0, "wrapper"), scope)
            kept = name != "" or self._is_wraps(call.func, own, scope)
            wrapper = inner if isinstance(inner, FunctionSymbol) else None
            return Decoration("wraps", wrapper, "kept" if kept else "unknown")
        if name in ("functools.partial", "functools.partialmethod"):
            return Decoration("wraps")
        if isinstance(callee, ClassSymbol) and _takes(call, own):
            return Decoration("wraps")
        if isinstance(callee, FunctionSymbol) and _takes(call, own):
            return self._made_by(callee, False, depth + 1)
        return _UNKNOWN

    def _signature(self, wrapper: FunctionSymbol, maker: FunctionSymbol, own: str) -> Signature:
        """Which parameters a wrapper shows: `@wraps(func)` gives it those of `func`."""
        if gets_signature(wrapper.name, maker.node.body):
            return "unknown"
        scope = self.resolver.scope(maker)
        decorators = wrapper.node.decorators
        if len(decorators) == 1 and self._is_wraps(decorators[0], own, scope):
            return "kept"
        return "unknown" if decorators else "own"

    def _is_wraps(self, expr: Expr, own: str, scope: Scope) -> bool:
        """Whether an expression is `functools.wraps(func)`."""
        if not isinstance(expr, s.Call) or not _takes(expr, own) or len(expr.args) + len(expr.keywords) > 1:
            return False
        callee = self.types.callee(expr, scope)
        return isinstance(callee, External) and callee.name == "functools.wraps"


def gets_signature(name: str, body: tuple[s.Statement, ...]) -> bool:
    """Whether some statement of a block may change what the signature of a local function looks like."""
    for statement in walk_statements(body):
        targets = statement.targets if isinstance(statement, s.Assign) else ()
        if any(_is_signature(target) for target in targets):
            return True
    calls = (expr for expr in expressions_of(body) if isinstance(expr, s.Call))
    return any(_changes(call, name) for call in calls)


def _of_library(name: str) -> Decoration:
    if name in _KEEPING:
        return _KEEPS
    return Decoration("wraps", signature="kept") if name in _WRAPPING else _UNKNOWN


def _is_signature(target: Expr) -> bool:
    return isinstance(target, s.Attribute) and target.attr in ("__signature__", "__wrapped__")


def first_parameter(function: FunctionSymbol, skips: bool) -> str | None:
    """The name of the parameter that takes the decorated function."""
    names = [p.name for p in function.node.parameters if p.kind in ("positional", "normal")]
    names = names[1:] if skips else names
    return names[0] if names else None


def _takes(call: s.Call, name: str | None) -> bool:
    given: Iterator[Expr] = iter((*call.args, *(keyword.value for keyword in call.keywords)))
    return any(isinstance(arg, s.Name) and arg.id == name for arg in given)


def _changes(call: s.Call, wrapper: str) -> bool:
    """Whether a call may change what a wrapper looks like: `update_wrapper(...)`, `setattr(...)`."""
    name = (dotted_name(call.func) or "").rpartition(".")[2]
    if name in ("cast", "wraps"):
        return False
    return name in ("update_wrapper", "setattr") or (name != wrapper and _takes(call, wrapper))


def _has_try(function: FunctionSymbol) -> bool:
    return any(isinstance(statement, s.Try | s.With) for statement in walk_statements(function.node.body))


def _together(found: list[Decoration]) -> Decoration:
    """What all ways out of a decorator have in common."""
    if not found or len({one.effect for one in found}) > 1:
        return _UNKNOWN
    signatures = {one.signature for one in found}
    return replace(found[0], signature=found[0].signature if len(signatures) == 1 else "unknown")
