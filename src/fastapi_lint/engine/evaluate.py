"""The whole way from a project to its result: run, suppress, ignore by file, order, choose what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.config import patterns
from fastapi_lint.engine.fingerprint import fingerprints
from fastapi_lint.engine.result import Reported, Result, Skipped, Summary
from fastapi_lint.engine.run import Outcome, complete, run_rules
from fastapi_lint.engine.select import INTERNAL_ERROR, Choice, names_rule, selected
from fastapi_lint.engine.suppress import suppress
from fastapi_lint.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi_lint.catalogue import Catalogue, Rule
    from fastapi_lint.config.model import Config
    from fastapi_lint.engine.project_view import ProjectView
    from fastapi_lint.findings import Finding

UNUSED_IGNORE = "FAL003"
MALFORMED_IGNORE = "FAL004"


class Shown(msgspec.Struct, frozen=True):
    """Whose findings are shown: those at or below `paths` (`.` is everything), from `severity` upwards."""

    paths: tuple[str, ...] = (".",)
    severity: Severity = Severity.INFO


def evaluate(
    project: ProjectView,
    catalogue: Catalogue,
    config: Config,
    choice: Choice | None = None,
    shown: Shown | None = None,
    *,
    reraise: bool = False,
) -> Result:
    """Judge a project. Fingerprints and unused ignores are those of the whole run, whatever is shown."""
    shown = shown or Shown()
    rules = {rule.code: rule for rule in selected(catalogue, config, choice or Choice())}
    outcome = run_rules(project, rules.values(), rules[INTERNAL_ERROR], reraise=reraise)
    verdict = suppress(outcome.findings, project, catalogue, outcome.completed)
    findings = [*verdict.kept, *_about_comments(verdict.unused, rules.get(UNUSED_IGNORE))]
    findings += _about_comments(verdict.malformed, rules.get(MALFORMED_IGNORE))
    findings = [finding for finding in findings if not _ignored_by_file(finding, catalogue, config)]
    ordered = arrange(with_severity(finding, catalogue, config) for finding in findings)
    marks = fingerprints(ordered, project)
    reported = [
        Reported(finding, finding.severity or Severity.ERROR, mark, _url(catalogue, finding))
        for finding, mark in zip(ordered, marks, strict=True)
        if is_shown(finding, shown)
    ]
    ignored = sum(is_shown(with_severity(finding, catalogue, config), shown) for finding in verdict.ignored)
    failed = any(finding.code == INTERNAL_ERROR for finding in ordered)
    return Result(tuple(reported), _summary(project, outcome, ignored), failed)


def arrange(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by path, line, column, code and message, each once."""
    return list({_key(finding): finding for finding in sorted(findings, key=_key)}.values())


def _key(finding: Finding) -> tuple[str, int, int, str, str, int, int]:
    span = finding.span
    end = (span.end_line, span.end_column)
    return (span.path, span.line, span.column, finding.code, finding.message, *end)


def with_severity(finding: Finding, catalogue: Catalogue, config: Config) -> Finding:
    """The finding with the severity that the configuration gives its rule; a rule's own name wins."""
    rule = catalogue.rule(finding.code)
    if rule is None or rule.code == INTERNAL_ERROR:
        return finding
    exact = [change for change in config.severity if catalogue.rule(change.rules) == rule]
    fitting = exact or [change for change in config.severity if names_rule(change.rules, rule)]
    if not fitting:
        return finding
    return msgspec.structs.replace(finding, severity=fitting[-1].severity)


def is_shown(finding: Finding, shown: Shown) -> bool:
    """Whether a finding is among those that are shown and counted. Our own faults always are."""
    if finding.code == INTERNAL_ERROR:
        return True
    severe = (finding.severity or Severity.ERROR).rank >= shown.severity.rank
    return severe and is_below(finding.span.path, shown.paths)


def is_below(path: str, folders: Sequence[str]) -> bool:
    """Whether a path is one of the given paths or lies below one; `.` is the root."""
    return any(folder in (".", path) or path.startswith(folder + "/") for folder in folders)


def _about_comments(findings: Iterable[Finding], rule: Rule | None) -> list[Finding]:
    return [complete(finding, rule) for finding in findings] if rule is not None else []


def _ignored_by_file(finding: Finding, catalogue: Catalogue, config: Config) -> bool:
    rule = catalogue.rule(finding.code)
    if rule is None or rule.code == INTERNAL_ERROR:
        return False
    return any(
        patterns.matches(ignore.pattern, finding.span.path)
        and any(names_rule(word, rule) for word in ignore.rules)
        for ignore in config.per_file_ignores
    )


def _url(catalogue: Catalogue, finding: Finding) -> str:
    rule = catalogue.rule(finding.code)
    return rule.url if rule else ""


def _summary(project: ProjectView, outcome: Outcome, ignored: int) -> Summary:
    skipped = sorted(Skipped(file.path, file.reason) for file in project.skipped)
    return Summary(
        files=len(project.files),
        apps=outcome.apps,
        routes=outcome.routes,
        images=project.image_count,
        ignored=ignored,
        skipped=tuple(skipped),
    )
