"""Lowering of strings and templates; adjacent ones are one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from fastapi_lint.facts.python import literals
from fastapi_lint.facts.python.alignment import EXPRESSIONS, Alignment, MisalignedError, expect
from fastapi_lint.facts.python.syntax import SHIFT, Constant, Expr, Opaque, Template

_Text = (cst.FormattedStringText, cst.TemplatedStringText)
_Template = cst.FormattedString | cst.TemplatedString
_Field = cst.FormattedStringExpression | cst.TemplatedStringExpression


def lower_string(node: cst.SimpleString, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    start, end = source.spans[i + parentheses]
    value = node.value
    if end - start != len(value):
        raise MisalignedError
    known = literals.text(value)
    at = start << SHIFT | end
    i += parentheses + parentheses + 1
    return (Opaque(at, ()) if known is None else Constant(at, known)), i


def lower_template(node: _Template, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    parts, j = _template_parts(node, i, source)
    return Template(source.at(i, j), tuple(parts)), j + parentheses


def lower_concatenation(node: cst.ConcatenatedString, i: int, source: Alignment) -> tuple[Expr, int]:
    parentheses = len(node.lpar)
    i += parentheses
    parts: list[Expr] = []
    is_template = False
    j = i
    for string in _strings(node):
        if isinstance(string, cst.SimpleString):
            part, j = lower_string(string, j, source)
            parts.append(part)
        else:
            is_template = True
            more, j = _template_parts(string, j, source)
            parts += more
    at = source.at(i, j)
    if is_template:
        return Template(at, tuple(parts)), j + parentheses
    texts = [part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)]
    known = len(texts) == len(parts)
    return (Constant(at, "".join(texts)) if known else Opaque(at, ())), j + parentheses


def _strings(node: cst.ConcatenatedString) -> Iterator[cst.SimpleString | _Template]:
    """The strings of a concatenation, which LibCST nests to the right."""
    rest: cst.BaseString = node
    while isinstance(rest, cst.ConcatenatedString):
        yield rest.left
        rest = rest.right
    assert isinstance(rest, (cst.SimpleString, cst.FormattedString, cst.TemplatedString))
    yield rest


def _template_parts(node: _Template, i: int, source: Alignment) -> tuple[list[Expr], int]:
    prefix = node.start
    raw = "r" in prefix or "R" in prefix
    expect(prefix, i, source)
    i += 1
    parts: list[Expr] = []
    for part in node.parts:
        if isinstance(part, _Field):
            field, i = _field(part, i, source)
            parts.append(field)
        elif isinstance(part, _Text):
            at = expect(part.value, i, source)
            value = literals.piece(part.value.replace("{{", "{").replace("}}", "}"), raw)
            parts.append(Opaque(at, ()) if value is None else Constant(at, value))
            i += 1
    return parts, i + 1


def _field(node: _Field, i: int, source: Alignment) -> tuple[Expr, int]:
    """A field from `{` to `}`; bare if nothing changes its value, else within an `Opaque`."""
    value, j = EXPRESSIONS[node.expression.__class__](node.expression, i + 1, source)
    children = [value]
    bare = True
    if node.equal is not None:
        bare = False
        j += 1
    if node.conversion is not None:
        bare = False
        j += 2
    if node.format_spec is not None:
        bare = False
        j = _format_specification(node, j + 1, source, children)
    j += 1
    return (value if bare else Opaque(source.at(i, j), tuple(children))), j


def _format_specification(node: _Field, i: int, source: Alignment, children: list[Expr]) -> int:
    assert node.format_spec is not None
    for part in node.format_spec:
        if isinstance(part, _Field):
            child, i = _field(part, i, source)
            children.append(child)
        elif isinstance(part, _Text):
            expect(part.value, i, source)
            i += 1
    return i


EXPRESSIONS.update(
    {
        cst.SimpleString: lower_string,
        cst.ConcatenatedString: lower_concatenation,
        cst.FormattedString: lower_template,
        cst.TemplatedString: lower_template,
    }
)
