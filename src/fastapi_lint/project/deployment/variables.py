"""The environment variables of a process, as far as the artifacts tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.words import UnknownValueError
from fastapi_lint.project.deployment.model import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Variables(msgspec.Struct, frozen=True):
    """What each variable is and where it is set.

    A variable that is set to something unknown has the value None. `open` tells that there may be others
    that no file of the project shows (an untracked `env_file`, a secret).
    """

    known: Mapping[str, Value[str]] = msgspec.field(default_factory=dict)
    open: bool = False

    def get(self, name: str) -> str | None:
        """The value of a variable, or None if it is not set or not known."""
        found = self.known.get(name)
        return found.value if found is not None else None

    def certain(self, name: str) -> str | None:
        """The value of a variable, or None if nothing sets it. Raises UnknownValueError if it isn't known."""
        found = self.known.get(name)
        if found is not None and found.value is None:
            raise UnknownValueError(name)
        return found.value if found is not None else None

    def find(self, name: str) -> Value[str] | None:
        """A variable with its place, or None if nothing sets it."""
        return self.known.get(name)

    def first(self, *names: str) -> Value[str] | None:
        """The first of several variables that is set."""
        return next((self.known[name] for name in names if name in self.known), None)

    def under(self, above: Variables) -> Variables:
        """These variables where `above` doesn't set them anew."""
        return Variables({**self.known, **above.known}, self.open or above.open)

    def __iter__(self) -> Iterator[tuple[str, Value[str]]]:
        return iter(self.known.items())

    def __contains__(self, name: object) -> bool:
        return name in self.known


NONE = Variables()
