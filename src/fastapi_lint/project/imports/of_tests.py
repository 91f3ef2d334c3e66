"""Imports of tests, and of pytest, by what an application imports when it starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.imports.edge import ImportEdge
from fastapi_lint.project.layers.role_names import outside_role, stem_of, whole_role, words
from fastapi_lint.project.names.symbols import Binding, Module

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Router

_TESTS = re.compile(r"(?m)^\s*(?:async\s+)?def test_|^class Test|^\s*(?:import|from) (?:pytest|unittest)\b")
_LIBRARIES = frozenset({"pytest", "_pytest", "pytest_asyncio"})


class TestImport(msgspec.Struct, frozen=True, eq=False):
    """One import: of which module, where, and the way of imports from the application's module to the
    importer.
    """

    app: Module
    importer: Module
    name: str
    at: int
    is_library: bool
    way: tuple[ImportEdge, ...]


class TestImports:
    """Answers which tests a running application needs."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def all(self) -> tuple[TestImport, ...]:
        """Each such import once, in the order of path and place."""
        found: dict[tuple[str, int, str], TestImport] = {}
        for app in self.project.apps:
            if self.project.roles.is_outside(app.module):
                continue
            ways = self.project.import_graph.paths(app.module, self._is_followed)
            for module, way in ways.items():
                for name, at, is_library in (*self._tests(module), *self._libraries(module)):
                    one = TestImport(app.module, module, name, at, is_library, way)
                    found.setdefault((module.path, at, name), one)
        return tuple(found[key] for key in sorted(found))

    def _is_followed(self, edge: ImportEdge) -> bool:
        return edge.kind == "runtime" and not edge.guarded and not self._is_test(edge.imported)

    def _tests(self, module: Module) -> Iterator[tuple[str, int, bool]]:
        for edge in self.project.import_graph.of(module):
            needed = edge.kind == "runtime" and not edge.guarded and not edge.package
            if needed and self._is_test(edge.imported):
                yield edge.imported.name, edge.at, False

    def _libraries(self, module: Module) -> Iterator[tuple[str, int, bool]]:
        if module.facts.names.isdisjoint(_LIBRARIES):
            return
        for statement, place in self.project.import_graph.statements(module):
            if place.kind != "runtime" or place.guarded:
                continue
            for alias in statement.names:
                name = statement.module if isinstance(statement, s.ImportFrom) else alias.name
                level = statement.level if isinstance(statement, s.ImportFrom) else 0
                binding = Binding(alias.at, statement=statement, alias=alias)
                is_own = self.project.resolver.source_of(binding, module) is not None
                if not level and not is_own and name.partition(".")[0] in _LIBRARIES:
                    yield name, alias.at, True

    def _is_test(self, module: Module) -> bool:
        """Whether a module is a test by its place, and not part of a feature that is called tests.

        A file that has only a test's name, such as `router/test_sentry.py`, must hold one.
        """
        if outside_role(module.path) != "test":
            return False
        folders = list(_test_folders(module.path))
        if not folders and not module.path.endswith("conftest.py"):
            text = self.project.text(module.path)
            return "APIRouter(" not in text and bool(_TESTS.search(text))
        return not any(self._is_feature(folder) for folder in folders)

    def _is_feature(self, folder: str) -> bool:
        """Whether a folder called tests holds a module of routes."""
        return folder in self._folders_with_routes

    @cached_property
    def _folders_with_routes(self) -> frozenset[str]:
        found: set[str] = set()
        for module in self.project.modules:
            folder, _, name = module.path.rpartition("/")
            if whole_role(stem_of(name)) == "router":
                found.add(folder)
        found.update(router.module.path.rpartition("/")[0] for router in self._served_routers())
        return frozenset(found)

    def _served_routers(self) -> Iterator[Router]:
        """Routers that an application includes from a folder inside of it: `app/api/test/`, not `tests/`."""
        for router in self.project.routing.routers:
            inside = router.module.name.count(".") > 1
            if router.included and inside and not _TESTS.search(self.project.text(router.module.path)):
                yield router


def _test_folders(path: str) -> Iterator[str]:
    """The folders around a file that are called test, tests, or the like."""
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if {"test", "tests", "testing"} & set(words(folder.rpartition("/")[2])):
            yield folder
