from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from typing import Annotated\n"
    "import fastapi\n"
    "from fastapi import Body, Depends, FastAPI, Header, Query\n"
    "app = FastAPI()\n"
    "def dep(): ...\n"
    "LIMIT = Query(10)\n"
)


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["DEP009"])


def test_place_and_message() -> None:
    [finding] = found("@app.get('/a')\ndef a(x=Depends(dep)): ...\ndef other():\n    return a()\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (10, 12, 15)
    assert finding.message == (
        "The endpoint `a` is called as a function, so `x` gets the `Depends` object instead of a value"
    )
    assert finding.help == "Move what both need into a function of its own, or give `x` in the call"
    assert finding.symbol == "other"
    assert [related.span.line for related in finding.related] == [8]


def test_two_parameters() -> None:
    [finding] = found("@app.get('/a')\ndef a(x=Depends(dep), q=Query(None)): ...\ndef other():\n    a()\n")
    assert "so `x` and `q` get marker objects instead of a value" in finding.message


@pytest.mark.parametrize(
    ("parameters", "call"),
    [
        ("x, y=Header(None)", "a(1)"),
        ("x=Body(...), y=1", "a(y=2)"),
        ("*, x=fastapi.Query(1)", "a()"),
        ("x=LIMIT", "a()"),
        ("x=fastapi.Security(dep)", "a()"),
        ("x: int = Depends(dep), y: int = Depends(dep)", "a(1)"),
    ],
)
def test_fires(parameters: str, call: str) -> None:
    assert len(found(f"@app.post('/a')\ndef a({parameters}): ...\ndef other():\n    return {call}\n")) == 1


@pytest.mark.parametrize(
    ("parameters", "call"),
    [
        ("x=Depends(dep)", "a(1)"),
        ("x=Depends(dep)", "a(x=1)"),
        ("x=Depends(dep)", "a(*args)"),
        ("x=Depends(dep)", "a(**kwargs)"),
        ("x: Annotated[int, Query()] = 1", "a()"),
        ("x=1", "a()"),
        ("x=unknown(1)", "a()"),
        ("x=Depends(dep)", "client.a()"),
        ("x=Depends(dep)", "a"),
    ],
)
def test_silent(parameters: str, call: str) -> None:
    assert found(f"@app.post('/a')\ndef a({parameters}): ...\ndef other():\n    return {call}\n") == []


def test_function_that_is_no_endpoint() -> None:
    assert found("def a(x=Depends(dep)): ...\ndef other():\n    a()\n") == []


def test_endpoint_of_another_module() -> None:
    items = (
        "from fastapi import APIRouter, Depends\nrouter = APIRouter()\n"
        "@router.get('/')\nasync def read(x=Depends(len)): ...\n"
    )
    source = (
        "from app.items import read as load, router\nfrom app import items\napp.include_router(router)\n"
        "async def other():\n    await load()\n    await items.read()\n"
    )
    assert len(found(source, **{"app/items.py": items})) == 2


def test_method_of_a_view() -> None:
    source = (
        "from fastapi_utils.cbv import cbv\nfrom fastapi import APIRouter\nrouter = APIRouter()\n"
        "@cbv(router)\n"
        "class View:\n    @router.get('/')\n    def one(self, x=Depends(dep)): ...\n"
        "    @router.get('/2')\n    def two(self):\n        return self.one()\n"
        "    @router.get('/3')\n    def three(self):\n        return self.one(1)\n"
        "app.include_router(router)\n"
    )
    assert [finding.symbol for finding in found(source)] == ["View.two"]


def test_decorator_that_may_fill_the_parameters() -> None:
    injected = "from lib import inject\n@app.get('/a')\n@inject\ndef a(x=Depends(dep)): ...\n"
    assert found(injected + "def other():\n    a()\n") == []


def test_shadowed_name_and_test() -> None:
    assert found("@app.get('/a')\ndef a(x=Depends(dep)): ...\ndef other(a):\n    return a()\n") == []
    endpoint = "@app.get('/a')\ndef a(x=Depends(dep)): ...\n"
    assert found(endpoint, **{"tests/test_a.py": "from app.main import a\ndef test(): a()\n"}) == []


def test_endpoint_that_hides_an_import() -> None:
    source = "from app.queries import load\n@app.get('/a')\ndef load(x=Depends(dep)):\n    return load()\n"
    [finding] = found(source, **{"app/queries.py": "def load(): ...\n"})
    assert finding.help == "Rename the endpoint: it hides the `load` that this module imports"


@pytest.mark.parametrize(
    ("parameters", "body", "count"),
    [
        ("_=Depends(dep)", "return 1", 0),
        ("_user=Depends(dep)", "return 1", 0),
        ("_user=Depends(dep)", "return _user", 1),
        ("_=Depends(dep), q=Query(1)", "return 1", 1),
    ],
)
def test_parameters_that_nobody_reads(parameters: str, body: str, count: int) -> None:
    source = f"@app.get('/a')\ndef a({parameters}):\n    {body}\ndef other():\n    return a()\n"
    findings = found(source)
    assert len(findings) == count
    assert all("`_`" not in finding.message for finding in findings)
