"""What `module:attribute` means where a server imports it, and which app it leads to."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment.apps import AppFinder
from fastapi_lint.project.deployment.model import Target, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.files import Files
    from fastapi_lint.project.deployment.model import Argument, Launch
    from fastapi_lint.project.deployment.servers import Settings
    from fastapi_lint.project.deployment.state import State
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

_TARGET = re.compile(r"(?P<module>[\w.]+)(?::(?P<attribute>[\w.]+)(?P<call>\(.*\))?)?\Z", re.S)
DISCOVERED = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")
"""The files that the command line of FastAPI tries, in its order."""
_MAX_ROOTS = 50
_DEFAULT_ATTRIBUTE = {"gunicorn": "application", "hypercorn": "application", "daphne": "application"}


class Located(msgspec.Struct, frozen=True):
    """Where a module was found: the file, and whether the server's own import path leads there.

    The path is empty if several files of other folders may be meant.
    """

    path: str
    certain: bool


class Targets:
    """Resolves the targets of one launch."""

    def __init__(self, project: Project, files: Files, folders: tuple[str, ...], launch: Launch) -> None:
        self.project = project
        self.files = files
        self.folders = folders
        self.launch = launch
        self.apps = AppFinder(project)

    def of_command(
        self, server: str, settings: Settings, words: tuple[Argument, ...], state: State
    ) -> Target | None:
        """The target of a server's command line."""
        if server == "fastapi":
            return self._of_fastapi(settings, words, state)
        given = settings.target
        span = given.span or words[0].span
        if given.value is None:
            return Target(None, span, "unknown")
        if not given.value:
            return None
        default = _DEFAULT_ATTRIBUTE.get(server, "" if server == "uvicorn" else "app")
        return self.of_text(given.value, span, state, _directory(settings), default)

    def of_text(
        self, text: str, span: Span, state: State, directory: str | None = None, default: str = ""
    ) -> Target:
        """The target that a text names. `directory` is that of `--app-dir`, None if it isn't known."""
        match = _TARGET.match(text.strip())
        attribute = (match.group("attribute") or default) if match else ""
        if match is None or not attribute:
            return Target(text, span, "unknown")
        is_call = match.group("call") is not None
        found = self.find(match.group("module"), state, directory or "")
        if found is None:
            return Target(text, span, "module missing", is_call=is_call)
        module = self.project.module(found.path)
        if module is None:
            return Target(text, span, "unknown", is_call=is_call, module=found.path)
        return self.apps.target(module, attribute, text, span, is_call)

    def unknown(self, span: Span) -> Target:
        """A target of which only the place is known."""
        return Target(None, span, "unknown")

    def console_script(self, name: str) -> str | None:
        """What a console script of the project's packages calls (`package.module:function`)."""
        found = {
            script.target
            for _, facts in self.project.artifacts.pyprojects
            for script in facts.scripts
            if script.name == name
        }
        return found.pop() if len(found) == 1 else None

    def only_file(self, text: str) -> str | None:
        """The only file below the usual folders that a relative path can mean."""
        found = self._elsewhere(text) if not text.startswith("/") else []
        return found[0] if len(found) == 1 else None

    # --- the command line of FastAPI -------------------------------------------------------------

    def _of_fastapi(self, settings: Settings, words: tuple[Argument, ...], state: State) -> Target | None:
        given = settings.target
        span = given.span or (words[1].span if len(words) > 1 else words[0].span)
        if given.value is None:
            return Target(None, span, "unknown")
        if ":" in given.value and not given.value.endswith(".py"):
            return self.of_text(given.value, span, state)
        if given.value:
            return self._of_path(given.value, span, state, settings.attribute)
        entrypoint = self._entrypoint(state)
        if entrypoint is not None:
            return self.of_text(entrypoint, span, state)
        for name in DISCOVERED:
            if (path := self._locate(name, state)) is not None and path not in self.project.artifacts.folders:
                return self._of_file(path, name, span, settings.attribute)
        return Target("", span, "unknown" if state.workdir is None else "not found")

    def _entrypoint(self, state: State) -> str | None:
        """`[tool.fastapi] entrypoint` of the working directory's pyproject."""
        path = self._locate("pyproject.toml", state)
        facts = dict(self.project.artifacts.pyprojects).get(path or "")
        return facts.fastapi_entrypoint.text if facts and facts.fastapi_entrypoint else None

    def _of_path(self, text: str, span: Span, state: State, attribute: Value[str]) -> Target:
        path = self._locate(text, state)
        if path is None and not text.endswith(".py"):
            path = self._locate(f"{text}/__init__.py", state)
        if path is None:
            candidates = self._elsewhere(text)
            path = candidates[0] if len(candidates) == 1 else None
            if path is None:
                return Target(
                    text, span, "unknown" if candidates or state.workdir is None else "module missing"
                )
        return self._of_file(path, text, span, attribute)

    def _of_file(self, path: str, text: str, span: Span, attribute: Value[str]) -> Target:
        if path in self.project.artifacts.folders:
            path = posixpath.join(path, "__init__.py")
        module = self.project.module(path)
        if module is None or attribute.value is None:
            return Target(text, span, "unknown", module=path)
        if attribute.value:
            return self.apps.target(module, attribute.value, text, span, False)
        return self.apps.discovered(module, text, span)

    def _elsewhere(self, text: str) -> list[str]:
        found = (posixpath.normpath(posixpath.join(folder, text)) for folder in self.folders)
        return sorted({path for path in found if self.project.artifacts.exists(path)})

    def _locate(self, text: str, state: State) -> str | None:
        inside = state.inside(text)
        return self.files.locate(inside) if inside is not None else None

    # --- modules ---------------------------------------------------------------------------------

    def module(self, dotted: str, state: State, directory: str | None) -> Module | None:
        """The module that a dotted name means where the server runs."""
        found = self.find(dotted, state, directory)
        return self.project.module(found.path) if found is not None else None

    def find(self, dotted: str, state: State, directory: str | None) -> Located | None:
        """The file of a module: on the process' import path, else the only one below the usual folders."""
        inner = dotted.replace(".", "/")
        for root in _roots(state, directory):
            for name in (f"{inner}.py", f"{inner}/__init__.py"):
                path = self.files.locate(posixpath.join(root, name))
                if path is not None and path not in self.project.artifacts.folders:
                    return Located(path, True)
        near = list(dict.fromkeys(self._below(self.folders, inner)))
        if near:
            return Located(near[0], False)
        far = list(dict.fromkeys(self._below(self.project.table.roots, inner)))
        return Located(far[0] if len(far) == 1 else "", False) if far else None

    def _below(self, folders: Iterable[str], inner: str) -> Iterator[str]:
        artifacts = self.project.artifacts
        for folder in folders:
            for name in (f"{inner}.py", f"{inner}/__init__.py"):
                path = posixpath.join(folder, name)
                if artifacts.exists(path):
                    yield path


def _directory(settings: Settings) -> str | None:
    return settings.app_dir.value


def _roots(state: State, directory: str | None) -> list[str]:
    """The folders on the process' import path, as far as they are known."""
    found = [state.inside(directory)] if directory else []
    found.append(state.workdir)
    python_path = state.variables.get("PYTHONPATH") or ""
    folders = python_path.split(":", _MAX_ROOTS)[:_MAX_ROOTS]
    found += [state.inside(folder) for folder in folders if folder and "$" not in folder]
    return [folder for folder in dict.fromkeys(found) if folder is not None]
