from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint


def compose(files: str) -> str:
    return f"services:\n  api:\n    image: x\n    env_file: {files}\n"


def found(text: str, **files: str) -> list[Finding]:
    return lint({"compose.yaml": text, **files}, select=["DPL027"])


@pytest.mark.parametrize("files", [".env", "[.env]", "[{path: ./.env}]", "\n      - .env"])
def test_forms(files: str) -> None:
    assert len(found(compose(files))) == 1


def test_message_and_place() -> None:
    [finding] = found(compose("[config/.prod.env]"))
    assert (finding.span.line, finding.span.column) == (4, 16)
    assert finding.message == (
        "`api` needs `config/.prod.env`, which isn't in the repository, and no example tells "
        "what belongs in it"
    )


def test_file_that_git_ignores_is_not_there() -> None:
    assert len(found(compose(".env"), **{".env": "A=1\n", ".gitignore": ".env\n"})) == 1
    assert found(compose(".env"), **{".env": "A=1\n"}) == []


def test_paths_start_at_the_compose_file() -> None:
    files = {"deploy/compose.yaml": compose("../.env")}
    assert len(lint(files, select=["DPL027"])) == 1
    assert lint({**files, ".env": "A=1\n"}, select=["DPL027"]) == []


def test_once_for_each_file() -> None:
    assert len(found(compose(".env") + "  worker:\n    image: x\n    env_file: .env\n")) == 1


@pytest.mark.parametrize(
    "name",
    [
        ".env.example",
        ".env.sample",
        ".env.template",
        ".env.dist",
        "example.env",
        "env.template",
        ".env_example",
    ],
)
def test_example_beside_it(name: str) -> None:
    assert found(compose(".env"), **{name: "A=\n"}) == []


@pytest.mark.parametrize(
    "files",
    ["[{path: .env, required: false}]", "$ENV_FILE", "'.env.${STAGE}'", "/etc/app.env", "../outside.env"],
)
def test_files_that_need_not_be_there(files: str) -> None:
    assert found(compose(files)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "Create a `.env` file with ...\n"),
        ("scripts/setup.sh", "cp env/base .env\n"),
        ("Makefile", "setup:\n\techo A=1 > .env\n"),
        (".github/workflows/ci.yml", "steps:\n  - run: touch .env\n"),
    ],
)
def test_somebody_speaks_of_it(path: str, text: str) -> None:
    assert found(compose(".env"), **{path: text}) == []


def test_script_that_only_reads_it() -> None:
    assert len(found(compose(".env"), **{"run.sh": "source .env\n"})) == 1


def test_files_for_tests() -> None:
    assert lint({"compose.test.yaml": compose(".env")}, select=["DPL027"]) == []
