from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
IMAGE = 'FROM python:3.13-slim\nWORKDIR /srv\nRUN pip install "fastapi[standard]"\n'


def found(files: dict[str, str]) -> list[Finding]:
    return lint(files, select=["XAR001"])


def image(target: str, copies: str = "COPY . .\n") -> str:
    return IMAGE + copies + f'CMD ["uvicorn", "{target}", "--host", "0.0.0.0"]\n'


def test_missing_attribute() -> None:
    [finding] = found({"app/main.py": APP, "Dockerfile": image("app.main:api")})
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (5, 17, 31)
    assert finding.message == "`uvicorn` loads `app.main:api`, but `app/main.py` defines no `api`"
    assert finding.help == "Did you mean `app.main:app`?"
    assert [related.span.path for related in finding.related] == ["app/main.py"]


def test_missing_module() -> None:
    [finding] = found({"app/server.py": APP, "Dockerfile": image("app.main:app")})
    assert finding.message == "`uvicorn` loads `app.main:app`, but there is no module `app.main` to import"
    assert finding.help == "Did you mean `app.server:app`?"


def test_missing_file_of_fastapi_run() -> None:
    dockerfile = IMAGE + 'COPY . .\nCMD ["fastapi", "run", "src/main.py"]\n'
    [finding] = found({"app/main.py": APP, "Dockerfile": dockerfile})
    assert finding.message == "`fastapi run` loads `src/main.py`, but there is no `src/main.py` to import"


def test_nothing_to_discover() -> None:
    dockerfile = IMAGE + 'COPY . .\nCMD ["fastapi", "run"]\n'
    [finding] = found({"service/entry.py": APP, "Dockerfile": dockerfile})
    assert finding.message == (
        "`fastapi run` is given no app, and its working directory holds none of the files that it looks for"
    )


def test_entrypoint_that_does_not_resolve() -> None:
    files = {
        "app/main.py": APP,
        "pyproject.toml": '[tool.fastapi]\nentrypoint = "app.main:api"\n',
        "Dockerfile": IMAGE + 'COPY . .\nCMD ["fastapi", "run"]\n',
    }
    [finding] = found(files)
    assert finding.message == "`fastapi run` loads `app.main:api`, but `app/main.py` defines no `api`"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  api:\n    build: .\n    command: uvicorn app.wrong:app\n"),
        ("Procfile", "web: gunicorn app.wrong:app -k uvicorn.workers.UvicornWorker\n"),
        ("Dockerfile", image("${MODULE}:app").replace("CMD", "ENV MODULE=app.wrong\nCMD") + ""),
    ],
)
def test_every_kind_of_artifact(path: str, text: str) -> None:
    text = text.replace(
        'CMD ["uvicorn", "${MODULE}:app", "--host", "0.0.0.0"]', "CMD exec uvicorn ${MODULE}:app"
    )
    files = {"app/main.py": APP, "Dockerfile": IMAGE + "COPY . .\n", path: text}
    assert len(found(files)) == 1


def test_configuration_of_gunicorn() -> None:
    files = {
        "app/main.py": APP,
        "gunicorn.conf.py": 'wsgi_app = "app.main:application"\nworker_class = "asgi"\n',
        "Dockerfile": IMAGE + 'COPY . .\nCMD ["gunicorn"]\n',
    }
    [finding] = found(files)
    assert (finding.span.path, finding.span.line) == ("gunicorn.conf.py", 1)


@pytest.mark.parametrize(
    "code",
    [
        APP,
        "def app(scope, receive, send): ...\n",
        "class app: ...\n",
        "from app.factory import app\n",
        "import app.factory as app\n",
        "try:\n    from fast import app\nexcept ImportError:\n    app = None\n",
        "if True:\n    app = 1\n",
        "with open('x') as app: ...\n",
        "app: object = None\n",
        "globals()['app'] = 1\n",
        "def __getattr__(name): ...\n",
        "from somewhere import *\n",
    ],
)
def test_every_way_to_define_a_name(code: str) -> None:
    assert found({"app/main.py": code, "app/factory.py": APP, "Dockerfile": image("app.main:app")}) == []


def test_star_import_of_the_project() -> None:
    files = {"app/main.py": "from app.factory import *\n", "Dockerfile": image("app.main:app")}
    assert found({**files, "app/factory.py": APP}) == []
    assert len(found({**files, "app/factory.py": "x = 1\n"})) == 1


@pytest.mark.parametrize(
    ("path", "target", "copies"),
    [
        ("src/app/main.py", "app.main:app", "COPY src/ ./\n"),
        ("src/app/main.py", "app.main:app", "COPY . .\nRUN pip install .\n"),
        ("backend/app/main.py", "app.main:app", "COPY backend/app ./app\n"),
        ("backend/main.py", "api.main:app", "COPY backend/ /srv/api/\n"),
        ("backend/main.py", "main:app", "COPY backend/main.py .\n"),
        ("services/one/main.py", "main:app", "COPY services/* ./\n"),
        ("app/main.py", "main:app", "COPY . /srv\nWORKDIR app\n"),
        ("app/main.py", "main:app", "COPY . /srv\nENV PYTHONPATH=/srv/app\n"),
    ],
)
def test_roots_of_the_image(path: str, target: str, copies: str) -> None:
    assert found({path: APP, "Dockerfile": image(target, copies)}) == []


def test_files_of_another_stage() -> None:
    copies = "COPY --from=build /out/app app\n"
    dockerfile = "FROM python:3.13-slim AS build\nWORKDIR /out\nCOPY server/ app/\n" + image(
        "app.main:app", copies
    )
    assert found({"server/main.py": APP, "Dockerfile": dockerfile}) == []


def test_app_dir() -> None:
    dockerfile = IMAGE + 'COPY . .\nCMD ["uvicorn", "main:app", "--app-dir", "service"]\n'
    assert found({"service/main.py": APP, "Dockerfile": dockerfile}) == []


def test_mounted_folder() -> None:
    compose = (
        "services:\n  api:\n    image: python:3.13\n    working_dir: /x\n    command: uvicorn main:app\n"
    )
    compose += "    volumes: ['./service:/x']\n"
    assert found({"service/main.py": APP, "compose.yaml": compose}) == []
    assert len(found({"service/other.py": APP, "compose.yaml": compose})) == 1


def test_installed_package() -> None:
    files = {"app/main.py": APP, "Procfile": "d: uvicorn arq_dashboard:app\n"}
    assert len(found(files)) == 1
    assert found({**files, "requirements.txt": "arq-dashboard\n"}) == []
    assert (
        found({**files, "pyproject.toml": '[project]\nname = "x"\ndependencies = ["arq-dashboard>=1"]\n'})
        == []
    )


def test_package_that_the_image_installs() -> None:
    dockerfile = IMAGE + 'RUN pip install chromadb\nCMD ["uvicorn", "chromadb.app:app"]\n'
    assert found({"app/main.py": APP, "Dockerfile": dockerfile}) == []


@pytest.mark.parametrize(
    "copies",
    [
        "RUN git clone https://example.com/x .\n",
        "RUN pip install git+https://example.com/x\n",
        "ADD https://example.com/x.tar.gz .\n",
    ],
)
def test_code_from_elsewhere(copies: str) -> None:
    assert found({"app/other.py": APP, "Dockerfile": image("app.main:app", copies)}) == []


def test_image_of_unknown_contents() -> None:
    dockerfile = image("app.main:app").replace("python:3.13-slim", "example.com/team/base:1")
    assert found({"app/other.py": APP, "Dockerfile": dockerfile}) == []
    compose = "services:\n  api:\n    image: example.com/team/api\n    command: uvicorn app.main:app\n"
    assert found({"app/other.py": APP, "compose.yaml": compose}) == []


@pytest.mark.parametrize("target", ["$APP_MODULE", "${MODULE}:app", "app.main:${NAME}"])
def test_variable_that_is_not_known(target: str) -> None:
    assert found({"app/other.py": APP, "Procfile": f"web: uvicorn {target}\n"}) == []


def test_default_of_a_variable_is_known() -> None:
    assert len(found({"app/other.py": APP, "Procfile": "web: uvicorn ${MODULE:-app.main}:app\n"})) == 1


def test_own_command_line() -> None:
    dockerfile = IMAGE + 'COPY . .\nENTRYPOINT ["dispatch"]\nCMD ["server", "start", "app.main:app"]\n'
    assert found({"app/other.py": APP, "Dockerfile": dockerfile}) == []


def test_module_that_can_not_be_read() -> None:
    findings = found({"app/main.py": "def (:\n", "Dockerfile": image("app.main:app")})
    assert [finding.code for finding in findings] == ["FAL001"]


def test_template() -> None:
    assert (
        found(
            {"app/other.py": APP, "Dockerfile": "{% if fast %}\n" + image("app.main:app") + "{% endif %}\n"}
        )
        == []
    )


def test_files_for_tests() -> None:
    assert found({"app/other.py": APP, "tests/Dockerfile": image("app.main:app")}) == []
