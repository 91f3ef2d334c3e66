"""What a decorator makes of the function below it: the same one, a wrapper around it, or who knows what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, dotted_name, expressions_of, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import receiver_of, return_values
from fastapi_lint.project.types.infer import Bound, Instance, Types, Value

Effect = Literal["keeps", "wraps", "unknown"]

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
_DEPTH = 6


@dataclass(frozen=True, slots=True, eq=False)
class Decoration:
    """What one decorator does.

    `wrapper` is the function of the project that stands in the place of the decorated one, where it is
    known. `hides_signature` tells that the wrapper's own parameters are certainly what a caller sees.
    """

    effect: Effect
    wrapper: FunctionSymbol | None = None
    hides_signature: bool = False


_UNKNOWN = Decoration("unknown")
_KEEPS = Decoration("keeps")


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
            return Decoration("wraps") if isinstance(value, ClassSymbol) and not called else _UNKNOWN
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

    def _made_by_factory(self, maker: FunctionSymbol, skips: bool) -> Decoration:
        """What `@maker(...)` does: what the function does that `maker` returns."""
        if maker.node.is_async or maker.node.is_generator:
            return _UNKNOWN
        scope = self.resolver.scope(maker)
        found: list[Decoration] = []
        own = _first_parameter(maker, skips)
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
        own = _first_parameter(maker, skips)
        if own is None or maker.node.is_async or maker.node.is_generator or depth > _DEPTH:
            return _UNKNOWN
        scope = self.resolver.scope(maker)
        return _together([self._result(value, maker, own, scope, depth) for value in return_values(maker)])

    def _result(self, value: Expr, maker: FunctionSymbol, own: str, scope: Scope, depth: int) -> Decoration:
        if isinstance(value, s.Name) and value.id == own:
            return _KEEPS
        if isinstance(value, s.Conditional):
            parts = (value.body, value.orelse)
            return _together([self._result(part, maker, own, scope, depth) for part in parts])
        if isinstance(value, s.Call):
            return self._call_result(value, own, scope, depth)
        inner = self.types.infer(value, scope)
        if isinstance(inner, FunctionSymbol) and inner.parent is maker:
            return Decoration("wraps", inner, self._hides(inner, maker))
        return _UNKNOWN

    def _call_result(self, call: s.Call, own: str, scope: Scope, depth: int) -> Decoration:
        """`return wraps(func)(wrapper)`, `return Wrapper(func)`, `return other(func)`."""
        callee = self.types.infer(call.func, scope)
        name = callee.name if isinstance(callee, External) else ""
        if isinstance(call.func, s.Call) or name == "functools.update_wrapper":
            inner = self.types.infer(argument(call, 0, "wrapper"), scope)
            return Decoration("wraps", inner if isinstance(inner, FunctionSymbol) else None)
        if name in ("functools.partial", "functools.partialmethod"):
            return Decoration("wraps")
        if isinstance(callee, ClassSymbol) and _takes(call, own):
            return Decoration("wraps")
        if isinstance(callee, FunctionSymbol) and _takes(call, own):
            return self._made_by(callee, False, depth + 1)
        return _UNKNOWN

    def _hides(self, wrapper: FunctionSymbol, maker: FunctionSymbol) -> bool:
        """Whether nothing gives the wrapper the signature of what it wraps."""
        if wrapper.node.decorators:
            return False
        for statement in walk_statements(maker.node.body):
            targets = statement.targets if isinstance(statement, s.Assign) else ()
            if any(
                isinstance(t, s.Attribute) and t.attr in ("__signature__", "__wrapped__") for t in targets
            ):
                return False
        calls = (expr for expr in expressions_of(maker.node.body) if isinstance(expr, s.Call))
        return not any(_changes(call, wrapper.name) for call in calls)


def _of_library(name: str) -> Decoration:
    if name in _KEEPING:
        return _KEEPS
    return Decoration("wraps") if name in _WRAPPING else _UNKNOWN


def _is_signature(target: Expr) -> bool:
    return isinstance(target, s.Attribute) and target.attr in ("__signature__", "__wrapped__")


def _first_parameter(function: FunctionSymbol, skips: bool) -> str | None:
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
    return name in ("update_wrapper", "wraps", "setattr") or (name != wrapper and _takes(call, wrapper))


def _has_try(function: FunctionSymbol) -> bool:
    return any(isinstance(statement, s.Try | s.With) for statement in walk_statements(function.node.body))


def _together(found: list[Decoration]) -> Decoration:
    """What all ways out of a decorator have in common."""
    if not found or len({one.effect for one in found}) > 1:
        return _UNKNOWN
    return Decoration(found[0].effect, found[0].wrapper, all(one.hides_signature for one in found))
