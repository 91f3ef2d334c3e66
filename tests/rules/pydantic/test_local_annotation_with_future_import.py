from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from typing import Annotated\nfrom fastapi import Depends, FastAPI\nfrom pydantic import BaseModel\n"
FUTURE = "from __future__ import annotations\n"


def found(parameters: str, *, head: str = FUTURE + HEAD, before: str = "", **files: str) -> list[Finding]:
    source = (
        f"{head}{before}def create():\n    app = FastAPI()\n    def low(): ...\n"
        "    class Item(BaseModel):\n        a: int\n    Low = Annotated[int, Depends(low)]\n"
        f"    @app.get('/')\n    def view({parameters}): ...\n    return app\napp = create()\n"
    )
    return lint({"app/main.py": source, **files}, select=["PYD004"])


def test_place_and_message() -> None:
    [finding] = found("a: int, b: Low")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (12, 25, 28)
    assert finding.message == (
        "FastAPI can't find `Low` for the parameter `b` of `create.view`: "
        "annotations are texts here, and the name is local to a function"
    )
    assert finding.symbol == "create.<locals>.view"


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        ("Item", "Item"),
        ("list[Item]", "Item"),
        ("'Item'", "Item"),
        ("Item | None", "Item"),
        ("Annotated[int, Depends(low)]", "low"),
    ],
)
def test_annotations(annotation: str, name: str) -> None:
    [finding] = found(f"a: {annotation}")
    assert f"can't find `{name}`" in finding.message


def test_dependencies_inside_a_function() -> None:
    source = (
        f"{FUTURE}{HEAD}def create():\n    app = FastAPI()\n    class Item(BaseModel): ...\n"
        "    def low(item: Item): ...\n    @app.get('/')\n    def view(a=Depends(low)): ...\n"
    )
    assert len(lint({"app/main.py": source}, select=["PYD004"])) == 1


def test_import_inside_a_function() -> None:
    source = (
        f"{FUTURE}{HEAD}def create():\n    from app.items import Item\n    app = FastAPI()\n"
        "    @app.get('/')\n    def view(a: Item): ...\n"
    )
    files = {"app/items.py": "class Item: ...\n", "app/__init__.py": ""}
    assert len(lint({"app/main.py": source, **files}, select=["PYD004"])) == 1


@pytest.mark.parametrize(
    "parameters", ["a: int = Depends(low)", "a: Item = Depends(low)", "a: int", "a", "a: str = 'Item'"]
)
def test_annotations_that_need_nothing_local(parameters: str) -> None:
    assert found(parameters) == []


def test_without_the_future_import() -> None:
    assert found("a: Low, b: Item", head=HEAD) == []


def test_also_defined_at_module_level() -> None:
    assert found("a: Item", before="class Item: ...\n") == []
    assert found("a: Low", before="from library import *\n") == []


def test_endpoint_at_module_level() -> None:
    source = f"{FUTURE}{HEAD}app = FastAPI()\nclass Item: ...\n@app.get('/')\ndef view(a: Item): ...\n"
    assert lint({"app/main.py": source}, select=["PYD004"]) == []


def test_nested_function_that_is_no_endpoint() -> None:
    source = f"{FUTURE}{HEAD}def create():\n    class Item: ...\n    def helper(a: Item): ...\n"
    assert lint({"app/main.py": source}, select=["PYD004"]) == []


@pytest.mark.parametrize(("python", "count"), [(">=3.14", 0), (">=3.11", 1), (">=3.10,<3.14", 1)])
def test_versions_of_python(python: str, count: int) -> None:
    project = f'[project]\nname = "a"\nversion = "1"\nrequires-python = "{python}"\n'
    assert len(found("a: Low", **{"pyproject.toml": project})) == count
