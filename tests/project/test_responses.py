"""What returned values mean as responses, and which results are constant."""

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.constant_results import ConstantResults

Build = Callable[..., Project]
HEAD = (
    "from http import HTTPStatus\nfrom fastapi import Response, status\n"
    "from fastapi.responses import JSONResponse, RedirectResponse\nfrom pydantic import BaseModel\n"
    "class State(BaseModel):\n    ok: bool\nOK = 'ok'\nflag = True\n"
)


def returned(project: Project) -> tuple[int | None, bool, bool]:
    """Status, plainness and constancy of what `f` returns."""
    index = project.resolver.index(project.modules[0])
    [function] = [f for f in index.functions if f.name == "f"]
    [value] = return_values(function)
    scope = index.scope_of(function)
    responses = Responses(project.types)
    constant = ConstantResults(project.types).returns_constant(function)
    return responses.status(value, scope), responses.is_plain(value, scope), constant


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{'a': 1}", (None, True, True)),
        ("'a'", (None, True, True)),
        ("OK", (None, True, True)),
        ("flag", (None, True, False)),
        ("State(ok=True)", (None, True, True)),
        ("State(ok=flag)", (None, True, False)),
        ("JSONResponse({})", (200, False, True)),
        ("JSONResponse({}, 503)", (503, False, True)),
        ("JSONResponse({}, status_code=status.HTTP_503_SERVICE_UNAVAILABLE)", (503, False, True)),
        ("Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)", (503, False, True)),
        ("RedirectResponse('/')", (307, False, False)),
        ("JSONResponse({}, status_code=code)", (None, False, False)),
        ("JSONResponse(**given)", (None, False, False)),
        ("unknown()", (None, False, False)),
    ],
)
def test_returned_values(project_of: Build, value: str, expected: tuple[int | None, bool, bool]) -> None:
    assert returned(project_of(HEAD + f"def f():\n    return {value}\n")) == expected
