"""Endpoints that send the secrets of an object, because nothing says what of it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.errors.statuses import status_number
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import ClassSymbol, External
from fastapi_lint.project.requests.declared_responses import declared_response
from fastapi_lint.project.security.kept_back import KeptBack
from fastapi_lint.project.security.returned_objects import ReturnedObjects
from fastapi_lint.project.security.secret_attributes import SecretAttributes
from fastapi_lint.project.types.bodies import return_values

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.declared_responses import Declared
    from fastapi_lint.project.routing.table import Route
    from fastapi_lint.project.security.returned_objects import ReturnedObject
    from fastapi_lint.project.security.secret_attributes import SecretAttribute

_KEY_WORDS = frozenset(
    "token tokens key keys apikey apikeys secret secrets credential credentials auth oauth oauth2 login "
    "logon signin signup register registration refresh session sessions invite invites invitation "
    "invitations webhook webhooks otp totp mfa 2fa device devices jwt sso connect connection integration "
    "verification verify reset".split()
)
"""Words of classes, endpoints and paths that hand out tokens and keys on purpose."""

_CREDENTIALS = frozenset("access refresh auth api bearer jwt".split())
_ACCOUNT_FIELDS = frozenset("email username password login hashed_password password_hash".split())
"""Fields of people who log in. Elsewhere a plain `token` is mostly the name of something, as in a link."""

_PASSWORD_WORDS = frozenset("password passwords passwd credential credentials".split())


class Unfiltered(msgspec.Struct, frozen=True, eq=False):
    """An endpoint, the object that it returns, and a secret of it that is sent, whatever it declares."""

    endpoint: Endpoint
    route: Route
    declared: Declared
    returned: ReturnedObject
    secret: SecretAttribute
    returned_at: Expr


class UnfilteredResponses:
    """Answers which endpoints send secrets."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.objects = ReturnedObjects(project)
        self.secrets = SecretAttributes(project)
        self.kept_back = KeptBack(project)

    def of(self, endpoint: Endpoint) -> Unfiltered | None:
        """The first secret that an endpoint sends."""
        function = endpoint.function
        if function.node.is_generator or not self.project.decorators.gives_results_back(function):
            return None
        for route in endpoint.routes:
            if route.kind != "http" or route.raw or not self._has_json_body(route):
                continue
            declared = declared_response(self.project, endpoint, route)
            if declared != "model":
                found = self._sent(endpoint, route, declared)
                if found is not None:
                    return found
        return None

    def _has_json_body(self, route: Route) -> bool:
        status = route.options.get("status_code")
        if status is not None and status_number(status.expr, status.scope, self.project.resolver) in (
            204,
            304,
        ):
            return False
        given = route.options.get("response_class")
        if given is None:
            return True
        symbol = self.project.resolver.resolve(given.expr, given.scope)
        return isinstance(symbol, External) and symbol.name.endswith("JSONResponse")

    def _sent(self, endpoint: Endpoint, route: Route, declared: Declared) -> Unfiltered | None:
        scope = self.project.resolver.scope(endpoint.function)
        for value in return_values(endpoint.function):
            for found in self.objects.of(value, scope):
                if not self._is_written_out(found, route, declared):
                    continue
                for secret in self.secrets.of(found.cls):
                    if not self._is_purpose(endpoint, route, found, secret) and not self.kept_back.is_so(
                        endpoint.function, found, secret
                    ):
                        return Unfiltered(endpoint, route, declared, found, secret, value)
        return None

    def _is_written_out(self, found: ReturnedObject, route: Route, declared: Declared) -> bool:
        """Whether FastAPI writes an object out with all that it has. Tried with FastAPI 0.165.

        Without a declared type it takes any object; `response_model_exclude` then does nothing. With a type
        that allows all, it writes models only and refuses rows.
        """
        is_model = self.objects.models.is_model(found.cls)
        if not is_model and not self._is_row(found.cls):
            return False
        if declared == "nothing":
            return is_model or found.shape != "model"
        if not is_model or {"response_model_exclude", "response_model_include"} & set(route.options):
            return False
        return declared in ("anything", found.shape)

    def _is_row(self, cls: ClassSymbol) -> bool:
        """Whether objects of a class are rows of SQLAlchemy, whose attributes are their columns."""
        return self.project.kinds.has_rows(cls) and not any(
            isinstance(base, External) and not base.name.startswith(("sqlalchemy.", "typing.", "abc."))
            for base in self.project.resolver.ancestry(cls)
        )

    def _is_purpose(
        self, endpoint: Endpoint, route: Route, found: ReturnedObject, secret: SecretAttribute
    ) -> bool:
        """Whether an endpoint is there to hand out the secret: a token, a key, a new password."""
        if secret.kind == "hash":
            return False
        about = {word for name in (secret.owner.name, found.cls.name) for word in words(name)}
        if secret.kind == "password":
            return bool(about & _PASSWORD_WORDS) or self._is_named_after(endpoint, route, _PASSWORD_WORDS)
        if found.call is not None and any(k.name == secret.name for k in found.call.keywords):
            return True
        if self._is_handle(found.cls, secret):
            return True
        return bool(about & _KEY_WORDS) or self._is_named_after(endpoint, route, _KEY_WORDS)

    def _is_handle(self, cls: ClassSymbol, secret: SecretAttribute) -> bool:
        """Whether a token may only name an object: it belongs to nobody who logs in."""
        *before, last = words(secret.name)
        if last != "token" or _CREDENTIALS.intersection(before):
            return False
        return all(self.project.resolver.class_member(cls, name) is None for name in _ACCOUNT_FIELDS)

    def _is_named_after(self, endpoint: Endpoint, route: Route, wanted: frozenset[str]) -> bool:
        return bool({*words(endpoint.function.name), *words(route.path)} & wanted)
