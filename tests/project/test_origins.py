"""Which values come from the request."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.origins import RequestOrigins

Build = Callable[..., Project]
HEAD = """
from typing import Annotated
from fastapi import Depends, FastAPI, Header, Request
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel
class Body(BaseModel):
    name: str
app = FastAPI()
def stored(): ...
def bearer(authorization: str = Header()):
    return authorization.removeprefix("Bearer ")
"""


def is_from_request(project: Project) -> bool:
    """Whether what the endpoint `read` returns comes from the request."""
    [endpoint] = project.endpoints.all
    last = endpoint.function.node.body[-1]
    assert isinstance(last, s.Return)
    return RequestOrigins(project).is_from_request(last.value, project.resolver.scope(endpoint.function))


@pytest.mark.parametrize(
    ("parameters", "body", "expected"),
    [
        ("x: Annotated[str, Header()]", "return x", True),
        ("x: str", "return x.strip()", True),
        ("x: Body", "return x.name", True),
        ("x: str = Depends(APIKeyHeader(name='k'))", "return x", True),
        ("x: HTTPBasicCredentials = Depends(HTTPBasic())", "return x.password", True),
        ("x: str = Depends(bearer)", "return x", True),
        ("request: Request", "return request.headers['a'].split()[1]", True),
        ("request: Request", "a, b = request.query_params['x'].split()\n    return b", True),
        ("request: Request", "return (await request.json())['a']", True),
        ("x: str = Depends(stored)", "return x", False),
        ("x: int", "return x", False),
        ("request: Request", "return request.method", False),
        ("x: str", "x = stored()\n    return x", False),
        ("x: str", "return stored(x)", False),
    ],
)
def test_where_a_value_comes_from(project_of: Build, parameters: str, body: str, expected: bool) -> None:
    project = project_of(f"{HEAD}@app.post('/x')\nasync def read({parameters}):\n    {body}\n")
    assert is_from_request(project) is expected
