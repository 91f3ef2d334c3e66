"""Databases, caches and brokers in compose files, who depends on them, and who waits for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment import environments
from fastapi_lint.project.deployment.wrappers import waits_for_service

if TYPE_CHECKING:
    from fastapi_lint.facts.compose import Dependency
    from fastapi_lint.project.deployment.composition import ComposeService, Written
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import Launch, Ran

_KINDS = (
    ("postgres", re.compile(r"postgres|postgis|timescale|pgvector|supabase/postgres|cockroach")),
    ("mysql", re.compile(r"mysql|percona")),
    ("mariadb", re.compile(r"mariadb")),
    ("mongo", re.compile(r"mongo(?!-express)")),
    ("redis", re.compile(r"redis(?!-commander|-insight|insight)|keydb|dragonfly")),
    ("valkey", re.compile(r"valkey")),
    ("rabbitmq", re.compile(r"rabbitmq")),
    ("kafka", re.compile(r"kafka(?!-ui|-manager|-exporter)|redpanda(?!/console)")),
)
_HELPERS = re.compile(
    r"adminer|admin|commander|bouncer|exporter|backup|insight|express|-ui\b|console|proxy|migrate"
)
_WAITS = re.compile(r"wait|pre_?start|pg_isready|mysqladmin|redis-cli|\bnc\b|netcat|ncat|ping", re.I)
CHECKS = {
    "postgres": '["CMD-SHELL", "pg_isready -U ${POSTGRES_USER:-postgres}"]',
    "mysql": '["CMD", "mysqladmin", "ping", "-h", "localhost"]',
    "mariadb": '["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]',
    "redis": '["CMD", "redis-cli", "ping"]',
    "valkey": '["CMD", "valkey-cli", "ping"]',
    "rabbitmq": '["CMD", "rabbitmq-diagnostics", "-q", "ping"]',
}
"""The usual health check by kind of service."""

_NO_OWN_CHECK = frozenset(("postgres", "redis", "mysql", "mariadb", "mongo", "rabbitmq", "nginx"))


class Need(msgspec.Struct, frozen=True):
    """A service that an app's service depends on: where that is written, and the service itself."""

    user: ComposeService
    layer: Written
    dependency: Dependency
    service: ComposeService


def kind_of(deployment: Deployment, service: ComposeService) -> str:
    """Which kind of database, cache or broker a service is, by its image; an empty text for none."""
    name = _image_name(deployment, service)
    if not name or _HELPERS.search(name):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "")


def _image_name(deployment: Deployment, service: ComposeService) -> str:
    base = deployment.builds.base_of_service(service)
    return base.name if base is not None else ""


def has_check(deployment: Deployment, service: ComposeService) -> bool | None:
    """Whether a service has a health check in any form of it; None if its image may bring one."""
    checks = [
        form.healthcheck[1].form for form in forms_of(deployment, service) if form.healthcheck is not None
    ]
    if any(check in ("exec", "shell") for check in checks):
        return True
    if "none" in checks:
        return False
    return _image_has_check(deployment, service)


def forms_of(deployment: Deployment, service: ComposeService) -> tuple[ComposeService, ...]:
    """The service in all files that may be merged with its own."""
    return deployment.composition.anywhere(service.path, service.name)


def _image_has_check(deployment: Deployment, service: ComposeService) -> bool | None:
    if service.build is not None:
        image = deployment.builds.of_service(service)
        if image is None:
            return None
        if image.healthcheck is not None:
            return image.healthcheck.command is not None
        known = image.base is not None and (image.base.is_official or image.base.name in _NO_OWN_CHECK)
        return False if known else None
    return False if _image_name(deployment, service) in _NO_OWN_CHECK else None


def needs(deployment: Deployment) -> Iterator[Need]:
    """What services that run the app, or are built from its Dockerfile, depend on."""
    dockerfiles = {s.launch.image.path for s in deployment.starts if s.launch.image is not None}
    serving = {s.launch.service for s in deployment.starts if s.launch.service is not None}
    for user in deployment.composition.services:
        image = deployment.builds.of_service(user) if user.build is not None else None
        if user not in serving and (image is None or image.path not in dockerfiles):
            continue
        if is_left_alone(deployment, user):
            continue
        known = deployment.composition.merged(user.path)
        for layer, dependency in user.depends_on:
            if dependency.service in known:
                yield Need(user, layer, dependency, known[dependency.service])


def is_left_alone(deployment: Deployment, service: ComposeService) -> bool:
    """Whether a service is for tests, or an example."""
    environment = environments.of_place(
        service.path, (service.name, *service.profiles), deployment.project.options.environments
    )
    return environment == "test" or "example" in service.path.lower()


def waits(deployment: Deployment, service: ComposeService) -> bool:
    """Whether a service waits for others itself, or that can't be told, or another one does so before it."""
    if any(dependency.condition == "service_completed_successfully" for _, dependency in service.depends_on):
        return True
    launch = next((one for one in deployment.launches if one.service is service), None)
    if launch is None:
        return False
    return any(_is_waiting(ran) for ran in deployment.ran(launch)) or _is_opaque(deployment, launch)


def _is_waiting(ran: Ran) -> bool:
    if ran.loop or any(waits_for_service(wrapper) for wrapper in ran.wrappers):
        return True
    return any(_WAITS.search(word.text or word.written) for word in ran.words[:3])


def _is_opaque(deployment: Deployment, launch: Launch) -> bool:
    """Whether the launch runs a script that isn't in the repository."""
    return not deployment.starts_of(launch) and any(
        "not in the repository" in one.reason or ".sh" in one.text for one in deployment.unresolved(launch)
    )
