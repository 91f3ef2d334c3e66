"""The JSON report keeps to its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fastapi_lint import __version__, report
from fastapi_lint.findings import Edit, Finding, Fix, Hop, Related, Severity, Span
from fastapi_lint.report.as_json import json_report

Fixture = Any
SPAN = Span("app/é.py", 2, 3, 4, 5)
FULL = Finding(
    SPAN,
    "message",
    help="help",
    related=(Related(SPAN, "note", symbol="Repo"),),
    chain=(Hop(SPAN, "imports", "Repo", "imports `Repo`"),),
    fix=Fix("safe", "title", (Edit(SPAN, "text"),)),
    severity=Severity.INFO,
    code="ARC001",
    name="router-imports-repository",
)
BARE = Finding(
    Span(".", 1, 1, 1, 1), "message", code="FAL005", name="internal-error", severity=Severity.ERROR
)
PLACE = {"path": "app/é.py", "line": 2, "column": 3, "end_line": 4, "end_column": 5}


@pytest.fixture
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(report.__file__).with_name("schema.json").read_text("utf-8"))
    return loaded


def test_the_schema_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_report_keeps_to_the_schema(result: Fixture, schema: dict[str, Any]) -> None:
    for findings in ((), (FULL,), (BARE, FULL)):
        jsonschema.validate(json.loads(json_report(result(*findings))), schema)


def test_all_members(result: Fixture) -> None:
    document = json.loads(json_report(result(FULL)))
    assert document == {
        "version": 1,
        "summary": {
            "tool_version": __version__,
            "files": 41,
            "apps": 1,
            "routes": 24,
            "findings": {"error": 0, "warning": 0, "info": 1},
            "skipped": [{"path": "logo.py", "reason": "binary"}],
        },
        "findings": [
            {
                "code": "ARC001",
                "name": "router-imports-repository",
                "severity": "info",
                "message": "message",
                **PLACE,
                "help": "help",
                "url": "https://example.com/x.md",
                "related": [{**PLACE, "kind": "related", "symbol": "Repo", "message": "note"}],
                "chain": [{**PLACE, "kind": "imports", "symbol": "Repo", "message": "imports `Repo`"}],
                "fix": {"safety": "safe", "title": "title", "edits": [{**PLACE, "text": "text"}]},
                "fingerprint": "0" * 32,
            }
        ],
    }


def test_a_finding_without_fix_has_null(result: Fixture) -> None:
    assert json.loads(json_report(result(BARE)))["findings"][0]["fix"] is None


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("severity", "fatal"),
        ("line", 0),
        ("path", "/etc/passwd"),
        ("fingerprint", "x"),
        ("fix", {}),
        ("code", "X1"),
    ],
)
def test_the_schema_refuses_what_is_wrong(
    result: Fixture, schema: dict[str, Any], change: str, value: object
) -> None:
    document = json.loads(json_report(result(FULL)))
    document["findings"][0][change] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_the_schema_refuses_what_is_missing(result: Fixture, schema: dict[str, Any]) -> None:
    for member in json.loads(json_report(result(FULL)))["findings"][0]:
        document = json.loads(json_report(result(FULL)))
        del document["findings"][0][member]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, schema)


def test_members_may_be_added(result: Fixture, schema: dict[str, Any]) -> None:
    document = json.loads(json_report(result(FULL)))
    document["more"] = document["summary"]["more"] = document["findings"][0]["more"] = 1
    jsonschema.validate(document, schema)


def test_text_is_written_as_it_is_and_control_characters_escaped(result: Fixture) -> None:
    found = Finding(Span("é\x1b.py", 1, 1, 1, 1), "\u202e", code="RTE001", name="x")
    text = json_report(result(found))
    assert "é\\u001b.py" in text
    assert json.loads(text)["findings"][0]["message"] == "\u202e"
