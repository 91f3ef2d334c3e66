"""What an expression is worth: one function for each kind of expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.arguments import read
from fastapi_lint.project.routing.choices import assumed, chosen, without_repeats
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    Assumed,
    Condition,
    DictValue,
    FunctionValue,
    ListValue,
    Maybe,
    SetValue,
    Several,
    SuperValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_OPAQUE = Unknown("an expression that is not followed")
_NO_YIELD = Unknown("what is sent to a generator")


def evaluate(run: Interpreter, expr: s.Expr, frame: Frame) -> Value:
    """The value of an expression in a frame. Never raises on what the project's code does."""
    return _EVALUATE[type(expr)](run, expr, frame)


def _name(run: Interpreter, expr: s.Name, frame: Frame) -> Value:
    value = frame.find(expr.id)
    return run.late_name(expr.id, frame) if value is MISSING else value


def _attribute(run: Interpreter, expr: s.Attribute, frame: Frame) -> Value:
    base = run.evaluate(expr.value, frame)
    return run.attribute(base, expr.attr, Site(expr, frame.scope))


def _call(run: Interpreter, expr: s.Call, frame: Frame) -> Value:
    func = expr.func
    if isinstance(func, s.Name) and func.id == "super" and frame.find("super") is MISSING:
        return _super(run, expr, frame)
    callee = run.evaluate(func, frame)
    return run.call(callee, read(run, expr, frame), Site(expr, frame.scope), frame)


def _super(run: Interpreter, expr: s.Call, frame: Frame) -> Value:
    around: Frame | None = frame
    while around is not None and (around.function is None or around.function.owner is None):
        around = around.parent
    if around is None or around.function is None or around.function.owner is None:
        return Unknown("`super()` outside of a method")
    if around.receiver is MISSING:
        return Unknown("`super()` without a receiver")
    return SuperValue(around.function.owner, around.receiver)


def _constant(run: Interpreter, expr: s.Constant, frame: Frame) -> Value:
    return expr.value


def _template(run: Interpreter, expr: s.Template, frame: Frame) -> Value:
    return operators.joined(run, [run.evaluate(part, frame) for part in expr.parts])


def _collection(run: Interpreter, expr: s.Collection, frame: Frame) -> Value:
    items: list[Value] = []
    for item in expr.items:
        if isinstance(item, s.Starred):
            spread = run.items(run.evaluate(item.value, frame))
            items.extend([Several("unknown items")] if spread is None else spread)
        else:
            items.append(run.evaluate(item, frame))
    if expr.kind == "tuple":
        return tuple(items)
    kind = SetValue if expr.kind == "set" else ListValue
    return kind(items, run.conditions)


def _mapping(run: Interpreter, expr: s.Mapping, frame: Frame) -> Value:
    made = DictValue(conditions=run.conditions)
    for key, item in zip(expr.keys, expr.values, strict=False):
        value = run.evaluate(item, frame)
        if key is None:
            _merge(made, value)
            continue
        name = run.evaluate(key, frame)
        if isinstance(name, Unknown) or not operators.is_hashable(name):
            made.open = True
            continue
        made[name] = value
        made.origins[name] = Site(item, frame.scope)
    return made


def _merge(made: DictValue, value: Value) -> None:
    if isinstance(value, dict):
        made.update(value)
        if isinstance(value, DictValue):
            made.origins.update(value.origins)
            made.open = made.open or value.open
    else:
        made.open = True


def _subscript(run: Interpreter, expr: s.Subscript, frame: Frame) -> Value:
    base = run.evaluate(expr.value, frame)
    items = [run.evaluate(item, frame) for item in expr.items]
    return run.item(base, items[0] if len(items) == 1 else tuple(items), Site(expr, frame.scope))


def _slice(run: Interpreter, expr: s.Slice, frame: Frame) -> Value:
    parts = [
        None if part is None else run.evaluate(part, frame) for part in (expr.lower, expr.upper, expr.step)
    ]
    if all(part is None or type(part) is int for part in parts):
        return slice(*parts)
    return Unknown("an unknown part of a sequence")


def _operation(run: Interpreter, expr: s.Operation, frame: Frame) -> Value:
    value = run.evaluate(expr.operands[0], frame)
    for operator, operand in zip(expr.operators, expr.operands[1:], strict=False):
        value = operators.binary(run, operator, value, run.evaluate(operand, frame))
    return value


def _boolean(run: Interpreter, expr: s.Boolean, frame: Frame) -> Value:
    stops_at = expr.operator == "or"
    possible: list[Value] = []
    for operand in expr.operands[:-1]:
        value = run.evaluate(operand, frame)
        truth = run.truth(value)
        if truth is stops_at:
            return chosen([*possible, value])
        if truth is None:
            possible.append(value)
    last = run.evaluate(expr.operands[-1], frame)
    return operators.fallback(possible, last) if stops_at else chosen([*possible, last])


def _unary(run: Interpreter, expr: s.Unary, frame: Frame) -> Value:
    value = run.evaluate(expr.operand, frame)
    if expr.operator == "not":
        truth = run.truth(value)
        return Unknown("a condition that is not known") if truth is None else not truth
    if expr.operator == "-" and type(value) in (int, float):
        return -value
    return value if isinstance(value, Unknown) else Unknown("the result of an operator")


def _compare(run: Interpreter, expr: s.Compare, frame: Frame) -> Value:
    left = run.evaluate(expr.left, frame)
    result: bool | None = True
    for operator, comparator in zip(expr.operators, expr.comparators, strict=False):
        right = run.evaluate(comparator, frame)
        outcome = operators.compare(run, operator, left, right)
        if outcome is False:
            return False
        if outcome is None:
            result = None
        left = right
    return Unknown("a condition that is not known") if result is None else result


def _conditional(run: Interpreter, expr: s.Conditional, frame: Frame) -> Value:
    test = run.evaluate(expr.test, frame)
    truth = run.truth(test)
    if truth is not None:
        return run.evaluate(expr.body if truth else expr.orelse, frame)
    before = run.conditions
    options = []
    for branch in (expr.body, expr.orelse):
        run.conditions = (*before, Condition(Site(expr.test, frame.scope)))
        options.append(run.evaluate(branch, frame))
        run.conditions = before
    then, otherwise = options
    if isinstance(test, Assumed) and isinstance(then, str) and isinstance(otherwise, str):
        return assumed(then if str(test) else otherwise, *test.reasons)
    return chosen(options)


def _await(run: Interpreter, expr: s.Await, frame: Frame) -> Value:
    return run.awaited(run.evaluate(expr.value, frame))


def _yield(run: Interpreter, expr: s.Yield, frame: Frame) -> Value:
    value = None if expr.value is None else run.evaluate(expr.value, frame)
    around = frame
    while around.function is None and around.parent is not None:
        around = around.parent
    if expr.delegates:
        items = run.items(value)
        around.yields.extend([Several("unknown items")] if items is None else items)
    else:
        around.yields.append(Maybe(value, run.conditions))
    return _NO_YIELD


def _lambda(run: Interpreter, expr: s.Lambda, frame: Frame) -> Value:
    return FunctionValue(expr, frame, None)


def _comprehension(run: Interpreter, expr: s.Comprehension, frame: Frame) -> Value:
    inner = Frame(frame.module, {}, frame.scope, frame, None)
    made: list[Value] = []
    before = run.conditions
    _clauses(run, expr, inner, frame, 0, made)
    run.conditions = before
    if expr.kind == "dict":
        pairs = DictValue(conditions=before)
        for pair in made:
            if (
                isinstance(pair, tuple)
                and operators.is_hashable(pair[0])
                and not isinstance(pair[0], Unknown)
            ):
                pairs[pair[0]] = pair[1]
            else:
                pairs.open = True
        return pairs
    kind = SetValue if expr.kind == "set" else ListValue
    items = without_repeats(made) if expr.kind == "set" else made
    return kind(items, before)


def _clauses(
    run: Interpreter, expr: s.Comprehension, inner: Frame, around: Frame, depth: int, made: list[Value]
) -> None:
    clause = expr.clauses[depth]
    iterable = run.evaluate(clause.iterable, around if depth == 0 else inner)
    before = run.conditions
    for item in run.iterate(iterable, Site(clause.iterable, around.scope)):
        if not run.may_go_on():
            break
        run.assign(clause.target, item, inner)
        truth = _all_true(run, clause.conditions, inner)
        if truth is None:
            run.conditions = (*run.conditions, Condition(Site(clause.iterable, around.scope)))
        if truth is not False and depth + 1 < len(expr.clauses):
            _clauses(run, expr, inner, around, depth + 1, made)
        elif truth is not False:
            made.append(_element(run, expr, inner, before))
        run.conditions = before


def _all_true(run: Interpreter, tests: tuple[s.Expr, ...], frame: Frame) -> bool | None:
    result: bool | None = True
    for test in tests:
        truth = run.truth(run.evaluate(test, frame))
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def _element(run: Interpreter, expr: s.Comprehension, inner: Frame, before: tuple[Condition, ...]) -> Value:
    value = run.evaluate(expr.element, inner)
    if expr.value is not None:
        return (value, run.evaluate(expr.value, inner))
    return Maybe(value, run.conditions) if len(run.conditions) > len(before) else value


def _starred(run: Interpreter, expr: s.Starred, frame: Frame) -> Value:
    return run.evaluate(expr.value, frame)


def _walrus(run: Interpreter, expr: s.Walrus, frame: Frame) -> Value:
    value = run.evaluate(expr.value, frame)
    run.assign(expr.target, value, frame)
    return value


def _opaque(run: Interpreter, expr: s.Opaque, frame: Frame) -> Value:
    return _OPAQUE


_EVALUATE: dict[type, Callable[..., Value]] = {
    s.Name: _name,
    s.Attribute: _attribute,
    s.Call: _call,
    s.Constant: _constant,
    s.Template: _template,
    s.Collection: _collection,
    s.Mapping: _mapping,
    s.Subscript: _subscript,
    s.Slice: _slice,
    s.Operation: _operation,
    s.Boolean: _boolean,
    s.Unary: _unary,
    s.Compare: _compare,
    s.Conditional: _conditional,
    s.Await: _await,
    s.Yield: _yield,
    s.Lambda: _lambda,
    s.Comprehension: _comprehension,
    s.Starred: _starred,
    s.Walrus: _walrus,
    s.Opaque: _opaque,
}
