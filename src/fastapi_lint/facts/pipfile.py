"""Pipfiles: what pipenv is asked to install."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.pyproject.dependencies import poetry_table
from fastapi_lint.facts.requirement import Requirement
from fastapi_lint.facts.toml import TomlProblem, TomlText


class PipfileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One Pipfile. `python_version` is that of `[requires]`."""

    packages: tuple[Requirement, ...]
    dev_packages: tuple[Requirement, ...]
    scripts: tuple[tuple[str, str], ...]
    python_version: str
    python_version_place: Place | None
    problem: TomlProblem | None


def read(text: str) -> PipfileFacts:
    """The facts of a Pipfile. Never raises."""
    toml = TomlText(text[1:] if text.startswith("\ufeff") else text)
    version = toml.text_at("requires", "python_version") or toml.text_at("requires", "python_full_version")
    scripts = tuple((k, v) for k, v in toml.table("scripts").items() if isinstance(v, str))
    place = toml.place("requires", "python_version") if version else None
    packages, dev = poetry_table(toml, "packages"), poetry_table(toml, "dev-packages")
    return PipfileFacts(packages, dev, scripts, version, place, toml.problem)
