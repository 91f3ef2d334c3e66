from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "from fastapi import FastAPI\napp = FastAPI()\n"
PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ['
CODE = {
    "python-multipart": "from fastapi import Form\n@app.post('/')\ndef f(x: str = Form()): ...\n",
    "email-validator": "from pydantic import BaseModel, EmailStr\nclass U(BaseModel):\n    e: EmailStr\n",
    "pydantic-settings": "from pydantic_settings import BaseSettings\nclass S(BaseSettings): ...\n",
    "jinja2": "from fastapi.templating import Jinja2Templates\nt = Jinja2Templates('x')\n",
    "itsdangerous": (
        "from starlette.middleware.sessions import SessionMiddleware\napp.add_middleware(SessionMiddleware)\n"
    ),
    "asyncpg": (
        "from sqlalchemy.ext.asyncio import create_async_engine\n"
        "e = create_async_engine('postgresql+asyncpg://db/app')\n"
    ),
}


def pyproject(*names: str, dev: str = "") -> str:
    groups = f'\n[dependency-groups]\ndev = ["{dev}"]\n' if dev else "\n"
    return PROJECT + ", ".join(f'"{name}"' for name in names) + "]" + groups


def found(code: str, names: tuple[str, ...], dev: str = "", **files: str) -> list[Finding]:
    base = {"pyproject.toml": pyproject(*names, dev=dev), "app/main.py": HEAD + code}
    return lint({**base, **files}, select=["XAR003"])


@pytest.mark.parametrize("name", sorted(CODE))
def test_features(name: str) -> None:
    [finding] = found(CODE[name], ("fastapi", "sqlalchemy"))
    assert (finding.span.path, finding.span.line) == ("pyproject.toml", 4)
    assert finding.message.startswith(f"`{name}` isn't among the dependencies, and ")
    assert [related.span.path for related in finding.related] == ["app/main.py"]
    assert found(CODE[name], ("fastapi", "sqlalchemy", name)) == []


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app",
        "gunicorn app.main:app -k asgi",
        "hypercorn app.main:app",
        "fastapi run app/main.py",
    ],
)
def test_servers(command: str) -> None:
    assert len(found("", ("fastapi",), Procfile=f"web: {command}\n")) == 1


def test_worker_class_and_websockets() -> None:
    command = "web: gunicorn app.main:app -k uvicorn_worker.UvicornWorker\n"
    assert len(found("", ("fastapi", "gunicorn", "uvicorn"), Procfile=command)) == 1
    route = "@app.websocket('/ws')\nasync def ws(w): ...\n"
    web = "web: uvicorn app.main:app\n"
    assert len(found(route, ("fastapi", "uvicorn"), Procfile=web)) == 1
    for names in (("fastapi", "uvicorn[standard]"), ("fastapi", "uvicorn", "wsproto")):
        assert found(route, names, Procfile=web) == []


def test_fixes() -> None:
    files = {"pyproject.toml": pyproject("fastapi"), "app/main.py": HEAD + CODE["jinja2"]}
    fixed = apply_fixes(files, lint(files, select=["XAR003"]))
    assert 'dependencies = ["fastapi", "jinja2"]' in fixed["pyproject.toml"]
    assert lint(fixed, select=["XAR003"]) == []
    files = {"requirements.txt": "fastapi\n", "app/main.py": HEAD + CODE["jinja2"]}
    fixed = apply_fixes(files, lint(files, select=["XAR003"]))
    assert fixed["requirements.txt"] == "fastapi\njinja2\n"


def test_development_group_is_not_enough() -> None:
    [finding] = found(CODE["jinja2"], ("fastapi",), dev="jinja2")
    assert finding.message == "`jinja2` is only in the group `dev`, and `Jinja2Templates` needs it"


@pytest.mark.parametrize("extra", ["fastapi[standard]", "fastapi[all]"])
def test_extras(extra: str) -> None:
    code = CODE["python-multipart"] + CODE["email-validator"] + CODE["jinja2"]
    assert found(code, (extra,), Procfile="web: fastapi run app/main.py\n") == []


def lock(*names: str) -> str:
    text = "version = 1\n"
    for index, name in enumerate(names):
        needs = (
            f'dependencies = [\n    {{ name = "{names[index + 1]}" }},\n]\n' if index + 1 < len(names) else ""
        )
        text += f'\n[[package]]\nname = "{name}"\nversion = "1"\nsource = {{ registry = "x" }}\n{needs}'
    return text


def test_lock_follows_what_is_brought_along() -> None:
    code = CODE["python-multipart"]
    assert (
        found(code, ("fastapi", "platform"), **{"uv.lock": lock("fastapi", "platform", "python-multipart")})
        == []
    )
    assert len(found(code, ("fastapi", "platform"), **{"uv.lock": lock("fastapi", "platform")})) == 1


def test_package_that_may_bring_anything() -> None:
    assert found(CODE["jinja2"], ("fastapi", "platform")) == []


def test_projects_without_known_dependencies() -> None:
    code = HEAD + CODE["jinja2"]
    assert lint({"app/main.py": code}, select=["XAR003"]) == []
    dynamic = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
    assert lint({"app/main.py": code, "pyproject.toml": dynamic}, select=["XAR003"]) == []


def test_optional_import() -> None:
    code = (
        "try:\n    from fastapi.templating import Jinja2Templates\n"
        "    t = Jinja2Templates('x')\nexcept ImportError:\n    t = None\n"
    )
    assert found(code, ("fastapi",)) == []


def test_import_that_is_not_used() -> None:
    assert found("from fastapi import Form\n", ("fastapi",)) == []


def test_base_image_that_may_hold_the_server() -> None:
    image = 'FROM {}\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["uvicorn", "app.main:app"]\n'
    files = {"requirements.txt": "fastapi\n", "app/main.py": HEAD}
    assert lint({**files, "Dockerfile": image.format("example.com/base")}, select=["XAR003"]) == []
    assert len(lint({**files, "Dockerfile": image.format("python:3.13")}, select=["XAR003"])) == 1


def test_package_that_the_image_installs_by_name() -> None:
    image = (
        "FROM python:3.13\nCOPY . .\nRUN pip install -r requirements.txt uvicorn\n"
        'CMD ["uvicorn", "app.main:app"]\n'
    )
    assert (
        lint({"requirements.txt": "fastapi\n", "app/main.py": HEAD, "Dockerfile": image}, select=["XAR003"])
        == []
    )


def test_group_that_the_image_installs() -> None:
    image = (
        'FROM python:3.13\nCOPY . .\nRUN uv sync --no-dev --group server\nCMD ["uvicorn", "app.main:app"]\n'
    )
    project = pyproject("fastapi") + '[dependency-groups]\nserver = ["uvicorn"]\n'
    assert (
        lint({"pyproject.toml": project, "app/main.py": HEAD, "Dockerfile": image}, select=["XAR003"]) == []
    )


def test_dependencies_of_the_nearest_project() -> None:
    files = {
        "api/app/main.py": HEAD + CODE["jinja2"],
        "api/requirements.txt": "fastapi\n",
        "web/requirements.txt": "fastapi\njinja2\n",
    }
    assert [finding.span.path for finding in lint(files, select=["XAR003"])] == ["api/requirements.txt"]


def test_tests_need_what_they_want() -> None:
    files = {"tests/test_x.py": CODE["jinja2"]}
    assert found("", ("fastapi",), **files) == []
