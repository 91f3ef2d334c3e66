"""XAR010 dev-dependency-imported-at-runtime: the app imports what is only installed for development."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment.distributions import distributions_of
from fastapi_lint.project.deployment.packages import PackageFinder
from fastapi_lint.project.names.stdlib import STDLIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.packages import Declared, Packages
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each package, where the app first imports it."""
    finder = PackageFinder(project.deployment)
    seen: set[tuple[str, str]] = set()
    for app in project.apps:
        packages = finder.of(app.path)
        if packages is None or not packages.development or finder.installs_development:
            continue
        graph = project.import_graph
        for module in graph.reachable(app.module, lambda edge: edge.kind == "runtime" and not edge.guarded):
            for alias, name, declared in _imported(project, module, packages):
                key = (packages.place.path, name)
                if key not in seen:
                    seen.add(key)
                    yield _finding(project, module, alias, name, declared)


def _imported(
    project: Project, module: Module, packages: Packages
) -> Iterator[tuple[s.Alias | s.ImportFrom, str, Declared]]:
    """The packages of development groups that a module imports when it is imported itself."""
    for statement, place in project.import_graph.statements(module):
        if place.kind != "runtime" or place.guarded:
            continue
        named = [(a, a.name) for a in statement.names] if isinstance(statement, s.Import) else []
        if isinstance(statement, s.ImportFrom) and not statement.level:
            named = [(statement, statement.module)]  # type: ignore[list-item]
        for node, dotted in named:
            package = dotted.partition(".")[0]
            if package in STDLIB or project.table.find(package, module.path) is not None:
                continue
            declared = [packages.only_in(name) for name in distributions_of(package)]
            found = next((one for one in declared if one is not None), None)
            if found is not None and None not in declared:
                yield node, package, found


def _finding(
    project: Project, module: Module, node: s.Alias | s.ImportFrom, name: str, declared: Declared
) -> Finding:
    return Finding(
        span=project.span(module, node.at),
        message=f"The app imports `{name}`, which is only installed with the group `{declared.group}`",
        help=f"Move `{declared.name}` to the dependencies, or import it only where development code needs it",
        related=(Related(declared.span, f"`{declared.name}` is declared here", "dependency"),),
    )
