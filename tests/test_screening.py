"""Findings are the same with screening and without (`docs/decisions/0003-screening.md`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastapi_lint.report.as_json import json_report
from fastapi_lint.testing import lint_folder, write_files

FIXTURES = Path(__file__).parent / "fixtures"
FIXTURE_NAMES = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())

MAIN = """
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from app.db import SessionLocal

app = FastAPI()
orphan = APIRouter()


def get_session():
    with SessionLocal() as session:
        yield session


@app.get("/orders")
async def list_orders(session: Session = Depends(get_session)):
    return session.execute(select(1)).all()


@orphan.get("/lost")
def lost():
    return {}
"""
DB = """
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))
"""
PIN = "fastapi==0.118.0\nsqlalchemy==2.0.36\n"
DOCKERFILE = """
FROM python:3.12-slim
COPY . .
RUN pip install -r requirements.txt
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
"""
PROJECT = {
    "app/__init__.py": "",
    "app/db.py": DB,
    "app/main.py": MAIN,
    "tests/__init__.py": "",
    "requirements.txt": PIN,
    "Dockerfile": DOCKERFILE,
}

TESTS = {
    "calls an endpoint": "import asyncio\nfrom app.main import list_orders\nasyncio.run(list_orders(None))\n",
    "renames an endpoint": "from app.main import list_orders as f\n\nasync def test():\n    await f(None)\n",
    "names the endpoint's path": "def test(client):\n    assert client.get('/orders').json() == []\n",
    "asks for the health check": "def test(client):\n    assert client.get('/health').status_code == 200\n",
    "includes a router": "from app.main import app, orphan\n\napp.include_router(orphan)\n",
    "uses a router": "from app.main import orphan\n\nserve(orphan)\n",
    "registers what apps are given": """
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from app.main import app

@app.exception_handler(RequestValidationError)
async def handle(request: Request, error): return None

@app.middleware("http")
async def count(request: Request, call_next): return None

@app.on_event("startup")
async def start(): app.state.session = 1
""",
    "makes an app of its own": """
import time
from fastapi import BackgroundTasks, Depends, FastAPI
from app.main import get_session

app = FastAPI()

@app.get("/orders")
@app.get("/orders/{id}")
async def other(tasks: BackgroundTasks, session=Depends(get_session)):
    time.sleep(1)
    tasks.add_task(other)
""",
    "reads settings": """
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    secret: str

accesslog = Settings().secret
""",
}

REVISION = """
\"\"\"Orders (alembic).\"\"\"
from alembic import op
from app.main import list_orders, orphan

revision = "1"
down_revision = None
HEALTH = "/health"


def upgrade() -> None:
    list_orders(orphan)
"""


def report(folder: Path, *, screen: bool) -> str:
    return json_report(lint_folder(folder, ["ALL"], screen=screen))


@pytest.mark.parametrize("name", FIXTURE_NAMES)
def test_fixtures(name: str) -> None:
    assert report(FIXTURES / name, screen=True) == report(FIXTURES / name, screen=False)


@pytest.mark.parametrize("path", ["tests/test_orders.py", "app/tests/helpers.py", "app/test_orders.py"])
@pytest.mark.parametrize("does", TESTS)
def test_what_a_test_does_changes_nothing(tmp_path: Path, does: str, path: str) -> None:
    write_files(tmp_path, {**PROJECT, path: TESTS[does]})
    screened = report(tmp_path, screen=True)
    assert screened == report(tmp_path, screen=False)
    for code in ("ASY003", "RTE006", "HLT001"):
        assert f'"{code}"' in screened


@pytest.mark.parametrize("does", TESTS)
def test_an_endpoint_that_tests_call_stays_async(tmp_path: Path, does: str) -> None:
    write_files(tmp_path, {**PROJECT, "tests/test_orders.py": TESTS[does]})
    [reported] = lint_folder(tmp_path, ["ASY003"]).findings
    assert (reported.finding.fix is None) == does.endswith("an endpoint")


def test_a_feature_called_tests_that_is_found_on_the_disk(tmp_path: Path) -> None:
    main = """
import importlib
import pkgutil
from fastapi import FastAPI
import app.routers.tests as tests

app = FastAPI()
for found in pkgutil.iter_modules(tests.__path__):
    app.include_router(importlib.import_module(f"app.routers.tests.{found.name}").router)
"""
    router = """
from fastapi import APIRouter

router = APIRouter()


@router.get("/tests")
def list_tests():
    return []
"""
    packages = {f"{folder}/__init__.py": "" for folder in ("app", "app/routers", "app/routers/tests")}
    write_files(tmp_path, {**packages, "app/main.py": main, "app/routers/tests/blood.py": router})
    assert lint_folder(tmp_path).summary.routes == 1
    assert report(tmp_path, screen=True) == report(tmp_path, screen=False)


def test_a_test_that_the_configuration_takes_for_a_service(tmp_path: Path) -> None:
    raising = "from fastapi import HTTPException\n\n\ndef sell():\n    raise HTTPException(404)\n"
    roles = '[roles]\nservice = ["tests/selling.py"]\n'
    write_files(tmp_path, {**PROJECT, "tests/selling.py": raising, "fastapi-lint.toml": roles})
    screened = report(tmp_path, screen=True)
    assert screened == report(tmp_path, screen=False)
    assert '"tests/selling.py"' in screened


def test_a_test_that_is_no_python_is_reported(tmp_path: Path) -> None:
    write_files(tmp_path, {**PROJECT, "tests/test_orders.py": "def test(:\n"})
    screened = report(tmp_path, screen=True)
    assert screened == report(tmp_path, screen=False)
    assert '"FAL001"' in screened


def test_what_a_revision_does_changes_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {**PROJECT, "app/versions/1_orders.py": REVISION})
    assert report(tmp_path, screen=True) == report(tmp_path, screen=False)


@pytest.mark.parametrize("path", ["tests/waiting.py", "app/test_waiting.py", "tests/deep/__init__.py"])
def test_a_test_that_the_application_imports_is_parsed(tmp_path: Path, path: str) -> None:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    main = f"from fastapi import FastAPI\nfrom {name} import wait\n\napp = FastAPI()\n"
    main += "\n\n@app.get('/a')\nasync def a():\n    wait()\n"
    files = {
        "app/main.py": main,
        path: "from tests.inner import sleep\n\n\ndef wait():\n    sleep()\n",
        "tests/inner.py": "import time\n\n\ndef sleep():\n    time.sleep(1)\n",
        "requirements.txt": PIN,
    }
    write_files(tmp_path, files)
    screened = report(tmp_path, screen=True)
    assert screened == report(tmp_path, screen=False)
    assert '"ASY002"' in screened
