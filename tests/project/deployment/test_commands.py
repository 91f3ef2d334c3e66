"""From ENTRYPOINT, CMD and command to a server: forms, wrappers, shells and scripts."""

from __future__ import annotations

from typing import Any

import pytest

SERVER = "uvicorn app.main:app --host 0.0.0.0 --port 9000"
WORDS = ", ".join(f'"{word}"' for word in SERVER.split())
SCRIPT = f"#!/bin/sh\nset -e\nalembic upgrade head\nexec {SERVER}\n"


@pytest.mark.parametrize(
    "instructions",
    [
        f"CMD [{WORDS}]",
        f"CMD [ {WORDS} ]",
        f"CMD {SERVER}",
        f"ENTRYPOINT [{WORDS}]",
        f"ENTRYPOINT {SERVER}\nCMD --reload",
        'ENTRYPOINT ["uvicorn", "app.main:app"]\nCMD ["--host", "0.0.0.0", "--port", "9000"]',
        f'CMD ["sh", "-c", "{SERVER}"]',
        f'CMD ["/bin/bash", "-euc", "alembic upgrade head && exec {SERVER}"]',
        f'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nCMD source .venv/bin/activate && {SERVER}',
        f'ENTRYPOINT ["sh", "-c"]\nCMD ["{SERVER}"]',
        f'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD [{WORDS}]',
        f'ENTRYPOINT ["dumb-init"]\nCMD [{WORDS}]',
        f'CMD ["gosu", "app:app", {WORDS}]',
        f'CMD ["su-exec", "1000", {WORDS}]',
        f'CMD ["nice", "-n", "5", {WORDS}]',
        f'CMD ["env", "A=1", "-u", "B", {WORDS}]',
        f'CMD ["uv", "run", "--no-sync", "--frozen", {WORDS}]',
        f'CMD ["uv", "run", "--with", "x", "--", {WORDS}]',
        f'CMD ["poetry", "run", {WORDS}]',
        f'CMD ["pdm", "run", {WORDS}]',
        f'CMD ["pipenv", "run", {WORDS}]',
        f'CMD ["hatch", "-e", "prod", "run", {WORDS}]',
        f'CMD ["python", "-m", {WORDS}]',
        f'CMD ["python3.12", "-u", "-X", "dev", "-m", {WORDS}]',
        f'CMD ["/srv/.venv/bin/python", "-Om", {WORDS}]',
        f'CMD ["uv", "run", "-m", {WORDS}]',
        f'CMD ["opentelemetry-instrument", "--service_name", "api", {WORDS}]',
        f'CMD ["ddtrace-run", {WORDS}]',
        f'CMD ["newrelic-admin", "run-program", {WORDS}]',
        f'CMD ["doppler", "run", "--", {WORDS}]',
        f'CMD ["wait-for-it", "db:5432", "-t", "30", "--", {WORDS}]',
        f'CMD ["python", "-m", "debugpy", "--listen", "0.0.0.0:5678", "-m", {WORDS}]',
        f"CMD exec env A=1 uv run python -m {SERVER}",
    ],
)
def test_every_form_leads_to_the_server(image: Any, instructions: str) -> None:
    start = image(instructions)
    assert (start.server, start.target.text, start.target.app.target) == ("uvicorn", *["app.main:app"] * 2)
    assert (start.host.value, start.port.value, start.conditional) == ("0.0.0.0", 9000, False)


WAIT = '#!/bin/sh\nuntil nc -z db 1; do :; done\nexec "$@"\n'
DISPATCH = "#!/bin/bash\nrun_api() { " + SERVER + '; }\nkind=$1\nrun_"${kind:-api}"\n'
CHANGES = "#!/bin/sh\ncd /srv/app\ncd ..\nuvicorn \\\n app.main:app \\\n --host 0.0.0.0 \\\n --port 9000\n"
SOURCES = {
    "a.sh": "#!/bin/sh\n. ./env.sh\nuvicorn $APP --host $H --port 9000\n",
    "env.sh": "APP=app.main:app\nH=0.0.0.0\n",
}
MAKEFILE = (
    "PORT ?= 9000\n\nstart: migrate\n\t@uvicorn app.main:app --host $(HOST) --port $(PORT)\n\n"
    "HOST = 0.0.0.0\n\nmigrate:\n\talembic upgrade head\n"
)


@pytest.mark.parametrize(
    ("instructions", "files"),
    [
        ('CMD ["./start.sh"]', {"start.sh": SCRIPT}),
        ('CMD ["/srv/scripts/start"]', {"scripts/start": SCRIPT}),
        ('CMD ["bash", "start.sh"]', {"start.sh": SCRIPT}),
        ("CMD sh ./start.sh", {"start.sh": SCRIPT}),
        ('COPY docker/a.sh /usr/local/bin/serve\nCMD ["serve"]', {"docker/a.sh": SCRIPT}),
        ('COPY a.sh /run.sh\nENTRYPOINT ["/run.sh"]', {"a.sh": SCRIPT, "run.sh": "#!/bin/sh\n"}),
        (f'ENTRYPOINT ["./wait.sh"]\nCMD [{WORDS}]', {"wait.sh": WAIT}),
        (f'ENTRYPOINT ["./wait.sh"]\nCMD [{WORDS}]', {"wait.sh": '#!/bin/sh\nexec gosu app "$@"\n'}),
        (f'ENTRYPOINT ["./wait.sh"]\nCMD ["api", {WORDS}]', {"wait.sh": '#!/bin/sh\nshift\nexec "$@"\n'}),
        ('CMD ["./a.sh"]', {"a.sh": "#!/bin/sh\n./b.sh\n", "b.sh": SCRIPT}),
        ('CMD ["./a.sh"]', {"a.sh": "#!/bin/sh\nserve() {\n  " + SERVER + "\n}\nserve\n"}),
        ('CMD ["./a.sh"]', {"a.sh": DISPATCH}),
        ('CMD ["./a.sh"]', SOURCES),
        ('CMD ["./a.sh"]', {"a.sh": '#!/bin/bash\nwrap=()\n"${wrap[@]}" ' + SERVER + "\n"}),
        ('CMD ["./a.sh"]', {"a.sh": CHANGES}),
        ('CMD ["make", "start"]', {"Makefile": MAKEFILE}),
        ("CMD make -C . start PORT=9000", {"Makefile": MAKEFILE.replace("9000", "1")}),
        ('CMD ["honcho", "start"]', {"Procfile": f"web: {SERVER}\n"}),
    ],
)
def test_scripts_and_targets_are_followed(starts_of: Any, instructions: str, files: dict[str, str]) -> None:
    text = f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n{instructions}\n"
    [start] = [s for s in starts_of({"Dockerfile": text, **files}) if s.launch.kind == "image"]
    assert (start.server, start.target.text, start.target.status) == ("uvicorn", "app.main:app", "found")
    assert (start.host.value, start.port.value, start.conditional) == ("0.0.0.0", 9000, False)


@pytest.mark.parametrize(
    "instructions",
    [
        'CMD ["./missing.sh"]',
        'CMD ["tail", "-f", "/dev/null"]',
        'CMD ["celery", "-A", "app", "worker"]',
        'CMD ["uvicorn", "--version"]',
        'CMD ["fastapi", "--help"]',
        'CMD ["$SERVER", "app.main:app"]',
        'ENTRYPOINT ["./loop.sh"]',
        'ENTRYPOINT ["./missing.sh"]\nCMD ["uvicorn", "app.main:app"]',
        'CMD ["polar.worker.handler"]',
        'CMD ["python", "-c", "import uvicorn; uvicorn.run(app)"]',
    ],
)
def test_what_leads_to_no_server_gives_none(starts_of: Any, instructions: str) -> None:
    text = f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n{instructions}\n"
    assert starts_of({"Dockerfile": text, "loop.sh": "#!/bin/sh\n./loop.sh\n. ./loop.sh\n"}) == ()


def test_a_script_is_found_by_its_path_in_the_image_and_not_by_its_name(starts_of: Any) -> None:
    dockerfile = 'FROM python:3.12-slim\nCOPY app /srv/app\nCMD ["/srv/start.sh"]\n'
    assert starts_of({"Dockerfile": dockerfile, "start.sh": SCRIPT}) == ()


def test_a_script_that_the_ignore_file_keeps_out_is_not_there(starts_of: Any) -> None:
    dockerfile = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD ["./start.sh"]\n'
    assert starts_of({"Dockerfile": dockerfile, "start.sh": SCRIPT, ".dockerignore": "*.sh\n"}) == ()
    assert starts_of({"Dockerfile": dockerfile, "start.sh": SCRIPT, ".dockerignore": "*.sh\n!start.sh\n"})


def test_a_branch_is_conditional(image: Any) -> None:
    script = '#!/bin/sh\nif [ -n "$DEBUG" ]; then\n  uvicorn app.main:app\nfi\n'
    assert image('CMD ["./start.sh"]', {"start.sh": script}).conditional


def test_a_case_takes_the_branch_of_the_word_that_is_given(starts_of: Any) -> None:
    script = (
        '#!/bin/bash\ncase "$MODE" in\nserver) uvicorn app.main:app ;;\nworker) arq app.jobs.Jobs ;;\nesac\n'
    )
    dockerfile = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nENTRYPOINT ["./start.sh"]\n'
    compose = "services:\n" + "".join(
        f"  {name}:\n    build: .\n    environment: {{MODE: {mode}}}\n"
        for name, mode in (("api", "server"), ("jobs", "worker"))
    )
    starts = starts_of({"Dockerfile": dockerfile, "start.sh": script, "compose.yaml": compose})
    assert [(start.launch.kind, start.launch.name, start.conditional) for start in starts] == [
        ("image", "0", True),
        ("service", "api", False),
    ]


def test_a_placeholder_is_no_prefix(starts_of: Any) -> None:
    script = '#!/bin/bash\n"$tool" uvicorn app.main:app\n'
    dockerfile = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD ["./start.sh"]\n'
    assert starts_of({"Dockerfile": dockerfile, "start.sh": script}) == ()


def test_a_stage_has_the_command_of_the_one_it_builds_upon(starts_of: Any) -> None:
    dockerfile = (
        "FROM python:3.12-slim AS base\nCOPY app /srv/app\nWORKDIR /srv\n"
        'CMD ["uvicorn", "app.main:app"]\nFROM base AS slim\nFROM slim AS tools\nENTRYPOINT ["sleep"]\n'
        "FROM base AS wheels\nFROM python:3.12-slim\nCOPY --from=wheels /srv /srv\n"
    )
    starts = starts_of({"Dockerfile": dockerfile})
    assert [start.launch.name for start in starts] == ["base", "slim"]
