"""What tests call, as far as their text tells: most of them are never parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.project.layers.role_names import outside_role

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project


def may_be_called_by_tests(project: Project, name: str) -> bool:
    """Whether some test calls something of that name (`name(`), or imports it under another (`name as`)."""
    called = re.compile(rf"\b{re.escape(name)}(?:\s*\(|\s+as\b)")
    tests = (module for module in project.modules if outside_role(module.path) == "test")
    texts = (project.text(test.path) for test in tests)
    return any(name in text and called.search(text) for text in texts)
