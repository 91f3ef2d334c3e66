"""Features of FastAPI that code uses, and the releases that brought them.

Source: FastAPI's release notes (docs/en/docs/release-notes.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Scope
    from fastapi_lint.project.project import Project

SCOPE = "0.121"
PARAMETER_MODEL = "0.115"
FORM_MODEL = "0.113"
ROUTER_LIFESPAN = "0.112"
ANNOTATED = "0.95"
LIFESPAN = "0.93"
LIVE_INCLUDE = "0.137"
NEWEST = LIVE_INCLUDE

_TAKE_MODELS = {
    **dict.fromkeys(("Query", "Header", "Cookie"), PARAMETER_MODEL),
    "Form": FORM_MODEL,
}
_CAUGHT = frozenset(("TypeError", "Exception", "BaseException"))


class UsedFeature(msgspec.Struct, frozen=True):
    """A use of a feature: in words, the release that brought it, and what earlier ones do."""

    said: str
    since: str
    before: str
    module: Module
    at: int


class Features:
    """Answers which newer features of FastAPI code uses. Uses that are guarded are left out."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.types = project.types

    def of(self, module: Module) -> Iterator[UsedFeature]:
        """The features that a module uses, in source order."""
        if "__version__" in module.facts.names:
            return
        found = [*self._calls(module), *self._parameters(module), *self._late_routes(module)]
        guarded = [(s.start_of(block[0].at), s.end_of(block[-1].at)) for block in _tried(module)]
        for use in sorted(found, key=lambda use: s.start_of(use.at)):
            if not any(first <= s.start_of(use.at) < last for first, last in guarded):
                yield use

    # --- keyword arguments -----------------------------------------------------------------------

    def _calls(self, module: Module) -> Iterator[UsedFeature]:
        for site in self.project.calls.named(module, "Depends", "FastAPI"):
            name = site.callee.name if isinstance(site.callee, External) else ""
            for given in site.call.keywords:
                if name == "fastapi.Depends" and given.name == "scope":
                    yield UsedFeature(
                        "`Depends(scope=...)`", SCOPE, "raises a TypeError for it", module, given.at
                    )
                elif name == "fastapi.FastAPI" and given.name == "lifespan":
                    yield UsedFeature("`FastAPI(lifespan=...)`", LIFESPAN, "ignores it", module, given.at)
        for router in self.project.routing.routers:
            call = router.site.expr
            if router.module is module and router.included and isinstance(call, s.Call):
                for given in call.keywords:
                    if given.name == "lifespan":
                        said = "the lifespan of an included router"
                        yield UsedFeature(said, ROUTER_LIFESPAN, "never runs it", module, given.at)

    # --- parameters ------------------------------------------------------------------------------

    def _parameters(self, module: Module) -> Iterator[UsedFeature]:
        for called in self.project.endpoints.called:
            if called.function.module is module and called.kind in ("endpoint", "dependency"):
                yield from self._models(called.function)
                yield from self._annotated(called.function)

    def _models(self, function: FunctionSymbol) -> Iterator[UsedFeature]:
        for parameter in self.project.request_parameters.of_function(function):
            since = _TAKE_MODELS.get(parameter.marker or "")
            model = parameter.type.model
            if since is None or parameter.type.shape != "model" or model is None or self._reads_text(model):
                continue
            said = f"a model as `{parameter.marker}()`"
            before = "takes it for a single field" if since == FORM_MODEL else "refuses the app at import"
            yield UsedFeature(said, since, before, function.module, parameter.at)

    def _reads_text(self, model: ClassSymbol) -> bool:
        """Whether a model may be made of one field's text, by a validator of its own."""
        return any(
            method.node.decorators or method.name.startswith("__get_")
            for cls in self.resolver.ancestry(model)
            if isinstance(cls, ClassSymbol)
            for method in self.types.methods(cls)
        )

    def _annotated(self, function: FunctionSymbol) -> Iterator[UsedFeature]:
        scope = self.resolver.scope(function)
        for parameter in function.node.parameters:
            marker = self._marker(parameter.annotation, scope.parent or scope)
            if marker:
                said = f"`{marker}` inside `Annotated`"
                yield UsedFeature(said, ANNOTATED, "doesn't look there", function.module, parameter.at)

    def _marker(self, annotation: s.Expr | None, scope: Scope) -> str:
        """The marker of FastAPI among the metadata of `Annotated[...]`, or an empty text."""
        if not isinstance(annotation, s.Subscript):
            return ""
        base = self.resolver.resolve(annotation.value, scope)
        if not isinstance(base, External) or not base.name.endswith(".Annotated"):
            return ""
        for item in annotation.items[1:]:
            symbol = self.resolver.resolve(item.func, scope) if isinstance(item, s.Call) else None
            if isinstance(symbol, External) and symbol.name.startswith("fastapi."):
                return symbol.name.rpartition(".")[2]
        return ""

    # --- routers ---------------------------------------------------------------------------------

    def _late_routes(self, module: Module) -> Iterator[UsedFeature]:
        """Routes that a router gets in the module that includes it, below the call that does so."""
        for router in self.project.routing.routers:
            if not router.reached or router.escapes or len(router.included) != 1:
                continue
            include = router.included[0]
            for route in router.own:
                site = route.registered
                if site is None or site.module is not module or include.module is not module:
                    continue
                top = include.scope.owner is None and site.scope.owner is None
                if top and s.start_of(site.at) > s.start_of(include.at):
                    said = "a route that a router gets after `include_router`"
                    yield UsedFeature(said, LIVE_INCLUDE, "doesn't serve it", module, site.at)


def _tried(module: Module) -> Iterator[tuple[s.Statement, ...]]:
    """The blocks in which a TypeError is caught."""
    for statement in walk_statements(module.facts.body, into_definitions=True):
        if isinstance(statement, s.Try) and statement.body and any(map(_catches, statement.handlers)):
            yield statement.body


def _catches(handler: s.Handler) -> bool:
    if handler.type is None:
        return True
    items = handler.type.items if isinstance(handler.type, s.Collection) else (handler.type,)
    return any((dotted_name(item) or "").rpartition(".")[2] in _CAUGHT for item in items)
