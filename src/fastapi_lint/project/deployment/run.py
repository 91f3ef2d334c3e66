"""Follows what an artifact starts, through wrappers, shells and scripts, to the servers at its end."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.project.deployment import python, servers, shells, wrappers
from fastapi_lint.project.deployment.model import Ran, Step, Unresolved, Value
from fastapi_lint.project.deployment.state import MAX_DEPTH, State
from fastapi_lint.project.deployment.words import is_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.files import Files
    from fastapi_lint.project.deployment.model import Argument, Launch, StartCommand
    from fastapi_lint.project.deployment.targets import Targets
    from fastapi_lint.project.project import Project

NO_SERVER = "is not a server that is known, and no script of the project"
"""The reason for a way that ends with some other program."""

TOO_LONG = "there are too many commands to follow"

_MAX_RAN = 2_000
_MAX_READ = 3_000
_MAX_FOLDERS = 50
_PYTHON = ("python", "pypy")
_SEARCH_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


class Runner:
    """Runs nothing: reads what would run, and collects the servers it meets.

    `found` are servers in order, `ran` every command of shells and scripts on the way, `unresolved` where
    the way ended without one, `read` the configurations of supervisord that were read. `spent` is how
    many commands of shells were read.
    """

    def __init__(self, project: Project, files: Files, launch: Launch, targets: Targets) -> None:
        self.project = project
        self.files = files
        self.launch = launch
        self.targets = targets
        self.found: list[StartCommand] = []
        self.ran: list[Ran] = []
        self.unresolved: list[Unresolved] = []
        self.read: set[str] = set()
        self.spent = 0

    def may_read(self) -> bool:
        """Count one more command of a shell; whether it may be read."""
        self.spent += 1
        return self.spent <= _MAX_READ

    def give_up(self, span: Span) -> None:
        """Remember where reading ended because there is too much."""
        if not any(end.reason == TOO_LONG for end in self.unresolved):
            self.unresolved.append(Unresolved(span, "...", TOO_LONG))

    def text_of(self, path: str) -> str:
        """The text of an artifact, to find words in it."""
        return self.project.artifacts.text(path)

    def run(self, words: Sequence[Argument], state: State) -> None:
        """Follow one command."""
        words, state = self._unwrapped(_without_prefix(tuple(words)), state)
        if not words:
            return
        if state.depth > MAX_DEPTH or len(self.ran) > _MAX_RAN:
            self.stop(words, "too many programs start each other")
            return
        self.note(words, state)
        name = (words[0].text or "").rpartition("/")[2]
        if words[0].text is None:
            self.stop(words, _unknown_reason(words[0]))
        elif name in shells.FAMILIES:
            shells.run(self, words, state)
        elif name in servers.SERVERS:
            self.serve(name, words, state)
        elif name.startswith(_PYTHON):
            python.run(self, words, state)
        elif words[0].text in ("-m", "--module", "-c") or _is_program(words[0].text, state):
            # `uv run -m`, `uv run main.py`, or words for an ENTRYPOINT of the base image that isn't known.
            python.run(self, (words[0], *words), state)
        elif words[0].text.startswith("-") and not state.wrappers:
            self.stop(words, "the image's own ENTRYPOINT isn't known")
        else:
            self._program(name, words, state)

    def stop(self, words: Sequence[Argument], reason: str) -> None:
        """Remember where a way ended without a server."""
        text = " ".join(word.written for word in words)
        self.unresolved.append(Unresolved(words[0].span, text[:200], reason))

    def _unwrapped(self, words: tuple[Argument, ...], state: State) -> tuple[tuple[Argument, ...], State]:
        """The innermost program of a chain of wrappers."""
        for _ in range(MAX_DEPTH):
            inner = wrappers.unwrap(words)
            if inner is None:
                return words, state
            self.note(words, state)
            step = Step("wrapper", words[0].span, inner.text, why="group" if inner.group else "")
            variables = {
                name: Value((word.text or "").partition("=")[2], "variable", word.span, name)
                for name, word in inner.variables
            }
            state = replace(
                state.setting(variables), steps=(*state.steps, step), wrappers=(*state.wrappers, inner.text)
            )
            words = inner.words
        return words, state

    def note(self, words: Sequence[Argument], state: State) -> None:
        """Remember a command that runs on the way."""
        conditional = state.conditional
        order = len(self.ran)
        self.ran.append(Ran(tuple(words), words[0].span, conditional, order, state.wrappers, state.loop))

    def serve(self, server: str, words: tuple[Argument, ...], state: State) -> None:
        """A server was reached."""
        from fastapi_lint.project.deployment.starts import command_line

        found = command_line(self, server, words, state)
        if found is not None:
            self.found.append(found)
        else:
            self.stop(words, f"`{server}` is not asked to serve")

    def _program(self, name: str, words: tuple[Argument, ...], state: State) -> None:
        """A script, a make target, supervisord, or a command line of the project's own."""
        from fastapi_lint.project.deployment import supervisors

        if supervisors.run(self, name, words, state):
            return
        located = self.locate(words[0].text or "", state)
        if located is not None:
            inside, path = located
            self._file(inside, path, words, state)
        elif not python.console_script(self, name, words, state):
            self.stop(words, f"`{name}` {NO_SERVER}")

    def locate(self, text: str, state: State) -> tuple[str, str] | None:
        """The program that a word names: its path as the process sees it, and below the root."""
        if "/" in text:
            inside = state.inside(text)
            path = self.files.locate(inside) if inside is not None else None
            return (inside, path) if inside is not None and path is not None else None
        for folder in (*_folders_of(state), *_SEARCH_PATH):
            inside = posixpath.join(folder, text)
            path = self.files.locate(inside)
            if path is not None and path not in self.project.artifacts.folders:
                return inside, path
        return None

    def _file(self, inside: str, path: str, words: tuple[Argument, ...], state: State) -> None:
        if path in self.project.artifacts.folders:
            self.stop(words, f"`{path}` is a folder")
        elif path.endswith(".py") or _is_python(self.project, path):
            python.run_file(self, inside, path, words, state)
        else:
            shells.run_script(self, inside, path, words, state, "")


def _without_prefix(words: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The words without an array that stands before a server (`"${prefix[@]}" uvicorn ...`): a wrapper, or
    nothing.
    """
    if len(words) > 1 and words[1].text in servers.SERVERS and words[0].word is not None:
        return words[1:] if is_array(words[0].word) else words
    return words


def _is_program(text: str, state: State) -> bool:
    """Whether the wrapper before a word takes it as a Python file."""
    return text.endswith(".py") and state.wrappers[-1:] in (("uv run",), ("coverage run",))


def _folders_of(state: State) -> list[str]:
    text = state.variables.get("PATH") or ""
    return [folder for folder in text.split(":", _MAX_FOLDERS)[:_MAX_FOLDERS] if folder.startswith("/")]


def _is_python(project: Project, path: str) -> bool:
    facts = project.artifacts.script(path)
    return facts is not None and facts.interpreter.startswith(_PYTHON)


def _unknown_reason(word: Argument) -> str:
    if word.rest and word.written.strip("\"'${}") in "@*":
        return "the script's arguments aren't known"
    return f"the value of `{word.written}` isn't known"
