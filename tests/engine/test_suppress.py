"""Which findings a comment hides, and which ignores are unused."""

from __future__ import annotations

from typing import Any

import pytest

from fastapi_lint.catalogue import Catalogue
from fastapi_lint.config import Config
from fastapi_lint.engine.evaluate import Shown, evaluate
from fastapi_lint.engine.result import Result
from fastapi_lint.engine.select import Choice

Fixture = Any


@pytest.fixture
def check(rules: Catalogue, checks: Fixture, project: Fixture) -> Fixture:
    """`check(text, *findings)`: the result for one file and what RTE001 yields on it."""

    def run(text: str, *findings: object, path: str = "app/main.py", choice: Choice | None = None) -> Result:
        checks["RTE001"] = lambda _: list(findings)
        return evaluate(project({path: text}), rules, Config(), choice)

    return run


def codes(result: Result) -> list[str]:
    return [reported.finding.code for reported in result.findings]


@pytest.mark.parametrize(
    "text",
    [
        "abc  # fastapi-lint: ignore[RTE001] why\n",
        "# fastapi-lint: ignore-file[RTE001] why\nabc\nabc\n",
    ],
)
def test_on_the_line_or_for_the_file(check: Fixture, at: Fixture, text: str) -> None:
    result = check(text, at(text.count("\n") if "file" in text else 1))
    assert codes(result) == []
    assert result.summary.ignored == 1


def test_alone_on_the_line_above(check: Fixture, at: Fixture) -> None:
    assert codes(check("# fastapi-lint: ignore[RTE001]\nabc\n", at(2))) == []


def test_on_the_first_or_last_line_of_a_span(check: Fixture, at: Fixture) -> None:
    mark = "  # fastapi-lint: ignore[RTE001]\n"
    assert codes(check(f"abc({mark}  1,\n)\n", at(1, end_line=3))) == []
    assert codes(check(f"abc(\n  1,\n){mark}", at(1, end_line=3))) == []


def test_in_the_middle_of_a_span_it_has_no_effect(check: Fixture, at: Fixture) -> None:
    result = check("abc(\n  1,  # fastapi-lint: ignore[RTE001]\n)\n", at(1, end_line=3))
    assert codes(result) == ["RTE001", "FAL003"]


def test_behind_code_on_the_line_above_it_has_no_effect(check: Fixture, at: Fixture) -> None:
    result = check("abc  # fastapi-lint: ignore[RTE001]\nabc\n", at(2))
    assert codes(result) == ["FAL003", "RTE001"]


def test_two_lines_above_it_has_no_effect(check: Fixture, at: Fixture) -> None:
    assert codes(check("# fastapi-lint: ignore[RTE001]\n\nabc\n", at(3))) == ["FAL003", "RTE001"]


def test_another_rule_is_not_hidden(check: Fixture, at: Fixture) -> None:
    result = check("abc  # fastapi-lint: ignore[RTE006]\n", at(1))
    assert codes(result) == ["RTE001", "FAL003"]


def test_one_comment_hides_all_findings_of_its_rule_there(check: Fixture, at: Fixture) -> None:
    result = check("abc def  # fastapi-lint: ignore[RTE001]\n", at(1), at(1, "more", column=5))
    assert codes(result) == []
    assert result.summary.ignored == 2


def test_only_the_unused_code_of_a_comment_is_told(check: Fixture, at: Fixture) -> None:
    result = check("abc  # fastapi-lint: ignore[RTE001, RTE006]\n", at(1))
    [reported] = result.findings
    assert reported.finding.message == "`RTE006 router-never-included` reports nothing here"
    assert reported.finding.span.column == 37


def test_an_ignore_of_a_rule_that_did_not_run_is_not_unused(check: Fixture) -> None:
    text = "abc  # fastapi-lint: ignore[ARC010]\n"
    assert codes(check(text)) == []
    assert codes(check(text, choice=Choice(extend_select=("ARC010",)))) == ["FAL003"]


def test_an_ignore_of_a_rule_that_failed_is_not_unused(
    rules: Catalogue, checks: Fixture, project: Fixture
) -> None:
    def fail(_: object) -> list[object]:
        raise ValueError("broken")

    checks["RTE001"] = fail
    result = evaluate(project({"a.py": "abc  # fastapi-lint: ignore[RTE001]\n"}), rules, Config())
    assert codes(result) == ["FAL005"]


def test_an_ignore_outside_of_what_is_shown_is_judged_by_the_whole_run(
    rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
) -> None:
    checks["RTE001"] = lambda _: [at(1, path="a.py")]
    both = project({"a.py": "abc  # fastapi-lint: ignore[RTE001]\n", "b.py": "abc\n"})
    result = evaluate(both, rules, Config(), shown=Shown(("a.py",)))
    assert codes(result) == []
    assert result.summary.ignored == 1
    assert evaluate(both, rules, Config(), shown=Shown(("b.py",))).summary.ignored == 0


def test_our_own_findings_are_not_hidden(check: Fixture) -> None:
    result = check("abc  # fastapi-lint: ignore[FAL003]\n")
    assert codes(result) == ["FAL003"]


def test_a_malformed_comment_is_told(check: Fixture, at: Fixture) -> None:
    assert codes(check("abc  # fastapi-lint: ignore\n", at(1))) == ["RTE001", "FAL004"]


def test_comment_findings_can_be_left_out(check: Fixture) -> None:
    text = "abc  # fastapi-lint: ignore[RTE001] # fastapi-lint: ignore\n"
    assert codes(check(text, choice=Choice(ignore=("FAL003", "FAL004")))) == []


class TestDockerfile:
    text = "FROM python\n# fastapi-lint: ignore[RTE001] why\nCMD a \\\n  b \\\n  --reload\n"

    def test_the_line_above_the_instruction(self, check: Fixture, at: Fixture) -> None:
        result = check(self.text, at(5, path="Dockerfile", column=3), path="Dockerfile")
        assert codes(result) == []

    def test_the_line_above_the_word(self, check: Fixture, at: Fixture) -> None:
        text = "FROM python\nCMD a \\\n# fastapi-lint: ignore[RTE001]\n  --reload\n"
        assert codes(check(text, at(4, path="Dockerfile"), path="Dockerfile")) == []

    def test_another_instruction_is_not_hidden(self, check: Fixture, at: Fixture) -> None:
        result = check(self.text, at(1, path="Dockerfile"), path="Dockerfile")
        assert codes(result) == ["RTE001", "FAL003"]
