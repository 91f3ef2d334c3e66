from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, List, Literal, Optional, Set, Tuple, Union
from uuid import UUID
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, Header, Query
from pydantic import BaseModel, Field
import kit
class Colour(Enum):
    red = 'red'
class Item(BaseModel):
    id: int
Ids = List[int]
Marked = Annotated[List[int], Query()]
app = FastAPI()
"""


def found(code: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + code, **(files or {})}, select=["RTE011"])


def endpoint(parameter: str, method: str = "get", path: str = "/x") -> str:
    return f"@app.{method}('{path}')\ndef x({parameter}): ...\n"


def test_place_message_and_help() -> None:
    [finding] = found(endpoint("a: int, ids: list[int] = []"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (17, 15, 34)
    assert finding.message == "`ids` of `x` is read from the body of GET requests"
    assert finding.help.endswith("from the query string: `Annotated[list[int], Query()]`")


@pytest.mark.parametrize(
    "annotation",
    [
        "list[int]",
        "List[str]",
        "set[UUID]",
        "Set[Colour]",
        "tuple[int, ...]",
        "Tuple[str, str]",
        "frozenset[str]",
        "Sequence[float]",
        "list[Literal['a', 'b']]",
        "list[int] | None",
        "Optional[List[int]]",
        "Union[List[int], None]",
        "Ids",
        "Annotated[Ids, 'which ones']",
    ],
)
def test_every_kind_of_list(annotation: str) -> None:
    assert len(found(endpoint(f"ids: {annotation}"))) == 1


@pytest.mark.parametrize(("method", "safety"), [("get", "safe"), ("head", "safe"), ("delete", "unsafe")])
def test_methods(method: str, safety: str) -> None:
    [finding] = found(endpoint("ids: list[int]", method))
    assert finding.fix is not None
    assert finding.fix.safety == safety


def test_methods_of_all_endpoints() -> None:
    code = "def wanted(ids: list[int]): ...\n@app.delete('/y')\ndef y(ids=Depends(wanted)): ...\n"
    [finding] = found(code + endpoint("ids=Depends(wanted)"))
    assert finding.message.endswith("from the body of GET and DELETE requests")
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"


def test_alias_from_another_module() -> None:
    code = "from app.kinds import Ids as Wanted\n" + endpoint("ids: Wanted")
    [finding] = found(code, {"app/kinds.py": "Ids = list[int]\n"})
    assert finding.span.path == "app/main.py"
    assert finding.span.line == 18


def test_dependency_of_get_endpoints() -> None:
    code = "def wanted(ids: list[int]): ...\n" + endpoint("ids=Depends(wanted)")
    [finding] = found(code)
    assert finding.message == "`ids` of `wanted` is read from the body of GET requests"
    assert [hop.symbol for hop in finding.chain] == ["ids", "wanted"]


def test_dependency_of_a_router() -> None:
    code = "def wanted(ids: list[int]): ...\nrouter = APIRouter(dependencies=[Depends(wanted)])\n"
    assert len(found(code + "@router.get('/x')\ndef x(): ...\napp.include_router(router)\n")) == 1


@pytest.mark.parametrize(
    "cls",
    [
        "class Wanted:\n    def __init__(self, ids: list[int]): ...\n",
        "@dataclass\nclass Wanted:\n    ids: list[int]\n",
        "class Wanted(BaseModel):\n    ids: list[int]\n",
        "class Base(BaseModel):\n    ids: list[int]\nclass Wanted(Base):\n    other: int\n",
    ],
)
def test_class_as_a_dependency(cls: str) -> None:
    [finding] = found(cls + endpoint("wanted: Wanted = Depends()"))
    assert finding.fix is None


def test_callable_instance() -> None:
    code = "class Getter:\n    def __call__(self, ids: list[int]): ...\ngetter = Getter()\n"
    assert len(found(code + endpoint("ids=Depends(getter)"))) == 1
    assert len(found(code + endpoint("ids=Depends(Getter())"))) == 1


def test_field_of_a_base_in_another_module() -> None:
    base = "from pydantic import BaseModel\nclass Base(BaseModel):\n    ids: list[int]\n"
    code = "from app.base import Base\nclass Wanted(Base): ...\n" + endpoint("wanted: Wanted = Depends()")
    [finding] = found(code, {"app/base.py": base})
    assert (finding.span.path, finding.span.line) == ("app/base.py", 3)


@pytest.mark.parametrize(
    "code",
    [
        endpoint("ids: list[int] = Query()"),
        endpoint("ids: Annotated[list[int], Query()]"),
        endpoint("ids: Marked"),
        endpoint("ids: Annotated[list[int], Body()]"),
        endpoint("ids: list[int] = Body()"),
        endpoint("ids: list[str] = Header()"),
        endpoint("ids: list[str] = Cookie()"),
        endpoint("ids: list[int] = Depends(kit.ids)"),
        endpoint("ids: list[int] = kit.marker()"),
        endpoint("ids: list[int]", "post"),
        endpoint("ids: list[int]", "put"),
        endpoint("ids: list[int]", "patch"),
        endpoint("ids: list[int]", path="/x/{ids}"),
        endpoint("ids: int"),
        endpoint("ids: list"),
        endpoint("items: list[Item]"),
        endpoint("items: list[kit.Item]"),
        endpoint("ids: dict[str, int]"),
        endpoint("ids: Iterable[int]"),
        endpoint("ids: kit.Ids"),
        endpoint("ids: list[int] | str"),
        endpoint("*ids: list[int]"),
        "@app.api_route('/x', methods=['GET', 'POST'])\ndef x(ids: list[int]): ...\n",
        "@app.get('/x')\n@app.post('/x')\ndef x(ids: list[int]): ...\n",
        "@app.get('/x')\n@kit.query_lists\ndef x(ids: list[int]): ...\n",
        "@app.websocket('/x')\nasync def x(ids: list[int]): ...\n",
        "@kit.app.get('/x')\ndef x(ids: list[int]): ...\n",
        "def x(ids: list[int]): ...\n",
        "def wanted(ids: list[int]): ...\n"
        + endpoint("ids=Depends(wanted)")
        + "@app.post('/y')\ndef y(ids=Depends(wanted)): ...\n",
        "class Getter:\n    def __call__(self, ids: list[int]): ...\ndef getter() -> Getter:\n"
        "    class Other(Getter):\n        @kit.signature\n        def __call__(self, ids): ...\n"
        "    return Other()\n" + endpoint("ids=Depends(getter())"),
        "class Wanted(kit.Filter):\n    ids: list[int]\n" + endpoint("wanted: Wanted = Depends()"),
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


def test_endpoint_in_tests() -> None:
    assert lint({"tests/test_app.py": HEAD + endpoint("ids: list[int]")}, select=["RTE011"]) == []


@pytest.mark.parametrize(
    ("given", "fixed"),
    [
        ("ids: list[int]", "ids: Annotated[list[int], Query()]"),
        ("ids: list[int] | None = None", "ids: Annotated[list[int] | None, Query()] = None"),
        ("ids: Ids, others: Ids", "ids: Annotated[Ids, Query()], others: Annotated[Ids, Query()]"),
    ],
)
def test_fix(given: str, fixed: str) -> None:
    files = {"app/main.py": HEAD + endpoint(given)}
    after = apply_fixes(files, lint(files, select=["RTE011"]))
    assert after["app/main.py"] == HEAD + endpoint(fixed)
    assert lint(after, select=["RTE011"]) == []


@pytest.mark.parametrize(
    ("imports", "after"),
    [
        (
            "from fastapi import FastAPI\n",
            "from fastapi import FastAPI, Query\nfrom typing import Annotated\n",
        ),
        ("import fastapi\n", "import fastapi\nfrom typing import Annotated\nfrom fastapi import Query\n"),
        (
            "from typing import Any\nfrom fastapi import FastAPI\n",
            "from typing import Any, Annotated\nfrom fastapi import FastAPI, Query\n",
        ),
    ],
)
def test_fix_imports_what_it_needs(imports: str, after: str) -> None:
    app = "app = fastapi.FastAPI()\n" if "import fastapi" in imports else "app = FastAPI()\n"
    files = {"app/main.py": imports + app + endpoint("ids: list[int]")}
    text = apply_fixes(files, lint(files, select=["RTE011"]))["app/main.py"]
    assert text == after + app + endpoint("ids: Annotated[list[int], Query()]")


@pytest.mark.parametrize(("pin", "fixes"), [("==0.94.1", False), ("==0.95.0", True), (">=0.90", False)])
def test_fix_needs_annotated(pin: str, fixes: bool) -> None:
    [finding] = found(endpoint("ids: list[int]"), {"requirements.txt": f"fastapi{pin}\n"})
    assert (finding.fix is not None) == fixes
