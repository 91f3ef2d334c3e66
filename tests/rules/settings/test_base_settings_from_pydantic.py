from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import apply_fixes, lint

USE = "class Settings(BaseSettings): ...\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/config.py": source, **files}, select=["CFG008"])


def test_place_and_message() -> None:
    [finding] = found(f"from pydantic import Field, BaseSettings as Base\n{USE}")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (1, 29, 49)
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "`pydantic.BaseSettings` is gone in Pydantic 2: importing this module raises `PydanticImportError`"
    )


@pytest.mark.parametrize(
    "source",
    [
        f"from pydantic import BaseSettings\n{USE}",
        "def f():\n    from pydantic import BaseSettings\n    return BaseSettings\n",
        "import pydantic\nclass Settings(pydantic.BaseSettings): ...\n",
        "import pydantic as p\nclass Settings(p.BaseSettings): ...\n",
        f"try:\n    from pydantic import BaseSettings\nexcept ValueError:\n    raise\n{USE}",
    ],
)
def test_ways(source: str) -> None:
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        f"from pydantic_settings import BaseSettings\n{USE}",
        f"from pydantic.v1 import BaseSettings\n{USE}",
        "import pydantic.v1 as pydantic\nclass Settings(pydantic.BaseSettings): ...\n",
        f"try:\n    from pydantic import BaseSettings\nexcept ImportError:\n    BaseSettings = object\n{USE}",
        "try:\n    import pydantic_settings\nexcept ImportError:\n    from pydantic import BaseSettings\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pydantic import BaseSettings\n",
        "from pydantic import BaseModel\n",
        "from .pydantic import BaseSettings\n",
        "import pydantic\nclass Model(pydantic.BaseModel): ...\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("requirements", "count"),
    [
        ("pydantic==2.10.0\n", 1),
        ("pydantic>=2\n", 1),
        ("pydantic==1.10.17\n", 0),
        ("pydantic<2\n", 0),
        ("pydantic>=1.9\n", 0),
        ("fastapi==0.165.0\n", 1),
    ],
)
def test_versions(requirements: str, count: int) -> None:
    source = f"from pydantic import BaseSettings\n{USE}"
    assert len(found(source, **{"requirements.txt": requirements})) == count


def test_tests() -> None:
    assert lint({"tests/x.py": "from pydantic import BaseSettings\n"}, select=["CFG008"]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from pydantic import BaseSettings", "from pydantic_settings import BaseSettings"),
        ("from pydantic import BaseSettings as B", "from pydantic_settings import BaseSettings as B"),
        (
            "from pydantic import A as X, BaseSettings as B, C",
            "from pydantic import A as X, C\nfrom pydantic_settings import BaseSettings as B",
        ),
        (
            "def f():\n    from pydantic import A, BaseSettings",
            "def f():\n    from pydantic import A\n    from pydantic_settings import BaseSettings",
        ),
    ],
)
def test_fix(before: str, after: str) -> None:
    files = {"app/config.py": f"{before}\n"}
    assert apply_fixes(files, lint(files, select=["CFG008"])) == {"app/config.py": f"{after}\n"}


@pytest.mark.parametrize(
    "source",
    [
        "from pydantic import (\n    BaseSettings,\n    Field,\n)\n",
        "import pydantic\npydantic.BaseSettings\n",
    ],
)
def test_no_fix(source: str) -> None:
    [finding] = found(source)
    assert finding.fix is None


@pytest.mark.parametrize(
    "branch", ["if V2:\n    from pydantic_settings import BaseSettings\nelse:\n    {}", "if not V2:\n    {}"]
)
def test_only_where_the_installed_version_has_it(branch: str) -> None:
    source = "from pydantic import VERSION\nV2 = VERSION.startswith('2.')\n"
    source += branch.format("from pydantic import BaseSettings\n")
    assert lint({"app/config.py": source}, select=["CFG008"]) == []
