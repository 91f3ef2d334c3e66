from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project

Build = Callable[..., Project]

SERVICE = """
class Service:
    def __init__(self, *args, **kwargs): ...
    def work(self): ...
def build(x): ...
"""
HEAD = "from app.services import Service, build\nfrom app.stores import Store\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return Service(repo)", True),
        ("return Service(repo=repo).work()", True),
        ("return build(repo)", True),
        ("a = Service(repo)\n    return Service(1, repo)", True),
        ("return Service(repo.get())", False),
        ("repo.get()\n    return Service(repo)", False),
        ("return repo", False),
        ("return other(repo)", False),
        ("pass", False),
    ],
)
def test_parameters_that_are_handed_on(project_of: Build, body: str, expected: bool) -> None:
    source = f"{HEAD}def route(repo: Store):\n    {body}\n"
    files = {"app/__init__.py": "", "app/services.py": SERVICE, "app/stores.py": "class Store: ...\n"}
    project = project_of({**files, "app/main.py": source})
    module = project.module("app/main.py")
    assert module is not None
    [route] = project.resolver.index(module).functions
    assert project.wiring.is_handed_on(route, "repo") is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return Service(Store())", True),
        ("return Service(Store)", True),
        ("return Service(Store().get())", False),
        ("s = Store()\n    return Service(s)", True),
        ("s = Store()\n    s.get()\n    return Service(s)", False),
        ("return Store()", False),
    ],
)
def test_classes_that_are_built_for_services(project_of: Build, body: str, expected: bool) -> None:
    source = f"{HEAD}def route():\n    {body}\n"
    files = {"app/__init__.py": "", "app/services.py": SERVICE, "app/stores.py": "class Store: ...\n"}
    project = project_of({**files, "app/main.py": source})
    module = project.module("app/main.py")
    assert module is not None
    [use] = project.name_uses.of(project.resolver.scope(module), "Store")
    assert project.wiring.only_wires(use) is expected
