from __future__ import annotations

from fastapi_lint.project.calls.mentions import Mentions, mentions_of
from fastapi_lint.project.project import Project

from .conftest import Build

CODE = """\
import json
class Pool:
    def __init__(self): self.open()
    def open(self): json.loads("")
def leaf(): ...
def other(): ...
def start(app):
    def nested():
        return leaf
    app.router.startup()
    Pool()
"""


def found(project: Project) -> tuple[Mentions, set[str]]:
    index = project.resolver.index(project.modules[0])
    start = next(one for one in index.functions if one.name == "start")
    mentions = mentions_of(project.types, start)
    return mentions, {one.name for one in index.functions if id(one) in mentions.functions}


def test_functions_names_and_expressions(project_of: Build) -> None:
    mentions, functions = found(project_of(CODE))
    assert functions == {"start", "leaf", "__init__", "open"}
    assert "json.loads" in mentions.externals
    assert {"app.router.startup", "app.router", "app"} <= mentions.dotted
    assert mentions.is_all


def test_bound(project_of: Build) -> None:
    many = "".join(f"def f{i}(): f{i + 1}()\n" for i in range(400))
    mentions, _ = found(project_of(many + "def start(): f0()\n"))
    assert not mentions.is_all
