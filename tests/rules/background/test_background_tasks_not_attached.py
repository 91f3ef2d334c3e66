from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "from fastapi import BackgroundTasks, FastAPI, Response\n"
    "from fastapi.responses import JSONResponse\n"
    "from starlette.background import BackgroundTask\n"
    "app = FastAPI()\n"
    "def work(x=1): ...\n"
)


def found(body: str, signature: str = "@app.post('/')\nasync def create(x: int)") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return lint({"app/main.py": f"{HEAD}{signature}:\n{lines}"}, select=["BGT002"])


def test_place_and_message() -> None:
    [finding] = found("tasks = BackgroundTasks()\ntasks.add_task(work)\nreturn x")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (8, 13, 30)
    assert finding.message == "The tasks of `tasks` in `create` never run: no response gets them"
    assert finding.symbol == "create"


def test_single_task() -> None:
    [finding] = found("BackgroundTask(work, 1)\nreturn x")
    assert finding.message == "This `BackgroundTask` in `create` never runs: no response gets it"
    assert len(found("task = BackgroundTask(work, 1)\nreturn x")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "tasks = BackgroundTasks()\nif x:\n    tasks.add_task(work)\nreturn JSONResponse({})",
        "tasks: BackgroundTasks = BackgroundTasks()\ntasks.add_task(work)",
        "tasks = BackgroundTasks([BackgroundTask(work)])\nreturn x",
    ],
)
def test_fires(body: str) -> None:
    assert len(found(body)) == 1


def test_in_a_service() -> None:
    body = "tasks = BackgroundTasks()\ntasks.add_task(work)\nreturn 1"
    assert len(found(body, "def service()")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nreturn JSONResponse({}, background=tasks)",
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nresponse.background = tasks\nreturn response",
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nawait tasks()\nreturn x",
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nreturn tasks",
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nunknown(tasks)",
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nself.tasks = tasks",
        "tasks = BackgroundTasks()\ntasks.add_task(work)\nfor t in tasks.tasks:\n    await t()",
        "tasks = BackgroundTasks()\nreturn x",
        "return JSONResponse({}, background=BackgroundTask(work))",
        "task = BackgroundTask(work)\nreturn JSONResponse({}, background=task)",
        "await BackgroundTask(work)()",
        "tasks = Queue()\ntasks.add_task(work)",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


INJECTED = "@app.post('/')\nasync def create(tasks: BackgroundTasks, x: int)"


def test_injected_tasks_and_a_response_with_its_own() -> None:
    body = "tasks.add_task(work)\nreturn JSONResponse({}, background=BackgroundTask(work))"
    [finding] = found(body, INJECTED)
    assert (finding.span.line, finding.span.column) == (9, 40)
    assert finding.message == "The tasks of `tasks` never run: this response has a `background` of its own"
    assert [related.span.line for related in finding.related] == [8]


@pytest.mark.parametrize(
    "body",
    [
        "tasks.add_task(work)\nreturn x",
        "tasks.add_task(work)\nreturn JSONResponse({})",
        "tasks.add_task(work)\nreturn JSONResponse({}, background=tasks)",
        "tasks.add_task(work)\nreturn JSONResponse({}, background=None)",
        "return JSONResponse({}, background=BackgroundTask(work))",
        "if x:\n    tasks.add_task(work)\n    return x\nreturn Response(background=BackgroundTask(work))",
        "if x:\n    tasks.add_task(work)\nelse:\n    return Response(background=BackgroundTask(work))",
        "tasks.add_task(work)\nreturn JSONResponse({}, background=BackgroundTask(tasks))",
        "tasks.add_task(work)\nreturn JSONResponse({}, background=other)",
        "tasks.add_task(work)\nreturn make(background=BackgroundTask(work))",
    ],
)
def test_injected_is_silent(body: str) -> None:
    assert found(body, INJECTED) == []


@pytest.mark.parametrize(
    ("signature", "after"),
    [
        ("async def create(x: int)", "async def create(tasks: BackgroundTasks, x: int)"),
        ("def create()", "def create(tasks: BackgroundTasks)"),
    ],
)
def test_fix(signature: str, after: str) -> None:
    body = "    tasks.add_task(work)\n    return 1\n"
    before = f"{HEAD}@app.post('/')\n{signature}:\n    tasks = BackgroundTasks()\n{body}"
    files = {"app/main.py": before}
    fixed = apply_fixes(files, lint(files, select=["BGT002"]))
    assert fixed == {"app/main.py": f"{HEAD}@app.post('/')\n{after}:\n{body}"}


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        ("tasks = BackgroundTasks()\ntasks.add_task(work)", "def service()"),
        ("if x:\n    tasks = BackgroundTasks()\n    tasks.add_task(work)", "@app.post('/')\ndef create(x)"),
        ("tasks = BackgroundTasks(); tasks.add_task(work)", "@app.post('/')\ndef create()"),
    ],
)
def test_no_fix(body: str, signature: str) -> None:
    [finding] = found(body, signature)
    assert finding.fix is None
