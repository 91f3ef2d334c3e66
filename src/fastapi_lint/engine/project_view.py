"""What the engine and the reports ask of the project model, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.config.options import ProjectOptions
    from fastapi_lint.facts.python.syntax import Comment


class FileView(Protocol):
    """One file that was read. `kind` is the discovery's word for what it is ("python", "dockerfile", ...)."""

    @property
    def path(self) -> str: ...

    @property
    def kind(self) -> str: ...


class SkippedView(Protocol):
    """A file that was left out, and why."""

    @property
    def path(self) -> str: ...

    @property
    def reason(self) -> str: ...


class ProblemView(Protocol):
    """A file that could not be read or parsed.

    The position is 1-based; `kind` is "syntax", "unreadable", "too-deep" or "internal" (our own fault).
    """

    @property
    def path(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...

    @property
    def kind(self) -> str: ...


class ProjectView(Protocol):
    """The project model, as the engine sees it. Paths are POSIX and relative to the root."""

    @property
    def options(self) -> ProjectOptions: ...

    @property
    def files(self) -> Sequence[FileView]:
        """All files of a known kind, also those with a problem, in the order of their paths."""

    @property
    def skipped(self) -> Sequence[SkippedView]: ...

    @property
    def unused_excludes(self) -> Sequence[str]:
        """The patterns of `exclude` that matched nothing."""

    @property
    def problems(self) -> Sequence[ProblemView]: ...

    @property
    def apps(self) -> Sequence[object]: ...

    @property
    def route_count(self) -> int: ...

    @property
    def image_count(self) -> int: ...

    def is_outside(self, path: str) -> bool:
        """Whether a file is a test, a migration, or an artifact of tests or examples."""

    def comments(self, path: str) -> Sequence[Comment]:
        """The comments of a file that speak to us, in order; none for a file without facts."""

    def text(self, path: str) -> str:
        """The decoded text of a file; empty if it can't be read."""

    def symbol_at(self, path: str, line: int, column: int) -> str:
        """Qualified name of the innermost function or class around a place; empty outside of any."""
