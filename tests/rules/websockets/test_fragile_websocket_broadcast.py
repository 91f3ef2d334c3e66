"""WSK004 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import asyncio
import contextlib
from fastapi import FastAPI, WebSocket
app = FastAPI()
active: list[WebSocket] = []
rooms: dict[str, set[WebSocket]] = {}
app.state.sockets = set()
"""
CHANGES = """
def join(ws: WebSocket, room: str):
    active.append(ws)
    rooms.setdefault(room, set()).add(ws)
"""


def found(source: str) -> list[str]:
    return [finding.message for finding in lint({"app/main.py": HEAD + source}, select=["WSK004"])]


def loop(header: str, body: str = "await ws.send_text('x')") -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return f"{CHANGES}async def broadcast(room: str):\n    for {header}:\n{lines}"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("ws in active", "await ws.send_text('x')"),
        ("ws in active", "if room:\n    await ws.send_json({})"),
        ("ws in rooms[room]", "await ws.send_bytes(b'x')"),
        ("ws in rooms.get(room, set())", "await ws.send_text('x')"),
        ("ws in rooms['a']", "await ws.send_text('x')"),
    ],
)
def test_reported(header: str, body: str) -> None:
    assert len(found(loop(header, body))) == 1


def test_under_another_name() -> None:
    source = (
        CHANGES
        + "async def tell():\n    known = active\n    for ws in known:\n        await ws.send_text('x')\n"
    )
    [message] = found(source)
    assert (
        message
        == "A client that has left ends the loop of `tell` over `active`, which changes while it sends"
    )


def test_a_collection_without_types_that_endpoints_fill() -> None:
    source = (
        "class Hub:\n    def __init__(self):\n        self.known = []\n"
        "    async def tell(self):\n        for one in self.known:\n            await one.send_text('x')\n"
        "hub = Hub()\n"
    )
    endpoint = "@app.websocket('/ws')\nasync def feed(ws: WebSocket):\n    hub.known.append(ws)\n"
    assert len(found(source + endpoint)) == 1
    assert found(source + "def fill(thing):\n    hub.known.append(thing)\n") == []


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("ws in list(active)", "await ws.send_text('x')"),
        ("ws in tuple(active)", "await ws.send_text('x')"),
        ("ws in active.copy()", "await ws.send_text('x')"),
        ("ws in active[:]", "await ws.send_text('x')"),
        ("ws in [*active]", "await ws.send_text('x')"),
        ("ws in list(rooms.values())[0]", "await ws.send_text('x')"),
        ("ws in active", "try:\n    await ws.send_text('x')\nexcept RuntimeError:\n    pass"),
        ("ws in active", "with contextlib.suppress(RuntimeError):\n    await ws.send_text('x')"),
        ("ws in active", "asyncio.create_task(ws.send_text('x'))"),
        ("ws in active", "await other.send_text('x')"),
        ("ws in active", "print(ws)"),
        ("ws in made()", "await ws.send_text('x')"),
    ],
)
def test_silent(header: str, body: str) -> None:
    assert found(loop(header, body)) == []


def test_a_copy_under_another_name() -> None:
    source = (
        CHANGES
        + "async def tell():\n    k = list(active)\n    for ws in k:\n        await ws.send_text('')\n"
    )
    assert found(source) == []


def test_gathered() -> None:
    source = "async def tell():\n    await asyncio.gather(*[ws.send_text('x') for ws in active])\n"
    assert found(CHANGES + source) == []


def test_a_collection_of_the_function() -> None:
    source = "async def tell(all: list[WebSocket]):\n    for ws in all:\n        await ws.send_text('x')\n"
    assert found(CHANGES + source) == []


def test_a_collection_that_only_the_loop_changes() -> None:
    body = "        await ws.send_text('')\n        active.remove(ws)\n"
    source = f"async def tell():\n    for ws in active:\n{body}"
    assert found(source) == []


def test_the_copy() -> None:
    files = {"app/main.py": HEAD + loop("ws in rooms[room]")}
    fixed = apply_fixes(files, lint(files, select=["WSK004"]))["app/main.py"]
    assert "for ws in list(rooms[room]):" in fixed
