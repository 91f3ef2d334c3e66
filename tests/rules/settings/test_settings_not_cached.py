from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import functools
from functools import cache, lru_cache
from typing import Annotated
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel
from pydantic_settings import BaseSettings

class Base(BaseSettings): ...
class Settings(Base):
    name: str = "x"
class Plain(BaseModel):
    name: str = "x"
"""
USE = """
app = FastAPI()

@app.get("/info")
def info(settings: Annotated[Settings, Depends(get_settings)]): ...
"""


def found(source: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **(files or {})}, select=["CFG001"])


def provider(body: str, decorators: str = "", use: str = USE) -> list[Finding]:
    return found(f"{decorators}def get_settings():\n    {body}\n{use}")


def test_place_and_message_of_a_provider() -> None:
    [finding] = provider("return Settings()")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (14, 5, 17)
    assert finding.message == "`get_settings` builds `Settings` anew on every call"
    assert finding.help == "Put `@lru_cache` on `get_settings`, so that the settings are read once"
    assert finding.symbol == "get_settings"


@pytest.mark.parametrize(
    "body",
    [
        "return Settings()",
        "return Settings(_env_file='.env')",
        "settings = Settings()\n    return settings",
        "if 1:\n        return Settings(name='a')\n    return Settings()",
    ],
)
def test_providers(body: str) -> None:
    assert len(provider(body)) == 1


@pytest.mark.parametrize(
    "use",
    [
        "app = FastAPI()\n@app.get('/')\ndef info(s=Depends(get_settings)): ...\n",
        "app = FastAPI(dependencies=[Depends(get_settings)])\n@app.get('/')\ndef info(): ...\n",
        "app = FastAPI()\n@app.get('/')\ndef info():\n    return get_settings().name\n",
        "app = FastAPI()\ndef d():\n    return get_settings()\n@app.get('/')\ndef info(x=Depends(d)): ...\n",
        "app = FastAPI()\n@app.middleware('http')\nasync def m(request, call_next):\n    get_settings()\n",
    ],
)
def test_uses_of_a_provider(use: str) -> None:
    assert len(provider("return Settings()", use=use)) == 1


def test_a_provider_that_a_service_calls() -> None:
    files = {
        "app/config.py": HEAD + "def get_settings():\n    return Settings()\n",
        "app/services/mail.py": "from app.config import get_settings\ndef send():\n    get_settings()\n",
    }
    assert len(lint(files, select=["CFG001"])) == 1


def test_a_static_method() -> None:
    source = "class Provider:\n    @staticmethod\n    def get() -> Settings:\n        return Settings()\n"
    use = "app = FastAPI()\n@app.get('/')\ndef info(s=Depends(Provider.get)): ...\n"
    [finding] = found(source + use)
    assert finding.symbol == "Provider.get"
    assert finding.fix is None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("@app.get('/')\ndef info():\n    return Settings().name", "`info`"),
        ("@app.websocket('/')\nasync def ws(websocket):\n    Settings()", "`ws`"),
        (
            "def d():\n    s = Settings()\n    return s.name\n@app.get('/')\ndef info(x=Depends(d)): ...",
            "`d`",
        ),
        ("@app.middleware('http')\nasync def m(request, call_next):\n    Settings()", "`m`"),
    ],
)
def test_constructions(body: str, where: str) -> None:
    [finding] = found(f"app = FastAPI()\n{body}\n")
    assert finding.message == f"{where} builds `Settings` on every call"
    assert finding.span.end_column - finding.span.column == len("Settings()")
    assert finding.fix is None


def test_a_construction_in_a_service() -> None:
    service = (
        "from app.config import Settings\nclass Mail:\n    def send(self):\n        return Settings().name\n"
    )
    files = {"app/config.py": HEAD, "app/services/mail.py": service}
    [finding] = lint(files, select=["CFG001"])
    assert finding.symbol == "Mail.send"


@pytest.mark.parametrize(
    "parameter",
    [
        "settings: Settings = Depends()",
        "settings: Settings = Depends(Settings)",
        "settings: Annotated[Settings, Depends()]",
        "settings: Annotated[Settings, Depends(Settings)]",
    ],
)
def test_the_class_as_a_dependency(parameter: str) -> None:
    [finding] = found(f"app = FastAPI()\n@app.get('/')\ndef info({parameter}): ...\n")
    assert (
        finding.message
        == "FastAPI builds `Settings` for each request and fills its fields from the query string"
    )


def test_the_class_behind_an_alias_is_reported_once() -> None:
    source = (
        "SettingsDep = Annotated[Settings, Depends()]\napp = FastAPI()\n"
        "@app.get('/a')\ndef a(s: SettingsDep): ...\n@app.get('/b')\ndef b(s: SettingsDep): ...\n"
    )
    [finding] = found(source)
    assert finding.span.line == 14


@pytest.mark.parametrize(
    "decorators",
    [
        "@lru_cache\n",
        "@lru_cache()\n",
        "@lru_cache(maxsize=1)\n",
        "@cache\n",
        "@functools.cache\n",
        "@unknown.cached\n",
        "@once\n",
    ],
)
def test_cached_providers(decorators: str) -> None:
    assert provider("return Settings()", decorators) == []


@pytest.mark.parametrize(
    "source",
    [
        "settings = Settings()\ndef get_settings():\n    return settings\n" + USE,
        "def load():\n    return Settings()\nget_settings = cache(load)\n" + USE,
        "def load():\n    return Settings()\nget_settings = lru_cache(maxsize=1)(load)\n" + USE,
        "_s = None\ndef get_settings():\n    global _s\n    _s = _s or Settings()\n    return _s\n" + USE,
        "def get_settings(request: Request):\n    if not hasattr(request.app.state, 's'):\n"
        "        request.app.state.s = Settings()\n    return request.app.state.s\n" + USE,
        "C = {}\ndef get_settings():\n    if 's' not in C:\n        C['s'] = Settings()\n    return C['s']\n"
        + USE,
        "def get_settings() -> Plain:\n    return Plain()\n" + USE,
        "def get_settings():\n    return unknown()\n" + USE,
        "def get_settings():\n    return Settings()\nsettings = get_settings()\n",
        "def get_settings():\n    return Settings()\n"
        "def create_app():\n    get_settings()\n    return FastAPI()\n",
        "def create_app():\n    settings = Settings()\n    return FastAPI(title=settings.name)\n",
        "from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def lifespan(app):\n"
        "    s = Settings()\n    yield\napp = FastAPI(lifespan=lifespan)\n",
        "app = FastAPI()\n@app.on_event('startup')\ndef start():\n    Settings()\n",
        "if __name__ == '__main__':\n    print(Settings())\n",
        "app = FastAPI()\n@app.get('/')\ndef info():\n    return Plain()\n",
        "app = FastAPI()\n@app.get('/')\ndef info(p: Plain = Depends()): ...\n",
        "app = FastAPI()\ndef task():\n    Settings()\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests_may_build_settings() -> None:
    source = HEAD + "def get_settings():\n    return Settings()\n" + USE
    assert lint({"tests/conftest.py": source, "tests/test_x.py": source}, select=["CFG001"]) == []


@pytest.mark.parametrize(
    ("imports", "decorator", "after"),
    [
        ("from functools import lru_cache as memo\n", "@memo", "from functools import lru_cache as memo\n"),
        ("import functools as ft\n", "@ft.lru_cache", "import functools as ft\n"),
        ("from functools import cache\n", "@cache", "from functools import cache\n"),
        ("", "@lru_cache", ""),
    ],
)
def test_fix(imports: str, decorator: str, after: str) -> None:
    body = (
        "class Settings(BaseSettings): ...\n\n{}def get_settings() -> Settings:\n    return Settings()\n\n"
        "app = FastAPI()\n@app.get('/')\ndef info(s=Depends(get_settings)): ...\n"
    )
    head = f"{imports}from fastapi import Depends, FastAPI\nfrom pydantic_settings import BaseSettings\n"
    files = {"app/main.py": head + body.format("")}
    findings = lint(files, select=["CFG001"])
    added = "" if after else "from functools import lru_cache\n"
    assert apply_fixes(files, findings) == {"app/main.py": f"{head}{added}{body.format(decorator + chr(10))}"}
    assert findings[0].fix is not None
    assert findings[0].fix.safety == "safe"


def test_no_fix_for_a_provider_with_parameters() -> None:
    [finding] = found("def get_settings(request: Request):\n    return Settings()\n" + USE)
    assert finding.fix is None


def test_what_a_context_keeps_comes_first() -> None:
    source = (
        "from pydantic_settings import BaseSettings\nfrom fastapi import Depends, FastAPI\n"
        "class Settings(BaseSettings): ...\nclass Context:\n    settings: Settings\n"
        "    @classmethod\n    def get(cls) -> 'Context | None': ...\n"
        "def current() -> Settings:\n    context = Context.get()\n    if context is not None:\n"
        "        return context.settings\n    return Settings()\n"
        "app = FastAPI()\n@app.get('/')\ndef home(): return current().json()\n"
    )
    assert lint({"app/main.py": source}, select=["CFG001"]) == []
    without = source.replace("        return context.settings\n", "        return Settings()\n")
    assert len(lint({"app/main.py": without}, select=["CFG001"])) == 1
