"""How much of a file is read at most."""

from fastapi_lint.sources.kinds import Kind

MEBIBYTE = 1 << 20
_BY_KIND = {Kind.LOCKFILE: 32 * MEBIBYTE, Kind.PYTHON: 4 * MEBIBYTE}
_ELSE = 2 * MEBIBYTE


def size_limit(kind: Kind) -> int:
    """Largest size in bytes at which a file of this kind is read."""
    return _BY_KIND.get(kind, _ELSE)


def too_large(kind: Kind) -> str:
    """The reason that is given for a file beyond the limit."""
    return f"larger than {size_limit(kind) // MEBIBYTE} MiB"
