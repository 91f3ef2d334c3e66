"""Which secrets an expression gives away: the request's headers or body, settings, passwords and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword, method_call, walk_expressions
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.pydantic.models import PydanticModels
from fastapi_lint.project.requests.request_objects import RequestObjects
from fastapi_lint.project.security.secret_names import is_secret
from fastapi_lint.project.types.infer import Instance, Value, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token"})
_CLEANING = frozenset(
    "mask masked redact redacted hash hashed scrub scrubbed sanitize sanitized filter".split()
)
_PASSING_METHODS = frozenset(
    "decode strip items copy dict json model_dump model_dump_json lower upper get_secret_value".split()
)
_PASSING_FUNCTIONS = frozenset(
    {f"builtins.{name}" for name in "str repr dict list tuple sorted".split()}
    | {"json.dumps", "pprint.pformat", "fastapi.encoders.jsonable_encoder", "orjson.dumps"}
)
_DUMPS = frozenset({"dict", "json", "model_dump", "model_dump_json"})
_NO_SECRET_CLASSES = frozenset(
    {f"builtins.{name}" for name in "int float bool list dict set tuple".split()}
    | {"pydantic.SecretStr", "pydantic.SecretBytes", "datetime.datetime", "datetime.timedelta", "uuid.UUID"}
)
_LONGEST_SLICE = 8
"""So many characters of a secret may be shown."""

_DEPTH = 10


class Exposed(msgspec.Struct, frozen=True, eq=False):
    """A part of an expression that gives something away, and what that is in words."""

    expr: Expr
    scope: Scope
    what: str


class Exposure:
    """Answers what expressions give away. What isn't known gives nothing away."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.settings = project.settings
        self.kinds = project.kinds
        self.models = PydanticModels(project)
        self.requests = RequestObjects(project)

    def of(self, expr: Expr, scope: Scope, depth: int = 0) -> Iterator[Exposed]:
        """The parts of a value that are secrets, or hold some; local names are followed."""
        if depth > _DEPTH:
            return
        direct = self._direct(expr, scope)
        if direct is not None:
            yield Exposed(expr, scope, direct)
            return
        for inner in self._parts(expr, scope):
            yield from self.of(inner, scope, depth + 1)
        if isinstance(expr, s.Name):
            yield from self._behind(expr, scope, depth)

    def _behind(self, expr: s.Name, scope: Scope, depth: int) -> Iterator[Exposed]:
        """What a local name was assigned, reported where the name stands."""
        symbol = self.resolver.lookup(expr.id, scope)
        if not isinstance(symbol, Variable) or not isinstance(symbol.scope.owner, FunctionSymbol):
            return
        bindings = symbol.scope.bindings.get(symbol.name, ())
        value = symbol.binding.value
        if len(bindings) != 1 or value is None or symbol.binding.path or symbol.binding.augmented:
            return
        for found in self.of(value, symbol.scope, depth + 1):
            yield Exposed(expr, scope, found.what)

    # --- what an expression is made of -----------------------------------------------------------

    def _parts(self, expr: Expr, scope: Scope) -> tuple[Expr, ...]:
        """The expressions inside whose values are in the value."""
        if isinstance(expr, s.Template):
            return expr.parts
        if isinstance(expr, s.Collection):
            return expr.items
        if isinstance(expr, s.Mapping):
            return expr.values
        if isinstance(expr, s.Operation | s.Boolean):
            return expr.operands
        if isinstance(expr, s.Conditional):
            return (expr.body, expr.orelse)
        if isinstance(expr, s.Opaque):
            return expr.children
        if isinstance(expr, s.Await | s.Starred | s.Walrus):
            return (expr.value,)
        if isinstance(expr, s.Subscript):
            return (expr.value,) if _is_long_slice(expr) else ()
        return self._passed(expr, scope) if isinstance(expr, s.Call) else ()

    def _passed(self, call: s.Call, scope: Scope) -> tuple[Expr, ...]:
        """What a call hands through: conversions to text, copies, `format`."""
        method = method_call(call)
        if method is not None and method[1] == "format":
            return (method[0], *call.args, *(k.value for k in call.keywords))
        if method is not None and method[1] in _PASSING_METHODS:
            return () if method[1] in _DUMPS else (method[0],)
        callee = self.types.callee(call, scope)
        if isinstance(callee, External) and callee.name in _PASSING_FUNCTIONS:
            return call.args
        return ()

    # --- what is a secret ------------------------------------------------------------------------

    def _direct(self, expr: Expr, scope: Scope) -> str | None:
        if isinstance(expr, s.Call):
            return self._call(expr, scope)
        if isinstance(expr, s.Subscript):
            return self._item(expr, scope)
        if not isinstance(expr, s.Name | s.Attribute):
            return None
        if isinstance(expr, s.Attribute) and self._is_request(expr.value, scope):
            return {"headers": "all headers of the request", "cookies": "the cookies of the request"}.get(
                expr.attr
            )
        value = self.types.infer(expr, scope)
        held = self._held(value)
        if held is not None:
            return held
        return self._named(expr, value, scope)

    def _is_request(self, expr: Expr, scope: Scope) -> bool:
        return self.requests.is_request(expr, scope)

    def _call(self, call: s.Call, scope: Scope) -> str | None:
        method = method_call(call)
        if method is None:
            return None
        receiver, name = method
        if name in ("body", "json") and self._is_request(receiver, scope):
            return "the body of the request"
        if name == "get" and call.args and isinstance(receiver, s.Attribute):
            return self._header(receiver, call.args[0], scope)
        if name in _DUMPS:
            held = self._held(self.types.infer(receiver, scope))
            chosen = keyword(call, "exclude") is not None or keyword(call, "include") is not None
            return held if not chosen else None
        return None

    def _item(self, expr: s.Subscript, scope: Scope) -> str | None:
        key = expr.items[0]
        if isinstance(expr.value, s.Attribute) and expr.value.attr in ("headers", "cookies"):
            return self._header(expr.value, key, scope)
        if isinstance(key, s.Constant) and isinstance(key.value, str) and is_secret(key.value):
            return f"`{key.value}`" if not self._is_one_of_many(key.value, expr, scope) else None
        return None

    def _header(self, expr: s.Attribute, key: Expr, scope: Scope) -> str | None:
        if not isinstance(key, s.Constant) or not isinstance(key.value, str):
            return None
        if (
            expr.attr == "headers"
            and self._is_request(expr.value, scope)
            and key.value.lower() in SECRET_HEADERS
        ):
            return f"the header `{key.value}`"
        if expr.attr == "cookies" and self._is_request(expr.value, scope) and is_secret(key.value):
            return f"the cookie `{key.value}`"
        return None

    def _held(self, value: Value | None) -> str | None:
        """What a settings object or a model of the project gives away when it is printed."""
        if not isinstance(value, Instance) or not isinstance(value.cls, ClassSymbol):
            return None
        known = self.settings.is_settings(value.cls) or self.kinds.is_schema(value.cls)
        if not known or self._prints_itself(value.cls):
            return None
        found = self.models.secret_field(value.cls, masked=False)
        kind = "the settings with" if self.settings.is_settings(value.cls) else f"`{value.cls.name}` with"
        return f"{kind} `{found.name}`" if found is not None else None

    def _prints_itself(self, cls: ClassSymbol) -> bool:
        return any(
            self.resolver.class_member(cls, name) is not None
            for name in ("__str__", "__repr__", "__repr_args__")
        )

    def _named(self, expr: s.Name | s.Attribute, value: Value | None, scope: Scope) -> str | None:
        """A variable or attribute whose name says that it is a secret, unless its type says otherwise."""
        name = expr.id if isinstance(expr, s.Name) else expr.attr
        if not is_secret(name) or not self._may_be_text(value):
            return None
        if isinstance(expr, s.Name) and not self._is_plain(expr, scope):
            return None
        if isinstance(expr, s.Attribute) and self._is_masked(expr, scope):
            return None
        return f"`{name}`" if not self._is_one_of_many(name, expr, scope) else None

    def _is_one_of_many(self, name: str, expr: Expr, scope: Scope) -> bool:
        """Whether a loop takes what is called token of each item: a text's, a device's."""
        if name.lower() != "token":
            return False
        made = [expr]
        symbol = self.resolver.lookup(expr.id, scope) if isinstance(expr, s.Name) else None
        if isinstance(symbol, Variable):
            values = (binding.value for binding in symbol.scope.bindings.get(symbol.name, ()))
            made = [value for value in values if value is not None]
        names = (inner for inner in walk_expressions(made) if isinstance(inner, s.Name))
        return any(self._is_item(inner, scope) for inner in names)

    def _is_item(self, name: s.Name, scope: Scope) -> bool:
        symbol = self.resolver.lookup(name.id, scope)
        return isinstance(symbol, Variable) and symbol.binding.iterable is not None

    def _may_be_text(self, value: Value | None) -> bool:
        if value is None or isinstance(value, External):
            return True
        return isinstance(value, Instance) and (class_name(value) not in _NO_SECRET_CLASSES | {""})

    def _is_masked(self, expr: s.Attribute, scope: Scope) -> bool:
        """Whether an attribute is a field that prints as asterisks."""
        owner = self.types.infer(expr.value, scope)
        if not isinstance(owner, Instance) or not isinstance(owner.cls, ClassSymbol):
            return False
        found = self.models.fields(owner.cls).get(expr.attr)
        if found is None:
            return False
        return self.models.is_masked(found.annotation, found.scope) or not self.models.may_be_text(found)

    def _is_plain(self, expr: s.Name, scope: Scope) -> bool:
        """Whether a name holds a secret itself: no loop's variable, no constant, nothing that was cleaned."""
        symbol = self.resolver.lookup(expr.id, scope)
        if not isinstance(symbol, Variable):
            return False
        for binding in symbol.scope.bindings.get(symbol.name, ()):
            if binding.iterable is not None or isinstance(binding.value, s.Constant | s.Template):
                return False
            if isinstance(binding.value, s.Call) and _cleans(binding.value):
                return False
            if isinstance(binding.value, s.Subscript) and not _is_long_slice(binding.value):
                return isinstance(binding.value.items[0], s.Constant | s.Name)
            annotation = binding.parameter.annotation if binding.parameter is not None else None
            if annotation is not None and self.models.is_masked(annotation, scope.parent or scope):
                return False
        return True


def _cleans(call: s.Call) -> bool:
    """Whether a call's name says that it masks, redacts or hashes."""
    func = call.func
    name = func.attr if isinstance(func, s.Attribute) else func.id if isinstance(func, s.Name) else ""
    return any(word.startswith(tuple(_CLEANING)) for word in words(name))


def _is_long_slice(expr: s.Subscript) -> bool:
    """Whether a slice keeps more than a few characters; an item is no slice."""
    part = expr.items[0]
    if not isinstance(part, s.Slice):
        return False
    if isinstance(part.upper, s.Constant) and isinstance(part.upper.value, int) and part.lower is None:
        return part.upper.value > _LONGEST_SLICE
    lower = part.lower.operand if isinstance(part.lower, s.Unary) else None
    if isinstance(lower, s.Constant) and isinstance(lower.value, int) and part.upper is None:
        return lower.value > _LONGEST_SLICE
    return False
