"""RTE013: an endpoint takes a form or file and a JSON body, which no request can bring together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import dependency_hops, name_of
from fastapi_lint.project.requests.mixed_bodies import MixedBodies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.inputs import Input
    from fastapi_lint.project.requests.mixed_bodies import MixedBody


def check(project: Project) -> Iterator[Finding]:
    """One finding for each JSON body."""
    bodies = MixedBodies(project)
    seen: set[tuple[str, int]] = set()
    for endpoint in project.endpoints.all:
        for mixed in bodies.of(endpoint):
            module, at = mixed.json.module, mixed.json.parameter.at
            if (module.path, at) not in seen and not project.roles.is_outside(module):
                seen.add((module.path, at))
                yield _finding(project, mixed)


def _finding(project: Project, mixed: MixedBody) -> Finding:
    json, form = mixed.json, mixed.form
    name, what = json.parameter.name, _words(form)
    result = "each request is refused"
    if json.parameter.type.optional and json.parameter.default is not None:
        result = "no request can bring both"
    function = name_of(mixed.endpoint.function)
    return Finding(
        span=project.span(json.module, json.parameter.at),
        message=f"`{function}` takes the JSON body `{name}` beside {what}, so {result}",
        help=f"Take `{name}` as form fields too, as a form field with `Json[...]`, or in another request",
        related=(Related(project.span(form.module, form.parameter.at), f"Here is {what}"),),
        chain=dependency_hops(project, json.steps),
        symbol=json.holder.qualname,
    )


def _words(form: Input) -> str:
    is_file = form.parameter.marker == "File" or form.parameter.type.shape == "upload"
    return f"the {'file' if is_file else 'form field'} `{form.parameter.name}`"
