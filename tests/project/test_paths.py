from __future__ import annotations

import pytest

from fastapi_lint.project.routing.paths import PathPattern, mount_pattern, parameter_names, pattern_of


def pattern(path: str) -> PathPattern:
    found = pattern_of(path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("/users/{user_id}", "/users/me"),
        ("/users/{user_id}", "/users/{name}"),
        ("/users/{user_id}", "/users/{user_id:int}"),
        ("/users/{user_id}", "/users/{user_id:uuid}"),
        ("/users/me", "/users/me"),
        ("/files/{rest:path}", "/files/a/b"),
        ("/files/{rest:path}", "/files/"),
        ("/files/{rest:path}", "/files/{name}/meta"),
        ("/{rest:path}", "/{a}/{b}/{c}"),
        ("/{a}/{b}", "/users/{user_id}"),
        ("/{a}/{b}", "/{a}-x/{b}.json"),
        ("/files/{name}", "/files/{name}.json"),
        ("/v/{x:float}", "/v/{x:int}"),
    ],
)
def test_covers(earlier: str, later: str) -> None:
    assert pattern(earlier).covers(pattern(later))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("/users/me", "/users/{user_id}"),
        ("/users/{user_id:int}", "/users/me"),
        ("/users/{user_id:int}", "/users/{user_id}"),
        ("/users/{user_id:uuid}", "/users/{user_id}"),
        ("/users/{user_id:int}", "/users/{user_id:float}"),
        ("/users/{user_id}", "/users/"),
        ("/users/{user_id}", "/users"),
        ("/users/{user_id}", "/users/me/posts"),
        ("/users/{user_id}", "/users/{rest:path}"),
        ("/files/{name}.json", "/files/{name}"),
        ("/files/{name}.json", "/files/{name}.xml"),
        ("/files/{rest:path}", "/files"),
        ("/v7/{x}", "/v{n:int}/{x}"),
        ("/{a}/users", "/{a}/{b}"),
        ("/{a:int}/{b}", "/{a}/{b:int}"),
        ("/Users/{a}", "/users/{a}"),
    ],
)
def test_does_not_cover(earlier: str, later: str) -> None:
    assert not pattern(earlier).covers(pattern(later))


def test_unknown_convertor() -> None:
    assert pattern_of("/x/{day:date}") is None


def test_very_many_parameters() -> None:
    assert pattern_of("/{a:path}" * 40) is None


def test_mount() -> None:
    at_root, static = mount_pattern("/"), mount_pattern("/static/")
    assert at_root is not None
    assert static is not None
    assert at_root.covers(pattern("/api/{x}"))
    assert static.covers(pattern("/static/{x}"))
    assert not static.covers(pattern("/statics"))


def test_parameter_names() -> None:
    assert parameter_names("/{a}/x-{b:int}.{c:path}") == ("a", "b", "c")
