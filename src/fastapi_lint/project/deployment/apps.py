"""Which app of the project a name in a module is."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.deployment.model import Target
from fastapi_lint.project.layers.screened import is_screened
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Variable
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import TargetKind
    from fastapi_lint.project.names.symbols import Scope, Symbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

ASGI_APPS = frozenset({"fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette"})
_FILLS_MODULE = frozenset(("globals", "exec", "setattr", "vars"))
_HOPS = 12


class AppFinder:
    """Answers what a server gets when it imports `module:attribute`."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver

    @cached_property
    def by_target(self) -> dict[tuple[str, str], App]:
        """Apps by import root and target, mounted ones included."""
        found: dict[tuple[str, str], App] = {}
        for app in self._all(self.project.routing.apps):
            for target in (app.target, *app.aliases):
                found.setdefault((app.module.root, target), app)
        return found

    def _all(self, apps: tuple[App, ...], depth: int = 0) -> Iterator[App]:
        for app in apps:
            yield app
            if depth < _HOPS:
                yield from self._all(app.mounted, depth + 1)

    def made_at(self, module: Module, at: int) -> App | None:
        """The app that the call at a place makes."""
        return next(
            (app for app in self._all(self.project.routing.apps) if (app.path, app.at) == (module.path, at)),
            None,
        )

    def target(self, module: Module, attribute: str, text: str, span: Span, is_call: bool) -> Target:
        """The target `attribute` of a module; `text` is how the command names it."""
        first, _, rest = attribute.partition(".")
        symbol = self.resolver.follow(self.resolver.module_member(module, first))
        app = self._app(module, attribute, symbol)
        base = Target(text, span, "found", app, is_call, module=module.path)
        if app is None and symbol is None:
            if not self._is_certain(module, first):
                return replace(base, status="unknown")
            return replace(base, status="attribute missing", suggestion=self.suggestion(module, first))
        return base if rest and app is None else replace(base, kind=self._kind(symbol, app))

    def discovered(self, module: Module, text: str, span: Span) -> Target:
        """The app that the command line of FastAPI takes from a file: `app`, `api`, else any FastAPI
        object.
        """
        scope = self.resolver.scope(module)
        for name in dict.fromkeys(("app", "api", *scope.bindings)):
            app = self.by_target.get((module.root, f"{module.name}:{name}"))
            if app is not None and not isinstance(self.resolver.module_member(module, name), FunctionSymbol):
                return Target(text, span, "found", app, kind="instance", module=module.path)
        return Target(text, span, "unknown", module=module.path)

    def of_expression(self, expr: s.Expr | None, scope: Scope, span: Span, written: str) -> Target:
        """The target that `uvicorn.run(expr)` is given as an object."""
        app, kind = self._of_expression(expr, scope, 0)
        return Target(
            written,
            span,
            "found" if app else "unknown",
            app,
            is_object=True,
            kind=kind,
            module=scope.module.path,
        )

    def _of_expression(self, expr: s.Expr | None, scope: Scope, depth: int) -> tuple[App | None, TargetKind]:
        if depth > _HOPS:
            return None, "unknown"
        if isinstance(expr, s.Call):
            made = self.made_at(scope.module, expr.at)
            if made is not None:
                return made, "instance"
            callee = self.resolver.resolve(expr.func, scope)
            if isinstance(callee, FunctionSymbol):
                app = self._app(callee.module, callee.name, callee)
                return app, "instance" if app else "unknown"
            return self._wrapped(expr, scope), "wrapped"
        if not isinstance(expr, s.Name | s.Attribute):
            return None, "unknown"
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, Variable):
            app = self._app(symbol.module, symbol.name, symbol) if symbol.scope.owner is None else None
            if app is not None:
                return app, self._kind(symbol, app)
            return self._of_expression(symbol.binding.value, symbol.scope, depth + 1)
        return None, "unknown"

    def _app(self, module: Module, attribute: str, symbol: Symbol | None) -> App | None:
        found = self.by_target.get((module.root, f"{module.name}:{attribute}"))
        if found is not None:
            return found
        if isinstance(symbol, FunctionSymbol):
            return self.by_target.get((symbol.module.root, f"{symbol.module.name}:{symbol.qualname}"))
        if not isinstance(symbol, Variable):
            return None
        own = self.by_target.get((symbol.module.root, f"{symbol.module.name}:{symbol.name}"))
        value = symbol.binding.value
        if own is not None or not isinstance(value, s.Call):
            return own
        made = self.made_at(symbol.module, value.at)
        if made is not None:
            return made
        callee = self.resolver.resolve(value.func, symbol.scope)
        if isinstance(callee, FunctionSymbol):
            return self.by_target.get((callee.module.root, f"{callee.module.name}:{callee.qualname}"))
        return self._wrapped(value, symbol.scope)

    def _wrapped(self, call: s.Call, scope: Scope) -> App | None:
        """The app among the arguments of a call that isn't known: `SocketApp(app)`."""
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(value, s.Name | s.Attribute):
                symbol = self.resolver.resolve(value, scope)
                if isinstance(symbol, Variable) and not _is_same(symbol, call):
                    app = self._app(symbol.module, symbol.name, symbol)
                    if app is not None:
                        return app
        return None

    def _kind(self, symbol: Symbol | None, app: App | None) -> TargetKind:
        if isinstance(symbol, FunctionSymbol):
            return self._kind_of_function(symbol, app)
        if isinstance(symbol, Variable):
            value = symbol.binding.value
            if class_name(self.project.types.infer(value, symbol.scope)) in ASGI_APPS or (
                app is not None and isinstance(value, s.Call) and self.made_at(symbol.module, value.at) is app
            ):
                return "instance"
            return (
                "wrapped"
                if app is not None and self._is_foreign(value, symbol.scope)
                else "instance"
                if app
                else "unknown"
            )
        return "instance" if app is not None and not isinstance(symbol, ClassSymbol) else "unknown"

    def _is_foreign(self, value: s.Expr | None, scope: Scope) -> bool:
        """Whether a value is a call of something that isn't the project's own function."""
        if not isinstance(value, s.Call):
            return False
        return not isinstance(self.resolver.resolve(value.func, scope), FunctionSymbol)

    def _kind_of_function(self, function: FunctionSymbol, app: App | None) -> TargetKind:
        node = function.node
        required = [p for p in node.parameters if p.default is None and p.kind not in ("args", "kwargs")]
        if len(required) == 3 and node.is_async:
            return "asgi"
        if node.decorators and app is None:
            return "unknown"
        if node.is_async or node.is_generator:
            return "unknown"
        if required:
            return "parameters" if not any(p.kind == "args" for p in node.parameters) else "unknown"
        returned = class_name(self.project.types.returned(function))
        return "factory" if app is not None or returned in ASGI_APPS else "unknown"

    def _is_certain(self, module: Module, name: str) -> bool:
        """Whether a module has no name that its text doesn't show."""
        if is_screened(module.path, module.facts) or name == "__getattr__":
            return False
        scope = self.resolver.scope(module)
        if "__getattr__" in scope.bindings or scope.bindings.get(name):
            return False
        if any(not isinstance(self.resolver.source_of(star, module), Module) for star in scope.stars):
            return False
        return not any(
            isinstance(expr, s.Name) and expr.id in _FILLS_MODULE
            for expr in expressions_of(module.facts.body)
        )

    def suggestion(self, module: Module, name: str) -> str:
        """The name in a module that is meant: the one app it has, else the one that is spelled most like
        it.
        """
        scope = self.resolver.scope(module)
        apps = [own for own in scope.bindings if (module.root, f"{module.name}:{own}") in self.by_target]
        if len(apps) == 1:
            return apps[0]
        return next(iter(get_close_matches(name, apps or list(scope.bindings), 1, 0.6)), "")


def _is_same(symbol: Variable, call: s.Call) -> bool:
    return symbol.binding.value is call
