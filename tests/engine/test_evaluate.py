"""From findings of rules to what is reported: severity, order, what is shown, faults of ours."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

import msgspec
import pytest

from fastapi_lint.catalogue import Catalogue
from fastapi_lint.config import Config
from fastapi_lint.config.model import FileIgnore, SeverityChange
from fastapi_lint.engine.evaluate import Shown, evaluate
from fastapi_lint.engine.result import Result, Skipped
from fastapi_lint.engine.select import Choice
from fastapi_lint.findings import Severity
from fastapi_lint.testing import lint

Fixture = Any


def lines(result: Result) -> list[tuple[str, str, int]]:
    return [(r.finding.code, r.finding.span.path, r.finding.span.line) for r in result.findings]


def severities(result: Result) -> list[str]:
    return [reported.severity.value for reported in result.findings]


@pytest.fixture
def two(checks: Fixture, at: Fixture) -> None:
    """RTE001 (error) on line 2, ARC001 (warning) on line 1, ARC010 (info, off) on line 3."""
    checks["RTE001"] = lambda _: [at(2)]
    checks["ARC001"] = lambda _: [at(1)]
    checks["ARC010"] = lambda _: [at(3)]


@pytest.mark.usefixtures("two")
def test_findings_get_code_name_severity_and_address(rules: Catalogue, project: Fixture) -> None:
    first = evaluate(project(), rules, Config()).findings[0]
    assert (first.finding.code, first.finding.name) == ("ARC001", "router-imports-repository")
    assert first.severity is first.finding.severity is Severity.WARNING
    assert first.url.endswith("/architecture/router-imports-repository.md")


@pytest.mark.usefixtures("two")
def test_only_selected_rules_run(rules: Catalogue, project: Fixture) -> None:
    assert lines(evaluate(project(), rules, Config(), Choice(select=("ARC010",)))) == [
        ("ARC010", "app/main.py", 3)
    ]


def test_order_is_path_line_column_code_message(
    rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
) -> None:
    findings = [
        at(2, "b"),
        at(2, "a"),
        at(1, column=2),
        at(1),
        at(9, path="app/api.py"),
        at(10, path="app/api.py"),
        at(1, path="app-2.py"),
    ]
    checks["RTE001"] = lambda _: findings
    checks["ARC001"] = lambda _: [at(1)]
    result = evaluate(project(), rules, Config())
    assert [(f.code, f.span.path, f.span.line, f.span.column, f.message) for f in _findings(result)] == [
        ("RTE001", "app-2.py", 1, 1, "wrong"),
        ("RTE001", "app/api.py", 9, 1, "wrong"),
        ("RTE001", "app/api.py", 10, 1, "wrong"),
        ("ARC001", "app/main.py", 1, 1, "wrong"),
        ("RTE001", "app/main.py", 1, 1, "wrong"),
        ("RTE001", "app/main.py", 1, 2, "wrong"),
        ("RTE001", "app/main.py", 2, 1, "a"),
        ("RTE001", "app/main.py", 2, 1, "b"),
    ]


def _findings(result: Result) -> list[Any]:
    return [reported.finding for reported in result.findings]


def test_the_same_finding_is_reported_once(
    rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
) -> None:
    checks["RTE001"] = lambda _: [at(1), at(1), at(1, "another")]
    assert len(evaluate(project(), rules, Config()).findings) == 2


class TestSeverity:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ((), ["warning", "error"]),
            ((SeverityChange("RTE001", Severity.INFO),), ["warning", "info"]),
            ((SeverityChange("shadowed-route", Severity.INFO),), ["warning", "info"]),
            ((SeverityChange("ALL", Severity.INFO),), ["info", "info"]),
            (
                (SeverityChange("RTE001", Severity.WARNING), SeverityChange("RTE", Severity.INFO)),
                ["warning", "warning"],
            ),
        ],
    )
    @pytest.mark.usefixtures("two")
    def test_the_configuration_changes_it(
        self, rules: Catalogue, project: Fixture, changes: tuple[SeverityChange, ...], expected: list[str]
    ) -> None:
        assert severities(evaluate(project(), rules, Config(severity=changes))) == expected

    def test_a_finding_can_have_its_own(
        self, rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
    ) -> None:
        checks["RTE001"] = lambda _: [msgspec.structs.replace(at(1), severity=Severity.INFO)]
        assert severities(evaluate(project(), rules, Config())) == ["info"]
        changed = Config(severity=(SeverityChange("RTE001", Severity.WARNING),))
        assert severities(evaluate(project(), rules, changed)) == ["warning"]

    @pytest.mark.usefixtures("two")
    def test_what_is_below_is_hidden(self, rules: Catalogue, project: Fixture) -> None:
        result = evaluate(project(), rules, Config(), shown=Shown(severity=Severity.ERROR))
        assert severities(result) == ["error"]
        assert result.count(Severity.WARNING) == 0


class TestShown:
    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            ((".",), ["app/api/a.py", "app/api2.py", "main.py"]),
            (("app",), ["app/api/a.py", "app/api2.py"]),
            (("app/api",), ["app/api/a.py"]),
            (("app/api", "main.py"), ["app/api/a.py", "main.py"]),
            (("app/api2.py",), ["app/api2.py"]),
            (("main",), []),
        ],
    )
    def test_paths_choose_whose_findings_are_shown(
        self,
        rules: Catalogue,
        checks: Fixture,
        project: Fixture,
        at: Fixture,
        paths: tuple[str, ...],
        expected: list[str],
    ) -> None:
        checks["RTE001"] = lambda view: [at(1, path=file.path) for file in view.files]
        files = project({"app/api/a.py": "abc", "app/api2.py": "abc", "main.py": "abc"})
        result = evaluate(files, rules, Config(), shown=Shown(paths))
        assert [f.span.path for f in _findings(result)] == expected

    def test_what_is_shown_is_the_same_as_in_the_whole_run(
        self, rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
    ) -> None:
        checks["RTE001"] = lambda view: [at(n, path=file.path) for file in view.files for n in (1, 2)]
        files = project({"a.py": "abc\nabc\n", "b.py": "abc\nabc\n"})
        whole = evaluate(files, rules, Config())
        part = evaluate(files, rules, Config(), shown=Shown(("b.py",)))
        assert part.findings == tuple(r for r in whole.findings if r.finding.span.path == "b.py")


class TestPerFileIgnores:
    def test_the_rules_of_a_pattern_are_left_out(
        self, rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
    ) -> None:
        checks["RTE001"] = lambda view: [at(1, path=file.path) for file in view.files]
        checks["ARC001"] = checks["RTE001"]
        config = Config(
            per_file_ignores=(FileIgnore("old/**", ("RTE",)), FileIgnore("gone.py", ("shadowed-route",)))
        )
        files = project({"app/gone.py": "abc", "old/a.py": "abc"})
        assert lines(evaluate(files, rules, config)) == [
            ("ARC001", "app/gone.py", 1),
            ("ARC001", "old/a.py", 1),
        ]

    def test_a_comment_that_hides_what_a_pattern_leaves_out_is_used(
        self, rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
    ) -> None:
        checks["RTE001"] = lambda _: [at(1)]
        config = Config(per_file_ignores=(FileIgnore("app/", ("RTE001",)),))
        files = project({"app/main.py": "abc  # fastapi-lint: ignore[RTE001]\n"})
        assert lines(evaluate(files, rules, config)) == []


@pytest.mark.usefixtures("checks")
class TestProblems:
    def test_files_that_were_not_checked_are_findings(
        self, rules: Catalogue, project: Fixture, request: pytest.FixtureRequest
    ) -> None:
        problem = request.getfixturevalue("problem")
        files = project(
            {"a.py": "(", "b.py": "", "c.py": ""},
            problems=[
                problem("a.py", "unclosed bracket", 1, 1, "syntax"),
                problem("b.py", "no permission", 1, 1, "unreadable"),
                problem("c.py", "nested too deeply", 7, 3, "too-deep"),
            ],
        )
        result = evaluate(files, rules, Config(), Choice(select=("RTE001",)))
        assert lines(result) == [("FAL001", "a.py", 1), ("FAL002", "b.py", 1), ("FAL001", "c.py", 7)]
        assert not result.failed

    def test_a_fault_of_ours_in_a_file_fails_the_run(
        self, rules: Catalogue, project: Fixture, request: pytest.FixtureRequest
    ) -> None:
        problem = request.getfixturevalue("problem")
        files = project({"a.py": "x"}, problems=[problem("a.py", "lowering failed", 1, 1, "internal")])
        result = evaluate(files, rules, Config())
        assert lines(result) == [("FAL005", "a.py", 1)]
        assert result.failed


class TestOurOwnFaults:
    def test_a_rule_that_fails_is_named_and_the_others_go_on(
        self, rules: Catalogue, checks: Fixture, project: Fixture, at: Fixture
    ) -> None:
        def fail(view: Any) -> Any:
            yield at(2)
            for file in view.files:
                raise ValueError(f"no\nsuch {file.kind}")

        checks["RTE001"] = fail
        checks["ARC001"] = lambda _: [at(1)]
        result = evaluate(project(), rules, Config())
        assert sorted(lines(result)) == [
            ("ARC001", "app/main.py", 1),
            ("FAL005", "app/main.py", 1),
            ("RTE001", "app/main.py", 2),
        ]
        assert result.failed
        message = next(f.message for f in _findings(result) if f.code == "FAL005")
        assert message.startswith(
            "`RTE001 shadowed-route` failed on `app/main.py` with `ValueError: no such python` in "
        )

    def test_it_is_told_whatever_is_shown_or_ignored(
        self, rules: Catalogue, checks: Fixture, project: Fixture
    ) -> None:
        checks["RTE001"] = lambda _: 1 / 0
        config = Config(
            per_file_ignores=(FileIgnore("*", ("ALL",)),), severity=(SeverityChange("ALL", Severity.INFO),)
        )
        shown = Shown(("elsewhere",), Severity.ERROR)
        result = evaluate(project(), rules, config, Choice(ignore=("FAL",)), shown)
        assert [f.code for f in _findings(result)] == ["FAL005"]
        assert severities(result) == ["error"]

    def test_a_rule_without_code_fails(
        self, rules: Catalogue, project: Fixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "fastapi_lint.checks.architecture.routes_in_app_module", None)
        result = evaluate(project(), rules, Config(), Choice(select=("ARC010",)))
        assert [f.code for f in _findings(result)] == ["FAL005"]
        assert "ModuleNotFoundError" in result.findings[0].finding.message

    def test_a_model_that_fails_is_told(self, rules: Catalogue, checks: Fixture, project: Fixture) -> None:
        class Broken(type(project())):  # type: ignore[misc]
            @property
            def route_count(self) -> int:
                raise RecursionError("deep")

            @route_count.setter
            def route_count(self, value: int) -> None: ...

        result = evaluate(Broken({"a.py": ""}), rules, Config())
        assert result.failed
        assert (
            "the model of apps and routes failed with `RecursionError: deep`" in _findings(result)[0].message
        )
        assert checks == {}

    def test_a_test_sees_the_exception_itself(
        self, rules: Catalogue, checks: Fixture, project: Fixture
    ) -> None:
        checks["RTE001"] = lambda _: 1 / 0
        with pytest.raises(ZeroDivisionError):
            evaluate(project(), rules, Config(), reraise=True)

    def test_the_traceback_is_printed_on_demand(
        self,
        rules: Catalogue,
        checks: Fixture,
        project: Fixture,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        checks["RTE001"] = lambda _: 1 / 0
        evaluate(project(), rules, Config())
        assert "Traceback" not in capsys.readouterr().err
        monkeypatch.setenv("FASTAPI_LINT_TRACEBACK", "1")
        evaluate(project(), rules, Config())
        assert "Traceback" in capsys.readouterr().err


def test_the_summary_tells_what_was_understood(
    rules: Catalogue, checks: Fixture, project: Fixture, request: pytest.FixtureRequest
) -> None:
    skipped = request.getfixturevalue("skipped")
    files = project(
        {"a.py": "", "Dockerfile": ""},
        apps=["app"],
        route_count=7,
        image_count=1,
        skipped=[skipped("z.py", "binary"), skipped("b.py", "too large")],
    )
    summary = evaluate(files, rules, Config()).summary
    assert (summary.files, summary.apps, summary.routes, summary.images) == (2, 1, 7, 1)
    assert summary.skipped == (Skipped("b.py", "too large"), Skipped("z.py", "binary"))
    assert checks == {}


class TestOutside:
    DOCKERFILE = (
        "FROM python:3.13-slim\nCOPY . .\nRUN pip install -r requirements.txt\n"
        'CMD ["uvicorn", "app.main:app", "--reload"]\n'
    )
    APP: ClassVar = {"app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}

    @pytest.mark.parametrize("folder", ["tests/mock", "examples/shop", ".devcontainer", "docs/tutorial"])
    def test_artifacts_of_tests_and_examples_are_not_judged(self, folder: str) -> None:
        assert lint({**self.APP, "Dockerfile": self.DOCKERFILE}, select=["DPL001"])
        files = {**self.APP, f"{folder}/Dockerfile": self.DOCKERFILE}
        assert lint(files, select=["DPL"]) == []

    def test_unless_the_configuration_says_what_they_are_for(self) -> None:
        files = {**self.APP, "examples/shop/Dockerfile": self.DOCKERFILE}
        files["fastapi-lint.toml"] = '[environments]\nproduction = ["examples/shop/**"]\n'
        assert lint(files, select=["DPL001"])
