from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "from fastapi import BackgroundTasks, FastAPI\n"
    "from starlette.background import BackgroundTask\n"
    "app = FastAPI()\n"
    "async def later(a=1, b=2): ...\n"
    "def plain(a=1, b=2) -> None: ...\n"
)


def found(body: str, head: str = HEAD) -> list[Finding]:
    source = head + "@app.post('/')\ndef create(tasks: BackgroundTasks):\n" + body
    return lint({"app/main.py": source}, select=["BGT001"])


def test_coroutine() -> None:
    [finding] = found("    tasks.add_task(later('x'))\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (8, 20, 30)
    assert finding.message == "`later` is called instead of handed to `add_task`, so it never runs"
    assert finding.help == "Give `add_task` the function and its arguments: `add_task(later, ...)`"
    assert finding.symbol == "create"


def test_plain_function() -> None:
    [finding] = found("    tasks.add_task(plain())\n")
    assert "so it runs before the response, and `None` is called after it" in finding.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tasks.add_task(later())", "tasks.add_task(later)"),
        ("tasks.add_task(later(1, b=2))", "tasks.add_task(later, 1, b=2)"),
        ("tasks.add_task( later( 1, ) )", "tasks.add_task( later, 1, )"),
        ("tasks.add_task(later(\n        1,\n        *x,\n    ))", "tasks.add_task(later, 1,\n        *x,)"),
        ("BackgroundTask(plain((1, 2)))", "BackgroundTask(plain, (1, 2))"),
    ],
)
def test_fix(before: str, after: str) -> None:
    head = HEAD + "@app.post('/')\ndef create(tasks: BackgroundTasks, x: list[int]):\n    "
    files = {"app/main.py": f"{head}{before}\n"}
    assert apply_fixes(files, lint(files, select=["BGT001"])) == {"app/main.py": f"{head}{after}\n"}


@pytest.mark.parametrize(
    "call",
    ["tasks.add_task(later(1), 2)", "tasks.add_task(func=later(1))", "tasks.add_task(later(x for x in y))"],
)
def test_no_fix(call: str) -> None:
    [finding] = found(f"    {call}\n")
    assert finding.fix is None


def test_method_and_task_object() -> None:
    head = HEAD + "class Mail:\n    async def send(self, to): ...\nmail = Mail()\n"
    body = "    tasks.add_task(mail.send('x'))\n    return BackgroundTask(mail.send('y'))\n"
    assert len(found(body, head)) == 2


def test_tasks_that_a_function_makes() -> None:
    assert len(found("    mine = BackgroundTasks()\n    mine.add_task(plain(1))\n")) == 1


def test_tasks_given_to_a_service() -> None:
    service = (
        "class Service:\n    def __init__(self, tasks: BackgroundTasks):\n        self.tasks = tasks\n"
        "    def run(self):\n        self.tasks.add_task(later(1))\n"
    )
    [finding] = found("    ...\n", HEAD + service)
    assert finding.symbol == "Service.run"


@pytest.mark.parametrize(
    "body",
    [
        "    tasks.add_task(later, 1)\n",
        "    tasks.add_task(lambda: plain(1))\n",
        "    from functools import partial\n    tasks.add_task(partial(later, 1))\n",
        "    def make():\n        def inner(): ...\n        return inner\n    tasks.add_task(make())\n",
        "    from lib import f\n    tasks.add_task(f(1))\n",
        "    tasks.add_task(unknown(1))\n",
        "    other.add_task(later(1))\n",
        "    import asyncio\n    async with asyncio.TaskGroup() as g:\n        g.create_task(later(1))\n",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


def test_own_class_with_that_method() -> None:
    head = HEAD + "class Queue:\n    def add_task(self, x): ...\n"
    assert found("    queue = Queue()\n    queue.add_task(plain(1))\n", head) == []
