from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

WORKERS = "web: uvicorn app.main:app --port $PORT --workers 4\n"
HEAD = """import asyncio, os, fcntl, aiocron, httpx, threading
from contextlib import asynccontextmanager
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI
from fastapi_utils.tasks import repeat_every
from rocketry import Rocketry
from app.config import settings
"""
JOB = "async def job():\n    print('invoices')\n"
START = """    scheduler = AsyncIOScheduler()
    scheduler.add_job(job, 'cron', hour=6)
    scheduler.start()
"""
APP = "app = FastAPI(lifespan=lifespan)\n"


def lifespan(body: str) -> str:
    return f"@asynccontextmanager\nasync def lifespan(app):\n{body}    yield\n"


def found(code: str, **files: str) -> list[Finding]:
    if not any(name.endswith(("Dockerfile", "Procfile", ".yaml")) for name in files):
        files["Procfile"] = WORKERS
    sources = {"app/__init__.py": "", "app/main.py": HEAD + code, **files}
    return lint(sources, select=["BGT006"])


def test_place_message_and_related() -> None:
    [finding] = found(JOB + lifespan(START) + APP)
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 14, 5)
    assert finding.message == (
        "`scheduler` starts in each process, and the process `web` starts 4 workers: `job` runs 4 times"
    )
    assert [(one.message, one.span.path) for one in finding.related] == [
        ("4 workers are asked for here", "Procfile")
    ]
    assert finding.chain == ()


def test_chain_through_functions_and_modules() -> None:
    module = (
        "from apscheduler.schedulers.background import BackgroundScheduler\n"
        "scheduler = BackgroundScheduler()\ndef job(): ...\n"
        "def start_all():\n    scheduler.add_job(job, 'interval', hours=1)\n    scheduler.start()\n"
    )
    code = "from app.jobs import start_all\n" + lifespan("    start_all()\n") + APP
    [finding] = found(code, **{"app/jobs.py": module})
    assert (finding.span.path, finding.span.line) == ("app/jobs.py", 6)
    assert [hop.symbol for hop in finding.chain] == ["start_all", "scheduler.start"]


LOOP = "async def loop():\n    while True:\n        {}\n        await asyncio.sleep(60)\n"
POST = "httpx.post('https://example.org')"


@pytest.mark.parametrize(
    "code",
    [
        # the places of a start
        JOB + "app = FastAPI()\n@app.on_event('startup')\nasync def begin():\n" + START,
        JOB + "async def begin():\n" + START + "app = FastAPI(on_startup=[begin])\n",
        JOB + "app = FastAPI()\nasync def begin():\n" + START + "app.add_event_handler('startup', begin)\n",
        JOB + "scheduler = AsyncIOScheduler()\nscheduler.add_job(job)\nscheduler.start()\napp = FastAPI()\n",
        "scheduler = AsyncIOScheduler()\n@scheduler.scheduled_job('cron', hour=6)\nasync def job(): ...\n"
        + lifespan("    scheduler.start()\n")
        + APP,
        JOB + "class Jobs:\n    def __init__(self):\n        self.scheduler = AsyncIOScheduler()\n"
        "    def start(self):\n        self.scheduler.add_job(job, 'cron')\n"
        "        if not self.scheduler.running:\n            self.scheduler.start()\n"
        "jobs = Jobs()\n" + lifespan("    jobs.start()\n") + APP,
        JOB + lifespan("    try:\n" + START.replace("    ", "        ") + "    finally: print()\n") + APP,
        JOB + lifespan("    if not settings.ok:\n        raise RuntimeError\n" + START) + APP,
        # a store that is shared, but no lock
        JOB
        + lifespan(
            "    scheduler = AsyncIOScheduler(jobstores={'default': SQLAlchemyJobStore()})\n"
            "    scheduler.add_job(job, 'cron')\n    scheduler.start()\n"
        )
        + APP,
        # another lock than one between processes
        "lock = asyncio.Lock()\nasync def job():\n    async with lock:\n        print()\n"
        + lifespan(START)
        + APP,
        "async def job():\n    with threading.Lock():\n        print()\n" + lifespan(START) + APP,
        # the second job is not guarded
        JOB
        + "def guarded():\n    with redis_lock('x'): print()\n"
        + lifespan(
            START.replace("    scheduler.add_job", "    scheduler.add_job(guarded)\n    scheduler.add_job", 1)
        )
        + APP,
        # other schedulers
        "app = FastAPI()\n@app.on_event('startup')\n@repeat_every(seconds=60)\nasync def job(): print()\n",
        "@repeat_every(seconds=60)\nasync def job(): print()\n" + lifespan("    await job()\n") + APP,
        "@aiocron.crontab('0 6 * * *')\nasync def job(): print()\napp = FastAPI()\n",
        "rocketry = Rocketry()\n@rocketry.task('daily')\nasync def job(): print()\n"
        + lifespan("    asyncio.create_task(rocketry.serve())\n")
        + APP,
        # loops
        LOOP.format(POST) + lifespan("    asyncio.create_task(loop())\n") + APP,
        LOOP.format(POST) + lifespan("    tasks = [asyncio.create_task(loop())]\n") + APP,
        LOOP.format("await send()")
        + "async def send():\n    "
        + POST
        + "\n"
        + lifespan("    task = asyncio.create_task(loop())\n")
        + APP,
        LOOP.format("job.delay()") + lifespan("    asyncio.ensure_future(loop())\n") + APP,
        LOOP.format("session.commit()") + lifespan("    asyncio.create_task(loop())\n") + APP,
        # a factory
        JOB
        + lifespan(START)
        + "def create_app():\n    return FastAPI(lifespan=lifespan)\napp = create_app()\n",
    ],
)
def test_started_in_each_process(code: str) -> None:
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        # a lock guards the job
        "async def job():\n    with redis_lock('x'): print()\n" + lifespan(START) + APP,
        "async def job():\n    if not await acquire_lock(): return\n    print()\n" + lifespan(START) + APP,
        "async def job():\n    await redis.set('k', 1, nx=True)\n" + lifespan(START) + APP,
        "async def job():\n    db.execute('SELECT pg_try_advisory_lock(1)')\n" + lifespan(START) + APP,
        "async def job():\n    db.query(Mail).with_for_update(skip_locked=True)\n" + lifespan(START) + APP,
        "async def job():\n    await inner()\nasync def inner():\n    async with client.lock('x'): print()\n"
        + lifespan(START)
        + APP,
        "@with_lock\nasync def job():\n    print()\n" + lifespan(START) + APP,
        # a lock guards the start
        JOB + lifespan("    fcntl.flock(open('x'), fcntl.LOCK_EX)\n" + START) + APP,
        JOB + lifespan("    await wait_for_leadership()\n" + START.replace("start", "start")) + APP,
        JOB + lifespan("    async with leader_election():\n" + START.replace("    ", "        ")) + APP,
        JOB + "try:\n    fcntl.flock(open('x'), 6)\n" + START + "except OSError: pass\napp = FastAPI()\n",
        # a condition
        JOB + lifespan("    if os.environ.get('X'):\n" + START.replace("    ", "        ")) + APP,
        JOB + lifespan("    if settings.scheduler:\n" + START.replace("    ", "        ")) + APP,
        JOB
        + "def begin():\n    if not settings.scheduler:\n        return\n"
        + START
        + lifespan("    begin()\n")
        + APP,
        JOB + "def begin():\n" + START + lifespan("    if settings.scheduler: begin()\n") + APP,
        JOB + "if settings.scheduler:\n" + START + "app = FastAPI()\n",
        JOB + "app = FastAPI()\nif __name__ == '__main__':\n" + START,
        JOB
        + lifespan("    match settings.role:\n        case 'jobs':\n" + START.replace("    ", " " * 12))
        + APP,
        # started by something else
        JOB + "def main():\n" + START + "app = FastAPI()\n",
        JOB + "app = FastAPI()\n@app.on_event('shutdown')\nasync def end():\n" + START,
        JOB + "app = FastAPI()\n@app.post('/start')\nasync def begin():\n" + START,
        # paused, or nothing to run
        JOB + lifespan(START.replace("start()", "start(paused=True)")) + APP,
        lifespan("    scheduler = AsyncIOScheduler()\n    scheduler.start()\n") + APP,
        lifespan(
            "    scheduler = AsyncIOScheduler()\n    scheduler.add_job(unknown)\n    scheduler.start()\n"
        )
        + APP,
        # only the process's own state
        "rates = {}\nasync def job():\n    rates['x'] = httpx.get('x').json()\n" + lifespan(START) + APP,
        "rates = None\nasync def job():\n    global rates\n    rates = await load()\n"
        + lifespan(START)
        + APP,
        "cache = Cache()\nasync def job():\n    cache.clear()\n" + lifespan(START) + APP,
        "async def send_heartbeat(): print()\n" + lifespan(START.replace("job,", "send_heartbeat,")) + APP,
        LOOP.format("print()") + lifespan("    asyncio.create_task(loop())\n") + APP,
        LOOP.format("rates = httpx.get('x')") + lifespan("    asyncio.create_task(loop())\n") + APP,
        LOOP.format("await socket.send_text('ping')") + lifespan("    asyncio.create_task(loop())\n") + APP,
        # a loop that ends, a task that is no loop
        LOOP.format(POST + "\n        break") + lifespan("    asyncio.create_task(loop())\n") + APP,
        "async def once():\n    " + POST + "\n" + lifespan("    asyncio.create_task(once())\n") + APP,
        # something else has a method `start`
        JOB
        + lifespan("    scheduler = Scheduler()\n    scheduler.add_job(job)\n    scheduler.start()\n")
        + APP,
        "@aiocron.crontab('0 6 * * *', start=False)\nasync def job(): print()\napp = FastAPI()\n",
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


BAD = JOB + lifespan(START) + APP
IMAGE = 'FROM python:3.13\nWORKDIR /x\nCOPY . .\n{}CMD ["uvicorn", "app.main:app"]\n'


def test_counts() -> None:
    assert found(BAD, Procfile=WORKERS.replace("4", "1")) == []
    assert found(BAD, Procfile=WORKERS.replace("4", "$WORKERS")) == []
    assert found(BAD, Procfile="web: uvicorn app.main:app\n") == []
    assert found(BAD, Dockerfile=IMAGE.format("")) == []
    assert len(found(BAD, Dockerfile=IMAGE.format("ENV WEB_CONCURRENCY=3\n"))) == 1
    gunicorn = {"Procfile": "web: gunicorn app.main:app -k uvicorn.workers.UvicornWorker\n"}
    assert len(found(BAD, **gunicorn, **{"gunicorn.conf.py": "workers = 3\n"})) == 1
    assert found(BAD, **gunicorn, **{"gunicorn.conf.py": "workers = 1\n"}) == []
    compose = "services:\n  api:\n    build: .\n    deploy: {replicas: 2}\n"
    [finding] = found(BAD, **{"Dockerfile": IMAGE.format(""), "compose.yaml": compose})
    assert "starts 2 replicas" in finding.message
    one = compose.replace("2", "1")
    assert found(BAD, **{"Dockerfile": IMAGE.format(""), "compose.yaml": one}) == []


def test_gunicorn_that_loads_the_app_once() -> None:
    at_import = (
        JOB + "scheduler = AsyncIOScheduler()\nscheduler.add_job(job)\nscheduler.start()\napp = FastAPI()\n"
    )
    once = "web: gunicorn app.main:app -w 4 --preload -k uvicorn.workers.UvicornWorker\n"
    assert found(at_import, Procfile=once) == []
    assert len(found(BAD, Procfile=once)) == 1
    assert len(found(at_import, Procfile=once.replace("--preload ", ""))) == 1


def test_a_service_of_its_own() -> None:
    worker = (
        "from apscheduler.schedulers.blocking import BlockingScheduler\nfrom app.main import job\n"
        "scheduler = BlockingScheduler()\nscheduler.add_job(job)\nscheduler.start()\n"
    )
    procfile = WORKERS + "jobs: python -m app.worker\n"
    assert found(JOB + "app = FastAPI()\n", **{"app/worker.py": worker, "Procfile": procfile}) == []


def test_apscheduler_4() -> None:
    code = (
        "from apscheduler import AsyncScheduler\n" + JOB + "@asynccontextmanager\nasync def lifespan(app):\n"
        "    async with AsyncScheduler({}) as scheduler:\n"
        "        await scheduler.add_schedule(job, CronTrigger(hour=6))\n"
        "        await scheduler.start_in_background()\n        yield\n" + APP
    )
    assert len(found(code.format(""))) == 1
    assert found(code.format("SQLAlchemyDataStore(engine)")) == []


def test_two_commands_and_two_apps() -> None:
    code = BAD + "other = FastAPI(lifespan=lifespan)\n"
    procfile = WORKERS + "b: uvicorn app.main:other --workers 2\n"
    assert len(found(code, Procfile=procfile)) == 1


def test_a_module_that_is_imported_under_a_condition() -> None:
    jobs = HEAD + JOB + "scheduler = AsyncIOScheduler()\nscheduler.add_job(job)\nscheduler.start()\n"
    assert len(found("import app.jobs\napp = FastAPI()\n", **{"app/jobs.py": jobs})) == 1
    guarded = "if settings.scheduler:\n    from app import jobs\napp = FastAPI()\n"
    assert found(guarded, **{"app/jobs.py": jobs}) == []


def test_handlers_beside_a_lifespan_never_run() -> None:
    handler = "@app.on_event('startup')\nasync def begin():\n" + START
    assert found(JOB + lifespan("    print()\n") + APP + handler) == []


def test_a_loop_that_drains_a_queue_of_its_process() -> None:
    head = "import asyncio\nfrom contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n"
    head += "from sqlalchemy.ext.asyncio import AsyncSession\nitems: asyncio.Queue = asyncio.Queue()\n"
    end = (
        "@asynccontextmanager\nasync def lifespan(app):\n    asyncio.create_task(work(None))\n    yield\n"
        "app = FastAPI(lifespan=lifespan)\n"
    )
    files = {
        "app/main.py": head
        + "async def work(db: AsyncSession):\n    while True:\n        await asyncio.sleep(5)\n"
        "        item = await asyncio.wait_for(items.get(), timeout=1)\n        await db.commit()\n" + end,
        "Dockerfile": 'FROM python:3.13\nCOPY . .\nCMD ["uvicorn", "app.main:app", "--workers", "4"]\n',
    }
    assert lint(files, select=["BGT006"]) == []
    files["app/main.py"] = files["app/main.py"].replace("items.get()", "asyncio.sleep(0)")
    assert len(lint(files, select=["BGT006"])) == 1
