"""Which parameters of a route's path the endpoint, or something that it depends on, declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.flow import can_complete
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.requests.html_pages import HtmlPages
from fastapi_lint.project.requests.reading import Reading, RequestReading
from fastapi_lint.project.routing.paths import parameter_names, pattern_of
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.parameters import RequestParameter
    from fastapi_lint.project.routing.table import Route
    from fastapi_lint.project.types.infer import Value

_WITHOUT_PATH = (
    "fastapi.security.",
    "fastapi_jwt_auth.",
    "fastapi_limiter.",
    "fastapi_pagination.",
    "fastapi_users.",
    "motor.",
    "redis.",
    "sqlalchemy.",
    "sqlmodel.",
)
"""Dependencies of libraries that take nothing from the path."""

_UNKNOWN = Reading(is_all_known=False)


class Undeclared(msgspec.Struct, frozen=True, eq=False):
    """A path parameter that nothing declares; `similar` is a parameter that may have been meant for it."""

    endpoint: Endpoint
    route: Route
    name: str
    similar: RequestParameter | None = None


class PathParameters:
    """Answers which path parameters are declared. Where a dependency isn't known, all may be."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.parameters = project.request_parameters
        self.reading = RequestReading(project.types, project.calls)
        self.pages = HtmlPages(project.types)

    def undeclared(self, endpoint: Endpoint) -> Iterator[Undeclared]:
        """The parameters in the paths of an endpoint's routes that nothing declares, route by route."""
        wanted = [(route, name) for route in endpoint.routes for name in self._wanted(route, endpoint)]
        declared = self.declared(endpoint) if wanted else _UNKNOWN
        for route, name in wanted if declared.is_all_known else ():
            if name not in declared.names:
                found = Undeclared(endpoint, route, name, self._similar(endpoint, route, name))
                if found.similar is not None or not self.pages.is_given_by(endpoint):
                    yield found

    def _wanted(self, route: Route, endpoint: Endpoint) -> tuple[str, ...]:
        """The parameters of a path that somebody has to declare.

        Not one that takes the whole rest of the path, as a page for all unknown addresses does; nor those
        that a mount puts before. An endpoint that always raises refuses all of them.
        """
        pattern = pattern_of(route.path)
        if pattern is None or route.kind not in ("http", "websocket") or route.raw:
            return ()
        if not can_complete(endpoint.function.node.body):
            return ()
        names = [name for name, _ in pattern.parameters]
        if pattern.parameters and pattern.parameters[-1][1] == "path" and not pattern.literals[-1]:
            names = names[:-1]
        if route.mounted:
            own = route.path_at.expr if route.path_at is not None else None
            text = own.value if isinstance(own, s.Constant) and isinstance(own.value, str) else ""
            names = [name for name in names if name in parameter_names(text)]
        return tuple(dict.fromkeys(names))

    def declared(self, endpoint: Endpoint) -> Reading:
        """The names that an endpoint and its dependencies declare or read from the request."""
        if not self._keeps_signature(endpoint.function) or any(self._is_special(r) for r in endpoint.routes):
            return _UNKNOWN
        found = self._of_function(endpoint.function)
        if endpoint.function.owner is not None:
            found |= Reading(frozenset(self._of_view(endpoint.function.owner)))
        for dependency in self.project.endpoints.paths(endpoint):
            found |= self._of_dependency(dependency.last)
        return found

    def _is_special(self, route: Route) -> bool:
        """Whether a route has a class of its own, or dependencies that aren't known."""
        for level in route.levels:
            call = level.site.expr if level.site is not None else None
            if isinstance(call, s.Call) and keyword(call, "route_class") is not None:
                return True
            for site in level.dependencies:
                if not self.project.dependencies.of_list(site.expr, site.scope, level.kind):
                    return not (isinstance(site.expr, s.Collection) and not site.expr.items)
        return False

    def _keeps_signature(self, function: FunctionSymbol) -> bool:
        """Whether FastAPI sees the parameters as they stand there."""
        return all(
            one.effect != "unknown" and not one.hides_signature and not _is_given_signature(one.wrapper)
            for one in self.project.decorators.of(function)
        )

    # --- what declares ---------------------------------------------------------------------------

    def _of_function(self, function: FunctionSymbol) -> Reading:
        return self._names(self.parameters.of_function(function)) | self.reading.by(function)

    def _of_view(self, cls: ClassSymbol) -> set[str]:
        """The fields of a class-based view."""
        found: set[str] = set()
        for base in self.project.resolver.ancestry(cls):
            if isinstance(base, ClassSymbol):
                found |= {name for one in self.parameters.fields(base) for name in (one.name, one.alias)}
        return found

    def _names(self, parameters: Iterable[RequestParameter]) -> Reading:
        found = Reading()
        for one in parameters:
            if one.marker == "Depends":
                continue
            if one.marker is None or self._may_be_alias(one):
                found |= _UNKNOWN
            found |= Reading(frozenset({one.name, one.alias}))
            if one.type.model is not None and one.marker == "Path":
                fields = self.parameters.of_class(one.type.model)
                found |= self._names(fields) if fields is not None else _UNKNOWN
        return found

    def _may_be_alias(self, one: RequestParameter) -> bool:
        """Whether an annotation is something unknown, such as a library's `Annotated[..., Depends(...)]`."""
        if one.marker or one.type.shape != "unknown" or one.annotation is None:
            return False
        symbol = self.project.resolver.resolve(one.annotation, one.scope)
        return not isinstance(symbol, ClassSymbol)

    def _of_dependency(self, dependency: Dependency) -> Reading:
        target = dependency.target
        if isinstance(target, ClassSymbol):
            fields = self.parameters.of_class(target)
            return self._names(fields) if fields is not None else _UNKNOWN
        if _takes_nothing(target):
            return Reading()
        function = self.project.dependencies.run_by(target)
        if function is None or not self._keeps_signature(function):
            return _UNKNOWN
        return self._of_function(function)

    def _similar(self, endpoint: Endpoint, route: Route, name: str) -> RequestParameter | None:
        """A required parameter of the endpoint that the query string has to give, and that may be meant."""
        taken = parameter_names(route.path)
        found = [
            one
            for one in self.parameters.of_function(endpoint.function)
            if one.marker == ""
            and one.default is None
            and one.type.shape == "scalar"
            and one.alias not in taken
        ]
        close = [one for one in found if _is_close(one.alias, name)]
        return close[0] if close else None


def _is_given_signature(wrapper: FunctionSymbol | None) -> bool:
    """Whether a wrapper declares parameters of its own beside `*args` and `**kwargs`."""
    return wrapper is not None and any(p.kind not in ("args", "kwargs") for p in wrapper.node.parameters)


def _takes_nothing(target: Value | None) -> bool:
    name = ""
    if isinstance(target, External):
        name = target.name
    elif isinstance(target, Instance) and isinstance(target.cls, External):
        name = target.cls.name
    return name.startswith(_WITHOUT_PATH)


def _is_close(left: str, right: str) -> bool:
    """`id` and `user_id`, `userId` and `user_id`, `user` and `user_id`."""
    one, other = (text.replace("_", "").lower() for text in (left, right))
    return one in other or other in one
