"""Variables, the working directory and the parents of stages."""

from fastapi_lint.facts.dockerfile import Copy, Step, Workdir, image_of, parent_of, read, steps


def last(text: str) -> Step:
    facts = read(text)
    return list(steps(facts, facts.stages[-1]))[-1]


def test_env_and_arg_defaults() -> None:
    step = last(
        "ARG G=global\nFROM a\nARG G\nARG P=80\nENV PORT=$P NAME=${G}\nARG NAME=ignored\nCOPY $NAME $PORT\n"
    )
    assert dict(step.env) == {"PORT": "80", "NAME": "global"}
    assert isinstance(step.instruction, Copy)
    assert step.value(step.instruction.sources[0]) == "global"


def test_a_global_argument_needs_its_declaration_in_the_stage() -> None:
    assert dict(last("ARG G=x\nFROM a\nENV A=$G\nUSER x\n").env) == {"A": None}


def test_env_sees_what_was_before_the_instruction() -> None:
    assert dict(last("FROM a\nENV A=1\nENV A=2 B=$A\nUSER x\n").env) == {"A": "2", "B": "1"}


def test_parents_hand_down_env_and_workdir() -> None:
    text = "FROM python AS base\nENV A=1\nWORKDIR /srv\nARG X=1\nFROM base AS app\nWORKDIR app\nCMD $X\n"
    step = last(text)
    assert step.workdir == "/srv/app"
    assert dict(step.env) == {"A": "1"}
    assert step.lookup("X") is None


def test_workdir() -> None:
    assert last("FROM a\nWORKDIR /a/../b\nWORKDIR c\nUSER x\n").workdir == "/b/c"
    assert last("FROM a\nWORKDIR app\nUSER x\n").workdir is None
    assert last("FROM a\nWORKDIR /a\nWORKDIR $X\nUSER x\n").workdir is None
    assert last("FROM a\nENV H=/h\nWORKDIR $H/x\nUSER x\n").workdir == "/h/x"
    assert last("FROM a\nUSER x\n").workdir is None


def test_images() -> None:
    facts = read(
        "ARG V=3.12\nARG I=python:${V}-slim\nFROM $I AS one\nFROM One\nFROM $UNKNOWN\nFROM python:${W:-3}\n"
    )
    assert [image_of(facts, stage) for stage in facts.stages] == ["python:3.12-slim", "One", None, "python:3"]
    assert parent_of(facts, facts.stages[1]) is facts.stages[0]
    assert parent_of(facts, facts.stages[2]) is None


def test_a_stage_can_not_be_its_own_parent() -> None:
    facts = read("FROM a AS a\nWORKDIR /x\nFROM b AS b\nFROM a AS a\nUSER y\n")
    assert parent_of(facts, facts.stages[0]) is None
    first = next(steps(facts, facts.stages[2]))
    assert isinstance(first.instruction, Workdir)


def test_long_chains_of_stages_end() -> None:
    text = "FROM x AS s0\n" + "".join(f"FROM s{i} AS s{i + 1}\nENV A{i}=1\n" for i in range(150))
    facts = read(text)
    assert len(list(steps(facts, facts.stages[-1]))) == 150


def test_many_variables_are_bounded() -> None:
    facts = read("FROM x\n" + "".join("ENV " + f"A{i}=1 " * 3000 + "\n" for i in range(20)) + "USER x\n")
    assert len(list(steps(facts, facts.stages[0]))[-1].env) <= 2000
