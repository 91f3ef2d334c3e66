"""Words of rules for tests that need no catalogue."""

import pytest


class Words:
    """Knows RTE001 and the groups RTE and ARC."""

    presets = {"recommended": None, "strict": None}  # noqa: RUF012

    def knows(self, word: str) -> bool:
        return word in ("RTE001", "shadowed-route", "RTE", "ARC", "ALL")

    def suggestion(self, word: str) -> str | None:
        return "RTE001" if word.startswith("RTE") else None


@pytest.fixture
def words() -> Words:
    return Words()
