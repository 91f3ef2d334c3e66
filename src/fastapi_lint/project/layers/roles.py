"""The role of each symbol and module, with the evidence for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from fastapi_lint.config.options import ROLES
from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.layers.code_repositories import has_ambiguous_name, keeps_code
from fastapi_lint.project.layers.layout import Layout
from fastapi_lint.project.layers.role_names import LAYER_ROLES, outside_role
from fastapi_lint.project.layers.screened import is_revision
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import (
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Symbol,
    Variable,
)
from fastapi_lint.project.settings.model import BASE_SETTINGS
from fastapi_lint.project.types.infer import Instance, Types, class_name
from fastapi_lint.project.types.symbol_kinds import ENGINES, SESSION_FACTORIES, SymbolKinds

_MIDDLEWARE_BASES = frozenset({"starlette.middleware.base.BaseHTTPMiddleware"})
_ADMINS = frozenset({"sqladmin", "starlette_admin"})
"""Packages whose views are pages of an admin: they get requests."""

_TASK_DECORATORS = frozenset({"task", "shared_task", "actor", "periodic_task"})
_MARKER = re.compile(r"fastapi-lint:\s*role\s*=\s*([a-z]+)")
OUTSIDE = frozenset({"test", "migration", "script"})
"""Roles of what is not part of the running application: nothing is reported there."""

Owned = FunctionSymbol | ClassSymbol | Variable


class Role(msgspec.Struct, frozen=True):
    """A role and why: `evidence` is one sentence, `source` is what kind of evidence it is.

    Sources are "configuration", "comment", "place" (outside of the application), "code", "name" and "none".
    """

    name: str
    source: str
    evidence: str


UNKNOWN = Role("unknown", "none", "neither the code nor a name speaks for a role")


class RegisteredSymbols(msgspec.Struct, frozen=True):
    """What the route tables and the dependency graph know of symbols (by identity)."""

    endpoints: frozenset[int] = frozenset()
    dependencies: frozenset[int] = frozenset()
    app_modules: frozenset[str] = frozenset()
    router_modules: frozenset[str] = frozenset()
    including_modules: frozenset[str] = frozenset()


class Roles:
    """Answers which role a symbol or module has.

    Evidence in its order: the configuration, a comment, the place of tests and migrations, what the code
    does, names of files and folders.
    """

    def __init__(
        self,
        layout: Layout,
        kinds: SymbolKinds,
        types: Types,
        registered: RegisteredSymbols,
        configured: Mapping[str, str],
    ) -> None:
        self.layout = layout
        self.kinds = kinds
        self.types = types
        self.resolver: Resolver = types.resolver
        self.registered = registered
        self.configured = configured
        self._roles: dict[int, Role] = {}
        self._keep: list[object] = []

    def of(self, symbol: Symbol | None) -> Role:
        """The role of a symbol; unknown for what the project doesn't define."""
        if symbol is None:
            return UNKNOWN
        key = id(symbol.binding) if isinstance(symbol, Variable) else id(symbol)
        if key not in self._roles:
            if not isinstance(symbol, FunctionSymbol | ClassSymbol | Variable | Module):
                return UNKNOWN
            self._roles[key] = UNKNOWN  # for a symbol whose role asks for its own
            self._roles[key] = self._role(symbol)
            self._keep.append(symbol)
        return self._roles[key]

    def may_route(self, module: Module) -> bool:
        """Whether anything in a module may have the role of a router: it has an endpoint, or is told to."""
        return (
            module.path in self.registered.router_modules
            or bool(module.facts.comments)
            or bool(self.configured)
        )

    def is_outside(self, module: Module) -> bool:
        """Whether a module is a test, a migration, a script or an example."""
        return self.of(module).name in OUTSIDE

    def _role(self, symbol: Owned | Module) -> Role:
        module = symbol if isinstance(symbol, Module) else symbol.module
        given = self._configured(symbol, module) or self._marked(symbol, module) or _outside(module)
        if given is not None:
            return given
        if isinstance(symbol, Module):
            return self._of_module(symbol)
        return self._does(symbol) or self._around(symbol) or self._placed(module) or self._by_module(module)

    def _configured(self, symbol: Owned | Module, module: Module) -> Role | None:
        name = symbol.qualname if isinstance(symbol, FunctionSymbol | ClassSymbol) else symbol.name
        keys = (module.path,) if isinstance(symbol, Module) else (f"{module.path}:{name}", module.path)
        for key in keys:
            if key in self.configured:
                return Role(self.configured[key], "configuration", f"the configuration says so for `{key}`")
        return None

    def _marked(self, symbol: Owned | Module, module: Module) -> Role | None:
        """A comment `# fastapi-lint: role=service` on or above the definition, or in the first comment
        block.
        """
        for comment in module.facts.comments:
            found = _MARKER.search(comment.text)
            if found is None or found.group(1) not in ROLES:
                continue
            above = comment.line + 1 if comment.alone else comment.line
            if comment.first_block or {comment.line, above} & set(_lines(symbol)):
                return Role(found.group(1), "comment", f"the comment on line {comment.line} says so")
        return None

    # --- what the code does ----------------------------------------------------------------------

    def _does(self, symbol: Owned) -> Role | None:
        if isinstance(symbol, ClassSymbol):
            return self._class_does(symbol)
        if isinstance(symbol, FunctionSymbol):
            return self._function_does(symbol)
        return self._variable_is(symbol)

    def _class_does(self, cls: ClassSymbol) -> Role | None:
        if self.resolver.inherits(cls, BASE_SETTINGS):
            return Role("settings", "code", f"`{cls.name}` derives from `BaseSettings`")
        if self.kinds.is_table(cls):
            return Role("model", "code", f"`{cls.name}` is a mapped table or document")
        if self.kinds.is_schema(cls):
            return Role("schema", "code", f"`{cls.name}` derives from `BaseModel`")
        if self.resolver.inherits(cls, _MIDDLEWARE_BASES):
            return Role("middleware", "code", f"`{cls.name}` derives from `BaseHTTPMiddleware`")
        if any(id(method) in self.registered.endpoints for method in self.types.methods(cls)):
            return Role("router", "code", f"methods of `{cls.name}` are endpoints")
        return self._serves_routes(cls)

    def _serves_routes(self, cls: ClassSymbol) -> Role | None:
        """A class that makes routes by itself, whatever its file is called."""
        ancestry = self.resolver.ancestry(cls)
        views = (base.name for base in ancestry if isinstance(base, External))
        view = next((name for name in views if name.partition(".")[0] in _ADMINS), None)
        if view is not None:
            return Role("router", "code", f"`{cls.name}` derives from `{view}`")
        modules = (base.module for base in ancestry if isinstance(base, ClassSymbol))
        if any("APIRouter" in module.facts.names for module in modules):
            router = self.types.attribute(Instance(cls), "router")
            if class_name(router) == "fastapi.APIRouter":
                return Role("router", "code", f"`{cls.name}` has a router of its own")
        return None

    def _function_does(self, function: FunctionSymbol) -> Role | None:
        if id(function) in self.registered.endpoints:
            return Role("router", "code", f"`{function.name}` is an endpoint")
        if id(function) in self.registered.dependencies:
            return Role("dependency", "code", f"`{function.name}` is used with `Depends`")
        for decorator in function.node.decorators:
            expr = decorator.func if isinstance(decorator, s.Call) else decorator
            if (dotted_name(expr) or "").rpartition(".")[2] in _TASK_DECORATORS:
                return Role("task", "code", f"`{function.name}` is a task of a queue")
        return None

    def _variable_is(self, variable: Variable) -> Role | None:
        value = self.types.of_variable(variable)
        name = class_name(value)
        if name == "fastapi.APIRouter":
            return Role("router", "code", f"`{variable.name}` is an `APIRouter`")
        if name == "fastapi.FastAPI":
            return Role("app", "code", f"`{variable.name}` is a `FastAPI` application")
        if name in ENGINES or name in SESSION_FACTORIES:
            return Role("database", "code", f"`{variable.name}` is an engine or a session factory")
        if isinstance(value, Instance) and isinstance(value.cls, ClassSymbol):
            role = self.of(value.cls)
            if role is not UNKNOWN:
                return Role(
                    role.name, role.source, f"`{variable.name}` is a `{value.cls.name}`; {role.evidence}"
                )
        return None

    def _around(self, symbol: Owned) -> Role | None:
        """The role of the class or function that holds a definition."""
        if not isinstance(symbol, FunctionSymbol | ClassSymbol):
            return None
        holder = symbol.owner or symbol.parent
        return self.of(holder) if holder is not None else None

    # --- modules ---------------------------------------------------------------------------------

    def _of_module(self, module: Module) -> Role:
        does = self._module_does(module)
        if does is not None:
            return does
        speaking = self._speaking(module)
        placed = self._placed(module)
        if placed is not None and (not speaking or any(self.of(x).name == placed.name for x in speaking)):
            return placed
        known = Counter(role.name for x in speaking if (role := self._does(x)) is not None)
        if known:
            name, count = known.most_common(1)[0]
            # Functions of a service may be dependencies as well; those of a model or schema are no tables.
            says = name != "dependency" or (placed is not None and placed.name in ("model", "schema"))
            if says and count * 2 > len(speaking):
                return Role(name, "code", f"most of what it defines has the role {name}")
        return placed or self._of_variables(module)

    def _module_does(self, module: Module) -> Role | None:
        """The application, or routes: at least half of what the module offers are endpoints."""
        if module.path in self.registered.app_modules:
            return Role("app", "code", "the module builds the FastAPI application")
        if module.path not in self.registered.router_modules:
            if module.path in self.registered.including_modules:
                return Role("app", "code", "the module puts routers together")
            return None
        speaking = [x for x in self._speaking(module) if not self._is_accessory(x)]
        endpoints = [x for x in speaking if (role := self._does(x)) is not None and role.name == "router"]
        nested = not speaking  # endpoints inside a function that builds a router
        placed = self.layout.role_of_path(module.path)
        if nested or len(endpoints) * 2 >= len(speaking) or (placed is not None and placed[0] == "router"):
            return Role("router", "code", "the module registers endpoints")
        return None

    def _is_accessory(self, symbol: FunctionSymbol | ClassSymbol) -> bool:
        """Schemas and dependencies beside endpoints say nothing about a module."""
        role = self._does(symbol)
        return role is not None and role.name in ("schema", "dependency")

    def _speaking(self, module: Module) -> list[FunctionSymbol | ClassSymbol]:
        """The public functions and classes at a module's top level that are more than data."""
        index = self.resolver.index(module)
        found: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
        return [
            x
            for x in found
            if x.parent is None
            and x.owner is None
            and not x.name.startswith("_")
            and not self.kinds.is_passive(x)
        ]

    def _of_variables(self, module: Module) -> Role:
        """The role of a module that holds an engine, or a session factory, at its top level."""
        scope = self.resolver.scope(module)
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if isinstance(binding.value, s.Call) and self.kinds.is_engine(Variable(scope, name, binding)):
                    return Role("database", "code", f"`{name}` is an engine or a session factory")
        return UNKNOWN

    def _placed(self, module: Module) -> Role | None:
        """The role by name and place.

        A name alone makes no router: that takes an endpoint. Nor is a `repository` of plug-ins a layer.
        """
        found = self.layout.role_of_path(module.path)
        if found is None:
            return None
        role, part = found
        if role == "router" and module.path not in self.registered.router_modules:
            return None
        if role == "repository" and has_ambiguous_name(module.path) and keeps_code(module.facts):
            return None
        layer = " layer" if role in LAYER_ROLES else ""
        return Role(role, "name", f"`{part}` is a name for the {role}{layer}")

    def _by_module(self, module: Module) -> Role:
        """A helper beside endpoints, or beside the application, belongs to them."""
        does = self._module_does(module)
        return Role(does.name, does.source, does.evidence) if does is not None else UNKNOWN


def _outside(module: Module) -> Role | None:
    outside = outside_role(module.path)
    if outside is not None:
        return Role(outside, "place", f"`{module.path}` is not part of the running application")
    if is_revision(module.facts):
        return Role("migration", "code", "the module declares `revision` and `down_revision`")
    return None


def _lines(symbol: Owned | Module) -> Iterable[int]:
    """The lines on which a definition may be marked: its first one, and its first decorator's."""
    if isinstance(symbol, Module):
        return ()
    if isinstance(symbol, Variable):
        return (_line(symbol.module, symbol.binding.at),)
    nodes = (symbol.node, *symbol.node.decorators[:1])
    return tuple(_line(symbol.module, node.at) for node in nodes)


def _line(module: Module, at: int) -> int:
    return bisect_right(module.facts.line_starts, s.start_of(at))
