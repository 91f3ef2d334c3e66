"""Names followed to what defines them."""

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Symbol, Variable
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

STORE = {"app/store.py": "class Store: ...\ndef make(): ...\ndefault = Store()\n", "app/__init__.py": ""}


def meaning(project: Project, name: str, path: str = "app/main.py") -> str:
    """The definition of the last name bound in a module, in words."""
    module = project.table.by_path[path]
    expr: s.Expr = s.Name(0, name.partition(".")[0])
    for part in name.split(".")[1:]:
        expr = s.Attribute(0, expr, part)
    return told(project.resolver.resolve(expr, project.resolver.scope(module)))


def told(symbol: Symbol | None) -> str:
    if isinstance(symbol, FunctionSymbol | ClassSymbol):
        return f"{symbol.module.path}:{symbol.qualname}"
    if isinstance(symbol, Module):
        return symbol.path
    if isinstance(symbol, External):
        return symbol.name
    if isinstance(symbol, Variable):
        return f"{symbol.module.path}:{symbol.name} ="
    return "unknown" if symbol is None else symbol.name


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("from app.store import Store", "Store", "app/store.py:Store"),
        ("from app.store import Store as S", "S", "app/store.py:Store"),
        ("from .store import make", "make", "app/store.py:make"),
        ("from . import store", "store.Store", "app/store.py:Store"),
        ("import app.store", "app.store.Store", "app/store.py:Store"),
        ("import app.store as st", "st.make", "app/store.py:make"),
        ("from app.store import *", "Store", "app/store.py:Store"),
        ("from app import store as st\nmake = st.make", "make", "app/store.py:make"),
        ("from app.store import default", "default", "app/store.py:default ="),
        (
            "try:\n    from app.store import Store\nexcept ImportError:\n    Store = None",
            "Store",
            "app/store.py:Store",
        ),
        ("if TYPE_CHECKING:\n    from app.store import Store", "Store", "app/store.py:Store"),
        ("import fastapi as f", "f.APIRouter", "fastapi.APIRouter"),
        ("from fastapi.routing import APIRouter as R", "R", "fastapi.APIRouter"),
        (
            "from starlette.exceptions import HTTPException",
            "HTTPException",
            "starlette.exceptions.HTTPException",
        ),
        ("from nowhere_known import thing", "thing", "nowhere_known.thing"),
        ("from app.store import missing", "missing", "unknown"),
        ("from ..beyond import x", "x", "unknown"),
        ("x = y", "x", "app/main.py:x ="),
    ],
)
def test_a_name_is_followed(project_of: Build, source: str, name: str, expected: str) -> None:
    assert meaning(project_of({**STORE, "app/main.py": source + "\n"}), name) == expected


def test_a_re_export_is_followed_through_packages(project_of: Build) -> None:
    project = project_of(
        {
            **STORE,
            "app/data/__init__.py": "from .inner import *\n",
            "app/data/inner/__init__.py": "from app.store import Store\n",
            "app/main.py": "from app.data import Store\n",
        }
    )
    assert meaning(project, "Store") == "app/store.py:Store"


def test_circular_re_exports_end(project_of: Build) -> None:
    project = project_of(
        {
            "app/__init__.py": "",
            "app/a.py": "from app.b import x\n",
            "app/b.py": "from app.a import x\n",
            "app/main.py": "from app.a import x\n",
        }
    )
    assert meaning(project, "x") == "unknown"


def test_a_name_that_stands_for_itself_ends(project_of: Build) -> None:
    assert meaning(project_of("a = b\nb = a\n"), "a") in ("unknown", "app/main.py:a =", "app/main.py:b =")


def test_an_attribute_of_the_package_wins_over_a_submodule_of_the_same_name(project_of: Build) -> None:
    project = project_of(
        {
            "app/__init__.py": "",
            "app/x/__init__.py": "from app.x.users import users\n",
            "app/x/users.py": "def users(): ...\n",
            "app/main.py": "from app.x import users\n",
        }
    )
    assert meaning(project, "users") == "app/x/users.py:users"


class TestScopes:
    def test_a_local_import_is_seen_in_its_function_only(self, project_of: Build) -> None:
        project = project_of(
            {**STORE, "app/main.py": "def f():\n    from app.store import Store\n    return Store\n"}
        )
        function = project.resolver.index(project.table.by_path["app/main.py"]).functions[0]
        inner = project.resolver.resolve(s.Name(0, "Store"), project.resolver.scope(function))
        assert told(inner) == "app/store.py:Store"
        assert meaning(project, "Store") == "unknown"

    def test_a_method_does_not_see_the_names_of_its_class_body(self, project_of: Build) -> None:
        project = project_of(
            "def x(): ...\nclass A:\n    def x(self): ...\n    def f(self):\n        return x\n"
        )
        functions = project.resolver.index(project.table.by_path["app/main.py"]).functions
        method = next(f for f in functions if f.qualname == "A.f")
        assert (
            told(project.resolver.resolve(s.Name(0, "x"), project.resolver.scope(method))) == "app/main.py:x"
        )

    def test_qualified_names_are_those_of_python(self, project_of: Build) -> None:
        project = project_of(
            "class A:\n    def f(self):\n        def g(): ...\n"
            "        class B:\n            def h(self): ...\n"
        )
        index = project.resolver.index(project.table.by_path["app/main.py"])
        assert [f.qualname for f in index.functions] == ["A.f", "A.f.<locals>.g", "A.f.<locals>.B.h"]

    def test_a_parameter_hides_a_module_level_name(self, project_of: Build) -> None:
        project = project_of(
            {**STORE, "app/main.py": "from app.store import Store\ndef f(Store):\n    return Store\n"}
        )
        function = project.resolver.index(project.table.by_path["app/main.py"]).functions[0]
        symbol = project.resolver.resolve(s.Name(0, "Store"), project.resolver.scope(function))
        assert isinstance(symbol, Variable)
