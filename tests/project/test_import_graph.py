"""Edges between modules, reach and cycles."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.project.load import load
from fastapi_lint.project.project import Project
from fastapi_lint.testing import write_files

Build = Callable[..., Project]


def edges(project: Project, path: str) -> list[tuple[str, str]]:
    module = project.module(path)
    assert module is not None
    found = project.import_graph.of(module)
    return [(edge.imported.path, edge.kind) for edge in found if not edge.package]


def cycles(project: Project) -> list[list[str]]:
    found = project.import_graph.cycles(project.modules)
    return [[edge.importer.path for edge in cycle.edges] for cycle in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from app.b import x", [("app/b.py", "runtime")]),
        ("from app import b", [("app/b.py", "runtime")]),
        ("from . import b", [("app/b.py", "runtime")]),
        ("import app.b", [("app/b.py", "runtime")]),
        ("from app.b import *", [("app/b.py", "runtime")]),
        ("def f():\n    import app.b", [("app/b.py", "deferred")]),
        ("class A:\n    import app.b", [("app/b.py", "runtime")]),
        ("import typing as t\nif t.TYPE_CHECKING:\n    import app.b", [("app/b.py", "type-only")]),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import app.b", [("app/b.py", "runtime")]),
        ("with x:\n    import app.b", [("app/b.py", "runtime")]),
        ("from app import name", [("app/__init__.py", "runtime")]),
        ("import os", []),
    ],
)
def test_kinds_of_edges(project_of: Build, source: str, expected: list[tuple[str, str]]) -> None:
    project = project_of({"app/__init__.py": "name = 1\n", "app/b.py": "x = 1\n", "app/a.py": source})
    assert edges(project, "app/a.py") == expected


@pytest.mark.parametrize(
    ("handler", "guarded"),
    [
        ("except ImportError:", True),
        ("except (ModuleNotFoundError, KeyError):", True),
        ("except Exception:", True),
        ("except:", True),
        ("except ValueError:", False),
    ],
)
def test_guarded_imports(project_of: Build, handler: str, guarded: bool) -> None:
    source = f"try:\n    import app.b\n{handler}\n    pass\n"
    project = project_of({"app/b.py": "", "app/a.py": source})
    module = project.module("app/a.py")
    assert module is not None
    [edge] = project.import_graph.of(module)
    assert edge.guarded is guarded


def test_reach_goes_through_packages_and_deferred_imports(project_of: Build) -> None:
    project = project_of(
        {
            "app/__init__.py": "",
            "app/main.py": "from app.api.users import x\nif TYPE_CHECKING:\n    import app.types\n",
            "app/api/__init__.py": "from app.setup import y\n",
            "app/api/users.py": "def x():\n    from app.late import z\n",
            "app/setup.py": "y = 1\n",
            "app/late.py": "",
            "app/types.py": "",
            "app/alone.py": "",
        }
    )
    main = project.module("app/main.py")
    assert main is not None
    reached = {module.path for module in project.import_graph.reachable(main)}
    assert reached == {
        *("app/__init__.py", "app/main.py", "app/api/__init__.py", "app/api/users.py"),
        *("app/setup.py", "app/late.py"),
    }
    way = project.import_graph.paths(main)[project.table.by_path["app/late.py"]]
    assert [edge.imported.path for edge in way] == ["app/api/users.py", "app/late.py"]


def test_the_shortest_cycle_of_each_group(project_of: Build) -> None:
    project = project_of(
        {
            "app/a.py": "import app.b\n",
            "app/b.py": "import app.c\n",
            "app/c.py": "import app.a\nimport app.d\n",
            "app/d.py": "import app.c\n",
            "app/x.py": "import app.y\n",
            "app/y.py": "import app.x\n",
            "app/z.py": "import app.x\n",
        }
    )
    assert cycles(project) == [["app/c.py", "app/d.py"], ["app/x.py", "app/y.py"]]


@pytest.mark.parametrize(
    "files",
    [
        {"app/a.py": "import app.b\n", "app/b.py": "def f():\n    import app.a\n"},
        {"app/a.py": "import app.b\n", "app/b.py": "if TYPE_CHECKING:\n    import app.a\n"},
        {
            "app/p/__init__.py": "from app.p.one import a\nfrom app.p.two import b\n",
            "app/p/one.py": "a = 1\n",
            "app/p/two.py": "from app.p import a\nb = a\n",
        },
        {"app/a.py": "import app.a\n"},
        {"app/a.py": "import app.b\n", "app/b.py": "import app.c\n", "app/c.py": ""},
    ],
    ids=["deferred", "type-only", "sibling through the package", "itself", "chain"],
)
def test_no_cycles(project_of: Build, files: dict[str, str]) -> None:
    assert cycles(project_of(files)) == []


def test_imports_of_a_screened_test_are_edges(tmp_path: Path) -> None:
    files = {"tests/factories.py": "def make(): ...\n", "app/main.py": "from tests.factories import make\n"}
    write_files(tmp_path, files)
    for screen in (True, False):
        project = load(tmp_path, ProjectOptions(), screen=screen)
        assert edges(project, "app/main.py") == [("tests/factories.py", "runtime")]


def test_what_a_cycle_needs_to_lose(project_of: Build) -> None:
    files = {
        "app/a.py": "import app.b\n",
        "app/b.py": "import app.a\nimport app.c\n",
        "app/c.py": "import app.b\n",
    }
    [cycle] = project_of(files).import_graph.cycles(project_of(files).modules)
    assert [module.path for module in cycle.group] == ["app/a.py", "app/b.py", "app/c.py"]
    assert [edge.importer.path for edge in cycle.cuts] == ["app/b.py", "app/b.py"]
