"""DPL018 env-file-copied-into-image: an image holds a file with secrets."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.deployment import environments
from fastapi_lint.project.deployment.copies import reaches_final_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.images import Copied, Image
    from fastapi_lint.project.project import Project

SECRET = frozenset((".env", ".env.prod", ".env.production", ".env.local", "prod.env"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each source of COPY or ADD that names such a file."""
    seen: set[Span] = set()
    for image in project.deployment.builds.images:
        names = (image.stage.name,) if image.stage.name else ()
        if environments.of_place(image.path, names, project.options.environments) in ("development", "test"):
            continue
        for copied in image.copies:
            if copied.stage is image.stage and not copied.origin:
                yield from _of_copy(project, image, copied, seen)


def _of_copy(project: Project, image: Image, copied: Copied, seen: set[Span]) -> Iterator[Finding]:
    context = project.deployment.builds.context(image)
    for word in copied.instruction.sources:
        name = posixpath.basename(word.text)
        path = context.path(word.text)
        if word.parts or name not in SECRET or path is None or context.ignores(path):
            continue
        span = word.place.span(image.path)
        if span not in seen and reaches_final_image(image, copied, name):
            seen.add(span)
            yield Finding(
                span=span,
                message=f"`{copied.instruction.keyword}` puts `{word.text}` into the image of `{image.path}`",
                help="Leave it out, and give its variables to the container with `env_file` or a secret; "
                "list it in `.dockerignore`",
            )
