"""Small projects written as text, and their route tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.names import modules
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.routing.build import RoutingOptions, build
from fastapi_lint.project.routing.table import App, Route, RouteTables

Files = Mapping[str, str]
Tables = Callable[..., RouteTables]
TheApp = Callable[..., App]
Rows = Callable[[App], list[str]]


def _read(files: Files | str) -> dict[str, PythonFacts]:
    found = {}
    for path, text in ({"main.py": files} if isinstance(files, str) else files).items():
        facts = extract(text.encode())
        assert isinstance(facts, PythonFacts), facts
        found[path] = facts
    return found


def _tables(files: Files | str, lazy: bool = True) -> RouteTables:
    return build(Resolver(modules.build(_read(files))), RoutingOptions(lazy_include=lazy))


def _app(files: Files | str, lazy: bool = True) -> App:
    (app,) = _tables(files, lazy).apps
    return app


def _row(route: Route) -> str:
    what = ",".join(route.methods) or route.kind
    named = f" {route.name}" if route.name else ""
    return f"{what} {route.path}{named}{' ?' if route.conditional else ''}"


@pytest.fixture
def tables() -> Tables:
    """`tables({path: text}, lazy=True)`, or the text of `main.py` alone, gives the route tables."""
    return _tables


@pytest.fixture
def the_app() -> TheApp:
    """The same for a project with one app."""
    return _app


@pytest.fixture
def rows() -> Rows:
    """An app's routes as `GET /path name`; a mark at the end for conditional ones."""
    return lambda app: [_row(route) for route in app.routes]
