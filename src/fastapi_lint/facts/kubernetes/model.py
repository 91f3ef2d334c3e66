"""What is kept of manifests.

A word's parts are Kubernetes' own `$(NAME)`; a shell's `$NAME` is plain text.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.words import Word
from fastapi_lint.facts.yaml_tree.model import YamlProblem

Pairs = tuple[tuple[str, str], ...]


class EnvVar(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of `env`.

    `value` is None if it comes from elsewhere: from `key` of the config map or secret `source`, or from a
    field (`origin` tells which).
    """

    name: str
    value: Word | None
    origin: Literal["value", "config-map", "secret", "field", "unknown"]
    source: str
    key: str
    place: Place


class EnvFrom(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of `envFrom`."""

    origin: Literal["config-map", "secret"]
    name: str
    prefix: str
    optional: bool
    place: Place


class ContainerPort(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of a container's `ports`."""

    number: Word
    name: str
    protocol: str


class Probe(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A probe. `place` is that of its key; `path` and `port` have their own. `words` are those of `exec`."""

    kind: Literal["http", "exec", "tcp", "grpc", "unknown"]
    path: Word | None
    port: Word | None
    scheme: str
    headers: Pairs
    words: tuple[Word, ...]
    place: Place


class Container(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """One container of a pod. `command` replaces the image's ENTRYPOINT, `args` its CMD; None if absent."""

    name: str
    place: Place
    image: Word | None = None
    command: tuple[Word, ...] | None = None
    command_place: Place | None = None
    args: tuple[Word, ...] | None = None
    args_place: Place | None = None
    working_dir: Word | None = None
    env: tuple[EnvVar, ...] = ()
    env_from: tuple[EnvFrom, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    liveness: Probe | None = None
    readiness: Probe | None = None
    startup: Probe | None = None
    mounts: tuple[str, ...] = ()


class Workload(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """Something that runs pods. `labels` are those of the pods; `place` is that of its `kind`."""

    kind: str
    name: str
    namespace: str
    place: Place
    replicas: Word | None = None
    labels: Pairs = ()
    containers: tuple[Container, ...] = ()
    init_containers: tuple[Container, ...] = ()
    host_network: bool = False
    grace_period: Word | None = None


class ConfigMap(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A ConfigMap, or a Secret: of that only the names are kept, and its values are None."""

    kind: Literal["ConfigMap", "Secret"]
    name: str
    values: tuple[tuple[str, Word | None, Place], ...]


class ServicePort(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One port of a Service; `target` is a number or a name, and is `port` where it isn't written."""

    port: Word
    target: Word
    name: str


class Service(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A Service."""

    name: str
    selector: Pairs
    ports: tuple[ServicePort, ...]
    type: str
    place: Place


class Ingress(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An Ingress, HTTPRoute or IngressRoute: the Services that it leads to, and what speaks for TLS."""

    kind: str
    name: str
    services: tuple[str, ...]
    has_tls: bool
    annotations: Pairs
    place: Place


class Autoscaler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A HorizontalPodAutoscaler and the workload that it scales."""

    target_kind: str
    target_name: str
    minimum: Word | None
    maximum: Word | None
    place: Place


class KubernetesFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of manifests. See `YamlFile` for `problem` and `complete`."""

    workloads: tuple[Workload, ...]
    config_maps: tuple[ConfigMap, ...]
    services: tuple[Service, ...]
    ingresses: tuple[Ingress, ...]
    autoscalers: tuple[Autoscaler, ...]
    problem: YamlProblem | None
    comments: tuple[Comment, ...]
    complete: bool
