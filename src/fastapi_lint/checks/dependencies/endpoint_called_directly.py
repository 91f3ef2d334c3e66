"""DEP009: code calls an endpoint as a plain function, and its markers are never resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.dependencies.markers import left_out
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Parameter
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call of an endpoint that leaves out parameters with a marker as their default."""
    names = sorted({endpoint.function.name for endpoint in project.endpoints.all})
    for module in project.application_modules():
        for site in project.calls.named(module, *names):
            callee = site.callee
            if isinstance(callee, FunctionSymbol) and _is_plain_endpoint(project, callee):
                missing = left_out(project.types, site.call, site.scope, callee)
                if missing:
                    yield _finding(project, site, callee, missing)


def _is_plain_endpoint(project: Project, function: FunctionSymbol) -> bool:
    """Whether a function is an endpoint that nothing is wrapped around, which might fill its parameters."""
    if project.endpoints.of(function) is None:
        return False
    return all(found.effect == "keeps" for found in project.decorators.of(function))


def _finding(
    project: Project, site: CallSite, endpoint: FunctionSymbol, missing: tuple[tuple[Parameter, str], ...]
) -> Finding:
    name = name_of(endpoint)
    parameters = " and ".join(f"`{parameter.name}`" for parameter, _ in missing)
    marker = missing[0][1]
    gets = f"gets the `{marker}` object" if len(missing) == 1 else "get marker objects"
    return Finding(
        span=project.span(site.module, site.call.at),
        message=f"The endpoint `{name}` is called as a function, so {parameters} {gets} instead of a value",
        help=_help(project, site, endpoint, parameters),
        related=tuple(
            Related(project.span(endpoint.module, parameter.at), f"`{parameter.name}` is declared here")
            for parameter, _ in missing
        ),
        symbol=site.caller.qualname if site.caller else "",
    )


def _help(project: Project, site: CallSite, endpoint: FunctionSymbol, parameters: str) -> str:
    """An endpoint that has the name of what its module imports is called in place of that."""
    bindings = project.resolver.scope(endpoint.module).bindings.get(endpoint.name, ())
    if site.module is endpoint.module and any(binding.statement is not None for binding in bindings):
        return f"Rename the endpoint: it hides the `{endpoint.name}` that this module imports"
    return f"Move what both need into a function of its own, or give {parameters} in the call"
