"""ARC015: the running application imports tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Hop
from fastapi_lint.project.imports.of_tests import TestImports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.edge import ImportEdge
    from fastapi_lint.project.imports.of_tests import TestImport
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each import of a test, of `conftest` or of pytest that an application runs."""
    for found in TestImports(project).all:
        yield _finding(project, found)


def _finding(project: Project, found: TestImport) -> Finding:
    importer, app = found.importer.name, found.app.name
    if found.is_library:
        message = f"`{importer}`, which the application imports, imports `{found.name}`"
        help_text = "Move what needs pytest into the tests; in production it is not installed"
    else:
        message = f"`{importer}`, which the application imports, imports the test module `{found.name}`"
        help_text = "Move what both need out of the tests, which are not part of the image"
    if found.importer is found.app:
        message = message.replace(f"`{app}`, which the application imports,", f"The application `{app}`")
    hops = [_hop(project, edge) for edge in found.way]
    hops.append(Hop(project.span(found.importer, found.at), "imports", found.name, f"imports `{found.name}`"))
    return Finding(
        span=project.span(found.importer, found.at), message=message, help=help_text, chain=tuple(hops)
    )


def _hop(project: Project, edge: ImportEdge) -> Hop:
    importer, imported = edge.importer.name, edge.imported.name
    return Hop(
        project.span(edge.importer, edge.at), "imports", imported, f"`{importer}` imports `{imported}`"
    )
