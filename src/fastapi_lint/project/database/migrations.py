"""Alembic migrations: where they stand, and which tables they are for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.layers.screened import is_revision
from fastapi_lint.project.names.symbols import ClassSymbol, External, Module, Scope, Variable
from fastapi_lint.sources.kinds import Kind

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_BASES = frozenset(
    {"sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.DeclarativeBaseNoMeta", "sqlmodel.SQLModel"}
)
_METADATA = frozenset({"sqlalchemy.MetaData", "sqlalchemy.schema.MetaData"})
_SECTION = re.compile(r"^\s*\[tool\.alembic[\].]", re.M)
_HOPS = 6

Metadata = frozenset[tuple[object, ...]]
"""What a collection of tables is known by; two that have something in common are the same one."""


class Migrations(msgspec.Struct, frozen=True, eq=False):
    """The migrations of one configuration: its folder, the folder of the revisions, and their tables.

    `metadata` is None if `env.py` doesn't say for which tables they are, empty if there is no `env.py`.
    """

    folder: str
    versions: str
    metadata: Metadata | None


class AlembicMigrations:
    """Answers which migrations a project has, and whether they are for certain tables."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver

    @cached_property
    def all(self) -> tuple[Migrations, ...]:
        """The configurations with at least one revision, in the order of their folders."""
        revisions = [module.path for module in self.project.modules if is_revision(module.facts)]
        return tuple(self._configured(sorted(self._folders()), revisions)) if revisions else ()

    def _folders(self) -> Iterator[str]:
        artifacts = self.project.artifacts
        for path in artifacts.all_files:
            if posixpath.basename(path) == "alembic.ini":
                yield posixpath.dirname(path)
        for path in artifacts.paths(Kind.PYPROJECT):
            if _SECTION.search(artifacts.text(path)):
                yield posixpath.dirname(path)

    def _configured(self, folders: list[str], revisions: list[str]) -> Iterator[Migrations]:
        for folder in folders:
            inside = [path for path in revisions if _is_below(path, folder)]
            nearest = [p for p in inside if not any(_is_deeper(other, folder, p) for other in folders)]
            if nearest:
                versions = posixpath.dirname(nearest[0])
                yield Migrations(folder, versions, self._target(versions))

    def _target(self, versions: str) -> Metadata | None:
        """The `target_metadata` of the `env.py` above the revisions."""
        folder = versions
        for _ in range(3):
            module = self.project.module(posixpath.join(folder, "env.py"))
            if module is not None:
                return self._target_of(module)
            folder = posixpath.dirname(folder)
        return frozenset()

    def _target_of(self, module: Module) -> Metadata | None:
        """What `env.py` assigns to `target_metadata`, or gives to `context.configure` under that name."""
        scope = self.resolver.scope(module)
        given = [(binding.value, scope) for binding in scope.bindings.get("target_metadata", ())]
        for site in self.project.calls.named(module, "configure"):
            value = keyword(site.call, "target_metadata")
            if value is not None and not (isinstance(value, s.Name) and value.id == "target_metadata"):
                given.append((value, site.scope))
        found: set[tuple[object, ...]] = set()
        for expr, where in given:
            for item in expr.items if isinstance(expr, s.Collection) else (expr,):
                known = self.metadata(item, where) if item is not None else frozenset()
                if not known:
                    return None
                found |= known
        return frozenset(found) or None

    # --- tables ----------------------------------------------------------------------------------

    def metadata(self, expr: Expr, scope: Scope, hops: int = 0) -> Metadata:
        """What an expression of a `MetaData` is known by; empty if it isn't known."""
        symbol = self.resolver.resolve(expr, scope)
        value = symbol.binding.value if isinstance(symbol, Variable) else None
        if isinstance(symbol, Variable) and isinstance(value, s.Attribute) and hops < _HOPS:
            return self.metadata(value, symbol.scope, hops + 1)
        if isinstance(expr, s.Attribute) and expr.attr == "metadata":
            owner = self.resolver.resolve(expr.value, scope)
            if isinstance(owner, ClassSymbol | External | Variable):
                return self._of_owner(owner)
        if isinstance(symbol, Variable) and isinstance(value, s.Call):
            made = self.project.types.callee(value, symbol.scope)
            if isinstance(made, External) and made.name in _METADATA:
                return frozenset({("variable", id(symbol.scope), symbol.name)})
        return frozenset()

    def _of_owner(self, owner: ClassSymbol | External | Variable) -> Metadata:
        """A declarative class by its declarative bases, `SQLModel` by its name."""
        if isinstance(owner, External):
            return frozenset({("library", owner.name)})
        if isinstance(owner, Variable):
            return frozenset({("variable", id(owner.scope), owner.name)})
        found: set[tuple[object, ...]] = set()
        for base in self.resolver.ancestry(owner):
            if isinstance(base, ClassSymbol) and self.resolver.inherits(base, _BASES):
                found.add(("class", id(base)))
            elif isinstance(base, External) and base.name == "sqlmodel.SQLModel":
                found.add(("library", base.name))
        return frozenset(found) or frozenset({("class", id(owner))})


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _is_deeper(folder: str, than: str, path: str) -> bool:
    """Whether a folder holds a path, and is below another one."""
    return folder != than and _is_below(path, folder) and _is_below(f"{folder}/", than)
