"""One import as an edge between two modules."""

from __future__ import annotations

from typing import Literal

import msgspec

from fastapi_lint.project.names.symbols import Module

ImportKind = Literal["runtime", "deferred", "type-only"]


class ImportEdge(msgspec.Struct, frozen=True, eq=False):
    """One module that an import statement runs, and where the statement names it.

    `kind` is "deferred" inside a function and "type-only" under `TYPE_CHECKING`. `guarded` stands in a
    `try` that survives a missing module, or under a condition. `package` marks a package's
    `__init__` that runs because a module below it is imported.
    """

    importer: Module
    imported: Module
    at: int
    kind: ImportKind
    guarded: bool = False
    package: bool = False
