from __future__ import annotations

import pytest

from fastapi_lint.project.security.secret_names import is_secret


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "PASSWORD",
        "user_password",
        "userPassword",
        "password2",
        "password_confirm",
        "new_password",
        "password_repeat",
        "passwd",
        "secret",
        "client_secret",
        "SECRET_KEY",
        "token",
        "access_token",
        "refreshToken",
        "api_key",
        "apikey",
        "openai_api_key",
        "card_number",
        "cvv",
    ],
)
def test_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "max_tokens",
        "tokens",
        "token_count",
        "token_type",
        "secretary",
        "password_reset_url",
        "password_hash",
        "hashed_password",
        "has_password",
        "is_secret",
        "next_page_token",
        "csrf_token",
        "masked_token",
        "key",
        "number",
        "passport",
        "reset_password",
        "secret_name",
        "tokenizer",
    ],
)
def test_other_names(name: str) -> None:
    assert not is_secret(name)
