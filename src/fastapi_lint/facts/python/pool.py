"""The facts of many files: in this process if they are few, else by a pool of workers."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem

# Bytes of source from which on workers pay. LibCST parses more than a megabyte a second. Two workers take a
# tenth more CPU time for the same files, since processors share caches and memory (sending the facts takes a
# fiftieth), so they have to save a second.
WORTH_A_POOL = 3_000_000


def extract_all(sources: Sequence[bytes], jobs: int | None = None) -> list[PythonFacts | SyntaxProblem]:
    """The facts of each source, in the order of `sources`; the same whatever the number of `jobs`.

    `jobs` is the number of processes at most, None for one a processor. A file that ends a worker's life is a
    problem of kind `unreadable`.
    """
    jobs = min(available_processors() if jobs is None else jobs, len(sources))
    with _no_collector():
        if jobs > 1 and sum(map(len, sources)) >= WORTH_A_POOL:
            from fastapi_lint.facts.python.workers import extract_by_workers

            return extract_by_workers(sources, jobs)
        return extract_here(sources)


def extract_here(sources: Sequence[bytes]) -> list[PythonFacts | SyntaxProblem]:
    """The facts of each source, one after the other in this process."""
    if not sources:
        return []
    from fastapi_lint.facts.python.extract import extract

    return [extract(source) for source in sources]


def available_processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _no_collector() -> Iterator[None]:
    """Neither LibCST's trees nor ours hold cycles: looking for some costs a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
