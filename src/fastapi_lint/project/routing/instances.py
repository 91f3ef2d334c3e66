"""Making instances of the project's classes: `__init__`, fields of records and settings, enumerations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing import registration
from fastapi_lint.project.routing.arguments import Arguments, of_values
from fastapi_lint.project.routing.choices import same
from fastapi_lint.project.routing.classes import (
    bases_outside,
    enum_members,
    kind_of,
    library_base,
    mro,
    run_body,
)
from fastapi_lint.project.routing.externals import carried
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    Assumed,
    ClassValue,
    ExternalInstance,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    MemberValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_AFTER = ("__post_init__", "__attrs_post_init__", "model_post_init")
_FIELDS = ("dataclasses.field", "attr.ib", "attr.field", "attrs.field", "pydantic.Field", "sqlmodel.Field")


def instantiate(run: Interpreter, cls: ClassValue, arguments: Arguments, site: Site | None) -> Value:
    """`Class(...)`."""
    kind = kind_of(cls)
    if kind in ("app", "router", "starlette"):
        return _router(run, cls, kind, arguments, site)
    if kind == "enum":
        return _by_value(run, cls, arguments.value(run, 0, "value"))
    if kind == "route":
        return registration.make_route(
            run, arguments, site, raw="fastapi.routing.APIRoute" not in bases_outside(cls)
        )
    made = InstanceValue(cls, run.conditions)
    initialise(run, made, arguments, site)
    return made


def _router(
    run: Interpreter, cls: ClassValue, kind: str, arguments: Arguments, site: Site | None
) -> RouterValue:
    made = RouterValue(kind, cls, site, run.conditions)
    run.found(made)
    if run.class_attribute(cls, "__init__") is MISSING:
        registration.initialise(run, made, arguments, site)
    else:
        run.call(run.attribute(made, "__init__", site), arguments, site, None)
    return made


def _by_value(run: Interpreter, cls: ClassValue, value: Value) -> Value:
    members = enum_members(run, cls)
    found = [one for one in members if isinstance(one, MemberValue) and same(one.value, value)]
    return found[0] if found else Unknown("a member of an enumeration")


def initialise(run: Interpreter, made: InstanceValue, arguments: Arguments, site: Site | None) -> None:
    """Run `__init__`, or fill the fields of a record."""
    found = run.class_attribute(made.cls, "__init__")
    if isinstance(found, FunctionValue):
        run.call(run.attribute(made, "__init__", site), arguments, site, None)
    else:
        initialise_base(run, made, arguments, site)


def initialise_base(run: Interpreter, made: InstanceValue, arguments: Arguments, site: Site | None) -> None:
    """What the `__init__` of a library's class does: fields of records, routes that it adds to an app."""
    if kind_of(made.cls) in ("record", "settings"):
        fill(run, made, arguments, site)
    library = library_base(made.cls)
    if library is not None and next(carried(run.values_of(arguments)), None) is not None:
        run.call(ExternalValue(library), arguments, site, None)


def fill(run: Interpreter, made: InstanceValue, arguments: Arguments, site: Site | None) -> None:
    """Give each field of a record its argument or default, then run what comes after."""
    settings = kind_of(made.cls) == "settings"
    position = 0
    for name, default, frame, owner in _fields(run, made.cls):
        given, init = _default(run, default, frame)
        argument = arguments.get(position if init and not settings else None, name)
        if argument is not None:
            value = argument.value(run)
        elif settings:
            value = _setting(owner, name, given)
        elif given is MISSING or arguments.loose:
            value = Unknown(f"the field `{name}` of `{made.cls.node.name}` is not given")
        else:
            value = given
        made.attrs[name] = value
        position += init
    for after in _AFTER:
        if run.class_attribute(made.cls, after) is not MISSING:
            run.call(run.attribute(made, after, site), of_values(), site, None)


def _fields(run: Interpreter, cls: ClassValue) -> Iterator[tuple[str, s.Expr | None, Frame, ClassValue]]:
    """Fields of a class and its bases: name, default, its frame, and the class that says so."""
    seen: dict[str, tuple[s.Expr | None, Frame, ClassValue]] = {}
    for base in reversed(mro(cls)):
        if not isinstance(base, ClassValue):
            continue
        run_body(run, base)
        inner = Frame(base.frame.module, base.env, base.frame.scope, base.frame)
        for statement in base.node.body:
            if isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
                if not _is_class_variable(statement.annotation):
                    seen[statement.target.id] = (statement.value, inner, base)
            elif isinstance(statement, s.Assign) and kind_of(base) == "settings":
                for target in statement.targets:
                    if isinstance(target, s.Name) and target.id != "model_config":
                        seen[target.id] = (statement.value, inner, base)
    yield from ((name, *found) for name, found in seen.items())


def _is_class_variable(annotation: s.Expr) -> bool:
    expr = annotation.value if isinstance(annotation, s.Subscript) else annotation
    return (isinstance(expr, s.Name) and expr.id == "ClassVar") or (
        isinstance(expr, s.Attribute) and expr.attr == "ClassVar"
    )


def _default(run: Interpreter, default: s.Expr | None, frame: Frame) -> tuple[Value, bool]:
    """The value of a field's default, and whether the field is an argument of `__init__`."""
    if default is None:
        return MISSING, True
    value = run.evaluate(default, frame)
    if not isinstance(value, ExternalInstance) or value.callee not in _FIELDS:
        return value, True
    arguments = value.arguments
    init = arguments.value(run, None, "init", True) is not False
    factory = arguments.value(run, None, "default_factory", arguments.value(run, None, "factory"))
    if factory is not MISSING:
        return run.call(factory, of_values(), value.site, None), init
    position = 0 if value.callee.endswith("Field") else None
    given = arguments.value(run, position, "default")
    return (MISSING if isinstance(given, Unknown) else given), init


def _setting(cls: ClassValue, name: str, default: Value) -> Value:
    """What is known of a settings field: text is assumed to be its default; anything else is unknown."""
    reason = f"{cls.node.name}.{name}"
    if isinstance(default, InstanceValue):
        return default
    if isinstance(default, str):
        return Assumed(default, tuple(dict.fromkeys((*getattr(default, "reasons", ()), reason))))
    return Unknown(f"it depends on the setting `{reason}`", setting=reason)
