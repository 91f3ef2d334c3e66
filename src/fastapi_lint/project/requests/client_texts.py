"""Which text of the request a value is: followed back through variables, fields of bodies, and calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import dotted_name, method_call
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.requests.checked_values import CheckedValues
from fastapi_lint.project.types.infer import Instance, class_name
from fastapi_lint.project.types.local_objects import mentions

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_FROM_REQUEST = frozenset({"", "Query", "Path", "Body", "Form", "Header", "Cookie"})
_SAME_TEXT = frozenset("strip lstrip rstrip lower upper title capitalize casefold".split())
_ITEMS = frozenset({"query_params", "path_params", "headers", "cookies"})
_REQUEST = "fastapi.Request"
_DEPTH = 12


class ClientText(msgspec.Struct, frozen=True, eq=False):
    """A text that a client sends: its name, the function that FastAPI gives it to, the calls from there."""

    name: str
    function: FunctionSymbol
    at: int
    calls: tuple[CallSite, ...] = ()


class ClientTexts:
    """Answers which values are texts that a client chooses freely. What isn't known is none."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.checked = CheckedValues(project)

    @cached_property
    def _called_by_fastapi(self) -> frozenset[int]:
        kinds = ("endpoint", "dependency")
        return frozenset(id(c.function) for c in self.project.endpoints.called if c.kind in kinds)

    @cached_property
    def _callers(self) -> dict[int, list[CallSite]]:
        found: dict[int, list[CallSite]] = {}
        for served in self.project.served.functions:
            for site in self.project.calls.of(served.function):
                entered = self.project.calls.entered(site)
                if entered is not None:
                    found.setdefault(id(entered), []).append(site)
        return found

    def arguments(self, parameter: s.Parameter, function: FunctionSymbol) -> Iterator[tuple[Expr, CallSite]]:
        """What calls of a function, on the way of requests, give for one of its parameters."""
        if any(found.effect != "keeps" for found in self.project.decorators.of(function)):
            return
        for site in self._callers.get(id(function), ()):
            for taken, arg in passed(self.types, site.call, site.scope, function):
                if taken is parameter:
                    yield arg, site

    # --- expressions -----------------------------------------------------------------------------

    def of(self, expr: Expr, scope: Scope, depth: int = 0) -> ClientText | None:
        """The text of the request that an expression is, or that is a part of it."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, s.Name):
            return self._of_name(expr, scope, depth, text=True)
        if isinstance(expr, s.Attribute):
            return self._of_field(expr, scope, depth)
        if isinstance(expr, s.Template):
            return self._first(expr.parts, scope, depth)
        if isinstance(expr, s.Opaque):
            return self._first(expr.children, scope, depth)
        if isinstance(expr, s.Operation) and set(expr.operators) <= {"+", "%"}:
            return self._first(expr.operands, scope, depth)
        if isinstance(expr, s.Boolean):
            return self._first(expr.operands, scope, depth)
        if isinstance(expr, s.Conditional):
            return self._first((expr.body, expr.orelse), scope, depth)
        if isinstance(expr, s.Call | s.Subscript):
            return self._of_call_or_item(expr, scope, depth)
        return None

    def _first(self, exprs: Iterable[Expr], scope: Scope, depth: int) -> ClientText | None:
        found = (self.of(expr, scope, depth + 1) for expr in exprs)
        return next((one for one in found if one is not None), None)

    def _of_call_or_item(self, expr: s.Call | s.Subscript, scope: Scope, depth: int) -> ClientText | None:
        """`name.strip()`, `str(name)`, `names[0]`, and items of the request itself."""
        method = method_call(expr) if isinstance(expr, s.Call) else None
        holder = method[0] if method is not None else expr.value if isinstance(expr, s.Subscript) else None
        if (
            isinstance(holder, s.Attribute)
            and holder.attr in _ITEMS
            and self._is_request(holder.value, scope)
        ):
            is_get = method is None or method[1] == "get"
            owner = scope.owner if is_get else None
            return ClientText(holder.attr, owner, expr.at) if isinstance(owner, FunctionSymbol) else None
        if method is not None:
            return self.of(method[0], scope, depth + 1) if method[1] in _SAME_TEXT else None
        if isinstance(expr, s.Call):
            is_str = self.types.callee(expr, scope) == External("builtins.str") and len(expr.args) == 1
            return self.of(expr.args[0], scope, depth + 1) if is_str else None
        return self.of(expr.value, scope, depth + 1) if isinstance(expr.value, s.Name) else None

    def _is_request(self, expr: Expr, scope: Scope) -> bool:
        return class_name(self.types.infer(expr, scope)) == _REQUEST

    # --- names -----------------------------------------------------------------------------------

    def _of_name(self, expr: s.Name, scope: Scope, depth: int, *, text: bool) -> ClientText | None:
        """A parameter or a local variable; if it has several values, all of them have to be known."""
        symbol = self.resolver.lookup(expr.id, scope)
        owner = symbol.scope.owner if isinstance(symbol, Variable) else None
        if not isinstance(symbol, Variable) or not isinstance(owner, FunctionSymbol):
            return None
        if self.checked.is_checked(expr.id, owner):
            return None
        bindings = symbol.scope.bindings.get(symbol.name, ())
        found: ClientText | None = None
        is_parameter = any(binding.parameter is not None for binding in bindings)
        for binding in bindings:
            if isinstance(binding.value, s.Constant):
                if is_parameter and not binding.conditional:
                    return None
                continue
            one = self._of_binding(binding, symbol.scope, owner, depth, text=text)
            if one is None and not _is_made_of_itself(binding, expr.id):
                return None
            found = found or one
        return found

    def _of_binding(
        self, binding: Binding, scope: Scope, owner: FunctionSymbol, depth: int, *, text: bool
    ) -> ClientText | None:
        if binding.parameter is not None:
            return self._of_parameter(binding.parameter, owner, depth, text=text)
        source = binding.value if not binding.path else None
        source = source or binding.iterable
        name = next((n for n, all_ in scope.bindings.items() if binding in all_), "")
        if source is None or mentions(source, name):
            return None
        return self.of(source, scope, depth + 1)

    def _of_parameter(
        self, parameter: s.Parameter, function: FunctionSymbol, depth: int, *, text: bool
    ) -> ClientText | None:
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        if text and not self.checked.may_be_any_text(parameter.annotation, parameter.default, around):
            return None
        if id(function) in self._called_by_fastapi:
            known = self.project.request_parameters.of_function(function)
            given = next((one for one in known if one.name == parameter.name), None)
            if (
                given is None
                or given.marker not in _FROM_REQUEST
                or given.type.shape in ("special", "upload")
            ):
                return None
            return ClientText(parameter.name, function, parameter.at)
        for arg, site in self.arguments(parameter, function):
            found = (
                self._of_name(arg, site.scope, depth + 1, text=text)
                if isinstance(arg, s.Name)
                else self.of(arg, site.scope, depth + 1)
            )
            if found is not None:
                return replace(found, calls=(*found.calls, site))
        return None

    def _of_field(self, expr: s.Attribute, scope: Scope, depth: int) -> ClientText | None:
        """A field of the body: `body.name`, `body.filter.name`."""
        root: Expr = expr
        while isinstance(root, s.Attribute):
            root = root.value
        owner = self.types.infer(expr.value, scope)
        cls = owner.cls if isinstance(owner, Instance) else None
        if not isinstance(root, s.Name) or not isinstance(cls, ClassSymbol):
            return None
        if not self.checked.is_free_field(cls, expr.attr):
            return None
        found = self._of_name(root, scope, depth + 1, text=False)
        return replace(found, name=dotted_name(expr) or found.name) if found is not None else None


def _is_made_of_itself(binding: Binding, name: str) -> bool:
    """`name = name.strip()`: nothing new, if what is done with it leaves the text as it is."""
    value = binding.value
    while isinstance(value, s.Call):
        method = method_call(value)
        if method is None or method[1] not in _SAME_TEXT:
            return False
        value = method[0]
    return isinstance(value, s.Name) and value.id == name
