from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint


def compose(database: str, depends: str = "{db: {condition: service_healthy}}") -> str:
    return f"services:\n  api:\n    image: api\n    depends_on: {depends}\n  db:\n{database}"


def found(text: str, **files: str) -> list[Finding]:
    return lint({"compose.yaml": text, **files}, select=["DPL014"])


@pytest.mark.parametrize(
    "image", ["postgres", "postgres:17-alpine", "docker.io/library/redis:8", "mysql:9", "nginx"]
)
def test_official_images(image: str) -> None:
    [finding] = found(compose(f"    image: {image}\n"))
    assert (finding.span.line, finding.span.column) == (4, 34)
    assert finding.message == (
        "`api` waits until `db` is healthy, and `db` has no health check: nothing starts"
    )


@pytest.mark.parametrize("check", ["{disable: true}", '{test: ["NONE"]}'])
def test_check_that_is_switched_off(check: str) -> None:
    assert len(found(compose(f"    image: example/db\n    healthcheck: {check}\n"))) == 1


def test_interval_without_a_test() -> None:
    assert len(found(compose("    image: postgres\n    healthcheck: {interval: 5s}\n"))) == 1
    assert found(compose("    image: example/db\n    healthcheck: {interval: 5s}\n")) == []


def test_dockerfile() -> None:
    text = compose("    build: db\n")
    assert len(found(text, **{"db/Dockerfile": "FROM python:3.13\n"})) == 1
    assert len(found(text, **{"db/Dockerfile": "FROM postgres:17\n"})) == 1
    assert found(text, **{"db/Dockerfile": "FROM python:3.13\nHEALTHCHECK CMD true\n"}) == []
    assert found(text, **{"db/Dockerfile": "FROM example/base\n"}) == []
    assert found(text) == []


def test_targeted_stage() -> None:
    dockerfile = "FROM python:3.13 AS base\nHEALTHCHECK CMD true\nFROM base AS one\nFROM python:3.13 AS two\n"
    text = compose("    build: {context: db, target: one}\n")
    assert found(text, **{"db/Dockerfile": dockerfile}) == []
    assert len(found(text.replace("one", "two"), **{"db/Dockerfile": dockerfile})) == 1


@pytest.mark.parametrize(
    "text",
    [
        compose("    image: postgres\n    healthcheck: {test: [CMD, pg_isready]}\n"),
        compose("    image: bitnami/postgresql\n"),
        compose("    image: $IMAGE\n"),
        compose("    image: postgres\n", "[db]"),
        compose("    image: postgres\n", "{db: {condition: service_healthy, required: false}}"),
        compose("    image: postgres\n", "{other: {condition: service_healthy}}"),
    ],
)
def test_nothing_to_report(text: str) -> None:
    assert found(text) == []


def test_check_in_other_files() -> None:
    text = compose("    image: postgres\n")
    check = "    healthcheck: {test: [CMD, pg_isready]}\n"
    assert found(text, **{"compose.override.yaml": "services:\n  db:\n" + check}) == []
    extended = compose("    extends: {service: db, file: common.yaml}\n")
    common = {"common.yaml": "services:\n  db:\n    image: postgres\n" + check}
    assert found(extended, **common) == []
    assert len(found(extended, **{"common.yaml": common["common.yaml"].replace(check, "")})) == 1
