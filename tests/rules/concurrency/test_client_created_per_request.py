from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import aiohttp, boto3, httpx, pymongo, redis, requests
import redis.asyncio as aredis
from functools import cache
from httpx import ASGITransport, AsyncClient as Client
from motor.motor_asyncio import AsyncIOMotorClient
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    url: str = ""
settings = Settings()
pool = redis.ConnectionPool()
connector = aiohttp.TCPConnector()
app = FastAPI()
"""


def found(source: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source}, select=["ASY005"])


def endpoint(body: str, parameters: str = "q: str") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return found(f"@app.get('/')\nasync def read({parameters}):\n{lines}")


def test_place_and_message() -> None:
    [finding] = endpoint("async with httpx.AsyncClient() as c:\n    return c")
    assert (finding.span.line, finding.span.column) == (HEAD.count("\n") + 3, 16)
    assert (
        finding.message
        == "`httpx.AsyncClient` opens new connections for each request, in the endpoint `read`"
    )
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    "call",
    [
        "httpx.AsyncClient(timeout=10)",
        "httpx.Client(base_url=settings.url)",
        "Client(headers={'a': 'b'}, timeout=httpx.Timeout(5))",
        "aiohttp.ClientSession()",
        "requests.Session()",
        "redis.Redis(host='redis')",
        "redis.from_url(settings.url)",
        "redis.Redis.from_url('redis://')",
        "aredis.Redis()",
        "aredis.from_url('redis://')",
        "AsyncIOMotorClient(settings.url)",
        "pymongo.MongoClient()",
        "boto3.client('s3')",
        "boto3.resource('s3', region_name='eu')",
        "boto3.Session()",
    ],
)
def test_clients(call: str) -> None:
    assert len(endpoint(f"return {call}")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return httpx.AsyncClient(base_url=q)",
        "return httpx.AsyncClient(headers={'Authorization': q})",
        "return httpx.AsyncClient(proxy=q)",
        "return httpx.AsyncClient(transport=ASGITransport(app=app))",
        "return httpx.AsyncClient(**options)",
        "return redis.Redis(connection_pool=pool)",
        "return aiohttp.ClientSession(connector=connector)",
        "app.state.client = httpx.AsyncClient()",
        "client = httpx.AsyncClient()\napp.state.client = client",
        "return httpx.get('https://example.org')",
        "return unknown.AsyncClient()",
    ],
)
def test_silent(body: str) -> None:
    assert endpoint(body) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def get():\n    yield httpx.Client()\n@app.get('/')\ndef read(c=Depends(get)): ...\n", 1),
        ("@app.middleware('http')\nasync def add(request, call_next):\n    httpx.AsyncClient()\n", 1),
        ("class S:\n    def f(self):\n        httpx.Client()\n@app.get('/')\ndef read():\n    S().f()\n", 1),
        ("client = httpx.Client()\n", 0),
        ("@app.on_event('startup')\ndef start():\n    httpx.Client()\n", 0),
        ("@cache\ndef get():\n    return httpx.Client()\n@app.get('/')\ndef read(c=Depends(get)): ...\n", 0),
        (
            "def work():\n    httpx.Client()\n@app.get('/')\ndef read(t: BackgroundTasks):\n"
            "    t.add_task(work)\n",
            0,
        ),
        ("def main():\n    httpx.Client()\n", 0),
        ("@app.websocket('/')\nasync def talk(ws: WebSocket):\n    httpx.AsyncClient()\n", 0),
        (
            "class S:\n    def f(self):\n        if self.c is None:\n            self.c = httpx.Client()\n"
            "@app.get('/')\ndef read():\n    S().f()\n",
            0,
        ),
    ],
)
def test_where(source: str, count: int) -> None:
    assert len(found(source)) == count


def test_it_is_off_by_default() -> None:
    source = HEAD + "@app.get('/')\ndef read():\n    httpx.Client()\n"
    assert "ASY005" not in {finding.code for finding in lint({"app/main.py": source})}
