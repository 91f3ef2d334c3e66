"""The command `check`: exit codes, streams, options."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fastapi_lint import __version__

Fixture = Any
MAIN = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef read_root():\n    return {}\n'
UNUSED = "import os  # fastapi-lint: ignore[FAL001]\n"
BROKEN = "import os\n\ndef broken(:\n"


def files(**more: str | bytes) -> dict[str, str | bytes]:
    """A clean project, and more modules in it."""
    named = {f"app/{name}.py": text for name, text in more.items()}
    return {"pyproject.toml": "", "app/main.py": MAIN, **named}


class TestExitCodes:
    def test_a_clean_project_is_0(self, lint: Fixture, project: Fixture) -> None:
        project()
        done = lint("check")
        assert (done.code, done.err) == (0, "")
        assert done.out == "Found nothing to report.\n2 files, 1 app, 1 route, 0 images\n"

    def test_a_warning_is_1(self, lint: Fixture, project: Fixture) -> None:
        project(files(old=UNUSED))
        done = lint("check")
        assert done.code == 1
        assert done.out.startswith("warning FAL003 unused-ignore: ")
        assert done.err == ""

    @pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
    def test_fail_on(self, lint: Fixture, project: Fixture, fail_on: str, code: int) -> None:
        project(files(old=UNUSED))
        assert lint("check", "--fail-on", fail_on).code == code

    def test_fail_on_of_the_configuration_and_of_the_command_line(
        self, lint: Fixture, project: Fixture
    ) -> None:
        project({**files(old=UNUSED), "fastapi-lint.toml": 'fail-on = "never"\n'})
        assert lint("check").code == 0
        assert lint("check", "--fail-on", "warning").code == 1

    def test_what_is_hidden_does_not_count(self, lint: Fixture, project: Fixture) -> None:
        project(files(old=UNUSED))
        done = lint("check", "--severity", "error")
        assert (done.code, done.out.splitlines()[0]) == (0, "Found nothing to report.")

    @pytest.mark.parametrize("output_format", ["text", "concise", "json"])
    def test_they_are_the_same_in_every_format(
        self, lint: Fixture, project: Fixture, output_format: str
    ) -> None:
        project(files(old=UNUSED))
        assert lint("check", "--output-format", output_format).code == 1
        assert lint("check", "--output-format", output_format, "--fail-on", "error").code == 0

    def test_a_file_that_does_not_parse_is_one_finding(self, lint: Fixture, project: Fixture) -> None:
        project(files(broken=BROKEN, old=UNUSED))
        done = lint("check", "--output-format", "concise")
        assert done.code == 1
        assert [line.split(" ")[1] for line in done.out.splitlines()] == ["FAL001", "FAL003"]

    @pytest.mark.parametrize("output_format", ["text", "json"])
    def test_our_own_fault_is_2_and_the_report_is_printed(
        self, lint: Fixture, project: Fixture, monkeypatch: pytest.MonkeyPatch, output_format: str
    ) -> None:
        project(files(old=UNUSED))

        def fail(*_: object) -> Iterator[object]:
            raise ValueError("broken")
            yield

        monkeypatch.setattr("fastapi_lint.engine.run._of_problems", fail)
        done = lint("check", "--output-format", output_format, "--fail-on", "never")
        assert done.code == 2
        assert "FAL005" in done.out
        assert "FAL003" in done.out
        assert "Traceback" not in done.out + done.err

    def test_a_fault_outside_of_the_rules_is_2_and_one_line(
        self, lint: Fixture, project: Fixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        project()
        monkeypatch.setattr("fastapi_lint.cli.check.evaluate", lambda *_: 1 / 0)
        done = lint("check")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("error: internal error: ZeroDivisionError: ")
        assert done.err.count("\n") == 1


class TestNothingToCheck:
    def test_a_folder_without_files_of_a_known_kind(self, lint: Fixture, project: Fixture) -> None:
        folder = project({"notes.md": "nothing"})
        done = lint("check", "--root", ".")
        assert (done.code, done.out) == (2, "Nothing was checked.\n")
        assert done.err.endswith(
            f"error: nothing to check in `{folder}`: no file of a known kind that isn't ignored or excluded\n"
        )

    def test_json_is_printed_even_so(self, lint: Fixture, project: Fixture) -> None:
        project({"notes.md": "nothing"})
        done = lint("check", "--root", ".", "--output-format", "json")
        assert done.code == 2
        assert json.loads(done.out)["summary"]["files"] == 0

    def test_a_path_that_is_excluded(self, lint: Fixture, project: Fixture) -> None:
        project({**files(old=UNUSED), "fastapi-lint.toml": 'exclude = ["app/old.py"]\n'})
        assert lint("check").code == 0
        done = lint("check", "app/old.py")
        assert done.code == 2
        assert "nothing to check in `app/old.py`" in done.err

    def test_a_project_without_an_app_is_0_and_says_so(self, lint: Fixture, project: Fixture) -> None:
        project({"pyproject.toml": "", "a.py": "import os\n"})
        done = lint("check")
        assert (done.code, done.err) == (0, "note: no FastAPI app was found\n")


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (["check", "--selct", "RTE"], "No such option: --selct"),
            (
                ["check", "--select", "FAL01"],
                "--select: `FAL01` is no rule, no group and not ALL; did you mean",
            ),
            (["check", "--ignore", "nope"], "--ignore: `nope` is no rule"),
            (["check", "--preset", "strikt"], "--preset: `strikt` is unknown; did you mean `strict`?"),
            (["check", "--output-format", "xml"], "xml"),
            (["check", "--fail-on", "fatal"], "fatal"),
            (["check", "--jobs", "-1"], "--jobs"),
            (["check", "missing.py"], "`missing.py` doesn't exist"),
            (["check", ".."], "outside of the root"),
            (["check", "--root", "missing"], "--root: `missing` is no directory"),
            (["check", "--config", "missing.toml"], "--config: `missing.toml` is no file"),
            (["check", "--config", "pyproject.toml", "--isolated"], "exclude each other"),
            (["check", "-"], "`-` needs --stdin-filename"),
            (["check", "--stdin-filename", "a.py"], "--stdin-filename needs `-` as the path"),
            (["check", "-", "app", "--stdin-filename", "a.py"], "`-` can't be combined with other paths"),
            (["chek"], "chek"),
        ],
    )
    def test_a_mistake_is_2_and_one_line_on_stderr(
        self, lint: Fixture, project: Fixture, arguments: list[str], complaint: str
    ) -> None:
        project()
        done = lint(*arguments, *(["--root", "."] if arguments[-1] == ".." else []))
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("error: ")
        assert complaint in done.err
        assert done.err.count("\n") == 1

    def test_all_mistakes_of_the_configuration_are_told_at_once(
        self, lint: Fixture, project: Fixture
    ) -> None:
        text = 'selct = []\nignore = ["FAL0001"]\n[layers]\nrouter = ["http/**"]\n'
        project({**files(), "fastapi-lint.toml": text})
        done = lint("check")
        assert done.code == 2
        assert [line.partition(":")[0] for line in done.err.splitlines()] == ["error"] * 2

    def test_a_pattern_of_a_layer_that_matches_nothing(self, lint: Fixture, project: Fixture) -> None:
        project({**files(), "fastapi-lint.toml": '[layers]\nrouter = ["http/**"]\nmodel = ["app/**"]\n'})
        done = lint("check")
        assert (done.code, done.out) == (2, "")
        assert done.err == "error: fastapi-lint.toml: `http/**` of `layers.router` matches no file\n"

    def test_an_exclude_that_matches_nothing_is_a_note(self, lint: Fixture, project: Fixture) -> None:
        project({**files(), "fastapi-lint.toml": 'exclude = ["gone/"]\n'})
        done = lint("check")
        assert (done.code, done.err) == (0, "note: fastapi-lint.toml: `gone/` of `exclude` matches nothing\n")


class TestPaths:
    def test_one_file_agrees_with_the_whole_run(self, lint: Fixture, project: Fixture) -> None:
        project(files(one=UNUSED, two=UNUSED * 2))
        whole = json.loads(lint("check", "--output-format", "json").out)
        part = json.loads(lint("check", "app/two.py", "--output-format", "json").out)
        assert part["findings"] == [f for f in whole["findings"] if f["path"] == "app/two.py"]
        assert part["summary"]["findings"]["warning"] == 2
        assert part["summary"]["files"] == whole["summary"]["files"] == 4

    def test_several_paths(self, lint: Fixture, project: Fixture) -> None:
        project(files(one=UNUSED, two=UNUSED, three=UNUSED))
        done = lint("check", "app/one.py", "app/two.py", "--output-format", "concise")
        assert [line.partition(":")[0] for line in done.out.splitlines()] == ["app/one.py", "app/two.py"]

    def test_paths_are_relative_to_the_root_from_anywhere(
        self, lint: Fixture, project: Fixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project(files(old=UNUSED))
        reports = {lint("check", "--output-format", "json").out}
        monkeypatch.chdir(folder / "app")
        reports.add(lint("check", "--output-format", "json", "..").out)
        monkeypatch.chdir(folder.parent)
        reports.add(lint("check", "--output-format", "json", "project").out)
        reports.add(lint("check", "--output-format", "json", "--root", "project").out)
        assert len(reports) == 1

    def test_without_paths_the_folder_one_is_in_is_shown(
        self, lint: Fixture, project: Fixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project({**files(), "app/old/a.py": UNUSED, "lib/b.py": UNUSED})
        monkeypatch.chdir(folder / "app")
        done = lint("check", "--output-format", "concise")
        assert [line.partition(":")[0] for line in done.out.splitlines()] == ["app/old/a.py"]

    def test_the_folder_above_the_root_changes_nothing(
        self, lint: Fixture, project: Fixture, tmp_path: Path
    ) -> None:
        import shutil

        folder = project(files(old=UNUSED))
        first = lint("check", folder, "--output-format", "json").out
        copy = tmp_path / "tests" / "fixtures" / "migrations" / "example"
        shutil.copytree(folder, copy)
        assert lint("check", copy, "--output-format", "json").out == first


class TestRules:
    def test_lists_are_comma_separated_and_can_be_repeated(self, lint: Fixture, project: Fixture) -> None:
        project(files(old=UNUSED, bad="a = 1  # fastapi-lint: what\n"))
        concise = ("check", "--output-format", "concise")
        assert lint(*concise, "--select", "FAL003, FAL004").out.count("\n") == 2
        assert lint(*concise, "--select", "unused-ignore", "--select", "FAL004").out.count("\n") == 2
        assert lint(*concise, "--ignore", "FAL003,FAL004").out == ""
        assert lint(*concise, "--select", "FAL003").out.count("\n") == 1
        assert lint(*concise, "--select", "ASY", "--extend-select", "FAL003").out.count("\n") == 1

    def test_isolated_ignores_the_configuration(self, lint: Fixture, project: Fixture) -> None:
        project({**files(old=UNUSED), "fastapi-lint.toml": 'ignore = ["FAL003"]\n'})
        assert lint("check").code == 0
        assert lint("check", "--isolated").code == 1

    def test_another_configuration(self, lint: Fixture, project: Fixture) -> None:
        project({**files(old=UNUSED), "ci/lint.toml": 'ignore = ["FAL003"]\n'})
        assert lint("check", "--config", "ci/lint.toml").code == 0


class TestStdin:
    @pytest.fixture
    def stdin(self, monkeypatch: pytest.MonkeyPatch) -> Fixture:
        def give(content: bytes) -> None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

        return give

    def test_the_content_takes_the_place_of_the_file(
        self, lint: Fixture, project: Fixture, stdin: Fixture
    ) -> None:
        project(files(old=UNUSED, more=UNUSED))
        stdin(b"import os\n\n\nx = 1  # fastapi-lint: ignore[FAL002]\n")
        done = lint("check", "-", "--stdin-filename", "app/old.py", "--output-format", "concise")
        assert done.out == "app/old.py:4:31: FAL003 `FAL002 file-not-readable` reports nothing here\n"

    def test_a_file_that_is_not_there_yet(self, lint: Fixture, project: Fixture, stdin: Fixture) -> None:
        project()
        stdin(UNUSED.encode())
        done = lint("check", "-", "--stdin-filename", "app/new.py", "--output-format", "concise")
        assert done.out.startswith("app/new.py:1:")
        assert done.code == 1

    def test_the_frame_shows_the_content(self, lint: Fixture, project: Fixture, stdin: Fixture) -> None:
        project(files(old="other\n"))
        stdin(UNUSED.encode())
        done = lint("check", "-", "--stdin-filename", "app/old.py")
        assert "1 | import os  # fastapi-lint" in done.out


class TestOutput:
    def test_json_keeps_to_the_schema_that_is_printed(self, lint: Fixture, project: Fixture) -> None:
        project(files(old=UNUSED, broken=BROKEN))
        schema = json.loads(lint("check", "--output-schema").out)
        document = json.loads(lint("check", "--output-format", "json").out)
        jsonschema.validate(document, schema)
        assert document["summary"]["tool_version"] == __version__
        assert len(document["findings"]) == 2

    def test_two_runs_are_equal(self, lint: Fixture, project: Fixture) -> None:
        project(files(old=UNUSED, broken=BROKEN))
        assert lint("check", "--output-format", "json") == lint("check", "--output-format", "json")

    def test_quiet(self, lint: Fixture, project: Fixture) -> None:
        project({"pyproject.toml": "", "a.py": "import os\n", "fastapi-lint.toml": 'exclude = ["gone/"]\n'})
        done = lint("check", "--quiet")
        assert (done.code, done.out, done.err) == (0, "", "")

    def test_what_is_skipped_is_told(self, lint: Fixture, project: Fixture) -> None:
        project({**files(), "Dockerfile.j2": "FROM {{ base }}\n"})
        done = lint("check", "--output-format", "json")
        [skipped] = json.loads(done.out)["summary"]["skipped"]
        assert skipped == {"path": "Dockerfile.j2", "reason": "template"}
        assert done.err == "skipped: Dockerfile.j2: template\n"

    def test_show_files(self, lint: Fixture, project: Fixture) -> None:
        project({**files(), "Dockerfile": "FROM x\n", "notes.md": "", ".venv/x.py": ""})
        assert lint("check", "--show-files").out == "Dockerfile\napp/main.py\npyproject.toml\n"
        assert lint("check", "--show-files", "app").out == "app/main.py\n"
        assert lint("check", "--show-files", "notes.md").code == 2

    def test_colours(self, lint: Fixture, project: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
        project(files(old=UNUSED))
        assert "\x1b[" not in lint("check").out
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b[" in lint("check").out
        assert "\x1b[" not in lint("check", "--output-format", "json").out
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[" not in lint("check").out

    def test_a_name_with_strange_characters(self, lint: Fixture, project: Fixture) -> None:
        project({"pyproject.toml": "", "app/é\u202e\n.py": UNUSED})
        done = lint("check", "--output-format", "concise")
        assert done.out.startswith("app/é\\u202e\\n.py:1:")
        document = json.loads(lint("check", "--output-format", "json").out)
        assert document["findings"][0]["path"] == "app/é\u202e\n.py"
