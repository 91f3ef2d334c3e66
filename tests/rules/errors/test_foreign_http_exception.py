from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from fastapi import Depends, FastAPI\napp = FastAPI()\n"
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR008"])


def endpoint(body: str) -> str:
    return f"@app.get('/')\ndef read():\n    {body}\n"


def test_place_and_message() -> None:
    [finding] = found("from http.client import HTTPException\n" + endpoint("raise HTTPException(404)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 4, 5, 29)
    assert finding.message == (
        "`read` raises `HTTPException` of `http.client`, which FastAPI answers with 500"
    )
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    ("statement", "raised", "family"),
    [
        ("import http.client as c", "c.HTTPException(404)", "`http.client`"),
        ("from werkzeug.exceptions import NotFound", "NotFound", "Werkzeug"),
        ("from aiohttp import web", "web.HTTPNotFound()", "aiohttp"),
        ("from aiohttp.web_exceptions import HTTPConflict", "HTTPConflict()", "aiohttp"),
        ("from django.http import Http404", "Http404('x')", "Django"),
        (
            "from rest_framework.exceptions import ValidationError",
            "ValidationError()",
            "Django REST framework",
        ),
        ("from sanic.exceptions import NotFound", "NotFound('x')", "Sanic"),
        ("import tornado.web", "tornado.web.HTTPError(404)", "Tornado"),
    ],
)
def test_families(statement: str, raised: str, family: str) -> None:
    [finding] = found(f"{statement}\n" + endpoint(f"raise {raised}"))
    assert f"of {family}, which" in finding.message


@pytest.mark.parametrize("statement", ["from flask import abort", "from werkzeug.exceptions import abort"])
def test_abort(statement: str) -> None:
    [finding] = found(f"{statement}\n" + endpoint("abort(404)"))
    assert "calls `abort` of" in finding.message


def test_subclass_of_the_project() -> None:
    source = "from werkzeug.exceptions import NotFound\nclass Missing(NotFound): ...\n"
    [finding] = found(source + endpoint("raise Missing()"))
    assert "`Missing` of Werkzeug" in finding.message


def test_dependency_and_chain() -> None:
    source = (
        "from django.http import Http404\ndef get(x):\n    raise Http404\n"
        "def user():\n    return get(1)\n@app.get('/')\ndef read(u=Depends(user)): ...\n"
    )
    [finding] = found(source)
    assert finding.symbol == "get"
    assert [hop.symbol for hop in finding.chain] == ["get"]


def test_one_finding_for_a_place_that_two_endpoints_reach() -> None:
    source = (
        "from django.http import Http404\ndef get():\n    raise Http404\n"
        "@app.get('/a')\ndef a():\n    get()\n@app.get('/b')\ndef b():\n    get()\n"
    )
    assert len(found(source)) == 1


def test_a_handler_of_something_else_is_none() -> None:
    source = (
        "from django.http import Http404\n@app.exception_handler(Exception)\nasync def h(request, e): ...\n"
        "@app.exception_handler(404)\nasync def n(request, e): ...\n"
    )
    assert len(found(source + endpoint("raise Http404"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from starlette.exceptions import HTTPException\n" + endpoint("raise HTTPException(404)"),
        "from fastapi.exceptions import HTTPException\n" + endpoint("raise HTTPException(404)"),
        "from django.http import Http404\n@app.exception_handler(Http404)\nasync def h(request, e): ...\n"
        + endpoint("raise Http404"),
        "from django.http import Http404\nasync def h(request, e): ...\n"
        "def setup(app):\n    for cls in (Http404,):\n        app.add_exception_handler(cls, h)\n"
        + endpoint("raise Http404"),
        "from django.http import Http404\nasync def h(request, e): ...\n"
        "other = FastAPI(exception_handlers={Http404: h})\n" + endpoint("raise Http404"),
        "from django.http import Http404\n"
        + endpoint("try:\n        get()\n    except Http404:\n        pass"),
        "from django.http import Http404\n"
        + endpoint("try:\n        raise Http404\n    except Http404:\n        return None"),
        "from django.http import Http404\ndef view():\n    raise Http404\n",
        "from lib import HTTPException\n" + endpoint("raise HTTPException(404)"),
        "from urllib.error import HTTPError\n" + endpoint("raise HTTPError()"),
        "from flask import abort\n" + endpoint("return abort"),
        "def abort(n): ...\n" + endpoint("abort(404)"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests_are_not_reported() -> None:
    source = HEAD + "from http.client import HTTPException\n" + endpoint("raise HTTPException(404)")
    assert lint({"tests/test_app.py": source}, select=["ERR008"]) == []
