"""Virtual environments inside images, and whether the PATH leads to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.dockerfile import Env
from fastapi_lint.project.deployment import installs

if TYPE_CHECKING:
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.installs import Install

_TOOLS = frozenset("uv pip pipenv poetry pdm setuptools wheel pipx hatch pip-tools virtualenv".split())
_OTHER_FOLDERS = re.compile(
    r"(?:/root|/home/\w+|\$\{?HOME\}?|~)/\.(?:local|cargo)/bin/?|.*poetry.*|/usr/(?:local/)?s?bin|/s?bin",
    re.I,
)


class Environment(msgspec.Struct, frozen=True):
    """A virtual environment: its folder in the image, the instruction that brings it, and what runs in it."""

    folder: str
    span: Span
    runner: str


def only_environment(image: Image) -> Environment | None:
    """The virtual environment that holds all packages of an image, if the PATH doesn't lead there.

    None as well if packages may also be installed elsewhere, or if the base image isn't known.
    """
    if image.base is None or not image.base.is_official or _is_on_path(image):
        return None
    commands = installs.of_image(image)
    if any(_installs_globally(command) for command in commands) or _copies_packages(image):
        return None
    for command in commands:
        found = _of_install(image, command)
        if found is not None:
            return found
    return _of_copy(image)


def _is_on_path(image: Image) -> bool:
    """Whether any ENV PATH may lead to a virtual environment."""
    return any(
        segment.strip() not in ("$PATH", "${PATH}", "") and not _OTHER_FOLDERS.fullmatch(segment.strip())
        for text in _paths(image)
        for segment in text.split(":")
    )


def _paths(image: Image) -> Iterator[str]:
    for step in image.steps:
        if isinstance(step.instruction, Env):
            for pair in step.instruction.pairs:
                if pair.name == "PATH" and pair.value is not None:
                    yield pair.value.text


def _installs_globally(command: Install) -> bool:
    """Whether a command may put packages of the project outside of a virtual environment."""
    if command.tool == "poetry" and command.variables.get("POETRY_VIRTUALENVS_CREATE", "true") in (
        "false",
        "0",
        None,
    ):
        return True
    if command.tool not in ("pip", "uv pip"):
        return False
    names = {re.split(r"[\[=<>~!@ ]", name)[0].lower() for name in command.named}
    return bool(names - _TOOLS) or command.has("-r", "--requirement", "-e", "--editable")


def _copies_packages(image: Image) -> bool:
    """Whether folders with installed packages come from another stage or image."""
    for copied in image.copies:
        for place in (*copied.sources, copied.destination):
            if (
                copied.origin
                and place is not None
                and re.search(r"site-packages|^/usr/local/?$|^/usr/?$|^/install|^/opt", place)
            ):
                return True
            if copied.origin and (place is None or place == "/usr/local/bin"):
                return True
    return False


def _of_install(image: Image, command: Install) -> Environment | None:
    if command.tool == "uv" and command.action == "sync":
        if (
            command.workdir is None
            or "UV_PROJECT_ENVIRONMENT" in command.variables
            or command.is_set("UV_SYSTEM_PYTHON")
        ):
            return None
    elif command.tool == "poetry":
        if command.workdir is None or not _is_in_project(image, command):
            return None
    else:
        return None
    place = command.instruction.place.span(image.path)
    return Environment(posixpath.join(command.workdir, ".venv"), place, f"{command.tool} run")


def _is_in_project(image: Image, command: Install) -> bool:
    """Whether Poetry keeps its virtual environment in the project, and makes one at all."""
    texts = [" ".join(w.text for w in c.words) for run in image.runs for c in run.command.commands]
    if any("virtualenvs.create" in text for text in texts):
        return False
    return command.is_set("POETRY_VIRTUALENVS_IN_PROJECT") or any(
        "virtualenvs.in-project true" in text for text in texts
    )


def _of_copy(image: Image) -> Environment | None:
    """A folder named `.venv` that another stage made."""
    for copied in image.copies:
        for source in copied.sources:
            if copied.origin and source and posixpath.basename(source.rstrip("/")) == ".venv":
                folder = (copied.destination or "").rstrip("/")
                if posixpath.basename(folder) == ".venv":
                    return Environment(
                        folder, copied.instruction.place.span(image.path), f"{folder}/bin/python -m"
                    )
    return None
