"""What the RUN instructions of an image install, with which tool, from which files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.dockerfile import Run
from fastapi_lint.project.deployment import wrappers
from fastapi_lint.project.deployment.files import ImageFiles
from fastapi_lint.project.deployment.model import Argument
from fastapi_lint.project.deployment.words import expanded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.facts.dockerfile import Stage, Step
    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.findings import Span
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.contexts import Context
    from fastapi_lint.project.deployment.images import Image

LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock", "pipenv": "Pipfile.lock"}
_ACTIONS = {
    "uv": ("sync",),
    "poetry": ("install", "sync"),
    "pdm": ("install", "sync"),
    "pipenv": ("install", "sync"),
    "pip": ("install",),
    "pip3": ("install",),
}
_FOLDER_OPTIONS = frozenset(("--directory", "--project", "-C", "-P", "-p"))
_TAKES_VALUE = frozenset(
    "-r --requirement -c --constraint -e --editable -t --target --prefix -i --index-url --extra-index-url -f "
    "--find-links --group --no-group --only-group --extra --no-extra --package --with --without --only -G -L "
    "--directory --project -C -P -p --python --cache-dir --platform --python-version --root --no-binary "
    "--only-binary --lockfile --timeout --retries --trusted-host --index --default-index --link-mode "
    "--upgrade-package".split()
)


class Install(msgspec.Struct, frozen=True):
    """One install command. `tool` is `uv`, `poetry`, `pdm`, `pipenv` or `pip`; `action` its subcommand.

    `words` begin with the tool. `lookup` holds what the variables are where it runs, None for one that
    isn't known. `workdir` is the directory inside the image. `order` counts the image's steps.
    """

    tool: str
    action: str
    words: tuple[Argument, ...]
    span: Span
    instruction: Run
    stage: Stage
    variables: dict[str, str | None]
    workdir: str | None
    order: int

    def has(self, *options: str) -> bool:
        """Whether one of the options is given, with or without a value."""
        return any((word.text or "").partition("=")[0] in options for word in self.words[1:])

    def values(self, *options: str) -> Iterator[str]:
        """The values of all options of these names."""
        for index, word in enumerate(self.words):
            name, equals, value = (word.text or "").partition("=")
            if name in options:
                following = self.words[index + 1].text if index + 1 < len(self.words) else None
                yield value if equals else following or ""

    @property
    def named(self) -> tuple[str, ...]:
        """The words after the action that are neither options nor their values."""
        texts = [word.text or word.written for word in self.words]
        at = texts.index(self.action) + 1 if self.action in texts else 1
        found: list[str] = []
        while at < len(texts):
            if texts[at].startswith("-"):
                at += 2 if texts[at] in _TAKES_VALUE else 1
                continue
            found.append(texts[at])
            at += 1
        return tuple(found)

    @property
    def is_open(self) -> bool:
        """Whether words aren't known that may be options."""
        return any(word.text is None for word in self.words)

    def is_set(self, *names: str) -> bool:
        """Whether one of the variables has a true value, or one that isn't known."""
        return any(
            name in self.variables
            and (self.variables[name] or "1").lower() not in ("0", "false", "no", "off")
            for name in names
        )


def of_image(image: Image) -> tuple[Install, ...]:
    """The install commands that make an image, those of the stages it builds upon first."""
    return tuple(_installs(image))


def _installs(image: Image) -> Iterator[Install]:
    for order, step in enumerate(image.steps):
        if isinstance(step.instruction, Run):
            yield from _of_run(image, step, step.instruction, order)


def _of_run(image: Image, step: Step, run: Run, order: int) -> Iterator[Install]:
    workdir = image.workdir_at(run)
    variables: dict[str, str | None] = {**step.args, **step.env}
    for command in run.command.commands:
        own = {a.name: a.value.value(variables.get) for a in command.assignments}
        if not command.words:
            variables = {**variables, **own}
            continue
        words = _expanded(image, command, variables)
        if words and words[0].text in ("cd", "pushd") and len(words) > 1:
            workdir = _entered(workdir, words[1].text)
        elif words and words[0].text == "export":
            variables = {**variables, **_exported(words)}
        else:
            found = _install(image, step, run, words, {**variables, **own}, workdir, order)
            if found is not None:
                yield found


def _expanded(image: Image, command: SimpleCommand, variables: dict[str, str | None]) -> list[Argument]:
    return [a for word in command.words for a in expanded(word, image.path, variables.get)]


def _exported(words: Sequence[Argument]) -> dict[str, str | None]:
    pairs = ((word.text or word.written).partition("=") for word in words[1:])
    return {name: value for name, equals, value in pairs if equals}


def _entered(workdir: str | None, target: str | None) -> str | None:
    if target is None or (workdir is None and not target.startswith("/")):
        return None
    return posixpath.normpath(posixpath.join(workdir or "/", target))


def _install(
    image: Image,
    step: Step,
    run: Run,
    words: Sequence[Argument],
    variables: dict[str, str | None],
    workdir: str | None,
    order: int,
) -> Install | None:
    words, variables = _unwrapped(words, variables)
    name = (words[0].text or "").rpartition("/")[2] if words else ""
    if name.startswith("python") and len(words) > 2 and words[1].text == "-m":
        words = words[2:]
        name = words[0].text or ""
    tool = "pip" if name in ("pip", "pip3") else name
    if name == "uv" and len(words) > 2 and words[1].text == "pip" and words[2].text in ("install", "sync"):
        tool, action = "uv pip", words[2].text or ""
    else:
        actions = _ACTIONS.get(name, ())
        action = next((w.text or "" for w in words[1:] if w.text in actions), "")
        between = [w.text or "" for w in words[1 : _index(words, action)]]
        if not action or any(not text.startswith("-") and text not in _folders(words) for text in between):
            return None
    span = words[0].span
    found = Install(tool, action, tuple(words), span, run, step.stage, variables, workdir, order)
    folder = next(found.values(*_FOLDER_OPTIONS), None) if tool in LOCKS else None
    return replace(found, workdir=_entered(workdir, folder)) if folder else found


def _unwrapped(
    words: Sequence[Argument], variables: dict[str, str | None]
) -> tuple[Sequence[Argument], dict[str, str | None]]:
    """The command behind `env NAME=value`, `sudo`, `time` and their like."""
    for _ in range(6):
        name = words[0].text if words else None
        inner = wrappers.unwrap(words) if name not in _ACTIONS else None
        if inner is None:
            return words, variables
        given = {key: (word.text or "").partition("=")[2] for key, word in inner.variables}
        words, variables = inner.words, {**variables, **given}
    return words, variables


def _index(words: Sequence[Argument], text: str) -> int:
    return next((index for index, word in enumerate(words) if word.text == text), 1)


def _folders(words: Sequence[Argument]) -> set[str]:
    return {words[i + 1].text or "" for i, w in enumerate(words[:-1]) if w.text in _FOLDER_OPTIONS}


class Manifest(msgspec.Struct, frozen=True):
    """The project that an install command is for: its `pyproject.toml` or Pipfile, and its tracked lock
    file.
    """

    path: str
    lock: str | None


def manifest_of(install: Install, image: Image, context: Context, artifacts: Artifacts) -> Manifest | None:
    """The project that a command of uv, Poetry, PDM or pipenv installs; None if it isn't in the
    repository.
    """
    lock = LOCKS.get(install.tool)
    if lock is None or install.workdir is None:
        return None
    name = "Pipfile" if install.tool == "pipenv" else "pyproject.toml"
    path = _bound(install, context, name)
    if path is None:
        files = ImageFiles(image, context, artifacts)
        path = files.locate(posixpath.join(install.workdir, name))
    if path is None or not artifacts.exists(path):
        return None
    return Manifest(path, _lock(path, lock, artifacts))


def _lock(path: str, name: str, artifacts: Artifacts) -> str | None:
    """The lock file beside a manifest, or further up in a workspace of uv."""
    known = {lock for lock, _ in artifacts.lockfiles}
    folder = posixpath.dirname(path)
    while True:
        found = posixpath.join(folder, name)
        if found in known:
            return found
        if not folder or name != "uv.lock":
            return None
        folder = posixpath.dirname(folder)


def _bound(install: Install, context: Context, name: str) -> str | None:
    """The file that a bind mount of the RUN line brings under this name."""
    for source, target in binds_of(install.instruction):
        if posixpath.basename(target or source) == name:
            return context.path(source)
    return None


def binds_of(run: Run) -> Iterator[tuple[str, str]]:
    """Source and target of the bind mounts of a RUN line that come from the build context."""
    for flag in run.flags:
        fields = dict(flag.fields()) if flag.name == "mount" else {}
        if fields.get("type", "bind" if fields else "") == "bind" and "from" not in fields:
            source = fields.get("source", fields.get("src", "."))
            yield source, fields.get("target", fields.get("dst", fields.get("destination", "")))


def has_cache(run: Run) -> bool:
    """Whether a RUN line uses a cache mount."""
    return any(flag.name == "mount" and ("type", "cache") in flag.fields() for flag in run.flags)
