"""What endpoints and dependencies take from the request: path, query, body, form, files.

Follows `fastapi/dependencies/utils.py` (0.165): a marker decides; without one the name in the path, then the
type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.requests.parameter_types import MODELS, ParameterType, ParameterTypes
from fastapi_lint.project.types.bodies import receiver_of

if TYPE_CHECKING:
    from fastapi_lint.project.dependencies.graph import Dependencies
    from fastapi_lint.project.types.infer import Types

_MARKERS = frozenset(
    f"fastapi.{name}" for name in "Path Query Header Cookie Body Form File Depends Security".split()
)
_FIELD_BASES = MODELS | {"typing.NamedTuple", "typing.Generic", "abc.ABC"}
_DEPTH = 8


class RequestParameter(msgspec.Struct, frozen=True, eq=False):
    """One parameter of a function or constructor that FastAPI calls, or a field of a class that it fills.

    `marker` is `Path`, `Query`, ... (`Depends` for dependencies), empty without one, None if the default may
    be a marker that isn't known. `alias` is the name in the request; `annotation` is without `Annotated`, and
    stands in `scope`.
    """

    name: str
    at: int
    marker: str | None
    alias: str
    type: ParameterType
    annotation: Expr | None
    default: Expr | None
    scope: Scope


class RequestParameters:
    """Answers what functions and classes take from the request."""

    def __init__(self, types: Types, dependencies: Dependencies) -> None:
        self.types = types
        self.resolver = types.resolver
        self.dependencies = dependencies
        self.kinds = ParameterTypes(types)
        self._known: dict[int, tuple[RequestParameter, ...]] = {}

    def of_function(self, function: FunctionSymbol) -> tuple[RequestParameter, ...]:
        """The parameters of a function, without `self`, `*args` and `**kwargs`."""
        key = id(function)
        if key not in self._known:
            scope = self.resolver.scope(function)
            own = receiver_of(function) if function.owner is not None else None
            self._known[key] = tuple(
                self._parameter(parameter, scope.parent or scope)
                for parameter in function.node.parameters
                if parameter is not own and parameter.kind not in ("args", "kwargs")
            )
        return self._known[key]

    def of_class(self, cls: ClassSymbol) -> tuple[RequestParameter, ...] | None:
        """What FastAPI passes to the constructor of a class; None if that isn't known.

        The parameters of `__init__`; else the fields of a model, dataclass or named tuple, its bases' first.
        """
        constructor = self.resolver.class_member(cls, "__init__")
        if isinstance(constructor, FunctionSymbol):
            return self.of_function(constructor)
        found: dict[str, RequestParameter] = {}
        for base in reversed(list(self.resolver.ancestry(cls))):
            if isinstance(base, External):
                if base.name not in MODELS | {
                    "typing.NamedTuple",
                    "typing.Generic",
                    "abc.ABC",
                    "typing.TypedDict",
                }:
                    return None
                continue
            if len(self.resolver.bases(base)) < len(base.node.bases):
                return None
            for one in self.fields(base):
                found[one.name] = one
        return tuple(found.values())

    def fields(self, cls: ClassSymbol) -> Iterator[RequestParameter]:
        """The annotated fields that a class's own body declares."""
        scope = self.resolver.scope(cls)
        for statement in cls.node.body:
            if isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
                name = statement.target.id
                if not name.startswith("_") and name != "model_config":
                    made = s.Parameter(statement.at, name, "keyword", statement.annotation, statement.value)
                    yield self._parameter(made, scope)

    def _parameter(self, parameter: s.Parameter, scope: Scope) -> RequestParameter:
        marker, call = self._marker(parameter, scope)
        annotation, where = self.kinds.plain(parameter.annotation, scope)
        name = parameter.name
        given = keyword(call, "alias") or keyword(call, "validation_alias") if call is not None else None
        alias = given.value if isinstance(given, s.Constant) and isinstance(given.value, str) else name
        kind = self.kinds.shape(annotation, where)
        return RequestParameter(name, parameter.at, marker, alias, kind, annotation, parameter.default, where)

    # --- markers ---------------------------------------------------------------------------------

    def _marker(self, parameter: s.Parameter, scope: Scope) -> tuple[str | None, s.Call | None]:
        """`Query`, `Depends`, ... of a parameter, and its call."""
        if self.dependencies.of_parameter(parameter, scope) is not None:
            return "Depends", None
        found = self._marker_call(parameter.default, scope, 0)
        if found is None:
            found = self._in_annotation(parameter.annotation, scope, 0)
        if found is not None:
            return found
        return ("" if self._is_plain_default(parameter.default, scope) else None), None

    def _marker_call(self, expr: Expr | None, scope: Scope, depth: int) -> tuple[str, s.Call | None] | None:
        if isinstance(expr, s.Call):
            symbol = self.resolver.resolve(expr.func, scope)
            if isinstance(symbol, External) and symbol.name in _MARKERS:
                return symbol.name.rpartition(".")[2], expr
            if isinstance(symbol, External) and symbol.name == "pydantic.Field":
                return "", expr
        if isinstance(expr, s.Name | s.Attribute) and depth < _DEPTH:
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
                return self._marker_call(symbol.binding.value, symbol.scope, depth + 1)
        return None

    def _is_plain_default(self, expr: Expr | None, scope: Scope) -> bool:
        """Whether a default is certainly no marker: a literal, a display, a member of an enum."""
        if expr is None or isinstance(expr, s.Constant | s.Collection | s.Mapping | s.Opaque | s.Unary):
            return True
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            return isinstance(symbol, ClassSymbol) or (
                isinstance(symbol, Variable) and self._is_plain_default(symbol.binding.value, symbol.scope)
            )
        return False

    def _in_annotation(self, expr: Expr | None, scope: Scope, depth: int) -> tuple[str, s.Call | None] | None:
        """The marker among the metadata of `Annotated[...]`, aliases followed."""
        if expr is None or depth > _DEPTH:
            return None
        if isinstance(expr, s.Subscript) and self.kinds.is_annotated(expr, scope):
            for item in reversed(expr.items[1:]):
                found = self._marker_call(item, scope, 0)
                if found is not None and (found[0] or found[1] is not None):
                    return found
            return self._in_annotation(expr.items[0], scope, depth + 1)
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None:
                return self._in_annotation(symbol.binding.value, symbol.scope, depth + 1)
        return None
