"""Names in annotations that FastAPI and Pydantic evaluate at run time, and where those are bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import children, method_call, walk_expressions
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.pydantic.models import ModelField, PydanticModels
from fastapi_lint.project.types.infer import Value

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project

_FUTURE = frozenset({"__future__", "annotations"})
_NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*")
_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")


class AnnotatedName(msgspec.Struct, frozen=True, eq=False):
    """A name that an annotation uses, the place of it, and the scope that the annotation stands in.

    `function` or `model` is what the annotation belongs to, `of` the parameter or field, or "return".
    """

    name: str
    at: int
    scope: Scope
    of: str
    function: FunctionSymbol | None = None
    model: ClassSymbol | None = None

    @property
    def module(self) -> Module:
        """The module that the annotation stands in."""
        return self.scope.module


class RuntimeAnnotations:
    """Answers which names annotations need at run time."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.types = project.types
        self.models = PydanticModels(project)

    def names(self) -> Iterator[AnnotatedName]:
        """The names in annotations of endpoints, dependencies and models of the application."""
        for called in self.project.endpoints.called:
            outside = self.project.roles.is_outside(called.function.module)
            if called.kind in ("endpoint", "dependency") and not outside:
                yield from self.of_function(called.function)
        for module in self.project.application_modules():
            for cls in self.resolver.index(module).classes:
                if cls.node.bases and self.models.is_model(cls):
                    yield from self._of_model(cls)

    def of_function(self, function: FunctionSymbol) -> Iterator[AnnotatedName]:
        """The names in the annotations of an endpoint's or dependency's parameters, and of its result."""
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        lazy = has_future_import(function.module)
        for parameter in function.node.parameters:
            annotation = parameter.annotation
            if annotation is None or self.types.is_depends(parameter.default, around):
                continue
            for name, at in self._in_annotation(annotation, around, lazy):
                yield AnnotatedName(name, at, around, parameter.name, function)
        endpoint = self.project.endpoints.of(function)
        if endpoint is not None and function.node.returns is not None and self._uses_result(endpoint):
            for name, at in self._in_annotation(function.node.returns, around, lazy):
                yield AnnotatedName(name, at, around, "return", function)

    def _uses_result(self, endpoint: Endpoint) -> bool:
        """Whether FastAPI makes a response model of the return annotation."""
        return any(
            route.kind == "http" and "response_model" not in route.options for route in endpoint.routes
        )

    def _of_model(self, cls: ClassSymbol) -> Iterator[AnnotatedName]:
        lazy = has_future_import(cls.module)
        for one in self.models.own_fields(cls):
            if self._is_relationship(one):
                continue
            for name, at in self._in_annotation(one.annotation, one.scope, lazy):
                yield AnnotatedName(name, at, one.scope, one.name, model=cls)

    def _is_relationship(self, one: ModelField) -> bool:
        """Whether a field of a table leads to another table: SQLAlchemy resolves its annotation by itself."""
        callee = self.types.callee(one.default, one.scope) if isinstance(one.default, s.Call) else None
        name = callee.name if isinstance(callee, External) else ""
        return name.rpartition(".")[2] in ("Relationship", "relationship")

    def _in_annotation(self, expr: Expr, scope: Scope, lazy: bool) -> Iterator[tuple[str, int]]:
        """The names that evaluating an annotation looks up, those in quoted parts included.

        Without a future import, `Annotated["Thing", Depends(f)]` needs no `Thing`: FastAPI ignores it.
        """
        stack = [expr]
        while stack:
            node = stack.pop()
            if isinstance(node, s.Name):
                yield node.id, node.at
            elif isinstance(node, s.Constant) and isinstance(node.value, str):
                yield from ((name, node.at) for name in names_in_text(node.value))
            elif isinstance(node, s.Subscript):
                stack.append(node.value)
                stack.extend(self._items(node, scope, lazy))
            elif not isinstance(node, s.Call | s.Lambda):
                stack.extend(children(node))

    def _items(self, node: s.Subscript, scope: Scope, lazy: bool) -> tuple[Expr, ...]:
        """The items of a generic that are types: none of `Literal`, the first of `Annotated`."""
        symbol = self.resolver.resolve(node.value, scope)
        last = symbol.name.rpartition(".")[2] if isinstance(symbol, External) else ""
        if last == "Literal":
            return ()
        if last != "Annotated":
            return node.items
        quoted = isinstance(node.items[0], s.Constant)
        depends = any(self.types.is_depends(item, scope) for item in node.items[1:])
        return () if quoted and depends and not lazy else node.items[:1]

    def local_names(self, function: FunctionSymbol) -> Iterator[AnnotatedName]:
        """The names in a nested function's parameters that only the functions around it bind.

        Metadata of `Annotated` counts: a text is evaluated as a whole. Parameters whose default is a
        dependency need no annotation.
        """
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        for parameter in function.node.parameters:
            annotation = parameter.annotation
            if annotation is None or self.types.is_depends(parameter.default, around):
                continue
            for expr in walk_expressions((annotation,)):
                names: tuple[str, ...] = (expr.id,) if isinstance(expr, s.Name) else ()
                if isinstance(expr, s.Constant) and expr is annotation:
                    names = names_in_text(str(expr.value))
                for name in names:
                    if self._is_local(name, around):
                        yield AnnotatedName(name, expr.at, around, parameter.name, function)

    def _is_local(self, name: str, scope: Scope) -> bool:
        """Whether a function around binds a name that the module doesn't."""
        around: Scope | None = scope
        while around is not None and around.parent is not None and name not in around.bindings:
            around = around.parent
        if around is None or not isinstance(around.owner, FunctionSymbol):
            return False
        module = self.resolver.scope(scope.module)
        return name not in module.bindings and not module.stars

    # --- bindings --------------------------------------------------------------------------------

    def type_only_import(self, name: str, scope: Scope) -> Binding | None:
        """The import under `TYPE_CHECKING` that alone binds a name; None if something else does as well."""
        around: Scope | None = scope
        while around is not None:
            bindings = around.bindings.get(name)
            if bindings:
                only = all(binding.type_only for binding in bindings)
                first = bindings[0]
                return first if only and first.statement is not None else None
            if around.stars and around.owner is None:
                return None
            around = around.parent
        return None

    def may_be_known_later(self, used: AnnotatedName) -> bool:
        """Whether a model can do without a name, or learns it before it reads data."""
        model = used.model
        return model is not None and (
            id(model) in self._rebuilt
            or self._rebuilds_unknown
            or self._is_known_to_heir(model, used.name)
            or self._only_needed_for_input(model, used.of)
        )

    def _is_known_to_heir(self, model: ClassSymbol, name: str) -> bool:
        """Whether a model that derives from this one stands where the name is bound at run time.

        Pydantic looks names that it didn't find up again, in the module of the deriving model (run on
        1.10 and 2.14).
        """
        scopes = (self.resolver.scope(heir.module) for heir in self._heirs.get(id(model), ()))
        return any(
            scope.stars or any(not binding.type_only for binding in scope.bindings.get(name, ()))
            for scope in scopes
        )

    @cached_property
    def _heirs(self) -> dict[int, list[ClassSymbol]]:
        """The models that derive from each model, by its identity."""
        found: dict[int, list[ClassSymbol]] = {}
        for module in self.project.application_modules():
            for cls in self.resolver.index(module).classes:
                if cls.node.bases and self.models.is_model(cls):
                    for base in self.resolver.ancestry(cls):
                        if base is not cls:
                            found.setdefault(id(base), []).append(cls)
        return found

    def _only_needed_for_input(self, model: ClassSymbol, name: str) -> bool:
        """Whether a field needs its type only when data gives it: Pydantic 1 checks no default."""
        versions = self.project.versions.for_file(model.module.path)
        if not (versions.all_below("pydantic", "2") or self.models.is_v1(model)):
            return False
        own = next((one for one in self.models.own_fields(model) if one.name == name), None)
        default = self.models.default_of(own) if own is not None else None
        return default is not None and not isinstance(default, s.Opaque)

    @cached_property
    def _rebuild_targets(self) -> tuple[Value | None, ...]:
        found: list[Value | None] = []
        for module in self.project.application_modules():
            for site in self.project.calls.named(module, "model_rebuild", "update_forward_refs"):
                method = method_call(site.call)
                found.append(self.types.infer(method[0], site.scope) if method is not None else None)
        return tuple(found)

    @cached_property
    def _rebuilt(self) -> frozenset[int]:
        return frozenset(id(value) for value in self._rebuild_targets)

    @property
    def _rebuilds_unknown(self) -> bool:
        return any(not isinstance(value, ClassSymbol) for value in self._rebuild_targets)


def has_future_import(module: Module) -> bool:
    """Whether a module keeps its annotations as texts: `from __future__ import annotations`."""
    return module.facts.names >= _FUTURE and any(
        isinstance(node, s.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in module.facts.body
    )


def names_in_text(text: str) -> tuple[str, ...]:
    """The first names of the dotted names in a quoted annotation."""
    if len(text) > 500 or "Literal" in text:
        return ()
    return tuple(dict.fromkeys(_NAME.findall(_TEXTS.sub(" ", text))))
