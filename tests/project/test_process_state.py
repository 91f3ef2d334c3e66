from __future__ import annotations

from collections.abc import Callable

from fastapi_lint.project.background.process_state import ProcessState
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

SOURCE = """
from fastapi import Depends, FastAPI
from slowapi import Limiter
app = FastAPI()
limiter = Limiter(key_func=len)
shared = Limiter(key_func=len, storage_uri="redis://redis")
jobs = {}
codes = {}
fixed = {"a": 1}
users = {}

def load(name):
    if name not in users:
        users[name] = open(name).read()
    return users[name]

class Store:
    def __init__(self):
        self.items = []
    def add(self, item):
        self.items.append(item)
store = Store()

def remember(name: str):
    codes[name] = 1

@app.post("/jobs/{name}", dependencies=[Depends(remember)])
def start(name: str):
    jobs[name] = fixed["a"]
    store.add(name)

@app.get("/jobs/{name}")
def status(name: str):
    return jobs[name], codes.get(name), fixed, load(name), store.items
"""


def test_shared(project_of: Build) -> None:
    project = project_of(SOURCE)
    [app] = project.apps
    found = {one.collection.name: one for one in ProcessState(project).shared(app)}
    assert sorted(found) == ["Store.items", "codes", "jobs"]
    jobs = found["jobs"]
    assert (jobs.writer.function.name, jobs.reader.function.name) == ("start", "status")
    assert len(found["Store.items"].written.path) == 1


def test_limiters(project_of: Build) -> None:
    project = project_of(SOURCE)
    [app] = project.apps
    assert [project.line(site.module, site.call.at) for site in ProcessState(project).limiters(app)] == [5]
