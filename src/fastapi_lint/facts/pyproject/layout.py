"""Where a pyproject.toml says that the packages stand. Paths are POSIX and relative to its folder."""

from __future__ import annotations

import posixpath
from typing import Any

from fastapi_lint.facts.toml import TomlText

_PATH_KEYS = (
    ("tool", "pytest", "ini_options", "pythonpath"),
    ("tool", "ruff", "src"),
    ("tool", "mypy", "mypy_path"),
    ("tool", "pyright", "extraPaths"),
)


def source_roots_of(toml: TomlText) -> tuple[str, ...]:
    """Folders that hold the packages."""
    found = _texts(toml.value("tool", "setuptools", "packages", "find", "where"))
    found += _texts(toml.table("tool", "setuptools", "package-dir").get(""))
    found += _texts(toml.value("tool", "pdm", "build", "package-dir"))
    found += _texts(toml.value("tool", "uv", "build-backend", "module-root"))
    found += _texts(toml.value("tool", "hatch", "build", "targets", "wheel", "sources"))
    packages = toml.value("tool", "poetry", "packages")
    for item in packages if isinstance(packages, list) else []:
        found += _texts(item.get("from")) if isinstance(item, dict) else []
    found += [posixpath.dirname(package) for package in packages_of(toml) if "/" in package]
    return _paths(found)


def packages_of(toml: TomlText) -> tuple[str, ...]:
    """Folders that are packages."""
    found = _texts(toml.value("tool", "hatch", "build", "targets", "wheel", "packages"))
    found += [name.replace(".", "/") for name in _texts(toml.value("tool", "setuptools", "packages"))]
    found += _texts(toml.value("tool", "flit", "module", "name"))
    packages = toml.value("tool", "poetry", "packages")
    for item in packages if isinstance(packages, list) else []:
        if isinstance(item, dict) and isinstance(item.get("include"), str):
            base = item.get("from")
            found.append(posixpath.join(base, item["include"]) if isinstance(base, str) else item["include"])
    return _paths(found)


def python_paths_of(toml: TomlText) -> tuple[str, ...]:
    """Import roots that pytest, ruff, mypy and pyright are told of."""
    return _paths(
        [path for key in _PATH_KEYS for text in _texts(toml.value(*key)) for path in text.split(":")]
    )


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _paths(found: list[str]) -> tuple[str, ...]:
    clean = (posixpath.normpath(path) for path in found if path)
    return tuple(dict.fromkeys(path for path in clean if not path.startswith(("/", "..", "$", "*"))))
