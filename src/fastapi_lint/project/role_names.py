"""Which role a file's name and place speak for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORDS: dict[str, str] = {
    "router": "api routes routers router endpoints endpoint route views controllers controller handlers",
    "service": "service services usecase usecases use_case use_cases logic",
    "repository": "repository repositories repo repos crud dal dao data_access queries selectors gateways persistence",
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
    "script": "scripts script examples example docs docs_src tools benchmarks notebooks seeds seeders",
}
_OUTSIDE_OF: dict[str, str] = {word: role for role, words in _OUTSIDE.items() for word in words.split()}
_SCRIPT_STEMS = frozenset({"manage", "setup", "noxfile", "fabfile", "conftest", "seed", "seeder", "gunicorn_conf"})
LAYER_ROLES = frozenset({"router", "service", "repository", "model", "schema"})


def words(name: str) -> list[str]:
    """The words of a file's stem or a folder's name, in lower case: `UserService` and `user_service` alike."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def role_of_name(name: str) -> str | None:
    """The role that a file's stem or a folder's name speaks for: the last whole word that is one."""
    joined = "_".join(words(name))
    if joined in _ROLE_OF:
        return _ROLE_OF[joined]
    for word in reversed(words(name)):
        if word in _ROLE_OF and word not in _WHOLE_ONLY:
            return _ROLE_OF[word]
    return None


_WHOLE_ONLY = frozenset({"logic", "route", "job", "task", "session", "sessions", "api", "queries", "model", "table"})
"""Words that are a role only if they are the whole name (`route_planner.py` is no router)."""


def outside_role(path: str) -> str | None:
    """test, migration or script, for a file that is not part of the running application."""
    *folders, last = path.split("/")
    stem = last[: -len(".py")] if last.endswith(".py") else last
    if stem.startswith("test_") or stem.endswith("_test") or stem in ("conftest", "tests"):
        return "test"
    for folder in folders:
        if folder.lower() in _OUTSIDE_OF:
            return _OUTSIDE_OF[folder.lower()]
    return "script" if stem in _SCRIPT_STEMS else None


def feature_folders(paths: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Folders whose direct children (files and folders) speak for two or more different layers.

    Such a folder is a feature, or the application itself, whatever it is called; its own name says nothing.
    """
    children: dict[str, set[str]] = {}
    for path in paths:
        if outside_role(path) is not None:
            continue
        parts = path.split("/")
        for depth, part in enumerate(parts):
            stem = part[: -len(".py")] if part.endswith(".py") else part
            role = role_of_name(stem)
            if role in LAYER_ROLES:
                children.setdefault("/".join(parts[:depth]), set()).add(str(role))
    return {folder: frozenset(roles) for folder, roles in sorted(children.items()) if len(roles) > 1}


def role_of_path(path: str, features: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """The role that a path speaks for, and the part of it that does; the file's stem first, then its folders."""
    *folders, last = path.split("/")
    stem = last[: -len(".py")] if last.endswith(".py") else last
    if stem != "__init__":
        role = role_of_name(stem)
        if role is not None:
            return role, last
    for depth in range(len(folders), 0, -1):
        if "/".join(folders[:depth]) in features:
            return None
        role = role_of_name(folders[depth - 1])
        if role is not None:
            return role, folders[depth - 1] + "/"
    return None
