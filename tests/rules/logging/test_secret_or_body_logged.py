from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import json
import logging
import structlog
from loguru import logger as loguru
from typing import Annotated
from fastapi import Depends, FastAPI, Header, Request
from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings
logger = logging.getLogger(__name__)
log = structlog.get_logger()
class Login(BaseModel):
    email: str
    password: str
class Hidden(BaseModel):
    email: str
    password: SecretStr
class Settings(BaseSettings):
    name: str = "a"
    api_key: str = ""
settings = Settings()
app = FastAPI()
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["LOG003"])


def endpoint(body: str, parameters: str = "request: Request") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.post('/x')\nasync def view({parameters}):\n{lines}"


def test_place_message_and_symbol() -> None:
    [finding] = found(endpoint("logger.info('%s %s', request.method, request.headers)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (24, 42, 57)
    assert finding.message == "`view` logs all headers of the request"
    assert finding.symbol == "view"


@pytest.mark.parametrize(
    "call",
    [
        "print({})",
        "logging.info({})",
        "logger.debug('%s', {})",
        "logger.log(10, '%s', {})",
        "logger.exception('%s', {})",
        "logger.info('a', extra={{'b': {}}})",
        "loguru.info('{{}}', {})",
        "log.info('event', value={})",
        "structlog.get_logger().warning('a', b={})",
        "app.logger.info({})",
        "logger.info(f'body: {{{}}}')",
        "logger.info('body: ' + {})",
        "logger.info('body: %s' % {})",
        "logger.info('body: {{}}'.format({}))",
        "logger.info(f'{{{}!r}}')",
    ],
)
def test_ways_to_log(call: str) -> None:
    assert len(found(endpoint(call.format("password"), "password: str"))) == 1


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("await request.body()", "the body of the request"),
        ("(await request.body()).decode()", "the body of the request"),
        ("await request.json()", "the body of the request"),
        ("json.dumps(await request.json())", "the body of the request"),
        ("request.headers", "all headers of the request"),
        ("dict(request.headers)", "all headers of the request"),
        ("request.headers.items()", "all headers of the request"),
        ("request.headers['Authorization']", "the header `Authorization`"),
        ("request.headers.get('cookie')", "the header `cookie`"),
        ("request.cookies", "the cookies of the request"),
        ("request.cookies.get('access_token')", "the cookie `access_token`"),
        ("settings", "the settings with `api_key`"),
        ("settings.model_dump()", "the settings with `api_key`"),
        ("settings.api_key", "`api_key`"),
        ("Login(email='', password='')", None),
    ],
)
def test_values(value: str, what: str | None) -> None:
    findings = found(endpoint(f"logger.info('%s', {value})"))
    assert [finding.message for finding in findings] == ([f"`view` logs {what}"] if what else [])


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("data", "`Login` with `password`"),
        ("data.model_dump()", "`Login` with `password`"),
        ("data.json()", "`Login` with `password`"),
        ("data.password", "`password`"),
        ("[data]", "`Login` with `password`"),
    ],
)
def test_body_models(value: str, what: str) -> None:
    [finding] = found(endpoint(f"logger.info('%s', {value})", "data: Login"))
    assert finding.message == f"`view` logs {what}"


@pytest.mark.parametrize("name", ["password", "access_token", "client_secret", "api_key", "userPassword"])
def test_variables_by_name(name: str) -> None:
    assert len(found(endpoint(f"{name} = load()\nlogger.info({name})"))) == 1
    assert len(found(endpoint(f"logger.info(payload['{name}'])", "payload: dict"))) == 1


def test_through_one_local_name() -> None:
    assert len(found(endpoint("raw = await request.body()\ntext = raw.decode()\nlogger.info(text)"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def check(x_token: Annotated[str, Header()]):\n    print(x_token)\n"
        "@app.get('/')\ndef view(_=Depends(check)): ...\n",
        "@app.middleware('http')\nasync def m(request: Request, call_next):\n    print(request.headers)\n",
        "from starlette.middleware.base import BaseHTTPMiddleware\nclass M(BaseHTTPMiddleware):\n"
        "    async def dispatch(self, request, call_next):\n"
        "        print(request.headers['authorization'])\n",
        "@app.exception_handler(ValueError)\nasync def h(request: Request, exc):\n"
        "    print(await request.body())\n",
    ],
)
def test_dependencies_middleware_and_handlers(source: str) -> None:
    assert len(found(source)) == 1


class TestSilent:
    @pytest.mark.parametrize(
        "value",
        [
            "mask(token)",
            "redact_value(token)",
            "hashlib.sha256(token).hexdigest()",
            "scrub(token)",
            "len(token)",
            "bool(token)",
            "token[:8]",
            "token[:4] + '...'",
            "token[-4:]",
            "'set' if token else 'missing'",
            "token is None",
            "token == other",
            "not token",
            "type(token)",
            "lookup(token)",
        ],
    )
    def test_values_that_give_little_away(self, value: str) -> None:
        assert found(endpoint(f"logger.info('%s', {value})", "token: str, other: str")) == []
        assert found(endpoint(f"logger.info(f'{{{value}}}')", "token: str, other: str")) == []

    def test_longer_slice(self) -> None:
        assert len(found(endpoint("logger.info(token[:20])", "token: str"))) == 1

    @pytest.mark.parametrize("value", ["data", "data.password", "data.model_dump()", "data.email"])
    def test_secret_types(self, value: str) -> None:
        assert found(endpoint(f"logger.info('%s', {value})", "data: Hidden")) == []
        assert found(endpoint("logger.info(password)", "password: SecretStr")) == []

    @pytest.mark.parametrize(
        "value",
        ["data.model_dump(exclude={'password'})", "data.model_dump_json(include={'email'})", "data.email"],
    )
    def test_models_without_their_secret(self, value: str) -> None:
        assert found(endpoint(f"logger.info('%s', {value})", "data: Login")) == []

    def test_model_that_prints_itself(self) -> None:
        source = "class Own(Login):\n    def __repr__(self):\n        return 'Own'\n"
        assert found(source + endpoint("logger.info('%s', data)", "data: Own")) == []

    @pytest.mark.parametrize(
        "parameter",
        ["token_count: int", "password_reset_url: str", "next_page_token: str", "has_password: bool"],
    )
    def test_names_that_only_look_like_a_secret(self, parameter: str) -> None:
        assert found(endpoint(f"logger.info({parameter.partition(':')[0]})", parameter)) == []

    @pytest.mark.parametrize(
        "body",
        [
            "for part in lib.stream():\n    print(part.token)",
            "for part in lib.stream():\n    token = getattr(part, 'token', None) or part['token']\n"
            "    logger.info(f'got {token}')",
        ],
    )
    def test_token_of_each_item(self, body: str) -> None:
        assert found(endpoint(body, "")) == []

    def test_token_beside_a_loop(self) -> None:
        body = "token = lib.sign()\nfor part in lib.stream():\n    logger.info('%s %s', part, token)"
        assert len(found(endpoint(body, ""))) == 1

    def test_number_called_token(self) -> None:
        assert found(endpoint("logger.info('%d', token)", "token: int")) == []

    def test_tokens_of_a_text(self) -> None:
        assert found(endpoint("for token in text.split():\n    print(token)", "text: str")) == []

    def test_object_that_is_called_token(self) -> None:
        source = "class Token:\n    ...\n"
        assert found(source + endpoint("logger.info('%s', token)", "token: Token")) == []

    def test_settings_without_secrets(self) -> None:
        source = "class Plain(BaseSettings):\n    name: str = ''\nplain = Plain()\n"
        assert found(source + endpoint("logger.info('%s %s', plain, settings.name)")) == []

    def test_headers_of_something_else(self) -> None:
        body = "response = await fetch()\nlogger.info('%s %s', response.headers, response.json())"
        assert found(endpoint(body)) == []

    @pytest.mark.parametrize(
        "value", ["request.headers['accept']", "request.headers.get('user-agent')", "request.url"]
    )
    def test_other_parts_of_the_request(self, value: str) -> None:
        assert found(endpoint(f"logger.info('%s', {value})")) == []

    def test_masked_by_one_assignment(self) -> None:
        body = "token = mask_token(request.headers['authorization'])\nlogger.info(token)"
        assert found(endpoint(body)) == []

    def test_no_logger(self) -> None:
        source = "class Bus:\n    def info(self, text): ...\nbus = Bus()\n"
        assert found(source + endpoint("bus.info(password)\nsave(password)", "password: str")) == []

    def test_options_of_the_call(self) -> None:
        assert found(endpoint("logger.info('a', exc_info=token)", "token: str")) == []

    def test_function_that_serves_no_request(self) -> None:
        assert found("def job(password: str):\n    print(password)\n") == []

    def test_tests(self) -> None:
        source = HEAD + endpoint("print(password)", "password: str")
        assert lint({"tests/test_main.py": source}, select=["LOG003"]) == []
