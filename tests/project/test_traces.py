from __future__ import annotations

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.body.traces import exits


def ways(body: str) -> list[str]:
    """What each way out returns, with the names of the marked calls (`m1()`) that can have run before it."""
    indented = "".join(f"    {line}\n" for line in body.split("\n"))
    facts = extract(f"def f():\n{indented}".encode())
    assert isinstance(facts, PythonFacts)
    [function] = facts.body
    assert isinstance(function, s.Function)
    marks = {}
    for statement in walk_statements(function.body):
        value = statement.value if isinstance(statement, s.Expression) else None
        if isinstance(value, s.Call) and isinstance(value.func, s.Name) and value.func.id.startswith("m"):
            marks[id(statement)] = (value.func.id, statement)
    found = []
    for way in exits(function.body, [statement for _, statement in marks.values()]):
        value = way.statement.value if way.statement is not None else None
        end = value.value if isinstance(value, s.Constant) else "end"
        found.append(" ".join([*sorted(marks[key][0] for key in way.ran), str(end)]))
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("m1()", ["m1 end"]),
        ("m1()\nreturn 1", ["m1 1"]),
        ("return 1\nm1()", ["1"]),
        ("if x:\n    m1()\n    return 1\nreturn 2", ["m1 1", "2"]),
        ("if x:\n    m1()\nreturn 2", ["m1 2"]),
        ("if x:\n    m1()\nelif y:\n    m2()\nelse:\n    return 1\nreturn 2", ["1", "m1 m2 2"]),
        ("if x:\n    m1()\n    raise E\nreturn 2", ["2"]),
        ("for x in y:\n    if x:\n        return 1\n    m1()\nreturn 2", ["m1 1", "m1 2"]),
        ("while True:\n    m1()\n    if x:\n        break\nreturn 2", ["m1 2"]),
        ("while True:\n    m1()", []),
        ("for x in y:\n    continue\n    m1()\nreturn 2", ["2"]),
        ("try:\n    m1()\n    return 1\nexcept E:\n    return 2", ["m1 1", "m1 2"]),
        ("try:\n    return 1\nexcept E:\n    m1()\nreturn 2", ["1", "m1 2"]),
        ("try:\n    m1()\nfinally:\n    m2()\nreturn 2", ["m1 m2 2"]),
        ("try:\n    raise E\nfinally:\n    m2()\nreturn 2", []),
        ("with x:\n    m1()\n    return 1", ["m1 1"]),
        ("match x:\n    case 1:\n        m1()\n    case _:\n        return 1\nreturn 2", ["1", "m1 2"]),
        ("match x:\n    case 1:\n        return 1", ["1", "end"]),
        ("def g():\n    return 1", ["end"]),
    ],
)
def test_ways(body: str, expected: list[str]) -> None:
    assert ways(body) == expected


def test_exceptions_before_all_marks() -> None:
    facts = extract(b"def f():\n    try:\n        m1()\n    except E:\n        return 1\n")
    assert isinstance(facts, PythonFacts)
    [function] = facts.body
    assert isinstance(function, s.Function)
    marked = [node for node in walk_statements(function.body) if isinstance(node, s.Expression)]
    assert [len(way.ran) for way in exits(function.body, marked)] == [1, 1]
    assert [len(way.ran) for way in exits(function.body, marked, failing_late=False)] == [0, 1]
