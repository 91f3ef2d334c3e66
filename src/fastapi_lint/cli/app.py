"""The commands and their options. Each imports what it needs when it runs."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastapi_lint import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = 2

app = typer.Typer(
    name="fastapi-lint",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class OutputFormat(str, Enum):
    """Formats of the report of findings."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"


class TableFormat(str, Enum):
    """Formats of the other reports."""

    TEXT = "text"
    JSON = "json"


class FailOn(str, Enum):
    """From which severity on a run fails."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Level(str, Enum):
    """The severities."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


RootOption = Annotated[
    Path | None,
    typer.Option("--root", metavar="DIR", help="The project's root. Default: found from PATHS upwards."),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Read this configuration instead of the root's."),
]
IsolatedOption = Annotated[bool, typer.Option("--isolated", help="Ignore all configuration files.")]
PresetOption = Annotated[
    str | None,
    typer.Option("--preset", metavar="NAME", help="A named choice of rules."),
]
RulesHelp = "Codes, names or groups, comma-separated; can be repeated."
SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULES", help=f"Run only these rules. {RulesHelp}"),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULES", help="Leave these rules out."),
]
ExtendSelectOption = Annotated[
    list[str] | None,
    typer.Option("--extend-select", metavar="RULES", help="Run these rules as well."),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fastapi-lint {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Check a FastAPI project and its deployment. Nothing of the project is imported or run."""


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]...", help="Show findings of these only. Default: the directory."),
    ] = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    extend_select: ExtendSelectOption = None,
    preset: PresetOption = None,
    output_format: Annotated[OutputFormat, typer.Option(help="The report's format.")] = OutputFormat.TEXT,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="Exit with 1 from this severity on.  [default: warning]"),
    ] = None,
    severity: Annotated[Level, typer.Option(help="Hide what is below this severity.")] = Level.INFO,
    root: RootOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    stdin_filename: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="With `-` as path: stdin is the content of this file."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes for parsing; 0 chooses.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Findings and errors only.")] = False,
    show_files: Annotated[bool, typer.Option("--show-files", help="List the files and exit.")] = False,
    output_schema: Annotated[
        bool,
        typer.Option("--output-schema", help="Print the JSON Schema of `--output-format json` and exit."),
    ] = False,
) -> None:
    """Check the project that holds PATHS, and report findings in PATHS.

    The whole project is always read; PATHS only choose whose findings are shown and counted.
    """
    from fastapi_lint.cli import check as command
    from fastapi_lint.cli import setup

    if output_schema:
        raise typer.Exit(command.print_schema())
    request = command.Request(
        setup.Setup(tuple(paths or ()), root, config, isolated, stdin_filename),
        setup.choice(preset, select, ignore, extend_select),
        output_format=output_format.value,
        fail_on=fail_on.value if fail_on else None,
        severity=severity.value,
        jobs=jobs,
        quiet=quiet,
    )
    raise typer.Exit(command.list_files(request) if show_files else command.run_check(request))


@app.command()
def explain(
    words: Annotated[list[str], typer.Argument(metavar="CODE|NAME|GROUP...", help="What to explain.")],
) -> None:
    """Print the page of a rule, or the rules of a group."""
    from fastapi_lint.cli.show import explain

    raise typer.Exit(explain(words))


@app.command()
def rules(
    output_format: Annotated[TableFormat, typer.Option(help="The list's format.")] = TableFormat.TEXT,
) -> None:
    """List all rules."""
    from fastapi_lint.cli.show import list_rules

    raise typer.Exit(list_rules(output_format.value))


@app.command(name="config")
def show_config(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]")] = None,
    root: RootOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    extend_select: ExtendSelectOption = None,
    preset: PresetOption = None,
) -> None:
    """Print the configuration that holds, where it comes from, and the rules that it selects."""
    from fastapi_lint.cli import setup
    from fastapi_lint.cli.show import print_config

    paths = () if path is None else (path,)
    wanted = setup.choice(preset, select, ignore, extend_select)
    raise typer.Exit(print_config(setup.Setup(paths, root, config, isolated), wanted))


@app.command()
def routes(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]")] = None,
    output_format: Annotated[TableFormat, typer.Option(help="The table's format.")] = TableFormat.TEXT,
    root: RootOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes for parsing; 0 chooses.")] = 0,
) -> None:
    """Print the routes of all apps, as FastAPI would register them."""
    from fastapi_lint.cli import setup
    from fastapi_lint.cli.model import print_routes

    paths = () if path is None else (path,)
    raise typer.Exit(print_routes(setup.Setup(paths, root, config, isolated), output_format.value, jobs))


@app.command()
def deployments(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]")] = None,
    output_format: Annotated[TableFormat, typer.Option(help="The report's format.")] = TableFormat.TEXT,
    root: RootOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes for parsing; 0 chooses.")] = 0,
) -> None:
    """Print what the deployment files start, with which values, and what stayed unknown."""
    from fastapi_lint.cli import setup
    from fastapi_lint.cli.model import print_deployments

    paths = () if path is None else (path,)
    raise typer.Exit(print_deployments(setup.Setup(paths, root, config, isolated), output_format.value, jobs))


@app.command(name="explain-role")
def explain_role(
    place: Annotated[str, typer.Argument(metavar="PATH[:SYMBOL]", help="A file, or a symbol in it.")],
    root: RootOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes for parsing; 0 chooses.")] = 0,
) -> None:
    """Print the role of a file's symbols, and the evidence for it."""
    from fastapi_lint.cli.model import print_role

    raise typer.Exit(print_role(place, root, config, isolated, jobs))


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit code. A mistake of the user's is one line on stderr for each."""
    from fastapi_lint.cli.streams import ClosedPipeError, fail
    from fastapi_lint.config.errors import ConfigError

    if not arguments:
        run(["--help"])
        return USAGE
    try:
        code = typer.main.get_command(app).main(list(arguments), "fastapi-lint", standalone_mode=False)
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except ConfigError as error:
        for problem in error.problems:
            fail(problem)
        return USAGE
    except ClosedPipeError as error:
        raise BrokenPipeError from error
    except Exception as error:
        fail(_complaint(error))
        return USAGE
    return code if isinstance(code, int) else 0


def _complaint(error: Exception) -> str:
    """What to say about an error of the command line's parser, or about a fault of ours.

    The parser's errors are those of whichever click typer brings along, so they are told by their method.
    """
    format_message = getattr(error, "format_message", None)
    if format_message is not None:
        return f"{format_message()} (`fastapi-lint --help` tells more)"
    if os.environ.get("FASTAPI_LINT_TRACEBACK"):
        raise error
    cause = f"{type(error).__name__}: {error}"
    return f"internal error: {cause} (please report it; FASTAPI_LINT_TRACEBACK=1 shows where)"
