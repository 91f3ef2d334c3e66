from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project

Build = Callable[..., Project]


def reads(project: Project) -> list[tuple[int, str]]:
    module = project.module("app/main.py")
    assert module is not None
    return [(project.line(module, read.at), read.variable) for read in project.environment.reads(module)]


def test_reads_in_source_order(project_of: Build) -> None:
    source = """
import os
from os import environ as env, getenv
KEY = "K"
A = os.environ["A"]
class C:
    b = env.get("B", "")
    def m(self, c=getenv("C")):
        return os.getenv(key="D")
def f(e=env["E"]):
    for x in os.environ["F"].split(","):
        print(x, env[KEY], env[x])
    with open(getenv("G")):
        os.environ["H"] = "x"
    del os.environ["I"]
    return lambda: getenv("J")
"""
    assert reads(project_of(source)) == [
        *((5, "A"), (7, "B"), (8, "C"), (9, "D"), (10, "E"), (11, "F"), (12, "K"), (12, "")),
        *((13, "G"), (16, "J")),
    ]


def test_whole_files_and_decouple(project_of: Build) -> None:
    source = "from decouple import config\nfrom dotenv import dotenv_values\nconfig('A')\ndotenv_values()\n"
    project = project_of(source)
    module = project.module("app/main.py")
    assert module is not None
    found = list(project.environment.reads(module))
    assert [(read.variable, read.reads_all) for read in found] == [("A", False), ("", True)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os\n", True),
        ("import os.path\n", True),
        ("def f():\n    from dotenv import dotenv_values\n", True),
        ("from decouple import config\n", True),
        ("import osmnx\n", False),
        ("", False),
    ],
)
def test_readers(project_of: Build, source: str, expected: bool) -> None:
    project = project_of(source)
    module = project.module("app/main.py")
    assert module is not None
    assert project.environment.is_reader(module) is expected


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ.setdefault('A', 'b')\n",
        "import os\nprint({**os.environ})\n",
        "import os\n'A' in os.environ\n",
        "def getenv(x): ...\ngetenv('A')\n",
        "config = {}\nconfig['A']\n",
    ],
)
def test_no_reads(project_of: Build, source: str) -> None:
    assert reads(project_of(source)) == []
