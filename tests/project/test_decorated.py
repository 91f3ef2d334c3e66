from __future__ import annotations

from collections.abc import Callable

from fastapi_lint.project.calls.seen_signatures import SeenSignatures
from fastapi_lint.project.project import Project
from fastapi_lint.project.routing.decorated import DecoratedFunctions

Build = Callable[..., Project]

SOURCE = """
from fastapi import FastAPI
app = FastAPI()
def hiding(f):
    def run(*args): ...
    return run
@app.get("/a")
@app.get("/b")
@hiding
def read(): ...
def plain(): ...
app.get("/c")(plain)
"""


def test_functions_below_route_decorators(project_of: Build) -> None:
    project = project_of(SOURCE)
    decorated = DecoratedFunctions(project)
    found = {endpoint.function.name: decorated.of(endpoint) for endpoint in project.endpoints.all}
    [read] = found["run"]
    assert read.function.name == "read"
    assert {at: route.path for at, route in read.routes.items()} == {0: "/a", 1: "/b"}
    assert found["plain"] == ()


def test_variadic_signatures(project_of: Build) -> None:
    [found] = SeenSignatures(project_of(SOURCE)).variadic()
    assert found.function.name == "read"
    assert found.wrapper is not None
    assert (found.wrapper.name, [p.name for p in found.parameters]) == ("run", ["args"])
