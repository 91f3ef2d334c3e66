"""gunicorn's configuration file, which is Python."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.deployment.constants import Constants
from fastapi_lint.project.deployment.model import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.project.deployment.options import CommandLine
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.state import State
    from fastapi_lint.project.names.symbols import Module

_DEFAULT = "gunicorn.conf.py"


def file(runner: Runner, line: CommandLine, state: State) -> Mapping[str, Value[object]]:
    """What the file of `--config` says, else `./gunicorn.conf.py`; nothing if there is none.

    A file that is named but can't be read makes all that it may set unknown.
    """
    option = line.last("--config")
    text = option.value.text if option is not None and option.value is not None else None
    if option is not None and text is None:
        return _unknown(option.span)
    module = _module(runner, text or _DEFAULT, state)
    if module is not None:
        return _values(runner, module, state)
    return _unknown(option.span) if option is not None else {}


def _unknown(span: object) -> Mapping[str, Value[object]]:
    names = "bind workers worker_class reload loglevel forwarded_allow_ips certfile wsgi_app".split()
    return {name: Value(None, "file", span) for name in names}  # type: ignore[arg-type]


def _module(runner: Runner, text: str, state: State) -> Module | None:
    if text.startswith("python:"):
        return runner.targets.module(text.removeprefix("python:"), state, "")
    inside = state.inside(text.removeprefix("file:"))
    path = runner.files.locate(inside) if inside is not None else None
    return runner.project.module(path) if path is not None else None


def _values(runner: Runner, module: Module, state: State) -> Mapping[str, Value[object]]:
    """The module's own names, as settings; what isn't a constant is unknown."""
    project = runner.project
    constants = Constants(project.resolver, state.variables)
    scope = project.resolver.scope(module)
    found: dict[str, Value[object]] = {}
    for name, bindings in scope.bindings.items():
        last = bindings[-1]
        certain = len(bindings) == 1 and not last.conditional and not last.path and last.value is not None
        known = constants.of(last.value, scope) if certain else None
        span = project.span(module, last.value.at if last.value is not None else last.at)
        value = known.value if known is not None else _all_of(last.value, constants, scope)
        found[name] = Value(value, "file", span, name)
    return found


def _all_of(expr: s.Expr | None, constants: Constants, scope: object) -> object:
    """A list of addresses as one text."""
    if not isinstance(expr, s.Collection):
        return None
    texts = [constants.text(item, scope) for item in expr.items]  # type: ignore[arg-type]
    return ",".join(text for text in texts if text) if texts and all(texts) else None


def changed(value: Value[object], state: State) -> str | None:
    """The directory that the file's `chdir` names."""
    return state.inside(posixpath.normpath(value.value)) if isinstance(value.value, str) else None
