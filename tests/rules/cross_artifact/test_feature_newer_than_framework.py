from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from contextlib import asynccontextmanager\nfrom typing import Annotated\nimport fastapi\n"
    "from fastapi import APIRouter, Cookie, Depends, FastAPI, Form, Header, Query\n"
    "from pydantic import BaseModel, model_validator\n"
    "def get(): ...\nclass Filters(BaseModel):\n    limit: int = 1\n"
)
APP = "app = FastAPI()\n"
ROUTER = "router = APIRouter()\n@router.get('/a')\ndef a(): ...\n"


def found(code: str, version: str) -> list[Finding]:
    requirements = f"fastapi=={version}\n" if version else ""
    return lint({"app/main.py": HEAD + code, "requirements.txt": requirements}, select=["XAR013"])


def test_message_and_places() -> None:
    [finding] = found(f"{APP}@app.get('/')\ndef root(x=Depends(get, scope='request')): ...\n", "0.115.14")
    assert (finding.span.line, finding.span.column) == (11, 25)
    assert finding.message == (
        "`Depends(scope=...)` came with FastAPI 0.121: version 0.115.14, "
        "which is pinned, raises a TypeError for it"
    )
    assert [related.span.path for related in finding.related] == ["requirements.txt"]


@pytest.mark.parametrize(
    ("code", "last", "first"),
    [
        (f"{APP}@app.get('/')\ndef root(x=Depends(get, scope='function')): ...\n", "0.120.4", "0.121.0"),
        (f"{APP}@app.get('/')\ndef root(x: Filters = Query()): ...\n", "0.114.2", "0.115.0"),
        (f"{APP}@app.get('/')\ndef root(x: Filters = Header()): ...\n", "0.114.2", "0.115.0"),
        (f"{APP}@app.get('/')\ndef root(x: Annotated[Filters, Cookie()]): ...\n", "0.114.2", "0.115.0"),
        (f"{APP}@app.post('/')\ndef root(x: Filters = Form()): ...\n", "0.112.4", "0.113.0"),
        ("app = FastAPI(lifespan=life)\n", "0.92.0", "0.93.0"),
        (f"{APP}@app.get('/')\ndef root(x: Annotated[str, Depends(get)]): ...\n", "0.94.1", "0.95.0"),
        (
            f"{APP}def need(x: Annotated[str, Header()]): ...\n"
            "@app.get('/')\ndef root(y=Depends(need)): ...\n",
            "0.94.1",
            "0.95.0",
        ),
        (
            f"{APP}router = APIRouter(lifespan=life)\n@router.get('/')\ndef root(): ...\n"
            "app.include_router(router)\n",
            "0.111.1",
            "0.112.0",
        ),
        (f"{APP}{ROUTER}app.include_router(router)\n@router.get('/b')\ndef b(): ...\n", "0.136.3", "0.137.0"),
    ],
)
def test_both_sides_of_each_gate(code: str, last: str, first: str) -> None:
    assert len(found(code, last)) == 1
    assert found(code, first) == []
    assert found(code, "") == []


@pytest.mark.parametrize(
    "code",
    [
        f"{APP}@app.get('/')\ndef root(x=Depends(get)): ...\n",
        f"{APP}@app.get('/')\ndef root(x: Filters, y: int = Query(1)): ...\n",
        f"{APP}def Depends(f, scope): ...\n@app.get('/')\ndef root(x=Depends(get, scope='a')): ...\n",
        f"{APP}def helper(x: Annotated[str, 'doc']): ...\n@app.get('/')\ndef root(): ...\n",
        "class Field(BaseModel):\n    a: int\n    @model_validator(mode='before')\n    @classmethod\n"
        f"    def read(cls, v): ...\n{APP}@app.post('/')\ndef root(x: Field = Form()): ...\n",
        f"{APP}{ROUTER}app.include_router(router)\n@app.get('/b')\ndef b(): ...\n",
        f"{APP}router = APIRouter(lifespan=life)\n@router.get('/')\ndef root(): ...\n",
        f"{APP}try:\n    x = Depends(get, scope='function')\nexcept TypeError:\n    x = Depends(get)\n",
        f"{APP}options = {{'scope': 'function'}}\nx = Depends(get, **options)\n",
        "if fastapi.__version__ > '0.121':\n    x = Depends(get, scope='function')\n",
    ],
)
def test_silent(code: str) -> None:
    assert found(code, "0.92.0") == []


def test_ranges_and_locks() -> None:
    code = f"{APP}@app.get('/')\ndef root(x=Depends(get, scope='request')): ...\n"
    project = "[project]\nname = 'a'\ndependencies = ['fastapi{}']\n"
    lock = 'version = 1\n[[package]]\nname = "fastapi"\nversion = "0.119.0"\n'
    for specifier, expected in ((">=0.100", 0), (">=0.100,<0.121", 1), ("~=0.120.0", 1), ("", 0)):
        files = {"app/main.py": HEAD + code, "pyproject.toml": project.format(specifier)}
        assert len(lint(files, select=["XAR013"])) == expected
    files = {"app/main.py": HEAD + code, "pyproject.toml": project.format(">=0.100"), "uv.lock": lock}
    [finding] = lint(files, select=["XAR013"])
    assert "version 0.119.0, which is locked," in finding.message


def test_code_of_tests_is_left_alone() -> None:
    code = f"{HEAD}x = Depends(get, scope='request')\n"
    assert lint({"tests/main.py": code, "requirements.txt": "fastapi==0.100.0\n"}, select=["XAR013"]) == []
