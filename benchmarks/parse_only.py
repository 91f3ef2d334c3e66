"""Parse every Python file below a folder with LibCST and do nothing else: the floor of a run's cost.

python benchmarks/parse_only.py FOLDER
"""

import gc
import sys
from pathlib import Path

import libcst


def main(folder: str) -> None:
    """Read, parse and drop the files one after the other, with the garbage collector off."""
    gc.disable()
    for path in sorted(Path(folder).rglob("*.py")):
        libcst.parse_module(path.read_bytes())


if __name__ == "__main__":
    main(sys.argv[1])
