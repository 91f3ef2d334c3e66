"""YAML trees: places, aliases, bounds."""

import random
import sys

import pytest
import yaml

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.yaml_tree import Mapping, Scalar, Sequence, YamlNode, read
from fastapi_lint.facts.yaml_tree.read import MAX_NODES


def tree(text: str) -> YamlNode:
    file = read(text)
    assert file.problem is None
    assert file.complete
    (document,) = file.documents
    return document


def mapping(text: str) -> Mapping:
    found = tree(text)
    assert isinstance(found, Mapping)
    return found


def plain(node: YamlNode | None) -> object:
    """The tree as ordinary values."""
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.effective()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text if node else None


def test_scalars_stay_text() -> None:
    text = "a: 22:22\nb: yes\nc: 0755\nd: 3.10\ne: 2020-01-01\nf: ~\non: 1\n"
    assert plain(tree(text)) == {
        "a": "22:22",
        "b": "yes",
        "c": "0755",
        "d": "3.10",
        "e": "2020-01-01",
        "f": "~",
        "on": "1",
    }


def test_null_and_true_are_plain() -> None:
    found = mapping("a:\nb: null\nc: 'null'\nd: true\ne: 'true'\n")
    nulls = [
        entry.key.text for entry in found.entries if isinstance(entry.value, Scalar) and entry.value.is_null
    ]
    trues = [
        entry.key.text for entry in found.entries if isinstance(entry.value, Scalar) and entry.value.is_true
    ]
    assert nulls == ["a", "b"]
    assert trues == ["d"]


def test_places() -> None:
    found = mapping("ü: 'x😀'\nb:\n  - one\n  - {k: v}\n")
    first, second = found.entries
    assert first.key.place == Place(1, 1, 1, 2)
    assert first.value.place == Place(1, 4, 1, 8)
    assert second.value.place == Place(3, 3, 4, 11)
    assert isinstance(second.value, Sequence)
    assert second.value.items[0].place == Place(3, 5, 3, 8)
    assert second.value.items[1].place == Place(4, 5, 4, 11)


def test_places_of_block_scalars_end_with_their_text() -> None:
    found = mapping("a: |\n  one\n  two\n\n\nb: >-\n  x\n  y\nc: plain\n  goes on\n")
    assert [entry.value.place for entry in found.entries] == [
        Place(1, 4, 3, 6),
        Place(6, 4, 8, 4),
        Place(9, 4, 10, 10),
    ]


def test_crlf_and_byte_order_mark() -> None:
    found = mapping("\ufeffa: 1\r\nb: 'x'\r\n")
    assert plain(found) == {"a": "1", "b": "x"}
    assert found.entries[1].value.place == Place(2, 4, 2, 7)


def test_odd_line_breaks_do_not_shift_lines() -> None:
    found = mapping("a: 'x\u2028y\u0085z'\nb: 1\n")
    assert found.entries[1].key.place == Place(2, 1, 2, 2)


def test_documents() -> None:
    assert [plain(document) for document in read("---\na: 1\n---\nb: 2\n...\n").documents] == [
        {"a": "1"},
        {"b": "2"},
    ]


def test_aliases_and_merge_keys() -> None:
    text = "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\nw:\n  <<: [*x, {c: 4, a: 9}]\n"
    found = mapping(text)
    assert plain(found.get("y")) == {"b": "3", "a": "1"}
    assert plain(found.get("z")) == {"a": "1", "b": "2"}
    assert plain(found.get("w")) == {"a": "1", "b": "2", "c": "4"}
    merged = found.get("y")
    assert isinstance(merged, Mapping)
    inherited = merged.entry("a")
    assert inherited is not None
    assert inherited.merged
    assert inherited.key.place == Place(1, 8, 1, 9)


def test_a_quoted_merge_key_is_a_key() -> None:
    assert plain(tree("'<<': 1\n")) == {"<<": "1"}


def test_duplicate_keys_are_kept_and_the_last_counts() -> None:
    found = mapping("a: 1\nb: 2\na: 3\n")
    assert plain(found) == {"a": "3", "b": "2"}
    assert plain(found.get("a")) == "3"
    assert [key.place for key in found.duplicates()] == [Place(3, 1, 3, 2)]


def test_tags() -> None:
    found = mapping("a: !reset null\nb: !override [1]\nc: !!str 1\n")
    assert [entry.value.tag for entry in found.entries] == ["!reset", "!override", ""]


def test_a_recursive_alias_ends() -> None:
    file = read("a: &a [1, *a]\n")
    assert not file.complete
    assert isinstance(file.documents[0], Mapping)


def test_complex_keys_are_left_out() -> None:
    file = read("? [a, b]\n: 1\nc: 2\n")
    assert plain(file.documents[0]) == {"c": "2"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1\nb: [1\n", 3, 1),
        ("a: b: c\n", 1, 5),
        ("a: *none\n", 0, 0),
        ("{{ x }}: y\n  z", 0, 0),
        ("\ta: 1", 1, 1),
    ],
)
def test_problems_have_a_place(text: str, line: int, column: int) -> None:
    file = read(text)
    assert not file.complete
    if line:
        assert file.problem is not None
        assert (file.problem.line, file.problem.column) == (line, column)


def test_documents_before_a_problem_are_kept() -> None:
    file = read("a: 1\n---\nb: [\n")
    assert [plain(document) for document in file.documents] == [{"a": "1"}]
    assert file.problem is not None


def test_comments_that_speak_to_us() -> None:
    text = (
        "# fastapi-lint: ignore-file[DPL001] x\n\na: 1  # fastapi-lint: ignore[DPL002] y\n"
        "b: '# fastapi-lint: ignore[X]'\nc: |\n  # fastapi-lint: ignore[X]\nd: x# fastapi-lint: ignore[X]\n"
        "  # fastapi-lint: ignore[DPL003]\n# other\n"
    )
    comments = read(text).comments
    assert [(c.line, c.column, c.alone, c.first_block) for c in comments] == [
        (1, 1, True, True),
        (3, 7, False, False),
        (8, 3, True, False),
    ]
    assert comments[1].text == "# fastapi-lint: ignore[DPL002] y"


# --- hostile --------------------------------------------------------------------------------------


def bomb(levels: int, width: int) -> str:
    lines = ["a0: &a0 [" + ", ".join(["x"] * width) + "]"]
    lines += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * width) + "]" for i in range(1, levels)]
    return "\n".join(lines)


def merge_bomb(levels: int) -> str:
    lines = ["m0: &m0 {a: 1, b: 2}"]
    lines += [f"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}], k{i}: 1}}" for i in range(1, levels)]
    return "\n".join(lines)


def count(node: YamlNode, limit: int) -> int:
    todo, seen = [node], 0
    while todo and seen <= limit:
        current = todo.pop()
        seen += 1
        if isinstance(current, Mapping):
            todo += [entry.value for entry in current.entries]
        elif isinstance(current, Sequence):
            todo += current.items
    return seen


@pytest.mark.parametrize("text", [bomb(9, 9), bomb(30, 9), merge_bomb(40), bomb(3, 1000)])
def test_bombs_are_bounded(text: str) -> None:
    file = read(text)
    assert not file.complete
    assert sum(count(document, 10 * MAX_NODES) for document in file.documents) <= 3 * MAX_NODES


HOSTILE = [
    "[" * 100_000,
    "{" * 100_000,
    "- " * 50_000,
    "".join(" " * i + "a:\n" for i in range(1000)),
    "? " * 10_000,
    "a: " + "x" * 3_000_000,
    "a: &a\n" * 10_000,
    "\0",
    "a: \x07",
    "a: \ud800",
    "%YAML 9.9\n---\na",
    "!<tag:x> a",
    "&a &b c",
    "*",
    "'",
    "|",
    "a: |9\n x",
    "---\n" * 50_000,
    "<<: 1\n<<: *x",
    "<<:\n  <<:\n    <<: {a: 1}\n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_survived(text: str) -> None:
    read(text)


def test_ten_megabytes_are_not_read() -> None:
    file = read("services:\n" + "  a: {image: b}\n" * 700_000)
    assert file.documents == ()
    assert not file.complete


@pytest.mark.parametrize("seed", range(30))
def test_any_text_is_survived(seed: int) -> None:
    chance = random.Random(seed)
    pieces = [*"ab:-[]{}&*!|>'\"#%@,? \n\t", "\n  ", "<<: *a", "&a ", "*a ", "- ", ": "]
    for _ in range(60):
        read("".join(chance.choices(pieces, k=25)))


def test_both_parsers_give_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "a: &a\n  b: 'ü😀'\n  c: [1, {d: e}]\n  t: !reset "
        "null\nf:\n  <<: *a\n  g: |\n    x\n\nh: >-\n  y\n  z\n"
    )
    fast = read(text)
    monkeypatch.setattr(sys.modules["fastapi_lint.facts.yaml_tree.read"], "_LOADER", yaml.SafeLoader)
    assert read(text) == fast
    assert fast.complete
