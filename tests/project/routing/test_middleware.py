"""Which middleware an app has, from the outermost inwards."""

from __future__ import annotations

from fastapi_lint.project.routing.table import App

from .conftest import TheApp

HEAD = """
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
class Limit(BaseHTTPMiddleware): ...
async def stamp(request, call_next): ...
"""


def names(app: App) -> list[str]:
    """The names of an app's middleware; a mark behind conditional ones."""
    return [one.name + ("?" if one.conditions else "") for one in app.middleware]


def test_the_last_added_is_the_outermost(the_app: TheApp) -> None:
    code = (
        "app = FastAPI()\napp.add_middleware(CORSMiddleware)\napp.add_middleware(middleware_class=Limit)\n"
        "@app.middleware('http')\nasync def identify(request, call_next): ...\n"
    )
    assert names(the_app(HEAD + code)) == ["identify", "Limit", "CORSMiddleware"]


def test_a_list_begins_with_the_outermost(the_app: TheApp) -> None:
    code = (
        "known = [Middleware(GZipMiddleware), Middleware(Limit)]\n"
        "app = FastAPI(middleware=[*known, Middleware(BaseHTTPMiddleware, dispatch=stamp)])\n"
        "app.add_middleware(CORSMiddleware)\n"
    )
    assert names(the_app(HEAD + code)) == ["CORSMiddleware", "GZipMiddleware", "Limit", "stamp"]


def test_functions_that_get_the_app(the_app: TheApp) -> None:
    code = (
        "def outer(app):\n    for cls in (GZipMiddleware, CORSMiddleware):\n        app.add_middleware(cls)\n"
        "def make():\n    app = FastAPI()\n    outer(app)\n"
        "    app.middleware('http')(stamp)\n    return app\n"
        "app = make()\n"
    )
    assert names(the_app(HEAD + code)) == ["stamp", "CORSMiddleware", "GZipMiddleware"]


def test_what_may_be_added_and_what_is_unknown(the_app: TheApp) -> None:
    code = (
        "from somewhere import flag, pick\napp = FastAPI()\napp.add_middleware(pick())\n"
        "if flag:\n    app.add_middleware(CORSMiddleware)\napp.add_middleware(GZipMiddleware)\n"
    )
    assert names(the_app(HEAD + code)) == ["GZipMiddleware", "CORSMiddleware?", ""]
