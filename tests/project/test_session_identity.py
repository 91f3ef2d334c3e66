from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.database.session_identity import Running, SessionIdentities
from fastapi_lint.project.project import Project
from fastapi_lint.project.types.bodies import return_values

Build = Callable[..., Project]
HEAD = """\
from fastapi import Depends
def get_db():
    yield 1
class Repo:
    def __init__(self, session):
        self.session = session
    @property
    def fresh(self):
        return make()
class Service:
    def __init__(self, session):
        self.users = Repo(session)
        self.orders = Repo(session)
"""


@pytest.mark.parametrize(
    ("parameters", "pair", "same"),
    [
        ("db", "db, db", True),
        ("a, b", "a, b", False),
        ("db", "Repo(db).session, db", True),
        ("db", "Repo(db).session, Repo(db).session", True),
        ("a, b", "Repo(a).session, Repo(b).session", False),
        ("db", "Service(db).users.session, Service(db).orders.session", True),
        ("repo: Repo", "repo.session, repo.session", True),
        ("repo: Repo", "repo.fresh, repo.fresh", False),
        ("a=Depends(get_db), b=Depends(get_db)", "a, b", True),
        ("a=Depends(get_db), b=Depends(get_db, use_cache=False)", "a, b", False),
        ("a=Depends(get_db), b=Depends(make)", "a, b", False),
        ("", "make(), make()", False),
    ],
)
def test_two_expressions(project_of: Build, parameters: str, pair: str, same: bool) -> None:
    project = project_of(f"{HEAD}def f({parameters}):\n    return [{pair}]\n")
    module = project.module("app/main.py")
    assert module is not None
    [function] = [f for f in project.resolver.index(module).functions if f.qualname == "f"]
    [value] = return_values(function)
    identities = SessionIdentities(project)
    scope = project.resolver.scope(function)
    first, second = (identities.of(item, scope, Running(function, {})) for item in value.items)  # type: ignore[union-attr]
    assert (first is not None and first == second) is same
