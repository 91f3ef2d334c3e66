"""The commands `explain`, `rules` and `config`. None of them reads the project's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.catalogue import Catalogue, Group, Rule, catalogue, group_named, page_body
from fastapi_lint.cli.setup import Ready, Setup, prepare
from fastapi_lint.cli.streams import write
from fastapi_lint.config.errors import ConfigError
from fastapi_lint.report.as_json import dumps
from fastapi_lint.report.text import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.config.options import Assignment
    from fastapi_lint.engine.select import Choice

VERSION = 1
TABLES = ("per_file_ignores", "severity", "layers", "roles", "environments")
"""The keys of the configuration that hold tables: TOML wants them last."""


def explain(words: Sequence[str]) -> int:
    """Print what each word names. Raises ConfigError for words that name nothing."""
    rules = catalogue()
    unknown = [word for word in words if rules.rule(word) is None and group_named(word) is None]
    if unknown:
        raise ConfigError([_unknown(word, rules) for word in unknown])
    for index, word in enumerate(words):
        if index:
            write([""])
        write(_explained(word, rules))
    return 0


def _unknown(word: str, rules: Catalogue) -> str:
    suggestion = rules.suggestion(word)
    hint = f"; did you mean `{suggestion}`?" if suggestion else ""
    return f"there is no rule and no group `{word}`{hint}"


def _explained(word: str, rules: Catalogue) -> Iterator[str]:
    rule = rules.rule(word)
    if rule is not None:
        yield page_body(rule).rstrip()
        yield ""
        yield _facts(rule, rules)
        return
    group = group_named(word)
    if group is not None:
        yield from _group(group, rules)


def _facts(rule: Rule, rules: Catalogue) -> str:
    presets = ", ".join(rules.presets_of(rule)) or "none"
    on = "on by default" if rule.meta.default else "off by default"
    fix = {"none": "no fix", "shown": "a fix that is only shown"}.get(rule.meta.fix, f"{rule.meta.fix} fix")
    versions = f" Versions: {rule.meta.versions}." if rule.meta.versions else ""
    return f"Severity: {rule.meta.severity.value}, {on}, {fix}. Presets: {presets}.{versions}"


def _group(group: Group, rules: Catalogue) -> Iterator[str]:
    yield f"# {group.prefix} {group.title}"
    yield ""
    table = [_row(rule) for rule in rules.rules if rule.group == group]
    yield from rows(table) if table else ["No rules yet."]


def _row(rule: Rule) -> tuple[str, ...]:
    on = "" if rule.meta.default else "off"
    return (rule.code, rule.name, rule.meta.severity.value, on, rule.summary)


def list_rules(output_format: str) -> int:
    """Print all rules as a table or as JSON."""
    rules = catalogue()
    if output_format == "json":
        write([dumps({"version": VERSION, "rules": [_rule(rule, rules) for rule in rules.rules]})])
    else:
        write(rows([_row(rule) for rule in rules.rules]))
    return 0


def _rule(rule: Rule, rules: Catalogue) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "group": rule.group.prefix,
        "severity": rule.meta.severity.value,
        "default": rule.meta.default,
        "presets": list(rules.presets_of(rule)),
        "fix": rule.meta.fix,
        "summary": rule.summary,
    }


def print_config(setup: Setup, choice: Choice) -> int:
    """Print the configuration as TOML, with its origin and the selected rules. Raises ConfigError."""
    ready = prepare(setup, choice)
    write(_config(ready))
    return 0


def _config(ready: Ready) -> Iterator[str]:
    from fastapi_lint.engine.select import selected

    config = ready.config
    codes = [rule.code for rule in selected(ready.catalogue, config, ready.choice)]
    yield f"# root: {ready.root}"
    yield f"# configuration: {config.source or 'none, these are the defaults'}"
    yield f"# rules: {len(codes)} of {len(ready.catalogue.rules)}: {' '.join(codes)}"
    yield f"preset = {_toml(ready.preset)}" + ("  # from the command line" if ready.choice.preset else "")
    for key in config.__struct_fields__:
        value = getattr(config, key)
        if key not in ("source", "preset", *TABLES) and value is not None:
            yield f"{key.replace('_', '-')} = {_toml(value)}"
    yield from _section("per-file-ignores", {item.pattern: item.rules for item in config.per_file_ignores})
    yield from _section("severity", {item.rules: item.severity.value for item in config.severity})
    for name in ("layers", "roles", "environments"):
        yield from _section(name, _places(getattr(config, name)))


def _places(assignments: Sequence[Assignment]) -> dict[str, tuple[str, ...]]:
    return {
        item.value: tuple(f"{place.pattern}:{place.part}".rstrip(":") for place in item.places)
        for item in assignments
    }


def _section(name: str, table: dict[str, tuple[str, ...]] | dict[str, str]) -> Iterator[str]:
    if table:
        yield ""
        yield f"[{name}]"
        yield from (f"{_toml(key)} = {_toml(value)}" for key, value in table.items())


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return dumps(value)
