"""Functions that an app is given beside its routes: middleware, exception handlers, lifespans, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.infer import Instance, Value, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_TASKS = "fastapi.BackgroundTasks"
_TASK_CALLS = frozenset({f"{_TASKS}.add_task", "starlette.background.BackgroundTask"})
_BASE_MIDDLEWARE = frozenset({"starlette.middleware.base.BaseHTTPMiddleware"})
_APPS = frozenset({"fastapi.FastAPI", "fastapi.APIRouter", "starlette.applications.Starlette"})
"""Receivers of `@app.middleware` and its like; an unknown one counts as well."""


class ExceptionHandler(msgspec.Struct, frozen=True, eq=False):
    """A registered handler: the function, what it is registered for (None where unknown), in which scope."""

    function: FunctionSymbol
    handles: s.Expr | None
    scope: Scope


class Hooks:
    """Answers which functions apps call beside their endpoints; tests are left out."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    @cached_property
    def middleware(self) -> tuple[FunctionSymbol, ...]:
        """The functions that run as middleware, in the order of path and place.

        Those under `@app.middleware("http")` or added by it, `dispatch` of `BaseHTTPMiddleware` classes, and
        `__call__` of the classes that `add_middleware` and `Middleware` are given.
        """
        found: dict[int, FunctionSymbol] = {}
        for module in self.project.code_modules:
            for function in (*self._decorated(module, "middleware"), *self._dispatching(module)):
                found[id(function)] = function
            for function in self._added(module):
                found[id(function)] = function
        return tuple(sorted(found.values(), key=lambda f: (f.module.path, f.node.at)))

    def _dispatching(self, module: Module) -> Iterator[FunctionSymbol]:
        for cls in self.project.resolver.index(module).classes:
            if cls.node.bases and self.project.resolver.inherits(cls, _BASE_MIDDLEWARE):
                yield from (f for f in self.types.methods(cls) if f.name == "dispatch")

    def _added(self, module: Module) -> Iterator[FunctionSymbol]:
        for site in self.project.calls.named(module, "add_middleware", "Middleware"):
            cls = self.types.infer(argument(site.call, 0, "middleware_class"), site.scope)
            yield from self._functions_of(keyword(site.call, "dispatch"), site.scope)
            if isinstance(cls, ClassSymbol):
                member = self.project.resolver.class_member(cls, "__call__")
                if isinstance(member, FunctionSymbol):
                    yield member
        if "middleware" not in module.facts.names:
            return
        for site in self.project.calls.named(module, ""):
            if _registers(site.call.func, "middleware"):
                yield from self._functions_of(argument(site.call, 0, "func"), site.scope)

    @cached_property
    def exception_handlers(self) -> tuple[ExceptionHandler, ...]:
        """Functions under `@app.exception_handler(...)`, and those that an app is given as handlers."""
        return tuple(found for module in self.project.code_modules for found in self._handlers(module))

    def _handlers(self, module: Module) -> Iterator[ExceptionHandler]:
        for function in self._decorated(module, "exception_handler"):
            scope = self.project.resolver.scope(function)
            around = scope.parent or scope
            for decorator in function.node.decorators:
                if _registers(decorator, "exception_handler"):
                    assert isinstance(decorator, s.Call)
                    handled = argument(decorator, 0, "exc_class_or_status_code")
                    yield ExceptionHandler(function, handled, around)
        for site in self.project.calls.named(module, "add_exception_handler"):
            handled = argument(site.call, 0, "exc_class_or_status_code")
            for function in self._functions_of(argument(site.call, 1, "handler"), site.scope):
                yield ExceptionHandler(function, handled, site.scope)
        for site in self.project.calls.named(module, "FastAPI", "Starlette"):
            given = keyword(site.call, "exception_handlers")
            if isinstance(given, s.Mapping):
                for key, value in zip(given.keys, given.values, strict=True):
                    for function in self._functions_of(value, site.scope):
                        yield ExceptionHandler(function, key, site.scope)

    @cached_property
    def lifespans(self) -> tuple[FunctionSymbol, ...]:
        """Functions given to `lifespan=` of an app or router, and those under `on_event`."""
        found: dict[int, FunctionSymbol] = {}
        for module in self.project.code_modules:
            for function in self._decorated(module, "on_event"):
                found[id(function)] = function
            for site in self.project.calls.named(module, "FastAPI", "APIRouter", "Starlette"):
                for name in ("lifespan", "on_startup", "on_shutdown"):
                    for function in self._functions_of(keyword(site.call, name), site.scope):
                        found[id(function)] = function
        for app in self.project.routing.apps:
            handlers = [app.lifespan, *(event.function for event in app.events)]
            found.update({id(function): function for function in handlers if function is not None})
        return tuple(found.values())

    @cached_property
    def task_sites(self) -> tuple[CallSite, ...]:
        """Calls that hand a function to FastAPI's or Starlette's background tasks."""
        return tuple(
            site
            for module in self.project.code_modules
            for site in self.project.calls.named(module, "add_task", "BackgroundTask")
            if self._is_task_site(site)
        )

    def _is_task_site(self, site: CallSite) -> bool:
        if isinstance(site.callee, External):
            return site.callee.name in _TASK_CALLS
        func = site.call.func
        if isinstance(func, s.Attribute) and func.attr == "add_task":
            return class_name(self.types.infer(func.value, site.scope)) == _TASKS
        return False

    @cached_property
    def background_tasks(self) -> tuple[tuple[CallSite, FunctionSymbol], ...]:
        """The calls of `task_sites` with the project's function that they are given."""
        found: list[tuple[CallSite, FunctionSymbol]] = []
        for site in self.task_sites:
            value = self.types.infer(argument(site.call, 0, "func"), site.scope)
            function = self.project.dependencies.run_by(value)
            if function is not None:
                found.append((site, function))
        return tuple(found)

    def _decorated(self, module: Module, name: str) -> Iterator[FunctionSymbol]:
        """Functions under `@app.<name>(...)` on an app or router."""
        for function in self.project.resolver.index(module).functions:
            if any(_registers(decorator, name) for decorator in function.node.decorators):
                scope = self.project.resolver.scope(function)
                if any(self._is_app(d, name, scope.parent or scope) for d in function.node.decorators):
                    yield function

    def _is_app(self, decorator: s.Expr, name: str, scope: Scope) -> bool:
        if not _registers(decorator, name):
            return False
        assert isinstance(decorator, s.Call)
        assert isinstance(decorator.func, s.Attribute)
        receiver = self.types.infer(decorator.func.value, scope)
        if not isinstance(receiver, Instance):
            return True
        return self.project.resolver.inherits(receiver.cls, _APPS)

    def _functions_of(self, expr: s.Expr | None, scope: Scope) -> Iterator[FunctionSymbol]:
        """The function that an expression names, or those that a list of names names."""
        for item in expr.items if isinstance(expr, s.Collection) else (expr,):
            value: Value | None = self.types.infer(item, scope)
            function = self.project.dependencies.run_by(value)
            if function is not None and not isinstance(value, ClassSymbol):
                yield function


def _registers(decorator: s.Expr, name: str) -> bool:
    """Whether a decorator is a call `something.<name>(...)`."""
    func = decorator.func if isinstance(decorator, s.Call) else None
    return isinstance(func, s.Attribute) and func.attr == name
