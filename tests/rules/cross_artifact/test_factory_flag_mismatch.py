from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import apply_fixes, lint

CODE = """import socketio
from fastapi import FastAPI
app = FastAPI()
def create_app() -> FastAPI:
    return FastAPI()
def configured(settings) -> FastAPI:
    return FastAPI()
def optional(settings=None) -> FastAPI:
    return FastAPI()
async def plain(scope, receive, send): ...
wrapped = socketio.ASGIApp(object(), other_asgi_app=app)
other = socketio.AsyncServer()
"""


def found(command: str) -> list[Finding]:
    return lint({"Procfile": f"web: {command}\n", "app/main.py": CODE}, select=["XAR008"])


def test_app_with_the_flag() -> None:
    [finding] = found("uvicorn app.main:app --factory --port 80")
    assert finding.severity is Severity.ERROR
    assert (finding.span.column, finding.span.end_column) == (27, 36)
    assert finding.message == "`app.main:app` is an app, and `--factory` makes `uvicorn` call it as a factory"
    fixed = apply_fixes({"Procfile": "web: uvicorn app.main:app --factory --port 80\n"}, [finding])
    assert fixed["Procfile"] == "web: uvicorn app.main:app --port 80\n"


def test_function_with_required_parameters() -> None:
    [finding] = found("uvicorn app.main:configured")
    assert finding.severity is Severity.ERROR
    assert finding.fix is None


@pytest.mark.parametrize("name", ["create_app", "optional"])
@pytest.mark.parametrize("server", ["uvicorn", "granian --interface asgi"])
def test_factory_without_the_flag(name: str, server: str) -> None:
    [finding] = found(f"{server} app.main:{name}")
    assert finding.severity is Severity.INFO
    fixed = apply_fixes({"Procfile": f"web: {server} app.main:{name}\n"}, [finding])["Procfile"]
    assert fixed == f"web: {server} app.main:{name} --factory\n"


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app",
        "uvicorn app.main:create_app --factory",
        "uvicorn app.main:configured --factory",
        "uvicorn app.main:plain",
        "uvicorn app.main:wrapped",
        "uvicorn app.main:wrapped --factory",
        "uvicorn app.main:other --factory",
        "uvicorn app.main:missing --factory",
        "uvicorn app.main:create_app $OPTIONS",
        'gunicorn "app.main:create_app()" -k uvicorn_worker.UvicornWorker',
        "gunicorn app.main:create_app -k uvicorn_worker.UvicornWorker",
    ],
)
def test_commands_that_are_fine_or_unknown(command: str) -> None:
    assert found(command) == []


def test_variable_counts_as_the_flag() -> None:
    dockerfile = (
        'FROM python:3.13\nWORKDIR /x\nCOPY . .\nENV UVICORN_FACTORY=true\nCMD ["uvicorn", "app.main:{}"]\n'
    )
    files = {"Dockerfile": dockerfile.format("create_app"), "app/main.py": CODE}
    assert lint(files, select=["XAR008"]) == []
    files["Dockerfile"] = dockerfile.format("app")
    assert [finding.span.line for finding in lint(files, select=["XAR008"])] == [4]


def test_call_in_code() -> None:
    code = CODE + "import uvicorn\nuvicorn.run('app.main:create_app')\n"
    [finding] = lint({"Procfile": "web: python -m app.main\n", "app/main.py": code}, select=["XAR008"])
    assert finding.help == "Add `factory=True`"
    code = code.replace("create_app')", "create_app', factory=True)")
    assert lint({"Procfile": "web: python -m app.main\n", "app/main.py": code}, select=["XAR008"]) == []
