"""Which layers exist around a module: in its feature package, else in its application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from fastapi_lint.project.imports.graph import ImportGraph
from fastapi_lint.project.layers.layout import Layout
from fastapi_lint.project.layers.roles import Roles
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module


class Layers:
    """Answers whether a layer exists where a rule would miss it."""

    def __init__(
        self,
        modules: Iterable[Module],
        layout: Layout,
        roles: Roles,
        graph: ImportGraph,
        apps: Iterable[Module],
        asked_for: bool = False,
    ) -> None:
        """`apps` are the modules that build applications; `asked_for` tells that the user wants layers in
        any case.
        """
        self.modules = tuple(modules)
        self.layout = layout
        self.roles = roles
        self.graph = graph
        self.apps = tuple(app for app in apps if not roles.is_outside(app))
        self.asked_for = asked_for

    def exists(self, role: str, module: Module) -> bool:
        """Whether something has a role in the same part of a project organised by feature, else in the same
        application.

        If the user asks for layers, a repository in the application is enough.
        """
        if self.asked_for and self._has("repository", self.application(module)):
            return True
        return self._has(role, self.layout.surroundings(module.path) or self.application(module))

    def exists_in_application(self, role: str, module: Module) -> bool:
        """Whether something has a role in the same application."""
        return self._has(role, self.application(module))

    def modules_with(self, role: str, module: Module) -> tuple[Module, ...]:
        """The modules in the application of `module` that define something with a role."""
        around = self.application(module)
        return tuple(m for m in self.modules if m.path in self._by_role.get(role, ()) and around(m.path))

    def application(self, module: Module) -> Callable[[str], bool]:
        """Tells of a path whether it belongs to the same application.

        Modules belong together that one application's module imports, directly or not. A module that none is
        known to import belongs to the application in whose folder it stands, else to the folder around it
        that holds layers, else to its package.
        """
        reached: set[str] = set()
        for paths in self._reached.values():
            if module.path in paths:
                reached |= paths
        if reached:
            return reached.__contains__
        folders = [folder for app in self.apps if _is_below(module.path, folder := _folder_of(app.path))]
        folder = max(folders, key=len) if folders else self._own_folder(module) if self.apps else ""
        return lambda path: _is_below(path, folder)

    def _own_folder(self, module: Module) -> str:
        folder = self.layout.application_folder(module.path)
        return _package_of(module) if folder is None else folder

    @cached_property
    def _reached(self) -> dict[str, frozenset[str]]:
        return {app.path: frozenset(m.path for m in self.graph.reachable(app)) for app in self.apps}

    def _has(self, role: str, is_inside: Callable[[str], bool]) -> bool:
        return any(is_inside(path) for path in self._by_role.get(role, ()))

    @cached_property
    def _by_role(self) -> dict[str, frozenset[str]]:
        """The paths of the modules that define something with a role, more than data."""
        found: dict[str, set[str]] = {}
        for module in self.modules:
            index = self.roles.resolver.index(module)
            symbols: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
            for symbol in symbols:
                if symbol.parent is None and symbol.owner is None and not self.roles.kinds.is_passive(symbol):
                    found.setdefault(self.roles.of(symbol).name, set()).add(module.path)
        return {role: frozenset(paths) for role, paths in found.items()}


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _package_of(module: Module) -> str:
    """The top package of a module below its import root; the root itself for a module that is in none."""
    inner = module.path[len(module.root) + 1 :] if module.root else module.path
    if "/" not in inner:
        return module.root
    top = inner.partition("/")[0]
    return f"{module.root}/{top}" if module.root else top
