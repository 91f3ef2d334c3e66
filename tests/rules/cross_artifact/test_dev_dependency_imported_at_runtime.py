from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from fastapi import FastAPI\napp = FastAPI()\n"


def pyproject(
    runtime: str = '"fastapi", "uvicorn"', group: str = "dev", dev: str = '"httpx", "pyyaml"'
) -> str:
    return (
        f'[project]\nname = "x"\nversion = "1"\ndependencies = [{runtime}]\n'
        f"[dependency-groups]\n{group} = [{dev}]\n"
    )


def found(code: str, project: str = "", **files: str) -> list[Finding]:
    return lint(
        {"pyproject.toml": project or pyproject(), "app/main.py": code + HEAD, **files}, select=["XAR010"]
    )


@pytest.mark.parametrize(
    "code", ["import httpx\n", "from httpx import Client\n", "import httpx as h\n", "import yaml\n"]
)
def test_imports(code: str) -> None:
    assert len(found(code)) == 1


def test_place_message_and_related() -> None:
    [finding] = found("import os\nimport httpx\n")
    assert (finding.span.line, finding.span.column) == (2, 8)
    assert finding.message == "The app imports `httpx`, which is only installed with the group `dev`"
    assert [related.span.path for related in finding.related] == ["pyproject.toml"]


@pytest.mark.parametrize("group", ["dev", "test", "docs", "lint"])
def test_groups(group: str) -> None:
    assert len(found("import httpx\n", pyproject(group=group))) == 1


def test_groups_of_other_tools() -> None:
    poetry = '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\nfastapi = "*"\n'
    poetry += '[tool.poetry.group.dev.dependencies]\nhttpx = "*"\n'
    assert len(found("import httpx\n", poetry)) == 1
    files = {
        "requirements.txt": "fastapi\n",
        "requirements-dev.txt": "httpx\n",
        "app/main.py": "import httpx\n" + HEAD,
    }
    assert len(lint(files, select=["XAR010"])) == 1


def test_module_that_the_app_imports() -> None:
    files = {"app/__init__.py": "", "app/client.py": "import httpx\n"}
    [finding] = found("from app.client import httpx\n", **files)
    assert finding.span.path == "app/client.py"


@pytest.mark.parametrize(
    "code",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx\n",
        "try:\n    import httpx\nexcept ImportError:\n    httpx = None\n",
        "def seed():\n    import httpx\n",
        "import json\n",
        "import unknown\n",
    ],
)
def test_imports_that_are_fine(code: str) -> None:
    assert found(code) == []


def test_runtime_dependency_brings_it() -> None:
    assert found("import httpx\n", pyproject('"fastapi[standard]"')) == []
    assert found("import httpx\n", pyproject('"fastapi", "platform"')) == []
    assert found("import httpx\n", pyproject('"fastapi", "httpx"')) == []


def lock(*edges: tuple[str, str]) -> str:
    text = "version = 1\n"
    for name, needed in edges:
        needs = f'dependencies = [\n    {{ name = "{needed}" }},\n]\n' if needed else ""
        text += f'\n[[package]]\nname = "{name}"\nversion = "1"\nsource = {{ registry = "x" }}\n{needs}'
    return text


def test_lock() -> None:
    edges = [("fastapi", "starlette"), ("uvicorn", "h11"), ("pytest", "httpx"), ("httpx", "")]
    assert len(found("import httpx\n", **{"uv.lock": lock(*edges)})) == 1
    edges[1] = ("uvicorn", "httpx")
    assert found("import httpx\n", **{"uv.lock": lock(*edges)}) == []


@pytest.mark.parametrize(
    "run", ["uv sync", "uv sync --all-groups", "poetry install", "pip install -r requirements-dev.txt"]
)
def test_image_that_installs_the_group(run: str) -> None:
    image = f'FROM python:3.13\nWORKDIR /x\nCOPY . .\nRUN {run}\nCMD ["uvicorn", "app.main:app"]\n'
    assert found("import httpx\n", Dockerfile=image) == []


def test_image_that_leaves_it_out() -> None:
    image = 'FROM python:3.13\nWORKDIR /x\nCOPY . .\nRUN uv sync --no-dev\nCMD ["uvicorn", "app.main:app"]\n'
    assert len(found("import httpx\n", Dockerfile=image)) == 1


def test_module_of_the_project_with_the_same_name() -> None:
    assert found("import httpx\n", **{"httpx.py": "x = 1\n"}) == []


def test_module_that_the_app_does_not_import() -> None:
    assert found("", **{"app/tool.py": "import httpx\n"}) == []


def test_import_under_a_condition() -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'a'\ndependencies = ['fastapi']\n"
        "[dependency-groups]\ndev = ['rich']\n",
        "app/main.py": "import os\nfrom fastapi import FastAPI\n"
        "if os.environ.get('COLOURS'):\n    import rich\napp = FastAPI()\n",
    }
    assert lint(files, select=["XAR010"]) == []
    files["app/main.py"] = "import os, rich\nfrom fastapi import FastAPI\napp = FastAPI()\n"
    assert len(lint(files, select=["XAR010"])) == 1
