"""The examples on a rule's page: small repositories with the lines that the rule reports.

CONTRIBUTING.md describes how they are written.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.catalogue import page_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi_lint.catalogue import Rule

SECTIONS = ("Bad", "Good", "Silent")
DEFAULT_PATHS = {"python": "app/main.py", "dockerfile": "Dockerfile"}
ILLUSTRATIONS = ("", "text", "console")

_HEADING = re.compile(r"(#{2,3}) +(.+?) *$")
_FENCE = re.compile(r"(`{3,})([^`]*)$")
_PATH = re.compile(r"`([^`]+)`( \(bytes\))?:?$")
_CODES = r"(?P<codes>[A-Z]{3}\d{3}(?:,[ \t]*[A-Z]{3}\d{3})*)"
_MARKER = re.compile(rf"[ \t]*(?:\#|//|--|;)[ \t]*error:[ \t]*{_CODES}[ \t]*$")
_NEXT_LINE = re.compile(rf"[ \t]*(?:\#|//|--|;)[ \t]*error-next-line:[ \t]*{_CODES}[ \t]*$")


class ExampleError(Exception):
    """An example is not written as it has to be. The message names the page."""


class Example(msgspec.Struct, frozen=True):
    """One example: the files of a small repository, and what is expected of the page's rule on them.

    `expected` counts the findings for each (path, 1-based line). `fixed` holds the contents after fixing
    of the files that a fix changes. `title` tells examples of one page apart.
    """

    code: str
    section: Literal["Bad", "Good", "Silent"]
    title: str
    files: Mapping[str, str | bytes]
    expected: Mapping[tuple[str, int], int]
    fixed: Mapping[str, str]


class _Block(msgspec.Struct, frozen=True):
    """A fenced block: where it stands, its file, and whether it is what a fix leaves."""

    section: str
    heading: str
    path: str
    text: str
    is_bytes: bool
    is_fixed: bool


def examples(rule: Rule) -> list[Example]:
    """The examples of a rule's page, in order. Raises ExampleError.

    All blocks below one heading are one example.
    """
    headings: dict[tuple[str, str], list[_Block]] = {}
    for block in _blocks(rule):
        headings.setdefault((block.section, block.heading), []).append(block)
    return [_example(rule, blocks) for blocks in headings.values()]


def _blocks(rule: Rule) -> Iterator[_Block]:
    """The example blocks of a page; other fenced text is passed over."""
    section = heading = above = ""
    lines = iter(page_body(rule).split("\n"))
    for line in lines:
        title, fence = _HEADING.match(line), _FENCE.match(line)
        if title:
            section = title[2] if len(title[1]) == 2 else section
            heading = "" if len(title[1]) == 2 else title[2]
        elif fence:
            text = _until(lines, fence[1])
            if section in SECTIONS and (_PATH.match(above) or fence[2].strip() not in ILLUSTRATIONS):
                yield _block(rule, section, heading, above, fence[2].split(), text)
        if line.strip():
            above = line.strip()


def _until(lines: Iterator[str], fence: str) -> str:
    taken = []
    for line in lines:
        if line.rstrip() == fence:
            break
        taken.append(line)
    return "".join(f"{line}\n" for line in taken)


def _block(rule: Rule, section: str, heading: str, above: str, info: list[str], text: str) -> _Block:
    named = _PATH.match(above)
    language = info[0] if info else ""
    path = named[1] if named else DEFAULT_PATHS.get(language, "")
    if not path:
        raise ExampleError(f"{rule.page}: a block of `{language}` needs a line with its path above it")
    return _Block(section, heading, path, text, bool(named and named[2]), "fixed" in info[1:])


def _example(rule: Rule, blocks: list[_Block]) -> Example:
    files: dict[str, str | bytes] = {}
    fixed: dict[str, str] = {}
    expected: Counter[tuple[str, int]] = Counter()
    for block in blocks:
        known = fixed if block.is_fixed else files
        if block.path in known:
            raise ExampleError(f"{rule.page}: `{block.path}` stands twice below `{block.heading}`; add a ###")
        if block.is_fixed:
            fixed[block.path] = block.text
            continue
        text, found = without_markers(rule, block.text)
        expected.update((block.path, line) for line in found)
        files[block.path] = _bytes(text) if block.is_bytes else text
    first = blocks[0]
    if (first.section == "Bad") != bool(expected):
        wrong = "has no" if first.section == "Bad" else "has an"
        raise ExampleError(f"{rule.page}: `{first.section}: {first.heading}` {wrong} `# error: {rule.code}`")
    section: Literal["Bad", "Good", "Silent"] = first.section  # type: ignore[assignment]  # one of SECTIONS
    return Example(rule.code, section, first.heading, files, expected, fixed)


def without_markers(rule: Rule, text: str) -> tuple[str, list[int]]:
    """The text without its markers, and the 1-based lines that they mark, a line once for each code.

    Raises ExampleError for a marker with another rule's code.
    """
    kept: list[str] = []
    marked: list[int] = []
    for line in text.split("\n"):
        above, trailing = _NEXT_LINE.match(line), _MARKER.search(line)
        marker = above or trailing
        if marker is not None:
            codes = [code.strip() for code in marker["codes"].split(",")]
            if set(codes) != {rule.code}:
                raise ExampleError(f"{rule.page}: `{marker['codes']}` is marked; the page is of {rule.code}")
            marked += [len(kept) + 1] * len(codes)
        if above is None:
            kept.append(line[: trailing.start()] if trailing else line)
    return "\n".join(kept), marked


def _bytes(text: str) -> bytes:
    """The bytes of a block in which `\\xE9` stands for that byte."""
    return text.encode("utf-8").decode("unicode_escape").encode("latin-1")
