from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteError
app = FastAPI()
class NotFound(HTTPException): ...
class Domain(Exception): ...
def audit(*args): ...
def fail(): raise HTTPException(404)
def maybe(x):
    if x: raise HTTPException(404)
async def fail_later(): raise NotFound(404)
def fail_otherwise(): raise Domain
"""
ADD = "tasks.add_task(audit, 'x')"
RAISE = "raise HTTPException(401)"


def found(*lines: str, head: str = "", signature: str = "x: int, tasks: BackgroundTasks") -> list[Finding]:
    body = "".join(f"    {line}\n" for line in lines)
    source = f"{HEAD}{head}@app.post('/x')\nasync def login({signature}):\n{body}"
    return lint({"app/main.py": source}, select=["BGT007"])


def test_place_message_and_related() -> None:
    [finding] = found("if x:", f"    {ADD}", f"    {RAISE}")
    assert (finding.span.line, finding.span.column) == (16, 9)
    assert finding.message == "`audit` never runs: the error raised behind it drops all background tasks"
    assert finding.help == (
        "Return a response with the status and `background=tasks`, or do the work before raising"
    )
    assert [(one.message, one.span.line) for one in finding.related] == [("The error is raised here", 17)]
    assert finding.symbol == "login"


@pytest.mark.parametrize(
    "lines",
    [
        (ADD, RAISE),
        ("if x:", f"    {ADD}", "    print(x)", f"    {RAISE}", "return 1"),
        ("if x:", f"    {ADD}", "    raise StarletteError(401)"),
        ("if x:", f"    {ADD}", "    raise NotFound(404)"),
        ("if x:", f"    {ADD}", "    error = NotFound(404)", "    raise error"),
        ("if x:", f"    {ADD}", "    fail()"),
        ("if x:", f"    {ADD}", "    await fail_later()"),
        ("if x: print()", "else:", f"    {ADD}", f"    {RAISE}"),
        ("try: print()", "except ValueError:", f"    {ADD}", f"    {RAISE}"),
        ("try: print()", "except ValueError:", f"    if x: {ADD}", f"    {RAISE}"),
        ("try: fail()", "except HTTPException:", f"    {ADD}", "    raise"),
        ("for y in range(x):", f"    {ADD}", f"    {RAISE}"),
        ("match x:", "    case 1:", f"        {ADD}", f"        {RAISE}"),
        ("try:", "    if x:", f"        {ADD}", f"        {RAISE}", "except ValueError: pass"),
    ],
)
def test_lost(lines: tuple[str, ...]) -> None:
    assert len(found(*lines)) == 1


@pytest.mark.parametrize(
    "lines",
    [
        # the task belongs to the success, the error to a later check
        (ADD, "if x:", f"    {RAISE}", "return 1"),
        (ADD, "maybe(x)", "return 1"),
        ("if x:", f"    {RAISE}", ADD),
        ("if x:", f"    {ADD}", RAISE),
        ("if x:", f"    {ADD}", "    return 1", RAISE),
        (ADD, "if x: return 1", RAISE),
        ("try:", f"    {ADD}", "    print()", "except ValueError:", f"    {RAISE}"),
        # a response is returned
        ("if x:", f"    {ADD}", "    return JSONResponse({}, status_code=401, background=tasks)"),
        (
            "try: print()",
            "except ValueError:",
            "    if x:",
            f"        {ADD}",
            "        return 1",
            f"    {RAISE}",
        ),
        # it is caught
        ("try:", f"    {ADD}", f"    {RAISE}", "except HTTPException: return 1"),
        ("try:", f"    {ADD}", f"    {RAISE}", "except Exception: return 1"),
        # other errors
        ("if x:", f"    {ADD}", "    raise Domain"),
        ("if x:", f"    {ADD}", "    fail_otherwise()"),
        ("try: print()", "except Domain:", f"    {ADD}", "    raise"),
        # not what is injected
        ("tasks = BackgroundTasks()", ADD, RAISE),
        ("def inner():", f"    {ADD}", f"    {RAISE}", "print(inner)"),
    ],
)
def test_silent(lines: tuple[str, ...]) -> None:
    assert found(*lines) == []


def test_a_dependency() -> None:
    head = f"def user(tasks: BackgroundTasks):\n    {ADD}\n    {RAISE}\n"
    [finding] = found("print(x)", head=head, signature="x: int, y=Depends(user)")
    assert finding.symbol == "user"


def test_a_helper_whose_caller_may_catch() -> None:
    head = f"def helper(tasks: BackgroundTasks):\n    {ADD}\n    {RAISE}\n"
    assert found("helper(tasks)", head=head) == []


def test_another_object() -> None:
    head = "from shop import Tasks\n"
    assert found(ADD, RAISE, head=head, signature="x: int, tasks: Tasks") == []
