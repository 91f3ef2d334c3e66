"""Dockerfiles become stages and instructions, as BuildKit reads them."""

import random

import msgspec
import pytest

from fastapi_lint.facts.dockerfile import (
    Arg,
    Cmd,
    Command,
    Copy,
    DockerfileFacts,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Instruction,
    Onbuild,
    Other,
    Run,
    Shell,
    User,
    Workdir,
    read,
)
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Variable


def instructions(text: str) -> tuple[Instruction, ...]:
    return read("FROM python\n" + text).stages[0].instructions


def only(text: str) -> Instruction:
    (found,) = instructions(text)
    return found


def cmd(text: str) -> Command:
    found = only(text)
    assert isinstance(found, Cmd)
    return found.command


def names(command: Command) -> list[str]:
    return [part.name for part in command.commands]


def run(text: str) -> Run:
    found = only(text)
    assert isinstance(found, Run)
    return found


# --- stages ---------------------------------------------------------------------------------------


def test_stages() -> None:
    facts = read(
        "# syntax=docker/dockerfile:1\nARG TAG=3.12\nFROM --platform=$BUILDPLATFORM python:${TAG} AS Build\n"
        "RUN x\nfrom build as runtime\nCMD y\nFROM scratch\n"
    )
    assert [(stage.index, stage.name, stage.base.text) for stage in facts.stages] == [
        (0, "build", "python:${TAG}"),
        (1, "runtime", "build"),
        (2, "", "scratch"),
    ]
    assert facts.stages[0].platform is not None
    assert facts.stages[0].platform.parts == (Variable("BUILDPLATFORM"),)
    assert facts.stages[0].place == Place(3, 1, 3, 54)
    assert facts.stages[0].base.place == Place(3, 32, 3, 45)
    assert [len(stage.instructions) for stage in facts.stages] == [1, 1, 0]
    assert [pair.name for pair in facts.arguments] == ["TAG"]


@pytest.mark.parametrize(
    "text", ["", "# only a comment\n", "RUN before from\n", "\n\n", "FROM\n", "\\\n\\\n"]
)
def test_files_without_a_proper_stage(text: str) -> None:
    assert len(read(text).stages) <= 1


# --- lines ----------------------------------------------------------------------------------------


def test_continuations_comments_and_empty_lines() -> None:
    text = "RUN a \\\n  # a comment\n\n  && b \\  \n# another\n  && c\nUSER x"
    first, second = instructions(text)
    assert isinstance(first, Run)
    assert names(first.command) == ["a", "b", "c"]
    assert first.place == Place(2, 1, 7, 7)
    assert first.command.commands[2].words[0].place == Place(7, 6, 7, 7)
    assert isinstance(second, User)


def test_two_escape_characters_do_not_continue() -> None:
    first, second = instructions("RUN a \\\\\nUSER x")
    assert isinstance(first, Run)
    assert isinstance(second, User)


def test_the_end_of_the_file_ends_a_continuation() -> None:
    assert names(run("RUN a \\").command) == ["a"]
    assert names(run("RUN a && \\\n\n# x\n").command) == ["a"]


def test_another_escape_character() -> None:
    facts = read("# escape=`\nFROM windows\nRUN dir C:\\ `\n  && echo x\nCMD a\n")
    first = facts.stages[0].instructions[0]
    assert facts.escape == "`"
    assert len(facts.stages[0].instructions) == 2
    assert isinstance(first, Run)


def test_a_directive_counts_only_at_the_top() -> None:
    assert read("FROM a\n# escape=`\nRUN b `\nUSER c\n").escape == "\\"
    assert read("# a comment\n# escape=`\nFROM a\n").escape == "\\"
    assert read("# syntax=x\n# escape = `\nFROM a\n").escape == "`"


def test_crlf_and_byte_order_mark() -> None:
    facts = read('\ufeffFROM python\r\nRUN a \\\r\n  && b\r\nCMD ["x"]\r\n')
    assert [type(i) for i in facts.stages[0].instructions] == [Run, Cmd]
    assert facts.stages[0].place == Place(1, 1, 1, 12)
    last = facts.stages[0].instructions[1]
    assert last.place == Place(4, 1, 4, 10)


def test_indented_and_lower_case_instructions() -> None:
    assert names(cmd("   cmd   uvicorn x")) == ["uvicorn"]


# --- CMD and ENTRYPOINT ---------------------------------------------------------------------------


def test_exec_form() -> None:
    command = cmd('CMD [ "uvicorn", "app:app" ]')
    assert command.form == "exec"
    assert [word.text for word in command.words] == ["uvicorn", "app:app"]
    assert [word.place for word in command.words] == [Place(2, 7, 2, 16), Place(2, 18, 2, 27)]
    assert command.words[0].lead == 1
    assert command.place == Place(2, 5, 2, 29)


def test_exec_form_over_several_lines() -> None:
    command = cmd('CMD ["a", \\\n  "--b", \\\n  "c"]')
    assert [word.place for word in command.words] == [Place(2, 6, 2, 9), Place(3, 3, 3, 8), Place(4, 3, 4, 6)]


def test_exec_form_with_escapes() -> None:
    command = cmd('CMD ["python", "-c", "print(\\"x\\")"]')
    assert command.words[2].text == 'print("x")'
    assert command.words[2].lead == -1


@pytest.mark.parametrize(
    "text",
    [
        "['uvicorn', 'x']",
        '["uvicorn", "x",]',
        '["-m ""docker"""]',
        '["a" "b"]',
        '["a", 1]',
        "[uvicorn]",
        '["a"',
    ],
)
def test_broken_exec_form_is_shell_form(text: str) -> None:
    command = cmd(f"CMD {text}")
    assert command.form == "shell"
    assert command.broken
    assert command.words == ()


def test_a_test_command_is_not_a_broken_list() -> None:
    assert not cmd("CMD [[ -f x ]] && uvicorn y").broken


def test_empty_list_is_exec_form() -> None:
    assert cmd("CMD []").form == "exec"


def test_shell_form() -> None:
    command = cmd("CMD alembic upgrade head && uvicorn app:app --port ${PORT:-80}")
    assert command.form == "shell"
    assert names(command) == ["alembic", "uvicorn"]
    assert command.commands[1].words[-1].parts == (Variable("PORT", ":-", "80"),)
    assert command.commands[1].place == Place(2, 29, 2, 63)
    assert not command.broken


def test_entrypoint() -> None:
    found = only('ENTRYPOINT ["/entry.sh"]')
    assert isinstance(found, Entrypoint)
    assert found.command.words[0].text == "/entry.sh"


# --- RUN ------------------------------------------------------------------------------------------


def test_run_flags() -> None:
    found = run(
        "RUN --mount=type=cache,target=/c --mount=type=bind,source=uv.lock,ro --network=none uv sync --frozen"
    )
    assert [flag.name for flag in found.flags] == ["mount", "mount", "network"]
    assert found.flags[1].fields() == (("type", "bind"), ("source", "uv.lock"), ("ro", ""))
    assert [word.text for word in found.command.commands[0].words] == ["uv", "sync", "--frozen"]


def test_run_exec_form() -> None:
    assert run('RUN ["pip", "install", "."]').command.form == "exec"


def test_run_heredoc_is_a_script() -> None:
    text = "RUN <<EOF\napt-get update\nuv sync\nEOF\nUSER x"
    first, second = instructions(text)
    assert isinstance(first, Run)
    assert isinstance(second, User)
    assert names(first.command) == ["apt-get", "uv"]
    assert first.command.commands[1].place == Place(4, 1, 4, 8)
    assert first.heredocs[0].text == "apt-get update\nuv sync\n"
    assert first.heredocs[0].expands


@pytest.mark.parametrize(
    "mark", ["<<EOF", "<< EOF", "<<'EOF'", '<< "EOF"', "<<-EOF", "bash <<EOF", "sh -e <<EOF"]
)
def test_marks_of_script_heredocs(mark: str) -> None:
    first, second = instructions(f"RUN {mark}\nuv sync\nEOF\nUSER x")
    assert isinstance(first, Run)
    assert names(first.command) == ["uv"]
    assert isinstance(second, User)


def test_heredocs_with_tabs() -> None:
    first, second = instructions("RUN <<-EOF\n\tuv sync\n\tEOF\nUSER x")
    assert isinstance(first, Run)
    assert names(first.command) == ["uv"]
    assert isinstance(second, User)


@pytest.mark.parametrize("mark", ["cat > start.sh <<'EOF'", "python3 <<EOF", "<<EOF cat > x"])
def test_heredocs_that_are_input(mark: str) -> None:
    first, second = instructions(f"RUN {mark}\nuvicorn app:app\nEOF\nUSER x")
    assert isinstance(first, Run)
    assert "uvicorn" not in names(first.command)
    assert isinstance(second, User)


def test_a_heredoc_for_another_interpreter() -> None:
    assert names(run("RUN <<EOF\n#!/usr/bin/env python\nimport x\nEOF").command) == []


def test_two_heredocs_and_an_inner_mark() -> None:
    text = "RUN cat <<A > x && cat <<B > y\n1 <<C\nA\n2\nB\nUSER x"
    first, second = instructions(text)
    assert isinstance(first, Run)
    assert [heredoc.text for heredoc in first.heredocs] == ["1 <<C\n", "2\n"]
    assert isinstance(second, User)


@pytest.mark.parametrize(
    "text", ["RUN echo '<<EOF'", 'RUN echo " <<EOF"', "RUN echo $((1<<3))", "RUN cat<<EOF"]
)
def test_no_heredoc(text: str) -> None:
    first, second = instructions(f"{text}\nUSER x")
    assert isinstance(first, Run)
    assert first.heredocs == ()
    assert isinstance(second, User)


def test_a_heredoc_without_end_takes_the_rest() -> None:
    assert len(instructions("RUN <<EOF\na\nCMD x\n")) == 1


def test_cmd_takes_no_heredoc() -> None:
    assert len(instructions("CMD cat <<EOF\nUSER x\n")) == 2


# --- COPY -----------------------------------------------------------------------------------------


def copy(text: str) -> Copy:
    found = only(text)
    assert isinstance(found, Copy)
    return found


def test_copy() -> None:
    found = copy("COPY --from=build --chown=app:app ./a ./b*  /app/")
    assert found.keyword == "COPY"
    assert [word.text for word in found.sources] == ["./a", "./b*"]
    assert found.destination is not None
    assert found.destination.text == "/app/"
    origin = found.flag("from")
    assert origin is not None
    assert origin.text == "build"
    assert found.flag("link") is None
    assert found.sources[1].place == Place(2, 39, 2, 43)


def test_copy_in_json() -> None:
    found = copy('COPY ["a b", "c/"]')
    assert [word.text for word in found.sources] == ["a b"]
    assert found.sources[0].place == Place(2, 7, 2, 12)


def test_copy_heredoc() -> None:
    first, second = instructions("COPY <<EOF /start.sh\nexec uvicorn x\nEOF\nUSER x")
    assert isinstance(first, Copy)
    assert first.sources == ()
    assert first.destination is not None
    assert first.destination.text == "/start.sh"
    assert first.heredocs[0].text == "exec uvicorn x\n"
    assert isinstance(second, User)


def test_add() -> None:
    found = copy("ADD https://x/y /z")
    assert found.keyword == "ADD"


def test_copy_with_variables_and_quoted_flags() -> None:
    found = copy('COPY --chown="${U}:${U}" ${SRC}/x .')
    owner = found.flag("chown")
    assert owner is not None
    assert owner.parts == (Variable("U"), ":", Variable("U"))
    assert found.sources[0].parts == (Variable("SRC"), "/x")


def test_copy_without_destination() -> None:
    assert copy("COPY x").destination is None
    assert copy("COPY").destination is None


# --- the others -----------------------------------------------------------------------------------


def test_env_forms() -> None:
    first, second, third = instructions("ENV A=1 B=\"x y\" C=a\\ b D=$A/x\nENV OLD some  value\nENV E='$A'")
    assert isinstance(first, Env)
    assert isinstance(second, Env)
    assert isinstance(third, Env)
    values = {pair.name: pair.value.text for pair in first.pairs if pair.value}
    assert values == {"A": "1", "B": "x y", "C": "a b", "D": "$A/x"}
    assert first.pairs[3].value is not None
    assert first.pairs[3].value.parts == (Variable("A"), "/x")
    assert first.pairs[1].name_place == Place(2, 9, 2, 10)
    assert first.pairs[1].place == Place(2, 9, 2, 16)
    assert [(pair.name, pair.value.text if pair.value else "") for pair in second.pairs] == [
        ("OLD", "some value")
    ]
    assert third.pairs[0].value is not None
    assert third.pairs[0].value.literal == "$A"


def test_env_over_several_lines_with_comments() -> None:
    found = only("ENV A=1 \\\n    # the second\n    B=2 \\\n    C=3")
    assert isinstance(found, Env)
    assert [pair.name for pair in found.pairs] == ["A", "B", "C"]
    assert found.pairs[2].place == Place(5, 5, 5, 8)


def test_arg() -> None:
    found = only("ARG A B=2")
    assert isinstance(found, Arg)
    assert [(pair.name, pair.value.text if pair.value else None) for pair in found.pairs] == [
        ("A", None),
        ("B", "2"),
    ]


def test_healthcheck() -> None:
    found = only("HEALTHCHECK --interval=5s --timeout=3s CMD curl -f http://localhost:80/health || exit 1")
    assert isinstance(found, Healthcheck)
    assert found.command is not None
    assert names(found.command) == ["curl", "exit"]
    assert [flag.name for flag in found.flags] == ["interval", "timeout"]


def test_healthcheck_over_lines_in_exec_form_and_none() -> None:
    first, second = instructions('HEALTHCHECK --interval=5s \\\n  CMD ["curl", "x"]\nHEALTHCHECK NONE')
    assert isinstance(first, Healthcheck)
    assert isinstance(second, Healthcheck)
    assert first.command is not None
    assert first.command.form == "exec"
    assert second.command is None


def test_workdir_user_expose_shell() -> None:
    found = instructions('WORKDIR "/my app"\nUSER $UID:$GID\nEXPOSE 80/tcp $PORT\nSHELL ["/bin/bash", "-c"]')
    workdir, user, expose, shell = found
    assert isinstance(workdir, Workdir)
    assert workdir.path.text == "/my app"
    assert isinstance(user, User)
    assert user.user.text == "$UID:$GID"
    assert isinstance(expose, Expose)
    assert [word.text for word in expose.ports] == ["80/tcp", "$PORT"]
    assert isinstance(shell, Shell)
    assert [word.text for word in shell.words] == ["/bin/bash", "-c"]


def test_onbuild_and_others() -> None:
    first, second, third = instructions("ONBUILD RUN a\nLABEL x=y\nNONSENSE z")
    assert isinstance(first, Onbuild)
    assert isinstance(first.instruction, Run)
    assert isinstance(second, Other)
    assert second.keyword == "LABEL"
    assert isinstance(third, Other)


def test_comments_that_speak_to_us() -> None:
    text = (
        "# fastapi-lint: ignore-file[DPL001] x\n# other\nFROM a\n  # fastapi-lint: ignore[DPL007] y\nCMD b\n"
    )
    comments = read(text).comments
    assert [(c.line, c.column, c.alone, c.first_block) for c in comments] == [
        (1, 1, True, True),
        (4, 3, True, False),
    ]
    assert comments[1].text == "# fastapi-lint: ignore[DPL007] y"


def test_a_mark_in_a_command_or_heredoc_is_no_comment() -> None:
    text = "FROM a\nRUN echo '# fastapi-lint: ignore[X]'\nRUN <<E\n# fastapi-lint: ignore[X]\nE\n"
    assert read(text).comments == ()


# --- hostile --------------------------------------------------------------------------------------

HOSTILE = [
    "FROM a\nRUN " + "x \\\n" * 300_000,
    "FROM a\n" + "RUN x\n" * 50_000,
    "FROM a\nRUN " + "<<A " * 10_000 + "\n",
    "FROM a\nENV " + "A=1 " * 50_000,
    "FROM a\nENV A=" + '"' * 100_001,
    "FROM a\nENV A=" + "${" * 50_000,
    "FROM a\nCMD " + "[" * 100_000,
    "FROM a\nCMD [" + '"a",' * 100_000 + '"b"]',
    "FROM a\nCOPY " + "a " * 100_000,
    "FROM a\nRUN " + "--mount=a " * 50_000,
    "FROM a\n" + "ONBUILD " * 50_000 + "RUN x",
    "FROM " * 100_000,
    "\\\n" * 100_000,
    "#" * 1_000_000,
    "FROM a\nRUN \0\0\0 \ufffe\udc80".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "\r\r\r\x0b\x0c\x85\u2028FROM a\u2028RUN b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_files_are_survived(text: str) -> None:
    facts = read(text)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=DockerfileFacts) == facts


PIECES = [
    "FROM a",
    "RUN ",
    "CMD ",
    "COPY ",
    "ENV ",
    "ARG ",
    "HEALTHCHECK CMD ",
    "\n",
    "\\\n",
    "<<E",
    "\nE\n",
    "#",
]
PIECES += [*"[]\"',$ {}=x\t\r-", "ONBUILD ", "--from="]


@pytest.mark.parametrize("seed", range(40))
def test_any_text_is_survived_and_places_are_inside(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        text = "FROM a\n" + "".join(chance.choices(PIECES, k=30))
        lines = text.count("\n") + 1
        for stage in read(text).stages:
            for instruction in stage.instructions:
                place = instruction.place
                assert (1, 1) <= (place.line, place.column) <= (place.end_line, place.end_column), text
                assert place.end_line <= lines
