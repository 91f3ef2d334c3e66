"""What the tree keeps of each construct. Places are `test_spans.py`'s matter, here they are left out."""

import re

import msgspec
import pytest

from fastapi_lint.facts.python import syntax
from fastapi_lint.facts.python.extract import extract

NAME = re.compile(r"Name\('(\w+)'\)")


def body(text: str) -> tuple[syntax.Statement, ...]:
    facts = extract(text.encode())
    assert isinstance(facts, syntax.PythonFacts), facts
    return facts.body


def shape(value: object) -> object:
    """A node as `Class(field, ...)` text, without its place."""
    if isinstance(value, tuple):
        return "[" + ", ".join(str(shape(item)) for item in value) + "]"
    if isinstance(value, msgspec.Struct):
        fields = [name for name in value.__struct_fields__ if name not in ("at", "name_at")]
        return f"{type(value).__name__}({', '.join(str(shape(getattr(value, name))) for name in fields)})"
    return repr(value)


def statement(text: str) -> str:
    (only,) = body(text)
    return str(shape(only))


def expression(text: str) -> str:
    (only,) = body(text)
    assert isinstance(only, syntax.Expression)
    return NAME.sub(r"<\1>", str(shape(only.value)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "<a>"),
        ("((a))", "<a>"),
        ("True", "Constant(True)"),
        ("None", "Constant(None)"),
        ("...", "Opaque([])"),
        ("a.b", "Attribute(<a>, 'b')"),
        ("f()", "Call(<f>, [], [])"),
        ("f(a, *b)", "Call(<f>, [<a>, Starred(<b>)], [])"),
        ("f(a=1, **b)", "Call(<f>, [], [Keyword('a', Constant(1)), Keyword(None, <b>)])"),
        ("f(b, a=1, *c)", "Call(<f>, [<b>, Starred(<c>)], [Keyword('a', Constant(1))])"),
        ("a[b]", "Subscript(<a>, [<b>])"),
        ("a[b, c]", "Subscript(<a>, [<b>, <c>])"),
        ("a[(b, c)]", "Subscript(<a>, [Collection('tuple', [<b>, <c>])])"),
        ("a[1:]", "Subscript(<a>, [Slice(Constant(1), None, None)])"),
        ("a[:b:c, *d]", "Subscript(<a>, [Slice(None, <b>, <c>), Starred(<d>)])"),
        ("a + b | c", "Operation(['+', '|'], [<a>, <b>, <c>])"),
        ("a | b + c", "Operation(['|'], [<a>, Operation(['+'], [<b>, <c>])])"),
        ("a - (b - c)", "Operation(['-'], [<a>, Operation(['-'], [<b>, <c>])])"),
        ("(a - b) - c", "Operation(['-'], [Operation(['-'], [<a>, <b>]), <c>])"),
        ("a ** b ** c", "Operation(['**'], [<a>, Operation(['**'], [<b>, <c>])])"),
        ("a and b and c", "Boolean('and', [<a>, <b>, <c>])"),
        ("a or b and c", "Boolean('or', [<a>, Boolean('and', [<b>, <c>])])"),
        ("(a or b) or c", "Boolean('or', [Boolean('or', [<a>, <b>]), <c>])"),
        ("not a", "Unary('not', <a>)"),
        ("-1", "Unary('-', Constant(1))"),
        ("a < b not in c", "Compare(<a>, ['<', 'not in'], [<b>, <c>])"),
        ("a is  not b", "Compare(<a>, ['is not'], [<b>])"),
        ("a if b else c", "Conditional(<b>, <a>, <c>)"),
        ("[a, *b]", "Collection('list', [<a>, Starred(<b>)])"),
        ("()", "Collection('tuple', [])"),
        ("a,", "Collection('tuple', [<a>])"),
        ("{a}", "Collection('set', [<a>])"),
        ("{}", "Mapping([], [])"),
        ("{a: b, **c}", "Mapping([<a>, None], [<b>, <c>])"),
        (
            "[a for b in c if d if e]",
            "Comprehension('list', <a>, None, [Clause(<b>, <c>, [<d>, <e>], False)])",
        ),
        ("{a: b for c in d}", "Comprehension('dict', <a>, <b>, [Clause(<c>, <d>, [], False)])"),
        ("{**a for b in c}", "Comprehension('dict', Starred(<a>), None, [Clause(<b>, <c>, [], False)])"),
        (
            "f(a for b in c for d in e)",
            "Call(<f>, [Comprehension('generator', <a>, None,"
            " [Clause(<b>, <c>, [], False), Clause(<d>, <e>, [], False)])], [])",
        ),
        ("(a := b)", "Walrus(<a>, <b>)"),
        ("lambda: a", "Lambda([], <a>)"),
        ("'a' \"b\"", "Constant('ab')"),
        ("'a' b'b'", "Opaque([])"),
        ("b'a'", "Opaque([])"),
        ("1j", "Opaque([])"),
        ("99999999999999999999", "Opaque([])"),
        ("'\\ud800'", "Opaque([])"),
        ("1.5", "Constant(1.5)"),
        ("f'a{b}c'", "Template([Constant('a'), <b>, Constant('c')])"),
        ("f''", "Template([])"),
        ("f'{{a}}\\n'", "Template([Constant('{a}\\n')])"),
        ("rf'{{\\n}}'", "Template([Constant('{\\\\n}')])"),
        ("f'\\N{DASH}'", "Template([Opaque([])])"),
        ("f'{a!r}{b:>{c}}{d=}'", "Template([Opaque([<a>]), Opaque([<b>, <c>]), Opaque([<d>])])"),
        ("'a' f'{b}' 'c'", "Template([Constant('a'), <b>, Constant('c')])"),
        ("t'{a}'", "Template([<a>])"),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    assert expression(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b = 1", "Assign([Name('a'), Name('b')], Constant(1))"),
        ("a: b", "Declaration(Name('a'), Name('b'), None)"),
        ("a: b = 1", "Declaration(Name('a'), Name('b'), Constant(1))"),
        ("a //= 1", "AugmentedAssign(Name('a'), '//', Constant(1))"),
        ("return", "Return(None)"),
        ("raise a from b", "Raise(Name('a'), Name('b'))"),
        ("del a, b", "Delete([Name('a'), Name('b')])"),
        ("del (a, b)", "Delete([Collection('tuple', [Name('a'), Name('b')])])"),
        ("assert a, 'b'", "Assert(Name('a'), Constant('b'))"),
        ("global a, b", "Global(['a', 'b'], False)"),
        ("nonlocal a", "Global(['a'], True)"),
        ("break", "Control('break')"),
        ("import a.b as c, d", "Import([Alias('a.b', 'c'), Alias('d', None)])"),
        ("import a . b", "Import([Alias('a.b', None)])"),
        ("from ...a.b import (c as d,)", "ImportFrom('a.b', 3, [Alias('c', 'd')])"),
        ("from .. import a", "ImportFrom('', 2, [Alias('a', None)])"),
        ("from a import *", "ImportFrom('a', 0, [Alias('*', None)])"),
        ("lazy import a", "Import([Alias('a', None)])"),
        ("lazy from . import a", "ImportFrom('', 1, [Alias('a', None)])"),
        ("type A[T: int] = b", "TypeAlias('A', Name('b'))"),
        ("while a: pass\nelse: break", "While(Name('a'), [Control('pass')], [Control('break')])"),
        (
            "if a: pass\nelif b: pass\nelse: pass",
            "If([Branch(Name('a'), [Control('pass')]), Branch(Name('b'), [Control('pass')])],"
            " [Control('pass')])",
        ),
        (
            "if a: pass\nelse:\n if b: pass",
            "If([Branch(Name('a'), [Control('pass')])], [If([Branch(Name('b'), [Control('pass')])], [])])",
        ),
        ("async for a in b: pass", "For(Name('a'), Name('b'), [Control('pass')], [], True)"),
        (
            "with a as b, c: pass",
            "With([WithItem(Name('a'), Name('b')), WithItem(Name('c'), None)], [Control('pass')], False)",
        ),
        ("try: pass\nfinally: pass", "Try([Control('pass')], [], [], [Control('pass')], False)"),
        (
            "try: pass\nexcept A as b: pass\nelse: pass",
            "Try([Control('pass')], [Handler(Name('A'), 'b', [Control('pass')])], [Control('pass')], [],"
            " False)",
        ),
        (
            "try: pass\nexcept: pass",
            "Try([Control('pass')], [Handler(None, None, [Control('pass')])], [], [], False)",
        ),
        (
            "try: pass\nexcept* A, B: pass",
            "Try([Control('pass')], [Handler(Collection('tuple', [Name('A'), Name('B')]), None,"
            " [Control('pass')])], [], [], True)",
        ),
        ("class A: pass", "Class('A', [], [], [], [Control('pass')])"),
        (
            "@a.b\nclass A[T](B, *C, metaclass=D): pass",
            "Class('A', [Name('B'), Starred(Name('C'))], [Keyword('metaclass', Name('D'))],"
            " [Attribute(Name('a'), 'b')], [Control('pass')])",
        ),
    ],
)
def test_statements(text: str, expected: str) -> None:
    assert statement(text) == expected


def function(text: str) -> syntax.Function:
    found = body(text)[-1]
    assert isinstance(found, syntax.Function)
    return found


def test_parameters_have_their_kinds_in_order() -> None:
    found = function("def f(a, /, b: int = 1, *c: str, d, e=2, **g): pass")
    assert [(p.name, p.kind) for p in found.parameters] == [
        ("a", "positional"),
        ("b", "normal"),
        ("c", "args"),
        ("d", "keyword"),
        ("e", "keyword"),
        ("g", "kwargs"),
    ]
    assert [p.name for p in found.parameters if p.annotation] == ["b", "c"]
    assert [p.name for p in found.parameters if p.default] == ["b", "e"]
    assert [p.kind for p in function("def f(*, a): pass").parameters] == ["keyword"]


def test_a_function_s_colour_decorators_and_return() -> None:
    found = function("@a\n@b(c)\nasync def f() -> int: return 1")
    assert found.is_async
    assert len(found.decorators) == 2
    assert isinstance(found.decorators[1], syntax.Call)
    assert shape(found.returns) == "Name('int')"
    assert not function("def f(): pass").is_async


@pytest.mark.parametrize(
    "text",
    [
        "def f(): yield",
        "def f():\n    x = yield 1",
        "def f():\n    if a:\n        return (yield from b)",
        "async def f():\n    async with a: yield b",
        "def f():\n    def g(): pass\n    yield",
        "def f():\n    f'{(yield)}'",
    ],
)
def test_generators(text: str) -> None:
    assert function(text).is_generator


@pytest.mark.parametrize(
    "text",
    [
        "def f(): pass",
        "def f():\n    def g(): yield",
        "def f(): return lambda: (yield)",
        "def g():\n    yield\ndef f(): pass",
        "def f(a=lambda: (yield)): pass",
    ],
)
def test_functions_that_only_hold_a_generator(text: str) -> None:
    assert not function(text).is_generator


def test_a_yield_in_a_nested_function_s_default_is_the_outer_one_s() -> None:
    outer = function("def f():\n    def g(a=(yield)): pass")
    assert outer.is_generator
    (inner,) = outer.body
    assert isinstance(inner, syntax.Function)
    assert not inner.is_generator


@pytest.mark.parametrize(
    ("pattern", "expected", "captures"),
    [
        ("1", "Constant(1)", []),
        ("-1", "Unary('-', Constant(1))", []),
        ("'a'", "Constant('a')", []),
        ("None", "Constant(None)", []),
        ("A.B", "Attribute(Name('A'), 'B')", []),
        ("x", "Opaque([])", ["x"]),
        ("_", "Opaque([])", []),
        ("1 | 2", "Opaque([Constant(1), Constant(2)])", []),
        ("(1 as x)", "Opaque([Constant(1)])", ["x"]),
        ("[a, *b, _, *_]", "Opaque([Opaque([]), Opaque([])])", ["a", "b"]),
        ("a, b", "Opaque([Opaque([]), Opaque([])])", ["a", "b"]),
        ("{'k': v, **rest}", "Opaque([Constant('k'), Opaque([])])", ["v", "rest"]),
        ("A(1, b, c=d)", "Opaque([Name('A'), Constant(1), Opaque([]), Opaque([])])", ["b", "d"]),
    ],
)
def test_patterns(pattern: str, expected: str, captures: list[str]) -> None:
    (found,) = body(f"match a:\n    case {pattern} if g: pass")
    assert isinstance(found, syntax.Match)
    (case,) = found.cases
    assert shape(case.pattern) == expected
    assert list(case.captures) == captures
    assert shape(case.guard) == "Name('g')"


def test_statements_on_one_line_follow_each_other() -> None:
    assert [type(node).__name__ for node in body("a; b = 1;\nif c: d; e")] == ["Expression", "Assign", "If"]


def mentioned(value: object) -> set[str]:
    """The names and attributes of a tree, and the parts of what its import statements name."""
    if isinstance(value, tuple):
        return {name for item in value for name in mentioned(item)}
    if not isinstance(value, msgspec.Struct):
        return set()
    found = {name for field in value.__struct_fields__ for name in mentioned(getattr(value, field))}
    if isinstance(value, syntax.Name):
        found.add(value.id)
    elif isinstance(value, syntax.Attribute):
        found.add(value.attr)
    elif isinstance(value, syntax.Alias) and value.name != "*":
        found.update(value.name.split("."), (value.asname or value.name).split("."))
    elif isinstance(value, syntax.ImportFrom) and value.module:
        found.update(value.module.split("."))
    return found


def test_the_names_of_a_file_hold_those_of_its_tree(sample: str) -> None:
    facts = extract(sample.encode())
    assert isinstance(facts, syntax.PythonFacts)
    assert mentioned(facts.body) <= facts.names


@pytest.mark.parametrize(("text", "expected"), [("f(a := 1)", True), ("a = ':='", False)])
def test_a_file_tells_of_assignment_expressions(text: str, expected: bool) -> None:
    facts = extract(text.encode())
    assert isinstance(facts, syntax.PythonFacts)
    assert facts.has_walrus is expected
