"""Which environment a deployment file, stage or service is for."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.config.options import Assignment
    from fastapi_lint.project.deployment.model import Environment

_WORDS: tuple[tuple[Environment, frozenset[str]], ...] = (
    (
        "development",
        frozenset(
            "dev develop development devel local localhost override debug devcontainer example "
            "examples sample "
            "samples".split()
        ),
    ),
    ("test", frozenset("test tests testing ci e2e pytest playwright".split())),
    ("staging", frozenset("staging stage stg preprod".split())),
    ("production", frozenset("prod production release deploy deployment prd".split())),
)
_SPLIT = re.compile(r"[^a-z0-9]+")


def named(name: str) -> Environment:
    """The environment that a name speaks of as one of its words; `unknown` if it speaks of none."""
    words = frozenset(_SPLIT.split(name.lower()))
    return next((environment for environment, known in _WORDS if words & known), "unknown")


def of_place(path: str, names: Iterable[str], configured: tuple[Assignment, ...]) -> Environment:
    """The environment of a part of a file.

    `names` are the names of the part (stage, service, profile), the most telling first; after them come the
    file's name and the folders above it, the nearest first. What the configuration says comes before all.
    """
    parts = tuple(names)
    told = _configured(path, parts, configured)
    if told is not None:
        return told
    for name in (*parts, *reversed(path.split("/"))):
        found = named(name)
        if found != "unknown":
            return found
    return "unknown"


def is_configured(path: str, names: Iterable[str], configured: tuple[Assignment, ...]) -> bool:
    """Whether the configuration says for which environment a part of a file is."""
    return _configured(path, tuple(names), configured) is not None


def _configured(path: str, names: tuple[str, ...], configured: tuple[Assignment, ...]) -> Environment | None:
    from fastapi_lint.config.patterns import matches

    for assignment in configured:
        for place in assignment.places:
            if matches(place.pattern, path) and (
                not place.part or any(fnmatchcase(name, place.part) for name in names)
            ):
                return cast("Environment", assignment.value)
    return None
