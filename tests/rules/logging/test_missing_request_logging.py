from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

MAIN = (
    "import logging\nfrom fastapi import Depends, FastAPI, Request\nlogger = logging.getLogger('a')\n"
    "app = FastAPI()\n"
)
OFF = 'CMD ["uvicorn", "app.main:app", "--no-access-log"]'
GUNICORN = 'CMD ["gunicorn", "app.main:app", "-k", "uvicorn.workers.UvicornWorker"{}]'


def found(more: str = "", command: str = OFF, **files: str) -> list[Finding]:
    docker = f"FROM python:3.13-slim\nCOPY . .\n{command}\n"
    return lint({"app/main.py": MAIN + more, "Dockerfile": docker, **files}, select=["LOG002"])


def test_place_message_and_related() -> None:
    [finding] = found()
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 4, 7)
    assert finding.message == (
        "Requests to the app `app.main:app` leave no trace: "
        "no middleware logs requests, and its server doesn't"
    )
    assert [related.span.path for related in finding.related] == ["Dockerfile"]


def test_off_in_code() -> None:
    run = "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('app.main:app', access_log={})\n"
    assert len(found(run.format("False"), 'CMD ["python", "-m", "app.main"]')) == 1
    assert found(run.format("True"), 'CMD ["python", "-m", "app.main"]') == []


class TestGunicorn:
    def test_off_unless_asked_for(self) -> None:
        assert len(found(command=GUNICORN.format(""))) == 1

    @pytest.mark.parametrize(
        "option", [', "--access-logfile", "-"', ', "--access-logfile=-"', ', "--log-config", "x.ini"']
    )
    def test_on(self, option: str) -> None:
        assert found(command=GUNICORN.format(option)) == []

    def test_on_by_its_configuration(self) -> None:
        files = {"gunicorn.conf.py": "accesslog = '-'\n"}
        assert found(command=GUNICORN.format(""), **files) == []

    def test_on_by_its_variable(self) -> None:
        command = 'ENV GUNICORN_CMD_ARGS="--access-logfile -"\n' + GUNICORN.format("")
        assert found(command=command) == []


@pytest.mark.parametrize(
    "command",
    [
        'CMD ["uvicorn", "app.main:app"]',
        'CMD ["fastapi", "run", "app/main.py"]',
        'CMD ["opentelemetry-instrument", "uvicorn", "app.main:app", "--no-access-log"]',
        'CMD ["ddtrace-run", "uvicorn", "app.main:app", "--no-access-log"]',
        'CMD ["python", "worker.py"]',
        'CMD ["hypercorn", "app.main:app"]',
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found(command=command) == []


def test_no_artifact_starts_the_app() -> None:
    assert lint({"app/main.py": MAIN}, select=["LOG002"]) == []


def test_development() -> None:
    files = {"app/main.py": MAIN, "Dockerfile.dev": f"FROM python:3.13-slim\nCOPY . .\n{OFF}\n"}
    assert lint(files, select=["LOG002"]) == []


@pytest.mark.parametrize(
    "source",
    [
        "@app.middleware('http')\nasync def m(request, call_next):\n    logger.info(request.url)\n",
        "def note(request):\n    logger.info(request.url)\n"
        "@app.middleware('http')\nasync def m(request, call_next):\n    note(request)\n",
        "class M:\n    async def __call__(self, scope, receive, send):\n        async def inner(message):\n"
        "            logger.info('%s', message)\n        await self.app(scope, receive, inner)\n"
        "app.add_middleware(M)\n",
        "from library import M\napp.add_middleware(M)\n",
        "from library import Base\nclass M(Base): ...\napp.add_middleware(M)\n",
        "app.add_middleware(make_middleware())\n",
        "import sentry_sdk\nsentry_sdk.init()\n",
        "from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app)\n",
        "from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor\n",
        "from fastapi import APIRouter\nfrom app.routes import LoggedRoute\n"
        "r = APIRouter(route_class=LoggedRoute)\n",
    ],
)
def test_code_that_logs_or_may_log(source: str) -> None:
    assert found(source) == []


def test_middleware_in_another_module() -> None:
    middleware = (
        "import logging\nclass M:\n    async def __call__(self, scope, receive, send):\n"
        "        logging.info('a')\n"
    )
    source = "from app.middleware import M\ndef wire(api: FastAPI):\n    api.add_middleware(M)\nwire(app)\n"
    assert found(source, **{"app/middleware.py": middleware, "app/__init__.py": ""}) == []


def test_dependency_of_the_application() -> None:
    main = MAIN.replace(
        "app = FastAPI()", "def note():\n    logger.info('a')\napp = FastAPI(dependencies=[Depends(note)])"
    )
    files = {"app/main.py": main, "Dockerfile": f"FROM python:3.13-slim\nCOPY . .\n{OFF}\n"}
    assert lint(files, select=["LOG002"]) == []


@pytest.mark.parametrize(
    "source",
    [
        "from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware)\n",
        "@app.middleware('http')\nasync def m(request, call_next):\n    return await call_next(request)\n",
        "@app.get('/')\ndef view():\n    logger.info('a')\n",
    ],
)
def test_code_that_logs_no_requests(source: str) -> None:
    assert len(found(source)) == 1


REQUIRED = {"fastapi-lint.toml": 'request-logging = "required"\n'}


class TestRequired:
    def test_access_log_is_not_enough(self) -> None:
        [finding] = found(command='CMD ["uvicorn", "app.main:app"]', **REQUIRED)
        assert finding.message.endswith("leave no trace: no middleware logs requests")

    def test_middleware_is(self) -> None:
        source = "@app.middleware('http')\nasync def m(request, call_next):\n    logger.info(request.url)\n"
        assert found(source, 'CMD ["uvicorn", "app.main:app"]', **REQUIRED) == []

    def test_not_deployed(self) -> None:
        assert lint({"app/main.py": MAIN, **REQUIRED}, select=["LOG002"]) == []
