"""Responses that a function makes itself, and what it gives them: status, headers, cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import (
    argument,
    expressions,
    keyword,
    walk_expressions,
    walk_statements,
)
from fastapi_lint.project.errors.statuses import status_number
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.infer import Instance, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.response_changes import Change

_NO_ERRORS = frozenset(f"fastapi.responses.{kind}Response" for kind in ("Redirect", "File", "Streaming"))
"""Classes that nobody answers an error with."""

_DEPTH = 4


class OwnResponses:
    """Answers about expressions that endpoints return."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.responses = Responses(project.types)

    def made(self, expr: Expr | None, scope: Scope, depth: int = 0) -> Expr | None:
        """The part of a returned expression that certainly is a response made anew; None if none is.

        Not one that may have been handed in: a plain `Response` counts only if its construction is found.
        """
        if expr is None or depth > _DEPTH:
            return None
        if isinstance(expr, s.Conditional):
            return self.made(expr.body, scope, depth + 1) or self.made(expr.orelse, scope, depth + 1)
        value = self.types.infer(expr, scope)
        if not self.responses.is_response(value):
            return None
        if class_name(value) != "fastapi.Response" or self._is_constructed(expr, scope, depth):
            return None if self._is_parameter(expr, scope) else expr
        return None

    def class_of(self, expr: Expr, scope: Scope) -> str:
        """The name of a response's class."""
        value = self.types.infer(expr, scope)
        if isinstance(value, Instance):
            name = value.cls.name
            return name.rpartition(".")[2].lstrip("_") if isinstance(value.cls, External) else name
        return "Response"

    def _is_constructed(self, expr: Expr, scope: Scope, depth: int) -> bool:
        call = self.origin(expr, scope)
        callee = self.types.callee(call, scope) if call is not None else None
        if isinstance(callee, ClassSymbol | External):
            return True
        if not isinstance(callee, FunctionSymbol):
            return False
        inner, values = self.project.resolver.scope(callee), return_values(callee)
        return bool(values) and all(self.made(value, inner, depth + 1) is not None for value in values)

    def _is_parameter(self, expr: Expr, scope: Scope) -> bool:
        bindings = scope.bindings.get(expr.id, ()) if isinstance(expr, s.Name) else ()
        return any(binding.parameter is not None for binding in bindings)

    def origin(self, expr: Expr, scope: Scope) -> s.Call | None:
        """The call that makes a response, through the local name that holds it."""
        for _ in range(_DEPTH):
            if isinstance(expr, s.Await):
                expr = expr.value
            elif isinstance(expr, s.Name):
                bindings = scope.bindings.get(expr.id, ())
                value = bindings[0].value if len(bindings) == 1 and not bindings[0].path else None
                if value is None:
                    return None
                expr = value
        return expr if isinstance(expr, s.Call) else None

    # --- what it is given ------------------------------------------------------------------------

    def may_be_error(self, expr: Expr, scope: Scope) -> bool:
        """Whether a response may answer an error: a status from 400 on, or one that isn't known."""
        if class_name(self.types.infer(expr, scope)) in _NO_ERRORS:
            return False
        status = self.status(expr, scope)
        return status is None or status >= 400

    def status(self, expr: Expr, scope: Scope) -> int | None:
        """The status of a response, None where it isn't known."""
        call = self.origin(expr, scope)
        if call is None or self.sets_status(expr, scope) is None:
            return None
        given = keyword(call, "status_code") or argument(call, 1, "status_code")
        if given is not None and not self._is_template(expr, scope):
            return status_number(given, scope, self.project.resolver)
        return 200

    def sets_status(self, expr: Expr, scope: Scope) -> bool | None:
        """Whether a response is given a status of its own. None where that isn't known."""
        call = self.origin(expr, scope)
        callee = self.types.callee(call, scope) if call is not None else None
        if call is None or not isinstance(callee, External):
            return None
        if any(k.name is None for k in call.keywords) or any(isinstance(a, s.Starred) for a in call.args):
            return None
        if isinstance(expr, s.Name) and self._assigns(expr.id, "status_code", scope):
            return True
        if keyword(call, "status_code") is not None:
            return True
        return len(call.args) > (2 if self._is_template(expr, scope) else 1)

    def _is_template(self, expr: Expr, scope: Scope) -> bool:
        return "TemplateResponse" in class_name(self.types.infer(expr, scope))

    def _assigns(self, name: str, attribute: str, scope: Scope) -> bool:
        body = scope.owner.node.body if isinstance(scope.owner, FunctionSymbol) else ()
        return any(
            isinstance(target, s.Attribute)
            and target.attr == attribute
            and isinstance(target.value, s.Name)
            and target.value.id == name
            for statement in walk_statements(body)
            for target in (statement.targets if isinstance(statement, s.Assign) else ())
        )

    def may_have(self, expr: Expr, change: Change, scope: Scope) -> bool:
        """Whether a response may be given by other means what a change gave to the injected one."""
        if change.kind == "status code":
            return self.sets_status(expr, scope) is not False
        call = self.origin(expr, scope)
        if call is None:
            return True
        if change.kind == "header" and self._has_header(call, change.key):
            return True
        callee = self.types.callee(call, scope)
        if isinstance(callee, FunctionSymbol) and _sets(callee, change):
            return True
        return isinstance(expr, s.Name) and self._is_given_later(expr.id, change, scope)

    def _has_header(self, call: s.Call, key: Expr | None) -> bool:
        """Whether a construction names a header, or takes headers that aren't known."""
        given = keyword(call, "headers")
        if any(k.name is None for k in call.keywords):
            return True
        if given is None:
            return _says(key) in ("content-type", "content-length")
        if not isinstance(given, s.Mapping) or _says(key) is None:
            return True
        return any(name is None or _says(name) in (None, _says(key)) for name in given.keys)

    def _is_given_later(self, name: str, change: Change, scope: Scope) -> bool:
        """Whether a local response is given the same cookie or header, or handed to something."""
        for use in self.project.name_uses.of(scope, name):
            if change.kind == "cookie" and use.attributes[:1] in (("set_cookie",), ("delete_cookie",)):
                return True
            if change.kind == "header" and use.attributes[:1] in (("headers",), ("raw_headers",)):
                return True
        body = scope.owner.node.body if isinstance(scope.owner, FunctionSymbol) else ()
        return any(
            isinstance(arg, s.Name) and arg.id == name
            for statement in walk_statements(body)
            for call in walk_expressions(expressions(statement))
            if isinstance(call, s.Call)
            for arg in (*call.args, *(k.value for k in call.keywords))
        )


def _sets(function: FunctionSymbol, change: Change) -> bool:
    """Whether a function that makes a response may set cookies, or headers."""
    wanted = ("set_cookie", "delete_cookie") if change.kind == "cookie" else ("headers", "raw_headers")
    for statement in walk_statements(function.node.body):
        for expr in walk_expressions(expressions(statement)):
            if isinstance(expr, s.Attribute) and expr.attr in wanted:
                return True
            if isinstance(expr, s.Call) and change.kind == "header" and keyword(expr, "headers") is not None:
                return True
    return False


def _says(expr: Expr | None) -> str | None:
    """The text of a literal name of a header."""
    return expr.value.lower() if isinstance(expr, s.Constant) and isinstance(expr.value, str) else None
