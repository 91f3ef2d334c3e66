"""DPL017 virtual-environment-not-on-path: the server is installed where its bare name isn't found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Related, Span
from fastapi_lint.project.deployment.environments_on_path import Environment, only_environment
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project

RUNNERS = ("uv run", "poetry run", "pdm run", "pipenv run", "hatch run", "rye run", "python -m")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each server that is started by a name which isn't on the PATH."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        image = start.launch.image
        if image is None or start.span in seen or not _is_bare(start) or "PATH" in _own_variables(start):
            continue
        found = only_environment(image)
        if found is not None and not start.launch.mounts:
            seen.add(start.span)
            yield _finding(start, found)


def _is_bare(start: StartCommand) -> bool:
    """Whether the server is found by its name alone."""
    if start.activated or "/" in start.program or "." in server_of(start):
        return False
    return not any(wrapper in RUNNERS for wrapper in start.run_by)


def _own_variables(start: StartCommand) -> set[str]:
    """Variables that the service or container sets beyond those of its image."""
    image = start.launch.image
    own = image.variables if image is not None else {}
    return {name for name, value in start.variables.items() if own.get(name) is not value}


def _finding(start: StartCommand, found: Environment) -> Finding:
    server = start.words[0].text or start.server
    place = found.span
    end = Span(place.path, place.end_line, place.end_column, place.end_line, place.end_column)
    text = f'\nENV PATH="{found.folder}/bin:$PATH"'
    return Finding(
        span=start.span,
        message=f"`{server}` is installed in `{found.folder}` only, and its `bin` folder isn't on the PATH",
        help=f'Set `ENV PATH="{found.folder}/bin:$PATH"`, or start it with `{found.runner} {server}`',
        related=(Related(place, f"`{found.folder}` comes from here", "install"),),
        chain=chain(start),
        fix=Fix("unsafe", "Put the virtual environment on the PATH", (Edit(end, text),)),
    )
