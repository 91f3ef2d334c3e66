"""Releases of the frameworks that rules judge by, as their package index lists them."""

from __future__ import annotations

from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

_LAST_PATCHES = {
    "fastapi": (
        "0.50.0 0.51.0 0.52.0 0.53.2 0.54.2 0.55.1 0.56.1 0.57.0 0.58.1 0.59.0 0.60.2 0.61.2 0.62.0 0.63.0 "
        "0.64.0 0.65.3 0.66.1 0.67.0 0.68.2 0.69.0 0.70.1 0.71.0 0.72.0 0.73.0 0.74.1 0.75.2 0.76.0 0.77.1 "
        "0.78.0 0.79.1 0.80.0 0.81.0 0.82.0 0.83.0 0.84.0 0.85.2 0.86.0 0.87.0 0.88.0 0.89.1 0.90.1 0.91.0 "
        "0.92.0 0.93.0 0.94.1 0.95.2 0.96.1 0.97.0 0.98.0 0.99.1 0.100.1 0.101.1 0.102.0 0.103.2 0.104.1 "
        "0.105.0 0.106.0 0.107.0 0.108.0 0.109.2 0.110.3 0.111.1 0.112.4 0.113.0 0.114.2 0.115.14 0.116.2 "
        "0.117.1 0.118.3 0.119.1 0.120.4 0.121.3 0.122.1 0.123.10 0.124.4 0.125.0 0.126.0 0.127.1 0.128.8 "
        "0.129.2 0.130.0 0.131.0 0.132.1 0.133.1 0.134.0 0.135.4 0.136.3 0.137.2 0.138.2 0.139.2 0.140.13 "
        "0.141.1 0.142.4 0.143.5 0.144.0 0.145.0 0.146.0 0.147.0 0.148.0 0.149.0 0.150.0 0.151.0 0.152.0 "
        "0.153.0 0.154.0 0.155.0 0.156.8 0.157.0 0.158.2 0.159.1 0.160.0 0.161.1 0.162.7 0.163.2 0.164.0 "
        "0.165.0"
    ),
    "starlette": (
        "0.12.13 0.13.8 0.14.2 0.15.0 0.16.0 0.17.1 0.18.0 0.19.1 0.20.4 0.21.0 0.22.0 0.23.1 0.24.0 0.25.0 "
        "0.26.1 0.27.0 0.28.0 0.29.0 0.30.0 0.31.1 0.32.0 0.33.0 0.34.0 0.35.1 0.36.3 0.37.2 0.38.6 0.39.2 "
        "0.40.0 0.41.3 0.42.0 0.43.0 0.44.0 0.45.3 0.46.2 0.47.3 0.48.0 0.49.3 0.50.0 0.51.0 0.52.1 1.0.1 "
        "1.1.0 1.2.1 1.3.1 1.4.1 1.5.1 1.6.0 1.7.0 1.8.0 1.9.0 1.10.0"
    ),
    "pydantic": (
        "1.0.0 1.1.1 1.2.0 1.3.0 1.4.0 1.5.1 1.6.2 1.7.4 1.8.2 1.9.2 1.10.27 2.0.3 2.1.1 2.2.1 2.3.0 2.4.2 "
        "2.5.3 2.6.4 2.7.4 2.8.2 2.9.2 2.10.6 2.11.10 2.12.5 2.13.5 2.14.3"
    ),
    "pydantic-settings": (
        "2.0.3 2.1.0 2.2.1 2.3.4 2.4.0 2.5.2 2.6.1 2.7.1 2.8.1 2.9.1 2.10.1 2.11.0 2.12.0 2.13.1 2.14.2 "
        "2.15.0 2.16.3"
    ),
    "sqlalchemy": "1.0.19 1.1.18 1.2.19 1.3.24 1.4.54 2.0.58 2.1.9",
    "sqlmodel": "0.0.50",
    "uvicorn": (
        "0.10.9 0.11.8 0.12.3 0.13.4 0.14.0 0.15.0 0.16.0 0.17.6 0.18.3 0.19.0 0.20.0 0.21.1 0.22.0 0.23.2 "
        "0.24.0 0.25.0 0.26.0 0.27.1 0.28.1 0.29.0 0.30.6 0.31.1 0.32.1 0.33.0 0.34.3 0.35.0 0.36.1 0.37.0 "
        "0.38.0 0.39.0 0.40.0 0.41.0 0.42.0 0.43.0 0.44.0 0.45.0 0.46.0 0.47.0 0.48.0 0.49.0 0.50.2 0.51.0 "
        "0.52.4 0.53.0 0.54.0"
    ),
}
"""The last patch release of each minor release; the patch numbers below it count as released."""

PYTHONS = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
ASSUMED_PYTHON = "3.13"

_REQUIRED_BY = {
    ("fastapi", "starlette"): (
        ("<0.70", "==0.14.*"),
        (">=0.70,<0.79", ">=0.16,<0.20"),
        (">=0.79,<0.89", ">=0.19,<0.23"),
        (">=0.89,<0.96", ">=0.22,<0.28"),
        (">=0.96,<0.107", "==0.27.*"),
        (">=0.107,<0.109", ">=0.28,<0.33"),
        (">=0.109,<0.112", ">=0.35,<0.38"),
        (">=0.112,<0.115", ">=0.37,<0.39"),
        (">=0.115,<0.116", ">=0.37,<0.47"),
        (">=0.116,<0.122", ">=0.40,<0.51"),
        (">=0.122,<0.130", ">=0.40,<1.0"),
    ),
    ("fastapi", "pydantic"): (("<0.100", "<2"),),
    ("sqlmodel", "sqlalchemy"): (("<0.0.14", ">=1.4,<2.0"), (">=0.0.14", ">=2.0,<2.1")),
    ("sqlmodel", "pydantic"): (("<0.0.14", "<2"),),
}
"""What releases of a framework themselves require, where that isn't simply the newest release."""


@lru_cache(maxsize=32)
def known_releases(package: str) -> tuple[Version, ...]:
    """All known releases of a framework, oldest first; none for a package that no rule judges by."""
    found: list[Version] = []
    for last in _LAST_PATCHES.get(package, "").split():
        minor, _, patch = last.rpartition(".")
        found += [Version(f"{minor}.{number}") for number in range(int(patch) + 1)]
    return tuple(found)


def matching_releases(package: str, specifier: str) -> tuple[Version, ...]:
    """Known releases that a PEP 440 specifier set allows; all if it isn't one."""
    releases = known_releases(package)
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return releases
    return tuple(release for release in releases if release in allowed)


def required_releases(package: str, by: str, releases: tuple[Version, ...]) -> tuple[Version, ...] | None:
    """Releases of `package` that the given releases of the framework `by` lead to.

    None if nothing is known of their requirements.
    """
    table = _REQUIRED_BY.get((by, package))
    if table is None or not releases:
        return None
    found: set[Version] = set()
    left = set(releases)
    for range_, requirement in table:
        covered = {release for release in left if release in SpecifierSet(range_)}
        if covered:
            found.update(matching_releases(package, requirement))
            left -= covered
    if left:
        found.update(known_releases(package)[-1:])
    return tuple(sorted(found))
