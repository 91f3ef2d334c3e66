"""Objects that are made anew for each request: nothing keeps them on the way from the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import placed_calls
from fastapi_lint.project.body.statements import calls_of, children, walk_statements
from fastapi_lint.project.calls.constancy import Constancy
from fastapi_lint.project.calls.endpoints import Called
from fastapi_lint.project.calls.served import ServedFunction
from fastapi_lint.project.dependencies.caches import Caches
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.types.bodies import receiver_of
from fastapi_lint.project.types.local_objects import mentions

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_KEEPING = frozenset({"setdefault", "setattr", "append", "add", "set", "put", "update", "insert"})
"""Functions and methods that keep what they are given."""


class RequestObject(msgspec.Struct, frozen=True, eq=False):
    """A call that makes an object for a request, and the function that runs it."""

    site: CallSite
    served: ServedFunction


class RequestObjects:
    """Answers which objects each request makes for itself."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.caches = Caches(project.types)
        self.constancy = Constancy(project)

    def made_by(self, names: frozenset[str], *, in_middleware: bool = False) -> Iterator[RequestObject]:
        """The calls of a library's functions or classes that make the same object for each request.

        Left out is what some function on the way keeps or caches, and what depends on the request. The bodies
        of middleware count only if asked for.
        """
        last = {name.rpartition(".")[2] for name in names}
        if all(module.facts.names.isdisjoint(last) for module in self.project.modules):
            return
        middleware = self._middleware() if in_middleware else ()
        for served in (*self.project.served.functions, *middleware):
            if served.function.module.facts.names.isdisjoint(last) or self._is_cached(served):
                continue
            for site in self.project.calls.of(served.function):
                if not isinstance(site.callee, External) or site.callee.name not in names:
                    continue
                kept = any(self._keeps(f, call) for f, call in _steps(self.project, served, site.call))
                if not kept and self.constancy.arguments_are_constant(site.call, site.scope, served.calls):
                    yield RequestObject(site, served)

    def _middleware(self) -> Iterator[ServedFunction]:
        served = {id(one.function) for one in self.project.served.functions}
        for function in self.project.endpoints.middleware:
            if id(function) not in served and not self.project.roles.is_outside(function.module):
                yield ServedFunction(function, Called(function, "middleware"))

    def _is_cached(self, served: ServedFunction) -> bool:
        """Whether a function on the way may give what it made before."""
        functions = [function for function, _ in _steps(self.project, served, None)]
        return any(self._may_remember(function) for function in functions)

    def _may_remember(self, function: FunctionSymbol) -> bool:
        if any(found.effect != "keeps" for found in self.project.decorators.of(function)):
            return True
        if self._runs_as_script(function):
            return True
        if self.caches.is_wrapped(function) or any(
            isinstance(statement, s.Global) for statement in walk_statements(function.node.body)
        ):
            return True
        owner = function.owner if function.name == "__init__" else None
        return owner is not None and self._is_singleton(owner)

    def _runs_as_script(self, function: FunctionSymbol) -> bool:
        """Whether `if __name__ == "__main__"` calls a function, which then runs once, in its own process."""
        if "__name__" not in function.module.facts.names:
            return False
        scope = self.project.resolver.scope(function.module)
        return any(
            self.project.types.callee(placed.call, scope) is function
            for placed in placed_calls(function.module.facts.body)
            if any(
                isinstance(one.statement, s.If) and _asks_for_main(one.statement) for one in placed.enclosures
            )
        )

    def _is_singleton(self, cls: ClassSymbol) -> bool:
        """Whether constructing a class may give an instance that exists."""
        if cls.node.decorators or cls.node.keywords:
            return True
        return self.project.resolver.class_member(cls, "__new__") is not None

    def _keeps(self, function: FunctionSymbol, call: s.Call | None) -> bool:
        """Whether a function stores what a call gives beyond itself."""
        if call is None:
            return False
        receiver = receiver_of(function) if function.name == "__init__" and function.owner else None
        names = set(_names_of(function, call))
        for statement in walk_statements(function.node.body):
            targets, value = _assigned(statement)
            if value is None or not _holds(value, call, names):
                continue
            if any(_is_outside(target, receiver.name if receiver else None) for target in targets):
                return True
        return any(self._hands_over(expr, call, names) for expr in calls_of(function.node.body))

    def _hands_over(self, expr: s.Call, call: s.Call, names: set[str]) -> bool:
        last = expr.func.attr if isinstance(expr.func, s.Attribute) else getattr(expr.func, "id", "")
        given = (*expr.args, *(keyword.value for keyword in expr.keywords))
        return last in _KEEPING and any(_holds(arg, call, names) for arg in given)


def _steps(
    project: Project, served: ServedFunction, last: s.Call | None
) -> Iterator[tuple[FunctionSymbol, s.Call | None]]:
    """The functions on the way, each with the call in it that leads on."""
    function = served.start.function
    for site in served.calls:
        yield function, site.call
        entered = project.calls.entered(site)
        assert entered is not None
        function = entered
    yield function, last


def _assigned(statement: s.Statement) -> tuple[tuple[Expr, ...], Expr | None]:
    if isinstance(statement, s.Assign):
        return statement.targets, statement.value
    if isinstance(statement, s.Declaration):
        return (statement.target,), statement.value
    return (), None


def _names_of(function: FunctionSymbol, call: s.Call) -> Iterator[str]:
    """The local names that are bound to what a call gives."""
    for statement in walk_statements(function.node.body):
        targets, value = _assigned(statement)
        if value is not None and _holds(value, call, set()):
            yield from (target.id for target in targets if isinstance(target, s.Name))


def _holds(value: Expr, call: s.Call, names: set[str]) -> bool:
    """Whether a value is what a call gives, or something made with it (`sessionmaker(engine)`)."""
    if value is call:
        return True
    if isinstance(value, s.Name):
        return value.id in names
    if isinstance(value, s.Call):
        given = (*value.args, *(keyword.value for keyword in value.keywords))
        return any(_holds(arg, call, names) for arg in given)
    if isinstance(value, s.Await | s.Boolean | s.Conditional | s.Collection | s.Mapping | s.Walrus):
        return any(_holds(inner, call, names) for inner in children(value))
    return False


def _is_outside(target: Expr, receiver: str | None) -> bool:
    """Whether a target is an attribute or item; of `self` in a constructor it isn't beyond the object."""
    if isinstance(target, s.Attribute) and isinstance(target.value, s.Name) and target.value.id == receiver:
        return False
    return isinstance(target, s.Attribute | s.Subscript)


def _asks_for_main(statement: s.Statement) -> bool:
    return isinstance(statement, s.If) and any(
        mentions(branch.test, "__name__") for branch in statement.branches
    )
