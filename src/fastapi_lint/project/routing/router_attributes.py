"""Attributes of apps, routers and registered routes, as FastAPI and Starlette have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.routing.classes import REGISTRATION
from fastapi_lint.project.routing.routers import (
    HostValue,
    IncludeValue,
    MountValue,
    Problem,
    RouterMethod,
    RouterValue,
    RouteValue,
)
from fastapi_lint.project.routing.table import Level, Site
from fastapi_lint.project.routing.values import (
    MISSING,
    ExternalInstance,
    ExternalValue,
    ListValue,
    SetValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_METHODS = REGISTRATION | frozenset(
    {
        "add_event_handler",
        "__init__",
        "middleware",
        "exception_handler",
        "add_middleware",
        "add_exception_handler",
    }
)
_PUBLIC = frozenset(
    """
    app build_middleware_stack contact debug default default_response_class dependency_overrides
    dependency_overrides_provider deprecated description docs_url exception_handlers extra
    form_limits generate_unique_id_function handle include_in_schema lifespan_context license_info
    lifespan matches max_body_size middleware_stack not_found openapi openapi_external_docs
    openapi_schema openapi_tags openapi_url openapi_version redirect_slashes redoc_url responses
    root_path root_path_in_servers route_class separate_input_output_schemas servers setup shutdown
    startup strict_content_type summary swagger_ui_init_oauth swagger_ui_oauth2_redirect_url
    swagger_ui_parameters terms_of_service title url_path_for user_middleware version webhooks
    __dict__ __doc__ __call__ build_middleware_stack
    """.split()
)
"""Other attributes of apps and routers (FastAPI 0.165)."""

_LISTS = ("tags", "dependencies", "on_shutdown", "callbacks")


def get_from_router(run: Interpreter, base: RouterValue, name: str, site: Site | None) -> Value:
    """`router.name`: the project's own subclass first, then FastAPI's."""
    if base.cls is not None:
        found = run.class_attribute(base.cls, name)
        if found is not MISSING and name not in base.attrs:
            return run.bound(found, base, site)
    if name == "routes":
        base.escapes.append(f"{site}" if site is not None else "routes")
        return base.routes
    if name == "router" and base.is_app:
        return base
    if name == "prefix" and not base.is_app:
        return base.prefix
    if name == "on_startup":
        return base.startup
    if name in base.attrs:
        return base.attrs[name]
    if name in _METHODS:
        return RouterMethod(base, name)
    if name == "state":
        base.attrs[name] = ExternalInstance("starlette.datastructures.State", run.no_arguments, site)
        return base.attrs[name]
    if name == "__class__":
        return base.cls if base.cls is not None else ExternalValue(class_name(base))
    return _constructed(run, base, name)


def _constructed(run: Interpreter, base: RouterValue, name: str) -> Value:
    """An attribute that keeps an argument of the constructor."""
    given = base.values.get(name, MISSING)
    if given is not MISSING:
        base.attrs[name] = given
        return given
    if name in _LISTS:
        base.attrs[name] = ListValue((), base.conditions)
        return base.attrs[name]
    return Unknown(f"the attribute `{name}` of a router") if name in _PUBLIC else MISSING


def class_name(router: RouterValue) -> str:
    """The canonical name of the library class that a router is an instance of."""
    names = {"app": "fastapi.FastAPI", "router": "fastapi.APIRouter"}
    return names.get(router.kind, "starlette.applications.Starlette")


def level_of(run: Interpreter, router: RouterValue) -> Level:
    """The router's own level, with dependencies that were added to it after it was made."""
    own = router.attrs.get("dependencies")
    if not isinstance(own, list):
        return router.level
    sites = [one.site for one in own if isinstance(getattr(one, "site", None), Site)]
    more = tuple(
        site for site in sites if all(site.expr is not one.expr for one in router.level.dependencies)
    )
    if not more:
        return router.level
    return Level(router.level.kind, router.level.site, (*router.level.dependencies, *more))


def set_on_router(run: Interpreter, base: RouterValue, name: str, value: Value, site: Site | None) -> None:
    """`router.name = value`."""
    if name == "routes":
        if isinstance(value, list | tuple):
            base.routes = ListValue(value, base.conditions)
        else:
            base.problems.append(Problem("its routes are replaced by a list that is not known", site))
    elif name == "prefix" and not base.is_app:
        base.prefix = run.either(base.prefix, value, base.conditions)
    elif name == "router" and base.is_app:
        base.problems.append(Problem("its router is replaced", site))
    elif name == "lifespan_context":
        base.lifespan, base.lifespan_at = value, site
    else:
        base.attrs[name] = run.either(base.attrs.get(name, MISSING), value, base.conditions)


def get_from_route(run: Interpreter, base: RouteValue, name: str, site: Site | None) -> Value:
    """`route.name`."""
    if name in base.attrs:
        return base.attrs[name]
    if name in ("path", "path_format"):
        return base.path
    if name == "endpoint":
        return base.endpoint
    if name == "methods":
        return SetValue(base.methods) if base.kind == "http" else MISSING
    if name == "name":
        named = base.name if base.name is not None else run.attribute(base.endpoint, "__name__", site)
        return named if isinstance(named, str) else Unknown("the name of a route")
    if name in ("tags", "dependencies") and not base.raw:
        base.attrs[name] = ListValue()
        return base.attrs[name]
    return Unknown(f"`{name}` of a route")


def set_on_route(run: Interpreter, base: RouteValue, name: str, value: Value) -> None:
    """`route.name = value`: another path or endpoint takes effect, the rest is kept."""
    if name == "path":
        base.path = run.either(base.path, value, base.conditions)
    elif name == "endpoint":
        base.endpoint = value
    elif name == "methods" and isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        base.methods = tuple(sorted(str(one).upper() for one in value))
    else:
        base.attrs[name] = value


def get_from_mount(run: Interpreter, base: MountValue, name: str, site: Site | None) -> Value:
    """`mount.name`."""
    if name in base.attrs:
        return base.attrs[name]
    if name in ("path", "app", "name"):
        return getattr(base, name)
    if name == "routes":
        return base.app.routes if isinstance(base.app, RouterValue) else Unknown("routes of a mounted app")
    return Unknown(f"`{name}` of a mount") if name not in ("methods", "endpoint") else MISSING


def set_on_mount(base: MountValue, name: str, value: Value) -> None:
    """`mount.name = value`."""
    if name in ("path", "app"):
        setattr(base, name, value)
    else:
        base.attrs[name] = value


def get_from_host(run: Interpreter, base: HostValue | IncludeValue, name: str, site: Site | None) -> Value:
    """Attributes of a host's entry or of a lazily included router, which has neither path nor endpoint."""
    return MISSING if name in ("path", "methods", "endpoint") else Unknown("an attribute of a route")
