"""Calling things: functions and classes of the project, methods of routers, everything from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing import externals, natives, registration
from fastapi_lint.project.routing.arguments import Arguments, meet, of_values
from fastapi_lint.project.routing.bounds import MAX_STEPS, bound_of, gave_up
from fastapi_lint.project.routing.branches import Flow
from fastapi_lint.project.routing.choices import chosen
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.instances import instantiate
from fastapi_lint.project.routing.routers import RouteDecorator, RouterMethod
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    BoundMethod,
    Choice,
    ClassValue,
    Condition,
    Context,
    Coroutine,
    ExternalInstance,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    Maybe,
    Native,
    NativeMethod,
    PartialValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_MAX_DEPTH = 22
_MAX_SAME = 8


def call(
    run: Interpreter, callee: Value, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    """`callee(arguments)`. What can't be followed is unknown, and a router given to it becomes incomplete."""
    how = _CALL.get(type(callee))
    if how is None:
        return _unknown(run, callee, arguments, site, frame)
    return how(run, callee, arguments, site, frame)


def _function(
    run: Interpreter, callee: FunctionValue, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    node = callee.node
    if isinstance(node, s.Function) and node.is_async and not node.is_generator:
        return Coroutine(callee, arguments, site)
    return run_function(run, callee, arguments, site)


def run_function(run: Interpreter, callee: FunctionValue, arguments: Arguments, site: Site | None) -> Value:
    """Run a function's body now, awaited if it is async, and give its result."""
    if callee.memo is not MISSING and not arguments.positional and not arguments.keywords:
        return callee.memo
    if len(run.calls) >= _MAX_DEPTH or _is_endless(run, callee) or not run.may_go_on():
        run.handed_over(
            callee.node_name() or "a lambda", run.values_of(arguments), site, "is nested too deeply"
        )
        return Unknown("the call is nested too deeply to follow", site)
    scope = run.scope_of(callee.symbol) if callee.symbol is not None else callee.closure.scope
    frame = Frame(callee.closure.module, {}, scope, callee.closure, callee)
    if callee.owner is not None and arguments.positional and callee.role != "static":
        frame.receiver = arguments.positional[0].value(run)
    meet(run, callee.node.parameters, arguments, frame, callee.closure)
    before = run.conditions
    bound = run.steps + bound_of(run, callee, arguments)
    outer = run.limit
    run.limit = min(outer, bound)
    run.calls.append((callee.node, before))
    run.makers.append(callee)
    run.called(callee)
    result = _run_body(run, callee, frame)
    run.calls.pop()
    run.makers.pop()
    run.conditions = before
    if run.steps > run.limit:
        result = gave_up(run, callee, site)
    if run.limit != MAX_STEPS:
        run.limit = outer
    if callee.role == "cached" and not arguments.positional and not arguments.keywords:
        callee.memo = result
    return result


def _is_endless(run: Interpreter, callee: FunctionValue) -> bool:
    """Whether a function calls itself too often, or at all under a condition that may never end it."""
    before = [conditions for node, conditions in run.calls if node is callee.node]
    return bool(before) and (len(before) >= _MAX_SAME or len(run.conditions) > len(before[0]))


def _run_body(run: Interpreter, callee: FunctionValue, frame: Frame) -> Value:
    node = callee.node
    if isinstance(node, s.Lambda):
        return run.evaluate(node.body, frame)
    flow = run.execute(node.body, frame)
    if node.is_generator:
        if callee.role == "context":
            first = frame.yields[0] if frame.yields else Unknown("what a context manager gives")
            return Context(first.value if isinstance(first, Maybe) else first)
        return _yielded(run, frame)
    if flow is Flow.NEXT:
        return chosen([*frame.returns, None])
    return chosen(frame.returns) if frame.returns else Unknown("a call that raises")


def _yielded(run: Interpreter, frame: Frame) -> ListValue:
    items: list[Value] = []
    for one in frame.yields:
        plain = isinstance(one, Maybe) and one.conditions == run.conditions
        items.append(one.value if plain else one)
    return ListValue(items, run.conditions)


def awaited(run: Interpreter, value: Value) -> Value:
    """`await value`."""
    if isinstance(value, Coroutine):
        return run_function(run, value.function, value.arguments, value.site)
    return value


def _bound(
    run: Interpreter, callee: BoundMethod, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return _function(run, callee.function, arguments.with_first(callee.receiver), site, frame)


def _class(
    run: Interpreter, callee: ClassValue, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return instantiate(run, callee, arguments, site)


def _instance(
    run: Interpreter, callee: InstanceValue, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    found = run.class_attribute(callee.cls, "__call__")
    if found is MISSING:
        return _unknown(run, callee, arguments, site, frame)
    return call(run, run.bound(found, callee, site), arguments, site, frame)


def _partial(
    run: Interpreter, callee: PartialValue, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return call(run, callee.function, callee.arguments.extended(arguments), site, frame)


def _native(
    run: Interpreter, callee: Native, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return callee.run(run, arguments, site)


def _native_method(
    run: Interpreter, callee: NativeMethod, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return natives.call_method(run, callee.receiver, callee.name, arguments, site)


def _router_method(
    run: Interpreter, callee: RouterMethod, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return registration.call_method(run, callee, arguments, site)


def _route_decorator(
    run: Interpreter, callee: RouteDecorator, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return registration.apply(run, callee, arguments.value(run, 0, "func", None))


def _external(
    run: Interpreter, callee: ExternalValue, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return externals.call_external(run, callee, arguments, site, frame)


def _external_instance(
    run: Interpreter, callee: ExternalInstance, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    called = ExternalValue(f"{callee.callee}()", callee)
    return externals.call_external(run, called, arguments, site, frame)


def _choice(
    run: Interpreter, callee: Choice, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    before = run.conditions
    results = []
    own = all(isinstance(option, RouterMethod | RouteDecorator) for option in callee.options)
    for option in callee.options:
        run.conditions = before if own else (*before, Condition(site))
        results.append(call(run, option, arguments, site, frame))
    run.conditions = before
    return chosen(results)


def _maybe(
    run: Interpreter, callee: Maybe, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    return call(run, callee.value, arguments, site, frame)


def _unknown(
    run: Interpreter, callee: Value, arguments: Arguments, site: Site | None, frame: Frame | None
) -> Value:
    name = callee.reason if isinstance(callee, Unknown) else "something unknown"
    run.handed_over("", run.values_of(arguments), site, f"goes to a call that can't be followed ({name})")
    return callee if isinstance(callee, Unknown) else Unknown("the result of an unknown call", site)


_CALL: dict[type, Callable[..., Value]] = {
    FunctionValue: _function,
    BoundMethod: _bound,
    ClassValue: _class,
    InstanceValue: _instance,
    PartialValue: _partial,
    Native: _native,
    NativeMethod: _native_method,
    RouterMethod: _router_method,
    RouteDecorator: _route_decorator,
    ExternalValue: _external,
    ExternalInstance: _external_instance,
    Choice: _choice,
    Maybe: _maybe,
}


def decorate(run: Interpreter, decorator: s.Expr, value: Value, frame: Frame) -> Value:
    """`@decorator` on a function or class. One that can't be followed is taken to leave it as it is."""
    if isinstance(decorator, s.Name) and decorator.id in _ROLES and frame.find(decorator.id) is MISSING:
        if isinstance(value, FunctionValue):
            value.role = _ROLES[decorator.id]
        return value
    callee = run.evaluate(decorator, frame)
    site = Site(decorator, frame.scope)
    run.decorating.append((site, value))
    result = call(run, callee, of_values(value), site, frame)
    run.decorating.pop()
    return value if isinstance(result, Unknown | ExternalInstance | Coroutine) or result is None else result


_ROLES = {"property": "property", "staticmethod": "static", "classmethod": "class"}


def entered(run: Interpreter, value: Value) -> Value:
    """What `with value as name` binds."""
    value = awaited(run, value)
    if isinstance(value, Context):
        return value.value
    if isinstance(value, InstanceValue):
        for name in ("__enter__", "__aenter__"):
            found = run.class_attribute(value.cls, name)
            if found is not MISSING:
                return awaited(run, call(run, run.bound(found, value, None), of_values(), None, None))
    return Unknown("what a context manager gives")
