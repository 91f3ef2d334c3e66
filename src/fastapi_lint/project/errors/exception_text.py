"""The text of a caught exception, and where a clause or handler puts it into what the client gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import Enclosures, placed_statements
from fastapi_lint.project.body.statements import argument, children, dotted_name, walk_statements
from fastapi_lint.project.errors.catching import BROAD, Catching
from fastapi_lint.project.errors.made_errors import MadeErrors
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.types.infer import Instance, Types

Way = Literal["error", "response", "data"]

_OPERATING_SYSTEM = frozenset({"builtins.OSError", "builtins.IOError", "builtins.EnvironmentError"})
_DRIVERS = frozenset(
    "aiosqlite.Error asyncpg.PostgresError asyncpg.exceptions.PostgresError MySQLdb.Error psycopg.Error "
    "psycopg2.Error psycopg2.DatabaseError psycopg2.OperationalError psycopg2.IntegrityError pymysql.Error "
    "pymysql.MySQLError pymysql.err.MySQLError pymongo.errors.PyMongoError redis.RedisError "
    "redis.exceptions.RedisError sqlite3.Error".split()
)
_SQLALCHEMY = frozenset(
    f"sqlalchemy.exc.{name}"
    for name in (
        "SQLAlchemyError DBAPIError StatementError DatabaseError DataError IntegrityError InterfaceError "
        "InternalError OperationalError ProgrammingError"
    ).split()
)
REVEALING = BROAD | _OPERATING_SYSTEM | _DRIVERS | _SQLALCHEMY
"""Classes whose text can hold SQL, host names or file paths, or that may be anything."""

_TEXT_CALLS = frozenset({"str", "repr", "format", "ascii"})
_TRACEBACKS = frozenset(
    {"traceback.format_exc", "traceback.format_exception", "traceback.format_exception_only"}
)
_TEXT_ATTRIBUTES = frozenset(
    {"args", "orig", "statement", "params", "strerror", "filename", "message", "msg"}
)
_DEBUG = ("debug", "develop", "local", "testing", "verbose", "is_dev", "env")


class SentText(msgspec.Struct, frozen=True, eq=False):
    """A place where the text of an exception goes to the client.

    `text` is the expression that holds it, `statement` the `raise` or `return`; `caught` is the class in
    backticks where the clause names a narrower one than `Exception`, else empty.
    """

    function: FunctionSymbol
    statement: s.Raise | s.Return
    text: Expr
    way: Way
    caught: str = ""


class ExceptionTexts:
    """Answers where exceptions' texts are sent."""

    def __init__(self, types: Types, catching: Catching, made: MadeErrors) -> None:
        self.types = types
        self.catching = catching
        self.made = made
        self.responses = Responses(types)

    def sent_by(self, function: FunctionSymbol) -> Iterator[SentText]:
        """The texts that broad clauses of a function put into HTTP errors, responses and returned data."""
        scope = self.types.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            for handler in statement.handlers if isinstance(statement, s.Try) else ():
                if self.is_revealing(handler.type, scope):
                    yield from self._sent(handler.body, handler.name, function, self._caught(handler, scope))

    def sent_by_handler(self, function: FunctionSymbol) -> Iterator[SentText]:
        """The texts that an exception handler puts into responses; its last parameter is the exception."""
        names = [p.name for p in function.node.parameters if p.kind in ("positional", "normal")]
        if len(names) >= 2:
            yield from self._sent(function.node.body, names[-1], function, "")

    def is_revealing(self, caught: Expr | None, scope: Scope) -> bool:
        """Whether a clause is bare, or one of the classes that it names can hold anything."""
        if caught is None:
            return True
        return any(name in REVEALING for name in self.catching.exception_names(caught, scope))

    def _caught(self, handler: s.Handler, scope: Scope) -> str:
        names = list(self.catching.exception_names(handler.type, scope)) if handler.type is not None else []
        if not names or any(name in BROAD for name in names):
            return ""
        return next(
            f"`{name.rpartition('.')[2]}`" for name in names if name in REVEALING and name is not None
        )

    def _sent(
        self,
        body: tuple[s.Statement, ...],
        name: str | None,
        function: FunctionSymbol,
        caught: str,
    ) -> Iterator[SentText]:
        scope = self.types.resolver.scope(function)
        holders = _Holders(name, scope, self.types)
        for statement, around in placed_statements(body):
            holders.note(statement)
            if _is_guarded(around, statement, name) or _in_inner_clause(around):
                continue
            for text, way in self._outputs(statement, scope):
                found = holders.text_in(text)
                if found is not None and isinstance(statement, s.Raise | s.Return):
                    yield SentText(function, statement, found, way, caught)
                    break

    def _outputs(self, statement: s.Statement, scope: Scope) -> Iterator[tuple[Expr, Way]]:
        """The expressions of a `raise` or `return` that reach the client."""
        if isinstance(statement, s.Raise) and isinstance(statement.error, s.Call):
            details = self.made.details(statement.error, scope)
            if details and self._is_http_error(statement.error, scope):
                yield from ((detail, "error") for detail in details)
        elif isinstance(statement, s.Return) and isinstance(statement.value, s.Mapping | s.Template):
            yield statement.value, "data"
        elif isinstance(statement, s.Return) and isinstance(statement.value, s.Call):
            content = argument(statement.value, 0, "content")
            made = self.types.infer(statement.value, scope) if content is not None else None
            if content is not None and self.responses.is_response(made):
                yield content, "response"

    def _is_http_error(self, call: s.Call, scope: Scope) -> bool:
        value = self.types.infer(call, scope)
        cls = value.cls if isinstance(value, Instance) else None
        return isinstance(cls, ClassSymbol | External) and self.made.is_http_exception(cls)


class _Holders:
    """Which names of a clause hold the exception's text, while its statements are read in order."""

    def __init__(self, name: str | None, scope: Scope, types: Types) -> None:
        self.name = name
        self.scope = scope
        self.types = types
        self.texts: set[str] = set()

    def note(self, statement: s.Statement) -> None:
        """Remember a name that an assignment gives the text to, or takes it from."""
        if not isinstance(statement, s.Assign | s.AugmentedAssign) or statement.value is None:
            return
        targets = statement.targets if isinstance(statement, s.Assign) else (statement.target,)
        holds = self.text_in(statement.value) is not None
        for target in targets:
            if isinstance(target, s.Name):
                if holds:
                    self.texts.add(target.id)
                elif isinstance(statement, s.Assign):
                    self.texts.discard(target.id)

    def text_in(self, expr: Expr) -> Expr | None:
        """The part of an expression that gives the exception's text; None if there is none.

        Branches that only debugging takes, tests, and calls that make something else of the text don't count.
        """
        if isinstance(expr, s.Name):
            return expr if expr.id in self.texts else None
        if isinstance(expr, s.Conditional):
            if _is_debug(expr.test) or _asks_for_class(expr.test, self.name):
                return None
            return self.text_in(expr.body) or self.text_in(expr.orelse)
        if isinstance(expr, s.Call):
            return self._in_call(expr)
        if isinstance(expr, s.Template):
            return self._in_template(expr)
        if isinstance(expr, s.Attribute):
            is_text = expr.attr in _TEXT_ATTRIBUTES and self._is_exception(expr.value)
            return expr if is_text else None
        if isinstance(expr, s.Mapping):
            return self._first(expr.values)
        if isinstance(
            expr, s.Collection | s.Operation | s.Boolean | s.Subscript | s.Starred | s.Opaque | s.Await
        ):
            parts = (expr.value,) if isinstance(expr, s.Subscript) else children(expr)
            if isinstance(expr, s.Operation) and "%" in expr.operators:
                return self._formatted(parts)
            return self._first(parts)
        return None

    def _in_call(self, call: s.Call) -> Expr | None:
        name = dotted_name(call.func) or ""
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        if name in _TEXT_CALLS and call.args:
            return call if self._is_exception(call.args[0]) else self.text_in(call.args[0])
        if self._is_traceback(call):
            return call
        if isinstance(call.func, s.Attribute):
            if call.func.attr == "format":
                return self._formatted(given)
            if call.func.attr in (
                "strip",
                "lower",
                "upper",
                "title",
                "capitalize",
                "join",
                "splitlines",
                "split",
            ):
                return self.text_in(call.func.value) or self._first(given)
        if name == "dict":
            return self._first(given)
        return self._default_of_getattr(call, name)

    def _default_of_getattr(self, call: s.Call, name: str) -> Expr | None:
        """`getattr(exc, "message", str(exc))`."""
        return self.text_in(call.args[2]) if name == "getattr" and len(call.args) == 3 else None

    def _is_traceback(self, call: s.Call) -> bool:
        callee = self.types.callee(call, self.scope)
        return isinstance(callee, External) and callee.name in _TRACEBACKS

    def _in_template(self, template: s.Template) -> Expr | None:
        for part in template.parts:
            inner = part.children[0] if isinstance(part, s.Opaque) and part.children else part
            if self._is_exception(inner):
                return template
            if self.text_in(inner) is not None:
                return template
        return None

    def _formatted(self, parts: tuple[Expr, ...]) -> Expr | None:
        """`"%s" % exc` and `"{}".format(exc)`: the exception itself becomes its text."""
        for part in parts:
            items = part.items if isinstance(part, s.Collection) else (part,)
            for item in items:
                if self._is_exception(item) or self.text_in(item) is not None:
                    return item
        return None

    def _first(self, parts: tuple[Expr, ...]) -> Expr | None:
        return next((found for part in parts if (found := self.text_in(part)) is not None), None)

    def _is_exception(self, expr: Expr) -> bool:
        if isinstance(expr, s.Attribute) and expr.attr in ("orig", "args", "__cause__"):
            return self._is_exception(expr.value)
        return isinstance(expr, s.Name) and expr.id == self.name


def _is_guarded(around: Enclosures, statement: s.Statement, name: str | None) -> bool:
    """Whether a condition around a statement says that this is debugging, or which exception it is."""
    return any(
        isinstance(one.statement, s.If)
        and any(_is_debug(b.test) or _asks_for_class(b.test, name) for b in one.statement.branches)
        for one in around
    )


def _in_inner_clause(around: Enclosures) -> bool:
    """Whether a statement stands in a clause of a further `try`: that clause is judged by itself."""
    return any(one.part == "handler" for one in around)


def _is_debug(test: Expr) -> bool:
    """Whether a condition asks for a mode in which developers read the answer."""
    stack = [test]
    while stack:
        expr = stack.pop()
        word = expr.attr if isinstance(expr, s.Attribute) else expr.id if isinstance(expr, s.Name) else ""
        if any(part in word.lower() for part in _DEBUG):
            return True
        stack.extend(children(expr))
    return False


def _asks_for_class(test: Expr, name: str | None) -> bool:
    """Whether a condition looks at the exception itself: `isinstance(exc, ...)`, `hasattr(exc, ...)`."""
    stack = [test]
    while stack:
        expr = stack.pop()
        if isinstance(expr, s.Call) and dotted_name(expr.func) in ("isinstance", "hasattr", "type"):
            first = expr.args[0] if expr.args else None
            if isinstance(first, s.Name) and first.id == name:
                return True
        stack.extend(children(expr))
    return False
