import msgspec
import pytest

from fastapi_lint.facts.python.extract import extract, extract_encoded
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem
from fastapi_lint.facts.python.wire import decode, encode


def test_facts_survive_the_way(sample: str) -> None:
    facts = extract(sample.encode())
    assert isinstance(facts, PythonFacts)
    assert decode(encode(facts)) == facts
    assert extract_encoded(sample.encode()) == encode(facts)


@pytest.mark.parametrize("source", [b"x = (", b"\xff", b"[" * 300])
def test_problems_survive_the_way(source: bytes) -> None:
    problem = extract(source)
    assert isinstance(problem, SyntaxProblem)
    assert decode(encode(problem)) == problem
    assert decode(extract_encoded(source)) == problem


def test_values_at_the_edge_survive_the_way() -> None:
    source = "a = [18446744073709551615, 1e999, '\\0', '\U0010ffff', True, None, 1.0, -1, '']".encode()
    facts = extract(source)
    assert decode(extract_encoded(source)) == facts
    assert isinstance(facts, PythonFacts)


def test_screened_facts_survive_the_way() -> None:
    facts = PythonFacts((), (0,), (), "test")
    assert decode(encode(facts)) == facts


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x00", b"\xc0", b"\x92\xc0\xc0", b"\x91\xc0", encode(SyntaxProblem("", 1, 1, "syntax"))[:-1]],
)
def test_other_bytes_are_refused(payload: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode(payload)
