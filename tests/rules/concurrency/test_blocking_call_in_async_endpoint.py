from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

USE = "@app.get('/')\ndef e(x=Depends(f)): ...\n"
HEAD = "import time\nfrom fastapi import BackgroundTasks, Depends, FastAPI, WebSocket\napp = FastAPI()\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ASY001"])


def endpoint(body: str, head: str = "") -> str:
    return f"{head}@app.get('/')\nasync def read():\n    {body}\n"


def test_place_message_and_help() -> None:
    [finding] = found(endpoint("return requests.get('x')", "import requests\n"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (7, 12, 29)
    assert finding.message == "`requests.get` blocks the event loop in the async endpoint `read`"
    assert (
        finding.help
        == "Use `httpx.AsyncClient`, or hand the call to `run_in_threadpool`, or make `read` a plain `def`, "
        "which runs in a thread"
    )
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("from time import sleep as pause\n", "pause(1)"),
        ("import requests as r\n", "r.post('x')"),
        ("from urllib.request import urlopen\n", "return urlopen('x').read()"),
        ("import httpx\n", "httpx.get('x')"),
        ("import httpx\nclient = httpx.Client()\n", "client.post('x')"),
        ("import httpx\n", "with httpx.Client() as c:\n        c.get('x')"),
        (
            "import requests\nclass A:\n    def __init__(self): self.s = requests.Session()\na = A()\n",
            "a.s.get('x')",
        ),
        ("import subprocess\n", "subprocess.run(['ls'])"),
        ("import os\n", "os.system('ls')"),
        ("import redis\ncache = redis.from_url('redis://x')\n", "return cache.get('k')"),
        ("from redis import Redis\ncache: Redis = make()\n", "return cache.pipeline().execute()"),
        ("import boto3\ns3 = boto3.client('s3')\n", "s3.put_object(Bucket='b')"),
        ("import boto3\n", "boto3.resource('s3').Bucket('b').upload_file('f', 'k')"),
        ("from pymongo import MongoClient\ndb = MongoClient('x')['shop']\n", "db['users'].find_one({})"),
        ("from pymongo import MongoClient\ndb = MongoClient('x').shop\n", "return db.users.insert_one({})"),
        ("import sqlalchemy as sa\nengine = sa.create_engine('x')\n", "engine.connect()"),
        ("from openai import OpenAI\nai = OpenAI()\n", "return ai.chat.completions.create(model='m')"),
        ("from elasticsearch import Elasticsearch\nes = Elasticsearch()\n", "return es.search(index='i')"),
        ("import threading\n", "t = threading.Thread(target=f)\n    t.join()"),
    ],
)
def test_fires(head: str, body: str) -> None:
    assert len(found(endpoint(body, head))) == 1


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("async def f():\n    time.sleep(1)\n" + USE, "dependency `f`"),
        ("async def f():\n    time.sleep(1)\n    yield 1\n" + USE, "dependency `f`"),
        ("@app.websocket('/')\nasync def ws(w: WebSocket):\n    time.sleep(1)\n", "endpoint `ws`"),
        ("@app.middleware('http')\nasync def m(r, n):\n    time.sleep(1)\n", "middleware `m`"),
        ("@app.exception_handler(404)\nasync def h(r, e):\n    time.sleep(1)\n", "exception handler `h`"),
        (
            (
                "async def job():\n    time.sleep(1)\n"
                "@app.get('/')\ndef e(t: BackgroundTasks):\n    t.add_task(job)\n"
            ),
            "background task `job`",
        ),
    ],
)
def test_everything_on_the_event_loop(source: str, kind: str) -> None:
    [finding] = found(source)
    assert f"in the async {kind}" in finding.message


def test_what_is_done_with_an_opened_connection_belongs_to_it() -> None:
    body = (
        "with smtplib.SMTP('mail') as mail:\n        mail.login('a', 'b')\n        mail.send_message(m)\n"
        "    time.sleep(1)"
    )
    smtp, sleep = found(endpoint(body, "import smtplib\n"))
    assert [related.span.line for related in smtp.related] == [8, 9]
    assert sleep.related == ()


def test_two_requests_are_two_findings() -> None:
    assert len(found(endpoint("requests.get('a')\n    requests.get('b')", "import requests\n"))) == 2


def test_configured_calls() -> None:
    config = '[tool.fastapi-lint]\nblocking-calls = ["acme.fetch", "app.legacy.*"]\n'
    source = endpoint("acme.fetch()\n    legacy.load()", "import acme\nfrom app import legacy\n")
    findings = found(source, **{"pyproject.toml": config, "app/legacy.py": "def load(): ...\n"})
    assert [finding.span.line for finding in findings] == [8, 9]


@pytest.mark.parametrize(
    "source",
    [
        "@app.get('/')\ndef read():\n    time.sleep(1)\n",
        endpoint("await asyncio.sleep(1)", "import asyncio\n"),
        endpoint("await run_in_threadpool(time.sleep, 1)"),
        endpoint("await asyncio.to_thread(lambda: time.sleep(1))", "import asyncio\n"),
        endpoint("def work():\n        time.sleep(1)\n    await anyio.to_thread.run_sync(work)"),
        endpoint("await loop.run_in_executor(None, time.sleep, 1)"),
        endpoint("return await client.get('x')", "import httpx\nclient = httpx.AsyncClient()\n"),
        endpoint("return await cache.get('x')", "import redis.asyncio as redis\ncache = redis.Redis()\n"),
        endpoint("return await requests.get('x')", "import requests\n"),
        endpoint("return client.get('x')", "from lib import client\n"),
        endpoint("return requests.get('x')", "from lib import requests\n"),
        endpoint("return open('settings.json').read()"),
        endpoint("time.time()"),
        endpoint("time.sleep(0)"),
        endpoint("time.sleep(0.001)"),
        "async def helper():\n    time.sleep(1)\n",
        "@app.on_event('startup')\nasync def start():\n    time.sleep(1)\n",
        endpoint("client.generate_presigned_url('x')", "import boto3\nclient = boto3.client('s3')\n"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_lifespan_is_silent() -> None:
    source = (
        "from contextlib import asynccontextmanager\n@asynccontextmanager\n"
        "async def life(app):\n    time.sleep(1)\n    yield\nother = FastAPI(lifespan=life)\n"
    )
    assert found(source) == []


def test_module_of_the_project_with_a_librarys_name() -> None:
    main = HEAD + endpoint("requests.get('x')", "import requests\n")
    assert lint({"requests.py": "def get(url): ...\n", "main.py": main}, select=["ASY001"]) == []


def fixed(source: str) -> str:
    files = {"app/main.py": HEAD + source}
    return apply_fixes(files, lint(files, select=["ASY001"]))["app/main.py"].removeprefix(HEAD)


def test_fix_of_sleep_with_asyncio_at_hand() -> None:
    before = endpoint("time.sleep(x)", "import asyncio\n")
    assert fixed(before) == before.replace("time.sleep", "await asyncio.sleep")


def test_fix_by_a_plain_def() -> None:
    before = endpoint("return requests.get('x')", "import requests\n")
    assert fixed(before) == before.replace("async def", "def")


@pytest.mark.parametrize(
    "body",
    [
        "await f()\n    requests.get('x')",
        "async with f():\n        requests.get('x')",
        "asyncio.create_task(requests.get('x'))",
    ],
)
def test_no_fix_where_the_loop_is_needed(body: str) -> None:
    source = endpoint(body, "import asyncio\nimport requests\n")
    assert fixed(source) == source
