"""Reads one service of a compose file."""

from __future__ import annotations

from typing import Any

from fastapi_lint.facts.compose.model import Build, Dependency, EnvFile, Extends, Healthcheck, Service, Watch
from fastapi_lint.facts.compose.ports import mounts_of, ports_of
from fastapi_lint.facts.compose.values import command_of, settings_of, texts_of, word_of, words_of
from fastapi_lint.facts.place import Place, Whole
from fastapi_lint.facts.shell import split_command
from fastapi_lint.facts.words import Word
from fastapi_lint.facts.yaml_tree import Entry, Mapping, Scalar, Sequence, YamlNode


def service_of(name: str, place: Place, node: YamlNode) -> Service:
    """The service called `name`; `node` is what stands below its key."""
    if not isinstance(node, Mapping):
        return Service(name=name, place=place)
    entries = node.effective()
    known: dict[str, Any] = {}
    for entry in entries:
        known.update(_fact(entry))
    known.setdefault("replicas", word_of(node.get("scale")))
    resets = tuple(e.key.text for e in entries if e.value.tag in ("!reset", "!override"))
    keys = tuple((e.key.text, e.key.place) for e in entries)
    return Service(name=name, place=place, resets=resets, keys=keys, **known)


_WORDS = frozenset(
    ("image", "restart", "network_mode", "working_dir", "container_name", "hostname", "stop_grace_period")
)


def _fact(entry: Entry) -> dict[str, Any]:
    """What one key of a service says, by the name of the fact."""
    key, node = entry.key, entry.value
    name = key.text
    if node.tag == "!reset":
        return {}
    if name in _WORDS:
        return {name: word_of(node)}
    if name in ("command", "entrypoint"):
        return {name: command_of(key.place, node)}
    if name in ("environment", "labels"):
        return {name: settings_of(node)}
    read = _READERS.get(name)
    return read(key.place, node) if read else {}


def _build(key: Place, node: YamlNode) -> dict[str, Any]:
    if isinstance(node, Scalar):
        return {"build": Build(word_of(node), None, None, (), "", node.place)}
    if not isinstance(node, Mapping):
        return {}
    inline = node.get("dockerfile_inline")
    build = Build(
        word_of(node.get("context")),
        word_of(node.get("dockerfile")),
        word_of(node.get("target")),
        settings_of(node.get("args")),
        inline.text if isinstance(inline, Scalar) else "",
        key,
    )
    return {"build": build}


def _env_file(key: Place, node: YamlNode) -> dict[str, Any]:  # noqa: ARG001
    found: list[EnvFile] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        path = word_of(item.get("path") if isinstance(item, Mapping) else item)
        if path is not None:
            found.append(EnvFile(path, _is_required(item), path.place))
    return {"env_files": tuple(found)}


def _is_required(item: YamlNode) -> bool:
    required = item.get("required") if isinstance(item, Mapping) else None
    return not isinstance(required, Scalar) or required.is_true


def _depends_on(key: Place, node: YamlNode) -> dict[str, Any]:  # noqa: ARG001
    if isinstance(node, Mapping):
        return {"depends_on": tuple(_dependency(entry) for entry in node.effective())}
    found = tuple(
        Dependency(word.text, "service_started", True, word.place, None)
        for word in (words_of(node) if isinstance(node, Sequence) else ())
    )
    return {"depends_on": found}


def _dependency(entry: Entry) -> Dependency:
    node = entry.value
    condition = node.get("condition") if isinstance(node, Mapping) else None
    written = condition if isinstance(condition, Scalar) and not condition.is_null else None
    return Dependency(
        entry.key.text,
        written.text if written else "service_started",
        _is_required(node),
        entry.key.place,
        written.place if written else None,
    )


def _healthcheck(key: Place, node: YamlNode) -> dict[str, Any]:
    if not isinstance(node, Mapping):
        return {}
    disable = node.get("disable")
    if isinstance(disable, Scalar) and disable.is_true:
        return {"healthcheck": Healthcheck("none", (), None, (), disable.place, key)}
    return {"healthcheck": _test(key, node.get("test"))}


def _test(key: Place, node: YamlNode | None) -> Healthcheck:
    if isinstance(node, Sequence):
        words = words_of(node)
        first = words[0].text if words else ""
        if first == "NONE":
            return Healthcheck("none", (), None, (), node.place, key)
        if first == "CMD-SHELL" and len(words) > 1:
            return _shell_test(key, words[1], node.place)
        return Healthcheck("exec", words[1:] if first == "CMD" else words, None, (), node.place, key)
    word = word_of(node)
    return (
        Healthcheck("unset", (), None, (), key, key) if word is None else _shell_test(key, word, word.place)
    )


def _shell_test(key: Place, shell: Word, place: Place) -> Healthcheck:
    return Healthcheck("shell", (), shell, split_command(shell.text, Whole(shell.place)), place, key)


def _develop(key: Place, node: YamlNode) -> dict[str, Any]:  # noqa: ARG001
    watch = node.get("watch") if isinstance(node, Mapping) else None
    rules = tuple(
        Watch(
            next(iter(texts_of(item.get("action"))), ""),
            word_of(item.get("path")),
            word_of(item.get("target")),
        )
        for item in (watch.items if isinstance(watch, Sequence) else ())
        if isinstance(item, Mapping)
    )
    return {"watch": rules}


def _deploy(key: Place, node: YamlNode) -> dict[str, Any]:  # noqa: ARG001
    replicas = word_of(node.get("replicas")) if isinstance(node, Mapping) else None
    return {"replicas": replicas} if replicas else {}


def _extends(key: Place, node: YamlNode) -> dict[str, Any]:
    if isinstance(node, Mapping):
        service = word_of(node.get("service"))
        return {"extends": Extends(service.text if service else "", word_of(node.get("file")), key)}
    word = word_of(node)
    return {"extends": Extends(word.text, None, word.place)} if word else {}


def _init(key: Place, node: YamlNode) -> dict[str, Any]:  # noqa: ARG001
    return {"init": isinstance(node, Scalar) and node.is_true}


_READERS = {
    "build": _build,
    "env_file": _env_file,
    "ports": lambda _, node: {"ports": ports_of(node)},
    "expose": lambda _, node: {"expose": words_of(node)},
    "volumes": lambda _, node: {"volumes": mounts_of(node)},
    "depends_on": _depends_on,
    "healthcheck": _healthcheck,
    "profiles": lambda _, node: {"profiles": texts_of(node)},
    "networks": lambda _, node: {"networks": texts_of(node)},
    "develop": _develop,
    "deploy": _deploy,
    "extends": _extends,
    "init": _init,
}
