"""What is lost on the way: background tasks before an error, context variables in threads."""

from __future__ import annotations

from collections.abc import Callable

from fastapi_lint.project.background.lost_tasks import LostTasks
from fastapi_lint.project.dependencies.context_variables import ContextVariables
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

TASKS = """
from fastapi import BackgroundTasks, FastAPI, HTTPException
app = FastAPI()
@app.post("/a")
def lost(x: int, tasks: BackgroundTasks):
    if x:
        tasks.add_task(print)
        raise HTTPException(400)
@app.post("/b")
def kept(x: int, tasks: BackgroundTasks):
    tasks.add_task(print)
    if x:
        raise HTTPException(400)
"""

VARIABLES = """
from contextvars import ContextVar
from fastapi import Depends, FastAPI
app = FastAPI()
tenant, other = ContextVar("tenant"), ContextVar("other")
user = ContextVar("user")
def use(name): user.set(name)
def get_user(name: str): use(name)
async def get_tenant(name: str): user.set(name)
@app.get("/a")
async def read(a=Depends(get_user), b=Depends(get_tenant)):
    return user.get()
"""


def test_tasks(project_of: Build) -> None:
    project = project_of(TASKS)
    assert [one.function.name for one in LostTasks(project).all()] == ["lost"]


def test_context_variables(project_of: Build) -> None:
    project = project_of(VARIABLES)
    [found] = ContextVariables(project).lost()
    assert (found.dependency.name, found.variable.name, len(found.path)) == ("get_user", "user", 2)
    assert found.read.caller is not None
    assert found.read.caller.name == "read"
