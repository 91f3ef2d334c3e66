"""Procfiles, supervisord, systemd, makefiles, ignore files, setup.cfg, Pipfiles, .python-version."""

import pytest

from fastapi_lint.facts import (
    dockerignore,
    makefile,
    pipfile,
    procfile,
    python_version,
    setup_cfg,
    supervisord,
    systemd,
)
from fastapi_lint.facts.ini import read_ini
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.shell import SimpleCommand


def words(commands: tuple[SimpleCommand, ...]) -> list[list[str]]:
    return [[word.text for word in command.words] for command in commands]


# --- Procfile -------------------------------------------------------------------------------------


def test_procfile() -> None:
    text = (
        "# fastapi-lint: ignore-file[DPL001] x\r\nweb: uvicorn "
        "a:b --port $PORT\r\nrelease:alembic upgrade head && x\n"
    )
    facts = procfile.read(text)
    web, release = facts.processes
    assert (web.name, web.text, web.place) == ("web", "uvicorn a:b --port $PORT", Place(2, 1, 2, 4))
    assert words(web.commands) == [["uvicorn", "a:b", "--port", "$PORT"]]
    assert web.commands[0].words[0].place == Place(2, 6, 2, 13)
    assert words(release.commands) == [["alembic", "upgrade", "head"], ["x"]]
    assert [(c.line, c.column, c.first_block) for c in facts.comments] == [(1, 1, True)]


def test_lines_that_are_no_process() -> None:
    facts = procfile.read("no colon\n: x\nweb:\n# web: x\n")
    assert [(process.name, process.commands) for process in facts.processes] == [("web", ())]


# --- INI ------------------------------------------------------------------------------------------


def test_ini() -> None:
    section, other = read_ini("[one]\na = 1\nb:2\n  two\n  # no\n  three\n; no\n[two]\na=\n")
    assert [(option.name, option.text) for option in section.options] == [("a", "1"), ("b", "2\ntwo\nthree")]
    assert section.options[1].value_place == Place(3, 3, 6, 8)
    assert section.place == Place(1, 1, 1, 6)
    empty = other.option("a")
    assert empty is not None
    assert empty.text == ""
    assert other.option("none") is None


def test_options_before_a_section_are_passed_over() -> None:
    assert read_ini("a = 1\n") == ()


# --- supervisord ----------------------------------------------------------------------------------


def test_supervisord() -> None:
    text = (
        "[supervisord]\nnodaemon=true\n[program:api]\ncommand=uvicorn a:b --port 80 ; note\n"
        'directory=/srv\nenvironment=A="1",B=two\nautostart=false\n'
        "numprocs=2\n[include]\nfiles = conf.d/*.conf x.conf\n"
    )
    facts = supervisord.read(text)
    (program,) = facts.programs
    assert (program.name, program.text, program.directory) == ("api", "uvicorn a:b --port 80", "/srv")
    assert words(program.commands) == [["uvicorn", "a:b", "--port", "80"]]
    assert program.commands[0].words[1].place == Place(4, 17, 4, 20)
    assert program.environment == (("A", "1"), ("B", "two"))
    assert (program.autostart, program.processes) == (False, "2")
    assert facts.includes == ("conf.d/*.conf", "x.conf")


def test_supervisord_command_over_lines() -> None:
    (program,) = supervisord.read("[program:x]\ncommand=uvicorn a:b\n  --port 80\n").programs
    assert words(program.commands) == [["uvicorn", "a:b", "--port", "80"]]
    assert program.commands[0].place == Place(2, 9, 3, 12)


def test_a_program_without_command() -> None:
    (program,) = supervisord.read("[program:x]\n").programs
    assert program.commands == ()


# --- systemd --------------------------------------------------------------------------------------


def test_systemd() -> None:
    text = (
        "[Unit]\nExecStart=no\n[Service]\nExecStart=/old\nExecStart=-/venv/bin/uvicorn a:b \\\n  --port 80\n"
        'WorkingDirectory=-/srv\nEnvironment=A=1 "B=two words"\nEnvironmentFile=-/etc/x.env\n'
    )
    facts = systemd.read(text)
    assert words(facts.commands) == [["/venv/bin/uvicorn", "a:b", "--port", "80"]]
    assert facts.place == Place(5, 11, 6, 12)
    assert facts.working_directory == "/srv"
    assert facts.environment == (("A", "1"), ("B", "two words"))
    assert facts.environment_files == ("/etc/x.env",)


def test_systemd_words_have_their_place() -> None:
    facts = systemd.read("[Service]\nExecStart=-/bin/uvicorn a:b\n")
    assert [word.place for word in facts.commands[0].words] == [Place(2, 12, 2, 24), Place(2, 25, 2, 28)]


def test_systemd_without_a_service() -> None:
    assert systemd.read("[Unit]\n").commands == ()


# --- make -----------------------------------------------------------------------------------------


def test_makefile() -> None:
    text = (
        "PORT ?= 8000\nAPP := a:b\n.PHONY: run\nrun: build\n\t@uvicorn $(APP) \\\n\t  --port "
        "$${X} ${PORT}\n\t-echo done\nbuild test:\n\tpytest\n%.o: %.c\n\tcc\none: ; uvicorn x\n"
    )
    facts = makefile.read(text)
    targets = {target.name: target for target in facts.targets}
    assert list(targets) == ["run", "build", "test", "one"]
    assert facts.variables == (("PORT", "8000"), ("APP", "a:b"))
    assert targets["run"].needs == ("build",)
    assert words(targets["run"].commands) == [
        ["uvicorn", "${APP}", "--port", "${X}", "${PORT}"],
        ["echo", "done"],
    ]
    assert targets["run"].place == Place(4, 1, 4, 4)
    assert targets["run"].commands[0].words[-1].place == Place(6, 17, 6, 24)
    assert words(targets["test"].commands) == [["pytest"]]
    assert words(targets["one"].commands) == [["uvicorn", "x"]]


@pytest.mark.parametrize(
    "text", ["a = b: c\n", "a := b\n", "\trecipe without rule\n", "#x: y\n", ":\n", "a:=b\n"]
)
def test_what_is_no_rule(text: str) -> None:
    assert makefile.read(text).targets == ()


# --- .dockerignore --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (".env", ".env", True),
        (".env", "app/.env", False),
        ("**/.env", "app/.env", True),
        ("**/.env", ".env", True),
        ("/.env", ".env", True),
        ("app/", "app/main.py", True),
        ("*.md", "README.md", True),
        ("*.md", "docs/README.md", False),
        ("docs/*.md", "docs/a.md", True),
        ("*\n!app", "app/main.py", False),
        ("*\n!app", "secret", True),
        ("*\n!app\napp/x", "app/x", True),
        (".env*\n!.env.example", ".env.example", False),
        ("# .env\n", ".env", False),
        ("**", "a/b", True),
        ("./x/../.env", ".env", True),
        ("[ab]c", "bc", True),
        ("a?c", "abc", True),
        ("\ufeff.env", ".env", True),
        (".env\r\n", ".env", True),
        ("", ".env", False),
        ("!x", "x", False),
        ("[", "[", True),
        ("*a*a*a*a*a*a*b", "aaaa", False),
    ],
)
def test_dockerignore(text: str, path: str, expected: bool) -> None:
    assert dockerignore.read(text).ignores(path) is expected


# --- setup.cfg, Pipfile, .python-version ----------------------------------------------------------


def test_setup_cfg() -> None:
    text = (
        "[metadata]\nname = shop\n[options]\npython_requires = "
        ">= 3.10\npackage_dir =\n    =src\ninstall_requires =\n"
        "    fastapi>=0.100\n    uvicorn[standard]; python_version "
        "> '3'\n[options.extras_require]\ndev =\n  pytest\n"
        "[options.packages.find]\nwhere = lib\n[options.entry_points]\n"
        "console_scripts =\n  shop = shop.cli:main\n"
    )
    facts = setup_cfg.read(text)
    assert (facts.name, facts.requires_python, facts.lists_dependencies) == ("shop", ">=3.10", True)
    assert facts.requires_python_place == Place(4, 19, 4, 26)
    assert [(r.name, r.specifier, r.extras) for r in facts.dependencies] == [
        ("fastapi", ">=0.100", ()),
        ("uvicorn", "", ("standard",)),
    ]
    assert [(name, [r.name for r in listed]) for name, listed in facts.extras] == [("dev", ["pytest"])]
    assert facts.scripts == (("shop", "shop.cli:main"),)
    assert facts.source_roots == ("lib", "src")


def test_pipfile() -> None:
    text = (
        '[packages]\nfastapi = "*"\nuvicorn = {extras = ["standard"], '
        'version = ">=0.20"}\n[dev-packages]\npytest = "==8"\n'
        '[requires]\npython_version = "3.12"\n[scripts]\nstart = "uvicorn a:b"\n'
    )
    facts = pipfile.read(text)
    assert [(r.name, r.specifier, r.extras) for r in facts.packages] == [
        ("fastapi", "", ()),
        ("uvicorn", ">=0.20", ("standard",)),
    ]
    assert [r.name for r in facts.dev_packages] == ["pytest"]
    assert facts.scripts == (("start", "uvicorn a:b"),)
    assert (facts.python_version, facts.python_version_place) == ("3.12", Place(7, 1, 7, 15))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.12\n", "3.12"),
        ("# c\n3.12.4\n3.11\n", "3.12.4"),
        ("cpython-3.13", "3.13"),
        ("pypy3.10", ""),
        ("", ""),
    ],
)
def test_python_version(text: str, version: str) -> None:
    assert python_version.read(text).version == version
