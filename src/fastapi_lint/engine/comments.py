"""What the comments that speak to the linter say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.catalogue import group_named
from fastapi_lint.findings import Finding, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.catalogue import Catalogue
    from fastapi_lint.facts.python.syntax import Comment

_DIRECTIVE = re.compile(r"(?:^|#)[ \t]*fastapi-lint[ \t]*:[ \t]*(?P<rest>.*)")
_IGNORE = re.compile(r"(?P<verb>ignore-file|ignore)[ \t]*\[(?P<rules>[^\[\]]*)\]")
_ROLE = re.compile(r"role[ \t]*=[ \t]*[a-z]+")
FORMS = "`ignore[CODE] reason`, `ignore-file[CODE] reason` or `role=ROLE`"


class Ignore(msgspec.Struct, frozen=True):
    """One rule that one comment ignores, and where the comment names it.

    `alone` tells that nothing else stands on the line, `whole_file` that it holds for the file.
    """

    code: str
    span: Span
    alone: bool
    whole_file: bool


class Heard(msgspec.Struct, frozen=True):
    """What the comments of a file say: ignores, and findings about what can't be understood."""

    ignores: tuple[Ignore, ...]
    malformed: tuple[Finding, ...]


def hear(path: str, comments: Iterable[Comment], catalogue: Catalogue) -> Heard:
    """Read the comments of one file."""
    ignores: list[Ignore] = []
    malformed: list[Finding] = []
    for comment in comments:
        for item in _read(path, comment, catalogue):
            if isinstance(item, Ignore):
                ignores.append(item)
            else:
                malformed.append(item)
    return Heard(tuple(ignores), tuple(malformed))


def _read(path: str, comment: Comment, catalogue: Catalogue) -> Iterator[Ignore | Finding]:
    directive = _DIRECTIVE.search(comment.text)
    if directive is None or _ROLE.match(directive["rest"]):
        return
    start = directive.start("rest")
    ignore = _IGNORE.match(directive["rest"])
    if ignore is None:
        message = f"the comment isn't understood: `{directive['rest'].strip()}`"
        yield Finding(_span(path, comment, 0, len(comment.text)), message, f"Write {FORMS}")
        return
    whole_file = ignore["verb"] == "ignore-file"
    if whole_file and not comment.first_block:
        message = "`ignore-file` has no effect below the first comment block"
        span = _span(path, comment, 0, len(comment.text))
        yield Finding(span, message, "Move the comment to the top of the file")
        return
    yield from _read_rules(path, comment, ignore, start, catalogue)


def _read_rules(
    path: str, comment: Comment, ignore: re.Match[str], offset: int, catalogue: Catalogue
) -> Iterator[Ignore | Finding]:
    at = offset + ignore.start("rules")
    for word in ignore["rules"].split(","):
        name = word.strip()
        begin = at + len(word) - len(word.lstrip())
        at += len(word) + 1
        rule = catalogue.rule(name) if name else None
        if rule is not None:
            span = _span(path, comment, begin, begin + len(name))
            yield Ignore(rule.code, span, comment.alone, ignore["verb"] == "ignore-file")
            continue
        yield Finding(_span(path, comment, 0, len(comment.text)), *_fault(name, catalogue))


def _fault(name: str, catalogue: Catalogue) -> tuple[str, str]:
    if not name:
        return "the comment names no rule", f"Write {FORMS}"
    if group_named(name) is not None:
        return f"`{name}` is a group of rules", "Name each rule by its code or name"
    suggestion = catalogue.suggestion(name)
    help_ = f"Did you mean `{suggestion}`?" if suggestion else "`fastapi-lint rules` lists all rules"
    return f"there is no rule `{name}`", help_


def _span(path: str, comment: Comment, start: int, end: int) -> Span:
    line, column = comment.line, comment.column
    return Span(path, line, column + start, line, column + end)
