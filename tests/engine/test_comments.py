"""Comments that ignore, and comments that are not understood."""

from __future__ import annotations

import pytest

from fastapi_lint.catalogue import Catalogue
from fastapi_lint.engine.comments import Heard, hear
from fastapi_lint.facts.python.syntax import Comment


def heard(text: str, rules: Catalogue, *, alone: bool = False, first_block: bool = False) -> Heard:
    return hear("a.py", [Comment(3, 10, text, alone, first_block)], rules)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("# fastapi-lint: ignore[RTE001] both are wanted", ["RTE001"]),
        ("# fastapi-lint: ignore[shadowed-route]", ["RTE001"]),
        ("#fastapi-lint:ignore[rte001]", ["RTE001"]),
        ("#  fastapi-lint :  ignore [ RTE001 , ARC001 ]  why", ["RTE001", "ARC001"]),
        ("# noqa: E501  # fastapi-lint: ignore[RTE001]", ["RTE001"]),
        ("# fastapi-lint: ignore[RTE001] see [1]", ["RTE001"]),
        ("# type: ignore[misc]  # fastapi-lint: ignore[RTE001]  # more", ["RTE001"]),
    ],
)
def test_forms_of_an_ignore(rules: Catalogue, text: str, codes: list[str]) -> None:
    found = heard(text, rules)
    assert [ignore.code for ignore in found.ignores] == codes
    assert found.malformed == ()


def test_an_ignore_knows_where_its_rule_is_named(rules: Catalogue) -> None:
    [_, second] = heard("# fastapi-lint: ignore[RTE001, ARC001]", rules).ignores
    assert (second.span.line, second.span.column, second.span.end_column) == (3, 41, 47)


def test_an_ignore_for_the_file(rules: Catalogue) -> None:
    [ignore] = heard("# fastapi-lint: ignore-file[RTE001] generated", rules, first_block=True).ignores
    assert ignore.whole_file


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# fastapi-lint: ignore", "the comment isn't understood: `ignore`"),
        ("# fastapi-lint: ignore RTE001", "the comment isn't understood: `ignore RTE001`"),
        ("# fastapi-lint: ignores[RTE001]", "the comment isn't understood: `ignores[RTE001]`"),
        ("# fastapi-lint: ignore[RTE001", "the comment isn't understood: `ignore[RTE001`"),
        ("# fastapi-lint: disable=RTE001", "the comment isn't understood: `disable=RTE001`"),
        ("# fastapi-lint: role=", "the comment isn't understood: `role=`"),
        ("# fastapi-lint:", "the comment isn't understood: ``"),
        ("# fastapi-lint: ignore[]", "the comment names no rule"),
        ("# fastapi-lint: ignore[RTE001,]", "the comment names no rule"),
        ("# fastapi-lint: ignore[RTE]", "`RTE` is a group of rules"),
        ("# fastapi-lint: ignore[ALL]", "there is no rule `ALL`"),
        ("# fastapi-lint: ignore[RTE0001]", "there is no rule `RTE0001`"),
        ("# fastapi-lint: ignore-file[RTE001]", "`ignore-file` has no effect below the first comment block"),
    ],
)
def test_a_comment_that_is_not_understood(rules: Catalogue, text: str, message: str) -> None:
    [finding] = heard(text, rules).malformed
    assert finding.message == message
    assert finding.help
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (3, 10, 10 + len(text))


def test_a_misspelled_rule_is_suggested(rules: Catalogue) -> None:
    [finding] = heard("# fastapi-lint: ignore[shadowd-route]", rules).malformed
    assert finding.help == "Did you mean `shadowed-route`?"


def test_what_is_right_beside_what_is_wrong_still_counts(rules: Catalogue) -> None:
    found = heard("# fastapi-lint: ignore[RTE001, XYZ001]", rules)
    assert [ignore.code for ignore in found.ignores] == ["RTE001"]
    assert len(found.malformed) == 1


@pytest.mark.parametrize(
    "text",
    [
        "# fastapi-lint: role=service",
        "# fastapi-lint: role = router",
        "# run fastapi-lint: it finds a lot",
        "# see https://example.com/fastapi-lint: ignore[nothing]",
        "# my-fastapi-lint: ignore",
    ],
)
def test_other_comments_are_none_of_ours(rules: Catalogue, text: str) -> None:
    assert heard(text, rules) == Heard((), ())
