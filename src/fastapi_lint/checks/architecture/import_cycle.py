"""ARC013: modules import each other while they are imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Hop, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.edge import ImportEdge
    from fastapi_lint.project.imports.graph import Cycle
    from fastapi_lint.project.project import Project

LAYERS = ("router", "service", "repository", "model", "schema")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each group of modules, one of a layer among them, that import each other."""
    for cycle in project.import_graph.cycles(project.application_modules()):
        if any(project.roles.of(module).name in LAYERS for module in cycle.group):
            yield _finding(project, cycle)


def _finding(project: Project, cycle: Cycle) -> Finding:
    names = [edge.importer.name for edge in cycle.edges]
    first = cycle.edges[0]
    way = " → ".join(f"`{name}`" for name in (*names, names[0]))
    size = len(cycle.group)
    more = f", in a group of {size} modules" if size > len(names) else ""
    return Finding(
        span=project.span(first.importer, first.at),
        message=f"These modules import each other: {way}{more}",
        help=_help(cycle),
        related=tuple(
            Related(project.span(edge.importer, edge.at), "without this import there is no cycle")
            for edge in cycle.cuts
        ),
        chain=tuple(_hop(project, edge) for edge in cycle.edges),
    )


def _help(cycle: Cycle) -> str:
    [*others, last] = [f"`{edge.importer.name}` of `{edge.imported.name}`" for edge in cycle.cuts]
    what = f"{', '.join(others)} and {last}" if others else last
    return f"Move what both sides need into a module of its own, to spare the import in {what}"


def _hop(project: Project, edge: ImportEdge) -> Hop:
    importer, imported = edge.importer.name, edge.imported.name
    return Hop(
        project.span(edge.importer, edge.at), "imports", imported, f"`{importer}` imports `{imported}`"
    )
