"""Builds the route tables of a project."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.routing.entries import Entries, find_entries
from fastapi_lint.project.routing.factories import run_factories
from fastapi_lint.project.routing.interpreter import Interpreter
from fastapi_lint.project.routing.records import Records
from fastapi_lint.project.routing.startup import run_startup
from fastapi_lint.project.routing.table import RouteTables

if TYPE_CHECKING:
    from fastapi_lint.project.names.resolve import Resolver
    from fastapi_lint.project.names.symbols import Module

_RECURSION = 12_000


class RoutingOptions(msgspec.Struct, frozen=True):
    """How to build. `lazy_include` is what FastAPI does from 0.137 on: an included router is read late."""

    lazy_include: bool = True


def build(resolver: Resolver, options: RoutingOptions | None = None) -> RouteTables:
    """The apps and routers of the modules that `resolver` knows, with their routes in order.

    Runs nothing of the project. Never raises for what its code says: what can't be followed makes the app
    it concerns incomplete, with a reason.
    """
    chosen = options or RoutingOptions()
    run = Interpreter(resolver, chosen.lazy_include)
    with _deep_enough():
        entries = find_entries(run)
        run.roots = entries.roots
        _run_all(run, entries)
        return Records(run).tables()


def _run_all(run: Interpreter, entries: Entries) -> None:
    for module in (*entries.starts, *entries.makers):
        _run_one(run, module)
    try:
        run_factories(run, entries.makers, entries.starts)
        for app in [router for router in run.routers if router.is_app]:
            if not app.mounted_by:
                run_startup(run, app)
    except RecursionError:
        run.overrun = True
    for module in entries.rest:
        _run_one(run, module)


def _run_one(run: Interpreter, module: Module) -> None:
    run.conditions, run.calls, run.makers, run.importing, run.decorating = (), [], [], [], []
    try:
        run.run_module(module)
    except RecursionError:
        run.overrun = True


@contextmanager
def _deep_enough() -> Iterator[None]:
    """Room for nested imports and calls, which are bounded by counts of our own."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
