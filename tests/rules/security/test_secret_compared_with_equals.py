"""SEC004 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import hashlib
import hmac
import os
import secrets
from typing import Annotated
from fastapi import Body, Cookie, Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials
from fastapi.security import HTTPBearer, OAuth2PasswordBearer
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings
from app import keys

class Settings(BaseSettings):
    api_key: str
    admin_password: SecretStr
    token_type: str
    csrf_token: str
    maybe_token: str | None = None

class Login(BaseModel):
    password: str
    kind: str

settings = Settings()
app = FastAPI()
ADMIN_TOKEN = os.environ["ADMIN_TOKEN"]
PASSWORD = "password"
key_header = APIKeyHeader(name="x-key")
"""
KEYS = {"app/keys.py": "import os\nDEPLOY_TOKEN = os.getenv('DEPLOY_TOKEN')\n"}


def found(source: str) -> list[str]:
    findings = lint({"app/main.py": HEAD + source, **KEYS}, select=["SEC004"])
    return [finding.message for finding in findings]


def guarded(parameters: str, body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.post('/x')\nasync def guard({parameters}):\n{lines}"


@pytest.mark.parametrize(
    ("parameters", "test"),
    [
        ("x_key: str = Header()", "x_key != settings.api_key"),
        ("x_key: str | None = Header(None)", "settings.api_key != x_key"),
        ("key: str", "key == ADMIN_TOKEN"),
        ("key: Annotated[str, Query()]", "key == keys.DEPLOY_TOKEN"),
        ("key: Annotated[str, Cookie()]", "key == os.getenv('API_KEY')"),
        ("key: str = Body(embed=True)", "key == os.environ['API_KEY']"),
        ("login: Login", "login.password == settings.admin_password.get_secret_value()"),
        ("login: Login", "login.password == (settings.maybe_token or '')"),
        ("login: HTTPBasicCredentials = Depends(HTTPBasic())", "login.password != settings.api_key"),
        ("login: HTTPAuthorizationCredentials = Depends(HTTPBearer())", "login.credentials != ADMIN_TOKEN"),
        ("key: Annotated[str, Depends(key_header)]", "key != settings.api_key"),
        ("key: str = Depends(OAuth2PasswordBearer(tokenUrl='token'))", "key != settings.api_key"),
        ("request: Request", "request.headers.get('x-key') != settings.api_key"),
        ("request: Request", "request.headers['authorization'] != f'Bearer {settings.api_key}'"),
        ("request: Request", "request.headers['authorization'].removeprefix('Bearer ') == ADMIN_TOKEN"),
        ("request: Request", "(await request.json())['key'] == ADMIN_TOKEN"),
        ("request: Request", "request.query_params.get('key') == 'k-' + ADMIN_TOKEN"),
        ("authorization: str = Header()", "get_authorization_scheme_param(authorization)[1] == ADMIN_TOKEN"),
    ],
)
def test_reported(parameters: str, test: str) -> None:
    assert len(found(guarded(parameters, f"return {test}"))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "sent = request.headers.get('x')\nreturn sent == settings.api_key",
        "expected = settings.api_key\nreturn request.headers['x'] == expected",
        "scheme, sent = request.headers['authorization'].split(' ')\nreturn sent == ADMIN_TOKEN",
        "mac = hmac.new(b'k', await request.body(), hashlib.sha256)\nmade = 'sha256=' + mac.hexdigest()\n"
        "return made == request.headers['x-signature']",
        "return hmac.digest(b'k', await request.body(), 'sha256') == request.headers['x-signature'].encode()",
    ],
)
def test_local_names_are_followed(body: str) -> None:
    assert len(found(guarded("request: Request", body))) == 1


def test_a_digest_that_a_function_makes() -> None:
    made = "def sign(body):\n    return hmac.new(b'k', body, 'sha256').hexdigest()\n"
    assert len(found(made + guarded("request: Request", "return request.headers['s'] == sign(b'')"))) == 1


def test_what_a_dependency_cuts_out_of_a_header() -> None:
    cut = "def bearer(authorization: str = Header()):\n    return authorization[7:]\n"
    loaded = "def user(authorization: str = Header()):\n    return load(authorization)\n"
    for source, name, count in ((cut, "bearer", 1), (loaded, "user", 0)):
        guard = guarded(f"token: str = Depends({name})", "return token == settings.api_key")
        assert len(found(source + guard)) == count


def test_middleware_and_dependencies() -> None:
    source = (
        "@app.middleware('http')\nasync def keyed(request, call_next):\n"
        "    if request.headers.get('x-key') != settings.api_key:\n        raise HTTPException(401)\n"
        "    return await call_next(request)\n"
        "class Keyed:\n    def __call__(self, x_key: str = Header()):\n"
        "        if x_key != ADMIN_TOKEN:\n            raise HTTPException(401)\n"
        "@app.get('/x', dependencies=[Depends(Keyed())])\ndef read(): ...\n"
    )
    assert [message.split()[0] for message in found(source)] == ["`keyed`", "`Keyed.__call__`"]


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ("x_key: str = Header()", "return secrets.compare_digest(x_key, settings.api_key)"),
        ("x_key: str = Header()", "return x_key == None or x_key == ''"),
        ("x_key: str = Header()", "return x_key == settings.token_type"),
        ("x_key: str = Header()", "return x_key == settings.csrf_token"),
        ("login: Login", "return login.kind == PASSWORD"),
        ("login: Login, again: str", "return login.password == again"),
        ("x_key: str = Header()", "stored = load_token()\nreturn x_key == stored"),
        ("x_key: str = Header()", "x_key = digest_of(x_key)\nreturn other(x_key) == settings.api_key"),
        ("request: Request", "return request.method == settings.api_key"),
        ("n: int", "return n == len(settings.api_key)"),
        ("request: Request", "return settings.api_key == ADMIN_TOKEN"),
        ("request: Request", "return hashlib.sha256(b'').hexdigest() == request.headers['x-checksum']"),
        ("x_key: str = Header()", "return x_key in settings.api_key"),
        ("user: str = Depends(lambda: 'a')", "return user == settings.api_key"),
        ("x_key: str = Header()", "logger.info('key', known=x_key == settings.api_key)"),
    ],
)
def test_silent(parameters: str, body: str) -> None:
    assert found(guarded(parameters, body)) == []


def test_a_function_that_nobody_serves() -> None:
    assert found("def check(request: Request):\n    return request.headers['x'] == ADMIN_TOKEN\n") == []


@pytest.mark.parametrize(
    ("parameters", "test", "mended"),
    [
        ("key: str = Header()", "key == settings.api_key", "key.encode(), settings.api_key.encode()"),
        ("key: str | None = Header(None)", "key == settings.api_key", None),
        ("key: str = Header()", "key == settings.maybe_token", None),
        ("key: str = Header()", "key == settings.admin_password", None),
        ("key: str = Depends(APIKeyHeader(name='k', auto_error=False))", "key == settings.api_key", None),
        ("request: Request", "request.headers['x'] == settings.api_key", None),
    ],
)
def test_mended_only_where_both_are_text(parameters: str, test: str, mended: str | None) -> None:
    files = {"app/main.py": HEAD + guarded(parameters, f"return {test}"), **KEYS}
    findings = lint(files, select=["SEC004"])
    assert len(findings) == 1
    assert (findings[0].fix is None) is (mended is None)
    fixed = apply_fixes(files, findings)["app/main.py"]
    assert (f"return secrets.compare_digest({mended})" in fixed) is (mended is not None)
