"""Which Python files there are as modules, and which file an import means.

Import roots (the folders on `sys.path`) are found from evidence: a folder is a root if absolute imports
of the files below it resolve from there. So a `src` layout, `backend/app`, several services in one
repository and two packages named `app` work without configuration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fastapi_lint.facts.python.syntax import (
    Assign,
    AugmentedAssign,
    Class,
    Declaration,
    For,
    Function,
    Import,
    ImportFrom,
    Name,
    PythonFacts,
    Statement,
    TypeAlias,
    With,
)
from fastapi_lint.project.body.statements import blocks, expressions, walk_expressions, walk_statements
from fastapi_lint.project.layers.role_names import outside_role
from fastapi_lint.project.layers.screened import is_screened
from fastapi_lint.project.names.stdlib import STDLIB
from fastapi_lint.project.names.symbols import Module, Namespace


@dataclass(frozen=True, slots=True, eq=False)
class ModuleTable:
    """All modules by path, folders that hold Python files, import roots, and where each package is."""

    by_path: Mapping[str, Module]
    folders: frozenset[str] = field(repr=False)
    roots: tuple[str, ...]
    packages: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _found: dict[tuple[str, str, str | None], Module | Namespace | None] = field(
        default_factory=dict, repr=False
    )

    def find(self, dotted: str, importer: str) -> Module | Namespace | None:
        """The module that `import dotted` means in the file `importer` (a path), or None if it is external.

        The roots above the importer are tried first, the nearest first; then the other roots, if they
        agree. A name of the standard library resolves only to a package or module of a root that the
        importer itself stands under and that shadows it on purpose (never from a package's own folder).
        """
        module = self.by_path.get(importer)
        # All that counts of an importer: neighbours with the same root share their answers.
        key = (dotted, importer.rpartition("/")[0], module.root if module is not None else None)
        if key not in self._found:
            self._found[key] = _find(self, dotted, importer)
        return self._found[key]


def ancestors(path: str) -> Iterator[str]:
    """Folders above a path, the nearest first, ending with "" (the root)."""
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        yield folder
    yield ""


def join(folder: str, *parts: str) -> str:
    """Join POSIX parts below a folder that may be "" for the root."""
    return "/".join(part for part in (folder, *parts) if part)


def build(files: Mapping[str, PythonFacts]) -> ModuleTable:
    """Give each file its root and dotted name. `files` maps POSIX paths to facts."""
    folders = frozenset(folder for path in files for folder in ancestors(path))
    votes = _votes(files, folders)
    roots = tuple(sorted(votes, key=lambda folder: (-votes[folder], folder)))
    by_path = {path: _module(path, files, votes) for path in sorted(files)}
    return ModuleTable(by_path=by_path, folders=folders, roots=roots, packages=_packages(by_path))


def _packages(by_path: Mapping[str, Module]) -> Mapping[str, tuple[str, ...]]:
    """The folders that hold each top-level package."""
    found: dict[str, list[str]] = {}
    for module in by_path.values():
        if module.is_package and "." not in module.name:
            found.setdefault(module.name, []).append(module.root)
    return {name: tuple(homes) for name, homes in found.items()}


def _votes(files: Mapping[str, PythonFacts], folders: frozenset[str]) -> Counter[str]:
    """How many absolute imports resolve from each folder above their file.

    A folder that more imports go through, from a folder above it, is a package and no root: in
    `shop/logfire.py` and its neighbours, `import logfire` means the library.
    """
    votes: Counter[str] = Counter()
    through: Counter[str] = Counter()
    bound: dict[str, frozenset[str]] = {}
    for path, facts in files.items():
        if is_screened(path, facts):
            continue
        for dotted, names in absolute_imports(facts.body):
            top = dotted.partition(".")[0]
            if top in STDLIB and "." not in dotted:
                continue
            for folder in _candidates(path, folders):
                if _exists(folder, dotted, names, files, folders, bound):
                    votes[folder] += 1 + dotted.count(".")
                    through.update(_passed(folder, dotted))
                    break
    return Counter({folder: count for folder, count in votes.items() if through[folder] <= 2 * count})


def _passed(folder: str, dotted: str) -> Iterator[str]:
    """The folders below a root that a dotted import goes through."""
    for part in dotted.split(".")[:-1]:
        folder = join(folder, part)
        yield folder


def _candidates(path: str, folders: frozenset[str]) -> Iterator[str]:
    for folder in ancestors(path):
        yield folder
        source = join(folder, "src")
        if source in folders and not path.startswith(source + "/"):
            yield source


def absolute_imports(body: Iterable[Statement]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Absolute imports anywhere in a block: the dotted module and the names taken from it."""
    stack = [tuple(body)]
    while stack:
        for statement in stack.pop():
            kind = type(statement)
            if kind is Import:
                yield from ((alias.name, ()) for alias in statement.names)  # type: ignore[union-attr]
            elif kind is ImportFrom:
                if not statement.level:  # type: ignore[union-attr]
                    yield statement.module, tuple(a.name for a in statement.names)  # type: ignore[union-attr]
            elif kind is Function or kind is Class:
                stack.append(statement.body)  # type: ignore[union-attr]
            else:
                stack.extend(blocks(statement))


def _exists(
    folder: str,
    dotted: str,
    names: tuple[str, ...],
    files: Mapping[str, PythonFacts],
    folders: frozenset[str],
    bound: dict[str, frozenset[str]],
) -> bool:
    """Whether `dotted` is a file or package below `folder`; a folder without `__init__` needs a submodule.

    A module must bind one of the names taken from it: `core/fastapi/__init__.py` isn't what
    `from fastapi import FastAPI` means.
    """
    base = join(folder, *dotted.split("."))
    inner = any(f"{base}/{name}.py" in files or f"{base}/{name}" in folders for name in names)
    for path in (f"{base}.py", f"{base}/__init__.py"):
        if path in files:
            return not names or inner or _binds(path, names, files, bound)
    if base not in folders or base == folder:
        return False
    return inner or (not names and "." in dotted)


def _binds(
    path: str, names: tuple[str, ...], files: Mapping[str, PythonFacts], bound: dict[str, frozenset[str]]
) -> bool:
    """Whether a module binds one of some names, or may bind any name (`*`, `__getattr__`)."""
    if files[path].screened:
        return True  # what a screened file binds isn't known
    if path not in bound:
        bound[path] = frozenset(_bound_names(files[path].body))
    return "*" in names or not bound[path].isdisjoint((*names, "*", "__getattr__"))


def _bound_names(body: Iterable[Statement]) -> Iterator[str]:
    """Names that the statements of a module bind, also under conditions; `*` for a star import."""
    for statement in walk_statements(body):
        if isinstance(statement, Import | ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, Function | Class | TypeAlias):
            yield statement.name
        elif isinstance(statement, Assign):
            yield from (e.id for e in walk_expressions(statement.targets) if isinstance(e, Name))
        elif isinstance(statement, Declaration | AugmentedAssign) and isinstance(statement.target, Name):
            yield statement.target.id
        elif isinstance(statement, For | With):
            yield from (e.id for e in walk_expressions(expressions(statement)) if isinstance(e, Name))


def _module(path: str, files: Mapping[str, PythonFacts], votes: Counter[str]) -> Module:
    root = _root_of(path, files, votes)
    inner = path[len(root) + 1 :] if root else path
    parts = inner[: -len(".py")].split("/")
    is_package = parts[-1] == "__init__"
    if is_package and len(parts) > 1:
        parts.pop()
    return Module(path=path, root=root, name=".".join(parts), is_package=is_package, facts=files[path])


def _root_of(path: str, files: Mapping[str, PythonFacts], votes: Counter[str]) -> str:
    """The voted folder above the file with the most votes; without votes, the first that is no package."""
    own = path.endswith("/__init__.py")
    best, most = None, 0
    for index, folder in enumerate(ancestors(path)):
        if own and index == 0:
            continue
        if votes[folder] > most:
            best, most = folder, votes[folder]
    if best is not None:
        return best
    for folder in ancestors(path):
        if join(folder, "__init__.py") not in files:
            return folder
    return ""


def _lookup(table: ModuleTable, folder: str, dotted: str) -> Module | Namespace | None:
    base = join(folder, *dotted.split("."))
    found = table.by_path.get(f"{base}/__init__.py") or table.by_path.get(f"{base}.py")
    if found is not None:
        return found
    if base in table.folders:
        return Namespace(folder=base, name=dotted)
    return None


def _find(table: ModuleTable, dotted: str, importer: str) -> Module | Namespace | None:
    top = dotted.partition(".")[0]
    above = list(_candidates(importer, table.folders))
    roots = [folder for folder in above if folder in table.roots]
    module = table.by_path.get(importer)
    if module is not None and module.root not in roots:
        roots.append(module.root)
    if top in STDLIB:
        roots = [folder for folder in roots if folder == (module.root if module else "")]
        roots = [folder for folder in roots if f"{join(folder, '__init__.py')}" not in table.by_path]
    namespace: Namespace | None = None
    for folder in roots:
        found = _lookup(table, folder, dotted)
        if isinstance(found, Module):
            return found
        namespace = namespace or found
    if namespace is not None or top in STDLIB:
        return namespace
    others = {
        found.path: found
        for folder in table.roots
        if folder not in roots and isinstance(found := _lookup(table, folder, dotted), Module)
    }
    if others:
        return next(iter(others.values())) if len(others) == 1 else None
    return _neighbour(table, dotted) or _portion(table, dotted, roots)


def _neighbour(table: ModuleTable, dotted: str) -> Module | None:
    """A module of a package elsewhere in the repository that imports nothing of its own, so that no import
    voted for its root.

    It takes a dotted name and a package with `__init__.py`: a file named like a library is no neighbour.
    """
    top = dotted.partition(".")[0]
    homes = table.packages.get(top, ()) if top != dotted else ()
    found = [_lookup(table, home, dotted) for home in homes]
    known = [m for m in found if isinstance(m, Module) and outside_role(m.path) is None]
    return known[0] if len(known) == 1 else None


def _portion(table: ModuleTable, dotted: str, roots: list[str]) -> Module | None:
    """A module of a namespace package that lies in several folders, if only one file can be meant."""
    top, _, rest = dotted.partition(".")
    bases = [join(folder, top) for folder in roots]
    spread = any(base in table.folders and f"{base}/__init__.py" not in table.by_path for base in bases)
    if not rest or not spread:
        return None
    ends = tuple(f"/{'/'.join(dotted.split('.'))}{end}" for end in (".py", "/__init__.py"))
    found = [module for path, module in table.by_path.items() if path.endswith(ends)]
    return found[0] if len(found) == 1 else None
