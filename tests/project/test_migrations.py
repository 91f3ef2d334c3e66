from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.database.migrations import AlembicMigrations
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
REVISION = "revision = 'a'\ndown_revision = None\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),
        ({"alembic.ini": "", "alembic/versions/a.py": REVISION}, [("", "alembic/versions")]),
        ({"alembic.ini": ""}, []),
        ({"alembic.ini": "", "app/other.py": "x = 1\n"}, []),
        ({"pyproject.toml": "[tool.alembic]\n", "m/versions/a.py": REVISION}, [("", "m/versions")]),
        (
            {"a/alembic.ini": "", "a/m/versions/a.py": REVISION, "alembic.ini": ""},
            [("a", "a/m/versions")],
        ),
        (
            {
                "alembic.ini": "",
                "m/versions/a.py": REVISION,
                "a/alembic.ini": "",
                "a/m/versions/a.py": REVISION,
            },
            [("", "m/versions"), ("a", "a/m/versions")],
        ),
    ],
)
def test_folders(project_of: Build, files: dict[str, str], expected: list[tuple[str, str]]) -> None:
    found = AlembicMigrations(project_of(files)).all
    assert [(one.folder, one.versions) for one in found] == expected


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        (None, "nothing said"),
        ("target_metadata = Base.metadata\n", "known"),
        ("target_metadata = [Base.metadata]\n", "known"),
        ("context.configure(target_metadata=Base.metadata)\n", "known"),
        ("target_metadata = None\n", "unknown"),
        ("target_metadata = load()\n", "unknown"),
        ("x = 1\n", "unknown"),
    ],
)
def test_tables(project_of: Build, env: str | None, expected: str) -> None:
    files = {"alembic.ini": "", "alembic/versions/a.py": REVISION}
    if env is not None:
        files["alembic/env.py"] = f"from sqlmodel import SQLModel as Base\n{env}"
    [found] = AlembicMigrations(project_of(files)).all
    meant = {None: "unknown", frozenset(): "nothing said"}.get(found.metadata, "known")
    assert meant == expected
