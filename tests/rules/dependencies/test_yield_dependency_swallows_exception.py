from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "import contextlib, sys\n"
    "from typing import NoReturn\n"
    "from fastapi import Depends, FastAPI, HTTPException\n"
    "from starlette.exceptions import HTTPException as StarletteHTTPException\n"
    "app = FastAPI()\n"
    "class Own(Exception): ...\n"
    "def fail():\n    raise Own()\n"
    "def stop() -> NoReturn: ...\n"
)
USE = "@app.get('/')\ndef endpoint(x=Depends(get)): ...\n"


def module(clauses: str, use: str = USE) -> str:
    lines = "".join(f"    {line}\n" for line in ("try:\n    yield 1\n" + clauses).splitlines())
    return f"{HEAD}def get():\n{lines}{use}"


def found(clauses: str, use: str = USE, **files: str) -> list[Finding]:
    return lint({"app/main.py": module(clauses, use), **files}, select=["DEP005"])


def test_place_message_and_help() -> None:
    [finding] = found("except Exception as e:\n    print(e)")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (13, 5, 21)
    assert finding.message == (
        "`except Exception` in `get` takes the errors of endpoints and doesn't raise them again, "
        "so each becomes a 500"
    )
    assert finding.help == "End the clause with `raise`"
    assert [related.span.line for related in finding.related] == [12]


@pytest.mark.parametrize(
    "clauses",
    [
        "except:\n    pass",
        "except BaseException:\n    log()",
        "except HTTPException:\n    log()",
        "except StarletteHTTPException:\n    log()",
        "except (ValueError, Exception):\n    log()",
        "except Exception as e:\n    if isinstance(e, Own):\n        raise",
        "except Exception:\n    if a:\n        raise\n    elif b:\n        log()\n    else:\n        raise",
        "except Exception:\n    return",
        "except Exception:\n    if a:\n        return\n    raise",
        "except Exception:\n    try:\n        raise\n    except Own:\n        log()",
        "except Exception:\n    for x in y:\n        raise",
        "except Exception:\n    def later():\n        raise",
        "except HTTPException:\n    raise\nexcept Exception:\n    log()",
        "except Exception:\n    log()\nfinally:\n    close()",
        "except Exception:\n    while True:\n        break",
        "except Exception:\n    with lock:\n        log()",
    ],
)
def test_fires(clauses: str) -> None:
    assert len(found(clauses)) == 1


@pytest.mark.parametrize(
    "clauses",
    [
        "except Exception:\n    log()\n    raise",
        "except Exception as e:\n    raise HTTPException(500) from e",
        "except Exception:\n    if a:\n        raise\n    else:\n        raise Own()",
        "except Exception:\n    with lock:\n        raise",
        "except Exception:\n    try:\n        log()\n    finally:\n        raise",
        "except Own:\n    log()",
        "except (Own, ValueError):\n    log()",
        "except Exception:\n    fail()",
        "except Exception:\n    stop()",
        "except Exception:\n    sys.exit(1)",
        "except Exception:\n    while True:\n        log()",
        "except Exception:\n    try:\n        rollback()\n    except Own:\n        raise\n    raise",
        "except Exception as e:\n    error = e\nif error:\n    raise error",
        "finally:\n    with contextlib.suppress(Own):\n        close()",
        "finally:\n    try:\n        close()\n    except Exception:\n        log()",
        "except unknown.Error:\n    log()",
    ],
)
def test_silent(clauses: str) -> None:
    assert found(clauses) == []


def test_yield_outside_of_the_try() -> None:
    body = "    try:\n        a()\n    except Exception:\n        log()\n    yield 1\n"
    source = f"{HEAD}def get():\n{body}{USE}"
    assert lint({"app/main.py": source}, select=["DEP005"]) == []


def test_only_dependencies() -> None:
    assert found("except Exception:\n    log()", use="") == []
    lifespan = "lifespan = contextlib.asynccontextmanager(get)\napp = FastAPI(lifespan=lifespan)\n"
    assert found("except Exception:\n    log()", use=lifespan) == []


@pytest.mark.parametrize(
    ("requirement", "count"),
    [("fastapi==0.109.2", 0), ("fastapi==0.110.0", 1), ("fastapi>=0.100", 0), ("fastapi>=0.110", 1)],
)
def test_versions(requirement: str, count: int) -> None:
    assert len(found("except Exception:\n    log()", **{"requirements.txt": requirement + "\n"})) == count


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("except Exception:\n    pass", "except Exception:\n    raise"),
        (
            "except:\n    if a:\n        log()\nfinally:\n    b()",
            "except:\n    if a:\n        log()\n    raise\nfinally:\n    b()",
        ),
    ],
)
def test_fix(before: str, after: str) -> None:
    files = {"app/main.py": module(before)}
    assert apply_fixes(files, lint(files, select=["DEP005"])) == {"app/main.py": module(after)}


@pytest.mark.parametrize(
    "clauses", ["except Exception: pass", "except Exception:\n    if a:\n        return\n    log()"]
)
def test_no_fix(clauses: str) -> None:
    [finding] = found(clauses)
    assert finding.fix is None
