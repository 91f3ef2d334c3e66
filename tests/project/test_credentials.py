"""Names that speak of credentials, and cookies that identify a session."""

from __future__ import annotations

import pytest

from fastapi_lint.project.security.cookies import is_session_cookie
from fastapi_lint.project.security.credentials import may_name_who_asks, speaks_of_credentials


@pytest.mark.parametrize(
    "name",
    [
        "get_current_user",
        "verifyToken",
        "api_key",
        "X-Api-Key",
        "check_permissions",
        "jwt",
        "is_admin",
        "hmac_of",
    ],
)
def test_names_of_credentials(name: str) -> None:
    assert speaks_of_credentials(name)


@pytest.mark.parametrize(
    "name", ["get_db", "key", "session", "order_id", "tickets", "author", "tokenize", ""]
)
def test_other_names(name: str) -> None:
    assert not speaks_of_credentials(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("get_user", True),
        ("require_owner", True),
        ("get_auth_service", True),
        ("get_user_service", False),
        ("UserRepository", False),
        ("create_user", False),
        ("get_settings", False),
    ],
)
def test_dependencies_that_may_say_who_asks(name: str, says: bool) -> None:
    assert may_name_who_asks(name) is says


@pytest.mark.parametrize(
    ("name", "is_session"),
    [
        ("session_id", True),
        ("connect.sid", True),
        ("accessToken", True),
        ("JSESSIONID", True),
        ("csrf_token", False),
        ("author", False),
        ("oauth_state", False),
        ("session_expires", False),
        ("lang", False),
    ],
)
def test_session_cookies(name: str, is_session: bool) -> None:
    assert is_session_cookie(name) is is_session
