from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.client_texts import ClientTexts
from fastapi_lint.project.types.bodies import return_values

Build = Callable[..., Project]
HEAD = """\
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel
app = FastAPI()
KNOWN = {"a": "b"}
class Body(BaseModel):
    name: str
    age: int
"""


def text(project: Project, name: str = "f") -> tuple[str, str, int] | None:
    """What comes from the request in a function's result: its name, who gets it, how many calls away."""
    module = project.module("app/main.py")
    assert module is not None
    [function] = [f for f in project.resolver.index(module).functions if f.name == name]
    value = return_values(function)[-1]
    found = ClientTexts(project).of(value, project.resolver.scope(function))
    return (found.name, found.function.name, len(found.calls)) if found is not None else None


@pytest.mark.parametrize(
    ("parameters", "body", "expected"),
    [
        ("q: str", "return q", "q"),
        ("q: str", "return q.strip()", "q"),
        ("q: str", "return f'%{q}%'", "q"),
        ("q: str", "x = q or ''\n    return x", "q"),
        ("q: Body", "return q.name", "q.name"),
        ("q: Body", "return q.age", None),
        ("q: Body", "return q.other", None),
        ("q: int", "return q", None),
        ("q: Request", "return q.query_params['x']", "query_params"),
        ("q: str = Depends(KNOWN)", "return q", None),
        ("q: str", "return KNOWN[q]", None),
        ("q: str", "if q in KNOWN:\n        return q", None),
        ("q: str", "return clean(q)", None),
        ("q: list[str]", "for x in q:\n        return x", "q"),
    ],
)
def test_in_an_endpoint(project_of: Build, parameters: str, body: str, expected: str | None) -> None:
    found = text(project_of(f"{HEAD}@app.post('/')\ndef f({parameters}):\n    {body}\n"))
    assert found == ((expected, "f", 0) if expected is not None else None)


def test_through_calls(project_of: Build) -> None:
    source = (
        f"{HEAD}def f(x):\n    return x\ndef middle(y):\n    f(y)\n"
        "@app.get('/')\ndef read(q: str):\n    middle(q)\n"
    )
    assert text(project_of(source)) == ("q", "read", 2)


def test_calls_that_no_request_makes(project_of: Build) -> None:
    assert text(project_of(f"{HEAD}def f(x):\n    return x\ndef main(q: str):\n    f(q)\n")) is None
