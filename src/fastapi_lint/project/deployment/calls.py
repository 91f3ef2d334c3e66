"""Calls that serve an app or start another program: `uvicorn.run(...)`, `subprocess.run([...])`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.shell import split_command
from fastapi_lint.project.body.statements import argument, dotted_name, keyword
from fastapi_lint.project.deployment.constants import Constants
from fastapi_lint.project.deployment.model import Argument, Value
from fastapi_lint.project.deployment.servers import Settings

if TYPE_CHECKING:
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.constants import Bindings
    from fastapi_lint.project.deployment.model import Target
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.state import State
    from fastapi_lint.project.names.symbols import Scope

T = TypeVar("T")

_SERVES = {
    "uvicorn.run": "uvicorn",
    "uvicorn.main.run": "uvicorn",
    "uvicorn.Config": "uvicorn",
    "uvicorn.config.Config": "uvicorn",
    "hypercorn.asyncio.serve": "hypercorn",
    "hypercorn.trio.serve": "hypercorn",
    "granian.Granian": "granian",
    "granian.server.Granian": "granian",
}
_SAID = {"uvicorn.main.run": "uvicorn.run", "uvicorn.config.Config": "uvicorn.Config"}
_SPAWNS = frozenset(
    {
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.Popen",
        "os.system",
        "os.execvp",
        "os.execv",
        "os.execvpe",
        "os.execve",
        "os.execlp",
        "os.execl",
    }
)


def serves(name: str) -> bool:
    """Whether a library's function serves the app that it is given."""
    return name in _SERVES


def spawns(name: str) -> bool:
    """Whether a library's function starts the program that it is given."""
    return name in _SPAWNS


class _Call(msgspec.Struct, frozen=True):
    """Reads the arguments of one call."""

    runner: Runner
    call: s.Call
    scope: Scope
    constants: Constants
    state: State

    def span(self, expr: s.Expr) -> Span:
        return self.runner.project.span(self.scope.module, expr.at)

    @property
    def is_open(self) -> bool:
        """Whether `**options` may give more."""
        return any(keyword.name is None for keyword in self.call.keywords)

    def value(self, name: str, default: T, kind: type[T], *variables: str) -> Value[T]:
        """A keyword argument; one that isn't given is the variable's value, else the default."""
        given = keyword(self.call, name)
        if given is not None:
            known = self.constants.of(given, self.scope)
            if known is not None and known.value is None:
                return Value(default, "code", self.span(given), name)
            value = known.value if known is not None and isinstance(known.value, kind) else None
            return Value(value, "code", self.span(given), name)
        if self.is_open:
            return Value(None, "code", None, name)
        setting = self.state.variables.first(*variables) if variables else None
        if setting is not None:
            return Value(
                cast("T | None", _read(setting.value, kind)), "variable", setting.span, setting.written
            )
        return Value(default)

    def literal(self, name: str, default: bool) -> Value[bool]:
        """A switch, known only if it is written as True or False."""
        given = keyword(self.call, name)
        if given is None:
            return Value(None, "code", None, name) if self.is_open else Value(default)
        known = given.value if isinstance(given, s.Constant) and isinstance(given.value, bool) else None
        return Value(known, "code", self.span(given), name)


def _read(text: str | None, kind: type) -> object:
    if text is None:
        return None
    if kind is int:
        return int(text) if text.isdecimal() and len(text) < 10 else None
    return text


def found(
    runner: Runner,
    name: str,
    call: s.Call,
    scope: Scope,
    arguments: Bindings,
    state: State,
    directory: str | None,
) -> None:
    """A call that serves an app becomes a start command."""
    from fastapi_lint.project.deployment.starts import from_call

    server = _SERVES[name]
    constants = Constants(runner.project.resolver, state.variables, arguments)
    reader = _Call(runner, call, scope, constants, state)
    target = _target(reader, server, directory)
    address = "address" if server == "granian" else "host"
    configured = server == "hypercorn"
    settings = Settings(
        target=Value(None),
        host=Value(None) if configured else reader.value(address, "127.0.0.1", str),
        port=Value(None) if configured else reader.value("port", 8000, int),
        workers=Value(None) if configured else reader.value("workers", 1, int, "WEB_CONCURRENCY"),
        reload=reader.literal("reload", False),
        log_level=reader.value("log_level", "info", str),
        factory=reader.literal("factory", False),
        forwarded_allow_ips=reader.value("forwarded_allow_ips", "127.0.0.1", str, "FORWARDED_ALLOW_IPS"),
        proxy_headers=reader.literal("proxy_headers", True),
        socket=reader.value("uds", "", str),
        tls=reader.value("ssl_certfile", "", str),
        app_dir=reader.value("app_dir", "", str),
    )
    span = runner.project.span(scope.module, call.at)
    place = Argument(name, span, _SAID.get(name, name))
    runner.found.append(from_call(runner, server, place, state, settings, target))


def _target(reader: _Call, server: str, directory: str | None) -> Target | None:
    given = argument(reader.call, 0, "target" if server == "granian" else "app")
    if given is None:
        return None
    text = reader.constants.text(given, reader.scope)
    span = reader.span(given)
    if text is not None:
        return reader.runner.targets.of_text(text, span, reader.state, directory)
    if isinstance(given, s.Template | s.Constant):
        return reader.runner.targets.unknown(span)
    return reader.runner.targets.apps.of_expression(given, reader.scope, span, dotted_name(given) or "app")


def spawned(runner: Runner, name: str, call: s.Call, scope: Scope, arguments: Bindings, state: State) -> None:
    """A call that starts another program: follow the words that it is given."""
    constants = Constants(runner.project.resolver, state.variables, arguments)
    if name in ("os.execlp", "os.execl"):
        items: tuple[s.Expr, ...] = call.args[1:]
    else:
        given = argument(call, 1, "args") if name.startswith("os.exec") else argument(call, 0, "args")
        if isinstance(given, s.Collection):
            items = given.items
        else:
            _spawned_text(runner, constants.text(given, scope), call, scope, state)
            return
    words: list[Argument] = []
    for item in items:
        span = runner.project.span(scope.module, item.at)
        known = constants.of(item, scope)
        text = str(known.value) if known is not None and isinstance(known.value, str | int) else None
        words.append(Argument(text, span, text or "...", rest=isinstance(item, s.Starred)))
    if words:
        runner.run(words, state)


def _spawned_text(runner: Runner, text: str | None, call: s.Call, scope: Scope, state: State) -> None:
    span = runner.project.span(scope.module, call.at)
    for command in split_command(text) if text else ():
        words = [Argument(word.literal, span, word.text) for word in command.words]
        if words:
            runner.run(words, state)
