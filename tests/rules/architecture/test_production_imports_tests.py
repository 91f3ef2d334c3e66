from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

FACTORIES = {
    "tests/__init__.py": "",
    "tests/factories.py": "def make(): ...\n",
    "tests/conftest.py": "x = 1\n",
}
MAIN = "from fastapi import FastAPI\n{0}\napp = FastAPI()\n"


def found(imports: str, files: dict[str, str] | None = None) -> list[Finding]:
    sources = {**FACTORIES, "app/__init__.py": "", "app/main.py": MAIN.format(imports), **(files or {})}
    return lint(sources, select=["ARC015"])


def test_place_and_message() -> None:
    [finding] = found("from tests.factories import make")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 2, 29)
    assert finding.severity is Severity.ERROR
    assert finding.message == "The application `app.main` imports the test module `tests.factories`"


def test_chain() -> None:
    files = {
        "app/one.py": "from app import two\n",
        "app/two.py": "import pytest\n",
    }
    [finding] = found("from app.one import x", files)
    assert finding.message == "`app.two`, which the application imports, imports `pytest`"
    assert [(hop.span.path, hop.symbol) for hop in finding.chain] == [
        ("app/main.py", "app.one"),
        ("app/one.py", "app.two"),
        ("app/two.py", "pytest"),
    ]


@pytest.mark.parametrize(
    "imports",
    [
        "from tests.factories import make",
        "from tests import factories",
        "import tests.factories",
        "from tests.factories import *",
        "from tests import conftest",
        "import pytest",
        "from pytest import fixture",
        "class A:\n    import pytest",
        "from app.sub import x",
    ],
)
def test_imports(imports: str) -> None:
    assert len(found(imports, {"app/sub.py": "from tests.factories import make\n"})) == 1


@pytest.mark.parametrize(
    "imports",
    [
        "if TYPE_CHECKING:\n    from tests.factories import make",
        "try:\n    from tests.factories import make\nexcept ImportError:\n    make = None",
        "try:\n    import pytest\nexcept ModuleNotFoundError:\n    pytest = None",
        "def f():\n    from tests.factories import make",
        "from lib.tests import make",
        "import pytestarch",
        "",
    ],
)
def test_silent(imports: str) -> None:
    assert found(imports) == []


def test_a_helper_that_no_application_imports() -> None:
    assert found("", {"app/testing_tools.py": "import pytest\nfrom tests.factories import make\n"}) == []


def test_tests_that_import_tests() -> None:
    files = {"tests/test_x.py": "import pytest\nfrom tests.factories import make\n"}
    assert found("", files) == []


def test_an_application_of_the_tests() -> None:
    files = {"tests/app.py": MAIN.format("from tests.factories import make")}
    assert found("", files) == []


@pytest.mark.parametrize(
    "imports", ["from app.tests.router import router", "from app.tests.service import work"]
)
def test_a_feature_that_is_called_tests(imports: str) -> None:
    router = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n"
    files = {
        "app/tests/router.py": router,
        "app/tests/service.py": "def work(): ...\n",
        "app/tests/__init__.py": "",
    }
    assert found(imports, files) == []


@pytest.mark.parametrize("name", ["api.test_sentry", "scheduler_test"])
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def job(): ...\n", 0),
        ("def test_job(): ...\n", 1),
        ("router = APIRouter()\n@router.get('/')\ndef test_sentry(): ...\n", 0),
    ],
)
def test_a_file_that_only_has_the_name_of_a_test(name: str, text: str, count: int) -> None:
    assert len(found(f"import app.{name}", {f"app/{name.replace('.', '/')}.py": text})) == count


def test_a_module_of_our_own_called_pytest() -> None:
    files = {"app/pytest.py": "x = 1\n"}
    assert found("from app.pytest import x", files) == []


def test_routes_below_a_folder_called_test() -> None:
    files = {
        "app/main.py": "from fastapi import FastAPI\nfrom app.api.test.info import router\napp = FastAPI()\n"
        "app.include_router(router)\n",
        "app/api/test/info.py": "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/info')\ndef info(): ...\n",
    }
    assert lint(files, select=["ARC015"]) == []


def test_routes_beside_the_tests_of_the_repository() -> None:
    files = {
        "app/main.py": "from fastapi import FastAPI\nfrom tests.run import router\napp = FastAPI()\n"
        "app.include_router(router)\n",
        "tests/run.py": "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/run-tests')\ndef run(): ...\n",
    }
    assert len(lint(files, select=["ARC015"])) == 1
