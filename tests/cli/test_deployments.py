"""The command `deployments`: what it prints and how it ends."""

from __future__ import annotations

import json
from typing import Any

Fixture = Any

MAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n"
DOCKERFILE = """\
FROM python:3.12-slim AS api
WORKDIR /srv
COPY app app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "$PORT"]
"""
COMPOSE = """\
services:
  api:
    build: {context: ., target: api}
    command: uvicorn app.main:app --host 0.0.0.0 --workers 3
    environment:
      UVICORN_LOG_LEVEL: debug
  cache:
    image: redis
    command: redis-server --appendonly yes
"""
FILES = {"pyproject.toml": "", "app/main.py": MAIN, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE}


def documents(done: Fixture) -> list[dict[str, Any]]:
    document = json.loads(done.out)
    assert list(document) == ["version", "deployments"]
    assert document["version"] == 1
    found: list[dict[str, Any]] = document["deployments"]
    return found


def test_the_json_tells_each_value_with_its_place(lint: Fixture, project: Fixture) -> None:
    project(FILES)
    done = lint("deployments", "--output-format", "json")
    assert (done.code, done.err) == (0, "")
    image, api, cache = documents(done)
    assert [(item["kind"], item["name"], item["environment"]) for item in (image, api, cache)] == [
        ("image", "api", "unknown"),
        ("service", "api", "unknown"),
        ("service", "cache", "unknown"),
    ]
    assert image["place"] == {"file": "Dockerfile", "line": 4, "column": 1}
    assert image["workdir"] == "/srv"
    [server] = api["servers"]
    assert (server["server"], server["command"], server["conditional"]) == ("uvicorn", "uvicorn", False)
    assert server["target"] == {
        "text": "app.main:app",
        "status": "found",
        "kind": "instance",
        "file": "app/main.py",
        "app": {"file": "app/main.py", "line": 3, "column": 1},
        "place": {"file": "compose.yaml", "line": 4, "column": 22},
    }
    assert server["values"]["workers"] == {
        "value": 3,
        "origin": "argument",
        "written": "--workers 3",
        "place": {"file": "compose.yaml", "line": 4, "column": 50},
    }
    assert server["values"]["log_level"]["value"] == "debug"
    assert server["values"]["log_level"]["place"] == {"file": "compose.yaml", "line": 6, "column": 26}
    assert server["values"]["port"] == {"value": 8000, "origin": "default", "written": "", "place": None}
    assert server["unknown"] == []
    assert "worker_class" not in server["values"]
    assert cache["servers"] == []
    assert cache["unknown"][0]["what"] == "command"


def test_what_stays_unknown_is_told_with_the_reason(lint: Fixture, project: Fixture) -> None:
    project({**FILES, "compose.yaml": "services: {}\n"})
    [image] = documents(lint("deployments", "--output-format", "json"))
    [server] = image["servers"]
    assert server["values"]["port"]["value"] is None
    assert server["unknown"] == [
        {
            "what": "port",
            "reason": "the value of `--port $PORT` isn't known",
            "place": {"file": "Dockerfile", "line": 4, "column": 54},
        }
    ]
    text = lint("deployments").out
    assert "    port             ?" in text
    assert "    unknown: port: the value of `--port $PORT` isn't known (Dockerfile:4)\n" in text


def test_the_text_names_place_environment_target_and_sources(lint: Fixture, project: Fixture) -> None:
    project(FILES)
    done = lint("deployments")
    assert done.code == 0
    text = done.out
    assert "compose.yaml:2  service `api`  environment unknown\n" in text
    assert "  uvicorn  app.main:app  (the app at app/main.py:3)\n" in text
    assert "    workers          3                                   compose.yaml:4  --workers 3\n" in text
    assert "    reload           no                                  by default\n" in text
    assert text.index("No server is known to start here:") < text.index("service `cache`")
    assert "`redis-server` is not a server that is known" in text


def test_two_runs_print_the_same(lint: Fixture, project: Fixture) -> None:
    project(FILES)
    for options in ((), ("--output-format", "json")):
        assert lint("deployments", *options).out == lint("deployments", *options).out


def test_a_path_elsewhere_names_the_project(lint: Fixture, project: Fixture) -> None:
    folder = project(FILES)
    done = lint("deployments", "--root", folder, folder, "--output-format", "json")
    assert len(documents(done)) == 3


def test_names_can_not_steer_the_terminal(lint: Fixture, project: Fixture) -> None:
    compose = 'services:\n  "a\\e]0;x\\a\\u202eb":\n    image: x\n    command: "uvicorn \\"m:a\\e[31m\\""\n'
    project({"pyproject.toml": "", "compose.yaml": compose})
    done = lint("deployments")
    assert done.code == 0
    assert "\\x1b]0;x\\x07\\u202eb" in done.out
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out)


def test_nothing_to_start(lint: Fixture, project: Fixture) -> None:
    project()
    assert lint("deployments").out == "Nothing was found that starts something.\n"
    assert documents(lint("deployments", "--output-format", "json")) == []


def test_wrong_usage_ends_with_two(lint: Fixture, project: Fixture) -> None:
    folder = project()
    assert lint("deployments", "--output-format", "yaml").code == 2
    assert lint("deployments", folder / "nowhere").code == 2
    (folder / "fastapi-lint.toml").write_text("nonsense = 1\n")
    assert lint("deployments").code == 2
