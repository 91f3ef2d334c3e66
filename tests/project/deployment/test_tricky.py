"""Deployments as real projects have them, and what makes each of them hard.

Each test is about one thing that a survey of public projects met; the names and texts are our own.
"""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import APP

BASE = "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n"
SERVER = "uvicorn app.main:app --port 9000"
CMD = 'CMD ["uvicorn", "app.main:app", "--port", "9000"]\n'


def only(starts: Any) -> tuple[str, str, int]:
    [start] = starts
    return start.server, start.target.text, start.port.value


FOUND = ("uvicorn", "app.main:app", 9000)


# --- Dockerfile syntax -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "instructions",
    [
        # a heredoc with a space before its word writes a script that hands on its arguments
        'RUN cat > /usr/bin/go << \'EOF\'\n#!/bin/sh\nexec "$@"\nCMD ["x"]\nEOF\n' + CMD,
        # a heredoc holds another one, and lines that look like instructions
        "RUN <<EOF\ncat <<SUMS > /sums\nCMD uvicorn other:app\nSUMS\nEOF\n" + CMD,
        # two quoted heredocs in one instruction, Python and shell
        "RUN <<'A' <<'B'\nimport os\nCMD no\nA\necho $X\nB\n" + CMD,
        # a heredoc with branches
        'RUN <<EOF\nif [ -n "$A" ]; then\n  pip install a\nelse\n  exit 1\nfi\nEOF\n' + CMD,
        # comments inside of an ENV and a RUN of several lines
        "ENV A=1 \\\n# the port\n    PORT=9000\nRUN if true; then \\\n# nothing\n  echo a; \\\n  fi\n"
        "CMD uvicorn app.main:app --port ${PORT:-8080}\n",
        # a space after the bracket, and a user with variables
        'USER $UID:$GID\nCMD [ "uvicorn", "app.main:app", "--port", "9000" ]\n',
        # an active command, and a commented one below it
        CMD + '# CMD ["gunicorn", "app.main:app"]\n',
        # EXPOSE with a text that only compose would understand
        "EXPOSE 8080:9000\n" + CMD,
        # an optional file by a pattern
        "COPY pyproject.toml uv.lock* ./\n" + CMD,
        # global arguments as base image, and an empty line after a continued line
        "EXPOSE 9000/tcp\nRUN echo a && \\\n\n    echo b\n" + CMD,
        # SHELL, and a command in shell form that enters an environment first
        'SHELL ["/bin/bash", "-c"]\nCMD source .venv/bin/activate && ' + SERVER + "\n",
        # quoted flag values
        'COPY --chown="${A}:${A}" app app\n' + CMD,
        # a cache mount with a variable in its target
        'RUN --mount=type=cache,target="$POETRY_CACHE_DIR" poetry install\n' + CMD,
        # a bash that nests quotes and sources a file by its absolute path
        'CMD /bin/bash -c ". /conda/bin/activate /conda/envs/x && ' + SERVER + '"\n',
        # a single program that is a whole command line
        'ENTRYPOINT ["bash", "-c"]\nCMD ["' + SERVER + '"]\n',
    ],
)
def test_dockerfiles(starts_of: Any, instructions: str) -> None:
    assert only(starts_of({"Dockerfile": BASE + instructions})) == FOUND


def test_brackets_that_are_no_json_are_shell_form(starts_of: Any) -> None:
    dockerfile = BASE + 'CMD ["sh", "-c" "uvicorn app.main:app"]\n'
    assert starts_of({"Dockerfile": dockerfile}) == ()


def test_a_global_argument_chooses_the_last_stage(starts_of: Any) -> None:
    dockerfile = (
        "ARG KIND=api\nFROM python:3.12-slim AS base\nWORKDIR /srv\nCOPY . .\n"
        f'FROM base AS api\n{CMD}FROM base AS jobs\nCMD ["arq", "app.jobs.Jobs"]\nFROM ${{KIND}}\n'
    )
    starts = starts_of({"Dockerfile": dockerfile, "compose.yaml": "services:\n"
        "  api:\n    build: .\n  jobs:\n    build: {context: ., args: {KIND: jobs}}\n"})  # fmt: skip
    assert [(s.launch.kind, s.launch.name) for s in starts] == [
        ("image", "api"),
        ("image", "3"),
        ("service", "api"),
    ]


def test_an_entrypoint_in_exec_form_gets_a_command_in_shell_form_as_arguments(starts_of: Any) -> None:
    script = '#!/bin/bash\nwhile ! nc -z db 1; do sleep 1; done\nexec "$@"\n'
    dockerfile = BASE + f'ENTRYPOINT ["/srv/wait.sh"]\nCMD {SERVER}\n'
    assert only(starts_of({"Dockerfile": dockerfile, "wait.sh": script})) == FOUND


def test_arguments_for_the_entrypoint_of_a_base_image(starts_of: Any) -> None:
    dockerfile = "FROM cgr.dev/chainguard/python:latest\nWORKDIR /code\nCOPY ./ /code/shop\n" + (
        'CMD ["-m", "uvicorn", "shop.main:app", "--port", "9000"]\n'
    )
    [start] = starts_of({"Dockerfile": dockerfile, "main.py": APP})
    assert (start.target.text, start.target.app.path) == ("shop.main:app", "main.py")


def test_the_last_stage_is_not_the_one_that_serves(starts_of: Any) -> None:
    dockerfile = (
        BASE.replace("slim", "slim AS runtime")
        + CMD
        + 'FROM runtime AS test\nCMD ["pytest"]\n'
        + ('FROM runtime AS lambda\nENTRYPOINT ["/bootstrap"]\nCMD ["app.main.handler"]\n')
    )
    [start] = starts_of({"Dockerfile": dockerfile})
    assert (start.launch.name, start.environment) == ("runtime", "unknown")


@pytest.mark.parametrize(
    "dockerfile",
    [
        "",
        "# nothing\n",
        BASE,
        BASE + 'CMD ["tail", "-f", "/dev/null"]\n',
        "# escape=`\nFROM mcr.microsoft.com/windows:1809\nCMD powershell .\\run.ps1 -p %PORT%\n",
        "{%- if a %}\nFROM python\nCMD uvicorn {{ module }}:app\n{%- endif %}\n",
    ],
)
def test_dockerfiles_that_start_nothing_which_is_known(starts_of: Any, dockerfile: str) -> None:
    assert starts_of({"Dockerfile": dockerfile}) == ()


# --- ways to the server ------------------------------------------------------------------------------

SUPERVISORD = (
    "[supervisord]\nnodaemon=true\n[program:caddy]\ncommand=caddy run\n[program:api]\ncommand=make run-api\n"
)


@pytest.mark.parametrize(
    ("instructions", "files"),
    [
        # supervisord, then make, then a variable of make; another program beside it
        ('CMD ["supervisord", "-c", "/srv/s.conf"]', {"s.conf": SUPERVISORD, "Makefile": (
            "P = 9000\nrun-api:\n\tuvicorn app.main:app --port ${P}\n")}),
        # an init, a script that hands on, a shell, a module, a variable
        ('ENTRYPOINT ["tini", "--", "/srv/e.sh"]\nENV APP_PORT=9000\n'
         'CMD ["sh", "-c", "python -m uvicorn app.main:app --port ${APP_PORT}"]',
         {"e.sh": '#!/bin/sh\nexec "$@"\n'}),
        # one of several servers in the background, and a wait for all
        ('CMD ["./e.sh"]', {"e.sh": f"#!/bin/sh\n{SERVER} &\ncelery -A app worker &\nwait -n\n"}),
        # the target comes from a variable with a default that the script sets itself
        ('CMD ["./e.sh"]', {"e.sh": '#!/bin/sh\nexport APP_MODULE=${APP_MODULE-app.main:app}\n'
                                    'exec uvicorn --port ${PORT:-9000} "$APP_MODULE"\n'}),
        # two variables make the target
        ("ENV MODULE=app.main NAME=app\nCMD uvicorn ${MODULE}:${NAME} --port 9000", {}),
        # the server is told all by its own variables
        ("ENV UVICORN_APP=app.main:app UVICORN_PORT=9000\nCMD ./e.sh", {"e.sh": "#!/bin/sh\nuvicorn\n"}),
        # the script has another name in the image
        ('COPY docker/entry.sh /srv/run.sh\nENTRYPOINT ["/srv/run.sh"]',
         {"docker/entry.sh": f"#!/bin/bash\nexec {SERVER}\n", "run.sh": "#!/bin/sh\n"}),
        # a script starts itself again as another user
        ('ENTRYPOINT ["./e.sh"]',
         {"e.sh": f'#!/bin/bash\n[ "$(id -u)" = 0 ] && exec gosu 1 "$0" "$@"\nexec {SERVER}\n'}),
        # a script passes its output on
        ('CMD ["bash", "start.sh"]', {"start.sh": f"#!/bin/bash\n{SERVER} | tee /log\n"}),
        # uv runs a file that serves
        ('CMD ["uv", "run", "main.py"]',
         {"main.py": "import uvicorn\nuvicorn.run('app.main:app', port=9000)\n"}),
        # a wrapper around the way of a package manager
        ('CMD ["poetry", "run", "bash", "-c", "cd app && cd .. && python -O serve.py"]',
         {"serve.py": "import uvicorn\nuvicorn.run('app.main:app', port=9000)\n"}),
    ],
)  # fmt: skip
def test_ways(starts_of: Any, instructions: str, files: dict[str, str]) -> None:
    starts = starts_of({"Dockerfile": f"{BASE}{instructions}\n", **files})
    assert only([start for start in starts if start.launch.kind == "image"]) == FOUND


def test_reloading_in_one_branch_only(starts_of: Any) -> None:
    script = f'#!/bin/sh\nif [ "$A" = 1 ]; then\n  {SERVER} --reload\nelse\n  {SERVER}\nfi\n'
    starts = starts_of({"Dockerfile": BASE + 'CMD ["./e.sh"]\n', "e.sh": script})
    assert [(start.reload.value, start.conditional) for start in starts] == [(True, True), (False, True)]


def test_a_script_evaluates_what_it_is_given(starts_of: Any) -> None:
    script = '#!/bin/sh\nif [ -n "$1" ]; then\n  exec uvicorn chroma.app:app $(eval echo "$args")\nfi\n'
    [start] = starts_of({"Dockerfile": BASE + 'ENTRYPOINT ["./e.sh"]\nCMD ["--reload"]\n', "e.sh": script})
    assert (start.open, start.conditional, start.reload.value) == (True, True, False)


def test_a_factory_for_gunicorn_is_no_call(starts_of: Any) -> None:
    code = "from fastapi import FastAPI\n\ndef get_app() -> FastAPI:\n    return FastAPI()\n"
    dockerfile = BASE + "CMD gunicorn app.api:get_app -k uvicorn.workers.UvicornWorker -c ./app/config.py\n"
    [start] = starts_of({"Dockerfile": dockerfile, "app/api.py": code, "app/config.py": "bind = ':9000'\n"})
    assert (start.target.kind, start.target.is_call, start.port.value) == ("factory", False, 9000)


def test_the_entrypoint_of_the_fastapi_command_stands_in_the_working_directory(starts_of: Any) -> None:
    dockerfile = (
        "FROM python:3.12-slim\nWORKDIR /app/\nCOPY ./backend/pyproject.toml /app/backend/\n"
        'COPY ./backend/shop /app/backend/shop\nWORKDIR /app/backend/\nCMD ["fastapi", "run"]\n'
    )
    files = {
        "backend/pyproject.toml": '[tool.fastapi]\nentrypoint = "shop.main:app"\n',
        "backend/shop/main.py": APP,
    }
    starts = starts_of({"backend/Dockerfile": dockerfile, **files})
    assert [(s.server, s.target.text, s.target.app.path) for s in starts] == [
        ("fastapi", "shop.main:app", "backend/shop/main.py")
    ]


# --- compose, manifests, environments ----------------------------------------------------------------


@pytest.mark.parametrize(
    "service",
    [
        # tags of compose that drop what came before
        f"    build: .\n    command: {SERVER}\n    ports: !reset null\n    environment: !override {{A: b}}\n",
        # a value that must be given, inside of a longer text
        f"    build: .\n    environment: {{DSN: 'x://u:${{P:?not set}}@db/app'}}\n    command: {SERVER}\n",
        # restart beside a condition
        f"    build: .\n    depends_on: {{db: {{condition: x, restart: true}}}}\n    command: {SERVER}\n",
        # ports that old YAML takes for numbers to the base of 60, and words that it takes for truth
        f"    build: .\n    ports: [22:22]\n    environment: {{A: yes, V: 3.10}}\n    command: {SERVER}\n",
        # a number as the value of a variable that a shell puts in
        "    build: .\n    environment: {N: 9000}\n    command: bash -c 'uvicorn app.main:app --port $$N'\n",
        # a command in double quotes over several lines
        '    build: .\n    command: bash -c "\n      uvicorn app.main:app\n      --port 9000\n      "\n',
        # no build, and a working directory
        f"    image: shop:1\n    working_dir: /srv\n    volumes: ['.:/srv']\n    command: {SERVER}\n",
        # the name of the Dockerfile in another case
        f"    build: {{context: ., dockerfile: dockerfile}}\n    command: {SERVER}\n",
    ],
)
def test_services(starts_of: Any, service: str) -> None:
    files = {"Dockerfile": BASE, "compose.yaml": f"services:\n  api:\n{service}"}
    assert only(starts_of(files)) == FOUND


def test_keys_that_stand_twice_are_no_reason_to_fail(starts_of: Any) -> None:
    text = f"services:\n  api:\n    build: .\n    command: x\n    command: {SERVER}\n"
    starts = starts_of({"Dockerfile": BASE, "compose.yaml": text})
    assert [start.target.text for start in starts] in ([], ["app.main:app"])


def test_services_for_two_environments_in_one_file(starts_of: Any) -> None:
    text = "services:\n" + "".join(
        f"  {name}:\n    build: .\n    command: {SERVER}\n" for name in ("app-dev", "app-prod", "app_staging")
    )
    starts = starts_of({"Dockerfile": BASE, "compose.yaml": text})
    assert [start.environment for start in starts] == ["development", "production", "staging"]


def test_a_published_image_with_a_command_of_its_own(starts_of: Any) -> None:
    text = "services:\n  app_prod:\n    image: shop-prod:latest\n    working_dir: /srv\n    command: " + (
        f'["sh", "-c", "alembic upgrade head && {SERVER} --reload"]\n'
    )
    [start] = starts_of({"compose.prod.yml": text})
    assert (start.target.status, start.reload.value, start.environment) == ("found", True, "production")


def test_the_number_of_workers_comes_from_a_variable_of_compose(starts_of: Any) -> None:
    text = 'services:\n  api:\n    build: .\n    command: bash -c "uvicorn app.main:app --workers ${N}"\n'
    [start] = starts_of({"Dockerfile": BASE, "compose.yaml": f"{text}    environment: {{N: 2}}\n"})
    assert start.workers.value is None  # `${N}` is compose's own, and the service's variable isn't meant
    [start] = starts_of({"Dockerfile": BASE, "compose.yaml": text, ".env": "N=2\n"})
    assert start.workers.value == 2


def test_paths_of_another_project_directory_lead_nowhere(starts_of: Any) -> None:
    text = "services:\n  api:\n    build: {context: ./backend}\n    env_file: ./backend/.env\n"
    assert starts_of({"compose-files/compose.yaml": text, "backend/Dockerfile": BASE + CMD})[1:] == ()


def test_replicas_by_a_variable(starts_of: Any) -> None:
    text = f"services:\n  api:\n    build: .\n    command: {SERVER}\n    deploy: {{replicas: '${{N:-4}}'}}\n"
    [start] = starts_of({"Dockerfile": BASE, "compose.yaml": text})
    assert start.launch.replicas.value in (4, None)


def test_a_service_in_the_network_of_another(starts_of: Any) -> None:
    text = f"services:\n  api:\n    build: .\n    command: {SERVER}\n    network_mode: service:proxy\n"
    [start] = starts_of({"Dockerfile": BASE, "compose.yaml": text})
    assert start.launch.host_network
