"""Definitions that stand in a module of another layer although their own layer exists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import walk_expressions
from fastapi_lint.project.names.symbols import ClassSymbol, Module, Variable

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project


class Definition(msgspec.Struct, frozen=True, eq=False):
    """One definition: what it is, where, and a module of the application where such things belong."""

    kind: str
    name: str
    module: Module
    at: int
    home: Module
    symbol: str = ""


class Misplaced:
    """Answers which definitions stand in a module of another layer."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.kinds = project.kinds

    def of(self, module: Module) -> Iterator[Definition]:
        """The misplaced definitions of a module, in source order."""
        role = self.project.roles.of(module).name
        if role not in ("router", "service", "repository", "schema"):
            return
        found = [*self._classes(module, role), *self._engines(module)]
        yield from sorted(found, key=lambda definition: definition.at)

    def _classes(self, module: Module, role: str) -> Iterator[Definition]:
        classes = self.project.resolver.index(module).classes
        is_whole_feature = role == "router" and self._holds_tables_and_schemas(classes)
        for cls in classes:
            kind, home_role = self._kind(cls, role)
            home = self._home(home_role, module) if home_role and not is_whole_feature else None
            if home is not None:
                yield Definition(kind, cls.name, module, cls.node.name_at, home, cls.qualname)

    def _kind(self, cls: ClassSymbol, role: str) -> tuple[str, str]:
        """What a class is, and the role of the modules where it belongs; nothing if it may stay."""
        if self.project.settings.is_settings(cls):
            return ("settings class", "settings") if role != "schema" else ("", "")
        if self.kinds.has_rows(cls):
            return ("table", "model") if role in ("router", "service") else ("", "")
        if role == "router" and self.kinds.is_schema(cls) and id(cls) in self._spoken:
            return "schema", "schema"
        return "", ""

    def _holds_tables_and_schemas(self, classes: tuple[ClassSymbol, ...]) -> bool:
        """Whether a module with routes holds all of one feature."""
        tables = any(self.kinds.is_table(cls) for cls in classes)
        return tables and any(self.kinds.is_schema(cls) for cls in classes)

    def _engines(self, module: Module) -> Iterator[Definition]:
        scope = self.project.resolver.scope(module)
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                is_made_here = isinstance(binding.value, s.Call) and not binding.path
                if not is_made_here or not self.kinds.is_engine(Variable(scope, name, binding)):
                    continue
                home = self._home("database", module)
                if home is not None:
                    yield Definition("engine or session factory", name, module, binding.at, home)

    def _home(self, role: str, module: Module) -> Module | None:
        """The first other module of the application that has a role."""
        is_inside = self.project.layers.application(module)
        for other in self._by_role.get(role, ()):
            if other is not module and is_inside(other.path):
                return other
        return None

    @cached_property
    def _by_role(self) -> dict[str, list[Module]]:
        found: dict[str, list[Module]] = {}
        for module in self.project.application_modules():
            found.setdefault(self.project.roles.of(module).name, []).append(module)
        return found

    @cached_property
    def _spoken(self) -> frozenset[int]:
        """The schemas that are a parameter, a result or the response model of an endpoint."""
        found: set[int] = set()
        for endpoint in self.project.endpoints.all:
            function = endpoint.function
            scope = self.project.resolver.scope(function)
            annotations = [parameter.annotation for parameter in function.node.parameters]
            roots = [(expr, scope) for expr in (*annotations, function.node.returns) if expr is not None]
            models = (route.options.get("response_model") for route in endpoint.routes)
            roots += [(site.expr, site.scope) for site in models if site is not None]
            for root, around in roots:
                for expr in walk_expressions((root,)):
                    found.add(id(self.project.resolver.resolve(expr, around)))
        return frozenset(found)
