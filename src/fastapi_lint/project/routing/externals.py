"""Calls of what libraries and Python define."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.routing import environment, registration
from fastapi_lint.project.routing.arguments import Arguments
from fastapi_lint.project.routing.builtin_functions import BUILTINS
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.library_functions import LIBRARY
from fastapi_lint.project.routing.library_routes import add_library
from fastapi_lint.project.routing.routers import Problem, RouterMethod, RouterValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.third_party import (
    ADDS,
    APP_CLASSES,
    HARMLESS_PACKAGES,
    MADE,
    NOT_HARMLESS,
    READY,
    RETURNS,
    REWRITES,
    ROUTER_CLASSES,
    Added,
)
from fastapi_lint.project.routing.values import (
    MISSING,
    BoundMethod,
    Choice,
    ExternalInstance,
    ExternalValue,
    InstanceValue,
    Maybe,
    PartialValue,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_LAZY = (
    "sqlalchemy.",
    "pydantic.",
    "typing.",
    "logging.",
    "re.",
    "sqlmodel.",
    "structlog.",
    "loguru.",
    "datetime.",
)
"""Calls whose arguments are not looked at: no router goes there."""

_PARAMETERS = frozenset(
    f"fastapi.{name}"
    for name in "Depends Security Query Path Body Form File Header Cookie HTTPException".split()
)


def call_external(
    run: Interpreter, callee: ExternalValue, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    """`callee(arguments)` for something external."""
    name = callee.name
    known = BUILTINS.get(name) or LIBRARY.get(name)
    if known is not None:
        return known(run, arguments, site, frame)
    if name in _PARAMETERS or name.startswith(_LAZY):
        return ExternalInstance(name, arguments, site)
    if name in APP_CLASSES or name in ROUTER_CLASSES:
        return _router(run, APP_CLASSES.get(name, "router"), arguments, site)
    if name in registration.ROUTE_CLASSES:
        return registration.make_entry(run, name, arguments, site)
    setting = environment.read(run, name, arguments)
    if setting is not MISSING:
        return setting
    return _library(run, callee, arguments, site)


def _router(run: Interpreter, kind: str, arguments: Arguments, site: Site | None) -> RouterValue:
    made = RouterValue(kind, None, site, run.conditions)
    run.found(made)
    registration.initialise(run, made, arguments, site)
    return made


def _library(run: Interpreter, callee: ExternalValue, arguments: Arguments, site: Site | None) -> Value:
    name = _chain(callee.name)
    if name in MADE:
        return _made(run, name, MADE[name], arguments, site)
    values = run.values_of(arguments)
    if name in REWRITES:
        for router in carried(values):
            router.rewritten = True
            router.problems.append(Problem(f"`{_shown(name)}` gives its routes other paths", site))
        return ExternalInstance(callee.name, arguments, site)
    if name in ADDS:
        _add(run, name, ADDS[name], callee, arguments, site)
    elif name in NOT_HARMLESS or name.partition(".")[0] not in HARMLESS_PACKAGES:
        run.handed_over(callee.name, values, site)
    if name in RETURNS and values and isinstance(values[0], RouterValue):
        return values[0]
    return ExternalInstance(callee.name, arguments, site)


def _chain(name: str) -> str:
    """A name in a chain of calls without the calls between: `a.B().c().d` is `a.B().d`."""
    if name.count("()") < 2:
        return name
    first, last = name.partition("()")[0], name.rpartition("()")[2]
    return f"{first}(){last}"


def _place(run: Interpreter, added: Added, arguments: Arguments) -> Value:
    return arguments.value(run, added.position, added.keyword, added.default) if added.keyword else ""


def _made(run: Interpreter, name: str, made: Added, arguments: Arguments, site: Site | None) -> RouterValue:
    router = RouterValue("router", None, site, run.conditions, library=name)
    registration.initialise(run, router, Arguments([], arguments.keywords, arguments.loose), site)
    add_library(run, router, made.routes, _place(run, made, arguments), name, site, router.prefix)
    return router


def _add(
    run: Interpreter, name: str, added: Added, callee: ExternalValue, arguments: Arguments, site: Site | None
) -> None:
    app = arguments.value(run, *added.app)
    source = arguments
    if callee.owner is not None and added.keyword not in arguments.keywords and added.keyword == "base_url":
        source = callee.owner.arguments
    for one in carried([app]):
        if isinstance(one, RouterValue):
            add_library(run, one, added.routes, _place(run, added, source), name, site, "")


def handed_over(run: Interpreter, name: str, values: list[Value], site: Site | None, why: str = "") -> None:
    """Note that routers among the values went to code that is not followed: routes may be added there."""
    for router in carried(values):
        text = f"it {why}" if why else f"`{_shown(name)}` gets it and may add routes"
        router.problems.append(Problem(text, site))
        router.escapes.append(f"{site}" if site else name)


def _shown(name: str) -> str:
    return f"{name}()"


def carried(values: list[Value], depth: int = 2) -> Iterator[RouterValue]:
    """The apps and routers among some values, through lists, bound methods and partial calls."""
    for value in values:
        if isinstance(value, RouterValue):
            yield value
        elif isinstance(value, RouterMethod):
            yield value.router
        elif isinstance(value, Maybe):
            yield from carried([value.value], depth)
        elif isinstance(value, BoundMethod):
            yield from carried([value.receiver], depth)
        elif isinstance(value, PartialValue):
            yield from carried([value.function], depth)
        elif isinstance(value, InstanceValue) and depth:
            yield from carried(list(value.attrs.values()), 0)
        elif isinstance(value, Choice):
            yield from carried(list(value.options), depth)
        elif depth and isinstance(value, list | tuple):
            yield from carried(list(value), depth - 1)
        elif depth and isinstance(value, dict):
            yield from carried(list(value.values()), depth - 1)


def ready_router(run: Interpreter, value: ExternalValue, made: dict[str, RouterValue]) -> RouterValue | None:
    """The router that a library offers ready-made under a name; the same one each time."""
    routes = READY.get(value.name)
    if routes is None:
        return None
    if value.name not in made:
        router = RouterValue("router", None, None, (), library=value.name)
        add_library(run, router, routes, "", value.name, None, "")
        made[value.name] = router
    return made[value.name]
