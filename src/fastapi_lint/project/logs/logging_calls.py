"""Calls that write to a log: of loggers of the standard library, structlog and loguru, and of `print`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import dotted_name, method_call
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Types, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import Calls, CallSite

_METHODS = frozenset(
    "debug info warning warn error exception critical fatal log trace success adebug ainfo awarning aerror "
    "aexception acritical".split()
)
_LIBRARIES = ("logging.", "loguru.logger.", "structlog.")
_NAMES = frozenset("logger log _logger _log logging".split())
"""What loggers are called whose class isn't known."""

_OPTIONS = frozenset("exc_info stack_info stacklevel file sep end flush".split())
"""Keyword arguments that aren't written."""


class LoggingCalls:
    """Answers which calls write to a log."""

    def __init__(self, types: Types, calls: Calls) -> None:
        self.types = types
        self.calls = calls

    def of(self, function: FunctionSymbol) -> Iterator[CallSite]:
        """The calls of a function's own body that write to a log, in source order."""
        for site in self.calls.of(function):
            if self.is_logging(site.call, site.scope):
                yield site

    def is_logging(self, call: s.Call, scope: Scope) -> bool:
        """Whether a call writes to a log, or prints."""
        if isinstance(call.func, s.Name):
            return self.types.callee(call, scope) == External("builtins.print")
        method = method_call(call)
        if method is None or method[1] not in _METHODS:
            return False
        return self._is_logger(method[0], call, scope)

    def _is_logger(self, receiver: Expr, call: s.Call, scope: Scope) -> bool:
        callee = self.types.callee(call, scope)
        if isinstance(callee, External) and callee.name.startswith(_LIBRARIES):
            return True
        value = self.types.infer(receiver, scope)
        if class_name(value) == "logging.Logger":
            return True
        last = (dotted_name(receiver) or "").rpartition(".")[2].lower()
        return (value is None or isinstance(callee, External)) and last in _NAMES


def written(call: s.Call) -> Iterator[Expr]:
    """The arguments of a logging call that it writes: message, values, `extra`, structlog's keywords."""
    for arg in call.args:
        yield arg.value if isinstance(arg, s.Starred) else arg
    for keyword in call.keywords:
        if keyword.name not in _OPTIONS:
            yield keyword.value
