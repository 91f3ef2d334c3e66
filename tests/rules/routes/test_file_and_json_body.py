from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import json
from typing import Annotated, Any, Generic, List, Optional, TypeVar
from fastapi import APIRouter, Body, Depends, FastAPI, File, Form, Query, UploadFile
from pydantic import BaseModel, BeforeValidator, Field, Json, RootModel, model_validator, root_validator
import kit
class Base(BaseModel):
    title: str
class Meta(Base):
    size: int = 0
Sent = Annotated[Meta, Body()]
T = TypeVar("T")
class Box(BaseModel, Generic[T]):
    inner: T
app = FastAPI()
"""


def found(code: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + code, **(files or {})}, select=["RTE013"])


def endpoint(parameters: str) -> str:
    return f"@app.post('/x')\ndef x({parameters}): ...\n"


def test_place_message_help_and_related() -> None:
    [finding] = found(endpoint("meta: Meta, file: UploadFile"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (16, 7, 17)
    assert (
        finding.message == "`x` takes the JSON body `meta` beside the file `file`, so each request is refused"
    )
    assert finding.help.startswith("Take `meta` as form fields too")
    assert [related.span.column for related in finding.related] == [19]


@pytest.mark.parametrize(
    "form",
    [
        "file: UploadFile",
        "file: UploadFile | None = None",
        "file: List[UploadFile]",
        "file: bytes = File()",
        "file: Annotated[bytes, File()]",
        "file: str = Form(...)",
        "file: Annotated[str, Form()] = 'a'",
    ],
)
def test_every_kind_of_form(form: str) -> None:
    assert len(found(endpoint(f"meta: Meta, {form}".replace("meta: Meta, ", "*, meta: Meta, ")))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "meta: Meta",
        "meta: Meta = Body()",
        "meta: Annotated[Meta, Body(embed=True)]",
        "meta: Sent",
        "meta: Annotated[Meta, 'about the file']",
        "meta: list[Meta]",
        "meta: Annotated[list[Meta], Body()]",
        "meta: dict[str, str] = Body()",
        "meta: dict",
        "meta: Box[int]",
    ],
)
def test_every_kind_of_body(body: str) -> None:
    assert len(found(endpoint(f"*, {body}, file: UploadFile"))) == 1


@pytest.mark.parametrize("body", ["Meta | None = None", "Optional[Meta] = Body(None)"])
def test_optional_body(body: str) -> None:
    [finding] = found(endpoint(f"*, file: UploadFile, meta: {body}"))
    assert finding.message.endswith("so no request can bring both")


def test_form_field_in_words() -> None:
    [finding] = found(endpoint("meta: Meta, name: str = Form()"))
    assert "beside the form field `name`" in finding.message


def test_model_from_another_module() -> None:
    models = "from pydantic import BaseModel\nclass Label(BaseModel):\n    text: str\n"
    code = "from app.models import Label as L\n" + endpoint("meta: L, file: UploadFile")
    assert len(found(code, {"app/models.py": models})) == 1


@pytest.mark.parametrize(
    "code",
    [
        "def part(file: UploadFile): ...\n" + endpoint("meta: Meta, part=Depends(part)"),
        "def part(meta: Meta): ...\n" + endpoint("file: UploadFile, part=Depends(part)"),
        "def deep(meta: Meta): ...\ndef part(d=Depends(deep)): ...\n"
        + endpoint("file: UploadFile, part=Depends(part)"),
        "def part(meta: Meta): ...\nrouter = APIRouter(dependencies=[Depends(part)])\n@router.post('/x')\n"
        "def x(file: UploadFile): ...\napp.include_router(router)\n",
        "class Part:\n    def __init__(self, meta: Meta): ...\n"
        + endpoint("file: UploadFile, part: Part = Depends()"),
        "class Part:\n    def __call__(self, meta: Meta): ...\n"
        + endpoint("file: UploadFile, part=Depends(Part())"),
    ],
)
def test_dependencies(code: str) -> None:
    assert len(found(code)) == 1


def test_one_finding_for_a_shared_dependency() -> None:
    code = "def part(meta: Meta): ...\n" + endpoint("file: UploadFile, part=Depends(part)")
    assert len(found(code + "@app.post('/y')\ndef y(file: UploadFile, part=Depends(part)): ...\n")) == 1


VALIDATED = (
    "class Read(BaseModel):\n    title: str\n    @{}\n    def read(cls, value): return json.loads(value)\n"
)


@pytest.mark.parametrize(
    "code",
    [
        endpoint("meta: Annotated[Meta, Form()], file: UploadFile"),
        endpoint("file: UploadFile, meta: Meta = Form()"),
        endpoint("file: UploadFile, meta: Meta = Depends()"),
        endpoint("file: UploadFile, meta: Annotated[Meta, Depends()]"),
        endpoint("file: UploadFile, meta: Annotated[Meta, Query()]"),
        endpoint("file: UploadFile, meta: Meta = Depends(kit.meta)"),
        endpoint("meta: Json, file: UploadFile"),
        endpoint("meta: Json[Meta], file: UploadFile"),
        endpoint("file: UploadFile, meta: Json[Meta] = Body()"),
        endpoint("file: UploadFile, meta: Annotated[Json[Meta], Form()]"),
        endpoint("file: UploadFile, meta: str = Body()"),
        endpoint("file: UploadFile, meta: Any = Body()"),
        endpoint("file: UploadFile, meta: list[str]"),
        endpoint("meta: kit.Meta, file: UploadFile"),
        endpoint("meta: Annotated[Meta, BeforeValidator(json.loads)], file: UploadFile"),
        "Read = Annotated[Meta, kit.from_text]\n" + endpoint("meta: Read, file: UploadFile"),
        endpoint("meta: Meta, tags: list[str]"),
        endpoint("file: UploadFile, title: str = Form()"),
        endpoint("meta: Meta, file: UploadFile = Depends(kit.file)"),
        VALIDATED.format("model_validator(mode='before')") + endpoint("meta: Read, file: UploadFile"),
        VALIDATED.format("model_validator(mode='wrap')") + endpoint("meta: Read, file: UploadFile"),
        VALIDATED.format("root_validator(pre=True)") + endpoint("meta: Read, file: UploadFile"),
        VALIDATED.format("model_validator(mode='before')")
        + "class Child(Read): ...\n"
        + endpoint("meta: Child, file: UploadFile"),
        "class Read(BaseModel):\n    @classmethod\n    def __get_validators__(cls): yield cls.read\n"
        + endpoint("meta: Read, file: UploadFile"),
        "class Read(kit.Texts, BaseModel): ...\n" + endpoint("meta: Read, file: UploadFile"),
        "class Read(RootModel[str]): ...\n" + endpoint("meta: Read, file: UploadFile"),
        "@app.post('/x')\n@kit.parts\ndef x(meta: Meta, file: UploadFile): ...\n",
        "def x(meta: Meta, file: UploadFile): ...\n",
        "@app.post('/x')\ndef x(meta: Meta): ...\n@app.post('/y')\ndef y(file: UploadFile): ...\n",
        "def part(file: UploadFile): ...\ndef x(meta: Meta): ...\n"
        "app.post('/x')(x)\napp.post('/y', dependencies=[Depends(part)])(print)\n",
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


def test_validators_that_come_after() -> None:
    model = VALIDATED.format("model_validator(mode='after')")
    assert len(found(model + endpoint("meta: Read, file: UploadFile"))) == 1


def test_endpoint_in_tests() -> None:
    files = {"tests/test_app.py": HEAD + endpoint("meta: Meta, file: UploadFile")}
    assert lint(files, select=["RTE013"]) == []
