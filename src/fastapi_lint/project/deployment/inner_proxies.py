"""Servers that stand before the app in its own container: then the container's port is theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.images import Copied, Image
    from fastapi_lint.project.deployment.model import Launch

_PROGRAMS = frozenset(
    "nginx caddy traefik haproxy envoy apache2 httpd apachectl openresty supervisord s6-svscan".split()
)
_CONFIGURATION = re.compile(r"/etc/(?:nginx|caddy|traefik|haproxy|envoy|apache2|httpd|supervisor\w*)(?:/|\Z)")


def has_proxy(deployment: Deployment, launch: Launch) -> bool:
    """Whether another server, or what starts several, runs in the container, or its image is made for one."""
    if any(ran.name in _PROGRAMS for ran in deployment.ran(launch)):
        return True
    return launch.image is not None and _brings_proxy(launch.image)


def _brings_proxy(image: Image) -> bool:
    """Whether an image builds upon such a server, installs one, or holds a configuration for one."""
    if image.base is not None and image.base.name.rpartition("/")[2] in _PROGRAMS:
        return True
    if any(
        _CONFIGURATION.match(copied.destination or "") or _takes_all(image, copied) for copied in image.copies
    ):
        return True
    words = (word.text for run in image.runs for command in run.command.commands for word in command.words)
    return any(text in _PROGRAMS for text in words)


def _takes_all(image: Image, copied: Copied) -> bool:
    """Whether a COPY takes all files of an earlier stage that brings such a server: `--from=stage / /`."""
    stage = (
        image.stage_named(copied.origin, copied.stage) if copied.origin and "/" in copied.sources else None
    )
    return stage is not None and _brings_proxy(image.other(stage))
