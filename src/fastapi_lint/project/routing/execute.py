"""What a statement does: one function for each kind of statement.

A block ends with a `Flow`: on to the next statement, or out of the loop, iteration or function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.branches import Flow, alternatives, unbound_in
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    Condition,
    FunctionValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_MAX_TURNS = 200


def execute(run: Interpreter, body: tuple[s.Statement, ...], frame: Frame) -> Flow:
    """Run the statements of a block, until one leaves it."""
    for statement in body:
        if not run.may_go_on():
            return Flow.RAISE
        handler = _EXECUTE.get(type(statement))
        if handler is not None:
            flow = handler(run, statement, frame)
            if flow is not Flow.NEXT:
                return flow
    return Flow.NEXT


def _expression(run: Interpreter, node: s.Expression, frame: Frame) -> Flow:
    if type(node.value) is not s.Constant:
        run.evaluate(node.value, frame)
    return Flow.NEXT


def _assign(run: Interpreter, node: s.Assign, frame: Frame) -> Flow:
    value = run.evaluate(node.value, frame)
    for target in node.targets:
        run.assign(target, value, frame)
    return Flow.NEXT


def _declaration(run: Interpreter, node: s.Declaration, frame: Frame) -> Flow:
    if node.value is not None:
        run.assign(node.target, run.evaluate(node.value, frame), frame)
    return Flow.NEXT


def _augmented(run: Interpreter, node: s.AugmentedAssign, frame: Frame) -> Flow:
    before = run.evaluate(node.target, frame)
    value = run.evaluate(node.value, frame)
    if isinstance(before, list) and node.operator == "+":
        run.extend(before, value)
        return Flow.NEXT
    run.assign(node.target, operators.binary(run, node.operator, before, value), frame)
    return Flow.NEXT


def assign(run: Interpreter, target: s.Expr, value: Value, frame: Frame) -> None:
    """Bind a target of an assignment to a value; tuples are unpacked."""
    if isinstance(target, s.Name):
        _bind(run, target.id, value, frame)
    elif isinstance(target, s.Attribute):
        base = run.evaluate(target.value, frame)
        run.set_attribute(base, target.attr, value, Site(target, frame.scope))
    elif isinstance(target, s.Subscript):
        base = run.evaluate(target.value, frame)
        keys = [run.evaluate(item, frame) for item in target.items]
        run.set_item(base, keys[0] if len(keys) == 1 else tuple(keys), value)
    elif isinstance(target, s.Collection):
        _unpack(run, target, value, frame)
    elif isinstance(target, s.Starred):
        run.assign(target.value, value, frame)


def _bind(run: Interpreter, name: str, value: Value, frame: Frame) -> None:
    frame.bind(name, value)
    if frame.parent is None and isinstance(value, RouterValue):
        value.names.append((frame.module, name))


def _unpack(run: Interpreter, target: s.Collection, value: Value, frame: Frame) -> None:
    items = run.items(value)
    stars = [index for index, item in enumerate(target.items) if isinstance(item, s.Starred)]
    known = items is not None and (
        len(items) == len(target.items) or (stars and len(items) >= len(target.items) - 1)
    )
    if items is None or not known:
        for item in target.items:
            run.assign(item, Unknown("a part of an unknown sequence"), frame)
        return
    if stars:
        index = stars[0]
        after = len(target.items) - index - 1
        middle = items[index : len(items) - after]
        items = [*items[:index], run.list_of(middle), *items[len(items) - after :]]
    for item, part in zip(target.items, items, strict=False):
        run.assign(item, part, frame)


def _return(run: Interpreter, node: s.Return, frame: Frame) -> Flow:
    frame.returns.append(None if node.value is None else run.evaluate(node.value, frame))
    return Flow.RETURN


def _raise(run: Interpreter, node: s.Raise, frame: Frame) -> Flow:
    return Flow.RAISE


def _delete(run: Interpreter, node: s.Delete, frame: Frame) -> Flow:
    for target in node.targets:
        if isinstance(target, s.Name):
            frame.env.pop(target.id, None)
        elif isinstance(target, s.Subscript) and len(target.items) == 1:
            base = run.evaluate(target.value, frame)
            run.delete_item(base, run.evaluate(target.items[0], frame))
    return Flow.NEXT


def _global(run: Interpreter, node: s.Global, frame: Frame) -> Flow:
    top = frame.module.frame
    for name in node.names:
        around = frame.parent
        while node.nonlocal_ and around is not None and name not in around.env:
            around = around.parent
        target = around if node.nonlocal_ else top
        if target is not None:
            frame.declared[name] = target
    return Flow.NEXT


def _control(run: Interpreter, node: s.Control, frame: Frame) -> Flow:
    return {"break": Flow.BREAK, "continue": Flow.CONTINUE}.get(node.kind, Flow.NEXT)


def _if(run: Interpreter, node: s.If, frame: Frame) -> Flow:
    possible: list[tuple[s.Expr, tuple[s.Statement, ...]]] = []
    for branch in node.branches:
        truth = run.truth(run.evaluate(branch.test, frame))
        if truth is True:
            if not possible:
                return run.execute(branch.body, frame)
            return alternatives(run, [*possible, (branch.test, branch.body)], frame)
        if truth is None:
            possible.append((branch.test, branch.body))
    if not possible:
        return run.execute(node.orelse, frame)
    return alternatives(run, [*possible, (possible[0][0], node.orelse)], frame)


def _for(run: Interpreter, node: s.For, frame: Frame) -> Flow:
    iterable = run.evaluate(node.iterable, frame)
    before = run.conditions
    site = Site(node.iterable, frame.scope)
    for item in run.iterate(iterable, site):
        around = run.conditions
        run.assign(node.target, item, frame)
        flow = run.execute(node.body, frame)
        run.conditions = around
        if flow is Flow.BREAK:
            run.conditions = before
            return Flow.NEXT
        if flow in (Flow.RETURN, Flow.RAISE) and around == before:
            return flow
    run.conditions = before
    return run.execute(node.orelse, frame)


def _while(run: Interpreter, node: s.While, frame: Frame) -> Flow:
    before = run.conditions
    for _ in range(_MAX_TURNS):
        truth = run.truth(run.evaluate(node.test, frame))
        if truth is False:
            break
        if truth is None:
            run.conditions = (*before, Condition(Site(node.test, frame.scope)))
        flow = run.execute(node.body, frame)
        run.conditions = before
        if truth is None or flow is Flow.BREAK:
            break
        if flow in (Flow.RETURN, Flow.RAISE):
            return flow
    return Flow.NEXT


def _with(run: Interpreter, node: s.With, frame: Frame) -> Flow:
    for item in node.items:
        entered = run.entered(run.evaluate(item.context, frame))
        if item.target is not None:
            run.assign(item.target, entered, frame)
    return run.execute(node.body, frame)


def _try(run: Interpreter, node: s.Try, frame: Frame) -> Flow:
    flow = run.execute(node.body, frame)
    failed = flow is Flow.RAISE and run.may_go_on()
    for handler in node.handlers:
        outcome = _handler(run, handler, frame, failed)
        if failed and outcome is not Flow.RAISE:
            flow = Flow.NEXT
    if flow is Flow.NEXT:
        flow = run.execute(node.orelse, frame)
    last = run.execute(node.finalbody, frame)
    return flow if last is Flow.NEXT else last


def _handler(run: Interpreter, handler: s.Handler, frame: Frame, failed: bool) -> Flow:
    """Run a handler under a condition. What it binds counts only for names that have no value yet."""
    missing = unbound_in(handler.body, frame)
    saved, returns, before = dict(frame.env), len(frame.returns), run.conditions
    site = Site(handler.type, frame.scope) if handler.type is not None else None
    run.conditions = (*before, Condition(site))
    if handler.name:
        frame.bind(handler.name, Unknown("an exception"))
    flow = run.execute(handler.body, frame)
    run.conditions = before
    if not failed:
        bound = {name: frame.env[name] for name in missing if name in frame.env}
        bound.update(dict.fromkeys(_flags(saved, frame.env), Unknown("whether an import or call works")))
        frame.env.clear()
        frame.env.update(saved)
        frame.env.update(bound)
        del frame.returns[returns:]
    return flow


def _flags(before: dict[str, Value], after: dict[str, Value]) -> list[str]:
    """Names that are True after the tried code and False after its handler, or the other way round."""
    return [
        name for name, value in before.items() if isinstance(value, bool) and after.get(name) is (not value)
    ]


def _match(run: Interpreter, node: s.Match, frame: Frame) -> Flow:
    run.evaluate(node.subject, frame)
    for case in node.cases:
        for name in case.captures:
            frame.bind(name, Unknown("a captured value"))
    cases = [(node.subject, case.body) for case in node.cases]
    return alternatives(run, [*cases, (node.subject, ())], frame)


def _function(run: Interpreter, node: s.Function, frame: Frame) -> Flow:
    closure, owner = run.surroundings(frame)
    value: Value = FunctionValue(node, closure, run.function_symbol(node, frame), owner)
    for decorator in reversed(node.decorators):
        value = run.decorate(decorator, value, frame)
    frame.bind(node.name, value)
    return Flow.NEXT


def _class(run: Interpreter, node: s.Class, frame: Frame) -> Flow:
    value: Value = run.make_class(node, frame)
    for decorator in reversed(node.decorators):
        value = run.decorate(decorator, value, frame)
    frame.bind(node.name, value)
    return Flow.NEXT


def _import(run: Interpreter, node: s.Import, frame: Frame) -> Flow:
    run.import_names(node, frame)
    return Flow.NEXT


def _import_from(run: Interpreter, node: s.ImportFrom, frame: Frame) -> Flow:
    run.import_from(node, frame)
    return Flow.NEXT


_EXECUTE: dict[type, Callable[..., Flow]] = {
    s.Expression: _expression,
    s.Assign: _assign,
    s.Declaration: _declaration,
    s.AugmentedAssign: _augmented,
    s.Return: _return,
    s.Raise: _raise,
    s.Delete: _delete,
    s.Global: _global,
    s.Control: _control,
    s.If: _if,
    s.For: _for,
    s.While: _while,
    s.With: _with,
    s.Try: _try,
    s.Match: _match,
    s.Function: _function,
    s.Class: _class,
    s.Import: _import,
    s.ImportFrom: _import_from,
}
