import pytest

from fastapi_lint.facts.python.tokens import TooDeepError, scan


def tokens(text: str) -> list[str]:
    return [text[start:end] for start, end in scan(text).spans]


@pytest.mark.parametrize("text", ["", " \n\t", "# comment", "# a\n\n# b\n", "\\\n", "\x0c\n"])
def test_blank_texts_have_no_tokens(text: str) -> None:
    assert tokens(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b(c)", "a . b ( c )"),
        ("x=1 # = 2\ny", "x = 1 y"),
        ("x...y", "x . . . y"),
        ("1if x else.5e3j+1..real", "1 if x else .5e3j + 1. . real"),
        ("0xFF_0 0b1 0o7 1_0.0_1e-1_0 1J 1.j", "0xFF_0 0b1 0o7 1_0.0_1e-1_0 1J 1.j"),
        ("a**=b//=c>>=d<<=e->f:=g!=h<>i", "a **= b //= c >>= d <<= e -> f := g != h <> i"),
        ("a**b//c>>d<<e<=f>=g==h@i@=j", "a ** b // c >> d << e <= f >= g == h @ i @= j"),
        ("~a;b,c:d", "~ a ; b , c : d"),
        ("a\\\n+b\\\r\n+c", "a + b + c"),
        ("क्षेत्र=x𝒚", "क्षेत्र = x𝒚"),
        ("a $ ? b", "a $ ? b"),
    ],
)
def test_names_numbers_and_operators(text: str, expected: str) -> None:
    assert tokens(text) == expected.split(" ")


@pytest.mark.parametrize(
    "string",
    [
        "''",
        '""',
        "'a # b'",
        '"\\""',
        "'\\\\'",
        "'a\\\nb'",
        "'a\\\r\nb'",
        '"""a"b""c\n"""',
        "r'\\n'",
        "rb'\\''",
        "BR'a'",
        "Rb'a'",
        "u'a'",
        "U'a'",
        "b'a'",
    ],
)
def test_a_string_is_one_token(string: str) -> None:
    assert tokens(f"{string} x") == [string, "x"]


def test_a_name_before_a_string_is_no_prefix() -> None:
    assert tokens("abf'a'") == ["abf", "'a'"]
    assert tokens("print'f'") == ["print", "'f'"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f''", ["f'", "'"]),
        ("f'a{{b}}'", ["f'", "a{{b}}", "'"]),
        ("f'a{b}c'", ["f'", "a", "{", "b", "}", "c", "'"]),
        ("f'{a!r:>{w}}'", ["f'", "{", "a", "!", "r", ":", ">", "{", "w", "}", "}", "'"]),
        ("f'{a ! r }{b!s :>3}'", "f' { a ! r } { b ! s : >3 } '".split()),
        ("f'{a = }'", ["f'", "{", "a", "=", "}", "'"]),
        ("f'{a:=10}'", ["f'", "{", "a", ":", "=10", "}", "'"]),
        ("f'{(a:=1)}'", ["f'", "{", "(", "a", ":=", "1", ")", "}", "'"]),
        ("f'{a!=b}'", ["f'", "{", "a", "!=", "b", "}", "'"]),
        ("f'{ {1: 2}[1] }'", ["f'", "{", "{", "1", ":", "2", "}", "[", "1", "]", "}", "'"]),
        ("f'{a[1:2]}'", ["f'", "{", "a", "[", "1", ":", "2", "]", "}", "'"]),
        ("f'{'a'}'", ["f'", "{", "'a'", "}", "'"]),
        ("f'{f'{a}'}'", ["f'", "{", "f'", "{", "a", "}", "'", "}", "'"]),
        ('f"""a"{b}\n"""', ['f"""', 'a"', "{", "b", "}", "\n", '"""']),
        ("f'''{\na # }\n}'''", ["f'''", "{", "a", "}", "'''"]),
        ("rf'\\{a}'", ["rf'", "\\", "{", "a", "}", "'"]),
        ("f'\\{a}'", ["f'", "\\", "{", "a", "}", "'"]),
        ("f'\\N{DASH}{a}'", ["f'", "\\N{DASH}", "{", "a", "}", "'"]),
        ("fr'\\N{a}'", ["fr'", "\\N", "{", "a", "}", "'"]),
        ("f'\\'{a}'", ["f'", "\\'", "{", "a", "}", "'"]),
        ("f'a' 'b'", ["f'", "a", "'", "'b'"]),
        ("t'a{b}'", ["t'", "a", "{", "b", "}", "'"]),
        ("Tr'{b}'", ["Tr'", "{", "b", "}", "'"]),
    ],
)
def test_templates(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected
    assert tokens(f"({text}).x") == ["(", *expected, ")", ".", "x"]


def test_pieces_and_closings_of_templates_are_told() -> None:
    text = "f'({a:)}[' '('"
    found = scan(text)
    assert [text[slice(*found.spans[i])] for i in found.pieces] == ["(", ")", "["]
    assert [text[slice(*found.spans[i])] for i in found.closings] == ["'"]
    assert found.unclosed == []


@pytest.mark.parametrize("text", ["f'", "x = f'{a", "f'{a!", "f'{a:", "f'a\n'", "f'''{a}''", "f'{f'"])
def test_templates_without_an_end_are_told(text: str) -> None:
    assert scan(text).unclosed


@pytest.mark.parametrize("text", ["'abc\nx", '"abc\nx', "'a\\", "'''a\nb", '"""a\\"""'])
def test_strings_without_an_end_take_the_rest_of_line_or_text(text: str) -> None:
    assert tokens(text)[0] in (text, text.split("\n")[0])


def test_templates_nested_without_end_are_refused() -> None:
    with pytest.raises(TooDeepError):
        scan("f'{" * 100)
    with pytest.raises(TooDeepError):
        scan("f'{a:" + "{a:" * 100)


HOSTILE = {
    "blank": " " * 200_000,
    "triple quotes": '"""' + '\\"""' * 50_000,
    "quotes": "'" + "\\'" * 100_000,
    "backslashes": "\\" * 200_000,
    "comments": "#" * 200_000,
    "comment lines": "#\n" * 100_000,
    "templates": "f'a' " * 40_000,
    "open templates": "f'\n" * 40_000,
    "underscores": "1_" * 100_000,
    "digits": "1" * 200_000,
    "letters f": "f" * 200_000,
    "dots": "." * 200_000,
    "unknown": "$" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scan_ends_whatever_the_text(name: str) -> None:
    """Each takes some milliseconds; in quadratic time they would not end within a test's patience."""
    text = HOSTILE[name]
    spans = scan(text).spans
    offsets = [offset for span in spans for offset in span]
    assert offsets == sorted(offsets)
    assert not offsets or offsets[-1] <= len(text)
