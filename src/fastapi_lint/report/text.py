"""The report for people: a code frame for each finding, and what was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Severity
from fastapi_lint.report.frame import Mark, bar, frame, last_line
from fastapi_lint.report.terminal import BLUE, BOLD, CYAN, RED, YELLOW, Style, safe, width
from fastapi_lint.report.words import counted, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fastapi_lint.engine.result import Reported, Result, Summary
    from fastapi_lint.findings import Finding, Fix, Span

    Source = Callable[[str], str]

COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}


def text_report(result: Result, source: Source, style: Style, *, quiet: bool = False) -> Iterator[str]:
    """The lines of the report. `source` gives the text of a file; `quiet` leaves out all but findings."""
    for reported in result.findings:
        yield from _finding(reported, source, style)
        yield ""
    if not quiet:
        yield from closing(result)


def closing(result: Result) -> Iterator[str]:
    """How much was found, and what was understood."""
    if not result.summary.files:
        yield "Nothing was checked."
        return
    counts = [counted(n, severity.value) for severity in Severity if (n := result.count(severity))]
    ignored = result.summary.ignored
    hidden = f" ({ignored} ignored by comments)" if ignored else ""
    yield f"Found {joined(counts)}{hidden}." if counts else f"Found nothing to report{hidden}."
    yield understood(result.summary)


def understood(summary: Summary) -> str:
    """`41 files, 1 app, 24 routes, 2 images`."""
    return ", ".join(
        (
            counted(summary.files, "file"),
            counted(summary.apps, "app"),
            counted(summary.routes, "route"),
            counted(summary.images, "image"),
        )
    )


def _finding(reported: Reported, source: Source, style: Style) -> Iterator[str]:
    finding = reported.finding
    colour = COLOURS[reported.severity]
    label = style.paint(f"{reported.severity.value} {finding.code}", BOLD, colour)
    yield f"{label} {style.paint(finding.name, BOLD)}: {safe(finding.message)}"
    groups = _by_file(finding, colour)
    gutter = max(len(str(last_line(marks))) for marks in groups.values())
    for index, (path, marks) in enumerate(groups.items()):
        text = source(path)
        arrow = "-->" if index == 0 else ":::"
        yield f"{' ' * gutter}{style.paint(arrow, BOLD, BLUE)} {place(marks[0].span)}"
        if text:
            yield bar(gutter, style)
            yield from frame(text, marks, gutter, style)
            yield bar(gutter, style)
        else:
            yield from (f"{bar(gutter, style)} {safe(mark.note)}" for mark in marks if mark.note)
    yield from _steps(finding, gutter, style)
    yield from _advice(finding, gutter, style)


def place(span: Span) -> str:
    """`path:line:column`."""
    return f"{safe(span.path)}:{span.line}:{span.column}"


def _by_file(finding: Finding, colour: str) -> dict[str, list[Mark]]:
    """The marks of a finding for each file, the finding's own file first."""
    groups = {finding.span.path: [Mark(finding.span, main=True, style=(BOLD, colour))]}
    for related in finding.related:
        groups.setdefault(related.span.path, []).append(Mark(related.span, related.message))
    return groups


def _steps(finding: Finding, gutter: int, style: Style) -> Iterator[str]:
    if not finding.chain:
        return
    places = [place(hop.span) for hop in finding.chain]
    longest = max(map(width, places))
    yield f"{' ' * gutter} {style.paint('= path:', BOLD)}"
    for number, (where, hop) in enumerate(zip(places, finding.chain, strict=True), 1):
        padding = " " * (longest - width(where) + 2)
        yield f"{' ' * gutter}   {number}. {where}{padding}{safe(hop.message)}"


def _advice(finding: Finding, gutter: int, style: Style) -> Iterator[str]:
    if finding.help:
        yield f"{' ' * gutter} {style.paint('= help:', BOLD)} {safe(finding.help)}"
    if finding.fix is not None:
        yield f"{' ' * gutter} {style.paint('= fix:', BOLD)} {_fix(finding.fix)}"


def _fix(fix: Fix) -> str:
    return f"{safe(fix.title)} ({fix.safety})"


def concise_report(result: Result, style: Style) -> Iterator[str]:
    """One line for each finding: `path:line:column: CODE message`."""
    for reported in result.findings:
        finding = reported.finding
        code = style.paint(finding.code, BOLD, COLOURS[reported.severity])
        yield f"{place(finding.span)}: {code} {safe(finding.message)}"


def rows(table: Sequence[Sequence[str]]) -> Iterable[str]:
    """The rows of a table as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True)).rstrip()
