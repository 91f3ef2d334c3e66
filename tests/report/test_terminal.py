"""Nothing in a name or a message can steer the terminal, and columns are those that it shows."""

import pytest

from fastapi_lint.report.terminal import Style, cells, safe, width


@pytest.mark.parametrize(
    "text", ["", "plain text", "a\tb", "Straße", "日本語", "naïve e\u0301", "→ `x`", "🚀"]
)
def test_harmless_text_stays(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\r\n", "a\\nb\\r\\n"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31mred", "\\x9b31mred"),
        ("\x00\x07\x08\x7f", "\\x00\\x07\\x08\\x7f"),
        ("user\u202etxt.py", "user\\u202etxt.py"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\u2028b\x85", "a\\u2028b\\x85"),
        ("bad\udc80name", "bad\\udc80name"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_could_steer_or_hide_is_escaped(text: str, expected: str) -> None:
    assert safe(text) == expected


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("ﬀ", 1), ("🚀", 2), ("", 0)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_a_tab_goes_to_the_next_stop() -> None:
    assert cells("\ta\tb") == ["    ", "a", "   ", "b"]
    assert cells("日\tb") == ["日", "  ", "b"]


def test_an_escaped_character_takes_the_columns_of_its_escape() -> None:
    assert cells("a\x1bb") == ["a", "\\x1b", "b"]


def test_paint() -> None:
    assert Style(colour=True).paint("x", "1", "31") == "\x1b[1;31mx\x1b[0m"
    assert Style(colour=True).paint("", "1") == ""
    assert Style().paint("x", "1") == "x"
