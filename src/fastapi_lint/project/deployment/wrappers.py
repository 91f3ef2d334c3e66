"""Programs that only start another program: what they run, and which of their words belong to themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.project.deployment.model import Argument

_SETS_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")


class Wrapper(msgspec.Struct, frozen=True):
    """How a wrapper's command line reads.

    `subcommand` follows the name (`run` in `uv run`); `options` take a value as the next word; `before` is
    the number of words between the options and the program (`gosu user program`). `until` is a word after
    which the program begins; `variables` tells that `NAME=value` words may come first. `optional` tells that
    without `until` there is no program.
    """

    subcommand: str = ""
    options: frozenset[str] = frozenset()
    before: int = 0
    until: str = ""
    variables: bool = False
    module: bool = False
    """Whether `-m` names a Python module and plain file names are Python programs."""


class Unwrapped(msgspec.Struct, frozen=True):
    """The program that a wrapper starts, the variables that it sets, and the wrapper in words."""

    words: tuple[Argument, ...]
    text: str
    variables: tuple[tuple[str, Argument], ...] = ()
    group: bool = False
    """Whether the wrapper sends signals to all processes below it."""


def _options(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UV = _options(
    "--with --with-editable --with-requirements --env-file --group --no-group --only-group --extra "
    "--no-extra "
    "--package --project --directory -p --python -i --index --default-index --index-url --extra-index-url "
    "--find-links -f --resolution --prerelease --refresh-package --reinstall-package --upgrade-package -P "
    "--config-setting -C --link-mode --cache-dir --config-file --color --keyring-provider --exclude-newer"
)
_PROFILES = _options(
    "-p --project -c --config --config-scope --scope -t --token --env --path --projectId --domain"
)
_RUNNERS = _options(
    "-n --name -p --prefix --cwd -e --env -r --root-prefix --project --python -C --directory -P"
)

_WRAPPERS: dict[str, Wrapper] = {
    "exec": Wrapper(options=_options("-a")),
    "command": Wrapper(),
    "builtin": Wrapper(),
    "env": Wrapper(options=_options("-u --unset -C --chdir"), variables=True),
    "nice": Wrapper(options=_options("-n --adjustment")),
    "ionice": Wrapper(options=_options("-c -n -p --class --classdata")),
    "chrt": Wrapper(before=1),
    "nohup": Wrapper(),
    "setsid": Wrapper(),
    "time": Wrapper(),
    "stdbuf": Wrapper(options=_options("-i -o -e")),
    "timeout": Wrapper(options=_options("-s --signal -k --kill-after"), before=1),
    "tini": Wrapper(options=_options("-p -e")),
    "tini-static": Wrapper(options=_options("-p -e")),
    "docker-init": Wrapper(options=_options("-p -e")),
    "catatonit": Wrapper(),
    "dumb-init": Wrapper(options=_options("-r --rewrite")),
    "gosu": Wrapper(before=1),
    "su-exec": Wrapper(before=1),
    "s6-setuidgid": Wrapper(before=1),
    "with-contenv": Wrapper(),
    "setpriv": Wrapper(options=_options("--reuid --regid --groups --inh-caps --ambient-caps --bounding-set")),
    "runuser": Wrapper(options=_options("-u -g -G --user --group --supp-group")),
    "sudo": Wrapper(options=_options("-u -g -U -C -h -p -r -t --user --group"), variables=True),
    "chroot": Wrapper(options=_options("--userspec --groups"), before=1),
    "uv": Wrapper("run", _UV, module=True),
    "poetry": Wrapper("run", _options("-C --directory -P --project")),
    "pdm": Wrapper("run", _options("-p --project -s --site-packages")),
    "pipenv": Wrapper("run"),
    "hatch": Wrapper("run", _options("-e --env")),
    "rye": Wrapper("run", _options("-p --pyproject")),
    "pixi": Wrapper("run", _options("-e --environment --manifest-path")),
    "conda": Wrapper("run", _RUNNERS),
    "mamba": Wrapper("run", _RUNNERS),
    "micromamba": Wrapper("run", _RUNNERS),
    "doppler": Wrapper("run", _PROFILES),
    "infisical": Wrapper("run", _PROFILES),
    "op": Wrapper("run", _options("--env-file --account")),
    "chamber": Wrapper("exec", until="--"),
    "aws-vault": Wrapper("exec", until="--"),
    "dotenv": Wrapper("run", _options("-f --file -e --export")),
    "dotenvx": Wrapper("run", _options("-f --env-file -e --env -fv")),
    "ddtrace-run": Wrapper(),
    "newrelic-admin": Wrapper("run-program"),
    "opentelemetry-instrument": Wrapper(
        options=_options(
            "--traces_exporter --metrics_exporter --logs_exporter --service_name --exporter_otlp_endpoint "
            "--exporter_otlp_traces_endpoint --exporter_otlp_metrics_endpoint --resource_attributes "
            "--propagators "
            "--id_generator --tracer_provider --python_disabled_instrumentations"
        )
    ),
    "scalene": Wrapper(),
    "coverage": Wrapper(
        "run", _options("--rcfile --source --omit --include --data-file --context --concurrency"), module=True
    ),
    "xvfb-run": Wrapper(options=_options("-n -s -e -f -p -w")),
    "wait-for-it": Wrapper(until="--"),
    "wait-for-it.sh": Wrapper(until="--"),
    "wait-for": Wrapper(until="--"),
    "wait-for.sh": Wrapper(until="--"),
    "wait": Wrapper(until="--"),
    "watchmedo": Wrapper(until="--"),
    "dockerize": Wrapper(
        options=_options("-wait -timeout -template -stdout -stderr -wait-retry-interval -wait-http-header")
    ),
}
_GROUP = {"dumb-init": ("-c", "--single-child"), "tini": ("-g",), "tini-static": ("-g",)}
_WAITS = frozenset(("wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh", "dockerize", "wait"))


def waits_for_service(name: str) -> bool:
    """Whether a wrapper waits until another service answers."""
    return name in _WAITS


def unwrap(words: Sequence[Argument]) -> Unwrapped | None:
    """What a wrapper at the start of `words` runs, or None if there is no wrapper.

    The result has no words if the wrapper runs nothing.
    """
    name = (words[0].text or "").rpartition("/")[2] if words else ""
    wrapper = _WRAPPERS.get(name)
    if wrapper is None:
        return None
    if wrapper.until:
        return _after_mark(words, name, wrapper)
    at = 1
    if wrapper.subcommand:
        at = _after_subcommand(words, wrapper)
        if at == 0:
            return None
    return _program(words, at, name, wrapper)


def _after_mark(words: Sequence[Argument], name: str, wrapper: Wrapper) -> Unwrapped | None:
    """The program after `--`; a wrapper that stands alone (as in `wait-for-it db:5432`) runs nothing."""
    for index, word in enumerate(words):
        if word.text == wrapper.until:
            return Unwrapped(tuple(words[index + 1 :]), name)
    return None


def _after_subcommand(words: Sequence[Argument], wrapper: Wrapper) -> int:
    """Index after the subcommand, options before it passed over; 0 if another one stands there."""
    at = 1
    while at < len(words):
        text = words[at].text
        if text == wrapper.subcommand:
            return at + 1
        if text is None or not text.startswith("-"):
            return 0
        at += 2 if text in wrapper.options else 1
    return 0


def _program(words: Sequence[Argument], at: int, name: str, wrapper: Wrapper) -> Unwrapped:
    variables: list[tuple[str, Argument]] = []
    own = [words[0], *([words[at - 1]] if wrapper.subcommand else [])]
    flags: list[str] = []
    while at < len(words):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if text is None:
            break
        if wrapper.module and text in ("-m", "--module"):
            return Unwrapped((words[at], *words[at + 1 :]), _said(own), tuple(variables))
        if wrapper.variables and _SETS_VARIABLE.match(text):
            variables.append((text.partition("=")[0], words[at]))
            at += 1
        elif text.startswith("-") and text != "-":
            flags.append(text)
            at += 2 if text in wrapper.options else 1
        else:
            break
    group = _forwards_to_group(name, flags)
    return Unwrapped(tuple(words[at + wrapper.before :]), _said(own), tuple(variables), group)


def _forwards_to_group(name: str, flags: Sequence[str]) -> bool:
    if name == "dumb-init":
        return not any(flag in _GROUP[name] for flag in flags)
    return any(flag in _GROUP.get(name, ()) for flag in flags)


def _said(words: Sequence[Argument]) -> str:
    return " ".join((word.text or word.written).rpartition("/")[2] for word in words)
