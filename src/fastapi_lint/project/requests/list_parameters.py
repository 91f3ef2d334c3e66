"""Lists of plain values that FastAPI reads from the body of requests which usually have none.

`fastapi/dependencies/utils.py` (0.93 to 0.165): without a marker only a plain value is read from the query
string; a list, set, tuple or sequence of them is a body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.requests.inputs import Inputs
from fastapi_lint.project.routing.paths import parameter_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.inputs import Input
    from fastapi_lint.project.requests.parameters import RequestParameter
    from fastapi_lint.project.routing.table import Route

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE"})


class BodyList(msgspec.Struct, frozen=True, eq=False):
    """Such a parameter, and the methods of the routes that take it."""

    input: Input
    methods: tuple[str, ...]


def body_lists(project: Project) -> list[BodyList]:
    """One for each parameter that only routes without a body take, in the order of path and place."""
    found: dict[tuple[str, int], list[BodyList]] = {}
    for one in _all(project):
        place = (one.input.module.path, one.input.parameter.at)
        found.setdefault(place, []).append(one)
    joined = (_joined(rows) for _, rows in sorted(found.items(), key=lambda item: item[0]))
    return [one for one in joined if one.methods and _WITHOUT_BODY.issuperset(one.methods)]


def _joined(rows: list[BodyList]) -> BodyList:
    methods = {method: None for row in rows for method in row.methods}
    return BodyList(rows[0].input, tuple(sorted(methods, key=("GET", "HEAD").count, reverse=True)))


def _all(project: Project) -> Iterator[BodyList]:
    inputs = Inputs(project)
    for endpoint in project.endpoints.all:
        for route in endpoint.routes:
            if route.kind == "http" and not route.raw:
                for one in inputs.of(endpoint, route):
                    if _is_body_list(one.parameter, route):
                        yield BodyList(one, route.methods)


def _is_body_list(parameter: RequestParameter, route: Route) -> bool:
    """Whether a parameter is a list of plain values without a marker, and not in the path."""
    if parameter.marker != "" or parameter.type.shape != "list" or parameter.type.item != "scalar":
        return False
    return not isinstance(parameter.default, s.Call) and parameter.alias not in parameter_names(route.path)
