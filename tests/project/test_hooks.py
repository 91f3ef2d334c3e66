from __future__ import annotations

from collections.abc import Callable

from fastapi_lint.project.calls.hooks import Hooks
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
HEAD = "from fastapi import BackgroundTasks, FastAPI\nfrom starlette.background import BackgroundTask\n"


def names(functions: object) -> list[str]:
    return [function.qualname for function in functions]  # type: ignore[attr-defined]


def test_middleware_by_decorator(project_of: Build) -> None:
    source = "app = FastAPI()\n@app.middleware('http')\nasync def timing(r, call_next): ...\n"
    assert names(Hooks(project_of(HEAD + source)).middleware) == ["timing"]


def test_middleware_by_call(project_of: Build) -> None:
    project = project_of(HEAD + "app = FastAPI()\nasync def m(r, n): ...\napp.middleware('http')(m)\n")
    assert names(Hooks(project).middleware) == ["m"]


def test_middleware_classes(project_of: Build) -> None:
    source = (
        "from starlette.middleware.base import BaseHTTPMiddleware as Base\n"
        "class A(Base):\n    async def dispatch(self, request, call_next): ...\n"
        "class B:\n    async def __call__(self, scope, receive, send): ...\n"
        "class C:\n    async def __call__(self, scope, receive, send): ...\n"
        "app = FastAPI()\napp.add_middleware(A)\napp.add_middleware(B)\n"
    )
    assert names(Hooks(project_of(HEAD + source)).middleware) == ["A.dispatch", "B.__call__"]


def test_decorator_of_another_object_is_no_middleware(project_of: Build) -> None:
    source = "import celery\nbus = celery.Celery()\n@bus.middleware('http')\ndef f(): ...\n"
    assert names(Hooks(project_of(HEAD + source)).middleware) == []


def test_exception_handlers(project_of: Build) -> None:
    source = (
        "app = FastAPI(exception_handlers={KeyError: c})\n"
        "@app.exception_handler(ValueError)\nasync def a(request, exc): ...\n"
        "def b(request, exc): ...\ndef c(request, exc): ...\n"
        "app.add_exception_handler(TypeError, b)\n"
    )
    found = Hooks(project_of(HEAD + source)).exception_handlers
    assert [(h.function.name, getattr(h.handles, "id", None)) for h in found] == [
        ("a", "ValueError"),
        ("b", "TypeError"),
        ("c", "KeyError"),
    ]


def test_background_tasks(project_of: Build) -> None:
    source = (
        "def job(): ...\nclass Queue:\n    def add_task(self, f): ...\n"
        "def endpoint(tasks: BackgroundTasks, queue: Queue):\n"
        "    tasks.add_task(job)\n    queue.add_task(job)\n    return BackgroundTask(job)\n"
    )
    found = Hooks(project_of(HEAD + source)).background_tasks
    assert [(type(site.call.func).__name__, f.name) for site, f in found] == [
        ("Attribute", "job"),
        ("Name", "job"),
    ]


def test_tests_have_no_hooks(project_of: Build) -> None:
    source = HEAD + "app = FastAPI()\n@app.middleware('http')\nasync def timing(r, call_next): ...\n"
    assert names(Hooks(project_of({"tests/test_app.py": source})).middleware) == []
