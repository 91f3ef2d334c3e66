"""Reads the containers of a pod."""

from __future__ import annotations

from fastapi_lint.facts.kubernetes.model import Container, ContainerPort, EnvFrom, EnvVar, Probe
from fastapi_lint.facts.kubernetes.values import (
    at,
    expanded_word,
    items_of,
    place_of,
    text_of,
    word_of,
    words_of,
)
from fastapi_lint.facts.yaml_tree import Mapping, Scalar, YamlNode


def containers_of(node: YamlNode | None) -> tuple[Container, ...]:
    """The containers of a list."""
    return tuple(_container(item) for item in items_of(node))


def _container(node: Mapping) -> Container:
    name = node.get("name")
    command, args = node.entry("command"), node.entry("args")
    return Container(
        name=text_of(name),
        place=name.place if name else node.place,
        image=word_of(node.get("image")),
        command=words_of(command.value) if command else None,
        command_place=command.key.place if command else None,
        args=words_of(args.value) if args else None,
        args_place=args.key.place if args else None,
        working_dir=word_of(node.get("workingDir")),
        env=tuple(_variable(item) for item in items_of(node.get("env"))),
        env_from=tuple(found for item in items_of(node.get("envFrom")) for found in _sources(item)),
        ports=tuple(port for item in items_of(node.get("ports")) for port in _port(item)),
        liveness=_probe(node, "livenessProbe"),
        readiness=_probe(node, "readinessProbe"),
        startup=_probe(node, "startupProbe"),
        mounts=tuple(text_of(item.get("mountPath")) for item in items_of(node.get("volumeMounts"))),
    )


def _variable(node: Mapping) -> EnvVar:
    name, value = node.get("name"), node.get("value")
    place = name.place if name else node.place
    if isinstance(value, Scalar):
        return EnvVar(text_of(name), expanded_word(value), "value", "", "", place)
    origin = at(node, "valueFrom")
    config_map, secret = at(origin, "configMapKeyRef"), at(origin, "secretKeyRef")
    if config_map is not None:
        return EnvVar(text_of(name), None, "config-map", *_reference(config_map), place)
    if secret is not None:
        return EnvVar(text_of(name), None, "secret", *_reference(secret), place)
    return EnvVar(text_of(name), None, "field" if origin else "unknown", "", "", place)


def _reference(node: YamlNode) -> tuple[str, str]:
    return text_of(at(node, "name")), text_of(at(node, "key"))


def _sources(node: Mapping) -> list[EnvFrom]:
    found: list[EnvFrom] = []
    prefix = text_of(node.get("prefix"))
    config_map, secret = node.get("configMapRef"), node.get("secretRef")
    if config_map is not None:
        name, optional = text_of(at(config_map, "name")), text_of(at(config_map, "optional")) == "true"
        found.append(EnvFrom("config-map", name, prefix, optional, config_map.place))
    if secret is not None:
        name, optional = text_of(at(secret, "name")), text_of(at(secret, "optional")) == "true"
        found.append(EnvFrom("secret", name, prefix, optional, secret.place))
    return found


def _port(node: Mapping) -> list[ContainerPort]:
    number = word_of(node.get("containerPort"))
    protocol = text_of(node.get("protocol")) or "TCP"
    return [ContainerPort(number, text_of(node.get("name")), protocol)] if number else []


def _probe(node: Mapping, name: str) -> Probe | None:
    probe = node.get(name)
    if not isinstance(probe, Mapping):
        return None
    place = place_of(node, name)
    http, tcp, grpc = probe.get("httpGet"), probe.get("tcpSocket"), probe.get("grpc")
    run = at(probe, "exec", "command")
    if http is not None:
        headers = tuple(
            (text_of(h.get("name")), text_of(h.get("value"))) for h in items_of(at(http, "httpHeaders"))
        )
        path, port = word_of(at(http, "path")), word_of(at(http, "port"))
        return Probe("http", path, port, text_of(at(http, "scheme")) or "HTTP", headers, (), place)
    if run is not None:
        return Probe("exec", None, None, "", (), words_of(run) or (), place)
    if tcp is not None:
        return Probe("tcp", None, word_of(at(tcp, "port")), "", (), (), place)
    if grpc is not None:
        return Probe("grpc", None, word_of(at(grpc, "port")), "", (), (), place)
    return Probe("unknown", None, None, "", (), (), place)
