"""How a mistake in the configuration is told: all of them at once, one line each."""

import difflib
from collections.abc import Iterable, Sequence


class ConfigError(Exception):
    """The configuration, or what the command line adds to it, can't be used.

    `problems` holds one line for each mistake.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` for the closest known word, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
