# ruff: noqa: E501
"""Code that would run for ever, or nest without end."""

from __future__ import annotations

import pytest

from .conftest import Rows, Tables, TheApp

HEAD = "from fastapi import FastAPI\nimport lib\napp = FastAPI()\ndef a(): ...\n"


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n  x = 1",
        "def f(n): return f(n + 1)\nf(0)",
        "def f(n):\n  if lib.x:\n    return [f(n), f(n)]\n  return f(n - 1) or f(n + 1)\nf(lib.y)",
        "for i in range(10 ** 9):\n  y = i",
        "for i in range(300):\n  for j in range(300):\n    k = i * j",
        "xs = []\nfor i in range(900):\n  xs = xs + xs + [i]",
        "s = 'x'\nfor i in range(900):\n  s = s + s",
        "n = 2\nfor i in range(900):\n  n = n * n",
        "def f():\n  def g(): return f()\n  return g()\nf()",
        "class A:\n  def __init__(self): self.b = B()\nclass B:\n  def __init__(self): self.a = A()\nA()",
        "f = lambda x: x(x)\nf(f)",
        "x = '{:>999999999}'.format('a')\ny = '%999999999d' % 1\nz = 'a'.zfill(10 ** 9)",
        "d = {}\nd['d'] = d\nfor k in d:\n  d = d['d']",
        "[i for i in range(900) for j in range(900) for k in range(900)]",
    ],
)
def test_it_ends(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"{HEAD}app.get('/a')(a)\n{code}\n")
    assert rows(app) == ["GET /a a"]


def test_modules_that_import_each_other(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        {
            "main.py": "from fastapi import FastAPI\nimport one\napp = FastAPI()\napp.get('/a')(one.f)\n",
            "one.py": "import two\nfrom three import g\ndef f(): ...\n",
            "two.py": "import one, three\n",
            "three.py": "from one import f\ndef g(): ...\n",
        }
    )
    assert rows(app) == ["GET /a f"]


def test_a_long_chain_of_imports(tables: Tables) -> None:
    files = {f"m{n}.py": f"import m{n + 1}\n" for n in range(400)}
    files["main.py"] = (
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\nimport m0\n"
    )
    (app,) = tables(files).apps
    assert [route.path for route in app.routes] == ["/a"]


def test_deep_expressions(the_app: TheApp, rows: Rows) -> None:
    nested = "(" * 150 + "'/a'" + ")" * 150
    chained = " + ".join(["''"] * 900)
    app = the_app(f"{HEAD}app.get({nested})(a)\napp.get('/b' + {chained})(a)\n")
    assert rows(app) == ["GET /a a", "GET /b a"]


def test_a_table_that_is_cut_off_says_so(the_app: TheApp) -> None:
    loops = "for a in range(200):\n  for b in range(200):\n    for c in range(200):\n      app.get(f'/{a}')(print)\n"
    app = the_app(f"{HEAD}{loops}")
    assert not app.complete
