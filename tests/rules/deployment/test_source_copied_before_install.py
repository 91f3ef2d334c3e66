from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "FROM python:3.13-slim\nWORKDIR /app\n"
FILES = {
    "app/main.py": "",
    "requirements.txt": "fastapi\n",
    "pyproject.toml": '[project]\nname = "x"\n',
    "uv.lock": "",
    "poetry.lock": "",
    "Pipfile": "",
    "Pipfile.lock": "{}",
    "config/x.yaml": "",
}


def found(text: str, **files: str) -> list[Finding]:
    return lint({**FILES, "Dockerfile": HEAD + text, **files}, select=["DPL011"])


@pytest.mark.parametrize(
    "text",
    [
        "COPY . .\nRUN pip install -r requirements.txt\n",
        "ADD . /app\nRUN apt-get update\nRUN pip install --no-cache-dir -r requirements.txt\n",
        "COPY app app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
        "COPY . .\nRUN pip install uv && uv pip install -r requirements.txt\n",
        "COPY . .\nRUN uv sync --frozen\n",
        "COPY . .\nRUN poetry install --no-root\n",
        "COPY . .\nRUN pipenv install --deploy\n",
    ],
)
def test_installs_that_need_the_manifest_only(text: str) -> None:
    [finding] = found(text)
    assert finding.span.line == 3


def test_message_related_and_fix() -> None:
    text = HEAD + "COPY . .\nRUN pip install -r requirements.txt\nCMD python\n"
    [finding] = found("COPY . .\nRUN pip install -r requirements.txt\nCMD python\n")
    assert finding.message == (
        "`COPY` puts the source into the image before its dependencies are installed, "
        "so every change of the source installs them anew"
    )
    assert [related.span.line for related in finding.related] == [4]
    fixed = apply_fixes({"Dockerfile": text}, [finding])["Dockerfile"]
    assert (
        fixed
        == HEAD + "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nCMD python\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "COPY . .\nRUN pip install .\n",
        "COPY . .\nRUN pip install -e .\n",
        "COPY . .\nRUN pip install -r requirements.txt -e .\n",
        "COPY . .\nRUN poetry install\n",
        "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
        "RUN pip install -r requirements.txt\n",
        "COPY . .\nRUN --mount=type=cache,target=/root/.cache pip install -r requirements.txt\n",
        "COPY config config\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
        "COPY app /lib\nRUN pip install /lib\nRUN pip install -r requirements.txt\n",
        "COPY . .\nRUN pip install -r $FILE\n",
        "COPY . .\nRUN npm ci\n",
    ],
)
def test_installs_that_are_fine(text: str) -> None:
    assert found(text) == []


def test_project_that_is_a_package_or_a_workspace() -> None:
    build = (
        '[project]\nname = "x"\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    )
    text = "COPY . .\nRUN uv sync --frozen\n"
    assert found(text, **{"pyproject.toml": build}) == []
    assert len(found(text, **{"pyproject.toml": build + "[tool.uv]\npackage = false\n"})) == 1
    workspace = '[project]\nname = "x"\n[tool.uv.workspace]\nmembers = ["libs/*"]\n'
    assert found(text, **{"pyproject.toml": workspace}) == []


def test_requirements_with_folders_of_the_repository() -> None:
    assert (
        found("COPY . .\nRUN pip install -r requirements.txt\n", **{"requirements.txt": "-e ./app\n"}) == []
    )


def test_images_for_development_and_tests() -> None:
    text = HEAD + "COPY . .\nRUN pip install -r requirements.txt\n"
    for path in ("dev.Dockerfile", "tests/Dockerfile"):
        assert lint({**FILES, path: text}, select=["DPL011"]) == []


def test_source_that_the_context_leaves_out() -> None:
    files = {".dockerignore": "app\n"}
    assert found("COPY . .\nRUN pip install -r requirements.txt\n", **files) == []
