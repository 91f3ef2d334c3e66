"""Conditions that ask in which environment the application runs, or whether it is debugged."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import walk_expressions
from fastapi_lint.project.layers.role_names import words

_WORDS = frozenset(
    "env environment debug dev develop development local localhost test testing tests prod production stage "
    "staging mode deployment".split()
)


def texts_in(test: Expr) -> set[str]:
    """The names, attributes and texts in a condition."""
    found: set[str] = set()
    for expr in walk_expressions((test,)):
        if isinstance(expr, s.Name):
            found.add(expr.id)
        elif isinstance(expr, s.Attribute):
            found.add(expr.attr)
        elif isinstance(expr, s.Constant) and isinstance(expr.value, str):
            found.add(expr.value)
    return found


def asks_for_environment(test: Expr) -> bool:
    """Whether a condition names an environment, a mode or debugging."""
    return any(_WORDS.intersection(words(text)) for text in texts_in(test))
