"""Images that start an app by a convention of their own.

Source: the start scripts of tiangolo/uvicorn-gunicorn-docker (`start.sh`, `gunicorn_conf.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.deployment.files import ImageFiles
from fastapi_lint.project.deployment.model import Argument, Step
from fastapi_lint.project.deployment.process import Process

if TYPE_CHECKING:
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.contexts import Context
    from fastapi_lint.project.deployment.images import Image


def own_command(image: Image, context: Context, artifacts: Artifacts) -> Process | None:
    """What a base image starts by itself if the Dockerfile gives neither CMD nor ENTRYPOINT."""
    if image.base is None or not image.base.starts_app:
        return None
    span = image.lineage[0].base.place.span(image.path)
    values = {name: value.value for name, value in image.variables.items()}
    module = _module(image, context, artifacts, values)
    port = values.get("PORT", "80")
    bind = values.get("BIND") or (f"{values.get('HOST') or '0.0.0.0'}:{port}" if port is not None else None)
    workers = values.get("WEB_CONCURRENCY") or values.get("MAX_WORKERS")
    texts: list[str | None] = ["gunicorn", module]
    texts += ["--worker-class", "uvicorn.workers.UvicornWorker", "--bind", bind, "--workers", workers]
    if "LOG_LEVEL" in values:
        texts += ["--log-level", values["LOG_LEVEL"]]
    words = tuple(Argument(text, span, text or "?") for text in texts)
    return Process(words, (Step("base image", span, image.base.name),), span)


def _module(
    image: Image, context: Context, artifacts: Artifacts, values: dict[str, str | None]
) -> str | None:
    if "APP_MODULE" in values:
        return values["APP_MODULE"]
    files = ImageFiles(image, context, artifacts)
    default = "app.main" if files.locate("/app/app/main.py") is not None else "main"
    name, variable = values.get("MODULE_NAME", default), values.get("VARIABLE_NAME", "app")
    return f"{name}:{variable}" if name is not None and variable is not None else None
