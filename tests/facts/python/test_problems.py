"""The message and the place of each kind of wrong syntax."""

import pytest

from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import SyntaxProblem


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("x = (1,\n", "`(` is never closed", 1, 5),
        ("f({\n  'a': [1,\n}", "`}` does not match `[`", 3, 1),
        ("x = (1\n]", "`]` does not match `(`", 2, 1),
        ("a = )", "`)` matches no opening bracket", 1, 5),
        ("f'{a'\nb", "Unterminated string", 1, 1),
        ("x = 1 +\ny", "Unexpected end of line", 1, 8),
        ("def f():\n    x =\n    y\n", "Unexpected end of line", 2, 8),
        ("if x\n    y", "Unexpected end of line", 1, 5),
        ("def f(:\n    pass", "Unexpected `:`", 1, 7),
        ("def f():\npass\n", "Expected an indented block", 2, 1),
        ("class A:\n", "Expected an indented block", 1, 9),
        ("if a:\n    b\n  c\n", "Indentation matches no outer block", 3, 3),
        ("if a:\n\tb\n        c\n", "Inconsistent mix of tabs and spaces", 3, 9),
        ("x = 1\n  y = 2\n", "Unexpected indentation", 2, 3),
        ("  x", "Unexpected indentation", 1, 3),
        ("try:\n    x\n", "Expected `except` or `finally`", 2, 6),
        ("a = 'bc\nd", "Unterminated string", 1, 5),
        ("x\n\ny = '''a\n\n", "Unterminated string", 3, 5),
        ("f'a' + f'{b}' + f'c", "Unterminated string", 1, 17),
        ("{'a'}'''", "Unterminated string", 1, 6),
        ("é = $ 5", "Invalid character `$`", 1, 5),
        ("f'$' ?", "Invalid character `?`", 1, 6),
        ("a\0b", "Invalid character `\\u{0}`", 1, 2),
        ("x = a\xa0b", "Invalid name `a\\u{a0}b`", 1, 5),
        ("x = [1, 08]", "Invalid number", 1, 9),
        ("0x1 + 0xg", "Invalid number", 1, 7),
        ("x = 1__0", "Invalid number", 1, 5),
        ("a = 1 + \\ \nb", "Unexpected characters after a line continuation", 1, 9),
        ("return = 1", "Unexpected `=`", 1, 8),
        ("print 'a'", "Unexpected string", 1, 7),
        ("é é", "Unexpected `é`", 1, 3),
        ("f'{a b}'", "Unexpected `b`", 1, 6),
        ("f'''\n{a b}'''", "Unexpected `b`", 2, 4),
        ("else:\n    pass", "Unexpected `else`", 1, 1),
        ("\r\n\r\nx = = 1", "Unexpected `=`", 3, 5),
        ("\ra\rb = = 1", "Unexpected `=`", 3, 5),
        ("f(a for a in b, c)", "Unexpected `,`", 1, 15),
        ("x = 1 " + "a" * 99, f"Unexpected `{'a' * 40}…`", 1, 7),
        ("<<<<<<< HEAD\nx = 1\n", "Unexpected `<<`", 1, 1),
        ("import {{ name }}\n", "Unexpected `{`", 1, 8),
    ],
)
def test_wrong_syntax(text: str, message: str, line: int, column: int) -> None:
    assert extract(text.encode()) == SyntaxProblem(message, line, column, "syntax")


def test_blocks_beyond_the_parser_s_limit() -> None:
    text = "".join(" " * i + "if a:\n" for i in range(110)) + " " * 110 + "pass"
    assert extract(text.encode()) == SyntaxProblem("Too many levels of indentation", 101, 101, "too-deep")
