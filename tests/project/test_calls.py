"""What functions call, followed to what runs."""

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

LIBRARY = """
class Client:
    def __init__(self, url): self.url = url
    def get(self, path): ...
    @classmethod
    def local(cls): return cls("x")
    @property
    def inner(self) -> "Client": ...
    def __call__(self): ...

def make() -> Client: ...
def helper(): ...
client = Client("a")
"""


def sites(project: Project, name: str = "f") -> tuple[CallSite, ...]:
    index = project.resolver.index(project.table.by_path["app/main.py"])
    return project.calls.of(next(f for f in index.functions if f.name == name))


def callee(site: CallSite) -> str:
    if isinstance(site.callee, FunctionSymbol | ClassSymbol):
        return site.callee.qualname
    return site.callee.name if isinstance(site.callee, External) else "unknown"


def called(project_of: Build, body: str, head: str = "", name: str = "f") -> list[str]:
    source = f"import time\nfrom app.lib import *\nimport app.lib as lib\n{head}\n{body}\n"
    return [callee(site) for site in sites(project_of({"app/lib.py": LIBRARY, "app/main.py": source}), name)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def f(): helper()", ["helper"]),
        ("def f(): lib.helper()", ["helper"]),
        ("def f(): Client('x')", ["Client"]),
        ("def f(): Client('x').get('/')", ["Client", "Client.get"]),
        ("def f():\n    c = make()\n    c.get('/')", ["make", "Client.get"]),
        ("def f(c: Client): c.get('/')", ["Client.get"]),
        ("def f(c: 'Client | None'): c.get('/')", ["Client.get"]),
        ("def f(): client.get('/')", ["Client.get"]),
        ("def f(): client.inner.get('/')", ["Client.get"]),
        ("def f(): client()", ["Client.__call__"]),
        ("def f(): Client.local().get('/')", ["Client.local", "Client.get"]),
        ("def f():\n    with make() as c:\n        c.get('/')", ["make", "Client.get"]),
        ("def f(): time.sleep(1)", ["time.sleep"]),
        ("def f(): print(len([]))", ["builtins.len", "builtins.print"]),
        ("def f(x): x.get('/')", ["unknown"]),
        ("def f():\n    def g(): helper()\n    return g", []),
        ("def f(): return lambda: helper()", []),
        ("def f(): return [helper() for _ in make()]", ["helper", "make"]),
    ],
)
def test_a_call_is_followed(project_of: Build, body: str, expected: list[str]) -> None:
    assert called(project_of, body) == expected


def test_attributes_set_by_the_constructor(project_of: Build) -> None:
    init = "class S:\n    def __init__(self, c: Client):\n        self.c = c\n"
    body = init + "    def f(self):\n        self.c.get('/')\n"
    assert called(project_of, body) == ["Client.get"]


def test_methods_of_a_base_class(project_of: Build) -> None:
    body = "class S(Client):\n    def f(self):\n        self.get('/')\n        super().get('/')\n"
    assert "Client.get" in called(project_of, body)


def test_awaited_calls(project_of: Build) -> None:
    project = project_of(
        "async def g(): ...\nasync def f():\n    await g()\n    g()\n    async with g() as x: ...\n"
    )
    assert [site.awaited for site in sites(project)] == [True, False, True]


class TestPaths:
    def test_the_shortest_way_to_a_call(self, project_of: Build) -> None:
        source = (
            "import time\ndef a(): b()\ndef b(): c()\ndef c(): time.sleep(1)\ndef f():\n    a()\n    c()\n"
        )
        project = project_of(source)
        function = sites(project)[0].caller
        assert function is not None
        path = project.calls.path_to(function, lambda site: callee(site) == "time.sleep")
        assert path is not None
        assert [callee(site) for site in path] == ["c", "time.sleep"]

    def test_recursion_ends(self, project_of: Build) -> None:
        project = project_of("def f():\n    g()\ndef g():\n    f()\n")
        function = sites(project)[0].caller
        assert function is not None
        assert project.calls.path_to(function, lambda _: False) is None

    def test_a_function_that_is_only_handed_over_is_not_entered(self, project_of: Build) -> None:
        project = project_of("import time\ndef g(): time.sleep(1)\ndef run(h): ...\ndef f(): run(g)\n")
        function = sites(project)[0].caller
        assert function is not None
        assert project.calls.path_to(function, lambda site: callee(site) == "time.sleep") is None
