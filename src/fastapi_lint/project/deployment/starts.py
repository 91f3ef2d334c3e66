"""Makes start commands of servers' command lines and of calls that serve an app."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.project.deployment import gunicorn, servers
from fastapi_lint.project.deployment.model import Argument, StartCommand, Value
from fastapi_lint.project.deployment.options import parse

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import Target
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.servers import Settings
    from fastapi_lint.project.deployment.state import State

_NOT_SERVING = frozenset(("--version", "-v", "--help", "-h", "--check-config", "--print-config", "-V"))


def command_line(
    runner: Runner, server: str, words: tuple[Argument, ...], state: State
) -> StartCommand | None:
    """The start command that a server's words make, or None if they don't ask it to serve."""
    if server == "fastapi" and (len(words) < 2 or words[1].text not in ("run", "dev")):
        return None
    if any(word.text in _NOT_SERVING for word in words[1:3]):
        return None
    line = parse((*_from_environment(server, state), *words[1:]), servers.GRAMMARS[server])
    directory = line.last("--chdir", "--working-dir") if server in ("gunicorn", "granian") else None
    if directory is not None:
        text = directory.value.text if directory.value is not None else None
        state = replace(state, workdir=state.inside(text) if text is not None else None)
    file = gunicorn.file(runner, line, state) if server == "gunicorn" else {}
    if "chdir" in file:
        state = replace(state, workdir=gunicorn.changed(file["chdir"], state))
    settings = servers.read(server, line, state.variables, file)
    target = runner.targets.of_command(server, settings, words, state)
    return _start(runner, server, words, state, settings, target, line.open)


def _from_environment(server: str, state: State) -> tuple[Argument, ...]:
    """The words of `GUNICORN_CMD_ARGS`, which come before those of the command line."""
    setting = state.variables.find("GUNICORN_CMD_ARGS") if server == "gunicorn" else None
    if setting is None or setting.span is None:
        return ()
    span = setting.span
    if setting.value is None:
        return (Argument(None, span, "GUNICORN_CMD_ARGS", rest=True),)
    try:
        return tuple(Argument(text, span, text) for text in shlex.split(setting.value))
    except ValueError:
        return (Argument(None, span, "GUNICORN_CMD_ARGS", rest=True),)


def from_call(
    runner: Runner, server: str, place: Argument, state: State, settings: Settings, target: Target | None
) -> StartCommand:
    """The start command that a call such as `uvicorn.run(...)` makes."""
    return _start(runner, server, (place,), state, settings, target, False)


def _start(
    runner: Runner,
    server: str,
    words: tuple[Argument, ...],
    state: State,
    settings: Settings,
    target: Target | None,
    is_open: bool,
) -> StartCommand:
    return StartCommand(
        launch=runner.launch,
        server=server,
        span=words[0].span,
        words=words,
        steps=state.steps,
        conditional=state.conditional,
        open=is_open,
        order=len(runner.ran),
        subcommand=(words[1].text or "") if server == "fastapi" and len(words) > 1 else "",
        target=target,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        reload=settings.reload,
        log_level=settings.log_level,
        factory=settings.factory,
        worker_class=settings.worker_class,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        proxy_headers=settings.proxy_headers,
        socket=settings.socket,
        tls=settings.tls,
        app_dir=settings.app_dir,
        workdir=state.workdir,
        program=words[0].text or "",
        run_by=state.wrappers,
        variables=dict(state.variables.known),
        activated=state.activated,
    )


def only_given(value: Value[str]) -> str | None:
    """The text of a value that something gives, or None."""
    return value.value if value.is_given else None
