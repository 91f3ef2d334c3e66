"""Which role a file's name and place speak for."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: dict[str, str] = {
    "router": "api routes routers router endpoints endpoint route views controllers controller handlers",
    "service": "service services usecase usecases use_case use_cases logic",
    "repository": "repository repositories repo repos crud dal dao data_access queries selectors gateways "
    "persistence",
    "model": "models model entities entity tables orm",
    "schema": "schema schemas dto dtos serializers serializer",
    "settings": "config configs settings",
    "database": "database databases db session sessions",
    "dependency": "deps dependencies dependency container containers",
    "middleware": "middleware middlewares",
    "task": "tasks task worker workers jobs job celery",
}
_ROLE_OF: dict[str, str] = {word: role for role, words in _WORDS.items() for word in words.split()}
_OUTSIDE: dict[str, str] = {
    "test": "tests test testing",
    "migration": "migrations alembic migration",
    "script": "scripts script examples example docs docs_src benchmarks notebooks seeds seeders cli",
}
_OUTSIDE_OF: dict[str, str] = {word: role for role, words in _OUTSIDE.items() for word in words.split()}
_OUTSIDE_AT_TOP = frozenset({"tools", "tool", "hack", "ci"})
"""Folders that hold scripts only if they stand at the root: `app/tools` may be a feature."""

_SCRIPT_STEMS = frozenset(
    {"manage", "setup", "noxfile", "fabfile", "conftest", "seed", "seeder", "gunicorn_conf"}
)
LAYER_ROLES = frozenset({"router", "service", "repository", "model", "schema"})

_WHOLE_ONLY = frozenset(
    "logic route job task session sessions api queries model table entity gateways".split()
)
"""Words that are a role only if they are the whole name (`route_planner.py` is no router)."""

_PREFIXES = frozenset("controller crud dao dto models repo repository router routes schemas".split())
"""First words that are a role: `crud_user.py`. Other first words only describe (`schema_utils.py`)."""

_SUFFIX = re.compile(r"impl|implementation|v\d+\Z")
"""Last words that add nothing: `user_repository_impl.py`."""

_HEADS = frozenset(
    """client clients constants errors exceptions factories factory helper helpers loader loaders mixin
    mixins registry tool tools types util utils""".split()
)
"""Last words that make the name one of something else: `schema_utils.py` holds no schemas."""

_CROSS_CUTTING = frozenset("log logs logger loggers logging tracing telemetry metrics".split())
"""What all layers use: such a file belongs to none, wherever it stands."""

_REMEMBERED = 20_000
"""Answers that are kept: every rule asks for the same paths and names again."""


@lru_cache(_REMEMBERED)
def words(name: str) -> tuple[str, ...]:
    """The words of a file's stem or a folder's name, in lower case; `UserService` has two as well."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return tuple(word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word)


def whole_role(name: str) -> str | None:
    """The role that a whole name speaks for: `service` does, `user_service` doesn't."""
    return _ROLE_OF.get("_".join(words(name)))


@lru_cache(_REMEMBERED)
def role_of_name(name: str) -> str | None:
    """The role that a file's stem or a folder's name speaks for: the whole name, its last word, or a
    prefix.
    """
    whole = whole_role(name)
    if whole is not None:
        return whole
    found = list(words(name))
    while len(found) > 1 and _SUFFIX.match(found[-1]):
        found.pop()
    if not found or found[-1] in _HEADS:
        return None
    if found[-1] in _ROLE_OF and found[-1] not in _WHOLE_ONLY:
        return _ROLE_OF[found[-1]]
    return _ROLE_OF[found[0]] if found[0] in _PREFIXES else None


def is_cross_cutting(stem: str) -> bool:
    """Whether a file's stem speaks of logs, traces or metrics only."""
    return bool(words(stem)) and _CROSS_CUTTING.issuperset(words(stem))


def stem_of(name: str) -> str:
    """A file's name without `.py`; a folder's name as it is."""
    return name[: -len(".py")] if name.endswith(".py") else name


_OUTSIDE_ARTIFACTS = frozenset(
    "tests test testing examples example samples sample docs docs_src .devcontainer".split()
)


def is_outside_artifact(path: str) -> bool:
    """Whether a Dockerfile, compose file or the like stands in a folder of tests, examples or documents, or
    makes the container in which a developer works: it deploys nothing.
    """
    return any(folder.lower() in _OUTSIDE_ARTIFACTS for folder in path.split("/")[:-1])


@lru_cache(_REMEMBERED)
def outside_role(path: str) -> str | None:
    """test, migration or script, for a file that is not part of the running application."""
    *folders, last = path.split("/")
    stem = stem_of(last)
    if stem.startswith("test_") or stem.endswith("_test") or stem == "conftest":
        return "test"
    if stem == "tests" and not (folders and role_of_name(folders[-1])):
        return "test"  # but `api/tests.py` is a router, of exams or laboratories
    if folders and folders[0].lower() in _OUTSIDE_AT_TOP:
        return "script"
    for folder in folders:
        if folder.lower() in _OUTSIDE_OF:
            return _OUTSIDE_OF[folder.lower()]
        if "tests" in words(folder):
            return "test"  # old_tests, tests-integration
    return "script" if stem in _SCRIPT_STEMS else None
