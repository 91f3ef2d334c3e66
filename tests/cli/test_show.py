"""The commands `explain`, `rules` and `config`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fastapi_lint.catalogue import catalogue, page_body

Fixture = Any


@pytest.mark.parametrize("word", ["FAL003", "fal003", "unused-ignore", "Unused-Ignore"])
def test_explain_prints_the_page(lint: Fixture, word: str) -> None:
    done = lint("explain", word)
    rule = catalogue().rule("FAL003")
    assert rule is not None
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(page_body(rule).rstrip())
    assert "Severity: warning, on by default, no fix. Presets: recommended, production, strict, " in done.out


@pytest.mark.parametrize("word", ["FAL", "fal", "analysis"])
def test_explain_lists_a_group(lint: Fixture, word: str) -> None:
    done = lint("explain", word)
    assert done.out.startswith("# FAL What the linter says about its own work\n\nFAL001  syntax-error")
    assert done.out.count("\nFAL") == 5


def test_explain_takes_several_words(lint: Fixture) -> None:
    done = lint("explain", "FAL001", "FAL002")
    assert done.out.index("# FAL001 syntax-error\n") < done.out.index("# FAL002 file-not-readable\n")


def test_explain_does_not_know_everything(lint: Fixture) -> None:
    done = lint("explain", "FAL03", "zzz")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: there is no rule and no group `FAL03`; did you mean `FAL003`?\n"
        "error: there is no rule and no group `zzz`\n"
    )


def test_rules_as_json(lint: Fixture) -> None:
    document = json.loads(lint("rules", "--output-format", "json").out)
    assert document["version"] == 1
    assert [rule["code"] for rule in document["rules"]] == [rule.code for rule in catalogue().rules]
    assert document["rules"][-1] == {
        "code": "FAL005",
        "name": "internal-error",
        "group": "FAL",
        "severity": "error",
        "default": True,
        "presets": list(catalogue().presets),
        "fix": "none",
        "summary": "The linter itself failed on a file or in a rule; all else is still reported.",
    }


def test_rules_as_text(lint: Fixture) -> None:
    done = lint("rules")
    assert done.out.count("\n") == len(catalogue().rules)
    assert "\nFAL003  unused-ignore" in done.out


def test_config_of_the_defaults(lint: Fixture, project: Fixture) -> None:
    folder = project()
    done = lint("config")
    assert done.code == 0
    assert done.out.startswith(f"# root: {folder}\n# configuration: none, these are the defaults\n# rules: ")
    assert '\npreset = "recommended"\n' in done.out


def test_config_is_toml_that_means_the_same(lint: Fixture, project: Fixture) -> None:
    folder = project(
        {
            "app/main.py": "",
            "fastapi-lint.toml": (
                'preset = "strict"\nselect = ["FAL"]\nexclude = ["a b/"]\nmax-call-depth = 2\n'
                '[per-file-ignores]\n"app/**" = ["FAL003"]\n[severity]\nFAL003 = "info"\n'
                '[roles]\nrepository = ["app/*.py:*Gateway", "app/db.py"]\n'
            ),
        }
    )
    first = lint("config").out
    (folder / "fastapi-lint.toml").write_text(first, "utf-8")
    assert lint("config").out == first
    assert "# configuration: fastapi-lint.toml\n" in first
    assert '"repository" = ["app/*.py:*Gateway", "app/db.py"]' in first


def test_config_knows_the_command_line(lint: Fixture, project: Fixture) -> None:
    project()
    done = lint("config", "--preset", "strict", "--select", "FAL003")
    assert 'preset = "strict"  # from the command line\n' in done.out
    assert ": FAL001 FAL002 FAL003 FAL005\n" in done.out
