import codecs

import pytest

from fastapi_lint.facts.python.decoding import decode
from fastapi_lint.facts.python.syntax import SyntaxProblem
from fastapi_lint.sources.kinds import Kind
from fastapi_lint.sources.limits import size_limit


def problem(source: bytes) -> SyntaxProblem:
    result = decode(source)
    assert isinstance(result, SyntaxProblem)
    assert result.kind == "unreadable"
    return result


@pytest.mark.parametrize("text", ["", "x = 1\n", "é = '😀'\r\n", "a\rb", "\x0ca"])
def test_utf_8_is_the_default_and_nothing_is_changed(text: str) -> None:
    assert decode(text.encode()) == text


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 + "é".encode()) == "é"
    assert decode(codecs.BOM_UTF8 + b"# coding: utf-8\nx") == "# coding: utf-8\nx"


@pytest.mark.parametrize(
    ("cookie", "encoding"),
    [
        ("# -*- coding: latin-1 -*-", "latin-1"),
        ("# -*- coding: iso-8859-15 -*-", "iso-8859-15"),
        ("#coding=cp1252", "cp1252"),
        ("# vim: set fileencoding=koi8-r :", "koi8-r"),
        ("#!/usr/bin/python\n# coding: gbk", "gbk"),
        ("\n# coding: shift_jis", "shift_jis"),
        ("# coding: UTF-8", "utf-8"),
        ("# coding: utf8", "utf-8"),
        ("# coding: big5", "big5"),
        ("# coding: euc-kr", "euc-kr"),
        ("\x0c# coding: latin1", "latin-1"),
    ],
)
def test_a_cookie_in_the_first_two_lines_rules(cookie: str, encoding: str) -> None:
    text = f"{cookie}\nx = 1\n"
    assert decode(text.encode(encoding)) == text


def test_characters_of_a_declared_encoding() -> None:
    text = "# coding: latin-1\nx = 'é'\n"
    assert decode(text.encode("latin-1")) == text
    text = "# coding: cp1251\nx = 'ж'\n"
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n# coding: latin-1\n'é'",
        "\n\n# coding: latin-1\n'é'",
        "x # coding: latin-1\n'é'",
        "'''\n# coding: latin-1\né'''",
    ],
)
def test_a_cookie_elsewhere_is_a_comment(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "name", ["foo", "utf-16", "utf-7", "punycode", "idna", "unicode_escape", "rot13", "hex", "mbcs", "a" * 99]
)
def test_an_encoding_that_is_no_character_set_is_named_at_its_place(name: str) -> None:
    found = problem(f"#!/bin/python\n# -*- coding: {name} -*-\n".encode())
    assert (found.message, found.line, found.column) == (f"Unknown encoding `{name}`", 2, 15)


def test_a_cookie_that_contradicts_the_byte_order_mark() -> None:
    found = problem(codecs.BOM_UTF8 + b"# coding: latin-1\n")
    assert (found.line, found.column) == (1, 11)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        (b"\xff", 1, 1),
        (b"x = 1\ny = '\xe9'\n", 2, 6),
        ("é = 'é\n".encode() + b"\xc3", 2, 1),
        ("a\r\né\rü = ".encode() + b"\xed\xa0\x80", 3, 5),
        (codecs.BOM_UTF8 + b"a\xff", 1, 2),
        (b"# coding: ascii\n\xe9", 2, 1),
        (codecs.BOM_UTF16_LE + "x".encode("utf-16-le"), 1, 1),
    ],
)
def test_the_first_byte_without_a_character_is_told(source: bytes, line: int, column: int) -> None:
    found = problem(source)
    assert (found.line, found.column) == (line, column)
    assert found.message.startswith("Byte 0x")


def test_a_file_beyond_the_limit_is_not_read() -> None:
    assert "larger" in problem(b"#" * (size_limit(Kind.PYTHON) + 1)).message
    assert isinstance(decode(b"#" * size_limit(Kind.PYTHON)), str)
