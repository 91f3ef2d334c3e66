"""Apps in another coat: a middleware or adapter of a library around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.third_party import WRAPPERS
from fastapi_lint.project.routing.values import ExternalInstance, Value

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter


def unwrapped(run: Interpreter, value: Value) -> Value:
    """The app inside a wrapper that is known to add nothing; any other value as it is."""
    for _ in range(5):
        if not isinstance(value, ExternalInstance) or value.callee not in WRAPPERS:
            return value
        inside = [
            one for one in run.values_of(value.arguments) if isinstance(one, RouterValue | ExternalInstance)
        ]
        found = [one for one in inside if isinstance(one, RouterValue) or one.callee in WRAPPERS]
        if not found:
            return value
        value = found[0]
    return value
