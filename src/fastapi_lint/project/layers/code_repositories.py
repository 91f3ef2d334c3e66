"""Whether a module called `repository` keeps code, not data: plug-ins and Git have repositories as well."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.layers.role_names import stem_of, words

_AMBIGUOUS = frozenset({"repo", "repos", "repositories", "repository"})
_LAST_WORDS = frozenset("crud dal dao gateway repo repos repository store".split())
_KINDS = frozenset("abc base impl implementation interface mixin port protocol".split())
_QUERIES = frozenset(
    """add_all aggregate bulk_save_objects commit count_documents cursor delete delete_one exec execute fetch
    fetch_all fetch_one fetchall fetchone fetchrow fetchval find_one flush get_item get_or_none hget hset
    insert insert_many insert_one merge put_item query refresh scalar scalars scan select setex update
    update_one""".split()
)
"""Names of queries, of several libraries. A session alone is no query: it may only be handed on."""

_CODE = frozenset(
    """Popen check_call check_output clone_from create_subprocess_exec create_subprocess_shell dulwich
    entry_points git import_module importlib iter_modules pkgutil pygit2 subprocess walk_packages""".split()
)
"""Names of what works with code and programs: it loads plug-ins, calls Git."""


def has_ambiguous_name(path: str) -> bool:
    """Whether a file has a name that not only layers have."""
    return stem_of(path.rpartition("/")[2]) in _AMBIGUOUS


def keeps_code(facts: PythonFacts) -> bool:
    """Whether a module works with code or programs, makes no query, and knows no `UserRepository` or so."""
    if facts.names.isdisjoint(_CODE) or not facts.names.isdisjoint(_QUERIES):
        return False
    classes = {node.name for node in facts.body if isinstance(node, s.Class)}
    capital = (name for name in facts.names if name[:1].isupper())
    return not any(_is_of_a_thing(name) for name in classes.union(capital))


def _is_of_a_thing(name: str) -> bool:
    """Whether a class is by its name the repository of something, or an abstract one."""
    found = list(words(name))
    while len(found) > 1 and found[-1] in _KINDS:
        found.pop()
        if found[-1] in _LAST_WORDS:
            return True
    return len(found) > 1 and found[-1] in _LAST_WORDS
