"""A finding: what is wrong, where, how it comes about, and what to do."""

from typing import Literal

import msgspec

from fastapi_lint.findings.severity import Severity
from fastapi_lint.findings.span import Span

Safety = Literal["safe", "unsafe", "shown"]


class Related(msgspec.Struct, frozen=True):
    """A second place that belongs to a finding, with a short note of what it is."""

    span: Span
    message: str
    kind: str = "related"
    symbol: str = ""


class Hop(msgspec.Struct, frozen=True):
    """One step of the path that a finding follows: an import, a call, a dependency.

    `kind` is the edge's kind ("imports", "re-exported by", "calls", "depends on", ...); `symbol` is the
    name that the step reaches; `message` is the step in words.
    """

    span: Span
    kind: str
    symbol: str
    message: str


class Edit(msgspec.Struct, frozen=True):
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """Text edits that mend a finding, and how far they can be trusted."""

    safety: Safety
    title: str
    edits: tuple[Edit, ...]


class Finding(msgspec.Struct, frozen=True):
    """What a check yields.

    A check gives `span`, `message` and what else it knows. `code`, `name` and the page's `severity` are
    filled in by the engine from the rule's page, so that they stand in one place only; a check sets
    `severity` where the catalogue names another one for a case. `symbol` is the qualified name of the
    function or class around the span, where there is one: it goes into the fingerprint.
    """

    span: Span
    message: str
    help: str = ""
    related: tuple[Related, ...] = ()
    chain: tuple[Hop, ...] = ()
    fix: Fix | None = None
    symbol: str = ""
    severity: Severity | None = None
    code: str = ""
    name: str = ""
