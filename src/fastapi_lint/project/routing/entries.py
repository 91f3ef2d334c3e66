"""Which modules to run: those that make apps, and those from which a server starts them.

A module that nothing imports is a possible start, and so is one that makes an app when it is imported. Of the
former, the ones that reach a module with `FastAPI` are run, after the latter: so apps and routers come
together in the order of their imports. Tests don't count; scripts, examples
and documentation count only if there is nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import blocks
from fastapi_lint.project.layers.role_names import outside_role
from fastapi_lint.project.names.scopes import is_type_checking
from fastapi_lint.project.names.symbols import Module, Namespace
from fastapi_lint.project.routing.factories import makes_app
from fastapi_lint.project.routing.imports import find
from fastapi_lint.project.routing.third_party import APP_CLASSES

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_APP_NAMES = frozenset(name.rpartition(".")[2] for name in APP_CLASSES)
_START_NAMES = frozenset("main app server asgi wsgi application api run start __main__".split())
_PACKAGES = frozenset(name.partition(".")[0] for name in APP_CLASSES)


class Entries(msgspec.Struct, frozen=True):
    """`starts` are run in their order; `makers` import `FastAPI`; `rest` import `APIRouter` only.

    `roots` are the paths of those starts that nothing imports.
    """

    starts: tuple[Module, ...]
    makers: tuple[Module, ...]
    rest: tuple[Module, ...]
    roots: frozenset[str]


def is_test(path: str) -> bool:
    """Whether a file belongs to tests, by its place or name."""
    return outside_role(path) == "test"


def find_entries(run: Interpreter) -> Entries:
    """The modules to run, of the project's own ones first."""
    modules = [module for path, module in run.table.by_path.items() if not is_test(path)]
    found = _entries(run, modules)
    starts, makers = _own(found.starts), _own(found.makers)
    if not starts and not makers:
        return found
    return Entries(starts, makers, _own(found.rest), found.roots)


def _own(modules: tuple[Module, ...]) -> tuple[Module, ...]:
    return tuple(module for module in modules if outside_role(module.path) is None)


def _entries(run: Interpreter, modules: list[Module]) -> Entries:
    makers, rest = [], []
    importers: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        wants_app = wants_router = False
        for node, nested in _imports(module.facts.body):
            app, router = _wants(node)
            wants_app, wants_router = wants_app or app, wants_router or router
            if not nested:
                for target in _targets(run, node, module):
                    if target != module.path:
                        importers[target].append(module.path)
        if wants_app:
            makers.append(module)
        elif wants_router:
            rest.append(module)
    reaching = _reaching([maker.path for maker in makers], importers)
    by_path = {module.path: module for module in modules}
    starts = []
    for path in reaching:
        root = not any(one in by_path for one in importers[path])
        start = by_path.get(path)
        if start is not None:
            builds = makes_app(run, start)
            if root or builds:
                starts.append((not builds, not root, _unusual(path), path.count("/"), path, start))
    starts.sort(key=lambda one: one[:-1])
    roots = frozenset(one[-1].path for one in starts if not one[1])
    return Entries(tuple(one[-1] for one in starts), tuple(makers), tuple(rest), roots)


def _unusual(path: str) -> bool:
    return path.rpartition("/")[2].removesuffix(".py") not in _START_NAMES


def _imports(body: tuple[s.Statement, ...]) -> Iterator[tuple[s.Import | s.ImportFrom, bool]]:
    """The imports of a module and whether they stand in a function; not those for type checkers."""
    stack: list[tuple[tuple[s.Statement, ...], bool]] = [(body, False)]
    while stack:
        block, nested = stack.pop()
        for statement in block:
            kind = type(statement)
            if kind is s.ImportFrom or kind is s.Import:
                yield statement, nested  # type: ignore[misc]
            elif kind is s.Function or kind is s.Class:
                stack.append((statement.body, nested or kind is s.Function))  # type: ignore[union-attr]
            elif kind is s.If:
                stack.extend((b.body, nested) for b in statement.branches if not is_type_checking(b.test))  # type: ignore[union-attr]
                stack.append((statement.orelse, nested))  # type: ignore[union-attr]
            else:
                stack.extend((inner, nested) for inner in blocks(statement))


def _wants(node: s.Import | s.ImportFrom) -> tuple[bool, bool]:
    """Whether an import brings an app class, and whether it brings a router class."""
    if isinstance(node, s.Import):
        tops = {alias.name.partition(".")[0] for alias in node.names}
        return not tops.isdisjoint(_PACKAGES), False
    if node.level or node.module.partition(".")[0] not in _PACKAGES:
        return False, False
    names = {alias.name for alias in node.names}
    return "*" in names or not names.isdisjoint(_APP_NAMES), "APIRouter" in names


def _targets(run: Interpreter, node: s.Import | s.ImportFrom, module: Module) -> Iterator[str]:
    """Paths of the modules that an import runs."""
    if isinstance(node, s.Import):
        for alias in node.names:
            yield from _paths(find(run, alias.name, module.path))
        return
    base = find(run, node.module, module.path) if not node.level else _relative(run, node, module)
    yield from _paths(base)
    folder = _folder(base)
    if folder is None:
        return
    for alias in node.names:
        inner = f"{folder}/{alias.name}" if folder else alias.name
        for path in (f"{inner}.py", f"{inner}/__init__.py"):
            if path in run.table.by_path:
                yield path


def _folder(base: Module | Namespace | None) -> str | None:
    if isinstance(base, Namespace):
        return base.folder
    return base.path.rpartition("/")[0] if base is not None and base.is_package else None


def _paths(found: Module | Namespace | None) -> Iterable[str]:
    return (found.path,) if isinstance(found, Module) else ()


def _relative(run: Interpreter, node: s.ImportFrom, module: Module) -> Module | Namespace | None:
    folder = module.path.rpartition("/")[0]
    for _ in range(node.level - 1):
        folder = folder.rpartition("/")[0]
    base = "/".join(part for part in (folder, *node.module.split(".")) if part)
    found = run.table.by_path.get(f"{base}/__init__.py") or run.table.by_path.get(f"{base}.py")
    return found if found is not None else Namespace(base, node.module)


def _reaching(makers: list[str], importers: dict[str, list[str]]) -> list[str]:
    """Every module from which imports lead to a maker, makers included, in a fixed order."""
    seen = dict.fromkeys(makers)
    queue = list(seen)
    for path in queue:
        for importer in importers[path]:
            if importer not in seen:
                seen[importer] = None
                queue.append(importer)
    return list(seen)
