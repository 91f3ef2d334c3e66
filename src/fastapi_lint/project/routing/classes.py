"""Classes of the project: their order of bases, their bodies, and what an attribute of a class means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.third_party import APP_CLASSES, ROUTER_CLASSES
from fastapi_lint.project.routing.values import (
    MISSING,
    ClassValue,
    ExternalValue,
    FunctionValue,
    MemberValue,
    Native,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

REGISTRATION = frozenset(
    """
    get post put patch delete head options trace api_route websocket websocket_route route
    add_api_route add_api_websocket_route add_websocket_route add_route mount host frontend
    include_router on_event
    """.split()
)
"""Methods of apps and routers that register something."""

_SETTINGS = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings"})
_ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"})
_RECORDS = frozenset(
    {"pydantic.BaseModel", "sqlmodel.SQLModel", "typing.NamedTuple", "msgspec.Struct", "pydantic.RootModel"}
)
_ROUTES = frozenset({"fastapi.routing.APIRoute", "starlette.routing.Route"})


def make_class(run: Interpreter, node: s.Class, frame: Frame) -> ClassValue:
    """The value of a class statement. Its body runs now if it may register something, else when needed."""
    around, _ = surroundings(frame)
    inside = frame if frame.cls is None else around
    bases = tuple(run.evaluate(base, frame) for base in node.bases if not isinstance(base, s.Starred))
    value = ClassValue(node, inside, run.class_symbol(node, frame), bases)
    if _registers(node, frame):
        run_body(run, value)
    for base in mro(value)[1:]:
        if isinstance(base, ClassValue) and "__init_subclass__" in _names(base.node):
            run.call_attribute(value, "__init_subclass__")
            break
    return value


def surroundings(frame: Frame) -> tuple[Frame, ClassValue | None]:
    """The frame that a function defined in `frame` closes over, and the class whose body that frame is."""
    if frame.cls is None or frame.parent is None:
        return frame, None
    return frame.parent, frame.cls


def _names(node: s.Class) -> list[str]:
    return [statement.name for statement in node.body if isinstance(statement, s.Function)]


def _registers(node: s.Class, frame: Frame) -> bool:
    for statement in node.body:
        if isinstance(statement, s.Expression) and isinstance(statement.value, s.Call):
            return True
        if isinstance(statement, s.For | s.With):
            return True
        if isinstance(statement, s.Function) and any(_is_active(d, frame) for d in statement.decorators):
            return True
    return False


def _is_active(decorator: s.Expr, frame: Frame) -> bool:
    """Whether a method's decorator may register it: a router's method, or a function of the project."""
    expr = decorator.func if isinstance(decorator, s.Call) else decorator
    if isinstance(expr, s.Attribute):
        return expr.attr in REGISTRATION or _root_is_ours(expr, frame)
    return isinstance(expr, s.Name) and not isinstance(frame.find(expr.id), ExternalValue | type(MISSING))


def _root_is_ours(expr: s.Attribute, frame: Frame) -> bool:
    node: s.Expr = expr
    while isinstance(node, s.Attribute):
        node = node.value
    return isinstance(node, s.Name) and not isinstance(frame.find(node.id), ExternalValue | type(MISSING))


def run_body(run: Interpreter, value: ClassValue) -> None:
    """Run a class body, once."""
    if value.ready:
        return
    value.ready = True
    scope = run.scope_of(value.symbol) if value.symbol is not None else value.frame.scope
    frame = Frame(value.frame.module, value.env, scope, value.frame)
    frame.cls = value
    run.execute(value.node.body, frame)


def mro(value: ClassValue) -> tuple[Value, ...]:
    """The class and its bases in the order in which attributes are looked up (C3, else depth first)."""
    if value.mro is None:
        value.mro = (value,)
        value.mro = _linear(value)
    return value.mro


def _linear(value: ClassValue) -> tuple[Value, ...]:
    bases = [base for base in value.bases if isinstance(base, ClassValue | ExternalValue)]
    rows = [list(mro(base)) if isinstance(base, ClassValue) else [base] for base in bases]
    rows.append(list(bases))
    made: list[Value] = [value]
    while any(rows):
        rows = [row for row in rows if row]
        head = next((row[0] for row in rows if not any(_later(row[0], other) for other in rows)), rows[0][0])
        made.append(head)
        rows = [[one for one in row if not _is_same(one, head)] for row in rows]
    return tuple(made)


def _later(head: Value, row: list[Value]) -> bool:
    return any(_is_same(head, one) for one in row[1:])


def _is_same(one: Value, other: Value) -> bool:
    if isinstance(one, ExternalValue) and isinstance(other, ExternalValue):
        return one.name == other.name
    return one is other


def bases_outside(value: ClassValue) -> list[str]:
    """Names of the library classes that a class derives from, nearest first."""
    return [base.name for base in mro(value) if isinstance(base, ExternalValue)]


def library_base(value: ClassValue) -> str | None:
    """The nearest library class that a class derives from, and that brings attributes of its own."""
    return next((name for name in bases_outside(value) if name not in _BARE), None)


_BARE = ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol")


def kind_of(value: ClassValue) -> str:
    """What instances of a class are: app, starlette, router, route, settings, enum, record or plain."""
    if value.kind is None:
        value.kind = _kind(value)
    return value.kind


def _kind(value: ClassValue) -> str:
    for name in bases_outside(value):
        if name in APP_CLASSES:
            return APP_CLASSES[name]
        if name in ROUTER_CLASSES:
            return "router"
        if name in _ROUTES:
            return "route"
        if name in _SETTINGS:
            return "settings"
        if name in _ENUMS:
            return "enum"
        if name in _RECORDS:
            return "record"
    inherited = any(base.record for base in mro(value) if isinstance(base, ClassValue))
    return "record" if inherited else "plain"


def class_attribute(run: Interpreter, value: ClassValue, name: str) -> Value:
    """The raw attribute of a class or its bases in the project; `MISSING` if none of them has it."""
    for base in mro(value):
        if isinstance(base, ClassValue):
            found = own_attribute(run, base, name)
            if found is not MISSING:
                return found
    return MISSING


def own_attribute(run: Interpreter, value: ClassValue, name: str) -> Value:
    """The raw attribute that a class's own body binds."""
    if not value.ready:
        run_body(run, value)
    return value.env.get(name, MISSING)


def member(run: Interpreter, value: ClassValue, name: str) -> Value:
    """`Class.name`: enumeration members, class methods bound to the class, everything else as it is."""
    found = class_attribute(run, value, name)
    if found is MISSING:
        return MISSING
    if (
        kind_of(value) == "enum"
        and not name.startswith("_")
        and not isinstance(found, FunctionValue | Native)
    ):
        return enum_member(value, name, found)
    return run.bound_to_class(found, value)


def enum_member(value: ClassValue, name: str, raw: Value) -> MemberValue:
    """The member of an enumeration; the same object each time."""
    if isinstance(raw, MemberValue):
        return raw
    outside = bases_outside(value)
    plain = "enum.StrEnum" in outside
    mixed = plain or "builtins.str" in outside
    text = name.lower() if isinstance(raw, ExternalValue) and raw.name.startswith("enum.auto") else raw
    made = MemberValue(value, name, text, mixed, plain)
    value.env[name] = made
    return made


def enum_members(run: Interpreter, value: ClassValue) -> list[Value]:
    """All members in order."""
    run_body(run, value)
    names = [name for name, raw in value.env.items() if not name.startswith("_")]
    found = [member(run, value, name) for name in names]
    return [one for one in found if isinstance(one, MemberValue)]
