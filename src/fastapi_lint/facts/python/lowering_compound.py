"""Lowering of statements that hold other statements."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from fastapi_lint.facts.python.alignment import EXPRESSIONS, STATEMENTS, Alignment, expect
from fastapi_lint.facts.python.lowering_expressions import lower_arguments, lower_optional
from fastapi_lint.facts.python.lowering_parameters import lower_parameters, skip_type_parameters
from fastapi_lint.facts.python.lowering_patterns import lower_pattern
from fastapi_lint.facts.python.parser import COMMAS
from fastapi_lint.facts.python.syntax import (
    Branch,
    Case,
    Class,
    Expr,
    For,
    Function,
    Handler,
    If,
    Keyword,
    Match,
    Statement,
    Try,
    While,
    With,
    WithItem,
)

Body = tuple[Statement, ...]


def lower_lines(lines: Sequence[cst.CSTNode], i: int, source: Alignment) -> tuple[Body, int]:
    """The statements of a module or block; a line may hold several."""
    found: list[Statement] = []
    for line in lines:
        kind = line.__class__
        if kind is cst.SimpleStatementLine or kind is cst.SimpleStatementSuite:
            for small in line.body:  # type: ignore[attr-defined]
                statement, i = STATEMENTS[small.__class__](small, i, source)
                found.append(statement)
                if small.semicolon.__class__ is cst.Semicolon:
                    i += 1
        else:
            statement, i = STATEMENTS[kind](line, i, source)
            found.append(statement)
    return tuple(found), i


def _block(suite: cst.BaseSuite, i: int, source: Alignment) -> tuple[Body, int]:
    """A block; token `i` is its colon."""
    lines = suite.body if suite.__class__ is cst.IndentedBlock else (suite,)
    return lower_lines(lines, i + 1, source)


def _else(node: cst.Else | cst.Finally | None, i: int, source: Alignment) -> tuple[Body, int]:
    return ((), i) if node is None else _block(node.body, i + 1, source)


def lower_if(node: cst.If, i: int, source: Alignment) -> tuple[Statement, int]:
    branches: list[Branch] = []
    j = i
    rest: cst.If | cst.Else | None = node
    while isinstance(rest, cst.If):
        first = j
        test, j = EXPRESSIONS[rest.test.__class__](rest.test, j + 1, source)
        body, j = _block(rest.body, j, source)
        branches.append(Branch(source.at(first, j), test, body))
        rest = rest.orelse
    orelse, j = _else(rest, j, source)
    return If(source.at(i, j), tuple(branches), orelse), j


def lower_for(node: cst.For, i: int, source: Alignment) -> tuple[Statement, int]:
    is_async = node.asynchronous is not None
    j = i + 2 if is_async else i + 1
    target, j = EXPRESSIONS[node.target.__class__](node.target, j, source)
    iterable, j = EXPRESSIONS[node.iter.__class__](node.iter, j + 1, source)
    body, j = _block(node.body, j, source)
    orelse, j = _else(node.orelse, j, source)
    return For(source.at(i, j), target, iterable, body, orelse, is_async), j


def lower_while(node: cst.While, i: int, source: Alignment) -> tuple[Statement, int]:
    test, j = EXPRESSIONS[node.test.__class__](node.test, i + 1, source)
    body, j = _block(node.body, j, source)
    orelse, j = _else(node.orelse, j, source)
    return While(source.at(i, j), test, body, orelse), j


def lower_with(node: cst.With, i: int, source: Alignment) -> tuple[Statement, int]:
    is_async = node.asynchronous is not None
    j = i + 2 if is_async else i + 1
    parenthesised = node.lpar.__class__ is cst.LeftParen
    if parenthesised:
        j += 1
    items: list[WithItem] = []
    for item in node.items:
        first = j
        context, j = EXPRESSIONS[item.item.__class__](item.item, j, source)
        target = None
        if item.asname is not None:
            target, j = lower_optional(item.asname.name, j + 1, source)
        items.append(WithItem(source.at(first, j), context, target))
        if item.comma.__class__ in COMMAS:
            j += 1
    if parenthesised:
        j += 1
    body, j = _block(node.body, j, source)
    return With(source.at(i, j), tuple(items), body, is_async), j


def _handler(
    node: cst.ExceptHandler | cst.ExceptStarHandler, i: int, source: Alignment
) -> tuple[Handler, int]:
    j = i + 2 if isinstance(node, cst.ExceptStarHandler) else i + 1
    kind, j = lower_optional(node.type, j, source)
    name = None
    if node.name is not None and isinstance(node.name.name, cst.Name):
        name = node.name.name.value
        expect(name, j + 1, source)
        j += 2
    body, j = _block(node.body, j, source)
    return Handler(source.at(i, j), kind, name, body), j


def lower_try(node: cst.Try | cst.TryStar, i: int, source: Alignment) -> tuple[Statement, int]:
    body, j = _block(node.body, i + 1, source)
    handlers: list[Handler] = []
    for child in node.handlers:
        handler, j = _handler(child, j, source)
        handlers.append(handler)
    orelse, j = _else(node.orelse, j, source)
    finalbody, j = _else(node.finalbody, j, source)
    star = isinstance(node, cst.TryStar)
    return Try(source.at(i, j), body, tuple(handlers), orelse, finalbody, star), j


def lower_match(node: cst.Match, i: int, source: Alignment) -> tuple[Statement, int]:
    subject, j = EXPRESSIONS[node.subject.__class__](node.subject, i + 1, source)
    j += 1
    cases: list[Case] = []
    for case in node.cases:
        first = j
        captures: list[str] = []
        pattern, j = lower_pattern(case.pattern, j + 1, source, captures)
        guard = None
        if case.guard is not None:
            guard, j = EXPRESSIONS[case.guard.__class__](case.guard, j + 1, source)
        body, j = _block(case.body, j, source)
        cases.append(Case(source.at(first, j), pattern, tuple(captures), guard, body))
    return Match(source.at(i, j), subject, tuple(cases)), j


def _decorators(nodes: Sequence[cst.Decorator], i: int, source: Alignment) -> tuple[tuple[Expr, ...], int]:
    found: list[Expr] = []
    for node in nodes:
        child = node.decorator
        value, i = EXPRESSIONS[child.__class__](child, i + 1, source)
        found.append(value)
    return tuple(found), i


def lower_function(node: cst.FunctionDef, i: int, source: Alignment) -> tuple[Statement, int]:
    decorators, i = _decorators(node.decorators, i, source)
    is_async = node.asynchronous is not None
    j = i + 2 if is_async else i + 1
    name = node.name.value
    name_at = expect(name, j, source)
    j = skip_type_parameters(node.type_parameters, j + 1, source)
    parameters, j = lower_parameters(node.params, j + 1, source)
    j += 1
    returns = None
    if node.returns is not None:
        returns, j = lower_optional(node.returns.annotation, j + 1, source)
    outer_yields = source.yields
    source.yields = 0
    body, j = _block(node.body, j, source)
    is_generator = source.yields > 0
    source.yields = outer_yields
    at = source.at(i, j)
    return (
        Function(at, name, name_at, is_async, is_generator, parameters, returns, decorators, body),
        j,
    )


def lower_class(node: cst.ClassDef, i: int, source: Alignment) -> tuple[Statement, int]:
    decorators, i = _decorators(node.decorators, i, source)
    name = node.name.value
    name_at = expect(name, i + 1, source)
    j = skip_type_parameters(node.type_parameters, i + 2, source)
    bases: tuple[Expr, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    if node.lpar.__class__ is cst.LeftParen:
        bases, keywords, j = lower_arguments((*node.bases, *node.keywords), j + 1, source)
        j += 1
    body, j = _block(node.body, j, source)
    return Class(source.at(i, j), name, name_at, bases, keywords, decorators, body), j


STATEMENTS.update(
    {
        cst.If: lower_if,
        cst.For: lower_for,
        cst.While: lower_while,
        cst.With: lower_with,
        cst.Try: lower_try,
        cst.TryStar: lower_try,
        cst.Match: lower_match,
        cst.FunctionDef: lower_function,
        cst.ClassDef: lower_class,
    }
)
