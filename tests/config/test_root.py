"""Which directory is the root."""

from pathlib import Path

import pytest

from fastapi_lint.config import ConfigError, below, find_root


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        target = folder / path
        if path.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()


@pytest.mark.parametrize(
    "mark",
    [
        "fastapi-lint.toml",
        "pyproject.toml",
        "setup.cfg",
        "requirements.txt",
        "requirements-dev.txt",
        "requirements.in",
        "dev-requirements.txt",
        "Dockerfile",
        "Dockerfile.prod",
        "backend.Dockerfile",
        "Containerfile",
        "compose.yaml",
        "compose.override.yml",
        "docker-compose.yml",
        "docker-compose.prod.yaml",
        ".git/",
    ],
)
def test_the_nearest_marked_directory_upwards_is_the_root(tmp_path: Path, mark: str) -> None:
    make(tmp_path, "project/app/api/users.py", f"project/{mark}")
    root = tmp_path / "project"
    assert find_root([root / "app/api/users.py"], None, tmp_path) == root
    assert find_root([root / "app/api"], None, tmp_path) == root
    assert find_root([root], None, tmp_path) == root
    assert find_root([], None, root / "app") == root


@pytest.mark.parametrize("name", ["Makefile", "package.json", "compose.txt", "dockerfile.d/", "README.md"])
def test_other_names_mark_nothing(tmp_path: Path, name: str) -> None:
    make(tmp_path, "app/main.py", name, "pyproject.toml")
    make(tmp_path / "app", name)
    assert find_root([tmp_path / "app"], None, tmp_path) == tmp_path


def test_a_git_worktree_has_a_file(tmp_path: Path) -> None:
    make(tmp_path, "a/.git", "a/b/main.py")
    assert find_root([tmp_path / "a/b"], None, tmp_path) == tmp_path / "a"


def test_several_paths_share_the_nearest_marked_directory_of_their_common_parent(tmp_path: Path) -> None:
    make(tmp_path, "pyproject.toml", "one/pyproject.toml", "one/a.py", "two/b.py")
    assert find_root([tmp_path / "one/a.py", tmp_path / "two/b.py"], None, tmp_path) == tmp_path
    assert find_root([tmp_path / "one/a.py"], None, tmp_path) == tmp_path / "one"


def test_without_a_mark_the_common_parent_is_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/x.py", "a/y.py")
    monkeypatch.setattr("fastapi_lint.config.root._is_marked", lambda _: False)
    assert find_root([tmp_path / "a/x.py", tmp_path / "a/y.py"], None, tmp_path) == tmp_path / "a"


def test_a_given_root_is_taken_as_it_is(tmp_path: Path) -> None:
    make(tmp_path, "pyproject.toml", "app/main.py")
    assert find_root([tmp_path / "app/main.py"], tmp_path / "app", tmp_path) == tmp_path / "app"


def test_a_root_that_is_no_directory_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, "file")
    with pytest.raises(ConfigError, match="no directory"):
        find_root([], tmp_path / "file", tmp_path)


def test_all_missing_paths_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_root([tmp_path / "x", tmp_path / "y"], None, tmp_path)
    assert len(caught.value.problems) == 2


def test_paths_are_told_relative_to_the_root(tmp_path: Path) -> None:
    make(tmp_path, "app/main.py")
    assert below(tmp_path, [tmp_path / "app/main.py", tmp_path]) == ("app/main.py", ".")


def test_a_path_outside_of_the_root_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, "in/", "out/")
    with pytest.raises(ConfigError, match="outside"):
        below(tmp_path / "in", [tmp_path / "out"])


def test_a_link_that_leads_out_is_outside(tmp_path: Path) -> None:
    make(tmp_path, "in/", "out/secret.py")
    (tmp_path / "in/link.py").symlink_to(tmp_path / "out/secret.py")
    with pytest.raises(ConfigError, match="outside"):
        below(tmp_path / "in", [tmp_path / "in/link.py"])
