from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.made_per_request import RequestObjects
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
HEAD = """\
from functools import cache
from fastapi import FastAPI
from things import Thing
app = FastAPI()
KEPT = []
"""


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("@app.get('/')\ndef read():\n    return Thing()\n", 1),
        ("def make():\n    return Thing()\n@app.get('/')\ndef read():\n    return make()\n", 1),
        ("@cache\ndef make():\n    return Thing()\n@app.get('/')\ndef read():\n    return make()\n", 0),
        ("@app.get('/')\ndef read():\n    thing = Thing()\n    KEPT.append(thing)\n", 0),
        ("@app.get('/')\ndef read():\n    thing = Thing()\n    KEPT.append(thing.name)\n", 1),
        ("@app.get('/')\ndef read():\n    app.state.thing = Thing()\n", 0),
        ("@app.get('/')\ndef read():\n    global thing\n    thing = Thing()\n", 0),
        ("@app.get('/')\ndef read(name: str):\n    return Thing(name)\n", 0),
        ("@app.get('/')\ndef read(name: str):\n    answer = {}\n    answer['x'] = Thing().load(name)\n", 1),
        ("thing = Thing()\n", 0),
        ("@app.middleware('http')\nasync def add(request, call_next):\n    Thing()\n", 0),
    ],
)
def test_objects(project_of: Build, source: str, count: int) -> None:
    found = RequestObjects(project_of(HEAD + source)).made_by(frozenset({"things.Thing"}))
    assert len(list(found)) == count


def test_middleware_if_asked_for(project_of: Build) -> None:
    source = "@app.middleware('http')\nasync def add(request, call_next):\n    Thing()\n"
    objects = RequestObjects(project_of(HEAD + source))
    [found] = objects.made_by(frozenset({"things.Thing"}), in_middleware=True)
    assert found.served.start.kind == "middleware"
