"""FastAPI's security schemes, and the credentials that they hand over.

Source: `fastapi/security/__init__.py` (0.165) and the modules that it imports from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.names.resolve import Resolver
    from fastapi_lint.project.types.infer import Value

_MODULES = {
    "api_key": "APIKeyCookie APIKeyHeader APIKeyQuery",
    "http": "HTTPBasic HTTPBearer HTTPDigest HTTPBasicCredentials HTTPAuthorizationCredentials",
    "oauth2": "OAuth2 OAuth2AuthorizationCodeBearer OAuth2PasswordBearer OAuth2PasswordRequestForm "
    "OAuth2PasswordRequestFormStrict",
    "open_id_connect_url": "OpenIdConnect",
    "base": "SecurityBase",
}


def _named(*classes: str) -> frozenset[str]:
    """The names of some classes, from the package and from the module that defines them."""
    found = {f"fastapi.security.{name}" for name in classes}
    for module, names in _MODULES.items():
        found |= {f"fastapi.security.{module}.{name}" for name in names.split() if name in classes}
    return frozenset(found)


TEXT_SCHEMES = _named(
    "APIKeyCookie",
    "APIKeyHeader",
    "APIKeyQuery",
    "OAuth2",
    "OAuth2PasswordBearer",
    "OAuth2AuthorizationCodeBearer",
    "OpenIdConnect",
)
"""Schemes that hand over the token itself."""

COOKIE_SCHEMES = _named("APIKeyCookie")
SCHEMES = TEXT_SCHEMES | _named("HTTPBasic", "HTTPBearer", "HTTPDigest", "SecurityBase")
CREDENTIALS = _named(
    "HTTPBasicCredentials",
    "HTTPAuthorizationCredentials",
    "OAuth2PasswordRequestForm",
    "OAuth2PasswordRequestFormStrict",
)


def is_scheme(resolver: Resolver, target: Value | None, names: frozenset[str] = SCHEMES) -> bool:
    """Whether a dependency is an instance of a security scheme, or of a class derived from one."""
    return isinstance(target, Instance) and resolver.inherits(target.cls, names)
