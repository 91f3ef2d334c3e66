from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"


def found(command: str, **files: str) -> list[Finding]:
    return lint({"Dockerfile": f"{IMAGE}{command}\n", **files}, select=["DPL021"])


@pytest.mark.parametrize(
    ("command", "fixed"),
    [
        ("CMD ['uvicorn', 'a:app']", 'CMD ["uvicorn", "a:app"]'),
        ('CMD ["uvicorn", "a:app",]', 'CMD ["uvicorn", "a:app"]'),
        ("ENTRYPOINT [\"uvicorn\", 'a:app']", 'ENTRYPOINT ["uvicorn", "a:app"]'),
        ('CMD ["uvicorn" "a:app"]', None),
        ("CMD [uvicorn, a:app]", None),
        ('CMD ["-m ""docker"""]', None),
    ],
)
def test_texts_that_are_no_list(command: str, fixed: str | None) -> None:
    [finding] = found(command)
    assert finding.span.line == 4
    assert (finding.fix is not None) == (fixed is not None)
    if fixed is not None:
        text = apply_fixes({"Dockerfile": f"{IMAGE}{command}\n"}, [finding])["Dockerfile"]
        assert text.splitlines()[-1] == fixed


def test_variable_message_and_fix() -> None:
    command = 'CMD ["uvicorn", "a:app", "--port", "${PORT:-80}"]'
    [finding] = found(command)
    assert (
        finding.message
        == "Nothing replaces `${PORT:-80}` in the CMD of `Dockerfile`: `uvicorn` gets it as it is written"
    )
    text = apply_fixes({"Dockerfile": f"{IMAGE}{command}\n"}, [finding])["Dockerfile"]
    assert text.splitlines()[-1] == 'CMD ["sh", "-c", "exec uvicorn a:app --port ${PORT:-80}"]'


def test_each_word_is_reported() -> None:
    assert len(found('CMD ["uvicorn", "$APP", "--port", "$PORT"]')) == 2


def test_behind_a_program_that_is_known() -> None:
    assert len(found('ENTRYPOINT ["tini", "--", "uvicorn"]\nCMD ["a:app", "--port", "$PORT"]')) == 1


@pytest.mark.parametrize(
    "command",
    [
        'CMD ["sh", "-c", "uvicorn a:app --port $PORT"]',
        'CMD ["/bin/bash", "-lc", "uvicorn a:app --port $PORT"]',
        'CMD ["python", "-c", "print(\'$HOME\')"]',
        'CMD ["uvicorn", "a:app", "--port", "%PORT%"]',
        'CMD ["grep", "^a$", "x"]',
        'CMD ["echo", "\\\\$PORT"]',
        'CMD ["echo", "$$PORT"]',
        "CMD uvicorn a:app --port $PORT",
        'ENTRYPOINT ["/usr/bin/unknown"]\nCMD ["--port", "$PORT"]',
        'ENTRYPOINT ["sh", "-c", "exec $0 $@"]\nCMD ["--port", "$PORT"]',
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found(command) == []


@pytest.mark.parametrize("text", ['eval exec "$@"', "echo $@ | envsubst | sh", 'exec sh -c "$*"'])
def test_script_that_replaces_variables(text: str) -> None:
    command = 'ENTRYPOINT ["/app/entry.sh"]\nCMD ["uvicorn", "--port", "$PORT"]'
    assert found(command, **{"entry.sh": f"#!/bin/sh\n{text}\n"}) == []
    assert len(found(command, **{"entry.sh": '#!/bin/sh\nexec "$@"\n'})) == 1


def test_command_that_another_one_replaces() -> None:
    assert found("CMD ['a']\nCMD [\"python\"]") == []
