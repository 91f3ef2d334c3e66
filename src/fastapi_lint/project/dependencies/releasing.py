"""What a yield dependency releases after its yield, and which of it an error of the request skips."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import Enclosures, PlacedCall, placed_calls
from fastapi_lint.project.body.flow import can_complete
from fastapi_lint.project.body.statements import calls_of, dotted_name, method_call, walk_expressions
from fastapi_lint.project.dependencies.graph import Dependencies
from fastapi_lint.project.dependencies.yielding import YieldPoint, yield_points
from fastapi_lint.project.errors.catching import BROAD, Catching
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Types, class_name

_RELEASES = frozenset("close aclose disconnect release unlock rollback shutdown cleanup remove reset".split())
"""Methods that give something back when they are called on it."""

_TAKES_BACK = frozenset("release putconn close disconnect cleanup".split())
"""Methods of a pool that take what it handed out."""

_DELETES = frozenset({"os.remove", "os.unlink", "os.rmdir", "shutil.rmtree"})
_ACQUIRES = frozenset("acquire connect lock open".split())
_COLLECTIONS = frozenset(f"builtins.{name}" for name in ("list", "set", "dict"))


class SkippedRelease(msgspec.Struct, frozen=True, eq=False):
    """A call after a yield that gives something back, and that an error at the yield skips.

    `name` is what it gives back, as written.
    """

    point: YieldPoint
    call: s.Call
    statement: s.Statement
    name: str


class Releasing:
    """Answers about cleanup after a yield."""

    def __init__(self, types: Types, dependencies: Dependencies, catching: Catching) -> None:
        self.types = types
        self.dependencies = dependencies
        self.catching = catching

    def skipped(self, function: FunctionSymbol) -> Iterator[SkippedRelease]:
        """The releases of a generator's body that don't run if the code at its yield raises."""
        scope = self.types.resolver.scope(function)
        points = yield_points(function)
        for placed in placed_calls(function.node.body):
            for point in points:
                name = self._released(placed, point, function, scope)
                if name is not None and not self._is_guaranteed(placed, point, name, scope):
                    yield SkippedRelease(point, placed.call, placed.statement, name)
                    break

    # --- what is released ------------------------------------------------------------------------

    def _released(
        self, placed: PlacedCall, point: YieldPoint, function: FunctionSymbol, scope: Scope
    ) -> str | None:
        """What a call gives back that was made before the yield, or is yielded."""
        if not point.comes_before(placed.call.at):
            return None
        for expr in self._candidates(placed.call, scope):
            name = dotted_name(expr)
            if name is not None and self._is_held(expr, point, function, scope):
                return name
        return None

    def _candidates(self, call: s.Call, scope: Scope) -> Iterator[Expr]:
        method = method_call(call)
        if method is None:
            return
        receiver, name = method
        callee = self.types.resolver.resolve(call.func, scope)
        if isinstance(callee, External) and callee.name in _DELETES:
            yield from call.args[:1]
            return
        if name in _RELEASES and class_name(self.types.infer(receiver, scope)) not in _COLLECTIONS:
            yield receiver
        if name in _TAKES_BACK:
            yield from (arg for arg in call.args if isinstance(arg, s.Name))

    def _is_held(self, expr: Expr, point: YieldPoint, function: FunctionSymbol, scope: Scope) -> bool:
        root = _root(expr)
        if root is None:
            return False
        bindings = scope.bindings.get(root.id, ())
        parameter = next((binding.parameter for binding in bindings if binding.parameter), None)
        if parameter is not None:
            return isinstance(expr, s.Name) and self._is_yielded_gift(expr, parameter, point, scope)
        if bindings:
            return any(
                isinstance(binding.value, s.Call | s.Await)
                and s.end_of(binding.at) <= s.start_of(point.statement.at)
                for binding in bindings
            )
        return _is_acquired(expr, point, function)

    def _is_yielded_gift(self, expr: s.Name, parameter: s.Parameter, point: YieldPoint, scope: Scope) -> bool:
        """Whether a parameter is yielded on that a dependency without cleanup of its own has made."""
        if not _is_yielded(expr, point):
            return False
        given = self.dependencies.of_parameter(parameter, scope.parent or scope)
        maker = self.dependencies.function_of(given) if given is not None else None
        return maker is not None and not maker.node.is_generator

    # --- what is guaranteed ----------------------------------------------------------------------

    def _is_guaranteed(self, placed: PlacedCall, point: YieldPoint, name: str, scope: Scope) -> bool:
        if self._stands_in_clause(placed.enclosures, point):
            return True
        if self._is_entered(name, point, scope):
            return True
        return any(self._cleans_up(one.statement, name, placed, scope) for one in point.tries)

    def _stands_in_clause(self, around: Enclosures, point: YieldPoint) -> bool:
        """Whether a place stands in a `finally` or `except` of a `try` around the yield."""
        tries = {id(one.statement) for one in point.tries}
        return any(id(one.statement) in tries and one.part in ("finally", "handler") for one in around)

    def _cleans_up(self, statement: s.Statement, name: str, placed: PlacedCall, scope: Scope) -> bool:
        """Whether a `try` around the yield lets no error skip what comes after, or releases it elsewhere."""
        assert isinstance(statement, s.Try)
        blocks = [statement.finalbody]
        for handler in statement.handlers:
            if not self.catching.handles(handler, scope, BROAD):
                continue
            blocks.append(handler.body)
            in_body = any(one.statement is statement and one.part != "body" for one in placed.enclosures)
            is_after = s.start_of(placed.call.at) >= s.end_of(statement.at)
            if is_after and not in_body and can_complete(handler.body):
                return True
        return any(_mentions_release(block, name) for block in blocks)

    def _is_entered(self, name: str, point: YieldPoint, scope: Scope) -> bool:
        """Whether a `with` around the yield holds the value, or what it was made of."""
        entered: set[str] = set()
        for item in point.contexts:
            for part in (item.target, item.context):
                if part is not None:
                    entered.update(e.id for e in walk_expressions((part,)) if isinstance(e, s.Name))
        root = name.partition(".")[0]
        if root in entered:
            return True
        sources = (binding.value for binding in scope.bindings.get(root, ()))
        made_of = walk_expressions([source for source in sources if source is not None])
        targets = {t for item in point.contexts if (t := dotted_name(item.target)) is not None}
        return any(isinstance(expr, s.Name) and expr.id in targets for expr in made_of)


def _mentions_release(body: tuple[s.Statement, ...], name: str) -> bool:
    """Whether a block calls a releasing method on a name, or hands the name to any call."""
    for call in calls_of(body):
        method = method_call(call)
        if method is not None and method[1] in _RELEASES and dotted_name(method[0]) == name:
            if method[1] not in ("rollback", "reset"):
                return True
        elif any(dotted_name(arg) == name for arg in call.args):
            return True
    return False


def _is_acquired(expr: Expr, point: YieldPoint, function: FunctionSymbol) -> bool:
    """Whether something from outside the function was acquired before the yield: `await lock.acquire()`."""
    name = dotted_name(expr)
    return any(
        (method := method_call(call)) is not None
        and method[1] in _ACQUIRES
        and dotted_name(method[0]) == name
        and s.end_of(call.at) <= s.start_of(point.statement.at)
        for call in calls_of(function.node.body)
    )


def _is_yielded(expr: s.Name, point: YieldPoint) -> bool:
    value = point.expr.value
    return isinstance(value, s.Name) and value.id == expr.id


def _root(expr: Expr) -> s.Name | None:
    while isinstance(expr, s.Attribute):
        expr = expr.value
    return expr if isinstance(expr, s.Name) else None
