from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from typing import Annotated\n"
    "from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, HTTPException, Request, Security\n"
    "from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBearer, OAuth2PasswordBearer\n"
)
ROUTE = "@app.get('/health')\ndef health(): ...\n"
OPEN = "app = FastAPI()\n"
CHECK = "HEALTHCHECK CMD curl -f http://localhost:8000/health\n"


def image(check: str = CHECK) -> str:
    return f'FROM python:3.13\nCOPY app/ app/\n{check}CMD ["uvicorn", "app.main:app", "--port", "8000"]\n'


def found(code: str, check: str = CHECK, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + code, "Dockerfile": image(check), **files}, select=["HLT006"])


def test_message_and_places() -> None:
    [finding] = found("app = FastAPI(dependencies=[Depends(HTTPBearer())])\n" + ROUTE)
    assert (finding.span.path, finding.span.line) == ("Dockerfile", 3)
    assert finding.message == (
        "The health check of `Dockerfile` asks for `/health` without credentials, "
        "and the app refuses requests without any"
    )
    assert [(related.span.path, related.span.line) for related in finding.related] == [("app/main.py", 4)]


@pytest.mark.parametrize(
    "code",
    [
        "scheme = OAuth2PasswordBearer('token')\napp = FastAPI(dependencies=[Security(scheme)])\n" + ROUTE,
        "app = FastAPI(dependencies=[Depends(APIKeyHeader(name='X-Key', auto_error=True))])\n" + ROUTE,
        f"{OPEN}@app.get('/health', dependencies=[Depends(HTTPBasic())])\ndef health(): ...\n",
        f"{OPEN}scheme = HTTPBearer()\n@app.get('/health')\ndef health(token=Depends(scheme)): ...\n",
        f"{OPEN}scheme = OAuth2PasswordBearer('t')\nToken = Annotated[str, Depends(scheme)]\n"
        "def user(token: Token): ...\nUser = Annotated[str, Depends(user)]\n"
        "@app.get('/health')\ndef health(user: User): ...\n",
        f"{OPEN}router = APIRouter(dependencies=[Depends(HTTPBearer())])\n@router.get('/health')\n"
        "def health(): ...\napp.include_router(router)\n",
        f"{OPEN}router = APIRouter()\n@router.get('/health')\ndef health(): ...\n"
        "needed = [Depends(HTTPBearer())]\napp.include_router(router, dependencies=needed)\n",
    ],
)
def test_schemes_at_every_level(code: str) -> None:
    assert len(found(code)) == 1


def dependency(body: str, parameters: str = "request: Request") -> str:
    return f"def user({parameters}):\n{body}\napp = FastAPI(dependencies=[Depends(user)])\n{ROUTE}"


BEARER = "HTTPBearer(auto_error=False)"


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        (
            "    if not request.headers.get('Authorization'):\n        raise HTTPException(401)",
            "request: Request",
        ),
        (
            "    if 'authorization' not in request.headers:\n        raise HTTPException(403)",
            "request: Request",
        ),
        (
            "    key = request.cookies.get('session')\n    if key is None:\n        raise HTTPException(401)",
            "request: Request",
        ),
        ("    if not token:\n        raise HTTPException(status_code=401)", f"token=Depends({BEARER})"),
        (
            "    print(1)\n    if token is None or token.x:\n        raise HTTPException(403)",
            f"token=Depends({BEARER})",
        ),
        (
            "    if token:\n        return token\n    else:\n        raise HTTPException(401)",
            f"token=Depends({BEARER})",
        ),
        (
            "    if not authorization:\n        raise HTTPException(401)",
            "authorization: str | None = Header(None)",
        ),
        (
            "    if not session_id:\n        raise HTTPException(401)",
            "session_id: Annotated[str | None, Cookie()] = None",
        ),
    ],
)
def test_functions_that_refuse(body: str, parameters: str) -> None:
    assert len(found(dependency(body, parameters))) == 1


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ("    if not token:\n        return None\n    raise HTTPException(401)", f"token=Depends({BEARER})"),
        ("    if token and token.bad:\n        raise HTTPException(401)", f"token=Depends({BEARER})"),
        (
            "    if SECURED:\n        if not token:\n            raise HTTPException(401)",
            f"token=Depends({BEARER})",
        ),
        (
            "    if not SECURED:\n        return\n    if not token:\n        raise HTTPException(401)",
            f"token=Depends({BEARER})",
        ),
        ("    if not token:\n        raise HTTPException(404)", f"token=Depends({BEARER})"),
        ("    if not token:\n        print('anonymous')", f"token=Depends({BEARER})"),
        (
            "    if not request.headers.get('X-Request-ID'):\n        raise HTTPException(403)",
            "request: Request",
        ),
        ("    if not name:\n        raise HTTPException(401)", "name: str = ''"),
        (
            "    if request.url.path == '/health':\n        return\n"
            "    if not request.headers.get('authorization'):\n        raise HTTPException(401)",
            "request: Request",
        ),
        ("    return token", f"token=Depends({BEARER})"),
        (
            "    if not request.headers.get('authorization'):\n        if request.url.path in OPEN_PATHS:\n"
            "            return\n        raise HTTPException(401)",
            "request: Request",
        ),
    ],
)
def test_functions_that_let_pass(body: str, parameters: str) -> None:
    assert found(f"SECURED = compute()\n{dependency(body, parameters)}") == []


def test_a_scheme_of_the_project() -> None:
    code = (
        "class Bearer(HTTPBearer):\n    async def __call__(self, request: Request):\n"
        "        credentials = await super().__call__(request)\n        if credentials:\n"
        "            return credentials.credentials\n        else:\n            raise HTTPException(403)\n"
        f"app = FastAPI(dependencies=[Depends(Bearer())])\n{ROUTE}"
    )
    assert len(found(code)) == 1
    assert found(code.replace("            raise HTTPException(403)", "            return None")) == []


@pytest.mark.parametrize(
    "code",
    [
        f"app = FastAPI(dependencies=[Depends(HTTPBearer(auto_error=False))])\n{ROUTE}",
        f"app = FastAPI(dependencies=[Depends(HTTPBearer(auto_error=STRICT))])\n{ROUTE}",
        f"app = FastAPI(dependencies=[Depends(HTTPBearer(**options))])\n{ROUTE}",
        f"app = FastAPI(dependencies=[Depends(unknown)])\n{ROUTE}",
        f"{OPEN}@app.get('/users', dependencies=[Depends(HTTPBearer())])\ndef users(): ...\n{ROUTE}",
        f"{OPEN}if DEBUG:\n    @app.get('/health', dependencies=[Depends(HTTPBearer())])\n"
        "    def health(): ...\n",
    ],
)
def test_routes_that_are_open(code: str) -> None:
    assert found(code) == []


CLOSED = "app = FastAPI(dependencies=[Depends(HTTPBearer())])\n" + ROUTE


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("HEALTHCHECK CMD curl -fsS http://localhost:8000/health || exit 1\n", 1),
        ("HEALTHCHECK CMD curl --fail http://localhost:8000/health\n", 1),
        ("HEALTHCHECK CMD wget -qO- http://127.0.0.1:8000/health\n", 1),
        ("HEALTHCHECK CMD curl http://localhost:8000/health\n", 0),
        ("HEALTHCHECK CMD curl -f -H 'Authorization: Bearer x' http://localhost:8000/health\n", 0),
        ("HEALTHCHECK CMD curl -f -u probe:x http://localhost:8000/health\n", 0),
        ("HEALTHCHECK CMD curl -f http://localhost:8000/health?api_key=x\n", 0),
        ("HEALTHCHECK CMD curl -f http://localhost:9000/health\n", 0),
        ("HEALTHCHECK CMD curl -f http://other:8000/health\n", 0),
        ("HEALTHCHECK CMD curl -f http://localhost:8000/docs\n", 0),
        ("HEALTHCHECK CMD python -c \"import requests; requests.get('http://localhost:8000/health')\"\n", 0),
        ("HEALTHCHECK NONE\n", 0),
        ("", 0),
    ],
)
def test_checks(check: str, expected: int) -> None:
    assert len(found(CLOSED, check)) == expected


def test_a_check_of_another_service() -> None:
    compose = (
        "services:\n  api: {build: .}\n"
        "  web: {image: example/web, healthcheck: {test: [CMD, curl, -f, 'http://localhost:8000/health']}}\n"
    )
    assert found(CLOSED, "", **{"compose.yaml": compose}) == []
    own = compose.replace("web: {image: example/web,", "app: {build: .,")
    [finding] = found(CLOSED, "", **{"compose.yaml": own})
    assert finding.span.path == "compose.yaml"
