"""Patterns are gitignore's, and patterns that match nothing are found."""

import pytest

from fastapi_lint.config import Config
from fastapi_lint.config.model import FileIgnore
from fastapi_lint.config.options import Assignment, Place
from fastapi_lint.config.patterns import fault, idle_file_ignores, matches, unmatched

PATHS = ["app/api/users.py", "app/main.py", "Dockerfile"]


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("app/api/**", "app/api/users.py", True),
        ("app/api/", "app/api/users.py", True),
        ("app/api", "app/api/v1/users.py", True),
        ("users.py", "app/api/users.py", True),
        ("*.py", "app/main.py", True),
        ("**/api/*.py", "x/api/users.py", True),
        ("/main.py", "app/main.py", False),
        ("api", "app/apis/users.py", False),
        ("app/*.py", "app/api/users.py", False),
    ],
)
def test_matches(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


@pytest.mark.parametrize("pattern", ["", "  "])
def test_an_empty_pattern_is_a_fault(pattern: str) -> None:
    assert fault(pattern) == "is empty"


@pytest.mark.parametrize("pattern", ["app/**", "!keep/", "a[bc].py", "[", "***"])
def test_what_git_understands_is_no_fault(pattern: str) -> None:
    assert not fault(pattern)


def test_a_pattern_of_a_layer_role_or_environment_that_matches_nothing() -> None:
    config = Config(
        source="x.toml",
        layers=(Assignment("router", (Place("app/api/**"), Place("http/**"))),),
        roles=(Assignment("repository", (Place("stores/**", "*Store"),)),),
        environments=(Assignment("production", (Place("Dockerfile"), Place("live.yaml"))),),
    )
    assert unmatched(config, PATHS) == [
        "x.toml: `http/**` of `layers.router` matches no file",
        "x.toml: `stores/**` of `roles.repository` matches no file",
        "x.toml: `live.yaml` of `environments.production` matches no file",
    ]


def test_a_pattern_of_per_file_ignores_that_matches_nothing() -> None:
    config = Config(
        source="x.toml", per_file_ignores=(FileIgnore("app/**", ("ALL",)), FileIgnore("old/**", ("ALL",)))
    )
    assert idle_file_ignores(config, PATHS) == ["x.toml: `old/**` of `per-file-ignores` matches no file"]
