from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project

Build = Callable[..., Project]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("curl -f http://localhost/", True),
        ("curl -sSf http://localhost/", True),
        ("curl --fail-with-body http://localhost/", True),
        ("curl --silent http://localhost/", False),
        ("wget --spider http://localhost/", True),
        ("python3 -c \"from urllib.request import urlopen; urlopen('http://localhost/')\"", True),
        ("python -c \"import httpx; httpx.get('http://localhost/').raise_for_status()\"", True),
        ("python -c \"import httpx; httpx.get('http://localhost/')\"", False),
        ("http http://localhost/", False),
    ],
)
def test_whether_an_error_makes_a_check_fail(project_of: Build, command: str, expected: bool) -> None:
    image = f'FROM python:3.13\nHEALTHCHECK CMD {command}\nCMD ["uvicorn", "app.main:app"]\n'
    [probe] = project_of({"Dockerfile": image}).deployment.probes
    assert probe.needs_success is expected
