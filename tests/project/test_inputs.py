from __future__ import annotations

from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.inputs import Inputs

from .conftest import Build

CODE = """\
from fastapi import APIRouter, Depends, FastAPI
import kit
def guard(token: str): ...
def deep(page: int): ...
def near(size: int, d=Depends(deep)): ...
class Filter:
    def __init__(self, name: str): ...
router = APIRouter(dependencies=[Depends(guard)])
@router.get('/x')
def x(a: int, n=Depends(near), f: Filter = Depends(), k=Depends(kit.other)): ...
@router.get('/y')
@kit.wrapped
def y(a: int): ...
app = FastAPI()
app.include_router(router)
"""


def found(project: Project, name: str) -> list[tuple[str, str, int]]:
    endpoint = next(one for one in project.endpoints.all if one.function.name == name)
    inputs = Inputs(project).of(endpoint, endpoint.routes[0])
    return [
        (one.holder.name, one.parameter.name, len(one.steps))
        for one in inputs
        if one.parameter.marker != "Depends"
    ]


def test_parameters_of_the_endpoint_and_its_dependencies(project_of: Build) -> None:
    assert found(project_of(CODE), "x") == [
        ("x", "a", 0),
        ("near", "size", 1),
        ("Filter", "name", 1),
        ("guard", "token", 1),
        ("deep", "page", 2),
    ]


def test_signature_that_is_not_known(project_of: Build) -> None:
    assert found(project_of(CODE), "y") == []
