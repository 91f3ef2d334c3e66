from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

WORKERS = "web: uvicorn app.main:app --port $PORT --workers 4\n"
HEAD = (
    "import asyncio\nfrom collections import Counter, defaultdict, deque\nfrom cachetools import TTLCache\n"
    "from fastapi import Depends, FastAPI, Request, WebSocket\napp = FastAPI()\n"
)


def endpoints(change: str, read: str = "return state[name]", state: str = "state = {}") -> str:
    return (
        f"{state}\n@app.post('/x/{{name}}')\nasync def change(name: str, request: Request):\n    {change}\n"
        f"@app.get('/x/{{name}}')\nasync def read(name: str, request: Request):\n    {read}\n"
    )


def found(code: str, **files: str) -> list[Finding]:
    if not any(name.endswith(("Dockerfile", "Procfile", ".yaml")) for name in files):
        files["Procfile"] = WORKERS
    sources = {"app/__init__.py": "", "app/main.py": HEAD + code, **files}
    return lint(sources, select=["XAR011"])


def test_place_message_and_related() -> None:
    [finding] = found(endpoints("state[name] = 1"))
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 6, 1)
    assert finding.message == (
        "`state` is in memory, and the process `web` starts 4 workers: "
        "what `POST /x/{name}` changes is seen by `GET /x/{name}` in the same process only"
    )
    assert [(one.message, one.span.line) for one in finding.related] == [
        ("Changed here", 9),
        ("Read here", 12),
        ("4 workers are asked for here", 1),
    ]


def test_limits() -> None:
    limiter = (
        "from slowapi import Limiter\nlimiter = Limiter(key_func=len{})\n"
        "@app.get('/x')\n@limiter.limit('5/minute')\nasync def x(request: Request): ...\n"
    )
    [finding] = found(limiter.format(""))
    assert (finding.span.line, finding.span.column) == (7, 11)
    assert finding.message == (
        "The rate limits are counted in memory, and the process `web` starts 4 workers: "
        "clients may send 4 times as many requests"
    )
    assert len(found(limiter.format(", storage_uri='memory://'"))) == 1
    for given in ("storage_uri='redis://redis'", "storage_uri=settings.redis", "**options"):
        assert found(limiter.format(f", {given}")) == []
    image = 'FROM python:3.13\nCOPY . .\n{}CMD ["uvicorn", "app.main:app", "--workers", "2"]\n'
    assert len(found(limiter.format(""), Dockerfile=image.format(""))) == 1
    assert (
        found(limiter.format(""), Dockerfile=image.format("ENV RATELIMIT_STORAGE_URL=redis://redis\n")) == []
    )
    assert found(limiter.format("").replace("from slowapi", "from shop")) == []


@pytest.mark.parametrize(
    "code",
    [
        endpoints("state.append(name)", "return len(state)", "state = []"),
        endpoints("state.add(name)", "return name in state", "state: set[str] = set()"),
        endpoints("del state[name]", "return state.get(name)"),
        endpoints("state[name] += 1", "return dict(state)", "state = Counter()"),
        endpoints("state[name].append(1)", "return state[name]", "state = defaultdict(list)"),
        endpoints("state.appendleft(name)", "for x in state: print(x)", "state = deque()"),
        endpoints("state[name] = 1", "return state[name]", "state = TTLCache(100, 60)"),
        endpoints("global state; state += 1", "return state", "state = 0"),
        endpoints("request.app.state.jobs[name] = 1", "return request.app.state.jobs", "app.state.jobs = {}"),
        endpoints("job = state[name]; job['done'] = 1", "return state[name]"),
        endpoints("state.setdefault(name, 1)", "return [x for x in state.values()]"),
        # through functions, objects, dependencies
        "def put(name): state[name] = 1\ndef take(name): return state[name]\n"
        + endpoints("put(name)", "return take(name)"),
        "class Store:\n    def __init__(self):\n        self.items = {}\n"
        "    def put(self, name):\n        self.items[name] = 1\n"
        "    def take(self, name):\n        return self.items.get(name)\n"
        + endpoints("store.put(name)", "return store.take(name)", "store = Store()"),
        "hits = {}\ndef limit(request: Request):\n    hits[request.url] = hits.get(request.url, 0) + 1\n"
        "    if hits[request.url] > 5: raise ValueError\n"
        "@app.get('/a', dependencies=[Depends(limit)])\ndef a(): ...\n"
        "@app.get('/b', dependencies=[Depends(limit)])\ndef b(): ...\n",
    ],
)
def test_state(code: str) -> None:
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        # read only, or changed only, or by the same endpoint
        endpoints("return state[name]"),
        endpoints("state[name] = 1", "return 1"),
        "state = {}\n@app.post('/x')\nasync def x():\n    state['n'] = 1\n    return state\n",
        # filled at the start
        "state = {}\n@app.on_event('startup')\ndef fill(): state['x'] = 1\n"
        + endpoints("print(state)", state=""),
        # a cache in front of a store
        "state = {}\ndef load(x): return open(x).read()\ndef get(x):\n    value = state.get(x)\n"
        "    if value is None:\n        value = load(x)\n        state[x] = value\n    return value\n"
        + endpoints("state[name] = name", "return get(name), state.get(name)", ""),
        endpoints("cache[name] = 1", "return cache.get(name)", "cache = {}"),
        # metrics
        endpoints("request_stats['n'] = 1", "return request_stats", "request_stats = {}"),
        "state = {}\n@app.post('/x')\nasync def x(): state['n'] = 1\n"
        "@app.get('/metrics')\nasync def y(): return state\n",
        # local, or a copy
        endpoints("state = {}; state[name] = 1"),
        endpoints("copy = dict(state); copy = {}; copy[name] = 1"),
        # objects of one process
        endpoints("state[name] = 1", "return state[name]", "state: dict[str, asyncio.Lock] = {}"),
        endpoints("state.add(1)", "print(state)", "state: set[asyncio.Task] = set()"),
        # sockets are another rule's, also in another coat
        "state = []\nclass Socket(WebSocket): ...\n@app.websocket('/ws')\nasync def ws(socket: WebSocket):\n"
        "    state.append(Socket(socket.scope, socket.receive, socket.send))\n"
        "@app.get('/x')\nasync def x(): return len(state)\n",
        "state = []\n@app.websocket('/ws')\nasync def ws(socket: WebSocket):\n    state.append(socket)\n"
        "@app.get('/x')\nasync def x(): return len(state)\n",
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


def test_counts() -> None:
    code = endpoints("state[name] = 1")
    assert found(code, Procfile=WORKERS.replace("4", "1")) == []
    assert found(code, Procfile=WORKERS.replace("4", "$WORKERS")) == []
    assert found(code, Procfile="web: uvicorn app.main:app\n") == []
    compose = "services:\n  api:\n    build: .\n    deploy: {replicas: 2}\n"
    image = 'FROM python:3.13\nWORKDIR /x\nCOPY . .\nCMD ["uvicorn", "app.main:app"]\n'
    [finding] = found(code, **{"Dockerfile": image, "compose.yaml": compose})
    assert "starts 2 replicas" in finding.message


def test_over_modules() -> None:
    files = {"app/store.py": "jobs = {}\ndef put(name): jobs[name] = 1\n"}
    code = "from app.store import jobs, put\n" + endpoints("put(name)", "return jobs[name]", "")
    [finding] = found(code, **files)
    assert (finding.span.path, finding.span.line) == ("app/store.py", 1)
    assert [hop.symbol for hop in finding.chain] == ["put"]


def test_off_by_default() -> None:
    files = {"app/main.py": HEAD + endpoints("state[name] = 1"), "Procfile": WORKERS}
    assert "XAR011" not in {finding.code for finding in lint(files)}


GET_OR_MAKE = (
    "clients = {{}}\ndef ask(key):\n    client = clients.get(key)\n    if client is None:\n"
    "        client = {made}\n        clients[key] = client\n    return client.ask()\n"
    "@app.get('/a')\ndef a():\n    return ask('a')\n@app.get('/b')\ndef b():\n    return ask('b')\n"
)


def test_objects_that_are_made_on_a_miss_and_used() -> None:
    assert found(GET_OR_MAKE.format(made="lib.Client(key)")) == []
    assert len(found(GET_OR_MAKE.format(made="{}"))) == 1
