"""Extract the facts of every Python file below a folder and do nothing else.

python benchmarks/facts_only.py FOLDER [JOBS]
"""

import sys
from pathlib import Path

from fastapi_lint.facts.python.pool import extract_all


def main(folder: str, jobs: int | None) -> None:
    """Read all files, then extract their facts."""
    extract_all([path.read_bytes() for path in sorted(Path(folder).rglob("*.py"))], jobs)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
