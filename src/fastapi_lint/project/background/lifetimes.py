"""Collections and objects that live longer than the request that uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import walk_expressions, walk_statements
from fastapi_lint.project.dependencies.caches import Caches
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.bodies import receiver_of, return_values
from fastapi_lint.project.types.infer import Instance, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

PLAIN_COLLECTIONS = frozenset(
    {
        "builtins.list",
        "builtins.dict",
        "builtins.set",
        "collections.defaultdict",
        "collections.deque",
        "collections.OrderedDict",
    }
)
_VIEWS = frozenset("get setdefault values items keys copy pop".split())
_COPIES = frozenset({"list", "tuple", "set", "sorted", "enumerate", "reversed"})
_APPS = frozenset({"fastapi.FastAPI", "starlette.applications.Starlette"})
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Collection:
    """A list, set or dict that outlives requests: of a module, of an object that does, or on `app.state`.

    `name` is what a reader knows it by.
    """

    key: tuple[str, int, str]
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A function that runs, and whether the object that its `self` stands for outlives the request."""

    function: FunctionSymbol
    lasting_self: bool = False
    caller: Frame | None = None

    def of(self, owner: object) -> Frame | None:
        """The frame of a function that runs here or further up."""
        frame: Frame | None = self
        while frame is not None and frame.function is not owner:
            frame = frame.caller
        return frame


class Lifetimes:
    """Answers what outlives a request. What isn't known doesn't."""

    def __init__(self, project: Project, classes: frozenset[str] = PLAIN_COLLECTIONS) -> None:
        self.project = project
        self.classes = classes
        self.types = project.types
        self.resolver = project.resolver
        self.caches = Caches(project.types)

    def enter(self, call: s.Call, scope: Scope, frame: Frame) -> Frame | None:
        """The frame of the project's function or method that a call runs."""
        callee = self.types.callee(call, scope)
        if not isinstance(callee, FunctionSymbol):
            return None
        base = call.func.value if isinstance(call.func, s.Attribute) and callee.owner is not None else None
        lasting = base is not None and self.lasting(base, scope, frame) is not None
        return Frame(callee, lasting, frame)

    # --- objects ---------------------------------------------------------------------------------

    def lasting(self, expr: Expr, scope: Scope, frame: Frame, depth: int = 0) -> ClassSymbol | None:
        """The project's class of an object that outlives the request."""
        if depth > _DEPTH:
            return None
        value = self.types.infer(expr, scope)
        if isinstance(value, ClassSymbol):
            return value
        if not isinstance(value, Instance) or not isinstance(value.cls, ClassSymbol):
            return None
        return value.cls if self._lasts(expr, scope, frame, depth) else None

    def _lasts(self, expr: Expr, scope: Scope, frame: Frame, depth: int) -> bool:
        if isinstance(expr, s.Name):
            return self._name_lasts(expr, scope, frame, depth)
        if isinstance(expr, s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.scope.owner is None:
                return True
            return self.lasting(expr.value, scope, frame, depth + 1) is not None
        if isinstance(expr, s.Subscript):
            return self.collection(expr.value, scope, frame, depth + 1) is not None
        if isinstance(expr, s.Call):
            callee = self.types.callee(expr, scope)
            if isinstance(callee, FunctionSymbol):
                return self._gives_lasting(callee)
            base = expr.func.value if isinstance(expr.func, s.Attribute) else None
            return base is not None and self.collection(base, scope, frame, depth + 1) is not None
        return False

    def _name_lasts(self, expr: s.Name, scope: Scope, frame: Frame, depth: int) -> bool:
        symbol = self.resolver.resolve(expr, scope)
        if not isinstance(symbol, Variable):
            return False
        running = frame.of(symbol.scope.owner)
        if running is None:
            return True  # of the module, or of the function that builds the application
        parameter, value = symbol.binding.parameter, symbol.binding.value
        if parameter is None:
            if value is None or symbol.binding.path:
                return False
            return self._lasts(value, symbol.scope, frame, depth + 1)
        if running.function.owner is not None and parameter is receiver_of(running.function):
            return running.lasting_self
        return self._parameter_lasts(parameter, symbol.scope)

    def _parameter_lasts(self, parameter: s.Parameter, scope: Scope) -> bool:
        dependency = self.project.dependencies.of_parameter(parameter, scope.parent or scope)
        target = dependency.target if dependency is not None else None
        return isinstance(target, FunctionSymbol) and self._gives_lasting(target)

    def _gives_lasting(self, function: FunctionSymbol) -> bool:
        """Whether a function gives one object each time: it is cached, or returns a module's variable."""
        if self.caches.function_cache_of(function) is not None:
            return True
        scope = self.resolver.scope(function)
        values = return_values(function)
        symbols = [self.resolver.resolve(value, scope) for value in values]
        return bool(values) and all(isinstance(x, Variable) and x.scope.owner is None for x in symbols)

    # --- collections -----------------------------------------------------------------------------

    def collection(self, expr: Expr, scope: Scope, frame: Frame, depth: int = 0) -> Collection | None:
        """The collection that an expression is, or that it takes something from; None if it doesn't last."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, s.Subscript | s.Starred | s.Walrus):
            return self.collection(expr.value, scope, frame, depth + 1)
        if isinstance(expr, s.Call):
            return self._of_call(expr, scope, frame, depth)
        if isinstance(expr, s.Name):
            return self._of_name(expr, scope, frame, depth)
        return self._of_attribute(expr, scope, frame, depth) if isinstance(expr, s.Attribute) else None

    def variable(self, collection: Collection) -> Variable | None:
        """The variable of a module that a collection is; None for those of objects and of `app.state`."""
        for module in self.project.code_modules:
            scope = self.resolver.scope(module)
            name = collection.key[2]
            if ("variable", id(scope), name) == collection.key:
                return Variable(scope, name, scope.bindings[name][0])
        return None

    def _of_call(self, call: s.Call, scope: Scope, frame: Frame, depth: int) -> Collection | None:
        if isinstance(call.func, s.Attribute) and call.func.attr in _VIEWS:
            return self.collection(call.func.value, scope, frame, depth + 1)
        if isinstance(call.func, s.Name) and call.func.id in _COPIES and call.args:
            return self.collection(call.args[0], scope, frame, depth + 1)
        return None

    def _of_name(self, expr: s.Name, scope: Scope, frame: Frame, depth: int) -> Collection | None:
        symbol = self.resolver.resolve(expr, scope)
        if is_global(expr, scope):
            symbol = self.resolver.module_member(scope.module, expr.id)
        if not isinstance(symbol, Variable):
            return None
        if frame.of(symbol.scope.owner) is None:
            return self._of_module(symbol)
        source = symbol.binding.value or symbol.binding.iterable
        return self.collection(source, symbol.scope, frame, depth + 1) if source is not None else None

    def _of_attribute(self, expr: s.Attribute, scope: Scope, frame: Frame, depth: int) -> Collection | None:
        if isinstance(expr.value, s.Attribute) and expr.value.attr == "state":
            return self._of_state(expr, expr.value.value, scope)
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, Variable) and symbol.scope.owner is None:
            return self._of_module(symbol)
        owner = self.lasting(expr.value, scope, frame, depth + 1)
        if owner is None:
            return None
        value = self.types.attribute(Instance(owner), expr.attr)
        if not self._is_plain(value, list(self._set_to(owner, expr.attr))):
            return None
        holder = self._holder(owner, expr.attr)
        return Collection(("attribute", id(holder), expr.attr), f"{holder.name}.{expr.attr}")

    def _of_module(self, variable: Variable) -> Collection | None:
        """A variable of a module, or of the function that builds the application."""
        bindings = variable.scope.bindings.get(variable.name, ())
        sources = [e for b in bindings for e in (b.value, b.annotation) if e is not None]
        if not self._is_plain(self.types.of_variable(variable), sources):
            return None
        return Collection(("variable", id(variable.scope), variable.name), variable.name)

    def _of_state(self, expr: s.Attribute, app: Expr, scope: Scope) -> Collection | None:
        """`app.state.x`, `websocket.app.state.x`: what some module assigns to it tells what it is."""
        is_app = isinstance(app, s.Attribute) and app.attr == "app"
        value = self.types.infer(app, scope)
        if not is_app and not (isinstance(value, Instance) and self.resolver.inherits(value.cls, _APPS)):
            return None
        assigned = self._state.get(expr.attr, ())
        if not assigned or not all(self._is_plain(self.types.infer(e, where), [e]) for e, where in assigned):
            return None
        return Collection(("state", 0, expr.attr), f"app.state.{expr.attr}")

    @cached_property
    def _state(self) -> dict[str, list[tuple[Expr, Scope]]]:
        """What the application assigns to the names on `app.state`."""
        found: dict[str, list[tuple[Expr, Scope]]] = {}
        for module in self.project.application_modules():
            index = self.resolver.index(module)
            bodies = [(module.facts.body, index.scope)]
            bodies += [(f.node.body, index.scope_of(f)) for f in index.functions]
            for body, scope in bodies:
                for statement in walk_statements(body):
                    for target, value in _assignments(statement):
                        if isinstance(target.value, s.Attribute) and target.value.attr == "state":
                            found.setdefault(target.attr, []).append((value, scope))
        return found

    def _is_plain(self, value: object, sources: list[Expr]) -> bool:
        """Whether something is a builtin collection that holds on to what is in it."""
        if not isinstance(value, Instance) or class_name(value) not in self.classes:
            return False
        names = (_name_in(expr) for source in sources for expr in walk_expressions((source,)))
        return not any("Weak" in name for name in names)

    def _set_to(self, cls: ClassSymbol, name: str) -> Iterator[Expr]:
        """The values and annotations that a class and its methods give an attribute."""
        for current in self.resolver.ancestry(cls):
            if not isinstance(current, ClassSymbol):
                continue
            for binding in self.resolver.scope(current).bindings.get(name, ()):
                yield from (e for e in (binding.value, binding.annotation) if e is not None)
            for method in self.types.methods(current):
                for statement in walk_statements(method.node.body):
                    yield from (value for target, value in _assignments(statement) if target.attr == name)
                    if isinstance(statement, s.Declaration) and _name_in(statement.target) == name:
                        yield statement.annotation

    def _holder(self, cls: ClassSymbol, name: str) -> ClassSymbol:
        """The farthest class of a line of inheritance that sets an attribute."""
        found = cls
        for current in self.resolver.ancestry(cls):
            if isinstance(current, ClassSymbol) and any(True for _ in self._set_to(current, name)):
                found = current
        return found


def _assignments(statement: s.Statement) -> Iterator[tuple[s.Attribute, Expr]]:
    """The attributes that a statement assigns, with their values."""
    if isinstance(statement, s.Assign):
        yield from (
            (target, statement.value) for target in statement.targets if isinstance(target, s.Attribute)
        )
    elif isinstance(statement, s.Declaration) and statement.value is not None:
        yield from ((t, statement.value) for t in (statement.target,) if isinstance(t, s.Attribute))


def _name_in(expr: Expr) -> str:
    if isinstance(expr, s.Name):
        return expr.id
    return expr.attr if isinstance(expr, s.Attribute) else ""


def is_global(target: s.Name, scope: Scope) -> bool:
    """Whether a function says that a name it assigns is the module's."""
    return isinstance(scope.owner, FunctionSymbol) and any(
        isinstance(statement, s.Global) and target.id in statement.names
        for statement in walk_statements(scope.owner.node.body)
    )
