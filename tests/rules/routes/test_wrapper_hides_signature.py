from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import functools
import inspect
from functools import update_wrapper
from typing import Annotated, Any, cast
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel

app = FastAPI()
router = APIRouter()

def hiding(func):
    async def wrapper(*args, **kwargs):
        return await func(*args, **kwargs)
    return wrapper

"""
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE008"])


def test_declared_place_and_message() -> None:
    [finding] = found("@app.get('/a')\ndef read(a: int, *args: int, **kwargs: Any): ...\n")
    assert (finding.span.line, finding.span.column) == (LINES + 2, 19)
    assert finding.message == "FastAPI asks each request of `read` for `args` and `kwargs`"


def test_wrapped_place_message_and_related() -> None:
    source = "@app.get('/a')\n@hiding\ndef read(): ...\n@app.get('/b')\n@hiding\ndef other(): ...\n"
    [finding] = found(source)
    assert (finding.span.line, finding.span.column) == (HEAD[: HEAD.index("wrapper(")].count("\n") + 1, 15)
    assert finding.message == (
        "`wrapper` hides the parameters of `read` and 1 more, so FastAPI asks each request for "
        "`args` and `kwargs`"
    )
    assert [related.span.line for related in finding.related] == [LINES + 3, LINES + 6]


@pytest.mark.parametrize(
    "maker",
    [
        "def deco(f):\n    def inner(r: Request, **rest):\n        return f(**rest)\n    return inner\n",
        "def deco(f):\n    def inner(*a):\n        return f(*a)\n    return cast('F', inner)\n",
        "class Deco:\n    def __call__(self, f):\n        def inner(*a):\n            return f(*a)\n"
        "        return inner\ndeco = Deco()\n",
    ],
)
def test_decorators(maker: str) -> None:
    assert len(found(f"{maker}@app.get('/a')\n@deco\ndef read(): ...\n")) == 1


def test_factories_and_imports() -> None:
    files = {
        "app/deco.py": "def role(name):\n    def deco(f):\n        def inner(*a, **k):\n"
        "            return f(*a, **k)\n        return inner\n    return deco\n"
    }
    source = "from app import deco\n@app.get('/a')\n@deco.role('x')\ndef read(): ...\n"
    [finding] = lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE008"])
    assert (finding.span.path, finding.span.line) == ("app/deco.py", 3)


def test_a_wrapper_around_a_wrapper() -> None:
    kept = "def kept(f):\n    @functools.wraps(f)\n    def inner(*a): ...\n    return inner\n"
    assert len(found(f"{kept}@app.get('/a')\n@kept\n@hiding\ndef read(): ...\n")) == 1
    assert len(found(f"{kept}@app.get('/a')\n@hiding\n@kept\ndef read(): ...\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def read(**kw): ...\napp.add_api_route('/a', read)\n",
        "@app.websocket('/a')\nasync def read(ws, *args): ...\n",
        "def dep(*args): ...\n@app.get('/a')\ndef read(x=Depends(dep)): ...\n",
        "def dep(**kw): ...\ndef outer(x=Depends(dep)): ...\n@app.get('/a')\ndef a(x=Depends(outer)): ...\n",
        "@hiding\ndef dep(): ...\n@app.get('/a', dependencies=[Depends(dep)])\ndef read(): ...\n",
        "class Dep:\n    def __init__(self, **kw): ...\n@app.get('/a')\ndef read(x: Dep = Depends()): ...\n",
        "class Dep:\n    def __call__(self, *args): ...\n@app.get('/a')\ndef read(x=Depends(Dep())): ...\n",
        "def make():\n    def read(**kw): ...\n    return read\napp.get('/a')(make())\n",
    ],
)
def test_endpoints_and_dependencies(source: str) -> None:
    assert len(found(source)) == 1


# --- silent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "maker",
    [
        "def deco(f):\n    @functools.wraps(f)\n    def inner(*a): ...\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    return functools.wraps(f)(inner)\n",
        "def deco(f):\n    def inner(*a): ...\n    update_wrapper(inner, f)\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    return update_wrapper(inner, f)\n",
        "def deco(f):\n    def inner(*a): ...\n    inner.__signature__ = sign(f)\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    inner.__wrapped__ = f\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    setattr(inner, 'x', sign(f))\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    return signed(inner)\n",
        "import wrapt\ndef deco(f):\n    @wrapt.decorator\n    def inner(*a): ...\n    return inner(f)\n",
        "import wrapt\ndef deco(f):\n    @wrapt.decorator\n    def inner(*a): ...\n    return inner\n",
        "def deco(f):\n    def inner(limit: int = 5): ...\n    return inner\n",
        "import wrapt\n@wrapt.decorator\ndef deco(wrapped, instance, args, kwargs):\n"
        "    return wrapped(*args, **kwargs)\n",
        "class deco:\n    def __init__(self, f):\n        update_wrapper(self, f)\n"
        "    def __call__(self, *a): ...\n",
        "def deco(f):\n    return f\n",
        "from elsewhere import deco\n",
    ],
)
def test_decorators_that_hide_nothing(maker: str) -> None:
    assert found(f"{maker}@app.get('/a')\n@deco\ndef read(limit: int = 5): ...\n") == []
    assert found(f"{maker}@deco\ndef dep(a: int): ...\n@app.get('/a')\ndef read(x=Depends(dep)): ...\n") == []


@pytest.mark.parametrize(
    "source",
    [
        "def plain(*args, **kwargs): ...\n",
        "@hiding\ndef plain(): ...\n",
        "@hiding\n@app.get('/a')\ndef read(): ...\n",
        "@app.get('/a')\n@unknown\ndef read(*args): ...\n",
        "@unknown\ndef dep(*args): ...\n@app.get('/a')\ndef read(x=Depends(dep)): ...\n",
        "@app.get('/a')\ndef read(*args):\n    return 1\nread.__signature__ = inspect.signature(list)\n",
        "@app.get('/a')\ndef read(a: int, *, b: int): ...\n",
        "@app.get('/a')\ndef read(**kw: Annotated[int, Depends(one)]): ...\n",
        "@app.route('/a')\nasync def read(request, **kw): ...\n",
        "class Dep(BaseModel):\n    def __init__(self, **kw): ...\n"
        "@app.get('/a')\ndef read(x: Dep = Depends()): ...\n",
        "from lib import Base\nclass Dep(Base):\n    def __init__(self, **kw): ...\n"
        "@app.get('/a')\ndef read(x: Dep = Depends()): ...\n",
        "class Dep:\n    def __new__(cls, a: int): ...\n    def __init__(self, *a): ...\n"
        "@app.get('/a')\ndef read(x: Dep = Depends()): ...\n",
        "from lib import Route\nown = APIRouter(route_class=Route)\n@own.get('/a')\ndef read(**kw): ...\n",
        "def make():\n    def read(**kw): ...\n    sign(read)\n    return read\napp.get('/a')(make())\n",
        "@app.exception_handler(404)\ndef handle(*args): ...\n@app.middleware('http')\ndef run(*args): ...\n",
        "async def read(*args): ...\nclient.get('/a')(read)\n",
    ],
)
def test_what_fastapi_does_not_see(source: str) -> None:
    assert found(source) == []


def test_tests_are_left_out() -> None:
    source = HEAD + "@app.get('/a')\ndef read(*args): ...\n"
    assert lint({"tests/test_a.py": source}, select=["RTE008"]) == []


# --- fix -----------------------------------------------------------------------------------------


def fixed(source: str) -> str:
    files = apply_fixes({"app/main.py": HEAD + source}, found(source))
    return files["app/main.py"]


def test_fix_uses_the_import_that_is_there() -> None:
    after = fixed("@app.get('/a')\n@hiding\ndef read(): ...\n")
    assert "from functools import update_wrapper, wraps\n" in after
    assert "    @wraps(func)\n    async def wrapper(*args, **kwargs):\n" in after


def test_no_fix_for_own_parameters_or_declared_ones() -> None:
    own = "def deco(f):\n    def inner(request: Request, *a): ...\n    return inner\n"
    for source in (
        f"{own}@app.get('/a')\n@deco\ndef read(): ...\n",
        "@app.get('/a')\ndef read(*args): ...\n",
    ):
        assert len(found(source)) == 1
        assert fixed(source) == HEAD + source


def test_fix_of_a_class_takes_the_right_name() -> None:
    maker = (
        "class Deco:\n    def __call__(self, f):\n        def inner(*a):\n            return f(*a)\n"
        "        return inner\ndeco = Deco()\n"
    )
    source = f"{maker}@app.get('/a')\n@deco\ndef read(): ...\n"
    assert "        @wraps(f)\n        def inner(*a):" in fixed(source)
