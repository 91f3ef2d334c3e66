from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

WORK = "def work(): ...\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({path: f"{text}\n{WORK}" for path, text in files.items()}, select=["ARC013"])


def test_place_message_and_chain() -> None:
    [finding] = found(
        {
            "app/services/a.py": "import os\nfrom app.services.b import work",
            "app/services/b.py": "from app.services import c",
            "app/services/c.py": "import app.services.a",
        }
    )
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/services/a.py", 2, 28)
    assert finding.message == (
        "These modules import each other: "
        "`app.services.a` → `app.services.b` → `app.services.c` → `app.services.a`"
    )
    assert [(hop.span.path, hop.span.line) for hop in finding.chain] == [
        ("app/services/a.py", 2),
        ("app/services/b.py", 1),
        ("app/services/c.py", 1),
    ]
    assert len(finding.related) == 1


def test_each_group_once() -> None:
    files = {
        "app/services/a.py": "import app.services.b",
        "app/services/b.py": "import app.services.a\nimport app.services.c",
        "app/services/c.py": "import app.services.b",
        "app/repositories/x.py": "import app.repositories.y",
        "app/repositories/y.py": "import app.repositories.x",
    }
    findings = found(files)
    assert [finding.span.path for finding in findings] == ["app/repositories/x.py", "app/services/a.py"]
    assert findings[1].message.endswith("→ `app.services.a`, in a group of 3 modules")
    assert [(other.span.path, other.span.line) for other in findings[1].related] == [
        ("app/services/b.py", 1),
        ("app/services/b.py", 2),
    ]


def test_one_module_of_a_layer_is_enough() -> None:
    files = {"app/services/a.py": "import app.helpers", "app/helpers.py": "import app.services.a"}
    assert len(found(files)) == 1


@pytest.mark.parametrize(
    "second",
    [
        "def f():\n    from app.services.a import work",
        "if TYPE_CHECKING:\n    from app.services.a import work",
        "",
        "from lib.services.a import work",
    ],
)
def test_silent(second: str) -> None:
    files = {"app/services/a.py": "from app.services.b import work", "app/services/b.py": second}
    assert found(files) == []


def test_modules_of_no_layer() -> None:
    assert found({"app/one.py": "import app.two", "app/two.py": "import app.one"}) == []


def test_a_package_and_its_modules() -> None:
    files = {
        "app/services/__init__.py": "from app.services.a import work\nfrom app.services.b import work as w",
        "app/services/a.py": "",
        "app/services/b.py": "from app.services import work",
    }
    assert found(files) == []


def test_tests() -> None:
    files = {
        "tests/services/a.py": "import tests.services.b",
        "tests/services/b.py": "import tests.services.a",
    }
    assert found(files) == []
