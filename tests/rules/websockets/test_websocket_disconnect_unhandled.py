from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
import asyncio
import contextlib
import functools
from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
app = FastAPI()
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["WSK001"])


def endpoint(body: str, decorator: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.websocket('/ws')\n{decorator}async def chat(ws: WebSocket):\n    await ws.accept()\n{lines}"


LOOP = "while True:\n    text = await ws.receive_text()\n    print(text)"


def test_place_message_and_symbol() -> None:
    [finding] = found(endpoint(LOOP))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (10, 22, 39)
    assert finding.message == "`chat` receives in a loop, and nothing catches `WebSocketDisconnect`"
    assert finding.symbol == "chat"
    assert finding.chain == ()


@pytest.mark.parametrize("method", ["receive_text", "receive_bytes", "receive_json"])
def test_every_receiving_method(method: str) -> None:
    assert len(found(endpoint(f"while True:\n    await ws.{method}()"))) == 1


def test_receive_in_the_test_of_a_loop() -> None:
    assert len(found(endpoint("while await ws.receive_text() != 'end':\n    pass"))) == 1


def test_receive_in_a_for_loop() -> None:
    assert len(found(endpoint("for _ in range(3):\n    await ws.receive_text()"))) == 1


def test_one_finding_for_an_endpoint() -> None:
    assert len(found(endpoint(LOOP + "\n" + LOOP))) == 1


def test_registered_by_call_and_on_a_router() -> None:
    source = (
        "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "async def chat(sock: WebSocket):\n    while True:\n        await sock.receive_text()\n"
        "router.add_api_websocket_route('/ws', chat)\napp.include_router(router)\n"
    )
    assert len(found(source)) == 1


def test_other_name_of_the_socket_and_starlette_import() -> None:
    source = (
        "from starlette import websockets as w\n@app.websocket('/ws')\nasync def chat(s: w.WebSocket):\n"
        "    sock = s\n    while True:\n        await sock.receive_text()\n"
    )
    assert len(found(source)) == 1


@pytest.mark.parametrize("clause", ["ValueError", "RuntimeError", "(KeyError, asyncio.TimeoutError)"])
def test_clauses_that_take_something_else(clause: str) -> None:
    body = f"try:\n    while True:\n        await ws.receive_text()\nexcept {clause}:\n    pass"
    assert len(found(endpoint(body))) == 1


def test_finally_catches_nothing() -> None:
    body = "try:\n    while True:\n        await ws.receive_text()\nfinally:\n    print('left')"
    assert len(found(endpoint(body))) == 1


def test_receive_in_the_handler_of_another_error() -> None:
    body = (
        "while True:\n    try:\n        print(1)\n    except WebSocketDisconnect:\n"
        "        await ws.receive_text()"
    )
    assert len(found(endpoint(body))) == 1


@pytest.mark.parametrize(
    "clause",
    [
        "WebSocketDisconnect",
        "WebSocketDisconnect as e",
        "Exception",
        "BaseException",
        "(RuntimeError, WebSocketDisconnect)",
        "CLOSED",
        "unknown.Closed",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_clauses_that_may_take_it(clause: str, inside: bool) -> None:
    source = "import unknown\nCLOSED = (KeyError, WebSocketDisconnect)\n"
    if inside:
        body = f"while True:\n    try:\n        await ws.receive_text()\n    except {clause}:\n        break"
    else:
        body = f"try:\n    while True:\n        await ws.receive_text()\nexcept {clause}:\n    pass"
    wanted = 1 if clause == "unknown.Closed" else 0
    assert len(found(source + endpoint(body))) == wanted


def test_bare_except() -> None:
    assert (
        found(endpoint("while True:\n    try:\n        await ws.receive_text()\n    except:\n        break"))
        == []
    )


def test_an_exception_that_cannot_be_resolved() -> None:
    body = "while True:\n    try:\n        await ws.receive_text()\n    except make_error():\n        break"
    assert found(endpoint(body)) == []


@pytest.mark.parametrize("method", ["iter_text", "iter_bytes", "iter_json"])
def test_iteration_ends_on_disconnect(method: str) -> None:
    assert found(endpoint(f"async for m in ws.{method}():\n    print(m)")) == []


def test_no_loop() -> None:
    assert found(endpoint("print(await ws.receive_text())")) == []


def test_loop_in_which_nothing_is_received() -> None:
    assert found(endpoint("await ws.receive_text()\nfor x in range(3):\n    await ws.send_text('a')")) == []


def test_suppress() -> None:
    body = "with contextlib.suppress(WebSocketDisconnect):\n    while True:\n        await ws.receive_text()"
    assert found(endpoint(body)) == []
    assert len(found(endpoint(body.replace("WebSocketDisconnect", "KeyError")))) == 1


class TestContextManagers:
    BODY = "async with guard():\n    while True:\n        await ws.receive_text()"

    def manager(self, inner: str) -> str:
        return f"@contextlib.asynccontextmanager\nasync def guard():\n{inner}\n"

    def test_that_catches(self) -> None:
        source = self.manager("    try:\n        yield\n    except WebSocketDisconnect:\n        pass")
        assert found(source + endpoint(self.BODY)) == []

    def test_that_only_cleans_up(self) -> None:
        source = self.manager("    try:\n        yield\n    finally:\n        print('bye')")
        assert len(found(source + endpoint(self.BODY))) == 1

    def test_class_whose_exit_may_suppress(self) -> None:
        source = (
            "class guard:\n    async def __aenter__(self): ...\n"
            "    async def __aexit__(self, *error):\n        return isinstance(error[1], OSError)\n"
        )
        assert found(source + endpoint(self.BODY)) == []

    def test_class_whose_exit_suppresses_nothing(self) -> None:
        source = "class guard:\n    async def __aenter__(self): ...\n    async def __aexit__(self, *e): ...\n"
        assert len(found(source + endpoint(self.BODY))) == 1

    def test_unknown(self) -> None:
        assert found("from library import guard\n" + endpoint(self.BODY)) == []

    def test_of_a_library_that_is_known(self) -> None:
        assert len(found(endpoint(self.BODY.replace("guard()", "asyncio.timeout(9)")))) == 1


class TestHelpers:
    FILE = "from fastapi import WebSocket\nasync def read(sock: WebSocket):\n{}\n"

    def test_loop_in_the_endpoint(self) -> None:
        helper = self.FILE.format("    return await sock.receive_json()")
        source = "from app.io import read\n" + endpoint("while True:\n    print(await read(ws))")
        [finding] = found(source, **{"app/io.py": helper})
        assert (finding.span.path, finding.span.line) == ("app/main.py", 11)
        assert [(hop.span.path, hop.span.line, hop.symbol) for hop in finding.chain] == [
            ("app/main.py", 11, "read"),
            ("app/io.py", 3, "sock.receive_json"),
        ]

    def test_loop_in_a_method_and_socket_by_keyword(self) -> None:
        source = (
            "class Chat:\n    async def run(self, name, *, peer):\n        while True:\n"
            "            await peer.receive_text()\nchat_room = Chat()\n"
        )
        [finding] = found(source + endpoint("await chat_room.run('a', peer=ws)"))
        assert finding.span.line == 14
        assert finding.fix is None

    def test_caught_in_the_helper(self) -> None:
        helper = self.FILE.format(
            "    try:\n        return await sock.receive_json()\n    except Exception:\n        return None"
        )
        source = "from app.io import read\n" + endpoint("while True:\n    print(await read(ws))")
        assert found(source, **{"app/io.py": helper}) == []

    def test_caught_in_the_caller(self) -> None:
        helper = self.FILE.format("    while True:\n        await sock.receive_json()")
        source = "from app.io import read\n" + endpoint(
            "try:\n    await read(ws)\nexcept WebSocketDisconnect:\n    pass"
        )
        assert found(source, **{"app/io.py": helper}) == []

    def test_nested_function_that_sees_the_socket(self) -> None:
        body = (
            "async def pump():\n    while True:\n        await ws.receive_text()\n"
            "await asyncio.gather(pump())"
        )
        assert len(found(endpoint(body))) == 1

    def test_in_a_task_of_its_own(self) -> None:
        body = (
            "async def pump():\n    while True:\n        await ws.receive_text()\n"
            "task = asyncio.create_task(pump())\nawait asyncio.wait([task])"
        )
        assert found(endpoint(body)) == []

    def test_with_a_time_limit(self) -> None:
        body = "while True:\n    await asyncio.wait_for(ws.receive_text(), 5)"
        assert len(found(endpoint(body))) == 1


class TestRawMessages:
    def test_type_is_not_tested(self) -> None:
        assert len(found(endpoint("while True:\n    print(await ws.receive())"))) == 1

    def test_type_is_tested(self) -> None:
        body = (
            "while True:\n    message = await ws.receive()\n"
            "    if message['type'] == 'websocket.disconnect':\n        break"
        )
        assert found(endpoint(body)) == []

    def test_runtime_error_is_caught(self) -> None:
        body = "while True:\n    try:\n        await ws.receive()\n    except RuntimeError:\n        break"
        assert found(endpoint(body)) == []


class TestHandledAround:
    def test_decorator_that_catches(self) -> None:
        source = (
            "def quiet(f):\n    @functools.wraps(f)\n    async def inner(*args, **kwargs):\n        try:\n"
            "            return await f(*args, **kwargs)\n        except WebSocketDisconnect:\n"
            "            pass\n    return inner\n"
        )
        body = "try:\n    while True:\n        await ws.receive_text()\nfinally:\n    print('left')"
        assert found(source + endpoint(body, "@quiet\n")) == []

    def test_decorator_that_cannot_be_followed(self) -> None:
        assert found("from library import quiet\n" + endpoint(LOOP, "@quiet\n")) == []

    def test_decorator_without_try(self) -> None:
        source = "def counted(f):\n    return f\n"
        assert len(found(source + endpoint(LOOP, "@counted\n"))) == 1

    @pytest.mark.parametrize(
        "registration",
        [
            "@app.exception_handler(WebSocketDisconnect)\nasync def left(ws, exc): ...\n",
            "app.add_exception_handler(WebSocketDisconnect, lambda ws, exc: None)\n",
            "other = FastAPI(exception_handlers={WebSocketDisconnect: print})\n",
            "HANDLERS = {WebSocketDisconnect: print}\nother = FastAPI(exception_handlers=HANDLERS)\n",
            "from library import handlers\nother = FastAPI(exception_handlers=handlers)\n",
        ],
    )
    def test_exception_handler(self, registration: str) -> None:
        assert found(registration + endpoint(LOOP)) == []

    @pytest.mark.parametrize(
        "registration",
        [
            "@app.exception_handler(Exception)\nasync def left(request, exc): ...\n",
            "@app.exception_handler(404)\nasync def missing(request, exc): ...\n",
            "other = FastAPI(exception_handlers={ValueError: print})\n",
        ],
    )
    def test_exception_handler_for_something_else(self, registration: str) -> None:
        assert len(found(registration + endpoint(LOOP))) == 1

    MIDDLEWARE = (
        "class Quiet:\n    def __init__(self, app):\n        self.app = app\n"
        "    async def __call__(self, scope, receive, send):\n        try:\n"
        "            await self.app(scope, receive, send)\n        except {}:\n            {}\n"
        "app.add_middleware(Quiet)\n"
    )

    def test_middleware_that_catches(self) -> None:
        assert found(self.MIDDLEWARE.format("WebSocketDisconnect", "pass") + endpoint(LOOP)) == []

    def test_middleware_that_raises_again(self) -> None:
        assert len(found(self.MIDDLEWARE.format("Exception", "raise") + endpoint(LOOP))) == 1


def test_no_websocket_endpoint() -> None:
    source = "async def chat(ws: WebSocket):\n    while True:\n        await ws.receive_text()\n"
    assert found(source) == []


def test_another_object_that_receives() -> None:
    source = (
        "class Queue:\n    async def receive_text(self): ...\n@app.websocket('/ws')\n"
        "async def chat(ws: WebSocket, queue: Queue = Depends(Queue)):\n    while True:\n"
        "        await queue.receive_text()\n"
    )
    assert found(source) == []


def test_tests_are_left_out() -> None:
    assert lint({"tests/test_ws.py": HEAD + endpoint(LOOP)}, select=["WSK001"]) == []


class TestFix:
    def test_imports_the_exception_and_keeps_the_rest(self) -> None:
        source = (
            "from fastapi import (\n    FastAPI,\n    WebSocket,\n)\napp = FastAPI()\n@app.websocket('/ws')\n"
            "async def chat(ws: WebSocket):\n  await ws.accept()\n  while True:\n    # echo\n\n"
            "    await ws.send_text(await ws.receive_text())\n  print('never')\n"
        )
        files = {"app/main.py": source}
        findings = lint(files, select=["WSK001"])
        assert [f.fix.safety for f in findings if f.fix] == ["unsafe"]
        assert apply_fixes(files, findings)["app/main.py"] == (
            "from fastapi import (\n    FastAPI,\n    WebSocket,\n    WebSocketDisconnect,\n)\n"
            "app = FastAPI()\n@app.websocket('/ws')\n"
            "async def chat(ws: WebSocket):\n  await ws.accept()\n  try:\n    while True:\n      # echo\n\n"
            "      await ws.send_text(await ws.receive_text())\n  except WebSocketDisconnect:\n    pass\n"
            "  print('never')\n"
        )

    def test_not_where_a_text_goes_over_lines(self) -> None:
        [finding] = found(endpoint('while True:\n    print(await ws.receive_text(), """a\nb""")'))
        assert finding.fix is None

    def test_not_where_the_name_means_something_else(self) -> None:
        source = HEAD.replace(", WebSocketDisconnect", "") + "WebSocketDisconnect = None\n" + endpoint(LOOP)
        [finding] = lint({"app/main.py": source}, select=["WSK001"])
        assert finding.fix is None
