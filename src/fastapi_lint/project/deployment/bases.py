"""What is known of base images by their names: the shell behind `sh`, and the tools they bring.

Sources: the Dockerfiles of the official images (github.com/docker-library, astral-sh/uv-docker-example) and
their descriptions on hub.docker.com.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from fastapi_lint.project.deployment.model import Family

Kind = Literal["python", "debian", "ubuntu", "alpine", "uv", "distroless", "chainguard", "other"]

_REFERENCE = re.compile(r"(?P<name>[^@\s]*?)(?::(?P<tag>[\w][\w.-]*))?(?:@(?P<digest>\S+))?\Z")
_PYTHON = re.compile(r"(?<![\d.])3\.(\d{1,2})(?![\d])")
_OFFICIAL = (
    "docker.io/library/",
    "index.docker.io/library/",
    "docker.io/",
    "library/",
    "public.ecr.aws/docker/library/",
)
_MIRRORS = re.compile(
    r"(?:[\w.-]+\.[\w.-]+(?::\d+)?/)(?:[\w.-]+/)*(?:library/)?(?=python$|debian$|ubuntu$|alpine$)"
)
_DEBIAN_TAGS = (
    "slim",
    "bookworm",
    "bullseye",
    "buster",
    "trixie",
    "stretch",
    "debian",
    "jammy",
    "noble",
    "focal",
    "ubuntu",
)
_BASH_AS_SH = (
    "fedora",
    "centos",
    "rockylinux",
    "almalinux",
    "amazonlinux",
    "redhat",
    "ubi8",
    "ubi9",
    "archlinux",
)
_DEPRECATED = re.compile(r"(?:.*/)?tiangolo/(?P<name>uvicorn-gunicorn(?:-fastapi|-starlette)?)\Z")


class Base(msgspec.Struct, frozen=True):
    """An image that a stage builds upon. `name` has no registry, tag or digest."""

    reference: str
    name: str
    tag: str
    kind: Kind

    @property
    def family(self) -> Family:
        """Which shell `/bin/sh` is; empty if it isn't known."""
        if self.kind == "alpine" or "alpine" in self.tag:
            return "ash"
        if self.kind in ("debian", "ubuntu", "python"):
            return "dash"
        if self.kind == "uv":
            return "dash" if any(word in self.tag for word in _DEBIAN_TAGS) else ""
        if any(word in self.name.split("/") for word in _BASH_AS_SH):
            return "bash"
        return "dash" if "tiangolo/" in self.name or any(word in self.tag for word in _DEBIAN_TAGS) else ""

    @property
    def python(self) -> tuple[int, int] | None:
        """Major and minor version of the Python it brings, if the tag says it."""
        text = self.tag
        if self.kind == "uv":
            _, _, text = self.tag.partition("python")
        elif self.kind != "python":
            return None
        if not text.startswith("3."):
            return None
        match = _PYTHON.match(text)
        return (3, int(match.group(1))) if match else None

    @property
    def is_official(self) -> bool:
        """Whether it holds only what its name says: an official Python, Debian, Ubuntu, Alpine or uv
        image.
        """
        return self.kind in ("python", "debian", "ubuntu", "alpine", "uv")

    @property
    def is_slim(self) -> bool:
        """Whether it is one of the small Debian images, which have no curl and no wget."""
        if self.kind in ("debian", "ubuntu"):
            return True
        return self.kind in ("python", "uv") and "slim" in self.tag and "alpine" not in self.tag

    @property
    def is_deprecated(self) -> bool:
        """Whether its author no longer maintains it (tiangolo's uvicorn and gunicorn images)."""
        return _DEPRECATED.match(self.name) is not None

    @property
    def starts_app(self) -> bool:
        """Whether its own command starts an app by convention (tiangolo's images)."""
        return self.is_deprecated


def base_of(reference: str | None) -> Base | None:
    """What is known of an image by its reference (`registry/name:tag@digest`); None if there is no
    reference.
    """
    match = _REFERENCE.match(reference) if reference else None
    if not reference or match is None or "$" in reference:
        return None
    name, tag = _short(match.group("name").lower()), (match.group("tag") or "").lower()
    return Base(reference, name, tag, _kind(name))


def _short(name: str) -> str:
    for prefix in _OFFICIAL:
        if name.startswith(prefix):
            return name[len(prefix) :]
    return _MIRRORS.sub("", name)


def _kind(name: str) -> Kind:
    if name == "python":
        return "python"
    if name == "debian":
        return "debian"
    if name == "ubuntu":
        return "ubuntu"
    if name == "alpine":
        return "alpine"
    if name in ("ghcr.io/astral-sh/uv", "astral/uv"):
        return "uv"
    if name.startswith("gcr.io/distroless/"):
        return "distroless"
    if name.startswith("cgr.dev/"):
        return "chainguard"
    return "other"
