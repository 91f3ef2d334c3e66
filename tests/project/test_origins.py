from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.project import Project
from fastapi_lint.project.types.origins import Origins

Build = Callable[..., Project]

SOURCE = """
import whisper
import torch
from shop import make

class Net(torch.nn.Module): ...
class Plain: ...
class Speech:
    def __init__(self):
        self.model = whisper.load_model("base")
def loaded():
    return whisper.load_model("base")
model = None
def load():
    global model
    model = whisper.load_model("base")
async def f(given, name):
    parts, info = whisper.load_model("x").parts()
    found = {expr}
"""


@pytest.mark.parametrize(
    ("expr", "origin"),
    [
        ("whisper.load_model('x')", "whisper.load_model"),
        ("whisper.load_model('x').to('cpu')", "whisper.load_model"),
        ("loaded()", "whisper.load_model"),
        ("await loaded()", "whisper.load_model"),
        ("model", "whisper.load_model"),
        ("parts[0]", "whisper.load_model"),
        ("loaded() if name else None", "whisper.load_model"),
        ("Speech().model", "whisper.load_model"),
        ("make()", "shop.make"),
        ("Net()", "torch.nn.Module"),
        ("Net()(1)", "torch.nn.Module"),
        ("Plain()", None),
        ("Plain().model", None),
        ("given", None),
        ("given.model()", None),
        ("f", None),
    ],
)
def test_origin(project_of: Build, expr: str, origin: str | None) -> None:
    project = project_of(SOURCE.replace("{expr}", expr))
    module = project.module("app/main.py")
    assert module is not None
    function = next(f for f in project.resolver.index(module).functions if f.name == "f")
    last = function.node.body[-1]
    assert isinstance(last, s.Assign)
    assert Origins(project.types).of(last.value, project.resolver.scope(function)) == origin
