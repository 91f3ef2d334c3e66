import codecs
import random
import sys

import pytest

from fastapi_lint.facts.python import extract as module
from fastapi_lint.facts.python import syntax
from fastapi_lint.facts.python.alignment import MisalignedError
from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem


def test_an_empty_file_has_empty_facts() -> None:
    assert extract(b"") == PythonFacts((), (0,), ())
    assert extract(codecs.BOM_UTF8) == PythonFacts((), (0,), ())


def test_offsets_count_code_points_after_the_byte_order_mark() -> None:
    facts = extract(codecs.BOM_UTF8 + "é = '😀' + x\r\n".encode())
    assert isinstance(facts, PythonFacts)
    (assign,) = facts.body
    assert isinstance(assign, syntax.Assign)
    assert isinstance(assign.value, syntax.Operation)
    assert assign.value.operands[1] == syntax.Name(syntax.pack(10, 11), "x")
    assert facts.line_starts == (0, 13)


def test_offsets_count_code_points_of_any_encoding() -> None:
    for encoding in ("latin-1", "cp1252", "utf-8"):
        facts = extract(f"# coding: {encoding}\né = x".encode(encoding))
        assert isinstance(facts, PythonFacts)
        (assign,) = facts.body
        assert isinstance(assign, syntax.Assign)
        start = facts.line_starts[1] + 4
        assert assign.value == syntax.Name(syntax.pack(start, start + 1), "x")


def test_comments_come_with_the_facts() -> None:
    facts = extract(b"# fastapi-lint: ignore-file[A]\nx\n")
    assert isinstance(facts, PythonFacts)
    assert [comment.text for comment in facts.comments] == ["# fastapi-lint: ignore-file[A]"]


HOSTILE = [
    b"\x00",
    b"x = 1\x00",
    b"\xff\xfe",
    b"\x80" * 1000,
    bytes(range(256)),
    b"\\",
    b"'",
    b'"""',
    b"f'{",
    b"f'{a!",
    b"f'{a:{",
    b"f'{}'",
    b"f'}'",
    b"\r",
    b"\x0c",
    b"\x1a",
    b"#",
    b"# coding:",
    b"# coding: \n",
    b"#coding:utf-8\xff",
    b"# coding: utf-8-sig\nx",
    b"match",
    b"lazy",
    b"type",
    b"case _:",
    b"@",
    b"t'{a}' t'{b}' 'c'",
    b"t'{a}' f'{b}'",
    b"'a' t'{b}'",
    b"b'a' 'b' f'{c}'",
    b"a" * 100_000,
    b"1" * 100_000,
    b"x = " + b"9" * 100_000,
    b"0x" + b"f" * 100_000,
    b"'" + b"\\N{" * 10_000 + b"'",
    b"class A(metaclass=B, *c): pass",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_bytes_end_in_facts_or_a_problem(source: bytes) -> None:
    assert isinstance(extract(source), (PythonFacts, SyntaxProblem))


def test_a_broken_sample_ends_in_facts_or_a_problem_within_the_text(sample: str) -> None:
    chance = random.Random(sample)
    pieces = [
        "(",
        "]",
        "}",
        "'",
        '"""',
        "f'{",
        "\\",
        "\n",
        "\t",
        " ",
        "#",
        ":",
        "=",
        ",",
        "\x00",
        "é",
        "lambda ",
        "1",
    ]
    for _ in range(40):
        at = chance.randrange(len(sample) + 1)
        cut = at + chance.choice([0, 0, 1, 5, len(sample)])
        text = sample[:at] + chance.choice(pieces) + sample[cut:]
        result = extract(text.encode())
        if isinstance(result, SyntaxProblem):
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert 1 <= result.line <= len(lines)
            assert 1 <= result.column <= len(lines[result.line - 1]) + 2
            assert result.message != "Invalid syntax"


def test_the_recursion_limit_is_left_as_it_was() -> None:
    before = sys.getrecursionlimit()
    assert isinstance(extract(b"x = " + b"[" * 190 + b"]" * 190), PythonFacts)
    assert sys.getrecursionlimit() == before


def test_tokens_that_disagree_are_replaced_by_libcst_s_own(
    sample: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "\x0c" in sample or "t'{a}' t'{b}'" in sample:
        pytest.skip("LibCST 1.9 can't write this")
    expected = extract(sample.encode())
    scan = module.scan

    def short_sighted(text: str) -> object:
        tokens = scan(text)
        return tokens._replace(spans=[(start + 1, end + 1) for start, end in tokens.spans[:-1]])

    monkeypatch.setattr(module, "scan", short_sighted)
    assert extract(sample.encode()) == expected


def test_a_tree_that_agrees_with_no_tokens_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> object:
        raise MisalignedError

    monkeypatch.setattr(module, "lower", never)
    result = extract(b"x")
    assert isinstance(result, SyntaxProblem)
    assert result.kind == "unreadable"


@pytest.mark.parametrize("error", [BaseException, RuntimeError, RecursionError, MemoryError])
def test_a_failure_of_the_parser_is_a_problem(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> object:
        raise error

    monkeypatch.setattr(module, "parse_module", fail)
    assert isinstance(extract(b"x"), SyntaxProblem)


def test_an_interrupt_is_no_failure_of_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "parse_module", interrupt)
    with pytest.raises(KeyboardInterrupt):
        extract(b"x")
