from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
IMAGE = 'FROM python:3.13-slim\nWORKDIR /app\nRUN pip install "fastapi[standard]"\nCOPY . .\n'
RELOADS = IMAGE + 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--reload"]\n'


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": APP, **files}, select=["DPL001"])


def test_place_message_help_and_fix() -> None:
    [finding] = found({"Dockerfile": RELOADS})
    assert (finding.span.path, finding.span.line) == ("Dockerfile", 5)
    assert (finding.span.column, finding.span.end_column) == (54, 64)
    assert finding.message == "`uvicorn` runs with `--reload` in `Dockerfile`"
    assert finding.help == "Remove `--reload`, or move it to a compose override or a development stage"
    assert finding.chain == ()
    fixed = apply_fixes({"Dockerfile": RELOADS}, [finding])["Dockerfile"]
    assert fixed.endswith('CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n')


def test_chain_leads_through_the_script() -> None:
    files = {
        "Dockerfile": IMAGE + 'ENTRYPOINT ["docker/start.sh"]\n',
        "docker/start.sh": "#!/bin/bash\nexec uvicorn app.main:app --reload\n",
    }
    [finding] = found(files)
    assert finding.span.path == "docker/start.sh"
    assert [(hop.span.path, hop.kind) for hop in finding.chain] == [
        ("Dockerfile", "entrypoint"),
        ("Dockerfile", "script"),
        ("docker/start.sh", "starts"),
    ]


def test_variable_of_the_image() -> None:
    dockerfile = IMAGE + 'ENV UVICORN_RELOAD=true\nCMD ["uvicorn", "app.main:app"]\n'
    [finding] = found({"Dockerfile": dockerfile})
    assert finding.span.line == 5
    assert finding.message == "`UVICORN_RELOAD` makes `uvicorn` reload in `Dockerfile`"
    assert "UVICORN_RELOAD=false" in apply_fixes({"Dockerfile": dockerfile}, [finding])["Dockerfile"]


def test_variable_of_the_service() -> None:
    compose = "services:\n  api:\n    build: .\n    environment:\n      UVICORN_RELOAD: 'true'\n"
    files = {"Dockerfile": IMAGE + 'CMD ["uvicorn", "app.main:app"]\n', "compose.prod.yaml": compose}
    [finding] = found(files)
    assert (finding.span.path, finding.span.line) == ("compose.prod.yaml", 5)
    assert "UVICORN_RELOAD: 'false'" in apply_fixes(files, [finding])["compose.prod.yaml"]


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app --reload",
        'sh -c "exec uvicorn app.main:app --reload"',
        "[uvicorn, app.main:app, --reload]",
        "\n      - uvicorn\n      - app.main:app\n      - --reload",
    ],
)
def test_fix_in_every_form_of_a_compose_command(command: str) -> None:
    compose = f"services:\n  api:\n    build: .\n    command: {command}\n"
    files = {"Dockerfile": IMAGE, "compose.prod.yaml": compose}
    [finding] = found(files)
    fixed = apply_fixes(files, [finding])
    assert "--reload" not in fixed["compose.prod.yaml"]
    assert found(fixed) == []


def test_fastapi_dev() -> None:
    dockerfile = IMAGE + 'CMD ["fastapi", "dev", "app/main.py", "--host", "0.0.0.0"]\n'
    [finding] = found({"Dockerfile": dockerfile})
    assert finding.message == "`Dockerfile` starts the development server `fastapi dev`"
    assert '"run", "app/main.py"' in apply_fixes({"Dockerfile": dockerfile}, [finding])["Dockerfile"]


def test_call_that_the_image_reaches() -> None:
    code = APP + "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('main:app', reload=True)\n"
    files = {"Dockerfile": IMAGE + 'CMD ["python", "app/main.py"]\n', "app/main.py": code}
    [finding] = lint(files, select=["DPL001"])
    assert (finding.span.path, finding.span.line) == ("app/main.py", 5)
    assert finding.message == "`uvicorn.run` is told to reload, and `Dockerfile` starts it"
    assert finding.fix is None


def test_text_that_two_services_share_is_reported_once() -> None:
    compose = (
        "x-app: &app\n  build: .\n  command: uvicorn app.main:app --reload\n"
        "services:\n  one:\n    <<: *app\n  two:\n    <<: *app\n"
    )
    assert len(found({"Dockerfile": IMAGE, "compose.prod.yaml": compose})) == 1


def test_kubernetes_is_production() -> None:
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: api\n          image: x\n"
        '          command: ["uvicorn", "app.main:app", "--reload"]\n'
    )
    assert len(found({"k8s/api.yaml": manifest})) == 1


def test_earlier_stage_is_judged() -> None:
    dockerfile = RELOADS.replace("slim\n", "slim AS runtime\n", 1) + "FROM runtime AS tests\nCMD pytest\n"
    assert [finding.span.line for finding in found({"Dockerfile": dockerfile})] == [5]


@pytest.mark.parametrize(
    "path",
    [
        "dev.Dockerfile",
        "Dockerfile.local",
        "docker/dev/Dockerfile",
        ".devcontainer/Dockerfile",
        "test/Dockerfile",
    ],
)
def test_file_for_development_or_tests(path: str) -> None:
    assert found({path: RELOADS}) == []


@pytest.mark.parametrize("name", ["dev", "development", "local", "test", "app-debug"])
def test_stage_for_development_or_tests(name: str) -> None:
    assert found({"Dockerfile": RELOADS.replace("slim\n", f"slim AS {name}\n", 1)}) == []


@pytest.mark.parametrize(
    "extra",
    [
        "    volumes: ['./app:/app/app']\n",
        "    volumes: [{type: bind, source: ., target: /app}]\n",
        "    develop: {watch: [{action: sync, path: ./app, target: /app/app}]}\n",
        "    profiles: [dev]\n",
    ],
)
def test_service_for_development(extra: str) -> None:
    compose = "services:\n  api:\n    build: .\n    command: uvicorn app.main:app --reload\n" + extra
    assert found({"Dockerfile": IMAGE, "compose.yaml": compose}) == []


def test_mount_of_something_else_is_no_development() -> None:
    compose = "services:\n  api:\n    build: .\n    command: uvicorn app.main:app --reload\n"
    compose += "    volumes: ['./storage:/app/storage', data:/data]\n"
    assert len(found({"Dockerfile": IMAGE, "compose.yaml": compose, "storage/keep.txt": ""})) == 1


def test_stage_that_only_development_builds() -> None:
    compose = "services:\n  api:\n    build: .\n    volumes: ['./app:/app/app']\n"
    assert found({"Dockerfile": RELOADS, "compose.yaml": compose}) == []


def test_stage_that_something_else_builds_too() -> None:
    compose = "services:\n  api:\n    build: .\n    volumes: ['./app:/app/app']\n"
    files = {
        "Dockerfile": RELOADS,
        "compose.yaml": compose,
        "compose.prod.yaml": "services: {api: {build: .}}\n",
    }
    assert len(found(files)) == 1


@pytest.mark.parametrize(
    "script",
    [
        'if [ "$DEBUG" ]; then exec uvicorn app.main:app --reload; fi\nexec uvicorn app.main:app\n',
        'case "$MODE" in\n  dev) exec uvicorn app.main:app --reload ;;\n  *) exec uvicorn a:app ;;\nesac\n',
        '[ "$DEBUG" = 1 ] && exec uvicorn app.main:app --reload\nexec uvicorn app.main:app\n',
        'OPTIONS=""\nif [ "$DEBUG" ]; then OPTIONS="--reload"; fi\nexec uvicorn app.main:app $OPTIONS\n',
    ],
)
def test_branch_of_a_script(script: str) -> None:
    files = {"Dockerfile": IMAGE + 'CMD ["bash", "start.sh"]\n', "start.sh": script}
    assert found(files) == []


def test_branch_that_the_command_chooses() -> None:
    script = 'case "$1" in\n  serve) exec uvicorn app.main:app --reload ;;\n  work) exec celery ;;\nesac\n'
    files = {"Dockerfile": IMAGE + 'ENTRYPOINT ["bash", "start.sh"]\nCMD ["serve"]\n', "start.sh": script}
    assert [finding.span.path for finding in found(files)] == ["start.sh"]
    files["Dockerfile"] = files["Dockerfile"].replace("serve", "work")
    assert found(files) == []


@pytest.mark.parametrize("value", ["settings.debug", "DEBUG", "os.getenv('RELOAD') == '1'", "False"])
def test_reload_that_is_not_literally_true(value: str) -> None:
    code = "import os\nimport uvicorn\nfrom app.config import settings\n" + APP + "DEBUG = True\n"
    code += f"if __name__ == '__main__':\n    uvicorn.run('app.main:app', reload={value})\n"
    files = {"Dockerfile": IMAGE + 'CMD ["python", "-m", "app.main"]\n', "app/main.py": code}
    assert lint(files, select=["DPL001"]) == []


def test_call_that_no_start_command_reaches() -> None:
    code = APP + "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('main:app', reload=True)\n"
    files = {"Dockerfile": IMAGE + 'CMD ["uvicorn", "app.main:app"]\n', "app/main.py": code}
    assert lint(files, select=["DPL001"]) == []


@pytest.mark.parametrize("other", ["Dockerfile.prod", "prod.Dockerfile", "Dockerfile.production"])
def test_plain_dockerfile_beside_one_for_production(other: str) -> None:
    files = {"Dockerfile": RELOADS, other: IMAGE + 'CMD ["uvicorn", "app.main:app"]\n'}
    assert found(files) == []


def test_configured_environment_wins() -> None:
    configuration = '[environments]\nproduction = ["Dockerfile.local"]\n'
    assert len(found({"Dockerfile.local": RELOADS, "fastapi-lint.toml": configuration})) == 1
    configuration = '[environments]\ndevelopment = ["Dockerfile"]\n'
    assert found({"Dockerfile": RELOADS, "fastapi-lint.toml": configuration}) == []


def test_template_is_not_read() -> None:
    assert found({"Dockerfile": "{% if fast %}\n" + RELOADS + "{% endif %}\n"}) == []
