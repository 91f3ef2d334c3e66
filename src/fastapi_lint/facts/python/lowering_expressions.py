"""Lowering of names, operators, calls and the other expressions that are no displays or literals."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from fastapi_lint.facts.python.alignment import EXPRESSIONS, Alignment, MisalignedError
from fastapi_lint.facts.python.lowering_parameters import lower_parameters
from fastapi_lint.facts.python.parser import COMMAS
from fastapi_lint.facts.python.syntax import (
    SHIFT,
    Attribute,
    Await,
    Boolean,
    Call,
    Compare,
    Conditional,
    Constant,
    Expr,
    Keyword,
    Lambda,
    Name,
    Operation,
    Slice,
    Starred,
    Subscript,
    Unary,
    Walrus,
    Yield,
)

_SINGLETONS = {"True": True, "False": False, "None": None}

BINARY = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitOr: "|",
    cst.BitAnd: "&",
    cst.BitXor: "^",
    cst.MatrixMultiply: "@",
}
_UNARY = {cst.Plus: "+", cst.Minus: "-", cst.BitInvert: "~", cst.Not: "not"}
# The operator as text, and its number of tokens.
_COMPARISON = {
    cst.LessThan: ("<", 1),
    cst.GreaterThan: (">", 1),
    cst.Equal: ("==", 1),
    cst.LessThanEqual: ("<=", 1),
    cst.GreaterThanEqual: (">=", 1),
    cst.NotEqual: ("!=", 1),
    cst.In: ("in", 1),
    cst.NotIn: ("not in", 2),
    cst.Is: ("is", 1),
    cst.IsNot: ("is not", 2),
}


def lower_name(node: cst.Name, i: int, source: Alignment) -> tuple[Expr, int]:
    value = node.value
    parentheses = len(node.lpar)
    start, end = source.spans[i + parentheses]
    if source.text[start:end] != value:
        raise MisalignedError
    at = start << SHIFT | end
    i += parentheses + parentheses + 1
    if value in _SINGLETONS:
        return Constant(at, _SINGLETONS[value]), i
    source.names.add(value)
    return Name(at, value), i


def lower_attribute(node: cst.Attribute, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.value
    value, j = EXPRESSIONS[child.__class__](child, i, source)
    spans = source.spans
    start, end = spans[j + 1]
    attr = node.attr.value
    if source.text[start:end] != attr:
        raise MisalignedError
    source.names.add(attr)
    return Attribute(spans[i][0] << SHIFT | end, value, attr), j + 2 + parentheses


def lower_call(node: cst.Call, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.func
    func, j = EXPRESSIONS[child.__class__](child, i, source)
    j += 1
    args = node.args
    if args:
        positional, keywords, j = lower_arguments(args, j, source)
    else:
        positional = keywords = ()
    spans = source.spans
    at = spans[i][0] << SHIFT | spans[j][1]
    return Call(at, func, positional, keywords), j + 1 + parentheses


def lower_arguments(
    arguments: Sequence[cst.Arg], i: int, source: Alignment
) -> tuple[tuple[Expr, ...], tuple[Keyword, ...], int]:
    """Positional arguments, keywords, and the index after the last comma."""
    positional: list[Expr] = []
    keywords: list[Keyword] = []
    spans = source.spans
    for argument in arguments:
        star = argument.star
        keyword = argument.keyword
        child = argument.value
        if star:
            value, j = EXPRESSIONS[child.__class__](child, i + 1, source)
            at = spans[i][0] << SHIFT | spans[j - 1][1]
            if star == "*":
                positional.append(Starred(at, value))
            else:
                keywords.append(Keyword(at, None, value))
        elif keyword is None:
            value, j = EXPRESSIONS[child.__class__](child, i, source)
            positional.append(value)
        else:
            name = keyword.value
            start, end = spans[i]
            if source.text[start:end] != name:
                raise MisalignedError
            value, j = EXPRESSIONS[child.__class__](child, i + 2, source)
            keywords.append(Keyword(start << SHIFT | spans[j - 1][1], name, value))
        i = j + 1 if argument.comma.__class__ in COMMAS else j
    return tuple(positional), tuple(keywords), i


def lower_subscript(node: cst.Subscript, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.value
    value, j = EXPRESSIONS[child.__class__](child, i, source)
    j += 1
    items: list[Expr] = []
    for element in node.slice:
        part = element.slice
        item, j = EXPRESSIONS[part.__class__](part, j, source)
        items.append(item)
        if element.comma.__class__ in COMMAS:
            j += 1
    spans = source.spans
    at = spans[i][0] << SHIFT | spans[j][1]
    return Subscript(at, value, tuple(items)), j + 1 + parentheses


def lower_index(node: cst.Index, i: int, source: Alignment) -> tuple[Expr, int]:
    child = node.value
    if not node.star:
        return EXPRESSIONS[child.__class__](child, i, source)
    value, j = EXPRESSIONS[child.__class__](child, i + 1, source)
    return Starred(source.at(i, j), value), j


def lower_slice(node: cst.Slice, i: int, source: Alignment) -> tuple[Expr, int]:
    lower, j = lower_optional(node.lower, i, source)
    upper, j = lower_optional(node.upper, j + 1, source)
    if node.second_colon.__class__ is cst.Colon:
        j += 1
    step, j = lower_optional(node.step, j, source)
    return Slice(source.at(i, j), lower, upper, step), j


def lower_optional(node: cst.BaseExpression | None, i: int, source: Alignment) -> tuple[Expr | None, int]:
    """What is not there takes no token."""
    return (None, i) if node is None else EXPRESSIONS[node.__class__](node, i, source)


def lower_binary(node: cst.BinaryOperation, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    spine = [node]
    left = node.left
    while left.__class__ is cst.BinaryOperation and not left.lpar:
        spine.append(left)
        left = left.left
    value, j = EXPRESSIONS[left.__class__](left, i, source)
    operands = [value]
    operators = []
    for part in reversed(spine):
        operators.append(BINARY[part.operator.__class__])
        child = part.right
        value, j = EXPRESSIONS[child.__class__](child, j + 1, source)
        operands.append(value)
    at = source.at(i, j)
    return Operation(at, tuple(operators), tuple(operands)), j + parentheses


def lower_boolean(node: cst.BooleanOperation, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    operator = node.operator.__class__
    spine = [node]
    left = node.left
    while left.__class__ is cst.BooleanOperation and not left.lpar and left.operator.__class__ is operator:
        spine.append(left)
        left = left.left
    value, j = EXPRESSIONS[left.__class__](left, i, source)
    operands = [value]
    for part in reversed(spine):
        child = part.right
        value, j = EXPRESSIONS[child.__class__](child, j + 1, source)
        operands.append(value)
    at = source.at(i, j)
    return Boolean(at, "and" if operator is cst.And else "or", tuple(operands)), j + parentheses


def lower_comparison(node: cst.Comparison, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.left
    left, j = EXPRESSIONS[child.__class__](child, i, source)
    operators = []
    comparators = []
    for target in node.comparisons:
        operator, tokens = _COMPARISON[target.operator.__class__]
        child = target.comparator
        value, j = EXPRESSIONS[child.__class__](child, j + tokens, source)
        operators.append(operator)
        comparators.append(value)
    at = source.at(i, j)
    return Compare(at, left, tuple(operators), tuple(comparators)), j + parentheses


def lower_unary(node: cst.UnaryOperation, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.expression
    value, j = EXPRESSIONS[child.__class__](child, i + 1, source)
    return Unary(source.at(i, j), _UNARY[node.operator.__class__], value), j + parentheses


def lower_conditional(node: cst.IfExp, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    body, j = EXPRESSIONS[node.body.__class__](node.body, i, source)
    test, j = EXPRESSIONS[node.test.__class__](node.test, j + 1, source)
    orelse, j = EXPRESSIONS[node.orelse.__class__](node.orelse, j + 1, source)
    return Conditional(source.at(i, j), test, body, orelse), j + parentheses


def lower_await(node: cst.Await, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.expression
    value, j = EXPRESSIONS[child.__class__](child, i + 1, source)
    return Await(source.at(i, j), value), j + parentheses


def lower_yield(node: cst.Yield, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    child = node.value
    source.yields += 1
    if isinstance(child, cst.From):
        value, j = lower_optional(child.item, i + 2, source)
        return Yield(source.at(i, j), value, True), j + parentheses
    value, j = lower_optional(child, i + 1, source)
    return Yield(source.at(i, j), value, False), j + parentheses


def lower_lambda(node: cst.Lambda, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    parameters, j = lower_parameters(node.params, i + 1, source)
    yields = source.yields
    body, j = EXPRESSIONS[node.body.__class__](node.body, j + 1, source)
    source.yields = yields
    return Lambda(source.at(i, j), parameters, body), j + parentheses


def lower_walrus(node: cst.NamedExpr, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    target, j = EXPRESSIONS[node.target.__class__](node.target, i, source)
    value, j = EXPRESSIONS[node.value.__class__](node.value, j + 1, source)
    source.walruses += 1
    return Walrus(source.at(i, j), target, value), j + parentheses


EXPRESSIONS.update(
    {
        cst.Name: lower_name,
        cst.Attribute: lower_attribute,
        cst.Call: lower_call,
        cst.Subscript: lower_subscript,
        cst.Index: lower_index,
        cst.Slice: lower_slice,
        cst.BinaryOperation: lower_binary,
        cst.BooleanOperation: lower_boolean,
        cst.Comparison: lower_comparison,
        cst.UnaryOperation: lower_unary,
        cst.IfExp: lower_conditional,
        cst.Await: lower_await,
        cst.Yield: lower_yield,
        cst.Lambda: lower_lambda,
        cst.NamedExpr: lower_walrus,
    }
)
