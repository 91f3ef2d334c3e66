# ruff: noqa: E501 (tables of hostile texts)
"""Hostile artifacts: no crash, no reading outside of the root, and an end in bounded time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.project.load import load
from fastapi_lint.project.project import Project
from fastapi_lint.report.deployments import deployments_json, deployments_text
from fastapi_lint.testing import lint_folder, write_files

from .conftest import APP

BASE = "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n"
CMD = 'CMD ["uvicorn", "app.main:app"]\n'
API = "services:\n  api:\n    build: .\n"
SECONDS = 20
"""Of processor time, for the whole report; the slowest case takes one or two."""

Files = Mapping[str, str]


def script(text: str, **more: str) -> dict[str, str]:
    """An image that starts `a.sh`."""
    return {"Dockerfile": BASE + 'CMD ["./a.sh"]\n', "a.sh": f"#!/bin/bash\n{text}", **more}


def image(instructions: str, **more: str) -> dict[str, str]:
    """An image that copies all, with further instructions."""
    return {"Dockerfile": BASE + instructions, **more}


def service(text: str, **more: str) -> dict[str, str]:
    """An image with a server, and a service that builds it."""
    return {"Dockerfile": BASE + CMD, "compose.yaml": API + text, **more}


def doubled(line: str, count: int) -> str:
    return "".join(line.replace("@", str(number)).replace("#", str(number + 1)) for number in range(count))


LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + doubled("a#: &a# [*a@,*a@,*a@,*a@,*a@,*a@,*a@,*a@,*a@]\n", 12)
MERGES = "x0: &x0 {a: 1, b: 2}\n" + doubled("x#: &x#\n  <<: [*x@, *x@, *x@, *x@]\n", 20)
CYCLE = "x: &x\n  y: *x\n  <<: *x\nservices: &s\n  api: &a\n    build: .\n    <<: *a\n    depends_on: *s\n"
WEIRD = """\
services:
  a: null
  b: []
  c: text
  1: {build: .}
  null: {build: .}
  ? [x, y]
  : {build: .}
  d: {build: null, command: null, environment: null, env_file: null, ports: null, volumes: null, extends: null}
  e: {build: [], command: {}, environment: text, env_file: {}, ports: text, volumes: 5, depends_on: 5, deploy: []}
  f: {build: {context: [a], dockerfile: {x: y}, args: [1, null], target: []}, command: [1, null, [a], {b: c}]}
"""
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: []
spec: {replicas: [], template: {spec: {containers: [null, 5, {name: [], image: {}, command: {}, env: x, args: 1}]}}}
---
[]
---
apiVersion: v1
kind: List
items: [5, null, {kind: List, apiVersion: v1, items: []}]
"""
DIGITS = "9" * 5000
NUMBERS = (
    f"    deploy: {{replicas: {DIGITS}}}\n    ports: ['{DIGITS}:{DIGITS}', 1e400, -1, '0-65535:0-65535']\n"
)

HOSTILE: dict[str, Files] = {
    "endless continuation": image("RUN a \\\n" * 200_000),
    "comments in a continuation": image("RUN a \\\n" + "# x\n" * 200_000 + CMD),
    "a long heredoc": image("RUN <<EOF\n" + "echo a && uvicorn app.main:app\n" * 50_000 + "EOF\n" + CMD),
    "open heredocs": image("RUN <<A <<B <<C\n" * 30_000),
    "deep brackets": image("CMD " + "[" * 100_000 + "\n"),
    "many words": image("CMD [" + ", ".join(['"a"'] * 100_000) + "]\n"),
    "a chain of stages": {"Dockerfile": "FROM python AS s0\n" + doubled("FROM s@ AS s#\n", 2000) + CMD},
    "stages that build upon each other": {"Dockerfile": f"FROM b AS a\n{CMD}FROM a AS b\nFROM a AS a\n"},
    "copies that double": {
        "Dockerfile": "FROM python AS s0\n"
        + "".join(f"FROM python AS s{n}\n" + f"COPY --from=s{n - 1} / /\n" * 10 for n in range(1, 40))
        + 'CMD ["/x.sh"]\n'
    },
    "many copies": image("COPY app/ b/\n" * 20_000 + 'CMD ["./a.sh"]\n', **{"a.sh": "#!/bin/sh\n" + "foo\n" * 390}),
    "many variables": image("".join(f"ENV A{n}=1\n" for n in range(20_000)) + CMD),
    "arguments that double": image("ARG A0=xx\n" + doubled("ARG A#=${A@}${A@}\n", 300) + "CMD uvicorn $A300\n"),
    "variables that double": image("ENV A=xx\n" + "ENV A=${A}${A}\n" * 5000 + "CMD uvicorn $A\n"),
    "arguments of the base image": {"Dockerfile": "ARG A=xx\n" + "ARG A=${A}${A}\n" * 3000 + "FROM $A\n" + CMD},
    "nested defaults": image("CMD uvicorn " + "${A:-" * 20_000 + "x" + "}" * 20_000 + "\n"),
    "nested shells": image("CMD " + "( " * 20_000 + "uvicorn app.main:app" + " )" * 20_000 + "\n"),
    "wrappers": image("CMD " + "env exec nice " * 20_000 + "uvicorn app.main:app\n"),
    "patterns": image("COPY " + "*/" * 5000 + " .\n" + "COPY *a*b*c*d*e* /x/\n" * 500 + 'CMD ["./x.sh"]\n'),
    "ignore patterns": script("uvicorn app.main:app\n", **{".dockerignore": "**/**/**/**/x*y*z*\n" * 2000}),
    "many folders": {
        "Dockerfile": BASE + "ENV PATH=" + ":".join(f"/x{n}" for n in range(20_000)) + '\nCMD ["./a.sh"]\n',
        "a.sh": "#!/bin/sh\n" + "foo\n" * 390,
    },
    "scripts that call each other": script("./b.sh\n", **{"b.sh": "#!/bin/sh\n./a.sh\n. ./a.sh\n./b.sh\n"}),
    "scripts that fan out": script(
        "./s0.sh\n", **{f"s{n}.sh": "#!/bin/sh\n" + f"./s{n + 1}.sh\n. ./s{n + 1}.sh\n" * 6 for n in range(14)}
    ),
    "functions that fan out": script(
        "".join(f"f{n}() {{\n" + f"f{n + 1}\n" * 10 + "}\n" for n in range(20)) + "f20() { true; }\nf0\n"
    ),
    "functions that call each other": script("f() { f; f; g; }\ng() { f; f; uvicorn app.main:app; }\nf\n"),
    "arguments of a script that double": script("set -- a\n" + 'set -- "$@" "$@"\n' * 300 + 'uvicorn "$@"\n'),
    "variables of a script that double": script("A=xx\n" + "A=$A$A\n" * 300 + "uvicorn $A\n"),
    "a long script": script("A=1\n" * 100_000 + "uvicorn app.main:app\n"),
    "many branches": script("case $1 in\n" + "a) uvicorn app.main:app ;;\n" * 20_000 + "esac\n"),
    "targets that need each other": image("CMD make a\n", Makefile="a: b\n\tmake b\nb: a\n\t$(MAKE) a\n\tmake a\n"),
    "targets that fan out": image("CMD make t0\n", Makefile=doubled("t@: t# t# t# t# t#\n\ttrue\n", 30)),
    "variables of make": image("CMD make a\n", Makefile="A = $(B)$(B)\nB = $(A)$(A)\na:\n\tuvicorn $(A)\n"),
    "supervisord includes itself": image(
        "CMD supervisord -c s.conf\n",
        **{
            "s.conf": "[supervisord]\n[include]\nfiles = *.conf\n[program:a]\ncommand=supervisord -c /srv/s.conf\n"
            "[program:b]\ncommand=uvicorn app.main:app --port %(ENV_X)s %(y)s %%(z)s %(\n"
        },
    ),
    "a Procfile that starts itself": image("CMD honcho start\n", Procfile="web: honcho start\na: honcho start\n"),
    "NULs": {"Dockerfile": "FROM x\0\nCMD y\0\n", "compose.yaml": API + "\0", "Procfile": "web: uvicorn\0 a:b\n"},
    "aliases that double": {"compose.yaml": LAUGHS + API},
    "merge keys that double": {"compose.yaml": MERGES + API},
    "anchors in a circle": {"compose.yaml": CYCLE},
    "deep YAML": service("    x: " + "[" * 50_000 + "]" * 50_000 + "\n"),
    "keys that stand twice": service("    command: uvicorn app.main:app\n" * 20_000),
    "tabs": {"compose.yaml": "services:\n\tapi:\n\t\tbuild: .\n"},
    "values of other types": {"Dockerfile": BASE + CMD, "compose.yaml": WEIRD},
    "long numbers": service(NUMBERS),
    "ten megabytes": service("    environment:\n" + "".join(f"      A{n}: {'x' * 80}\n" for n in range(110_000))),
    "many services": service("".join(f"  s{n}:\n    build: .\n    depends_on: [s{n - 1}]\n" for n in range(3000))),
    "many mounts": service("    volumes:\n" + "".join(f"      - ./d{n}:/x{n}\n" for n in range(20_000))),
    "many env files": service("    env_file:\n" + "      - a.env\n" * 5000, **{"a.env": "A=1\n" * 1000}),
    "nested defaults of compose": service("    command: uvicorn " + "${A:-" * 5000 + "x" + "}" * 5000 + "\n"),
    "a dotenv that needs itself": service("    command: uvicorn ${A}\n", **{".env": "A=${B}${B}\nB=${A}${A}\n"}),
    "extends in a circle": {
        "compose.yaml": "services:\n  a:\n    extends: {file: b.compose.yaml, service: b}\n  c:\n    extends: c\n",
        "b.compose.yaml": "services:\n  b:\n    extends: {file: compose.yaml, service: a}\n    command: uvicorn a:b\n",
    },
    "files that include each other": {
        f"c{n}.compose.yaml": f"include: [{', '.join([f'c{m}.compose.yaml' for m in range(14)])}]\n{API}" for n in range(14)
    },
    "manifests of other types": {"k.yaml": MANIFEST},
    "many manifests": {"k.yaml": "---\n".join([MANIFEST.split("---")[0]] * 3000)},
    "Python programs that start each other": image(
        "CMD python a.py\n",
        **{"a.py": "import subprocess\nsubprocess.run(['python', 'a.py'])\nsubprocess.run(['python', 'b.py'])\n" * 3,
           "b.py": "import os\nos.system('python a.py; python b.py')\n" * 5},
    ),
    "a configuration of gunicorn that counts": image(
        "CMD gunicorn\n",
        **{"gunicorn.conf.py": "a = 'x'\n" + "a = a + a\n" * 300 + "bind = a\nworkers = 9**9**9\nwsgi_app = 'x' * 10**12\n"},
    ),
    "a long target": image("CMD uvicorn " + "a." * 100_000 + "b:" + "c." * 100_000 + "d\n"),
}  # fmt: skip


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_artifacts_end_without_a_crash(project_of: Callable[..., Project], files: Files) -> None:
    before = time.process_time()
    project = project_of({"app/main.py": APP, **files})
    assert deployments_json(project)
    assert list(deployments_text(project))
    assert len(project.deployment.probes) >= 0
    assert time.process_time() - before < SECONDS


def test_what_is_too_much_is_told(project_of: Callable[..., Project]) -> None:
    files = script("A=1\n" * 1000 + "uvicorn app.main:app\n")
    deployment = project_of({"app/main.py": APP, **files}).deployment
    [launch] = deployment.launches
    assert [end.reason for end in deployment.unresolved(launch)] == ["there are too many commands to follow"]
    skipped = {one.path: one.reason for one in project_of({**HOSTILE["ten megabytes"]}).skipped}
    assert skipped == {"compose.yaml": "larger than 2 MiB"}


def test_windows_line_ends_and_byte_order_marks_change_nothing(project_of: Callable[..., Project]) -> None:
    compose = API + "    command: uvicorn app.main:app --port 9000\n    env_file: a.env\n"
    plain = {
        "Dockerfile": BASE + CMD,
        "compose.yaml": compose,
        "a.env": "UVICORN_WORKERS=3\n",
        "Procfile": "web: uvicorn app.main:app\n",
    }
    texts = []
    for change in (lambda text: text, lambda text: "\ufeff" + text.replace("\n", "\r\n")):
        project = project_of({"app/main.py": APP} | {path: change(text) for path, text in plain.items()})
        texts.append(deployments_json(project))
    assert texts[0] == texts[1]
    assert '"value": 9000' in texts[0]
    assert '"value": 3' in texts[0]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "{% for a in b %}\nFROM python\nCMD uvicorn app.main:app\n{% endfor %}\n"),
        ("Dockerfile", "FROM {{ cookiecutter.image }}\nCMD uvicorn app.main:app\n"),
        (
            "compose.yaml",
            "services:\n{% if a %}\n  api:\n    build: .\n    command: uvicorn app.main:app\n{% endif %}\n",
        ),
        ("compose.yaml", "services:\n  {{ name }}:\n    command: uvicorn app.main:app\n"),
        (
            "chart/templates/api.yaml",
            "apiVersion: v1\nkind: Deployment\nmetadata: {name: {{ .Values.name }}}\n",
        ),
        ("{{cookiecutter.name}}/Dockerfile", BASE + CMD),
        ("Dockerfile.j2", BASE + CMD),
        (".env", "A={{ cookiecutter.a }}\n"),
    ],
)
def test_templates_are_skipped_with_a_note(project_of: Callable[..., Project], path: str, text: str) -> None:
    project = project_of({"app/main.py": APP, path: text})
    assert project.deployment.starts == ()
    notes = {one.path: one.reason for one in project.skipped}
    assert any(place in path and "template" in reason for place, reason in notes.items()), notes


OUTSIDE = """\
services:
  api:
    build: {context: ../outside, dockerfile: ../outside/Dockerfile}
    env_file: [../outside/secret.env, /etc/passwd, ../../../../../etc/passwd, link.env, "", ".", "..", 5, null]
    volumes: ["../outside:/srv", "/etc:/srv/app", "~/x:/y", "./app/../../outside:/z", "..:/w"]
    command: ["/srv/start.sh"]
  linked:
    build: linked
    extends: {file: ../outside/compose.yaml, service: api}
include: [../outside/compose.yaml, /etc/compose.yaml]
"""
DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR ../../..
COPY ../outside /a/
COPY /etc/passwd ../outside/start.sh /b/
ADD ../../outside/start.sh /c/start.sh
COPY link.sh /d/start.sh
CMD sh /a/start.sh; /b/start.sh; /c/start.sh; /d/start.sh; . ../outside/start.sh; ../outside/start.sh; make -C ../outside
"""
SECRET = "uvicorn topsecret:app --port 4242\n"


def test_nothing_outside_of_the_root_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    write_files(
        outside,
        {
            "Dockerfile": f"FROM python\nCMD {SECRET}",
            "compose.yaml": f"services:\n  api:\n    image: x\n    command: {SECRET}",
            "secret.env": "UVICORN_PORT=4242\n",
            "start.sh": f"#!/bin/sh\n{SECRET}",
            "Makefile": f"all:\n\t{SECRET}",
        },
    )
    write_files(
        root,
        {
            "app/main.py": APP,
            "compose.yaml": OUTSIDE,
            "Dockerfile": DOCKERFILE,
            "Procfile": "web: ../outside/start.sh\n",
        },
    )
    (root / "link.env").symlink_to(outside / "secret.env")
    (root / "link.sh").symlink_to(outside / "start.sh")
    (root / "linked").symlink_to(outside, target_is_directory=True)
    (root / "Makefile").symlink_to(outside / "Makefile")
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *args, **more: opened.append(str(path)) or real(path, *args, **more)
    )
    result: Any = lint_folder(root, preset="strict")
    project = load(root, ProjectOptions())
    text = deployments_json(project) + str(result.findings)
    assert "topsecret" not in text
    assert "4242" not in text
    assert opened
    assert [path for path in opened if str(outside) in path or path.startswith("/etc")] == []
