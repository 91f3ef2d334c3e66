"""DBS001: objects of an asynchronous session expire on commit, and are read afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python.syntax import end_of, start_of
from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.database.expiry import Expiry
from fastapi_lint.project.database.session_factories import SessionFactories
from fastapi_lint.project.edits.arguments import add_keyword
from fastapi_lint.project.edits.text import replace
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Edit
    from fastapi_lint.project.database.expiry import ExpiredRead
    from fastapi_lint.project.database.session_factories import SessionFactory
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for the only factory below an import root, if an object of its sessions is read expired."""
    by_root: dict[str, list[SessionFactory]] = {}
    for factory in SessionFactories(project).asynchronous():
        by_root.setdefault(factory.module.root, []).append(factory)
    expiry = Expiry(project)
    for root, factories in by_root.items():
        if len(factories) != 1 or not factories[0].expires:
            continue  # with several it isn't certain which one a session comes from
        read = _first_read(project, expiry, root)
        if read is not None:
            yield _finding(project, factories[0], read)


def _first_read(project: Project, expiry: Expiry, root: str) -> ExpiredRead | None:
    for module in project.application_modules():
        if module.root != root:
            continue
        for function in project.resolver.index(module).functions:
            if function.node.is_async:
                found = expiry.reads(function)
                if found:
                    return found[0]
    return None


def _finding(project: Project, factory: SessionFactory, read: ExpiredRead) -> Finding:
    module, name = read.function.module, name_of(read.function)
    return Finding(
        span=project.span(factory.module, factory.call.at),
        message=f"Objects of this session expire on commit, and `{name}` reads `{read.what}` after it",
        help="Give `expire_on_commit=False`, or refresh the object after the commit",
        related=(
            Related(project.span(module, read.commit_at), "committed here", symbol=read.function.qualname),
            Related(
                project.span(module, read.at), f"`{read.what}` is read here", symbol=read.function.qualname
            ),
        ),
        fix=_fix(project, factory),
    )


def _fix(project: Project, factory: SessionFactory) -> Fix | None:
    """`expire_on_commit=False` behind the last argument; a given value is replaced."""
    given = keyword(factory.call, "expire_on_commit")
    if given is not None:
        edit: Edit | None = replace(project, factory.module, start_of(given.at), end_of(given.at), "False")
    else:
        edit = add_keyword(project, factory.module, factory.call, "expire_on_commit=False")
    return Fix("safe", "Keep objects usable after a commit", (edit,)) if edit is not None else None
