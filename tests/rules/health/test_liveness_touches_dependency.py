from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import httpx, redis\nfrom fastapi import APIRouter, Depends, FastAPI, Request\n"
    "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import Session, sessionmaker\n"
    "Local = sessionmaker(create_engine('x'))\ncache = redis.Redis()\napp = FastAPI()\n"
    "def get_db():\n    with Local() as db:\n        yield db\n"
)


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["HLT004"])


def live(body: str, parameters: str = "", path: str = "/health/live") -> str:
    return f"@app.get('{path}')\ndef live({parameters}):\n    {body}\n"


def test_direct_call() -> None:
    [finding] = found(live("return cache.ping()"))
    assert (finding.span.line, finding.span.column) == (13, 12)
    assert finding.message == "`GET /health/live` tells whether the process lives, and depends on Redis"
    assert finding.chain == ()
    assert finding.symbol == "live"


def test_session_of_a_dependency_that_is_not_used() -> None:
    [finding] = found(live("return 'ok'", "db: Session = Depends(get_db)"))
    assert (finding.span.line, finding.span.column) == (12, 10)
    assert [(hop.kind, hop.symbol, hop.span.line) for hop in finding.chain] == [
        ("depends on", "db", 12),
        ("provided by", "get_db", 8),
    ]


def test_through_calls_in_another_module() -> None:
    checks = (
        "import httpx\ndef ask():\n    return deep()\ndef deep():\n    return httpx.get('http://billing')\n"
    )
    source = "from app.checks import ask\n" + live("return ask()")
    [finding] = found(source, **{"app/checks.py": checks})
    assert finding.span.line == 14
    assert "another service over HTTP" in finding.message
    assert [(hop.symbol, hop.span.path, hop.span.line) for hop in finding.chain] == [
        ("ask", "app/main.py", 14),
        ("deep", "app/checks.py", 3),
        ("httpx.get", "app/checks.py", 5),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "@app.get('/live', dependencies=[Depends(get_db)])\ndef live(): ...\n",
        (
            "r = APIRouter(dependencies=[Depends(get_db)])\n@r.get('/livez')\ndef l():"
            " ...\napp.include_router(r)\n"
        ),
        (
            "r = APIRouter()\n@r.get('/livez')\ndef l(): ...\napp.include_router(r,"
            " dependencies=[Depends(get_db)])\n"
        ),
        "other = FastAPI(dependencies=[Depends(get_db)])\n@other.get('/alive')\ndef l(): ...\n",
        live("return 'ok'", "x=Depends(lambda db=Depends(get_db): db)").replace(
            "lambda db=Depends(get_db): db", "get_db"
        ),
    ],
)
def test_levels(source: str) -> None:
    assert len(found(source)) == 1


def test_plain_health_beside_readiness() -> None:
    health = live("return cache.ping()", path="/health")
    assert found(health) == []
    assert len(found(health + "@app.get('/ready')\ndef ready(): return cache.ping()\n")) == 1


def test_liveness_in_a_health_module() -> None:
    router = "import redis\nfrom fastapi import APIRouter\nrouter = APIRouter()\ncache = redis.Redis()\n"
    router += "@router.get('/live')\ndef live(): return cache.ping()\n"
    main = "app.include_router(router, prefix='/internal')\n"
    assert len(found("from app.health import router\n" + main, **{"app/health.py": router})) == 1
    assert found("from app.streams import router\n" + main, **{"app/streams.py": router}) == []


MANIFEST = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n     "
    " containers:\n        - name: api\n          image: api\n          command: [uvicorn, 'app.main:app']\n "
    "         PROBE: {httpGet: {path: /check, port: 8000}}\n"
)


def test_what_a_liveness_probe_asks() -> None:
    source = live("return cache.ping()", path="/check")
    files = {"k8s/api.yaml": MANIFEST.replace("PROBE", "livenessProbe")}
    assert len(found(source, **files)) == 1
    assert found(source, **{"k8s/api.yaml": MANIFEST.replace("PROBE", "readinessProbe")}) == []


def test_name_of_liveness_that_only_readiness_asks() -> None:
    manifest = MANIFEST.replace("PROBE", "readinessProbe").replace("/check", "/health/live")
    assert found(live("return cache.ping()"), **{"k8s/api.yaml": manifest}) == []


@pytest.mark.parametrize(
    "source",
    [
        live("return 'ok'"),
        live("import time\n    return time.time()"),
        live("return cache.ping()", path="/health"),
        live("return cache.ping()", path="/health/ready"),
        live("return cache.ping()", path="/streams/live"),
        live("return cache.ping()", path="/live/{name}"),
        live("return request.url.path", "request: Request"),
        live("return settings", "settings=Depends(lambda: 1)"),
        live("return redis.Redis"),
        live("def later():\n        return cache.ping()\n    return 'ok'"),
        "@app.post('/live')\ndef live(): return cache.ping()\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


OWN = (
    "@app.get('/health')\ndef health():\n    return 'ok'\n"
    "@app.get('/health/ready')\ndef ready():\n    return 'ok'\n"
)


def test_health_of_a_thing_that_the_app_manages() -> None:
    printer = "@app.get('/admin/printers/health')\ndef printers():\n    return httpx.get('http://printers')\n"
    assert found(OWN + printer) == []


def test_health_behind_the_prefix_of_a_service() -> None:
    ready = "@app.get('/orders/ready')\ndef ready():\n    return 'ok'\n"
    assert len(found(ready + live("return cache.ping()", path="/orders/health"))) == 1


def test_health_below_a_versioned_api() -> None:
    assert len(found(OWN + live("return cache.ping()", path="/api/v1/health"))) == 1
