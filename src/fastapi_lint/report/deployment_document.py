"""What the report of start commands holds: plain values, made from the model of the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment import wording
from fastapi_lint.project.deployment.servers import LACKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import Launch, StartCommand, Target, Unresolved, Value

VALUES = (
    "host",
    "port",
    "socket",
    "workers",
    "worker_class",
    "reload",
    "log_level",
    "proxy_headers",
    "forwarded_allow_ips",
    "factory",
    "app_dir",
    "tls",
)
"""What servers are told, in the order of the report: fields of `StartCommand`."""

_LONGEST = 60

_TARGETS = {
    "unknown": "what the target names isn't known",
    "module missing": "no file of the module was found where the server would import it",
    "attribute missing": "the module doesn't define it",
    "not found": "no file was found that the command line of FastAPI would take",
}


class Place(msgspec.Struct, frozen=True):
    """Where something is written. Line and column are 1-based."""

    file: str
    line: int
    column: int


class ValueDocument(msgspec.Struct, frozen=True):
    """One value. `value` is null if it isn't known; `origin` tells who says it, `default` that nobody does.

    `written` is what stands at the place: an option with its value, a variable's or an argument's name.
    """

    value: str | int | bool | None
    origin: str
    written: str
    place: Place | None


class TargetDocument(msgspec.Struct, frozen=True):
    """`module:attribute` as written, the file that it leads to, and the app of the project if it is one."""

    text: str | None
    status: str
    kind: str
    file: str | None
    app: Place | None
    place: Place


class StepDocument(msgspec.Struct, frozen=True):
    """One hop from the artifact to the server, in words."""

    kind: str
    text: str
    place: Place


class UnknownDocument(msgspec.Struct, frozen=True):
    """What isn't known, and why. `what` is the name of a value, `target`, `options`, or `command`."""

    what: str
    reason: str
    place: Place | None


class ServerDocument(msgspec.Struct, frozen=True):
    """A server that is started. `place` is its word or call; `command` how it is called.

    `values` has the names that the server has an option for.
    """

    server: str
    command: str
    place: Place
    conditional: bool
    target: TargetDocument | None
    values: dict[str, ValueDocument]
    steps: tuple[StepDocument, ...]
    unknown: tuple[UnknownDocument, ...]


class DeploymentDocument(msgspec.Struct, frozen=True):
    """A process that an artifact starts. `name` is its stage, service, container, process, program or unit.

    `unknown` tells where ways ended without a server.
    """

    kind: str
    name: str
    place: Place
    environment: str
    workdir: str | None
    servers: tuple[ServerDocument, ...]
    unknown: tuple[UnknownDocument, ...]


class DeploymentsDocument(msgspec.Struct, frozen=True):
    """The whole JSON document."""

    version: int
    deployments: tuple[DeploymentDocument, ...]


def document(deployment: Deployment) -> DeploymentsDocument:
    """All processes that the artifacts start, in the order of the model: it is the same on every run."""
    return DeploymentsDocument(1, tuple(_launch(deployment, launch) for launch in deployment.processes))


def _launch(deployment: Deployment, launch: Launch) -> DeploymentDocument:
    return DeploymentDocument(
        kind=launch.kind,
        name=launch.name,
        place=_place(launch.span),
        environment=launch.environment,
        workdir=launch.workdir,
        servers=tuple(_distinct(_server(start) for start in deployment.starts_of(launch))),
        unknown=tuple(dict.fromkeys(_way(end) for end in deployment.unresolved(launch))),
    )


def _distinct(servers: Iterable[ServerDocument]) -> Iterator[ServerDocument]:
    """The servers without those that differ from an earlier one in nothing but the way that led there."""
    seen: list[ServerDocument] = []
    for server in servers:
        bare = msgspec.structs.replace(server, steps=())
        if bare not in seen:
            seen.append(bare)
            yield server


def _way(end: Unresolved) -> UnknownDocument:
    return UnknownDocument("command", f"{_short(end.text)}: {end.reason}", _place(end.span))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _server(start: StartCommand) -> ServerDocument:
    told = [name for name in VALUES if name not in LACKING.get(start.server, ())]
    values: dict[str, Value[object]] = {name: getattr(start, name) for name in told}
    unknown = [_unknown_value(name, value) for name, value in values.items() if not value.is_known]
    if start.target is None:
        unknown.insert(0, UnknownDocument("target", "nothing says which app is served", None))
    elif start.target.status != "found":
        unknown.insert(0, _unknown_target(start.target))
    if start.open:
        unknown.append(UnknownDocument("options", "the command may have further words", _place(start.span)))
    return ServerDocument(
        server=start.server,
        command=wording.server_of(start),
        place=_place(start.span),
        conditional=start.conditional,
        target=_target(start.target) if start.target is not None else None,
        values={name: _value(value) for name, value in values.items()},
        steps=tuple(
            StepDocument(step.kind, wording.of_step(step), _place(step.span)) for step in start.steps
        ),
        unknown=tuple(unknown),
    )


def _unknown_value(name: str, value: Value[object]) -> UnknownDocument:
    sources = {
        "argument": "the value of `{}` isn't known",
        "variable": "the variable `{}` is set to something that isn't known",
        "file": "the configuration file sets `{}` to something that isn't known",
        "code": "the code sets `{}` to something that isn't known",
    }
    reason = sources.get(value.origin, "nothing says what it is").format(value.written or name)
    return UnknownDocument(name, reason, _place(value.span) if value.span is not None else None)


def _unknown_target(target: Target) -> UnknownDocument:
    reason = _TARGETS[target.status]
    text = f"`{target.text}`: {reason}" if target.text else reason
    return UnknownDocument("target", text, _place(target.span))


def _target(target: Target) -> TargetDocument:
    app = target.app
    return TargetDocument(
        text=target.text,
        status=target.status,
        kind=target.kind,
        file=target.module or None,
        app=Place(app.path, app.line, 1) if app is not None else None,
        place=_place(target.span),
    )


def _value(value: Value[object]) -> ValueDocument:
    plain = value.value if isinstance(value.value, str | int) else None
    place = _place(value.span) if value.span is not None else None
    return ValueDocument(plain, value.origin, value.written, place)


def _place(span: Span) -> Place:
    return Place(span.path, span.line, span.column)
