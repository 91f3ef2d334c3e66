"""SEC002 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import lint

HEAD = """
from typing import Annotated
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, Header, HTTPException, Request, Security
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel
from starlette.middleware.base import BaseHTTPMiddleware

scheme = OAuth2PasswordBearer(tokenUrl="token")
lenient = HTTPBearer(auto_error=False)
app = FastAPI()
router = APIRouter(prefix="/orders")

class Order(BaseModel):
    name: str

def get_db(): ...
def get_service(db: str = Depends(get_db)): ...
def current_user(token: Annotated[str, Depends(scheme)]):
    return token
User = Annotated[str, Depends(current_user)]
def by_header(x_key: str = Header()):
    refuse(x_key)
def refuse(key):
    if key != load():
        raise HTTPException(status_code=403)
def optional_user(token=Depends(lenient)):
    return token
"""
SERVED = "app.include_router(router)\n"


def siblings(count: int, given: str = "user: User", start: int = 0) -> str:
    return "".join(
        f"@router.put('/a{n}')\ndef change_{n}({given}): ...\n" for n in range(start, start + count)
    )


def found(source: str, extra: dict[str, str] | None = None) -> list[str]:
    findings = lint({"app/main.py": HEAD + source, **(extra or {})}, select=["SEC002"])
    return [finding.message for finding in findings]


def forgotten(parameters: str = "", path: str = "/{n}", name: str = "remove", body: str = "...") -> str:
    return f"@router.delete('{path}')\nasync def {name}({parameters}):\n    {body}\n"


@pytest.mark.parametrize(
    "given",
    [
        "user: User",
        "user: str = Security(current_user)",
        "key: str = Depends(APIKeyHeader(name='x-key'))",
        "_: None = Depends(by_header)",
    ],
)
def test_what_counts_as_authentication(given: str) -> None:
    [message] = found(siblings(4, given) + forgotten() + SERVED)
    assert message == (
        "`DELETE /orders/{n}` has no authentication, unlike 4 of the 4 other write routes of its router"
    )


@pytest.mark.parametrize("given", ["user: str = Depends(optional_user)", "db: str = Depends(get_db)"])
def test_what_counts_as_none(given: str) -> None:
    assert found(siblings(4, given) + forgotten() + SERVED) == []


def test_three_quarters_and_at_least_four() -> None:
    assert found(siblings(3) + forgotten() + SERVED) == []
    open_ones = "".join(forgotten(name=f"remove_{n}", path=f"/r{n}") for n in range(3))
    assert len(found(siblings(6) + open_ones + SERVED)) == 3
    assert found(siblings(5) + open_ones + SERVED) == []


def test_dependencies_at_each_level() -> None:
    half = siblings(4)
    included = half + forgotten() + "app.include_router(router, dependencies=[Depends(scheme)])\n"
    on_router = half.replace("router", "kept") + forgotten().replace("router", "kept")
    made = "kept = APIRouter(prefix='/kept', dependencies=[Depends(by_header)])\n"
    assert found(included) == []
    assert found(made + on_router + "app.include_router(kept)\n") == []
    assert found(siblings(4) + forgotten() + "api = FastAPI(dependencies=[Depends(scheme)])\n"
                 "api.include_router(router)\n") == []  # fmt: skip


def test_a_router_of_another_module() -> None:
    main = "from app import orders\napp = FastAPI()\napp.include_router(orders.router)\n"
    files = {"app/main.py": f"from fastapi import FastAPI\n{main}", "app/__init__.py": ""}
    files["app/orders.py"] = HEAD + siblings(4) + forgotten("service: str = Depends(get_service)")
    assert [finding.span.path for finding in lint(files, select=["SEC002"])] == ["app/orders.py"]


@pytest.mark.parametrize(
    "path",
    ["/login", "/token", "/refresh", "/logout", "/register", "/signup", "/forgot-password", "/reset_password",
     "/verify/{n}", "/stripe-webhook", "/callback/{n}", "/health", "/search", "/accept-invite"],
)  # fmt: skip
def test_paths_that_are_open_on_purpose(path: str) -> None:
    assert found(siblings(4) + forgotten(path=path) + SERVED) == []


@pytest.mark.parametrize("name", ["login_by_mail", "verify_email", "registerCustomer", "resetPassword"])
def test_names_that_are_open_on_purpose(name: str) -> None:
    assert found(siblings(4) + forgotten(name=name) + SERVED) == []


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ("x_key: str = Header()", "..."),
        ("session: Annotated[str, Cookie()]", "..."),
        ("request: Request", "..."),
        ("token: str", "..."),
        ("api_key: str = Body()", "..."),
        ("n: int", "verify_signature(n)"),
        ("n: int", "self.authorize(n)"),
        ("user: str = Depends(unknown)", "..."),
        ("user: str = Depends(lambda: 1)", "..."),
        ("form: OAuth2PasswordRequestForm = Depends()", "..."),
        ("user: str = Depends(optional_user)", "..."),
        ("user: str = Depends(scheme)", "..."),
    ],
)
def test_routes_that_may_authenticate(parameters: str, body: str) -> None:
    assert found(siblings(4) + forgotten(parameters, body=body) + SERVED) == []


def test_dependencies_whose_names_say_who_asks() -> None:
    source = "def require_owner(n: int): ...\n"
    assert found(source + siblings(4) + forgotten("o: str = Depends(require_owner)") + SERVED) == []


def test_another_decorator() -> None:
    guarded = forgotten().replace("async def", "@allowed('admin')\nasync def")
    assert found(siblings(4) + guarded + SERVED) == []


@pytest.mark.parametrize(
    ("middleware", "count"),
    [
        ("app.add_middleware(CORSMiddleware)\n", 1),
        ("@app.middleware('http')\nasync def stamp(request, call_next):\n"
         "    return await call_next(request)\n", 1),
        ("app.add_middleware(unknown)\n", 0),
        ("from lib import Auth\napp.add_middleware(Auth)\n", 0),
        ("@app.middleware('http')\nasync def check(request, call_next):\n"
         "    if not request.headers.get('x'):\n"
         "        return JSONResponse({}, status_code=401)\n    return await call_next(request)\n", 0),
        ("class AuthMiddleware(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n"
         "        request.state.user = load(request)\n        return await call_next(request)\n"
         "app.add_middleware(AuthMiddleware)\n", 0),
    ],
)  # fmt: skip
def test_middleware(middleware: str, count: int) -> None:
    assert len(found(middleware + siblings(4) + forgotten() + SERVED)) == count


def test_a_router_that_goes_to_unknown_code() -> None:
    assert found("from lib import serve\n" + siblings(4) + forgotten() + "serve(router)\n") == []


def test_a_route_that_is_there_only_sometimes() -> None:
    sometimes = "from lib import on\nif on:\n    @router.delete('/b')\n    def remove(): ...\n"
    assert found(siblings(4) + sometimes + SERVED) == []


def test_reading_is_no_writing() -> None:
    assert found(siblings(4) + forgotten().replace(".delete(", ".get(") + SERVED) == []


def test_unknown_dependencies_of_a_router() -> None:
    included = "from lib import guards\napp.include_router(router, dependencies=guards)\n"
    assert found(siblings(4) + forgotten() + included) == []


def test_a_dependency_that_was_commented_out() -> None:
    opened = (
        "@router.delete('/b')\ndef remove(\n    n: int,\n    # user: str = Depends(current_user),\n): ...\n"
    )
    assert found(siblings(4) + opened + SERVED) == []


@pytest.mark.parametrize(
    ("path", "posts", "count"), [("/b", 2, 1), ("/b", 1, 0), ("/{n}/applications", 2, 0), ("/{n}/vote", 2, 0)]
)
def test_what_visitors_may_add(path: str, posts: int, count: int) -> None:
    added = "".join(f"@router.post('/p{n}')\ndef add_{n}(user: User): ...\n" for n in range(posts))
    visitor = f"@router.post('{path}')\ndef put_in(n: int): ...\n"
    assert len(found(siblings(4) + added + visitor + SERVED)) == count
