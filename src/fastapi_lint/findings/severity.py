"""How bad a finding is."""

from enum import Enum


class Severity(str, Enum):
    """The three severities, most serious first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return ("info", "warning", "error").index(self.value)
