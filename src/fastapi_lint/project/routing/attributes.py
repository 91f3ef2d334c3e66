"""`value.name`, `value[key]`, and giving them a new value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.names.canonical import canonical
from fastapi_lint.project.routing import environment, operators
from fastapi_lint.project.routing.arguments import of_values
from fastapi_lint.project.routing.choices import chosen
from fastapi_lint.project.routing.classes import (
    bases_outside,
    enum_members,
    kind_of,
    library_base,
    member,
    mro,
    own_attribute,
)
from fastapi_lint.project.routing.files import PathValue, absolute
from fastapi_lint.project.routing.router_attributes import (
    get_from_host,
    get_from_mount,
    get_from_route,
    get_from_router,
    set_on_mount,
    set_on_route,
    set_on_router,
)
from fastapi_lint.project.routing.routers import (
    HostValue,
    IncludeValue,
    MountValue,
    RouterMethod,
    RouterValue,
    RouteValue,
)
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    Assumed,
    BoundMethod,
    Choice,
    ClassValue,
    Context,
    DictValue,
    ExternalInstance,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    Maybe,
    MemberValue,
    ModuleValue,
    NamespaceValue,
    Native,
    NativeMethod,
    PartialValue,
    RowValue,
    Several,
    SuperValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_NO_ATTRIBUTE = Unknown("an attribute that is not known")


def attribute(run: Interpreter, base: Value, name: str, site: Site | None) -> Value:
    """`base.name`; unknown if it can't be told."""
    found = raw_attribute(run, base, name, site)
    return _NO_ATTRIBUTE if found is MISSING else found


def raw_attribute(run: Interpreter, base: Value, name: str, site: Site | None) -> Value:
    """`base.name`; `MISSING` if the value surely has no such attribute."""
    get = _GET.get(type(base))
    if get is not None:
        return get(run, base, name, site)
    return _of_native(run, base, name, site)


def _of_native(run: Interpreter, base: Value, name: str, site: Site | None) -> Value:
    return NativeMethod(base, name)


def _of_row(run: Interpreter, base: RowValue, name: str, site: Site | None) -> Value:
    return base[base.names.index(name)] if name in base.names else NativeMethod(tuple(base), name)


def _of_unknown(run: Interpreter, base: Unknown, name: str, site: Site | None) -> Value:
    return base


def _of_maybe(run: Interpreter, base: Maybe, name: str, site: Site | None) -> Value:
    return raw_attribute(run, base.value, name, site)


def _of_choice(run: Interpreter, base: Choice, name: str, site: Site | None) -> Value:
    found = [raw_attribute(run, option, name, site) for option in base.options if option is not None]
    return chosen(found) if found and MISSING not in found else _NO_ATTRIBUTE


def _of_module(run: Interpreter, base: ModuleValue, name: str, site: Site | None) -> Value:
    found = base.env.get(name, MISSING)
    if found is not MISSING:
        return found
    if name == "__dict__":
        return DictValue(base.env, run.conditions)
    if name == "__path__" and base.module.is_package:
        return ListValue([absolute(base.module.path.rpartition("/")[0])], run.conditions)
    return run.late_member(base, name)


def _of_namespace(run: Interpreter, base: NamespaceValue, name: str, site: Site | None) -> Value:
    if name == "__path__":
        return ListValue([absolute(base.folder)], run.conditions)
    if name == "__name__":
        return base.name
    return run.submodule(base.folder, base.name, name)


def _of_external(run: Interpreter, base: ExternalValue, name: str, site: Site | None) -> Value:
    full = canonical(f"{base.name}.{name}")
    known = environment.constant(full)
    return ExternalValue(full, base.owner) if known is MISSING else known


def _of_external_instance(run: Interpreter, base: ExternalInstance, name: str, site: Site | None) -> Value:
    found = base.attrs.get(name, MISSING)
    return ExternalValue(f"{base.callee}().{name}", base) if found is MISSING else found


def _of_function(run: Interpreter, base: FunctionValue, name: str, site: Site | None) -> Value:
    if base.attrs is not None and name in base.attrs:
        return base.attrs[name]
    if base.role == "property" and name in ("setter", "deleter", "getter"):
        return Native(name, lambda run, arguments, site: base)
    symbol = getattr(base.wrapped, "symbol", None) or base.symbol
    if name == "__wrapped__":
        return base.wrapped if base.wrapped is not None else MISSING
    if name == "__name__":
        return symbol.name if symbol else "<lambda>"
    if name == "__qualname__":
        return symbol.qualname if symbol else "<lambda>"
    if name == "__module__":
        return base.closure.module.module.name
    return MISSING


def _of_bound(run: Interpreter, base: BoundMethod, name: str, site: Site | None) -> Value:
    if name == "__self__":
        return base.receiver
    if name == "__func__":
        return base.function
    return raw_attribute(run, base.function, name, site)


def _of_class(run: Interpreter, base: ClassValue, name: str, site: Site | None) -> Value:
    if name in ("__name__", "__qualname__"):
        return base.symbol.qualname if base.symbol and name == "__qualname__" else base.node.name
    if name == "__module__":
        return base.frame.module.module.name
    if name == "__members__" and kind_of(base) == "enum":
        return DictValue({one.name: one for one in enum_members(run, base)}, run.conditions)
    if name == "__mro__":
        return mro(base)
    found = member(run, base, name)
    if found is MISSING and bases_outside(base):
        return ExternalValue(canonical(f"{bases_outside(base)[0]}.{name}"))
    if found is MISSING and name in ("__init__", "__doc__", "__dict__"):
        return _NO_ATTRIBUTE
    return found


def _of_instance(run: Interpreter, base: InstanceValue, name: str, site: Site | None) -> Value:
    found = base.attrs.get(name, MISSING)
    if found is not MISSING:
        return found
    found = run.class_attribute(base.cls, name)
    if found is not MISSING:
        return bound(run, found, base, site)
    if name == "__class__":
        return base.cls
    if name == "__dict__":
        return DictValue(base.attrs, run.conditions)
    library = library_base(base.cls)
    if library is not None:
        return ExternalValue(canonical(f"{library}().{name}"))
    return _NO_ATTRIBUTE if run.class_attribute(base.cls, "__getattr__") is not MISSING else MISSING


def bound(run: Interpreter, found: Value, receiver: Value, site: Site | None) -> Value:
    """A class attribute as an instance sees it: methods bound, properties computed."""
    if not isinstance(found, FunctionValue):
        return found
    if found.role == "property":
        return run.call(found, of_values(receiver), site, None)
    if found.role == "static":
        return found
    if found.role == "class":
        return BoundMethod(found, getattr(receiver, "cls", receiver))
    return BoundMethod(found, receiver)


def bound_to_class(run: Interpreter, found: Value, cls: ClassValue) -> Value:
    """A class attribute as the class itself sees it."""
    if isinstance(found, FunctionValue) and (
        found.role == "class" or found.node_name() == "__init_subclass__"
    ):
        return BoundMethod(found, cls)
    return found


def _of_member(run: Interpreter, base: MemberValue, name: str, site: Site | None) -> Value:
    if name in ("value", "_value_"):
        return base.value
    if name == "name":
        return base.name
    found = run.class_attribute(base.cls, name)
    if found is not MISSING:
        return bound(run, found, base, site)
    return NativeMethod(base.value, name)


def _of_super(run: Interpreter, base: SuperValue, name: str, site: Site | None) -> Value:
    receiver = base.receiver
    cls = receiver if isinstance(receiver, ClassValue) else getattr(receiver, "cls", None)
    if not isinstance(cls, ClassValue):
        return _NO_ATTRIBUTE
    order = mro(cls)
    start = next((index for index, one in enumerate(order) if one is base.after), -1)
    for one in order[start + 1 :]:
        if isinstance(one, ClassValue):
            found = own_attribute(run, one, name)
            if found is not MISSING:
                return bound(run, found, receiver, site)
        elif isinstance(receiver, RouterValue):
            return RouterMethod(receiver, name)
    if isinstance(receiver, InstanceValue) and name == "__init__":
        return Native("__init__", lambda run, arguments, site: run.fill(receiver, arguments, site))
    return _NO_ATTRIBUTE


def _of_path(run: Interpreter, base: PathValue, name: str, site: Site | None) -> Value:
    if name in ("name", "stem", "suffix", "parent"):
        return getattr(base, name)
    if name == "parts":
        return tuple(part for part in base.text.split("/") if part)
    if name == "parents":
        found = [base.parent]
        while found[-1].text not in ("/", ".", found[-1].parent.text):
            found.append(found[-1].parent)
        return ListValue(found)
    return NativeMethod(base, name)


def _of_partial(run: Interpreter, base: PartialValue, name: str, site: Site | None) -> Value:
    return {"func": base.function}.get(name, _NO_ATTRIBUTE)


def _of_context(run: Interpreter, base: Context, name: str, site: Site | None) -> Value:
    return (
        Native(name, lambda run, arguments, site: base.value) if name.endswith("enter__") else _NO_ATTRIBUTE
    )


_GET: dict[type, Callable[..., Value]] = {
    Unknown: _of_unknown,
    Several: _of_unknown,
    Maybe: _of_maybe,
    Choice: _of_choice,
    ModuleValue: _of_module,
    NamespaceValue: _of_namespace,
    ExternalValue: _of_external,
    ExternalInstance: _of_external_instance,
    FunctionValue: _of_function,
    BoundMethod: _of_bound,
    ClassValue: _of_class,
    InstanceValue: _of_instance,
    MemberValue: _of_member,
    SuperValue: _of_super,
    PathValue: _of_path,
    PartialValue: _of_partial,
    Context: _of_context,
    RowValue: _of_row,
    RouterValue: get_from_router,
    RouteValue: get_from_route,
    MountValue: get_from_mount,
    HostValue: get_from_host,
    IncludeValue: get_from_host,
}


def set_attribute(run: Interpreter, base: Value, name: str, value: Value, site: Site | None) -> None:
    """`base.name = value`. Under a condition, both the old and the new value stay possible."""
    if isinstance(base, Choice):
        for option in base.options:
            set_attribute(run, option, name, value, site)
    elif isinstance(base, InstanceValue):
        base.attrs[name] = run.either(base.attrs.get(name, MISSING), value, base.conditions)
    elif isinstance(base, ModuleValue | ClassValue):
        base.env[name] = value
    elif isinstance(base, FunctionValue):
        if name == "__wrapped__":
            base.wrapped = value
        else:
            base.attrs = {**(base.attrs or {}), name: value}
    elif isinstance(base, ExternalInstance):
        base.attrs[name] = value
        run.handed_over(base.callee, [value], site)
    elif isinstance(base, RouterValue):
        set_on_router(run, base, name, value, site)
    elif isinstance(base, RouteValue):
        set_on_route(run, base, name, value)
    elif isinstance(base, MountValue):
        set_on_mount(base, name, value)


def item(run: Interpreter, base: Value, key: Value, site: Site | None) -> Value:
    """`base[key]`; unknown if it can't be told."""
    if isinstance(base, Choice) or isinstance(key, Choice):
        return operators.over_options(lambda one, other: item(run, one, other, site), base, key)
    if isinstance(base, dict):
        return _item_of_dict(base, operators.text_of(key))
    if isinstance(base, list | tuple | str):
        return _item_of_sequence(run, base, key)
    if isinstance(base, ExternalValue):
        return environment.item(run, base, key, site)
    if isinstance(base, ClassValue):
        found = member(run, base, key) if kind_of(base) == "enum" and isinstance(key, str) else base
        return Unknown("a member of an enumeration") if found is MISSING else found
    if isinstance(base, InstanceValue) and run.class_attribute(base.cls, "__getitem__") is not MISSING:
        return run.call(run.attribute(base, "__getitem__", site), of_values(key), site, None)
    return operators.unknown_from(base, key)


def _item_of_dict(base: Value, key: Value) -> Value:
    """The value of a key; one of all values if the key is not known."""
    if isinstance(key, Unknown | Assumed) or not operators.is_hashable(key):
        values = [one.value if isinstance(one, Maybe) else one for one in base.values()]
        known = values and not getattr(base, "open", False)
        return chosen(values) if known else Unknown("an unknown key of a dict")
    found = base.get(key, MISSING)
    if found is MISSING:
        return Unknown("a key that is not in a dict")
    return found.value if isinstance(found, Maybe) else found


def _item_of_sequence(run: Interpreter, base: Value, key: Value) -> Value:
    if not isinstance(key, int | slice) or isinstance(key, bool):
        return operators.unknown_from(key)
    unsure = not isinstance(base, str) and any(isinstance(one, Unknown | Maybe) for one in base)
    try:
        found = base[key]
    except (IndexError, ValueError):
        return Unknown("an item that does not exist")
    if unsure and not (isinstance(key, int) and key >= 0 and not any(map(_is_unsure, base[: key + 1]))):
        return Unknown("a part of a list that is not known")
    if isinstance(key, slice) and isinstance(base, list):
        return ListValue(found, run.conditions)
    return operators.retext(found, base) if isinstance(base, str) else found


def _is_unsure(value: Value) -> bool:
    return isinstance(value, Unknown | Maybe)


def set_item(run: Interpreter, base: Value, key: Value, value: Value) -> None:
    """`base[key] = value`."""
    if isinstance(base, DictValue):
        if isinstance(key, Unknown | Assumed) or not operators.is_hashable(key):
            base.open = True
        else:
            base[key] = run.either(base.get(key, MISSING), value, base.conditions)
            base.origins.pop(key, None)
    elif isinstance(base, ListValue) and isinstance(key, int) and -len(base) <= key < len(base):
        base[key] = run.either(base[key], value, base.conditions)
    elif isinstance(base, ListValue) and isinstance(key, slice) and isinstance(value, list | tuple):
        base[key] = list(value)


def delete_item(run: Interpreter, base: Value, key: Value) -> None:
    """`del base[key]`."""
    if isinstance(base, dict) and operators.is_hashable(key):
        base.pop(key, None)
    elif isinstance(base, list) and isinstance(key, int | slice) and not isinstance(key, bool):
        try:
            del base[key]
        except IndexError:
            return
