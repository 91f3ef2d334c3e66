"""Dependencies of websocket endpoints that only HTTP requests can fill.

`solve_dependencies` (`fastapi/dependencies/utils.py`) passes a `Request` only where there is one, else the
call lacks an argument. Run on 0.93 to 0.165: dependencies of routers, includes and apps reach websockets from
0.97 on; the classes of `fastapi.security` want a `Request` before 0.144.0, and take any connection since.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import Dependency, DependencyPath
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.parameters import RequestParameter
    from fastapi_lint.project.routing.table import Route

_REQUEST = frozenset({"fastapi.Request"})
_SCHEMES = frozenset(
    f"{module}.{name}"
    for module, names in {
        "fastapi.security.api_key": "APIKeyCookie APIKeyHeader APIKeyQuery",
        "fastapi.security.http": "HTTPBasic HTTPBearer HTTPDigest",
        "fastapi.security.oauth2": "OAuth2 OAuth2AuthorizationCodeBearer OAuth2PasswordBearer",
        "fastapi.security.open_id_connect_url": "OpenIdConnect",
    }.items()
    for name in names.split()
    for module in (module, "fastapi.security")
)
_ALL_LEVELS, _SCHEMES_TAKE_CONNECTIONS = "0.97", "0.144.0"


class HttpDependency(msgspec.Struct, frozen=True, eq=False):
    """A dependency that a websocket endpoint reaches and that lacks its `Request`.

    `function` and `parameter` are those of the project that want one; of a library's security scheme there is
    only its class's name.
    """

    endpoint: Endpoint
    route: Route
    path: DependencyPath
    function: FunctionSymbol | None = None
    parameter: RequestParameter | None = None
    scheme: str = ""

    @property
    def place(self) -> tuple[Module, int]:
        """The parameter that wants the request, or where the scheme is depended on."""
        if self.function is not None and self.parameter is not None:
            return self.function.module, self.parameter.at
        return self.path.last.module, self.path.last.at


class HttpDependencies:
    """Answers which dependencies of websocket endpoints can't be called."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.dependencies = project.dependencies

    def all(self) -> Iterator[HttpDependency]:
        """Those of all endpoints; the same dependency once for each endpoint and route."""
        for endpoint in self.project.endpoints.all:
            for route in endpoint.routes:
                if route.kind == "websocket" and not route.raw:
                    for path in self.dependencies.walk(self._given(endpoint, route)):
                        found = self._judged(endpoint, route, path)
                        if found is not None:
                            yield found

    def _given(self, endpoint: Endpoint, route: Route) -> list[Dependency]:
        """What one websocket route is given, by parameters and by the levels around it."""
        function = endpoint.function
        found = list(self.dependencies.of_function(function))
        if function.owner is not None:
            found += self.dependencies.of_fields(function.owner)
        if self.project.versions.for_file(function.module.path).all_at_least("fastapi", _ALL_LEVELS):
            found += self.project.endpoints.around(route)
        return found

    def _judged(self, endpoint: Endpoint, route: Route, path: DependencyPath) -> HttpDependency | None:
        if not self.dependencies.is_exact(path.last):
            return None
        function = self.dependencies.function_of(path.last)
        if function is None:
            scheme = self._scheme(path.last, endpoint)
            return HttpDependency(endpoint, route, path, scheme=scheme) if scheme else None
        if any(one.effect != "keeps" for one in self.project.decorators.of(function)):
            return None
        for parameter in self.project.request_parameters.of_function(function):
            if parameter.marker == "" and parameter.default is None and self._is_request(parameter):
                return HttpDependency(endpoint, route, path, function, parameter)
        return None

    def _is_request(self, parameter: RequestParameter) -> bool:
        symbol = self.project.resolver.resolve(parameter.annotation, parameter.scope)
        if not isinstance(symbol, ClassSymbol | External):
            return False
        return self.project.resolver.inherits(symbol, _REQUEST)

    def _scheme(self, dependency: Dependency, endpoint: Endpoint) -> str:
        """The name of the security class that an instance is of, where that takes requests only."""
        target = dependency.target
        cls = target.cls if isinstance(target, Instance) else None
        if cls is None or not self.project.resolver.inherits(cls, _SCHEMES):
            return ""
        versions = self.project.versions.for_file(endpoint.function.module.path)
        if not versions.all_below("fastapi", _SCHEMES_TAKE_CONNECTIONS):
            return ""
        return cls.name.rpartition(".")[2]
