"""How often findings on real projects are true, as read by people.

    python benchmarks/precision.py ask FOLDER       what is to be read next, as JSON lines without verdict
    python benchmarks/precision.py report FOLDER    writes docs/precision.md from the verdicts

FOLDER holds fetched projects as `owner__name`. Of each rule ten findings are drawn at random with a
fixed seed (all, if there are fewer); up to forty as soon as one of those read is false or unsure. A verdict
is a line of `verdicts.jsonl` with repository, commit, rule, path, symbol, fingerprint, verdict (true, false,
unsure) and one sentence; it is found again by the fingerprint: a changed rule asks for what is new only.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VERDICTS = HERE.parent / "docs" / "precision" / "verdicts.jsonl"
CHANGES = HERE.parent / "docs" / "precision" / "changes.md"
REPORT = HERE.parent / "docs" / "precision.md"
SEED = 20260101
FIRST, MOST = 10, 40

Finding = dict[str, Any]


def check(project: Path) -> list[Finding]:
    """The findings of one project with the preset `recommended`."""
    command = [
        sys.executable,
        "-m",
        "fastapi_lint",
        "check",
        "--isolated",
        "--output-format",
        "json",
        str(project),
    ]
    done = subprocess.run([*command, "--root", str(project)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        print(f"{project.name}: exit code {done.returncode}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        if not done.stdout.startswith("{"):
            return []
    found: list[Finding] = json.loads(done.stdout)["findings"]
    for finding in found:
        finding["repository"] = project.name.replace("__", "/", 1)
    return found


def findings_of(folder: Path) -> dict[str, list[Finding]]:
    """The findings of all projects, by rule, in a fixed order."""
    projects = sorted(path for path in folder.iterdir() if path.is_dir() and "__" in path.name)
    by_rule: dict[str, list[Finding]] = {}
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(check, projects):
            for finding in found:
                by_rule.setdefault(finding["code"], []).append(finding)
    return dict(sorted(by_rule.items()))


def verdicts() -> dict[tuple[str, str, str], dict[str, str]]:
    """The verdicts by repository, rule and fingerprint."""
    found = {}
    for line in VERDICTS.read_text(encoding="utf-8").splitlines() if VERDICTS.exists() else ():
        entry = json.loads(line)
        found[entry["repository"], entry["rule"], entry["fingerprint"]] = entry
    return found


def key_of(finding: Finding) -> tuple[str, str, str]:
    """What a verdict is found by."""
    return finding["repository"], finding["code"], finding["fingerprint"]


def drawn(found: list[Finding], known: dict[tuple[str, str, str], dict[str, str]]) -> list[Finding]:
    """The findings of one rule that are to be read: ten, or forty if one of the first ten was not true."""
    order = sorted(found, key=lambda f: (f["repository"], f["fingerprint"]))
    random.Random(SEED).shuffle(order)
    first = order[:FIRST]
    doubtful = any(known[key_of(f)]["verdict"] != "true" for f in first if key_of(f) in known)
    return order[: MOST if doubtful else FIRST]


def ask(folder: Path) -> Iterator[str]:
    """The findings that are drawn and have no verdict."""
    known = verdicts()
    for found in findings_of(folder).values():
        for finding in drawn(found, known):
            if key_of(finding) not in known:
                yield json.dumps(
                    {
                        "repository": finding["repository"],
                        "rule": finding["code"],
                        "path": finding["path"],
                        "line": finding["line"],
                        "fingerprint": finding["fingerprint"],
                        "message": finding["message"],
                        "verdict": "",
                        "sentence": "",
                    }
                )


def rules() -> list[Finding]:
    """All rules, as `fastapi-lint rules` lists them."""
    command = [sys.executable, "-m", "fastapi_lint", "rules", "--output-format", "json"]
    listed: list[Finding] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
    )["rules"]
    return listed


def report(folder: Path) -> str:
    """The page: a row for each rule that is on by default, and what was changed for false findings."""
    known = verdicts()
    found = findings_of(folder)
    lines = [
        "# Precision on real projects",
        "",
        "Made by `benchmarks/precision.py report` from `docs/precision/verdicts.jsonl`, over",
        f"{_projects(folder)} public projects, with the preset `recommended`. A finding counts as false if",
        "the reader was unsure. `unproven`: on by default, and found nothing there.",
        "",
        "| Rule | Findings | Read | True | False | Unsure | True of those read |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    judged = [rule for rule in rules() if rule["default"] and rule["group"] != "FAL"]
    lines += [_row(rule, found.get(rule["code"], []), known) for rule in judged]
    if CHANGES.exists():
        lines += ["", CHANGES.read_text(encoding="utf-8").rstrip()]
    return "\n".join(lines) + "\n"


def _row(rule: Finding, found: list[Finding], known: dict[tuple[str, str, str], dict[str, str]]) -> str:
    read = Counter(known[key_of(f)]["verdict"] for f in found if key_of(f) in known)
    total = sum(read.values())
    share = "unproven" if not found else (f"{read['true'] / total:.0%}" if total else "not read")
    name = f"{rule['code']} {rule['name']}"
    return (
        f"| {name} | {len(found)} | {total} | {read['true']} | {read['false']} | {read['unsure']} | {share} |"
    )


def _projects(folder: Path) -> int:
    return sum(path.is_dir() and "__" in path.name for path in folder.iterdir())


def main() -> None:
    """Ask for verdicts, or write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("ask", "report"))
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.what == "ask":
        for line in ask(options.folder):
            print(line)
    else:
        REPORT.write_text(report(options.folder), encoding="utf-8")


if __name__ == "__main__":
    main()
