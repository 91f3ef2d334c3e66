from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import json
import logging
from fastapi import Depends, FastAPI, Form, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, SecretStr
logger = logging.getLogger(__name__)
app = FastAPI()
"""
SECRET = "class Login(BaseModel):\n    name: str\n    password: str\n"
ROUTE = "@app.post('/login')\ndef login(data: Login): ...\n"


def handler(body: str, decorator: str = "@app.exception_handler(RequestValidationError)\n") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{decorator}async def invalid(request: Request, exc):\n{lines}"


def found(source: str, model: str = SECRET + ROUTE, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source + model, **files}, select=["LOG001"])


def test_place_message_and_related() -> None:
    [finding] = found(handler("logger.info(exc.body)\nreturn JSONResponse({'detail': exc.errors()}, 422)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (12, 17, 25)
    assert finding.message == (
        "`invalid` logs validation errors with the client's input, in which `password` of `Login` can be"
    )
    assert [(r.span.line, r.message) for r in finding.related] == [
        (16, "`password` can be in the input"),
        (13, "returns it here"),
    ]
    assert finding.symbol == "invalid"


@pytest.mark.parametrize(
    "value",
    [
        "exc.errors()",
        "exc.body",
        "str(exc)",
        "repr(exc)",
        "f'{exc}'",
        "f'{exc!r}'",
        "f'{exc}'.replace('a', 'b')",
        "'%s' % exc",
        "str(exc.errors())",
        "json.dumps(exc.errors())",
        "jsonable_encoder(exc.errors())",
        "list(exc.errors())",
        "[*exc.errors()]",
        "exc.errors()[0]",
        "exc.errors()[:3]",
        "exc.errors()[0]['input']",
        "[e for e in exc.errors()]",
        "[e for e in exc.errors() if e['type'] != 'missing']",
        "[{**e, 'more': 1} for e in exc.errors()]",
        "[{'msg': e['msg'], 'input': e['input']} for e in exc.errors()]",
        "[dict(e) for e in exc.errors()]",
        "exc.errors() if request.url else None",
        "{'a': {'b': [exc.errors()]}}",
    ],
)
def test_values_that_hold_the_input(value: str) -> None:
    assert len(found(handler(f"return JSONResponse({{'detail': {value}}}, 422)"))) == 1
    assert len(found(handler(f"logger.warning('%s', {value})\nreturn JSONResponse({{}}, 422)"))) == 1


def test_through_local_names_and_lists() -> None:
    assert len(found(handler("errors = exc.errors()\nbody = {'e': errors}\nreturn JSONResponse(body)"))) == 1
    body = (
        "found = []\nfor error in exc.errors():\n    found.append(error)\nreturn JSONResponse({'e': found})"
    )
    assert len(found(handler(body))) == 1
    assert len(found(handler("body = {}\nbody['e'] = exc.errors()\nreturn JSONResponse(body)"))) == 1


def test_through_helpers() -> None:
    helper = "def answer(detail, status):\n    return JSONResponse({'detail': detail}, status)\n"
    assert len(found(helper + handler("return answer(exc.errors(), 422)"))) == 1
    helper = "def answer(error):\n    return JSONResponse({'detail': error.errors()}, 422)\n"
    assert len(found(helper + handler("return answer(error=exc)"))) == 1


def test_model_that_keeps_anything() -> None:
    model = "class Problem(BaseModel):\n    detail: object\n"
    assert len(found(model + handler("return JSONResponse(Problem(detail=exc.errors()).model_dump())"))) == 1


@pytest.mark.parametrize(
    "registration",
    [
        "app.add_exception_handler(RequestValidationError, invalid)\n",
        "other = FastAPI(exception_handlers={RequestValidationError: invalid})\n",
        "import fastapi.exceptions as e\napp.exception_handler(e.RequestValidationError)(invalid)\n",
    ],
)
def test_registrations(registration: str) -> None:
    expected = 0 if "(invalid)" in registration else 1  # a decorator that is called by hand isn't followed
    assert len(found(handler("return JSONResponse(exc.errors())", "") + registration)) == expected


@pytest.mark.parametrize(
    "model",
    [
        "class Login(BaseModel):\n    pin: SecretStr\n",
        "class Login(BaseModel):\n    api_key: str\n",
        "class Card(BaseModel):\n    card_number: str\nclass Login(BaseModel):\n    cards: list[Card]\n",
        "class Base(BaseModel):\n    cvv: str\nclass Login(Base): ...\n",
    ],
)
def test_secrets_in_bodies(model: str) -> None:
    assert len(found(handler("return JSONResponse(exc.errors())"), model + ROUTE)) == 1


class TestSilent:
    @pytest.mark.parametrize(
        "value",
        [
            "[{'loc': e['loc'], 'msg': e['msg'], 'type': e['type']} for e in exc.errors()]",
            "[f\"{e['loc']}: {e['msg']}\" for e in exc.errors()]",
            "[{k: v for k, v in e.items() if k != 'input'} for e in exc.errors()]",
            "[e['loc'] for e in exc.errors()]",
            "[e.get('msg') for e in exc.errors()]",
            "exc.errors()[0]['msg']",
            "exc.errors()[0].get('loc')",
            "len(exc.errors())",
            "'invalid request'",
            "type(exc).__name__",
            "str(request.url)",
        ],
    )
    def test_values_without_the_input(self, value: str) -> None:
        assert found(handler(f"return JSONResponse({{'detail': {value}}}, 422)")) == []

    @pytest.mark.parametrize(
        "cleaning",
        [
            "for e in errors:\n    e.pop('input', None)",
            "for e in errors:\n    del e['input']",
            "for e in errors:\n    e['input'] = '***'",
        ],
    )
    def test_input_is_taken_out(self, cleaning: str) -> None:
        body = f"errors = exc.errors()\n{cleaning}\nreturn JSONResponse(errors)"
        assert found(handler(body)) == []

    def test_items_built_in_a_loop(self) -> None:
        body = (
            "found = []\nfor e in exc.errors():\n    found.append({'msg': e['msg']})\n"
            "return JSONResponse(found)"
        )
        assert found(handler(body)) == []

    @pytest.mark.parametrize(
        "helper",
        [
            "def tidy(errors):\n    return [{'msg': e['msg']} for e in errors]\n",
            "def tidy(errors):\n    for e in errors:\n        e.pop('input')\n    return errors\n",
            "from library import tidy\n",
        ],
    )
    def test_helper_that_takes_it_out_or_is_unknown(self, helper: str) -> None:
        assert found(helper + handler("return JSONResponse(tidy(exc.errors()))")) == []

    def test_helper_with_a_name_that_says_so(self) -> None:
        helper = "def redact_errors(errors):\n    return errors\n"
        assert found(helper + handler("return JSONResponse(redact_errors(exc.errors()))")) == []

    def test_default_handler_of_the_framework(self) -> None:
        source = "from fastapi.exception_handlers import request_validation_exception_handler as default\n"
        assert found(source + handler("return await default(request, exc)")) == []

    def test_model_of_known_items(self) -> None:
        models = "class Item(BaseModel):\n    msg: str\nclass Problem(BaseModel):\n    items: list[Item]\n"
        body = "return JSONResponse(Problem(items=exc.errors()).model_dump())"
        assert found(models + handler(body)) == []

    @pytest.mark.parametrize(
        "model",
        [
            "class Login(BaseModel):\n    name: str\n    max_tokens: int\n    secretary: str\n",
            "class Login(BaseModel):\n    token_count: str\n    password: bool\n",
        ],
    )
    def test_bodies_without_secrets(self, model: str) -> None:
        assert found(handler("return JSONResponse(exc.errors())"), model + ROUTE) == []

    def test_secret_model_that_no_endpoint_reads(self) -> None:
        assert found(handler("return JSONResponse(exc.errors())"), SECRET) == []
        dependency = "def query():\n    return Login(name='', password='')\n"
        route = "@app.get('/login')\ndef login(data: Login = Depends(query)): ...\n"
        assert found(handler("return JSONResponse(exc.errors())"), SECRET + dependency + route) == []

    def test_handler_for_something_else(self) -> None:
        assert (
            found(handler("return JSONResponse(exc.errors())", "@app.exception_handler(ValueError)\n")) == []
        )

    def test_handler_that_is_not_registered(self) -> None:
        assert found(handler("return JSONResponse(exc.errors())", "")) == []

    def test_for_development(self) -> None:
        source = (
            "def register(app: FastAPI, production: bool):\n    if production:\n        return\n"
            "    @app.exception_handler(RequestValidationError)\n    async def invalid(request, exc):\n"
            "        return JSONResponse(exc.errors())\nregister(app, True)\n"
        )
        assert found(source) == []
        value = "exc.errors() if settings.environment == 'dev' else None"
        assert found(handler(f"return JSONResponse({value})")) == []

    def test_another_application_of_the_repository(self) -> None:
        files = {
            "a/app/__init__.py": "",
            "a/app/main.py": HEAD + "from app import x\n" + handler("return JSONResponse(exc.errors())"),
            "a/app/x.py": "",
            "b/app/__init__.py": "",
            "b/app/main.py": HEAD + "from app import y\n" + SECRET + ROUTE,
            "b/app/y.py": "",
        }
        assert lint(files, select=["LOG001"]) == []

    def test_another_application_of_the_same_package(self) -> None:
        files = {
            "shop/__init__.py": "",
            "shop/gateway.py": HEAD + handler("return JSONResponse(exc.errors())"),
            "shop/admin.py": HEAD + SECRET + ROUTE,
        }
        assert lint(files, select=["LOG001"]) == []
        files["shop/gateway.py"] = "import shop.admin\n" + files["shop/gateway.py"]
        assert len(lint(files, select=["LOG001"])) == 1

    @pytest.mark.parametrize(
        ("pin", "count"), [("pydantic==1.10.13", 0), ("pydantic==2.5.0", 1), ("pydantic", 1)]
    )
    def test_versions(self, pin: str, count: int) -> None:
        files = {"requirements.txt": f"fastapi==0.110.0\n{pin}\n"}
        assert len(found(handler("return JSONResponse(exc.errors())"), **files)) == count
