"""Compares the start commands that were read by hand with those that the model finds.

    python benchmarks/start_commands.py FOLDER [--table docs/start-commands.md] [--reports DIR] [--all]

FOLDER holds one folder a project, named `<owner>__<name>`. The reports are those of `fastapi-lint
deployments`; with --reports they are kept in DIR, and read from there if they are there already.

A row is right if exactly its servers are found in that place, each with its target, which leads to a file; it
is wrong if another server or target is found, and missing if none is, or the target is not known.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROW = re.compile(r"\| ([^|`]+/[^|`]+) \| `([^`]+):(\d+)` \| ([^|]+) \| ([^|]+) \| `([^`]+)` \|")


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    project: str
    file: str
    line: int
    name: str
    servers: frozenset[str]
    target: str

    @property
    def place(self) -> str:
        """The row's place in words."""
        return f"{self.project} {self.file}:{self.line} {self.name}"


def rows(table: Path) -> list[Row]:
    """The rows of the table."""
    return [
        Row(project, file, int(line), name, frozenset(servers.split(" or ")), target)
        for project, file, line, name, servers, target in _ROW.findall(table.read_text(encoding="utf-8"))
    ]


def report(folder: Path, kept: Path | None) -> list[dict[str, Any]]:
    """The deployments of a project, as the command prints them."""
    path = kept / f"{folder.name}.json" if kept is not None else None
    if path is None or not path.exists():
        command = [
            sys.executable,
            "-m",
            "fastapi_lint",
            "deployments",
            "--isolated",
            "--output-format",
            "json",
        ]
        done = subprocess.run(
            [*command, "--root", folder, folder], capture_output=True, check=False, text=True
        )
        if path is None:
            return _deployments(done.stdout)
        path.write_text(done.stdout, encoding="utf-8")
    return _deployments(path.read_text(encoding="utf-8"))


def _deployments(text: str) -> list[dict[str, Any]]:
    return json.loads(text)["deployments"] if text else []


def found(row: Row, deployments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The deployments of a row's place."""
    if row.name == "last stage":
        return [item for item in deployments if item["kind"] == "image" and _dockerfile(item) == row.file][
            -1:
        ]
    return [
        item
        for item in deployments
        if row.file in (item["place"]["file"], _dockerfile(item)) and row.name in (item["name"], item["kind"])
    ]


def _dockerfile(item: dict[str, Any]) -> str:
    return item["place"]["file"] if item["kind"] == "image" else ""


def judged(row: Row, deployments: list[dict[str, Any]]) -> tuple[str, str]:
    """`right`, `wrong` or `missing`, and what was found."""
    servers = [server for item in found(row, deployments) for server in item["servers"]]
    said = "; ".join(sorted({f"{server['server']} {_said(server['target'])}" for server in servers}))
    if not servers:
        reasons = [end["reason"] for item in found(row, deployments) for end in item["unknown"]]
        return "missing", "; ".join(reasons[-2:])[:200] or "nothing is known to start there"
    if {server["server"] for server in servers} - row.servers or any(
        _differs(row, server) for server in servers
    ):
        return "wrong", said
    complete = {server["server"] for server in servers} == row.servers
    resolved = all(server["target"] and server["target"]["status"] == "found" for server in servers)
    return ("right" if complete and resolved else "missing"), said


def _said(target: dict[str, Any] | None) -> str:
    return f"{target['text']} ({target['file']}, {target['status']})" if target else "?"


def _differs(row: Row, server: dict[str, Any]) -> bool:
    """Whether a known target is another one than the row's."""
    target = server["target"]
    text = target["text"] if target else None
    if not text:
        text = ""
    if ":" in text:
        return text != row.target
    module = row.target.partition(":")[0].replace(".", "/")
    file = (target or {}).get("file") or ""
    return bool(file) and not f"/{file}".endswith((f"/{module}.py", f"/{module}/__init__.py"))


def extra(project: str, table: list[Row], deployments: list[dict[str, Any]]) -> Iterator[str]:
    """What is found to start a server in places that the table doesn't have."""
    known = {id(item) for row in table if row.project == project for item in found(row, deployments)}
    for item in deployments:
        if item["servers"] and id(item) not in known:
            said = ", ".join(f"{server['server']} {_said(server['target'])}" for server in item["servers"])
            place = item["place"]
            yield f"{project} {place['file']}:{place['line']} {item['kind']} {item['name']}: {said}"


def main() -> None:
    """Print each row that isn't right, what is found beyond the table, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--table", type=Path, default=Path(__file__).parents[1] / "docs" / "start-commands.md"
    )
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--all", action="store_true", help="print the rows that are right as well")
    options = parser.parse_args()
    table = rows(options.table)
    counts: Counter[str] = Counter()
    beyond: list[str] = []
    for folder in sorted(path for path in options.folder.iterdir() if path.is_dir()):
        project = folder.name.replace("__", "/", 1)
        deployments = report(folder, options.reports)
        for row in (row for row in table if row.project == project):
            verdict, said = judged(row, deployments)
            counts[verdict] += 1
            if verdict != "right" or options.all:
                print(f"{verdict:8} {row.place}: {said}")
        beyond += extra(project, table, deployments)
    for line in beyond:
        print(f"beyond   {line}")
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("right", "wrong", "missing"))
    print(f"{said} of {counts.total()}")
    print(f"{len(beyond)} found that the table doesn't have")


if __name__ == "__main__":
    main()
