"""Whether an image's ENTRYPOINT replaces variables in the words that it is given."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment import wrappers
from fastapi_lint.project.deployment.files import ImageFiles
from fastapi_lint.project.deployment.model import Argument
from fastapi_lint.project.deployment.servers import SERVERS
from fastapi_lint.project.deployment.shells import FAMILIES

if TYPE_CHECKING:
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.contexts import Context
    from fastapi_lint.project.deployment.images import Image

_EXPANDS = re.compile(r"\beval\b|\benvsubst\b|\s-\w*c\s")


def expands_arguments(image: Image, keyword: str, context: Context, artifacts: Artifacts) -> bool:
    """Whether something may replace variables in the words of CMD or ENTRYPOINT before they are used."""
    behind = keyword == "CMD" and image.entrypoint is not None
    instruction = image.entrypoint if behind or keyword == "ENTRYPOINT" else image.cmd
    if instruction is None or instruction.command.form != "exec":
        return False
    words = [Argument(w.text, w.place.span(image.path), w.text) for w in instruction.command.words]
    while words and (inner := wrappers.unwrap(words)) is not None:
        words = list(inner.words)
    if not words:
        return False
    name = (words[0].text or "").rpartition("/")[2]
    if name in FAMILIES:
        return True
    if name in SERVERS or name.startswith("python"):
        return False
    inside = posixpath.join(image.workdir or "/", words[0].text or "")
    path = ImageFiles(image, context, artifacts).locate(inside)
    if path is None:
        return behind  # a program that isn't known may do anything with its arguments
    return _EXPANDS.search(artifacts.text(path) or _script(artifacts, path)) is not None


def _script(artifacts: Artifacts, path: str) -> str:
    return artifacts.text(path) if artifacts.script(path) is not None else ""
