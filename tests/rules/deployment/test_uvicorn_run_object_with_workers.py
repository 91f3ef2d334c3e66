from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """import uvicorn
from fastapi import FastAPI
def create_app() -> FastAPI:
    return FastAPI()
app = FastAPI()
"""


def found(call: str, head: str = HEAD) -> list[Finding]:
    return lint({"server/__init__.py": "", "server/main.py": head + call + "\n"}, select=["DPL023"])


@pytest.mark.parametrize(
    "call",
    [
        "uvicorn.run(app, reload=True)",
        "uvicorn.run(app, workers=2)",
        "uvicorn.run(app=app, host='0.0.0.0', workers=8)",
        "if __name__ == '__main__':\n    uvicorn.run(app, reload=True)",
        "def main():\n    uvicorn.run(app, reload=True)",
        "uvicorn.run(create_app(), workers=4)",
    ],
)
def test_calls_that_refuse_to_start(call: str) -> None:
    assert len(found(call)) == 1


def test_alias_of_the_function() -> None:
    head = HEAD.replace("import uvicorn\n", "from uvicorn import run as serve\n")
    assert len(found("serve(app, workers=2)", head)) == 1


def test_place_message_and_fix() -> None:
    call = "uvicorn.run(app, reload=True)"
    [finding] = found(call)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (6, 13, 16)
    assert finding.message == "`uvicorn.run` gets `app` as an object with `reload=True`, and refuses to start"
    fixed = apply_fixes({"server/main.py": HEAD + call}, [finding])["server/main.py"]
    assert fixed.endswith('uvicorn.run("server.main:app", reload=True)')


@pytest.mark.parametrize(
    "call",
    [
        "uvicorn.run('server.main:app', reload=True, workers=2)",
        "uvicorn.run(app)",
        "uvicorn.run(app, workers=1)",
        "uvicorn.run(app, workers=None)",
        "uvicorn.run(app, reload=False)",
        "uvicorn.run(app, workers=settings.workers)",
        "uvicorn.run(app, reload=args.reload)",
        "uvicorn.run(object(), workers=2)",
        "uvicorn.run(other, workers=2)",
        "runner.run(app, workers=2)",
    ],
)
def test_calls_that_are_fine_or_unknown(call: str) -> None:
    assert found(call) == []


def test_tests_are_left_alone() -> None:
    assert lint({"tests/test_x.py": HEAD + "uvicorn.run(app, reload=True)\n"}, select=["DPL023"]) == []
