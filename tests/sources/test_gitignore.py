"""gitignore patterns, checked against git's own answers."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fastapi_lint.sources.discover import discover
from fastapi_lint.sources.gitignore import parse, patterns_of, verdict


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("foo", "foo", True),
        ("foo", "a/foo", True),
        ("foo", "foo/", True),
        ("foo", "foo/x", None),
        ("foo/", "foo", None),
        ("foo/", "foo/", True),
        ("/foo", "a/foo", None),
        ("a/foo", "a/foo", True),
        ("a/foo", "b/a/foo", None),
        ("**/foo", "foo", True),
        ("**/foo", "a/b/foo", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a/", None),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("/**", "a", True),
        ("*.py", "a/b.py", True),
        ("a/*.py", "a/b/c.py", None),
        ("*.py[co]", "x.pyc", True),
        ("*.py[!co]", "x.pyc", None),
        ("[[:digit:]]x", "1x", True),
        ("[a-c]x", "bx", True),
        ("[]]x", "]x", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", None),
        ("\\!x", "!x", True),
        ("\\#x", "#x", True),
        ("x   ", "x", True),
        ("x\\ ", "x ", True),
        ("!x", "x", False),
        ("foo\r", "foo", True),
    ],
)
def test_patterns(line: str, path: str, expected: bool | None) -> None:
    assert verdict(patterns_of([line]), path) is expected


def test_the_last_pattern_wins() -> None:
    patterns = patterns_of(["/**", "!/app/", "!/app/main.py"])
    assert verdict(patterns, "app/") is False
    assert verdict(patterns, "app/main.py") is False
    assert verdict(patterns, "app/other.py") is True


@pytest.mark.parametrize("line", ["", "#x", "!", "/", "\\", "x\0", "[z-a]", "a" * 501, "*a*a*a*a"])
def test_what_is_no_pattern(line: str) -> None:
    assert parse(line) is None


TREE = [
    "a/b/c.py",
    "a/keep.py",
    "a/x/keep.py",
    "b/c.py",
    "c.py",
    "doc/notes.py",
    "src/doc/notes.py",
    "x1.py",
    "lib/one/two/three.py",
]
IGNORE_FILES = [
    {"": "*\n!*/\n!keep.py\n"},
    {"": "/**\n!/a/\n!/a/keep.py\n!/lib/\n!/lib/**\n"},
    {"": "doc/\n!src/doc/\n"},
    {"": "a/**/c.py\nx[0-9].py\n"},
    {"": "**/two\n", "a": "*.py\n!keep.py\n", "a/x": "!/other.py\nkeep.py\n"},
    {"": "lib/*\n!lib/one\n/c.py\n"},
    {"": "*.py\n", "a": "!*\n", "b": "!/c.py\n"},
    {"": "one/\n!one/two/\n"},
    {"": "one/*\n"},
]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("ignore", IGNORE_FILES)
def test_agrees_with_git(tmp_path: Path, ignore: dict[str, str]) -> None:
    for path in TREE:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    for folder, text in ignore.items():
        (tmp_path / folder / ".gitignore").write_text(text)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True, env=environment)
    listing = [*git, "ls-files", "--others", "--exclude-standard"]
    output = subprocess.run(listing, check=True, env=environment, capture_output=True, text=True).stdout
    expected = sorted(path for path in output.split() if path.endswith(".py"))
    assert [file.path for file in discover(tmp_path).files] == expected
