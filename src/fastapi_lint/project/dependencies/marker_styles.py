"""In which style parameters name their markers: as the default, or inside `Annotated[...]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.dependencies.markers import MARKERS, marked
from fastapi_lint.project.names.symbols import FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_NAMES = frozenset(name.rpartition(".")[2] for name in MARKERS)
_CONVENTION = 3
"""From how many parameters on a style is a file's own."""


class DefaultMarker(msgspec.Struct, frozen=True, eq=False):
    """An annotated parameter whose default is a call of a marker, such as `Depends`."""

    function: FunctionSymbol
    parameter: s.Parameter
    call: s.Call
    marker: str


class MarkerStyles:
    """Answers which parameters use the old style where it isn't the file's own."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def as_defaults(self) -> Iterator[tuple[FunctionSymbol, tuple[DefaultMarker, ...]]]:
        """The functions that FastAPI calls with such parameters, in the order of path and place."""
        by_module: dict[str, list[FunctionSymbol]] = {}
        for called in self.project.endpoints.called:
            function = called.function
            is_injected = called.kind in ("endpoint", "dependency")
            if is_injected and not self.project.roles.is_outside(function.module):
                by_module.setdefault(function.module.path, []).append(function)
        for functions in by_module.values():
            found = [(function, tuple(self._of(function))) for function in functions]
            old = sum(len(markers) for _, markers in found)
            new = sum(self._annotated(function) for function in functions)
            if old and not (old >= _CONVENTION and 4 * old >= 3 * (old + new)):
                yield from ((function, markers) for function, markers in found if markers)

    def _of(self, function: FunctionSymbol) -> Iterator[DefaultMarker]:
        for parameter, name in marked(self.project.types, function):
            if parameter.annotation is not None and isinstance(parameter.default, s.Call):
                yield DefaultMarker(function, parameter, parameter.default, name)

    def _annotated(self, function: FunctionSymbol) -> int:
        """How many parameters have their marker inside `Annotated`."""
        old = {parameter.name for parameter, _ in marked(self.project.types, function)}
        known = self.project.request_parameters.of_function(function)
        return sum(one.marker in _NAMES and one.name not in old for one in known)
