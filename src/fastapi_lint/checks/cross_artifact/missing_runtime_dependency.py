"""XAR003 missing-runtime-dependency: a package that the app needs isn't among its dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Related, Span
from fastapi_lint.project.deployment.needed import Needs
from fastapi_lint.project.deployment.packages import PackageFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.needed import Needed
    from fastapi_lint.project.deployment.packages import Packages
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


def check(project: Project) -> Iterator[Finding]:
    """One finding for each missing package of each dependency file."""
    finder = PackageFinder(project.deployment)
    needs = Needs(project)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for app in project.apps:
        packages = finder.of(app.path)
        if packages is None or "fastapi" not in packages.closure:
            continue
        for needed in _all(project, needs, app):
            key = (packages.place.path, needed.distributions)
            if key not in seen and all(packages.lacks(name) for name in needed.distributions):
                seen.add(key)
                yield _finding(project, packages, needed)


def _all(project: Project, needs: Needs, app: App) -> Iterator[Needed]:
    """What the code needs, and what the start commands need in images that hold nothing unknown."""
    yield from needs.of_code(app)
    starts = [
        start
        for start in project.deployment.started_apps.get(app, ())
        if start.launch.image is None
        or (start.launch.image.base is not None and start.launch.image.base.is_official)
    ]
    for start in starts:
        yield from needs.of_start(start)
    if any(start.server in ("uvicorn", "fastapi") for start in starts):
        yield from needs.of_websockets(app)


def _finding(project: Project, packages: Packages, needed: Needed) -> Finding:
    name = needed.distributions[0]
    group = next((d.group for d in packages.development if d.name in needed.distributions), "")
    where = f"is only in the group `{group}`" if group else "isn't among the dependencies"
    return Finding(
        span=packages.place,
        message=f"`{name}` {where}, and {needed.feature} needs it",
        help=f"Add `{name}` to the dependencies"
        + (", and renew the lock" if packages.kind == "pyproject" else ""),
        related=(
            Related(needed.span, f"{needed.feature[0].upper()}{needed.feature[1:]} is used here", "use"),
        ),
        fix=_fix(project, packages, name),
    )


def _fix(project: Project, packages: Packages, name: str) -> Fix | None:
    last = packages.last
    if last is None or packages.kind not in ("pyproject", "requirements"):
        return None
    end = Span(
        last.span.path, last.span.end_line, last.span.end_column, last.span.end_line, last.span.end_column
    )
    line = project.artifacts.text(end.path).split("\n")[last.span.line - 1]
    lead = line[: last.span.column - 1]
    if packages.kind == "requirements":
        text = f"\n{name}"
    elif line[last.span.column - 1 : last.span.column] != '"':
        return None
    else:
        text = f',\n{lead}"{name}"' if not lead.strip() else f', "{name}"'
    return Fix("unsafe", f"Add `{name}`", (Edit(end, text),))
