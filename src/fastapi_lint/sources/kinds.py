"""What kind of file a path names.

A path settles the kind of most files. Three kinds need a look at the first bytes as well: YAML files of
any name may hold Kubernetes manifests or compose services, a file without extension may be a shell script,
and a `.conf` file may configure supervisord. `kind_of` names the candidate, `confirmed` decides it.
"""

import re
from enum import Enum


class Kind(str, Enum):
    """The kinds of files that are read."""

    PYTHON = "python"
    DOCKERFILE = "dockerfile"
    COMPOSE = "compose"
    KUBERNETES = "kubernetes"
    PROCFILE = "procfile"
    SHELL = "shell"
    DOTENV = "dotenv"
    PYPROJECT = "pyproject"
    PIPFILE = "pipfile"
    LOCKFILE = "lockfile"
    REQUIREMENTS = "requirements"
    SETUP_CFG = "setup-cfg"
    PYTHON_VERSION = "python-version"
    DOCKERIGNORE = "dockerignore"
    MAKEFILE = "makefile"
    SUPERVISORD = "supervisord"
    SYSTEMD = "systemd"


EXACT: dict[str, Kind] = {
    "pyproject.toml": Kind.PYPROJECT,
    "pipfile": Kind.PIPFILE,
    "setup.cfg": Kind.SETUP_CFG,
    ".python-version": Kind.PYTHON_VERSION,
    ".containerignore": Kind.DOCKERIGNORE,
    "makefile": Kind.MAKEFILE,
    "gnumakefile": Kind.MAKEFILE,
    "uv.lock": Kind.LOCKFILE,
    "poetry.lock": Kind.LOCKFILE,
    "pdm.lock": Kind.LOCKFILE,
    "pipfile.lock": Kind.LOCKFILE,
    "pylock.toml": Kind.LOCKFILE,
    "dockerfile": Kind.DOCKERFILE,
    "containerfile": Kind.DOCKERFILE,
    "procfile": Kind.PROCFILE,
}

SUFFIXES: dict[str, Kind] = {
    ".py": Kind.PYTHON,
    ".sh": Kind.SHELL,
    ".bash": Kind.SHELL,
    ".mk": Kind.MAKEFILE,
    ".service": Kind.SYSTEMD,
    ".dockerignore": Kind.DOCKERIGNORE,
    ".dockerfile": Kind.DOCKERFILE,
    ".containerfile": Kind.DOCKERFILE,
    ".env": Kind.DOTENV,
}

TEMPLATE_SUFFIXES = (".j2", ".jinja", ".jinja2", ".tpl", ".tmpl", ".erb", ".mustache", ".gotmpl")
"""What the name of a file ends with that is written for a template engine."""

_EXTENSIONS = (
    "js mjs cjs ts mts jsx tsx json jsonc md mdx rst html css go rs java rb php ps1 cmd bat lock log bak "
    "orig swp enc gpg age asc vault png svg ipynb pyi pyc tf"
)
OTHER_LANGUAGES = frozenset(_EXTENSIONS.split())
"""Extensions that outrank the beginning of a name: `Dockerfile.md`, `.env.d.ts`."""

_COMPOSE = re.compile(r"(?:^|[._-])(?:docker[._-]?)?compose(?:[._-].*)?\.ya?ml$")
_REQUIREMENTS = re.compile(r"(?:^|[._-])(?:requirements?|requires|constraints?)(?:[._-].*)?\.(?:txt|in)$")
_DOTENV = re.compile(
    r"^\.env(?:[._-].*)?$"
    r"|^(?:dot)?env[._-](?:example|sample|template|dist|default|local|dev|development|test|prod|production)$"
    r"|\.env[._-](?:example|sample|template|dist|default)$"
)
_DOCKERFILE = re.compile(r"^(?:dockerfile|containerfile)[._-].")
_LOCK = re.compile(r"^pylock\..+\.toml$")

_MANIFEST = (re.compile(rb"^apiVersion[ \t]*:", re.M), re.compile(rb"^kind[ \t]*:", re.M))
_SERVICES = re.compile(
    rb"^services[ \t]*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+[\w.$\"'-]+[ \t]*:[ \t]*\r?$", re.M
)
_SERVICE_KEYS = re.compile(rb"^[ \t]{1,8}(?:image|build)[ \t]*:", re.M)
_SHEBANG = re.compile(rb"^#![^\r\n]*\b(?:sh|bash|dash|ash|zsh)\b")
_PROGRAM = re.compile(rb"^\[(?:program|supervisord)", re.M)


def kind_of(path: str) -> Kind | None:
    """Kind of the file at a POSIX path, or None if such a file is never read.

    KUBERNETES (for any YAML file), SHELL (for a name without extension) and SUPERVISORD (for `.conf`) are
    candidates only: see `needs_bytes` and `confirmed`.
    """
    folder, _, name = path.lower().rpartition("/")
    exact = EXACT.get(name)
    if exact is not None:
        return exact
    dot = name.rfind(".")
    suffix = name[dot:] if dot > 0 else ""
    kind = SUFFIXES.get(suffix)
    if kind is not None:
        return kind
    if suffix[1:] in OTHER_LANGUAGES:
        return None
    if suffix in (".yml", ".yaml"):
        if folder.endswith(".github/workflows"):
            return None
        return Kind.COMPOSE if _COMPOSE.search(name) else Kind.KUBERNETES
    return _by_pattern(name, suffix, folder)


def _by_pattern(name: str, suffix: str, folder: str) -> Kind | None:
    if name == ".dockerignore":
        return Kind.DOCKERIGNORE
    if _DOCKERFILE.match(name):
        return Kind.DOCKERFILE
    if _DOTENV.search(name):
        return Kind.DOTENV
    if name.startswith("procfile."):
        return Kind.PROCFILE
    if suffix in (".txt", ".in"):
        in_folder = folder.rpartition("/")[2] in ("requirements", "requirement")
        return Kind.REQUIREMENTS if in_folder or _REQUIREMENTS.search(name) else None
    if suffix == ".conf" or (suffix == ".ini" and "supervis" in name):
        return Kind.SUPERVISORD
    if _LOCK.match(name):
        return Kind.LOCKFILE
    return Kind.SHELL if "." not in name else None


def needs_bytes(path: str, kind: Kind) -> bool:
    """Whether the kind that `kind_of` gave is only a candidate."""
    if kind is Kind.KUBERNETES or kind is Kind.SUPERVISORD:
        return True
    return kind is Kind.SHELL and "." not in path.rpartition("/")[2]


def confirmed(kind: Kind, content: bytes) -> Kind | None:
    """The kind of a candidate after a look at its bytes, or None if the file is not to be read."""
    if kind is Kind.KUBERNETES:
        if all(pattern.search(content) for pattern in _MANIFEST):
            return kind
        return Kind.COMPOSE if _SERVICES.search(content) and _SERVICE_KEYS.search(content) else None
    if kind is Kind.SUPERVISORD:
        return kind if _PROGRAM.search(content) else None
    return kind if _SHEBANG.match(content) else None


def is_template_name(path: str) -> bool:
    """Whether a path is written for a template engine: braces in a folder's name, or `.j2` and its like."""
    return "{{" in path or "{%" in path or path.lower().endswith(TEMPLATE_SUFFIXES)
