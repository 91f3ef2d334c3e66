"""The facts of a Python file as bytes, for the way between processes and for the cache."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem

# What the bounds let through needs a few frames for each level, more than Python's default allows.
_RECURSION = 10_000

_Pair = tuple[PythonFacts | None, SyntaxProblem | None]

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Pair)


def encode(result: PythonFacts | SyntaxProblem) -> bytes:
    """`result` as MessagePack. Raises RecursionError outside `deep_recursion` for a file nested very deep."""
    return _ENCODER.encode((result, None) if isinstance(result, PythonFacts) else (None, result))


def decode(payload: bytes) -> PythonFacts | SyntaxProblem:
    """What `encode` was given. Raises `msgspec.MsgspecError` for bytes that are not its."""
    try:
        facts, problem = _DECODER.decode(payload)
    except RecursionError:
        with deep_recursion():
            facts, problem = _DECODER.decode(payload)
    result: PythonFacts | SyntaxProblem | None = problem if facts is None else facts
    if result is None:
        raise msgspec.ValidationError("Neither facts nor a problem")
    return result


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let Python recurse as deep as the bounds let a file nest."""
    before = sys.getrecursionlimit()
    if before >= _RECURSION:
        yield
        return
    sys.setrecursionlimit(_RECURSION)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
