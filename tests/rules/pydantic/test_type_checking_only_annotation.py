from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

FUTURE = "from __future__ import annotations\n"
HEAD = """\
import typing as t
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Optional
from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, Field
if TYPE_CHECKING:
    from fastapi import Request
    from decimal import Decimal as Money
    import datetime as dt
app = FastAPI()
"""


def found(source: str, *, future: bool = True, head: str = HEAD, **files: str) -> list[Finding]:
    return lint({"app/main.py": (FUTURE if future else "\n") + head + source, **files}, select=["PYD001"])


def names(findings: list[Finding]) -> list[str]:
    return [finding.message.split("`")[1] for finding in findings]


def test_place_message_and_related() -> None:
    [finding] = found("@app.get('/')\ndef view(a: int, request: Request): ...\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (12, 27, 34)
    assert finding.message == (
        "`Request` is imported for type checkers only, but FastAPI needs it at run time "
        "for the parameter `request` of `view`"
    )
    assert [related.span.line for related in finding.related] == [7]
    assert finding.symbol == "view"


@pytest.mark.parametrize(
    "annotation",
    [
        "Money",
        "'Money'",
        "Optional[Money]",
        "Money | None",
        "'Money | None'",
        "list[Money]",
        "dict[str, 'list[Money]']",
        "Annotated[Money, Query()]",
        "Annotated[Optional['Money'], Query()]",
        "t.Union[int, Money]",
    ],
)
@pytest.mark.parametrize("future", [True, False])
def test_parameters(annotation: str, future: bool) -> None:
    source = f"@app.get('/')\ndef view(price: {annotation}): ...\n"
    assert names(found(source, future=future)) == ["Money"]


@pytest.mark.parametrize("annotation", ["dt.date", "'dt.date'", "list[dt.date]"])
def test_imported_modules(annotation: str) -> None:
    assert names(found(f"@app.get('/')\ndef view(day: {annotation}): ...\n")) == ["dt"]


def test_dependencies_and_their_dependencies() -> None:
    source = (
        "def low(request: Request): ...\ndef high(a=Depends(low)): ...\n@app.get('/')\n"
        "def view(b=Depends(high)): ...\nclass Page:\n    def __init__(self, price: Money): ...\n"
        "@app.get('/p')\ndef pages(page: Annotated[Page, Depends()]): ...\n"
    )
    assert names(found(source)) == ["Request", "Money"]


def test_results_of_endpoints() -> None:
    [finding] = found("@app.get('/')\ndef view() -> list[Money]: ...\n")
    assert finding.message.endswith("for the result of `view`")


def test_fields_of_models() -> None:
    source = "class M(BaseModel):\n    a: Money\n    b: 'Optional[dt.date]' = None\n    c: int = Field()\n"
    first, second = found(source)
    assert names([first, second]) == ["Money", "dt"]
    assert first.message.endswith("but Pydantic needs it at run time for the field `a` of `M`")


@pytest.mark.parametrize(
    "block",
    [
        "if t.TYPE_CHECKING:\n    from decimal import Decimal\n",
        "from typing import TYPE_CHECKING as T\nif T:\n    from decimal import Decimal\n",
        "import typing\nif typing.TYPE_CHECKING:\n    from decimal import Decimal\n",
        "if False:\n    from decimal import Decimal\n",
    ],
)
def test_ways_to_ask_for_a_type_checker(block: str) -> None:
    source = f"{block}@app.get('/')\ndef view(price: Decimal): ...\n"
    assert names(found(source)) == ["Decimal"]


class TestSilent:
    @pytest.mark.parametrize(
        "source",
        [
            "from decimal import Decimal as Money\n@app.get('/')\ndef view(price: Money): ...\n",
            "try:\n    from decimal import Decimal as Money\nexcept ImportError: ...\n"
            "@app.get('/')\ndef view(price: Money): ...\n",
            "if TYPE_CHECKING:\n    from decimal import Context\nelse:\n    Context = Any\n"
            "@app.get('/')\ndef view(c: Context): ...\n",
            "if TYPE_CHECKING:\n    from decimal import Context\nelse:\n    from other import Context\n"
            "class M(BaseModel):\n    c: Context\n",
            "if not TYPE_CHECKING:\n    from decimal import Context\n@app.get('/')\n"
            "def view(c: Context): ...\n",
        ],
    )
    def test_bound_at_run_time_as_well(self, source: str) -> None:
        assert found(source) == []

    @pytest.mark.parametrize(
        "source",
        [
            "def helper(request: Request) -> Money: ...\n",
            "class Plain:\n    price: Money\n    def method(self, request: Request): ...\n",
            "@app.get('/')\ndef view():\n    price: Money = 1\n    return price\n",
            "@app.middleware('http')\nasync def m(request: Request, call_next): ...\n",
            "@app.exception_handler(ValueError)\nasync def h(request: Request, exc): ...\n",
        ],
    )
    def test_annotations_that_nobody_evaluates(self, source: str) -> None:
        assert found(source) == []

    @pytest.mark.parametrize("model", ["None", "int"])
    def test_response_model_is_given(self, model: str) -> None:
        assert found(f"@app.get('/', response_model={model})\ndef view() -> Money: ...\n") == []

    def test_result_of_a_dependency(self) -> None:
        assert found("def low() -> Money: ...\n@app.get('/')\ndef view(a=Depends(low)): ...\n") == []

    def test_result_of_a_websocket(self) -> None:
        assert found("@app.websocket('/ws')\nasync def ws() -> Money: ...\n") == []

    @pytest.mark.parametrize("future", [True, False])
    def test_default_is_a_dependency(self, future: bool) -> None:
        source = "def low(): ...\n@app.get('/')\ndef view(a: Money = Depends(low)): ...\n"
        assert found(source, future=future) == []

    def test_quoted_in_annotated_with_a_dependency(self) -> None:
        source = "def low(): ...\n@app.get('/')\ndef view(a: Annotated['Money', Depends(low)]): ...\n"
        assert found(source, future=False) == []
        assert len(found(source, future=True)) == 1

    @pytest.mark.parametrize(
        "call", ["M.model_rebuild()", "M.update_forward_refs(Money=int)", "m.M.model_rebuild()"]
    )
    def test_rebuilt_model(self, call: str) -> None:
        other = f"from app.main import M\nimport app.main as m\n{call}\n"
        assert (
            found("class M(BaseModel):\n    a: Money\n", **{"app/other.py": other, "app/__init__.py": ""})
            == []
        )

    def test_all_models_may_be_rebuilt(self) -> None:
        source = "class M(BaseModel):\n    a: Money\nfor model in [M]:\n    model.model_rebuild()\n"
        assert found(source) == []

    def test_another_model_is_rebuilt(self) -> None:
        source = "class M(BaseModel):\n    a: Money\nclass N(BaseModel): ...\nN.model_rebuild()\n"
        assert len(found(source)) == 1

    @pytest.mark.parametrize(
        ("heir", "count"),
        [
            ("from decimal import Decimal as Money\n", 0),
            ("from decimal import *\n", 0),
            ("if TYPE_CHECKING:\n    from decimal import Decimal as Money\n", 1),
            ("from decimal import Decimal\n", 1),
        ],
    )
    def test_a_deriving_model_that_knows_the_name(self, heir: str, count: int) -> None:
        other = (
            f"{FUTURE}from typing import TYPE_CHECKING\nfrom app.main import Base\n{heir}"
            "class Price(Base):\n    currency: str\n"
        )
        source = "class Base(BaseModel):\n    amount: Money\n"
        assert len(found(source, **{"app/prices.py": other, "app/__init__.py": ""})) == count

    @pytest.mark.parametrize(
        ("field", "pydantic", "count"),
        [
            ("a: Money = None", "1.10.7", 0),
            ("a: Money = Field(None, title='A')", "1.10.7", 0),
            ("a: Money", "1.10.7", 1),
            ("a: Money = Field(...)", "1.10.7", 1),
            ("a: Money = ...", "1.10.7", 1),
            ("a: Money = None", "2.7.0", 1),
        ],
    )
    def test_defaults_that_the_first_version_does_not_check(
        self, field: str, pydantic: str, count: int
    ) -> None:
        files = {"requirements.txt": f"fastapi\npydantic=={pydantic}\n"}
        assert len(found(f"class M(BaseModel):\n    {field}\n", **files)) == count

    @pytest.mark.parametrize(
        "field", ["a: ClassVar[Money]", "_a: Money", "a: Literal['Money']", "a: Annotated[int, 'Money']"]
    )
    def test_what_is_no_field_or_no_type(self, field: str) -> None:
        assert found(f"class M(BaseModel):\n    {field}\n") == []

    def test_relationships_of_tables(self) -> None:
        source = (
            "from sqlmodel import Relationship, SQLModel\nif TYPE_CHECKING:\n    from app.team import Team\n"
            "class Hero(SQLModel, table=True):\n"
            "    team: 'Optional[Team]' = Relationship(back_populates='heroes')\n"
        )
        assert (
            found(source, future=False, **{"app/team.py": "class Team: ...\n", "app/__init__.py": ""}) == []
        )

    def test_tests(self) -> None:
        source = FUTURE + HEAD + "@app.get('/')\ndef view(request: Request): ...\n"
        assert lint({"tests/test_app.py": source}, select=["PYD001"]) == []


class TestFix:
    def test_keeps_the_other_imports_of_the_block(self) -> None:
        files = {"app/main.py": FUTURE + HEAD + "@app.get('/')\ndef view(request: Request): ...\n"}
        findings = lint(files, select=["PYD001"])
        assert [f.fix.safety for f in findings if f.fix] == ["safe"]
        fixed = apply_fixes(files, findings)["app/main.py"]
        assert (
            "from fastapi import Request\n\nif TYPE_CHECKING:\n    from decimal import Decimal as Money\n"
            "    import datetime as dt\napp = FastAPI()\n"
        ) in fixed
        assert lint({"app/main.py": fixed}, select=["PYD001"]) == []

    def test_own_modules_may_import_each_other(self) -> None:
        head = HEAD.replace("from fastapi import Request", "from app.money import Request")
        files = {"app/money.py": "class Request: ...\n", "app/__init__.py": ""}
        [finding] = found("@app.get('/')\ndef view(request: Request): ...\n", head=head, **files)
        assert finding.fix is not None
        assert finding.fix.safety == "unsafe"

    def test_not_where_the_block_holds_more(self) -> None:
        source = (
            "if TYPE_CHECKING:\n    from decimal import Context\n    C = Context\n"
            "class M(BaseModel):\n    c: Context\n"
        )
        [finding] = found(source)
        assert finding.fix is None
