"""The fixture projects give the findings that were planted in them, and nothing else.

`fixtures/<name>.expected.toml` lists them, also those of rules that don't exist yet, which are left out here.
The reports on the fixture `broken` are compared with those in `golden/`, written anew by

    FASTAPI_LINT_REGENERATE=1 python -m pytest tests/test_fixtures.py -k golden
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from fastapi_lint.catalogue import OWN_GROUP, catalogue
from fastapi_lint.testing import lint_folder

if TYPE_CHECKING:
    from fastapi_lint.engine.result import Result

FIXTURES = Path(__file__).parent / "fixtures"
GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())
REGENERATE = "FASTAPI_LINT_REGENERATE"
NEVER_PLANTED = {"FAL005"}
"""A fault of our own can't be planted."""


class Planted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fault of a fixture: the rule that has to find it, where, and why it is one."""

    code: str
    path: str
    line: int
    reason: str


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be found in a fixture: its applications, all their routes, and its faults."""

    apps: int
    routes: int
    finding: tuple[Planted, ...]


@functools.cache
def expected(name: str) -> Expected:
    return msgspec.toml.decode((FIXTURES / f"{name}.expected.toml").read_bytes(), type=Expected)


@functools.cache
def result(name: str, preset: str | None = None) -> Result:
    return lint_folder(FIXTURES / name, preset=preset)


def found(checked: Result) -> list[tuple[str, int, str]]:
    findings = [reported.finding for reported in checked.findings]
    return sorted((finding.span.path, finding.span.line, finding.code) for finding in findings)


def planted(name: str) -> list[tuple[str, int, str]]:
    faults = [fault for fault in expected(name).finding if catalogue().rule(fault.code) is not None]
    return sorted((fault.path, fault.line, fault.code) for fault in faults)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_planted_is_found_and_nothing_else(name: str) -> None:
    assert found(result(name)) == planted(name)


@pytest.mark.parametrize("name", NAMES)
def test_applications_and_routes_are_understood(name: str) -> None:
    summary = result(name).summary
    assert (summary.apps, summary.routes) == (expected(name).apps, expected(name).routes)


@pytest.mark.parametrize("preset", ["recommended", "production", "strict"])
def test_the_clean_project_is_silent(preset: str) -> None:
    assert [reported.finding for reported in result("clean", preset).findings] == []


@pytest.mark.parametrize("code", [rule.code for rule in catalogue().rules if rule.meta.default])
def test_every_rule_that_is_on_by_default_fires_somewhere(code: str) -> None:
    fires = [name for name in NAMES for _, _, other in found(result(name)) if other == code]
    assert bool(fires) == (code not in NEVER_PLANTED)


def test_deployment_rules_that_are_off_by_default_fire_where_they_are_asked_for() -> None:
    deployment = {(path, code) for path, _, code in found(result("opt_in", "strict"))}
    assert deployment >= {
        ("Dockerfile", "DPL012"),
        ("admin.Dockerfile", "DPL003"),
        ("app/main.py", "XAR011"),
        ("compose.yaml", "DPL015"),
    }


def test_all_faults_of_the_broken_twin_are_of_rules_that_users_meet() -> None:
    assert not [fault for fault in expected("broken").finding if fault.code.startswith(OWN_GROUP)]


@pytest.mark.parametrize("name", NAMES)
def test_expected_findings_point_into_the_fixture(name: str) -> None:
    faults = expected(name).finding
    assert list(faults) == sorted(faults, key=lambda fault: (fault.path, fault.line, fault.code))
    for fault in faults:
        lines = (FIXTURES / name / fault.path).read_bytes().splitlines()
        assert 0 < fault.line <= len(lines), fault
        assert fault.reason.endswith("."), fault


def test_every_fixture_is_described() -> None:
    described = [file.name for file in FIXTURES.glob("*.toml")]
    assert sorted(described) == [f"{name}.expected.toml" for name in NAMES]


@pytest.mark.parametrize("name", ["broken", "seed", "monorepo"])
def test_folders_above_the_root_change_nothing(name: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "docs" / "migrations" / "dev" / "node_modules" / "test_services"
    shutil.copytree(FIXTURES / name, elsewhere)
    assert found(lint_folder(elsewhere)) == found(result(name))


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_golden_reports(output_format: str) -> None:
    file = GOLDEN / f"broken.{'json' if output_format == 'json' else 'txt'}"
    regenerate = bool(os.environ.get(REGENERATE))
    report = _report(output_format, () if regenerate else _golden_codes())
    if regenerate:
        file.write_text(report, "utf-8", newline="\n")
    kept = file.read_text("utf-8")
    assert report == kept, f"if this is meant, run the test with {REGENERATE}=1 and read the difference"


@pytest.mark.skipif(not os.environ.get("CI"), reason="asked for before a release, not for each new rule")
def test_golden_reports_hold_every_rule() -> None:
    assert set(_golden_codes()) == {code for _, _, code in found(result("broken"))}


def _golden_codes() -> tuple[str, ...]:
    document = json.loads((GOLDEN / "broken.json").read_text("utf-8"))
    return tuple(sorted({finding["code"] for finding in document["findings"]}))


def _report(output_format: str, select: tuple[str, ...]) -> str:
    """What `check` prints in the fixture; all rules that are on by default if none is selected."""
    command = [sys.executable, "-m", "fastapi_lint", "check", "--output-format", output_format, "."]
    command += ["--select", ",".join(select)] if select else []
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONUTF8": "1"}
    environment.pop("FORCE_COLOR", None)
    source = str(Path(__file__).parents[1] / "src")
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [source, environment.get("PYTHONPATH", "")]))
    done = subprocess.run(
        command, cwd=FIXTURES / "broken", env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return _without_version(done.stdout) if output_format == "json" else done.stdout


def _without_version(report: str) -> str:
    """The JSON report, indented, with a placeholder for the tool's version."""
    document = json.loads(report)
    document["summary"]["tool_version"] = "0"
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
