from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.project import Project

Build = Callable[..., Project]


def function(project: Project, name: str) -> FunctionSymbol:
    module = project.module("app/main.py")
    assert module is not None
    return next(f for f in project.resolver.index(module).functions if f.qualname == name)


def raised(project: Project, name: str) -> list[str]:
    """The classes that leave a function, each behind the calls that lead to it."""
    return [
        " > ".join([*(site.callee.qualname for site in one.calls if site.callee), one.error.name])  # type: ignore[union-attr]
        for one in project.raising.by(function(project, name))
    ]


def test_own_errors_come_before_those_of_called_functions(project_of: Build) -> None:
    project = project_of(
        "def f():\n    g()\n    raise KeyError('f')\ndef g():\n    raise Mine()\nclass Mine(Exception): ...\n"
    )
    assert raised(project, "f") == ["g > Mine"]


def test_recursion_ends(project_of: Build) -> None:
    project = project_of("class E(Exception): ...\ndef f():\n    g()\ndef g():\n    f()\n    raise E\n")
    assert raised(project, "f") == ["g > E"]


@pytest.mark.parametrize(
    ("clause", "passes"),
    [
        ("except E: raise", True),
        ("except E as e: raise e", True),
        ("except E as e: raise e.with_traceback(None)", True),
        ("except Base: pass", False),
        ("except Exception: pass", False),
        ("except ValueError: pass", True),
        ("except Unknown: pass", False),
        ("except (ValueError, E): pass", False),
        ("except E:\n        if x: raise", False),
        ("finally: return 1", False),
        ("finally: pass", True),
    ],
)
def test_clauses(project_of: Build, clause: str, passes: bool) -> None:
    source = (
        f"from .missing import Unknown\nclass Base(KeyError): ...\nclass E(Base): ...\n"
        f"def f():\n    try:\n        raise E\n    {clause}\n"
    )
    assert raised(project_of(source), "f") == (["E"] if passes else [])


def test_builtin_bases_count(project_of: Build) -> None:
    source = "class E(KeyError): ...\ndef f():\n    try:\n        raise E\n    except LookupError: pass\n"
    assert raised(project_of(source), "f") == []


def test_what_a_clause_raises_leaves(project_of: Build) -> None:
    source = (
        "class E(Exception): ...\ndef f():\n    try:\n        g()\n    except Exception:\n"
        "        raise E from None\n"
    )
    assert raised(project_of(source), "f") == ["E"]


def test_decorators_of_called_functions(project_of: Build) -> None:
    source = (
        "from functools import wraps, lru_cache\nclass E(Exception): ...\n"
        "def plain(f):\n    @wraps(f)\n    def run(*a):\n        return f(*a)\n    return run\n"
        "def safe(f):\n"
        "    def run(*a):\n"
        "        try:\n"
        "            return f(*a)\n"
        "        except E:\n"
        "            pass\n"
        "    return run\n"
        "@plain\ndef one():\n"
        "    raise E\n"
        "@safe\n"
        "def two():\n"
        "    raise E\n"
        "@lru_cache\n"
        "def three():\n    raise E\n"
        "def f():\n    one()\n    two()\n    three()\n"
    )
    assert raised(project_of(source), "f") == ["one > E", "three > E"]


def test_a_coroutine_that_nobody_awaits_raises_nothing(project_of: Build) -> None:
    source = (
        "class E(Exception): ...\n"
        "async def g():\n"
        "    raise E\n"
        "async def f():\n"
        "    g()\n"
        "async def h():\n"
        "    await g()\n"
    )
    project = project_of(source)
    assert (raised(project, "f"), raised(project, "h")) == ([], ["g > E"])


def test_http_errors(project_of: Build) -> None:
    source = (
        "from fastapi import HTTPException, WebSocketException\nclass Mine(HTTPException): ...\n"
        "def f():\n    raise Mine(404)\n    raise WebSocketException(1000)\n    raise HTTPException\n"
    )
    project = project_of(source)
    assert [one.is_http for one in project.raising.by(function(project, "f"))] == [True, False, True]


def test_another_librarys_http_exception_may_be_fastapis(project_of: Build) -> None:
    source = (
        "from fastapi import HTTPException as H\nfrom common.errors import HTTPException\n"
        "def f():\n    try:\n        raise H(404)\n    except HTTPException:\n        pass\n"
    )
    assert raised(project_of(source), "f") == []
