"""Start scripts."""

import pytest

from fastapi_lint.facts.shell import read


@pytest.mark.parametrize(
    ("text", "interpreter"),
    [
        ("#!/bin/sh\n", "sh"),
        ("#!/usr/bin/env bash\n", "bash"),
        ("#!/usr/bin/env -S bash -e\n", "bash"),
        ("#! /bin/bash -e\n", "bash"),
        ("uvicorn x\n", ""),
        ("", ""),
    ],
)
def test_interpreter(text: str, interpreter: str) -> None:
    assert read(text).interpreter == interpreter


@pytest.mark.parametrize(
    ("text", "errexit"),
    [
        ("set -e\n", True),
        ("set -euo pipefail\n", True),
        ("set -o errexit\n", True),
        ("#!/bin/sh -e\na\n", True),
        ("if a; then set -e; fi\n", False),
        ("set +e\n", False),
        ("set -x\n", False),
        ("a\n", False),
    ],
)
def test_errexit(text: str, errexit: bool) -> None:
    assert read(text).errexit is errexit


def test_a_whole_script() -> None:
    text = """#!/bin/bash
set -e
# wait
until pg_isready -h "$DB_HOST"; do
  sleep 1
done
alembic upgrade head
if [ "$RELOAD" = "1" ]; then
  exec uvicorn app.main:app --reload
fi
exec gunicorn app.main:app \\
  -k uvicorn.workers.UvicornWorker \\
  --bind "0.0.0.0:${PORT:-8000}"
"""
    plain = [command for command in read(text).commands if not command.is_conditional]
    assert [command.name for command in plain] == ["set", "alembic", "exec"]
    assert [word.text for word in plain[-1].words][-1] == "0.0.0.0:${PORT:-8000}"
    assert plain[-1].place.line == 11
    assert plain[-1].place.end_line == 13


def test_a_script_beyond_the_limit_is_not_complete() -> None:
    facts = read("a\n" * 200_000)
    assert facts.commands == ()
    assert not facts.complete
