"""What kind of value an expression gives, as far as the code says so. Unknown is None.

A value is an instance of a class, or a symbol that stands for itself (a function, a class, a module,
a name of a library). A method or attribute of a library's instance is an `External` whose name is the class's
name and the attribute's: `db.execute` is `sqlalchemy.orm.Session.execute` if `db` is a `Session`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.libraries import ASYNC_OF, CONTEXT_OF, RESULT_OF, WRAPPERS
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.statements import argument, dotted_name, keyword, walk_statements
from fastapi_lint.project.symbols import (
    Binding,
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Namespace,
    Scope,
    Symbol,
    Variable,
)

_DEPTH = 24
"""How deep one question may lead to others before the answer is unknown."""

_DOTTED = re.compile(r"[A-Za-z_][\w.]*\Z")
_DEPENDS = frozenset({"fastapi.Depends", "fastapi.Security"})
_GENERATORS = frozenset(
    f"{module}.{name}"
    for module in ("typing", "collections.abc", "typing_extensions")
    for name in ("Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable")
)
_CONTEXT_DECORATORS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_PROPERTIES = frozenset({"property", "functools.cached_property", "cached_property"})


@dataclass(frozen=True, slots=True)
class Instance:
    """A value whose class is known; `arguments` are the known type arguments (None where unknown)."""

    cls: ClassSymbol | External
    arguments: tuple[Value | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A method taken from an instance or a class."""

    function: FunctionSymbol
    receiver: Instance | ClassSymbol


Value = Union[Instance, Bound, FunctionSymbol, ClassSymbol, Module, Namespace, External]
Callee = Union[FunctionSymbol, ClassSymbol, External]


def external_instance(name: str, *arguments: Value | None) -> Instance:
    """An instance of a library's class."""
    return Instance(External(name), arguments)


def class_name(value: Value | None) -> str:
    """The canonical name of a library class that `value` is an instance of, or ""."""
    return value.cls.name if isinstance(value, Instance) and isinstance(value.cls, External) else ""


class Types:
    """Answers what an expression's value is. Answers are remembered."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._values: dict[tuple[int, int], Value | None] = {}
        self._keep: list[object] = []
        self._returns: dict[int, Value | None] = {}
        self._attributes: dict[tuple[int, str], Value | None] = {}
        self._active: set[object] = set()

    # --- expressions -----------------------------------------------------------------------------

    def infer(self, expr: Expr | None, scope: Scope) -> Value | None:
        """The value of an expression in a scope."""
        if expr is None:
            return None
        key = (id(expr), id(scope))
        if key in self._values:
            return self._values[key]
        if key in self._active or len(self._active) > _DEPTH:
            return None
        self._active.add(key)
        try:
            value = self._infer(expr, scope)
        finally:
            self._active.discard(key)
        if value is not None or not self._active:
            self._values[key] = value
            self._keep.append(expr)
        return value

    def _infer(self, expr: Expr, scope: Scope) -> Value | None:
        if isinstance(expr, s.Name):
            return self.of_symbol(self.resolver.follow(self.resolver.lookup(expr.id, scope)))
        if isinstance(expr, s.Attribute):
            return self._infer_attribute(expr, scope)
        if isinstance(expr, s.Call):
            return self.call_result(expr, scope)
        if isinstance(expr, s.Await | s.Starred | s.Walrus):
            return self.infer(expr.value, scope)
        if isinstance(expr, s.Boolean):
            return self._first(expr.operands, scope)
        if isinstance(expr, s.Conditional):
            return self._first((expr.body, expr.orelse), scope)
        if isinstance(expr, s.Subscript):
            return self._item(expr, scope)
        return _literal(expr)

    def _first(self, exprs: Iterable[Expr], scope: Scope) -> Value | None:
        for expr in exprs:
            value = self.infer(expr, scope)
            if value is not None:
                return value
        return None

    def _item(self, expr: s.Subscript, scope: Scope) -> Value | None:
        base = self.infer(expr.value, scope)
        if isinstance(base, ClassSymbol):
            return base
        if isinstance(base, External):
            mongo = base.name.startswith(("motor.", "pymongo."))
            return base if mongo or base.name.rpartition(".")[2][:1].isupper() else None
        if not isinstance(base, Instance):
            return None
        name = class_name(base)
        if name in ("builtins.list", "typing.Sequence") and base.arguments:
            return base.arguments[0]
        if name == "builtins.dict" and len(base.arguments) == 2:
            return base.arguments[1]
        if name.startswith(("motor.", "pymongo.")):
            return External(f"{name}.__getitem__")
        return None

    def _infer_attribute(self, expr: s.Attribute, scope: Scope) -> Value | None:
        base = self.infer(expr.value, scope)
        if base is None:
            return self.of_symbol(self.resolver.resolve(expr, scope))
        return self.attribute(base, expr.attr)

    def of_symbol(self, symbol: Symbol | None) -> Value | None:
        """The value that a resolved symbol stands for."""
        if isinstance(symbol, Variable):
            return self.of_variable(symbol)
        return symbol

    def of_variable(self, variable: Variable) -> Value | None:
        """The value of a variable: its annotation's type, else that of what it is bound to."""
        bindings = variable.scope.bindings.get(variable.name) or [variable.binding]
        for binding in bindings:
            if binding.annotation is not None and binding.parameter is None:
                declared = self.annotated(binding.annotation, variable.scope)
                if declared is not None:
                    return declared
        ordered = [variable.binding, *(b for b in bindings if b is not variable.binding)]
        for binding in ordered:
            value = self._of_binding(binding, variable.scope)
            if value is not None:
                return value
        return None

    def _of_binding(self, binding: Binding, scope: Scope) -> Value | None:
        if binding.parameter is not None:
            return self.parameter(binding.parameter, scope)
        if binding.context is not None:
            return self.entered(self.infer(binding.context, scope)) if not binding.path else None
        if binding.iterable is not None:
            return self._element(self.infer(binding.iterable, scope)) if not binding.path else None
        if binding.caught is not None:
            caught = self.infer(binding.caught, scope)
            return Instance(caught) if isinstance(caught, ClassSymbol | External) else None
        if binding.value is not None and not binding.augmented:
            return self._unpacked(binding.value, binding.path, scope)
        return None

    def _unpacked(self, value: Expr, path: tuple[int, ...], scope: Scope) -> Value | None:
        for position in path:
            if not isinstance(value, s.Collection) or not 0 <= position < len(value.items):
                return None
            value = value.items[position]
        return self.infer(value, scope)

    def _element(self, value: Value | None) -> Value | None:
        if isinstance(value, Instance) and value.arguments and class_name(value) in _ITERABLES:
            return value.arguments[0]
        return None

    def parameter(self, parameter: s.Parameter, scope: Scope) -> Value | None:
        """The value that a parameter receives: annotation, `Depends` default, `self` or `cls`."""
        owner = scope.owner
        if isinstance(owner, FunctionSymbol) and owner.owner is not None and parameter is _receiver(owner):
            return owner.owner if is_decorated(owner, "classmethod") else Instance(owner.owner)
        around = scope.parent or scope
        declared = self.annotated(parameter.annotation, around)
        if declared is not None:
            return declared
        target = self.depends_target(parameter.default, around)
        return self.provided(target) if target is not None else None

    # --- attributes ------------------------------------------------------------------------------

    def attribute(self, base: Value, name: str) -> Value | None:
        """`base.name`."""
        if isinstance(base, Instance):
            if isinstance(base.cls, External):
                wrapped = WRAPPERS.get(base.cls.name)
                if wrapped and base.arguments and name not in wrapped and base.arguments[0] is not None:
                    return self.attribute(base.arguments[0], name)
                return External(f"{base.cls.name}.{name}")
            return self._instance_attribute(base, base.cls, name)
        if isinstance(base, ClassSymbol):
            member = self.resolver.class_member(base, name)
            if isinstance(member, FunctionSymbol):
                return Bound(member, base)
            return self.of_symbol(member) if member is not None else self._inherited_attribute(base, name)
        if isinstance(base, Module | Namespace | External):
            return self.of_symbol(self.resolver.follow(self.resolver.member(base, name)))
        return None

    def _instance_attribute(self, base: Instance, cls: ClassSymbol, name: str) -> Value | None:
        member = self.resolver.class_member(cls, name)
        if isinstance(member, FunctionSymbol):
            if any(dotted_name(d) in _PROPERTIES for d in member.node.decorators):
                return self.returned(member)
            return Bound(member, base)
        if member is not None:
            value = self.of_symbol(member)
            if value is not None:
                return value
        key = (id(cls), name)
        if key not in self._attributes:
            self._attributes[key] = None
            self._attributes[key] = self._assigned_attribute(cls, name)
        found = self._attributes[key]
        if found is None:
            found = self._inherited_attribute(cls, name)
        return found

    def _inherited_attribute(self, cls: ClassSymbol, name: str) -> Value | None:
        """An attribute of a library class that the class derives from."""
        for base in self.resolver.ancestry(cls):
            if isinstance(base, External) and base.name not in _PLAIN_BASES:
                return External(f"{base.name}.{name}")
        return None

    def _assigned_attribute(self, cls: ClassSymbol, name: str) -> Value | None:
        """What `self.name = ...` in a method gives, `__init__` first."""
        for current in self.resolver.ancestry(cls):
            if not isinstance(current, ClassSymbol):
                continue
            for method in self.methods(current):
                for value, annotation in _self_assignments(method, name):
                    scope = self.resolver.scope(method)
                    found = self.annotated(annotation, scope) or self.infer(value, scope)
                    if found is not None:
                        return found
        return None

    def methods(self, cls: ClassSymbol) -> list[FunctionSymbol]:
        """The methods that a class itself defines, `__init__` first, else in source order."""
        found = [f for f in self.resolver.index(cls.module).functions if f.owner is cls]
        return sorted(found, key=lambda f: f.name != "__init__")

    # --- annotations -----------------------------------------------------------------------------

    def annotated(self, expr: Expr | None, scope: Scope) -> Value | None:
        """The value that an annotation promises: an instance of its class."""
        key = ("annotation", id(expr), id(scope))
        if expr is None or key in self._active or len(self._active) > _DEPTH:
            return None
        self._active.add(key)
        try:
            return self._annotated(expr, scope)
        finally:
            self._active.discard(key)

    def _annotated(self, expr: Expr, scope: Scope) -> Value | None:
        if isinstance(expr, s.Constant):
            return self.annotated(parse_reference(expr), scope) if isinstance(expr.value, str) else None
        if isinstance(expr, s.Operation):
            if set(expr.operators) != {"|"}:
                return None
            return self._union(expr.operands, scope)
        if isinstance(expr, s.Subscript):
            return self._generic(expr, scope)
        if isinstance(expr, s.Name | s.Attribute):
            return self._named(expr, scope)
        return None

    def _named(self, expr: s.Name | s.Attribute, scope: Scope) -> Value | None:
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, Variable):
            value = symbol.binding.value
            if value is None or symbol.binding.path:
                return None
            if isinstance(value, s.Call):
                return self._declared_type(value, symbol.scope)
            return self.annotated(value, symbol.scope)
        if isinstance(symbol, ClassSymbol | External):
            return Instance(symbol)
        if symbol is None and isinstance(expr, s.Name) and expr.id in _BUILTIN_TYPES:
            return external_instance(f"builtins.{expr.id}")
        return None

    def _declared_type(self, call: s.Call, scope: Scope) -> Value | None:
        """`NewType("X", T)` and `TypeVar("T", bound=B)`."""
        callee = self.resolver.resolve(call.func, scope)
        if not isinstance(callee, External):
            return None
        if callee.name.endswith(".NewType"):
            return self.annotated(argument(call, 1, "tp"), scope)
        if callee.name.endswith(".TypeVar"):
            return self.annotated(keyword(call, "bound"), scope)
        return None

    def _union(self, options: Iterable[Expr], scope: Scope) -> Value | None:
        """The only member of a union beside None."""
        rest = [o for o in options if not (isinstance(o, s.Constant) and o.value is None)]
        return self.annotated(rest[0], scope) if len(rest) == 1 else None

    def _generic(self, expr: s.Subscript, scope: Scope) -> Value | None:
        base = self.resolver.resolve(expr.value, scope)
        name = base.name if isinstance(base, External) else ""
        if not name and base is None and isinstance(expr.value, s.Name):
            name = f"builtins.{expr.value.id}"
        last = name.rpartition(".")[2]
        if last in ("Annotated", "Optional", "ClassVar", "Final", "Required", "NotRequired"):
            return self.annotated(expr.items[0], scope) if expr.items else None
        if last == "Union":
            return self._union(expr.items, scope)
        if last in ("type", "Type"):
            inner = self.annotated(expr.items[0], scope)
            return inner.cls if isinstance(inner, Instance) else None
        if last in ("List", "list", "Sequence", "Set", "set", "Tuple", "tuple", "Dict", "dict"):
            name = f"builtins.{'list' if last == 'Sequence' else last.lower()}"
        arguments = tuple(self.annotated(item, scope) for item in expr.items)
        if isinstance(base, Variable):
            return self.annotated(base.binding.value, base.scope)
        if isinstance(base, ClassSymbol):
            return Instance(base, arguments)
        return Instance(External(name), arguments) if name else None

    # --- calls -----------------------------------------------------------------------------------

    def callee(self, call: s.Call, scope: Scope) -> Callee | None:
        """What a call runs: a function or method, a class that it constructs, or a library's name."""
        value = self.infer(call.func, scope)
        if isinstance(value, Bound):
            return value.function
        if isinstance(value, FunctionSymbol | ClassSymbol | External):
            return value
        if isinstance(value, Instance):
            if isinstance(value.cls, External):
                return External(f"{value.cls.name}.__call__")
            method = self.resolver.class_member(value.cls, "__call__")
            return method if isinstance(method, FunctionSymbol) else None
        if value is None and isinstance(call.func, s.Name) and self.is_builtin(call.func, scope):
            return External(f"builtins.{call.func.id}")
        return None

    def is_builtin(self, name: s.Name, scope: Scope) -> bool:
        """Whether nothing in the project binds a bare name, so that it can only be a builtin."""
        around: Scope | None = scope
        while around is not None:
            if name.id in around.bindings:
                return False
            if around.owner is None and around.stars and self.resolver.lookup(name.id, around) is not None:
                return False
            around = around.parent
        return True

    def call_result(self, call: s.Call, scope: Scope) -> Value | None:
        """The value that a call gives (awaited, if it is a coroutine)."""
        value = self.infer(call.func, scope)
        if isinstance(value, ClassSymbol):
            return Instance(value)
        if isinstance(value, Bound):
            result = self.returned(value.function)
            if result is None and isinstance(value.receiver, ClassSymbol):
                return self._constructor(value)
            return result
        if isinstance(value, FunctionSymbol):
            return self.returned(value)
        if isinstance(value, External):
            return self._external_result(value.name, call, scope)
        if isinstance(value, Instance):
            return self._called_instance(value)
        if isinstance(call.func, s.Name) and call.func.id == "super" and isinstance(scope.owner, FunctionSymbol):
            return self._super(scope.owner)
        return None

    def _super(self, function: FunctionSymbol) -> Value | None:
        if function.owner is None:
            return None
        bases = self.resolver.bases(function.owner)
        return Instance(bases[0]) if bases else None

    def _constructor(self, bound: Bound) -> Value | None:
        """A class method without a usable annotation that returns `cls(...)`."""
        for statement in walk_statements(bound.function.node.body):
            value = statement.value if isinstance(statement, s.Return) else None
            if isinstance(value, s.Call) and isinstance(value.func, s.Name) and value.func.id == "cls":
                return Instance(bound.receiver) if isinstance(bound.receiver, ClassSymbol) else None
        return None

    def _called_instance(self, value: Instance) -> Value | None:
        name = class_name(value)
        if name in WRAPPERS:
            return value.arguments[0] if value.arguments else None
        if isinstance(value.cls, ClassSymbol):
            method = self.resolver.class_member(value.cls, "__call__")
            return self.returned(method) if isinstance(method, FunctionSymbol) else None
        return None

    def _external_result(self, name: str, call: s.Call, scope: Scope) -> Value | None:
        if name in WRAPPERS:
            return self._factory(name, call, scope)
        result = RESULT_OF.get(name)
        if result:
            return external_instance(result)
        if name in ("typing.cast", "typing_extensions.cast"):
            return self.annotated(argument(call, 0, "typ"), scope)
        if name == "functools.partial":
            return self.infer(argument(call, 0, "func"), scope)
        if name.rpartition(".")[2][:1].isupper():
            return external_instance(name)
        return None

    def _factory(self, name: str, call: s.Call, scope: Scope) -> Value | None:
        """A session factory, with the session that it makes as its argument."""
        if name.endswith("scoped_session"):
            inner = self.infer(argument(call, 0, "session_factory"), scope)
            made = inner.arguments[0] if isinstance(inner, Instance) and inner.arguments else None
            return external_instance(name, made or external_instance(ASYNC_OF[name]))
        given = self.infer(keyword(call, "class_"), scope)
        if isinstance(given, ClassSymbol | External):
            return external_instance(name, Instance(given))
        return external_instance(name, external_instance(ASYNC_OF[name]))

    # --- functions -------------------------------------------------------------------------------

    def returned(self, function: FunctionSymbol) -> Value | None:
        """What calling a function gives: of a context manager, the manager's own value."""
        key = id(function)
        if key not in self._returns:
            self._returns[key] = None
            self._returns[key] = self._returned(function)
        return self._returns[key]

    def _returned(self, function: FunctionSymbol) -> Value | None:
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        declared = self.annotated(function.node.returns, around)
        if self._is_context_manager(function):
            return external_instance("contextlib.ContextManager", self.handed_over(function))
        if declared is not None:
            if isinstance(function.node.returns, s.Name) and function.owner and function.node.returns.id == "Self":
                return Instance(function.owner)
            if class_name(declared).endswith(".Self") and function.owner is not None:
                return Instance(function.owner)
            return declared
        if function.node.is_generator:
            return None
        values = [self.infer(expr, scope) for expr in return_values(function)]
        known = [value for value in values if value is not None]
        return known[0] if known and all(value == known[0] for value in known) else None

    def _is_context_manager(self, function: FunctionSymbol) -> bool:
        scope = self.resolver.scope(function)
        return any(
            isinstance(symbol := self.resolver.resolve(d, scope.parent or scope), External)
            and symbol.name in _CONTEXT_DECORATORS
            for d in function.node.decorators
        )

    def handed_over(self, function: FunctionSymbol) -> Value | None:
        """What a dependency or context manager hands over: the yielded, else the returned value."""
        scope = self.resolver.scope(function)
        if not function.node.is_generator:
            declared = self.returned(function)
            if class_name(declared) in _GENERATORS and isinstance(declared, Instance):
                return declared.arguments[0] if declared.arguments else None
            return declared
        declared = self.annotated(function.node.returns, scope.parent or scope)
        if isinstance(declared, Instance) and class_name(declared) in _GENERATORS:
            if declared.arguments and declared.arguments[0] is not None:
                return declared.arguments[0]
        elif declared is not None:
            return declared
        return self._first(yielded_values(function), scope)

    def entered(self, value: Value | None) -> Value | None:
        """What `with value as x` binds."""
        if not isinstance(value, Instance):
            return None
        name = class_name(value)
        if name == "contextlib.ContextManager":
            return value.arguments[0] if value.arguments else None
        if name in CONTEXT_OF:
            return external_instance(CONTEXT_OF[name])
        if isinstance(value.cls, ClassSymbol):
            for method in ("__aenter__", "__enter__"):
                member = self.resolver.class_member(value.cls, method)
                if isinstance(member, FunctionSymbol):
                    return self.returned(member) or value
        return value

    # --- dependencies ----------------------------------------------------------------------------

    def is_depends(self, expr: Expr | None, scope: Scope) -> bool:
        """Whether an expression is a call of `Depends` or `Security`."""
        if not isinstance(expr, s.Call):
            return False
        symbol = self.resolver.resolve(expr.func, scope)
        return isinstance(symbol, External) and symbol.name in _DEPENDS

    def depends_target(self, expr: Expr | None, scope: Scope) -> Value | None:
        """The callable that `Depends(f)` names; None if the expression is no such call or it is unknown."""
        if not isinstance(expr, s.Call) or not self.is_depends(expr, scope):
            return None
        return self.infer(argument(expr, 0, "dependency"), scope)

    def provided(self, target: Value | None) -> Value | None:
        """What a dependency's callable hands over."""
        if isinstance(target, FunctionSymbol):
            return self.handed_over(target)
        if isinstance(target, Bound):
            return self.handed_over(target.function)
        if isinstance(target, ClassSymbol):
            return Instance(target)
        if isinstance(target, Instance) and isinstance(target.cls, ClassSymbol):
            method = self.resolver.class_member(target.cls, "__call__")
            return self.handed_over(method) if isinstance(method, FunctionSymbol) else None
        if isinstance(target, External) and target.name.rpartition(".")[2][:1].isupper():
            return Instance(target)
        return None


_ITERABLES = frozenset({"builtins.list", "builtins.set", "builtins.tuple"})
_PLAIN_BASES = frozenset({"abc.ABC", "object", "typing.Generic", "typing.Protocol", "enum.Enum"})
_BUILTIN_TYPES = frozenset({"str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "object"})


def _literal(expr: Expr) -> Value | None:
    if isinstance(expr, s.Constant) and expr.value is not None:
        return external_instance(f"builtins.{type(expr.value).__name__}")
    if isinstance(expr, s.Template):
        return external_instance("builtins.str")
    if isinstance(expr, s.Collection):
        return external_instance(f"builtins.{expr.kind}")
    if isinstance(expr, s.Mapping):
        return external_instance("builtins.dict")
    if isinstance(expr, s.Comprehension):
        return external_instance(f"builtins.{expr.kind}")
    return None


def parse_reference(constant: s.Constant) -> Expr | None:
    """The dotted name that a quoted annotation holds, `| None` and `Optional[...]` dropped."""
    text = str(constant.value).strip()
    text = re.sub(r"\s*\|\s*None\Z|\ANone\s*\|\s*", "", text)
    match = re.match(r"(?:typing\.)?Optional\[(.*)\]\Z", text)
    text = (match.group(1) if match else text).strip("\"' ")
    if not _DOTTED.match(text):
        return None
    first, *rest = text.split(".")
    expr: Expr = s.Name(constant.at, first)
    for part in rest:
        expr = s.Attribute(constant.at, expr, part)
    return expr


def is_decorated(function: FunctionSymbol, name: str) -> bool:
    """Whether a decorator's dotted name ends in `name`."""
    return any((dotted_name(d) or "").rpartition(".")[2] == name for d in function.node.decorators)


def _receiver(function: FunctionSymbol) -> s.Parameter | None:
    """The `self` or `cls` parameter of a method."""
    if is_decorated(function, "staticmethod") or not function.node.parameters:
        return None
    first = function.node.parameters[0]
    return first if first.kind in ("positional", "normal") else None


def return_values(function: FunctionSymbol) -> list[Expr]:
    """The expressions that a function returns, None literals left out."""
    return [
        statement.value
        for statement in walk_statements(function.node.body)
        if isinstance(statement, s.Return)
        and statement.value is not None
        and not (isinstance(statement.value, s.Constant) and statement.value.value is None)
    ]


def yielded_values(function: FunctionSymbol) -> list[Expr]:
    """The expressions that a generator yields as statements or assigned values."""
    found: list[Expr] = []
    for statement in walk_statements(function.node.body):
        value = getattr(statement, "value", None)
        if isinstance(value, s.Yield) and value.value is not None and not value.delegates:
            found.append(value.value)
    return found


def _self_assignments(method: FunctionSymbol, name: str) -> list[tuple[Expr | None, Expr | None]]:
    receiver = _receiver(method)
    if receiver is None:
        return []
    found: list[tuple[Expr | None, Expr | None]] = []
    for statement in walk_statements(method.node.body):
        if isinstance(statement, s.Assign):
            targets: tuple[Expr, ...] = statement.targets
            annotation = None
        elif isinstance(statement, s.Declaration):
            targets, annotation = (statement.target,), statement.annotation
        else:
            continue
        for target in targets:
            if (
                isinstance(target, s.Attribute)
                and target.attr == name
                and isinstance(target.value, s.Name)
                and target.value.id == receiver.name
            ):
                found.append((statement.value, annotation))
    return found
