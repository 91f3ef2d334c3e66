"""Follows the project's code on abstract values, as far as the registration of routes needs it.

Module bodies run in the order of imports, functions when they are called; what can't be known becomes
unknown with a reason, and code under an unknown condition runs under that condition. Every loop, depth and
the whole amount of work are bounded; nothing of the project is ever imported or run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Namespace, Scope
from fastapi_lint.project.routing import (
    attributes,
    calls,
    classes,
    evaluate,
    execute,
    externals,
    imports,
    instances,
    natives,
    operators,
)
from fastapi_lint.project.routing.arguments import Arguments, of_values
from fastapi_lint.project.routing.bounds import MAX_STEPS
from fastapi_lint.project.routing.choices import chosen
from fastapi_lint.project.routing.registering import register, registered_at
from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    BoundMethod,
    Choice,
    ClassValue,
    Condition,
    Conditions,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    Maybe,
    ModuleValue,
    PartialValue,
    Several,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.names.resolve import Resolver
    from fastapi_lint.project.routing.frames import Frame

_MAX_TURNS = 2_000


class Interpreter:
    """The state of one run over a project. The methods are the functions of the sibling modules."""

    evaluate = evaluate.evaluate
    assign = execute.assign
    execute = execute.execute
    call = calls.call
    decorate = calls.decorate
    awaited = calls.awaited
    entered = calls.entered
    attribute = attributes.attribute
    raw_attribute = attributes.raw_attribute
    set_attribute = attributes.set_attribute
    item = attributes.item
    set_item = attributes.set_item
    delete_item = attributes.delete_item
    bound = attributes.bound
    bound_to_class = attributes.bound_to_class
    class_attribute = classes.class_attribute
    make_class = classes.make_class
    truth = operators.truth
    extend = natives.extend
    list_of = imports.list_of
    late_name = imports.late_name
    late_member = imports.late_member
    submodule = imports.submodule
    module_named = imports.module_named
    import_module = imports.import_module
    import_names = imports.import_names
    import_from = imports.import_from
    run_module = imports.run_module
    handed_over = externals.handed_over
    register = register
    registered_at = registered_at

    def __init__(self, resolver: Resolver, lazy_include: bool) -> None:
        self.resolver = resolver
        self.table = resolver.table
        self.lazy_include = lazy_include
        self.conditions: Conditions = ()
        self.modules: dict[str, ModuleValue] = {}
        self.found_modules: dict[tuple[str, str], Module | Namespace | None] = {}
        self.importing: list[str] = []
        self.calls: list[tuple[s.Function | s.Lambda, Conditions]] = []
        self.makers: list[FunctionValue] = []
        self.decorating: list[tuple[Site, Value]] = []
        self.routers: list[RouterValue] = []
        self.called_functions: set[int] = set()
        self.made_classes: set[int] = set()
        self.own_packages = frozenset(module.name.partition(".")[0] for module in self.table.by_path.values())
        self.no_arguments = Arguments()
        self.overrun = False
        self.roots: frozenset[str] = frozenset()
        self.steps = 0
        self.limit = MAX_STEPS
        self.registering: dict[int, bool] = {}
        self._symbols: dict[str, dict[int, FunctionSymbol | ClassSymbol]] = {}
        self._ready: dict[str, RouterValue] = {}

    def may_go_on(self) -> bool:
        """Whether there is work left in the bound; counts one step."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.overrun = True
        return self.steps <= self.limit and not self.overrun

    def items(self, value: Value) -> list[Value] | None:
        """The items of a sequence, set or dict; None if they are not known."""
        if isinstance(value, list | tuple):
            return list(value)
        if isinstance(value, dict):
            return [*value, *([Several("unknown keys")] if getattr(value, "open", False) else [])]
        if isinstance(value, ClassValue) and classes.kind_of(value) == "enum":
            return classes.enum_members(self, value)
        if isinstance(value, str) and not getattr(value, "reasons", ()):
            return list(value[:_MAX_TURNS])
        return None

    def iterate(self, value: Value, site: Site | None) -> Iterator[Value]:
        """The items one after the other; `conditions` is set for items that are there only under some."""
        before = self.conditions
        options = value.options if isinstance(value, Choice) else (value,)
        for option in options:
            extra: Conditions = (Condition(site),) if len(options) > 1 else ()
            items = self.items(option)
            for item in [Several(_reason(option), site)] if items is None else items[:_MAX_TURNS]:
                self.conditions = (*before, *extra)
                if isinstance(item, Maybe):
                    self.conditions = (*before, *extra, *item.conditions)
                    yield item.value
                elif isinstance(item, Several):
                    self.conditions = (*before, *extra, Condition(site))
                    yield Unknown(item.reason, item.site or site, item.setting)
                else:
                    yield item

    def relative(self, conditions: Conditions) -> Conditions:
        """The conditions that hold now beyond those given."""
        return self.beyond(self.conditions, conditions)

    def beyond(self, inner: Conditions, outer: Conditions) -> Conditions:
        """The conditions of `inner` that are not among `outer`."""
        if not inner or inner is outer:
            return ()
        return tuple(one for one in inner if one not in outer)

    def either(self, old: Value, new: Value, conditions: Conditions) -> Value:
        """The value of a place after an assignment that may happen only under a condition."""
        if old is MISSING or not self.conditions or not self.relative(conditions):
            return new
        return chosen((old, new))

    def values_of(self, arguments: Arguments) -> list[Value]:
        """The values of all arguments."""
        return [argument.value(self) for argument in arguments.all()]

    def scope_of(self, symbol: FunctionSymbol | ClassSymbol) -> Scope:
        """The scope of a definition."""
        return self.resolver.scope(symbol)

    def symbol_at(self, node: s.Function | s.Class, module: Module) -> FunctionSymbol | ClassSymbol | None:
        """The symbol of a definition's node."""
        known: dict[int, FunctionSymbol | ClassSymbol] | None = self._symbols.get(module.path)
        if known is None:
            found = self.resolver.index(module)
            known = {id(one.node): one for one in found.functions}
            known.update({id(one.node): one for one in found.classes})
            self._symbols[module.path] = known
        return known.get(id(node))

    def function_symbol(self, node: s.Function, frame: Frame) -> FunctionSymbol | None:
        """The symbol of a `def`."""
        found = self.symbol_at(node, frame.module.module)
        return found if isinstance(found, FunctionSymbol) else None

    def class_symbol(self, node: s.Class, frame: Frame) -> ClassSymbol | None:
        """The symbol of a `class`."""
        found = self.symbol_at(node, frame.module.module)
        return found if isinstance(found, ClassSymbol) else None

    def surroundings(self, frame: Frame) -> tuple[Frame, ClassValue | None]:
        """The frame that a function defined here closes over, and the class whose body this is."""
        return classes.surroundings(frame)

    def call_attribute(self, base: Value, name: str, *values: Value) -> Value:
        """`base.name(values)`."""
        return self.call(self.attribute(base, name, None), of_values(*values), None, None)

    def fill(self, made: InstanceValue, arguments: Arguments, site: Site | None) -> None:
        """What the `__init__` of a library's base class does."""
        instances.initialise_base(self, made, arguments, site)

    def override(self, router: RouterValue, name: str) -> Value | None:
        """The project's own version of a router's method; None if FastAPI's is used."""
        if router.cls is None or router.is_app:
            return None
        found = self.class_attribute(router.cls, name)
        return None if found is MISSING else self.bound(found, router, None)

    def found(self, router: RouterValue) -> None:
        """Remember an app or router that was made, and the functions that make it."""
        self.matters()
        self.routers.append(router)
        if router.is_app:
            router.factories.extend(function for function in self.makers if function.symbol is not None)

    def matters(self) -> None:
        """Lift the bound on the calls that are running: they have to do with routing."""
        self.limit = MAX_STEPS

    def called(self, function: FunctionValue) -> None:
        """Remember that a function was run."""
        self.called_functions.add(id(function.node))

    def function_of(self, value: Value) -> FunctionSymbol | None:
        """The function that a callable leads to, through wrappers, methods and partial calls."""
        for _ in range(10):
            if isinstance(value, FunctionValue):
                if value.wrapped is None:
                    return value.symbol
                value = value.wrapped
            elif isinstance(value, BoundMethod | PartialValue):
                value = value.function
            elif isinstance(value, Choice):
                found = {self.function_of(option) for option in value.options}
                return found.pop() if len(found) == 1 else None
            else:
                return None
        return None

    def ready_router(self, value: ExternalValue) -> RouterValue | None:
        """The router that a library offers ready-made under this name."""
        return externals.ready_router(self, value, self._ready)


def _reason(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.reason
    return operators.unknown_from(value).reason
