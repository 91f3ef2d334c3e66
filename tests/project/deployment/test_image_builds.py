"""Which Dockerfile the image of a service or container is built from."""

from __future__ import annotations

from typing import Any

import pytest

from fastapi_lint.project.deployment.image_builds import matches

DOCKERFILE = (
    "FROM python:3.12-slim AS base\nWORKDIR /srv\nCOPY app app\n"
    'FROM base AS api\nCMD ["uvicorn", "app.main:app"]\n'
    'FROM base AS jobs\nCMD ["arq", "app.jobs.Jobs"]\n'
)
COMPOSE = "services:\n  api:\n    image: ghcr.io/acme/shop:1.2\n"
ACTION = """\
env:
  IMAGE: acme/shop
jobs:
  build:
    runs-on: ubuntu-latest
    env: {REGISTRY: ghcr.io}
    steps:
      - uses: actions/checkout@v4
      - id: meta
        uses: docker/metadata-action@v5
        with: {images: "${{ env.REGISTRY }}/${{ env.IMAGE }}"}
      - uses: docker/build-push-action@v6
        with:
          context: .
          target: api
"""
RUN = """\
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: |
          docker buildx build --push --platform linux/amd64 \\
"""


def workflow(text: str) -> dict[str, str]:
    return {"Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE, ".github/workflows/image.yml": text}


def served(starts: Any) -> list[str]:
    return [start.launch.image.name for start in starts if start.launch.kind in ("service", "container")]


@pytest.mark.parametrize(
    "text",
    [
        ACTION + "          tags: ${{ steps.meta.outputs.tags }}\n",
        ACTION + "          tags: ghcr.io/acme/shop:latest,acme/other\n",
        ACTION
        + "          tags: |\n            acme/other:1\n            ghcr.io/acme/shop:${{ github.sha }}\n",
        ACTION + '          tags: "${{ vars.REGISTRY }}/acme/shop"\n',
        ACTION + "          file: ./Dockerfile\n          tags: ghcr.io/acme/shop\n",
        RUN + "            --target api -t ghcr.io/acme/shop:$GITHUB_SHA -f Dockerfile .\n",
        RUN + '            --target=api --tag="$REGISTRY/acme/shop:1" .\n',
    ],
)
def test_workflows_tell_from_which_stage_an_image_is_built(starts_of: Any, text: str) -> None:
    assert served(starts_of(workflow(text))) == ["api"]


@pytest.mark.parametrize(
    "text",
    [
        ACTION + "          tags: ghcr.io/acme/${{ matrix.name }}\n",
        ACTION + "          tags: ghcr.io/acme/other\n",
        ACTION + "          tags: acme/shop\n",
        ACTION + "          file: ${{ matrix.file }}\n          tags: ghcr.io/acme/shop\n",
        ACTION + "          file: ../Dockerfile\n          tags: ghcr.io/acme/shop\n",
        ACTION.replace("target: api", "target: jobs") + "          tags: ghcr.io/acme/shop\n",
        ACTION.replace("target: api", "target: nowhere") + "          tags: ghcr.io/acme/shop\n",
        ACTION.replace("target: api", "target: ${{ x }}") + "          tags: ghcr.io/acme/shop\n",
        ACTION.replace("context: .", "context: '{{defaultContext}}:x'")
        + "          tags: ghcr.io/acme/shop\n",
        RUN + "            -t ghcr.io/acme/shop https://example.org/x.git\n",
        "jobs: [1, null]\n",
        "jobs: {a: {steps: [1, {uses: docker/build-push-action}, {run: docker build -t}]}}\n",
    ],
)
def test_what_is_not_certain_names_no_image(starts_of: Any, text: str) -> None:
    assert served(starts_of(workflow(text))) == []


def test_a_published_image_is_not_for_development_because_a_service_mounts_its_source(starts_of: Any) -> None:
    files = workflow(ACTION + "          tags: ghcr.io/acme/shop\n")
    files["compose.yaml"] = COMPOSE + "    volumes: ['./app:/srv/app']\n"
    found = {start.launch.kind: start.environment for start in starts_of(files)}
    assert found == {"image": "unknown", "service": "development"}


def test_two_builds_of_one_name_are_not_certain(starts_of: Any) -> None:
    one = ACTION + "          tags: ghcr.io/acme/shop:api\n"
    two = one.replace("target: api", "target: jobs")
    assert served(starts_of({**workflow(one), ".github/workflows/b.yml": two})) == []
    assert served(starts_of({**workflow(one), ".github/workflows/b.yml": one})) == ["api"]


def test_makefiles_and_scripts_build_as_well(starts_of: Any) -> None:
    files = {"Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE}
    make = (
        "NAME = acme/shop\nIMAGE = ghcr.io/$(NAME)\nbuild:\n\tdocker build --target api -t $(IMAGE):$(V) .\n"
    )
    assert served(starts_of({**files, "Makefile": make})) == ["api"]
    script = "#!/bin/sh\ncd ..\ndocker build -t ghcr.io/acme/shop --target api .\n"
    assert served(starts_of({**files, "ci/build.sh": script})) == ["api"]


def test_a_container_of_a_manifest_runs_the_image_that_a_workflow_builds(starts_of: Any) -> None:
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
        "spec: {template: {spec: {containers: [{name: api, image: 'ghcr.io/acme/shop@sha256:0'}]}}}\n"
    )
    files = workflow(ACTION + "          tags: ${{ steps.meta.outputs.tags }}\n")
    files["compose.yaml"] = "services: {}\n"
    assert served(starts_of({**files, "k8s/shop.yaml": manifest})) == ["api"]


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("acme/shop", "acme/shop", True),
        ("docker.io/acme/shop", "acme/shop", True),
        ("*/shop", "acme/shop", True),
        ("*/shop", "ghcr.io/acme/shop", False),
        ("acme/*", "acme/shop", False),
        ("*", "shop", False),
        ("shop", "acme/shop", False),
    ],
)
def test_matching(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected
