"""What a route declares to answer with: by `response_model`, else by the endpoint's return annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import External, Scope

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

Declared = Literal["nothing", "anything", "dict", "list", "model"]
"""`anything` is `Any` or `object`; `dict` and `list` hold anything; all else, known or not, is a `model`."""

_DICTS = frozenset({"dict", "Dict", "Mapping", "MutableMapping"})
_LISTS = frozenset({"list", "List", "Sequence", "tuple", "Tuple", "Iterable"})


def declared_response(project: Project, endpoint: Endpoint, route: Route) -> Declared:
    """What FastAPI filters the answers of a route by. `response_model` goes first."""
    given = route.options.get("response_model")
    if given is not None:
        return _declared(project, given.expr, given.scope)
    scope = project.resolver.scope(endpoint.function)
    returns = endpoint.function.node.returns
    return "nothing" if returns is None else _declared(project, returns, scope.parent or scope)


def _declared(project: Project, expr: Expr, scope: Scope) -> Declared:
    if isinstance(expr, s.Constant):
        return "nothing" if expr.value is None else "model"
    if isinstance(expr, s.Operation) and set(expr.operators) == {"|"}:
        return _only(project, expr.operands, scope)
    if isinstance(expr, s.Subscript):
        return _subscripted(project, expr, scope)
    name = _name(project, expr, scope)
    if name in ("Any", "object"):
        return "anything"
    if name in _DICTS:
        return "dict"
    return "list" if name in _LISTS else "model"


def _subscripted(project: Project, expr: s.Subscript, scope: Scope) -> Declared:
    name = _name(project, expr.value, scope)
    if name == "Annotated":
        return _declared(project, expr.items[0], scope)
    if name in ("Optional", "Union"):
        return _only(project, expr.items, scope)
    if name not in _DICTS | _LISTS or _declared(project, expr.items[-1], scope) != "anything":
        return "model"
    return "dict" if name in _DICTS else "list"


def _only(project: Project, options: tuple[Expr, ...], scope: Scope) -> Declared:
    """The only member of a union beside None."""
    rest = [o for o in options if not (isinstance(o, s.Constant) and o.value is None)]
    return _declared(project, rest[0], scope) if len(rest) == 1 else "model"


def _name(project: Project, expr: Expr, scope: Scope) -> str:
    """The last name of a type of `builtins`, `typing` or `collections.abc`; empty for all else."""
    if isinstance(expr, s.Name) and project.types.is_builtin(expr, scope):
        return expr.id
    symbol = project.resolver.resolve(expr, scope)
    if isinstance(symbol, External) and symbol.name.startswith(
        ("typing.", "typing_extensions.", "collections.")
    ):
        return symbol.name.rpartition(".")[2]
    return ""
