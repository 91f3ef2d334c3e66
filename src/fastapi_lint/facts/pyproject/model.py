"""What is kept of a pyproject.toml."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.requirement import Requirement
from fastapi_lint.facts.toml import TomlProblem
from fastapi_lint.facts.words import Word


class DependencyGroup(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A named set of dependencies: an extra, or a group for development.

    `includes` names other groups that it takes in. `optional` tells that a plain install leaves it out
    although its tool installs groups by default.
    """

    name: str
    requirements: tuple[Requirement, ...]
    includes: tuple[str, ...]
    place: Place
    optional: bool = False


class Script(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A console script: its name, and `package.module:function`."""

    name: str
    target: str
    place: Place


class UvWorkspace(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`[tool.uv.workspace]`: path patterns of members."""

    members: tuple[str, ...]
    exclude: tuple[str, ...]


class PyprojectFacts(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """One pyproject.toml.

    `dependencies` are those of a plain install; `extras` the optional ones; `groups` those for development
    (dependency groups, Poetry's and PDM's and uv's own). `requires_python` is a PEP 440 specifier set.
    `has_build_system` tells whether `[build-system]` is there; `builds_package` is False where the project
    says that it is no package (`package = false`, `package-mode = false`), None where it says nothing.
    `source_roots` are folders that hold the packages (`src`), `packages` folders that are packages;
    `python_paths` are other import roots that tools name. `sources` are the distributions that uv takes from
    elsewhere, with the kind of place. `fastapi_entrypoint` is that of `[tool.fastapi]`. `tools` are the names
    below `[tool]`. `lists_dependencies` tells whether any dependency table is there.
    """

    name: str = ""
    requires_python: str = ""
    requires_python_place: Place | None = None
    dependencies: tuple[Requirement, ...] = ()
    dependencies_place: Place | None = None
    lists_dependencies: bool = False
    dynamic: tuple[str, ...] = ()
    extras: tuple[DependencyGroup, ...] = ()
    groups: tuple[DependencyGroup, ...] = ()
    default_groups: tuple[str, ...] | None = None
    has_build_system: bool = False
    build_backend: str = ""
    builds_package: bool | None = None
    scripts: tuple[Script, ...] = ()
    source_roots: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    python_paths: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    workspace: UvWorkspace | None = None
    fastapi_entrypoint: Word | None = None
    tools: tuple[str, ...] = ()
    problem: TomlProblem | None = None
    comments: tuple[Comment, ...] = ()
