"""Which rules run: the preset, then what the configuration and the command line add and take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.catalogue import group_named
from fastapi_lint.config.errors import ConfigError, did_you_mean
from fastapi_lint.config.validate import rule_fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.catalogue import Catalogue, Rule
    from fastapi_lint.config.model import Config

ALWAYS = ("FAL001", "FAL002", "FAL005")
"""What is reported whatever is selected: a file that wasn't checked, and our own faults."""
INTERNAL_ERROR = "FAL005"

_ABSENT, _PRESET, _ALL, _GROUP, _RULE = range(-1, 4)


class Choice(msgspec.Struct, frozen=True):
    """What the command line says about rules. `select` and `preset` are None if it doesn't name any."""

    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()


def check_choice(choice: Choice, catalogue: Catalogue) -> None:
    """Raise ConfigError with all words of the command line that name nothing."""
    options = (
        ("--select", choice.select),
        ("--ignore", choice.ignore),
        ("--extend-select", choice.extend_select),
    )
    problems = [
        f"{option}: {fault}"
        for option, words in options
        for word in words or ()
        if (fault := rule_fault(word, catalogue))
    ]
    if choice.preset is not None and choice.preset not in catalogue.presets:
        presets = ", ".join(catalogue.presets)
        hint = did_you_mean(choice.preset, catalogue.presets) or f"; it is one of {presets}"
        problems.append(f"--preset: `{choice.preset}` is unknown{hint}")
    if problems:
        raise ConfigError(problems)


def preset_name(config: Config, choice: Choice) -> str:
    """The preset that holds for the run."""
    return choice.preset or config.preset


def selected(catalogue: Catalogue, config: Config, choice: Choice) -> tuple[Rule, ...]:
    """The rules that run, in the catalogue's order.

    `--select` replaces all that the configuration says about rules; `--preset` replaces its preset and its
    `select`. A rule named by its code or name counts for more than its group, a group for more than ALL,
    and all of them for more than the preset; where they are equal, the rule is left out.
    """
    preset = preset_name(config, choice)
    if choice.select is not None:
        select, extend, ignore = choice.select, choice.extend_select, choice.ignore
    else:
        select = () if choice.preset or config.select is None else config.select
        extend = (*config.extend_select, *choice.extend_select)
        ignore = (*config.ignore, *choice.ignore)
    by_preset = choice.select is None and (choice.preset is not None or config.select is None)
    return tuple(
        rule
        for rule in catalogue.rules
        if rule.code == INTERNAL_ERROR
        or max(_floor(rule, catalogue, preset if by_preset else None), _weight(rule, (*select, *extend)))
        > _weight(rule, ignore)
    )


def _floor(rule: Rule, catalogue: Catalogue, preset: str | None) -> int:
    if rule.code in ALWAYS or (preset is not None and catalogue.in_preset(rule, preset)):
        return _PRESET
    return _ABSENT


def _weight(rule: Rule, words: Iterable[str]) -> int:
    """How exactly the words name a rule; _ABSENT if they don't."""
    return max((_word_weight(rule, word.strip().lower()) for word in words), default=_ABSENT)


def _word_weight(rule: Rule, word: str) -> int:
    if word in (rule.code.lower(), rule.name):
        return _RULE
    if word == "all":
        return _ALL
    return _GROUP if group_named(word) == rule.group else _ABSENT


def names_rule(word: str, rule: Rule) -> bool:
    """Whether a code, a name, a group or ALL names a rule."""
    return _word_weight(rule, word.strip().lower()) != _ABSENT
