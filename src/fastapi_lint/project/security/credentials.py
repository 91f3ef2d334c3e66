"""Signs that code looks at who is asking: names, and the parts of a request that it reads.

They serve rules about missing authentication to stay silent: what bears one of them may authenticate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.layers.role_names import words

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_WORDS = frozenset(
    "auth authenticate authenticated authentication authenticator authorization authorize authorized jwt "
    "token tokens bearer credential credentials permission permissions permitted login logged signin "
    "admin superuser sudo role roles acl rbac policy guard protect protected secret password passwd "
    "signature signed hmac digest verify verified verification verifier apikey otp totp captcha recaptcha "
    "hcaptcha turnstile identity principal claims oauth oidc sso forbidden unauthorized csrf nonce "
    "challenge current whoami".split()
)
_PHRASES = (("api", "key"), ("access", "key"), ("secret", "key"), ("session", "id"), ("invite", "code"))
_WHO = frozenset(
    "user users account member owner customer actor require required check access tenant".split()
)
"""Words in the names of dependencies that may say who is asking."""

_PARTS = frozenset(
    "service services repository repositories repo dao crud factory uow store manager queue gateway "
    "provider handler usecase db database id ids".split()
)
"""Last words of names of what a program is built of."""

_READ = frozenset("headers cookies query_params".split())
_DEPTH = 4
_MOST = 200


def speaks_of_credentials(name: str) -> bool:
    """Whether a name has a word or phrase that has to do with authentication."""
    parts = words(re.sub(r"\d+", "", name))
    if not _WORDS.isdisjoint(parts):
        return True
    return any(pair in _PHRASES for pair in pairwise(parts))


def may_name_who_asks(name: str) -> bool:
    """Whether a dependency of this name may say who is asking: `get_user`, but not `get_user_service`."""
    parts = words(name)
    return speaks_of_credentials(name) or (
        not _WHO.isdisjoint(parts) and parts[-1] not in _PARTS and "create" not in parts
    )


class CredentialSigns:
    """Answers whether functions may look at credentials."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def in_body(self, function: FunctionSymbol) -> bool:
        """Whether a function's own body calls something by such a name, or reads headers or cookies."""
        for expr in expressions_of(function.node.body):
            if isinstance(expr, s.Call) and speaks_of_credentials(_called(expr)):
                return True
            if isinstance(expr, s.Attribute) and expr.attr in _READ:
                return True
        return False

    def in_texts(self, function: FunctionSymbol) -> bool:
        """Whether a function's own body holds the key of something that proves who is asking."""
        return any(
            isinstance(expr, s.Constant) and isinstance(expr.value, str) and _is_key(expr.value)
            for expr in expressions_of(function.node.body)
        )

    def reached(self, function: FunctionSymbol) -> Iterator[FunctionSymbol]:
        """A function and the project's functions that it calls, also through others."""
        seen = {id(function)}
        level = [function]
        for _ in range(_DEPTH):
            following: list[FunctionSymbol] = []
            for one in level:
                yield one
                for site in self.project.calls.of(one):
                    inner = self.project.calls.entered(site)
                    if inner is not None and id(inner) not in seen and len(seen) < _MOST:
                        seen.add(id(inner))
                        following.append(inner)
            level = following


def _called(call: s.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, s.Attribute) else func.id if isinstance(func, s.Name) else ""


def _is_key(text: str) -> bool:
    return len(text) < 40 and " " not in text and speaks_of_credentials(text)
