"""The project's files as its own code sees them: `__file__`, `os.path` and `pathlib` on known modules.

Only Python files are known. The folder above the root has no name here, so that nothing depends on it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from posixpath import basename, dirname, normpath, splitext
from posixpath import join as join_path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.modules import ModuleTable

ROOT = "/\x00"
"""Stands for the folder that holds the project. A text with this mark in it is no route's path."""


class PathValue:
    """A `pathlib.Path` whose text is known."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = normpath(text)

    def __str__(self) -> str:
        return self.text

    def joined(self, *parts: str) -> PathValue:
        """`path / part`."""
        return PathValue(join_path(self.text, *parts))

    @property
    def name(self) -> str:
        """The last part."""
        return basename(self.text)

    @property
    def stem(self) -> str:
        """The last part without its suffix."""
        return splitext(basename(self.text))[0]

    @property
    def suffix(self) -> str:
        """The suffix with its dot."""
        return splitext(self.text)[1]

    @property
    def parent(self) -> PathValue:
        """The folder around it."""
        return PathValue(dirname(self.text))


def absolute(path: str) -> str:
    """The absolute name of a file of the project, from its path below the root."""
    return f"{ROOT}/{path}" if path else ROOT


def relative(path: str) -> str | None:
    """The path below the root of an absolute name; None for a file outside of the project."""
    if path == ROOT:
        return ""
    return path[len(ROOT) + 1 :] if path.startswith(ROOT + "/") else None


def is_known(table: ModuleTable, path: str) -> bool:
    """Whether an absolute name is a Python file or a folder of the project that holds some."""
    inner = relative(normpath(path))
    return inner is not None and (inner in table.by_path or inner in table.folders)


def entries(table: ModuleTable, path: str) -> list[str] | None:
    """Names in a folder of the project, Python files and folders only, sorted; None if it is not known."""
    inner = relative(normpath(path))
    if inner is None or inner not in table.folders:
        return None
    start = f"{inner}/" if inner else ""
    names = {one[len(start) :].partition("/")[0] for one in table.by_path if one.startswith(start)}
    return sorted(names)


def matching(table: ModuleTable, pattern: str) -> list[str] | None:
    """Absolute names of the Python files that a glob pattern means, sorted; None if it means other files."""
    inner = relative(normpath(pattern))
    if inner is None or not inner.endswith((".py", "/*", "/**")):
        return None
    wanted = inner.split("/")
    return [absolute(path) for path in sorted(table.by_path) if _matches(path.split("/"), wanted)]


def _matches(parts: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return not parts
    if wanted[0] == "**":
        rest = wanted[1:] or ["*"]
        return any(_matches(parts[skip:], rest) for skip in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _matches(parts[1:], wanted[1:])


def walk(table: ModuleTable, path: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """`os.walk` over the known files below a folder, sorted."""
    names = entries(table, path)
    if names is None:
        return
    inner = relative(normpath(path)) or ""
    folders = [name for name in names if (f"{inner}/{name}" if inner else name) in table.folders]
    yield path, folders, [name for name in names if name not in folders]
    for folder in folders:
        yield from walk(table, join_path(path, folder))


def submodules(table: ModuleTable, folder: str) -> list[tuple[str, bool]]:
    """Modules and packages directly in a folder (absolute name), as `pkgutil.iter_modules` finds them."""
    found: list[tuple[str, bool]] = []
    inner = relative(normpath(folder)) or ""
    for name in entries(table, folder) or ():
        if name.endswith(".py") and name != "__init__.py":
            found.append((name[:-3], False))
        elif (f"{inner}/{name}/__init__.py" if inner else f"{name}/__init__.py") in table.by_path:
            found.append((name, True))
    return sorted(found)
