"""Reads a compose file."""

from __future__ import annotations

from fastapi_lint.facts.compose.model import ComposeFacts, Include, Service
from fastapi_lint.facts.compose.service import service_of
from fastapi_lint.facts.compose.values import word_of
from fastapi_lint.facts.words import Word
from fastapi_lint.facts.yaml_tree import Mapping, Sequence, YamlNode
from fastapi_lint.facts.yaml_tree import read as read_yaml

_MAX_SERVICES = 500


def read(text: str) -> ComposeFacts:
    """The services of a compose file. Never raises; parts of an unexpected shape are left out."""
    file = read_yaml(text)
    services: list[Service] = []
    includes: list[Include] = []
    name: Word | None = None
    complete = file.complete
    for document in file.documents:
        if not isinstance(document, Mapping):
            continue
        name = word_of(document.get("name")) or name
        includes.extend(_includes(document.get("include")))
        listed = document.get("services")
        if isinstance(listed, Mapping):
            entries = listed.effective()
            room = _MAX_SERVICES - len(services)
            complete = complete and len(entries) <= room
            services.extend(service_of(e.key.text, e.key.place, e.value) for e in entries[:room])
    return ComposeFacts(name, tuple(services), tuple(includes), file.problem, file.comments, complete)


def _includes(node: YamlNode | None) -> list[Include]:
    found: list[Include] = []
    for item in node.items if isinstance(node, Sequence) else ():
        path = item.get("path") if isinstance(item, Mapping) else item
        for part in path.items if isinstance(path, Sequence) else (path,):
            word = word_of(part)
            if word is not None:
                found.append(Include(word, word.place))
    return found
