"""Ports and volumes of a service, in their short and long forms."""

from __future__ import annotations

import re
from typing import Literal

from fastapi_lint.facts.compose.model import Mount, Port
from fastapi_lint.facts.compose.values import interpolated, split_colons, word_of
from fastapi_lint.facts.words import Word
from fastapi_lint.facts.yaml_tree import Mapping, Scalar, Sequence, YamlNode

_DRIVE = re.compile(r"[A-Za-z]\Z")


def ports_of(node: YamlNode | None) -> tuple[Port, ...]:
    """The entries of `ports`."""
    items = node.items if isinstance(node, Sequence) else ()
    found = (_long_port(i) if isinstance(i, Mapping) else _short_port(i) for i in items)
    return tuple(port for port in found if port is not None)


def _short_port(node: YamlNode) -> Port | None:
    """`[[host_ip:]published:]target[/protocol]`"""
    if not isinstance(node, Scalar) or node.is_null:
        return None
    pieces = split_colons(node.text)
    target, _, protocol = pieces[-1].partition("/")
    host_ip = ":".join(pieces[:-2])
    return Port(
        interpolated(host_ip.strip("[]"), node.place) if host_ip else None,
        interpolated(pieces[-2], node.place) if len(pieces) > 1 and pieces[-2] else None,
        interpolated(target, node.place),
        protocol or "tcp",
        node.place,
    )


def _long_port(node: Mapping) -> Port | None:
    target = word_of(node.get("target"))
    if target is None:
        return None
    protocol = word_of(node.get("protocol"))
    host_ip, published = word_of(node.get("host_ip")), word_of(node.get("published"))
    return Port(host_ip, published, target, protocol.text if protocol else "tcp", target.place)


def mounts_of(node: YamlNode | None) -> tuple[Mount, ...]:
    """The entries of `volumes`."""
    items = node.items if isinstance(node, Sequence) else ()
    found = (_long_mount(i) if isinstance(i, Mapping) else _short_mount(i) for i in items)
    return tuple(mount for mount in found if mount is not None)


def _short_mount(node: YamlNode) -> Mount | None:
    """`[source:]target[:options]`"""
    if not isinstance(node, Scalar) or node.is_null:
        return None
    pieces = split_colons(node.text)
    if len(pieces) > 1 and _DRIVE.match(pieces[0]):
        pieces[:2] = [":".join(pieces[:2])]
    if len(pieces) == 1:
        return Mount("volume", None, interpolated(pieces[0], node.place), False, node.place)
    source = interpolated(pieces[0], node.place)
    options = pieces[2].split(",") if len(pieces) > 2 else []
    return Mount(_kind(source), source, interpolated(pieces[1], node.place), "ro" in options, node.place)


def _kind(source: Word) -> Literal["bind", "volume", "unknown"]:
    text = source.value(lambda _: None)
    if text is None:
        literal = "".join(part for part in source.parts if isinstance(part, str))
        return "bind" if "/" in literal else "unknown"
    if not text:
        return "unknown"
    is_path = text.startswith((".", "/", "~")) or text[1:2] == ":"
    return "bind" if is_path else "unknown" if source.parts else "volume"


_KINDS: dict[str, Literal["bind", "volume", "tmpfs", "unknown"]] = {
    "bind": "bind",
    "volume": "volume",
    "tmpfs": "tmpfs",
}


def _long_mount(node: Mapping) -> Mount | None:
    target = word_of(node.get("target"))
    if target is None:
        return None
    kind, read_only = word_of(node.get("type")), node.get("read_only")
    closed = isinstance(read_only, Scalar) and read_only.is_true
    name = kind.text if kind else "volume"
    return Mount(_KINDS.get(name, "unknown"), word_of(node.get("source")), target, closed, target.place)
