"""The commands that print what was understood of the project: `routes`, `deployments` and
`explain-role`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi_lint.cli.setup import Setup, load, prepare
from fastapi_lint.cli.streams import fail, write
from fastapi_lint.engine.select import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FAILED = 2


def print_routes(setup: Setup, output_format: str, jobs: int) -> int:
    """Print the route table of the whole project. Raises ConfigError."""
    from fastapi_lint.report.routes import routes_json, routes_text

    project = load(prepare(setup, Choice()), jobs)
    if output_format == "json":
        return _printed(lambda: [routes_json(project)])
    return _printed(lambda: routes_text(project))


def print_deployments(setup: Setup, output_format: str, jobs: int) -> int:
    """Print the start commands of the whole project. Raises ConfigError."""
    from fastapi_lint.report.deployments import deployments_json, deployments_text

    project = load(prepare(setup, Choice()), jobs)
    if output_format == "json":
        return _printed(lambda: [deployments_json(project)])
    return _printed(lambda: deployments_text(project))


def print_role(place: str, root: Path | None, config: Path | None, isolated: bool, jobs: int) -> int:
    """Print the roles in a file, or the role of one symbol. Raises ConfigError."""
    from fastapi_lint.report.roles import roles_text

    path, _, symbol = place.partition(":") if not Path(place).exists() else (place, "", "")
    ready = prepare(Setup((Path(path),), root, config, isolated), Choice())
    project = load(ready, jobs)
    return _printed(lambda: roles_text(project, ready.shown[0], symbol))


def _printed(lines: Callable[[], Iterable[str]]) -> int:
    try:
        write(lines())
    except (NotImplementedError, LookupError) as error:
        fail(str(error.args[0] if error.args else error))
        return FAILED
    return 0
