"""Which kind of type a parameter has, as FastAPI sorts types: plain values, lists, models, uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope, Variable
from fastapi_lint.project.types.annotations import parse_reference

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

Shape = Literal["scalar", "list", "mapping", "model", "json", "upload", "special", "unknown"]

_SPECIAL = frozenset(
    {
        "fastapi.Request",
        "fastapi.WebSocket",
        "fastapi.Response",
        "fastapi.BackgroundTasks",
        "starlette.requests.HTTPConnection",
        "fastapi.requests.HTTPConnection",
        "fastapi.security.SecurityScopes",
        "fastapi.security.oauth2.SecurityScopes",
    }
)
_UPLOADS = frozenset({"fastapi.UploadFile", "starlette.datastructures.UploadFile"})
_SCALARS = frozenset(
    {
        *(f"builtins.{name}" for name in "str int float bool bytes complex".split()),
        *(f"datetime.{name}" for name in "date datetime time timedelta".split()),
        *(f"uuid.{name}" for name in "UUID UUID1 UUID3 UUID4 UUID5 UUID7".split()),
        "decimal.Decimal",
        "pathlib.Path",
        *(
            f"pydantic.{name}"
            for name in (
                "AnyHttpUrl AnyUrl AwareDatetime EmailStr FutureDate FutureDatetime HttpUrl NaiveDatetime "
                "NegativeInt NonNegativeFloat NonNegativeInt PastDate PastDatetime PositiveFloat PositiveInt "
                "SecretStr StrictBool StrictFloat StrictInt StrictStr UUID1 UUID3 UUID4 UUID5 constr conint"
            ).split()
        ),
    }
)
_SCALAR_BASES = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "builtins.str", "builtins.int"})
_LISTS = frozenset(
    {
        *(f"builtins.{name}" for name in "list set tuple frozenset".split()),
        *(f"typing.{name}" for name in "List Set Tuple FrozenSet Sequence Deque".split()),
        "collections.abc.Sequence",
        "collections.abc.Set",
        "collections.deque",
    }
)
_MAPPINGS = frozenset(
    "builtins.dict typing.Dict typing.Mapping collections.abc.Mapping collections.OrderedDict".split()
)
MODELS = frozenset("pydantic.BaseModel pydantic.RootModel sqlmodel.SQLModel pydantic.v1.BaseModel".split())
_SHAPES: dict[str, Shape] = {
    **dict.fromkeys(_SCALARS | {"typing.Literal"}, "scalar"),
    **dict.fromkeys(_SPECIAL, "special"),
    **dict.fromkeys(_UPLOADS, "upload"),
    **dict.fromkeys(_LISTS, "list"),
    **dict.fromkeys(_MAPPINGS, "mapping"),
    **dict.fromkeys(("pydantic.Json", "pydantic.types.Json"), "json"),
}
_BUILTIN = frozenset("str int float bool bytes complex list set tuple frozenset dict".split())
_DEPTH = 8


class ParameterType(msgspec.Struct, frozen=True):
    """A parameter's type: its shape, that of a list's items, a model's class, and whether None is allowed."""

    shape: Shape
    item: Shape = "unknown"
    model: ClassSymbol | None = None
    optional: bool = False


class ParameterTypes:
    """Answers of what kind types are. Names of aliases are followed."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def is_annotated(self, expr: s.Subscript, scope: Scope) -> bool:
        """Whether an expression is `Annotated[...]`."""
        symbol = self.resolver.resolve(expr.value, scope)
        return isinstance(symbol, External) and symbol.name.endswith(".Annotated") and bool(expr.items)

    # --- types -----------------------------------------------------------------------------------

    def plain(self, expr: Expr | None, scope: Scope, depth: int = 0) -> tuple[Expr | None, Scope]:
        """The type without `Annotated`, names of aliases and quotes, and the scope that it stands in."""
        if depth > _DEPTH or expr is None:
            return expr, scope
        if isinstance(expr, s.Constant) and isinstance(expr.value, str):
            return parse_reference(expr), scope
        if isinstance(expr, s.Subscript) and self.is_annotated(expr, scope):
            return self.plain(expr.items[0], scope, depth + 1)
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
                return self.plain(symbol.binding.value, symbol.scope, depth + 1)
        return expr, scope

    def shape(self, expr: Expr | None, scope: Scope, depth: int = 0) -> ParameterType:
        """The kind of a type; one without annotation is a plain value to FastAPI."""
        if expr is None:
            return ParameterType("scalar")
        expr, scope = self.plain(expr, scope)
        if expr is None or depth > _DEPTH:
            return ParameterType("unknown")
        options = self._union(expr, scope)
        if options is not None:
            return self._union_shape(options, scope, depth)
        base = expr.value if isinstance(expr, s.Subscript) else expr
        shape, model = self._named_shape(base, scope)
        item: Shape = "unknown"
        if shape == "list" and isinstance(expr, s.Subscript) and expr.items:
            item = self.shape(expr.items[0], scope, depth + 1).shape
        if shape == "list" and item == "upload":
            shape = "upload"
        return ParameterType(shape, item, model)

    def _union(self, expr: Expr, scope: Scope) -> tuple[Expr, ...] | None:
        if isinstance(expr, s.Operation) and set(expr.operators) == {"|"}:
            return expr.operands
        if isinstance(expr, s.Subscript):
            symbol = self.resolver.resolve(expr.value, scope)
            if isinstance(symbol, External) and symbol.name in ("typing.Optional", "typing.Union"):
                is_optional = symbol.name.endswith("Optional")
                return (*expr.items, s.Constant(expr.at, None)) if is_optional else expr.items
        return None

    def _union_shape(self, options: tuple[Expr, ...], scope: Scope, depth: int) -> ParameterType:
        rest = [one for one in options if not (isinstance(one, s.Constant) and one.value is None)]
        found = [self.shape(one, scope, depth + 1) for one in rest]
        optional = len(rest) < len(options)
        shapes = {one.shape for one in found}
        if len(shapes) != 1:
            return ParameterType("unknown", optional=optional)
        items = {one.item for one in found}
        item = items.pop() if len(items) == 1 else "unknown"
        return ParameterType(found[0].shape, item, found[0].model, optional)

    def _named_shape(self, expr: Expr, scope: Scope) -> tuple[Shape, ClassSymbol | None]:
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, ClassSymbol):
            return self._class_shape(symbol)
        name = symbol.name if isinstance(symbol, External) else ""
        if symbol is None and isinstance(expr, s.Name) and expr.id in _BUILTIN:
            name = f"builtins.{expr.id}" if self.types.is_builtin(expr, scope) else ""
        return _SHAPES.get(name, "unknown"), None

    def _class_shape(self, cls: ClassSymbol) -> tuple[Shape, ClassSymbol | None]:
        if self.resolver.inherits(cls, MODELS):
            return "model", cls
        if self.resolver.inherits(cls, _SPECIAL):
            return "special", None
        if self.resolver.inherits(cls, _SCALAR_BASES):
            return "scalar", None
        return "unknown", None
