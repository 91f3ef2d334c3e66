from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

MANAGER = """from fastapi import FastAPI, WebSocket
class Manager:
    def __init__(self) -> None:
        self.active: list[WebSocket] = []
    async def connect(self, ws: WebSocket) -> None:
        await ws.accept()
        self.active.append(ws)
    async def broadcast(self, text: str) -> None:
        for ws in self.active:
            await ws.send_text(text)
"""
APP = """app = FastAPI()
manager = Manager()
@app.websocket("/ws")
async def chat(ws: WebSocket) -> None:
    await manager.connect(ws)
    await manager.broadcast(await ws.receive_text())
"""
WORKERS = "web: uvicorn app.main:app --port $PORT --workers 4\n"


def found(code: str = MANAGER + APP, **files: str) -> list[Finding]:
    if not any(name.endswith(("Dockerfile", "Procfile", ".yaml")) for name in files):
        files["Procfile"] = WORKERS
    return lint({"app/main.py": code, **files}, select=["XAR004"])


def test_place_message_and_related() -> None:
    [finding] = found()
    assert (finding.span.line, finding.span.column) == (12, 11)
    assert finding.message == (
        "`manager` keeps WebSockets in memory, and the process `web` starts 4 workers: "
        "a message reaches only the clients of one process"
    )
    assert [related.message for related in finding.related] == ["4 workers are asked for here"]
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "code",
    [
        "from fastapi import FastAPI, WebSocket\napp = FastAPI()\nrooms: dict[str, set[WebSocket]] = {}\n"
        "@app.websocket('/ws/{room}')\nasync def chat(ws: WebSocket, room: str) -> None:\n"
        "    await ws.accept()\n"
        "    rooms.setdefault(room, set()).add(ws)\n    for other in rooms[room]:\n"
        "        await other.send_text('x')\n",
        "from fastapi import FastAPI, WebSocket\napp = FastAPI()\napp.state.sockets = []\n"
        "@app.websocket('/ws')\nasync def chat(ws: WebSocket) -> None:\n    ws.app.state.sockets.append(ws)\n"
        "    for other in ws.app.state.sockets:\n        await other.send_text('x')\n",
        MANAGER.replace("list[WebSocket] = []", "dict[int, WebSocket] = {}")
        .replace("self.active.append(ws)", "self.active[1] = ws")
        .replace("for ws in self.active:", "for ws in self.active.values():")
        + APP,
    ],
)
def test_forms_of_a_registry(code: str) -> None:
    assert len(found(code)) == 1


def test_manager_in_another_module() -> None:
    main = "from fastapi import FastAPI, WebSocket\nfrom app.realtime import manager\n" + APP.replace(
        "manager = Manager()\n", ""
    )
    [finding] = found(main, **{"app/realtime.py": MANAGER + "manager = Manager()\n", "app/__init__.py": ""})
    assert (finding.span.path, finding.span.line) == ("app/realtime.py", 11)


def test_counts_from_elsewhere() -> None:
    image = 'FROM python:3.13\nWORKDIR /x\nCOPY . .\n{}CMD ["uvicorn", "app.main:app"]\n'
    assert len(found(Dockerfile=image.format("ENV WEB_CONCURRENCY=3\n"))) == 1
    compose = "services:\n  api:\n    build: .\n    deploy: {replicas: 2}\n"
    [finding] = found(**{"Dockerfile": image.format(""), "compose.yaml": compose})
    assert "starts 2 replicas" in finding.message
    config = "from multiprocessing import cpu_count\nworkers = 4\n"
    gunicorn = "web: gunicorn app.main:app -c g.py -k asgi\n"
    assert len(found(**{"Procfile": gunicorn, "g.py": config})) == 1


def test_count_in_a_variable_is_a_warning() -> None:
    [finding] = found(Procfile="web: uvicorn app.main:app --workers $WORKERS\n")
    assert finding.severity is Severity.WARNING
    assert "may start several processes" in finding.message


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app",
        "uvicorn app.main:app --workers 1",
        "uvicorn app.other:app --workers 4",
        "celery -A app.main worker --concurrency 4",
    ],
)
def test_one_process_or_another_app(command: str) -> None:
    assert found(Procfile=f"web: {command}\n", **{"app/other.py": "app = 1\n"}) == []


@pytest.mark.parametrize(
    "line",
    [
        "from broadcaster import Broadcast",
        "import nats",
        "from aiokafka import AIOKafkaProducer",
        "import aio_pika",
        "from redis.asyncio import Redis\nredis = Redis()\nredis.pubsub()",
        "async def listen(connection):\n    await connection.add_listener('chat', print)",
    ],
)
def test_broker_beside_the_manager(line: str) -> None:
    assert found(MANAGER + line + "\n" + APP) == []


def test_broker_in_a_module_that_the_manager_imports() -> None:
    main = "from app.bus import publish\n" + MANAGER + APP
    assert found(main, **{"app/__init__.py": "", "app/bus.py": "import nats\ndef publish(): ...\n"}) == []


def test_broker_in_a_module_that_feeds_the_manager() -> None:
    feed = (
        "from app.realtime import manager\nasync def run(redis):\n    async with redis.pubsub() as p: ...\n"
    )
    main = "from fastapi import FastAPI, WebSocket\nfrom app.realtime import manager\n" + APP.replace(
        "manager = Manager()\n", ""
    )
    files = {"app/__init__.py": "", "app/realtime.py": MANAGER + "manager = Manager()\n", "app/feed.py": feed}
    assert found(main, **files) == []


def test_redis_as_a_cache_does_not_help() -> None:
    cache = (
        "from redis.asyncio import Redis\nredis = Redis()\nasync def get(key):\n"
        "    return await redis.get(key)\n"
    )
    assert len(found(MANAGER + cache + APP)) == 1


@pytest.mark.parametrize(
    "code",
    [
        MANAGER.replace("for ws in self.active:", "for ws in []:") + APP,
        "from fastapi import FastAPI, WebSocket\napp = FastAPI()\n@app.websocket('/ws')\n"
        "async def echo(ws: WebSocket) -> None:\n    mine = [ws]\n    for w in mine:\n"
        "        await w.send_text('x')\n",
        "from fastapi import FastAPI, WebSocket\napp = FastAPI()\n"
        "seen: set[WebSocket] = set()\n@app.websocket('/ws')\n"
        "async def echo(ws: WebSocket) -> None:\n    seen.add(ws)\n    await ws.send_text(str(len(seen)))\n",
    ],
)
def test_nothing_is_sent_to_others(code: str) -> None:
    assert found(code) == []
