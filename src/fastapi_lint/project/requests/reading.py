"""Which path parameters a function reads from the request itself."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import children, expressions, walk_statements
from fastapi_lint.project.calls.graph import Calls, CallSite
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Instance, Types

_REQUESTS = frozenset(
    {
        "fastapi.Request",
        "fastapi.WebSocket",
        "starlette.requests.HTTPConnection",
        "fastapi.requests.HTTPConnection",
    }
)
_TAKING = frozenset({"get", "pop", "setdefault"})
_HARMLESS_SCOPE = frozenset({"root_path", "type", "headers", "client", "server", "scheme", "method", "app"})
_HARMLESS_URL = frozenset({"scheme", "netloc", "hostname", "port", "query", "username", "is_secure"})
_DEPTH = 5


class Reading(msgspec.Struct, frozen=True):
    """The names that are read; `is_all_known` is false if the request goes where it isn't followed."""

    names: frozenset[str] = frozenset()
    is_all_known: bool = True

    def __or__(self, other: Reading) -> Reading:
        return Reading(self.names | other.names, self.is_all_known and other.is_all_known)


_NOTHING, _ANYTHING = Reading(), Reading(is_all_known=False)


class RequestReading:
    """Answers what functions read by `request.path_params`."""

    def __init__(self, types: Types, calls: Calls) -> None:
        self.types = types
        self.resolver = types.resolver
        self.calls = calls
        self._known: dict[tuple[int, str], Reading] = {}

    def by(self, function: FunctionSymbol) -> Reading:
        """What a function reads from its parameters that are requests or websockets."""
        scope = self.resolver.scope(function)
        found = _NOTHING
        for parameter in function.node.parameters:
            value = self.types.parameter(parameter, scope)
            if isinstance(value, Instance) and self.resolver.inherits(value.cls, _REQUESTS):
                found |= self._of(function, parameter.name, 0)
        return found

    def _of(self, function: FunctionSymbol, name: str, depth: int) -> Reading:
        key = (id(function), name)
        if key not in self._known:
            self._known[key] = _NOTHING  # a function that calls itself reads no more by that
            found = _NOTHING if depth < _DEPTH else _ANYTHING
            for statement in (
                walk_statements(function.node.body, into_definitions=True) if depth < _DEPTH else ()
            ):
                for expr in expressions(statement):
                    found |= self._in(expr, name, function, depth)
            self._known[key] = found
        return self._known[key]

    def _in(self, expr: Expr, name: str, function: FunctionSymbol, depth: int) -> Reading:
        """What one expression reads of the request that `name` stands for."""
        if isinstance(expr, s.Name):
            return _ANYTHING if expr.id == name else _NOTHING
        taken = _taken(expr, name)
        if taken is not None:
            return taken
        if isinstance(expr, s.Call):
            return self._in_call(expr, name, function, depth)
        if _is_harmless_part_of_url(expr, name):
            return _NOTHING
        if isinstance(expr, s.Attribute) and _is(expr.value, name):
            return _ANYTHING if expr.attr in ("path_params", "scope", "url") else _NOTHING
        if isinstance(expr, s.Mapping):
            # `{"request": request}` is what templates are given
            parts: Iterator[Expr] = (one for one in children(expr) if not _is(one, name))
            return self._in_all(parts, name, function, depth)
        return self._in_all(iter(children(expr)), name, function, depth)

    def _in_all(self, parts: Iterator[Expr], name: str, function: FunctionSymbol, depth: int) -> Reading:
        found = _NOTHING
        for part in parts:
            found |= self._in(part, name, function, depth)
        return found

    def _in_call(self, call: s.Call, name: str, function: FunctionSymbol, depth: int) -> Reading:
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        rest = (call.func, *(one for one in given if not _is(one, name)))
        found = self._in_all(iter(rest), name, function, depth)
        if any(_is(one, name) for one in given):
            found |= self._handed_on(call, name, self.resolver.scope(function), depth)
        return found

    def _handed_on(self, call: s.Call, name: str, scope: Scope, depth: int) -> Reading:
        """What the function reads that a call gives the request to. Those of libraries know no names."""
        callee = self.types.callee(call, scope)
        if isinstance(callee, External):
            first, _, last = callee.name.partition(".")
            return _ANYTHING if first == "builtins" and not hasattr(builtins, last) else _NOTHING
        inner = self.calls.entered(CallSite(call, scope, callee))
        if inner is None:
            return _NOTHING if isinstance(callee, ClassSymbol) and not callee.node.bases else _ANYTHING
        taken = [p.name for p, expr in passed(self.types, call, scope, inner) if _is(expr, name)]
        found = _NOTHING if taken else _ANYTHING
        for one in taken:
            found |= self._of(inner, one, depth + 1)
        return found


def _is_harmless_part_of_url(expr: Expr, name: str) -> bool:
    """`request.url.hostname`: a part of the address that doesn't hold the path."""
    if not isinstance(expr, s.Attribute) or expr.attr not in _HARMLESS_URL:
        return False
    url = expr.value
    return isinstance(url, s.Attribute) and url.attr == "url" and _is(url.value, name)


def _taken(expr: Expr, name: str) -> Reading | None:
    """`request.path_params["x"]` and `.get("x")`; `request.scope["..."]`."""
    if isinstance(expr, s.Subscript):
        base, key = expr.value, expr.items[0] if len(expr.items) == 1 else None
    elif isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute) and expr.func.attr in _TAKING:
        base, key = expr.func.value, expr.args[0] if expr.args else None
    else:
        return None
    if not isinstance(base, s.Attribute) or not _is(base.value, name):
        return None
    text = key.value if isinstance(key, s.Constant) and isinstance(key.value, str) else None
    if base.attr == "path_params":
        return Reading(frozenset({text})) if text is not None else _ANYTHING
    if base.attr == "scope":
        return _NOTHING if text in _HARMLESS_SCOPE else _ANYTHING
    return None


def _is(expr: Expr, name: str) -> bool:
    return isinstance(expr, s.Name) and expr.id == name
