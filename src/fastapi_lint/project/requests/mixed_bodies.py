"""Routes that want a form and a JSON body in one request.

As soon as one parameter is a form field or a file, FastAPI reads the whole body as a form
(`fastapi/dependencies/utils.py`, `get_body_field`). Run on 0.93 to 0.165: a model, a list of models or a dict
beside it is refused with 422, as JSON text too; `Json[...]` and lists of plain values are taken from the
form, and from 0.111 at the latest single values are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, Variable
from fastapi_lint.project.pydantic.models import PydanticModels
from fastapi_lint.project.requests.inputs import Input, Inputs

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project

_BASES = frozenset(
    {"pydantic.BaseModel", "sqlmodel.SQLModel", "typing.Generic", "abc.ABC", "builtins.object"}
)
_PARSING = frozenset({"__get_validators__", "__get_pydantic_core_schema__", "validate"})
_VALIDATORS = frozenset({"pydantic.model_validator", "pydantic.root_validator"})
_HARMLESS = ("fastapi.", "pydantic.Field", "typing.Doc", "typing_extensions.Doc", "annotated_doc.Doc")


class MixedBody(msgspec.Struct, frozen=True, eq=False):
    """A JSON body beside a form field or file, in the requests of one endpoint."""

    endpoint: Endpoint
    json: Input
    form: Input


class MixedBodies:
    """Answers where the two meet."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.inputs = Inputs(project)
        self.models = PydanticModels(project)

    def of(self, endpoint: Endpoint) -> Iterator[MixedBody]:
        """Each JSON body of an endpoint with the first form field that it meets."""
        for route in endpoint.routes:
            if route.kind == "http" and not route.raw:
                inputs = list(self.inputs.of(endpoint, route))
                form = next((one for one in inputs if _is_form(one)), None)
                if form is not None:
                    yield from (MixedBody(endpoint, one, form) for one in inputs if self._is_json(one))

    def _is_json(self, one: Input) -> bool:
        """Whether a parameter is a body that no form field can hold."""
        parameter = one.parameter
        if parameter.marker not in ("", "Body") or self._has_metadata(one):
            return False
        kind = parameter.type
        if kind.shape == "mapping":
            return True
        if kind.shape != "model" and not (kind.shape == "list" and kind.item == "model"):
            return False
        models = list(self.models.models_in(parameter.annotation, parameter.scope))
        return bool(models) and not any(self._may_read_text(model) for model in models)

    def _may_read_text(self, model: ClassSymbol) -> bool:
        """Whether a model may be made of a JSON text: by an early validator, or in an unknown way."""
        for base in self.resolver.ancestry(model):
            if isinstance(base, External):
                if base.name not in _BASES:
                    return True
            elif len(self.resolver.bases(base)) < len(base.node.bases) or any(
                self._reads_text(statement, base) for statement in base.node.body
            ):
                return True
        return False

    def _reads_text(self, statement: s.Statement, cls: ClassSymbol) -> bool:
        if not isinstance(statement, s.Function):
            return False
        scope = self.resolver.scope(cls)
        return statement.name in _PARSING or any(
            self._comes_first(decorator, scope) for decorator in statement.decorators
        )

    def _comes_first(self, decorator: s.Expr, scope: Scope) -> bool:
        """Whether a decorator makes a model's validator that gets the raw value."""
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        symbol = self.resolver.resolve(func, scope)
        if not isinstance(symbol, External) or symbol.name not in _VALIDATORS:
            return False
        mode = keyword(decorator, "mode") if isinstance(decorator, s.Call) else None
        if symbol.name.endswith("root_validator"):
            return isinstance(decorator, s.Call) and keyword(decorator, "pre") is not None
        return not (isinstance(mode, s.Constant) and mode.value == "after")

    def _has_metadata(self, one: Input) -> bool:
        """Whether a parameter's type carries a validator in `Annotated[...]`, aliases followed."""
        parameters = one.holder.node.parameters if not isinstance(one.holder, ClassSymbol) else ()
        given = next((p for p in parameters if p.name == one.parameter.name), None)
        scope = self.resolver.scope(one.holder)
        return given is not None and self._carries(given.annotation, scope.parent or scope, 0)

    def _carries(self, expr: s.Expr | None, scope: Scope, depth: int) -> bool:
        if isinstance(expr, s.Name | s.Attribute) and depth < 8:
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None:
                return self._carries(symbol.binding.value, symbol.scope, depth + 1)
        if not isinstance(expr, s.Subscript):
            return False
        if not self.inputs.parameters.kinds.is_annotated(expr, scope):
            return any(self._carries(item, scope, depth + 1) for item in expr.items)
        return any(not self._is_harmless(item, scope) for item in expr.items[1:]) or self._carries(
            expr.items[0], scope, depth + 1
        )

    def _is_harmless(self, item: s.Expr, scope: Scope) -> bool:
        if isinstance(item, s.Constant):
            return True
        symbol = self.resolver.resolve(item.func, scope) if isinstance(item, s.Call) else None
        return isinstance(symbol, External) and symbol.name.startswith(_HARMLESS)


def _is_form(one: Input) -> bool:
    parameter = one.parameter
    return parameter.marker in ("Form", "File") or (
        parameter.marker == "" and parameter.type.shape == "upload"
    )
