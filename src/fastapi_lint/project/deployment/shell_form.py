"""Commands of images in shell form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import StartCommand, Step


def of_start(start: StartCommand) -> Step | None:
    """The shell of a CMD or ENTRYPOINT in shell form that waits for the server as its last command."""
    inner = [step for step in start.steps if step.kind != "wrapper"]
    step = inner[-1] if inner else None
    if step is None or step.kind != "shell form" or step.shell != "waits" or step.why != "no exec":
        return None
    return step if step.is_last else None
