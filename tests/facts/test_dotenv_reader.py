"""Dotenv files, as python-dotenv reads them."""

import pytest

from fastapi_lint.facts.dotenv import DotenvEntry, read
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Variable


def one(text: str) -> DotenvEntry:
    (entry,) = read(text).entries
    return entry


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("A=1", "A", "1"),
        ("export A=1", "A", "1"),
        ("  A = 1  ", "A", "1"),
        ("A=", "A", ""),
        ("A", "A", None),
        ("A='x y'", "A", "x y"),
        ('A="x\\ny"', "A", "x\ny"),
        ("A='x\\ny'", "A", "x\\ny"),
        ("A='it\\'s'", "A", "it's"),
        ("A=x # comment", "A", "x"),
        ("A=x#y", "A", "x#y"),
        ("A=#y", "A", ""),
        ("A='x # y' # comment", "A", "x # y"),
        ("A=x=y", "A", "x=y"),
        ("A='line one\nline two'", "A", "line one\nline two"),
        ("A=x y", "A", "x y"),
        ("'A'=1", "A", "1"),
        ("a.b-c=1", "a.b-c", "1"),
        ("A=1\r\n", "A", "1"),
        ("\ufeffA=1", "A", "1"),
        ("A='open", "A", "'open"),
        ("A=postgres://u:p@h/d?x=1&y=2", "A", "postgres://u:p@h/d?x=1&y=2"),
    ],
)
def test_entries(text: str, name: str, value: str | None) -> None:
    entry = one(text)
    assert (entry.name, entry.value.text if entry.value else None) == (name, value)


def test_places() -> None:
    first, second = read("# c\nexport A=1\n\nBÜ = 'x'\n").entries
    assert first.place == Place(2, 8, 2, 9)
    assert first.value is not None
    assert first.value.place == Place(2, 10, 2, 11)
    assert second.place == Place(4, 1, 4, 3)


def test_variables() -> None:
    plain, double, single = read("A=${X:-1}\nB=\"$Y\"\nC='$Z'\n").entries
    assert plain.value is not None
    assert plain.value.parts == (Variable("X", ":-", "1"),)
    assert double.value is not None
    assert double.value.parts == (Variable("Y"),)
    assert single.value is not None
    assert single.value.parts == ()


def test_entries_that_are_commented_out() -> None:
    facts = read("# A=1\n#B=\n# see C = x\n# text\nD=1\n")
    assert [(entry.name, entry.commented) for entry in facts.entries] == [
        ("A", True),
        ("B", True),
        ("D", False),
    ]
    assert [entry.name for entry in facts.active()] == ["D"]


def test_comments_that_speak_to_us() -> None:
    text = (
        "# fastapi-lint: ignore-file[X] a\nA=1  # fastapi-lint: ignore[Y] "
        "b\nB='# fastapi-lint: ignore[Z]'\n  # fastapi-lint: ignore[W] c\n"
    )
    assert [(c.line, c.column, c.alone, c.first_block) for c in read(text).comments] == [
        (1, 1, True, True),
        (2, 6, False, False),
        (4, 3, True, False),
    ]


def test_lines_of_another_form_are_passed_over() -> None:
    assert [entry.name for entry in read("=x\nA=1\n= =\nB=2\n").entries] == ["A", "B"]
