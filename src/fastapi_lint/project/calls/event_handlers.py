"""The event handlers of apps and routers: those that are never called, and those of the deprecated kind.

Run with FastAPI 0.92 to 0.165: from 0.93 on a lifespan takes the place of an app's handlers; those of an
included router are lost beside it before 0.112.2, and run since.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import EventHandler, Lifecycle

_Place = tuple[str, int]
_LIFESPAN, _MERGED = "0.93", "0.112.2"


class Handled(msgspec.Struct, frozen=True, eq=False):
    """A handler and the app (or router) that it is given to; `receiver` is that in the code's words."""

    handler: EventHandler
    lifecycle: Lifecycle

    @property
    def receiver(self) -> str:
        """`app` of `app.on_event("startup")`; empty where the handler is an argument of its constructor."""
        call = self.handler.site.expr
        func = call.func if isinstance(call, s.Call) else None
        return (dotted_name(func.value) or "") if isinstance(func, s.Attribute) else ""

    @property
    def is_on_app(self) -> bool:
        """Whether it is given by a method of the app itself, not of its router."""
        return self.lifecycle.is_app and not self.receiver.endswith(".router")


class EventHandlers:
    """Answers about event handlers, in the order of path and place, one for each registration."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.lifecycles = [one for one in project.routing.lifecycles.all if one.kind != "starlette"]

    @cached_property
    def lost(self) -> tuple[Handled, ...]:
        """The handlers that no app calls, because each of those that have them has a lifespan."""
        found: dict[_Place, list[tuple[Handled, bool]]] = {}
        for lifecycle in self.lifecycles:
            if lifecycle.is_app:
                for handler in lifecycle.handlers:
                    lost = Handled(handler, lifecycle), self._is_lost(lifecycle, handler)
                    found.setdefault(_place(handler), []).append(lost)
        return _ordered(rows[0][0] for rows in found.values() if all(lost for _, lost in rows))

    def _is_lost(self, lifecycle: Lifecycle, handler: EventHandler) -> bool:
        versions = self.project.versions.for_file(lifecycle.site.module.path)
        if not lifecycle.has_lifespan or not versions.all_at_least("fastapi", _LIFESPAN):
            return False
        if handler.receiver is not lifecycle.site and not versions.all_below("fastapi", _MERGED):
            return False
        return not self.project.starting.may_run(lifecycle, handler)

    @cached_property
    def deprecated(self) -> tuple[Handled, ...]:
        """The handlers that are called, where a lifespan could be."""
        lost = {_place(one.handler) for one in self.lost}
        found: dict[_Place, list[Handled]] = {}
        for lifecycle in self.lifecycles:
            for handler in lifecycle.own:
                found.setdefault(_place(handler), []).append(Handled(handler, lifecycle))
        return _ordered(
            rows[0]
            for place, rows in found.items()
            if place not in lost and all(self._could_have_lifespan(one.lifecycle) for one in rows)
        )

    def _could_have_lifespan(self, lifecycle: Lifecycle) -> bool:
        versions = self.project.versions.for_file(lifecycle.site.module.path)
        return lifecycle.has_lifespan is False and versions.all_at_least("fastapi", _LIFESPAN)


def _place(handler: EventHandler) -> _Place:
    return handler.site.module.path, handler.site.at


def _ordered(found: Iterator[Handled]) -> tuple[Handled, ...]:
    return tuple(sorted(found, key=lambda one: _place(one.handler)))
