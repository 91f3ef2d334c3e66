from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from fastapi import Depends, FastAPI, HTTPException\napp = FastAPI()\n"
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR006"])


def endpoint(body: str, clauses: str = "except Exception:\n        raise HTTPException(500)") -> str:
    return f"@app.get('/')\ndef read():\n    try:\n        {body}\n    {clauses}\n"


def test_place_message_and_related() -> None:
    [finding] = found(endpoint("raise HTTPException(404)"))
    span = finding.span
    assert (span.line, span.column, span.end_line, span.end_column) == (LINES + 5, 5, LINES + 5, 21)
    assert finding.message == (
        "`except Exception` in `read` hides the `HTTPException` 404 that its `try` raises, so the "
        "client gets 500"
    )
    [related] = finding.related
    assert (related.span.line, related.message) == (LINES + 4, "The `HTTPException` 404 is raised here")
    assert finding.symbol == "read"
    assert finding.chain == ()


@pytest.mark.parametrize(
    ("clause", "start"),
    [
        ("except:", "The bare `except`"),
        ("except BaseException:", "`except BaseException`"),
        ("except (ValueError, Exception) as e:", "`except Exception`"),
    ],
)
def test_broad_clauses(clause: str, start: str) -> None:
    [finding] = found(endpoint("raise HTTPException(404)", f"{clause}\n        raise HTTPException(500)"))
    assert finding.message.startswith(f"{start} in `read` hides")


def test_chain_of_calls() -> None:
    source = (
        "def load(x):\n    raise HTTPException(status_code=403)\ndef middle(x):\n    return load(x)\n"
        + endpoint("return middle(1)")
    )
    [finding] = found(source)
    assert [(hop.symbol, hop.span.line) for hop in finding.chain] == [
        ("middle", LINES + 8),
        ("load", LINES + 4),
    ]
    assert "the `HTTPException` 403 that `load` raises" in finding.message


def test_error_of_another_module_through_a_reexport_and_a_method() -> None:
    files = {
        "app/svc/__init__.py": "from app.svc.users import Users\n",
        "app/svc/users.py": "from starlette.exceptions import HTTPException as H\n"
        "from http import HTTPStatus\n"
        "class Missing(H):\n    def __init__(self): super().__init__(HTTPStatus.NOT_FOUND)\n"
        "class Users:\n    async def get(self):\n        raise Missing()\n",
    }
    source = (
        "from app.svc import Users\n@app.get('/')\nasync def read(users: Users = Depends()):\n"
        "    try:\n        return await users.get()\n    except Exception:\n        return {'error': 1}\n"
    )
    [finding] = found(source, **files)
    assert finding.message == (
        "`except Exception` in `read` hides the `Missing` 404 that `Users.get` raises, "
        "so the client gets what the clause returns"
    )
    assert finding.chain[0].span.path == "app/main.py"


def test_threadpool_and_gather() -> None:
    source = (
        "import asyncio\nfrom fastapi.concurrency import run_in_threadpool\n"
        "def load():\n    raise HTTPException(404)\nasync def other():\n    raise HTTPException(409)\n"
        "@app.get('/')\nasync def read():\n    try:\n        await run_in_threadpool(load)\n"
        "        await asyncio.gather(other())\n    except Exception:\n        raise HTTPException(500)\n"
    )
    [finding] = found(source)
    assert len(finding.related) == 2


def test_dependency() -> None:
    source = (
        "def login():\n    try:\n"
        "        raise "
        "HTTPException(401)\n"
        "    except Exception:\n"
        "        return 'guest'\n"
        "@app.get('/')\ndef read(user=Depends(login)): ...\n"
    )
    [finding] = found(source)
    assert finding.symbol == "login"


def test_own_error_of_a_function_that_an_endpoint_calls() -> None:
    source = (
        "def verify(token):\n    try:\n        if not token:\n            raise HTTPException(401)\n"
        "    except Exception:\n        raise HTTPException(500)\n"
        "@app.get('/')\ndef read():\n    return verify('x')\n"
    )
    [finding] = found(source)
    assert finding.symbol == "verify"


def test_inner_try_that_lets_it_pass() -> None:
    body = "try:\n            raise HTTPException(404)\n        except HTTPException:\n            raise"
    assert len(found(endpoint(body))) == 1
    narrow = "try:\n            raise HTTPException(404)\n        except ValueError:\n            pass"
    assert len(found(endpoint(narrow))) == 1


def test_error_raised_by_an_inner_clause() -> None:
    body = "try:\n            load()\n        except KeyError:\n            raise HTTPException(404)"
    assert len(found(endpoint(body))) == 1


def test_fix_is_unsafe_where_the_clause_does_more() -> None:
    clauses = "except Exception:\n        db.rollback()\n        raise HTTPException(500)"
    [finding] = found(endpoint("raise HTTPException(404)", clauses))
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    clauses = (
        "except Exception as e:\n"
        "        "
        "logger.error('failed: "
        "%s', "
        "e)\n"
        "        raise "
        "HTTPException(500, str(e))"
    )
    [finding] = found(endpoint("raise HTTPException(404)", clauses))
    assert finding.fix is not None
    assert finding.fix.safety == "safe"


def test_fix_imports_what_the_module_lacks() -> None:
    source = (
        "from fastapi import FastAPI\nfrom app.svc import get\napp = FastAPI()\n@app.get('/')\n"
        "def read():\n    try:\n        return get()\n    except Exception:\n        return {'error': 1}\n"
    )
    svc = "from fastapi import HTTPException\ndef get():\n    raise HTTPException(404)\n"
    [finding] = lint({"app/main.py": source, "app/svc.py": svc, "app/__init__.py": ""}, select=["ERR006"])
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == [
        ", HTTPException",
        "except HTTPException:\n        raise\n    ",
    ]


@pytest.mark.parametrize(
    "source",
    [
        # an earlier clause takes it
        endpoint(
            "raise HTTPException(404)",
            "except HTTPException:\n        raise\n    except Exception:\n        return 1",
        ),
        endpoint(
            "raise HTTPException(404)",
            "except (KeyError, "
            "HTTPException) "
            "as "
            "e:\n"
            "        raise e\n"
            "    except Exception:\n"
            "        return 1",
        ),
        "from starlette.exceptions import HTTPException as StarletteHTTPException\n"
        + endpoint(
            "raise HTTPException(404)",
            "except StarletteHTTPException:\n        raise\n    except Exception:\n        return 1",
        ),
        "HTTP = (HTTPException,)\n"
        + endpoint(
            "raise HTTPException(404)", "except HTTP:\n        raise\n    except Exception:\n        return 1"
        ),
        "from elsewhere import Known\n"
        + endpoint(
            "load()\n        raise HTTPException(404)", "except HTTPException as e:\n        return 2"
        ),
        # the clause looks at it
        endpoint(
            "raise HTTPException(404)",
            "except Exception as e:\n"
            "        if isinstance(e, "
            "HTTPException):\n"
            "            raise\n"
            "        return 1",
        ),
        endpoint(
            "raise HTTPException(404)",
            "except Exception as e:\n        raise HTTPException(getattr(e, 'status_code', 500))",
        ),
        endpoint(
            "raise HTTPException(404)", "except Exception as e:\n        raise HTTPException(e.status_code)"
        ),
        # it is raised outside of the body
        "@app.get('/')\ndef read():\n    try:\n        load()\n    except Exception:\n        return 1\n"
        "    raise HTTPException(404)\n",
        endpoint(
            "load()",
            "except KeyError:\n        raise HTTPException(404)\n    except Exception:\n        return 1",
        ),
        endpoint(
            "load()", "except Exception:\n        return 1\n    else:\n        raise HTTPException(404)"
        ),
        # the clause lets it go on
        endpoint(
            "raise HTTPException(404)", "except Exception:\n        logger.exception('x')\n        raise"
        ),
        endpoint("raise HTTPException(404)", "except Exception as e:\n        undo()\n        raise e"),
        endpoint(
            "raise HTTPException(404)",
            "except Exception as e:\n        if e.args:\n            raise\n        return 1",
        ),
        # narrow clauses
        endpoint("raise HTTPException(404)", "except ValueError:\n        return 1"),
        # the same answer
        endpoint("raise HTTPException(500)", "except Exception:\n        raise HTTPException(500, 'failed')"),
        "from fastapi import status\n"
        + endpoint(
            "raise HTTPException(status.HTTP_401_UNAUTHORIZED)",
            "except Exception:\n        raise HTTPException(401)",
        ),
        "class Denied(HTTPException):\n    def __init__(self, why): super().__init__(compute(), why)\n"
        + endpoint("raise Denied('a')", "except Exception:\n        raise Denied('b')"),
        # a called function's error
        "def get():\n    try:\n"
        "        raise "
        "HTTPException(404)\n"
        "    except HTTPException:\n"
        "        return None\n" + endpoint("return get()"),
        "async def get():\n    raise HTTPException(404)\n" + endpoint("task = get()"),
        "def get():\n    raise HTTPException(503)\n"
        + endpoint("return get()", "except Exception:\n        return {'ok': 0}"),
        "def get():\n    raise HTTPException(404)\n"
        + endpoint("return get()", "except Exception:\n        return None"),
        "def a():\n    raise HTTPException(404)\n"
        + "".join(f"def {n}():\n    return {m}()\n" for n, m in ("ba", "cb", "dc"))
        + endpoint("return d()"),
        "from lib import guard\n@guard\ndef get():\n    raise HTTPException(404)\n"
        + endpoint("return get()"),
        "def guard(f):\n    def run():\n        try:\n            return f()\n        except Exception:\n"
        "            return None\n    return run\n@guard\ndef get():\n    raise HTTPException(404)\n"
        + endpoint("return get()"),
        "def get():\n    yield 1\n    raise HTTPException(404)\n" + endpoint("return get()"),
        "def get(strict=False):\n    if strict and True:\n        raise HTTPException(404)\n"
        + endpoint("return get()"),
        "def get(a=None, b=None):\n"
        "    if a is not None and b "
        "is "
        "not "
        "None:\n"
        "        raise "
        "HTTPException(404)\n" + endpoint("return get(b=1)"),
        # other things
        endpoint("def inner():\n            raise HTTPException(404)"),
        "from werkzeug.exceptions import NotFound\n" + endpoint("raise NotFound()"),
        "from contextlib import suppress\n"
        + endpoint("with suppress(HTTPException):\n            raise HTTPException(404)"),
        endpoint("raise HTTPException(404)", "except Exception:\n        logger.exception('x')"),
        "def helper():\n    try:\n"
        "        raise "
        "HTTPException(404)\n"
        "    except Exception:\n"
        "        return 1\n",
        endpoint("raise HTTPException(404)", "except* Exception:\n        raise HTTPException(500)"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_a_given_argument_makes_it_reachable() -> None:
    get = "def get(strict=False):\n    if strict:\n        raise HTTPException(404)\n    return 1\n"
    assert len(found(get + endpoint("return get(strict=True)"))) == 1
    assert len(found(get + endpoint("return get(flag)"))) == 1
    assert found(get + endpoint("return get(strict=False)")) == []


def test_constants_go_through_a_call() -> None:
    source = (
        "def get(strict):\n"
        "    if not strict:\n"
        "        return 1\n"
        "    elif strict:\n"
        "        raise "
        "HTTPException(404)\n"
        "def outer(strict=False):\n    return get(strict)\n"
    )
    assert found(source + endpoint("return outer()")) == []
    assert len(found(source + endpoint("return outer(True)"))) == 1


def test_tests_are_not_reported() -> None:
    assert lint({"tests/test_app.py": HEAD + endpoint("raise HTTPException(404)")}, select=["ERR006"]) == []
