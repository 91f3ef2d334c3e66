"""HTTP errors of other frameworks, which FastAPI doesn't turn into responses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import External, FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("`http.client`", re.compile(r"http\.client\.HTTPException\Z")),
    ("Werkzeug", re.compile(r"werkzeug\.exceptions\.[A-Z]\w+\Z")),
    ("aiohttp", re.compile(r"aiohttp\.(web|web_exceptions)\.HTTP[A-Z]\w+\Z")),
    ("Django", re.compile(r"django\.http(\.response)?\.Http404\Z")),
    ("Django REST framework", re.compile(r"rest_framework\.exceptions\.[A-Z]\w+\Z")),
    ("Sanic", re.compile(r"sanic\.exceptions\.[A-Z]\w+\Z")),
    ("Tornado", re.compile(r"tornado\.web\.HTTPError\Z")),
    ("Falcon", re.compile(r"falcon(\.errors)?\.HTTP[A-Z]\w+\Z")),
)
_BASES = frozenset({"HTTPException", "HTTPError", "APIException", "SanicException"})
_ABORTS = {
    "flask.abort": "Flask",
    "flask.helpers.abort": "Flask",
    "quart.abort": "Quart",
    "werkzeug.exceptions.abort": "Werkzeug",
    "sanic.exceptions.abort": "Sanic",
}
_PACKAGES = frozenset(
    "http.client werkzeug aiohttp django rest_framework sanic tornado falcon flask quart".split()
)
"""One of them is imported wherever such an error is raised."""


class ForeignError(msgspec.Struct, frozen=True, eq=False):
    """A place that raises another framework's HTTP error, and the calls that lead there from `start`.

    `name` is what the code raises or calls, `family` the framework; `is_call` tells that it is `abort(...)`.
    """

    start: FunctionSymbol
    function: FunctionSymbol
    at: int
    name: str
    family: str
    calls: tuple[CallSite, ...]
    is_call: bool = False


class ForeignErrors:
    """Answers which foreign HTTP errors endpoints and dependencies let out."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def all(self) -> Iterator[ForeignError]:
        """Each place once, by the first way that leads to it; errors that have a handler are left out."""
        if self.project.import_graph.named.isdisjoint(_PACKAGES):
            return
        handled = self._handled()
        seen: set[tuple[str, int]] = set()
        for called in self.project.endpoints.called:
            function = called.function
            if called.kind not in ("endpoint", "dependency") or self.project.roles.is_outside(
                function.module
            ):
                continue
            for error in (*self._raised(function, handled), *self._aborts(function)):
                place = (error.function.module.path, error.at)
                if place not in seen:
                    seen.add(place)
                    yield error

    def _handled(self) -> frozenset[str | None]:
        """The names of the classes that have a registered handler; None if one of them is unknown."""
        found: set[str | None] = set()
        for handler in self.project.endpoints.hooks.exception_handlers:
            if handler.handles is None:
                found.add(None)
            elif not isinstance(handler.handles, s.Constant):
                found.update(self.project.catching.exception_names(handler.handles, handler.scope))
        return frozenset(found - {"builtins.Exception", "builtins.BaseException"})

    def _raised(self, function: FunctionSymbol, handled: frozenset[str | None]) -> Iterator[ForeignError]:
        for raised in self.project.raising.by(function):
            family = next((f for name in sorted(raised.names) if (f := _family(name))), None)
            if family is None or raised.is_http or None in handled or raised.names & handled:
                continue
            if any(name is not None and _is_base(name, family) for name in handled):
                continue
            name = raised.error.name.rpartition(".")[2]
            at = raised.statement.at
            yield ForeignError(function, raised.function, at, name, family, raised.calls)

    def _aborts(self, function: FunctionSymbol) -> Iterator[ForeignError]:
        for site in self.project.calls.of(function):
            family = _ABORTS.get(site.callee.name) if isinstance(site.callee, External) else None
            if family is not None:
                yield ForeignError(function, function, site.call.at, "abort", family, (), is_call=True)


def _is_base(name: str, family: str) -> bool:
    """Whether a class is the one that all errors of a framework derive from."""
    return name.rpartition(".")[2] in _BASES and _family(name) == family


def _family(name: str) -> str | None:
    return next((family for family, pattern in _FAMILIES if pattern.match(name)), None)
