"""The project model as the checks see it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Comment, PythonFacts
from fastapi_lint.findings import Span
from fastapi_lint.project.calls.blocking import Blocking
from fastapi_lint.project.calls.decorators import Decorators
from fastapi_lint.project.calls.effects import Effects
from fastapi_lint.project.calls.graph import Calls
from fastapi_lint.project.calls.wiring import Wiring
from fastapi_lint.project.database.queries import Queries
from fastapi_lint.project.dependencies.graph import Dependencies
from fastapi_lint.project.deployment.environments import is_configured
from fastapi_lint.project.errors.catching import Catching
from fastapi_lint.project.errors.exception_text import ExceptionTexts
from fastapi_lint.project.errors.hiding import HiddenErrors
from fastapi_lint.project.errors.http_errors import Errors
from fastapi_lint.project.errors.made_errors import MadeErrors
from fastapi_lint.project.errors.raising import Raising
from fastapi_lint.project.imports.first_party import Imports
from fastapi_lint.project.imports.graph import ImportGraph
from fastapi_lint.project.layers.existing import Layers
from fastapi_lint.project.layers.layout import Layout
from fastapi_lint.project.layers.role_names import is_outside_artifact, outside_role
from fastapi_lint.project.layers.roles import RegisteredSymbols, Roles
from fastapi_lint.project.layers.screened import is_screened
from fastapi_lint.project.names import modules
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module
from fastapi_lint.project.names.uses import NameUses
from fastapi_lint.project.requests.parameters import RequestParameters
from fastapi_lint.project.settings.environment import Environment
from fastapi_lint.project.settings.model import Settings
from fastapi_lint.project.texts import Texts
from fastapi_lint.project.types.callables import Callables
from fastapi_lint.project.types.infer import Types
from fastapi_lint.project.types.symbol_kinds import SymbolKinds
from fastapi_lint.sources.discover import Discovery, SourceFile
from fastapi_lint.sources.kinds import Kind
from fastapi_lint.sources.read import Skipped

if TYPE_CHECKING:
    from fastapi_lint.config.options import ProjectOptions
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.calls.endpoints import Endpoints
    from fastapi_lint.project.calls.event_loop import EventLoop
    from fastapi_lint.project.calls.served import Served
    from fastapi_lint.project.calls.starting import Starting
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.settings_variables import SettingsVariables
    from fastapi_lint.project.errors.foreign_errors import ForeignErrors
    from fastapi_lint.project.errors.handlers import ErrorHandlers
    from fastapi_lint.project.errors.middlewares import Middlewares
    from fastapi_lint.project.health.routes import HealthRoutes
    from fastapi_lint.project.layers.conventions import Conventions
    from fastapi_lint.project.routing.table import App, RouteTables
    from fastapi_lint.project.settings.debug import Debug
    from fastapi_lint.project.settings.use import SettingsUse
    from fastapi_lint.project.versions.sets import VersionSets


class Problem(msgspec.Struct, frozen=True, order=True):
    """A file that could not be read or parsed: where (1-based), and why."""

    path: str
    line: int
    column: int
    message: str
    kind: str


class Project:
    """All facts of a root, and the questions that the checks ask of them. Built by `load.load`."""

    def __init__(
        self,
        root: Path,
        options: ProjectOptions,
        discovery: Discovery,
        python: Mapping[str, PythonFacts],
        problems: Sequence[Problem],
        contents: Mapping[str, bytes] | None = None,
    ) -> None:
        """`contents` are those of files that need not, or must not, be read from the disk (again)."""
        self.root = root
        self.contents = contents or {}
        self.options = options
        self.discovery = discovery
        self.problems = tuple(sorted(problems))
        self.table = modules.build(python)
        self.resolver = Resolver(self.table)
        self.types = Types(self.resolver)
        self.dependencies = Dependencies(self.types)
        self.request_parameters = RequestParameters(self.types, self.dependencies)
        self.calls = Calls(self.types)
        self.callables = Callables(self.types)
        self.blocking = Blocking(options.blocking_calls)
        self.effects = Effects(self.types, self.calls, self.dependencies)
        self.name_uses = NameUses(self.resolver)
        self.imports = Imports(self.resolver, self.name_uses)
        self.kinds = SymbolKinds(self.types)
        self.errors = Errors(self.types)
        self.made_errors = MadeErrors(self.types)
        self.catching = Catching(self.types)
        self.decorators = Decorators(self.types)
        self.raising = Raising(self.types, self.calls, self.catching, self.decorators)
        self.exception_texts = ExceptionTexts(self.types, self.catching, self.made_errors)
        self.hidden_errors = HiddenErrors(self.raising, self.catching, self.made_errors)
        self.queries = Queries(self.types, self.calls, self.effects, self.kinds)
        self.environment = Environment(self.types)
        self._texts = Texts(root, discovery, self.contents)

    # --- files -----------------------------------------------------------------------------------

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """All files of a known kind, in the order of their paths."""
        return self.discovery.files

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Files that were left out, and why."""
        return (*self.discovery.skipped, *self.artifacts.skipped)

    @property
    def unused_excludes(self) -> tuple[str, ...]:
        """The patterns of `exclude` that matched nothing."""
        return self.discovery.unused_excludes

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """All Python modules, in the order of their paths. What they hold is asked of `code_modules`."""
        return tuple(self.table.by_path.values())

    @cached_property
    def code_modules(self) -> tuple[Module, ...]:
        """All modules but tests and Alembic's revisions, which may be unparsed; scripts and examples too."""
        return tuple(module for module in self.modules if not is_screened(module.path, module.facts))

    def module(self, path: str) -> Module | None:
        """The module of a file."""
        return self.table.by_path.get(path)

    def text(self, path: str) -> str:
        """The decoded text of a file; empty if it can't be read."""
        return self._texts.of(path)

    def comments(self, path: str) -> Sequence[Comment]:
        """The comments of a file that speak to us."""
        module = self.module(path)
        return module.facts.comments if module is not None else self.artifacts.comments(path)

    # --- places ----------------------------------------------------------------------------------

    def span(self, module: Module, at: int) -> Span:
        """The place of a node in a module as lines and columns."""
        starts = module.facts.line_starts
        first, last = s.start_of(at), s.end_of(at)
        line, end = bisect_right(starts, first), bisect_right(starts, last)
        return Span(module.path, line, first - starts[line - 1] + 1, end, last - starts[end - 1] + 1)

    def line(self, module: Module, at: int) -> int:
        """The 1-based line on which a place begins."""
        return bisect_right(module.facts.line_starts, s.start_of(at))

    def symbol_at(self, path: str, line: int, column: int) -> str:
        """Qualified name of the innermost function or class around a place; empty outside of any."""
        module = self.module(path)
        if module is None or not 0 < line <= len(module.facts.line_starts):
            return ""
        offset = module.facts.line_starts[line - 1] + column - 1
        best = ""
        index = self.resolver.index(module)
        symbols: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
        around = [symbol for symbol in symbols if _covers(symbol, offset)]
        if around:
            best = max(around, key=lambda symbol: symbol.node.at).qualname
        return best

    # --- the application -------------------------------------------------------------------------

    @cached_property
    def routing(self) -> RouteTables:
        """Apps, routers and routes."""
        from fastapi_lint.project.routing.build import RoutingOptions, build

        return build(self.resolver, RoutingOptions(lazy_include=self._includes_lazily))

    @property
    def _includes_lazily(self) -> bool:
        """Whether `include_router` keeps the router and not a copy of its routes, as from FastAPI 0.137 on.

        Source: FastAPI's release notes. A project whose range allows both is read as the newer ones do.
        """
        root = self.table.roots[0] if self.table.roots else ""
        return not self.versions.for_folder(root).of("fastapi").all_below("0.137")

    @property
    def apps(self) -> tuple[App, ...]:
        """The applications, in the order of their paths."""
        return self.routing.apps

    @property
    def route_count(self) -> int:
        """How many routes all applications have."""
        return sum(len(app.routes) for app in self.apps)

    @property
    def image_count(self) -> int:
        """How many images (Dockerfiles) there are."""
        return sum(file.kind is Kind.DOCKERFILE for file in self.files)

    @cached_property
    def endpoints(self) -> Endpoints:
        """Endpoints, dependencies and other functions that FastAPI calls."""
        from fastapi_lint.project.calls.endpoints import Endpoints

        return Endpoints(self)

    @cached_property
    def event_loop(self) -> EventLoop:
        """What runs on the event loop, and what blocks it."""
        from fastapi_lint.project.calls.event_loop import EventLoop

        return EventLoop(self)

    @cached_property
    def health(self) -> HealthRoutes:
        """The health checks of the apps."""
        from fastapi_lint.project.health.routes import HealthRoutes

        return HealthRoutes(self)

    @cached_property
    def starting(self) -> Starting:
        """What starts and stops with an app."""
        from fastapi_lint.project.calls.starting import Starting

        return Starting(self)

    @cached_property
    def served(self) -> Served:
        """The functions that run while requests are served."""
        from fastapi_lint.project.calls.served import Served

        return Served(self)

    @cached_property
    def error_handlers(self) -> ErrorHandlers:
        """The exception handlers of apps."""
        from fastapi_lint.project.errors.handlers import ErrorHandlers

        return ErrorHandlers(self)

    @cached_property
    def foreign_errors(self) -> ForeignErrors:
        """HTTP errors of other frameworks."""
        from fastapi_lint.project.errors.foreign_errors import ForeignErrors

        return ForeignErrors(self)

    @cached_property
    def middlewares(self) -> Middlewares:
        """What the middleware of apps has to do, and does with errors."""
        from fastapi_lint.project.errors.middlewares import Middlewares

        return Middlewares(self)

    @cached_property
    def settings(self) -> Settings:
        """Settings classes, providers and instances."""
        return Settings(self.code_modules, self.types)

    @cached_property
    def settings_variables(self) -> SettingsVariables:
        """Which variables the application reads through its settings."""
        from fastapi_lint.project.deployment.settings_variables import SettingsVariables

        return SettingsVariables(self)

    @cached_property
    def debug(self) -> Debug:
        """Where debug mode comes from."""
        from fastapi_lint.project.settings.debug import Debug

        return Debug(self)

    @cached_property
    def settings_use(self) -> SettingsUse:
        """Where settings are built, provided and read while requests are served."""
        from fastapi_lint.project.settings.use import SettingsUse

        return SettingsUse(self)

    @cached_property
    def layout(self) -> Layout:
        """How the project's folders are organised."""
        apps = [app.path for app in self.routing.apps if outside_role(app.path) is None]
        return Layout((module.path for module in self.modules), apps)

    @cached_property
    def import_graph(self) -> ImportGraph:
        """Which module imports which."""
        return ImportGraph(self.modules, self.resolver)

    @cached_property
    def layers(self) -> Layers:
        """Which layers exist around a module."""
        apps = [app.module for app in self.routing.apps]
        asked_for = self.options.asks_for_layers
        return Layers(self.modules, self.layout, self.roles, self.import_graph, apps, asked_for)

    @cached_property
    def wiring(self) -> Wiring:
        """What functions hand to services."""
        return Wiring(self.roles, self.calls, self.name_uses)

    @cached_property
    def conventions(self) -> Conventions:
        """What most endpoints do."""
        from fastapi_lint.project.layers.conventions import Conventions

        return Conventions(self)

    @cached_property
    def roles(self) -> Roles:
        """Roles of symbols and modules."""
        routing, endpoints = self.routing, self.endpoints
        registered = RegisteredSymbols(
            endpoints=frozenset(id(endpoint.function) for endpoint in endpoints.all),
            dependencies=frozenset(id(function) for function in endpoints.dependency_functions),
            app_modules=frozenset(app.path for app in routing.apps),
            router_modules=frozenset(endpoint.function.module.path for endpoint in endpoints.all),
            including_modules=frozenset(
                site.module.path for router in routing.routers for site in router.included
            ),
        )
        return Roles(self.layout, self.kinds, self.types, registered, self._configured_roles)

    @cached_property
    def _configured_roles(self) -> Mapping[str, str]:
        from fastapi_lint.project.layers.configured import configured_roles

        return configured_roles(self)

    @cached_property
    def versions(self) -> VersionSets:
        """Framework versions, by folder."""
        from fastapi_lint.project.versions.sets import VersionSets

        return VersionSets(self.artifacts)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Dockerfiles, compose files, manifests and the other files beside the code."""
        from fastapi_lint.project.artifacts import Artifacts

        return Artifacts(self.root, self.discovery)

    @cached_property
    def deployment(self) -> Deployment:
        """What the artifacts start, where, and with which values."""
        from fastapi_lint.project.deployment.deployment import Deployment

        return Deployment(self)

    def is_outside(self, path: str) -> bool:
        """Whether a file is a test, a migration, or an artifact of tests or examples.

        Rules tell scripts themselves: one that a container runs is judged. An artifact that the configuration
        assigns to an environment is judged wherever it stands.
        """
        module = self.module(path)
        if module is not None:
            return self.roles.of(module).name in ("test", "migration")
        return is_outside_artifact(path) and not is_configured(path, (), self.options.environments)

    def application_modules(self) -> tuple[Module, ...]:
        """Modules of the running application: no tests, migrations, scripts or examples."""
        return self._application_modules

    @cached_property
    def _application_modules(self) -> tuple[Module, ...]:
        return tuple(module for module in self.modules if not self.roles.is_outside(module))


def _covers(symbol: FunctionSymbol | ClassSymbol, offset: int) -> bool:
    return s.start_of(symbol.node.at) <= offset < s.end_of(symbol.node.at)
