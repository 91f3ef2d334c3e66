"""ERR007: the text of an unexpected exception is sent to the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.served import ServedFunction
    from fastapi_lint.project.errors.exception_text import SentText
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project

INTO = {"error": "the detail of an HTTP error", "response": "a response", "data": "what it returns"}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `raise` and `return` that holds the text."""
    for served in project.served.functions:
        for sent in project.exception_texts.sent_by(served.function):
            if sent.way == "error" or _is_endpoint(served):
                yield _finding(project, sent)
    for function in project.endpoints.middleware:
        if not project.roles.is_outside(function.module):
            sents = project.exception_texts.sent_by(function)
            yield from (_finding(project, sent) for sent in sents if sent.way == "response")
    yield from _of_handlers(project)


def _is_endpoint(served: ServedFunction) -> bool:
    """Whether what a function returns goes to the client."""
    return served.is_called_by_fastapi and served.start.kind == "endpoint"


def _of_handlers(project: Project) -> Iterator[Finding]:
    """Those of the registered handlers of exceptions that can be anything."""
    for handler in project.endpoints.hooks.exception_handlers:
        if project.roles.is_outside(handler.function.module) or handler.handles is None:
            continue
        if _is_for_anything(project, handler.handles, handler.scope):
            sents = project.exception_texts.sent_by_handler(handler.function)
            yield from (_finding(project, sent) for sent in sents if sent.way == "response")


def _is_for_anything(project: Project, handles: s.Expr, scope: Scope) -> bool:
    if isinstance(handles, s.Constant):
        return handles.value == 500
    return project.exception_texts.is_revealing(handles, scope)


def _finding(project: Project, sent: SentText) -> Finding:
    what = f"the text of {sent.caught or 'any exception'}"
    return Finding(
        span=project.span(sent.function.module, sent.text.at),
        message=f"`{name_of(sent.function)}` puts {what} into {INTO[sent.way]}, for clients to read",
        help="Log the exception, and send a text that you have written",
        symbol=sent.function.qualname,
    )
