"""Dependencies in a pyproject.toml, as the different tools write them."""

from __future__ import annotations

from typing import Any

from fastapi_lint.facts.pyproject.model import DependencyGroup
from fastapi_lint.facts.requirement import (
    ANY_VERSION,
    Requirement,
    normalise,
    parse_requirement,
    poetry_specifier,
)
from fastapi_lint.facts.toml import TomlText

_MAX = 10_000


def requirements_at(toml: TomlText, *path: str) -> tuple[Requirement, ...]:
    """The PEP 508 strings in the list at a path."""
    listed = toml.value(*path)
    texts = [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    found = (parse_requirement(text, toml.place_of_text(text, *path)) for text in texts[:_MAX])
    return tuple(requirement for requirement in found if requirement is not None)


def extras_of(toml: TomlText) -> tuple[DependencyGroup, ...]:
    """`project.optional-dependencies`, or Poetry's `extras`."""
    path = ("project", "optional-dependencies")
    found = [_plain_group(toml, name, *path) for name in toml.table(*path)]
    optional = {r.name: r for r in poetry_table(toml, "tool", "poetry", "dependencies")}
    for name, listed in toml.table("tool", "poetry", "extras").items():
        names = (
            [normalise(item) for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
        )
        members = tuple(optional[item] for item in names if item in optional)
        found.append(
            DependencyGroup(normalise(name), members, (), toml.place("tool", "poetry", "extras", name))
        )
    return tuple(found)


def groups_of(toml: TomlText) -> tuple[DependencyGroup, ...]:
    """Groups for development: PEP 735, uv, PDM, Poetry."""
    found = [_plain_group(toml, name, "dependency-groups") for name in toml.table("dependency-groups")]
    pdm = ("tool", "pdm", "dev-dependencies")
    found += [_plain_group(toml, name, *pdm) for name in toml.table(*pdm)]
    if isinstance(toml.value("tool", "uv", "dev-dependencies"), list):
        requirements = requirements_at(toml, "tool", "uv", "dev-dependencies")
        found.append(DependencyGroup("dev", requirements, (), toml.place("tool", "uv", "dev-dependencies")))
    if toml.table("tool", "poetry", "dev-dependencies"):
        path = ("tool", "poetry", "dev-dependencies")
        found.append(DependencyGroup("dev", poetry_table(toml, *path), (), toml.place(*path)))
    for name, group in toml.table("tool", "poetry", "group").items():
        group_path = ("tool", "poetry", "group", name, "dependencies")
        optional = isinstance(group, dict) and group.get("optional") is True
        requirements = poetry_table(toml, *group_path)
        place = toml.place(*group_path)
        found.append(DependencyGroup(normalise(name), requirements, (), place, optional))
    return tuple(found)


def _plain_group(toml: TomlText, name: str, *path: str) -> DependencyGroup:
    listed = toml.value(*path, name)
    includes = [
        normalise(item["include-group"])
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict) and isinstance(item.get("include-group"), str)
    ]
    requirements = requirements_at(toml, *path, name)
    return DependencyGroup(normalise(name), requirements, tuple(includes), toml.place(*path, name))


def poetry_table(toml: TomlText, *path: str) -> tuple[Requirement, ...]:
    """The dependencies in one of Poetry's tables, `python` aside; several constraints allow any version."""
    found: list[Requirement] = []
    for name, value in list(toml.table(*path).items())[:_MAX]:
        if name.lower() != "python":
            found.append(_poetry(toml, name, value, *path))
    return tuple(found)


def _poetry(toml: TomlText, name: str, value: Any, *path: str) -> Requirement:
    place = toml.place(*path, name)
    if isinstance(value, str):
        return Requirement(normalise(name), poetry_specifier(value), (), "", "", place)
    if not isinstance(value, dict):
        return Requirement(normalise(name), ANY_VERSION, (), "", "", place)
    version, listed = value.get("version"), value.get("extras")
    extras = (
        tuple(normalise(item) for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()
    )
    elsewhere = next((str(value[key]) for key in ("git", "path", "url", "file") if key in value), "")
    specifier = poetry_specifier(version) if isinstance(version, str) else ""
    return Requirement(normalise(name), specifier, extras, str(value.get("markers", "")), elsewhere, place)


def is_optional(toml: TomlText, name: str) -> bool:
    """Whether Poetry's own table marks a main dependency as optional."""
    for written, value in toml.table("tool", "poetry", "dependencies").items():
        if normalise(written) == name:
            return isinstance(value, dict) and value.get("optional") is True
    return False
