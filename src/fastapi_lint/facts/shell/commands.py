"""Groups the words of shell text into simple commands, and remembers the constructs around each."""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.place import Lines, Locator, Place
from fastapi_lint.facts.shell.model import Assignment, Block, Construct, SimpleCommand
from fastapi_lint.facts.shell.tokens import Operator, Token, tokens
from fastapi_lint.facts.words import Part, Word

MAX_TEXT = 1 << 18
_MAX_BLOCKS = 200
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?(\+?)=")
_SEPARATORS = frozenset((";", "\n", "&&", "||", "|", "|&", "&"))
_OPENING: dict[str, Construct] = {
    "if": "if",
    "while": "while",
    "until": "until",
    "for": "for",
    "select": "for",
    "case": "case",
    "{": "group",
}
_CLOSING: dict[str, tuple[Construct, ...]] = {
    "fi": ("if",),
    "done": ("while", "until", "for"),
    "esac": ("case",),
    "}": ("group", "function"),
}
_PASSED_OVER = frozenset(("then", "else", "elif", "do", "!", "time", "coproc"))
_TESTS = frozenset(("[", "[[", "test", "grep", "command", "which", "type", "hash", "false"))


def split_command(text: str, locator: Locator | None = None) -> tuple[SimpleCommand, ...]:
    """The simple commands of shell text, in order.

    Places count from the text's own start, or are what `locator` says. Text beyond 256 KiB gives nothing.
    """
    if len(text) > MAX_TEXT:
        return ()
    splitter = _Splitter(locator or Lines.of(text))
    for token in tokens(text, splitter.locator):
        splitter.take(token)
    splitter.flush("")
    return tuple(splitter.commands)


def split_word(word: Word) -> tuple[SimpleCommand, ...]:
    """The simple commands of a word that holds shell text: the argument of `sh -c`."""
    return split_command(word.text, word.inside())


class _Frame(msgspec.Struct):
    """An open construct. `header`: its words before `do` or `in`; `pattern`: a `case` before the next `)`."""

    kind: Construct
    label: str = ""
    subject: str = ""
    header: bool = False
    pattern: bool = False


class _Splitter(msgspec.Struct):
    """Takes one token after the other. Constructs stand on a stack, so depth costs no recursion."""

    locator: Locator
    commands: list[SimpleCommand] = msgspec.field(default_factory=list)
    frames: list[_Frame] = msgspec.field(default_factory=list)
    words: list[Word] = msgspec.field(default_factory=list)
    assignments: list[Assignment] = msgspec.field(default_factory=list)
    start: int = -1
    end: int = -1
    guarded: bool = False
    piped: bool = False
    redirected: bool = False
    heredoc: bool = False
    skip_next: bool = False
    function: str | None = None

    def take(self, token: Operator | Token) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.pattern:
            self._in_pattern(frame, token)
        elif isinstance(token, Operator):
            self._operator(token, frame)
        elif self.skip_next:
            self.skip_next = False
            self.end = token.end if self.start >= 0 else -1
        elif frame is not None and frame.header:
            self._in_header(frame, token.word)
        else:
            self._word(token)

    def flush(self, connector: str) -> None:
        """End the command under construction; `connector` follows it."""
        if self.words or self.assignments:
            piped = self.piped or connector in ("|", "|&")
            self.commands.append(
                SimpleCommand(
                    tuple(self.words),
                    tuple(self.assignments),
                    {"\n": ";", "|&": "|"}.get(connector, connector),
                    tuple(Block(f.kind, f.label, f.subject) for f in self.frames if not f.header),
                    self.guarded,
                    piped,
                    self.locator.place(self.start, max(self.end, self.start)),
                    self.redirected,
                    self.heredoc,
                )
            )
            self._after(connector)
        elif connector in (";", "\n", "&"):
            self.guarded = self.piped = False
        self.words, self.assignments = [], []
        self.start = -1
        self.redirected = self.heredoc = self.skip_next = False

    def _after(self, connector: str) -> None:
        self.piped = connector in ("|", "|&")
        if connector == "||":
            self.guarded = True
        elif connector == "&&":
            self.guarded = self.guarded or (bool(self.words) and _is_test(self.words[0].text))
        elif not self.piped:
            self.guarded = False

    def _operator(self, token: Operator, frame: _Frame | None) -> None:
        mark = token.text
        if self.words and self.words[0].text == "[[" and self.words[-1].text != "]]" and mark != "\n":
            return
        if mark in _SEPARATORS:
            if frame is not None and frame.header and frame.kind == "for":
                frame.header = False
            self.flush(mark)
        elif mark in (";;", ";&", ";;&"):
            self.flush("")
            self._next_branch()
        elif mark == "(":
            self._open_parenthesis()
        elif mark == ")":
            self._close_parenthesis()
        else:
            self._redirection(mark)

    def _redirection(self, mark: str) -> None:
        bare = mark.lstrip("0123456789")
        self.skip_next = bare not in ("<(", ">(")
        self.heredoc = self.heredoc or bare in ("<<", "<<-", "<<<")
        to_file = bare in (">", ">>", ">|") and not mark.startswith("2")
        self.redirected = self.redirected or to_file or bare in ("&>", "&>>")
        if not self.skip_next:
            self._push(_Frame("subshell"))

    def _open_parenthesis(self) -> None:
        if len(self.words) == 1 and not self.assignments:
            self.function = self.words[0].text
            self.words = []
            self.start = -1
        elif self.function is None:
            self.flush("")
            self._push(_Frame("subshell"))

    def _close_parenthesis(self) -> None:
        if self.function is None:
            self.flush("")
            self._pop(("subshell",))

    def _next_branch(self) -> None:
        self.guarded = self.piped = False
        for frame in reversed(self.frames):
            if frame.kind == "case":
                frame.pattern, frame.label = True, ""
                return

    def _in_pattern(self, frame: _Frame, token: Operator | Token) -> None:
        if isinstance(token, Token):
            if token.word.text == "esac" and not frame.label:
                self._pop(("case",))
            else:
                frame.label += token.word.text
        elif token.text == "|":
            frame.label += "|"
        elif token.text == ")":
            frame.pattern = False

    def _in_header(self, frame: _Frame, word: Word) -> None:
        if frame.kind == "case":
            if word.text == "in" and frame.subject:
                frame.header, frame.pattern = False, True
            else:
                frame.subject = frame.subject or word.text
        elif word.text == "do":
            frame.header = False

    def _word(self, token: Token) -> None:
        word = token.word
        if not self.words:
            if not self.assignments and not word.quoted and self._keyword(word.text):
                return
            assignment = _assignment(word) if token.assigns else None
            if assignment is not None:
                self._extend(token)
                self.assignments.append(assignment)
                return
        self._extend(token)
        self.words.append(word)

    def _extend(self, token: Token) -> None:
        self.start = token.start if self.start < 0 else self.start
        self.end = token.end

    def _keyword(self, text: str) -> bool:
        """Take a reserved word at the start of a command; False if it is none."""
        if text == "{" and self.function is not None:
            self._push(_Frame("function", self.function))
            self.function = None
        elif text == "function":
            self.skip_next, self.function = False, ""
        elif self.function == "":
            self.function = text
        elif text in _OPENING:
            kind = _OPENING[text]
            self._push(_Frame(kind, header=kind in ("for", "case")))
        elif text in _CLOSING:
            self._pop(_CLOSING[text])
        else:
            if text not in _PASSED_OVER:
                self.function = None
            return text in _PASSED_OVER
        return True

    def _push(self, frame: _Frame) -> None:
        if len(self.frames) < _MAX_BLOCKS:
            self.frames.append(frame)

    def _pop(self, kinds: tuple[Construct, ...]) -> None:
        """Close the innermost construct of these kinds, and what was left open inside it."""
        self.guarded = self.piped = False
        for index in range(len(self.frames) - 1, -1, -1):
            if self.frames[index].kind in kinds:
                del self.frames[index:]
                return


def _is_test(name: str) -> bool:
    return name in _TESTS or name.startswith("((")


def _assignment(word: Word) -> Assignment | None:
    match = _ASSIGNMENT.match(word.text)
    first = word.parts[0] if word.parts else word.text
    if match is None or not isinstance(first, str) or len(first) < match.end():
        return None
    size = match.end()
    rest: tuple[Part, ...] = ()
    if word.parts:
        rest = (first[size:], *word.parts[1:]) if len(first) > size else word.parts[1:]
    place = _value_place(word, size)
    value = Word(word.text[size:], place, rest, 0 if word.lead == 0 else -1, word.quoted)
    return Assignment(match.group(1), value, word.place, bool(match.group(2)))


def _value_place(word: Word, size: int) -> Place:
    place = word.place
    if place.line != place.end_line or place.end_column - place.column < size:
        return place
    return Place(place.line, place.column + size, place.end_line, place.end_column)
