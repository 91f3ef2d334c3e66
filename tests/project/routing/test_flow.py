# ruff: noqa: E501
"""Loops, conditions, functions, closures: what the code does before a route is registered."""

from __future__ import annotations

import pytest

from .conftest import Rows, TheApp

HEAD = (
    "from fastapi import FastAPI, APIRouter\nimport os, lib\ndef a(): ...\ndef b(): ...\n"
    "app = FastAPI()\nr = APIRouter()\nr.get('/r')(a)\ns = APIRouter(prefix='/s')\ns.get('')(b)\n"
)


@pytest.mark.parametrize(
    "code",
    [
        "for x, p in [(r, '/1'), (s, '/2')]:\n  app.include_router(x, prefix=p)",
        "for p, x in {'/1': r, '/2': s}.items():\n  app.include_router(x, prefix=p)",
        "for i, x in enumerate((r, s), 1):\n  app.include_router(x, prefix=f'/{i}')",
        "for x, p in zip([r, s], ['/1', '/2']):\n  app.include_router(x, prefix=p)",
        "[app.include_router(x, prefix=p) for x, p in ((r, '/1'), (s, '/2'))]",
        "for c in [{'router': r, 'prefix': '/1'}, dict(router=s, prefix='/2')]:\n  app.include_router(**c)",
        "xs = [r]\nxs.append(s)\nwhile xs:\n  app.include_router(xs.pop(0), prefix=f'/{2 - len(xs)}')",
        "def gen():\n  yield r, '/1'\n  yield s, '/2'\nfor x, p in gen():\n  app.include_router(x, prefix=p)",
        "def add(app, *xs, **ps):\n  for x, p in zip(xs, ps.values()):\n    app.include_router(x, prefix=p)\n"
        "add(app, r, s, a='/1', b='/2')",
        "def rec(xs, n=1):\n  if xs:\n    app.include_router(xs[0], prefix=f'/{n}')\n    rec(xs[1:], n + 1)\nrec([r, s])",
        "for name in ('r', 's', 'lib'):\n  x = globals()[name]\n  if isinstance(x, APIRouter):\n"
        "    app.include_router(x, prefix='/1' if name == 'r' else '/2')",
        "async def wire():\n  app.include_router(r, prefix='/1')\n  await more()\n"
        "async def more():\n  app.include_router(s, prefix='/2')\nimport asyncio\nasyncio.run(wire())",
    ],
)  # fmt: skip
def test_loops_over_known_things(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"{HEAD}{code}\n")
    assert rows(app) == ["GET /1/r a", "GET /2/s b"]
    assert app.complete


@pytest.mark.parametrize(
    "code",
    [
        "if os.getenv('X'):\n  app.include_router(r)",
        "xs = []\nif os.getenv('X'):\n  xs.append(r)\nfor x in xs:\n  app.include_router(x)",
        "app.include_router(r) if lib.flag else None",
        "for f in os.environ.get('F', '').split(','):\n  app.include_router(r)",
        "def add():\n  if not os.getenv('X'):\n    return\n  app.include_router(r)\nadd()",
        "while lib.more():\n  app.include_router(r)",
        "def get():\n  if lib.flag:\n    return r\nx = get()\nif x:\n  app.include_router(x)",
        "try:\n  import missing\n  OK = True\nexcept ImportError:\n  OK = False\nif OK:\n  app.include_router(r)",
        "try:\n  lib.work()\nexcept Exception:\n  app.include_router(r)",
        "match lib.kind:\n  case 'x':\n    app.include_router(r)",
        "for x in [r]:\n  if lib.skip():\n    continue\n  app.include_router(x)",
    ],
)  # fmt: skip
def test_unknown_conditions_mark_the_route(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"{HEAD}{code}\napp.include_router(s)\n")
    assert rows(app) == ["GET /r a ?", "GET /s b"]
    assert app.complete


@pytest.mark.parametrize(
    "code",
    [
        "if lib.broken:\n  raise SystemExit\napp.include_router(r)",
        "DEBUG = False\nif DEBUG:\n  app.include_router(s)\nelse:\n  app.include_router(r)",
        "if os.getenv('X'):\n  y = 1\napp.include_router(r)",
        "def make():\n  if lib.flag:\n    return r\n  return r\napp.include_router(make())",
        "try:\n  from fast import x\nexcept ImportError:\n  x = None\napp.include_router(r)",
        "with lib.context() as c:\n  app.include_router(r)",
        "if __name__ == '__main__':\n  app.include_router(s)\napp.include_router(r)",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from nowhere import r\napp.include_router(r)",
    ],
)
def test_what_is_certain_is_not_marked(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"{HEAD}{code}\n")
    assert rows(app) == ["GET /r a"]
    assert app.complete


@pytest.mark.parametrize(
    "code",
    [
        "@app.on_event('startup')\ndef start():\n  try:\n    lib.connect()\n  except OSError:\n"
        "    app.routes.clear()\n    app.include_router(s)",
        "if os.getenv('X'):\n  app.routes.clear()",
        "if os.getenv('X'):\n  app.routes.remove(app.routes[-1])",
    ],
)  # fmt: skip
def test_what_is_taken_away_under_a_condition_may_be_there(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"{HEAD}app.include_router(r)\n{code}\n")
    assert rows(app)[0] == "GET /r a ?"


@pytest.mark.parametrize("code", ["app.routes.clear()", "app.routes.remove(app.routes[-1])"])
def test_what_is_taken_away_is_gone(the_app: TheApp, rows: Rows, code: str) -> None:
    assert rows(the_app(f"{HEAD}app.include_router(r)\n{code}\n")) == []


def test_one_of_two_prefixes(the_app: TheApp, rows: Rows) -> None:
    app = the_app(f"{HEAD}p = '/x' if os.getenv('X') else '/y'\napp.include_router(r, prefix=p)\n")
    assert rows(app) == ["GET /x/r a ?", "GET /y/r a ?"]


def test_one_of_two_apps_is_one_app(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "import os\nfrom fastapi import FastAPI\n"
        "if os.getenv('PROD'):\n  app = FastAPI(docs_url=None)\nelse:\n  app = FastAPI()\n"
        "@app.get('/a')\ndef a(): ...\n"
    )
    assert rows(app) == ["GET /a a"]


def test_a_loop_over_unknown_things_makes_the_table_incomplete(the_app: TheApp, rows: Rows) -> None:
    app = the_app(f"{HEAD}for x in lib.routers():\n  app.include_router(x)\napp.include_router(r)\n")
    assert rows(app) == ["GET /r a"]
    assert len(app.incomplete_because) == 1


def test_handlers_that_a_loop_makes(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\napp = FastAPI()\n"
        "def make(name):\n  def handler(): return name\n  return handler\n"
        "for n in ('x', 'y'):\n  app.get(f'/{n}')(make(n))\n"
        "  @app.post(f'/{n}')\n  def posted(): ...\n"
    )
    assert rows(app) == [
        "GET /x make.<locals>.handler",
        "POST /x posted",
        "GET /y make.<locals>.handler",
        "POST /y posted",
    ]


def test_a_registry_of_handlers(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        {
            "main.py": "from fastapi import FastAPI\nimport handlers\nfrom registry import ROUTES\n"
            "app = FastAPI()\nfor path, fn in ROUTES:\n  app.add_api_route(path, fn)\n",
            "registry.py": "ROUTES = []\ndef route(path):\n  def deco(f):\n    ROUTES.append((path, f))\n"
            "    return f\n  return deco\n",
            "handlers.py": "from registry import route\n@route('/h')\ndef h(): ...\n",
        }
    )
    assert rows(app) == ["GET /h h"]
