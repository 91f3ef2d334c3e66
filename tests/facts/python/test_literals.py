import ast
import warnings

import pytest

from fastapi_lint.facts.python import literals

STRINGS = [
    "''",
    '""',
    "'a'",
    '"a\'b"',
    "'a\\'b'",
    "'''a'b''c'''",
    '"""a\nb"""',
    "'\\n\\r\\t\\a\\b\\f\\v\\\\\\'\\\"'",
    "'\\0 \\1 \\12 \\123 \\1234 \\8 \\400 \\777'",
    "'\\x41\\u0042\\U00000043\\U0001F600'",
    "'\\d\\w\\.\\ \\é'",
    "'a\\\nb'",
    "r'\\n\\'\\x'",
    'R"""\\""""""'[:-2],
    "u'\\u0041'",
    "U'a'",
    "'é😀'",
]


@pytest.mark.parametrize("source", STRINGS)
def test_strings_have_the_value_that_python_gives_them(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert literals.text(source) == ast.literal_eval(source)


def test_line_breaks_within_strings_are_line_feeds() -> None:
    assert literals.text("'''a\r\nb\rc'''") == "a\nb\nc"
    assert literals.text("r'''a\r\nb'''") == "a\nb"
    assert literals.text("'a\\\r\nb'") == "ab"


@pytest.mark.parametrize(
    "source",
    [
        "b'a'",
        "rb'a'",
        "BR'a'",
        "'\\ud800'",
        "'\\udc00a'",
        "'\\N{DASH}'",
        "'\\x1'",
        "'\\u12'",
        "'\\U00110000'",
        "'\\Uffffffff'",
    ],
)
def test_strings_that_cannot_be_kept(source: str) -> None:
    assert literals.text(source) is None


@pytest.mark.parametrize(
    "source", ["0", "00", "1", "1_000", "0xFF", "0Xf_f", "0o17", "0O1_7", "0b101", "0B1_0", str(2**64 - 1)]
)
def test_integers(source: str) -> None:
    assert literals.integer(source) == ast.literal_eval(source)


@pytest.mark.parametrize("source", [str(2**64), "1" * 5000, "0x1" + "0" * 16, "9" * 100_000])
def test_integers_beyond_64_bits_are_unknown(source: str) -> None:
    assert literals.integer(source) is None


@pytest.mark.parametrize("source", ["1.", ".5", "1e3", "1_0.5e-1_0", "1E+3", "1e999"])
def test_reals(source: str) -> None:
    assert literals.real(source) == ast.literal_eval(source)
