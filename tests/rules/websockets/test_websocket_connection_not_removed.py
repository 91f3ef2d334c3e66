from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import asyncio
import contextlib
import functools
import weakref
from collections import defaultdict
from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
app = FastAPI()
"""
MANAGER = """\
class Manager:
    def __init__(self):
        self.active = []
    async def connect(self, ws):
        await ws.accept()
        self.active.append(ws)
    def disconnect(self, ws):
        self.active.remove(ws)
    async def broadcast(self, text):
        for other in self.active:
            await other.send_text(text)
manager = Manager()
"""
WAIT = "try:\n    while True:\n        await ws.receive_text()\nexcept WebSocketDisconnect:\n    {}"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["WSK002"])


def endpoint(body: str, parameters: str = "ws: WebSocket") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.websocket('/ws')\nasync def chat({parameters}):\n    await ws.accept()\n{lines}"


def test_place_message_and_chain() -> None:
    [finding] = found(MANAGER + endpoint("await manager.connect(ws)\n" + WAIT.format("print('left')")))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (23, 11, 30)
    assert finding.message == (
        "`chat` keeps its WebSocket in `Manager.active`, and nothing removes it when the client leaves"
    )
    assert [(hop.span.line, hop.symbol) for hop in finding.chain] == [(23, "Manager.connect")]
    assert [related.span.line for related in finding.related] == [13]
    assert finding.symbol == "chat"


@pytest.mark.parametrize(
    ("collection", "add"),
    [
        ("active = []", "active.append(ws)"),
        ("active: list[WebSocket] = []", "active.append(ws)"),
        ("active = set()", "active.add(ws)"),
        ("active = {}", "active['a'] = ws"),
        ("active = {}", "active['a'] = {'ws': ws, 'name': 'a'}"),
        ("active = {}", "active.setdefault('a', set()).add(ws)"),
        ("active = defaultdict(list)", "active['a'].append((ws, 'a'))"),
        ("active = []", "active += [ws]"),
        ("app.state.active = set()", "app.state.active.add(ws)"),
        ("app.state.active = set()", "ws.app.state.active.add(ws)"),
        ("class Room:\n    members = set()", "Room.members.add(ws)"),
        (
            "class Room:\n    def __init__(self):\n        self.m = []\nrooms = {'a': Room()}\nroom = Room()",
            "room.m.append(ws)",
        ),
    ],
)
def test_collections(collection: str, add: str) -> None:
    body = f"{add}\n" + WAIT.format("pass")
    if "+=" in add:
        body = "global active\n" + body
    assert len(found(f"{collection}\n" + endpoint(body))) == 1


def test_collection_of_the_function_that_builds_the_app() -> None:
    source = (
        "def create():\n    api = FastAPI()\n    active = []\n    @api.websocket('/ws')\n"
        "    async def chat(ws: WebSocket):\n        active.append(ws)\n"
        "        async for t in ws.iter_text():\n            print(t)\n    return api\n"
        "application = create()\n"
    )
    assert len(found(source)) == 1


def test_injected_manager_of_the_module() -> None:
    source = MANAGER + "def get_manager():\n    return manager\n"
    body = "await m.connect(ws)\n" + WAIT.format("pass")
    assert len(found(source + endpoint(body, "ws: WebSocket, m: Manager = Depends(get_manager)"))) == 1


def test_cached_manager() -> None:
    source = MANAGER + "@functools.lru_cache\ndef get_manager():\n    return Manager()\n"
    body = "m = get_manager()\nawait m.connect(ws)\n" + WAIT.format("pass")
    assert len(found(source + endpoint(body))) == 1


def test_manager_in_another_module_under_another_name() -> None:
    source = "from app.live import manager as live\n" + endpoint(
        "await live.connect(ws)\n" + WAIT.format("print(1)")
    )
    assert len(found(source, **{"app/live.py": MANAGER})) == 1


def test_socket_in_nobody_elses_except() -> None:
    body = (
        "active.append(ws)\ntry:\n    while True:\n        await ws.receive_text()\n"
        "except ValueError:\n    active.remove(ws)\n"
    )
    assert len(found("active = []\n" + endpoint(body))) == 1


def test_removed_only_in_the_course_of_the_loop() -> None:
    body = (
        "active.append(ws)\ntry:\n    while True:\n        if await ws.receive_text() == 'bye':\n"
        "            active.remove(ws)\n            break\nexcept WebSocketDisconnect:\n    pass\n"
    )
    assert len(found("active = []\n" + endpoint(body))) == 1


def test_another_collection_is_emptied() -> None:
    source = "active = []\nnames = []\n" + endpoint("active.append(ws)\n" + WAIT.format("names.remove('a')"))
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    "cleanup",
    [
        "manager.disconnect(ws)",
        "manager.active.remove(ws)",
        "manager.active = [x for x in manager.active if x is not ws]",
        "manager.active.clear()",
        "for x in list(manager.active):\n        manager.active.remove(x)",
        "members = manager.active\n    members.remove(ws)",
        "forget(ws)",
    ],
)
class TestRemoved:
    FORGET = "def forget(ws):\n    manager.disconnect(ws)\n"

    def lint(self, body: str) -> list[Finding]:
        return found(MANAGER + self.FORGET + endpoint("await manager.connect(ws)\n" + body))

    def test_where_the_disconnect_is_caught(self, cleanup: str) -> None:
        assert self.lint(WAIT.format(cleanup)) == []

    def test_in_finally(self, cleanup: str) -> None:
        assert self.lint(WAIT.format("pass") + f"\nfinally:\n    {cleanup}") == []

    def test_behind_the_loop(self, cleanup: str) -> None:
        inner = cleanup.replace("\n    ", "\n")
        assert self.lint(f"async for text in ws.iter_text():\n    print(text)\n{inner}") == []

    def test_in_an_except_inside_the_loop(self, cleanup: str) -> None:
        inner = cleanup.replace("\n", "\n    ")
        body = (
            "while True:\n    try:\n        await ws.receive_text()\n    except WebSocketDisconnect:\n"
            f"        {inner}\n        break"
        )
        assert self.lint(body) == []

    def test_behind_the_try(self, cleanup: str) -> None:
        inner = cleanup.replace("\n    ", "\n")
        assert self.lint(WAIT.format("pass") + "\n" + inner) == []


@pytest.mark.parametrize("cleanup", ["del active['a']", "active.pop('a', None)", "active['a'] = None"])
def test_items_of_a_dict(cleanup: str) -> None:
    assert found("active = {}\n" + endpoint("active['a'] = ws\n" + WAIT.format(cleanup))) == []


def test_rooms_of_a_dict() -> None:
    source = "rooms = {}\n" + endpoint(
        "if 'a' not in rooms:\n    rooms['a'] = set()\nrooms['a'].add(ws)\n"
        + WAIT.format("for room in rooms.values():\n        room.discard(ws)")
    )
    assert found(source) == []
    assert len(found(source.replace("room.discard(ws)", "print(room)"))) == 1


@pytest.mark.parametrize(
    "collection", ["weakref.WeakSet()", "weakref.WeakValueDictionary()", "defaultdict(weakref.WeakSet)"]
)
def test_weak_collections(collection: str) -> None:
    add = "active['a'] = ws" if "Value" in collection else "active.add(ws)"
    add = "active['a'].add(ws)" if "default" in collection else add
    assert found(f"active = {collection}\n" + endpoint(f"{add}\n" + WAIT.format("pass"))) == []


@pytest.mark.parametrize(
    "library", ["from library import manager", "from library import Manager\nmanager = Manager()"]
)
def test_manager_that_cannot_be_resolved(library: str) -> None:
    source = f"{library}\n" + endpoint("await manager.connect(ws)\n" + WAIT.format("pass"))
    assert found(source) == []


def test_disconnect_of_a_library_base() -> None:
    source = MANAGER.replace("class Manager:", "from library import Base\nclass Manager(Base):")
    body = "await manager.connect(ws)\n" + WAIT.format("await manager.forget_all(ws)")
    assert found(source + endpoint(body)) == []


def test_unknown_function_gets_the_socket() -> None:
    source = "from library import forget\nactive = []\n"
    assert found(source + endpoint("active.append(ws)\n" + WAIT.format("forget.later(ws)"))) != []
    source = "active = []\n"
    body = "active.append(ws)\n" + WAIT.format("make_forget()(ws)")
    assert found(source + endpoint(body)) == []


def test_local_collection() -> None:
    assert found(endpoint("active = []\nactive.append(ws)\n" + WAIT.format("pass"))) == []


def test_manager_made_for_the_connection() -> None:
    body = "m = Manager()\nawait m.connect(ws)\n" + WAIT.format("pass")
    assert found(MANAGER + endpoint(body)) == []
    injected = endpoint(
        "await m.connect(ws)\n" + WAIT.format("pass"), "ws: WebSocket, m: Manager = Depends()"
    )
    assert found(MANAGER + injected) == []


def test_collection_that_is_no_builtin() -> None:
    source = "from cachetools import TTLCache\nactive = TTLCache(9, 9)\n"
    assert found(source + endpoint("active['a'] = ws\n" + WAIT.format("pass"))) == []


def test_broadcast_that_drops_dead_sockets() -> None:
    source = MANAGER.replace(
        "            await other.send_text(text)\n",
        "            try:\n                await other.send_text(text)\n            except RuntimeError:\n"
        "                self.disconnect(other)\n",
    )
    body = "await manager.connect(ws)\nasync for text in ws.iter_text():\n    await manager.broadcast(text)"
    assert found(source + endpoint(body)) == []
    assert len(found(MANAGER + endpoint(body))) == 1


def test_context_manager_that_removes() -> None:
    source = MANAGER + (
        "@contextlib.asynccontextmanager\nasync def joined(ws):\n    await manager.connect(ws)\n"
        "    try:\n        yield\n    finally:\n        manager.disconnect(ws)\n"
    )
    body = "async with joined(ws):\n    async for text in ws.iter_text():\n        print(text)"
    assert found(source + endpoint(body)) == []


def test_dependency_that_removes_after_yield() -> None:
    source = MANAGER + ("async def joined(sock: WebSocket):\n    yield sock\n    manager.disconnect(sock)\n")
    body = "await manager.connect(ws)\n" + WAIT.format("pass")
    assert found(source + endpoint(body, "ws: WebSocket, _=Depends(joined)")) == []


def test_endpoint_that_keeps_nothing() -> None:
    assert found(MANAGER + endpoint(WAIT.format("pass"))) == []


def test_something_of_the_socket_is_kept() -> None:
    assert found("seen = []\n" + endpoint("seen.append(ws.client)\n" + WAIT.format("pass"))) == []
