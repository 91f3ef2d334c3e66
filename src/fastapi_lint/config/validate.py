"""From the keys and values of a configuration file to a Config, with every mistake told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from fastapi_lint.config import patterns
from fastapi_lint.config.errors import ConfigError, did_you_mean
from fastapi_lint.config.model import Config, FileIgnore
from fastapi_lint.config.options import ENVIRONMENTS, LAYERS, ROLES, Assignment, Place
from fastapi_lint.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

SEVERITIES = tuple(severity.value for severity in Severity)
FAIL_ON = (*SEVERITIES, "never")
MAX_CALL_DEPTH = 30
MAX_COUNT = 10_000


class RuleWords(Protocol):
    """What the validation asks of the catalogue of rules."""

    @property
    def presets(self) -> Mapping[str, object]: ...

    def knows(self, word: str) -> bool: ...

    def suggestion(self, word: str) -> str | None: ...


def validate(table: Mapping[str, object], source: str, words: RuleWords) -> Config:
    """The configuration in a table. Raises ConfigError with all that is wrong with it."""
    reader = Reader(source, words)
    unknown = [key for key in table if key not in READERS]
    for key in unknown:
        reader.report(f"`{key}` is no key{did_you_mean(key, READERS)}")
    values = {
        key.replace("-", "_"): READERS[key](reader, key, value)
        for key, value in table.items()
        if key not in unknown
    }
    if reader.problems:
        raise ConfigError(reader.problems)
    return msgspec.convert({"source": source, **values}, Config)


def rule_fault(word: str, words: RuleWords) -> str:
    """Why a word names no rules; empty if it does."""
    if words.knows(word):
        return ""
    suggestion = words.suggestion(word)
    hint = f"; did you mean `{suggestion}`?" if suggestion else ""
    return f"`{word}` is no rule, no group and not ALL{hint}"


class Reader:
    """Reads values and collects what is wrong with them. What it returns for a wrong value isn't used."""

    def __init__(self, source: str, words: RuleWords) -> None:
        self.source = source
        self.words = words
        self.problems: list[str] = []

    def report(self, problem: str) -> None:
        """Note a mistake; the file's name is put before it."""
        self.problems.append(f"{self.source}: {problem}")

    def strings(self, key: str, value: object) -> tuple[str, ...]:
        """A list of strings."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.report(f"`{key}` takes a list of strings, not {_kind(value)}")
            return ()
        return tuple(value)

    def rules(self, key: str, value: object) -> tuple[str, ...]:
        """A list of codes, names and groups of rules."""
        found = self.strings(key, value)
        for word in found:
            fault = rule_fault(word, self.words)
            if fault:
                self.report(f"`{key}`: {fault}")
        return found

    def patterns(self, key: str, value: object) -> tuple[str, ...]:
        """A list of patterns for files."""
        found = self.strings(key, value)
        for pattern in found:
            self.check_pattern(key, pattern)
        return found

    def check_pattern(self, key: str, pattern: str) -> None:
        """Note a pattern that isn't one."""
        fault = patterns.fault(pattern)
        if fault:
            self.report(f"`{key}`: `{pattern}` {fault}")

    def choice(self, key: str, value: object, choices: Collection[str]) -> str:
        """One of the given words."""
        if not isinstance(value, str):
            self.report(f"`{key}` takes a string, not {_kind(value)}")
            return ""
        if value not in choices:
            hint = did_you_mean(value, choices) or f"; it is one of {', '.join(choices)}"
            self.report(f"`{key}`: `{value}` is unknown{hint}")
        return value

    def table(self, key: str, value: object) -> dict[str, object]:
        """A table."""
        if not isinstance(value, dict):
            self.report(f"`{key}` takes a table, not {_kind(value)}")
            return {}
        return value

    def number(self, key: str, value: object, lowest: int, highest: int) -> int:
        """A whole number within bounds."""
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            self.report(f"`{key}` takes a whole number from {lowest} to {highest}")
            return lowest
        return value


def _preset(reader: Reader, key: str, value: object) -> str:
    return reader.choice(key, value, reader.words.presets)


def _file_ignores(reader: Reader, key: str, value: object) -> tuple[FileIgnore, ...]:
    ignores = []
    for pattern, rules in reader.table(key, value).items():
        reader.check_pattern(key, pattern)
        ignores.append(FileIgnore(pattern, reader.rules(f"{key}.{pattern}", rules)))
    return tuple(ignores)


def _severities(reader: Reader, key: str, value: object) -> tuple[dict[str, str], ...]:
    changes = []
    for word, level in reader.table(key, value).items():
        fault = rule_fault(word, reader.words)
        if fault:
            reader.report(f"`{key}`: {fault}")
        changes.append({"rules": word, "severity": reader.choice(f"{key}.{word}", level, SEVERITIES)})
    return tuple(changes)


def _assignments(known: Sequence[str]) -> Callable[[Reader, str, object], tuple[Assignment, ...]]:
    def read(reader: Reader, key: str, value: object) -> tuple[Assignment, ...]:
        assignments = []
        for word, places in reader.table(key, value).items():
            reader.choice(key, word, known)
            found = tuple(_place(text) for text in reader.strings(f"{key}.{word}", places))
            for place in found:
                reader.check_pattern(f"{key}.{word}", place.pattern)
            assignments.append(Assignment(word, found))
        return tuple(assignments)

    return read


def _place(text: str) -> Place:
    pattern, _, part = text.partition(":")
    return Place(pattern, part)


def _kind(value: object) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list"}
    return names.get(type(value), "a table" if isinstance(value, dict) else "a date")


READERS: dict[str, Callable[[Reader, str, object], object]] = {
    "preset": _preset,
    "select": Reader.rules,
    "ignore": Reader.rules,
    "extend-select": Reader.rules,
    "per-file-ignores": _file_ignores,
    "exclude": Reader.patterns,
    "severity": _severities,
    "fail-on": lambda reader, key, value: reader.choice(key, value, FAIL_ON),
    "layers": _assignments(LAYERS),
    "roles": _assignments(ROLES),
    "environments": _assignments(ENVIRONMENTS),
    "blocking-calls": Reader.strings,
    "heavy-calls": Reader.strings,
    "max-call-depth": lambda reader, key, value: reader.number(key, value, 1, MAX_CALL_DEPTH),
    "max-app-routes": lambda reader, key, value: reader.number(key, value, 0, MAX_COUNT),
    "max-endpoint-statements": lambda reader, key, value: reader.number(key, value, 1, MAX_COUNT),
    "max-endpoint-branches": lambda reader, key, value: reader.number(key, value, 0, MAX_COUNT),
    "error-envelope": lambda reader, key, value: reader.choice(key, value, ("required", "auto")),
    "request-logging": lambda reader, key, value: reader.choice(key, value, ("auto", "required")),
}
"""The keys of the configuration, and what reads each."""
