"""FastAPI's own registration: constructors, route methods and decorators, mounts, start-up handlers.

Follows `fastapi/routing.py` and `fastapi/applications.py` (0.95 to 0.165) and `starlette/routing.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.arguments import Argument, Arguments, known
from fastapi_lint.project.routing.include import include_router
from fastapi_lint.project.routing.middleware import add_middleware, listed_middleware, middleware
from fastapi_lint.project.routing.router_attributes import level_of
from fastapi_lint.project.routing.routers import (
    HostValue,
    MountValue,
    Problem,
    RouteDecorator,
    RouterMethod,
    RouterValue,
    RouteValue,
)
from fastapi_lint.project.routing.table import EventHandler, Level, Site
from fastapi_lint.project.routing.values import (
    ClassValue,
    ExternalValue,
    ListValue,
    Native,
    Unknown,
    Value,
)
from fastapi_lint.project.routing.wrappers import unwrapped

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})

ROUTE_CLASSES = frozenset(
    {
        "fastapi.routing.APIRoute",
        "fastapi.routing.APIWebSocketRoute",
        "starlette.routing.Route",
        "starlette.routing.WebSocketRoute",
        "starlette.routing.Mount",
        "starlette.routing.Host",
        "fastapi.routing.Mount",
        "fastapi.routing.Route",
    }
)
"""Classes whose instances stand in `routes=[...]`."""

_KEPT = (
    "title version debug docs_url redoc_url openapi_url root_path tags route_class include_in_schema "
    "default_response_class dependencies deprecated responses"
).split()


def initialise(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    """`FastAPI.__init__`, `APIRouter.__init__` or `Starlette.__init__`."""
    dependencies = arguments.keywords.get("dependencies")
    where = router.site or site
    own = dependencies.item_sites(run) if dependencies else ()
    router.level = Level("app" if router.is_app else "router", where, own)
    router.options = _sites(arguments)
    router.loose = arguments.loose
    if router.kind == "router":
        router.prefix = arguments.value(run, None, "prefix", "")
    for name in _KEPT:
        given = arguments.keywords.get(name)
        if given is not None and not (
            name == "dependencies" and dependencies is not None and given.expr is None
        ):
            router.values[name] = given.value(run)
    _routes_argument(run, router, arguments, site)
    listed_middleware(run, router, arguments)
    lifespan = arguments.keywords.get("lifespan")
    if lifespan is not None:
        router.lifespan, router.lifespan_at = lifespan.value(run), lifespan.site
    for name in ("on_startup", "on_shutdown"):
        handlers = arguments.keywords.get(name)
        for handler in run.items(handlers.value(run)) or () if handlers is not None else ():
            _add_event(run, router, name[3:], handler, handlers.site if handlers else site)


def _routes_argument(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    position = 1 if router.kind == "starlette" else None
    given = arguments.get(position, "routes")
    routes = given.value(run) if given is not None else None
    items = run.items(routes) if routes is not None else []
    if items is None:
        router.problems.append(Problem("`routes=` is a list that is not known", site))
    else:
        router.routes = ListValue(items, router.conditions)


def _sites(arguments: Arguments) -> dict[str, Site]:
    return {
        name: site for name, argument in arguments.keywords.items() if (site := argument.site) is not None
    }


def call_method(run: Interpreter, method: RouterMethod, arguments: Arguments, site: Site | None) -> Value:
    """`router.name(arguments)` for a method of FastAPI's own."""
    router, name = method.router, method.name
    run.matters()
    if name in _VERBS:
        return _verb(run, router, name, arguments, site)
    how = _METHODS.get(name)
    if how is None:
        run.values_of(arguments)
        return Unknown(f"`{name}` of a router", site)
    return how(run, router, arguments, site)


def _verb(run: Interpreter, router: RouterValue, name: str, arguments: Arguments, site: Site | None) -> Value:
    methods = known(ListValue([name.upper()]))
    override = run.override(router, "api_route")
    path = arguments.get(0, "path")
    if override is None or path is None:
        keywords = {**arguments.keywords, "methods": methods}
        return RouteDecorator(
            router, "api_route", Arguments(arguments.positional, keywords, arguments.loose), site
        )
    keywords = {"path": path, **arguments.keywords, "methods": methods}
    return run.call(override, Arguments([], keywords, arguments.loose), site, None)


def _decorator(name: str) -> Callable[..., Value]:
    def make(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> Value:
        return RouteDecorator(router, name, arguments, site)

    return make


_ADDERS = {
    "api_route": "add_api_route",
    "websocket": "add_api_websocket_route",
    "websocket_route": "add_websocket_route",
    "route": "add_route",
}


def apply(run: Interpreter, decorator: RouteDecorator, endpoint: Value) -> Value:
    """What a route decorator does with the function below it: register it and return it."""
    arguments = decorator.arguments
    assert isinstance(arguments, Arguments)
    adder = _ADDERS[decorator.method]
    override = run.override(decorator.router, adder)
    if override is not None:
        path = arguments.get(0, "path")
        keywords = {name: one for name, one in arguments.keywords.items() if name != "path"}
        positional = [path or known(Unknown("the path")), known(endpoint)]
        run.call(override, Arguments(positional, keywords, arguments.loose), decorator.site, None)
    else:
        _add(run, decorator.router, adder, arguments, endpoint, decorator.site)
    return endpoint


def _adder(name: str) -> Callable[..., Value]:
    def add(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> Value:
        second = {"add_route": "route"}.get(name, "endpoint")
        endpoint = arguments.get(1, second) or arguments.get(1, "endpoint")
        rest = Arguments(
            [*arguments.positional[:1], *arguments.positional[2:]], arguments.keywords, arguments.loose
        )
        value = endpoint.value(run) if endpoint is not None else Unknown("the endpoint")
        _add(run, router, name, rest, value, site)
        return None

    return add


def _add(
    run: Interpreter,
    router: RouterValue,
    adder: str,
    arguments: Arguments,
    endpoint: Value,
    site: Site | None,
) -> None:
    """Append a route, or one for each path that is possible."""
    raw = adder in ("add_route", "add_websocket_route")
    argument = arguments.get(0, "path")
    path = _joined(run, "" if raw else router.prefix, argument, arguments)
    route = _route(run, router, arguments, endpoint, site, adder, raw)
    if route is None:
        router.problems.append(Problem("the methods of a route are not known", site))
        return
    route.path, route.path_at = path, argument.site if argument is not None else None
    run.register(router, route)


def _joined(run: Interpreter, prefix: Value, argument: Argument | None, arguments: Arguments) -> Value:
    if argument is None:
        return Unknown("the path is not given")
    path = argument.value(run)
    return operators.binary(run, "+", prefix, path) if prefix != "" else operators.text_of(path)


def _route(
    run: Interpreter,
    router: RouterValue | None,
    arguments: Arguments,
    endpoint: Value,
    site: Site | None,
    adder: str,
    raw: bool,
) -> RouteValue | None:
    kind = "websocket" if "websocket" in adder else "http"
    methods = () if kind == "websocket" else _methods(run, arguments, raw, endpoint)
    if methods is None:
        return None
    dependencies = arguments.keywords.get("dependencies")
    own = Level("route", site, dependencies.item_sites(run) if dependencies is not None and not raw else ())
    levels = (level_of(run, router), own) if router is not None and not raw else (own,)
    name = arguments.keywords.get("name")
    registered = run.registered_at(endpoint, site)
    return RouteValue(
        kind, raw, "", methods, endpoint, registered, None, levels, _sites(arguments), run.conditions,
        name=name.value(run) if name is not None else None,
    )  # fmt: skip


def _methods(run: Interpreter, arguments: Arguments, raw: bool, endpoint: Value) -> tuple[str, ...] | None:
    given = arguments.value(run, 1 if raw else None, "methods", None)
    if given is None:
        return () if raw and isinstance(endpoint, ClassValue) else ("GET",)
    items = run.items(given)
    if items is None or not all(isinstance(operators.text_of(item), str) for item in items):
        return tuple(_verbs_of(items)) if items and _verbs_of(items) else None
    names = {str(operators.text_of(item)).upper() for item in items}
    if raw and "GET" in names:
        names.discard("HEAD")
    return tuple(sorted(names))


def _verbs_of(items: list[Value]) -> list[str]:
    """Members of `http.HTTPMethod`; empty if some item is something else."""
    found = [one.name.rpartition(".")[2] for one in items if isinstance(one, ExternalValue)]
    return (
        sorted(found) if len(found) == len(items) and all("HTTPMethod" in one.name for one in items) else []
    )


def make_route(run: Interpreter, arguments: Arguments, site: Site | None, raw: bool) -> RouteValue:
    """`APIRoute(path, endpoint, ...)` or Starlette's `Route(...)`, not registered yet."""
    return _make(run, arguments, site, "add_route" if raw else "add_api_route", raw)


def _make(run: Interpreter, arguments: Arguments, site: Site | None, adder: str, raw: bool) -> RouteValue:
    endpoint = arguments.value(run, 1, "endpoint", Unknown("the endpoint"))
    rest = Arguments(arguments.positional[:1], arguments.keywords, arguments.loose)
    route = _route(run, None, rest, endpoint, site, adder, raw)
    if route is None:
        route = RouteValue("http", raw, "", (), endpoint, site, None, (), {}, run.conditions)
        route.path = Unknown("the methods of a route are not known")
        return route
    argument = arguments.get(0, "path")
    route.path, route.path_at = _joined(run, "", argument, arguments), argument.site if argument else None
    return route


def make_entry(run: Interpreter, name: str, arguments: Arguments, site: Site | None) -> Value:
    """An instance of a class that stands in `routes=[...]`."""
    last = name.rpartition(".")[2]
    if last == "Mount":
        return _mount_entry(run, arguments, site)
    if last == "Host":
        host, app = arguments.value(run, 0, "host", ""), arguments.value(run, 1, "app", None)
        return HostValue(host, app, site, run.conditions)
    if last in ("WebSocketRoute", "APIWebSocketRoute"):
        raw = last == "WebSocketRoute"
        return _make(run, arguments, site, "add_websocket_route" if raw else "add_api_websocket_route", raw)
    return make_route(run, arguments, site, raw="fastapi.routing.API" not in name)


def _mount_entry(run: Interpreter, arguments: Arguments, site: Site | None) -> MountValue:
    argument = arguments.get(0, "path")
    path = (
        operators.text_of(argument.value(run)) if argument is not None else Unknown("the path is not given")
    )
    app = arguments.value(run, 1, "app", None)
    routes = arguments.value(run, 2, "routes", None)
    if app is None and routes is not None:
        inner = RouterValue("starlette", None, site, run.conditions)
        items = run.items(routes)
        inner.routes = ListValue(items or [], run.conditions)
        if items is None:
            inner.problems.append(Problem("`routes=` is a list that is not known", site))
        app = inner
    if isinstance(path, str):
        path = operators.retext(path.rstrip("/"), path)
    named = arguments.value(run, None, "name", None)
    where = argument.site if argument is not None else None
    return MountValue(path, app, site, where, run.conditions, name=named)


def _mount(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    entry = _mount_entry(run, arguments, site)
    inside = unwrapped(run, entry.app)
    entry.app = None if entry.app is router else entry.app if inside is router else inside
    run.register(router, entry)


def _host(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    host, app = arguments.value(run, 0, "host", ""), arguments.value(run, 1, "app", None)
    router.routes.append(HostValue(host, app, site, run.conditions))


def _frontend(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    argument = arguments.get(0, "path")
    path = (
        operators.text_of(argument.value(run)) if argument is not None else Unknown("the path is not given")
    )
    if isinstance(path, str) and path != "/":
        path = operators.retext(path.rstrip("/"), path)
    if router.prefix != "":
        path = router.prefix if path == "/" else operators.binary(run, "+", router.prefix, path)
    where = argument.site if argument is not None else None
    levels = (level_of(run, router), Level("route", site))
    router.frontends.append(
        RouteValue("frontend", True, path, (), None, site, where, levels, _sites(arguments), run.conditions)
    )


def _include(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    include_router(run, router, arguments, site)


def _on_event(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> Value:
    event = arguments.value(run, 0, "event_type", "")

    def register(run: Interpreter, given: Arguments, where: Site | None) -> Value:
        handler = given.value(run, 0, "func", None)
        _add_event(run, router, event, handler, site)
        return handler

    return Native("on_event", register)


def _add_event_handler(
    run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None
) -> None:
    event, handler = arguments.value(run, 0, "event_type", ""), arguments.value(run, 1, "func", None)
    _add_event(run, router, event, handler, site)


def _add_event(
    run: Interpreter, router: RouterValue, event: Value, handler: Value, site: Site | None
) -> None:
    if event == "startup":
        router.startup.append(handler)
    if isinstance(event, str) and site is not None:
        router.events.append(EventHandler(event, site, run.function_of(handler), router.site))


def _decorating(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> Value:
    """`exception_handler(...)`: a decorator that returns the function."""
    return Native("decorator", lambda run, given, where: given.value(run, 0, "func", None))


def _nothing(run: Interpreter, router: RouterValue, arguments: Arguments, site: Site | None) -> None:
    return None


_METHODS: dict[str, Callable[..., Value]] = {
    "__init__": lambda run, router, arguments, site: initialise(run, router, arguments, site),
    **{name: _decorator(name) for name in _ADDERS},
    **{name: _adder(name) for name in _ADDERS.values()},
    "mount": _mount,
    "host": _host,
    "frontend": _frontend,
    "include_router": _include,
    "on_event": _on_event,
    "add_event_handler": _add_event_handler,
    "middleware": middleware,
    "exception_handler": _decorating,
    "add_middleware": add_middleware,
    "add_exception_handler": _nothing,
}
