"""Whether a text is a template for Jinja, cookiecutter or Helm, and not yet the file it will become.

Braces alone prove nothing: Docker, compose and shell hand Go templates such as `{{.Names}}` to programs. In
doubt a file counts as a template, since a template that is read as a file gives false findings.
"""

import re

from fastapi_lint.sources.kinds import Kind

_STATEMENT = re.compile(r"^[ \t]*\{%[-+]?[ \t]*\w[^\n]*%\}", re.M)
_COOKIECUTTER = re.compile(r"\{\{-?\s*(?:cookiecutter|copier|project_)\w*\b")
_FIELD = re.compile(r"\{\{-?\s*([^\s}]?[\w.]*)")
_HELM = re.compile(r"\.(?:Values|Release|Chart|Capabilities|Files|Template)\b")
_HEREDOC = re.compile(r"<<-?\s*([\"']?)([A-Za-z_]\w*)\1")
_KEYWORD = re.compile(r"\s*([A-Za-z]+)\s")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")

_SHELL_INSTRUCTIONS = frozenset(("run", "healthcheck", "cmd", "entrypoint", "onbuild", "label"))

_BLOCK_LINE = re.compile(
    rb"^[ \t]*\{%[-+]?[ \t]*(?:if|for|block|set|macro|extends|raw|include|import)\b", re.MULTILINE
)


def is_template(text: str, kind: Kind) -> bool:
    """Whether `text`, of a file of this kind, holds template syntax that its own format doesn't have."""
    if "{{" not in text and "{%" not in text:
        return False
    if kind is Kind.PYTHON or kind is Kind.LOCKFILE:
        return False
    if _STATEMENT.search(text) or _COOKIECUTTER.search(text):
        return True
    if kind is Kind.DOCKERFILE:
        return any(_foreign_in_instruction(line, shell) for line, shell in _instruction_lines(text))
    if kind is Kind.COMPOSE or kind is Kind.KUBERNETES:
        return any(_foreign_in_yaml(line, kind) for line in text.split("\n") if "{{" in line or "{%" in line)
    return False


def _foreign_in_yaml(line: str, kind: Kind) -> bool:
    if line.lstrip().startswith("#"):
        return False
    if "{%" in line and "%}" in line:
        return True
    for match in _FIELD.finditer(line):
        name = match.group(1)
        own = name.startswith(".") if kind is Kind.COMPOSE else name.startswith("$")
        if not own or _HELM.match(name):
            return True
    return False


def _foreign_in_instruction(line: str, shell: bool) -> bool:
    seen = _QUOTED.sub("", line) if shell else line
    return any(not match.group(1).startswith((".", "$")) for match in _FIELD.finditer(seen))


def _instruction_lines(text: str) -> list[tuple[str, bool]]:
    """Lines of a Dockerfile that hold `{{`, without comments and heredocs; true where a shell reads them."""
    found: list[tuple[str, bool]] = []
    ends: list[str] = []
    shell = continued = False
    for line in text.split("\n"):
        stripped = line.strip()
        if ends:
            if stripped == ends[0]:
                ends.pop(0)
            continue
        if stripped.startswith("#"):
            continue
        if not continued:
            keyword = _KEYWORD.match(line)
            shell = keyword is not None and keyword.group(1).lower() in _SHELL_INSTRUCTIONS
        if "{{" in line:
            found.append((line, shell))
        if "<<" in line:
            ends = [match.group(2) for match in _HEREDOC.finditer(line)]
        continued = stripped.endswith(("\\", "`"))
    return found


def is_python_template(source: bytes, line: int) -> bool:
    """Whether Python source with a syntax error on a line (1-based) is a template of Jinja or cookiecutter.

    Braces in strings are common in Python, so the mark has to stand on the line of the error, or a block has
    to open a line of its own.
    """
    lines = source.splitlines()
    around = lines[max(line - 2, 0) : line]
    if any(b"{%" in text or b"{{" in text for text in around):
        return True
    return _BLOCK_LINE.search(source) is not None
