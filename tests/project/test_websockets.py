from __future__ import annotations

from collections.abc import Callable

from fastapi_lint.project.project import Project
from fastapi_lint.project.websockets.sockets import Websockets

Build = Callable[..., Project]
HEAD = "import asyncio\nfrom fastapi import FastAPI, WebSocket\napp = FastAPI()\n"


def events(project: Project) -> list[str]:
    """The kinds of what the only endpoint does; in capitals if an exception doesn't reach it."""
    websockets = Websockets(project)
    [(_, socket)] = websockets.endpoints()
    found = websockets.events(socket)
    return [event.kind if event.awaited else event.kind.upper() for event in found]


def endpoint(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.websocket('/ws')\nasync def chat(x: int, ws: WebSocket):\n{lines}"


def test_in_the_order_of_the_text(project_of: Build) -> None:
    body = (
        "await ws.accept()\nasync for m in ws.iter_text():\n    await ws.send_text(m)\n"
        "await ws.send_json(await ws.receive_json())\nawait ws.close()"
    )
    assert events(project_of(HEAD + endpoint(body))) == [
        "accept",
        "iterate",
        "send",
        "receive",
        "send",
        "close",
    ]


def test_through_functions_methods_and_modules(project_of: Build) -> None:
    files = {
        "app/__init__.py": "from app.live import manager\n",
        "app/live.py": (
            "class Manager:\n    async def connect(self, sock, name):\n        await sock.accept()\n"
            "        await greet(name, to=sock)\nasync def greet(name, *, to):\n"
            "    await to.send_text(name)\n"
            "manager = Manager()\n"
        ),
        "app/main.py": HEAD + "from app import manager\n" + endpoint("await manager.connect(ws, 'a')"),
    }
    assert events(project_of(files)) == ["accept", "send"]


def test_task_and_gather(project_of: Build) -> None:
    source = "async def pump(s):\n    await s.receive_text()\n"
    body = "t = asyncio.create_task(pump(ws))\nawait asyncio.gather(pump(ws), t)"
    assert events(project_of(HEAD + source + endpoint(body))) == ["RECEIVE", "receive"]


def test_a_function_that_calls_itself(project_of: Build) -> None:
    source = "async def pump(s):\n    await s.receive_text()\n    await pump(s)\n"
    assert events(project_of(HEAD + source + endpoint("await pump(ws)"))) == ["receive"]


def test_where_it_is_not_followed(project_of: Build) -> None:
    source = "from lib import f\n" + endpoint(
        "await f(1)\nprint(ws)\nawait f(ws)\nfriends = {}\nfriends[1] = ws"
    )
    assert events(project_of(HEAD + source)) == ["unknown"]


def test_kept_in_an_attribute(project_of: Build) -> None:
    source = "class Client:\n    def __init__(self, ws):\n        self.ws = ws\n        print('made')\n"
    assert events(project_of(HEAD + source + endpoint("Client(ws)"))) == ["unknown"]


def test_endpoint_without_its_socket(project_of: Build) -> None:
    source = "@app.websocket('/ws')\nasync def chat(x: int): ...\n"
    assert list(Websockets(project_of(HEAD + source)).endpoints()) == []
