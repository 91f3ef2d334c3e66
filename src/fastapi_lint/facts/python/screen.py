"""Which Python files can't matter to any finding, so that they needn't be lowered.

Nothing is ever reported in tests and migrations. A test matters only if it overrides dependencies, makes a
router or is imported, a revision of Alembic not at all; both have to be syntactically right, which `ast`
tells in a twentieth of LibCST's time. A file that `ast` can't read is always parsed, and so is one with a
comment that speaks to us: findings are the same with and without screening.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Literal

Screened = Literal["", "test", "revision"]

_REVISION = re.compile(rb"^down_revision\s*(?::[^=\n]*)?=", re.MULTILINE)
_NAMED_REVISION = re.compile(rb"^revision\s*(?::[^=\n]*)?=", re.MULTILINE)
_MATTERS = re.compile(rb"dependency_overrides|APIRouter")
_LARGEST = 1_000_000
"""Bytes above which `ast` isn't tried: it recurses in C on the nesting of what it reads."""


def screened(source: bytes, is_test: bool) -> Screened:
    """Why a file needn't be lowered: a test, or a revision; "" for every other file.

    A test that overrides dependencies or makes a router matters: `routers/tests/` may be a feature.
    """
    if b"fastapi-lint" in source or len(source) > _LARGEST:
        return ""
    if is_test:
        return "" if _MATTERS.search(source) or not _parses(source) else "test"
    if b"alembic" in source and _REVISION.search(source) and _NAMED_REVISION.search(source):
        return "revision" if _parses(source) else ""
    return ""


def _parses(source: bytes) -> bool:
    """Whether this interpreter's own grammar accepts a file, as one whose nesting is far from any limit."""
    if _is_deep(source):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_deep(source: bytes) -> bool:
    """Whether brackets may nest deeper than 60, strings included: then the real scan decides."""
    depth = 0
    for match in re.finditer(rb"[\[\](){}]", source):
        depth += 1 if match.group() in b"[({" else -1
        if depth > 60:
            return True
    return False
