"""The roles of a file's symbols, with the evidence for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.engine.project_view import ProjectView


def roles_text(project: ProjectView, path: str, symbol: str) -> Iterator[str]:
    """The lines that explain the roles in a file, or the role of one symbol if `symbol` isn't empty.

    Raises NotImplementedError until the model can tell them, LookupError if there is no such place.
    """
    raise NotImplementedError("`explain-role` is not available yet")
