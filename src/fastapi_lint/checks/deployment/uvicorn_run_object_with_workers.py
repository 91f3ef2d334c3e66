"""DPL023 uvicorn-run-object-with-workers: workers or reloading need an import string."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Finding, Fix
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.deployment.apps import AppFinder
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such call of `uvicorn.run`."""
    finder: AppFinder | None = None
    for module in project.application_modules():
        if "uvicorn" not in module.facts.names:
            continue
        functions = project.resolver.index(module).functions
        sites = (*project.calls.of_module(module), *(c for f in functions for c in project.calls.of(f)))
        for site in sites:
            if isinstance(site.callee, External) and site.callee.name == "uvicorn.run":
                finder = finder or AppFinder(project)
                found = _finding(project, finder, site)
                if found is not None:
                    yield found


def _finding(project: Project, finder: AppFinder, site: CallSite) -> Finding | None:
    option = _option(site.call)
    given = argument(site.call, 0, "app")
    if option is None or given is None:
        return None
    span = project.span(site.module, given.at)
    target = finder.of_expression(given, site.scope, span, "app")
    if target.app is None or target.kind not in ("instance", "factory"):
        return None
    name = given.id if isinstance(given, s.Name) else "the app"
    what = f"`{name}`" if isinstance(given, s.Name) else "an app"
    return Finding(
        span=span,
        message=f"`uvicorn.run` gets {what} as an object with `{option}`, and refuses to start",
        help='Give an import string such as `"main:app"`, so that new processes can import the app',
        fix=_fix(site, given, span) if isinstance(given, s.Name) else None,
        symbol=site.caller.qualname if site.caller is not None else "",
    )


def _option(call: s.Call) -> str | None:
    """The option that needs an import string, as it is written."""
    reload, workers = keyword(call, "reload"), keyword(call, "workers")
    if isinstance(reload, s.Constant) and reload.value is True:
        return "reload=True"
    if isinstance(workers, s.Constant) and isinstance(workers.value, int) and workers.value > 1:
        return f"workers={workers.value}"
    return None


def _fix(site: CallSite, given: s.Name, span: object) -> Fix | None:
    if not site.scope.module.name or given.id not in _module_names(site):
        return None
    text = f'"{site.module.name}:{given.id}"'
    return Fix("unsafe", f"Give the import string {text}", (Edit(span, text),))  # type: ignore[arg-type]


def _module_names(site: CallSite) -> frozenset[str]:
    scope = site.scope
    while scope.parent is not None:
        scope = scope.parent
    return frozenset(scope.bindings)
