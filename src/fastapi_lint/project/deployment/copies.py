"""What of a stage's files reaches the images that are run."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment.images import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.images import Copied

_FRONTEND = re.compile(r"(?:^|/)(?:node|bun|deno|nginx|caddy|httpd)(?:$|-)")


def final_images(image: Image) -> Iterator[Image]:
    """The stages of an image's Dockerfile that are run: the last one, and those with a command of their
    own.
    """
    for stage in image.facts.stages:
        other = image.other(stage)
        if other.is_last or other.has_own_command:
            yield other


def is_frontend(image: Image) -> bool:
    """Whether a stage builds or serves a frontend."""
    return image.base is not None and _FRONTEND.search(image.base.name) is not None


def reaches_final_image(image: Image, copied: Copied, name: str) -> bool:
    """Whether a file that is copied into a stage is in an image that is run."""
    if is_frontend(image):
        return False
    target = copied.destination
    place = posixpath.join(target, name) if target is not None and target.endswith("/") else target
    for final in final_images(image):
        if any(stage.index == image.stage.index for stage in final.lineage):
            return True
        if place is not None and any(_takes(final, other, image, place) for other in final.copies):
            return True
    return False


def _takes(final: Image, copied: Copied, image: Image, place: str) -> bool:
    """Whether a COPY --from= of a final image takes a place of another stage along."""
    stage = final.stage_named(copied.origin, copied.stage) if copied.origin else None
    if stage is None or stage.index != image.stage.index:
        return False
    sources = (posixpath.normpath(posixpath.join("/", source)) for source in copied.sources if source)
    return any(place == source or place.startswith(source.rstrip("/") + "/") for source in sources)
