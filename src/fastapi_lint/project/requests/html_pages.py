"""Endpoints that answer with a page of HTML, whose script may read the page's address itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.names.symbols import External, Scope
from fastapi_lint.project.types.infer import class_name, return_values

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.types.infer import Types

_HTML = "fastapi.responses.HTMLResponse"
_FILE = "fastapi.responses.FileResponse"


class HtmlPages:
    """Answers whether endpoints give pages."""

    def __init__(self, types: Types) -> None:
        self.types = types

    def is_given_by(self, endpoint: Endpoint) -> bool:
        """Whether all routes of an endpoint say that they answer in HTML, or all its results are pages."""
        classes = [route.options.get("response_class") for route in endpoint.routes]
        if classes and all(site is not None and self._is_html(site.expr, site.scope) for site in classes):
            return True
        scope = self.types.resolver.scope(endpoint.function)
        returned = return_values(endpoint.function)
        return bool(returned) and all(self._is_page(value, scope) for value in returned)

    def _is_html(self, expr: s.Expr | None, scope: Scope) -> bool:
        symbol = self.types.resolver.resolve(expr, scope) if expr is not None else None
        return isinstance(symbol, External) and symbol.name == _HTML

    def _is_page(self, expr: s.Expr, scope: Scope) -> bool:
        """Whether a result is HTML: written out, of a template, or of a file with a literal name."""
        name = class_name(self.types.infer(expr, scope)) or ""
        if name == _FILE and isinstance(expr, s.Call):
            path = argument(expr, 0, "path")
            return isinstance(path, s.Constant) and str(path.value).endswith(".html")
        return name == _HTML or name.endswith("TemplateResponse")
