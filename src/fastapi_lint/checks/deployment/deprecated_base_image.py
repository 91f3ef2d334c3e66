"""DPL024 deprecated-base-image: an image builds upon one that its author gave up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.deployment.copies import final_images
from fastapi_lint.project.deployment.files import stages_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each FROM that names such an image and is part of an image that is run."""
    seen: set[Span] = set()
    for image in project.deployment.builds.images:
        base = image.base if len(image.lineage) == 1 else None
        span = image.stage.base.place.span(image.path)
        if base is None or not base.is_deprecated or span in seen:
            continue
        used = {stage.index for final in final_images(image) for stage in stages_of(final)}
        if image.stage.index in used:
            seen.add(span)
            yield Finding(
                span=span,
                message=f"`{base.name}` is deprecated by its author and gets no security updates",
                help="Build upon an official `python` image, and start `fastapi run --workers 4`",
            )
