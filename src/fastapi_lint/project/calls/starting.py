"""Whether an app's start also runs what Starlette leaves out: event handlers, lifespans of mounted apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.calls.mentions import Mentions, mentions_of
from fastapi_lint.project.names.symbols import External, FunctionSymbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import EventHandler, Lifecycle, MountedApp

_MANAGERS = frozenset({"contextlib.asynccontextmanager", "contextlib.contextmanager"})
_STARTS = frozenset({"lifespan_context", "_DefaultLifespan", "on_startup", "on_shutdown"})
_OF_ROUTERS = frozenset({"startup", "_startup", "shutdown", "_shutdown"})


class Starting:
    """Answers what starts and stops with an app. Where that isn't known, everything may."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[int, Mentions] = {}

    def may_run(self, lifecycle: Lifecycle, handler: EventHandler) -> bool:
        """Whether the lifespan of an app may run an event handler itself."""
        if not self._is_followed(lifecycle.lifespan):
            return True
        return self._reaches((lifecycle.lifespan,), (handler.function,))

    def may_enter(self, mounted: MountedApp) -> bool:
        """Whether the start of an app may start one that it mounts."""
        outer, inner = mounted.outer, mounted.inner
        if outer.has_lifespan is None or (outer.has_lifespan and not self._is_followed(outer.lifespan)):
            return True
        starts = [outer.lifespan] if outer.has_lifespan else [one.function for one in outer.handlers]
        wanted = [inner.lifespan] if inner.has_lifespan else [one.function for one in inner.handlers]
        return None in starts or self._reaches(starts, wanted)

    def _is_followed(self, lifespan: FunctionSymbol | None) -> bool:
        """Whether a lifespan is a function whose decorators add nothing to it."""
        if lifespan is None:
            return False
        scope = self.project.resolver.scope(lifespan)
        symbols = [self.project.resolver.resolve(d, scope.parent or scope) for d in lifespan.node.decorators]
        return all(isinstance(symbol, External) and symbol.name in _MANAGERS for symbol in symbols)

    def _reaches(
        self, starts: Iterable[FunctionSymbol | None], wanted: Iterable[FunctionSymbol | None]
    ) -> bool:
        """Whether code starts others by the framework's means, or mentions one of the functions."""
        targets = {id(one) for one in wanted if one is not None}
        for start in starts:
            found = self._mentions(start) if start is not None else None
            if found is not None and (
                not found.is_all or _starts_others(found) or not found.functions.isdisjoint(targets)
            ):
                return True
        return False

    def _mentions(self, function: FunctionSymbol) -> Mentions:
        key = id(function)
        if key not in self._known:
            self._known[key] = mentions_of(self.project.types, function)
        return self._known[key]


def _starts_others(found: Mentions) -> bool:
    """Whether code uses the framework's own ways to start an app or router."""
    if any(
        name.startswith("asgi_lifespan") or name.endswith("._DefaultLifespan") for name in found.externals
    ):
        return True
    for dotted in found.dotted:
        *before, last = dotted.split(".")
        if last in _STARTS or (last in _OF_ROUTERS and before and "router" in before[-1].lower()):
            return True
    return False
