from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": "app = 1\n", **files}, select=["DPL020"])


def script(text: str, cmd: str = '["./start.sh"]', base: str = IMAGE) -> dict[str, str]:
    return {"Dockerfile": f"{base}CMD {cmd}\n", "start.sh": text}


def test_script_message_chain_and_fix() -> None:
    files = script("#!/bin/bash\nset -e\nuvicorn app.main:app\n")
    [finding] = found(files)
    assert (finding.span.path, finding.span.line, finding.span.column) == ("start.sh", 3, 1)
    assert finding.message == (
        "`start.sh` starts `uvicorn` without `exec`, so SIGTERM doesn't reach the server: "
        "the lifespan's shutdown never runs"
    )
    assert [hop.kind for hop in finding.chain] == ["cmd", "script", "starts"]
    fixed = apply_fixes(files, [finding])
    assert fixed["start.sh"].endswith("\nexec uvicorn app.main:app\n")
    assert found(fixed) == []


def test_text_of_sh_in_json_and_yaml() -> None:
    files = {
        "Dockerfile": IMAGE + 'CMD ["sh", "-c", "alembic upgrade head && uvicorn a:app"]\n',
        "compose.yaml": "services:\n  api:\n    build: .\n    command: sh -c 'true && uvicorn b:app'\n",
    }
    findings = found(files)
    assert [finding.span.path for finding in findings] == ["Dockerfile", "compose.yaml"]
    fixed = apply_fixes(files, findings)
    assert "head && exec uvicorn a:app" in fixed["Dockerfile"]
    assert "true && exec uvicorn b:app" in fixed["compose.yaml"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("uvicorn a:app &\nwait\n", "starts `uvicorn` in the background"),
        ("uvicorn a:app | tee log\n", "pipes the output of `uvicorn`"),
        ("python app/run.py\n", "starts `python app/run.py` without `exec`"),
        ("uv run uvicorn a:app\n", "starts `uv run` without `exec`"),
        ("main() {\n  uvicorn a:app\n}\nmain\n", "starts `uvicorn` without `exec`"),
    ],
)
def test_causes(text: str, cause: str) -> None:
    run = "import uvicorn\nuvicorn.run('a:app')\n"
    [finding] = found({**script(text), "app/run.py": run})
    assert cause in finding.message


def test_shell_form_that_starts_a_script() -> None:
    [finding] = found(script("exec uvicorn a:app\n", "./start.sh"))
    assert (finding.span.path, finding.span.line) == ("Dockerfile", 4)
    assert "starts `./start.sh` without `exec`" in finding.message


def test_same_base_name_in_another_folder() -> None:
    files = {
        "Dockerfile": "FROM python:3.13-slim\nCOPY docker/start.sh /start.sh\nCMD /start.sh\n".replace(
            "CMD", "CMD exec"
        ),
        "docker/start.sh": "exec uvicorn a:app\n",
        "local/start.sh": "uvicorn a:app --reload\n",
    }
    assert found(files) == []


@pytest.mark.parametrize(
    "command",
    [
        '["bash", "-c", "alembic upgrade head; uvicorn a:app"]',
        '["sh", "-c", "exec uvicorn a:app"]',
        '["sh", "-c", "alembic upgrade head && exec uvicorn a:app"]',
        '["tini", "-g", "--", "sh", "-c", "uvicorn a:app"]',
        '["dumb-init", "sh", "-c", "uvicorn a:app"]',
        '["uvicorn", "a:app"]',
        "uvicorn a:app",
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found({"Dockerfile": IMAGE + f"CMD {command}\n"}) == []


def test_single_child_init_does_not_help() -> None:
    for init in ('"tini", "--"', '"dumb-init", "-c"'):
        assert len(found({"Dockerfile": IMAGE + f'CMD [{init}, "sh", "-c", "uvicorn a:app"]\n'})) == 1


def test_bash_that_pipes_or_goes_on() -> None:
    for text in ("uvicorn a:app | cat", "uvicorn a:app; echo done"):
        assert len(found({"Dockerfile": IMAGE + f'CMD ["bash", "-c", "{text}"]\n'})) == 1


@pytest.mark.parametrize("base", ["python:3.13-alpine", "example.com/base:1"])
def test_shells_that_give_way_or_are_unknown(base: str) -> None:
    head = IMAGE.replace("python:3.13-slim", base)
    assert found({"Dockerfile": head + 'CMD ["sh", "-c", "true && uvicorn a:app"]\n'}) == []


def test_script_on_alpine_does_not_give_way() -> None:
    head = IMAGE.replace("python:3.13-slim", "python:3.13-alpine")
    assert len(found(script("#!/bin/sh\nuvicorn a:app\n", base=head))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\ntrap 'kill -TERM $pid' TERM\nuvicorn a:app &\npid=$!\nwait $pid\n",
        "#!/bin/bash\nuvicorn a:app &\ncelery worker &\nwait -n\n",
        '#!/bin/sh\nif [ "$DEV" ]; then uvicorn a:app --reload; else exec uvicorn a:app; fi\n',
        "#!/bin/sh\nexec uvicorn a:app\n",
        "#!/bin/sh\nalembic upgrade head\n",
    ],
)
def test_scripts_that_are_fine(text: str) -> None:
    assert found(script(text)) == []


def test_supervisord_is_process_one() -> None:
    files = {
        "Dockerfile": IMAGE + 'CMD ["supervisord", "-c", "supervisord.conf"]\n',
        "supervisord.conf": "[program:api]\ncommand=bash start.sh\ndirectory=/app\n",
        "start.sh": "uvicorn a:app\n",
    }
    assert found(files) == []


def test_process_outside_of_a_container() -> None:
    assert found({"Procfile": "web: bash start.sh\n", "start.sh": "uvicorn a:app\n"}) == []
