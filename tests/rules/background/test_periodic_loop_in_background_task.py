from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "import asyncio, itertools, time, sys\nfrom fastapi import BackgroundTasks, FastAPI\napp = FastAPI()\n"
ENDPOINT = "@app.post('/work')\nasync def start(tasks: BackgroundTasks):\n    {call}\n"


def found(work: str, call: str = "tasks.add_task(work)", **files: str) -> list[Finding]:
    source = HEAD + work + "\n" + ENDPOINT.format(call=call)
    return lint({"app/__init__.py": "", "app/main.py": source, **files}, select=["BGT005"])


def function(*lines: str, kind: str = "async def") -> str:
    return f"{kind} work():\n" + "".join(f"    {line}\n" for line in lines)


SLEEP = "    await asyncio.sleep(5)"


def test_place_message_and_related() -> None:
    [finding] = found(function("while True:", SLEEP))
    assert (finding.span.line, finding.span.column) == (10, 5)
    assert finding.message == (
        "The background task `work` never ends: it loops with `asyncio.sleep`, "
        "once more for each time that it is added"
    )
    assert [(one.message, one.span.line) for one in finding.related] == [("The loop", 5)]
    assert finding.chain == ()
    assert finding.symbol == "start"


@pytest.mark.parametrize(
    "work",
    [
        function("while 1:", "    time.sleep(5)", kind="def"),
        function("for turn in itertools.count():", SLEEP),
        function("try:", "    while True:", "        pass", "    " + SLEEP, "finally:", "    print()"),
        # breaks of inner loops, of nested functions
        function("while True:", "    for x in range(3):", "        break", SLEEP),
        function("while True:", "    def inner(): return 1", SLEEP),
        function("while True:", "    for x in (): pass", "    else: print()", SLEEP),
        # errors are caught, cancelling is the only end
        function("while True:", "    try: raise ValueError", "    except Exception: print()", SLEEP),
        function("while True:", "    try:", "    " + SLEEP, "    except asyncio.CancelledError: break"),
        function("while True:", "    try:", "    " + SLEEP, "    except asyncio.CancelledError: raise"),
        # the sleep is deeper
        function("while True:", "    if time.time() > 5:", "    " + SLEEP),
    ],
)
def test_endless(work: str) -> None:
    assert len(found(work)) == 1


@pytest.mark.parametrize(
    "work",
    [
        function("while True:", "    if time.time() > 5:", "        break", SLEEP),
        function("while True:", "    if time.time() > 5:", "        return", SLEEP),
        function("while True:", "    if time.time() > 5:", "        raise TimeoutError", SLEEP),
        function("while True:", "    if time.time() > 5:", "        sys.exit()", SLEEP),
        function("while True:", "    try: print()", "    except ValueError: break", SLEEP),
        function(
            "while True:", "    try: print()", "    except (OSError, asyncio.CancelledError): break", SLEEP
        ),
        function("while True:", "    try: raise OSError", "    except ValueError: pass", SLEEP),
        function("while True:", "    for x in (): pass", "    else: break", SLEEP),
        function("while True:", "    match time.time():", "        case 5: return", SLEEP),
        # bounded, or ended by a status
        function("while time.time() < 5:", SLEEP),
        function("running = True", "while running:", SLEEP),
        function("for x in range(5):", SLEEP),
        function("for x in itertools.repeat(1, 5):", SLEEP),
        function("n = 0", "while n < 3:", "    n += 1", SLEEP),
        function("while not stop.is_set():", SLEEP),
        function("while False:", SLEEP),
        # no sleep in it
        function("while True:", "    await queue.get()"),
        function("await asyncio.sleep(1)", "while True:", "    print()"),
        # nothing of its own
        function("print()"),
        "async def work():\n    async def inner():\n        while True:\n            await asyncio.sleep(1)",
    ],
)
def test_silent(work: str) -> None:
    assert found(work) == []


def test_functions_that_it_calls_are_followed_one_level() -> None:
    loop = "async def loop():\n    while True:\n        await asyncio.sleep(1)\n"
    [finding] = found(loop + function("await loop()"))
    assert [hop.symbol for hop in finding.chain] == ["loop"]
    assert found(loop + "async def middle():\n    await loop()\n" + function("await middle()")) == []
    assert found(loop + function("await asyncio.wait_for(loop(), 5)")) == []


def test_other_forms_of_a_task() -> None:
    loop = "def loop(pause):\n    while True:\n        time.sleep(pause)\n"
    assert len(found(loop, "tasks.add_task(loop, 5)")) == 1
    assert len(found(loop, "tasks.add_task(lambda: loop(5))")) == 1
    poller = "class Poller:\n    def run(self):\n        while True:\n            time.sleep(1)\n"
    assert len(found(poller, "tasks.add_task(Poller().run)")) == 1
    files = {"app/jobs.py": "import time\ndef loop():\n    while True:\n        time.sleep(1)\n"}
    assert len(found("from app import jobs\n", "tasks.add_task(jobs.loop)", **files)) == 1


def test_started_elsewhere() -> None:
    loop = "async def loop():\n    while True:\n        await asyncio.sleep(1)\n"
    lifespan = "@app.on_event('startup')\nasync def begin():\n    asyncio.create_task(loop())\n"
    assert found(loop + lifespan + function("print()")) == []
