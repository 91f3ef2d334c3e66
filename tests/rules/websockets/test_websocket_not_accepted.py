from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
import asyncio
import logging
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, Query, WebSocket, WebSocketDisconnect
app = FastAPI()
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["WSK003"])


def endpoint(body: str, parameters: str = "ws: WebSocket", decorator: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.websocket('/ws')\n{decorator}async def hello({parameters}):\n{lines}"


def test_place_and_message() -> None:
    [finding] = found(endpoint("name = 'you'\nawait ws.send_text(name)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (9, 11, 29)
    assert finding.message == "`hello` sends on `ws` before the connection is accepted"
    assert finding.help == "Call `await ws.accept()` first"
    assert (finding.symbol, finding.chain) == ("hello", ())


@pytest.mark.parametrize("call", ["send_text('a')", "send_bytes(b'')", "send_json({})"])
def test_sends(call: str) -> None:
    assert len(found(endpoint(f"await ws.{call}"))) == 1


@pytest.mark.parametrize("call", ["receive_text()", "receive_bytes()", "receive_json()"])
def test_receives(call: str) -> None:
    [finding] = found(endpoint(f"text = await ws.{call}\nawait ws.accept()"))
    assert finding.message == "`hello` receives on `ws` before the connection is accepted"


def test_iteration() -> None:
    assert len(found(endpoint("async for text in ws.iter_text():\n    print(text)"))) == 1


def test_only_the_first_use_is_reported() -> None:
    assert len(found(endpoint("await ws.send_text('a')\nawait ws.send_text('b')"))) == 1


def test_helper_that_sends() -> None:
    helper = (
        "from fastapi import WebSocket\nasync def greet(name, peer: WebSocket):\n"
        "    await peer.send_text(name)\n"
    )
    source = "from app.io import greet as say\n" + endpoint("await say('a', ws)")
    [finding] = found(source, **{"app/io.py": helper})
    assert (finding.span.path, finding.span.line) == ("app/main.py", 9)
    assert [(hop.span.path, hop.symbol) for hop in finding.chain] == [
        ("app/main.py", "greet"),
        ("app/io.py", "peer.send_text"),
    ]


def test_accepted() -> None:
    assert found(endpoint("await ws.accept()\nawait ws.send_text('a')")) == []


def test_accepted_under_a_condition() -> None:
    body = "if ws.client_state.name == 'CONNECTING':\n    await ws.accept()\nawait ws.send_text('a')"
    assert found(endpoint(body)) == []


@pytest.mark.parametrize("subprotocol", ["", "subprotocol='bearer'", "headers=[]"])
def test_accepted_by_a_manager_from_another_module(subprotocol: str) -> None:
    manager = (
        "class Manager:\n    def __init__(self):\n        self.active = []\n"
        "    async def connect(self, ws):\n"
        f"        await ws.accept({subprotocol})\n        self.active.append(ws)\nmanager = Manager()\n"
    )
    source = "from app import live\n" + endpoint("await live.manager.connect(ws)\nawait ws.send_text('a')")
    assert found(source, **{"app/live.py": manager, "app/__init__.py": ""}) == []


def test_manager_that_only_keeps_the_socket() -> None:
    manager = (
        "class Manager:\n    def __init__(self):\n        self.active = {}\n"
        "    async def connect(self, name, ws):\n"
        "        self.active[name] = ws\n        self.active.setdefault(name, []).append(ws)\n"
        "manager = Manager()\n"
    )
    assert len(found(manager + endpoint("await manager.connect('a', ws)\nawait ws.send_text('a')"))) == 1


def test_accepted_by_a_context_manager() -> None:
    source = (
        "from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def connected(sock):\n"
        "    await sock.accept()\n    yield\n"
    )
    assert found(source + endpoint("async with connected(ws):\n    await ws.send_text('a')")) == []


def test_accepted_by_a_nested_function() -> None:
    body = "async def begin():\n    await ws.accept()\nawait begin()\nawait ws.send_text('a')"
    assert found(endpoint(body)) == []


def test_nested_function_that_runs_later() -> None:
    body = (
        "async def pump():\n    await ws.send_text('a')\ntask = asyncio.create_task(pump())\n"
        "await ws.accept()\nawait task"
    )
    assert found(endpoint(body)) == []


class TestDependencies:
    ACCEPTED = "async def accepted(sock: WebSocket):\n    await sock.accept()\n    return sock\n"
    LOOKING = "async def token(sock: WebSocket):\n    return sock.query_params.get('token')\n"

    def test_of_a_parameter(self) -> None:
        source = self.ACCEPTED + endpoint(
            "await ws.send_text('a')", "ws: WebSocket, _: Annotated[object, Depends(accepted)]"
        )
        assert found(source) == []

    def test_of_a_router(self) -> None:
        source = self.ACCEPTED + (
            "router = APIRouter(dependencies=[Depends(accepted)])\n@router.websocket('/ws')\n"
            "async def hello(ws: WebSocket):\n    await ws.send_text('a')\napp.include_router(router)\n"
        )
        assert found(source) == []

    def test_of_a_dependency(self) -> None:
        source = (
            self.ACCEPTED
            + ("async def user(sock=Depends(accepted)):\n    return 1\n")
            + endpoint("await ws.send_text('a')", "ws: WebSocket, u=Depends(user)")
        )
        assert found(source) == []

    def test_that_only_looks(self) -> None:
        source = self.LOOKING + endpoint("await ws.send_text('a')", "ws: WebSocket, t=Depends(token)")
        assert len(found(source)) == 1

    def test_that_cannot_be_resolved(self) -> None:
        source = "from library import user\n" + endpoint(
            "await ws.send_text('a')", "ws: WebSocket, u=Depends(user)"
        )
        assert found(source) == []


@pytest.mark.parametrize(
    "body",
    [
        "user = await authenticate(ws)",
        "Session(sock=ws)",
        "await asyncio.gather(authenticate(ws))",
        "pair = (ws, 1)\nawait authenticate(pair)",
        "asyncio.run_coroutine_threadsafe(authenticate(ws), None)",
        "await authenticate(*[ws])",
        "await authenticate({'ws': ws})",
    ],
)
def test_unknown_function_gets_the_socket(body: str) -> None:
    source = "from library import Session, authenticate\n"
    assert found(source + endpoint(f"{body}\nawait ws.send_text('a')")) == []


def test_object_that_keeps_the_socket() -> None:
    source = (
        "class Client:\n    def __init__(self, ws):\n        self.ws = ws\n"
        "    async def start(self):\n        await self.ws.accept()\n"
    )
    body = "client = Client(ws)\nawait client.start()\nawait ws.send_text('a')"
    assert found(source + endpoint(body)) == []


def test_second_socket_that_works_through_the_first() -> None:
    source = "class Room(WebSocket):\n    pass\n"
    body = "room = Room(ws.scope, ws.receive, ws.send)\nawait room.accept()\nawait ws.receive_text()"
    assert found(source + endpoint(body)) == []


def test_unknown_function_that_gets_no_socket() -> None:
    source = "from library import check\nlogger = logging.getLogger('a')\n"
    body = "logger.info('%s', ws)\nprint(ws)\nawait check(ws.headers.get('token'))\nawait ws.send_text('a')"
    assert len(found(source + endpoint(body))) == 1


def test_unknown_function_after_the_first_use() -> None:
    source = "from library import authenticate\n"
    assert len(found(source + endpoint("await ws.send_text('a')\nawait authenticate(ws)"))) == 1


@pytest.mark.parametrize("call", ["close(code=1008)", "send_denial_response(None)"])
def test_refused(call: str) -> None:
    assert found(endpoint(f"await ws.{call}")) == []
    assert found(endpoint(f"if ws.headers:\n    await ws.{call}\n    return\nawait ws.accept()")) == []


def test_raw_messages_of_the_handshake() -> None:
    assert found(endpoint("await ws.send({'type': 'websocket.accept'})\nawait ws.send_text('a')")) == []
    assert found(endpoint("await ws.receive()\nawait ws.send_text('a')")) == []


def test_decorator_that_accepts() -> None:
    source = (
        "def accepting(f):\n    async def inner(ws: WebSocket):\n        await ws.accept()\n"
        "        return await f(ws)\n    return inner\n"
    )
    assert found(source + endpoint("await ws.send_text('a')", decorator="@accepting\n")) == []
    unknown = "from library import accepting\n"
    assert found(unknown + endpoint("await ws.send_text('a')", decorator="@accepting\n")) == []


def test_nothing_is_sent() -> None:
    assert found(endpoint("pass")) == []


def test_another_socket() -> None:
    source = "import websockets\n" + endpoint(
        "async with websockets.connect('ws://upstream') as up:\n    await up.send_text('a')"
    )
    assert found(source) == []


def test_fix_goes_before_the_loop() -> None:
    source = HEAD + endpoint("name = 'a'\nwhile True:\n    if name:\n        await ws.send_text(name)")
    files = {"app/main.py": source}
    fixed = apply_fixes(files, lint(files, select=["WSK003"]))["app/main.py"]
    assert fixed == source.replace("    while True", "    await ws.accept()\n    while True")


def test_the_channel_of_the_socket_may_be_handed_to_another_socket() -> None:
    source = """
from fastapi import FastAPI, WebSocket

app = FastAPI()

class Channel(WebSocket):
    def __init__(self, scope, receive, send):
        super().__init__(scope, receive, send)

@app.websocket("/ws")
async def endpoint(ws: WebSocket):
    channel = Channel(ws.scope, ws.receive, ws.send)
    await channel.accept()
    await ws.send_text("hello")
"""
    assert lint({"app/main.py": source}, select=["WSK003"]) == []
