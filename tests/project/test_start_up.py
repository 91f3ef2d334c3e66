from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.start_up import StartUps
from fastapi_lint.project.names.wording import callee_name
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

HEAD = """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from shop import begin, settings
"""


def started(
    project_of: Build, body: str, *, rest: str = "", call: str = "FastAPI(lifespan=lifespan)"
) -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"{HEAD}{rest}\n@asynccontextmanager\nasync def lifespan(app):\n{lines}    yield\napp = {call}\n"
    project = project_of(source)
    [app] = project.apps
    return [callee_name(one.site) for one in StartUps(project).calls(app) if "begin" in callee_name(one.site)]


@pytest.mark.parametrize(
    ("body", "certain"),
    [
        ("begin()", True),
        ("with shop:\n    begin()", True),
        ("try:\n    begin()\nfinally:\n    print()", True),
        ("begin.now()\nif not begin.running:\n    begin.later()", True),
        ("if not begin.running:\n    begin.later()", True),
        ("if settings.x:\n    print()\nbegin()", True),
        ("if settings.x:\n    raise ValueError\nbegin()", True),
        ("if settings.x:\n    begin()", False),
        ("if begin.running and settings.x:\n    begin.later()", False),
        ("if settings.x:\n    return\nbegin()", False),
        ("for x in settings:\n    begin()", False),
        ("try:\n    print()\nexcept OSError:\n    begin()", False),
        ("match settings.x:\n    case 1:\n        begin()", False),
        ("def inner():\n    begin()", False),
    ],
)
def test_calls_that_no_condition_stands_before(project_of: Build, body: str, certain: bool) -> None:
    assert bool(started(project_of, body)) is certain


def test_ways(project_of: Build) -> None:
    rest = "def first():\n    second()\ndef second():\n    begin()\n"
    source = f"{HEAD}{rest}app = FastAPI(on_startup=[first])\n"
    project = project_of(source)
    [app] = project.apps
    [found] = [one for one in StartUps(project).calls(app) if callee_name(one.site) == "begin"]
    assert [callee_name(site) for site in found.path] == ["second"]
    assert not found.at_import


@pytest.mark.parametrize(
    "source",
    [
        "begin()\napp = FastAPI()\n",
        "def create_app():\n    begin()\n    return FastAPI()\napp = create_app()\n",
        "from app import other\napp = FastAPI()\n",
    ],
)
def test_at_import(project_of: Build, source: str) -> None:
    files = {
        "app/main.py": HEAD + source,
        "app/other.py": "from shop import begin\nbegin()\n",
        "app/__init__.py": "",
    }
    project = project_of(files)
    [app] = project.apps
    found = [one for one in StartUps(project).calls(app) if callee_name(one.site) == "begin"]
    assert [one.at_import for one in found] == [True]
