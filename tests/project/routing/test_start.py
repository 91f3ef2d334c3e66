# ruff: noqa: E501
"""Where an app starts: entries, targets, start-up code, discovery of modules."""

from __future__ import annotations

import pytest

from .conftest import Rows, Tables, TheApp

ROUTES = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n"


def test_a_factory_and_its_caller_are_one_app(the_app: TheApp) -> None:
    app = the_app(
        {
            "pkg/__init__.py": "",
            "pkg/factory.py": "from fastapi import FastAPI\ndef create_app():\n  app = FastAPI()\n"
            "  @app.get('/a')\n  def a(): ...\n  return app\n",
            "pkg/main.py": "from pkg.factory import create_app\napp = create_app()\n",
        }
    )
    assert (app.target, app.aliases, app.factory) == ("pkg.main:app", ("pkg.factory:create_app",), False)
    assert (app.path, app.line) == ("pkg/factory.py", 3)


def test_a_factory_that_nothing_calls(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\ndef build(debug=False):\n  app = FastAPI()\n"
        "  app.get('/a')(build)\n  if debug:\n    app.get('/debug')(build)\n  return app\n"
        "def main():\n  app = build()\n"
    )
    assert (app.target, app.factory) == ("main:main", True)
    assert "main:build" in app.aliases
    assert rows(app) == ["GET /a build"]


def test_an_app_inside_an_object(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nclass Server:\n  def __init__(self):\n    self.app = FastAPI()\n"
        "    self.app.add_api_route('/a', self.a)\n  def a(self): ...\nserver = Server()\n"
    )
    assert (app.target, rows(app)) == ("main:server.app", ["GET /a Server.a"])


def test_a_class_that_nothing_makes(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nclass Server:\n  def __init__(self, port):\n    self.app = FastAPI()\n"
        "    self.app.add_api_route('/a', self.a)\n  def a(self): ...\n"
        "if __name__ == '__main__':\n  Server(80)\n"
    )
    assert (app.target, app.factory, rows(app)) == ("main:Server", True, ["GET /a Server.a"])


def test_the_module_that_registers_names_the_app(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        {
            "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
            "main.py": "from app import app\nfrom routes import router\napp.include_router(router)\n",
            "routes.py": ROUTES,
        }
    )
    assert (app.target, app.aliases, rows(app)) == ("main:app", ("app:app",), ["GET /x x"])


def test_modules_that_import_the_app_back(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        {
            "pkg/__init__.py": "from fastapi import FastAPI\napp = FastAPI()\nfrom . import views\n",
            "pkg/views.py": "from . import app\n@app.get('/v')\ndef v(): ...\n",
            "run.py": "import uvicorn\nfrom pkg import app\nif __name__ == '__main__':\n  uvicorn.run(app)\n",
        }
    )
    assert (app.target, rows(app)) == ("pkg:app", ["GET /v v"])
    assert app.complete


def test_apps_of_tests_do_not_count(tables: Tables) -> None:
    found = tables(
        {
            "main.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\n",
            "tests/test_x.py": "from fastapi import FastAPI\napp = FastAPI()\napp.get('/t')(print)\n",
            "conftest.py": "from main import app\napp.get('/t')(print)\n",
            "examples/one.py": "from fastapi import FastAPI\napp = FastAPI()\napp.get('/e')(print)\n",
        }
    )
    (app,) = found.apps
    assert [route.path for route in app.routes] == ["/a"]


def test_examples_count_if_there_is_nothing_else(the_app: TheApp) -> None:
    app = the_app(
        {"examples/one.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/e')\ndef e(): ...\n"}
    )
    assert [route.path for route in app.routes] == ["/e"]


def test_two_services_with_the_same_names(tables: Tables) -> None:
    main = "from fastapi import FastAPI\nfrom app.routes import router\napp = FastAPI()\napp.include_router(router)\n"
    found = tables(
        {
            f"{folder}/app/{name}": text.replace("/x", f"/{folder}")
            for folder in ("one", "two")
            for name, text in {"__init__.py": "", "main.py": main, "routes.py": ROUTES}.items()
        }
    )
    assert [(app.target, app.path) for app in found.apps] == [
        ("app.main:app", "one/app/main.py"),
        ("app.main:app", "two/app/main.py"),
    ]
    assert [[route.path for route in app.routes] for app in found.apps] == [["/one"], ["/two"]]


def test_a_package_named_like_a_library_is_no_root(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        {
            "main.py": "from fastapi import FastAPI\nfrom core.fastapi.deps import get\napp = FastAPI()\napp.get('/a')(get)\n",
            "core/__init__.py": "",
            "core/fastapi/__init__.py": "",
            "core/fastapi/deps.py": "from fastapi import Depends\ndef get(): ...\n",
        }
    )
    assert rows(app) == ["GET /a get"]


@pytest.mark.parametrize(
    "code",
    [
        "@asynccontextmanager\nasync def life(app):\n  app.include_router(router)\n  yield\napp = FastAPI(lifespan=life)\n",
        "@asynccontextmanager\nasync def life(app):\n  await setup(app)\n  yield\n"
        "async def setup(a):\n  a.include_router(router)\napp = FastAPI(lifespan=life)\n",
        "app = FastAPI()\n@app.on_event('startup')\nasync def start():\n  wire()\ndef wire():\n  app.include_router(router)\n",
        "app = FastAPI()\ndef start():\n  app.include_router(router)\napp.add_event_handler('startup', start)\n",
        "app = FastAPI()\ndef start(app):\n  app.include_router(router)\n"
        "app.add_event_handler('startup', partial(start, app=app))\n",
        "app = FastAPI()\ndef start():\n  app.include_router(router)\napp.router.on_startup.append(start)\n",
        "def start():\n  app.include_router(router)\napp = FastAPI(on_startup=[start])\n",
    ],
)  # fmt: skip
def test_start_up_code_registers(the_app: TheApp, rows: Rows, code: str) -> None:
    head = "from contextlib import asynccontextmanager\nfrom functools import partial\nfrom fastapi import FastAPI\n"
    app = the_app({"main.py": f"{head}from routes import router\n{code}", "routes.py": ROUTES})
    assert rows(app) == ["GET /x x"]
    assert app.complete


def test_start_up_code_of_a_mounted_app_never_runs(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nsub = FastAPI()\n@sub.on_event('startup')\ndef start():\n"
        "  sub.add_api_route('/late', start)\napp = FastAPI()\napp.mount('/sub', sub)\n"
    )
    assert rows(app) == ["mount /sub"]


@pytest.mark.parametrize(
    "code",
    [
        "for name in ('a', 'b'):\n  app.include_router(import_module(f'routers.{name}').router)",
        "for _, name, _ in pkgutil.iter_modules(routers.__path__):\n  app.include_router(import_module('routers.' + name).router)",
        "for info in pkgutil.walk_packages(routers.__path__, 'routers.'):\n  app.include_router(import_module(info.name).router)",
        "for f in sorted(os.listdir(os.path.join(os.path.dirname(__file__), 'routers'))):\n"
        "  if not f.startswith('_'):\n    app.include_router(import_module('.' + f[:-3], package='routers').router)",
        "for p in sorted((Path(__file__).parent / 'routers').glob('*.py')):\n"
        "  if p.stem != '__init__':\n    app.include_router(__import__(f'routers.{p.stem}', fromlist=['router']).router)",
        "for p in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'routers', '[!_]*.py'))):\n"
        "  app.include_router(import_module('routers.' + os.path.splitext(os.path.basename(p))[0]).router)",
        "for root, _, names in os.walk(os.path.dirname(__file__) + '/routers'):\n  for n in sorted(names):\n"
        "    m = import_module(os.path.relpath(os.path.join(root, n), os.path.dirname(__file__)).replace(os.sep, '.')[:-3])\n"
        "    if hasattr(m, 'router'):\n      app.include_router(m.router)",
        "from routers import a, b\nfor name, m in inspect.getmembers(routers, inspect.ismodule):\n  app.include_router(m.router)",
    ],
)  # fmt: skip
def test_code_that_searches_modules(the_app: TheApp, rows: Rows, code: str) -> None:
    head = (
        "import glob, inspect, os, pkgutil\nfrom importlib import import_module\nfrom pathlib import Path\n"
        "from fastapi import FastAPI\nimport routers\napp = FastAPI()\n"
    )
    files = {
        "main.py": head + code + "\n",
        "routers/__init__.py": "",
        "routers/a.py": ROUTES.replace("x", "a"),
        "routers/b.py": ROUTES.replace("x", "b"),
    }
    app = the_app(files)
    assert rows(app) == ["GET /a a", "GET /b b"]
    assert app.complete


@pytest.mark.parametrize(
    "code",
    [
        "for name in open('names').read().split():\n  app.include_router(importlib.import_module(name).router)",
        "for e in importlib.metadata.entry_points(group='x'):\n  app.include_router(e.load())",
        "for p in pathlib.Path('/etc/plugins').glob('*.py'):\n  app.include_router(importlib.import_module(p.stem).router)",
    ],
)  # fmt: skip
def test_code_that_searches_what_is_not_known(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(
        f"import importlib, pathlib\nfrom fastapi import FastAPI\napp = FastAPI()\n{code}\n"
        "@app.get('/a')\ndef a(): ...\n"
    )
    assert rows(app) == ["GET /a a"]
    assert not app.complete
