from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import traceback\nfrom fastapi import Depends, FastAPI, HTTPException, Response\n"
    "from fastapi.responses import JSONResponse, PlainTextResponse\n"
    "app = FastAPI()\n"
)
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR007"])


def endpoint(body: str, clause: str = "except Exception as e:") -> str:
    lines = "".join(f"        {line}\n" for line in body.split("\n"))
    return f"@app.get('/')\ndef read():\n    try:\n        load()\n    {clause}\n{lines}"


def test_place_and_message() -> None:
    [finding] = found(endpoint("raise HTTPException(500, detail=str(e))"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 6, 41, 47)
    assert finding.message == (
        "`read` puts the text of any exception into the detail of an HTTP error, for clients to read"
    )
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    "detail",
    [
        "repr(e)",
        "f'failed: {e}'",
        "f'failed: {e!r}'",
        "f'failed: {str(e)}'",
        "'failed: ' + str(e)",
        "'failed: %s' % e",
        "'failed: %s %d' % (e, 1)",
        "'failed: {}'.format(e)",
        "e.args",
        "e.args[0]",
        "str(e.args[0])",
        "{'error': str(e)}",
        "[{'msg': (f'{e}.',)}]",
        "dict(msg=str(e))",
        "str(e.__cause__)",
        "str(e).strip()",
        "str(e) or 'unknown'",
        "getattr(e, 'message', str(e))",
        "traceback.format_exc()",
        "''.join(traceback.format_exception(e))",
    ],
)
def test_texts(detail: str) -> None:
    assert len(found(endpoint(f"raise HTTPException(500, {detail})"))) == 1


@pytest.mark.parametrize(
    "clause",
    [
        "except BaseException as e:",
        "except (ValueError, Exception) as e:",
        "except OSError as e:",
        "except IOError as e:",
    ],
)
def test_builtin_clauses(clause: str) -> None:
    assert len(found(endpoint("raise HTTPException(400, str(e))", clause))) == 1


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("from sqlalchemy.exc import SQLAlchemyError as Known", "SQLAlchemyError"),
        ("from sqlalchemy.exc import IntegrityError as Known", "IntegrityError"),
        ("from psycopg2 import Error as Known", "Error"),
        ("from pymongo.errors import PyMongoError as Known", "PyMongoError"),
        ("from asyncpg import PostgresError as Known", "PostgresError"),
    ],
)
def test_drivers(statement: str, name: str) -> None:
    [finding] = found(f"{statement}\n" + endpoint("raise HTTPException(500, str(e))", "except Known as e:"))
    assert f"the text of `{name}` into" in finding.message


def test_bare_clause_with_a_traceback() -> None:
    [finding] = found(endpoint("return {'trace': traceback.format_exc()}", "except:"))
    assert "into what it returns" in finding.message


@pytest.mark.parametrize(
    "statement",
    [
        "return JSONResponse({'error': str(e)}, status_code=500)",
        "return JSONResponse(status_code=500, content={'error': {'why': f'{e}'}})",
        "return PlainTextResponse(str(e))",
        "return Response(content=repr(e), status_code=500)",
    ],
)
def test_responses(statement: str) -> None:
    [finding] = found(endpoint(statement))
    assert "into a response" in finding.message


def test_response_class_of_the_project() -> None:
    source = "class Problem(JSONResponse):\n    media_type = 'application/problem+json'\n"
    assert len(found(source + endpoint("return Problem({'detail': str(e)}, 500)"))) == 1


def test_variables_are_followed() -> None:
    assert len(found(endpoint("why = str(e)\ntext = f'failed: {why}'\nraise HTTPException(500, text)"))) == 1
    assert found(endpoint("why = str(e)\nwhy = 'failed'\nraise HTTPException(500, why)")) == []


def test_own_error_class_whose_constructor_passes_it_on() -> None:
    source = (
        "class Failed(HTTPException):\n    def __init__(self, message, code=None):\n"
        "        super().__init__(status_code=500, detail={'message': message})\n"
    )
    assert len(found(source + endpoint("raise Failed(str(e))"))) == 1
    assert len(found(source + endpoint("raise Failed(message=f'{e}')"))) == 1
    assert found(source + endpoint("raise Failed('failed', str(e))")) == []


def test_dependency_and_called_function() -> None:
    source = (
        "def user():\n    try:\n        load()\n    except Exception as e:\n"
        "        raise HTTPException(401, str(e))\n"
        "def save():\n    try:\n        load()\n    except Exception as e:\n"
        "        raise HTTPException(500, str(e))\n"
        "@app.get('/')\ndef read(u=Depends(user)):\n    save()\n"
    )
    assert [finding.symbol for finding in found(source)] == ["user", "save"]


def test_middleware() -> None:
    source = (
        "@app.middleware('http')\nasync def guard(request, call_next):\n    try:\n"
        "        return await call_next(request)\n    except Exception as e:\n"
        "        return JSONResponse({'error': str(e)}, 500)\n"
    )
    [finding] = found(source)
    assert finding.symbol == "guard"


@pytest.mark.parametrize("handled", ["Exception", "500"])
def test_handlers(handled: str) -> None:
    source = "async def answer(request, exc):\n    return JSONResponse({'error': f'{exc}'}, 500)\n"
    assert len(found(source + f"app.add_exception_handler({handled}, answer)\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        # narrow
        endpoint("raise HTTPException(400, str(e))", "except ValueError as e:"),
        endpoint("raise HTTPException(400, str(e))", "except (KeyError, TypeError) as e:"),
        "class Own(Exception): ...\n" + endpoint("raise HTTPException(404, str(e))", "except Own as e:"),
        "from httpx import HTTPError\n"
        + endpoint("raise HTTPException(502, str(e))", "except HTTPError as e:"),
        "from lib import Error\n" + endpoint("raise HTTPException(502, str(e))", "except Error as e:"),
        # only logged
        endpoint("logger.error(str(e))\nraise HTTPException(500, 'failed')"),
        endpoint("logger.error('%s', traceback.format_exc())\nreturn {'error': 'failed'}"),
        endpoint("why = str(e)\nlogger.error(why)\nraise HTTPException(500)"),
        endpoint("raise HTTPException(500, 'failed') from e"),
        # while debugging
        endpoint(
            "if settings.debug:\n    raise HTTPException(500, str(e))\nraise HTTPException(500, 'failed')"
        ),
        endpoint("return JSONResponse({'error': str(e) if settings.DEBUG else 'failed'}, 500)"),
        endpoint("detail = str(e) if is_dev() else 'failed'\nraise HTTPException(500, detail)"),
        # a branch for a narrow class
        endpoint("if isinstance(e, ValueError):\n    raise HTTPException(400, str(e))\nraise"),
        endpoint("raise HTTPException(500, str(e) if isinstance(e, ValueError) else 'failed')"),
        # something else of it
        endpoint("raise HTTPException(500, type(e).__name__)"),
        endpoint("raise HTTPException(500, describe(e))"),
        endpoint("raise HTTPException(500, CODES.get(str(e), 'failed'))"),
        endpoint("if 'duplicate' in str(e):\n    raise HTTPException(409, 'exists')\nraise"),
        endpoint("raise HTTPException(500, len(str(e)))"),
        endpoint("raise HTTPException(e.code, 'failed')"),
        # not sent
        endpoint("raise ValueError(str(e))"),
        endpoint("raise Unknown(str(e))"),
        endpoint("return None"),
        endpoint("return unknown(str(e))"),
        endpoint("raise HTTPException(500, headers={'x': str(e)})"),
        endpoint("def inner():\n    return {'error': str(e)}\nraise"),
        "def save():\n    try:\n        load()\n    except Exception as e:\n"
        "        return {'error': str(e)}\n"
        "@app.get('/')\ndef read():\n    return save()['ok']\n",
        (
            "def user():\n    try:\n        load()\n    except Exception as e:\n"
            "        return {'error': str(e)}\n"
            "@app.get('/')\ndef read(u=Depends(user)): ...\n"
            "def cli():\n    try:\n        load()\n    except Exception as e:\n"
            "        raise HTTPException(500, str(e))\n"
        ),
        # handlers
        "@app.exception_handler(ValueError)\nasync def answer(request, exc):\n"
        "    return JSONResponse({'error': str(exc)}, 400)\n",
        "@app.exception_handler(HTTPException)\nasync def answer(request, exc):\n"
        "    return JSONResponse({'error': str(exc)}, exc.status_code)\n",
        "from fastapi.exceptions import RequestValidationError\n"
        "@app.exception_handler(RequestValidationError)\n"
        "async def answer(request, exc):\n    return JSONResponse({'error': str(exc)}, 422)\n",
        (
            "@app.exception_handler(404)\nasync def answer(request, exc):\n"
            "    return JSONResponse(str(exc), 404)\n"
        ),
        "@app.exception_handler(Exception)\nasync def answer(request, exc):\n    logger.error(str(exc))\n"
        "    return JSONResponse({'error': 'failed', 'path': str(request.url)}, 500)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_an_inner_clause_is_judged_by_itself() -> None:
    body = "try:\n    undo()\nexcept ValueError as e:\n    raise HTTPException(400, str(e))\nraise"
    assert found(endpoint(body)) == []


def test_tests_are_not_reported() -> None:
    files = {"tests/test_app.py": HEAD + endpoint("raise HTTPException(500, str(e))")}
    assert lint(files, select=["ERR007"]) == []
