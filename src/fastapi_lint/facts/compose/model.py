"""What is kept of a compose file. A word's parts are compose's own `${...}`; `$$` is already one `$`."""

from __future__ import annotations

from typing import Literal

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.shell.model import SimpleCommand
from fastapi_lint.facts.words import Word
from fastapi_lint.facts.yaml_tree.model import YamlProblem


class Setting(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name and its value, from a mapping or a `NAME=value` item.

    `value` is None if it comes from outside (`NAME` alone, or a null). `place` is that of the scalar that
    holds the name: the key, or the whole item.
    """

    name: str
    value: Word | None
    place: Place


class Build(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`build`. `inline` is the text of `dockerfile_inline`."""

    context: Word | None
    dockerfile: Word | None
    target: Word | None
    args: tuple[Setting, ...]
    inline: str
    place: Place


class Command(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`command` or `entrypoint`.

    `words` are the arguments that the container gets; compose itself splits a string and runs no shell. It
    stops at an unquoted `;`, `&`, `|`, `<` or `>`: `rest` is what it drops from there on. An empty list or
    string takes back what the image has.
    """

    form: Literal["string", "list"]
    words: tuple[Word, ...]
    rest: str
    place: Place
    key: Place


class EnvFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of `env_file`."""

    path: Word
    required: bool
    place: Place


class Port(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of `ports`. `target` is the container's port; `published` and `host_ip` may be missing."""

    host_ip: Word | None
    published: Word | None
    target: Word
    protocol: str
    place: Place


class Mount(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of `volumes`. `kind` is `unknown` if a variable decides between a folder and a volume."""

    kind: Literal["bind", "volume", "tmpfs", "unknown"]
    source: Word | None
    target: Word
    read_only: bool
    place: Place


class Dependency(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of `depends_on`. `condition` is `service_started` where none is written.

    `place` is that of the service's name, `condition_place` that of the condition, if it is written.
    """

    service: str
    condition: str
    required: bool
    place: Place
    condition_place: Place | None


class Healthcheck(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`healthcheck`.

    `form` is `none` for `disable: true` and `test: NONE`, and `unset` without a test (the image's own test
    holds). `words` are those of the exec form; `commands` those of the shell form, whose text is `shell`.
    """

    form: Literal["exec", "shell", "none", "unset"]
    words: tuple[Word, ...]
    shell: Word | None
    commands: tuple[SimpleCommand, ...]
    place: Place
    key: Place


class Extends(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`extends`: another service, in this file or in `file`."""

    service: str
    file: Word | None
    place: Place


class Watch(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One rule of `develop.watch`."""

    action: str
    path: Word | None
    target: Word | None


class Include(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of the top-level `include`."""

    path: Word
    place: Place


class Service(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """One service, as far as this file tells. `place` is that of its name.

    `replicas` is `deploy.replicas`, else `scale`. `resets` names the keys with the tag `!reset` or
    `!override`. `keys` are the places of the service's keys, by name.
    """

    name: str
    place: Place
    image: Word | None = None
    build: Build | None = None
    command: Command | None = None
    entrypoint: Command | None = None
    environment: tuple[Setting, ...] = ()
    env_files: tuple[EnvFile, ...] = ()
    ports: tuple[Port, ...] = ()
    expose: tuple[Word, ...] = ()
    volumes: tuple[Mount, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    healthcheck: Healthcheck | None = None
    profiles: tuple[str, ...] = ()
    watch: tuple[Watch, ...] = ()
    replicas: Word | None = None
    extends: Extends | None = None
    restart: Word | None = None
    network_mode: Word | None = None
    networks: tuple[str, ...] = ()
    labels: tuple[Setting, ...] = ()
    working_dir: Word | None = None
    container_name: Word | None = None
    hostname: Word | None = None
    stop_grace_period: Word | None = None
    init: bool = False
    resets: tuple[str, ...] = ()
    keys: tuple[tuple[str, Place], ...] = ()

    def key(self, name: str) -> Place | None:
        """Place of one of the service's keys, if it is written."""
        return next((place for known, place in self.keys if known == name), None)


class ComposeFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One compose file. See `YamlFile` for `problem` and `complete`."""

    name: Word | None
    services: tuple[Service, ...]
    includes: tuple[Include, ...]
    problem: YamlProblem | None
    comments: tuple[Comment, ...]
    complete: bool
