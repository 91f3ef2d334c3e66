"""Reads a pyproject.toml."""

from __future__ import annotations

from typing import Any

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.pyproject.dependencies import (
    extras_of,
    groups_of,
    is_optional,
    poetry_table,
    requirements_at,
)
from fastapi_lint.facts.pyproject.layout import packages_of, python_paths_of, source_roots_of
from fastapi_lint.facts.pyproject.model import PyprojectFacts, Script, UvWorkspace
from fastapi_lint.facts.requirement import Requirement, normalise, poetry_specifier
from fastapi_lint.facts.toml import TomlText
from fastapi_lint.facts.words import Word

_POETRY_DEPENDENCIES = ("tool", "poetry", "dependencies")


def read(text: str) -> PyprojectFacts:
    """The facts of a pyproject.toml. Never raises: what is no TOML has a `problem` and nothing else."""
    toml = TomlText(text[1:] if text.startswith("\ufeff") else text)
    requires, requires_place = _requires_python(toml)
    dependencies, dependencies_place = _dependencies(toml)
    return PyprojectFacts(
        name=toml.text_at("project", "name") or toml.text_at("tool", "poetry", "name"),
        requires_python=requires,
        requires_python_place=requires_place,
        dependencies=dependencies,
        dependencies_place=dependencies_place,
        lists_dependencies=dependencies_place is not None,
        dynamic=_texts(toml.value("project", "dynamic")),
        extras=extras_of(toml),
        groups=groups_of(toml),
        default_groups=_default_groups(toml),
        has_build_system="build-system" in toml.values,
        build_backend=toml.text_at("build-system", "build-backend"),
        builds_package=_builds_package(toml),
        scripts=_scripts(toml),
        source_roots=source_roots_of(toml),
        packages=packages_of(toml),
        python_paths=python_paths_of(toml),
        sources=_sources(toml),
        workspace=_workspace(toml),
        fastapi_entrypoint=_entrypoint(toml),
        tools=tuple(toml.table("tool")),
        problem=toml.problem,
        comments=toml.comments(),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _requires_python(toml: TomlText) -> tuple[str, Place | None]:
    written = toml.text_at("project", "requires-python")
    if written:
        return written.replace(" ", ""), toml.place("project", "requires-python")
    constraint = toml.text_at(*_POETRY_DEPENDENCIES, "python")
    if constraint:
        return poetry_specifier(constraint), toml.place(*_POETRY_DEPENDENCIES, "python")
    return "", None


def _dependencies(toml: TomlText) -> tuple[tuple[Requirement, ...], Place | None]:
    """Those of `[project]`, and those of Poetry's table, which may narrow them."""
    found = list(requirements_at(toml, "project", "dependencies"))
    place = toml.place("project", "dependencies") if "dependencies" in toml.table("project") else None
    known = {requirement.name for requirement in found}
    more = (r for r in poetry_table(toml, *_POETRY_DEPENDENCIES) if r.name not in known)
    found.extend(requirement for requirement in more if not is_optional(toml, requirement.name))
    if place is None and toml.table(*_POETRY_DEPENDENCIES):
        place = toml.place(*_POETRY_DEPENDENCIES)
    return tuple(found), place


def _default_groups(toml: TomlText) -> tuple[str, ...] | None:
    value = toml.value("tool", "uv", "default-groups")
    if value == "all":
        return tuple(normalise(name) for name in toml.table("dependency-groups"))
    return tuple(normalise(name) for name in _texts(value)) if isinstance(value, list) else None


def _builds_package(toml: TomlText) -> bool | None:
    for path in (
        ("tool", "uv", "package"),
        ("tool", "poetry", "package-mode"),
        ("tool", "pdm", "distribution"),
    ):
        value = toml.value(*path)
        if isinstance(value, bool):
            return value
    return None


def _scripts(toml: TomlText) -> tuple[Script, ...]:
    found: list[Script] = []
    for path in (("project", "scripts"), ("tool", "poetry", "scripts")):
        for name, value in toml.table(*path).items():
            target = value.get("reference", value.get("callable")) if isinstance(value, dict) else value
            if isinstance(target, str):
                found.append(Script(name, target, toml.place(*path, name)))
    return tuple(found)


def _sources(toml: TomlText) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for name, value in toml.table("tool", "uv", "sources").items():
        table = value[0] if isinstance(value, list) and value else value
        kinds = ("workspace", "path", "git", "url", "index")
        kind = next((kind for kind in kinds if isinstance(table, dict) and kind in table), "unknown")
        found.append((normalise(name), kind))
    return tuple(found)


def _workspace(toml: TomlText) -> UvWorkspace | None:
    table = toml.table("tool", "uv", "workspace")
    return UvWorkspace(_texts(table.get("members")), _texts(table.get("exclude"))) if table else None


def _entrypoint(toml: TomlText) -> Word | None:
    text = toml.text_at("tool", "fastapi", "entrypoint")
    if not text:
        return None
    place = toml.place_of_text(text, "tool", "fastapi", "entrypoint")
    return Word(text, place, (), 1, True)
