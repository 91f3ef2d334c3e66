"""Groups of modules that import each other: their shortest cycles, and what to cut."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from fastapi_lint.project.imports.edge import ImportEdge

Edges = Mapping[str, list[ImportEdge]]
"""The imports of each module, by its path."""

_CUTS = 50
"""How many imports one group may need to lose before the rest is left out."""


def components(graph: dict[str, list[str]]) -> list[list[str]]:
    """The groups of two or more nodes that all reach each other (Tarjan's algorithm, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in order:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        open_nodes.append(root)
        is_open.add(root)
        while work:
            node, successors = work[-1]
            following = next((n for n in successors if n not in order or n in is_open), None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = _pop_group(node, open_nodes, is_open)
                    if len(group) > 1:
                        found.append(group)
            elif following in order:
                low[node] = min(low[node], order[following])
            else:
                order[following] = low[following] = len(order)
                open_nodes.append(following)
                is_open.add(following)
                work.append((following, iter(graph[following])))
    return sorted(found, key=min)


def _pop_group(node: str, open_nodes: list[str], is_open: set[str]) -> list[str]:
    group: list[str] = []
    while True:
        top = open_nodes.pop()
        is_open.discard(top)
        group.append(top)
        if top == node:
            return group


def shortest_cycle(group: list[str], edges: Edges) -> tuple[ImportEdge, ...]:
    best: tuple[ImportEdge, ...] = ()
    members = set(group)
    for start in group:
        cycle = _cycle_through(start, members, edges, len(best))
        if cycle and (not best or len(cycle) < len(best)):
            best = cycle
        if len(best) == 2:
            break
    return best


def _cycle_through(start: str, members: set[str], edges: Edges, shorter_than: int) -> tuple[ImportEdge, ...]:
    """The shortest cycle from a module back to itself inside its group."""
    queue: deque[tuple[str, tuple[ImportEdge, ...]]] = deque([(start, ())])
    seen = {start}
    while queue:
        path, way = queue.popleft()
        if shorter_than and len(way) + 1 >= shorter_than:
            return ()
        for edge in edges[path]:
            target = edge.imported.path
            if target == start:
                return (*way, edge)
            if target in members and target not in seen:
                seen.add(target)
                queue.append((target, (*way, edge)))
    return ()


def cuts_of(group: list[str], edges: Edges) -> tuple[ImportEdge, ...]:
    """A small set of imports without which the modules of a group don't import each other any more.

    One import if one is enough, the first by path and place; else one of each remaining shortest cycle.
    """
    members = set(group)
    inside = {path: [edge for edge in edges[path] if edge.imported.path in members] for path in group}
    for edge in shortest_cycle(group, inside):
        if not shortest_cycle(group, _without(inside, edge)):
            return (edge,)
    cuts: list[ImportEdge] = []
    cycle = shortest_cycle(group, inside)
    while cycle and len(cuts) < _CUTS:
        busiest = max(cycle, key=lambda edge: _importers(inside, edge))
        cuts.append(busiest)
        inside = _without(inside, busiest)
        cycle = shortest_cycle(group, inside)
    return tuple(sorted(cuts, key=lambda edge: (edge.importer.path, edge.at)))


def _without(edges: dict[str, list[ImportEdge]], cut: ImportEdge) -> dict[str, list[ImportEdge]]:
    return {path: [edge for edge in found if edge is not cut] for path, found in edges.items()}


def _importers(edges: dict[str, list[ImportEdge]], edge: ImportEdge) -> int:
    """How many modules of the group import the one that an edge starts from."""
    path = edge.importer.path
    return sum(other.imported.path == path for found in edges.values() for other in found)
