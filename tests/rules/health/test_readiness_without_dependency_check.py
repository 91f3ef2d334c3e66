from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import redis\nfrom fastapi import APIRouter, Depends, FastAPI, Request, Response, status\n"
    "from fastapi.responses import JSONResponse, PlainTextResponse\nfrom pydantic import BaseModel\n"
    "class State(BaseModel):\n    ready: bool\n"
    "cache = redis.Redis()\nready_flag = False\nOK = 'ok'\n"
    "app = FastAPI()\n@app.get('/rates')\ndef rates(): return cache.get('x')\n"
)


def found(source: str, head: str = HEAD) -> list[Finding]:
    return lint({"app/main.py": head + source}, select=["HLT003"])


def ready(body: str, parameters: str = "", path: str = "/ready") -> str:
    return f"@app.get('{path}')\ndef ready({parameters}):\n    {body}\n"


def test_place_message_and_related() -> None:
    [finding] = found(ready("return {'status': 'ready'}", path="/health/ready"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (14, 5, 10)
    assert finding.message == "`GET /health/ready` says that `app` is ready without asking Redis"
    assert [related.message for related in finding.related] == ["`rates` needs Redis"]
    assert finding.symbol == "ready"


@pytest.mark.parametrize(
    "body",
    [
        "return True",
        "return OK",
        '"""Ready."""\n    return ["ok", 1]',
        "return JSONResponse({'ready': True}, status_code=status.HTTP_200_OK)",
        "return PlainTextResponse('ok')",
        "return Response(status_code=200)",
        "return State(ready=True)",
        "pass",
    ],
)
def test_constants(body: str) -> None:
    assert len(found(ready(body))) == 1


@pytest.mark.parametrize("path", ["/readyz", "/readiness", "/api/v1/health/ready/", "/READY"])
def test_paths(path: str) -> None:
    assert len(found(ready("return 'ok'", path=path))) == 1


@pytest.mark.parametrize(
    "source",
    [
        ready("return cache.ping()"),
        ready("return unknown()"),
        ready("check()\n    return 'ok'"),
        ready("return {'ready': ready_flag}"),
        ready("return request.app.state.ready", "request: Request"),
        ready("return request.state.ready", "request: Request"),
        ready("return 'ok'", "db=Depends(lambda: cache.ping())"),
        "@app.get('/ready', dependencies=[Depends(rates)])\ndef ready(): return 'ok'\n",
        (
            "r = APIRouter(dependencies=[Depends(rates)])\n@r.get('/ready')\ndef ready(): return"
            " 'ok'\napp.include_router(r)\n"
        ),
        "@app.get('/ready')\n@check_everything\ndef ready(): return 'ok'\n",
        ready("return 'ok'", path="/live"),
        ready("return 'ok'", path="/already"),
        "@app.post('/ready')\ndef ready(): return 'ok'\n",
        ready("if flag:\n        return 'ok'\n    return 'no'"),
        ready("return State(ready=flag)"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_module_flag_that_something_sets() -> None:
    source = "def started():\n    global ready_flag\n    ready_flag = True\n" + ready("return ready_flag")
    assert found(source) == []


def test_app_without_anything_to_ask() -> None:
    head = (
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/double')\ndef double(n: int): return n"
        " * 2\n"
    )
    assert found(ready("return 'ok'"), head) == []


def test_two_routes_of_one_function() -> None:
    source = "@app.get('/ready')\n@app.get('/readyz')\ndef ready(): return 'ok'\n"
    assert len(found(source)) == 1
