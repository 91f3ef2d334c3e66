# ruff: noqa: E501
"""Paths and prefixes that the code computes."""

from __future__ import annotations

import pytest

from .conftest import Rows, TheApp

HEAD = "from fastapi import FastAPI, APIRouter\ndef a(): ...\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("P = '/x'\napp.get(P + '/y')(a)", "/x/y"),
        ("v = 2\napp.get(f'/v{v}/y')(a)", "/v2/y"),
        ("app.get('/%s/%d' % ('x', 3))(a)", "/x/3"),
        ("app.get('/{}/{n}'.format('x', n=2))(a)", "/x/2"),
        ("app.get('/'.join(['', 'x', 'y']))(a)", "/x/y"),
        ("app.get('/X/'.lower().rstrip('/'))(a)", "/x"),
        ("class C:\n  ROOT = '/c'\n  USERS = ROOT + '/u'\n  class D:\n    N = '/n'\napp.get(C.USERS + C.D.N)(a)", "/c/u/n"),
        ("from enum import Enum\nclass E(str, Enum):\n  A = '/e'\napp.get(E.A)(a)", "/e"),
        ("from enum import Enum\nclass E(Enum):\n  A = '/e'\napp.get(E.A.value)(a)", "/e"),
        ("from enum import StrEnum\nclass E(StrEnum):\n  A = '/e'\napp.get(f'{E.A}/x')(a)", "/e/x"),
        ("d = {'p': {'q': '/d'}}\napp.get(d['p']['q'])(a)", "/d"),
        ("def f(x, *r, y='/y', **k): return x + y + k['z']\napp.get(f('/x', z='/z'))(a)", "/x/y/z"),
        ("p = '/x' if len([1]) == 1 else '/no'\napp.get(p)(a)", "/x"),
        ("p = None\napp.get(p or '/x')(a)", "/x"),
        ("x, *rest = ['/a', '/b', '/c']\napp.get(rest[-1])(a)", "/c"),
        ("app.get(f'/{__name__}')(a)", "/main"),
        ("from pathlib import Path\napp.get(f'/{Path(__file__).stem}')(a)", "/main"),
        ("from typing import NamedTuple\nclass T(NamedTuple):\n  p: str = '/t'\napp.get(T().p)(a)", "/t"),
        ("from collections import namedtuple\nT = namedtuple('T', 'p q')\napp.get(T(p='/t', q=1).p)(a)", "/t"),
        ("from types import SimpleNamespace\nn = SimpleNamespace(p='/n')\napp.get(n.p)(a)", "/n"),
        ("from dataclasses import dataclass\n@dataclass\nclass D:\n  p: str\n  q: str = '/q'\napp.get(D('/p').q)(a)", "/q"),
        ("def outer():\n  n = 0\n  def inc():\n    nonlocal n\n    n += 1\n    return f'/n{n}'\n  return inc\ni = outer()\ni()\napp.get(i())(a)", "/n2"),
        ("if (p := '/w'):\n  app.get(p)(a)", "/w"),
    ],
)  # fmt: skip
def test_paths_are_computed(the_app: TheApp, rows: Rows, code: str, path: str) -> None:
    app = the_app(f"{HEAD}{code}\n")
    assert rows(app) == [f"GET {path} a"]
    assert app.complete
    assert app.routes[0].assumes == ()


@pytest.mark.parametrize(
    ("code", "path", "assumes"),
    [
        ("import os\nP = os.getenv('API', '/api')\napp.get(P + '/x')(a)", "/api/x", ("$API",)),
        ("import os\napp.get(os.environ.get('API') or '/api')(a)", "/api", ("$API",)),
        (
            "import os\nP = os.environ.get('P', '')\nQ = f'/{P.strip()}' if P else ''\napp.get(Q + '/a')(a)",
            "/a",
            ("$P",),
        ),
        ("from decouple import config\napp.get(f\"/{config('P', default='p')}\")(a)", "/p", ("$P",)),
        ("from starlette.config import Config\nc = Config('.env')\napp.get(c('P', cast=str, default='/p'))(a)", "/p", ("$P",)),
        ("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  p: str = '/s/'\napp.get(S().p.rstrip('/'))(a)", "/s", ("S.p",)),
        ("from pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\n"
         "class Api(BaseSettings):\n  v: str = Field('/v1', alias='X')\n"
         "class S(BaseSettings):\n  api: Api = Api()\n  n: str = 'n'\n"
         "  @property\n  def full(self): return f'/{self.n}{self.api.v}'\napp.get(S().full)(a)", "/n/v1", ("S.n", "Api.v")),
        ("from functools import lru_cache\nfrom pydantic_settings import BaseSettings\n"
         "class Base(BaseSettings):\n  p: str = '/b'\nclass S(Base): ...\n"
         "@lru_cache\ndef get(): return S()\napp.get(get().p)(a)", "/b", ("Base.p",)),
    ],
)  # fmt: skip
def test_defaults_of_settings_are_assumed(
    the_app: TheApp, rows: Rows, code: str, path: str, assumes: tuple[str, ...]
) -> None:
    app = the_app(f"{HEAD}{code}\n")
    assert rows(app) == [f"GET {path} a"]
    assert app.complete
    assert app.routes[0].assumes == assumes


def test_one_of_several_settings_classes(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        HEAD + "import os\nfrom pydantic_settings import BaseSettings\n"
        "class Base(BaseSettings):\n  env: str = 'dev'\n  p: str = '/api'\n"
        "  @property\n  def kwargs(self): return {'docs_url': '/d', 'title': 'x'}\n"
        "class Dev(Base): ...\nclass Prod(Base): ...\n"
        "s = {'dev': Dev, 'prod': Prod}[Base().env]()\n"
        "r = APIRouter()\nr.get('/x')(a)\napp.include_router(r, prefix=s.p)\n"
    )
    assert rows(app) == ["GET /api/x a"]
    assert app.routes[0].assumes == ("Base.p",)


@pytest.mark.parametrize(
    "path",
    [
        "os.environ['P']",
        "os.getenv('P')",
        "lib.PATH",
        "lib.path()",
        "open('x').read()",
        "'/' + str(lib.n)",
        "f'/{lib.n:02d}'",
        "undefined",
        "settings.missing",
        "[p for p in lib.paths][0]",
        "'/' + __file__",
        "{}['x']",
        "'x' * 10 ** 9",
    ],
)
def test_unknown_paths_are_left_out(the_app: TheApp, rows: Rows, path: str) -> None:
    app = the_app(f"import os, lib\n{HEAD}class settings: ...\napp.get({path})(a)\napp.get('/known')(a)\n")
    assert rows(app) == ["GET /known a"]
    (reason,) = app.incomplete_because
    assert reason.startswith("main.py:6: the path of a route is not known")


def test_a_setting_decides_no_condition(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        HEAD + "from pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n  debug: bool = False\n  env: str = 'dev'\ns = S()\n"
        "if s.debug:\n  app.get('/debug')(a)\n"
        "if s.env == 'dev':\n  app.get('/dev')(a)\nelse:\n  app.get('/prod')(a)\n"
    )
    assert rows(app) == ["GET /debug a ?", "GET /dev a ?", "GET /prod a ?"]
    assert app.complete
