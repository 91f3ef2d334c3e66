"""Which files there are, what kind each is, and how their text is read safely. Judges nothing."""

from fastapi_lint.sources.discover import Discovery, Link, SourceFile, discover
from fastapi_lint.sources.kinds import Kind, kind_of
from fastapi_lint.sources.read import Skipped, SourceText, decode, read_bytes, read_text

__all__ = [
    "Discovery",
    "Kind",
    "Link",
    "Skipped",
    "SourceFile",
    "SourceText",
    "decode",
    "discover",
    "kind_of",
    "read_bytes",
    "read_text",
]
