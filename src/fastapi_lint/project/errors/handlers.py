"""The exception handlers of each app: what they are registered for, and where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, dotted_name, keyword
from fastapi_lint.project.errors.statuses import status_number
from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Scope, Variable

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_REGISTER = ("exception_handler", "add_exception_handler")
_APPS = ("FastAPI", "Starlette")


class Registration(msgspec.Struct, frozen=True, eq=False):
    """One entry of an app's exception handlers.

    `handles` is the class or status as written, None if the entry is not known; `names` are the canonical
    names of the classes (None for an unknown one), `status` the number. `at` is the place of the
    registration.
    """

    module: Module
    at: int
    handles: Expr | None
    scope: Scope
    names: tuple[str | None, ...] = ()
    status: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is known what the handler is for."""
        return self.status is not None or (bool(self.names) and None not in self.names)


class ErrorHandlers:
    """Answers which exception handlers apps have."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def registrations(self) -> tuple[Registration, ...]:
        """All registrations of the project outside of tests, in the order of path and place."""
        found = (one for module in self.project.code_modules for one in self._of_module(module))
        return tuple(sorted(found, key=lambda one: (one.module.path, one.at)))

    def of(self, app: App) -> tuple[Registration, ...]:
        """The registrations that can be an app's: of modules that it imports, or that import it."""
        graph = self.project.import_graph
        inside = {module.path for module in graph.reachable(app.module)}
        return tuple(
            one
            for one in self.registrations
            if one.module.path in inside
            or any(module is app.module for module in graph.reachable(one.module))
        )

    def _of_module(self, module: Module) -> Iterator[Registration]:
        for site in self.project.calls.named(module, *_REGISTER):
            if isinstance(site.call.func, s.Attribute):
                handles = argument(site.call, 0, "exc_class_or_status_code")
                yield self._registration(module, site.call.at, handles, site.scope)
        for site in self.project.calls.named(module, *_APPS):
            given = keyword(site.call, "exception_handlers")
            if given is not None:
                yield from self._of_mapping(given, site)

    def _of_mapping(self, given: Expr, site: CallSite) -> Iterator[Registration]:
        mapping, scope = given, site.scope
        symbol = self.project.resolver.resolve(given, site.scope)
        if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
            mapping, scope = symbol.binding.value, symbol.scope
        if not isinstance(mapping, s.Mapping):
            yield Registration(site.module, given.at, None, site.scope)
            return
        for key in mapping.keys:
            at = key.at if key is not None else mapping.at
            yield self._registration(scope.module, at, key, scope)

    def _registration(self, module: Module, at: int, handles: Expr | None, scope: Scope) -> Registration:
        if handles is None:
            return Registration(module, at, None, scope)
        status = status_number(handles, scope, self.project.resolver)
        if status is not None:
            return Registration(module, at, handles, scope, (), status)
        names = tuple(self.project.catching.exception_names(handles, scope))
        return Registration(module, at, handles, scope, names or (None,))

    def may_be_set_up_by_library(self, app: App) -> bool:
        """Whether some library's function may register handlers: it gets the app, and its name says so."""
        around = {module.path for module in self.project.import_graph.reachable(app.module)}
        for module in self.project.code_modules:
            if module.path not in around:
                continue
            for function in (None, *self.project.resolver.index(module).functions):
                calls = self.project.calls
                sites = calls.of_module(module) if function is None else calls.of(function)
                if any(_speaks_of_errors(site) for site in sites):
                    return True
        return False


def _speaks_of_errors(site: CallSite) -> bool:
    name = (dotted_name(site.call.func) or "").lower()
    last = name.rpartition(".")[2]
    if isinstance(site.callee, FunctionSymbol) or last in _REGISTER:
        return False
    given = (*site.call.args, *(one.value for one in site.call.keywords))
    takes_app = any(
        (dotted_name(one) or "").rpartition(".")[2] in ("app", "application", "api") for one in given
    )
    return takes_app and any(word in name for word in ("exception", "error", "problem", "handler"))
