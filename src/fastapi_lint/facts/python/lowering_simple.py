"""Lowering of statements that fit on a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from fastapi_lint.facts.python.alignment import EXPRESSIONS, STATEMENTS, Alignment, expect
from fastapi_lint.facts.python.lowering_expressions import lower_optional
from fastapi_lint.facts.python.lowering_parameters import skip_type_parameters
from fastapi_lint.facts.python.parser import COMMAS
from fastapi_lint.facts.python.syntax import (
    SHIFT,
    Alias,
    Assert,
    Assign,
    AugmentedAssign,
    Collection,
    Control,
    Declaration,
    Delete,
    Expr,
    Expression,
    Global,
    Import,
    ImportFrom,
    Raise,
    Return,
    Statement,
    TypeAlias,
)

_AUGMENTED = {
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.MatrixMultiplyAssign: "@",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.BitAndAssign: "&",
    cst.BitOrAssign: "|",
    cst.BitXorAssign: "^",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
    cst.PowerAssign: "**",
}
_CONTROLS: dict[type[cst.CSTNode], Literal["pass", "break", "continue"]] = {
    cst.Pass: "pass",
    cst.Break: "break",
    cst.Continue: "continue",
}


def lower_expression(node: cst.Expr, i: int, source: Alignment) -> tuple[Statement, int]:
    child = node.value
    value, j = EXPRESSIONS[child.__class__](child, i, source)
    spans = source.spans
    return Expression(spans[i][0] << SHIFT | spans[j - 1][1], value), j


def lower_assign(node: cst.Assign, i: int, source: Alignment) -> tuple[Statement, int]:
    targets = []
    j = i
    for target in node.targets:
        child = target.target
        value, j = EXPRESSIONS[child.__class__](child, j, source)
        targets.append(value)
        j += 1
    value, j = EXPRESSIONS[node.value.__class__](node.value, j, source)
    spans = source.spans
    return Assign(spans[i][0] << SHIFT | spans[j - 1][1], tuple(targets), value), j


def lower_declaration(node: cst.AnnAssign, i: int, source: Alignment) -> tuple[Statement, int]:
    child = node.target
    target, j = EXPRESSIONS[child.__class__](child, i, source)
    kind = node.annotation.annotation
    annotation, j = EXPRESSIONS[kind.__class__](kind, j + 1, source)
    value = None
    if node.value is not None:
        value, j = EXPRESSIONS[node.value.__class__](node.value, j + 1, source)
    return Declaration(source.at(i, j), target, annotation, value), j


def lower_augmented_assign(node: cst.AugAssign, i: int, source: Alignment) -> tuple[Statement, int]:
    target, j = EXPRESSIONS[node.target.__class__](node.target, i, source)
    value, j = EXPRESSIONS[node.value.__class__](node.value, j + 1, source)
    return AugmentedAssign(source.at(i, j), target, _AUGMENTED[node.operator.__class__], value), j


def lower_return(node: cst.Return, i: int, source: Alignment) -> tuple[Statement, int]:
    value, j = lower_optional(node.value, i + 1, source)
    return Return(source.at(i, j), value), j


def lower_raise(node: cst.Raise, i: int, source: Alignment) -> tuple[Statement, int]:
    error, j = lower_optional(node.exc, i + 1, source)
    cause = None
    if isinstance(node.cause, cst.From):
        cause, j = lower_optional(node.cause.item, j + 1, source)
    return Raise(source.at(i, j), error, cause), j


def lower_delete(node: cst.Del, i: int, source: Alignment) -> tuple[Statement, int]:
    target, j = EXPRESSIONS[node.target.__class__](node.target, i + 1, source)
    targets: tuple[Expr, ...] = (target,)
    if isinstance(target, Collection) and target.kind == "tuple" and not node.target.lpar:
        targets = target.items
    return Delete(source.at(i, j), targets), j


def lower_assert(node: cst.Assert, i: int, source: Alignment) -> tuple[Statement, int]:
    test, j = EXPRESSIONS[node.test.__class__](node.test, i + 1, source)
    message = None
    if node.msg is not None:
        message, j = EXPRESSIONS[node.msg.__class__](node.msg, j + 1, source)
    return Assert(source.at(i, j), test, message), j


def lower_global(node: cst.Global | cst.Nonlocal, i: int, source: Alignment) -> tuple[Statement, int]:
    names = tuple(item.name.value for item in node.names)
    j = i + 2 * len(names)
    expect(names[-1], j - 1, source)
    return Global(source.at(i, j), names, isinstance(node, cst.Nonlocal)), j


def lower_control(
    node: cst.Pass | cst.Break | cst.Continue, i: int, source: Alignment
) -> tuple[Statement, int]:
    kind = _CONTROLS[node.__class__]
    return Control(expect(kind, i, source), kind), i + 1


def dotted(node: cst.BaseExpression | None, i: int, source: Alignment) -> tuple[str, int]:
    """A dotted name as text, and the index of the token after it."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    if not parts:
        return "", i
    i += 2 * len(parts) - 1
    expect(parts[0], i - 1, source)
    source.names.update(parts)
    parts.reverse()
    return ".".join(parts), i


def _aliases(nodes: Sequence[cst.ImportAlias], i: int, source: Alignment) -> tuple[tuple[Alias, ...], int]:
    aliases: list[Alias] = []
    for node in nodes:
        name, j = dotted(node.name, i, source)
        asname = None
        if node.asname is not None:
            asname, j = dotted(node.asname.name, j + 1, source)
        aliases.append(Alias(source.at(i, j), name, asname))
        i = j + 1 if node.comma.__class__ in COMMAS else j
    return tuple(aliases), i


def lower_import(node: cst.Import, i: int, source: Alignment) -> tuple[Statement, int]:
    names, j = _aliases(node.names, i + 1, source)
    return Import(source.at(i, j), names), j


def lower_lazy_import(node: cst.LazyImport, i: int, source: Alignment) -> tuple[Statement, int]:
    """`lazy import` (PEP 810) binds what `import` binds."""
    names, j = _aliases(node.names, i + 2, source)
    return Import(source.at(i, j), names), j


def lower_import_from(node: cst.ImportFrom, i: int, source: Alignment) -> tuple[Statement, int]:
    return _import_from(node, i, i + 1, source)


def lower_lazy_import_from(node: cst.LazyImportFrom, i: int, source: Alignment) -> tuple[Statement, int]:
    return _import_from(node, i, i + 2, source)


def _import_from(
    node: cst.ImportFrom | cst.LazyImportFrom, i: int, j: int, source: Alignment
) -> tuple[Statement, int]:
    level = len(node.relative)
    module, j = dotted(node.module, j + level, source)
    expect("import", j, source)
    j += 1
    names = node.names
    if isinstance(names, cst.ImportStar):
        aliases: tuple[Alias, ...] = (Alias(expect("*", j, source), "*", None),)
        j += 1
    elif node.lpar is None:
        aliases, j = _aliases(names, j, source)
    else:
        aliases, j = _aliases(names, j + 1, source)
        j += 1
    return ImportFrom(source.at(i, j), module, level, aliases), j


def lower_type_alias(node: cst.TypeAlias, i: int, source: Alignment) -> tuple[Statement, int]:
    name = node.name.value
    expect(name, i + 1, source)
    j = skip_type_parameters(node.type_parameters, i + 2, source)
    value, j = EXPRESSIONS[node.value.__class__](node.value, j + 1, source)
    return TypeAlias(source.at(i, j), name, value), j


STATEMENTS.update(
    {
        cst.Expr: lower_expression,
        cst.Assign: lower_assign,
        cst.AnnAssign: lower_declaration,
        cst.AugAssign: lower_augmented_assign,
        cst.Return: lower_return,
        cst.Raise: lower_raise,
        cst.Del: lower_delete,
        cst.Assert: lower_assert,
        cst.Global: lower_global,
        cst.Nonlocal: lower_global,
        cst.Pass: lower_control,
        cst.Break: lower_control,
        cst.Continue: lower_control,
        cst.Import: lower_import,
        cst.LazyImport: lower_lazy_import,
        cst.ImportFrom: lower_import_from,
        cst.LazyImportFrom: lower_lazy_import_from,
        cst.TypeAlias: lower_type_alias,
    }
)
