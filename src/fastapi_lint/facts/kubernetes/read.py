"""Reads a file of manifests."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.kubernetes.containers import containers_of
from fastapi_lint.facts.kubernetes.model import (
    Autoscaler,
    ConfigMap,
    Ingress,
    KubernetesFacts,
    Service,
    ServicePort,
    Workload,
)
from fastapi_lint.facts.kubernetes.values import at, items_of, pairs_of, place_of, text_of, word_of
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Word
from fastapi_lint.facts.yaml_tree import Mapping, Scalar, Sequence, YamlNode
from fastapi_lint.facts.yaml_tree import read as read_yaml

_TEMPLATED = frozenset(
    ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout")
)
_ROUTES = frozenset(("Ingress", "HTTPRoute", "IngressRoute"))
_MAX_OBJECTS = 1_000
_MAX_NESTED = 100_000


class _Found(msgspec.Struct):
    """What the objects of a file have given so far."""

    workloads: list[Workload] = msgspec.field(default_factory=list)
    config_maps: list[ConfigMap] = msgspec.field(default_factory=list)
    services: list[Service] = msgspec.field(default_factory=list)
    ingresses: list[Ingress] = msgspec.field(default_factory=list)
    autoscalers: list[Autoscaler] = msgspec.field(default_factory=list)


def read(text: str) -> KubernetesFacts:
    """The manifests of a file. Never raises; objects of other kinds are left out, lists are opened."""
    file = read_yaml(text)
    found = _Found()
    for item in _objects(file.documents):
        _take(found, item)
    return KubernetesFacts(
        tuple(found.workloads),
        tuple(found.config_maps),
        tuple(found.services),
        tuple(found.ingresses),
        tuple(found.autoscalers),
        file.problem,
        file.comments,
        file.complete,
    )


def _objects(documents: tuple[YamlNode, ...]) -> list[Mapping]:
    """The objects of all documents, with those in `kind: List` in its place."""
    found: list[Mapping] = []
    todo = [node for node in reversed(documents) if isinstance(node, Mapping)]
    while todo and len(found) < _MAX_OBJECTS:
        node = todo.pop()
        if text_of(node.get("kind")).endswith("List") and isinstance(node.get("items"), Sequence):
            todo.extend(reversed(items_of(node.get("items"))))
        elif node.get("kind") is not None:
            found.append(node)
    return found


def _take(found: _Found, node: Mapping) -> None:
    kind = text_of(node.get("kind"))
    if kind in _TEMPLATED or at(node, "spec", "template", "spec", "containers") is not None:
        found.workloads.append(_workload(kind, node, at(node, "spec", "template")))
    elif kind == "CronJob":
        template = at(node, "spec", "jobTemplate", "spec", "template")
        found.workloads.append(_workload(kind, node, template))
    elif kind == "Pod":
        found.workloads.append(_workload(kind, node, node))
    elif kind == "ConfigMap" or kind == "Secret":
        found.config_maps.append(_config_map(kind, node))
    elif kind == "Service":
        found.services.append(_service(node))
    elif kind in _ROUTES:
        found.ingresses.append(_ingress(kind, node))
    elif kind == "HorizontalPodAutoscaler":
        found.autoscalers.append(_autoscaler(node))


def _workload(kind: str, node: Mapping, template: YamlNode | None) -> Workload:
    pod = at(template, "spec")
    return Workload(
        kind=kind,
        name=text_of(at(node, "metadata", "name")),
        namespace=text_of(at(node, "metadata", "namespace")),
        place=_kind_place(node),
        replicas=word_of(at(node, "spec", "replicas")) if kind != "Pod" else None,
        labels=pairs_of(at(template, "metadata", "labels")),
        containers=containers_of(at(pod, "containers")),
        init_containers=containers_of(at(pod, "initContainers")),
        host_network=text_of(at(pod, "hostNetwork")) == "true",
        grace_period=word_of(at(pod, "terminationGracePeriodSeconds")),
    )


def _kind_place(node: Mapping) -> Place:
    kind = node.get("kind")
    return kind.place if kind else node.place


def _config_map(kind: str, node: Mapping) -> ConfigMap:
    values = []
    for name in ("data", "stringData"):
        section = node.get(name)
        for entry in section.effective() if isinstance(section, Mapping) else ():
            plain = isinstance(entry.value, Scalar) and kind == "ConfigMap"
            word = Word(text_of(entry.value), entry.value.place) if plain else None
            values.append((entry.key.text, word, entry.key.place))
    is_map = kind == "ConfigMap"
    return ConfigMap(
        "ConfigMap" if is_map else "Secret", text_of(at(node, "metadata", "name")), tuple(values)
    )


def _service(node: Mapping) -> Service:
    ports = []
    for item in items_of(at(node, "spec", "ports")):
        port = word_of(item.get("port"))
        if port is not None:
            ports.append(
                ServicePort(port, word_of(item.get("targetPort")) or port, text_of(item.get("name")))
            )
    selector = pairs_of(at(node, "spec", "selector"))
    kind = text_of(at(node, "spec", "type")) or "ClusterIP"
    return Service(text_of(at(node, "metadata", "name")), selector, tuple(ports), kind, _kind_place(node))


def _ingress(kind: str, node: Mapping) -> Ingress:
    tls = at(node, "spec", "tls")
    return Ingress(
        kind,
        text_of(at(node, "metadata", "name")),
        _backends(node.get("spec")),
        isinstance(tls, Mapping) or (isinstance(tls, Sequence) and bool(tls.items)),
        pairs_of(at(node, "metadata", "annotations")),
        place_of(node, "kind"),
    )


def _backends(node: YamlNode | None) -> tuple[str, ...]:
    """The Services that rules name: `service.name`, `serviceName`, `backendRefs`, Traefik's `services`."""
    found: dict[str, None] = {}
    todo: list[YamlNode] = [node] if node else []
    for _ in range(_MAX_NESTED):
        if not todo:
            break
        current = todo.pop()
        if isinstance(current, Sequence):
            todo.extend(reversed(current.items))
        elif isinstance(current, Mapping):
            names = [at(current, "service", "name"), current.get("serviceName")]
            for key in ("backendRefs", "services"):
                names += [item.get("name") for item in items_of(current.get(key))]
            found.update((text_of(name), None) for name in names if text_of(name))
            todo.extend(entry.value for entry in reversed(current.entries))
    return tuple(found)


def _autoscaler(node: Mapping) -> Autoscaler:
    target = at(node, "spec", "scaleTargetRef")
    minimum, maximum = word_of(at(node, "spec", "minReplicas")), word_of(at(node, "spec", "maxReplicas"))
    return Autoscaler(
        text_of(at(target, "kind")), text_of(at(target, "name")), minimum, maximum, _kind_place(node)
    )
