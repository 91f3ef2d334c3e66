"""The route table, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing.table import App, Route, Site
from fastapi_lint.report.words import counted

if TYPE_CHECKING:
    from fastapi_lint.engine.project_view import ProjectView

_WIDTH = 60
"""How many characters of one expression are shown."""

_KINDS = {"websocket": "WEBSOCKET", "mount": "MOUNT", "frontend": "FRONTEND"}


class RouteDocument(msgspec.Struct, frozen=True):
    """One route of the JSON document. `file`, `line` and `name` are null where a library answers."""

    kind: str
    methods: tuple[str, ...]
    path: str
    file: str | None
    line: int | None
    name: str | None
    conditional: bool
    assumes: tuple[str, ...]


class AppDocument(msgspec.Struct, frozen=True):
    """One app of the JSON document."""

    target: str
    name: str
    path: str
    line: int
    complete: bool
    incomplete_because: tuple[str, ...]
    routes: tuple[RouteDocument, ...]


class RoutesDocument(msgspec.Struct, frozen=True):
    """The whole JSON document."""

    version: int
    apps: tuple[AppDocument, ...]


def routes_json(project: ProjectView) -> str:
    """The route table as a JSON document of version 1, with a final line break left out."""
    document = RoutesDocument(1, tuple(_app_document(app) for app in _apps(project)))
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def routes_text(project: ProjectView) -> Iterator[str]:
    """The lines of the route table: each app with its routes in the order in which they match."""
    apps = _apps(project)
    if not apps:
        yield "No FastAPI app was found."
    for number, app in enumerate(apps):
        if number:
            yield ""
        yield from _app_lines(project, app)


def _apps(project: ProjectView) -> list[App]:
    return [app for app in project.apps if isinstance(app, App)]


def _app_document(app: App) -> AppDocument:
    routes = tuple(_route_document(route) for route in app.routes)
    because = app.incomplete_because
    return AppDocument(app.target, app.name, app.path, app.line, app.complete, because, routes)


def _route_document(route: Route) -> RouteDocument:
    return RouteDocument(
        route.kind,
        route.methods,
        route.path,
        route.file,
        route.line,
        route.name,
        route.conditional,
        route.assumes,
    )


def _app_lines(project: ProjectView, app: App) -> Iterator[str]:
    yield f"{app.target}  {app.path}:{app.line}  {counted(len(app.routes), 'route')}"
    rows = [_row(project, route) for route in app.routes]
    if rows:
        heads = ("METHODS", "PATH", "HANDLER", "DEPENDENCIES", "RESPONSE")
        yield from _table([heads, *rows])
    if any(route.conditional for route in app.routes):
        yield "  ? is registered only under a condition"
    for setting in sorted({setting for route in app.routes for setting in route.assumes}):
        yield f"  paths assume the default of `{setting}`"
    for reason in app.incomplete_because:
        yield f"  incomplete: {reason}"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths))  # noqa: B905
        yield f"  {'  '.join(cells)}".rstrip()


def _row(project: ProjectView, route: Route) -> tuple[str, ...]:
    methods = _KINDS.get(route.kind) or ",".join(route.methods) or "ANY"
    mark = "?" if route.conditional else ""
    return (
        methods,
        (route.path or '""') + mark,
        _handler(route),
        _dependencies(project, route),
        _response(project, route),
    )


def _handler(route: Route) -> str:
    if route.file is not None:
        return f"{route.file}:{route.line} {route.name}"
    return f"({route.library})" if route.library else "-"


def _dependencies(project: ProjectView, route: Route) -> str:
    """What `dependencies=` gives at each level, from the app inwards."""
    levels = []
    for level in route.levels:
        names = [_dependency(project, site) for site in level.dependencies]
        if names:
            levels.append(f"{level.kind}: {', '.join(names)}")
    return "; ".join(levels) or "-"


def _dependency(project: ProjectView, site: Site) -> str:
    """`f` for `Depends(f)`, else the expression as it is written."""
    expr = site.expr
    called = expr.func if isinstance(expr, s.Call) else None
    name = called.attr if isinstance(called, s.Attribute) else getattr(called, "id", "")
    if isinstance(expr, s.Call) and name in ("Depends", "Security"):
        keywords = [one.value for one in expr.keywords if one.name == "dependency"]
        for inner in (*expr.args[:1], *keywords):
            return _source(project, site.module.path, inner)
    return _source(project, site.module.path, expr)


def _response(project: ProjectView, route: Route) -> str:
    """The response model: the argument of the decorator, else the return annotation."""
    given = route.options.get("response_model")
    if given is not None:
        return _source(project, given.module.path, given.expr)
    if route.endpoint is not None and route.endpoint.node.returns is not None and route.kind == "http":
        return _source(project, route.endpoint.module.path, route.endpoint.node.returns)
    return "-"


def _source(project: ProjectView, path: str, expr: s.Expr) -> str:
    text = _one_line(project.text(path)[s.start_of(expr.at) : s.end_of(expr.at)].split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _one_line(words: Iterable[str]) -> str:
    return " ".join(words)
