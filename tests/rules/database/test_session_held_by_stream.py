from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import io
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse
from redis.asyncio import Redis
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sse_starlette.sse import EventSourceResponse
factory = async_sessionmaker()
app = FastAPI()
async def get_db():
    async with factory() as session:
        yield session
async def get_factory():
    yield factory
async def get_redis():
    yield Redis()
async def get_open() -> AsyncSession:
    return factory()
class Repo:
    def __init__(self, db: Annotated[AsyncSession, Depends(get_db)]): ...
async def numbers():
    for n in range(1000):
        yield n
async def one():
    yield 1
async def many():
    async for n in numbers():
        yield n
def plain():
    yield from range(3)
"""
DB = "db: AsyncSession = Depends(get_db)"
STREAM = "return StreamingResponse(numbers())"


def found(source: str, version: str = "") -> list[Finding]:
    files = {"app/main.py": HEAD + source}
    if version:
        files["requirements.txt"] = f"fastapi=={version}\n"
    return lint(files, select=["DBS005"])


def endpoint(body: str, parameters: str = DB) -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return found(f"@app.get('/')\nasync def read({parameters}):\n{lines}")


def test_place_and_message() -> None:
    [finding] = endpoint(STREAM)
    line = HEAD.count("\n") + 2
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (line, 16, 50)
    assert finding.message == (
        "The session of `get_db` and its connection are kept until the stream of `read` ends"
    )
    assert [related.span.line for related in finding.related] == [line + 1]
    assert finding.chain == ()


@pytest.mark.parametrize(
    "body",
    [
        STREAM,
        "return StreamingResponse(content=many(), media_type='x')",
        "return StreamingResponse(plain())",
        "return EventSourceResponse(numbers())",
        "stream = numbers()\nreturn StreamingResponse(stream)",
        "response = StreamingResponse(numbers())\nreturn response",
        "async def inner():\n    while True:\n        yield 1\nreturn StreamingResponse(inner())",
        "class S(StreamingResponse): ...\nreturn S(numbers())",
    ],
)
def test_streams(body: str) -> None:
    assert len(endpoint(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return JSONResponse({})",
        "return StreamingResponse(io.BytesIO())",
        "return StreamingResponse(one())",
        "return StreamingResponse(unknown())",
        "return StreamingResponse(iter(['a']))",
        "return numbers()",
        "await db.close()\nreturn StreamingResponse(numbers())",
        "await db.commit()\nreturn StreamingResponse(numbers())",
    ],
)
def test_other_answers(body: str) -> None:
    assert endpoint(body) == []


GENERATORS = """\
async def rows(db: AsyncSession):
    async for row in await db.stream("select"):
        yield row
class Rows:
    def __init__(self, db: AsyncSession):
        self.db = db
    async def each(self):
        async for row in await self.db.stream("select"):
            yield row
    async def all(self):
        return await self.db.scalars("select")
    async def save(self, row):
        await self.db.execute("insert")
"""


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("async for row in await db.stream('select'):\n    yield row", 0),
        ("async for row in rows(db):\n    yield row", 0),
        ("async for row in Rows(db).each():\n    yield row", 0),
        ("each = Rows(db).each()\nasync for row in each:\n    yield row", 0),
        ("for row in [1, 2]:\n    await Rows(db).save(row)\n    yield row", 0),
        ("async for row in await unknown.stream_scalars('select'):\n    yield row", 0),
        ("rows_ = unknown.stream_rows()\nasync for row in rows_:\n    yield row", 0),
        ("for row in await Rows(db).all():\n    yield row", 1),
        ("while True:\n    await db.execute('select')\n    yield 1", 1),
        ("async for row in numbers():\n    yield row", 1),
        (
            "async with factory() as own:\n    async for row in await own.stream('select'):\n"
            "        yield row",
            1,
        ),
    ],
)
def test_a_stream_that_works_with_the_session(body: str, count: int) -> None:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    source = f"{GENERATORS}@app.get('/')\nasync def read({DB}):\n    async def stream():\n{lines}"
    assert len(found(source + "    return StreamingResponse(stream())\n")) == count


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ("db: AsyncSession = Depends(get_db)", 1),
        ("db=Depends(get_db)", 1),
        ("db: Annotated[AsyncSession, Depends(get_db)]", 1),
        ("repo: Annotated[Repo, Depends()]", 1),
        ("db: AsyncSession = Depends(get_db, scope='function')", 0),
        ("db: AsyncSession = Depends(get_db, scope='request')", 1),
        ("db: AsyncSession = Depends(get_db, scope=SCOPE)", 0),
        ("make=Depends(get_factory)", 0),
        ("redis: Redis = Depends(get_redis)", 0),
        ("db: AsyncSession = Depends(get_open)", 0),
        ("x: int = 1", 0),
    ],
)
def test_dependencies(parameters: str, count: int) -> None:
    assert len(endpoint(STREAM, parameters)) == count


def test_a_dependency_of_the_router() -> None:
    source = (
        f"router = APIRouter(dependencies=[Depends(get_db)])\n@router.get('/')\ndef read():\n    {STREAM}\n"
    )
    assert len(found(source + "app.include_router(router)\n")) == 1


def test_a_chain_leads_to_the_session() -> None:
    [finding] = endpoint(STREAM, "repo: Annotated[Repo, Depends()]")
    assert [hop.symbol for hop in finding.chain] == ["repo", "Repo.__init__", "db", "get_db"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("while True:\n    await ws.receive_text()", 1),
        ("while True:\n    await ws.send_text('x')", 1),
        ("async for x in ws.iter_text():\n    print(x)", 1),
        ("async for x in numbers():\n    await ws.send_json(x)", 1),
        ("for x in [1, 2]:\n    await ws.send_json(x)", 0),
        ("await ws.send_json(1)\nawait ws.close()", 0),
        ("while True:\n    await sleep()", 0),
        ("await db.close()\nwhile True:\n    await ws.receive_text()", 0),
    ],
)
def test_websockets(body: str, count: int) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"@app.websocket('/')\nasync def talk(ws: WebSocket, {DB}):\n    await ws.accept()\n{lines}"
    assert len(found(source)) == count


@pytest.mark.parametrize(("version", "count"), [("0.105.0", 0), ("0.117.1", 0), ("0.118.0", 1), ("", 1)])
def test_versions(version: str, count: int) -> None:
    source = f"@app.get('/')\nasync def read({DB}):\n    {STREAM}\n"
    assert len(found(source, version)) == count


def test_a_range_of_versions() -> None:
    source = HEAD + f"@app.get('/')\nasync def read({DB}):\n    {STREAM}\n"
    for specifier, count in ((">=0.110", 0), (">=0.118", 1)):
        files = {"app/main.py": source, "requirements.txt": f"fastapi{specifier}\n"}
        assert len(lint(files, select=["DBS005"])) == count
