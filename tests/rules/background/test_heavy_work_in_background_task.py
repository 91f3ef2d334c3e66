from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

ENDPOINT = (
    "app = FastAPI()\n"
    "@app.post('/work')\n"
    "async def start(tasks: BackgroundTasks, path: str = ''):\n"
    "    {call}\n"
)


def found(body: str, call: str = "tasks.add_task(work, path)", **files: str) -> list[Finding]:
    source = "from fastapi import BackgroundTasks, FastAPI\n" + body + "\n" + ENDPOINT.format(call=call)
    return lint({"app/__init__.py": "", "app/main.py": source, **files}, select=["BGT004"])


def work(imports: str, *lines: str, kind: str = "def") -> str:
    return f"import {imports}\n{kind} work(path=''):\n" + "".join(f"    {line}\n" for line in lines)


def test_place_message_and_chain() -> None:
    source = "import subprocess\ndef convert(path): subprocess.run(['ffmpeg', path])\n"
    [finding] = found(source + "def work(path): convert(path)")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 8, 5)
    assert finding.message == (
        "The background task `work` does heavy work in the web server: `subprocess.run`"
    )
    assert finding.help.startswith("Hand the job to a queue such as Celery")
    assert [(hop.symbol, hop.span.line) for hop in finding.chain] == [("convert", 4), ("subprocess.run", 3)]
    assert finding.symbol == "start"


def test_a_library_function_given_directly() -> None:
    [finding] = found("import subprocess", "tasks.add_task(subprocess.run, ['ffmpeg', path], check=True)")
    assert finding.message == "The background task does heavy work in the web server: `subprocess.run`"
    assert found("import subprocess", "tasks.add_task(subprocess.run, ['x'], timeout=5)") == []
    assert len(found("import asyncio", "tasks.add_task(asyncio.sleep, 600)")) == 1
    assert found("import asyncio", "tasks.add_task(asyncio.sleep, 1)") == []


@pytest.mark.parametrize(
    "body",
    [
        work("os", "os.system('make')"),
        work("subprocess as sp", "sp.check_output(['make'])"),
        work("subprocess", "subprocess.Popen(['make'])"),
        work("subprocess", "subprocess.run(['make'], timeout=600)"),
        work("subprocess", "subprocess.run(['make'], timeout=path)"),
        work("multiprocessing", "with multiprocessing.Pool(4) as pool:", "    pool.map(print, [1])"),
        work("multiprocessing", "multiprocessing.Process(target=print).start()"),
        "from concurrent.futures import ProcessPoolExecutor\n"
        + work("os", "with ProcessPoolExecutor() as pool: pool.submit(print)"),
        "from sklearn.ensemble import RandomForestClassifier as Forest\n"
        + work("os", "model = Forest()", "model.fit([], [])"),
        "from tensorflow import keras\n" + work("os", "model = keras.Sequential()", "model.fit([])"),
        work("torch", "loss = torch.nn.MSELoss()(1, 2)", "loss.backward()"),
        "import torch\nclass Net(torch.nn.Module): ...\ncriterion = torch.nn.MSELoss()\n"
        + work("os", "net = Net()", "loss = criterion(net(path), 1)", "loss.backward()"),
        work("whisper", "whisper.load_model('base').transcribe(path)"),
        "from faster_whisper import WhisperModel\nmodel = WhisperModel('base')\n"
        + work("os", "segments, info = model.transcribe(path)"),
        "from transformers import pipeline\n" + work("os", "pipeline('text-generation')(path)"),
        "from transformers import pipeline\npipe = pipeline('text-generation')\n" + work("os", "pipe(path)"),
        "from transformers import AutoModelForCausalLM\n"
        "model = AutoModelForCausalLM.from_pretrained('x')\n" + work("os", "model.generate(path)"),
        "import whisper\nmodel = None\ndef load():\n    global model\n    model = whisper.load_model('x')\n"
        + work("os", "model.transcribe(path)"),
        "import whisper\nfrom functools import lru_cache\n"
        "@lru_cache\ndef get_model():\n    return whisper.load_model('x')\n"
        + work("os", "get_model().transcribe(path)"),
        work("ffmpeg", "ffmpeg.input(path).output('out.mp4').run()"),
        work("ffmpeg", "ffmpeg.run(ffmpeg.input(path))"),
        work("asyncio", "await asyncio.create_subprocess_exec('ffmpeg', '-i', path)", kind="async def"),
        work(
            "asyncio",
            "await asyncio.create_subprocess_shell(f'/usr/bin/ffmpeg -i {path} x')",
            kind="async def",
        ),
        "from moviepy.editor import VideoFileClip\n"
        + work("os", "clip = VideoFileClip(path)", "clip.write_videofile('out.mp4')"),
        work("pandas as pd", "pd.read_csv(path)"),
        work("pandas as pd", "pd.read_sql('select * from orders', path)"),
        work("time", "time.sleep(60)"),
        work("asyncio", "await asyncio.sleep(60 * 5)", kind="async def"),
        work("anyio", "await anyio.sleep(3600)", kind="async def"),
    ],
)
def test_heavy(body: str) -> None:
    assert len(found(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        # one call of another service, a mail, one row
        work("httpx", "httpx.post('https://example.org', json={})"),
        work("smtplib", "with smtplib.SMTP('mail') as server:", "    server.sendmail('a', 'b', path)"),
        "from sqlalchemy.orm import sessionmaker\nMaker = sessionmaker()\n"
        + work("os", "with Maker() as db:", "    db.add(path)", "    db.commit()"),
        # nothing that a listed library gave
        work("shop", "shop.model.fit(path)"),
        work("os", "path.transcribe()", "path.generate()"),
        "class Model:\n    def fit(self): ...\n" + work("os", "Model().fit()"),
        "def train(model): model.fit()\n" + work("os", "train(path)"),
        "from transformers import AutoTokenizer\ntokenizer = AutoTokenizer.from_pretrained('x')\n"
        + work("os", "tokenizer(path)"),
        "from sklearn.ensemble import RandomForestClassifier\nmodel = RandomForestClassifier()\n"
        + work("os", "model.predict(path)"),
        work("multiprocessing", "multiprocessing.cpu_count()"),
        work("asyncio", "await asyncio.create_subprocess_exec('systemctl', path)", kind="async def"),
        work("asyncio", "await asyncio.create_subprocess_exec(path)", kind="async def"),
        # short, or a part
        work("time", "time.sleep(59)"),
        work("time", "time.sleep(path)"),
        work("subprocess", "subprocess.run(['make'], timeout=30)"),
        work("pandas as pd", "pd.read_csv(path, nrows=10)"),
        work("pandas as pd", "for part in pd.read_csv(path, chunksize=1000): print(part)"),
        work("pandas as pd", "pd.DataFrame([path]).to_csv(path)"),
        # a sleep in an endless loop is another rule's
        work("time", "while True:", "    time.sleep(3600)"),
        # a cached function runs once, a function under an unknown decorator maybe elsewhere
        "from functools import cache\nimport subprocess\n"
        "@cache\ndef version(): return subprocess.run(['git'])\n" + work("os", "version()"),
        "from huey import RedisHuey\nhuey = RedisHuey()\nimport subprocess\n"
        "@huey.task()\ndef convert(): subprocess.run(['ffmpeg'])\n" + work("os", "convert()"),
        # named, but not called
        "import subprocess\ndef convert(): subprocess.run(['ffmpeg'])\n" + work("os", "print(convert)"),
        "import subprocess\n" + work("os", "def inner(): subprocess.run(['x'])", "print(inner)"),
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "line",
    [
        "transcode.delay(path)",
        "transcode.apply_async((path,))",
        "celery.send_task('transcode', (path,))",
    ],
)
def test_a_task_that_only_enqueues(line: str) -> None:
    body = (
        "import subprocess\nfrom celery import Celery\ncelery = Celery()\n"
        "@celery.task\ndef transcode(path): subprocess.run(['ffmpeg', path])\n"
    )
    assert found(body + work("os", line)) == []
    assert found(body, "transcode.delay(path)") == []
    assert found(body, "tasks.add_task(transcode.delay, path)") == []


@pytest.mark.parametrize(
    "line",
    [
        "await asyncio.to_thread(convert, path)",
        "await run_in_threadpool(convert, path)",
        "await anyio.to_thread.run_sync(convert, path)",
        "await asyncio.get_running_loop().run_in_executor(None, convert, path)",
        "await asyncio.get_running_loop().run_in_executor(None, functools.partial(convert, path))",
        "pool.submit(convert, path)",
        "await asyncio.to_thread(subprocess.run, ['ffmpeg', path])",
        "await asyncio.gather(later(path), later(path))",
        "asyncio.create_task(later(path))",
    ],
)
def test_through_threads_and_tasks(line: str) -> None:
    body = (
        "import asyncio, anyio, functools, subprocess\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from fastapi.concurrency import run_in_threadpool\n"
        "pool = ThreadPoolExecutor()\n"
        "def convert(path): subprocess.run(['ffmpeg', path])\n"
        "async def later(path): convert(path)\n"
    )
    [finding] = found(body + work("os", line, kind="async def"))
    assert finding.chain[-1].symbol == "subprocess.run"


@pytest.mark.parametrize(
    "call",
    [
        "tasks.add_task(func=work, path=path)",
        "tasks.add_task(partial(work, path))",
        "tasks.add_task(lambda: work(path))",
        "tasks.add_task(Worker().run)",
        "tasks.add_task(Worker(), path)",
        "return JSONResponse({}, background=BackgroundTask(work, path))",
    ],
)
def test_forms_of_a_task(call: str) -> None:
    body = (
        "from functools import partial\nfrom fastapi.responses import JSONResponse\n"
        "from starlette.background import BackgroundTask\n" + work("subprocess", "subprocess.run([path])")
    )
    body += "class Worker:\n    def run(self): work('')\n    def __call__(self, path): work(path)\n"
    assert len(found(body, call)) == 1


def test_over_modules_and_only_so_deep() -> None:
    files = {
        "app/jobs.py": "from .media import convert as make\ndef work(path): make(path)\n",
        "app/media.py": "import subprocess\ndef convert(path): subprocess.run([path])\n",
    }
    [finding] = found("from app.jobs import work", **files)
    assert [hop.span.path for hop in finding.chain] == ["app/jobs.py", "app/media.py"]
    shallow = {"fastapi-lint.toml": "max-call-depth = 1\n"}
    assert len(found("from app.jobs import work", **files, **shallow)) == 1
    files["app/media.py"] = (
        "import subprocess\ndef convert(path): inner(path)\ndef inner(path): subprocess.run([path])\n"
    )
    assert len(found("from app.jobs import work", **files)) == 1
    assert found("from app.jobs import work", **files, **shallow) == []


def test_configured_calls() -> None:
    body = "import shopml\ndef slow(): ...\n" + work("os", "{line}")
    toml = {"fastapi-lint.toml": 'heavy-calls = ["shopml.*", "app.main.slow"]\n'}
    assert found(body.format(line="shopml.score(path)")) == []
    assert len(found(body.format(line="shopml.score(path)"), **toml)) == 1
    assert len(found(body.format(line="slow()"), **toml)) == 1
    assert found(body.format(line="print(path)"), **toml) == []


def test_a_function_that_a_worker_runs() -> None:
    body = (
        "import subprocess\nasync def transcode(ctx, path): subprocess.run(['ffmpeg', path])\n"
        "class WorkerSettings:\n    functions = [transcode]\n" + work("httpx", "httpx.post(path)")
    )
    assert found(body) == []


def test_tests_are_left_alone() -> None:
    source = "from fastapi import BackgroundTasks, FastAPI\n" + work("subprocess", "subprocess.run([path])")
    source += "\n" + ENDPOINT.format(call="tasks.add_task(work)")
    assert lint({"tests/test_app.py": source}, select=["BGT004"]) == []
