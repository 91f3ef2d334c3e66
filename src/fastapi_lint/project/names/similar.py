"""Names that differ by a slip of the hand only."""

from __future__ import annotations

_SHORTEST = 6
_SURELY_WORDS = 5
"""A word of so many letters may have two slips; a shorter one with two is another word (HOST, PORT)."""


def is_slip(name: str, other: str) -> bool:
    """Whether two names of words with `_` between them differ by one or two letters, as a misspelling does.

    Numbers tell names apart, and so do two letters in a short word.
    """
    if min(len(name), len(other)) < _SHORTEST or name == other:
        return False
    words, others = name.split("_"), other.split("_")
    if len(words) != len(others):
        return name.replace("_", "") == other.replace("_", "") and abs(len(words) - len(others)) <= 2
    differing = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(differing) != 1:
        return False
    a, b = differing[0]
    if a.strip("0123456789") == b.strip("0123456789") or min(len(a), len(b)) < 3:
        return False
    return distance(a, b) <= (2 if min(len(a), len(b)) >= _SURELY_WORDS else 1)


def distance(text: str, other: str) -> int:
    """How many letters have to be put in, taken out, replaced or swapped with the next one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(text, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and text[i - 2] == wanted:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
