"""pyproject.toml: metadata, dependencies of every tool's kind, and where the packages stand."""

from fastapi_lint.facts.pyproject.model import DependencyGroup, PyprojectFacts, Script, UvWorkspace
from fastapi_lint.facts.pyproject.read import read

__all__ = ["DependencyGroup", "PyprojectFacts", "Script", "UvWorkspace", "read"]
