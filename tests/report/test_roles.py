from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fastapi_lint.cli.app import run
from fastapi_lint.testing import write_files

ROUTER = """from fastapi import APIRouter, Depends

router = APIRouter()

def current_user(): ...

@router.get("/users")
def users(user=Depends(current_user)):
    def inner(): ...
    return inner()

class Page:
    def size(self): ...
"""
FILES = {
    "pyproject.toml": "",
    "app/main.py": "from fastapi import FastAPI\nfrom app.api import users\n"
    "app = FastAPI()\napp.include_router(users.router)\n",
    "app/api/users.py": ROUTER,
    "app/services/users.py": "# fastapi-lint: role=service\ndef work(): ...\n",
    "tests/test_users.py": "def test_x(): ...\n",
}
Explain = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def explain(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Explain:
    """`explain(place)`: exit code, lines on stdout, text on stderr."""
    write_files(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, list[str], str]:
        code = run(["explain-role", *arguments])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err

    return call


def test_a_file(explain: Explain) -> None:
    code, lines, _ = explain("app/api/users.py")
    assert code == 0
    assert lines[:3] == [
        "app/api/users.py: router, by code (the module registers endpoints)",
        "feature: none",
        "layers around it: router",
    ]
    table = [line.split(maxsplit=3) for line in lines[4:]]
    assert table == [
        ["SYMBOL", "ROLE", "BY", "EVIDENCE"],
        ["current_user", "dependency", "code", "`current_user` is used with `Depends`"],
        ["users", "router", "code", "`users` is an endpoint"],
        ["users.inner", "router", "code", "`users` is an endpoint"],
        ["Page", "router", "name", "`api/` is a name for the router layer"],
        ["Page.size", "router", "name", "`api/` is a name for the router layer"],
        ["router", "router", "code", "`router` is an `APIRouter`"],
    ]


def test_a_symbol(explain: Explain) -> None:
    code, lines, _ = explain("app/services/users.py:work")
    assert code == 0
    assert lines[0] == "app/services/users.py: service, by comment (the comment on line 1 says so)"
    assert len(lines) == 6
    assert lines[5].split()[:3] == ["work", "service", "comment"]


def test_a_folder(explain: Explain) -> None:
    code, lines, _ = explain(".")
    assert code == 0
    assert [line.split()[:3] for line in lines] == [
        ["FILE", "ROLE", "BY"],
        ["app/api/users.py", "router", "code"],
        ["app/main.py", "app", "code"],
        ["app/services/users.py", "service", "comment"],
        ["tests/test_users.py", "test", "place"],
    ]


def test_an_unknown_symbol(explain: Explain) -> None:
    code, lines, error = explain("app/api/users.py:user")
    assert (code, lines) == (2, [])
    assert "`app/api/users.py` defines no `user`; did you mean `users`?" in error


def test_a_file_that_is_no_python(explain: Explain) -> None:
    code, lines, error = explain("pyproject.toml")
    assert (code, lines) == (2, [])
    assert "`pyproject.toml` is no Python file of the project" in error


def test_a_configured_role(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "fastapi-lint.toml").write_text('[roles]\nrepository = ["app/api/users.py:Page"]\n')
    _, lines, _ = explain("app/api/users.py:Page")
    assert lines[-1].split(maxsplit=3)[1:] == [
        "repository",
        "configuration",
        "the configuration says so for `app/api/users.py:Page`",
    ]
