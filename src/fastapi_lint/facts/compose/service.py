"""Reads one service of a compose file."""

from __future__ import annotations

from collections.abc import Mapping as ByName

from fastapi_lint.facts.compose.model import (
    Build,
    Command,
    Dependency,
    EnvFile,
    Extends,
    Healthcheck,
    Service,
    Watch,
)
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
    known = {entry.key.text: entry for entry in entries if entry.value.tag != "!reset"}
    return Service(
        name=name,
        place=place,
        image=_word(known, "image"),
        build=_build(known.get("build")),
        command=_command(known.get("command")),
        entrypoint=_command(known.get("entrypoint")),
        environment=settings_of(_value(known, "environment")),
        env_files=_env_files(_value(known, "env_file")),
        ports=ports_of(_value(known, "ports")),
        expose=words_of(_value(known, "expose")),
        volumes=mounts_of(_value(known, "volumes")),
        depends_on=_depends_on(_value(known, "depends_on")),
        healthcheck=_healthcheck(known.get("healthcheck")),
        profiles=texts_of(_value(known, "profiles")),
        watch=_watch(_value(known, "develop")),
        replicas=_replicas(_value(known, "deploy")) or _word(known, "scale"),
        extends=_extends(known.get("extends")),
        restart=_word(known, "restart"),
        network_mode=_word(known, "network_mode"),
        networks=texts_of(_value(known, "networks")),
        labels=settings_of(_value(known, "labels")),
        working_dir=_word(known, "working_dir"),
        container_name=_word(known, "container_name"),
        hostname=_word(known, "hostname"),
        stop_grace_period=_word(known, "stop_grace_period"),
        init=_is_true(_value(known, "init")),
        resets=tuple(e.key.text for e in entries if e.value.tag in ("!reset", "!override")),
        keys=tuple((e.key.text, e.key.place) for e in entries),
    )


def _value(known: ByName[str, Entry], name: str) -> YamlNode | None:
    return known[name].value if name in known else None


def _word(known: ByName[str, Entry], name: str) -> Word | None:
    return word_of(_value(known, name))


def _is_true(node: YamlNode | None) -> bool:
    return isinstance(node, Scalar) and node.is_true


def _command(entry: Entry | None) -> Command | None:
    return command_of(entry.key.place, entry.value) if entry else None


def _build(entry: Entry | None) -> Build | None:
    node = entry.value if entry else None
    if isinstance(node, Scalar):
        return Build(word_of(node), None, None, (), "", node.place)
    if entry is None or not isinstance(node, Mapping):
        return None
    inline = node.get("dockerfile_inline")
    return Build(
        word_of(node.get("context")),
        word_of(node.get("dockerfile")),
        word_of(node.get("target")),
        settings_of(node.get("args")),
        inline.text if isinstance(inline, Scalar) else "",
        entry.key.place,
    )


def _env_files(node: YamlNode | None) -> tuple[EnvFile, ...]:
    found: list[EnvFile] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        path = word_of(item.get("path") if isinstance(item, Mapping) else item)
        if path is not None:
            found.append(EnvFile(path, _is_required(item), path.place))
    return tuple(found)


def _is_required(item: YamlNode | None) -> bool:
    required = item.get("required") if isinstance(item, Mapping) else None
    return not isinstance(required, Scalar) or required.is_true


def _depends_on(node: YamlNode | None) -> tuple[Dependency, ...]:
    if isinstance(node, Mapping):
        return tuple(_dependency(entry) for entry in node.effective())
    names = words_of(node) if isinstance(node, Sequence) else ()
    return tuple(Dependency(word.text, "service_started", True, word.place, None) for word in names)


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


def _healthcheck(entry: Entry | None) -> Healthcheck | None:
    if entry is None or not isinstance(entry.value, Mapping):
        return None
    key, disable = entry.key.place, entry.value.get("disable")
    if disable is not None and _is_true(disable):
        return Healthcheck("none", (), None, (), disable.place, key)
    return _test(key, entry.value.get("test"))


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


def _watch(node: YamlNode | None) -> tuple[Watch, ...]:
    rules = node.get("watch") if isinstance(node, Mapping) else None
    items = rules.items if isinstance(rules, Sequence) else ()
    return tuple(
        Watch(
            next(iter(texts_of(item.get("action"))), ""),
            word_of(item.get("path")),
            word_of(item.get("target")),
        )
        for item in items
        if isinstance(item, Mapping)
    )


def _replicas(node: YamlNode | None) -> Word | None:
    return word_of(node.get("replicas")) if isinstance(node, Mapping) else None


def _extends(entry: Entry | None) -> Extends | None:
    node = entry.value if entry else None
    if entry is not None and isinstance(node, Mapping):
        service = word_of(node.get("service"))
        return Extends(service.text if service else "", word_of(node.get("file")), entry.key.place)
    word = word_of(node)
    return Extends(word.text, None, word.place) if word else None
