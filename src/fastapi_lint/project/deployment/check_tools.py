"""The programs that health checks run, and whether an image has them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.shell import split_word
from fastapi_lint.project.deployment.model import Argument
from fastapi_lint.project.deployment.words import expanded

if TYPE_CHECKING:
    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.images import Image

TOOLS = frozenset(("curl", "wget"))
_SHELLS = frozenset(("sh", "bash", "ash", "dash"))
_INSTALLERS = frozenset("apt-get apt apk aptitude yum dnf microdnf zypper conda mamba micromamba".split())
_PROGRAMS = frozenset("/ /usr /usr/ /usr/bin /usr/bin/ /bin /bin/".split())
_FOLDERS = frozenset(
    ". artifacts bin build dist files local opt out output release root rootfs sbin tools usr".split()
)
_SCRIPTS = frozenset(("sh", "bash", "source", "."))


class Tool(msgspec.Struct, frozen=True):
    """A program of a health check with its words, and the image in which it runs."""

    name: str
    words: tuple[Argument, ...]
    span: Span
    image: Image
    owner: str


def of_deployment(deployment: Deployment) -> Iterator[Tool]:
    """The programs of all health checks of images and of services that build an image."""
    from fastapi_lint.project.deployment.copies import final_images
    from fastapi_lint.project.deployment.wording import of_image

    for image in deployment.builds.images:
        check = image.healthcheck
        if (
            check is None
            or check.command is None
            or image.stage.index not in _run(image, final_images(image))
        ):
            continue
        commands = [[Argument(w.text, w.place.span(image.path), w.text, w) for w in check.command.words]]
        if check.command.form == "shell":
            commands = list(_split(check.command.commands, image.path))
        for words in _inner(commands):
            yield from _tool(words, image, of_image(image))
    for service in deployment.composition.services:
        built = deployment.builds.of_service(service) if service.build is not None else None
        if built is None or service.healthcheck is None:
            continue
        layer, own = service.healthcheck
        lookup = deployment.builds.lookup(layer)
        listed = [[a for w in own.words for a in expanded(w, layer.path, lookup, splits=False)]]
        if own.form == "shell" and own.shell is not None:
            listed = list(_split(split_word(own.shell), layer.path))
        for words in _inner(listed):
            yield from _tool(words, built, f"the service `{service.name}`")


def _run(image: Image, finals: Iterator[Image]) -> set[int]:
    return {final.stage.index for final in finals} | ({image.stage.index} if image.has_own_command else set())


def _split(commands: Sequence[SimpleCommand], path: str) -> Iterator[list[Argument]]:
    for command in commands:
        yield [a for word in command.words for a in expanded(word, path, lambda _: None)]


def _inner(commands: Sequence[Sequence[Argument]]) -> Iterator[tuple[Argument, ...]]:
    for words in commands:
        name = (words[0].text or "").rpartition("/")[2] if words else ""
        if (
            name in _SHELLS
            and len(words) > 2
            and (words[1].text or "").endswith("c")
            and words[2].word is not None
        ):
            for inner in _split(split_word(words[2].word), words[2].span.path):
                yield tuple(inner)
        else:
            yield tuple(words)


def _tool(words: tuple[Argument, ...], image: Image, owner: str) -> Iterator[Tool]:
    name = words[0].text if words else None
    if name in TOOLS:
        yield Tool(name, words, words[0].span, image, owner)


def is_missing(tool: Tool) -> bool:
    """Whether an image lacks a program for certain."""
    image = tool.image
    base = image.base
    if base is None or not _base_lacks(tool.name, image):
        return False
    return not any(_may_bring(tool.name, image))


def _base_lacks(name: str, image: Image) -> bool:
    """Whether the base image doesn't have curl or wget. Full Debian-based Python images have both."""
    base = image.base
    if base is None:
        return False
    if base.kind == "alpine" or (base.is_official and "alpine" in base.tag):
        return name == "curl"  # busybox has a wget
    if base.kind in ("distroless", "chainguard"):
        return True
    return base.is_slim


def _holds_programs(source: str | None) -> bool:
    return source in _PROGRAMS


def _is_folder(source: str | None) -> bool:
    """Whether what is copied may be a folder: `/uv` and `/out/tini` are plainly the programs themselves."""
    if source is None or source.endswith("/") or "*" in source:
        return True
    return posixpath.basename(source) in _FOLDERS


def _may_bring(name: str, image: Image) -> Iterator[bool]:
    """Whether an instruction installs or copies the program, or can't be judged."""
    for copied in image.copies:
        places = (*copied.sources, copied.destination)
        yield any(place is None or posixpath.basename(place) == name for place in places)
        yield bool(copied.origin) and any(
            _holds_programs(source) or (copied.destination in _PROGRAMS and _is_folder(source))
            for source in copied.sources
        )
    for run in image.runs:
        yield any(name in heredoc.text for heredoc in run.heredocs)
        for command in run.command.commands:
            texts = [word.text for word in command.words]
            program = posixpath.basename(texts[0]) if texts else ""
            if program == "sudo" and len(texts) > 1:
                program = texts[1]
            yield program == name
            yield program in _SCRIPTS or "/" in (texts[0] if texts else "") or program.endswith(".sh")
            if program in _INSTALLERS:
                yield any(name in text or "$" in text for text in texts)
