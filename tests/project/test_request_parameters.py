from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.parameters import RequestParameter

Build = Callable[..., Project]

HEAD = """
import enum
from datetime import date
from typing import Annotated, List, Literal, Optional, Sequence, Union
from uuid import UUID
from fastapi import BackgroundTasks, Body, Depends, File, Form, Header, Path, Query, Request, UploadFile
from pydantic import BaseModel, EmailStr, Json
class In(BaseModel):
    name: str
class Color(str, enum.Enum):
    red = "red"
class Other: ...
def dep(): ...
Dep = Annotated[str, Depends(dep)]
Page = Annotated[int, Query(alias="p")]
Ids = list[int]
MARK = Query()
"""


@pytest.fixture
def parameter(project_of: Build) -> Callable[[str], RequestParameter]:
    """The only parameter of a function, as FastAPI takes it."""

    def build(text: str) -> RequestParameter:
        project = project_of(f"{HEAD}\ndef read({text}): ...\n")
        module = project.module("app/main.py")
        assert module is not None
        [function] = [f for f in project.resolver.index(module).functions if f.name == "read"]
        [found] = project.request_parameters.of_function(function)
        return found

    return build


@pytest.mark.parametrize(
    ("text", "marker", "shape", "item"),
    [
        ("x", "", "scalar", "unknown"),
        ("x: int = 1", "", "scalar", "unknown"),
        ("x: 'str | None' = None", "", "scalar", "unknown"),
        ("x: Optional[UUID] = None", "", "scalar", "unknown"),
        ("x: Color", "", "scalar", "unknown"),
        ("x: Literal['a']", "", "scalar", "unknown"),
        ("x: EmailStr", "", "scalar", "unknown"),
        ("x: list[int]", "", "list", "scalar"),
        ("x: Ids", "", "list", "scalar"),
        ("x: List[Color] | None = None", "", "list", "scalar"),
        ("x: Sequence[In]", "", "list", "model"),
        ("x: list", "", "list", "unknown"),
        ("x: dict[str, int]", "", "mapping", "unknown"),
        ("x: In", "", "model", "unknown"),
        ("x: In | None = None", "", "model", "unknown"),
        ("x: Json[In]", "", "json", "unknown"),
        ("x: UploadFile", "", "upload", "unknown"),
        ("x: list[UploadFile]", "", "upload", "upload"),
        ("x: Request", "", "special", "unknown"),
        ("x: BackgroundTasks", "", "special", "unknown"),
        ("x: Other", "", "unknown", "unknown"),
        ("x: Union[int, In]", "", "unknown", "unknown"),
        ("x: elsewhere.Thing", "", "unknown", "unknown"),
        ("x: int = Query()", "Query", "scalar", "unknown"),
        ("x: int = MARK", "Query", "scalar", "unknown"),
        ("x: Annotated[str, Form()]", "Form", "scalar", "unknown"),
        ("x: Annotated[list[str] | None, Header()] = None", "Header", "list", "scalar"),
        ("x: Annotated[bytes, File()]", "File", "scalar", "unknown"),
        ("x: Page", "Query", "scalar", "unknown"),
        ("x: Dep", "Depends", "scalar", "unknown"),
        ("x=Depends(dep)", "Depends", "scalar", "unknown"),
        ("x: int = elsewhere()", None, "scalar", "unknown"),
    ],
)
def test_marker_and_type(
    parameter: Callable[[str], RequestParameter], text: str, marker: str | None, shape: str, item: str
) -> None:
    found = parameter(text)
    assert (found.marker, found.type.shape, found.type.item) == (marker, shape, item)


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("x: int", "x"),
        ("x: int = Path(alias='y')", "y"),
        ("x: Annotated[int, Path(alias='z')]", "z"),
        ("x: Page = 1", "p"),
        ("x: int = Query(alias=NAME)", "x"),
    ],
)
def test_alias(parameter: Callable[[str], RequestParameter], text: str, alias: str) -> None:
    assert parameter(text).alias == alias


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class C:\n    def __init__(self, a: int, *args, b=1, **kwargs): ...", ["a", "b"]),
        ("class C(BaseModel):\n    a: int\n    _b: int\n    model_config = {}", ["a"]),
        ("class B(BaseModel):\n    a: int\nclass C(B):\n    b: str\n    a: str", ["a", "b"]),
        ("from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int\n    b: int = 2", ["a", "b"]),
        ("class C: ...", []),
        ("from lib import Base\nclass C(Base):\n    a: int", None),
        ("class C(Unknown):\n    a: int", None),
    ],
)
def test_class(project_of: Build, source: str, expected: list[str] | None) -> None:
    project = project_of(f"from pydantic import BaseModel\n{source}\n")
    module = project.module("app/main.py")
    assert module is not None
    [cls] = [c for c in project.resolver.index(module).classes if c.name == "C"]
    found = project.request_parameters.of_class(cls)
    assert (None if found is None else [one.name for one in found]) == expected
