"""How much work is spent on a call that may have nothing to do with routing.

A call that gets no app or router may still make or fill one, so it is followed for a while. As soon as it
does, or a function is met that names a registration method, the bound falls. What is given up is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.routing.classes import REGISTRATION
from fastapi_lint.project.routing.externals import carried
from fastapi_lint.project.routing.values import Unknown

if TYPE_CHECKING:
    from fastapi_lint.project.routing.arguments import Arguments
    from fastapi_lint.project.routing.interpreter import Interpreter
    from fastapi_lint.project.routing.table import Site
    from fastapi_lint.project.routing.values import FunctionValue

MAX_STEPS = 150_000
"""Statements that are followed in one project."""

_OUTERMOST = 6_000
_NESTED = 1_500
_CLEAR = REGISTRATION - {"get", "post", "put", "patch", "delete", "head", "options", "trace", "host", "route"}


def bound_of(run: Interpreter, callee: FunctionValue, arguments: Arguments) -> int:
    """How many statements a call may run. Code that names a registration method lifts all bounds."""
    if registers(run, callee):
        run.matters()
        return MAX_STEPS
    if next(carried(run.values_of(arguments)), None) is not None:
        return MAX_STEPS
    return _NESTED if run.calls else _OUTERMOST


def registers(run: Interpreter, callee: FunctionValue) -> bool:
    """Whether a function's own body uses a registration method, by its name."""
    key = id(callee.node)
    if key not in run.registering:
        body = callee.node.body if isinstance(callee.node, s.Function) else ()
        found = (one.attr in _CLEAR for one in expressions_of(body) if isinstance(one, s.Attribute))
        run.registering[key] = any(found)
    return run.registering[key]


def gave_up(run: Interpreter, callee: FunctionValue, site: Site | None) -> Unknown:
    """What a call gives whose bound is used up."""
    return Unknown(f"`{callee.node_name() or 'a lambda'}` is too long to follow", site)
