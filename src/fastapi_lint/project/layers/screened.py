"""Which modules may be left unparsed, so that no answer may depend on what they hold."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.layers.role_names import outside_role

_REVISION = frozenset({"revision", "down_revision"})


def is_screened(path: str, facts: PythonFacts) -> bool:
    """Whether a file is a test or a revision, even if it was parsed."""
    return outside_role(path) == "test" or is_revision(facts)


def is_revision(facts: PythonFacts) -> bool:
    """An Alembic revision: it assigns `revision` and `down_revision` at module level."""
    if facts.screened == "revision":
        return True
    if not facts.names >= _REVISION:
        return False
    names: set[str] = set()
    for statement in facts.body:
        if isinstance(statement, s.Assign):
            names.update(t.id for t in statement.targets if isinstance(t, s.Name))
        elif isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
            names.add(statement.target.id)
    return names >= _REVISION
