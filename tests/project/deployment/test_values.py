"""What servers are told: by options, variables, configuration files and code."""

from __future__ import annotations

from typing import Any

import pytest

FASTAPI = "from fastapi import FastAPI\n\n"
PLAIN = FASTAPI + "app = FastAPI()\n"


@pytest.mark.parametrize(
    ("instructions", "port"),
    [
        ("ENV PORT=9000\nCMD uvicorn app.main:app --port $PORT", 9000),
        ("ENV PORT=9000 OTHER=1\nCMD uvicorn app.main:app --port ${PORT}", 9000),
        ("ENV PORT 9000\nCMD uvicorn app.main:app --port=$PORT", 9000),
        ("ARG PORT=9000\nENV PORT=$PORT\nCMD uvicorn app.main:app --port $PORT", 9000),
        ("ENV A=90\nENV PORT=${A}00\nCMD uvicorn app.main:app --port $PORT", 9000),
        ("CMD uvicorn app.main:app --port ${PORT:-9000}", 9000),
        ("CMD uvicorn app.main:app --port ${A:-${B:-9000}}", 9000),
        ("ARG PORT=9000\nCMD uvicorn app.main:app --port $PORT", None),
        ("ARG PORT\nENV PORT=$PORT\nCMD uvicorn app.main:app --port $PORT", None),
        ('ENV PORT=9000\nCMD ["uvicorn", "app.main:app", "--port", "$PORT"]', None),
        ("ENV PORT=nine\nCMD uvicorn app.main:app --port $PORT", None),
        ("CMD uvicorn app.main:app --port $(cat /port)", None),
        ("ENV UVICORN_PORT=9000\nCMD uvicorn app.main:app", 9000),
        ("ENV UVICORN_PORT=9000\nCMD uvicorn app.main:app --port 9001", 9001),
        ("CMD UVICORN_PORT=9000 uvicorn app.main:app", 9000),
        ("CMD export UVICORN_PORT=9000 && uvicorn app.main:app", 9000),
        ("CMD uvicorn app.main:app --port 9000 --port 9001", 9001),
        ("CMD uvicorn app.main:app", 8000),
        ("CMD gunicorn app.main:app -b :9000", 9000),
        ("CMD gunicorn app.main:app --bind=[::]:9000", 9000),
        ("CMD gunicorn app.main:app -b unix:/run/a.sock", None),
        ("ENV PORT=9000\nCMD gunicorn app.main:app", 9000),
        ('ENV GUNICORN_CMD_ARGS="--bind 0.0.0.0:9000 -w 3"\nCMD gunicorn app.main:app', 9000),
        ('ENV GUNICORN_CMD_ARGS="-b :9000"\nCMD gunicorn app.main:app -b :9001', 9001),
        ("CMD hypercorn app.main:app -b 0.0.0.0:9000", 9000),
        ("CMD hypercorn -c config.toml app.main:app", None),
        ("CMD granian --interface asgi app.main:app --port 9000", 9000),
        ("ENV GRANIAN_PORT=9000\nCMD granian --interface asgi app.main:app", 9000),
        ("CMD daphne -p 9000 app.main:app", 9000),
        ("ENV PORT=9000\nCMD fastapi run app/main.py", 9000),
        ("CMD fastapi dev app/main.py --port 9000", 9000),
    ],
)
def test_port(image: Any, instructions: str, port: int | None) -> None:
    start = image(instructions)
    assert start.port.value == port
    assert start.target.app is not None


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("uvicorn app.main:app --port ${PORT:-9000}", 9000),
        ("PORT=${PORT:-9000}\nuvicorn app.main:app --port $PORT", 9000),
        ('[ -n "$DEBUG" ] && PORT=1\nuvicorn app.main:app --port ${PORT:-9000}', None),
        ("if true; then PORT=1; fi\nuvicorn app.main:app --port ${PORT:-9000}", None),
        ("export PORT=$(cat /port)\nuvicorn app.main:app --port ${PORT-9000}", None),
        ("case ${PORT:-x} in\n1) true ;;\nesac\nuvicorn app.main:app --port ${PORT:-9000}", 9000),
        ("PORT=$(cat /port)\ncase ${PORT:-x} in\nx) uvicorn app.main:app --port 9000 ;;\nesac", 9000),
    ],
)
def test_a_default_counts_only_where_nothing_else_may(image: Any, text: str, port: int | None) -> None:
    assert image('CMD ["./start.sh"]', {"start.sh": f"#!/bin/sh\n{text}\n"}).port.value == port


@pytest.mark.parametrize(
    ("instructions", "workers"),
    [
        ("CMD uvicorn app.main:app --workers 4", 4),
        ("ENV WEB_CONCURRENCY=4\nCMD uvicorn app.main:app", 4),
        ("ENV UVICORN_WORKERS=4 WEB_CONCURRENCY=2\nCMD uvicorn app.main:app", 4),
        ("ENV WEB_CONCURRENCY=4\nCMD gunicorn app.main:app", 4),
        ("ENV WEB_CONCURRENCY=4\nCMD gunicorn app.main:app -w 2", 2),
        ("CMD gunicorn app.main:app -w $((2 * 2 + 1))", None),
        ("CMD gunicorn app.main:app -w $(nproc)", None),
        ("ENV WEB_CONCURRENCY=4\nCMD fastapi run app/main.py", 4),
        ("CMD fastapi run app/main.py --workers 4", 4),
        ("CMD granian --interface asgi app.main:app --workers 4", 4),
        ("CMD hypercorn -w 4 app.main:app", 4),
        ("CMD uvicorn app.main:app", 1),
    ],
)
def test_workers(image: Any, instructions: str, workers: int | None) -> None:
    assert image(instructions).workers.value == workers


@pytest.mark.parametrize(
    ("instructions", "reload"),
    [
        ("CMD uvicorn app.main:app --reload", True),
        ("CMD uvicorn app.main:app --reload-dir app", False),
        ("ENV UVICORN_RELOAD=true\nCMD uvicorn app.main:app", True),
        ("ENV UVICORN_RELOAD=0\nCMD uvicorn app.main:app", False),
        ("ENV RELOAD=--reload\nCMD uvicorn app.main:app $RELOAD", True),
        ("ENV RELOAD=\nCMD uvicorn app.main:app $RELOAD", False),
        ("CMD fastapi dev app/main.py", True),
        ("CMD fastapi dev app/main.py --no-reload", False),
        ("CMD fastapi run app/main.py", False),
        ("CMD fastapi run app/main.py --reload", True),
        ("CMD gunicorn app.main:app --reload", True),
        ("CMD granian --interface asgi --reload app.main:app", True),
        ("CMD uvicorn app.main:app # --reload", False),
    ],
)
def test_reload(image: Any, instructions: str, reload: bool) -> None:
    assert image(instructions).reload.value is reload


def test_further_values(image: Any) -> None:
    start = image(
        "ENV FORWARDED_ALLOW_IPS=*\n"
        "CMD uvicorn --app-dir app main:app --log-level trace --no-proxy-headers"
        " --ssl-certfile a.pem --factory"
    )
    assert (start.forwarded_allow_ips.value, start.forwarded_allow_ips.span.line) == ("*", 4)
    assert (start.proxy_headers.value, start.log_level.value, start.tls.value) == (False, "trace", "a.pem")
    assert (start.app_dir.value, start.factory.value) == ("app", True)
    assert start.target.module == "app/main.py"


def test_each_value_stands_where_it_is_written(image: Any) -> None:
    start = image('CMD ["uvicorn", "app.main:app", "--port", "9000", "--host=0.0.0.0"]')
    port, host = start.port, start.host
    assert (port.origin, port.written, port.span.line, port.span.column) == ("argument", "--port 9000", 4, 33)
    assert (host.origin, host.written, host.span.column, host.span.end_column) == (
        "argument",
        "--host=0.0.0.0",
        51,
        67,
    )
    assert (start.workers.origin, start.workers.span) == ("default", None)


def test_words_that_are_not_known_leave_the_command_open(image: Any) -> None:
    assert image("CMD uvicorn app.main:app $OPTIONS").open
    assert not image('CMD uvicorn app.main:app --port "$PORT"').open


GUNICORN = """\
import os
from multiprocessing import cpu_count

bind = "0.0.0.0:" + os.getenv("PORT", "9000")
workers = 3
worker_class = "uvicorn.workers.UvicornWorker"
wsgi_app = "app.main:app"
loglevel = os.environ.get("LOG", "debug")
threads = cpu_count() * 2
"""


@pytest.mark.parametrize("command", ["gunicorn", "gunicorn -c ./gunicorn.conf.py"])
def test_the_configuration_of_gunicorn(image: Any, command: str) -> None:
    start = image(f"CMD {command}", {"gunicorn.conf.py": GUNICORN})
    assert start.target.text == "app.main:app"
    assert (start.workers.value, start.workers.origin, start.workers.span.line) == (3, "file", 5)
    assert (start.worker_class.value, start.log_level.value) == ("uvicorn.workers.UvicornWorker", "debug")


def test_a_configuration_of_gunicorn_that_is_not_there_leaves_the_target_unknown(image: Any) -> None:
    for place in ("python:gunicorn.conf", "/etc/gunicorn.py", "$CONFIGURATION"):
        start = image(f"CMD gunicorn -c {place}", {"gunicorn.conf.py": GUNICORN})
        assert (start.target.text, start.target.status) == (None, "unknown")


def test_the_command_line_outranks_the_configuration_of_gunicorn(image: Any) -> None:
    start = image(
        "CMD gunicorn other:app -w 5",
        {"gunicorn.conf.py": GUNICORN, "other.py": PLAIN},
    )
    assert (start.target.text, start.workers.value) == ("other:app", 5)


TOOL = '[tool.fastapi]\nentrypoint = "app.main:app"\n'


@pytest.mark.parametrize(
    ("files", "target"),
    [
        ({"pyproject.toml": TOOL, "main.py": PLAIN}, "app.main:app"),
        ({"main.py": PLAIN, "app.py": PLAIN}, "main:app"),
        ({"api.py": FASTAPI + "api = FastAPI()\n"}, "api:api"),
        ({"app.py": FASTAPI + "service = FastAPI()\n"}, "app:service"),
        ({}, "app.main:app"),
    ],
)  # fmt: skip
def test_what_fastapi_run_discovers(image: Any, files: dict[str, str], target: str) -> None:
    for command in ("run", "dev"):
        assert image(f'CMD ["fastapi", "{command}"]', files).target.app.target == target


def test_fastapi_run_looks_in_the_working_directory(image: Any) -> None:
    assert image('WORKDIR /srv/app\nCMD ["fastapi", "run"]').target.app.path == "app/main.py"
    assert image('WORKDIR /elsewhere\nCMD ["fastapi", "run"]').target.status == "not found"


def test_names_of_fastapi_run(image: Any) -> None:
    files = {"web.py": FASTAPI + "app = FastAPI()\nadmin = FastAPI()\n"}
    assert image('CMD ["fastapi", "run", "web.py", "--app", "admin"]', files).target.app.name == "admin"
    assert image('CMD ["fastapi", "run", "-e", "web:admin"]', files).target.app.name == "admin"


SERVES = [
    "import uvicorn\nuvicorn.run('app.main:app', port=9000)\n",
    "from uvicorn import run as serve\nserve(app='app.main:app', port=9000)\n",
    "import uvicorn\nP = 9000\ndef main(port=P):\n    uvicorn.run('app.main:app', port=port)\nmain()\n",
    "import os, uvicorn\nuvicorn.run('app.main:app', port=int(os.getenv('PORT', '9000')))\n",
    "import uvicorn\nuvicorn.Server(uvicorn.Config('app.main:app', port=9000)).run()\n",
    "import subprocess\nsubprocess.run(['uvicorn', 'app.main:app', '--port', '9000'])\n",
    "import os\nos.system('exec uvicorn app.main:app --port 9000')\n",
    "import os\nos.execvp('uvicorn', ['uvicorn', 'app.main:app', '--port', '9000'])\n",
    "from granian import Granian\nGranian('app.main:app', interface='asgi', port=9000).serve()\n",
    "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('app.main:app', port=9000)\n",
]


@pytest.mark.parametrize("code", SERVES)
def test_python_files_that_serve(image: Any, code: str) -> None:
    start = image('CMD ["python", "serve.py"]', {"serve.py": code})
    assert (start.target.text, start.port.value, start.conditional) == ("app.main:app", 9000, False)
    assert start.target.app.path == "app/main.py"


def test_a_call_that_serves_an_object(image: Any) -> None:
    code = "import uvicorn\nfrom app.main import app\nuvicorn.run(app)\n"
    target = image('CMD ["python", "serve.py"]', {"serve.py": code}).target
    assert (target.text, target.is_object, target.app.path) == ("app", True, "app/main.py")


def test_a_call_in_a_branch_is_conditional(image: Any) -> None:
    code = "import os, uvicorn\nif os.getenv('A'):\n    uvicorn.run('app.main:app')\n"
    assert image('CMD ["python", "serve.py"]', {"serve.py": code}).conditional


def test_options_that_are_not_known_leave_all_values_open(image: Any) -> None:
    code = "import uvicorn\nuvicorn.run('app.main:app', **options())\n"
    start = image('CMD ["python", "serve.py"]', {"serve.py": code})
    assert (start.port.value, start.host.value, start.reload.value) == (None, None, None)


PYPROJECT = '[project]\nname = "shop"\nversion = "1"\n[project.scripts]\nshop = "app.cli:cli"\n'
CLICK = """\
import click
import uvicorn

@click.group()
def cli(): ...

@cli.command("serve")
def serve():
    uvicorn.run("app.main:app", port=9000)

@cli.command("migrate")
def migrate(): ...
"""
TAKEN = """\
import click
import uvicorn

@click.group()
def cli(): ...

cli.add_command(uvicorn.main, name="start")
"""


def test_console_scripts(image: Any, starts_of: Any) -> None:
    files = {"pyproject.toml": PYPROJECT, "app/cli.py": CLICK}
    start = image('CMD ["shop", "serve"]', files)
    assert (start.target.text, start.port.value, start.server) == ("app.main:app", 9000, "uvicorn")
    dockerfile = 'FROM python:3.12-slim\nCOPY . /srv\nCMD ["shop", "migrate"]\n'
    assert starts_of({"Dockerfile": dockerfile, **files}) == ()


def test_a_command_line_that_takes_in_that_of_uvicorn(image: Any, starts_of: Any) -> None:
    files = {"pyproject.toml": PYPROJECT, "app/cli.py": TAKEN}
    start = image('ENTRYPOINT ["shop"]\nCMD ["start", "app.main:app", "--port=9000"]', files)
    assert (start.server, start.target.text, start.port.value) == ("uvicorn", "app.main:app", 9000)
    dockerfile = 'FROM python:3.12-slim\nCOPY . /srv\nCMD ["shop", "stop", "app.main:app"]\n'
    assert starts_of({"Dockerfile": dockerfile, **files}) == ()


@pytest.mark.parametrize(
    ("target", "status", "kind"),
    [
        ("app.main:app", "found", "instance"),
        ("app.web:app", "found", "instance"),
        ("app.web:create", "found", "factory"),
        ("app.web:create()", "found", "factory"),
        ("app.web:needs", "found", "parameters"),
        ("app.web:asgi", "found", "asgi"),
        ("app.web:nothing", "attribute missing", "unknown"),
        ("app.nowhere:app", "module missing", "unknown"),
        ("app.main", "unknown", "unknown"),
        ("$MODULE:app", "unknown", "unknown"),
    ],
)
def test_targets(image: Any, target: str, status: str, kind: str) -> None:
    web = (
        "from fastapi import FastAPI\nfrom app.main import app\n\n"
        "def create() -> FastAPI:\n    return FastAPI()\n\n"
        "def needs(a) -> FastAPI:\n    return FastAPI()\n\nasync def asgi(scope, receive, send): ...\n"
    )
    start = image(
        f'CMD ["gunicorn", "{target}"]' if "(" in target else f'CMD ["uvicorn", "{target}"]',
        {"app/web.py": web},
    )
    assert (start.target.status, start.target.kind) == (status, kind)
