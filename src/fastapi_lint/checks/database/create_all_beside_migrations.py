"""DBS006: the application creates tables that its migrations are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.database.migrations import AlembicMigrations
from fastapi_lint.project.database.table_creation import TableCreations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.migrations import Migrations
    from fastapi_lint.project.database.table_creation import TableCreation
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call that creates migrated tables whenever the application starts."""
    migrations = AlembicMigrations(project)
    if not migrations.all:
        return
    for creation in TableCreations(project, migrations).all():
        found = next((one for one in migrations.all if _is_for(one, creation)), None)
        if found is not None:
            yield _finding(project, creation, found)


def _is_for(migrations: Migrations, creation: TableCreation) -> bool:
    """Whether migrations are for the tables, or are the only ones that can be where `env.py` is missing."""
    if migrations.metadata is None:
        return False
    if migrations.metadata:
        return bool(migrations.metadata & creation.metadata)
    return not migrations.folder or creation.module.path.startswith(f"{migrations.folder}/")


def _finding(project: Project, creation: TableCreation, migrations: Migrations) -> Finding:
    name = dotted_name(creation.created) or "create_all"
    when = "on import" if creation.when == "import" else "at start-up"
    owner = creation.scope.owner
    return Finding(
        span=project.span(creation.module, creation.call.at),
        message=(f"`{name}` creates tables {when}, beside the migrations in `{migrations.versions}`"),
        help="Leave the tables to `alembic upgrade head`, which runs before the application",
        symbol=getattr(owner, "qualname", ""),
    )
