"""Texts that would end the process, or take minutes, if the parser got them."""

import pytest

from fastapi_lint.facts.python import bounds
from fastapi_lint.facts.python.extract import extract, extract_encoded
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem
from fastapi_lint.facts.python.wire import decode


def refused(text: str) -> SyntaxProblem:
    result = extract(text.encode())
    assert isinstance(result, SyntaxProblem), "the parser accepts it"
    assert result.kind == "too-deep"
    return result


def accepted(text: str) -> None:
    """The parser reads it, and its facts go through the wire."""
    facts = extract(text.encode())
    assert isinstance(facts, PythonFacts), facts
    assert decode(extract_encoded(text.encode())) == facts


NESTED = {
    "parentheses": ("(", "a", ")"),
    "lists": ("[", "a", "]"),
    "dicts": ("{a: ", "b", "}"),
    "sets": ("{", "a", "}"),
    "calls": ("f(", "a", ")"),
    "keywords": ("f(a=", "b", ")"),
    "subscripts": ("a[", "b", "]"),
    "tuples": ("(a, ", "b", ")"),
    "generators": ("f(a for b in ", "c", ")"),
    "comprehensions": ("[a for b in ", "c", "]"),
    "walruses": ("(a := ", "b", ")"),
    "over lines": ("[\n", "a", "\n]"),
    "with comments": ("[  # ) ]\n", "a", "  # ( [\n]"),
    "with strings": ("(')', ", "a", ")"),
    "with templates": ("(f')]{a}}}', ", "a", ")"),
}


@pytest.mark.parametrize("name", NESTED)
def test_nested_brackets(name: str) -> None:
    opening, middle, closing = NESTED[name]
    accepted("x = " + opening * 110 + middle + closing * 110)
    for depth in (260, 1_500, 20_000):
        assert "nested more than" in refused("x = " + opening * depth + middle + closing * depth).message
        refused("x = " + opening * depth)


def test_the_limit_of_brackets_is_exact() -> None:
    depth = bounds.BRACKETS
    accepted("[" * depth + "]" * depth)
    found = refused("x = 1\n" + "[" * (depth + 1) + "]" * (depth + 1))
    assert (found.line, found.column) == (2, depth + 1)


CHAINS = {
    "sum": " + ",
    "mixed": " - a * b / ",
    "and": " and ",
    "or": " or ",
    "comparison": " < ",
    "membership": " not in ",
    "bits": " | ",
    "over lines": " \\\n+ ",
}


@pytest.mark.parametrize("name", CHAINS)
def test_operators_in_a_row(name: str) -> None:
    accepted("x = " + CHAINS[name].join(["a"] * 300))
    for count in (1_002, 10_000):
        refused("x = " + CHAINS[name].join(["a"] * count))
        refused("f(" + CHAINS[name].join(["a"] * count) + ")")


def test_the_limit_of_operators_is_exact() -> None:
    accepted("x = " + "+".join(["a"] * (bounds.CHAIN + 1)))
    assert "operators" in refused("x = " + "+".join(["a"] * (bounds.CHAIN + 2))).message


DEEP = {
    "not": ("not ", "a", ""),
    "minus": ("-", "a", ""),
    "tilde": ("~ ", "a", ""),
    "power": ("a ** ", "a", ""),
    "negative power": ("a ** -", "a", ""),
    "conditional": ("a if b else ", "a", ""),
    "lambda": ("lambda: ", "a", ""),
    "lambda with parameters": ("lambda a, b: ", "a", ""),
    "lambda in a default": ("lambda a, b=", "1", ": 0"),
    "attributes": ("a.", "a", ""),
    "calls": ("", "a", "()"),
    "subscripts": ("", "a", "[0]"),
    "method calls": ("", "a", ".b(c)"),
    "method calls over lines": ("(", "a", "\n  .b(c))"),
}


@pytest.mark.parametrize("name", DEEP)
def test_chains_that_nest(name: str) -> None:
    before, middle, after = DEEP[name]
    accepted("x = " + before * 90 + middle + after * 90)
    for count in (520, 1_100, 10_000):
        refused("x = " + before * count + middle + after * count)
        refused("x = [" + before * count + middle + after * count + "]")


def test_mixed_nesting_counts_together() -> None:
    link = "[not -a.b(lambda: c if d else "
    accepted("x = " + link * 40 + "e" + ")]" * 40)
    refused("x = " + link * 90 + "e" + ")]" * 90)


def test_clauses_of_a_comprehension() -> None:
    accepted("[a " + "for b in c " * 200 + "]")
    refused("[a " + "for b in c " * 1_100 + "]")


def test_elifs_in_a_row() -> None:
    accepted("if a: pass\n" + "elif b: pass\n" * bounds.CHAIN)
    assert "elif" in refused("if a: pass\n" + "elif b: pass\n" * (bounds.CHAIN + 1)).message
    refused("if a: pass\n" + "elif b: pass\n" * 20_000)


def test_elifs_in_a_row_within_elifs() -> None:
    inner = "    if a: pass\n" + "    elif b: pass\n" * 600
    accepted("if a:\n" + inner + "elif b: pass\n" * 600)
    refused("if a: pass\n" + "elif b: pass\n" * 600 + "else:\n" + inner + "elif b: pass\n" * 10)


def test_many_ifs_with_few_elifs() -> None:
    accepted("if a: pass\nelif b: pass\n" * 1_100)
    accepted("def f():\n    if a: pass\n    elif b:\n        x = {\n'elif':\n1}\n" * 550)


def test_nested_templates() -> None:
    accepted("f'{" * 5 + "a" + "}'" * 5)
    for depth in (30, 500, 10_000):
        refused("f'{" * depth + "a" + "}'" * depth)
        refused("f'{a:" + "{a:" * depth + "}" * depth + "}'")


PATTERNS = {
    "sequences": ("[", "a", "]"),
    "mappings": ("{1: ", "a", "}"),
    "classes": ("A(1, b=", "a", ")"),
    "groups": ("(", "a", ")"),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_nested_patterns_take_exponential_time(name: str) -> None:
    opening, middle, closing = PATTERNS[name]
    for indent in ("", "    "):
        start = f"match a:\n {indent}case "
        accepted(start + opening * 5 + middle + closing * 5 + ": pass")
        for depth in (14, 40, 150):
            refused(start + opening * depth + middle + closing * depth + ": pass")
            refused(start + "a, " + opening * depth + middle + closing * depth + " as b: pass")
    accepted("match a:\n" + " case [A(b=c), {1: d}]: pass\n" * 300)


def test_a_name_that_is_case_is_no_pattern() -> None:
    accepted("x = case(" + "[" * 60 + "]" * 60 + ")")
    accepted("match a:\n case 1 if f(" + "[" * 60 + "]" * 60 + "): pass")
    accepted("match a:\n case 1: x = " + "[" * 60 + "]" * 60)


def test_nested_targets_of_del() -> None:
    accepted("del " + "(" * 8 + "a" + ",)" * 8)
    refused("del " + "(" * 30 + "a" + ",)" * 30)
    refused("x = 1; del " + "(" * 30 + "a" + ",)" * 30)


def test_adjacent_strings() -> None:
    accepted("x = (" + "'a'\n" * bounds.STRINGS + ")")
    refused("x = (" + "'a'\n" * (bounds.STRINGS + 100) + ")")
    refused("x = " + "r'a'" * (bounds.STRINGS + 100))


WIDE = {
    "elements": "x = [" + "a, " * 20_000 + "]",
    "rows": "x = [\n" + "    {'a': -1, 'b': not c, 'd': e.f.g(h)[0] if i else lambda: j},\n" * 600 + "]",
    "arguments": "f(" + "a=-b.c, " * 1_500 + ")",
    "statements": "a.b(c).d[0] = -e if f else not g\n" * 1_500,
    "on one line": "a.b; " * 1_500,
    "targets": "a = " * 1_500 + "b",
    "imports": "import a.b\n" * 1_500,
    "decorators": "@a.b(c)\ndef f(): ...\n" * 600,
    "alternatives": "match a:\n case " + " | ".join(["1"] * 900) + ": pass",
    "annotations": "a: b[c] = ...\n" * 1_500,
    "conditions": "if a.b and not c.d or -e < f: pass\n" * 600,
    "conditions of a comprehension": "[a for b in c " + "if d.e " * 900 + "]",
    "continued": "a.b(c) \\\n  .d\n" * 600,
    "old line ends": "a.b(c)\r" * 600,
    "strings": "'(' ; '['\n" * 600,
    "templates": "f'({a}[' ; f'{b:[}'\n" * 600,
    "docstring": "def f():\n    '''" + "((([[[ not not not\n" * 500 + "'''\n",
}


@pytest.mark.parametrize("name", WIDE)
def test_what_is_long_and_not_deep_is_accepted(name: str) -> None:
    accepted(WIDE[name])


def test_a_problem_s_place_is_where_the_bound_is_passed() -> None:
    found = refused("é = 1\r\n\r\ny = " + "(" * 300)
    assert (found.line, found.column) == (3, 4 + bounds.BRACKETS + 1)
