"""The start commands of a project, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment.run import NO_SERVER
from fastapi_lint.project.project import Project
from fastapi_lint.report.deployment_document import document
from fastapi_lint.report.terminal import safe, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.engine.project_view import ProjectView
    from fastapi_lint.report.deployment_document import (
        DeploymentDocument,
        Place,
        ServerDocument,
        UnknownDocument,
        ValueDocument,
    )

_SHOWN_IF_GIVEN = ("socket", "worker_class", "factory", "app_dir", "tls")
"""Values that a reader needn't see where nothing sets them."""

_KINDS = {"image": "stage"}
_SHOWN_ENDS = 3
_LABELS = {
    "log_level": "log level",
    "proxy_headers": "proxy headers",
    "forwarded_allow_ips": "trusted proxies",
}


def deployments_json(project: ProjectView) -> str:
    """The start commands as a JSON document of version 1, with a final line break left out."""
    assert isinstance(project, Project)
    found = document(project.deployment)
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def deployments_text(project: ProjectView) -> Iterator[str]:
    """The lines of the report: what starts a server, and below it what else is started."""
    assert isinstance(project, Project)
    found = document(project.deployment).deployments
    serving = [item for item in found if item.servers]
    others = [item for item in found if not item.servers]
    if not found:
        yield "Nothing was found that starts something."
    for number, item in enumerate(serving):
        if number:
            yield ""
        yield from map(safe, _serving(item))
    if others:
        if serving:
            yield ""
        yield "No server is known to start here:"
        yield from map(safe, _others(others))


def _serving(item: DeploymentDocument) -> Iterator[str]:
    yield f"{_at(item.place)}  {_named(item)}  {_environment(item)}"
    for server in item.servers:
        yield from _server(server)


def _named(item: DeploymentDocument) -> str:
    return f"{_KINDS.get(item.kind, item.kind)} `{item.name}`"


def _environment(item: DeploymentDocument) -> str:
    return "environment unknown" if item.environment == "unknown" else item.environment


def _server(server: ServerDocument) -> Iterator[str]:
    mark = "?" if server.conditional else ""
    yield f"  {server.command}{mark}  {_target(server)}"
    if server.conditional:
        yield "    ? is started only under a condition"
    yield from (f"    {line}" for line in _table(_rows(server)))
    yield from (f"    {line}" for line in _unknown(server.unknown))


def _target(server: ServerDocument) -> str:
    target = server.target
    if target is None:
        return "?"
    text = target.text or "?"
    if target.app is not None:
        return f"{text}  (the app at {target.app.file}:{target.app.line})"
    return f"{text}  ({target.file})" if target.file else text


def _rows(server: ServerDocument) -> list[tuple[str, ...]]:
    steps = [(_at(step.place), step.text) for step in server.steps]
    rows = [("via" if not number else "", *reversed(step)) for number, step in enumerate(steps)]
    rows.append(("starts", server.command, _at(server.place)))
    for name, value in server.values.items():
        if value.origin != "default" or name not in _SHOWN_IF_GIVEN:
            rows.append((_LABELS.get(name, name.replace("_", " ")), _shown(value), _source(value)))
    return rows


def _shown(value: ValueDocument) -> str:
    if value.value is None:
        return "?"
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    return str(value.value) if value.value != "" else "-"


def _source(value: ValueDocument) -> str:
    if value.origin == "default":
        return "by default"
    return f"{_at(value.place)}  {value.written}".rstrip() if value.place is not None else value.written


def _unknown(unknown: Sequence[UnknownDocument]) -> Iterator[str]:
    for item in unknown:
        place = f" ({_at(item.place)})" if item.place is not None else ""
        yield f"unknown: {item.what}: {item.reason}{place}"


def _others(items: Sequence[DeploymentDocument]) -> Iterator[str]:
    for item in items:
        yield f"  {_at(item.place)}  {_named(item)}"
        ends = list(dict.fromkeys(end.reason for end in item.unknown))
        telling = [reason for reason in ends if NO_SERVER not in reason]
        yield from (f"    {reason}" for reason in telling[:_SHOWN_ENDS] or ends[-1:])


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    columns = len(rows[0])
    widths = [max(width(row[column]) for row in rows) for column in range(columns)]
    for row in rows:
        cells = (cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _at(place: Place | None) -> str:
    return f"{place.file}:{place.line}" if place is not None else ""
