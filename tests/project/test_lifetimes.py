from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.background.lifetimes import Frame, Lifetimes
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
HEAD = """\
from functools import cache
from fastapi import Depends, FastAPI, Request
from other import Thing
app = FastAPI()
app.state.jobs = {}
app.state.thing = Thing()
class Room:
    names = []
    def __init__(self):
        self.members = set()
        self.thing = Thing()
class House:
    def __init__(self):
        self.rooms: dict[str, Room] = {}
        self.hall = Room()
house = House()
items = [1]
@cache
def cached_house():
    return House()
def same_house():
    return house
def new_house():
    return House()
"""


def collection(project: Project, *, lasting_self: bool = False) -> str | None:
    """The name of the collection that the last expression of the function `f` is."""
    module = project.module("app/main.py")
    assert module is not None
    [function] = [f for f in project.resolver.index(module).functions if f.name == "f"]
    last = function.node.body[-1]
    assert isinstance(last, s.Expression)
    scope = project.resolver.scope(function)
    found = Lifetimes(project).collection(last.value, scope, Frame(function, lasting_self))
    return found.name if found is not None else None


@pytest.mark.parametrize(
    ("expr", "name"),
    [
        ("items", "items"),
        ("items[0]", "items"),
        ("list(items)", "items"),
        ("house.rooms", "House.rooms"),
        ("house.rooms.get('a', [])", "House.rooms"),
        ("house.hall.members", "Room.members"),
        ("house.rooms['a'].members", "Room.members"),
        ("Room.names", "Room.names"),
        ("app.state.jobs", "app.state.jobs"),
        ("request.app.state.jobs", "app.state.jobs"),
        ("app.state.thing", None),
        ("app.state.unknown", None),
        ("house.hall.thing", None),
        ("Room().members", None),
        ("injected.rooms", "House.rooms"),
        ("fresh.rooms", None),
        ("cached_house().rooms", "House.rooms"),
        ("same_house().rooms", "House.rooms"),
        ("new_house().rooms", None),
        ("[1]", None),
        ("request.state.jobs", None),
    ],
)
def test_what_lasts(project_of: Build, expr: str, name: str | None) -> None:
    parameters = "request: Request, injected: House = Depends(same_house), fresh: House = Depends(new_house)"
    project = project_of(f"{HEAD}@app.get('/')\ndef f({parameters}):\n    {expr}\n")
    assert collection(project) == name


def test_through_local_names_and_loops(project_of: Build) -> None:
    body = "    rooms = house.rooms\n    for room in rooms.values():\n        print(room)\n    room\n"
    assert collection(project_of(f"{HEAD}def f():\n{body}")) == "House.rooms"


def test_own_object(project_of: Build) -> None:
    source = f"{HEAD}class Flat(House):\n    def f(self):\n        self.rooms\n"
    assert collection(project_of(source), lasting_self=True) == "House.rooms"
    assert collection(project_of(source)) is None


def test_local_collection_and_global_statement(project_of: Build) -> None:
    assert collection(project_of(f"{HEAD}def f():\n    items = []\n    items\n")) is None
    assert collection(project_of(f"{HEAD}def f():\n    global items\n    items = []\n    items\n")) == "items"
