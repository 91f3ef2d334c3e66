"""What tests of rules are written with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fastapi_lint.config import ConfigError
from fastapi_lint.findings import Edit, Finding, Fix, Span
from fastapi_lint.testing import apply_fixes, lint, lint_folder, write_files

if TYPE_CHECKING:
    from pathlib import Path

UNUSED = "a = 1  # fastapi-lint: ignore[FAL001]\n"


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def edit(column: int, end: int, text: str, path: str = "a.py", line: int = 1, end_line: int = 0) -> Edit:
    return Edit(Span(path, line, column, end_line or line, end), text)


def fixed(text: str, *fixes: tuple[Edit, ...]) -> str:
    span = Span("a.py", 1, 1, 1, 2)
    return apply_fixes({"a.py": text}, [Finding(span, "m", fix=Fix("safe", "t", f)) for f in fixes])["a.py"]


def test_findings_of_a_small_repository() -> None:
    [finding] = lint({"app/main.py": UNUSED})
    assert (finding.code, finding.span.path, finding.span.line) == ("FAL003", "app/main.py", 1)


def test_select_replaces_what_the_configuration_selects() -> None:
    files = {"a.py": UNUSED, "fastapi-lint.toml": 'ignore = ["FAL003"]\n'}
    assert codes(lint(files)) == []
    assert codes(lint(files, select=["FAL003"])) == ["FAL003"]
    assert codes(lint({"a.py": UNUSED}, select=["FAL004"])) == []


def test_a_file_that_does_not_parse_is_never_hidden() -> None:
    assert codes(lint({"a.py": "def (:\n"}, select=["FAL004"])) == ["FAL001"]


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ConfigError, match="FAL0003"):
        lint({"a.py": ""}, select=["FAL0003"])


def test_an_unknown_preset_is_an_error() -> None:
    with pytest.raises(ConfigError, match="did you mean `strict`"):
        lint({"a.py": ""}, preset="strikt")


def test_a_folder_gives_the_whole_result(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/b.py": UNUSED, "c.py": b"\xef\xbb\xbfx = 1\n"})
    result = lint_folder(tmp_path)
    assert result.summary.files == 2
    assert [reported.finding.span.path for reported in result.findings] == ["a/b.py"]


@pytest.mark.parametrize("path", ["../out.py", "/etc/out.py", "a/../../out.py"])
def test_files_stay_in_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        write_files(tmp_path, {path: ""})


def test_edits_are_applied_from_the_end() -> None:
    assert fixed("one two\n", (edit(1, 4, "first"), edit(5, 8, "second"))) == "first second\n"


def test_an_edit_over_lines_and_an_insertion() -> None:
    assert fixed("f(\n  1,\n)\n", (edit(2, 2, "()", end_line=3),)) == "f()\n"
    assert fixed("ab\n", (edit(2, 2, "-\n-"),)) == "a-\n-b\n"


def test_of_overlapping_fixes_the_first_is_taken() -> None:
    assert fixed("abcdef\n", (edit(1, 4, "X"),), (edit(3, 6, "Y"),)) == "Xdef\n"


def test_equal_edits_of_two_fixes_are_made_once() -> None:
    insert = edit(1, 1, "import a\n")
    assert fixed("b c\n", (insert, edit(1, 2, "x")), (insert, edit(3, 4, "y"))) == "import a\nx y\n"


def test_other_files_stay() -> None:
    finding = Finding(Span("a.py", 1, 1, 1, 2), "m", fix=Fix("safe", "t", (edit(1, 2, "x"),)))
    assert apply_fixes({"a.py": "a\n", "b.py": "b\n"}, [finding]) == {"a.py": "x\n", "b.py": "b\n"}
