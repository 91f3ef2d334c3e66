"""How findings name what is deployed, and the way from an artifact to a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Hop

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.model import Launch, StartCommand, Step

_KINDS = {
    "entrypoint": "the ENTRYPOINT of the image",
    "cmd": "the CMD of the image",
    "command": "the command given to the container",
    "args": "the arguments given to the container",
    "shell": "a shell runs the command",
    "shell form": "Docker puts a shell before the command",
    "script": "runs the script `{path}`",
    "target": "runs `{text}`",
    "program": "starts `{text}`",
    "python": "runs `{path}`",
    "calls": "calls `{text}`",
    "console script": "runs the console script `{text}`",
    "wrapper": "goes through `{text}`",
    "base image": "the base image `{text}` starts the app itself",
    "service": "the service `{text}`",
    "container": "{text}",
    "process": "the process `{text}`",
    "unit": "the unit `{text}`",
}


def of_image(image: Image) -> str:
    """A stage as a reader knows it."""
    if image.stage.name:
        return f"the stage `{image.stage.name}` of `{image.path}`"
    return f"`{image.path}`"


def of_launch(launch: Launch) -> str:
    """A launch as a reader knows it."""
    if launch.kind == "image" and launch.image is not None:
        return of_image(launch.image)
    names = {
        "service": "service",
        "container": "container",
        "process": "process",
        "program": "program",
        "unit": "unit",
        "target": "target",
        "script": "script",
    }
    return f"the {names[launch.kind]} `{launch.name}`"


def server_of(start: StartCommand) -> str:
    """The server's name as it is called: `uvicorn`, `fastapi run`, `uvicorn.run`."""
    if start.server == "fastapi":
        return f"fastapi {start.subcommand}"
    written = start.words[0].written
    return written if written.startswith(f"{start.server}.") else start.server


def target_of(start: StartCommand) -> str:
    """` for `app.main:app`` if the target is known, else an empty text."""
    text = start.target.text if start.target is not None else ""
    return f" for `{text}`" if text else ""


def chain(start: StartCommand) -> tuple[Hop, ...]:
    """The steps to a server, if there is more to tell than the one line it stands on."""
    telling = [step for step in start.steps if step.kind != "wrapper"]
    if len(telling) < 2 and all(step.span.path == start.span.path for step in telling):
        return ()
    hops = tuple(_hop(step) for step in telling)
    return (*hops, Hop(start.span, "starts", start.server, f"`{server_of(start)}` is started here"))


def of_step(step: Step) -> str:
    """One step in words."""
    return _KINDS.get(step.kind, "{text}").format(text=step.text, path=step.path)


def _hop(step: Step) -> Hop:
    return Hop(step.span, step.kind, step.path or step.text, of_step(step))
