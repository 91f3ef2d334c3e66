from __future__ import annotations

import pytest

from fastapi_lint.project.names.similar import distance, is_slip


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("access_token_expire_minute", "access_token_expire_minutes"),
        ("allowed_orgins", "allowed_origins"),
        ("database_uri", "database_url"),
        ("secert_key", "secret_key"),
        ("secretkey", "secret_key"),
        ("log_levle", "log_level"),
    ],
)
def test_slips(name: str, other: str) -> None:
    assert is_slip(name, other)
    assert is_slip(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("database_host", "database_port"),
        ("worker_1", "worker_2"),
        ("worker1", "worker2"),
        ("pool_min", "pool_max"),
        ("secret_key", "secret_key"),
        ("secret_kex_a", "secret_key_b"),
        ("redis_db", "redis_id"),
        ("key_x", "key_y"),
        ("short", "shart"),
        ("access_token", "refresh_token"),
    ],
)
def test_other_names(name: str, other: str) -> None:
    assert not is_slip(name, other)


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("ab", "ba", 1),
        ("minute", "minutes", 1),
        ("kitten", "sitting", 3),
        ("abc", "abc", 0),
    ],
)
def test_distance(text: str, other: str, expected: int) -> None:
    assert distance(text, other) == expected
