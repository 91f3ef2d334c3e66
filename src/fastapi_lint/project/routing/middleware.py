"""The middleware of an app, as `add_middleware`, `@app.middleware` and `middleware=[...]` give it.

Source: `starlette/applications.py`. `add_middleware` inserts at the front of `user_middleware`, of which the
first runs outermost, and `@app.middleware("http")` calls it; `middleware=` is that list itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.names.canonical import canonical
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.routing.arguments import Arguments
from fastapi_lint.project.routing.table import Middleware, Site
from fastapi_lint.project.routing.values import (
    ClassValue,
    Conditions,
    ExternalInstance,
    ExternalValue,
    Maybe,
    Native,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter
    from fastapi_lint.project.routing.routers import RouterValue

_WRAPPER = "starlette.middleware.Middleware"
_FUNCTIONS = "starlette.middleware.base.BaseHTTPMiddleware"


def add_middleware(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    """`app.add_middleware(cls, **options)`."""
    if site is not None:
        router.middleware.insert(0, _made(run, arguments, site, run.conditions))


def middleware(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> Value:
    """`app.middleware("http")`: a decorator that returns the function."""

    def register(run: Interpreter, given: Arguments, where: Site | None) -> Value:
        function = given.value(run, 0, "func", None)
        place = where or site
        if place is not None:
            router.middleware.insert(0, Middleware(place, run.function_of(function), run.conditions))
        return function

    return Native("middleware", register)


def listed_middleware(run: Interpreter, router: RouterValue, arguments: Arguments) -> None:
    """`FastAPI(middleware=[Middleware(cls, **options), ...])`; items that aren't known are left out."""
    given = arguments.keywords.get("middleware")
    for item in (run.items(given.value(run)) or ()) if given is not None else ():
        conditions = item.conditions if isinstance(item, Maybe) else run.conditions
        entry = item.value if isinstance(item, Maybe) else item
        if isinstance(entry, ExternalInstance) and canonical(entry.callee) == _WRAPPER and entry.site:
            router.middleware.append(_made(run, entry.arguments, entry.site, conditions))


def _made(run: Interpreter, arguments: Arguments, site: Site, conditions: Conditions) -> Middleware:
    cls = _symbol(arguments.value(run, 0, "middleware_class", arguments.value(run, None, "cls", None)))
    if isinstance(cls, External) and cls.name == _FUNCTIONS:
        function = run.function_of(arguments.value(run, None, "dispatch", None))
        return Middleware(site, function, conditions)
    return Middleware(site, cls, conditions)


def _symbol(value: Value) -> ClassSymbol | FunctionSymbol | External | None:
    if isinstance(value, ClassValue):
        return value.symbol
    return External(canonical(value.name)) if isinstance(value, ExternalValue) else None
