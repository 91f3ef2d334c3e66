"""Whether an app answers a path, as a health check asks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of, walk_expressions, walk_statements
from fastapi_lint.project.deployment.options import CommandLine, parse
from fastapi_lint.project.deployment.servers import GRAMMARS
from fastapi_lint.project.health import names as health
from fastapi_lint.project.names.symbols import Module

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route

_PARAMETER = re.compile(r"\{[^{}:]*(?::(\w+))?\}")
_GETS = frozenset(("GET", "HEAD"))
_REGISTERS = frozenset(
    "get post put patch delete head options trace route api_route websocket websocket_route mount "
    "include_router "
    "add_api_route add_route add_api_websocket_route APIRouter FastAPI".split()
)


def routes_for(app: App, path: str, methods: frozenset[str] = _GETS) -> Iterator[Route]:
    """The routes that answer a path, registered methods considered; one that redirects to it counts."""
    for route in app.routes:
        if route.kind == "http" and methods & set(route.methods) and matches(route.path, path):
            yield route


def matches(pattern: str, path: str) -> bool:
    """Whether a route's path with its parameters matches a path; a slash at the end doesn't count."""
    pieces = _PARAMETER.split(pattern.rstrip("/") or "/")
    regex = re.escape(pieces[0])
    for convertor, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        regex += (".*" if convertor == "path" else "[^/]+") + re.escape(literal)
    return re.fullmatch(regex, path.rstrip("/") or "/") is not None


def is_answered(app: App, path: str, starts: Sequence[StartCommand]) -> bool:
    """Whether anything in an app may answer a GET of a path."""
    for candidate in _without_root(app, path, starts):
        if any(True for _ in routes_for(app, candidate)) or candidate in _documents(app):
            return True
        for route in app.routes:
            if route.kind in ("mount", "frontend") and _is_below(candidate, route.path):
                return True
            if route.assumes and candidate.endswith(_tail(route.path)):
                return True
    return False


def _without_root(app: App, path: str, starts: Sequence[StartCommand]) -> Iterator[str]:
    """The path itself, and what is left of it behind the app's root path."""
    yield path
    for root in (app.root_path, *(_root_path(start) for start in starts)):
        root = root.rstrip("/")
        if root and path.startswith(root + "/"):
            yield path[len(root) :]


def _root_path(start: StartCommand) -> str:
    grammar = GRAMMARS.get(start.server)
    if grammar is None or len(start.words) < 2:
        return ""
    option = parse(start.words[1:], grammar).last("--root-path")
    return (option.value.text or "") if option is not None and option.value is not None else ""


def _documents(app: App) -> list[str]:
    """The addresses of the documentation."""
    if app.openapi_url is None:
        return []
    return [url for url in (app.docs_url, app.redoc_url, app.openapi_url) if url]


def _is_below(path: str, mount: str) -> bool:
    mount = _PARAMETER.split(mount)[0].rstrip("/")
    return not mount or path == mount or path.startswith(mount + "/")


def _tail(path: str) -> str:
    """The last segment of a route whose beginning comes from settings."""
    return path.rstrip("/")[path.rstrip("/").rfind("/") :] or "/"


def is_mentioned(project: Project, app: App, path: str) -> bool:
    """Whether the code names the path elsewhere than in routes, as a middleware does that answers it
    itself.
    """
    wanted = {path, path.rstrip("/"), path.rstrip("/") + "/"} - {""}
    for module in project.code_modules:
        text = project.text(module.path)
        if module.root != app.module.root or not any(one in text for one in wanted):
            continue
        registered: set[int] = set()
        for expr in _expressions(module):
            if isinstance(expr, s.Call) and _registers(expr):
                values = (*expr.args[:1], *(k.value for k in expr.keywords if k.name in ("path", "prefix")))
                registered.update(id(value) for value in values)
            elif isinstance(expr, s.Constant) and expr.value in wanted and id(expr) not in registered:
                return True
    return False


def _registers(call: s.Call) -> bool:
    """Whether a call looks like one that registers a route or a router."""
    name = call.func.attr if isinstance(call.func, s.Attribute) else getattr(call.func, "id", "")
    return name in _REGISTERS


def _expressions(module: Module) -> Iterator[s.Expr]:
    """All expressions of a module, bodies of functions and classes included."""
    waiting = [module.facts.body]
    while waiting:
        body = waiting.pop()
        yield from expressions_of(body)
        for statement in walk_statements(body):
            if isinstance(statement, s.Function | s.Class):
                waiting.append(statement.body)
                yield from walk_expressions(statement.decorators)


def nearest(app: App, path: str) -> Route | None:
    """The health route that is meant, if the app has just one, or one with the same last segment."""
    found = [route for route in app.routes if health.is_health(route) and not route.conditional]
    same = [route for route in found if health.segments(route.path)[-1:] == health.segments(path)[-1:]]
    if len(same) == 1:
        return same[0]
    return found[0] if len(found) == 1 else None


def options_of(start: StartCommand) -> CommandLine:
    """The options of a start command's words."""
    return parse(start.words[1:], GRAMMARS[start.server])
