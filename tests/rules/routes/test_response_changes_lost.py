from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import (
    FileResponse, HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse,
)
from fastapi.templating import Jinja2Templates

templates = Jinja2Templates("templates")
app = FastAPI()

"""
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE004"])


def endpoint(body: str, parameters: str = "response: Response", before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"{before}\n@app.post('/a')\nasync def login({parameters}):\n{lines}"


def test_place_message_and_related() -> None:
    [finding] = found(endpoint("response.set_cookie('a', 'b')\nreturn RedirectResponse('/')"))
    assert (finding.span.line, finding.span.column) == (LINES + 4, 5)
    assert finding.message == (
        "The cookie set on `response` is lost, because `login` returns its own `RedirectResponse`"
    )
    assert [related.span.line for related in finding.related] == [LINES + 5]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("response.set_cookie(key='a', value='b')", "cookie"),
        ("response.delete_cookie('a')", "cookie"),
        ("response.headers['X-A'] = '1'", "header"),
        ("response.headers.update({'X-A': '1'})", "header"),
        ("response.headers.append('X-A', '1')", "header"),
        ("response.headers.setdefault('X-A', '1')", "header"),
        ("response.status_code = 201", "status code"),
    ],
)
def test_changes(change: str, kind: str) -> None:
    [finding] = found(endpoint(f"{change}\nreturn JSONResponse({{}})"))
    assert finding.message.startswith(f"The {kind} set on `response`")


@pytest.mark.parametrize(
    "returned",
    [
        "return FileResponse('a.txt')",
        "return HTMLResponse('<p>')",
        "return StreamingResponse(rows())",
        "return Response(status_code=204)",
        "return templates.TemplateResponse('a.html', {})",
        "answer = JSONResponse({})\nreturn answer",
        "return JSONResponse({}) if flag else {}",
        "if flag:\n    return JSONResponse({})\nreturn {}",
        "try:\n    work()\nexcept ValueError:\n    return JSONResponse({})\nreturn {}",
        "for one in many:\n    return JSONResponse({})\nreturn {}",
        "return redirect_home()",
        "return await make()",
        "return Problem({})",
    ],
)
def test_returned_responses(returned: str) -> None:
    before = (
        "class Problem(JSONResponse):\n    pass\n"
        "def redirect_home() -> RedirectResponse:\n    return RedirectResponse('/')\n"
        "async def make():\n    return Response('x')\n"
    )
    assert len(found(endpoint(f"response.set_cookie('a', 'b')\n{returned}", before=before))) == 1


def test_helpers_of_other_modules_and_classes() -> None:
    files = {
        "app/cookies.py": (
            "from fastapi import Response\nclass Cookies:\n"
            "    def remember(self, user, response: Response):\n"
            "        self._set(response)\n        return 1\n"
            "    def _set(self, answer):\n        answer.set_cookie('a', 'b')\n"
        )
    }
    body = "token = cookies.remember(1, response=response)\nreturn RedirectResponse('/')"
    source = "from app.cookies import Cookies\ncookies = Cookies()\n" + endpoint(body)
    [finding] = found(source, **files)
    assert finding.span.line == LINES + 6


def test_annotated_and_other_names() -> None:
    body = "res.set_cookie('a', 'b')\nreturn RedirectResponse('/')"
    assert len(found(endpoint(body, "res: Annotated[Response, 'x']"))) == 1
    assert len(found(endpoint(body, "request: Request, res: Response = None"))) == 1


def test_one_finding_for_several_changes() -> None:
    body = "response.set_cookie('a', 'b')\nresponse.set_cookie('c', 'd')\nreturn RedirectResponse('/')"
    assert len(found(endpoint(body))) == 1


# --- silent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "response.set_cookie('a', 'b')\nreturn response",
        "response.set_cookie('a', 'b')\nreturn {'a': 1}",
        "response.set_cookie('a', 'b')\nreturn None",
        "response.set_cookie('a', 'b')",
        "response.set_cookie('a', 'b')\nreturn unknown()",
        "response.set_cookie('a', 'b')\nraise HTTPException(400)",
        "return JSONResponse({})\nresponse.set_cookie('a', 'b')",
        "if x:\n    response.set_cookie('a', 'b')\nelse:\n    return JSONResponse({})\nreturn {}",
        "if x:\n    response.set_cookie('a', 'b')\n    return {}\nreturn JSONResponse({})",
        "match x:\n    case 1:\n        response.set_cookie('a', 'b')\n    case _:\n"
        "        return JSONResponse({})\nreturn {}",
        "try:\n    response.set_cookie('a', 'b')\n    return {}\nexcept Exception:\n"
        "    return JSONResponse({}, status_code=500)",
        "try:\n    response.set_cookie('a', 'b')\n    return {}\nexcept Exception:\n"
        "    return FileResponse('sorry.html')",
    ],
)
def test_ways_on_which_nothing_is_lost(body: str) -> None:
    assert found(endpoint(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "response.headers['a'] = 'b'\nreturn JSONResponse({}, headers=response.headers)",
        "response.headers['a'] = 'b'\nreturn JSONResponse({}, headers={**response.headers})",
        "response.headers['a'] = 'b'\nanswer = JSONResponse({})\n"
        "answer.raw_headers.extend(response.raw_headers)\nreturn answer",
        "response.headers['a'] = 'b'\nanswer = JSONResponse({})\n"
        "answer.headers.update(response.headers)\nreturn answer",
        "response.set_cookie('a', 'b')\nreturn merge(response, JSONResponse({}))",
        "response.set_cookie('a', 'b')\nself.response = response\nreturn JSONResponse({})",
        "response = RedirectResponse('/')\nresponse.set_cookie('a', 'b')\nreturn response",
        "response.set_cookie('a', 'b')\nasync def rows():\n    yield response.headers\n"
        "return StreamingResponse(rows())",
    ],
)
def test_copied_handed_on_or_bound_anew(body: str) -> None:
    assert found(endpoint(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "response.set_cookie('a', 'b')\nanswer = RedirectResponse('/')\nanswer.set_cookie('a', 'b')\n"
        "return answer",
        "remember(response)\nanswer = RedirectResponse('/')\nremember(answer)\nreturn answer",
        "response.headers['X-A'] = '1'\nreturn JSONResponse({}, headers={'x-a': '1'})",
        "response.headers['X-A'] = '1'\nreturn JSONResponse({}, headers=common)",
        "response.headers['X-A'] = '1'\nreturn JSONResponse({}, **options)",
        "response.headers['Content-Type'] = 'text/csv'\nreturn StreamingResponse(rows())",
        "response.status_code = 201\nreturn JSONResponse({}, status_code=201)",
        "response.status_code = 201\nreturn JSONResponse({}, 409)",
        "response.status_code = 201\nanswer = JSONResponse({})\nanswer.status_code = 201\nreturn answer",
        "response.status_code = 303\nreturn redirect_home()",
    ],
)
def test_the_returned_response_has_it_too(body: str) -> None:
    before = (
        "def remember(answer):\n    answer.set_cookie('a', 'b')\n"
        "def redirect_home():\n    return RedirectResponse('/', status_code=303)\n"
    )
    assert found(endpoint(body, before=before)) == []


def test_errors() -> None:
    early = "response.set_cookie('a', 'b')\nif bad:\n    return JSONResponse({}, status_code={})\nreturn {{}}"
    for status in ("404", "status.HTTP_409_CONFLICT", "code"):
        source = "from fastapi import status\n" + endpoint(early.replace("{}", "[]", 1).format(status))
        assert found(source) == [], status
    own = "if bad:\n    response.delete_cookie('a')\n    return JSONResponse({}, status_code=401)\nreturn {}"
    assert len(found(endpoint(own))) == 1
    assert len(found(endpoint("response.delete_cookie('a')\nreturn JSONResponse({}, status_code=401)"))) == 1


def test_a_call_that_always_raises() -> None:
    before = "def refuse():\n    raise HTTPException(401)\n"
    body = "if bad:\n    response.delete_cookie('a')\n    refuse()\nreturn RedirectResponse('/')"
    assert found(endpoint(body, before=before)) == []


def test_helpers_that_are_not_certain() -> None:
    before = "def remember(answer, flag):\n    if flag:\n        answer.set_cookie('a', 'b')\n"
    assert found(endpoint("remember(response, 0)\nreturn RedirectResponse('/')", before=before)) == []
    before = "def remember(answer):\n    answer.set_cookie('a', 'b')\n    return RedirectResponse(answer)\n"
    assert found(endpoint("return remember(response)", before=before)) == []
    before = "def change(answer):\n    answer.set_cookie('a', 'b')\n    KEPT.append(answer)\n"
    assert found(endpoint("change(response)\nreturn RedirectResponse('/')", before=before)) == []


def test_what_is_no_injected_response() -> None:
    body = "response.set_cookie('a', 'b')\nreturn RedirectResponse('/')"
    assert found(endpoint(body, "response: Annotated[Response, Depends(elsewhere)]")) == []
    assert found(endpoint(body, "response")) == []
    assert found(endpoint(body, "response: dict")) == []
    helper = f"def helper(response: Response):\n    {body.replace(chr(10), chr(10) + '    ')}\n"
    assert found(helper) == []
    raw = "\n@app.route('/x')\ndef raw(response: Response):\n    response.status_code = 1\n"
    assert found(raw + "    return JSONResponse({})\n") == []


def test_decorators_that_may_merge_the_responses() -> None:
    source = endpoint("response.set_cookie('a', 'b')\nreturn RedirectResponse('/')")
    assert found(source.replace("async def", "@merged\nasync def")) == []
    limited = source.replace("async def", "@limiter.limit('1/day')\nasync def")
    assert len(found("from slowapi import Limiter\nlimiter = Limiter()\n" + limited)) == 1


# --- dependencies --------------------------------------------------------------------------------

DEPENDENCY = "def session(response: Response):\n    response.set_cookie('a', 'b')\n    return 1\n"


def test_dependency_place_and_message() -> None:
    source = endpoint("return FileResponse('x')", "token: Annotated[int, Depends(session)]", DEPENDENCY)
    [finding] = found(source)
    assert (finding.span.line, finding.span.column) == (LINES + 7, 12)
    assert finding.message == (
        "`login` returns its own `FileResponse`, so the cookie that `session` sets on `response` is lost"
    )
    assert [related.span.line for related in finding.related] == [LINES + 2]


@pytest.mark.parametrize(
    "dependency",
    [
        DEPENDENCY,
        "def inner(answer: Response):\n    answer.set_cookie('a', 'b')\n"
        "def session(user: Annotated[int, Depends(inner)]):\n    return user\n",
        "class session:\n    def __init__(self, res: Response):\n        res.set_cookie('a', 'b')\n",
        "def session(response: Response):\n    response.set_cookie('a', 'b')\n    yield 1\n    close()\n",
        "def session(response: Response, old: bool):\n    if old:\n        response.set_cookie('a', 'b')\n",
    ],
)
def test_dependencies(dependency: str) -> None:
    assert len(found(endpoint("return FileResponse('x')", "token=Depends(session)", dependency))) == 1


def test_dependencies_of_routers() -> None:
    source = (
        f"{DEPENDENCY}router = APIRouter(dependencies=[Depends(session)])\n"
        "@router.get('/x')\ndef read():\n    return FileResponse('x')\napp.include_router(router)\n"
    )
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    ("dependency", "body"),
    [
        (DEPENDENCY, "return {}"),
        (DEPENDENCY, "return unknown()"),
        (DEPENDENCY, "if bad:\n    return JSONResponse({}, status_code=404)\nreturn {}"),
        (DEPENDENCY, "answer = FileResponse('x')\nanswer.set_cookie('a', 'b')\nreturn answer"),
        (
            "def session(response: Response):\n    yield 1\n    response.set_cookie('a', 'b')\n",
            "return FileResponse('x')",
        ),
        (
            "def session(response: Response):\n    if bad:\n        response.delete_cookie('a')\n"
            "        raise HTTPException(401)\n    return 1\n",
            "return FileResponse('x')",
        ),
        (
            "def session(response: Response):\n    response.set_cookie('a', 'b')\n    return response\n",
            "return FileResponse('x')",
        ),
    ],
)
def test_dependencies_that_lose_nothing(dependency: str, body: str) -> None:
    assert found(endpoint(body, "token=Depends(session)", dependency)) == []


def test_copied_with_what_dependencies_have_set() -> None:
    parameters = "response: Response, token=Depends(session)"
    body = "return JSONResponse({}, headers=response.headers)"
    assert found(endpoint(body, parameters, DEPENDENCY)) == []
