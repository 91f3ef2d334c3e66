"""Measures the route table against what FastAPI itself builds.

    python benchmarks/route_oracle.py FOLDER ORACLE_DIR [--project NAME] [--show]

FOLDER holds one folder a project, named `<owner>__<name>`; ORACLE_DIR one JSON a project, with `root` (the
folder on `sys.path`), `target`, `oracle` (versions), `complete` and `routes`, each with kind, path, methods,
file, line and name. Routes whose `file` begins with `lib:` have a library's handler and are not compared.

A mount or frontend is exact when kind and path agree, any other route when kind, methods, path, file and
qualified name agree. A route that we mark conditional and the oracle lacks is neither right nor invented.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.names import modules
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.routing.build import RoutingOptions, build
from fastapi_lint.project.routing.table import App, Route, RouteTables
from fastapi_lint.sources import discover

RUN_TIME = re.compile(r"crawlhub|RuoYi-Vue3-FastAPI|fastapi_best_architecture|titiler")
"""Projects whose routers are found by walking the disk, or built for each instance at run time."""

Key = tuple[object, ...]


@dataclass
class Result:
    """One project's comparison."""

    name: str
    total: int
    exact: int = 0
    missing: list[Key] = field(default_factory=list)
    invented: list[Key] = field(default_factory=list)
    claimed: bool = False
    reasons: tuple[str, ...] = ()
    found: bool = True
    complete: bool = True
    seconds: float = 0.0


def read_project(folder: Path) -> dict[str, PythonFacts]:
    """The facts of a project's Python files, by path."""
    found = {}
    for source in discover(folder).files:
        if source.path.endswith(".py"):
            facts = extract((folder / source.path).read_bytes())
            if isinstance(facts, PythonFacts):
                found[source.path] = facts
    return found


def read_below(folder: Path, root: str) -> dict[str, PythonFacts]:
    """The same; a root that discovery leaves out as a template is read as a project of its own."""
    found = read_project(folder)
    if root == "." or any(path.startswith(root) for path in found):
        return found
    return {f"{root}/{path}": facts for path, facts in read_project(folder / root).items()}


def lazy_include(oracle: dict[str, Any]) -> bool:
    """Whether the FastAPI that the oracle ran reads included routers late (0.137 and newer)."""
    found = re.match(r"fastapi 0\.(\d+)", oracle["oracle"])
    return bool(found) and int(found[1]) >= 137  # type: ignore[index]


def key_of_oracle(route: dict[str, Any]) -> Key:
    """What is compared of one of the oracle's routes."""
    if route["kind"] in ("mount", "frontend"):
        return (route["kind"], route["path"])
    return (route["kind"], tuple(sorted(route["methods"])), route["path"], route["file"], route["name"])


def key_of_ours(route: Route) -> Key:
    """What is compared of one of our routes."""
    if route.kind in ("mount", "frontend"):
        return (route.kind, route.path)
    return (route.kind, route.methods, route.path, route.file, route.name)


def find_app(tables: RouteTables, oracle: dict[str, Any]) -> App | None:
    """Our app for the oracle's root and target, by one of its names; else the only one below that root."""
    root = "" if oracle["root"] == "." else oracle["root"]
    wanted = oracle["target"].removesuffix("()")
    wanted = wanted if ":" in wanted else f"{wanted}:app"
    for app in tables.apps:
        if wanted in (app.target, *app.aliases) and app.module.root == root:
            return app
    below = [app for app in tables.apps if app.module.path.startswith(root)]
    return below[0] if len(below) == 1 else None


def compare(name: str, oracle: dict[str, Any], tables: RouteTables) -> Result:
    """Compare our table of an app with the oracle's."""
    expected = Counter(key_of_oracle(r) for r in oracle["routes"] if not str(r["file"]).startswith("lib:"))
    result = Result(name, sum(expected.values()), complete=oracle["complete"])
    app = find_app(tables, oracle)
    if app is None:
        result.found, result.missing = False, list(expected.elements())
        return result
    result.claimed, result.reasons = app.complete, app.incomplete_because
    ours = [
        route for route in app.routes if not (route.library and route.file is None and route.kind != "mount")
    ]
    left = Counter(expected)
    for conditional in (False, True):
        for route in ours:
            if route.conditional is conditional:
                _count(key_of_ours(route), conditional, left, result)
    result.missing = list(left.elements())
    return result


def _count(key: Key, conditional: bool, left: Counter[Key], result: Result) -> None:
    if left[key]:
        left[key] -= 1
        result.exact += 1
    elif not conditional:
        result.invented.append(key)


def measure(folder: Path, oracle_file: Path) -> Result:
    """Build and compare one project."""
    oracle = json.loads(oracle_file.read_text(encoding="utf-8"))
    files = read_below(folder, oracle["root"])
    gc.collect()
    start = time.process_time()
    tables = build(Resolver(modules.build(files)), RoutingOptions(lazy_include=lazy_include(oracle)))
    seconds = time.process_time() - start
    result = compare(oracle_file.stem, oracle, tables)
    result.seconds = seconds
    return result


def show(result: Result, details: bool) -> None:
    """Print one project's line."""
    state = "complete" if result.claimed else "incomplete" if result.found else "NOT FOUND"
    lost, extra = len(result.missing), len(result.invented)
    print(
        f"{result.name:55} {result.exact:4}/{result.total:<4} missing {lost:3} invented {extra:3} "
        f"{state:10} {'' if result.complete else '(oracle incomplete)'} {result.seconds:.2f}s"
    )
    for reason in result.reasons if details or not result.claimed else ():
        print(f"      because {reason}")
    if details:
        for label, keys in (("missing ", result.missing), ("invented", result.invented)):
            for key in keys:
                print(f"      {label} {key}")


def summary(results: list[Result]) -> None:
    """Print the totals and the three figures."""
    known = [one for one in results if one.complete]
    claimed = [one for one in known if one.claimed]
    exact, total = sum(one.exact for one in claimed), sum(one.total for one in claimed)
    invented = sum(len(one.invented) for one in claimed)
    print(f"\nclaimed complete: {len(claimed)} tables of {len(known)} complete oracles")
    share = 100 * exact / max(total, 1)
    print(f"exact where claimed complete: {exact}/{total} = {share:.2f} %, invented {invented}")
    rest = [one for one in known if not RUN_TIME.search(one.name)]
    exact, total = sum(one.exact for one in rest), sum(one.total for one in rest)
    print(
        f"exact over all but those built at run time: {exact}/{total} = {100 * exact / max(total, 1):.2f} %"
    )
    everything = sum(one.exact for one in known), sum(one.total for one in known)
    print(
        f"exact over all: {everything[0]}/{everything[1]}; invented {sum(len(one.invented) for one in known)}"
    )


def main() -> int:
    """Measure all projects."""
    parser = argparse.ArgumentParser(description="Measure the route table against an oracle.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("oracle", type=Path)
    parser.add_argument("--project", default="", help="only projects whose name contains this")
    parser.add_argument("--show", action="store_true", help="print what is missing and invented")
    options = parser.parse_args()
    results = []
    for oracle_file in sorted(options.oracle.glob("*.json")):
        folder = options.folder / oracle_file.stem
        if options.project not in oracle_file.stem:
            continue
        if not folder.is_dir():
            print(f"{oracle_file.stem:55} not fetched")
            continue
        results.append(measure(folder, oracle_file))
        show(results[-1], options.show)
    summary(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
