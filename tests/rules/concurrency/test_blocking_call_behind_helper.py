from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "import asyncio, functools, requests\nfrom fastapi import BackgroundTasks, Depends, FastAPI, WebSocket\n"
    "app = FastAPI()\n"
    "def fetch(url='x'):\n    return requests.get(url)\n"
)


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ASY002"])


def endpoint(body: str) -> str:
    return f"@app.get('/')\nasync def read():\n    {body}\n"


def test_place_message_and_chain() -> None:
    helper = "from app.deep import load\nclass Service:\n    def list(self):\n        return load()\n"
    deep = "import requests as r\ndef load():\n    return r.get('x')\n"
    source = "from app.service import Service\nservice = Service()\n" + endpoint("return service.list()")
    [finding] = found(source, **{"app/service.py": helper, "app/deep.py": deep})
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 10, 12)
    assert (
        finding.message
        == "`Service.list` blocks the event loop for the async endpoint `read`: it reaches `r.get`"
    )
    assert [(hop.symbol, hop.span.path, hop.span.line) for hop in finding.chain] == [
        ("Service.list", "app/main.py", 10),
        ("load", "app/service.py", 4),
        ("r.get", "app/deep.py", 3),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "async def dep():\n    fetch()\n@app.get('/')\ndef e(x=Depends(dep)): ...\n",
        "@app.websocket('/')\nasync def ws(w: WebSocket):\n    fetch()\n",
        "@app.middleware('http')\nasync def m(r, n):\n    fetch()\n",
        "async def job():\n    fetch()\n@app.get('/')\ndef e(t: BackgroundTasks):\n    t.add_task(job)\n",
        "class Repo:\n    def __init__(self):\n        fetch()\n" + endpoint("Repo()"),
        (
            "class Repo:\n    def get(self):\n        return fetch()\n"
            "@app.get('/')\nasync def read(repo: Repo = Depends()):\n    return repo.get()\n"
        ),
        "class Base:\n    def get(self):\n        return fetch()\nclass Repo(Base): ...\n"
        + endpoint("Repo().get()"),
        "async def one():\n    return await two()\nasync def two():\n    return fetch()\n"
        + endpoint("await one()"),
        "async def one():\n    fetch()\n" + endpoint("await asyncio.gather(one(), one())"),
        "from contextlib import contextmanager\n@contextmanager\ndef opened():\n    yield fetch()\n"
        + endpoint("with opened() as x:\n        return x"),
        "from tenacity import retry\n@retry(stop=3)\ndef get():\n    return fetch()\n" + endpoint("get()"),
        "def logged(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(*a)\n    return"
        " inner\n@logged\ndef get():\n    return fetch()\n" + endpoint("get()"),
    ],
)
def test_fires(source: str) -> None:
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    ("call", "count"),
    [
        ("with opened() as session:\n        return session.execute('x')", 0),
        ("with engine.connect() as c:\n        return names()", 1),
        ("return names()", 1),
    ],
)
def test_connection_of_a_synchronous_session_that_the_function_queries(call: str, count: int) -> None:
    source = (
        "from contextlib import contextmanager\nfrom sqlalchemy import create_engine\n"
        "from sqlalchemy.orm import Session\nengine = create_engine('sqlite://')\n"
        "@contextmanager\ndef opened():\n    with engine.connect() as connection:\n"
        "        session = Session(bind=connection)\n        yield session\n"
        "def names():\n    with engine.connect() as connection:\n        return 1\n"
    )
    assert len(found(source + endpoint(call))) == count


def test_awaited_helper_that_blocks() -> None:
    [finding] = found("async def load():\n    requests.get('x')\n" + endpoint("await load()"))
    assert finding.span.line == 7
    assert (
        finding.message
        == "`requests.get` blocks the event loop in `load`, which the async endpoint `read` awaits"
    )
    assert finding.symbol == "load"


def test_one_place_for_several_endpoints() -> None:
    source = "async def load():\n    fetch()\n" + endpoint("await load()")
    source += "@app.get('/b')\nasync def other():\n    await load()\n"
    assert len(found(source)) == 1


def test_depth() -> None:
    chain = "def f0():\n    fetch()\n" + "".join(f"def f{i}():\n    f{i - 1}()\n" for i in range(1, 8))
    assert len(found(chain + endpoint("f4()"))) == 1
    assert found(chain + endpoint("f5()")) == []
    config = {"fastapi-lint.toml": "max-call-depth = 9\n"}
    assert len(found(chain + endpoint("f5()"), **config)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "@app.get('/')\ndef read():\n    return fetch()\n",
        endpoint("await asyncio.to_thread(fetch)"),
        endpoint("await run_in_threadpool(fetch, 'x')"),
        endpoint("await loop.run_in_executor(None, fetch)"),
        endpoint("return fetch"),
        endpoint("return unknown()"),
        endpoint("def later():\n        return fetch()\n    return later"),
        "def run():\n    return asyncio.to_thread(fetch)\n" + endpoint("await run()"),
        "@functools.lru_cache\ndef get():\n    return fetch()\n" + endpoint("get()"),
        "from lib import moved\n@moved\ndef get():\n    return fetch()\n" + endpoint("await get()"),
        "def moved(f):\n    async def inner(*a):\n        return await asyncio.to_thread(f, *a)\n    return"
        " inner\n@moved\ndef get():\n    return fetch()\n" + endpoint("await get()"),
        "def get():\n    yield fetch()\n" + endpoint("return get()"),
        "async def load():\n    fetch()\n",
        "def start():\n    fetch()\n@app.on_event('startup')\nasync def up():\n    start()\n",
        "def get():\n    async def inner():\n        fetch()\n    return inner\n" + endpoint("get()"),
        endpoint("return requests.get('x')"),
        "def a():\n    b()\ndef b():\n    a()\n" + endpoint("a()"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return fetch()", "return await run_in_threadpool(fetch)"),
        ("x = fetch('y')", "x = await run_in_threadpool(fetch, 'y')"),
        ("fetch(\n        url='y',\n    )", "await run_in_threadpool(fetch, url='y',\n    )"),
        ("return fetch().text", "return fetch().text"),
        ("return [fetch()]", "return [fetch()]"),
    ],
)
def test_fix(before: str, after: str) -> None:
    head = "from fastapi.concurrency import run_in_threadpool\n" + HEAD
    files = {"app/main.py": head + endpoint(before)}
    assert apply_fixes(files, lint(files, select=["ASY002"])) == {"app/main.py": head + endpoint(after)}
