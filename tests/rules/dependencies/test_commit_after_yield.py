from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "from contextlib import contextmanager\n"
    "from typing import Annotated\n"
    "from fastapi import APIRouter, Depends, FastAPI, WebSocket\n"
    "from sqlalchemy import create_engine\n"
    "from sqlalchemy.orm import Session, sessionmaker\n"
    "engine = create_engine('sqlite://')\n"
    "SessionLocal = sessionmaker(engine)\n"
    "app = FastAPI()\n"
    "@contextmanager\n"
    "def scope():\n"
    "    with SessionLocal() as inner:\n"
    "        yield inner\n"
    "        inner.commit()\n"
    "class Repo:\n"
    "    def __init__(self, db: Session):\n"
    "        self.db = db\n"
    "    def save(self):\n"
    "        self.db.commit()\n"
)
COMMIT = "def get():\n    with SessionLocal() as db:\n        yield db\n        db.commit()\n"
POST = "@app.post('/')\ndef endpoint(db: Session = Depends(get)): ...\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["DEP003"])


def test_place_message_and_chain() -> None:
    [finding] = found(COMMIT + POST)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (22, 9, 20)
    assert finding.message == "`get` commits when the response of `POST /` has already been sent"
    assert finding.help == 'Write `Depends(get, scope="function")`, or commit before the endpoint returns'
    assert [(hop.kind, hop.span.line) for hop in finding.chain] == [
        ("depends on", 24),
        ("provided by", 19),
        ("commits", 22),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "db = SessionLocal()\ntry:\n    yield db\n    db.commit()\nfinally:\n    db.close()",
        "db = SessionLocal()\ntry:\n    yield db\nexcept Exception:\n    raise\nelse:\n    db.commit()",
        "db = SessionLocal()\ntry:\n    yield db\nfinally:\n    db.commit()\n    db.close()",
        "with SessionLocal() as db:\n    with db.begin():\n        yield db",
        "with SessionLocal() as db, db.begin():\n    yield db",
        "with SessionLocal.begin() as db:\n    yield db",
        "with engine.begin() as connection:\n    yield connection",
        "with scope() as db:\n    yield db",
    ],
)
def test_fires(body: str) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    assert len(found(f"def get():\n{lines}{POST}")) == 1


def test_context_manager_of_the_project() -> None:
    [finding] = found("def get():\n    with scope() as db:\n        yield db\n" + POST)
    assert finding.span.line == 20
    assert [(hop.kind, hop.span.line) for hop in finding.chain][2:] == [("enters", 20), ("commits", 13)]


@pytest.mark.parametrize(
    "use",
    [
        "Db = Annotated[Session, Depends(get)]\n@app.put('/')\ndef e(db: Db): ...\n",
        "def repo(db: Session = Depends(get)):\n    return Repo(db)\n"
        "@app.patch('/')\ndef e(r: Repo = Depends(repo)): ...\n",
        "def repo(db: Session = Depends(get)):\n    return Repo(db)\n"
        "@app.patch('/')\ndef e(r: Repo = Depends(repo, scope='function')): ...\n",
        "r = APIRouter(dependencies=[Depends(get)])\n@r.delete('/')\ndef e(): ...\napp.include_router(r)\n",
        "@app.post('/')\ndef e(db: Session = Depends(get, scope='request')): ...\n",
        "@app.post('/a')\ndef a(db: Session = Depends(get, scope='function')): ...\n"
        "@app.post('/b')\ndef b(db: Session = Depends(get)): ...\n",
        "@app.api_route('/', methods=['GET', 'POST'])\ndef e(db: Session = Depends(get)): ...\n",
    ],
)
def test_uses(use: str) -> None:
    assert len(found(COMMIT + use)) == 1


@pytest.mark.parametrize(
    "use",
    [
        "@app.get('/')\ndef e(db: Session = Depends(get)): ...\n",
        "@app.post('/')\ndef e(db: Session = Depends(get, scope='function')): ...\n",
        "Db = Annotated[Session, Depends(get, scope='function')]\n@app.post('/')\ndef e(db: Db): ...\n",
        "@app.post('/')\ndef e(db: Session = Depends(get)):\n    db.commit()\n",
        "def repo(db: Session = Depends(get)):\n    return Repo(db)\n"
        "@app.post('/')\ndef e(r: Repo = Depends(repo)):\n    r.save()\n",
        "@app.websocket('/')\nasync def e(ws: WebSocket, db: Session = Depends(get)): ...\n",
        "@app.post('/')\ndef e(db: Session = Depends(get, scope=SCOPE)): ...\n",
        "",
    ],
)
def test_silent_uses(use: str) -> None:
    assert found(COMMIT + use) == []


@pytest.mark.parametrize(
    "body",
    [
        "with SessionLocal() as db:\n    yield db",
        "with SessionLocal() as db:\n    db.commit()\n    yield db",
        "with SessionLocal() as db:\n    yield db\n    db.rollback()",
        (
            "with SessionLocal() as db:\n    try:\n        yield db\n    except ValueError:\n        "
            "db.commit()\n        raise"
        ),
        "db = unknown()\nyield db\ndb.commit()",
        "with SessionLocal() as db:\n    with db.begin_nested():\n        yield db",
        "with SessionLocal() as db:\n    if a:\n        yield db\n    else:\n        db.commit()",
    ],
)
def test_silent(body: str) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    assert found(f"def get():\n{lines}{POST}") == []


@pytest.mark.parametrize(
    ("requirement", "count"),
    [
        ("fastapi==0.105.0", 1),
        ("fastapi==0.106.0", 0),
        ("fastapi==0.117.1", 0),
        ("fastapi==0.118.0", 1),
        ("fastapi>=0.118", 1),
        ("fastapi<0.106", 1),
        ("fastapi>=0.110", 0),
        ("fastapi>=0.100,!=0.110", 0),
        ("fastapi", 1),
    ],
)
def test_versions(requirement: str, count: int) -> None:
    assert len(found(COMMIT + POST, **{"requirements.txt": f"{requirement}\n"})) == count


@pytest.mark.parametrize(("version", "fixed"), [("0.120.4", False), ("0.121.0", True)])
def test_fix_needs_the_scope(version: str, fixed: bool) -> None:
    [finding] = found(COMMIT + POST, **{"requirements.txt": f"fastapi=={version}\n"})
    assert (finding.fix is not None) is fixed
    assert ("scope" in finding.help) is fixed


def test_fix_edits_every_use() -> None:
    before = COMMIT + (
        "@app.post('/a')\ndef a(db: Session = Depends(get)): ...\n"
        "@app.post('/b', dependencies=[Depends(dependency=get, use_cache=False,)])\ndef b(): ...\n"
    )
    after = before.replace("Depends(get)", 'Depends(get, scope="function")')
    after = after.replace("use_cache=False,", 'use_cache=False, scope="function",')
    files = {"app/main.py": HEAD + before}
    findings = lint(files, select=["DEP003"])
    assert apply_fixes(files, findings) == {"app/main.py": HEAD + after}


def test_no_fix_below_another_yield() -> None:
    outer = "def outer(db: Session = Depends(get)):\n    yield Repo(db)\n"
    [finding] = found(COMMIT + outer + "@app.post('/')\ndef e(r: Repo = Depends(outer)): ...\n")
    assert finding.fix is None


def test_names_a_route_that_writes() -> None:
    user = "def user(db: Session = Depends(get)): ...\n"
    logout = "@app.post('/logout')\ndef logout(u=Depends(user)): ...\n"
    create = "@app.post('/users')\ndef create(u=Depends(user), db: Session = Depends(get)):\n    db.add(1)\n"
    [finding] = found(COMMIT + user + logout + create)
    assert "`POST /users`" in finding.message
    [finding] = found(COMMIT + user + logout)
    assert "`POST /logout`" in finding.message
