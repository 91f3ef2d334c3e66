"""What a function's code mentions, itself or in functions that it mentions: a bound on what it may run."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, expressions, walk_expressions, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

_LIMIT = 300
"""How many functions are entered; beyond that, everything may be mentioned."""


class Mentions(msgspec.Struct, frozen=True, eq=False):
    """The project's functions (by identity), the libraries' names and the dotted expressions (`app.router.x`)
    that code mentions. `is_all` is false where there is more code than was read.
    """

    functions: frozenset[int]
    externals: frozenset[str]
    dotted: frozenset[str]
    is_all: bool


def mentions_of(types: Types, start: FunctionSymbol) -> Mentions:
    """What the code of a function mentions, with all that it may run by it. Nested definitions count."""
    queue, seen = deque([start]), {id(start)}
    externals: set[str] = set()
    dotted: set[str] = set()
    while queue and len(seen) < _LIMIT:
        function = queue.popleft()
        for expr in _expressions(function):
            if isinstance(expr, s.Name | s.Attribute):
                dotted.add(dotted_name(expr) or "")
        for symbol in _symbols(types, function):
            if isinstance(symbol, External):
                externals.add(symbol.name)
            elif id(symbol) not in seen:
                seen.add(id(symbol))
                queue.append(symbol)
    return Mentions(frozenset(seen), frozenset(externals), frozenset(dotted), not queue)


def _expressions(function: FunctionSymbol) -> Iterator[s.Expr]:
    for statement in walk_statements(function.node.body, into_definitions=True):
        yield from walk_expressions(expressions(statement))


def _symbols(types: Types, function: FunctionSymbol) -> Iterator[FunctionSymbol | External]:
    """The functions that the names and calls of a function's code lead to."""
    scope = types.resolver.scope(function)
    for expr in _expressions(function):
        found = types.resolver.resolve(expr, scope) if isinstance(expr, s.Name | s.Attribute) else None
        if isinstance(expr, s.Call):
            found = types.callee(expr, scope)
        if isinstance(found, ClassSymbol):
            found = types.resolver.class_member(found, "__init__")
        if isinstance(found, FunctionSymbol | External):
            yield found
