"""Which exceptions can leave a function or a block, and by which calls they come there."""

from __future__ import annotations

import builtins
from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import (
    Enclosure,
    Enclosures,
    PlacedCall,
    placed_calls,
    placed_statements,
)
from fastapi_lint.project.body.statements import argument, dotted_name, walk_statements
from fastapi_lint.project.calls.decorators import Decorators
from fastapi_lint.project.calls.graph import Calls, CallSite
from fastapi_lint.project.errors.catching import Catching
from fastapi_lint.project.errors.made_errors import HTTP_EXCEPTIONS
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.constant_arguments import Constants, constants_of, never_runs
from fastapi_lint.project.types.infer import Callee, Instance, Types

_BASES: dict[str, tuple[str, ...]] = {"fastapi.HTTPException": ("starlette.exceptions.HTTPException",)}
_ALL = frozenset({"builtins.Exception", "builtins.BaseException"})
_THREADS = frozenset(
    {"starlette.concurrency.run_in_threadpool", "asyncio.to_thread", "anyio.to_thread.run_sync"}
)
_GATHERING = frozenset({"asyncio.gather", "asyncio.wait_for", "asyncio.shield"})
_DEPTH = 12
_VISITS = 2_000
"""How many functions one question may enter; what lies beyond is left out."""


class Raised(msgspec.Struct, frozen=True, eq=False):
    """An exception that leaves a function or block.

    `error` is its class, `function` the one whose body raises it by `statement`; `calls` lead there, the
    first one stands in the block that was asked about. `names` are those of the class and its bases.
    """

    error: ClassSymbol | External
    names: frozenset[str]
    function: FunctionSymbol
    statement: s.Raise
    calls: tuple[CallSite, ...] = ()

    @property
    def is_http(self) -> bool:
        """Whether FastAPI makes a response of it."""
        return bool(self.names & HTTP_EXCEPTIONS)

    @property
    def is_direct(self) -> bool:
        """Whether the block itself raises it, not a function that it calls."""
        return not self.calls


class _Edge(msgspec.Struct, frozen=True, eq=False):
    """A call that runs a function of the project, and what stands around it."""

    site: CallSite
    entered: FunctionSymbol
    around: Enclosures


class Raising:
    """Answers what functions raise. What may be caught on the way isn't counted."""

    def __init__(self, types: Types, calls: Calls, catching: Catching, decorators: Decorators) -> None:
        self.types = types
        self.resolver = types.resolver
        self.calls = calls
        self.catching = catching
        self.decorators = decorators
        self._own: dict[int, tuple[Raised, ...]] = {}
        self._leaving: dict[int, tuple[Raised, ...]] = {}
        self._edges: dict[int, tuple[_Edge, ...]] = {}

    def by(self, function: FunctionSymbol) -> tuple[Raised, ...]:
        """The exceptions that certainly can leave a call of a function, those of its own body first."""
        if id(function) not in self._leaving:
            self._leaving[id(function)] = self.within(function.node.body, function)
        return self._leaving[id(function)]

    def within(self, body: tuple[s.Statement, ...], function: FunctionSymbol) -> tuple[Raised, ...]:
        """The exceptions that can leave a block of a function's body, each `raise` once.

        Functions that calls run are followed, the nearest first, each by the first way that leads to it.
        """
        found = [*self._own_of(body, function)]
        seen = {id(function)}
        queue: deque[tuple[tuple[_Edge, ...], Constants | None]] = deque(
            ((edge,), {}) for edge in self._edges_of(body, function)
        )
        while queue and len(seen) < _VISITS:
            path, before = queue.popleft()
            inner = path[-1].entered
            if id(inner) in seen:
                continue
            seen.add(id(inner))
            constants = self._behind(path[-1], before)
            if constants is not None:
                found += self._along(path, inner, constants)
            if len(path) < _DEPTH:
                queue.extend(((*path, edge), constants) for edge in self._edges_by(inner))
        return tuple(found)

    def _behind(self, edge: _Edge, before: Constants | None) -> Constants | None:
        """The constants that a call hands on; None if those before rule the call out, or one before it."""
        caller = edge.site.caller
        if before is None or (caller is not None and never_runs(caller.node.body, edge.site.call.at, before)):
            return None
        return constants_of(self.types, edge.site.call, edge.site.scope, edge.entered, before)

    def _along(self, path: tuple[_Edge, ...], last: FunctionSymbol, constants: Constants) -> Iterator[Raised]:
        """What the last function raises, with the calls that it comes through.

        Left out is what a `try` on the way may catch, and what the arguments of the calls rule out.
        """
        calls = tuple(edge.site for edge in path)
        for raised in self._own_by(last):
            caught = any(self._is_caught(raised, edge.around, edge.site.scope) for edge in path)
            if not caught and not never_runs(last.node.body, raised.statement.at, constants):
                yield Raised(raised.error, raised.names, raised.function, raised.statement, calls)

    def _own_by(self, function: FunctionSymbol) -> tuple[Raised, ...]:
        if id(function) not in self._own:
            self._own[id(function)] = tuple(self._own_of(function.node.body, function))
        return self._own[id(function)]

    def _own_of(self, body: tuple[s.Statement, ...], function: FunctionSymbol) -> Iterator[Raised]:
        scope = self.resolver.scope(function)
        for statement, around in placed_statements(body):
            raised = self._raised(statement, function, scope)
            if raised is not None and not self._is_caught(raised, around, scope):
                yield raised

    def _raised(self, statement: s.Statement, function: FunctionSymbol, scope: Scope) -> Raised | None:
        """What a `raise` statement raises anew; None for one that only lets an exception pass."""
        if not isinstance(statement, s.Raise) or statement.error is None:
            return None
        if is_caught_name(statement.error, scope):
            return None
        value = self.types.infer(statement.error, scope)
        cls = value.cls if isinstance(value, Instance) else value
        if isinstance(cls, ClassSymbol | External):
            return Raised(cls, self.names(cls), function, statement)
        return None

    # --- calls -----------------------------------------------------------------------------------

    def _edges_by(self, function: FunctionSymbol) -> tuple[_Edge, ...]:
        if id(function) not in self._edges:
            self._edges[id(function)] = tuple(self._edges_of(function.node.body, function))
        return self._edges[id(function)]

    def _edges_of(self, body: tuple[s.Statement, ...], function: FunctionSymbol) -> Iterator[_Edge]:
        scope = self.resolver.scope(function)
        for placed in placed_calls(body):
            site = CallSite(placed.call, scope, self._callee(placed, scope), placed.awaited, function)
            inner = self.calls.entered(site)
            if inner is None or inner.node.is_generator or not self.decorators.lets_exceptions_through(inner):
                continue
            if placed.awaited or not inner.node.is_async or self._is_gathered(placed, scope):
                yield _Edge(site, inner, placed.enclosures)

    def _callee(self, placed: PlacedCall, scope: Scope) -> Callee | None:
        """What a call runs; of `await run_in_threadpool(f)` it is `f`."""
        callee = self.types.callee(placed.call, scope)
        if not (isinstance(callee, External) and callee.name in _THREADS and placed.awaited):
            return callee
        given = argument(placed.call, 0, "func")
        if given is None:
            return callee
        return self.types.callee(s.Call(placed.call.at, given, (), ()), scope)

    def _is_gathered(self, placed: PlacedCall, scope: Scope) -> bool:
        """Whether a coroutine is awaited by way of `asyncio.gather(...)` and its like."""
        if placed.outer is None or not placed.outer_awaited:
            return False
        if any(keyword.name == "return_exceptions" for keyword in placed.outer.keywords):
            return False
        callee = self.types.callee(placed.outer, scope)
        return isinstance(callee, External) and callee.name in _GATHERING

    # --- catching --------------------------------------------------------------------------------

    def _is_caught(self, raised: Raised, around: Enclosures, scope: Scope) -> bool:
        return any(self._stops(enclosure, raised, scope) for enclosure in around)

    def _stops(self, enclosure: Enclosure, raised: Raised, scope: Scope) -> bool:
        """Whether a compound statement around a place may keep an exception from leaving it."""
        statement = enclosure.statement
        if not isinstance(statement, s.Try):
            return self.catching.may_catch((enclosure,), scope, raised.names)
        if _returns(statement.finalbody):
            return True
        if enclosure.part != "body":
            return False
        handler = self.handler_of(statement, raised, scope)
        return handler is not None and not always_reraises(handler)

    def handler_of(self, statement: s.Try, raised: Raised, scope: Scope) -> s.Handler | None:
        """The first `except` clause that takes an exception, or may take it."""
        for handler in statement.handlers:
            if self.catching.handles(handler, scope, raised.names):
                return handler
            if raised.is_http and self._may_be_fastapis(handler, scope):
                return handler
        return None

    def _may_be_fastapis(self, handler: s.Handler, scope: Scope) -> bool:
        """Whether a clause names an `HTTPException` of a library that may only hand on FastAPI's."""
        if handler.type is None:
            return False
        names = self.catching.exception_names(handler.type, scope)
        return any(name is not None and name.endswith(".HTTPException") for name in names)

    def names(self, cls: ClassSymbol | External) -> frozenset[str]:
        """The canonical names of an exception class and of all its bases that are known.

        As `Catching.exception_names` gives them: a class of the project by its path and qualified name.
        """
        if isinstance(cls, External):
            return frozenset(_library_names(cls.name)) | _ALL
        found: set[str] = set(_ALL)
        for base in self.resolver.ancestry(cls):
            if isinstance(base, External):
                found.update(_library_names(base.name))
                continue
            found.add(f"{base.module.path}:{base.qualname}")
            found.update(self._builtin_bases(base))
        return frozenset(found)

    def _builtin_bases(self, cls: ClassSymbol) -> Iterator[str]:
        scope = self.resolver.scope(cls.parent or cls.module)
        for base in cls.node.bases:
            if isinstance(base, s.Name) and self.types.is_builtin(base, scope):
                yield from _builtin_names(base.id)


def _library_names(name: str) -> Iterator[str]:
    if name.startswith("builtins."):
        yield from _builtin_names(name.removeprefix("builtins."))
        return
    yield name
    yield from _BASES.get(name, ())


def _builtin_names(name: str) -> Iterable[str]:
    cls = getattr(builtins, name, None)
    if not isinstance(cls, type):
        return (f"builtins.{name}",)
    return [f"builtins.{base.__name__}" for base in cls.__mro__ if base is not object]


def is_caught_name(error: Expr, scope: Scope) -> bool:
    """Whether an expression is the name of an `except ... as name` clause."""
    if not isinstance(error, s.Name):
        return False
    return any(binding.caught is not None for binding in scope.bindings.get(error.id, ()))


def reraises(handler: s.Handler) -> bool:
    """Whether a clause raises on some way what it has caught."""
    return any(_is_reraise(statement, handler) for statement in walk_statements(handler.body))


def always_reraises(handler: s.Handler) -> bool:
    """Whether a clause raises what it has caught, on every way that goes to its end."""
    return any(_is_reraise(statement, handler) for statement in handler.body) and not any(
        isinstance(statement, s.Return) for statement in walk_statements(handler.body)
    )


def _is_reraise(statement: s.Statement, handler: s.Handler) -> bool:
    if not isinstance(statement, s.Raise):
        return False
    if statement.error is None:
        return True
    error = statement.error
    if isinstance(error, s.Call) and (dotted_name(error.func) or "").endswith(".with_traceback"):
        error = error.func.value if isinstance(error.func, s.Attribute) else error
    return isinstance(error, s.Name) and error.id == handler.name


def _returns(body: tuple[s.Statement, ...]) -> bool:
    return any(isinstance(statement, s.Return) for statement in walk_statements(body))
