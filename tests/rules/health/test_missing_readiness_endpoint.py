from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import httpx, redis\nfrom fastapi import APIRouter, Depends, FastAPI\nfrom sqlalchemy import"
    " create_engine\nfrom sqlalchemy.orm import Session, sessionmaker\nLocal ="
    " sessionmaker(create_engine('x'))\ncache = redis.Redis()\napp = FastAPI()\ndef get_db():\n    with"
    " Local() as db:\n        yield db\n"
)
COUNT = "@app.get('/count')\ndef count(db: Session = Depends(get_db)):\n    return db.execute('x')\n"
PROCFILE = "web: uvicorn app.main:app --host 0.0.0.0\n"


def found(source: str, preset: str | None = None, **files: str) -> list[Finding]:
    given = {"app/__init__.py": "", "app/main.py": HEAD + source, **(files or {"Procfile": PROCFILE})}
    return lint(given, select=["HLT002"], preset=preset)


def test_place_message_and_related() -> None:
    [finding] = found(COUNT)
    assert (finding.span.line, finding.span.column) == (7, 7)
    assert (
        finding.message
        == "The app `app.main:app` needs a database, and no endpoint tells whether it is there"
    )
    [related] = finding.related
    assert (related.span.line, related.message) == (12, "`count` uses a database")
    assert finding.severity is not None
    assert finding.severity.value == "info"


def test_liveness_is_no_readiness() -> None:
    assert len(found(COUNT + "@app.get('/health')\ndef live(): return 'ok'\n")) == 1


def test_redis_and_dependencies() -> None:
    [finding] = found("@app.get('/rates')\ndef rates(): return cache.get('x')\n")
    assert "needs Redis" in finding.message
    source = (
        "def limit():\n    cache.incr('x')\n@app.get('/rates', dependencies=[Depends(limit)])\ndef rates():"
        " ...\n"
    )
    assert len(found(source)) == 1


def test_preset_production_judges_every_app() -> None:
    assert found(COUNT, **{"README.md": ""}) == []
    assert len(found(COUNT, "production", **{"README.md": ""})) == 1


@pytest.mark.parametrize(
    "source",
    [
        "@app.get('/double')\ndef double(n: int): return n * 2\n",
        "@app.get('/rates')\ndef rates(): return httpx.get('x')\n",
        COUNT + "@app.get('/health/ready')\ndef ready(): return 'ok'\n",
        COUNT + "@app.get('/readyz')\ndef ready(): return 'ok'\n",
        COUNT + "@app.get('/ready-check')\ndef ready(): return 'ok'\n",
        COUNT + "@app.get('/health')\ndef health(): return cache.ping()\n",
        COUNT + "@app.get('/health')\ndef health(db: Session = Depends(get_db)): ...\n",
        COUNT + "from lib import router\napp.include_router(router)\n",
        COUNT + "from lib import health\napp.add_api_route('/health', health)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_readiness_probe_that_asks_another_route() -> None:
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: api\n          image: api\n"
        "          command: [uvicorn, 'app.main:app']\n"
        "          readinessProbe: {httpGet: {path: /about, port: 8000}}\n"
    )
    source = COUNT + "@app.get('/about')\ndef about(): return 'app'\n"
    assert found(source, **{"k8s/api.yaml": manifest}) == []
    assert len(found(source, **{"k8s/api.yaml": manifest.replace("readiness", "liveness")})) == 1
