from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
from fastapi import Depends, FastAPI, HTTPException, Request
from starlette.exceptions import HTTPException as BaseHTTPException
app = FastAPI()
class NotFound(HTTPException):
    def __init__(self):
        super().__init__(status_code=404)
def load():
    raise HTTPException(404)
"""
USE = "@app.get('/')\ndef read(x=Depends(get)):\n    {}\n"


def found(clauses: str, body: str = "raise HTTPException(404)", version: str = "") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in clauses.splitlines())
    source = f"{HEAD}def get():\n    try:\n        yield 1\n{lines}{USE.format(body)}"
    files = {"app/main.py": source}
    if version:
        files["requirements.txt"] = f"fastapi=={version}\n"
    return lint(files, select=["DEP006"])


def test_place_and_message() -> None:
    [finding] = found("except Exception as e:\n    raise HTTPException(500) from e")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (12, 5, 21)
    assert finding.message == "`get` takes the `HTTPException` 404 of `read` and makes a 500 of it"
    assert [related.span.line for related in finding.related] == [16]
    assert finding.symbol == "get"


@pytest.mark.parametrize(
    "clauses",
    [
        "except Exception:\n    raise HTTPException(500)",
        "except:\n    raise HTTPException(500)",
        "except BaseException as e:\n    raise RuntimeError() from e",
        "except (ValueError, Exception) as e:\n    raise HTTPException(500) from e",
        "except ValueError:\n    raise\nexcept Exception:\n    raise HTTPException(500)",
        "except Exception as e:\n    print(e)\n    raise HTTPException(status_code=503)",
        "except Exception as e:\n    raise HTTPException(500)\nfinally:\n    print()",
        "except Exception as e:\n    raise NotFound2() from e",
    ],
)
def test_masks(clauses: str) -> None:
    assert len(found(clauses)) == 1


@pytest.mark.parametrize(
    "clauses",
    [
        "except HTTPException:\n    raise\nexcept Exception:\n    raise HTTPException(500)",
        "except BaseHTTPException:\n    raise\nexcept Exception:\n    raise HTTPException(500)",
        "except HTTPException as e:\n    raise e\nexcept Exception:\n    raise HTTPException(500)",
        "except Exception:\n    raise",
        "except Exception as e:\n    raise e",
        "except Exception as e:\n    print(e)",
        "except Exception as e:\n    if isinstance(e, HTTPException):\n        raise\n"
        "    raise HTTPException(500)",
        "except Exception as e:\n    raise HTTPException(getattr(e, 'status_code', 500)) from e",
        "except Exception as e:\n    raise HTTPException(e.status_code)",
        "except ValueError:\n    raise HTTPException(500)",
        "except Exception:\n    raise HTTPException(404)",
        "except HTTPException:\n    raise HTTPException(500)",
        "finally:\n    print()",
    ],
)
def test_lets_pass(clauses: str) -> None:
    assert found(clauses) == []


CLAUSES = "except Exception as e:\n    raise HTTPException(500) from e"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("load()", 1),
        ("raise NotFound()", 1),
        ("raise BaseHTTPException(403)", 1),
        ("raise ValueError()", 0),
        ("return 1", 0),
        ("raise HTTPException(500)", 0),
        ("try:\n        load()\n    except HTTPException:\n        pass", 0),
    ],
)
def test_what_the_endpoint_raises(body: str, count: int) -> None:
    assert len(found(CLAUSES, body)) == count


@pytest.mark.parametrize(("version", "count"), [("0.105.0", 0), ("0.106.0", 1), ("0.115.0", 1)])
def test_versions(version: str, count: int) -> None:
    assert len(found(CLAUSES, version=version)) == count


def test_a_dependency_of_a_dependency() -> None:
    source = (
        f"{HEAD}def get():\n    try:\n        yield 1\n    except Exception:\n"
        f"        raise HTTPException(500)\n"
        "def outer(x=Depends(get)):\n    return x\n"
        "@app.get('/')\ndef read(x=Depends(outer)):\n    raise HTTPException(404)\n"
    )
    assert len(lint({"app/main.py": source}, select=["DEP006"])) == 1


def test_nobody_uses_it() -> None:
    source = (
        f"{HEAD}def get():\n    try:\n        yield 1\n    except Exception:\n"
        f"        raise HTTPException(500)\n"
    )
    source += "@app.get('/')\ndef read():\n    raise HTTPException(404)\n"
    assert lint({"app/main.py": source}, select=["DEP006"]) == []


def test_two_nested_tries() -> None:
    source = (
        f"{HEAD}def get():\n    try:\n        try:\n            yield 1\n        except Exception:\n"
        "            raise\n    except Exception:\n        raise HTTPException(500)\n" + USE.format("load()")
    )
    assert len(lint({"app/main.py": source}, select=["DEP006"])) == 1


def test_the_fix_is_unsafe_and_lets_http_errors_pass() -> None:
    lines = "    except Exception as e:\n        raise HTTPException(500) from e\n"
    source = f"{HEAD}def get():\n    try:\n        yield 1\n{lines}{USE.format('load()')}"
    findings = lint({"app/main.py": source}, select=["DEP006"])
    assert findings[0].fix is not None
    assert findings[0].fix.safety == "unsafe"
    fixed = apply_fixes({"app/main.py": source}, findings)["app/main.py"]
    assert "    except HTTPException:\n        raise\n" + lines in fixed
    assert lint({"app/main.py": fixed}, select=["DEP006"]) == []
