"""SEC005: scripts can read a session's cookie, or it travels over plain HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Finding, Fix
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.edits.arguments import add_keyword
from fastapi_lint.project.edits.text import replace
from fastapi_lint.project.security.cookies import Cookies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.cookies import OpenCookie


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call that sets such a cookie, and for each `SessionMiddleware` that says so."""
    cookies = Cookies(project)
    for cookie in cookies.open_cookies():
        lacks = " and ".join(f"`{name}`" for name in cookie.lacks)
        yield Finding(
            span=project.span(cookie.scope.module, cookie.call.at),
            message=f"The cookie `{cookie.name}` is set without {lacks}",
            help=f"Set {lacks} to True, or `secure` from the settings where development has no HTTPS",
            fix=_closed(project, cookie),
        )
    for site, literal in cookies.plain_sessions():
        edit = _true(project, site.module, literal)
        yield Finding(
            span=project.span(site.module, site.call.at),
            message="The cookie of `SessionMiddleware` is sent over plain HTTP",
            help="Set `https_only` to True, or from the settings where development has no HTTPS",
            fix=Fix("unsafe", "Set `https_only=True`", (edit,)),
        )


def _closed(project: Project, cookie: OpenCookie) -> Fix | None:
    module = cookie.scope.module
    edits = [_true(project, module, literal) for literal in cookie.refused]
    wanted = [f"{name}=True" for name in cookie.lacks if _is_missing(cookie, name)]
    if wanted and argument(cookie.call, 8, "samesite") is None:
        wanted.append('samesite="lax"')
    if wanted:
        added = add_keyword(project, module, cookie.call, *wanted)
        if added is None:
            return None
        edits.append(added)
    return Fix("unsafe", f"Close the cookie `{cookie.name}`", tuple(edits))


def _is_missing(cookie: OpenCookie, name: str) -> bool:
    return argument(cookie.call, {"secure": 6, "httponly": 7}[name], name) is None


def _true(project: Project, module: Module, literal: Expr) -> Edit:
    return replace(project, module, s.start_of(literal.at), s.end_of(literal.at), "True")
