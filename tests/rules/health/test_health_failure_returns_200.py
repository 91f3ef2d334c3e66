from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import redis.asyncio as redis\nfrom fastapi import FastAPI, HTTPException, Response, status\n"
    "from fastapi.responses import JSONResponse\nfrom pydantic import BaseModel\n"
    "class State(BaseModel):\n    ok: bool\n"
    "cache = redis.Redis()\napp = FastAPI()\n"
    "def give_up():\n    raise HTTPException(503)\n"
)


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["HLT005"])


def check(
    handler: str, after: str = "return 'ok'", tried: str = "await cache.ping()", path: str = "/health"
) -> str:
    return (
        f"@app.get('{path}')\nasync def health(response: Response):\n    try:\n        {tried}\n"
        f"    except Exception as error:\n        {handler}\n    {after}\n"
    )


def test_return_in_the_clause() -> None:
    [finding] = found(check("return {'status': 'down'}"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (16, 9, 34)
    assert finding.message == "`GET /health` answers 200 here although its check failed"
    assert finding.symbol == "health"


def test_falls_through() -> None:
    [finding] = found(check("ok = False", "return {'ok': ok}"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (15, 5, 21)
    assert finding.message == "`GET /health` answers 200 after this clause although its check failed"


@pytest.mark.parametrize(
    "handler",
    [
        "return False",
        "return {'status': 'down'}, 503",
        "return JSONResponse({'status': 'down'})",
        "return JSONResponse({'status': 'down'}, status_code=200)",
        "return State(ok=False)",
        "return f'{error}'",
        "print(error)\n        return None",
    ],
)
def test_clauses_that_hide(handler: str) -> None:
    assert len(found(check(handler))) == 1


@pytest.mark.parametrize(
    "tried",
    [
        "await anything()",
        "import httpx\n        httpx.get('x')",
        "ask()",
        "async with cache.client() as c:\n            await c.ping()",
    ],
)
def test_checks(tried: str) -> None:
    helper = "import sqlalchemy\nengine = sqlalchemy.create_engine('x')\ndef ask():\n    engine.connect()\n"
    assert len(found(helper + check("return False", tried=tried))) == 1


def test_each_clause_is_judged() -> None:
    source = check("raise\n    except ValueError:\n        return False")
    assert len(found(source)) == 1


def test_route_that_a_probe_asks_for() -> None:
    dockerfile = (
        "FROM python:3.13\nCOPY app app\nHEALTHCHECK CMD curl -f http://localhost:8000/status\n"
        'CMD ["uvicorn", "app.main:app"]\n'
    )
    source = check("return False", path="/status")
    assert found(source) == []
    assert len(found(source, Dockerfile=dockerfile)) == 1


@pytest.mark.parametrize(
    "source",
    [
        check("raise"),
        check("raise HTTPException(503) from error"),
        check("give_up()"),
        check("return JSONResponse({}, status_code=503)"),
        check("return JSONResponse({}, 500)"),
        check("return JSONResponse({}, status_code=status.HTTP_503_SERVICE_UNAVAILABLE)"),
        check("return JSONResponse({}, status_code=code)"),
        check("return Response(status_code=503)"),
        check("response.status_code = 503\n        return {'ok': False}"),
        check("mark(response)\n        return {'ok': False}"),
        check("return build(error)"),
        check("ok = False", "response.status_code = 200 if ok else 503\n    return ok"),
        check("ok = False", "if not ok:\n        raise HTTPException(503)\n    return ok"),
        check("ok = False", "return JSONResponse({}, status_code=200 if ok else 503)"),
        check("ok = False", "return build(ok)"),
        check("return False", tried="version = open('VERSION').read()"),
        check("return False", path="/status"),
        check("return False", path="/users"),
        "@app.get('/health')\nasync def health():\n    await cache.ping()\n    return 'ok'\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_function_that_is_no_endpoint() -> None:
    source = (
        "async def ask():\n    try:\n        await cache.ping()\n    except Exception:\n        return"
        " False\n"
    )
    assert found(source) == []


def test_health_of_a_thing_that_the_app_manages() -> None:
    printer = check("return False", path="/admin/printers/health")
    own = "@app.get('/health')\ndef health():\n    return 'ok'\n"
    assert len(found(printer)) == 1
    assert found(printer + own) == []
