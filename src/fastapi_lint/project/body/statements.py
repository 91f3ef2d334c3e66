"""Walking the statements and expressions of the facts' tree, without recursion on their depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Node, Statement

Block = tuple[Statement, ...]


def blocks(statement: Statement) -> tuple[Block, ...]:
    """The blocks of a compound statement (not those of a function or class)."""
    find = _BLOCKS.get(type(statement))
    return find(statement) if find else ()


_BLOCKS: dict[type, Callable[..., tuple[Block, ...]]] = {
    s.If: lambda n: (*(b.body for b in n.branches), n.orelse),
    s.For: lambda n: (n.body, n.orelse),
    s.While: lambda n: (n.body, n.orelse),
    s.With: lambda n: (n.body,),
    s.Try: lambda n: (n.body, *(h.body for h in n.handlers), n.orelse, n.finalbody),
    s.Match: lambda n: tuple(c.body for c in n.cases),
}


def expressions(statement: Statement) -> tuple[Expr, ...]:
    """The expressions that stand directly in a statement, in source order, without its blocks.

    Of a function: decorators, defaults, annotations; of a class: decorators, bases, keywords.
    """
    find = _EXPRESSIONS.get(type(statement))
    return find(statement) if find else ()


def _some(*values: Expr | None) -> tuple[Expr, ...]:
    return tuple(value for value in values if value is not None)


def _signature(node: s.Function) -> tuple[Expr, ...]:
    parameters = (e for p in node.parameters for e in (p.annotation, p.default))
    return _some(*node.decorators, *parameters, node.returns)


_EXPRESSIONS: dict[type, Callable[..., tuple[Expr, ...]]] = {
    s.Expression: lambda n: (n.value,),
    s.Assign: lambda n: (*n.targets, n.value),
    s.Declaration: lambda n: _some(n.target, n.annotation, n.value),
    s.AugmentedAssign: lambda n: (n.target, n.value),
    s.Return: lambda n: _some(n.value),
    s.Raise: lambda n: _some(n.error, n.cause),
    s.Delete: lambda n: n.targets,
    s.Assert: lambda n: _some(n.test, n.message),
    s.If: lambda n: tuple(b.test for b in n.branches),
    s.For: lambda n: (n.target, n.iterable),
    s.While: lambda n: (n.test,),
    s.With: lambda n: _some(*(e for item in n.items for e in (item.context, item.target))),
    s.Try: lambda n: _some(*(h.type for h in n.handlers)),
    s.Match: lambda n: _some(n.subject, *(e for c in n.cases for e in (c.pattern, c.guard))),
    s.Function: _signature,
    s.Class: lambda n: (*n.decorators, *n.bases, *(k.value for k in n.keywords)),
    s.TypeAlias: lambda n: (n.value,),
}


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside an expression, in source order (a lambda's body included)."""
    find = _CHILDREN.get(type(expr))
    return find(expr) if find else ()


def _clauses(node: s.Comprehension) -> tuple[Expr, ...]:
    return _some(
        node.element, node.value, *(e for c in node.clauses for e in (c.target, c.iterable, *c.conditions))
    )


_CHILDREN: dict[type, Callable[..., tuple[Expr, ...]]] = {
    s.Attribute: lambda n: (n.value,),
    s.Call: lambda n: (n.func, *n.args, *(k.value for k in n.keywords)),
    s.Template: lambda n: n.parts,
    s.Collection: lambda n: n.items,
    s.Mapping: lambda n: _some(*(e for pair in zip(n.keys, n.values) for e in pair)),  # noqa: B905
    s.Subscript: lambda n: (n.value, *n.items),
    s.Slice: lambda n: _some(n.lower, n.upper, n.step),
    s.Operation: lambda n: n.operands,
    s.Boolean: lambda n: n.operands,
    s.Unary: lambda n: (n.operand,),
    s.Compare: lambda n: (n.left, *n.comparators),
    s.Conditional: lambda n: (n.body, n.test, n.orelse),
    s.Await: lambda n: (n.value,),
    s.Yield: lambda n: _some(n.value),
    s.Lambda: lambda n: _some(*(p.default for p in n.parameters), n.body),
    s.Comprehension: _clauses,
    s.Starred: lambda n: (n.value,),
    s.Walrus: lambda n: (n.target, n.value),
    s.Opaque: lambda n: n.children,
}


def walk_statements(body: Iterable[Statement], *, into_definitions: bool = False) -> Iterator[Statement]:
    """All statements of a block in source order; bodies of functions and classes only if asked."""
    stack = list(body)[::-1]
    while stack:
        statement = stack.pop()
        yield statement
        for block in reversed(blocks(statement)):
            stack.extend(reversed(block))
        if into_definitions and isinstance(statement, s.Function | s.Class):
            stack.extend(reversed(statement.body))


def unconditional_statements(body: Iterable[Statement]) -> Iterator[Statement]:
    """The statements of a block that run whenever it does, also in `with` and `try`, in source order.

    Left out are those under `if`, `match` and loops, in exception handlers, and in nested definitions.
    """
    stack = list(body)[::-1]
    while stack:
        statement = stack.pop()
        yield statement
        if isinstance(statement, s.With):
            stack.extend(statement.body[::-1])
        elif isinstance(statement, s.Try):
            stack.extend((*statement.body, *statement.orelse, *statement.finalbody)[::-1])


def walk_expressions(roots: Iterable[Expr], *, into_lambdas: bool = True) -> Iterator[Expr]:
    """The expressions and everything inside them, parents before children, in source order."""
    stack = list(roots)[::-1]
    while stack:
        expr = stack.pop()
        yield expr
        if type(expr) is s.Lambda and not into_lambdas:
            continue
        inner = children(expr)
        if inner:
            stack.extend(inner[::-1])


def expressions_of(body: Iterable[Statement], *, into_lambdas: bool = True) -> Iterator[Expr]:
    """All expressions of a block, nested blocks included, bodies of nested definitions excluded."""
    for statement in walk_statements(body):
        yield from walk_expressions(expressions(statement), into_lambdas=into_lambdas)


def calls_of(body: Iterable[Statement], *, into_lambdas: bool = False) -> Iterator[s.Call]:
    """All calls of a block, in the order of `expressions_of`."""
    for expr in expressions_of(body, into_lambdas=into_lambdas):
        if type(expr) is s.Call:
            yield expr


def dotted_name(expr: Expr | None) -> str | None:
    """`a.b.c` for a chain of attributes that starts with a name; None for anything else."""
    parts: list[str] = []
    node: Node | None = expr
    while isinstance(node, s.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, s.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def method_call(call: s.Call) -> tuple[Expr, str] | None:
    """The receiver and the name of `receiver.name(...)`; None for a call of anything else."""
    return (call.func.value, call.func.attr) if isinstance(call.func, s.Attribute) else None


def keyword(call: s.Call, name: str) -> Expr | None:
    """The value of a keyword argument."""
    for argument in call.keywords:
        if argument.name == name:
            return argument.value
    return None


def argument(call: s.Call, position: int, name: str) -> Expr | None:
    """The argument given by keyword, or at a position that no `*args` comes before."""
    found = keyword(call, name)
    if found is not None:
        return found
    before = call.args[: position + 1]
    if len(before) <= position or any(isinstance(arg, s.Starred) for arg in before):
        return None
    return before[position]
