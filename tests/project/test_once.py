"""Which calls run once in a process, because what they make is kept."""

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project

Build = Callable[..., Project]

HEAD = "import app.state as state\n_made = None\nclass Kept:\n    made = None\n"


def repeated(project: Project) -> list[str]:
    functions = project.resolver.index(project.table.by_path["app/main.py"]).functions
    [get] = [function for function in functions if function.name == "get"]
    return [site.call.func.id for site in project.event_loop.repeated.of(get)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        "global _made\nif _made is None:\n    _made = make()\nreturn use()",
        "global _made\nif not _made:\n    new = make()\n    _made = new\nreturn use()",
        "global _made\nif _made is not None:\n    return use()\n_made = make()\nreturn _made",
        "global _made\nif _made:\n    return use()\nwith LOCK:\n    _made = make()\nreturn _made",
        "global _made\nwith LOCK:\n    if _made is None:\n        _made = make()\n    use()",
        "if Kept.made is None:\n    Kept.made = make()\nuse()",
    ],
)
def test_what_is_kept_is_made_once(project_of: Build, body: str) -> None:
    source = HEAD + "def get():\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    assert repeated(project_of(source)) == ["use"]


@pytest.mark.parametrize(
    "body",
    [
        "if _made is None:\n    _made = make()\nreturn use()",
        "global _made\nif other is None:\n    _made = make()\nreturn use()",
        "global _made\nif _made is None:\n    make()\nreturn use()",
        "global _made\nif _made is not None:\n    _made = make()\nreturn use()",
        "global _made\nif _made is None:\n    return use()\nmade = make()",
        "global _made\nif _made is None:\n    _made = 1\nelse:\n    make()\nuse()",
        "row = None\nif row is None:\n    row = make()\nuse()",
    ],
)
def test_what_is_not_kept_is_made_each_time(project_of: Build, body: str) -> None:
    source = HEAD + "def get():\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    assert sorted(repeated(project_of(source))) == ["make", "use"]


@pytest.mark.parametrize(("decorator", "made"), [("    @classmethod\n", []), ("", ["make"])])
def test_attributes_of_a_class_are_kept_but_those_of_an_object_may_not_be(
    project_of: Build, decorator: str, made: list[str]
) -> None:
    body = "        if own.it is None:\n            own.it = make()\n"
    source = f"class Pool:\n{decorator}    def get(own):\n{body}"
    assert repeated(project_of(source)) == made
