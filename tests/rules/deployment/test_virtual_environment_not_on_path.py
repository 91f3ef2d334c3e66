from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\n"
CMD = 'CMD ["uvicorn", "app.main:app"]\n'


def found(text: str, **files: str) -> list[Finding]:
    return lint(
        {"Dockerfile": text, "app/main.py": "", "pyproject.toml": "[project]\n", **files}, select=["DPL017"]
    )


@pytest.mark.parametrize(
    "install",
    ["RUN uv sync", "RUN pip install uv && uv sync --frozen", "RUN pip install -U pip uv\nRUN uv sync"],
)
@pytest.mark.parametrize(
    "command",
    [
        CMD,
        'CMD ["fastapi", "run"]\n',
        'ENTRYPOINT ["gunicorn", "app.main:app"]\n',
        "CMD exec uvicorn app.main:app\n",
    ],
)
def test_bare_names(install: str, command: str) -> None:
    assert len(found(HEAD + install + "\n" + command)) == 1


def test_message_place_and_fix() -> None:
    text = HEAD + "RUN pip install uv && uv sync\n" + CMD
    [finding] = found(text)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (5, 6, 15)
    assert (
        finding.message
        == "`uvicorn` is installed in `/srv/.venv` only, and its `bin` folder isn't on the PATH"
    )
    fixed = apply_fixes({"Dockerfile": text}, [finding])["Dockerfile"]
    assert fixed == HEAD + 'RUN pip install uv && uv sync\nENV PATH="/srv/.venv/bin:$PATH"\n' + CMD
    assert found(fixed) == []


def test_poetry_inside_the_project() -> None:
    text = HEAD + "ENV POETRY_VIRTUALENVS_IN_PROJECT=1\nRUN pip install poetry && poetry install\n" + CMD
    assert len(found(text)) == 1
    assert found(text.replace("IN_PROJECT=1", "CREATE=false")) == []
    assert found(text.replace("ENV POETRY_VIRTUALENVS_IN_PROJECT=1\n", "")) == []


def test_command_of_a_service() -> None:
    files = {"compose.yaml": "services:\n  api:\n    build: .\n    command: uvicorn app.main:app\n"}
    [finding] = found(HEAD + "RUN uv sync\n", **files)
    assert finding.span.path == "compose.yaml"
    files["compose.yaml"] += "    environment: {PATH: '/srv/.venv/bin:/usr/bin'}\n"
    assert found(HEAD + "RUN uv sync\n", **files) == []


@pytest.mark.parametrize(
    "line",
    [
        "ENV PATH=/srv/.venv/bin:$PATH",
        'ENV VIRTUAL_ENV=/srv/.venv PATH="$VIRTUAL_ENV/bin:$PATH"',
        "ENV PATH=$VENV/bin:$PATH",
        "ENV UV_PROJECT_ENVIRONMENT=/usr/local",
        "ENV UV_SYSTEM_PYTHON=1",
        "RUN pip install uvicorn",
        "RUN pip install -r requirements.txt",
        "RUN uv pip install --system fastapi",
    ],
)
def test_instructions_that_help_or_may(line: str) -> None:
    assert found(HEAD + line + "\nRUN uv sync\n" + CMD) == []


def test_path_to_tools_alone_does_not_help() -> None:
    assert len(found(HEAD + "ENV PATH=/root/.local/bin:$PATH\nRUN uv sync\n" + CMD)) == 1


@pytest.mark.parametrize(
    "command",
    [
        'CMD ["uv", "run", "uvicorn", "app.main:app"]\n',
        'CMD ["/srv/.venv/bin/uvicorn", "app.main:app"]\n',
        'CMD [".venv/bin/uvicorn", "app.main:app"]\n',
        'CMD ["bash", "-c", "source .venv/bin/activate && uvicorn app.main:app"]\n',
        'CMD ["python", "-m", "uvicorn", "app.main:app"]\n',
        'CMD ["celery", "worker"]\n',
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found(HEAD + "RUN uv sync\n" + command) == []


@pytest.mark.parametrize("base", ["registry.example.com/base:1", "$BASE", "nvidia/cuda:12-runtime"])
def test_base_that_may_hold_the_server(base: str) -> None:
    assert found(HEAD.replace("python:3.13-slim", base) + "RUN uv sync\n" + CMD) == []


def test_packages_from_another_stage() -> None:
    text = (
        "FROM python:3.13 AS build\nWORKDIR /srv\nCOPY . .\nRUN uv sync\nFROM python:3.13\n"
        "COPY --from=build {}\n" + CMD
    )
    assert len(found(text.format("/srv/.venv /srv/.venv"))) == 1
    assert found(text.format("/usr/local /usr/local")) == []
    assert found(text.format("/srv /srv")) == []


def test_source_that_a_service_mounts() -> None:
    compose = "services:\n  api:\n    build: .\n    command: uvicorn app.main:app\n    volumes: ['.:/srv']\n"
    assert found(HEAD + "RUN uv sync\n", **{"compose.yaml": compose}) == []
