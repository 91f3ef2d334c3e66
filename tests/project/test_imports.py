"""What modules import, followed to the definitions."""

from collections.abc import Callable

import pytest

from fastapi_lint.project.imports.first_party import Imported
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

PACKAGE = {
    "app/__init__.py": "",
    "app/users/__init__.py": "from app.users.store import Store\nfrom .store import *\n",
    "app/users/store.py": "class Store: ...\ndef find(): ...\ndefault = Store()\n_hidden = 1\n",
    "app/facade.py": "from app.users import Store as UserStore\n",
}


@pytest.fixture
def imported(project_of: Build) -> Callable[[str], list[Imported]]:
    def build(source: str, path: str = "app/api.py") -> list[Imported]:
        project = project_of({**PACKAGE, path: source})
        module = project.module(path)
        assert module is not None
        return list(project.imports.of(module))

    return build


Imports = Callable[..., list[Imported]]


def told(found: list[Imported]) -> list[tuple[str, str, str]]:
    return [(one.local, one.definition.path if one.definition else "", name_of(one.symbol)) for one in found]


@pytest.mark.parametrize(
    ("source", "local"),
    [
        ("from app.users.store import Store", "Store"),
        ("from app.users import Store", "Store"),
        ("from app.users import Store as S", "S"),
        ("from .users import Store", "Store"),
        ("from .users.store import Store as S", "S"),
        ("from app.facade import UserStore", "UserStore"),
        ("from app.users import *\nStore()", "Store"),
        ("def f():\n    from app.users import Store\n    return Store", "Store"),
        ("import app.users.store\napp.users.store.Store()", "app"),
        ("import app.users.store as st\nst.Store()", "st"),
        ("from app.users import store as st\nst.Store()", "st"),
        ("from app import users\nusers.Store()", "users"),
        ("from app import users\nusers.store.Store()", "users"),
        ("import app\napp.users.store.Store()", "app"),
        ("from app import facade\nfacade.UserStore()", "facade"),
    ],
)
def test_all_ways_lead_to_the_definition(imported: Imports, source: str, local: str) -> None:
    found = [one for one in imported(source) if name_of(one.symbol) == "Store"]
    assert told(found) == [(local, "app/users/store.py", "Store")]


def test_hops_of_re_exports(imported: Imports) -> None:
    [one] = imported("from app.facade import UserStore")
    assert [hop.module.path for hop in one.via] == ["app/facade.py", "app/users/__init__.py"]
    [direct] = imported("from app.users.store import Store")
    assert direct.via == ()


def test_hops_through_a_star(imported: Imports) -> None:
    [one] = imported("from app.users import find")
    assert [hop.module.path for hop in one.via] == ["app/users/__init__.py"]


def test_each_definition_behind_a_module_once(imported: Imports) -> None:
    source = "from app import users\nusers.Store()\nusers.find()\nusers.Store()\nprint(users)\n"
    assert [name_of(one.symbol) for one in imported(source)] == ["Store", "find", "app.users"]


def test_two_imports_that_bind_the_same_top_name(imported: Imports) -> None:
    source = "import app.users.store\nimport app.facade\napp.users.store.find()\napp.facade.UserStore()\n"
    found = imported(source)
    assert [name_of(one.symbol) for one in found] == ["find", "Store"]
    assert found[0].at != found[1].at


def test_users_of_an_import(imported: Imports) -> None:
    source = """
from app.users import find, Store
def a(): return find()
class B:
    field: Store = None
    def method(self, store: Store): ...
def c(find): return find()
other = find
@find
def d(): ...
"""
    found = {
        one.local: [name_of(user) if user else "module" for user in one.users] for one in imported(source)
    }
    assert found == {"find": ["a", "module", "d"], "Store": ["B", "B.method"]}


def test_deferred_and_type_only(imported: Imports) -> None:
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from app.users import Store
def f():
    from app.users import find
    return find()
"""
    store, find = imported(source)
    assert store.type_only
    assert store.within is None
    assert not find.type_only
    assert find.within is not None
    assert find.within.name == "f"


def test_libraries_and_missing_modules_are_no_imports_of_the_project(imported: Imports) -> None:
    assert (
        imported("import os\nfrom fastapi import FastAPI\nfrom app.missing import x\nfrom . import nothing\n")
        == []
    )


def test_star_brings_no_private_names_and_no_builtins(imported: Imports) -> None:
    assert imported("from app.users.store import *\n_hidden\nprint(len)\n") == []


def test_a_circle_of_re_exports_has_an_end(project_of: Build) -> None:
    project = project_of(
        {
            "app/__init__.py": "",
            "app/a.py": "from app.b import x\n",
            "app/b.py": "from app.a import x\n",
            "app/c.py": "from app.a import x\nx()\n",
        }
    )
    module = project.module("app/c.py")
    assert module is not None
    assert project.imports.of(module) == ()
