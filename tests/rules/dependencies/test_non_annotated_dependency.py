from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
from typing import Annotated
import fastapi
from fastapi import Body, Cookie, Depends, Depends as D, FastAPI, File, Form, Header, Path, Query, Security
from other import Depends as Other
app = FastAPI()
def get():
    return 1
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source} | files, select=["DEP011"])


def endpoint(parameters: str) -> str:
    return f"@app.post('/{{x}}')\ndef read({parameters}): ...\n"


def fixed(source: str) -> str:
    text = HEAD + source
    after = apply_fixes({"app/main.py": text}, found(source))["app/main.py"]
    compile(after, "main.py", "exec")
    assert lint({"app/main.py": after}, select=["DEP011"]) == []
    return after.removeprefix(HEAD)


def test_place_and_message() -> None:
    [finding] = found(endpoint("x: int = Depends(get)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (9, 10, 31)
    assert finding.message == "`x` of `read` has `Depends` as its default"
    assert finding.help == "Write `Annotated[..., Depends(...)]`"
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    "marker", "Depends Security Query Path Body Cookie Header File Form D fastapi.Depends".split()
)
def test_markers(marker: str) -> None:
    assert len(found(endpoint(f"x: int = {marker}(get)"))) == 1


@pytest.mark.parametrize(
    "parameters",
    [
        "x=Depends(get)",
        "x: int = Other(get)",
        "x: Annotated[int, Depends(get)]",
        "x: Annotated[int, Query()] = 1",
        "x: int = 1",
        "x: int",
    ],
)
def test_silent(parameters: str) -> None:
    assert found(endpoint(parameters)) == []


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ("a: int = Query(1), b: int = Query(1)", 2),
        ("a: int = Query(1), b: int = Query(1), c: int = Query(1)", 0),
        ("z: Annotated[int, Query()], a: int = Query(1), b: int = Query(1), c: int = Query(1)", 0),
        (
            "y: Annotated[int, Query()], z: Annotated[int, Query()], a: int = Query(1), b: int = Query(1), "
            "c: int = Query(1)",
            3,
        ),
        ("z: int, a: int = Query(1), b: int = Query(1), c: int = Query(1)", 0),
    ],
)
def test_the_style_of_a_file(parameters: str, count: int) -> None:
    assert len(found(endpoint(parameters))) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (
            "def dep(x: int = Query(1)): ...\n@app.get('/')\n"
            "def read(d: Annotated[int, Depends(dep)]): ...\n",
            1,
        ),
        (
            "class Dep:\n    def __init__(self, x: int = Query(1)): ...\n"
            "@app.get('/')\ndef read(d: Annotated[Dep, Depends()]): ...\n",
            1,
        ),
        ("def plain(x: int = Depends(get)): ...\n", 0),
    ],
)
def test_which_functions(source: str, count: int) -> None:
    assert len(found(source)) == count


def test_a_dependency_of_another_module() -> None:
    dependency = "from fastapi import Query\ndef page(number: int = Query(1)):\n    return number\n"
    source = "from app.pages import page\n@app.get('/')\ndef read(p: Annotated[int, Depends(page)]): ...\n"
    [finding] = found(source, **{"app/__init__.py": "", "app/pages.py": dependency})
    assert finding.span.path == "app/pages.py"


@pytest.mark.parametrize(("version", "count"), [("0.94.1", 0), ("0.95.0", 1)])
def test_versions(version: str, count: int) -> None:
    source = endpoint("x: int = Depends(get)")
    assert len(found(source, **{"requirements.txt": f"fastapi=={version}\n"})) == count


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x: int = Depends(get)", "x: Annotated[int, Depends(get)]"),
        ("x: int = Depends()", "x: Annotated[int, Depends()]"),
        ("x: int = Depends(get, use_cache=False)", "x: Annotated[int, Depends(get, use_cache=False)]"),
        ("x: int = Query(5)", "x: Annotated[int, Query()] = 5"),
        ("x: int = Query(5, gt=1, le=9)", "x: Annotated[int, Query(gt=1, le=9)] = 5"),
        ("x: int = Query(default=5, gt=1)", "x: Annotated[int, Query(gt=1)] = 5"),
        ("x: int = Query(...)", "x: Annotated[int, Query()]"),
        ("x: int = Query(..., gt=1)", "x: Annotated[int, Query(gt=1)]"),
        ("x: int = Query(gt=1)", "x: Annotated[int, Query(gt=1)]"),
        ("x: int | None = Header(None, alias='y')", "x: Annotated[int | None, Header(alias='y')] = None"),
        ("x: int = fastapi.Query(1)", "x: Annotated[int, fastapi.Query()] = 1"),
        ("x: int, y: int = Depends(get)", "x: int, y: Annotated[int, Depends(get)]"),
        ("x: int = 1, y: int = Depends(get)", "x: int = 1, *, y: Annotated[int, Depends(get)]"),
        ("x: int = Depends(get), y: int = 1", "x: Annotated[int, Depends(get)], y: int = 1"),
        (
            "x: int = Query(1), y: int = Depends(get)",
            "x: Annotated[int, Query()] = 1, *, y: Annotated[int, Depends(get)]",
        ),
        ("*, x: int = 1, y: int = Depends(get)", "*, x: int = 1, y: Annotated[int, Depends(get)]"),
    ],
)
def test_fix(before: str, after: str) -> None:
    assert fixed(endpoint(before)) == endpoint(after)


@pytest.mark.parametrize(
    "parameters",
    [
        "x: int = 1, y: int = Depends(get), *, z: int = 2",
        "x: int = Query(*args)",
        "x: int = Query(**options)",
        "\n    x: int = Query(  # why\n        1),\n",
    ],
)
def test_no_fix(parameters: str) -> None:
    assert [finding.fix for finding in found(endpoint(parameters))] == [None]


def test_the_import_is_added() -> None:
    source = "from fastapi import Depends, FastAPI\napp = FastAPI()\ndef get(): ...\n" + endpoint(
        "x: int = Depends(get)"
    )
    findings = lint({"app/main.py": source}, select=["DEP011"])
    assert "from typing import Annotated\n" in apply_fixes({"app/main.py": source}, findings)["app/main.py"]


def test_a_nested_function_with_lazy_annotations() -> None:
    source = (
        "from __future__ import annotations\nfrom fastapi import Depends, FastAPI\ndef make():\n"
        "    app = FastAPI()\n    def get(): ...\n    @app.get('/')\n"
        "    def read(x: int = Depends(get)): ...\n"
        "    return app\napp = make()\n"
    )
    assert [finding.fix for finding in lint({"app/main.py": source}, select=["DEP011"])] == [None]
