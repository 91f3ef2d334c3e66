from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

APP = "from fastapi import FastAPI\napp = FastAPI()\ndef create_app() -> FastAPI:\n    return FastAPI()\n"


def found(command: str, code: str = APP, **files: str) -> list[Finding]:
    return lint({"Procfile": f"web: {command}\n", "app/main.py": code, **files}, select=["DPL022"])


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn app.main:app",
        "gunicorn app.main:app --workers 4 --threads 2",
        "gunicorn app.main:app -k sync",
        "gunicorn app.main:app -k gthread",
        "gunicorn app.main:app --worker-class=gevent",
        'gunicorn "app.main:create_app()"',
        "python -m gunicorn app.main:app",
        "GUNICORN_CMD_ARGS='--workers 2' gunicorn app.main:app",
    ],
)
def test_wsgi_workers(command: str) -> None:
    assert len(found(command)) == 1


def test_place_and_message() -> None:
    [finding] = found("gunicorn app.main:app -k gthread")
    assert (finding.span.column, finding.span.end_column) == (28, 38)
    assert finding.message == (
        "`gunicorn` serves the ASGI app `app.main:app` with the worker class `gthread`, which speaks WSGI: "
        "every request fails"
    )


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn app.main:app -k uvicorn.workers.UvicornWorker",
        "gunicorn app.main:app -kuvicorn_worker.UvicornWorker",
        "gunicorn app.main:app --worker-class asgi",
        "gunicorn app.main:app -k app.workers.OurWorker",
        "gunicorn app.main:app -k $WORKER_CLASS",
        "gunicorn app.main:app $OPTIONS",
        "gunicorn app.main:app -c missing.py",
        "GUNICORN_CMD_ARGS='-k asgi' gunicorn app.main:app",
        "gunicorn app.main:missing",
        "uvicorn app.main:app",
    ],
)
def test_commands_that_are_fine_or_unknown(command: str) -> None:
    assert found(command) == []


@pytest.mark.parametrize(
    "code",
    [
        "from flask import Flask\napp = Flask(__name__)\n",
        "from django.core.wsgi import get_wsgi_application\napp = get_wsgi_application()\n",
        "import a2wsgi\nfrom fastapi import FastAPI\nmain = FastAPI()\napp = a2wsgi.ASGIMiddleware(main)\n",
    ],
)
def test_targets_that_are_no_asgi_app(code: str) -> None:
    assert found("gunicorn app.main:app", code) == []


@pytest.mark.parametrize(
    "line", ["worker_class = 'uvicorn.workers.UvicornWorker'", "import os\nworker_class = os.getenv('X')"]
)
def test_configuration_that_sets_the_class(line: str) -> None:
    assert found("gunicorn app.main:app", **{"gunicorn.conf.py": line + "\n"}) == []
    assert found("gunicorn -c conf/g.py app.main:app", **{"conf/g.py": line + "\n"}) == []


def test_configuration_that_sets_something_else() -> None:
    assert len(found("gunicorn app.main:app", **{"gunicorn.conf.py": "workers = 2\n"})) == 1
    [finding] = found("gunicorn app.main:app", **{"gunicorn.conf.py": "worker_class = 'sync'\n"})
    assert (finding.span.path, finding.span.line) == ("gunicorn.conf.py", 1)
