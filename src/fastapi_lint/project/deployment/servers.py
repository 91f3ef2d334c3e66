"""What each server is told by its command line and its environment variables.

Sources: the settings pages of uvicorn (docs/settings.md, `uvicorn/config.py`), gunicorn
(`gunicorn/config.py`), hypercorn (docs/how_to_guides/configuring.rst), granian (README, `granian/cli.py`)
and the command line of FastAPI (fastapi-cli, `cli.py` and `discover.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from fastapi_lint.project.deployment.model import Value
from fastapi_lint.project.deployment.options import CommandLine, Grammar, names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi_lint.project.deployment.model import Argument
    from fastapi_lint.project.deployment.variables import Variables

T = TypeVar("T")

SERVERS = names("uvicorn fastapi gunicorn hypercorn granian daphne")
"""Programs that serve ASGI apps."""

LACKING = {
    "uvicorn": names("worker_class"),
    "fastapi": names("socket worker_class log_level factory app_dir tls"),
    "gunicorn": names("proxy_headers factory"),
    "hypercorn": names("proxy_headers forwarded_allow_ips factory app_dir"),
    "granian": names("proxy_headers forwarded_allow_ips worker_class"),
    "daphne": names("worker_class log_level forwarded_allow_ips factory app_dir tls"),
}
"""What a server has no option for, by the names in `StartCommand`."""

_TRUE = names("1 true t yes y on")
_FALSE = names("0 false f no n off")

UVICORN = Grammar(
    names(
        "--reload --factory --proxy-headers --no-proxy-headers --server-header --no-server-header "
        "--date-header "
        "--no-date-header --use-colors --no-use-colors --access-log --no-access-log --version --help "
        "--reset-contextvars --no-reset-contextvars"
    )
)
FASTAPI = Grammar(
    names("--reload --no-reload --proxy-headers --no-proxy-headers --verbose --no-verbose --version --help"),
    {"-e": "--entrypoint"},
)
GUNICORN = Grammar(
    names(
        "--reload --spew --check-config --print-config --preload --no-sendfile --reuse-port --daemon "
        "--initgroups "
        "--capture-output --enable-stdio-inheritance --log-syslog --strip-header-spaces --proxy-protocol "
        "--do-handshake-on-connect --suppress-ragged-eofs --disable-redirect-access-to-syslog "
        "--no-control-socket "
        "--permit-obsolete-folding --permit-unconventional-http-method --permit-unconventional-http-version "
        "--casefold-http-method --dirty-debug --help --version"
    ),
    {
        "-b": "--bind",
        "-w": "--workers",
        "-k": "--worker-class",
        "-c": "--config",
        "-t": "--timeout",
        "-n": "--name",
        "-e": "--env",
        "-D": "--daemon",
        "-p": "--pid",
        "-u": "--user",
        "-g": "--group",
        "-m": "--umask",
        "-R": "--enable-stdio-inheritance",
        "-h": "--help",
        "-v": "--version",
    },
)
HYPERCORN = Grammar(
    names("--reload --debug --daemon --help --access-log --h2 --version"),
    {
        "-b": "--bind",
        "-w": "--workers",
        "-k": "--worker-class",
        "-c": "--config",
        "-p": "--pid",
        "-g": "--group",
        "-u": "--user",
        "-m": "--umask",
        "-h": "--help",
    },
)
GRANIAN = Grammar(
    names(
        "--reload --no-reload --factory --no-factory --log --no-log --access-log --no-access-log "
        "--websockets "
        "--no-websockets --ws --no-ws --respawn-failed-workers --no-respawn-failed-workers --reload-tick "
        "--uds-permissions --ssl --no-ssl --version --help --http1-keep-alive --no-http1-keep-alive "
        "--http1-pipeline-flush --no-http1-pipeline-flush --blocking-threads-idle-timeout --pid-file"
    )
    - names("--reload-tick --uds-permissions --blocking-threads-idle-timeout --pid-file"),
)
DAPHNE = Grammar(
    names("--proxy-headers --help"),
    {"-b": "--bind", "-p": "--port", "-u": "--unix-socket", "-e": "--endpoint"},
)
GRAMMARS = {
    "uvicorn": UVICORN,
    "fastapi": FASTAPI,
    "gunicorn": GUNICORN,
    "hypercorn": HYPERCORN,
    "granian": GRANIAN,
    "daphne": DAPHNE,
}


class Settings(msgspec.Struct, frozen=True):
    """What a server is told; see `StartCommand` for the meaning of each."""

    target: Value[str]
    host: Value[str]
    port: Value[int]
    workers: Value[int]
    reload: Value[bool]
    log_level: Value[str] = msgspec.field(default_factory=lambda: Value("info"))
    factory: Value[bool] = msgspec.field(default_factory=lambda: Value(False))
    worker_class: Value[str] = msgspec.field(default_factory=lambda: Value(""))
    forwarded_allow_ips: Value[str] = msgspec.field(default_factory=lambda: Value("127.0.0.1"))
    proxy_headers: Value[bool] = msgspec.field(default_factory=lambda: Value(True))
    socket: Value[str] = msgspec.field(default_factory=lambda: Value(""))
    tls: Value[str] = msgspec.field(default_factory=lambda: Value(""))
    app_dir: Value[str] = msgspec.field(default_factory=lambda: Value(""))
    attribute: Value[str] = msgspec.field(default_factory=lambda: Value(""))
    """Name of the app inside the file that `fastapi run` is given."""


class Sources(msgspec.Struct, frozen=True):
    """Where a server looks for an option: its command line, environment variables, and a configuration
    file.
    """

    line: CommandLine
    variables: Variables
    prefix: str = ""
    file: Mapping[str, Value[object]] = msgspec.field(default_factory=dict)

    def text(self, option: str, default: str | None, *variables: str) -> Value[str]:
        """The value of an option as text. `variables` are further names than the server's own prefix
        gives.
        """
        return self.read(option, default, lambda text: text, *variables)

    def number(self, option: str, default: int | None, *variables: str) -> Value[int]:
        """The value of an option as a number."""
        return self.read(option, default, number, *variables)

    def flag(self, option: str, default: bool, negation: str = "") -> Value[bool]:
        """Whether a flag is set."""
        found = self.line.last(option, *([negation] if negation else []))
        if found is not None:
            known = None if found.value is not None and found.value.text is None else True
            value = found.name == option if found.value is None else known
            return Value(value, "argument", found.span, found.words[0].written)
        return self._elsewhere(option, default, truth)

    def read(
        self, option: str, default: T | None, parse: Callable[[str], T | None], *variables: str
    ) -> Value[T]:
        """The value of an option, read by `parse`, which gives None for what it can't read."""
        found = self.line.last(option)
        if found is not None:
            text = found.value.text if found.value is not None else None
            value = parse(text) if text is not None else None
            return Value(value, "argument", found.span, " ".join(word.written for word in found.words))
        return self._elsewhere(option, default, parse, *variables)

    def _elsewhere(
        self, option: str, default: T | None, parse: Callable[[str], T | None], *variables: str
    ) -> Value[T]:
        key = option.lstrip("-").replace("-", "_")
        if key in self.file:
            given = self.file[key]
            exact = parse(given.value) if isinstance(given.value, str) else given.value
            return Value(exact, given.origin, given.span, given.written)  # type: ignore[arg-type]
        own = self.prefix + key.upper()
        setting = self.variables.first(*([own] if self.prefix else []), *variables)
        if setting is not None:
            value = parse(setting.value) if setting.value is not None else None
            return Value(value, "variable", setting.span, setting.written)
        return Value(default)


def number(text: str) -> int | None:
    """A decimal number, or None."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None


def truth(text: str) -> bool | None:
    """What a text means as a switch, or None."""
    lowered = text.strip().lower()
    return True if lowered in _TRUE else False if lowered in _FALSE else None


def read(server: str, line: CommandLine, variables: Variables, file: Mapping[str, Value[object]]) -> Settings:
    """The settings of one of `SERVERS`; `file` is what its configuration file says."""
    return _READERS[server](Sources(line, variables, _PREFIXES.get(server, ""), file))


_PREFIXES = {"uvicorn": "UVICORN_", "granian": "GRANIAN_"}


def _target(sources: Sources, *variables: str, index: int = 0) -> Value[str]:
    words: tuple[Argument, ...] = sources.line.positional
    if index < len(words):
        word = words[index]
        return Value(word.text, "argument", word.span, word.written)
    setting = sources.variables.first(*variables) if variables else None
    if setting is not None:
        return setting
    return Value(None, "argument", None, "") if sources.line.open else Value("")


def _uvicorn(sources: Sources) -> Settings:
    socket = sources.text("--uds", "") if sources.line.last("--fd") is None else sources.text("--fd", "")
    return Settings(
        target=_target(sources, "UVICORN_APP"),
        host=sources.text("--host", "127.0.0.1"),
        port=sources.number("--port", 8000),
        workers=sources.number("--workers", 1, "WEB_CONCURRENCY"),
        reload=sources.flag("--reload", False),
        log_level=sources.text("--log-level", "info"),
        factory=sources.flag("--factory", False),
        forwarded_allow_ips=sources.text("--forwarded-allow-ips", "127.0.0.1", "FORWARDED_ALLOW_IPS"),
        proxy_headers=sources.flag("--proxy-headers", True, "--no-proxy-headers"),
        socket=socket,
        tls=sources.text("--ssl-certfile", ""),
        app_dir=sources.text("--app-dir", ""),
    )


def _fastapi(sources: Sources) -> Settings:
    words = sources.line.positional
    develops = bool(words) and words[0].text == "dev"
    entrypoint = sources.text("--entrypoint", "")
    reload: Value[bool] = sources.flag("--reload", develops, "--no-reload")
    if develops and not reload.is_given:
        reload = Value(True, "argument", words[0].span, "dev")
    return Settings(
        target=entrypoint if entrypoint.is_given else _target(sources, index=1),
        host=sources.text("--host", "127.0.0.1" if develops else "0.0.0.0"),
        port=sources.number("--port", 8000, "PORT"),
        workers=sources.number("--workers", 1, "WEB_CONCURRENCY"),
        reload=reload,
        forwarded_allow_ips=sources.text("--forwarded-allow-ips", "127.0.0.1", "FORWARDED_ALLOW_IPS"),
        proxy_headers=sources.flag("--proxy-headers", True, "--no-proxy-headers"),
        attribute=sources.text("--app", ""),
    )


def _gunicorn(sources: Sources) -> Settings:
    host, bound_port, socket = bound(_bind(sources))
    target = _target(sources)
    if not target.is_given and "wsgi_app" in sources.file:
        given = sources.file["wsgi_app"]
        target = Value(
            given.value if isinstance(given.value, str) else None, "file", given.span, given.written
        )
    return Settings(
        target=target,
        host=host,
        port=bound_port,
        socket=socket,
        workers=sources.number("--workers", 1, "WEB_CONCURRENCY"),
        reload=sources.flag("--reload", False),
        log_level=_loglevel(sources),
        worker_class=sources.text("--worker-class", "sync"),
        forwarded_allow_ips=sources.text("--forwarded-allow-ips", "127.0.0.1", "FORWARDED_ALLOW_IPS"),
        tls=sources.text("--certfile", ""),
        app_dir=sources.text("--pythonpath", ""),
    )


def _bind(sources: Sources) -> Value[str]:
    """gunicorn's bind: by default all addresses on `$PORT` if that is set, else the loopback address."""
    port = sources.variables.find("PORT")
    default = (
        f"0.0.0.0:{port.value}" if port is not None and port.value else None if port else "127.0.0.1:8000"
    )
    bind = sources.text("--bind", default)
    if port is not None and not bind.is_given:
        bind = Value(bind.value, "variable", port.span, "PORT")
    return bind


def _loglevel(sources: Sources) -> Value[str]:
    """gunicorn's configuration file calls it `loglevel`."""
    on_line = sources.text("--log-level", "info")
    if on_line.is_given or "loglevel" not in sources.file:
        return on_line
    given = sources.file["loglevel"]
    return Value(given.value if isinstance(given.value, str) else None, "file", given.span, given.written)


def _hypercorn(sources: Sources) -> Settings:
    configured = sources.line.last("--config") is not None
    host, port, socket = bound(sources.text("--bind", None if configured else "127.0.0.1:8000"))
    return Settings(
        target=_target(sources),
        host=host,
        port=port,
        socket=socket,
        workers=sources.number("--workers", None if configured else 1),
        reload=sources.flag("--reload", False),
        log_level=sources.text("--log-level", "info"),
        tls=sources.text("--certfile", ""),
    )


def _granian(sources: Sources) -> Settings:
    return Settings(
        target=_target(sources, "GRANIAN_APP"),
        host=sources.text("--host", "127.0.0.1"),
        port=sources.number("--port", 8000),
        workers=sources.number("--workers", 1),
        reload=sources.flag("--reload", False, "--no-reload"),
        log_level=sources.text("--log-level", "info"),
        factory=sources.flag("--factory", False, "--no-factory"),
        tls=sources.text("--ssl-certificate", ""),
        socket=sources.text("--uds", ""),
        app_dir=sources.text("--working-dir", ""),
    )


def _daphne(sources: Sources) -> Settings:
    return Settings(
        target=_target(sources),
        host=sources.text("--bind", "127.0.0.1"),
        port=sources.number("--port", 8000),
        workers=Value(1),
        reload=Value(False),
        proxy_headers=sources.flag("--proxy-headers", False),
        socket=sources.text("--unix-socket", ""),
    )


_READERS = {
    "uvicorn": _uvicorn,
    "fastapi": _fastapi,
    "gunicorn": _gunicorn,
    "hypercorn": _hypercorn,
    "granian": _granian,
    "daphne": _daphne,
}


def bound(bind: Value[str]) -> tuple[Value[str], Value[int], Value[str]]:
    """Host, port and socket of a `--bind` value: `host:port`, `:port`, `[::]:port`, `unix:path`, `fd://3`."""
    text = bind.value
    if text is None:
        unknown: Value[str] = Value(None, bind.origin, bind.span, bind.written)
        return unknown, Value(None, bind.origin, bind.span, bind.written), Value("")
    first = text.split(",")[0].strip()
    if first.startswith(("unix:", "fd://")):
        return (
            Value("", bind.origin, bind.span, bind.written),
            Value(None, "argument"),
            Value(first, bind.origin, bind.span),
        )
    host, colon, port = first.rpartition(":")
    if not colon:
        host, port = first, "8000"
    host = host.strip("[]") or "0.0.0.0"
    where = (bind.origin, bind.span, bind.written)
    return Value(host, *where), Value(number(port), *where), Value("")
