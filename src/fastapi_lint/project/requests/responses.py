"""What the values that endpoints return mean as responses: their status, and whether they are plain data."""

from __future__ import annotations

import re

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Instance, Types, Value, class_name

_CLASSES = frozenset(
    {
        "fastapi.Response",
        *(
            f"fastapi.responses.{kind}Response"
            for kind in ("File", "HTML", "JSON", "ORJSON", "PlainText", "Redirect", "Streaming", "UJSON")
        ),
        "sse_starlette.EventSourceResponse",
        "sse_starlette.sse.EventSourceResponse",
        *(
            f"{module}.templating.{name}"
            for module in ("fastapi", "starlette")
            for name in ("_TemplateResponse", "Jinja2Templates.TemplateResponse")
        ),
    }
)
"""Starlette's response classes and their known subclasses."""

_STATUS = re.compile(r"(?:HTTP_(\d{3})_\w+|[A-Z_]+)\Z")
_PHRASES = {"OK": 200, "CREATED": 201, "ACCEPTED": 202, "NO_CONTENT": 204, "SERVICE_UNAVAILABLE": 503}
_PLAIN = frozenset(
    f"builtins.{name}" for name in ("str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple")
)
_MODELS = frozenset({"pydantic.BaseModel", "sqlmodel.SQLModel"})


class Responses:
    """Answers about returned values."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def is_response(self, value: Value | None) -> bool:
        """Whether a value is an instance of a response class, one of the project included."""
        return isinstance(value, Instance) and self.resolver.inherits(value.cls, _CLASSES)

    def is_plain(self, expr: Expr | None, scope: Scope) -> bool:
        """Whether a returned expression is certainly data that FastAPI serialises, and no response."""
        if expr is None:
            return True
        if isinstance(expr, s.Constant | s.Mapping | s.Collection | s.Template | s.Comprehension):
            return True
        value = self.types.infer(expr, scope)
        if class_name(value) in _PLAIN:
            return True
        return isinstance(value, Instance) and self.resolver.inherits(value.cls, _MODELS)

    def status(self, expr: Expr, scope: Scope) -> int | None:
        """The status of a response that an expression makes; None if it makes none or that isn't known.

        Without `status_code` it is 200, of a redirect 307.
        """
        if not isinstance(expr, s.Call):
            return None
        cls = self.types.callee(expr, scope)
        if isinstance(cls, FunctionSymbol) or not isinstance(cls, External) or cls.name not in _CLASSES:
            return None
        if any(keyword.name is None for keyword in expr.keywords):
            return None
        given = argument(expr, 1, "status_code")
        if given is None:
            return 307 if cls.name.endswith("RedirectResponse") else 200
        return self.status_code(given, scope)

    def status_code(self, expr: Expr, scope: Scope) -> int | None:
        """The number that an expression for a status stands for: a literal, or a constant of a library."""
        if isinstance(expr, s.Constant):
            return expr.value if isinstance(expr.value, int) else None
        symbol = self.resolver.resolve(expr, scope) if isinstance(expr, s.Name | s.Attribute) else None
        if not isinstance(symbol, External):
            return None
        last = symbol.name.removesuffix(".value").rpartition(".")[2]
        match = _STATUS.match(last)
        if match is None:
            return None
        return int(match.group(1)) if match.group(1) else _PHRASES.get(last)
