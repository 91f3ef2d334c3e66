"""DEP003: a dependency commits when the client has its answer already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Hop
from fastapi_lint.project.dependencies.commits import Commits
from fastapi_lint.project.dependencies.yielding import yield_dependencies
from fastapi_lint.project.edits.scopes import in_function_scope
from fastapi_lint.project.names.wording import dependency_hops, name_of, route_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies.commits import EarlyAnswer, LateCommit
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each yield dependency whose commit comes after the answer of a route that writes."""
    commits = Commits(project)
    for function in yield_dependencies(project):
        if not _runs_after_response(project, function):
            continue
        commit = commits.late(function)
        first = commits.clearest(function) if commit is not None else None
        if commit is not None and first is not None:
            yield _finding(project, commits, function, commit, first)


def _runs_after_response(project: Project, function: FunctionSymbol) -> bool:
    """Whether the code after a yield runs when the response has been sent: up to 0.105, and from 0.118 on.

    Source: FastAPI's release notes and "Dependencies with yield" in its documentation.
    """
    versions = project.versions.for_file(function.module.path)
    return versions.all_at_least("fastapi", "0.118") or versions.all_below("fastapi", "0.106")


def _finding(
    project: Project, commits: Commits, function: FunctionSymbol, commit: LateCommit, first: EarlyAnswer
) -> Finding:
    name = name_of(function)
    scoped = project.versions.for_file(function.module.path).all_at_least("fastapi", "0.121")
    inside = [Hop(project.span(module, at), "enters", name, "entered here") for module, at in commit.through]
    way = (*inside, Hop(project.span(commit.module, commit.at), "commits", name, "the commit"))
    return Finding(
        span=way[0].span,
        message=f"`{name}` commits when the response of {route_words(first.route)} has already been sent",
        help=(
            f'Write `Depends({name}, scope="function")`, or commit before the endpoint returns'
            if scoped
            else "Commit in the endpoint or in the service that it calls, before the endpoint returns"
        ),
        chain=(*dependency_hops(project, first.path.steps), *way),
        fix=in_function_scope(project, commits.uses(function)) if scoped else None,
        symbol=function.qualname,
    )
