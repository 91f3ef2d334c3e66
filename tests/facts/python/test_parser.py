import threading

import libcst as cst
import pytest

from fastapi_lint.facts.python.lowering import lower
from fastapi_lint.facts.python.parser import parse_module, parse_whole
from fastapi_lint.facts.python.tokens import scan

SOURCE = """\
# A comment.
from . import a
import b.c as d


class E(a.B[int], metaclass=d):  # another

    x: dict[str, int] = {"k": [1, 2], **d.y}

    def f(self, *, z=(
        1,  # one
    )): return f"{z!r:>{d.w}} {z=}" \\
        if self.x[0:1:2] else {1}


with (a as b, d() as e): pass
match e:
    case [1, *rest] | {"k": 1, **other} | a.B(c=2): print(*rest, ** other) ; del rest
"""


def test_the_walk_misses_nothing() -> None:
    spans = scan(SOURCE).spans
    assert lower(parse_module(SOURCE), SOURCE, spans) == lower(parse_whole(SOURCE), SOURCE, spans)


@pytest.mark.parametrize("source", [SOURCE, "def f(:\n"])
def test_libcst_is_left_as_it_was(source: str) -> None:
    before = dict(vars(cst))
    validate = cst.CSTNode.__post_init__
    try:
        parse_module(source)
    except cst.ParserSyntaxError:
        assert source != SOURCE
    assert vars(cst) == before
    assert cst.CSTNode.__post_init__ is validate
    assert cst.parse_module(SOURCE).code == SOURCE


def test_the_parser_makes_no_white_space() -> None:
    statement = parse_module("x = 1\n").body[0]
    assert isinstance(statement, cst.SimpleStatementLine)
    assert not isinstance(statement.trailing_whitespace, cst.TrailingWhitespace)


def test_beside_another_thread_the_tree_is_whole() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert parse_module(SOURCE).code == SOURCE
    finally:
        done.set()
        thread.join()
