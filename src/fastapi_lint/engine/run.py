"""Import the checks of the selected rules, run them, and complete what they yield."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from fastapi_lint.catalogue import OWN_GROUP
from fastapi_lint.engine.select import INTERNAL_ERROR
from fastapi_lint.findings import Finding, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fastapi_lint.catalogue import Rule
    from fastapi_lint.engine.project_view import ProjectView

    Check = Callable[[ProjectView], Iterable[Finding]]

T = TypeVar("T")
PROBLEM_CODES = {"syntax": "FAL001", "too-deep": "FAL001", "unreadable": "FAL002", "internal": INTERNAL_ERROR}
REPORT_HELP = "Please report this with the smallest code that shows it"
TRACEBACK = "FASTAPI_LINT_TRACEBACK"


class Outcome(msgspec.Struct, frozen=True):
    """What the rules yielded, the codes of those that ran to their end, and the size of what they saw."""

    findings: tuple[Finding, ...]
    completed: frozenset[str]
    apps: int
    routes: int


def run_rules(
    project: ProjectView, rules: Iterable[Rule], internal: Rule, *, reraise: bool = False
) -> Outcome:
    """Run the rules one after the other.

    An exception in one of them, or in the model of the apps, becomes a finding of the rule `internal`; it
    is raised if `reraise`.
    """
    findings: list[Finding] = []
    completed: set[str] = set()

    def note(what: str, error: Exception, advice: str = "") -> None:
        if reraise:
            raise error
        findings.append(complete(failure(what, error, project, advice), internal))

    for rule in rules:
        error = _attempt(partial(_run, rule, project, findings))
        if error is None:
            completed.add(rule.code)
        else:
            advice = f"; `--ignore {rule.code}` leaves the rule out until then"
            note(f"`{rule.code} {rule.name}`", error, advice)
    sizes = _attempt(lambda: (len(project.apps), project.route_count))
    if isinstance(sizes, Exception):
        note("the model of apps and routes", sizes)
        sizes = (0, 0)
    return Outcome(tuple(findings), frozenset(completed), *sizes)


def _attempt(work: Callable[[], T]) -> T | Exception:
    """What the work returns, or the exception that it raises: whatever fails, the rest goes on."""
    try:
        return work()
    except Exception as error:
        return error


def _run(rule: Rule, project: ProjectView, into: list[Finding]) -> None:
    """Add what the rule yields to a list, so that what came before an exception is kept.

    Nothing but our own findings is reported in tests, migrations and examples, whichever rule it is.
    """
    if rule.group.prefix == OWN_GROUP:
        into.extend(complete(finding, rule) for finding in _of_problems(project, rule))
        return
    found = (finding for finding in load_check(rule)(project) if not project.is_outside(finding.span.path))
    into.extend(complete(finding, rule) for finding in found)


def load_check(rule: Rule) -> Check:
    """The function `check` of a rule's module. Raises ImportError or AttributeError if there is none."""
    check: Check = importlib.import_module(f"fastapi_lint.checks.{rule.module}").check
    return check


def complete(finding: Finding, rule: Rule) -> Finding:
    """The finding with its rule's code and name, and with the page's severity if it has none."""
    severity = finding.severity or rule.meta.severity
    return msgspec.structs.replace(finding, code=rule.code, name=rule.name, severity=severity)


def _of_problems(project: ProjectView, rule: Rule) -> Iterator[Finding]:
    for problem in project.problems:
        if PROBLEM_CODES[problem.kind] == rule.code:
            span = Span(problem.path, problem.line, problem.column, problem.line, problem.column + 1)
            yield Finding(span, problem.message)


def failure(what: str, error: Exception, project: ProjectView, advice: str = "") -> Finding:
    """The finding about a fault of ours, without code and name. `what` failed; `advice` ends the help."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    path = _file_at_work(error, {file.path for file in project.files})
    place = f" on `{path}`" if path else ""
    cause = " ".join(f"{type(error).__name__}: {error}".split())
    message = f"{what} failed{place} with `{cause}`{_raised_at(error)}"
    return Finding(Span(path or ".", 1, 1, 1, 1), message, f"{REPORT_HELP}{advice}")


def _raised_at(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    return f" in {os.path.basename(frames[-1].filename)}, line {frames[-1].lineno}"


def _file_at_work(error: Exception, paths: set[str]) -> str:
    """The file that a failing check looked at, as far as the innermost frames' variables tell."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    for frame in reversed(frames):
        for value in frame.f_locals.values():
            path = value if isinstance(value, str) else _path_of(value)
            if path in paths:
                return path
    return ""


def _path_of(value: object) -> str:
    for holder in (value, getattr(value, "span", None)):
        path = getattr(holder, "path", None)
        if isinstance(path, str):
            return path
    return ""
