"""Where asynchronous SQLAlchemy sessions and their factories are made, and with which options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.calls.effects import ASYNC_SESSIONS
from fastapi_lint.project.names.symbols import ClassSymbol, External, Module, Scope
from fastapi_lint.project.types.literal_values import LiteralValues

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_ASYNC_FACTORY = "sqlalchemy.ext.asyncio.async_sessionmaker"
_FACTORY = "sqlalchemy.orm.sessionmaker"


class SessionFactory(msgspec.Struct, frozen=True, eq=False):
    """One call that makes an asynchronous session, or a factory of them.

    `expires` tells that its objects expire on commit for certain, which is SQLAlchemy's default.
    """

    call: s.Call
    scope: Scope
    expires: bool

    @property
    def module(self) -> Module:
        """The module that the call stands in."""
        return self.scope.module


class SessionFactories:
    """Answers where asynchronous sessions come from."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.literals = LiteralValues(project)

    def asynchronous(self) -> Iterator[SessionFactory]:
        """The application's calls that make asynchronous sessions or factories, in the order of paths."""
        for module in self.project.application_modules():
            names = ("async_sessionmaker", "sessionmaker", "AsyncSession", "partial")
            for site in self.project.calls.named(module, *names):
                if isinstance(site.callee, External | ClassSymbol) and self._is_async(site.callee, site):
                    yield SessionFactory(site.call, site.scope, self._expires(site.call, site.scope))

    def _is_async(self, callee: External | ClassSymbol, site: object) -> bool:
        call, scope = site.call, site.scope  # type: ignore[attr-defined]
        if isinstance(callee, External) and callee.name == "functools.partial":
            made = self.project.types.infer(call.args[0], scope) if call.args else None
            return isinstance(made, External) and made.name == _ASYNC_FACTORY
        if isinstance(callee, External) and callee.name == _FACTORY:
            given = self.project.types.infer(keyword(call, "class_"), scope)
            return isinstance(given, External | ClassSymbol) and self._is_session(given)
        return callee == External(_ASYNC_FACTORY) or self._is_session(callee)

    def _is_session(self, cls: External | ClassSymbol) -> bool:
        return self.project.resolver.inherits(cls, ASYNC_SESSIONS)

    def _expires(self, call: s.Call, scope: Scope) -> bool:
        """Whether nothing can have set `expire_on_commit`, or the literal True has."""
        if any(k.name is None for k in call.keywords) or any(isinstance(a, s.Starred) for a in call.args):
            return False
        given = keyword(call, "expire_on_commit")
        if given is None:
            return True
        literal = self.literals.of(given, scope)
        return literal is not None and literal.value is True
