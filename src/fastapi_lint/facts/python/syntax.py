"""The facts of one Python file: its definitions, imports, calls and control flow as a lean tree.

The tree keeps what can carry meaning for a rule and drops the rest (white space, parentheses, comments
that are not ours). Every node carries `at`, its place in the text, packed into one integer: the offset
of its first character times 2**30, plus the offset after its last one. Offsets count Unicode code points
from the start of the file; `PythonFacts.line_starts` turns them into lines and columns. Nothing here
depends on the interpreter that runs us.

Long operator chains are flat (`Operation`, `Boolean`, `Compare`, `If` have lists, not nested pairs), so
that depth is bounded by what a person writes.
"""

from __future__ import annotations

from typing import Literal as Choice
from typing import Union

import msgspec

SHIFT = 30
MASK = (1 << SHIFT) - 1


def pack(start: int, end: int) -> int:
    """Offsets of the first character and after the last one, as one integer."""
    return start << SHIFT | end


def start_of(at: int) -> int:
    """Offset of the first character."""
    return at >> SHIFT


def end_of(at: int) -> int:
    """Offset after the last character."""
    return at & MASK


class Node(msgspec.Struct, frozen=True, array_like=True, gc=False, tag_field="t"):
    """What all nodes have: their place."""

    at: int


# --- expressions ---------------------------------------------------------------------------------


class Name(Node, frozen=True, tag=1):
    """`x`"""

    id: str


class Attribute(Node, frozen=True, tag=2):
    """`value.attr`; the attribute's own name ends where the node ends (parentheses aside)."""

    value: Expr
    attr: str


class Keyword(Node, frozen=True, tag=False):
    """`name=value` in a call or a class header; `name` is None for `**value`."""

    name: str | None
    value: Expr


class Call(Node, frozen=True, tag=3):
    """`func(args, **keywords)`; `args` may hold `Starred`. Keywords keep their order."""

    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]


class Constant(Node, frozen=True, tag=4):
    """A literal whose value is known: text, number, True, False or None. Adjacent strings are one."""

    value: str | int | float | bool | None


class Template(Node, frozen=True, tag=5):
    """An f-string (or t-string): its literal pieces as `Constant`, its fields as expressions, in order.

    A field with a conversion or a format specification stands as `Opaque` around the expression.
    """

    parts: tuple[Expr, ...]


class Collection(Node, frozen=True, tag=6):
    """A list, tuple or set display; `items` may hold `Starred`."""

    kind: Choice["list", "tuple", "set"]
    items: tuple[Expr, ...]


class Mapping(Node, frozen=True, tag=7):
    """A dict display; a key is None for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


class Subscript(Node, frozen=True, tag=8):
    """`value[items]`; several items for `x[a, b]`."""

    value: Expr
    items: tuple[Expr, ...]


class Slice(Node, frozen=True, tag=9):
    """`lower:upper:step` inside a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class Operation(Node, frozen=True, tag=10):
    """Binary operators of one left spine, evaluated from left to right: `a + b | c`.

    `operators` holds one operator fewer than `operands`.
    """

    operators: tuple[str, ...]
    operands: tuple[Expr, ...]


class Boolean(Node, frozen=True, tag=11):
    """`a and b and c` or `a or b or c`."""

    operator: Choice["and", "or"]
    operands: tuple[Expr, ...]


class Unary(Node, frozen=True, tag=12):
    """`not x`, `-x`, `+x`, `~x`."""

    operator: str
    operand: Expr


class Compare(Node, frozen=True, tag=13):
    """`left op right op right ...`; operators as written, with one space (`not in`, `is not`)."""

    left: Expr
    operators: tuple[str, ...]
    comparators: tuple[Expr, ...]


class Conditional(Node, frozen=True, tag=14):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr


class Await(Node, frozen=True, tag=15):
    """`await value`."""

    value: Expr


class Yield(Node, frozen=True, tag=16):
    """`yield value` or `yield from value`."""

    value: Expr | None
    delegates: bool


class Parameter(Node, frozen=True, tag=False):
    """One parameter of a function or lambda. `at` covers name, annotation and default."""

    name: str
    kind: Choice["positional", "normal", "keyword", "args", "kwargs"]
    annotation: Expr | None
    default: Expr | None


class Lambda(Node, frozen=True, tag=17):
    """`lambda parameters: body`."""

    parameters: tuple[Parameter, ...]
    body: Expr


class Clause(Node, frozen=True, tag=False):
    """`for target in iterable if ...` of a comprehension."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]
    is_async: bool


class Comprehension(Node, frozen=True, tag=18):
    """A comprehension or generator expression; `value` is set for dicts only."""

    kind: Choice["list", "set", "dict", "generator"]
    element: Expr
    value: Expr | None
    clauses: tuple[Clause, ...]


class Starred(Node, frozen=True, tag=19):
    """`*value`."""

    value: Expr


class Walrus(Node, frozen=True, tag=20):
    """`name := value`."""

    target: Expr
    value: Expr


class Opaque(Node, frozen=True, tag=21):
    """Anything else (bytes, `...`, patterns, formatted fields); the expressions inside stay visible."""

    children: tuple[Expr, ...]


# --- statements ----------------------------------------------------------------------------------


class Expression(Node, frozen=True, tag=40):
    """An expression that stands as a statement."""

    value: Expr


class Assign(Node, frozen=True, tag=41):
    """`targets = ... = value`."""

    targets: tuple[Expr, ...]
    value: Expr


class Declaration(Node, frozen=True, tag=42):
    """`target: annotation` or `target: annotation = value`."""

    target: Expr
    annotation: Expr
    value: Expr | None


class AugmentedAssign(Node, frozen=True, tag=43):
    """`target op= value`; `operator` without the `=`."""

    target: Expr
    operator: str
    value: Expr


class Return(Node, frozen=True, tag=44):
    """`return value`."""

    value: Expr | None


class Raise(Node, frozen=True, tag=45):
    """`raise error from cause`."""

    error: Expr | None
    cause: Expr | None


class Delete(Node, frozen=True, tag=46):
    """`del targets`."""

    targets: tuple[Expr, ...]


class Assert(Node, frozen=True, tag=47):
    """`assert test, message`."""

    test: Expr
    message: Expr | None


class Global(Node, frozen=True, tag=48):
    """`global names` or `nonlocal names`."""

    names: tuple[str, ...]
    nonlocal_: bool


class Control(Node, frozen=True, tag=49):
    """`pass`, `break` or `continue`."""

    kind: Choice["pass", "break", "continue"]


class Alias(Node, frozen=True, tag=False):
    """One name of an import: `name as asname`. `name` is dotted in `import a.b`; `at` covers both."""

    name: str
    asname: str | None


class Import(Node, frozen=True, tag=50):
    """`import a.b as c, d`."""

    names: tuple[Alias, ...]


class ImportFrom(Node, frozen=True, tag=51):
    """`from ..module import names`; a star import has one alias named `*`. `level` counts the dots."""

    module: str
    level: int
    names: tuple[Alias, ...]


class Branch(Node, frozen=True, tag=False):
    """One `if` or `elif` with its block."""

    test: Expr
    body: tuple[Statement, ...]


class If(Node, frozen=True, tag=52):
    """`if`, all its `elif` and its `else`."""

    branches: tuple[Branch, ...]
    orelse: tuple[Statement, ...]


class For(Node, frozen=True, tag=53):
    """`for target in iterable`."""

    target: Expr
    iterable: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    is_async: bool


class While(Node, frozen=True, tag=54):
    """`while test`."""

    test: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class WithItem(Node, frozen=True, tag=False):
    """`context as target`."""

    context: Expr
    target: Expr | None


class With(Node, frozen=True, tag=55):
    """`with items`."""

    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]
    is_async: bool


class Handler(Node, frozen=True, tag=False):
    """`except type as name`; `type` is a tuple `Collection` for several classes, None for a bare one."""

    type: Expr | None
    name: str | None
    body: tuple[Statement, ...]


class Try(Node, frozen=True, tag=56):
    """`try`, its handlers, `else` and `finally`. `star` for `except*`."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    finalbody: tuple[Statement, ...]
    star: bool


class Case(Node, frozen=True, tag=False):
    """One `case` of a `match`; the names that the pattern binds stand in `captures`."""

    pattern: Expr
    captures: tuple[str, ...]
    guard: Expr | None
    body: tuple[Statement, ...]


class Match(Node, frozen=True, tag=57):
    """`match subject`."""

    subject: Expr
    cases: tuple[Case, ...]


class Function(Node, frozen=True, tag=58):
    """A `def`. `at` runs from `def` or `async` to the end of the body; decorators stand before it.

    `decorators` are the expressions after `@`. `is_generator` tells whether the body itself yields.
    """

    name: str
    name_at: int
    is_async: bool
    is_generator: bool
    parameters: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    body: tuple[Statement, ...]


class Class(Node, frozen=True, tag=59):
    """A `class`. `at` runs from `class` to the end of the body; decorators stand before it."""

    name: str
    name_at: int
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Statement, ...]


class TypeAlias(Node, frozen=True, tag=60):
    """`type name = value` (PEP 695)."""

    name: str
    value: Expr


Expr = Union[
    Name,
    Attribute,
    Call,
    Constant,
    Template,
    Collection,
    Mapping,
    Subscript,
    Slice,
    Operation,
    Boolean,
    Unary,
    Compare,
    Conditional,
    Await,
    Yield,
    Lambda,
    Comprehension,
    Starred,
    Walrus,
    Opaque,
]

Statement = Union[
    Expression,
    Assign,
    Declaration,
    AugmentedAssign,
    Return,
    Raise,
    Delete,
    Assert,
    Global,
    Control,
    Import,
    ImportFrom,
    If,
    For,
    While,
    With,
    Try,
    Match,
    Function,
    Class,
    TypeAlias,
]


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment that speaks to us (it holds `fastapi-lint:`), in Python, YAML, TOML or a Dockerfile.

    `line` and `column` are 1-based; `alone` tells that nothing else stands on the line; `first_block`
    that it belongs to the file's first comment block.
    """

    line: int
    column: int
    text: str
    alone: bool
    first_block: bool


class PythonFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that is kept of one Python file.

    `line_starts` holds the offset of the first character of each line; `comments` only those that speak
    to us. `screened` says why a file was read no further than that its syntax is right: then `body` is empty.
    `names` are the names and attributes that its expressions read or set, and those in its import statements:
    what is not among them need not be looked for; nor does `:=` without `has_walrus`.
    """

    body: tuple[Statement, ...]
    line_starts: tuple[int, ...]
    comments: tuple[Comment, ...]
    screened: Choice["", "test", "revision"] = ""
    names: frozenset[str] = frozenset()
    has_walrus: bool = False


class SyntaxProblem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a file has no facts: a message without position, and where (1-based, code points)."""

    message: str
    line: int
    column: int
    kind: Choice["syntax", "unreadable", "too-deep"]
