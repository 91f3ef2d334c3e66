"""What kind of value an expression gives, as far as the code says so. Unknown is None.

A value is an instance of a class, or a symbol that stands for itself (a function, a class, a module,
a name of a library). A method or attribute of a library's instance is an `External` whose name is the class's
name and the attribute's: `db.execute` is `sqlalchemy.orm.Session.execute` if `db` is a `Session`.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import (
    Binding,
    ClassSymbol,
    External,
    FunctionSymbol,
    Scope,
    Symbol,
    Variable,
)
from fastapi_lint.project.types.annotations import Annotations, parse_reference
from fastapi_lint.project.types.app_state import AppState
from fastapi_lint.project.types.attributes import Attributes
from fastapi_lint.project.types.bodies import is_decorated, receiver_of, return_values, yielded_values
from fastapi_lint.project.types.results import Results
from fastapi_lint.project.types.values import (
    Bound,
    Callee,
    Instance,
    Value,
    agreed,
    class_name,
    external_instance,
)

__all__ = [
    "Bound",
    "Callee",
    "Instance",
    "Types",
    "Value",
    "class_name",
    "external_instance",
    "is_decorated",
    "parse_reference",
    "return_values",
    "yielded_values",
]

_DEPTH = 24
"""How deep one question may lead to others before the answer is unknown."""

_DEPENDS = frozenset({"fastapi.Depends", "fastapi.Security"})


class Types:
    """Answers what an expression's value is. Answers are remembered."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._annotations = Annotations(self)
        self._attributes = Attributes(self)
        self._results = Results(self)
        self.state = AppState(self)
        self._values: dict[tuple[int, int], Value | None] = {}
        self._keep: list[object] = []
        self._globals: dict[str, dict[str, list[Variable]]] = {}
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
            return self._named(expr, scope)
        if isinstance(expr, s.Attribute):
            base = self.infer(expr.value, scope)
            if base is None:
                return self.of_symbol(self.resolver.resolve(expr, scope))
            return self.attribute(base, expr.attr)
        if isinstance(expr, s.Call):
            return self.call_result(expr, scope)
        if isinstance(expr, s.Await | s.Starred | s.Walrus):
            return self.infer(expr.value, scope)
        if isinstance(expr, s.Boolean):
            return agreed(self.infer(operand, scope) for operand in expr.operands)
        if isinstance(expr, s.Conditional):
            return agreed((self.infer(expr.body, scope), self.infer(expr.orelse, scope)))
        if isinstance(expr, s.Subscript):
            return self._item(expr, scope)
        return _literal(expr)

    def _named(self, expr: s.Name, scope: Scope) -> Value | None:
        symbol = self.resolver.lookup(expr.id, scope)
        if isinstance(symbol, Variable) and len(symbol.scope.bindings.get(symbol.name, ())) > 1:
            return self.of_variable(symbol, expr.at if symbol.scope is scope else None)
        return self.of_symbol(self.resolver.follow(symbol))

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
        if name == "builtins.list" and base.arguments:
            return base.arguments[0]
        if name == "builtins.dict" and len(base.arguments) == 2:
            return base.arguments[1]
        if name.startswith(("motor.", "pymongo.")):
            return External(f"{name}.__getitem__")
        return None

    # --- variables -------------------------------------------------------------------------------

    def of_symbol(self, symbol: Symbol | None) -> Value | None:
        """The value that a resolved symbol stands for."""
        if isinstance(symbol, Variable):
            return self.of_variable(symbol)
        return symbol

    def of_variable(self, variable: Variable, used: int | None = None) -> Value | None:
        """The value of a variable: its annotation's type, else that of what it is bound to.

        `used` is the place of a use in the variable's own scope: then only what can have been bound before it
        counts. Where bindings disagree, the value is unknown.
        """
        bindings = variable.scope.bindings.get(variable.name) or [variable.binding]
        for binding in bindings:
            if binding.annotation is not None and binding.parameter is None:
                declared = self.annotated(binding.annotation, variable.scope)
                if declared is not None:
                    return declared
        if used is not None and variable.scope.owner is not None:
            bindings = _reaching(bindings, used)
        value = agreed(self._of_binding(b, variable.scope) for b in bindings)
        if value is None and variable.scope.owner is None:
            return agreed(self._of_binding(v.binding, v.scope) for v in self.set_by_functions(variable))
        return value

    def set_by_functions(self, variable: Variable) -> list[Variable]:
        """The assignments to a module's variable in functions that say `global`."""
        module = variable.scope.module
        if module.path not in self._globals:
            self._globals[module.path] = found = dict[str, list[Variable]]()
            for function in self.resolver.index(module).functions:
                scope = self.resolver.scope(function)
                for statement in function.node.body:
                    if isinstance(statement, s.Global) and not statement.nonlocal_:
                        for name in statement.names:
                            found.setdefault(name, []).extend(
                                Variable(scope, name, binding) for binding in scope.bindings.get(name, ())
                            )
        return self._globals[module.path].get(variable.name, [])

    def _of_binding(self, binding: Binding, scope: Scope) -> Value | None:
        if binding.symbol is not None:
            return binding.symbol
        if binding.statement is not None:
            return self.of_symbol(self.resolver.follow(self.resolver.imported(binding, scope.module)))
        if binding.parameter is not None:
            return self.parameter(binding.parameter, scope)
        if binding.context is not None:
            return self.entered(self.infer(binding.context, scope)) if not binding.path else None
        if binding.iterable is not None:
            return self._results.element(self.infer(binding.iterable, scope)) if not binding.path else None
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

    def parameter(self, parameter: s.Parameter, scope: Scope) -> Value | None:
        """The value that a parameter receives: annotation, `Depends` default, `self` or `cls`."""
        owner = scope.owner
        if isinstance(owner, FunctionSymbol) and owner.owner is not None and parameter is receiver_of(owner):
            return owner.owner if is_decorated(owner, "classmethod") else Instance(owner.owner)
        around = scope.parent or scope
        declared = self.annotated(parameter.annotation, around)
        if declared is not None:
            return declared
        target = self.depends_target(parameter.default, around)
        return self.provided(target) if target is not None else None

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

    # --- attributes, annotations, calls ----------------------------------------------------------

    def attribute(self, base: Value, name: str) -> Value | None:
        """`base.name`."""
        return self._attributes.value(base, name)

    def methods(self, cls: ClassSymbol) -> list[FunctionSymbol]:
        """The methods that a class itself defines, `__init__` first, else in source order."""
        return self._attributes.methods(cls)

    def annotated(self, expr: Expr | None, scope: Scope) -> Value | None:
        """The value that an annotation promises: an instance of its class."""
        key = ("annotation", id(expr), id(scope))
        if expr is None or key in self._active or len(self._active) > _DEPTH:
            return None
        self._active.add(key)
        try:
            return self._annotations.value(expr, scope)
        finally:
            self._active.discard(key)

    def callee(self, call: s.Call, scope: Scope) -> Callee | None:
        """What a call runs: a function or method, a class that it constructs, or a library's name."""
        return self._results.callee(call, scope)

    def call_result(self, call: s.Call, scope: Scope) -> Value | None:
        """The value that a call gives (awaited, if it is a coroutine)."""
        return self._results.of_call(call, scope)

    def returned(self, function: FunctionSymbol) -> Value | None:
        """What calling a function gives: of a context manager, the manager's own value."""
        return self._results.returned(function)

    def handed_over(self, function: FunctionSymbol) -> Value | None:
        """What a dependency or context manager hands over: the yielded, else the returned value."""
        return self._results.handed_over(function)

    def entered(self, value: Value | None) -> Value | None:
        """What `with value as x` binds."""
        return self._results.entered(value)

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
        if isinstance(target, Instance):
            return self._results.of_callable(target)
        if isinstance(target, External) and target.name.rpartition(".")[2][:1].isupper():
            return Instance(target)
        return None


def _reaching(bindings: Iterable[Binding], used: int) -> list[Binding]:
    """The bindings that a use at `used` can see: those before it, from the last unconditional one on."""
    place = s.start_of(used)
    before = [b for b in bindings if s.start_of(b.at) <= place and not _is_made_of(b, used)]
    for position in range(len(before) - 1, -1, -1):
        if not before[position].conditional:
            return before[position:]
    return before or [b for b in bindings if not _is_made_of(b, used)]


def _is_made_of(binding: Binding, used: int) -> bool:
    """Whether a use stands in the expression that a binding takes its value from."""
    source = binding.value or binding.context or binding.iterable
    return (
        source is not None
        and s.start_of(source.at) <= s.start_of(used)
        and s.end_of(used) <= s.end_of(source.at)
    )


def _literal(expr: Expr) -> Value | None:
    if isinstance(expr, s.Constant) and expr.value is not None:
        return external_instance(f"builtins.{type(expr.value).__name__}")
    if isinstance(expr, s.Template):
        return external_instance("builtins.str")
    if isinstance(expr, s.Collection | s.Comprehension):
        kind = "Generator" if expr.kind == "generator" else expr.kind
        return external_instance(f"typing.{kind}" if kind == "Generator" else f"builtins.{kind}")
    if isinstance(expr, s.Mapping):
        return external_instance("builtins.dict")
    return None
