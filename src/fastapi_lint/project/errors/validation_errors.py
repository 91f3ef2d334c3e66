"""Handlers of `RequestValidationError`, and whether what they log or return holds what the client sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import calls_of, method_call, walk_expressions, walk_statements
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.logs.logging_calls import LoggingCalls, written
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.pydantic.models import PydanticModels
from fastapi_lint.project.settings.environment_words import asks_for_environment
from fastapi_lint.project.types.bodies import return_values

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_VALIDATION = "fastapi.exceptions.RequestValidationError"
Raw = Literal["exception", "errors", "item"]
"""What still holds the input: the exception, its list of errors, one of them (or text of any of these)."""

_INPUT = frozenset({"input", "ctx"})
_CLEANING = ("mask", "redact", "scrub", "sanit", "clean", "strip", "filter", "safe", "remove")
_PASSING = frozenset(
    {f"builtins.{name}" for name in "str repr list tuple dict sorted reversed".split()}
    | {"json.dumps", "pprint.pformat", "fastapi.encoders.jsonable_encoder", "orjson.dumps", "copy.deepcopy"}
)
_RESPONSES = ("fastapi.responses.", "fastapi.Response", "starlette.responses.")
_ADDING = frozenset("append add insert extend update setdefault".split())
_TEXT_METHODS = frozenset("replace strip copy items values format decode encode model_dump dict json".split())
_DEPTH = 8


class _Frame(msgspec.Struct, frozen=True, eq=False):
    """A function that handles the error, and the parameters of it that hold something raw."""

    function: FunctionSymbol
    scope: Scope
    given: dict[int, Raw]


class Leak(msgspec.Struct, frozen=True, eq=False):
    """What a handler lets out: the expression in the handler, and whether it is logged or returned."""

    handler: FunctionSymbol
    expr: Expr
    verb: Literal["logs", "returns"]


class ValidationErrors:
    """Answers what handlers of validation errors let out."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.models = PydanticModels(project)
        self.logging = LoggingCalls(project.types, project.calls)

    def handlers(self) -> Iterator[FunctionSymbol]:
        """The functions that are registered for `RequestValidationError`, other than for development."""
        seen: set[int] = set()
        for handler in self.project.endpoints.hooks.exception_handlers:
            symbol = self.resolver.resolve(handler.handles, handler.scope)
            known = isinstance(symbol, External) and symbol.name == _VALIDATION
            function = handler.function
            if known and id(function) not in seen and not _is_for_development(function):
                seen.add(id(function))
                yield function

    def leaks(self, handler: FunctionSymbol) -> list[Leak]:
        """What a handler logs or returns with the client's input in it, in source order."""
        scope = self.resolver.scope(handler)
        parameters = [p for p in handler.node.parameters if p.kind in ("positional", "normal")]
        if handler.owner is not None and parameters and parameters[0].name in ("self", "cls"):
            parameters = parameters[1:]
        if len(parameters) < 2 or _removes_input(handler):
            return []
        frame = _Frame(handler, scope, {id(parameters[1]): "exception"})
        found = [Leak(handler, expr, "logs") for expr in self._logged(frame)]
        found += [Leak(handler, expr, "returns") for expr in self._returned(frame)]
        return sorted(found, key=lambda leak: leak.expr.at)

    def _logged(self, frame: _Frame) -> Iterator[Expr]:
        for site in self.logging.of(frame.function):
            for value in written(site.call):
                yield from self._sources(value, frame)

    def _returned(self, frame: _Frame) -> Iterator[Expr]:
        for value in return_values(frame.function):
            yield from self._sources(value, frame)

    def _sources(self, expr: Expr, frame: _Frame) -> Iterator[Expr]:
        """The raw parts of a value, each at the innermost place of the handler's own text."""
        seen: set[int] = set()
        for found in self._raw_parts(expr, frame, 0):
            if id(found) not in seen:
                seen.add(id(found))
                yield found

    # --- what is raw -----------------------------------------------------------------------------

    def _raw_parts(self, expr: Expr, frame: _Frame, depth: int) -> Iterator[Expr]:
        """The raw expressions whose values end up in the value of `expr`."""
        if depth > _DEPTH:
            return
        if self._raw(expr, frame) is not None:
            yield expr
            return
        for inner in self._parts(expr, frame):
            yield from self._raw_parts(inner, frame, depth + 1)
        if isinstance(expr, s.Name):
            for value in self._values_of(expr, frame):
                yield from self._raw_parts(value, frame, depth + 1)
        elif isinstance(expr, s.Comprehension):
            yield from self._comprehended(expr, frame)
        elif isinstance(expr, s.Call) and self._helper_lets_out(expr, frame, depth):
            yield expr

    def _raw(self, expr: Expr, frame: _Frame) -> Raw | None:
        if isinstance(expr, s.Name):
            return self._raw_name(expr, frame)
        if isinstance(expr, s.Attribute):
            return "item" if expr.attr == "body" and self._raw(expr.value, frame) == "exception" else None
        if isinstance(expr, s.Subscript):
            return self._raw_item(expr, frame)
        if isinstance(expr, s.Call):
            method = method_call(expr)
            if method is None:
                return None
            base = self._raw(method[0], frame)
            if base == "exception":
                return "errors" if method[1] in ("errors", "json") else None
            return base if base is not None and method[1] in _TEXT_METHODS else None
        return None

    def _raw_name(self, expr: s.Name, frame: _Frame) -> Raw | None:
        symbol = self.resolver.lookup(expr.id, frame.scope)
        if not isinstance(symbol, Variable) or symbol.scope is not frame.scope:
            return None
        binding = symbol.binding
        if binding.parameter is not None:
            return frame.given.get(id(binding.parameter))
        if binding.iterable is not None and not binding.path:
            return self._element(binding.iterable, frame)
        return None

    def _element(self, iterable: Expr, frame: _Frame) -> Raw | None:
        """What iterating over something raw gives; a local name is followed."""
        if isinstance(iterable, s.Name) and self._raw(iterable, frame) is None:
            values = list(self._assigned(iterable, frame))
            return self._element(values[0], frame) if len(values) == 1 and values[0] is not iterable else None
        return "item" if self._raw(iterable, frame) == "errors" else None

    def _raw_item(self, expr: s.Subscript, frame: _Frame) -> Raw | None:
        base = self._raw(expr.value, frame)
        key = expr.items[0]
        if base is None:
            return None
        if isinstance(key, s.Constant) and isinstance(key.value, str):
            return "item" if key.value in _INPUT else None
        return (
            base if base == "errors" and isinstance(key, s.Slice) else ("item" if base == "errors" else None)
        )

    # --- what a value is made of -----------------------------------------------------------------

    def _parts(self, expr: Expr, frame: _Frame) -> tuple[Expr, ...]:
        if isinstance(expr, s.Template):
            return expr.parts
        if isinstance(expr, s.Collection):
            return expr.items
        if isinstance(expr, s.Mapping):
            return expr.values
        if isinstance(expr, s.Operation | s.Boolean):
            return expr.operands
        if isinstance(expr, s.Conditional):
            return () if asks_for_environment(expr.test) else (expr.body, expr.orelse)
        if isinstance(expr, s.Opaque):
            return expr.children
        if isinstance(expr, s.Await | s.Starred | s.Walrus):
            return (expr.value,)
        return self._passed(expr, frame.scope) if isinstance(expr, s.Call) else ()

    def _passed(self, call: s.Call, scope: Scope) -> tuple[Expr, ...]:
        """The arguments that a conversion, a response or a model of the project keeps."""
        values = (*call.args, *(keyword.value for keyword in call.keywords))
        method = method_call(call)
        if method is not None and method[1] in _TEXT_METHODS:
            return (method[0], *values)
        callee = self.types.callee(call, scope)
        if isinstance(callee, External):
            keeps = callee.name in _PASSING or callee.name.startswith(_RESPONSES)
            return values if keeps else ()
        return tuple(self._kept_by_model(callee, call)) if isinstance(callee, ClassSymbol) else ()

    def _kept_by_model(self, cls: ClassSymbol, call: s.Call) -> Iterator[Expr]:
        """What a model keeps as it is: arguments of fields whose types name no model of the project."""
        if not self.models.is_model(cls):
            return
        fields = self.models.fields(cls)
        for keyword in call.keywords:
            found = fields.get(keyword.name or "")
            if found is not None and next(self.models.models_in(found.annotation, found.scope), None) is None:
                yield keyword.value

    def _values_of(self, name: s.Name, frame: _Frame) -> Iterator[Expr]:
        """What a local name holds: what it is assigned, and what is added to it."""
        yield from self._assigned(name, frame)
        for call in calls_of(frame.function.node.body):
            method = method_call(call)
            if method is not None and method[1] in _ADDING and _is_name(method[0], name.id):
                yield from call.args
        for statement in walk_statements(frame.function.node.body):
            if isinstance(statement, s.Assign):
                for target in statement.targets:
                    if isinstance(target, s.Subscript) and _is_name(target.value, name.id):
                        yield statement.value

    def _assigned(self, name: s.Name, frame: _Frame) -> Iterator[Expr]:
        found: list[Binding] = frame.scope.bindings.get(name.id, [])
        yield from (b.value for b in found if b.value is not None and not b.path)

    def _comprehended(self, expr: s.Comprehension, frame: _Frame) -> Iterator[Expr]:
        """The iterable of a comprehension that hands on whole errors; items built anew from keys are fine."""
        names: set[str] = set()
        source: Expr | None = None
        for clause in expr.clauses:
            if (
                self._raw(clause.iterable, frame) == "errors"
                or self._element(clause.iterable, frame) == "item"
            ):
                source = clause.iterable
                names.update(e.id for e in walk_expressions((clause.target,)) if isinstance(e, s.Name))
        if source is not None and expr.kind != "dict" and self._hands_on(expr.element, names):
            yield source

    def _hands_on(self, element: Expr, names: set[str]) -> bool:
        """Whether a comprehension's element holds a whole error: `e`, `{**e}`, `dict(e)`, `e["input"]`."""
        if isinstance(element, s.Name):
            return element.id in names
        if isinstance(element, s.Subscript):
            key = element.items[0]
            named = isinstance(element.value, s.Name) and element.value.id in names
            return named and isinstance(key, s.Constant) and key.value in _INPUT
        if isinstance(element, s.Mapping):
            return any(self._hands_on(value, names) for value in element.values)
        if isinstance(element, s.Call):
            plain = isinstance(element.func, s.Name) and element.func.id in ("dict", "str", "repr")
            return plain and any(self._hands_on(arg, names) for arg in element.args)
        if isinstance(element, s.Template | s.Collection):
            parts = element.parts if isinstance(element, s.Template) else element.items
            return any(self._hands_on(part, names) for part in parts)
        return False

    # --- helpers ---------------------------------------------------------------------------------

    def _helper_lets_out(self, call: s.Call, frame: _Frame, depth: int) -> bool:
        """Whether a function of the project returns what it is given raw."""
        callee = self.types.callee(call, frame.scope)
        if not isinstance(callee, FunctionSymbol) or callee is frame.function or _removes_input(callee):
            return False
        given: dict[int, Raw] = {}
        for parameter, arg in passed(self.types, call, frame.scope, callee):
            kind = self._raw(arg, frame)
            if kind is None and next(self._raw_parts(arg, frame, depth + 1), None) is not None:
                kind = "item"
            if kind is not None:
                given[id(parameter)] = kind
        if not given:
            return False
        inner = _Frame(callee, self.resolver.scope(callee), given)
        values = return_values(callee)
        return any(next(self._raw_parts(value, inner, depth + 1), None) is not None for value in values)


def _removes_input(function: FunctionSymbol) -> bool:
    """Whether a function's name says that it cleans, or its body deletes, pops or replaces `input`."""
    if any(word.startswith(_CLEANING) for word in words(function.name)):
        return True
    for call in calls_of(function.node.body):
        method = method_call(call)
        if method is not None and method[1] == "pop" and call.args and _is_input(call.args[0]):
            return True
    for statement in walk_statements(function.node.body):
        targets = statement.targets if isinstance(statement, s.Delete | s.Assign) else ()
        if any(isinstance(t, s.Subscript) and _is_input(t.items[0]) for t in targets):
            return True
    return False


def _is_input(expr: Expr) -> bool:
    return isinstance(expr, s.Constant) and expr.value == "input"


def _is_name(expr: Expr, name: str) -> bool:
    return isinstance(expr, s.Name) and expr.id == name


def _is_for_development(handler: FunctionSymbol) -> bool:
    """Whether the function that registers a handler returns before that in some environment."""
    if handler.parent is None:
        return False
    return any(
        isinstance(statement, s.If)
        and s.start_of(statement.at) < s.start_of(handler.node.at)
        and any(asks_for_environment(branch.test) for branch in statement.branches)
        for statement in walk_statements(handler.parent.node.body)
    )
