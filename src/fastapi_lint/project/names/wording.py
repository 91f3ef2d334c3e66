"""How findings name things: symbols, chains of hops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Hop
from fastapi_lint.project.names.symbols import (
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Namespace,
    Symbol,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.calls.served import ServedFunction
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.imports.first_party import Imported
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route


def name_of(symbol: Symbol | None) -> str:
    """The name that a person knows a symbol by."""
    if isinstance(symbol, FunctionSymbol | ClassSymbol):
        return symbol.qualname.replace(".<locals>", "")
    if isinstance(symbol, Module | Namespace | External | Variable):
        return symbol.name
    return "?"


def route_words(route: Route) -> str:
    """A route as a reader knows it: `GET /users/{id}`, in backticks."""
    methods = " ".join(route.methods) if route.kind == "http" else route.kind.upper()
    return f"`{methods} {route.path}`"


def definition_hop(project: Project, symbol: Symbol, kind: str, message: str) -> Hop | None:
    """A hop to where a symbol is defined; None for what the project doesn't define."""
    if isinstance(symbol, FunctionSymbol | ClassSymbol):
        return Hop(project.span(symbol.module, symbol.node.name_at), kind, name_of(symbol), message)
    if isinstance(symbol, Variable):
        return Hop(project.span(symbol.module, symbol.binding.at), kind, symbol.name, message)
    return None


def import_hops(project: Project, imported: Imported) -> tuple[Hop, ...]:
    """The way of an imported name: the import, each re-export, the definition."""
    name = name_of(imported.symbol)
    place = project.span(imported.module, imported.at)
    hops = [Hop(place, "imports", imported.local, f"`{imported.module.name}` imports `{imported.local}`")]
    hops += [
        Hop(project.span(hop.module, hop.at), "re-exported by", name, f"`{hop.module.name}` hands it on")
        for hop in imported.via
    ]
    end = definition_hop(project, imported.symbol, "defined in", f"`{name}` is defined here")
    return (*hops, end) if end is not None else tuple(hops)


def dependency_hops(project: Project, steps: Iterable[Dependency]) -> tuple[Hop, ...]:
    """The way through dependencies: parameter, alias, provider."""
    hops: list[Hop] = []
    for step in steps:
        function = project.dependencies.function_of(step)
        hops.append(
            Hop(project.span(step.module, step.at), "depends on", name_of_dependency(step), "declared here")
        )
        hops += [
            Hop(
                project.span(alias.module, alias.binding.at),
                "alias",
                alias.name,
                f"`{alias.name}` stands for it",
            )
            for alias in step.aliases
        ]
        if function is not None:
            place = project.span(function.module, function.node.name_at)
            hops.append(Hop(place, "provided by", name_of(function), f"`{name_of(function)}` provides it"))
    return tuple(hops)


def name_of_dependency(dependency: Dependency) -> str:
    """The parameter's name, or the provider's."""
    if dependency.parameter is not None:
        return dependency.parameter.name
    target = dependency.target
    return name_of(target) if isinstance(target, FunctionSymbol | ClassSymbol | External) else "Depends"


def call_hops(project: Project, sites: Iterable[CallSite]) -> tuple[Hop, ...]:
    """The way through calls, each with the place of the call and the name of what it calls."""
    return tuple(
        Hop(
            project.span(site.module, site.call.at),
            "calls",
            callee_name(site),
            f"calls `{callee_name(site)}`",
        )
        for site in sites
    )


def callee_name(site: CallSite) -> str:
    """The name of what a call runs, as in the user's code where it isn't known."""
    from fastapi_lint.project.body.statements import dotted_name

    if isinstance(site.callee, External):
        return dotted_name(site.call.func) or site.callee.name
    if site.callee is not None:
        return name_of(site.callee)
    return dotted_name(site.call.func) or "a call"


def where_served(served: ServedFunction) -> str:
    """What FastAPI calls, in words, and the function that it reaches if that is another one."""
    start = f"the {served.start.kind} `{name_of(served.start.function)}`"
    return start if served.is_called_by_fastapi else f"`{name_of(served.function)}`, which {start} reaches"
