from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

HEAD = (
    "import asyncio\n"
    "from functools import partial\n"
    "from typing import Annotated\n"
    "from fastapi import BackgroundTasks, Depends, FastAPI\n"
    "from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker\n"
    "SessionLocal = sessionmaker()\n"
    "app = FastAPI()\n"
    "class User(DeclarativeBase):\n    __tablename__ = 'users'\n"
    "def get_db():\n    with SessionLocal() as db:\n        yield db\n"
    "def plain_db():\n    return SessionLocal()\n"
    "def get_user(db: Session = Depends(get_db)) -> User: ...\n"
    "def get_name(db: Session = Depends(get_db)) -> str: ...\n"
    "async def work(*args, **kwargs): ...\n"
    "class Repo:\n"
    "    def __init__(self, db: Annotated[Session, Depends(get_db)]):\n        self.db = db\n"
    "    async def save(self, x=1):\n        self.db.commit()\n"
    "    async def mail(self, x=1):\n        print(x)\n"
    "class Service:\n"
    "    def __init__(self, repo: Annotated[Repo, Depends()], tasks: BackgroundTasks):\n"
    "        self.repo = repo\n        self.tasks = tasks\n"
    "    def later(self):\n        {method}\n"
)


def found(call: str, method: str = "...", **files: str) -> list[Finding]:
    parameters = (
        "tasks: BackgroundTasks, service: Annotated[Service, Depends()], repo: Annotated[Repo, Depends()], "
        "user: Annotated[User, Depends(get_user)], name: Annotated[str, Depends(get_name)], "
        "early: Annotated[Session, Depends(get_db, scope='function')], "
        "plain: Session = Depends(plain_db), db: Session = Depends(get_db)"
    )
    lines = "".join(f"    {line}\n" for line in call.splitlines())
    source = HEAD.replace("{method}", method) + f"@app.post('/')\nasync def create({parameters}):\n{lines}"
    return lint({"app/main.py": source, **files}, select=["BGT003"])


def pinned(version: str) -> dict[str, str]:
    return {"requirements.txt": f"fastapi{version}\n"}


def test_warning() -> None:
    [finding] = found("tasks.add_task(work, db)")
    assert finding.severity is Severity.WARNING
    assert (finding.span.column, finding.span.end_column) == (26, 28)
    assert finding.message == "The background task `work` keeps `db` and its connection until it ends"
    assert finding.help == "Hand over ids or plain values, and let the task open a session of its own"
    assert [hop.symbol for hop in finding.chain] == ["db", "get_db"]
    assert finding.symbol == "create"


def test_started_task_is_an_error() -> None:
    [finding] = found("asyncio.create_task(work(db))")
    assert finding.severity is Severity.ERROR
    assert finding.message == "The request closes `db` while the task `work` may still use it"


@pytest.mark.parametrize(
    ("version", "severity"),
    [
        ("==0.105.0", None),
        ("==0.106.0", Severity.ERROR),
        ("==0.117.1", Severity.ERROR),
        ("==0.118.0", Severity.WARNING),
        (">=0.110", Severity.WARNING),
        (">=0.100", None),
        ("", Severity.WARNING),
    ],
)
def test_versions(version: str, severity: Severity | None) -> None:
    findings = found("tasks.add_task(work, db)", **pinned(version))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


def test_started_task_on_all_versions() -> None:
    assert len(found("asyncio.create_task(work(db))", **pinned("==0.105.0"))) == 1


@pytest.mark.parametrize(
    "call",
    [
        "tasks.add_task(work, session=db)",
        "tasks.add_task(work, repo)",
        "tasks.add_task(work, service)",
        "tasks.add_task(work, repo.db)",
        "tasks.add_task(work, service.repo)",
        "tasks.add_task(work, Repo(db))",
        "mine = Repo(db)\ntasks.add_task(work, mine)",
        "tasks.add_task(lambda: work(db))",
        "tasks.add_task(partial(work, db))",
        "tasks.add_task(repo.save, 1)",
        "asyncio.ensure_future(work(db))",
        "t = asyncio.create_task(work(db))\nt.add_done_callback(print)",
        "loop = asyncio.get_running_loop()\nloop.create_task(work(db))",
        "asyncio.get_event_loop().create_task(repo.save())",
    ],
)
def test_fires(call: str) -> None:
    assert len(found(call)) == 1


@pytest.mark.parametrize(
    "method",
    [
        "self.tasks.add_task(work, self.repo)",
        "self.tasks.add_task(work, self.repo.db)",
        "self.tasks.add_task(self.repo.save)",
    ],
)
def test_in_a_service(method: str) -> None:
    [finding] = found("...", method)
    assert finding.symbol == "Service.later"


def test_row_and_early_session() -> None:
    assert found("tasks.add_task(work, user)") == []
    [row] = found("tasks.add_task(work, user)", **pinned("==0.115.0"))
    assert row.message == "The request closes the session of `user` before the background task `work` runs"
    [early] = found("tasks.add_task(work, early)")
    assert early.severity is Severity.ERROR


@pytest.mark.parametrize(
    "call",
    [
        "tasks.add_task(work, user.id)",
        "tasks.add_task(work, name)",
        "tasks.add_task(work, 1, 'a')",
        "tasks.add_task(work, SessionLocal)",
        "tasks.add_task(work, plain)",
        "tasks.add_task(work, SessionLocal())",
        "tasks.add_task(repo.mail, 1)",
        "await asyncio.create_task(work(db))",
        "t = asyncio.create_task(work(db))\nawait t",
        "t = asyncio.create_task(work(db))\nawait asyncio.gather(t)",
        "ts = [asyncio.create_task(work(db))]\nawait asyncio.gather(*ts)",
        "async with asyncio.TaskGroup() as group:\n    group.create_task(work(db))",
        "other.add_task(work, db)",
        "other.create_task(work(db))",
        "t = asyncio.create_task(work(db))\nreturn await asyncio.wait([t])",
        "asyncio.create_task(work(user))",
        "t = asyncio.create_task(work(db))\ntry:\n    x()\nfinally:\n    t.cancel()",
        "work(db)",
    ],
)
def test_silent(call: str) -> None:
    assert found(call) == []
