"""Whether something lets only one process of several do a piece of work: a lock, an election of a leader.

Locks of one process (`asyncio.Lock`, `threading.Lock`) are none.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, expressions_of, walk_expressions
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project

_WORDS = frozenset(
    "lock locks locked locking lockfile filelock flock lockf setnx mutex redlock leader leadership elect "
    "elected election singleton advisory".split()
)
_TEXTS = ("advisory_lock", "get_lock(", "skip locked", "for update", " nx ")
_IN_PROCESS = ("asyncio.", "threading.", "anyio.", "multiprocessing.", "_thread.")
_DEPTH = 5
_MOST = 400


class Guards:
    """Answers whether work is guarded. What only looks like a guard counts as one."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self._guarded: dict[int, bool] = {}

    def reaches_guard(self, function: FunctionSymbol) -> bool:
        """Whether a function, its decorators, or a function that it calls takes a lock between processes."""
        return any(self.is_guarded(one) for one in self._reached(function))

    def _reached(self, function: FunctionSymbol) -> Iterator[FunctionSymbol]:
        queue, seen = deque([(function, 0)]), {id(function)}
        while queue and len(seen) < _MOST:
            current, depth = queue.popleft()
            yield current
            for site in self.project.calls.of(current) if depth < _DEPTH else ():
                inner = self.project.calls.entered(site)
                if inner is not None and id(inner) not in seen:
                    seen.add(id(inner))
                    queue.append((inner, depth + 1))

    def is_guarded(self, where: FunctionSymbol | Module) -> bool:
        """Whether the body of a function or module, or one of the function's decorators, takes a lock."""
        key = id(where)
        if key not in self._guarded:
            scope = self.types.resolver.scope(where)
            body = where.facts.body if isinstance(where, Module) else where.node.body
            decorators = () if isinstance(where, Module) else where.node.decorators
            own = self.has_guard(expressions_of(body), scope)
            self._guarded[key] = own or self.has_guard(walk_expressions(decorators), scope.parent or scope)
        return self._guarded[key]

    def has_guard(self, exprs: Iterable[Expr], scope: Scope) -> bool:
        """Whether one of some expressions names or takes a lock between processes."""
        return any(self._is_guard(expr, scope) for expr in exprs)

    def _is_guard(self, expr: Expr, scope: Scope) -> bool:
        if isinstance(expr, s.Constant):
            return isinstance(expr.value, str) and any(text in expr.value.lower() for text in _TEXTS)
        if isinstance(expr, s.Call) and any(keyword.name == "nx" for keyword in expr.keywords):
            return True
        name = expr.attr if isinstance(expr, s.Attribute) else expr.id if isinstance(expr, s.Name) else ""
        if name == "with_for_update":
            return True
        return not _WORDS.isdisjoint(_words(name)) and not self._is_in_process(expr, scope)

    def _is_in_process(self, expr: Expr, scope: Scope) -> bool:
        value = self.types.infer(expr, scope)
        cls = value.cls if isinstance(value, Instance) else value
        if isinstance(cls, External):
            return cls.name.startswith(_IN_PROCESS)
        return (dotted_name(expr) or "").startswith(_IN_PROCESS)


def _words(name: str) -> set[str]:
    """The words of a name: `acquireLeaderLock` and `acquire_leader_lock` have the same."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
