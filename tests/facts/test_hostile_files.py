"""Every reader survives any text, in bounded time, and its facts can be stored."""

import importlib
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

READERS = [
    "compose",
    "dockerfile",
    "dockerignore",
    "dotenv",
    "kubernetes",
    "lockfile",
    "makefile",
    "pipfile",
    "procfile",
    "pyproject",
    "python_version",
    "requirements",
    "setup_cfg",
    "shell",
    "supervisord",
    "systemd",
]

SPACES = " " * 200_000
HOSTILE = {
    "empty": "",
    "nul": "\0" * 1000,
    "spaces": SPACES + "x",
    "spaces inside": f"a{SPACES}b",
    "spaces after a key": f"a:{SPACES}b\na ={SPACES}b\n[a{SPACES}\nFROM{SPACES}x\n",
    "spaces before a comment": f"a=x{SPACES}y\na: x{SPACES}# y\n",
    "newlines": "\n" * 200_000,
    "carriage returns": "\r" * 200_000,
    "form feeds": "\x0c\x0b\x85\u2028\u2029" * 20_000,
    "continuations": "a \\\n" * 100_000,
    "quotes": "\"'" * 50_000,
    "open quotes": 'a="\n' * 20_000,
    "backslashes": "\\" * 100_001,
    "brackets": "[" * 100_000,
    "mixed brackets": "[1,{a=[" * 20_000,
    "braces": "${" * 50_000,
    "parentheses": "$(" * 50_000,
    "dollars": "$" * 100_000,
    "hashes": "# " * 100_000 + "fastapi-lint: x",
    "comments": "# fastapi-lint: ignore[X]\n" * 20_000,
    "equals": "a=" * 100_000,
    "colons": "a:" * 100_000,
    "dots": "a." * 50_000 + "b = 1",
    "dashes": "- " * 100_000,
    "stars": "*a" * 50_000,
    "letters": "e" * 300_000,
    "options": "-" + "e" * 200_000 + "!",
    "set": "set -" + "e" * 100_000 + "!",
    "sections": "[program:x]\ncommand=a\n" * 10_000,
    "packages": '[[package]]\nname = "x"\nversion = "1"\n' * 10_000,
    "surrogate": "\ud800 = 1\n",
    "unicode": "ü😀 = 'x'\nFROM ü\n" * 100,
    "mark": "\ufeffA=1\n",
}


def reader(name: str) -> Callable[[str], Any]:
    read: Callable[[str], Any] = importlib.import_module(f"fastapi_lint.facts.{name}").read
    return read


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts(name: str, text: str) -> None:
    assert reader(name)(text) is not None


PIECES = [
    "name",
    "= ",
    ": ",
    "\n",
    "\r\n",
    "  ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "#",
    "\\",
    "\\\n",
    "$",
    "${A}",
    "- ",
]
PIECES += [
    "FROM a\n",
    "RUN ",
    "CMD ",
    "[project]\n",
    "[[package]]\n",
    "services:\n",
    "kind: Pod\n",
    "<<E",
    "&a ",
    "*a",
    "|\n",
]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("seed", range(5))
def test_any_text_gives_facts_that_can_be_stored(name: str, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = "".join(chance.choices(PIECES, k=25))
        facts = reader(name)(text)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=type(facts)) == facts, text
        assert facts == reader(name)(text), "the same text gives the same facts"
