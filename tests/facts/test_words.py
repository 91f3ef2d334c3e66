"""Variables in words."""

import pytest

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Opaque, Variable, Word, expand, parts_of

VALUES = {"PORT": "80", "EMPTY": "", "HOST": "api"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", ()),
        ("$X", (Variable("X"),)),
        ("a${X}b", ("a", Variable("X"), "b")),
        ("${X:-8000}", (Variable("X", ":-", "8000"),)),
        ("${X-}", (Variable("X", "-", ""),)),
        ("${X:?not set}", (Variable("X", ":?", "not set"),)),
        ("${X:-${Y:-z}}", (Variable("X", ":-", "${Y:-z}"),)),
        ("${X%.*}", (Variable("X", "other", "%.*"),)),
        ("${#X}", (Opaque("${#X}"),)),
        ("$(date)", (Opaque("$(date)"),)),
        ("$((1 + (2)))x", (Opaque("$((1 + (2)))"), "x")),
        ("a$", ("a$",)),
        ("$1", (Variable("1"),)),
        ("${unclosed", (Opaque("${unclosed"),)),
        ("$(unclosed", (Opaque("$(unclosed"),)),
    ],
)
def test_parts(text: str, parts: tuple[object, ...]) -> None:
    assert parts_of(text) == parts


def test_compose_doubles_the_dollar() -> None:
    assert parts_of("$$HOME", doubled=True) == ("$HOME",)
    assert parts_of("$${A} ${B}", doubled=True) == ("${A} ", Variable("B"))


def test_a_backslash_hides_the_dollar_in_dockerfiles() -> None:
    assert parts_of("\\$HOME") == ("$HOME",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$PORT", "80"),
        ("$NONE", None),
        ("${PORT:-1}", "80"),
        ("${NONE:-1}", "1"),
        ("${NONE:-}", ""),
        ("${EMPTY:-1}", "1"),
        ("${EMPTY-1}", ""),
        ("${NONE:-${PORT}}", "80"),
        ("${NONE:-${ALSO:-x}}", "x"),
        ("${NONE:-'q'}", "q"),
        ('${NONE:-"$PORT"}', "80"),
        ("${NONE:?bad}", None),
        ("${PORT:+set}", "set"),
        ("${EMPTY:+set}", ""),
        ("${NONE:+set}", None),
        ("${PORT%0}", None),
        ("http://$HOST:$PORT/", "http://api:80/"),
        ("$(x)", None),
    ],
)
def test_values(text: str, value: str | None) -> None:
    assert expand(parts_of(text), VALUES.get) == value


def test_known_keeps_the_rest_as_written() -> None:
    word = Word("x", Place(1, 1, 1, 2), ("/app/bin:", Variable("PORT"), ":", Variable("PATH")))
    assert word.known(VALUES.get) == "/app/bin:80:${PATH}"


def test_nesting_is_bounded() -> None:
    text = "${A:-" * 5000 + "x" + "}" * 5000
    assert expand(parts_of(text), VALUES.get) is None


def test_growth_is_bounded() -> None:
    big = "x" * 10_000
    assert expand(tuple([Variable("B")] * 100), lambda name: big) is None  # noqa: ARG005


@pytest.mark.parametrize(
    "text", ["${" * 20_000, "$(" * 20_000, "$" * 20_000, '${a:-"' * 5000, "${A:-'" * 5000]
)
def test_hostile_texts_end(text: str) -> None:
    expand(parts_of(text), VALUES.get)
