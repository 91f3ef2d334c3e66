"""Shell text becomes simple commands."""

import random

import pytest

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.shell import Block, SimpleCommand, split_command, split_word
from fastapi_lint.facts.words import Variable


def words(text: str) -> list[list[str]]:
    return [[word.text for word in command.words] for command in split_command(text)]


def named(text: str, name: str) -> SimpleCommand:
    return next(command for command in split_command(text) if command.name == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uvicorn app:app --reload", [["uvicorn", "app:app", "--reload"]]),
        ("a && b || c; d & e\nf", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("a | b |& c", [["a"], ["b"], ["c"]]),
        ("echo 'a b' \"c d\" e\\ f", [["echo", "a b", "c d", "e f"]]),
        ("a # comment && b\nc", [["a"], ["c"]]),
        ("a#b", [["a#b"]]),
        ("a \\\n  --b", [["a", "--b"]]),
        ("a \\\r\n  --b\r\nc\r\n", [["a", "--b"], ["c"]]),
        ("a>out 2>&1 b", [["a", "b"]]),
        ("cat <<EOF\nuvicorn x\nEOF\nb", [["cat"], ["b"]]),
        ("cat <<-'EOF' > f\n\tuvicorn x\n\tEOF\nb", [["cat"], ["b"]]),
        ("a <<X <<Y\n1\nX\n2\nY\nb", [["a"], ["b"]]),
        ("cat <<< 'word'\nb", [["cat"], ["b"]]),
        ("cat <<EOF\nnever closed", [["cat"]]),
        ("(cd x && y); z", [["cd", "x"], ["y"], ["z"]]),
        ("{ a; b; }; c", [["a"], ["b"], ["c"]]),
        ("! a", [["a"]]),
        ("time a", [["a"]]),
        ("echo if then", [["echo", "if", "then"]]),
        ("[[ $a == b && -f c ]] && d", [["[[", "$a", "==", "b", "-f", "c", "]]"], ["d"]]),
        ("(( x > 5 )) && d", [["(( x > 5 ))"], ["d"]]),
        ("for ((i=0; i<3; i++)); do a; done; b", [["a"], ["b"]]),
        ("x=$(a | b) c", [["c"]]),
        ("a `b | c` d", [["a", "`b | c`", "d"]]),
        ("arr=(a b) c", [["c"]]),
        ("", []),
        ("   \n\n;;\n", []),
        ("'unclosed && a", [["unclosed && a"]]),
        ('"', [[""]]),
    ],
)
def test_words(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


def test_places_of_words_and_commands() -> None:
    second = split_command("alembic upgrade head &&\n  exec uvicorn 'app:app'")[1]
    assert second.place == Place(2, 3, 2, 25)
    assert [word.place for word in second.words] == [
        Place(2, 3, 2, 7),
        Place(2, 8, 2, 15),
        Place(2, 16, 2, 25),
    ]


def test_places_count_code_points() -> None:
    command = split_command("echo 'ü😀' x")[0]
    assert command.words[2].place == Place(1, 11, 1, 12)


def test_connectors_and_pipes() -> None:
    commands = split_command("a && b | c & d")
    assert [command.connector for command in commands] == ["&&", "|", "&", ""]
    assert [command.piped for command in commands] == [False, True, True, False]


def test_assignments() -> None:
    command = split_command('FOO=1 BAR="a b" BAZ=${X:-y} Q+=z uvicorn FOO=2')[0]
    assert [(a.name, a.value.text, a.appends) for a in command.assignments] == [
        ("FOO", "1", False),
        ("BAR", "a b", False),
        ("BAZ", "${X:-y}", False),
        ("Q", "z", True),
    ]
    assert command.assignments[2].value.parts == (Variable("X", ":-", "y"),)
    assert [word.text for word in command.words] == ["uvicorn", "FOO=2"]


def test_a_quoted_name_is_no_assignment() -> None:
    assert words("'FOO=1' x") == [["FOO=1", "x"]]


def test_single_quotes_hide_variables() -> None:
    plain, quoted, hidden = split_command("$A \"$A\" '$A'")[0].words
    assert plain.parts == quoted.parts == (Variable("A"),)
    assert hidden.parts == ()
    assert hidden.literal == "$A"


@pytest.mark.parametrize(
    "text",
    [
        "if [ -f x ]; then uvicorn; fi",
        "if a; then b; elif c; then uvicorn; fi",
        "if a\nthen\n  b\nelse\n  uvicorn\nfi",
        "while true; do uvicorn; done",
        "until a; do uvicorn; done",
        "for i in 1 2; do uvicorn; done",
        "for i in 1 2\ndo uvicorn\ndone",
        'case "$1" in web) uvicorn;; esac',
        "case $x in\n (a|b) y ;;\n *)\n uvicorn\n ;;\nesac",
        "main() { uvicorn; }",
        "main ()\n{\n uvicorn\n}",
        "function main { uvicorn; }",
        "function main() { uvicorn; }",
        "[ -f x ] && uvicorn",
        "[[ a ]] && b && uvicorn",
        "(( x )) && uvicorn",
        "command -v x && uvicorn",
        "a || uvicorn",
        "if a; then for i in x; do uvicorn; done; fi",
    ],
)
def test_conditional(text: str) -> None:
    assert named(text, "uvicorn").is_conditional


@pytest.mark.parametrize(
    "text",
    [
        "uvicorn",
        "a && uvicorn",
        "a && b && uvicorn",
        "if a; then b; fi\nuvicorn",
        "if a; then if b; then c; fi; fi; uvicorn",
        "while a; do b; done; uvicorn",
        "case x in a) b;; *) c;; esac\nuvicorn",
        "case x in a) b;; *) c ; esac\nuvicorn",
        "case x in esac\nuvicorn",
        "main() { a; }\nuvicorn",
        "[ -f x ] && a; uvicorn",
        "[ -f x ] && a\nuvicorn",
        "a || b; uvicorn",
        "(uvicorn)",
        "{ uvicorn; }",
        "for x in if then done; do a; done\nuvicorn",
        "echo done fi; uvicorn",
        "X=1 && uvicorn",
        "if a; then b; fi > log; uvicorn",
        "while read x; do a; done < f\nuvicorn",
        "trap 'kill $p' TERM; uvicorn",
    ],
)
def test_unconditional(text: str) -> None:
    assert not named(text, "uvicorn").is_conditional


def test_blocks_carry_the_pattern_and_the_function() -> None:
    text = 'run() {\n case "$ROLE" in\n  web|api) uvicorn ;;\n esac\n}'
    assert named(text, "uvicorn").blocks == (
        Block("function", "run"),
        Block("case", "web|api", "$ROLE"),
    )


def test_redirections() -> None:
    assert named("uvicorn > log", "uvicorn").redirected
    assert named("uvicorn &> log", "uvicorn").redirected
    assert not named("uvicorn 2>&1", "uvicorn").redirected
    assert not named("uvicorn 2> errors", "uvicorn").redirected
    assert named("python <<EOF\nEOF", "python").heredoc


def test_the_argument_of_sh_c_keeps_its_places() -> None:
    word = split_command("sh -c 'alembic x && uvicorn y'")[0].words[2]
    server = split_word(word)[1]
    assert server.words[0].place == Place(1, 21, 1, 28)


def test_an_argument_that_was_changed_has_one_place() -> None:
    word = split_command('sh -c "echo \\"x\\" && uvicorn y"')[0].words[2]
    assert [command.name for command in split_word(word)] == ["echo", "uvicorn"]
    assert {command.place for command in split_word(word)} == {word.place}


HOSTILE = [
    "(" * 50_000,
    "{ " * 50_000,
    "if " * 50_000,
    "case x in " * 20_000,
    "((" * 50_000,
    "a=(" * 50_000,
    "$(" * 50_000,
    "${" * 50_000,
    "`" * 50_001,
    '"' * 50_001,
    "\\" * 50_001,
    "<<" * 50_000,
    "<<A " * 20_000 + "\n" * 1000,
    "x" * 200_000,
    "a;" * 100_000,
    "a \\\n" * 50_000,
    "for " * 50_000,
    "f() " * 50_000,
    "\0\x1c\x85\u2028\xa0",
    "x" * 10_000_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_ends(text: str) -> None:
    split_command(text)


PIECES = [
    *"ab $(){}[]'\"`\\\n;&|<>=!#\t\r-\u2028",
    "if ",
    "fi ",
    "do ",
    "done ",
    "case x in ",
    "esac ",
    "<<E",
    "${",
]


@pytest.mark.parametrize("seed", range(40))
def test_any_text_is_survived_and_places_are_inside(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        text = "".join(chance.choices(PIECES, k=30))
        lines = text.count("\n") + 1
        for command in split_command(text):
            places = [command.place, *(word.place for word in command.words)]
            assert all(1 <= place.line <= place.end_line <= lines for place in places), text
            assert all((p.line, p.column) <= (p.end_line, p.end_column) for p in places), text
