"""Lock files of uv, Poetry, PDM and Pipenv, and pylock.toml: which versions are installed, and why."""

from fastapi_lint.facts.lockfile.model import LockedDependency, LockedPackage, LockFacts
from fastapi_lint.facts.lockfile.read import read

__all__ = ["LockFacts", "LockedDependency", "LockedPackage", "read"]
