import gc
import multiprocessing
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from fastapi_lint.facts.python import extract as extract_module
from fastapi_lint.facts.python import pool, workers
from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.pool import extract_all
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem
from fastapi_lint.facts.python.workers import errands

SOURCES = [f"x{i} = f(a.b{i})\n".encode() * (1 + i % 7) for i in range(60)] + [b"x = (", b"\xff", b""]


@pytest.fixture
def small_errands(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pool for few small files. No worker is left at the end."""
    monkeypatch.setattr(pool, "WORTH_A_POOL", 0)
    monkeypatch.setattr(workers, "_ERRAND", 200)
    yield
    assert multiprocessing.active_children() == []


def expected(sources: Sequence[bytes]) -> list[PythonFacts | SyntaxProblem]:
    return [extract(source) for source in sources]


def test_nothing_is_nothing() -> None:
    assert extract_all([]) == []


@pytest.mark.parametrize("jobs", [None, 1, 2, 3, 100])
def test_results_are_in_the_order_of_the_sources(jobs: int | None) -> None:
    assert extract_all(SOURCES, jobs) == expected(SOURCES)


@pytest.mark.usefixtures("small_errands")
@pytest.mark.parametrize("jobs", [None, 1, 2, 3, 100])
def test_workers_give_the_same(jobs: int | None) -> None:
    assert extract_all(SOURCES, jobs) == expected(SOURCES)


@pytest.mark.usefixtures("small_errands")
def test_spawned_workers_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context("spawn"))
    assert extract_all(SOURCES, 2) == expected(SOURCES)


def test_few_files_need_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def hire(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(workers, "extract_by_workers", hire)
    assert extract_all(SOURCES, 2) == expected(SOURCES)
    monkeypatch.setattr(pool, "WORTH_A_POOL", 0)
    with pytest.raises(AssertionError):
        extract_all(SOURCES, 2)


def test_the_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    extract_all(SOURCES, 1)
    assert gc.isenabled()
    gc.disable()
    try:
        extract_all(SOURCES, 1)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_errands_hold_every_source_once_and_the_largest_first() -> None:
    sizes = [10, 500_000, 60_000, 60_000, 0, 30_000]
    assert errands(sizes) == [(1,), (2,), (3, 5, 0, 4)]
    assert errands([]) == []


def misbehave(monkeypatch: pytest.MonkeyPatch, behaviour: str) -> None:
    """Make forked workers do `behaviour` on sources that hold the word `dangerous`."""
    encoded = extract_module.extract_encoded

    def dangerous(source: bytes) -> bytes:
        if b"dangerous" in source:
            if behaviour == "die":
                os._exit(139)
            time.sleep(600)
        return encoded(source)

    monkeypatch.setattr(extract_module, "extract_encoded", dangerous)


linux = pytest.mark.skipif(sys.platform != "linux", reason="patched workers are forked")


@linux
@pytest.mark.usefixtures("small_errands")
@pytest.mark.parametrize("jobs", [2, 5])
@pytest.mark.parametrize("victims", [[0], [62], [3, 4, 40], list(range(63))])
def test_a_worker_that_dies_costs_one_file(
    victims: list[int], jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    misbehave(monkeypatch, "die")
    sources = [b"dangerous\n" if i in victims else source for i, source in enumerate(SOURCES)]
    results = extract_all(sources, jobs)
    for i, (result, right) in enumerate(zip(results, expected(sources), strict=True)):
        if i in victims:
            assert isinstance(result, SyntaxProblem)
            assert result.kind == "unreadable"
        else:
            assert result == right


@linux
@pytest.mark.usefixtures("small_errands")
def test_a_worker_that_never_ends_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 1.0)
    misbehave(monkeypatch, "sleep")
    sources = [*SOURCES[:5], b"dangerous", *SOURCES[5:]]
    results = extract_all(sources, 2)
    assert isinstance(results.pop(5), SyntaxProblem)
    assert results == expected(SOURCES)


@pytest.mark.usefixtures("small_errands")
def test_without_workers_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(workers._Crew, "_hire", refuse)
    assert extract_all(SOURCES, 2) == expected(SOURCES)


INTERRUPTED = """
    import os, signal, sys, threading
    from fastapi_lint.facts.python import pool

    sources = [b"x = f(a.b)\\n" * 4_000] * 60
    print("ready", flush=True)
    try:
        pool.extract_all(sources, 2)
    except KeyboardInterrupt:
        sys.exit(42)
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX's")
def test_an_interrupt_leaves_no_traceback_and_no_process() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(pool.__file__).parents[4] / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.7)
        os.killpg(process.pid, 2)
        _, errors = process.communicate(timeout=60)
        assert errors == b""
        assert process.returncode == 42
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
