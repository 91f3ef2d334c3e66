"""Mapped objects that expire when their asynchronous session commits, and where they are read afterwards.

A function is followed in the order of its text. What can't be told counts as fresh: any query after the
commit may have loaded the object anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.body.enclosures import calls_of_statement
from fastapi_lint.project.body.statements import dotted_name, expressions, method_call, walk_expressions
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Variable
from fastapi_lint.project.types.entities import Entities

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_LOADING = frozenset(
    "execute scalar scalars get get_one exec stream stream_scalars rollback close expunge expunge_all "
    "run_sync expire expire_all merge reset".split()
)
"""Methods of a session after which an object may be loaded, or no longer the session's."""

_READERS = frozenset({"model_validate", "from_orm", "validate", "from_attributes"})
_DEPTH = 5


class ExpiredRead(msgspec.Struct, frozen=True, eq=False):
    """A place that reads an object after the commit that expired it; `what` is as a reader knows it."""

    function: FunctionSymbol
    at: int
    commit_at: int
    what: str


class Summary(msgspec.Struct, frozen=True):
    """What calling a function does to the objects of its caller."""

    commits: bool = False
    expired: frozenset[str] = frozenset()
    """Parameters that are expired when it returns."""
    returns_expired: bool = False


class _State(msgspec.Struct):
    """What is known at a place: local names of mapped objects, those in the session, those expired."""

    mapped: dict[str, ClassSymbol | None] = msgspec.field(default_factory=dict)
    attached: set[str] = msgspec.field(default_factory=set)
    expired: dict[str, int] = msgspec.field(default_factory=dict)

    def copy(self) -> _State:
        return _State(dict(self.mapped), set(self.attached), dict(self.expired))

    def merge(self, other: _State) -> None:
        self.mapped.update(other.mapped)
        self.attached |= other.attached
        self.expired.update(other.expired)

    def forget(self, name: str) -> None:
        self.mapped.pop(name, None)
        self.attached.discard(name)
        self.expired.pop(name, None)


class Expiry:
    """Answers where expired objects are read."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.entities = Entities(project)
        self._summaries: dict[int, Summary] = {}

    def reads(self, function: FunctionSymbol) -> list[ExpiredRead]:
        """The reads of expired objects in a function's own body, in source order."""
        flow = _Flow(self, function, 0)
        flow.run()
        return sorted(flow.reads, key=lambda read: read.at)

    def summary(self, function: FunctionSymbol, depth: int) -> Summary:
        """What calling a function does; nothing is known of what is too deep or calls itself."""
        key = id(function)
        if key not in self._summaries:
            self._summaries[key] = Summary()
            if depth <= _DEPTH and function.node.is_async and not function.node.is_generator:
                self._summaries[key] = _Flow(self, function, depth).run()
        return self._summaries[key]


class _Flow:
    """One walk through one function."""

    def __init__(self, expiry: Expiry, function: FunctionSymbol, depth: int) -> None:
        self.expiry = expiry
        self.project = expiry.project
        self.entities = expiry.entities
        self.function = function
        self.scope = self.project.resolver.scope(function)
        self.depth = depth
        self.reads: list[ExpiredRead] = []
        self.commits = False
        self.exits: list[_State] = []
        self.returns_expired = False
        self.parameters = {p.name for p in function.node.parameters}

    def run(self) -> Summary:
        state = _State({name: self._class_of(name) for name in self.parameters})
        end = self.block(self.function.node.body, state)
        exits = [*self.exits, *([end] if end is not None else [])]
        expired = {name for exit_ in exits for name in exit_.expired if name in self.parameters}
        return Summary(self.commits, frozenset(expired), self.returns_expired)

    def _class_of(self, name: str) -> ClassSymbol | None:
        return self.entities.of(s.Name(0, name), self.scope)

    # --- statements ------------------------------------------------------------------------------

    def block(self, body: Iterable[Statement], state: _State) -> _State | None:
        """The state behind a block; None if its end isn't reached."""
        current: _State | None = state
        for statement in body:
            if current is None:
                return None
            current = self._statement(statement, current)
        return current

    def _statement(self, node: Statement, state: _State) -> _State | None:
        if isinstance(node, s.Function | s.Class):
            return state
        self._evaluate(expressions(node), node, state)
        if isinstance(node, s.If):
            return self._branches([b.body for b in node.branches] + [node.orelse], state)
        if isinstance(node, s.Match):
            return self._branches([*(case.body for case in node.cases), ()], state)
        if isinstance(node, s.For | s.While):
            return self._loop(node, state)
        if isinstance(node, s.With):
            return self._with(node, state)
        if isinstance(node, s.Try):
            return self._try(node, state)
        return self._simple(node, state)

    def _simple(self, node: Statement, state: _State) -> _State | None:
        if isinstance(node, s.Assign):
            for target in node.targets:
                self._bind(target, node.value, state)
        elif isinstance(node, s.Declaration) and node.value is not None:
            self._bind(node.target, node.value, state)
        elif isinstance(node, s.Return):
            self._returned(node, state)
            self.exits.append(state)
            return None
        elif isinstance(node, s.Raise) or (isinstance(node, s.Control) and node.kind != "pass"):
            return None
        return state

    def _branches(self, bodies: list[tuple[Statement, ...]], state: _State) -> _State | None:
        ends = [end for body in bodies if (end := self.block(body, state.copy())) is not None]
        if not ends:
            return None
        for other in ends[1:]:
            ends[0].merge(other)
        return ends[0]

    def _loop(self, node: s.For | s.While, state: _State) -> _State | None:
        inner = state.copy()
        if isinstance(node, s.For):
            for expr in walk_expressions((node.target,)):
                if isinstance(expr, s.Name):
                    inner.forget(expr.id)
        end = self.block(node.body, inner)
        if end is not None:
            state.merge(end)
        return self.block(node.orelse, state)

    def _with(self, node: s.With, state: _State) -> _State | None:
        end = self.block(node.body, state)
        begins = [item.context for item in node.items if self._is_begin(item.context)]
        if end is not None and begins and node.is_async:
            self._commit(end, begins[0].at)
        return end

    def _is_begin(self, expr: Expr) -> bool:
        method = method_call(expr) if isinstance(expr, s.Call) else None
        return method is not None and method[1] == "begin" and self._is_session(method[0])

    def _try(self, node: s.Try, state: _State) -> _State | None:
        before = state.copy()
        end = self.block((*node.body, *node.orelse), state)
        ends = [] if end is None else [end]
        for handler in node.handlers:
            after = self.block(handler.body, before.copy())
            if after is not None:
                ends.append(after)
        if not ends:
            self.block(node.finalbody, before)
            return None
        for other in ends[1:]:
            ends[0].merge(other)
        return self.block(node.finalbody, ends[0])

    # --- expressions -----------------------------------------------------------------------------

    def _evaluate(self, roots: tuple[Expr, ...], node: Statement, state: _State) -> None:
        """Reads of expired objects, then what the calls of a statement do."""
        written = node.targets if isinstance(node, s.Assign) else ()
        for expr in walk_expressions(roots, into_lambdas=False):
            if isinstance(expr, s.Attribute) and not any(expr is target for target in written):
                self._attribute(expr, state)
        for site in self._calls(node):
            self._call(site, state)

    def _calls(self, node: Statement) -> list[CallSite]:
        return [
            CallSite(call, self.scope, self.project.types.callee(call, self.scope), awaited, self.function)
            for call, awaited in calls_of_statement(node)
        ]

    def _attribute(self, expr: s.Attribute, state: _State) -> None:
        if not isinstance(expr.value, s.Name) or expr.value.id not in state.expired:
            return
        cls = state.mapped.get(expr.value.id)
        member = self.project.resolver.class_member(cls, expr.attr) if cls is not None else None
        if isinstance(member, Variable):
            commit = state.expired[expr.value.id]
            what = f"{expr.value.id}.{expr.attr}"
            self.reads.append(ExpiredRead(self.function, expr.at, commit, what))

    def _call(self, site: CallSite, state: _State) -> None:
        method = method_call(site.call)
        if method is not None and self._is_session(method[0]):
            self._on_session(method[1], site, state)
            return
        if method is not None and method[1] in _READERS:
            self._validated(site.call, state)
        callee = self.project.calls.entered(site)
        if callee is None or callee is self.function:
            return
        names = {
            p.name: a.id
            for p, a in passed(self.project.types, site.call, self.scope, callee)
            if isinstance(a, s.Name)
        }
        state.attached.update(name for name in names.values() if name in state.mapped)
        summary = self.expiry.summary(callee, self.depth + 1) if site.awaited else Summary()
        if summary.commits:
            fresh = {arg for parameter, arg in names.items() if parameter not in summary.expired}
            self._commit(state, site.call.at)
            for name in fresh:
                state.expired.pop(name, None)

    def _on_session(self, name: str, site: CallSite, state: _State) -> None:
        given = (*site.call.args, *(k.value for k in site.call.keywords))
        named = [e.id for e in walk_expressions(given) if isinstance(e, s.Name)]
        if name == "commit" and site.awaited:
            self._commit(state, site.call.at, own=self._is_own(site.call))
        elif name in ("add", "add_all"):
            state.attached.update(n for n in named if n in state.mapped)
        elif name == "refresh":
            for one in named[:1]:
                state.expired.pop(one, None)
        elif name == "delete":
            for one in named:
                state.forget(one)
        elif name in _LOADING:
            state.expired.clear()

    def _is_own(self, call: s.Call) -> bool:
        """Whether a function made the session itself, so that its caller's objects aren't in it."""
        method = method_call(call)
        receiver = method[0] if method is not None else None
        if not isinstance(receiver, s.Name):
            return False
        bindings = self.scope.bindings.get(receiver.id, ())
        return any(b.context is not None or isinstance(b.value, s.Call) for b in bindings)

    def _commit(self, state: _State, at: int, *, own: bool = False) -> None:
        self.commits = self.commits or not own
        for name in state.attached:
            state.expired[name] = at

    def _is_session(self, expr: Expr) -> bool:
        value = self.project.types.infer(expr, self.scope)
        return self.project.effects.is_async_session(value)

    def _validated(self, call: s.Call, state: _State) -> None:
        """`Schema.model_validate(user)` reads the attributes of the object."""
        for arg in call.args[:1]:
            if isinstance(arg, s.Name) and arg.id in state.expired and state.mapped.get(arg.id) is not None:
                self.reads.append(ExpiredRead(self.function, arg.at, state.expired[arg.id], arg.id))

    def _returned(self, node: s.Return, state: _State) -> None:
        value = node.value
        if isinstance(value, s.Await) and isinstance(value.value, s.Call) and self._gives_expired(value):
            self.returns_expired = True
            what = dotted_name(value.value.func)
            if what and self.entities.of(value, self.scope) is not None and self._has_response_model():
                self.reads.append(ExpiredRead(self.function, value.at, value.at, f"{what}()"))
        if not isinstance(value, s.Name) or value.id not in state.expired:
            return
        self.returns_expired = True
        if state.mapped.get(value.id) is not None and self._has_response_model():
            self.reads.append(ExpiredRead(self.function, value.at, state.expired[value.id], value.id))

    def _has_response_model(self) -> bool:
        """Whether FastAPI reads the attributes of what the function, an endpoint, returns."""
        endpoint = self.project.endpoints.of(self.function)
        if endpoint is None:
            return False
        for route in endpoint.routes:
            given = route.options.get("response_model")
            if given is not None:
                return not (isinstance(given.expr, s.Constant) and given.expr.value is None)
        return self.function.node.returns is not None

    # --- bindings --------------------------------------------------------------------------------

    def _bind(self, target: Expr, value: Expr, state: _State) -> None:
        if not isinstance(target, s.Name):
            for expr in walk_expressions((target,)) if isinstance(target, s.Collection) else ():
                if isinstance(expr, s.Name):
                    state.forget(expr.id)
            return
        name = target.id
        if isinstance(value, s.Name) and value.id in state.mapped:
            self._alias(name, value.id, state)
            return
        state.forget(name)
        cls = self.entities.of(value, self.scope)
        if cls is None:
            return
        state.mapped[name] = cls
        if self.entities.constructed(value, self.scope) is None:
            state.attached.add(name)
        if self._gives_expired(value):
            state.expired[name] = value.at

    def _alias(self, name: str, other: str, state: _State) -> None:
        state.mapped[name] = state.mapped[other]
        if other in state.attached:
            state.attached.add(name)
        if other in state.expired:
            state.expired[name] = state.expired[other]

    def _gives_expired(self, value: Expr) -> bool:
        """Whether a value is what an awaited function of the project returns expired."""
        if not isinstance(value, s.Await) or not isinstance(value.value, s.Call):
            return False
        callee = self.project.types.callee(value.value, self.scope)
        return (
            isinstance(callee, FunctionSymbol) and self.expiry.summary(callee, self.depth + 1).returns_expired
        )
