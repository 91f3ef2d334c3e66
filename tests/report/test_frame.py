"""Code frames: which lines, and what stands under them."""

from __future__ import annotations

from fastapi_lint.findings import Span
from fastapi_lint.report.frame import MAX_WIDTH, Mark, frame
from fastapi_lint.report.terminal import Style

TEXT = "one\ntwo three\nfour\n\nsix\nseven\neight\nnine\n"


def main(line: int, column: int, end_line: int, end_column: int, note: str = "") -> Mark:
    return Mark(Span("a.py", line, column, end_line, end_column), note, main=True)


def other(line: int, column: int, end_column: int, note: str = "") -> Mark:
    return Mark(Span("a.py", line, column, line, end_column), note)


def drawn(text: str, *marks: Mark) -> list[str]:
    return list(frame(text, marks, 1, Style()))


def test_the_line_its_mark_and_one_line_around() -> None:
    assert drawn(TEXT, main(2, 5, 2, 10)) == [
        "1 | one",
        "2 | two three",
        "  |     ^^^^^",
        "3 | four",
    ]


def test_blank_lines_are_no_context() -> None:
    assert drawn(TEXT, main(3, 1, 3, 5)) == ["2 | two three", "3 | four", "  | ^^^^"]


def test_at_the_first_and_last_line() -> None:
    assert drawn("one\ntwo", main(1, 1, 1, 4)) == ["1 | one", "  | ^^^", "2 | two"]
    assert drawn("one\ntwo", main(2, 1, 2, 4)) == ["1 | one", "2 | two", "  | ^^^"]


def test_other_marks_are_dashes_with_notes_and_gaps_are_dots() -> None:
    assert drawn(TEXT, main(1, 1, 1, 4), other(6, 2, 4, "this one")) == [
        "1 | one",
        "  | ^^^",
        "2 | two three",
        "...",
        "6 | seven",
        "  |  -- this one",
    ]


def test_marks_on_one_line_stand_below_each_other() -> None:
    assert drawn(TEXT, main(2, 5, 2, 10), other(2, 1, 4, "first")) == [
        "1 | one",
        "2 | two three",
        "  |     ^^^^^",
        "  | --- first",
        "3 | four",
    ]


def test_a_span_of_some_lines_is_underlined_without_its_indent() -> None:
    assert drawn("call(\n    1,\n)\n", main(1, 1, 3, 2)) == [
        "1 | call(",
        "  | ^^^^^",
        "2 |     1,",
        "  |     ^^",
        "3 | )",
        "  | ^",
    ]


def test_of_a_long_span_the_first_and_last_line_are_shown() -> None:
    assert drawn(TEXT, main(1, 1, 8, 5)) == [
        "1 | one",
        "  | ^^^",
        "...",
        "8 | nine",
        "  | ^^^^",
    ]


def test_a_span_that_ends_before_a_line_does_not_reach_into_it() -> None:
    assert drawn("one\ntwo\nthree\n", main(1, 1, 2, 1)) == ["1 | one", "  | ^^^", "2 | two"]


def test_an_empty_span_is_one_caret() -> None:
    assert drawn("one\n", main(1, 4, 1, 4)) == ["1 | one", "  |    ^"]
    assert drawn("\n", main(1, 1, 1, 1)) == ["1 |", "  | ^"]


def test_tabs_and_wide_characters_keep_the_marks_in_place() -> None:
    assert drawn('\tx = "日本"; y\n', main(1, 12, 1, 13)) == [
        '1 |     x = "日本"; y',
        "  |                 ^",
    ]
    assert drawn("\ta\tb\n", main(1, 4, 1, 5)) == ["1 |     a   b", "  |         ^"]


def test_control_characters_are_escaped_and_measured() -> None:
    assert drawn("a\x1b\u202eb\n", main(1, 4, 1, 5)) == ["1 | a\\x1b\\u202eb", "  |            ^"]


def test_windows_line_ends_are_not_shown() -> None:
    assert drawn("one\r\ntwo\r\n", main(1, 1, 1, 4)) == ["1 | one", "  | ^^^", "2 | two"]


def test_a_long_line_is_cut_around_the_mark() -> None:
    text = "x" * 500 + "HERE" + "y" * 500 + "\n"
    line, marks = drawn(text, main(1, 501, 1, 505))
    assert line.startswith("1 | …x")
    assert line.endswith("y…")
    assert len(line) == len("1 | ……") + MAX_WIDTH
    assert line[marks.index("^") :].startswith("HERE")
    assert marks.count("^") == 4


def test_a_long_line_with_an_early_mark_is_cut_at_its_end() -> None:
    line, marks = drawn("ab" + "x" * 500 + "\n", main(1, 1, 1, 3))
    assert line == "1 | ab" + "x" * (MAX_WIDTH - 2) + "…"
    assert marks == "  | ^^"


def test_a_mark_that_is_longer_than_the_line_shows_ends_with_it() -> None:
    line, marks = drawn("x" * 500 + "\n", main(1, 1, 1, 501))
    assert len(marks) == len(line) - 1


def test_a_huge_line_is_not_walked() -> None:
    text = "x" * 10_000_000
    assert drawn(text, main(1, 9_000_000, 1, 9_000_001)) == []


def test_lines_that_the_text_lacks_are_not_drawn() -> None:
    assert drawn("one\n", main(7, 1, 9, 2)) == []
    assert drawn("one\n", Mark(Span("a.py", 1, 90, 1, 95), main=True)) == ["1 | one", "  |    ^"]
