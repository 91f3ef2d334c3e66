"""Deployments written in tests, as what they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fastapi_lint.project.deployment.model import StartCommand
from fastapi_lint.project.project import Project

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
Starts = Callable[[Mapping[str, str]], tuple[StartCommand, ...]]


@pytest.fixture
def starts_of(project_of: Callable[..., Project]) -> Starts:
    """`starts_of({path: text})` gives the servers that the artifacts start; `app/main.py` has an app."""

    def starts(files: Mapping[str, str]) -> tuple[StartCommand, ...]:
        return project_of({"app/__init__.py": "", "app/main.py": APP, **files}).deployment.starts

    return starts


@pytest.fixture
def start_of(starts_of: Starts) -> Callable[[Mapping[str, str]], StartCommand]:
    """The only server that the artifacts start."""

    def start(files: Mapping[str, str]) -> StartCommand:
        [found] = starts_of(files)
        return found

    return start


@pytest.fixture
def image(start_of: Any) -> Callable[..., StartCommand]:
    """`image("CMD ...", {path: text})`: the only server of a Dockerfile that copies all to `/srv`."""

    def start(instructions: str, files: Mapping[str, str] | None = None) -> StartCommand:
        text = f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n{instructions}\n"
        found: StartCommand = start_of({"Dockerfile": text, **(files or {})})
        return found

    return start
