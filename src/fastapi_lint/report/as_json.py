"""The report for programs. Its schema is `schema.json` beside this module."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi_lint import __version__
from fastapi_lint.findings import Severity

if TYPE_CHECKING:
    from fastapi_lint.engine.result import Reported, Result
    from fastapi_lint.findings import Fix, Hop, Related, Span

VERSION = 1


def json_report(result: Result) -> str:
    """The whole report as one JSON document. Positions are 1-based code points, ends exclusive."""
    document = {
        "version": VERSION,
        "summary": {
            "tool_version": __version__,
            "files": result.summary.files,
            "apps": result.summary.apps,
            "routes": result.summary.routes,
            "findings": {severity.value: result.count(severity) for severity in Severity},
            "skipped": [{"path": file.path, "reason": file.reason} for file in result.summary.skipped],
        },
        "findings": [_finding(reported) for reported in result.findings],
    }
    return dumps(document)


def dumps(document: object) -> str:
    """A JSON document, indented, non-ASCII as it is; lone surrogates are left for the encoder to escape."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def _finding(reported: Reported) -> dict[str, object]:
    finding = reported.finding
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": reported.severity.value,
        "message": finding.message,
        **_span(finding.span),
        "help": finding.help,
        "url": reported.url,
        "related": [_place(related) for related in finding.related],
        "chain": [_place(hop) for hop in finding.chain],
        "fix": _fix(finding.fix) if finding.fix is not None else None,
        "fingerprint": reported.fingerprint,
    }


def _span(span: Span) -> dict[str, object]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _place(place: Related | Hop) -> dict[str, object]:
    return {**_span(place.span), "kind": place.kind, "symbol": place.symbol, "message": place.message}


def _fix(fix: Fix) -> dict[str, object]:
    edits = [{**_span(edit.span), "text": edit.text} for edit in fix.edits]
    return {"safety": fix.safety, "title": fix.title, "edits": edits}
