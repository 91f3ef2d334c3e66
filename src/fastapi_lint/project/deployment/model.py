"""What the model of a deployment says: start commands, what they are told, and where that comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.facts.kubernetes import Container, Workload
    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.facts.words import Word
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.variables import Variables
    from fastapi_lint.project.routing.table import App

T = TypeVar("T")

Environment = Literal["development", "test", "staging", "production", "unknown"]
Origin = Literal["default", "argument", "variable", "file", "code"]
Family = Literal["dash", "bash", "ash", ""]
LaunchKind = Literal["image", "service", "container", "process", "program", "unit", "script", "target"]
Shell = Literal["none", "waits", "replaced", "unknown"]
TargetStatus = Literal["found", "unknown", "module missing", "attribute missing", "not found"]
TargetKind = Literal["instance", "factory", "asgi", "parameters", "wrapped", "unknown"]


class Value(msgspec.Struct, Generic[T], frozen=True):
    """What a server is told, by whom, and where.

    `value` is None where it isn't known. `origin` is `default` where nothing says anything (then `value` is
    what the server takes by itself), `argument` for the command line, `variable` for the environment, `file`
    for a configuration file, `code` for a call. `span` covers what has to change: the value's word with its
    option (`--port 8000`), the variable's value, the argument of the call.
    """

    value: T | None
    origin: Origin = "default"
    span: Span | None = None
    written: str = ""

    @property
    def is_given(self) -> bool:
        """Whether anything sets it."""
        return self.origin != "default"

    @property
    def is_known(self) -> bool:
        """Whether the value is certain: given and read, or the server's own default."""
        return self.value is not None


class Argument(msgspec.Struct, frozen=True):
    """One word of a command as the process gets it.

    `text` is None if it isn't known. `span` is where it is written. `commands` are set if it is shell text
    that was read already; `word` is what it was read from, if it is one word of a file.
    """

    text: str | None
    span: Span
    written: str
    word: Word | None = None
    commands: tuple[SimpleCommand, ...] | None = None
    rest: bool = False
    """Whether it stands for any number of words that aren't known (`"$@"`, `$OPTIONS`)."""
    hidden: frozenset[str] = frozenset()
    """Variables in it that its file replaces before any shell reads it, by values that aren't known."""


class Step(msgspec.Struct, frozen=True):
    """One hop from the artifact to the server.

    `kind` says what it is: `command`, `entrypoint`, `shell`, `script`, `target`, `program`, `python`,
    `wrapper`, `console script`. `shell` tells for `shell` and `script` whether the shell stays as the
    parent of what it runs (`waits`), is `replaced` by it, or whether that is `unknown`; it is `none` for
    other steps. `span` is where the step is written, `path` the file that it leads to, if it does.
    """

    kind: str
    span: Span
    text: str
    shell: Shell = "none"
    family: Family = ""
    path: str = ""
    why: str = ""
    """Why the shell waits: `no exec`, `background`, `pipe`; empty if it doesn't."""
    is_last: bool = True
    """Whether nothing follows in the shell's text."""


class Ran(msgspec.Struct, frozen=True):
    """A command that a launch runs, after wrappers: its words, and whether it may be passed over."""

    words: tuple[Argument, ...]
    span: Span
    conditional: bool
    order: int
    wrappers: tuple[str, ...] = ()
    loop: bool = False

    @property
    def name(self) -> str:
        """The program's name without its folder, or an empty text if it isn't known."""
        return (self.words[0].text or "").rpartition("/")[2] if self.words else ""

    def text(self, index: int) -> str:
        """The text of a word, or an empty text if it isn't there or isn't known."""
        return (self.words[index].text or "") if index < len(self.words) else ""

    def __str__(self) -> str:
        return " ".join(word.written for word in self.words)


class Unresolved(msgspec.Struct, frozen=True):
    """What a launch ends with if no server was found: where, the words, and why it stayed unknown."""

    span: Span
    text: str
    reason: str


class Target(msgspec.Struct, frozen=True):
    """`module:attribute` as a start command names it, or the object that `uvicorn.run` is given.

    `text` is as written, None if it isn't known. `is_call` tells that it is written as a call
    (`main:create_app()`). `app` is the application of the project that it leads to.
    """

    text: str | None
    span: Span
    status: TargetStatus
    app: App | None = None
    is_call: bool = False
    is_object: bool = False
    kind: TargetKind = "unknown"
    """What the attribute is: an app, a function that returns one without parameters, a function of the
    ASGI form, one that needs other parameters, an app wrapped in something else, or not known."""
    module: str = ""
    """Path of the module that it names, if the project has it."""
    suggestion: str = ""


class Launch(msgspec.Struct, frozen=True, eq=False):
    """A process that an artifact starts: where it is written, in which image and with which variables.

    `name` is the stage, service, container or process; `span` the instruction or key that names the
    command. `variables` are those of the process. `host_network` tells that it shares its network with the
    host or with another container.
    """

    kind: LaunchKind
    path: str
    name: str
    span: Span
    environment: Environment
    words: tuple[Argument, ...]
    steps: tuple[Step, ...]
    variables: Variables
    image: Image | None
    workdir: str | None
    mounts: tuple[tuple[str, str], ...] = ()
    replicas: Value[int] = msgspec.field(default_factory=lambda: Value(1))
    host_network: bool = False
    written_here: bool = True
    """Whether the artifact gives a command itself, and doesn't only use the image's."""
    service: ComposeService | None = None
    workload: Workload | None = None
    container: Container | None = None

    @property
    def in_container(self) -> bool:
        """Whether it runs in a container."""
        return self.kind in ("image", "service", "container")


class StartCommand(msgspec.Struct, frozen=True, eq=False):
    """A server that a launch starts, and all that it is told.

    `span` is the server's word, or the call of `uvicorn.run`. `words` are those from the server's word on.
    `open` tells that the command may have further options which aren't known. `conditional` tells that it
    stands in a branch. `steps` lead from the artifact to the server. `module_roots` are the folders from
    which the target's module is imported. `order` is its place among all that the launch runs.
    """

    launch: Launch
    server: str
    span: Span
    words: tuple[Argument, ...]
    steps: tuple[Step, ...]
    conditional: bool
    open: bool
    order: int
    subcommand: str
    target: Target | None
    host: Value[str]
    port: Value[int]
    workers: Value[int]
    reload: Value[bool]
    log_level: Value[str]
    factory: Value[bool]
    worker_class: Value[str]
    forwarded_allow_ips: Value[str]
    proxy_headers: Value[bool]
    socket: Value[str]
    tls: Value[str]
    app_dir: Value[str]
    workdir: str | None
    program: str = ""
    """The word that names the server as written, with its folder (`/app/.venv/bin/uvicorn`)."""
    run_by: tuple[str, ...] = ()
    """Wrappers right before the server: `uv run`, `poetry run`, `python -m`."""
    variables: Mapping[str, Value[str]] = msgspec.field(default_factory=dict)
    activated: bool = False

    @property
    def environment(self) -> Environment:
        """The environment that the command is for."""
        return self.launch.environment

    @property
    def may_be_production(self) -> bool:
        """Whether it is for production, staging, or nothing says otherwise."""
        return self.environment in ("production", "staging", "unknown")

    @property
    def app(self) -> App | None:
        """The application of the project that it serves."""
        return self.target.app if self.target is not None else None


class Probe(msgspec.Struct, frozen=True):
    """A check that something outside makes: its kind, where, and what it asks for.

    `path` is the URL's path or None, `port` the port or None if neither is known; `span` covers the path.
    `owner` is the launch whose container is asked. `sends_credentials` tells that it sends a header
    that may log it in. `tool` is the program that asks, with its place. `needs_success` tells that an
    answer such as 401 or 503 certainly makes the check fail.
    """

    kind: Literal["liveness", "readiness", "startup", "healthcheck"]
    path: str | None
    port: int | None
    span: Span
    port_span: Span | None
    owner: Launch
    sends_credentials: bool = False
    tool: str = ""
    method: str = "GET"
    written: str = ""
    needs_success: bool = False
