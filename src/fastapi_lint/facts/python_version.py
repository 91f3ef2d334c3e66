"""`.python-version` files of pyenv and uv."""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.place import Lines, Place

_VERSION = re.compile(r"^[ \t]*(?:cpython[-@]?|python[-@]?)?(\d+(?:\.\d+){0,2})\b", re.M | re.I)


class PythonVersionFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The first version in the file (`3.12`, `3.12.4`), or an empty text, and its place."""

    version: str
    place: Place


def read(text: str) -> PythonVersionFacts:
    """The version that a `.python-version` file asks for first. Never raises."""
    match = _VERSION.search(text[:10_000])
    if match is None:
        return PythonVersionFacts("", Place(1, 1, 1, 1))
    return PythonVersionFacts(match.group(1), Lines.of(text).place(*match.span(1)))
