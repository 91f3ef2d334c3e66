"""XAR012 static-directory-not-in-image: a folder that the app serves is not in the image that starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment.lacking import lacks, tracked_folder
from fastapi_lint.project.deployment.served_folders import ServedFolder, folders_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import Launch, StartCommand
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each image and folder."""
    seen: set[tuple[Span, str]] = set()
    for start in project.deployment.starts:
        app, span = start.app, _command_of(start)
        if app is None or span is None or start.conditional or start.environment in ("development", "test"):
            continue
        if _is_judged_elsewhere(project, start.launch):
            continue
        for served in folders_of(project, app):
            path = tracked_folder(project.deployment, start, served.folder)
            if path is None or (span, served.folder) in seen:
                continue
            if lacks(project.deployment, start, served.folder):
                seen.add((span, served.folder))
                yield _finding(project, start, served, path, span)


def _is_judged_elsewhere(project: Project, launch: Launch) -> bool:
    """Whether services start the image: it is judged with what they mount."""
    image = launch.image
    return launch.kind == "image" and image is not None and bool(project.deployment.builds.services_of(image))


def _command_of(start: StartCommand) -> Span | None:
    """The instruction of the Dockerfile that starts the app, else the last one of its stage."""
    image = start.launch.image
    if image is None:
        return None
    instruction = image.cmd or image.entrypoint or next(reversed(image.stage.instructions), None)
    return instruction.place.span(image.path) if instruction is not None else None


def _finding(project: Project, start: StartCommand, served: ServedFolder, path: str, span: Span) -> Finding:
    when = "the app fails when it is imported"
    if served.class_name != "StaticFiles":
        when = "the first request for a template fails"
    place = f"{(start.workdir or '').rstrip('/')}/{served.folder}"
    return Finding(
        span=span,
        message=f"`{served.class_name}` takes its files from `{served.folder}`, "
        f"and the image has no `{place}`: {when}",
        help=f"Copy `{path}` there",
        related=(Related(project.span(served.module, served.at), "The directory is named here", "use"),),
    )
