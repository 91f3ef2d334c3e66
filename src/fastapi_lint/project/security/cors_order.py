"""Which middleware stands outside of `CORSMiddleware`, so that its answers get no CORS headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.moving import block_of, move_behind, position_in
from fastapi_lint.project.edits.text import insert, replace
from fastapi_lint.project.security.cors import CORS_MIDDLEWARE
from fastapi_lint.project.security.refusing import Refusals
from fastapi_lint.project.settings.environment_words import asks_for_environment

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Middleware


class Outside(msgspec.Struct, frozen=True, eq=False):
    """`CORSMiddleware` of an app, and a middleware outside of it that may answer by itself."""

    app: App
    cors: Middleware
    refusing: Middleware


class CorsOrder:
    """Answers in which order middleware stands."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.refusals = Refusals(project)

    def refusing_outside(self) -> Iterator[Outside]:
        """Each `CORSMiddleware` that something stands outside of which may answer by itself."""
        if not any("CORSMiddleware" in module.facts.names for module in self.project.modules):
            return
        if any(self._wraps(module) for module in self.project.application_modules()):
            return
        seen: set[tuple[str, int]] = set()
        for app in self.project.routing.every_app:
            found = self._of_app(app)
            if found is not None and (found.cors.site.module.path, found.cors.site.at) not in seen:
                seen.add((found.cors.site.module.path, found.cors.site.at))
                yield found

    def _wraps(self, module: Module) -> bool:
        """Whether a module puts `CORSMiddleware` around an app itself."""
        return any(
            self.resolver.inherits(self.resolver.resolve(site.call.func, site.scope), CORS_MIDDLEWARE)
            for site in self.project.calls.named(module, "CORSMiddleware")
        )

    def _of_app(self, app: App) -> Outside | None:
        places = [n for n, one in enumerate(app.middleware) if "cors" in one.name.lower()]
        if len(places) != 1:
            return None
        cors = app.middleware[places[0]]
        if not self.resolver.inherits(cors.runs, CORS_MIDDLEWARE):
            return None
        if self.project.roles.is_outside(cors.site.module):
            return None
        for one in app.middleware[: places[0]]:
            if _is_ordered(cors, one) and self.refusals.refuses(one):
                return Outside(app, cors, one)
        return None

    # --- the fix ---------------------------------------------------------------------------------

    def moved_outside(self, found: Outside) -> Fix | None:
        """The call behind all others of its block that add middleware, or to the front of its list."""
        cors, outermost = found.cors.site, found.app.middleware[0].site
        if cors.module is not outermost.module or found.cors.conditions:
            return None
        block = block_of(cors)
        place, last = position_in(block, cors), position_in(block, outermost)
        if block is not block_of(outermost) or place is None or last is None:
            return None
        if last == place:
            return self._moved_in_list(found)
        statement = block[place]
        if last < place or not isinstance(statement, s.Expression) or statement.value is not cors.expr:
            return None
        edits = move_behind(self.project, cors.module, statement, block[last])
        return Fix("unsafe", "Add `CORSMiddleware` last", edits) if edits is not None else None

    def _moved_in_list(self, found: Outside) -> Fix | None:
        cors, first = found.cors.site, found.app.middleware[0].site
        text = self.project.text(cors.module.path)
        start, end = s.start_of(cors.at), s.end_of(cors.at)
        before = text[:start].rstrip()
        if not before.endswith(",") or s.start_of(first.at) > start:
            return None
        gap = text[len(before) : start]
        cut = replace(self.project, cors.module, len(before) - 1, end, "")
        front = insert(self.project, cors.module, s.start_of(first.at), f"{text[start:end]},{gap}")
        return Fix("unsafe", "Put `CORSMiddleware` first", (cut, front))


def _is_ordered(cors: Middleware, other: Middleware) -> bool:
    """Whether both are there whenever the one with more conditions is, whatever the environment."""
    ours, theirs = cors.conditions, other.conditions
    common = min(len(ours), len(theirs))
    if ours[:common] != theirs[:common]:
        return False
    return not any(one.site and asks_for_environment(one.site.expr) for one in (*ours, *theirs))
