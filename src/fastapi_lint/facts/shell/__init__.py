"""Shell text: start scripts, shell-form instructions, `sh -c` arguments. Nothing is ever run."""

from fastapi_lint.facts.shell.commands import split_command, split_word
from fastapi_lint.facts.shell.model import Assignment, Block, ShellFacts, SimpleCommand
from fastapi_lint.facts.shell.script import read

__all__ = ["Assignment", "Block", "ShellFacts", "SimpleCommand", "read", "split_command", "split_word"]
