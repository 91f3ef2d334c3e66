"""Which rules run."""

import pytest

from fastapi_lint.catalogue import Catalogue
from fastapi_lint.config import Config, ConfigError
from fastapi_lint.engine.select import Choice, check_choice, selected

ALWAYS = {"FAL001", "FAL002", "FAL005"}
COMMENTS = {"FAL003", "FAL004"}


def run(rules: Catalogue, config: Config | None = None, choice: Choice | None = None) -> set[str]:
    """The selected codes, without those that always run."""
    codes = {rule.code for rule in selected(rules, config or Config(), choice or Choice())}
    return codes - ALWAYS


def test_the_default_is_recommended(rules: Catalogue) -> None:
    assert run(rules) == {"ARC001", "RTE001", "RTE006", *COMMENTS}


@pytest.mark.parametrize(
    ("config", "choice", "expected"),
    [
        (Config(preset="strict"), Choice(), {"ARC001", "ARC010", "RTE001", "RTE006", *COMMENTS}),
        (Config(preset="strict"), Choice(preset="routing"), {"RTE001", "RTE006", *COMMENTS}),
        (Config(select=("ARC",)), Choice(), {"ARC001", "ARC010"}),
        (Config(select=("ARC",)), Choice(preset="routing"), {"RTE001", "RTE006", *COMMENTS}),
        (Config(select=("ARC",)), Choice(select=("RTE001",)), {"RTE001"}),
        (Config(ignore=("RTE001",)), Choice(select=("RTE001",)), {"RTE001"}),
        (Config(ignore=("RTE001",)), Choice(preset="routing"), {"RTE006", *COMMENTS}),
        (
            Config(extend_select=("ARC010",)),
            Choice(preset="routing"),
            {"ARC010", "RTE001", "RTE006", *COMMENTS},
        ),
        (Config(ignore=("RTE",)), Choice(ignore=("ARC001",)), COMMENTS),
        (Config(), Choice(select=("routes",)), {"RTE001", "RTE006"}),
        (Config(), Choice(select=("Shadowed-Route",)), {"RTE001"}),
        (Config(), Choice(select=("ALL",), ignore=("FAL",)), {"ARC001", "ARC010", "RTE001", "RTE006"}),
        (Config(), Choice(ignore=("ALL",)), set()),
        (Config(), Choice(select=()), set()),
    ],
)
def test_what_replaces_and_what_adds(
    rules: Catalogue, config: Config, choice: Choice, expected: set[str]
) -> None:
    assert run(rules, config, choice) == expected


@pytest.mark.parametrize(
    ("select", "ignore", "runs"),
    [
        (("RTE001",), ("RTE",), True),
        (("RTE",), ("RTE001",), False),
        (("RTE",), ("RTE",), False),
        (("ALL",), ("RTE",), False),
        (("RTE",), ("ALL",), True),
        (("RTE001",), ("shadowed-route",), False),
    ],
)
def test_the_more_exact_word_counts(
    rules: Catalogue, select: tuple[str, ...], ignore: tuple[str, ...], runs: bool
) -> None:
    assert ("RTE001" in run(rules, choice=Choice(select=select, ignore=ignore))) is runs


def test_files_that_were_not_checked_are_always_told(rules: Catalogue) -> None:
    codes = {rule.code for rule in selected(rules, Config(), Choice(select=("RTE001",)))}
    assert codes == {"RTE001", *ALWAYS}


def test_they_can_be_ignored_but_our_own_faults_cannot(rules: Catalogue) -> None:
    codes = {rule.code for rule in selected(rules, Config(), Choice(ignore=("ALL", "FAL005", "FAL001")))}
    assert codes == {"FAL005"}


def test_all_unknown_words_are_told(rules: Catalogue) -> None:
    choice = Choice("strikt", ("RTE01",), ("zzz",), ("fat",))
    with pytest.raises(ConfigError) as caught:
        check_choice(choice, rules)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "--select",
        "--ignore",
        "--extend-select",
        "--preset",
    ]
    assert "did you mean `strict`?" in caught.value.problems[-1]
