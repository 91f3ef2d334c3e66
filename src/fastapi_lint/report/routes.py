"""The route table, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.engine.project_view import ProjectView


def routes_text(project: ProjectView) -> Iterator[str]:
    """The lines of the route table. Raises NotImplementedError until the model can tell it."""
    raise NotImplementedError("`routes` is not available yet")


def routes_json(project: ProjectView) -> str:
    """The route table as a JSON document. Raises NotImplementedError until the model can tell it."""
    raise NotImplementedError("`routes` is not available yet")
