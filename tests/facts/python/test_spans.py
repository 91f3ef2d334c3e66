"""Every node's place, against LibCST's own position provider and against Python's own `ast`."""

import ast
import itertools
import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

import libcst as cst
import msgspec
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from fastapi_lint.facts.python import syntax
from fastapi_lint.facts.python.comments import line_starts
from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.lowering import lower
from fastapi_lint.facts.python.realignment import emitted_tokens
from fastapi_lint.facts.python.tokens import scan

Place = tuple[int, int]


def facts_of(text: str) -> syntax.PythonFacts:
    facts = extract(text.encode())
    assert isinstance(facts, syntax.PythonFacts), facts
    return facts


def nodes(value: object) -> Iterator[syntax.Node]:
    """All nodes below `value`, itself included."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, syntax.Node):
        yield value
        for field in value.__struct_fields__:
            yield from nodes(getattr(value, field))


def place(node: syntax.Node) -> Place:
    return syntax.start_of(node.at), syntax.end_of(node.at)


# --- LibCST ---------------------------------------------------------------------------------------

LIBCST_KINDS = {
    syntax.Name: cst.Name,
    syntax.Attribute: cst.Attribute,
    syntax.Call: cst.Call,
    syntax.Subscript: cst.Subscript,
    syntax.Compare: cst.Comparison,
    syntax.Unary: cst.UnaryOperation,
    syntax.Conditional: cst.IfExp,
    syntax.Await: cst.Await,
    syntax.Yield: cst.Yield,
    syntax.Lambda: cst.Lambda,
    syntax.Walrus: cst.NamedExpr,
    syntax.Mapping: cst.Dict,
    syntax.Function: cst.FunctionDef,
    syntax.Class: cst.ClassDef,
    syntax.While: cst.While,
    syntax.For: cst.For,
    syntax.Return: cst.Return,
    syntax.Assign: cst.Assign,
}
# LibCST's names include those of attributes, parameters and keywords; a dotted import is an attribute.
ONLY_CONTAINED = (syntax.Name, syntax.Attribute)


def libcst_places(text: str) -> dict[type, Counter[Place]]:
    """The places of LibCST's nodes by class, in code points from the start."""
    lines = line_starts(text)
    module = cst.parse_module(text)
    found: dict[type, Counter[Place]] = {}
    for node, position in MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider).items():
        if type(node) not in LIBCST_KINDS.values():
            continue
        start = lines[position.start.line - 1] + position.start.column
        end = lines[position.end.line - 1] + position.end.column
        found.setdefault(type(node), Counter())[start, end] += 1
    return found


def disagreements_with_libcst(text: str, facts: syntax.PythonFacts) -> list[object]:
    theirs = libcst_places(text)
    found: list[object] = []
    for kind, libcst_kind in LIBCST_KINDS.items():
        our = Counter(place(node) for node in nodes(facts.body) if type(node) is kind)
        their = theirs.get(libcst_kind, Counter())
        if our - their or (kind not in ONLY_CONTAINED and their - our):
            found.append((kind, our - their, their - our))
    return found


def written_by_libcst(text: str) -> bool:
    return "\x0c" not in text and "t'{a}' t'{b}'" not in text


def drops_type_parameters(text: str) -> bool:
    return "[T" in text


def test_places_agree_with_libcst(sample: str) -> None:
    if not written_by_libcst(sample):
        pytest.skip("LibCST 1.9 loses form feeds, and fails on adjacent t-strings")
    found = disagreements_with_libcst(sample, facts_of(sample))
    if drops_type_parameters(sample):
        found = [item for item in found if item[1]]  # type: ignore[index]
    assert found == []


def test_names_are_where_the_text_has_them(sample: str) -> None:
    facts = facts_of(sample)
    for node in nodes(facts.body):
        if isinstance(node, syntax.Name):
            start, end = place(node)
            assert sample[start:end] == node.id
        if isinstance(node, (syntax.Function, syntax.Class)):
            start, end = syntax.start_of(node.name_at), syntax.end_of(node.name_at)
            assert sample[start:end] == node.name
            assert sample[syntax.start_of(node.at) :].startswith(("def", "async", "class"))
        if isinstance(node, syntax.Attribute):
            assert sample[: syntax.end_of(node.at)].endswith(node.attr)


def test_places_nest(sample: str) -> None:
    def check(node: syntax.Node, start: int, end: int) -> None:
        first, last = place(node)
        assert start <= first <= last <= end, node
        for field in node.__struct_fields__:
            if field == "decorators":
                continue
            for child in children(getattr(node, field)):
                check(child, first, last)

    for node in facts_of(sample).body:
        check(node, 0, len(sample))


def children(value: object) -> Iterator[syntax.Node]:
    if isinstance(value, tuple):
        for item in value:
            yield from children(item)
    elif isinstance(value, syntax.Node):
        yield value


def test_libcst_s_own_tokens_give_the_same_tree(sample: str) -> None:
    if not written_by_libcst(sample):
        pytest.skip("LibCST 1.9 loses form feeds, and fails on adjacent t-strings")
    module = cst.parse_module(sample)
    spans = emitted_tokens(module, sample)
    assert spans == scan(sample).spans
    assert lower(module, sample, spans).body == facts_of(sample).body


# --- ast ------------------------------------------------------------------------------------------

AST_KINDS: dict[type, tuple[type, ...]] = {
    syntax.Name: (ast.Name,),
    syntax.Attribute: (ast.Attribute,),
    syntax.Call: (ast.Call,),
    syntax.Mapping: (ast.Dict,),
    syntax.Subscript: (ast.Subscript,),
    syntax.Slice: (ast.Slice,),
    syntax.Boolean: (ast.BoolOp,),
    syntax.Unary: (ast.UnaryOp,),
    syntax.Compare: (ast.Compare,),
    syntax.Conditional: (ast.IfExp,),
    syntax.Await: (ast.Await,),
    syntax.Yield: (ast.Yield, ast.YieldFrom),
    syntax.Lambda: (ast.Lambda,),
    syntax.Comprehension: (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    syntax.Starred: (ast.Starred,),
    syntax.Walrus: (ast.NamedExpr,),
    syntax.Keyword: (ast.keyword,),
    syntax.Alias: (ast.alias,),
    syntax.Handler: (ast.ExceptHandler,),
    syntax.Expression: (ast.Expr,),
    syntax.Assign: (ast.Assign,),
    syntax.Declaration: (ast.AnnAssign,),
    syntax.AugmentedAssign: (ast.AugAssign,),
    syntax.Return: (ast.Return,),
    syntax.Raise: (ast.Raise,),
    syntax.Delete: (ast.Delete,),
    syntax.Assert: (ast.Assert,),
    syntax.Global: (ast.Global, ast.Nonlocal),
    syntax.Control: (ast.Pass, ast.Break, ast.Continue),
    syntax.Import: (ast.Import,),
    syntax.ImportFrom: (ast.ImportFrom,),
    syntax.For: (ast.For, ast.AsyncFor),
    syntax.While: (ast.While,),
    syntax.With: (ast.With, ast.AsyncWith),
    syntax.Try: (ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else [])),
    syntax.Match: (ast.Match,),
    syntax.Function: (ast.FunctionDef, ast.AsyncFunctionDef),
    syntax.Class: (ast.ClassDef,),
    syntax.Template: (ast.JoinedStr, *([ast.TemplateStr] if hasattr(ast, "TemplateStr") else [])),
}
if hasattr(ast, "TypeAlias"):
    AST_KINDS[syntax.TypeAlias] = (ast.TypeAlias,)
# Ours are some of theirs: spines are flat here, and the items of a subscript are no tuple.
SOME_KINDS: dict[type, tuple[type, ...]] = {
    syntax.Operation: (ast.BinOp,),
    syntax.Collection: (ast.List, ast.Tuple, ast.Set),
}
_TEMPLATES = (ast.JoinedStr, *([ast.TemplateStr] if hasattr(ast, "TemplateStr") else []))


class _Skipped(ast.NodeVisitor):
    """Collects nodes, without the insides of templates (wrong before 3.12) and what is no expression here."""

    def __init__(self) -> None:
        self.found: list[ast.AST] = []

    def generic_visit(self, node: ast.AST) -> None:
        self.found.append(node)
        if isinstance(node, _TEMPLATES):
            return
        for field, value in ast.iter_fields(node):
            if field == "type_params" or (field == "name" and type(node).__name__ == "TypeAlias"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self.visit(child)


class AstPlaces:
    """Offsets in code points of `ast`'s nodes."""

    def __init__(self, text: str) -> None:
        self.lines = line_starts(text)
        self.text = text
        self.ascii = text.isascii()

    def offset(self, line: int, column: int) -> int:
        start = self.lines[line - 1]
        if self.ascii:
            return start + column
        end = self.lines[line] if line < len(self.lines) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    def place(self, node: ast.AST) -> Place:
        return (
            self.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )


def outside_templates(value: object) -> Iterator[syntax.Node]:
    if isinstance(value, tuple):
        for item in value:
            yield from outside_templates(item)
    elif isinstance(value, syntax.Node):
        yield value
        if not isinstance(value, syntax.Template):
            for field in value.__struct_fields__:
                yield from outside_templates(getattr(value, field))


def disagreements_with_ast(text: str, tree: ast.Module, facts: syntax.PythonFacts) -> list[object]:
    visitor = _Skipped()
    visitor.visit(tree)
    places = AstPlaces(text)
    ours = list(outside_templates(facts.body))
    found: list[object] = []
    for kind, theirs in itertools.chain(AST_KINDS.items(), SOME_KINDS.items()):
        our = Counter(place(node) for node in ours if type(node) is kind)
        their = Counter(places.place(node) for node in visitor.found if type(node) in theirs)
        if our - their or (kind in AST_KINDS and their - our):
            found.append((kind, our - their, their - our))
    our_ifs = Counter(syntax.start_of(node.at) for node in ours if isinstance(node, syntax.Branch))
    their_ifs = Counter(places.place(node)[0] for node in visitor.found if isinstance(node, ast.If))
    if our_ifs != their_ifs:
        found.append((our_ifs - their_ifs, their_ifs - our_ifs))
    our_values = Counter((*place(n), repr(n.value)) for n in ours if isinstance(n, syntax.Constant))
    their_values = Counter(
        (*places.place(n), repr(n.value))  # type: ignore[attr-defined]
        for n in visitor.found
        if is_literal(n)
    )
    if our_values != their_values:
        missing = {key for key in their_values - our_values if "\\N{" not in text[key[0] : key[1]]}
        if missing or our_values - their_values:
            found.append((our_values - their_values, missing))
    parameters = Counter((syntax.start_of(n.at), n.name) for n in ours if isinstance(n, syntax.Parameter))
    arguments = Counter((places.place(n)[0], n.arg) for n in visitor.found if isinstance(n, ast.arg))
    if parameters != arguments:
        found.append((parameters - arguments, arguments - parameters))
    return found


def is_literal(node: ast.AST) -> bool:
    """Whether `node` is a literal whose value we keep."""
    if not isinstance(node, (ast.Constant, ast.MatchSingleton)):
        return False
    value = node.value
    if isinstance(value, (bytes, complex)) or value is ...:
        return False
    if isinstance(value, str):
        return not any(0xD800 <= ord(character) < 0xE000 for character in value)
    return not isinstance(value, int) or -(2**63) <= value < 2**64


def parsed_by_ast(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text.replace("\r\n", "\n") if "\r\n" in text else text)
        except SyntaxError:
            return None


def test_places_and_values_agree_with_ast(sample: str) -> None:
    if "\r\n" in sample:
        pytest.skip("ast reads CR LF as LF; the same text with LF is a sample, too")
    tree = parsed_by_ast(sample)
    if tree is None:
        pytest.skip("newer syntax than this Python's")
    assert disagreements_with_ast(sample, tree, facts_of(sample)) == []


def test_crlf_changes_offsets_alone(sample: str) -> None:
    if "\r\n" in sample:
        pytest.skip("this is the other one")
    crlf = sample.replace("\n", "\r\n")
    ours, theirs = facts_of(sample), facts_of(crlf)
    shift = line_starts(sample)

    def moved(node: syntax.Node) -> Place:
        start, end = (offset + bisect_right(shift, offset) - 1 for offset in place(node))
        return start, end

    assert len(ours.line_starts) == len(theirs.line_starts)
    for one, other in zip(nodes(ours.body), nodes(theirs.body), strict=True):
        assert type(one) is type(other)
        assert moved(one) == place(other)
        if isinstance(one, syntax.Constant):
            assert one == msgspec.structs.replace(other, at=one.at)
