"""Putting an entry on a router: only with a path that is known, and under the conditions that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.files import ROOT
from fastapi_lint.project.routing.routers import MountValue, Problem, RouterValue, RouteValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import Choice, Condition, Unknown, Value

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter


_MAX_ROUTES = 10_000
"""How many routes of one router are kept; with more, there is too much code to follow."""


def register(run: Interpreter, router: RouterValue, entry: RouteValue | MountValue) -> None:
    """Append an entry to a router's routes; one whose path is not known is left out, with the reason."""
    if isinstance(entry, MountValue):
        _note_mount(router, entry)
    path = operators.text_of(entry.path)
    if isinstance(path, Choice):
        for option in path.options:
            conditions = (*entry.conditions, Condition(entry.path_at))
            register(run, router, replace(entry, path=option, conditions=conditions))
        return
    if not isinstance(path, str) or ROOT in path:
        problem = _problem(router, entry, path)
        if problem not in router.problems:
            router.problems.append(problem)
        return
    entry.path = path
    if len(router.routes) >= _MAX_ROUTES:
        run.overrun = True
    else:
        router.routes.append(entry)


def _note_mount(router: RouterValue, entry: MountValue) -> None:
    for app in entry.app.options if isinstance(entry.app, Choice) else (entry.app,):
        if isinstance(app, RouterValue) and app is not router:
            app.mounted_by.append((router, entry.registered))


def _problem(router: RouterValue, entry: RouteValue | MountValue, path: Value) -> Problem:
    if not isinstance(operators.text_of(router.prefix), str | Choice):
        return Problem(f"the router's prefix is not known: {why(router.prefix)}", router.site)
    what = "a mount" if isinstance(entry, MountValue) else "a route"
    return Problem(f"the path of {what} is not known: {why(path)}", entry.registered)


def why(value: Value) -> str:
    """Why a value is not known."""
    return value.reason if isinstance(value, Unknown) else operators.unknown_from(value).reason


def registered_at(run: Interpreter, endpoint: Value, site: Site | None) -> Site | None:
    """The decorator that registers an endpoint as the reader sees it: the one above its `def`.

    A decorator of the project that calls `router.get(...)` inside stands for that call.
    """
    symbol = run.function_of(endpoint)
    if symbol is None:
        return site
    for place, value in run.decorating:
        if run.function_of(value) is symbol:
            return place
    return site
