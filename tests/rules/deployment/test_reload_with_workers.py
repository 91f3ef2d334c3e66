from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import apply_fixes, lint

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": "app = 1\n", **files}, select=["DPL019"])


def test_production_loses_the_reload() -> None:
    files = {"Dockerfile": IMAGE + 'CMD ["uvicorn", "app.main:app", "--reload", "--workers", "4"]\n'}
    [finding] = found(files)
    assert finding.message == "`uvicorn` is given `--workers 4` and `--reload`, and ignores the workers"
    assert finding.severity is Severity.WARNING
    assert [related.message for related in finding.related] == ["`--workers 4` stands here"]
    assert '"app.main:app", "--workers", "4"]' in apply_fixes(files, [finding])["Dockerfile"]


def test_development_loses_the_workers() -> None:
    files = {"dev.Dockerfile": IMAGE + "CMD exec uvicorn app.main:app --workers 4 --reload\n"}
    [finding] = found(files)
    assert finding.severity is Severity.INFO
    assert "app.main:app --reload\n" in apply_fixes(files, [finding])["dev.Dockerfile"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Makefile", "run:\n\tuvicorn app.main:app --reload --workers 4\n"),
        ("scripts/run.sh", "#!/bin/sh\nuvicorn app.main:app --reload --workers 4\n"),
        ("scripts/serve", "#!/bin/sh\nWEB_CONCURRENCY=4 uvicorn app.main:app --reload\n"),
    ],
)
def test_local_commands(path: str, text: str) -> None:
    [finding] = found({path: text})
    assert (finding.span.path, finding.severity) == (path, Severity.INFO)


def test_variables_count() -> None:
    dockerfile = IMAGE + 'ENV UVICORN_RELOAD=1 WEB_CONCURRENCY=2\nCMD ["uvicorn", "app.main:app"]\n'
    assert len(found({"Dockerfile": dockerfile})) == 1


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app --reload --workers 1",
        "uvicorn app.main:app --reload --workers $WORKERS",
        "uvicorn app.main:app --reload",
        "uvicorn app.main:app --workers 4",
        "gunicorn app.main:app --reload --workers 4",
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found({"Dockerfile": IMAGE + f"CMD exec {command}\n", "Makefile": f"run:\n\t{command}\n"}) == []


def test_two_branches() -> None:
    script = "if true; then\n  uvicorn a:app --reload\nelse\n  uvicorn a:app --workers 4\nfi\n"
    assert found({"start.sh": script}) == []
