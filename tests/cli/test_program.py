"""The program as a process: what it imports, how it ends."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastapi_lint import __version__
from fastapi_lint.__main__ import main

SOURCE = Path(__file__).parents[2] / "src"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}
UNUSED = "import os  # fastapi-lint: ignore[FAL001]\n"


def program(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fastapi_lint", *arguments]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def imported(*arguments: str) -> set[str]:
    """The top-level names of all modules that a command line imports."""
    code = (
        "import sys\nfrom fastapi_lint import __main__\n"
        f"sys.argv = ['fastapi-lint', *{arguments!r}]\n"
        "try:\n    __main__.main()\nexcept SystemExit:\n    pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    return set(done.stderr.splitlines()[-1].split())


def test_version() -> None:
    done = program("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"fastapi-lint {__version__}\n", "")


def test_version_imports_next_to_nothing() -> None:
    assert not imported("--version") & {"typer", "click", "rich", "libcst", "msgspec", "yaml"}


@pytest.mark.parametrize("arguments", [("explain", "FAL003"), ("rules",), ("--help",), ("check", "--help")])
def test_what_needs_no_project_imports_no_parser(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & {"libcst", "yaml", "rich", "pathspec"}


def test_without_arguments_the_help_is_printed() -> None:
    done = program()
    assert done.returncode == 2
    assert done.stdout.startswith("Usage: fastapi-lint ")


@pytest.mark.parametrize(
    "command", ["check", "explain", "rules", "config", "routes", "deployments", "explain-role"]
)
def test_every_command_has_help(command: str) -> None:
    done = program(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: fastapi-lint {command} ")


def test_a_closed_pipe_leaves_no_traceback() -> None:
    command = [sys.executable, "-m", "fastapi_lint", "rules"]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector as it was: the program switches it off for the rest of its process."""
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize(("command", "enabled"), [("rules", False), ("server", True)])
def test_a_command_that_ends_collects_no_garbage(
    command: str, enabled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("fastapi_lint.__main__._run", lambda: seen.append(gc.isenabled()) or 0)
    monkeypatch.setattr("sys.argv", ["fastapi-lint", command])
    with pytest.raises(SystemExit):
        main()
    assert seen == [enabled]


@pytest.mark.usefixtures("collector")
def test_an_interrupt_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: str) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("fastapi_lint.cli.show.list_rules", interrupted)
    monkeypatch.setattr("sys.argv", ["fastapi-lint", "rules"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert "".join(capsys.readouterr()).strip() == ""


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "é.py").write_text(UNUSED, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fastapi_lint", "check", ".", "--output-format", "concise"],
        cwd=tmp_path,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode("utf-8").startswith("é.py:1:")
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"bad\xff.py")
    with open(name, "wb") as file:
        file.write(UNUSED.encode())
    done = program("check", ".", cwd=tmp_path)
    assert "bad\\udcff.py:1:" in done.stdout
    done = program("check", ".", "--output-format", "json", cwd=tmp_path)
    assert '"path": "bad\\udcff.py"' in done.stdout
