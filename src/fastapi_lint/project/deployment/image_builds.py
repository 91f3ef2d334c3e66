"""Which Dockerfile a published image is built from, as workflows, makefiles and scripts build and name it.

Sources: the inputs of docker/build-push-action and docker/metadata-action, and `docker build --help`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.shell import split_command
from fastapi_lint.project.deployment.composition import below_root
from fastapi_lint.sources.kinds import Kind

if TYPE_CHECKING:
    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.facts.workflow import WorkflowStep
    from fastapi_lint.project.artifacts import Artifacts

UNKNOWN = "*"
_EXPRESSION = re.compile(r"\$\{\{\s*([^}]*?)\s*\}\}")
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\$\w+")
_OPTIONS = {"-t": "tag", "--tag": "tag", "-f": "file", "--file": "file", "--target": "target"}
_TAKES_VALUE = frozenset(
    "--build-arg --platform --label --cache-from --cache-to --network --progress --secret --ssh --output -o "
    "--builder --iidfile --metadata-file --add-host --build-context --annotation --allow --attest".split()
)


class NamedBuild(msgspec.Struct, frozen=True):
    """A build that gives an image names: the Dockerfile below the root, and the stage (empty: the last).

    `names` have no tags; a part between slashes that isn't known is `*`. `path` is empty and `target` None
    where they aren't known.
    """

    names: tuple[str, ...]
    path: str
    target: str | None


def builds(artifacts: Artifacts) -> Iterator[NamedBuild]:
    """Every build that names its image."""
    for facts in artifacts.workflows:
        for job in facts.jobs:
            yield from _of_job(job)
    for path, makefile in artifacts.makefiles:
        variables = dict(makefile.variables)
        for target in makefile.targets:
            yield from _of_commands(target.commands, posixpath.dirname(path), variables)
    for path in artifacts.paths(Kind.SHELL):
        script = artifacts.script(path)
        if script is not None:
            yield from _of_commands(script.commands, posixpath.dirname(path), {})


def matches(pattern: str, name: str) -> bool:
    """Whether a name of a build can be the name of an image; the image's own part of it has to be known."""
    parts, wanted = _plain(pattern).split("/"), _plain(name).split("/")
    if len(parts) != len(wanted) or UNKNOWN in parts[-1]:
        return False
    return all(own in (other, UNKNOWN) for own, other in zip(parts, wanted, strict=True))


def _plain(name: str) -> str:
    return name.removeprefix("docker.io/").removeprefix("library/")


# --- workflows ---------------------------------------------------------------------------------------


def _of_job(steps: Sequence[WorkflowStep]) -> Iterator[NamedBuild]:
    named = {step.id: step.option("images") or "" for step in steps if _is_action(step, "metadata-action")}
    for step in steps:
        environment = dict(step.environment)
        if _is_action(step, "build-push-action"):
            tags = _known(step.option("tags") or "", environment, named)
            names = tuple(_name(line) for line in re.split(r"[\n,]", tags) if line.strip())
            context, file, target = (
                _known(step.option(key) or "", environment, {}) for key in ("context", "file", "target")
            )
            yield NamedBuild(names, *_place(context, file, target, ""))
        elif "docker" in step.run:
            commands = split_command(_known(step.run, environment, {}))
            yield from _of_commands(commands, posixpath.normpath(step.folder or "."), environment)


def _is_action(step: WorkflowStep, name: str) -> bool:
    return step.uses.partition("@")[0] == f"docker/{name}"


def _known(text: str, environment: Mapping[str, str], named: Mapping[str, str]) -> str:
    """A text with the expressions replaced whose value is known, and `*` for the others."""

    def value(match: re.Match[str]) -> str:
        kind, _, rest = match[1].partition(".")
        if kind == "env" and rest in environment:
            others = {name: own for name, own in environment.items() if name != rest}
            return _known(environment[rest], others, named)
        step, _, output = rest.partition(".")
        if kind == "steps" and output == "outputs.tags" and step in named:
            return _known(named[step], environment, {})
        return UNKNOWN

    return _EXPRESSION.sub(value, text)


def _name(line: str) -> str:
    """The name in a line of tags (`name:tag`, or `name=...` of the metadata), without its tag."""
    fields = line.strip().split(",")[0]
    name = fields.removeprefix("name=").removeprefix("type=raw,").strip("\"' ")
    head, slash, tail = name.rpartition("/")
    tail = tail.partition("@")[0].partition(":")[0]
    parts = [*head.split("/"), tail] if slash else [tail]
    return "/".join(UNKNOWN if UNKNOWN in part or "$" in part else part for part in parts)


# --- docker build ------------------------------------------------------------------------------------


def _of_commands(
    commands: Sequence[SimpleCommand], folder: str, variables: Mapping[str, str]
) -> Iterator[NamedBuild]:
    for command in commands:
        words = [_word(word.text, variables) for word in command.words]
        if words[:1] == ["cd"]:
            folder = posixpath.normpath(posixpath.join(folder, words[1])) if len(words) > 1 else UNKNOWN
        at = next((index for index, word in enumerate(words[:4]) if word == "build"), 0)
        if words[:1] == ["docker"] and at:
            yield from _built(words[at + 1 :], folder)


def _word(text: str, variables: Mapping[str, str], depth: int = 0) -> str:
    """A word with the variables replaced whose value is written down, and `*` for the others."""

    def value(match: re.Match[str]) -> str:
        found = variables.get(match[0].strip("${}()"))
        return _word(found, variables, depth + 1) if found is not None and depth < 4 else UNKNOWN

    return _VARIABLE.sub(value, text)[:1000]


def _built(words: Sequence[str], folder: str) -> Iterator[NamedBuild]:
    found: dict[str, list[str]] = {"tag": [], "file": [], "target": [], "context": []}
    at = 0
    while at < len(words):
        name, equals, value = words[at].partition("=")
        key = _OPTIONS.get(name)
        if key is not None and not equals:
            at, value = at + 1, words[at + 1] if at + 1 < len(words) else UNKNOWN
        if key is not None:
            found[key].append(value)
        elif not words[at].startswith("-"):
            found["context"].append(words[at])
        elif name in _TAKES_VALUE and not equals:
            at += 1
        at += 1
    context, file, target = (found[key][-1] if found[key] else "" for key in ("context", "file", "target"))
    yield NamedBuild(tuple(map(_name, found["tag"])), *_place(context, file, target, folder))


def _place(context: str, file: str, target: str, folder: str) -> tuple[str, str | None]:
    """The Dockerfile below the root, and the stage."""
    stage = None if UNKNOWN in target else target
    if UNKNOWN in context + file + folder or "://" in context:
        return "", stage
    name = file or posixpath.join(context or ".", "Dockerfile")
    return below_root(folder, name) or "", stage
