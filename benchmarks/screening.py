"""Compare the findings with screening and without (`docs/decisions/0003-screening.md`).

    python benchmarks/screening.py FOLDER [PROJECT...]

FOLDER holds one project a folder; PROJECTs are names of some of them. All rules run. It ends with 1 if any
project's JSON report differs.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from fastapi_lint.report.as_json import json_report
from fastapi_lint.testing import lint_folder


def difference(project: Path) -> list[str]:
    """The lines of the JSON report that differ."""
    on, off = (json_report(lint_folder(project, ["ALL"], screen=screen)) for screen in (True, False))
    return list(difflib.unified_diff(on.splitlines(), off.splitlines(), "on", "off", n=2, lineterm=""))


def main() -> int:
    """Print a line for each project, and what differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("projects", nargs="*")
    options = parser.parse_args()
    names = options.projects or sorted(path.name for path in options.folder.iterdir() if path.is_dir())
    different = 0
    for name in names:
        lines = difference(options.folder / name)
        different += bool(lines)
        print(f"{name}: {'differs' if lines else 'same'}", *lines, sep="\n")
    print(f"{different} of {len(names)} projects differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
