from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
import datetime, os, random, secrets, time, uuid
import datetime as dt
from datetime import datetime as DateTime, timedelta
from typing import Annotated, ClassVar
from uuid import uuid4 as make_id
from fastapi import Depends, FastAPI, Form, Header, Query
from pydantic import BaseModel, Field, PrivateAttr
from pydantic_settings import BaseSettings
app = FastAPI()
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["PYD003"])


def test_place_and_message() -> None:
    [finding] = found("class Event(BaseModel):\n    at: DateTime = DateTime.now()\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (11, 20, 34)
    assert finding.message == "`DateTime.now()` runs once, at import, so every `Event` gets the same `at`"
    assert finding.symbol == "Event"


def test_message_of_a_parameter() -> None:
    [finding] = found("@app.get('/')\ndef view(at=dt.date.today()): ...\n")
    assert finding.message == (
        "`dt.date.today()` runs once, at import, so every request to `view` gets the same default of `at`"
    )
    assert finding.fix is None


CALLS = [
    "datetime.datetime.now()",
    "dt.datetime.utcnow()",
    "DateTime.today()",
    "datetime.date.today()",
    "time.time()",
    "time.monotonic()",
    "uuid.uuid1()",
    "make_id()",
    "secrets.token_hex(8)",
    "secrets.token_urlsafe()",
    "random.random()",
    "random.choice([1, 2])",
    "os.urandom(8)",
    "DateTime.now() + timedelta(days=1)",
    "str(uuid.uuid4())",
    "make_id().hex",
    "f'{make_id()}'",
    "int(time.time() * 1000)",
    "now()",
]


@pytest.mark.parametrize("call", CALLS)
def test_calls(call: str) -> None:
    helper = "def now():\n    return DateTime.now()\n"
    assert len(found(f"{helper}class M(BaseModel):\n    a: object = {call}\n")) == 1
    assert len(found(f"{helper}class M(BaseModel):\n    a: object = Field(default={call})\n")) == 1
    assert len(found(f"{helper}class M(BaseModel):\n    a: object = Field({call}, title='a')\n")) == 1
    assert len(found(f"{helper}@app.get('/')\ndef view(a={call}): ...\n")) == 1


@pytest.mark.parametrize("marker", ["Query", "Header", "Form"])
def test_parameters_and_dependencies(marker: str) -> None:
    assert len(found(f"@app.get('/')\ndef view(a: str = {marker}(str(make_id()))): ...\n")) == 1
    assert len(found(f"@app.get('/')\ndef view(a: str = {marker}(default=str(make_id()))): ...\n")) == 1
    source = "def low(a=make_id()): ...\n@app.get('/')\ndef view(b=Depends(low)): ...\n"
    assert len(found(source)) == 1


def test_tables_and_derived_models() -> None:
    source = (
        "from sqlmodel import Field as F, SQLModel\nclass T(SQLModel, table=True):\n"
        "    a: DateTime = F(default=DateTime.now())\n"
    )
    assert len(found(source)) == 1
    assert len(found("class B(BaseModel): ...\nclass M(B):\n    a: str = make_id().hex\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "class M(BaseModel):\n    a: DateTime = Field(default_factory=DateTime.now)\n",
        "class M(BaseModel):\n    a: DateTime = Field(default_factory=lambda: DateTime.now())\n",
        "class M(BaseModel):\n    a: str = lambda: make_id()\n",
        "class M:\n    a: DateTime = DateTime.now()\n",
        "class M(BaseModel):\n    a: ClassVar[str] = make_id().hex\n",
        "class M(BaseModel):\n    _a: str = make_id().hex\n",
        "class M(BaseModel):\n    a: DateTime = DateTime(2020, 1, 1)\n",
        "class M(BaseModel):\n    a: object = datetime.date(2020, 1, 1) + timedelta(days=1)\n",
        "class M(BaseModel):\n    a: object = DateTime.fromisoformat('2020-01-01')\n",
        "class M(BaseModel):\n    def f(self, at=DateTime.now()): ...\n",
        "class S(BaseSettings):\n    secret_key: str = secrets.token_urlsafe(32)\n",
        "def helper(at=DateTime.now()): ...\n",
        "@app.get('/')\ndef view(a=None):\n    a = a or DateTime.now()\n",
        "def low(): ...\n@app.get('/')\ndef view(a=Depends(low)): ...\n",
        "class Clock:\n    def now(self): ...\nclock = Clock()\nclass M(BaseModel):\n"
        "    a: object = clock.now()\n",
        "from library import now\nclass M(BaseModel):\n    a: object = now()\n",
        "STARTED = DateTime.now()\n",
        "class M(BaseModel):\n    a: Annotated[str, make_id()]\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests_are_left_out() -> None:
    source = HEAD + "class M(BaseModel):\n    a: str = make_id().hex\n"
    assert lint({"tests/test_a.py": source}, select=["PYD003"]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("= make_id()", "= Field(default_factory=make_id)"),
        ("= make_id().hex", "= Field(default_factory=lambda: make_id().hex)"),
        ("= Field(make_id(), alias='b')", "= Field(default_factory=make_id, alias='b')"),
        (
            "= Field(alias='b', default=time.time() + 1)",
            "= Field(alias='b', default_factory=lambda: time.time() + 1)",
        ),
    ],
)
def test_fixes(before: str, after: str) -> None:
    text = HEAD + f"class M(BaseModel):\n    a: object {before}\n"
    files = {"app/main.py": text}
    assert apply_fixes(files, lint(files, select=["PYD003"]))["app/main.py"] == text.replace(before, after)


def test_fix_imports_field_from_where_the_model_is() -> None:
    text = "import uuid\nfrom sqlmodel import SQLModel\nclass T(SQLModel):\n    a: uuid.UUID = uuid.uuid4()\n"
    files = {"app/main.py": text}
    fixed = apply_fixes(files, lint(files, select=["PYD003"]))["app/main.py"]
    assert "from sqlmodel import SQLModel, Field\n" in fixed
    assert "a: uuid.UUID = Field(default_factory=uuid.uuid4)\n" in fixed


def test_no_fix_where_a_lambda_would_not_see_a_name() -> None:
    [finding] = found(
        "class M(BaseModel):\n    days: int = 3\n    a: object = DateTime.now() + timedelta(days)\n"
    )
    assert finding.fix is None
