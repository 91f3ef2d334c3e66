"""The objects that an expression hands to FastAPI to write out: models and rows, in whatever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword, method_call
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.pydantic.models import PydanticModels
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.entities import Entities
from fastapi_lint.project.types.infer import Instance, Value, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

Shape = Literal["object", "list", "dict", "model"]
"""What stands around an object at the outside; a `model` is a Pydantic model with a field of any type."""

_LISTS = frozenset({"builtins.list", "builtins.tuple", "builtins.set"})
_ROWS = frozenset({"all", "fetchall", "unique"})
_DUMPS = frozenset({"model_dump", "dict"})
_DEPTH = 8


class ReturnedObject(msgspec.Struct, frozen=True, eq=False):
    """An object of a class of the project in a returned value.

    `functions` are those of the project that gave it, `call` its construction if it is made on the spot.
    """

    cls: ClassSymbol
    shape: Shape
    expr: Expr
    functions: tuple[FunctionSymbol, ...] = ()
    call: s.Call | None = None


class ReturnedObjects:
    """Answers which objects are in a value. What isn't certain is left out."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.entities = Entities(project)
        self.models = PydanticModels(project)

    def of(self, expr: Expr, scope: Scope, depth: int = 0) -> Iterator[ReturnedObject]:
        """The objects in what an expression gives."""
        if depth > _DEPTH:
            return
        inner = depth + 1
        if isinstance(expr, s.Await | s.Walrus):
            yield from self.of(expr.value, scope, inner)
        elif isinstance(expr, s.Conditional):
            for part in (expr.body, expr.orelse):
                yield from self.of(part, scope, inner)
        elif isinstance(expr, s.Collection):
            yield from self._within(expr.items, "list", scope, inner)
        elif isinstance(expr, s.Mapping):
            named = [v for k, v in zip(expr.keys, expr.values, strict=True) if k is not None]
            yield from self._within(named, "dict", scope, inner)
        elif isinstance(expr, s.Comprehension) and expr.kind == "list":
            yield from self._comprehension(expr, scope, inner)
        else:
            yield from self._single(expr, scope, inner)

    def _within(
        self, items: Iterable[Expr], shape: Shape, scope: Scope, depth: int
    ) -> Iterator[ReturnedObject]:
        for item in items:
            for found in self.of(item, scope, depth):
                yield ReturnedObject(found.cls, shape, found.expr, found.functions, found.call)

    def _comprehension(self, expr: s.Comprehension, scope: Scope, depth: int) -> Iterator[ReturnedObject]:
        """`[user for user in users]`, `[UserInDB(...) for row in rows]`."""
        clause = expr.clauses[0]
        if len(expr.clauses) == 1 and isinstance(expr.element, s.Name):
            if isinstance(clause.target, s.Name) and clause.target.id == expr.element.id:
                yield from (
                    found for found in self.of(clause.iterable, scope, depth) if found.shape == "list"
                )
        elif isinstance(expr.element, s.Call):
            callee = self.types.callee(expr.element, scope)
            if isinstance(callee, ClassSymbol):
                yield from self._within((expr.element,), "list", scope, depth)
            elif len(expr.clauses) == 1 and _is_dump_of(expr.element, clause.target):
                for found in self.of(clause.iterable, scope, depth):
                    if found.shape == "list" and self.models.is_model(found.cls):
                        yield found

    def _single(self, expr: Expr, scope: Scope, depth: int) -> Iterator[ReturnedObject]:
        if isinstance(expr, s.Name):
            yield from self._named(expr, scope, depth)
            return
        if isinstance(expr, s.Call):
            found = tuple(self._called(expr, scope, depth))
            if found:
                yield from found
                return
        yield from self._typed(expr, self.types.infer(expr, scope))
        entity = self.entities.of(expr, scope) if isinstance(expr, s.Call) else None
        if entity is not None and not isinstance(self.types.infer(expr, scope), Instance):
            yield ReturnedObject(entity, "object", expr)

    def _typed(self, expr: Expr, value: Value | None, call: s.Call | None = None) -> Iterator[ReturnedObject]:
        """What a known type says."""
        shape: Shape = "object"
        if class_name(value) in _LISTS and isinstance(value, Instance) and value.arguments:
            value, shape = value.arguments[0], "list"
        if isinstance(value, Instance) and isinstance(value.cls, ClassSymbol):
            yield ReturnedObject(value.cls, shape, expr, call=call)

    # --- names -----------------------------------------------------------------------------------

    def _named(self, name: s.Name, scope: Scope, depth: int) -> Iterator[ReturnedObject]:
        """A name: all that it is bound to here has to give the same, and nothing may change a container."""
        bindings = scope.bindings.get(name.id, [])
        if not bindings:
            yield from self._typed(name, self.types.infer(name, scope))
            return
        if any(b.parameter is not None for b in bindings):
            yield from self._parameter(name, scope)
            return
        groups = [tuple(self._bound(binding, scope, depth)) for binding in bindings if not _is_none(binding)]
        if not groups or not all(groups):
            return
        built = any(isinstance(binding.value, s.Collection | s.Mapping) for binding in bindings)
        if built and self._is_changed(name, scope):
            return
        if len(groups) == 1 or len({id(found.cls) for group in groups for found in group}) == 1:
            yield from groups[0]

    def _bound(self, binding: Binding, scope: Scope, depth: int) -> Iterator[ReturnedObject]:
        if binding.value is None or binding.path or binding.augmented:
            return
        if binding.annotation is not None:
            yield from self._typed(binding.value, self.types.annotated(binding.annotation, scope))
            return
        yield from self.of(binding.value, scope, depth)

    def _parameter(self, name: s.Name, scope: Scope) -> Iterator[ReturnedObject]:
        """A parameter with a declared type; what a dependency is known to hand over has to agree."""
        bindings = scope.bindings[name.id]
        parameter = bindings[0].parameter
        if len(bindings) != 1 or parameter is None:
            return
        value = self.types.parameter(parameter, scope)
        dependency = self.project.dependencies.of_parameter(parameter, scope.parent or scope)
        function = None
        if dependency is not None:
            provided = self.types.provided(dependency.target)
            if provided is not None and provided != value:
                return
            function = self.project.dependencies.function_of(dependency)
        for found in self._typed(name, value):
            functions = (function,) if function is not None else ()
            yield ReturnedObject(found.cls, found.shape, found.expr, functions)

    def _is_changed(self, name: s.Name, scope: Scope) -> bool:
        """Whether a local container is used for more than being returned."""
        uses = self.project.name_uses.of(scope, name.id)
        return len(uses) > 2

    # --- calls -----------------------------------------------------------------------------------

    def _called(self, call: s.Call, scope: Scope, depth: int) -> Iterator[ReturnedObject]:
        callee = self.types.callee(call, scope)
        if isinstance(callee, ClassSymbol):
            yield from self._constructed(call, callee, scope, depth)
        elif isinstance(callee, FunctionSymbol):
            yield from self._given_by(call, callee, depth)
        elif isinstance(callee, External) and callee.name == "fastapi.encoders.jsonable_encoder":
            if call.args and _filters_nothing(call):
                yield from self.of(call.args[0], scope, depth)
        else:
            yield from self._queried_or_dumped(call, scope, depth)

    def _queried_or_dumped(self, call: s.Call, scope: Scope, depth: int) -> Iterator[ReturnedObject]:
        method = method_call(call)
        if method is None:
            return
        if method[1] in _DUMPS and _filters_nothing(call):
            for found in self.of(method[0], scope, depth):
                if found.shape == "object" and self.models.is_model(found.cls):
                    yield ReturnedObject(found.cls, "dict", found.expr, found.functions, found.call)
        elif method[1] in _ROWS:
            entity = self.entities.rows(call, scope)
            if entity is not None:
                yield ReturnedObject(entity, "list", call)
        else:
            entity = self.entities.of(call, scope)
            if entity is not None:
                yield ReturnedObject(entity, "object", call)

    def _constructed(
        self, call: s.Call, cls: ClassSymbol, scope: Scope, depth: int
    ) -> Iterator[ReturnedObject]:
        """A model or row made on the spot; of `Page(items=users)` also what a field of any type is given."""
        yield ReturnedObject(cls, "object", call, call=call)
        if not self.models.is_model(cls) or isinstance(call.func, s.Subscript):
            return
        fields = self.models.fields(cls)
        for given in call.keywords:
            one = fields.get(given.name or "")
            if one is not None and self._takes_anything(one.annotation, one.scope):
                for found in self.of(given.value, scope, depth):
                    if self.models.is_model(found.cls):
                        yield ReturnedObject(found.cls, "model", found.expr, found.functions, found.call)

    def _takes_anything(self, annotation: Expr, scope: Scope) -> bool:
        """Whether a field is `Any`, or a type variable that nobody fills."""
        symbol = self.types.resolver.resolve(annotation, scope)
        if isinstance(symbol, External):
            return symbol.name == "typing.Any"
        value = symbol.binding.value if isinstance(symbol, Variable) else None
        callee = self.types.callee(value, symbol.scope) if isinstance(value, s.Call) else None  # type: ignore[union-attr]
        return (
            isinstance(value, s.Call)
            and isinstance(callee, External)
            and callee.name.endswith(".TypeVar")
            and keyword(value, "bound") is None
            and len(value.args) == 1
        )

    def _given_by(self, call: s.Call, function: FunctionSymbol, depth: int) -> Iterator[ReturnedObject]:
        """What a function of the project returns, by its annotation, else by what it returns."""
        if function.node.is_generator:
            return
        scope = self.types.resolver.scope(function)
        if not self.project.decorators.gives_results_back(function):
            return
        if function.node.returns is not None:
            for found in self._typed(call, self.types.returned(function)):
                yield ReturnedObject(found.cls, found.shape, call, (function,))
            return
        groups = [tuple(self.of(value, scope, depth)) for value in return_values(function)]
        if groups and all(len(group) == 1 for group in groups) and len({g[0].cls for g in groups}) == 1:
            for found in groups[0]:
                yield ReturnedObject(found.cls, found.shape, call, (function, *found.functions), found.call)


def _is_dump_of(call: s.Call, target: Expr) -> bool:
    """Whether a call is `user.model_dump()` of the name that a comprehension binds."""
    method = method_call(call)
    if method is None or not isinstance(method[0], s.Name) or not isinstance(target, s.Name):
        return False
    return method[0].id == target.id and method[1] in _DUMPS and _filters_nothing(call)


def _filters_nothing(call: s.Call) -> bool:
    """Whether no argument says which fields are left out or taken."""
    return all(k.name not in (None, "include", "exclude") for k in call.keywords)


def _is_none(binding: Binding) -> bool:
    return isinstance(binding.value, s.Constant) and binding.value.value is None
