from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.own_responses import OwnResponses
from fastapi_lint.project.requests.response_changes import ResponseChanges
from fastapi_lint.project.types.bodies import return_values

Build = Callable[..., Project]
HEAD = "from fastapi import Depends, Response\nfrom fastapi.responses import JSONResponse, RedirectResponse\n"


def function(project: Project, name: str = "read") -> FunctionSymbol:
    module = project.module("app/main.py")
    assert module is not None
    return next(f for f in project.resolver.index(module).functions if f.name == name)


def test_injected_parameters(project_of: Build) -> None:
    project = project_of(
        f"{HEAD}def read(a: Response, b: dict, c: Response = Depends(x), *, d: Response): ...\n"
    )
    assert list(ResponseChanges(project).injected(function(project))) == ["a", "d"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("r.set_cookie('a')", ["cookie"]),
        ("r.headers['a'] = 1\n    r.status_code = 2", ["header", "status code"]),
        ("if r.status_code == 1:\n        return r", []),
        ("store(r)", None),
        ("x = r.headers", None),
        ("def inner(): r.set_cookie('a')", None),
    ],
)
def test_changes(project_of: Build, body: str, expected: list[str] | None) -> None:
    project = project_of(f"{HEAD}def read(r: Response):\n    {body}\n")
    changes = ResponseChanges(project).by(function(project), "r")
    assert (None if changes is None else [change.kind for change in changes]) == expected


@pytest.mark.parametrize(
    ("body", "made", "status"),
    [
        ("return JSONResponse({})", True, 200),
        ("return JSONResponse({}, status_code=404)", True, 404),
        ("return JSONResponse({}, 404)", True, 404),
        ("return Response(status_code=code)", True, None),
        ("return given", False, None),
        ("return {}", False, None),
        ("return elsewhere()", False, None),
    ],
)
def test_own_responses(project_of: Build, body: str, made: bool, status: int | None) -> None:
    project = project_of(f"{HEAD}def read(given: RedirectResponse):\n    {body}\n")
    read, own = function(project), OwnResponses(project)
    [value] = return_values(read)
    scope = project.resolver.scope(read)
    assert (own.made(value, scope) is not None) is made
    if made:
        assert own.status(value, scope) == status
