from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

HEAD = """
import logging
from fastapi import Depends, FastAPI, WebSocket
log = logging.getLogger(__name__)
audit = logging.getLogger("audit")
app = FastAPI()

"""


def found(body: str, decorator: str = "@app.get('/x')", limits: str = "") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"{HEAD}{decorator}\nasync def endpoint(a=1, b=2):\n{lines}"
    config = limits or "max-endpoint-statements = 3\nmax-endpoint-branches = 2\n"
    return lint({"app/main.py": source, "fastapi-lint.toml": config}, select=["ARC011"])


def test_place_and_message() -> None:
    [finding] = found("x = 1\n" * 4)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (9, 11, 19)
    assert finding.severity is Severity.INFO
    assert finding.message == "The endpoint `endpoint` has 4 statements (of 3 allowed)"
    assert finding.symbol == "endpoint"


def test_both_numbers() -> None:
    [finding] = found("if a:\n    x = 1\nif b:\n    x = 2\nif a or b:\n    x = 3\n")
    assert finding.message.endswith("has 6 statements (of 3 allowed) and 4 branches (of 2 allowed)")


@pytest.mark.parametrize(
    ("body", "branches"),
    [
        ("if a: pass\nelif b: pass\nelse: pass\nif b: pass", 3),
        ("if a and b and c: pass", 3),
        ("x = a or b or c or d", 3),
        ("for x in a:\n    while b: pass\nif a: pass", 3),
        ("try: pass\nexcept A: pass\nexcept B: pass\nfinally: pass", 3),
        ("match a:\n    case 1: pass\n    case 2: pass\n    case _: pass", 3),
    ],
)
def test_branches(body: str, branches: int) -> None:
    [finding] = found(body, limits="max-endpoint-statements = 99\nmax-endpoint-branches = 2\n")
    assert f"has {branches} branches" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "x = 1\nx = 2\nx = 3",
        "x = 1\nx = 2\nx = 3\nreturn x",
        '"""Text."""\nx = 1\nx = 2\nx = 3\nreturn x',
        "x = 1\nlog.info('a')\nlogging.debug('b')\naudit.warning('c')\nx = 2\nx = 3",
        "def inner():\n    x = 1\n    x = 2\n    x = 3\n    if x: pass\nreturn inner()",
        "x = [\n    1,\n    2,\n    3,\n    4,\n    5,\n]\nreturn x",
        "if a: pass\nelse: pass\nreturn b",
        "return [x for x in a if x]",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


def test_what_only_looks_like_logging() -> None:
    assert len(found("a.info('x')\nb.debug('y')\nx = 1\nx = 2")) == 1


def test_a_websocket() -> None:
    assert found("x = 1\n" * 9, "@app.websocket('/x')") == []


def test_a_dependency() -> None:
    source = f"{HEAD}def dep():\n{'    x = 1' + chr(10)}@app.get('/x')\ndef endpoint(d=Depends(dep)): ...\n"
    source = source.replace("    x = 1\n", "    x = 1\n" * 40)
    assert lint({"app/main.py": source}, select=["ARC011"]) == []


def test_defaults() -> None:
    assert found("x = 1\n" * 30, limits="max-app-routes = 2\n") == []
    assert len(found("x = 1\n" * 31, limits="max-app-routes = 2\n")) == 1


def test_tests() -> None:
    source = HEAD + "@app.get('/x')\ndef endpoint():\n" + "    x = 1\n" * 40
    assert lint({"tests/app.py": source, "examples/app.py": source}, select=["ARC011"]) == []
