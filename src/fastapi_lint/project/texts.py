"""The texts of files, read again where a rule quotes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.sources.kinds import Kind
from fastapi_lint.sources.limits import size_limit
from fastapi_lint.sources.read import SourceText, decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fastapi_lint.sources.discover import Discovery


class Texts:
    """Answers what files hold, each read once. `contents` go before what stands on the disk."""

    def __init__(self, root: Path, discovery: Discovery, contents: Mapping[str, bytes]) -> None:
        self.root = root
        self.contents = contents
        self._kinds = {file.path: file.kind for file in discovery.files}
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The decoded text of a file; empty if it can't be read."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> str:
        kind = self._kinds.get(path, Kind.PYTHON)
        content = self.contents.get(path) or read_bytes(self.root, path, size_limit(kind))
        if isinstance(content, str):
            return ""
        if kind is Kind.PYTHON:
            from fastapi_lint.facts.python.decoding import decode as decode_python

            decoded = decode_python(content)
            return decoded if isinstance(decoded, str) else ""
        text = decode(content, path, kind)
        return text.text if isinstance(text, SourceText) else ""
