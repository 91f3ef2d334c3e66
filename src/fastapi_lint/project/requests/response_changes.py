"""What functions change of the `Response` that FastAPI hands them: its cookies, headers and status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.body.statements import argument, expressions, walk_expressions, walk_statements
from fastapi_lint.project.body.traces import exits
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

ChangeKind = Literal["cookie", "header", "status code"]

_COOKIES = frozenset({"set_cookie", "delete_cookie"})
_HEADERS = frozenset({"append", "setdefault", "update"})
_HARMLESS = frozenset({"status_code", "body", "media_type", "background", "charset"})
_DEPTH = 4


class Change(msgspec.Struct, frozen=True, eq=False):
    """A statement that changes a response, and what of it; `key` names the cookie or header if one does."""

    statement: Statement
    kind: ChangeKind
    key: Expr | None
    at: int


class ResponseChanges:
    """Answers what a function does with a response that it is given.

    None where the response goes somewhere that isn't followed, or where something is read from it: then it
    may be copied.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self._found: dict[tuple[int, str], tuple[Change, ...] | None] = {}

    def injected(self, function: FunctionSymbol) -> Iterator[str]:
        """The parameters of an endpoint or dependency that FastAPI fills with the response to be."""
        scope = self.project.resolver.scope(function)
        for parameter in function.node.parameters:
            if class_name(self.types.parameter(parameter, scope)) == "fastapi.Response" and (
                self.project.dependencies.of_parameter(parameter, scope.parent or scope) is None
            ):
                yield parameter.name

    def by(self, function: FunctionSymbol, name: str, depth: int = 0) -> tuple[Change, ...] | None:
        """The changes that a function makes to the response in a parameter, in source order."""
        key = (id(function), name)
        if key not in self._found:
            self._found[key] = None
            self._found[key] = self._by(function, name, depth)
        return self._found[key]

    def _by(self, function: FunctionSymbol, name: str, depth: int) -> tuple[Change, ...] | None:
        scope = self.project.resolver.scope(function)
        if depth > _DEPTH or len(scope.bindings.get(name, ())) != 1:
            return None
        if any(use.scope is not scope for use in self.project.name_uses.of(scope, name)):
            return None
        found: list[Change] = []
        for statement in walk_statements(function.node.body):
            changes = self._in_statement(statement, name, scope, depth)
            if changes is None:
                return None
            found += changes
        return tuple(found)

    def _in_statement(self, statement: Statement, name: str, scope: Scope, depth: int) -> list[Change] | None:
        """The changes of one statement; None if it does something else with the response."""
        found: list[Change] = []
        seen: set[int] = set()
        roots = () if isinstance(statement, s.Function | s.Class) else expressions(statement)
        for expr in walk_expressions(roots):
            change = self._change(statement, expr, name, scope, depth)
            if change is not None:
                found.append(change)
                seen |= _places(expr, name)
            elif _is_harmless(statement, expr, name):
                seen |= _places(expr, name)
            elif isinstance(expr, s.Call) and self._entered(expr, name, scope, depth) is not None:
                seen |= {arg.at for arg in _given(expr) if isinstance(arg, s.Name)}
        places = {e.at for e in walk_expressions(roots) if isinstance(e, s.Name) and e.id == name}
        return found if places <= seen else None

    def _change(self, statement: Statement, expr: Expr, name: str, scope: Scope, depth: int) -> Change | None:
        if isinstance(expr, s.Call):
            own = _called_change(statement, expr, name)
            return own or self._passed_change(statement, expr, name, scope, depth)
        targets: tuple[Expr, ...] = ()
        if isinstance(statement, s.Assign):
            targets = statement.targets
        elif isinstance(statement, s.AugmentedAssign):
            targets = (statement.target,)
        if not any(expr is target for target in targets):
            return None
        if _is_attribute(expr, name, "status_code"):
            return Change(statement, "status code", None, statement.at)
        if isinstance(expr, s.Subscript) and _is_attribute(expr.value, name, "headers"):
            return Change(statement, "header", expr.items[0], statement.at)
        return None

    # --- calls that are given the response --------------------------------------------------------

    def _passed_change(
        self, statement: Statement, call: s.Call, name: str, scope: Scope, depth: int
    ) -> Change | None:
        """`set_session_cookie(response, user)`: a function of the project that changes it on every call."""
        inner = self._entered(call, name, scope, depth)
        if inner is None:
            return None
        function, changes = inner
        certain = [change for change in changes if _runs_always(function, change)]
        if not certain:
            return None
        return Change(statement, certain[0].kind, None, call.at)

    def _entered(
        self, call: s.Call, name: str, scope: Scope, depth: int
    ) -> tuple[FunctionSymbol, tuple[Change, ...]] | None:
        """The function that a call gives the response to, with its changes, if it keeps and returns nothing
        of it.
        """
        if not any(isinstance(arg, s.Name) and arg.id == name for arg in _given(call)):
            return None
        function = self.types.callee(call, scope)
        if not isinstance(function, FunctionSymbol) or function.node.is_generator:
            return None
        takers = [
            parameter.name
            for parameter, arg in passed(self.types, call, scope, function)
            if isinstance(arg, s.Name) and arg.id == name
        ]
        if len(takers) != 1:
            return None
        taker = takers[0]
        if any(_places(value, taker) for value in return_values(function)):
            return None
        changes = self.by(function, taker, depth + 1)
        return (function, changes) if changes is not None else None


def _called_change(statement: Statement, call: s.Call, name: str) -> Change | None:
    """`response.set_cookie(...)`, `response.headers.append(...)`."""
    func = call.func
    if not isinstance(func, s.Attribute):
        return None
    if _is_name(func.value, name) and func.attr in _COOKIES:
        return Change(statement, "cookie", argument(call, 0, "key"), call.at)
    if _is_attribute(func.value, name, "headers") and func.attr in _HEADERS:
        key = None if func.attr == "update" else argument(call, 0, "key")
        return Change(statement, "header", key, call.at)
    return None


def _is_harmless(statement: Statement, expr: Expr, name: str) -> bool:
    """`return response`, and reading or setting what nobody copies."""
    if isinstance(statement, s.Return) and statement.value is expr:
        return _is_name(expr, name)
    return isinstance(expr, s.Attribute) and expr.attr in _HARMLESS and _is_name(expr.value, name)


def _runs_always(function: FunctionSymbol, change: Change) -> bool:
    ways = exits(function.node.body, [change.statement])
    conditional = {
        id(inner)
        for statement in walk_statements(function.node.body)
        if isinstance(statement, s.If | s.Match | s.For | s.While | s.Try)
        for inner in walk_statements((statement,))
        if inner is not statement
    }
    return bool(ways) and id(change.statement) not in conditional


def _given(call: s.Call) -> tuple[Expr, ...]:
    return (*call.args, *(keyword.value for keyword in call.keywords))


def _is_name(expr: Expr, name: str) -> bool:
    return isinstance(expr, s.Name) and expr.id == name


def _is_attribute(expr: Expr, name: str, attribute: str) -> bool:
    return isinstance(expr, s.Attribute) and expr.attr == attribute and _is_name(expr.value, name)


def _places(expr: Expr, name: str) -> set[int]:
    """The places where a name stands in an expression."""
    return {e.at for e in walk_expressions((expr,)) if isinstance(e, s.Name) and e.id == name}
