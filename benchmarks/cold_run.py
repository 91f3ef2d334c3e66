"""What a cold run costs, against parsing the same files and nothing else.

    python benchmarks/cold_run.py FOLDER [--runs 5] [--facts [--jobs N]]

A is `fastapi-lint check FOLDER` without a cache (or, with `--facts`, the extraction of facts alone), B is
`parse_only.py`. Both are run in turns; the cost of a run is the CPU time, user and system, of all its
processes, from the start of the interpreter to its exit: imports count. Cold means that nothing is known of
FOLDER. Python's bytecode is there on both sides, as after an installation: that of LibCST is, and ours is
compiled before the first run, also where PYTHONDONTWRITEBYTECODE keeps a run from writing it (compiling
costs A more than a second a run). The ratio is that of the minima. It needs a POSIX system.
"""

from __future__ import annotations

import argparse
import compileall
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
GOAL = 1.3


def cpu_seconds(command: Sequence[str], cache: str) -> float:
    """CPU time of `command` and of all processes that it starts and waits for."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "XDG_CACHE_HOME": cache}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ends with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(options: argparse.Namespace) -> list[str]:
    """The command that is measured."""
    if options.facts:
        jobs = [] if options.jobs is None else [str(options.jobs)]
        return [sys.executable, str(HERE / "facts_only.py"), options.folder, *jobs]
    jobs = [] if options.jobs is None else ["--jobs", str(options.jobs)]
    return [sys.executable, "-m", "fastapi_lint", "check", options.folder, "--isolated", *jobs]


def main() -> None:
    """Print both lists of seconds and the ratio of their minima."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--facts", action="store_true", help="measure the extraction of facts alone")
    options = parser.parse_args()
    if not compileall.compile_dir(SOURCE, quiet=1):
        sys.exit(f"{SOURCE} can't be compiled")
    floor_command = [sys.executable, str(HERE / "parse_only.py"), options.folder]
    costs: list[float] = []
    floors: list[float] = []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as cache:
            costs.append(cpu_seconds(measured(options), cache))
        floors.append(cpu_seconds(floor_command, cache))
    print("A", " ".join(f"{seconds:.2f}" for seconds in costs))
    print("B", " ".join(f"{seconds:.2f}" for seconds in floors))
    print(f"ratio {min(costs) / min(floors):.3f} (goal: at most {GOAL})")


if __name__ == "__main__":
    main()
