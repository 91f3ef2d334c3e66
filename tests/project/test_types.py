from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.project import Project
from fastapi_lint.project.types.infer import Bound, Instance, Value

Infer = Callable[..., str]

SESSION = "a sqlalchemy.orm.Session"
ASYNC_SESSION = "a sqlalchemy.ext.asyncio.AsyncSession"


def shown(value: Value | None) -> str:
    """A value in words: `a pkg.Class` for an instance."""
    if isinstance(value, Instance):
        return f"a {value.cls.name}"
    if isinstance(value, Bound):
        return f"method {value.function.qualname}"
    if isinstance(value, FunctionSymbol | ClassSymbol):
        return value.qualname
    return value.name if isinstance(value, External) else str(value)


@pytest.fixture
def infer(project_of: Callable[..., Project]) -> Infer:
    """The value of the only argument of the call `show(...)` in `app/main.py`, in words."""

    def build(source: str, **files: str) -> str:
        project = project_of({"app/__init__.py": "", "app/main.py": source, **files})
        module = project.module("app/main.py")
        assert module is not None
        index = project.resolver.index(module)
        scopes: list[tuple[tuple[s.Statement, ...], Scope]] = [(module.facts.body, index.scope)]
        scopes += [(function.node.body, index.scope_of(function)) for function in index.functions]
        for body, scope in scopes:
            for expr in expressions_of(body):
                if isinstance(expr, s.Call) and isinstance(expr.func, s.Name) and expr.func.id == "show":
                    return shown(project.types.infer(expr.args[0], scope))
        raise AssertionError("nothing is shown")

    return build


def test_constructed_instance(infer: Infer) -> None:
    assert infer("from httpx import Client\nclient = Client()\nshow(client)") == "a httpx.Client"


def test_method_of_a_librarys_instance(infer: Infer) -> None:
    source = "import redis as r\ncache = r.from_url('redis://x')\nshow(cache.get)"
    assert infer(source) == "redis.Redis.get"


def test_parameter_by_annotation(infer: Infer) -> None:
    source = "from sqlalchemy.orm import Session\ndef f(db: Session | None = None):\n    show(db)"
    assert infer(source) == SESSION


def test_parameter_by_depends(infer: Infer) -> None:
    source = (
        "from fastapi import Depends\nfrom sqlalchemy.orm import sessionmaker\n"
        "Local = sessionmaker()\n"
        "def get_db():\n    db = Local()\n    try:\n        yield db\n    finally:\n        db.close()\n"
        "def f(db=Depends(get_db)):\n    show(db)"
    )
    assert infer(source) == SESSION


def test_alias_of_annotated(infer: Infer) -> None:
    source = (
        "from typing import Annotated\nfrom fastapi import Depends\n"
        "from sqlalchemy.ext.asyncio import AsyncSession\n"
        "Db = Annotated[AsyncSession, Depends()]\nAlso = Db\n"
        "def f(db: Also):\n    show(db)"
    )
    assert infer(source) == ASYNC_SESSION


def test_type_statement(infer: Infer) -> None:
    source = (
        "from sqlalchemy.ext.asyncio import AsyncSession\ntype Db = AsyncSession\n"
        "def f(db: Db):\n    show(db)"
    )
    assert infer(source) == ASYNC_SESSION


def test_quoted_annotation(infer: Infer) -> None:
    source = "class A: ...\ndef f(a: 'A | None'):\n    show(a)"
    assert infer(source) == "a A"


def test_union_of_two_classes_is_unknown(infer: Infer) -> None:
    source = "class A: ...\nclass B: ...\ndef f(a: A | B):\n    show(a)"
    assert infer(source) == "None"


def test_attribute_set_in_init(infer: Infer) -> None:
    source = (
        "from sqlalchemy.orm import Session\n"
        "class Repo:\n    def __init__(self, db: Session):\n        self.db = db\n"
        "    def get(self):\n        show(self.db)"
    )
    assert infer(source) == SESSION


def test_attribute_set_in_a_base_class(infer: Infer) -> None:
    source = (
        "from sqlalchemy.orm import Session\n"
        "class Base:\n    def __init__(self, db: Session):\n        self.db = db\n"
        "class Repo(Base):\n    def get(self):\n        show(self.db.execute)"
    )
    assert infer(source) == "sqlalchemy.orm.Session.execute"


def test_attribute_set_to_two_classes_is_unknown(infer: Infer) -> None:
    source = (
        "from sqlalchemy.orm import Session\nfrom sqlalchemy.ext.asyncio import AsyncSession\n"
        "class Repo:\n    def __init__(self, old):\n"
        "        self.db = Session() if old else AsyncSession()\n"
        "    def get(self):\n        show(self.db)"
    )
    assert infer(source) == "None"


def test_name_bound_to_two_classes_is_unknown(infer: Infer) -> None:
    source = (
        "import httpx\ndef f(sync):\n    if sync:\n        c = httpx.Client()\n"
        "    else:\n        c = httpx.AsyncClient()\n    show(c)"
    )
    assert infer(source) == "None"


def test_the_last_binding_before_the_use_counts(infer: Infer) -> None:
    source = "import httpx\ndef f():\n    c = httpx.Client()\n    show(c)\n    c = httpx.AsyncClient()\n"
    assert infer(source) == "a httpx.Client"
    source = "import httpx\ndef f():\n    c = httpx.Client()\n    c = httpx.AsyncClient()\n    show(c)\n"
    assert infer(source) == "a httpx.AsyncClient"


def test_rebinding_to_something_unknown_is_unknown(infer: Infer) -> None:
    source = "import httpx\ndef f():\n    c = httpx.Client()\n    c = wrap(c)\n    show(c)\n"
    assert infer(source) == "None"


def test_default_for_a_missing_value(infer: Infer) -> None:
    source = "import httpx\ndef f(c=None):\n    c = c or httpx.Client()\n    show(c)\n"
    assert infer(source) == "a httpx.Client"


def test_conditional_import_keeps_the_first_choice(infer: Infer) -> None:
    source = "try:\n    import redis\nexcept ImportError:\n    redis = None\nc = redis.Redis()\nshow(c)\n"
    assert infer(source) == "a redis.Redis"


def test_module_variable_set_through_global(infer: Infer) -> None:
    source = (
        "import redis\nclient = None\n"
        "def connect():\n    global client\n    client = redis.Redis()\n"
        "def f():\n    show(client)"
    )
    assert infer(source) == "a redis.Redis"


def test_loop_over_a_generator_dependency(infer: Infer) -> None:
    source = (
        "from sqlalchemy.orm import Session\n"
        "def get_db():\n    with Session() as db:\n        yield db\n"
        "def f():\n    for db in get_db():\n        show(db)"
    )
    assert infer(source) == SESSION


def test_next_of_a_generator(infer: Infer) -> None:
    source = (
        "from collections.abc import Generator\nfrom sqlalchemy.orm import Session\n"
        "def get_db() -> Generator[Session, None, None]:\n    yield make()\n"
        "def f():\n    db = next(get_db())\n    show(db)"
    )
    assert infer(source) == SESSION


def test_own_next_is_not_the_builtin(infer: Infer) -> None:
    source = (
        "from sqlalchemy.orm import Session\ndef next(x): ...\n"
        "def get_db():\n    yield Session()\n"
        "def f():\n    db = next(get_db())\n    show(db)"
    )
    assert infer(source) == "None"


def test_context_manager_function(infer: Infer) -> None:
    source = (
        "from contextlib import asynccontextmanager\nfrom sqlalchemy.ext.asyncio import async_sessionmaker\n"
        "factory = async_sessionmaker()\n"
        "@asynccontextmanager\nasync def session():\n    async with factory() as s:\n        yield s\n"
        "async def f():\n    async with session() as db:\n        show(db)"
    )
    assert infer(source) == ASYNC_SESSION


def test_exit_stack(infer: Infer) -> None:
    source = (
        "import contextlib\nfrom sqlalchemy.orm import Session\n"
        "def f():\n    with contextlib.ExitStack() as stack:\n        db = stack.enter_context(Session())\n"
        "        show(db)"
    )
    assert infer(source) == SESSION


def test_result_of_a_function_run_in_a_thread(infer: Infer) -> None:
    source = (
        "import asyncio\nimport redis\n"
        "def connect() -> redis.Redis: ...\n"
        "async def f():\n    client = await asyncio.to_thread(connect)\n    show(client)"
    )
    assert infer(source) == "a redis.Redis"


def test_results_that_differ_are_unknown(infer: Infer) -> None:
    source = (
        "import httpx\n"
        "def make(x):\n    if x:\n        return httpx.Client()\n    return httpx.AsyncClient()\n"
        "def f():\n    show(make(1))"
    )
    assert infer(source) == "None"


def test_class_method_that_builds_its_class(infer: Infer) -> None:
    source = "class A:\n    @classmethod\n    def build(cls):\n        return cls()\nshow(A.build())"
    assert infer(source) == "a A"


def test_annotation_through_a_cycle_ends(infer: Infer) -> None:
    assert infer("A = 'B'\nB = 'A'\ndef f(x: A):\n    show(x)") == "None"


def test_assignment_cycle_ends(infer: Infer) -> None:
    assert infer("def f():\n    while True:\n        a = b\n        b = a\n        show(a)") == "None"


def test_name_that_stands_for_something_of_itself_ends(infer: Infer) -> None:
    assert infer("def f(a):\n    while a.up:\n        a = a.up\n    show(a.up)") == "None"
