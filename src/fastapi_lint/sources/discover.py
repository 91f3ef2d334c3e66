"""Walks the root and lists the files to read, in a fixed order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.sources.gitignore import patterns_of
from fastapi_lint.sources.ignore import Excludes, Rules, is_excluded_folder, is_ignored
from fastapi_lint.sources.kinds import Kind, confirmed, is_template_name, kind_of, needs_bytes
from fastapi_lint.sources.limits import MEBIBYTE, size_limit, too_large
from fastapi_lint.sources.read import Skipped, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_MAX_DEPTH = 64
_MAX_ENTRIES = 1_000_000
_IGNORE_FILE_LIMIT = MEBIBYTE


class SourceFile(msgspec.Struct, frozen=True, order=True):
    """One file to read: its POSIX path below the root, its kind, and its size in bytes."""

    path: str
    kind: Kind
    size: int


class Link(msgspec.Struct, frozen=True, order=True):
    """A symbolic link that stays inside the root: where it stands and what it finally points at."""

    path: str
    target: str


class Discovery(msgspec.Struct, frozen=True):
    """What the walk found, each list sorted by path.

    `files` are to be read; `skipped` are files and folders that would be read but can't; `others` exist but
    are not read (no known kind, ignored by git, or excluded); `links` lead from one place inside the root to
    another; `unused_excludes` are those of the user's excludes that matched nothing.
    """

    files: tuple[SourceFile, ...]
    skipped: tuple[Skipped, ...]
    others: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    unused_excludes: tuple[str, ...] = ()


def discover(root: Path, exclude: Sequence[str] = ()) -> Discovery:
    """List the files below `root` that can matter.

    Folders of environments, caches and builds are left out, and so is what `.gitignore` files and `exclude`
    (gitignore syntax, relative to the root) name. Links are never followed out of the root; a link to a file
    inside gives that file once, under its real path. Unreadable folders are skipped.
    """
    walk = _Walk(os.path.realpath(root), exclude)
    walk.run()
    return Discovery(
        files=tuple(sorted(walk.files.values())),
        skipped=tuple(sorted(set(walk.skipped))),
        others=tuple(sorted(walk.others - walk.files.keys())),
        links=tuple(sorted(walk.links)),
        unused_excludes=walk.excludes.unused(),
    )


class _Walk:
    """State of one walk. Folders wait on a stack, so depth costs no recursion."""

    def __init__(self, base: str, exclude: Sequence[str]) -> None:
        self.base = base
        self.excludes = Excludes(exclude)
        self.files: dict[str, SourceFile] = {}
        self.skipped: list[Skipped] = []
        self.others: set[str] = set()
        self.links: list[Link] = []
        self._folders: dict[str, Rules | None] = {}
        self._seen = 0

    def run(self) -> None:
        stack: list[tuple[str, Rules | None, int]] = [("", None, 0)]
        while stack:
            prefix, rules, depth = stack.pop()
            if depth > _MAX_DEPTH or self._seen > _MAX_ENTRIES:
                self.skipped.append(Skipped(prefix.rstrip("/"), "too many or too deep folders"))
                continue
            stack.extend((*child, depth + 1) for child in self._folder(prefix, rules))
        for link in self.links:
            self._add_target(link)

    def _folder(self, prefix: str, rules: Rules | None) -> Iterator[tuple[str, Rules | None]]:
        """Take the files of one folder; yield its subfolders, each with the rules that hold in it."""
        try:
            with os.scandir(os.path.join(self.base, prefix)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            cause = (error.strerror or "unknown cause").lower()
            self.skipped.append(Skipped(prefix.rstrip("/") or ".", f"not readable ({cause})"))
            return
        self._seen += len(listed)
        names = {entry.name for entry in listed}
        if prefix and ("pyvenv.cfg" in names or "conda-meta" in names):
            return
        if ".gitignore" in names:
            rules = self._with_ignore_file(prefix, rules)
        self._folders[prefix] = rules
        for entry in listed:
            path = prefix + entry.name
            if entry.is_symlink():
                self._link(path)
            elif _is_folder(entry):
                if self._enters(path + "/", entry.name, rules):
                    yield path + "/", rules
            else:
                self._file(path, entry, rules)

    def _with_ignore_file(self, prefix: str, rules: Rules | None) -> Rules | None:
        content = read_bytes(self.base, prefix + ".gitignore", _IGNORE_FILE_LIMIT)
        if isinstance(content, str):
            return rules
        patterns = patterns_of(content.decode("utf-8-sig", "replace").split("\n"))
        return Rules(len(prefix), patterns, rules) if patterns else rules

    def _enters(self, path: str, name: str, rules: Rules | None) -> bool:
        verdict = self.excludes.verdict(path)
        if verdict is not None:
            return not verdict
        if is_excluded_folder(name) or is_ignored(rules, path):
            return False
        if is_template_name(name):
            self.skipped.append(Skipped(path.rstrip("/"), "template"))
            return False
        return True

    def _file(self, path: str, entry: os.DirEntry[str], rules: Rules | None) -> None:
        self.others.add(path)
        kind = kind_of(path)
        if kind is None:
            self.excludes.note(path)
            self._unknown(path, rules)
            return
        try:
            size = entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else -1
        except OSError:
            size = -1
        if size >= 0:
            self._take(path, kind, size, rules)

    def _unknown(self, path: str, rules: Rules | None) -> None:
        """Note a file that would have a kind if it were no template (`Dockerfile.j2`, `app.py.jinja`)."""
        if not is_template_name(path):
            return
        meant = path.rpartition(".")[0]
        kind = kind_of(meant)
        if kind is None or needs_bytes(meant, kind) or self.excludes.verdict(path):
            return
        if not is_ignored(rules, path):
            self.skipped.append(Skipped(path, "template"))

    def _take(self, path: str, kind: Kind, size: int, rules: Rules | None) -> None:
        verdict = self.excludes.verdict(path)
        if verdict or (verdict is None and is_ignored(rules, path)):
            return
        certain = not needs_bytes(path, kind)
        if size > size_limit(kind):
            if certain:
                self.skipped.append(Skipped(path, too_large(kind)))
        elif is_template_name(path):
            self.skipped.append(Skipped(path, "template"))
        elif certain:
            self.files[path] = SourceFile(path, kind, size)
        else:
            self._take_candidate(path, kind, size)

    def _take_candidate(self, path: str, kind: Kind, size: int) -> None:
        content = read_bytes(self.base, path, size_limit(kind))
        found = None if isinstance(content, str) else confirmed(kind, content)
        if found is not None:
            self.files[path] = SourceFile(path, found, size)

    def _link(self, path: str) -> None:
        self.others.add(path)
        full = os.path.join(self.base, path)
        target = os.path.realpath(full)
        if not os.path.lexists(target) or os.path.islink(target):
            reason = "broken link"
        elif target != self.base and target.startswith(self.base.rstrip(os.sep) + os.sep):
            below = os.path.relpath(target, self.base).replace(os.sep, "/")
            self.links.append(Link(path, below))
            return
        elif target == self.base:
            self.links.append(Link(path, ""))
            return
        else:
            reason = "link out of the project"
        kind = kind_of(path)
        if (kind is not None and not needs_bytes(path, kind)) or os.path.isdir(target):
            self.skipped.append(Skipped(path, reason))

    def _add_target(self, link: Link) -> None:
        """Read a file that only a link gives a known name, if the walk came past the file itself."""
        folder, slash, _ = link.target.rpartition("/")
        kind = kind_of(link.path)
        if kind is None or link.target in self.files or folder + slash not in self._folders:
            return
        full = os.path.join(self.base, link.target)
        if kind_of(link.target) is None and os.path.isfile(full):
            self._take(link.target, kind, os.path.getsize(full), self._folders[folder + slash])


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
