"""Which functions run in the thread that calls them, as far as their decorators tell."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.calls.graph import Calls
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Types

_BUILTIN = frozenset({"staticmethod", "classmethod", "property"})
_KEEPING = frozenset(
    {
        "abc.abstractmethod",
        "contextlib.contextmanager",
        "contextlib.asynccontextmanager",
        "functools.wraps",
        "functools.cached_property",
        "tenacity.retry",
        "backoff.on_exception",
        "typing.override",
        "typing.no_type_check",
        "typing_extensions.override",
        "typing_extensions.deprecated",
        "warnings.deprecated",
    }
)
_CACHES = frozenset(
    {"functools.lru_cache", "functools.cache", "cachetools.cached", "cachetools.func.ttl_cache"}
)
_CONTEXTS = frozenset({"contextlib.contextmanager"})
_THREADS = ("to_thread", "run_in_threadpool", "run_in_executor", "run_sync", "submit")


class Colours:
    """Answers whether calling a function runs its body at once, in the caller's thread."""

    def __init__(self, types: Types, calls: Calls) -> None:
        self.types = types
        self.calls = calls
        self.resolver = types.resolver
        self._kept: dict[int, bool] = {}

    def runs_here(self, function: FunctionSymbol) -> bool:
        """Whether a call runs a plain body in the calling thread, each time: no coroutine, no cache."""
        node = function.node
        if node.is_async or self.is_cached(function) or not self.keeps_colour(function):
            return False
        return not node.is_generator or self._has(function, _CONTEXTS)

    def is_cached(self, function: FunctionSymbol) -> bool:
        """Whether a decorator keeps results, so that the body runs rarely."""
        return self._has(function, _CACHES)

    def keeps_colour(self, function: FunctionSymbol) -> bool:
        """Whether no decorator can have moved the body elsewhere: to a thread, a task, a queue."""
        key = id(function)
        if key not in self._kept:
            self._kept[key] = True  # a decorator that is decorated by itself
            scope = self._around(function)
            self._kept[key] = all(
                self._keeps(d, scope, function.node.is_async) for d in function.node.decorators
            )
        return self._kept[key]

    def _around(self, function: FunctionSymbol) -> Scope:
        scope = self.resolver.scope(function)
        return scope.parent or scope

    def _has(self, function: FunctionSymbol, names: frozenset[str]) -> bool:
        scope = self._around(function)
        return any(
            isinstance(symbol := self.resolver.resolve(_named(d), scope), External) and symbol.name in names
            for d in function.node.decorators
        )

    def _keeps(self, decorator: Expr, scope: Scope, is_async: bool) -> bool:
        named = _named(decorator)
        if isinstance(named, s.Name) and named.id in _BUILTIN:
            return True
        symbol = self.resolver.resolve(named, scope)
        if isinstance(symbol, External):
            return symbol.name in _KEEPING | _CACHES or symbol.name.startswith(("fastapi.", "slowapi."))
        return isinstance(symbol, FunctionSymbol) and self._is_plain_decorator(symbol, is_async)

    def _is_plain_decorator(self, decorator: FunctionSymbol, wraps_async: bool) -> bool:
        """Whether a decorator of the project has no async wrapper for plain functions, and uses no thread."""
        index = self.resolver.index(decorator.module)
        inside = [f for f in index.functions if f.qualname.startswith(f"{decorator.qualname}.<locals>.")]
        if decorator.node.is_async or (not wraps_async and any(f.node.is_async for f in inside)):
            return False
        return not any(
            getattr(site.call.func, "attr", getattr(site.call.func, "id", "")) in _THREADS
            for function in (decorator, *inside)
            for site in self.calls.of(function)
        )


def _named(decorator: Expr) -> Expr:
    return decorator.func if isinstance(decorator, s.Call) else decorator
