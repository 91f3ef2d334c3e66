"""Examples are read off a page: files, marked lines, what a fix leaves."""

from pathlib import Path

import pytest

from fastapi_lint.catalogue import Rule, read_page
from fastapi_lint.examples import Example, ExampleError, examples

HEAD = """+++
code = "RTE001"
name = "shadowed-route"
severity = "error"
default = true
fix = "none"
+++

# RTE001 shadowed-route

One sentence.

"""


def rule_of(folder: Path, body: str) -> Rule:
    (folder / "routes").mkdir()
    page = folder / "routes/shadowed-route.md"
    page.write_text(HEAD + body, encoding="utf-8")
    return read_page(page)


def read(folder: Path, body: str) -> list[Example]:
    return examples(rule_of(folder, body))


def test_a_block_without_a_path_is_the_main_module(tmp_path: Path) -> None:
    [example] = read(tmp_path, "## Bad\n\n```python\na = 1\nb = 2  # error: RTE001\n```\n")
    assert example.files == {"app/main.py": "a = 1\nb = 2\n"}
    assert example.expected == {("app/main.py", 2): 1}
    assert (example.section, example.title) == ("Bad", "")


def test_blocks_below_one_heading_are_one_repository(tmp_path: Path) -> None:
    body = (
        "## Bad\n\n`app/a.py`\n```python\nimport b  # error: RTE001\n```\n\n`Dockerfile`\n\n"
        "```dockerfile\nFROM x\n# error-next-line: RTE001\nCMD a\n```\n"
    )
    [example] = read(tmp_path, body)
    assert example.files == {"app/a.py": "import b\n", "Dockerfile": "FROM x\nCMD a\n"}
    assert example.expected == {("app/a.py", 1): 1, ("Dockerfile", 2): 1}


def test_a_heading_begins_another_example(tmp_path: Path) -> None:
    body = (
        "## Good\n\n```python\na = 1\n```\n\n### Later\n\n```python\nb = 1\n```\n\n"
        "## Silent\n\n```python\nc = 1\n```\n"
    )
    assert [(e.section, e.title, e.files["app/main.py"]) for e in read(tmp_path, body)] == [
        ("Good", "", "a = 1\n"),
        ("Good", "Later", "b = 1\n"),
        ("Silent", "", "c = 1\n"),
    ]


def test_several_findings_on_one_line(tmp_path: Path) -> None:
    [example] = read(tmp_path, "## Bad\n\n```python\na = 1  # error: RTE001, RTE001\n```\n")
    assert example.expected == {("app/main.py", 1): 2}


def test_a_fixed_block_is_what_a_fix_leaves(tmp_path: Path) -> None:
    [example] = read(
        tmp_path, "## Bad\n\n```python\na = 1  # error: RTE001\n```\n\n```python fixed\na = 2\n```\n"
    )
    assert example.fixed == {"app/main.py": "a = 2\n"}
    assert example.files == {"app/main.py": "a = 1\n"}


def test_bytes_are_written_as_escapes(tmp_path: Path) -> None:
    [example] = read(tmp_path, '## Good\n\n`a.py` (bytes)\n```python\na = "\\xE9"\n```\n')
    assert example.files == {"a.py": b'a = "\xe9"\n'}


def test_a_longer_fence_holds_a_shorter_one(tmp_path: Path) -> None:
    [example] = read(tmp_path, '## Good\n\n````python\na = """\n```\n"""\n````\n')
    assert example.files == {"app/main.py": 'a = """\n```\n"""\n'}


def test_other_sections_and_illustrations_are_no_examples(tmp_path: Path) -> None:
    body = "## Why\n\n```python\na = 1\n```\n\n## Good\n\n```text\noutput\n```\n\n```\nmore\n```\n"
    assert read(tmp_path, body) == []


def test_a_plain_text_block_with_a_path_is_a_file(tmp_path: Path) -> None:
    [example] = read(tmp_path, "## Good\n\n`requirements.txt`\n```text\nfastapi\n```\n")
    assert example.files == {"requirements.txt": "fastapi\n"}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("## Bad\n\n```python\na = 1\n```\n", "has no"),
        ("## Good\n\n```python\na = 1  # error: RTE001\n```\n", "has an"),
        ("## Bad\n\n```python\na = 1  # error: RTE002\n```\n", "RTE002"),
        ("## Good\n\n```yaml\na: 1\n```\n", "path above"),
        ("## Good\n\n```python\na = 1\n```\n\n```python\nb = 1\n```\n", "twice"),
    ],
)
def test_a_malformed_example_names_the_fault(tmp_path: Path, body: str, complaint: str) -> None:
    with pytest.raises(ExampleError, match=complaint):
        read(tmp_path, body)
