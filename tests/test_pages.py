"""Every page is a test: its examples are run, and every page has its code and every code its page."""

import re
from pathlib import Path

import pytest

from fastapi_lint import checks
from fastapi_lint.catalogue import OWN_GROUP, Rule, catalogue, page_body
from fastapi_lint.engine.run import load_check
from fastapi_lint.examples import Example, examples
from fastapi_lint.testing import apply_fixes, lint

RULES = catalogue().rules
CHECKED = [rule for rule in RULES if rule.group.prefix != OWN_GROUP]
WITHOUT_EXAMPLES = {"FAL005"}
SECTIONS = ("Why", "Bad", "Good", "Silent", "Fix", "Options", "See also")


def _cases() -> list[object]:
    found = [example for rule in RULES for example in examples(rule)]
    return [pytest.param(e, id=f"{e.code}-{e.section}-{e.title}".rstrip("-")) for e in found]


@pytest.mark.parametrize("example", _cases())
def test_example(example: Example) -> None:
    found: dict[tuple[str, int], int] = {}
    findings = lint(example.files, select=[example.code])
    for finding in findings:
        assert finding.code == example.code, f"{finding.span}: {finding.code} {finding.message}"
        place = (finding.span.path, finding.span.line)
        found[place] = found.get(place, 0) + 1
    assert found == dict(example.expected)


@pytest.mark.parametrize("example", [case for case in _cases() if case.values[0].fixed])  # type: ignore[attr-defined]
def test_fixed_example(example: Example) -> None:
    before = {path: text for path, text in example.files.items() if isinstance(text, str)}
    once = apply_fixes(before, lint(before, select=[example.code]))
    assert {path: once[path] for path in example.fixed} == dict(example.fixed)
    assert lint(once, select=[example.code]) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page_has_its_form(rule: Rule) -> None:
    body = page_body(rule)
    assert body.startswith(f"# {rule.code} {rule.name}\n")
    assert rule.summary.endswith(".")
    titles = re.findall(r"(?m)^## (.+)$", body)
    assert titles == sorted(set(titles), key=SECTIONS.index), "sections in this order, each once"
    if rule.code not in WITHOUT_EXAMPLES:
        assert {"Why", "Bad", "Good"} <= set(titles)
        assert {"Bad", "Good"} <= {example.section for example in examples(rule)}


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_page_has_a_check(rule: Rule) -> None:
    assert callable(load_check(rule))


def test_every_check_has_a_page() -> None:
    folder = Path(checks.__path__[0])
    modules = {
        ".".join(file.relative_to(folder).with_suffix("").parts)
        for file in folder.glob("*/*.py")
        if not file.name.startswith("_")
    }
    assert modules == {rule.module for rule in CHECKED}
