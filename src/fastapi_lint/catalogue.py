"""The rules as their pages describe them: what exists, what it is called, and which preset has it.

A page is `rules/<folder>/<name>.md`: metadata as TOML between two lines `+++`, a title, a summary of one
paragraph, and sections. CONTRIBUTING.md describes the format.
"""

from __future__ import annotations

import difflib
import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FENCE = "+++"
URL = "https://github.com/fastapi-lint/fastapi-lint/blob/main/rules"
OWN_GROUP = "FAL"


class CatalogueError(Exception):
    """A page or the file of presets is not as it has to be. The message names the file."""


class Group(msgspec.Struct, frozen=True):
    """A family of rules: the prefix of its codes, the folder of its pages and checks, what it is about."""

    prefix: str
    folder: str
    title: str


GROUPS = (
    Group("ARC", "architecture", "Project structure and the responsibilities of layers"),
    Group("CFG", "settings", "Configuration with Pydantic settings"),
    Group("DEP", "dependencies", "Dependency injection"),
    Group("RTE", "routes", "Apps, routers and routes"),
    Group("ASY", "concurrency", "Async code and blocking calls"),
    Group("DBS", "database", "Engines and sessions"),
    Group("BGT", "background", "Background and scheduled work"),
    Group("WSK", "websockets", "WebSockets"),
    Group("ERR", "errors", "Error handling"),
    Group("LOG", "logging", "Logging"),
    Group("HLT", "health", "Liveness and readiness"),
    Group("SEC", "security", "Security"),
    Group("PYD", "pydantic", "Pydantic models"),
    Group("DPL", "deployment", "Images, services and start commands"),
    Group("XAR", "cross_artifact", "Code and deployment files against each other"),
    Group(OWN_GROUP, "analysis", "What the linter says about its own work"),
)
_ORDER = {group.prefix: index for index, group in enumerate(GROUPS)}
_BY_FOLDER = {group.folder: group for group in GROUPS}


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head of a page. `versions` is prose; `options` are the configuration keys that the rule reads."""

    code: str
    name: str
    severity: Severity
    default: bool
    fix: Literal["none", "safe", "unsafe", "shown"]
    tier: int = 1
    versions: str = ""
    presets: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """One rule: its metadata, its group, the sentence that sums it up, and its page."""

    meta: Metadata
    group: Group
    summary: str
    page: str

    @property
    def code(self) -> str:
        return self.meta.code

    @property
    def name(self) -> str:
        return self.meta.name

    @property
    def module(self) -> str:
        """Dotted name of the module that holds the rule's `check`, below the package of checks."""
        return f"{self.group.folder}.{self.name.replace('-', '_')}"

    @property
    def url(self) -> str:
        return f"{URL}/{self.group.folder}/{self.name}.md"


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named choice of rules.

    `default` adds the rules that are on by default, `all` every rule, `select` the rules that it names by
    code, name or group; a page can name further presets. `layered` tells that the guards fall which ask
    whether a layer or a deployment exists.
    """

    summary: str
    default: bool = False
    all: bool = False
    select: tuple[str, ...] = ()
    layered: bool = False


class Catalogue:
    """All rules in the order of their groups and codes, and the presets."""

    def __init__(self, rules: Iterable[Rule], presets: dict[str, Preset]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: (_ORDER[rule.group.prefix], rule.code)))
        self.presets = presets
        self._by_word = {word: rule for rule in self.rules for word in (rule.code.lower(), rule.name)}

    def rule(self, word: str) -> Rule | None:
        """The rule with this code or name, whatever its case."""
        return self._by_word.get(word.strip().lower())

    def named(self, word: str) -> tuple[Rule, ...]:
        """The rules that a code, a name, a group (prefix or folder) or `ALL` names; none if unknown."""
        if word.strip().lower() == "all":
            return self.rules
        group = group_named(word)
        if group is not None:
            return tuple(rule for rule in self.rules if rule.group == group)
        rule = self.rule(word)
        return (rule,) if rule else ()

    def knows(self, word: str) -> bool:
        """Whether the word is the code or name of a rule, a group, or `ALL`."""
        return word.strip().lower() == "all" or group_named(word) is not None or self.rule(word) is not None

    def suggestion(self, word: str) -> str | None:
        """The code, name or group that looks most like an unknown word."""
        words = [*self._by_word, *(g.prefix.lower() for g in GROUPS), *_BY_FOLDER]
        close = difflib.get_close_matches(word.strip().lower(), words, n=1, cutoff=0.6)
        if not close:
            return None
        rule = self.rule(close[0])
        group = group_named(close[0])
        if rule is not None:
            return rule.code if close[0] == rule.code.lower() else rule.name
        return group.prefix if group and close[0] == group.prefix.lower() else close[0]

    def in_preset(self, rule: Rule, name: str) -> bool:
        """Whether a preset has a rule. What the linter says about its own work is in all of them."""
        preset = self.presets[name]
        return (
            preset.all
            or rule.group.prefix == OWN_GROUP
            or (preset.default and rule.meta.default)
            or name in rule.meta.presets
            or any(rule in self.named(word) for word in preset.select)
        )

    def presets_of(self, rule: Rule) -> tuple[str, ...]:
        """The names of the presets that have a rule, in the order of the file of presets."""
        return tuple(name for name in self.presets if self.in_preset(rule, name))


def group_named(word: str) -> Group | None:
    """The group with this prefix or folder, whatever its case."""
    wanted = word.strip().lower()
    return next((g for g in GROUPS if wanted in (g.prefix.lower(), g.folder)), None)


def rules_folder() -> Path:
    """Where the pages are: beside the package in an installed wheel, else at the top of the checkout.

    The place is found from this module's file, never from the installed distribution: an editable
    install leaves a copy of the pages in site-packages that grows old.
    """
    package = Path(__file__).resolve().parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parents[1] / "rules"


@functools.lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue that belongs to this package.

    Raises CatalogueError if there is none or if a page is malformed.
    """
    return load(rules_folder())


def load(folder: Path) -> Catalogue:
    """The catalogue of a folder with pages and `presets.toml`. Raises CatalogueError."""
    pages = sorted(folder.glob("*/*.md"))
    if not pages:
        raise CatalogueError(f"no rule pages in {folder}")
    rules = [read_page(page) for page in pages]
    _check_unique(rules)
    catalogue = Catalogue(rules, _read_presets(folder / "presets.toml"))
    _check_presets(catalogue)
    return catalogue


def read_page(page: Path) -> Rule:
    """The rule that a page describes. Raises CatalogueError."""
    text = page.read_text("utf-8")
    group = _BY_FOLDER.get(page.parent.name)
    if group is None:
        raise CatalogueError(f"{page}: `{page.parent.name}` is no group's folder")
    head, body = split_page(page, text)
    try:
        meta = msgspec.convert(tomllib.loads(head), Metadata)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{page}: {error}") from error
    if meta.name != page.stem or not meta.code.startswith(group.prefix):
        raise CatalogueError(f"{page}: `{meta.code} {meta.name}` does not belong in this file")
    return Rule(meta, group, _summary(page, body), str(page))


def split_page(page: Path | str, text: str) -> tuple[str, str]:
    """The metadata (TOML) and the body (Markdown) of a page's text. Raises CatalogueError."""
    parts = text.replace("\r\n", "\n").split(FENCE + "\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise CatalogueError(f"{page}: the page does not begin with metadata between two lines {FENCE}")
    return parts[1], parts[2].lstrip("\n")


def page_body(rule: Rule) -> str:
    """The Markdown of a rule's page, without its metadata."""
    return split_page(rule.page, Path(rule.page).read_text("utf-8"))[1]


def _summary(page: Path, body: str) -> str:
    paragraphs = body.split("\n\n", 2)
    if len(paragraphs) < 2 or not paragraphs[0].startswith("# ") or paragraphs[1].startswith("#"):
        raise CatalogueError(f"{page}: a title and a summary of one paragraph come first")
    return " ".join(paragraphs[1].split())


def _read_presets(file: Path) -> dict[str, Preset]:
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, Preset])
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{file}: {error}") from error


def _check_unique(rules: Sequence[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        for word in (rule.code, rule.name):
            if word in seen:
                raise CatalogueError(f"{rule.page}: `{word}` stands in {seen[word].page} too")
            seen[word] = rule


def _check_presets(catalogue: Catalogue) -> None:
    for name, preset in catalogue.presets.items():
        for word in preset.select:
            if not catalogue.knows(word):
                raise CatalogueError(f"presets.toml: `{name}`: `{word}` is no rule and no group")
    for rule in catalogue.rules:
        for name in rule.meta.presets:
            if name not in catalogue.presets:
                raise CatalogueError(f"{rule.page}: there is no preset `{name}`")
