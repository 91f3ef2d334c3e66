"""DBS004: an engine gets a URL whose driver doesn't wait as the engine does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Related, Span
from fastapi_lint.project.database.engine_urls import ASYNC_OF, EngineUrls
from fastapi_lint.project.names.wording import callee_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.engine_urls import WrongDriver
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each URL, also if several engines get it."""
    urls = EngineUrls(project)
    seen: set[Span] = set()
    for module in project.application_modules():
        for wrong in urls.wrong(module):
            if wrong.span not in seen:
                seen.add(wrong.span)
                yield _finding(project, wrong)


def _finding(project: Project, wrong: WrongDriver) -> Finding:
    site = wrong.site
    engine = f"`{callee_name(site)}`"
    what = f"`{wrong.driver}` in `{wrong.variable}`" if wrong.variable else f"`{wrong.driver}`"
    if wrong.is_async:
        message = f"{what} is a synchronous driver, which {engine} refuses"
        help_ = f"Name an asynchronous driver: `{ASYNC_OF[wrong.driver]}`"
    else:
        message = f"{what} is an asynchronous driver, and {engine} makes a synchronous engine"
        help_ = "Use `create_async_engine`, or name a synchronous driver"
    place = project.span(site.module, site.call.at)
    related = (Related(place, "the engine gets the URL here"),) if wrong.span.path != place.path else ()
    return Finding(
        span=wrong.span,
        message=message,
        help=help_,
        related=related,
        fix=_fix(project, wrong) if wrong.is_async else None,
        symbol=project.symbol_at(wrong.span.path, wrong.span.line, wrong.span.column),
    )


def _fix(project: Project, wrong: WrongDriver) -> Fix | None:
    """Put the asynchronous driver in the scheme's place, if that stands once on the line."""
    lines = project.text(wrong.span.path).splitlines()
    line = lines[wrong.span.line - 1] if wrong.span.line <= len(lines) else ""
    if line.count(f"{wrong.driver}://") != 1:
        return None
    start = line.index(f"{wrong.driver}://") + 1
    place = Span(wrong.span.path, wrong.span.line, start, wrong.span.line, start + len(wrong.driver))
    driver = ASYNC_OF[wrong.driver]
    return Fix("unsafe", f"Use `{driver}`", (Edit(place, driver),))
