"""SEC005 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import apply_fixes, lint

HEAD = """
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from app.settings import settings, later
app = FastAPI()
NAME = "refresh_token"
"""
SETTINGS = {"app/settings.py": "class settings: ...\ndef later(): ...\n", "app/__init__.py": ""}


def found(source: str) -> list[str]:
    findings = lint({"app/main.py": HEAD + source, **SETTINGS}, select=["SEC005"])
    return [finding.message for finding in findings]


def login(body: str) -> str:
    return f"@app.post('/login')\ndef login(response: Response):\n    {body}\n    return 'ok'\n"


@pytest.mark.parametrize(
    ("call", "lacks"),
    [
        ("response.set_cookie('session', later())", "`httponly` and `secure`"),
        ("response.set_cookie('sid', later(), httponly=True)", "`secure`"),
        ("response.set_cookie('authToken', later(), secure=True)", "`httponly`"),
        ("response.set_cookie(NAME, later(), secure=True, httponly=False)", "`httponly`"),
        ("response.set_cookie(value=later(), key='jwt', secure=settings.secure)", "`httponly`"),
        ("response.set_cookie('auth', later(), 60, 60, '/', None, False, True)", "`secure`"),
        ("made = JSONResponse({}); made.set_cookie('PHPSESSID', later(), httponly=True)", "`secure`"),
        ("response.set_cookie('access_token', f'B {later()}', samesite='strict', httponly=True)", "`secure`"),
    ],
)  # fmt: skip
def test_reported(call: str, lacks: str) -> None:
    [message] = found(login(call))
    assert message.endswith(f"is set without {lacks}")


@pytest.mark.parametrize(
    "call",
    [
        "response.set_cookie('session', later(), httponly=True, secure=True)",
        "response.set_cookie('session', later(), httponly=True, secure=settings.secure)",
        "response.set_cookie('session', later(), 60, 60, '/', None, True, True)",
        "response.set_cookie('xsrf-token', later())",
        "response.set_cookie('is_authenticated', '1')",
        "response.set_cookie('lang', 'de')",
        "response.set_cookie('author', 'me')",
        "response.set_cookie('session', '')",
        "response.set_cookie('session', 'x', max_age=0)",
        "response.set_cookie('session', 'x', expires=0)",
        "response.set_cookie('session', later(), **later())",
        "response.set_cookie(*later())",
        "response.set_cookie(later(), later())",
        "later().set_cookie('session', later())",
        "jar = dict(); jar.set_cookie('session', later())",
        "if settings.debug: response.set_cookie('session', later())",
        "response.delete_cookie('session')",
    ],
)
def test_silent(call: str) -> None:
    assert found(login(call)) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("app.add_middleware(SessionMiddleware, secret_key=later(), https_only=False)\n", 1),
        ("other = FastAPI(middleware=[Middleware(SessionMiddleware, https_only=False)])\n", 1),
        ("wrapped = SessionMiddleware(app, later(), https_only=False)\n", 1),
        ("app.add_middleware(SessionMiddleware, secret_key=later())\n", 0),
        ("app.add_middleware(SessionMiddleware, https_only=settings.https)\n", 0),
        ("if settings.local:\n    app.add_middleware(SessionMiddleware, https_only=False)\n", 0),
        ("from own import SessionMiddleware\napp.add_middleware(SessionMiddleware, https_only=False)\n", 0),
    ],
)
def test_session_middleware(source: str, count: int) -> None:
    assert len(found(source)) == count


def test_a_helper_that_gets_the_response() -> None:
    source = "def remember(target: Response, token):\n    target.set_cookie('token', token, httponly=True)\n"
    assert len(found(source)) == 1


def test_the_fix_keeps_the_lines_of_the_call() -> None:
    call = "response.set_cookie(\n        'session',\n        later(),\n        secure=False,\n    )"
    files = {"app/main.py": HEAD + login(call), **SETTINGS}
    fixed = apply_fixes(files, lint(files, select=["SEC005"]))["app/main.py"]
    assert '        secure=True,\n        httponly=True,\n        samesite="lax",\n    )' in fixed


def test_no_fix_before_a_comment() -> None:
    call = "response.set_cookie(\n        'session',\n        later(),  # mine\n    )"
    [finding] = lint({"app/main.py": HEAD + login(call), **SETTINGS}, select=["SEC005"])
    assert finding.fix is None
