"""Which routes are health checks, and what for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_lint.project.routing.table import Route

HEALTH = frozenset(
    "health healthz health-check health_check healthcheck live livez liveness alive ready readyz readiness "
    "ready-check readiness-check ping status heartbeat up".split()
)
READY = frozenset("ready readyz readiness ready-check readiness-check".split())
LIVE = frozenset("live livez liveness alive".split())
_HEALTH_ONLY = frozenset({"health", "healthz"})


def segments(path: str) -> list[str]:
    """The parts of a path between slashes, in lower case."""
    return [part for part in path.lower().split("/") if part]


def is_plain_get(route: Route) -> bool:
    """Whether a route answers GET and has no path parameter."""
    return route.kind == "http" and "GET" in route.methods and "{" not in route.path


def is_health(route: Route) -> bool:
    """Whether a route is a health route by its last segment."""
    parts = segments(route.path)
    return is_plain_get(route) and bool(parts) and parts[-1] in HEALTH


def is_readiness(route: Route) -> bool:
    """Whether a route is a readiness route by its last segment."""
    parts = segments(route.path)
    return is_plain_get(route) and bool(parts) and parts[-1] in READY


def is_liveness_by_name(route: Route) -> bool:
    """Whether the last segment means liveness, at the root, under a health segment, or in a health module."""
    parts = segments(route.path)
    if not is_plain_get(route) or not parts or parts[-1] not in LIVE:
        return False
    stem = (route.file or "").rpartition("/")[2]
    return len(parts) == 1 or any(part in HEALTH for part in parts[:-1]) or "health" in stem


def is_plain_health(route: Route) -> bool:
    """Whether the last segment is `health` or `healthz`."""
    parts = segments(route.path)
    return is_plain_get(route) and bool(parts) and parts[-1] in _HEALTH_ONLY


_NEUTRAL = re.compile(
    r"_*(api|v\d+|public|private|internal|system|sys|service|services|app|apps|core|common|monitoring|ops|meta|"
    r"admin|backend|server|rest|utils|actuator|management|probe|probes|status|health\w*)_*\Z"
)


def is_of_a_resource(route: Route) -> bool:
    """Whether the segments before the last one name a thing (`/admin/printers/health`), not the service."""
    return any(not _NEUTRAL.match(part) for part in segments(route.path)[:-1])
