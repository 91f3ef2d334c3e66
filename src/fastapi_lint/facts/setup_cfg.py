"""setup.cfg: what setuptools installs, and what tools are told about import roots."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.ini import Option, Section, read_ini
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.requirement import Requirement, normalise, parse_requirement


class SetupCfgFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One setup.cfg. `extras` are pairs of name and requirements; `scripts` of name and target."""

    name: str
    requires_python: str
    requires_python_place: Place | None
    dependencies: tuple[Requirement, ...]
    lists_dependencies: bool
    extras: tuple[tuple[str, tuple[Requirement, ...]], ...]
    scripts: tuple[tuple[str, str], ...]
    source_roots: tuple[str, ...]


def read(text: str) -> SetupCfgFacts:
    """The facts of a setup.cfg. Never raises."""
    sections = {section.name: section for section in read_ini(text)}
    requires = _option(sections, "options", "python_requires")
    install = _option(sections, "options", "install_requires")
    extras = sections.get("options.extras_require")
    name = _option(sections, "metadata", "name")
    return SetupCfgFacts(
        name.text if name else "",
        requires.text.replace(" ", "") if requires else "",
        requires.value_place if requires else None,
        _requirements(install),
        install is not None,
        tuple(
            (normalise(option.name), _requirements(option)) for option in (extras.options if extras else ())
        ),
        _scripts(_option(sections, "options.entry_points", "console_scripts")),
        _roots(sections),
    )


def _option(sections: dict[str, Section], section: str, name: str) -> Option | None:
    found = sections.get(section)
    return found.option(name) if found else None


def _requirements(option: Option | None) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for text, place in option.lines if option else ():
        requirement = parse_requirement(text.split(" #")[0], place) if text else None
        found += [requirement] if requirement else []
    return tuple(found)


def _scripts(option: Option | None) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for text, _ in option.lines if option else ():
        name, equals, target = text.partition("=")
        found += [(name.strip(), target.strip())] if equals else []
    return tuple(found)


def _roots(sections: dict[str, Section]) -> tuple[str, ...]:
    """`package_dir = =src` and `[options.packages.find] where = src`."""
    found: list[str] = []
    where = _option(sections, "options.packages.find", "where")
    found += where.text.split() if where else []
    for text, _ in (_option(sections, "options", "package_dir") or Option("", Place(1, 1, 1, 1), ())).lines:
        package, _, folder = text.partition("=")
        found += [folder.strip()] if not package.strip() and folder.strip() else []
    return tuple(dict.fromkeys(found))
