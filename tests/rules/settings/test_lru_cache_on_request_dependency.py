from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

HEAD = """
from functools import cache, lru_cache
from typing import Annotated
from fastapi import Body, Cookie, Depends, FastAPI, Header, Path, Query, Request, Response, WebSocket
from pydantic import BaseModel, ConfigDict
from pydantic_settings import BaseSettings
from sqlalchemy.orm import Session

app = FastAPI()
CLIENT = object()

class Filter(BaseModel):
    q: str
class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)
class Settings(BaseSettings): ...
class FrozenSettings(BaseSettings, frozen=True): ...
class Pager:
    def __init__(self, page: int = 1): ...

@cache
def get_settings() -> Settings: ...
@cache
def get_frozen() -> FrozenSettings: ...
def get_db() -> Session: ...
def get_user(token: str) -> str:
    return token
def get_constant():
    return CLIENT
"""
USE = "@app.get('/')\ndef root(x=Depends(dep)): ...\n"


def found(parameters: str, decorator: str = "@lru_cache", use: str = USE) -> list[Finding]:
    source = f"{HEAD}{decorator}\ndef dep({parameters}): ...\n{use}"
    return lint({"app/main.py": source}, select=["CFG009"])


def test_place_and_message_of_stale_values() -> None:
    [finding] = found("a: Annotated[str, Header()], b: int = 1", "@lru_cache(maxsize=9)")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (30, 2, 22)
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "The cache of `dep` keeps the answer for each value of `a` for all later requests"
    )
    assert [other.message for other in finding.related] == [
        "`a` is a header value of the request",
        "`b` is read from the request",
    ]


def test_message_of_a_crash() -> None:
    [finding] = found("a: str, body: dict")
    assert finding.message == "The cache of `dep` can't hash `body`, so every call fails"


@pytest.mark.parametrize(
    "parameters",
    [
        "q: str",
        "q",
        "q: str = Query('x')",
        "q: str = Cookie()",
        "user_id: Annotated[int, Path()]",
        "request: Request",
        "ws: WebSocket",
        "db: Session = Depends(get_db)",
        "user: str = Depends(get_user)",
        "user: Annotated[str, Depends(get_user)]",
        "pager: Pager = Depends()",
        "frozen: Frozen",
    ],
)
def test_hashable(parameters: str) -> None:
    [finding] = found(parameters)
    assert "keeps the answer" in finding.message


@pytest.mark.parametrize(
    "parameters",
    [
        "ids: list[int]",
        "tags: set[str] = Query()",
        "body: dict = Body()",
        "filter: Filter",
        "filter: Filter = Depends()",
        "settings: Settings = Depends(get_settings)",
    ],
)
def test_unhashable(parameters: str) -> None:
    [finding] = found(parameters)
    assert "can't hash" in finding.message


def test_a_method() -> None:
    source = HEAD + "class A:\n    @lru_cache\n    def dep(self, q: str): ...\na = A()\n"
    assert len(lint({"app/main.py": source + USE.replace("dep", "a.dep")}, select=["CFG009"])) == 1


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "settings: FrozenSettings = Depends(get_frozen)",
        "client=Depends(get_constant)",
        "x=Depends(unknown)",
        "response: Response",
        "*args",
    ],
)
def test_silent(parameters: str) -> None:
    assert found(parameters) == []


@pytest.mark.parametrize("decorator", ["", "@own", "@alru_cache"])
def test_other_decorators(decorator: str) -> None:
    assert found("q: str", decorator) == []


@pytest.mark.parametrize(
    "use",
    ["", "def other(q: str):\n    return dep(q)\n@app.get('/')\ndef root(x=Depends(other)): ...\n"],
)
def test_a_function_that_is_no_dependency(use: str) -> None:
    assert found("q: str", use=use) == []
