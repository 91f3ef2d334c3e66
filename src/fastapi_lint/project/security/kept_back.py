"""Whether the code takes a secret out of an object before it is sent, or may not have loaded it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Statement
from fastapi_lint.project.body.statements import calls_of, expressions_of, walk_statements

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.returned_objects import ReturnedObject
    from fastapi_lint.project.security.secret_attributes import SecretAttribute

_NARROWING = frozenset("load_only defer undefer raiseload with_entities expunge make_transient".split())
"""Names that speak of columns which aren't loaded."""

_ENDING = frozenset({"commit", "begin", "rollback"})
_DEPTH = 3
_FUNCTIONS = 60


class KeptBack:
    """Answers whether a secret is certainly still there when an object is written out."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def is_so(self, endpoint: FunctionSymbol, found: ReturnedObject, secret: SecretAttribute) -> bool:
        """Whether the endpoint, or a function that gave it the object, may keep the secret back."""
        for function in (endpoint, *found.functions):
            body = function.node.body
            if any(_clears(statement, secret.name) for statement in walk_statements(body)):
                return True
            if _names(body) & _NARROWING or any(_speaks_of(call, secret.name) for call in calls_of(body)):
                return True
        return self.project.kinds.is_table(found.cls) and self._may_be_expired(endpoint)

    def _may_be_expired(self, endpoint: FunctionSymbol) -> bool:
        """Whether a transaction ends before the answer, and nothing loads the object again.

        An expired row has no attributes that FastAPI would find.
        """
        return any(_ends_expired(function) for function in self._called_by(endpoint))

    def _called_by(self, endpoint: FunctionSymbol) -> Iterator[FunctionSymbol]:
        level, seen = [endpoint], {id(endpoint)}
        for _ in range(_DEPTH):
            inner: list[FunctionSymbol] = []
            for function in level:
                yield function
                for site in self.project.calls.of(function):
                    entered = self.project.calls.entered(site)
                    if entered is not None and id(entered) not in seen and len(seen) < _FUNCTIONS:
                        seen.add(id(entered))
                        inner.append(entered)
            level = inner


def _ends_expired(function: FunctionSymbol) -> bool:
    ended = refreshed = -1
    for call in calls_of(function.node.body):
        if isinstance(call.func, s.Attribute):
            if call.func.attr in _ENDING:
                ended = max(ended, s.start_of(call.at))
            elif call.func.attr == "refresh":
                refreshed = max(refreshed, s.start_of(call.at))
    return ended > refreshed


def _clears(statement: Statement, name: str) -> bool:
    """`user.password = None`, `del user.password`, `row["password"] = "***"`."""
    targets: tuple[s.Expr, ...] = ()
    if isinstance(statement, s.Delete) or (
        isinstance(statement, s.Assign) and isinstance(statement.value, s.Constant)
    ):
        targets = statement.targets
    return any(
        (isinstance(target, s.Attribute) and target.attr == name)
        or (isinstance(target, s.Subscript) and _is_text(target.items[0], name))
        for target in targets
    )


def _speaks_of(call: s.Call, name: str) -> bool:
    """`vars(user).pop("password")`, `delattr(user, "password")`."""
    return any(_is_text(arg, name) for arg in call.args)


def _is_text(expr: s.Expr, text: str) -> bool:
    return isinstance(expr, s.Constant) and expr.value == text


def _names(body: tuple[Statement, ...]) -> set[str]:
    return {
        expr.attr if isinstance(expr, s.Attribute) else expr.id
        for expr in expressions_of(body)
        if isinstance(expr, s.Attribute | s.Name)
    }
