"""Worker processes that extract facts, and survive each other's death."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python.pool import extract_here
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem
from fastapi_lint.facts.python.wire import decode

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

# Bytes of source in one errand: some tenth of a second, so that no worker ends long after the others.
_ERRAND = 100_000
# Seconds that an errand may take. The largest file that is read takes a few.
_PATIENCE = 120.0

_CRASHED = SyntaxProblem("The parser crashes on this file", 1, 1, "unreadable")
_TOO_SLOW = SyntaxProblem("The parser does not end on this file", 1, 1, "unreadable")

_BLOBS = msgspec.msgpack.Decoder(list[bytes])

Errand = tuple[int, ...]
"""Indices of sources."""


class _Worker(msgspec.Struct):
    process: BaseProcess
    connection: Connection
    errand: Errand = ()
    deadline: float = 0.0


def extract_by_workers(sources: Sequence[bytes], jobs: int) -> list[PythonFacts | SyntaxProblem]:
    """The facts of each source, in their order, by `jobs` processes."""
    results: dict[int, PythonFacts | SyntaxProblem] = {}
    crew = _Crew(sources)
    try:
        if not crew.start(jobs):
            return extract_here(sources)
        while len(results) < len(sources):
            results.update(crew.next_results())
    finally:
        crew.dismiss()
    return [results[i] for i in range(len(sources))]


def errands(sizes: Sequence[int]) -> list[Errand]:
    """All indices of `sizes`, the largest first, in groups of about the same total."""
    found: list[Errand] = []
    group: list[int] = []
    total = 0
    for i in sorted(range(len(sizes)), key=lambda i: (-sizes[i], i)):
        if group and total + sizes[i] > _ERRAND:
            found.append(tuple(group))
            group, total = [], 0
        group.append(i)
        total += sizes[i]
    if group:
        found.append(tuple(group))
    return found


class _Crew:
    """The workers, and the errands that wait for one."""

    def __init__(self, sources: Sequence[bytes]) -> None:
        self.sources = sources
        self.waiting = deque(errands([len(source) for source in sources]))
        self.context = _context()
        self.workers: list[_Worker] = []

    def start(self, jobs: int) -> bool:
        """Hire `jobs` workers, and tell whether there is any."""
        if self.context.get_start_method() == "fork":
            import fastapi_lint.facts.python.extract  # noqa: F401  once for all workers
        with suppress(OSError):
            for _ in range(min(jobs, len(self.waiting))):
                self._hire()
        return bool(self.workers)

    def _hire(self) -> None:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        with _no_interrupt():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self.workers.append(worker)
        self._send(worker)

    def _send(self, worker: _Worker) -> None:
        """Give a worker its next errand, if there is one. A dead one will be missed when it should answer."""
        worker.errand = self.waiting.popleft() if self.waiting else ()
        worker.deadline = time.monotonic() + _PATIENCE
        if worker.errand:
            blobs = msgspec.msgpack.encode([self.sources[i] for i in worker.errand])
            with suppress(OSError):
                worker.connection.send_bytes(blobs)

    def next_results(self) -> dict[int, PythonFacts | SyntaxProblem]:
        """Wait for a worker's answer, and give it the next errand; the results by index, none if it died."""
        busy = {worker.connection: worker for worker in self.workers if worker.errand}
        if not busy:
            self._hire()
            return {}
        timeout = min(worker.deadline for worker in busy.values()) - time.monotonic()
        ready = wait(list(busy), max(timeout, 0.0))
        if not ready:
            slowest = min(busy.values(), key=lambda worker: worker.deadline)
            return self._lose(slowest, _TOO_SLOW)
        worker = next(worker for connection, worker in busy.items() if connection in ready)
        try:
            payload = worker.connection.recv_bytes()
        except (EOFError, OSError):
            return self._lose(worker, _CRASHED)
        errand = worker.errand
        self._send(worker)
        return dict(zip(errand, map(decode, _BLOBS.decode(payload)), strict=True))

    def _lose(self, worker: _Worker, problem: SyntaxProblem) -> dict[int, PythonFacts | SyntaxProblem]:
        """Replace a worker. A single file is to blame; of several, each is tried again alone."""
        self.workers.remove(worker)
        _end(worker)
        errand = worker.errand
        if len(errand) > 1:
            self.waiting.extendleft((i,) for i in reversed(errand))
        if self.waiting:
            self._hire()
        return {errand[0]: problem} if len(errand) == 1 else {}

    def dismiss(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.connection.close()
        for worker in self.workers:
            _end(worker)


def _end(worker: _Worker) -> None:
    worker.connection.close()
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()
    worker.process.close()


def serve(connection: Connection) -> None:
    """A worker's life: take sources, answer with encoded facts, until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    from fastapi_lint.facts.python.extract import extract_encoded

    with suppress(EOFError, OSError):
        while True:
            sources = _BLOBS.decode(connection.recv_bytes())
            connection.send_bytes(msgspec.msgpack.encode([extract_encoded(source) for source in sources]))


def _context() -> BaseContext:
    """Fork where that is cheap and safe: on Linux, from a process without threads."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts, which inherits that: it is for the parent alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
