"""Which routes can never be called, because others that come first answer for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, keyword
from fastapi_lint.project.names.symbols import ClassSymbol
from fastapi_lint.project.routing.paths import PathPattern, pattern_of

if TYPE_CHECKING:
    from fastapi_lint.project.names.resolve import Resolver
    from fastapi_lint.project.routing.table import Route


class Shadowed(msgspec.Struct, frozen=True):
    """A route that is never reached, and the earlier ones that answer all its requests."""

    route: Route
    by: tuple[Route, ...]

    @property
    def is_duplicate(self) -> bool:
        """Whether the paths are the same, names of parameters aside."""
        return all(_shape(route.path) == _shape(self.route.path) for route in self.by)


class Shadowing:
    """Answers which routes of a table others hide."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def shadowed(self, routes: Sequence[Route]) -> Iterator[Shadowed]:
        """The hidden routes among those of one app, in their order. Mounts hide nothing here."""
        earlier = _Earlier()
        for route in routes:
            if route.kind not in ("http", "websocket") or route.conditional or route.mounted:
                continue
            pattern = pattern_of(route.path)
            if pattern is None:
                continue
            by = self._hiding(route, pattern, earlier)
            if by:
                yield Shadowed(route, by)
            elif not self._decides_itself(route):
                earlier.add(route, pattern)

    def _hiding(self, route: Route, pattern: PathPattern, earlier: _Earlier) -> tuple[Route, ...]:
        """The earlier routes that together take all methods of a route on all its paths."""
        left = set(route.methods) if route.kind == "http" else {""}
        found: list[Route] = []
        for other, other_pattern in earlier.candidates(pattern):
            taken = left.intersection(other.methods) if route.kind == "http" else left
            if other.kind != route.kind or not taken:
                continue
            if other_pattern.covers(pattern) and _is_certain(other, route):
                found.append(other)
                left = left - taken
                if not left:
                    return tuple(found)
        return ()

    def _decides_itself(self, route: Route) -> bool:
        """Whether a route's own class may refuse what its path matches."""
        for level in route.levels:
            call = level.site.expr if level.site is not None else None
            if not isinstance(call, s.Call) or level.site is None:
                continue
            given = keyword(call, "route_class")
            if given is not None:
                cls = self.resolver.resolve(given, level.site.scope)
                if not isinstance(cls, ClassSymbol) or self.resolver.class_member(cls, "matches") is not None:
                    return True
        return False


class _Earlier:
    """The routes before one, by how many segments their paths have: most pairs needn't be compared."""

    def __init__(self) -> None:
        self._routes: list[tuple[Route, PathPattern]] = []
        self._by_slashes: dict[int, list[int]] = {}
        self._of_any_length: list[int] = []

    def add(self, route: Route, pattern: PathPattern) -> None:
        """Put a route behind the others."""
        is_open = any(convertor == "path" for _, convertor in pattern.parameters)
        same = self._of_any_length if is_open else self._by_slashes.setdefault(_slashes(pattern), [])
        same.append(len(self._routes))
        self._routes.append((route, pattern))

    def candidates(self, later: PathPattern) -> Iterator[tuple[Route, PathPattern]]:
        """The routes whose paths may cover those of a later one, in their order."""
        start = later.literals[0]
        for index in sorted((*self._of_any_length, *self._by_slashes.get(_slashes(later), ()))):
            if start.startswith(self._routes[index][1].literals[0]):
                yield self._routes[index]


def _slashes(pattern: PathPattern) -> int:
    return sum(literal.count("/") for literal in pattern.literals)


def _is_certain(earlier: Route, later: Route) -> bool:
    """Whether the paths hold together: the same assumptions, or a path that takes everything."""
    if earlier.endpoint is not None and earlier.endpoint is later.endpoint:
        return False
    if _is_versioned(earlier) or _is_versioned(later):
        return False
    return set(earlier.assumes) == set(later.assumes) or _shape(earlier.path) == "/{path}"


def _is_versioned(route: Route) -> bool:
    """Whether the endpoint carries a version's decorator: such routes are spread over several apps later."""
    return route.endpoint is not None and any(
        "version" in (dotted_name(d.func if isinstance(d, s.Call) else d) or "").lower()
        for d in route.endpoint.node.decorators
    )


def _shape(path: str) -> str:
    """A path with convertors in place of the parameters' names."""
    pattern = pattern_of(path)
    if pattern is None:
        return path
    pieces = [pattern.literals[0]]
    for position, (_, convertor) in enumerate(pattern.parameters):
        pieces += ("{" + convertor + "}", pattern.literals[position + 1])
    return "".join(pieces)
