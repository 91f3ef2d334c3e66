"""The call graph: what each function's body calls, and the shortest path to a call of interest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import children, expressions, walk_statements
from fastapi_lint.project.names.scopes import ModuleIndex
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.infer import Callee, Types

_VISITS = 4_000
"""How many functions one search may enter before it gives up without a finding."""


class CallSite(msgspec.Struct, frozen=True, eq=False):
    """One call in the body of a function (or of a module, where `caller` is None).

    `callee` is None where unknown. `awaited` tells that the call stands directly behind `await`, or is
    entered by `async with` or iterated by `async for`.
    """

    call: s.Call
    scope: Scope
    callee: Callee | None
    awaited: bool = False
    caller: FunctionSymbol | None = None

    @property
    def module(self) -> Module:
        """The module that the call stands in."""
        return self.scope.module


class Calls:
    """Answers what a function calls."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self._sites: dict[int, tuple[CallSite, ...]] = {}
        self._raw: dict[str, dict[int, list[_Raw]]] = {}
        self._named: dict[str, dict[str, list[_Raw]]] = {}

    def of(self, function: FunctionSymbol) -> tuple[CallSite, ...]:
        """The calls of a function's own body, in source order.

        Those of nested definitions and lambdas are not its own.
        """
        key = id(function)
        if key not in self._sites:
            self._sites[key] = self._of_body(self.types.resolver.scope(function))
        return self._sites[key]

    def of_module(self, module: Module) -> tuple[CallSite, ...]:
        """The calls that run when a module is imported (class bodies excluded)."""
        key = id(module)
        if key not in self._sites:
            self._sites[key] = self._of_body(self.types.resolver.scope(module))
        return self._sites[key]

    def _of_body(self, scope: Scope) -> tuple[CallSite, ...]:
        return tuple(map(self._site, self._collected(scope.module)[id(scope)]))

    def _site(self, raw: _Raw) -> CallSite:
        return CallSite(raw.call, raw.scope, self.types.callee(raw.call, raw.scope), raw.awaited, raw.caller)

    def _collected(self, module: Module) -> dict[int, list[_Raw]]:
        if module.path not in self._raw:
            self._raw[module.path] = _all_raw(self.types.resolver.index(module))
        return self._raw[module.path]

    def named(self, module: Module, *names: str) -> tuple[CallSite, ...]:
        """All calls anywhere in a module of something whose last name is one of `names`, in source order.

        Signatures, decorators and class bodies are included; `import x as y` is seen through. Only the name
        is certain: whoever asks looks at the callee.
        """
        found = list(self._raw_named(module, names))
        found.sort(key=lambda raw: raw.call.at)
        return tuple(map(self._site, found))

    def has_named(self, module: Module, *names: str) -> bool:
        """Whether there are such calls, without a look at what they run."""
        return any(True for _ in self._raw_named(module, names))

    def _raw_named(self, module: Module, names: tuple[str, ...]) -> Iterator[_Raw]:
        if "" not in names and module.facts.names.isdisjoint(names):
            return
        if module.path not in self._named:
            self._named[module.path] = self._by_name(module)
        for name in dict.fromkeys(names):
            yield from self._named[module.path].get(name, ())

    def _by_name(self, module: Module) -> dict[str, list[_Raw]]:
        index = self.types.resolver.index(module)
        renamed = {
            local: binding.alias.name.rpartition(".")[2]
            for local, bindings in index.scope.bindings.items()
            for binding in bindings
            if binding.alias is not None and binding.alias.asname
        }
        found: dict[str, list[_Raw]] = {}
        for raw in chain.from_iterable(self._collected(module).values()):
            func = raw.call.func
            name = func.attr if isinstance(func, s.Attribute) else func.id if isinstance(func, s.Name) else ""
            found.setdefault(renamed.get(name, name), []).append(raw)
        return found

    def within(self, body: tuple[s.Statement, ...], function: FunctionSymbol) -> tuple[CallSite, ...]:
        """The calls of one block of a function's body."""
        scope = self.types.resolver.scope(function)
        return tuple(self._sites_of(body, scope, function))

    def _sites_of(
        self, body: tuple[s.Statement, ...], scope: Scope, caller: FunctionSymbol | None
    ) -> Iterator[CallSite]:
        for call, awaited in raw_calls(body):
            yield CallSite(call, scope, self.types.callee(call, scope), awaited, caller)

    def entered(self, site: CallSite) -> FunctionSymbol | None:
        """The project's function whose body a call runs: the callee, or the constructor of its class."""
        callee = site.callee
        if isinstance(callee, ClassSymbol):
            member = self.types.resolver.class_member(callee, "__init__")
            return member if isinstance(member, FunctionSymbol) else None
        return callee if isinstance(callee, FunctionSymbol) else None

    def path_to(
        self,
        start: FunctionSymbol,
        wanted: Callable[[CallSite], bool],
        enters: Callable[[CallSite, FunctionSymbol], bool] = lambda _site, _function: True,
        depth: int = 12,
        sites: Callable[[FunctionSymbol], tuple[CallSite, ...]] | None = None,
    ) -> tuple[CallSite, ...] | None:
        """The shortest chain of calls from `start` to one that is `wanted`, or None.

        `enters` decides whether the search goes on into the function that a call runs, `sites` which calls a
        function makes (`of`). Breadth first, in source order, so that the answer is the same on every run.
        """
        sites = sites or self.of
        queue: deque[tuple[FunctionSymbol, tuple[CallSite, ...]]] = deque([(start, ())])
        seen = {id(start)}
        while queue and len(seen) < _VISITS:
            function, path = queue.popleft()
            for site in sites(function):
                if wanted(site):
                    return (*path, site)
            if len(path) >= depth:
                continue
            for site in sites(function):
                inner = self.entered(site)
                if inner is not None and id(inner) not in seen and enters(site, inner):
                    seen.add(id(inner))
                    queue.append((inner, (*path, site)))
        return None


class _Raw(msgspec.Struct, frozen=True, eq=False):
    """A call whose callee was not looked up yet."""

    call: s.Call
    awaited: bool
    scope: Scope
    caller: FunctionSymbol | None


_SIGNATURES = 0
"""What stands for the calls of all signatures, where others stand for a scope's identity."""


def _all_raw(index: ModuleIndex) -> dict[int, list[_Raw]]:
    """Every call of a module: of its own body, of classes and of functions by the identity of their scope;
    those of signatures apart.
    """
    bodies: list[tuple[tuple[s.Statement, ...], Scope]] = [(index.scope.module.facts.body, index.scope)]
    bodies += [(cls.node.body, index.scope_of(cls)) for cls in index.classes]
    bodies += [(function.node.body, index.scope_of(function)) for function in index.functions]
    found: dict[int, list[_Raw]] = {}
    for body, scope in bodies:
        caller = scope.owner if isinstance(scope.owner, FunctionSymbol) else None
        found[id(scope)] = [_Raw(call, awaited, scope, caller) for call, awaited in raw_calls(body)]
    found[_SIGNATURES] = list(_of_signatures(index))
    return found


def _of_signatures(index: ModuleIndex) -> Iterator[_Raw]:
    for function in index.functions:
        around = index.scope_of(function).parent or index.scope
        for parameter in function.node.parameters:
            for expr in (parameter.annotation, parameter.default):
                if expr is not None:
                    for call, awaited in _calls_in(expr, set()):
                        yield _Raw(call, awaited, around, None)


def raw_calls(body: tuple[s.Statement, ...]) -> Iterator[tuple[s.Call, bool]]:
    """The calls of a block, arguments before the call that takes them, and whether each is awaited."""
    for statement in walk_statements(body):
        kind = type(statement)
        if kind is s.Function or kind is s.Class:
            roots: tuple[Expr, ...] = statement.decorators  # type: ignore[union-attr]
        else:
            roots = expressions(statement)
        is_async = (kind is s.With or kind is s.For) and statement.is_async  # type: ignore[union-attr]
        heads = {id(root) for root in roots} if is_async else set()
        for root in roots:
            yield from _calls_in(root, heads)


def _calls_in(root: Expr, awaited: set[int]) -> list[tuple[s.Call, bool]]:
    """Post-order walk without recursion: `f(g())` gives `g()` before `f(...)`.

    It takes each call before what is inside, from right to left: the same in reverse.
    """
    found: list[s.Call] = []
    stack = [root]
    while stack:
        expr = stack.pop()
        kind = type(expr)
        if kind is s.Name or kind is s.Constant or kind is s.Lambda:
            continue
        if isinstance(expr, s.Attribute):
            stack.append(expr.value)
            continue
        if kind is s.Call:
            found.append(expr)  # type: ignore[arg-type]
        elif kind is s.Await:
            awaited.add(id(expr.value))  # type: ignore[union-attr]
        elif kind is s.Comprehension:
            awaited.update(id(clause.iterable) for clause in expr.clauses if clause.is_async)  # type: ignore[union-attr]
        stack.extend(children(expr))
    return [(call, id(call) in awaited) for call in reversed(found)]
