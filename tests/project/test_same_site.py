"""How far cookies go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project
from fastapi_lint.project.security.same_site import SameSite

Build = Callable[..., Project]


@pytest.mark.parametrize(
    ("calls", "reach"),
    [
        ("", "not set"),
        ("r.set_cookie('b', 'x')", "not set"),
        ("r.set_cookie('a', 'x')", "same site"),
        ("r.set_cookie('a', 'x', samesite='none')", "everywhere"),
        ("r.set_cookie('a', 'x', 1, 1, '/', None, True, True, 'strict')", "same site"),
        ("r.set_cookie('a', 'x', samesite=chosen)", "unknown"),
        ("r.set_cookie('a', 'x', **options)", "unknown"),
        ("r.set_cookie('a', 'x'); r.set_cookie('a', 'y', samesite='none')", "unknown"),
        ("r.set_cookie(name, 'x')", "same site"),
    ],
)
def test_a_cookie(project_of: Build, calls: str, reach: str) -> None:
    project = project_of(f"def f(r, chosen, options, name):\n    pass; {calls}\n")
    assert SameSite(project).of_cookie("a") == reach


@pytest.mark.parametrize(
    ("options", "reach"),
    [
        ("", "same site"),
        (", same_site='none'", "everywhere"),
        (", same_site=chosen", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_session(project_of: Build, options: str | None, reach: str) -> None:
    head = (
        "from fastapi import FastAPI\nfrom starlette.middleware.sessions import SessionMiddleware\n"
        "from settings import chosen\napp = FastAPI()\n"
    )
    added = f"app.add_middleware(SessionMiddleware, secret_key='x'{options})\n" if options is not None else ""
    assert SameSite(project_of(head + added)).of_session() == reach
