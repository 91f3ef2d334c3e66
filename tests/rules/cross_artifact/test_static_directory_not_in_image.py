from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import os\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\n"
)
MOUNT = "app.mount('/static', StaticFiles(directory='static'))\n"
COMMAND = 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n'


def found(steps: str, code: str = MOUNT, base: str = "python:3.13", **files: str) -> list[Finding]:
    image = f"FROM {base}\nWORKDIR /srv\n{steps}\n{COMMAND}"
    written = {"Dockerfile": image, "app/main.py": HEAD + code, "static/site.css": "", **files}
    return lint(written, select=["XAR012"])


def test_message_and_places() -> None:
    [finding] = found("COPY app app")
    assert (finding.span.path, finding.span.line) == ("Dockerfile", 4)
    assert finding.message == (
        "`StaticFiles` takes its files from `static`, and the image has no `/srv/static`: "
        "the app fails when it is imported"
    )
    assert finding.help == "Copy `static` there"
    assert [(r.span.path, r.span.line, r.span.column) for r in finding.related] == [("app/main.py", 5, 44)]


@pytest.mark.parametrize(
    "steps",
    [
        "COPY app/ app/",
        "COPY app/ app/\nCOPY static/ /static/",
        "COPY static/ static/\nCOPY app/ /code/app/\nWORKDIR /code",
        "COPY app/ app/\nRUN apt-get install -y curl",
        "COPY app/ app/\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/uv",
        "COPY app/ app/\nCOPY static/site.css site.css",
    ],
)
def test_missing(steps: str) -> None:
    assert len(found(steps)) == 1


@pytest.mark.parametrize(
    "steps",
    [
        "COPY . .",
        "COPY app/ app/\nCOPY static static",
        "COPY app/ app/\nCOPY static/ ./static/",
        "COPY app/ app/\nADD static /srv/static",
        "COPY app/ app/\nCOPY static/site.css static/",
        "COPY app/ app/\nRUN mkdir -p /srv/static",
        "COPY app/ app/\nRUN git clone https://example.com/site.git x",
        "COPY app/ app/\nRUN npm run build -- --out static",
        "COPY app/ app/\nARG FILES\nCOPY ${FILES} ./",
        "COPY app/ app/\nARG TARGET\nCOPY static/ ${TARGET}",
        "COPY app/ app/\nCOPY --from=example/site /srv /srv",
        "COPY app/ app/\nADD site.tar.gz ./",
        "COPY app/ app/\nARG HOME\nWORKDIR ${HOME}/x",
    ],
)
def test_there_or_not_known(steps: str) -> None:
    assert found(steps) == []


@pytest.mark.parametrize(
    "code",
    [
        "app.mount('/s', StaticFiles(directory='static', check_dir=False))\n",
        "app.mount('/s', StaticFiles(directory='static', check_dir=checked))\n",
        "app.mount('/s', StaticFiles(directory='/var/static'))\n",
        "app.mount('/s', StaticFiles(directory='other'))\n",
        "app.mount('/s', StaticFiles(directory=os.path.join(os.path.dirname(__file__), 'static')))\n",
        "app.mount('/s', StaticFiles(directory=f'{folder}/static'))\n",
        "app.mount('/s', StaticFiles(packages=['static']))\n",
        f"os.makedirs('static', exist_ok=True)\n{MOUNT}",
        f"if os.path.isdir('./static'):\n    {MOUNT}",
        f"os.chdir('/files')\n{MOUNT}",
        "def StaticFiles(directory): ...\nStaticFiles(directory='static')\n",
    ],
)
def test_code_that_needs_nothing(code: str) -> None:
    assert found("COPY app/ app/", code) == []


@pytest.mark.parametrize(("base", "expected"), [("python:3.13-slim", 1), ("example/base", 0), ("$BASE", 0)])
def test_bases(base: str, expected: int) -> None:
    assert len(found("COPY app/ app/", base=base)) == expected


def test_templates_and_other_modules() -> None:
    code = "from fastapi.templating import Jinja2Templates as T\nt = T(directory='./templates/')\n"
    files = {"app/pages.py": code, "templates/a.html": "", "app/other.py": HEAD + MOUNT}
    [finding] = found("COPY app/ app/", "from app.pages import t\n@app.get('/')\ndef home(): ...\n", **files)
    assert finding.message.endswith(
        "the image has no `/srv/templates`: the first request for a template fails"
    )


def test_a_builder_stage() -> None:
    builder = "FROM python:3.13 AS builder\nWORKDIR /build\nCOPY {} {}\n"
    for source, expected in (("app/ app/", 1), (". .", 0)):
        image = builder.format(*source.split()) + (
            f"FROM python:3.13-slim\nWORKDIR /srv\nCOPY --from=builder /build /srv\n{COMMAND}"
        )
        assert len(found("", Dockerfile=image)) == expected


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("ports: []", 1),
        ("volumes: ['static:/srv/static']", 0),
        ("volumes: ['./:/srv']", 0),
        ("volumes: ['./static/site.css:/srv/static/site.css']", 0),
        ("volumes: ['${WHERE}:${TARGET}']", 0),
        ("volumes: ['cache:/cache']", 1),
        ("command: 'uvicorn app.main:app', working_dir: /", 1),
    ],
)
def test_services(service: str, expected: int) -> None:
    compose = f"services:\n  api: {{build: ., {service}}}\n"
    assert len(found("COPY app/ app/", **{"compose.yaml": compose})) == expected


def test_dockerignore() -> None:
    assert len(found("COPY . .", **{".dockerignore": "static\n"})) == 1
    assert len(found("COPY . .", **{".dockerignore": "*\n!app\n"})) == 1
    assert found("COPY . .", **{".dockerignore": "*\n!app\n!static\n"}) == []
    assert found("COPY . .", **{".dockerignore": "node_modules\n"}) == []


def test_once_for_an_image() -> None:
    compose = "services:\n  one: {build: .}\n  two: {build: .}\n"
    assert len(found("COPY app/ app/", **{"compose.yaml": compose})) == 1


def test_another_folder_of_the_repository() -> None:
    image = f"FROM python:3.13\nWORKDIR /srv\nCOPY app/ app/\n{COMMAND}"
    files = {"api/Dockerfile": image, "api/app/main.py": HEAD + MOUNT}
    assert lint({**files, "api/static/a.css": ""}, select=["XAR012"])[0].help == "Copy `api/static` there"
    assert lint({**files, "web/static/a.css": ""}, select=["XAR012"]) == []
