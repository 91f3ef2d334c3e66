"""Workflows of GitHub Actions: the steps of each job, with the environment that their file gives them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.yaml_tree import Mapping, Scalar, Sequence, YamlNode
from fastapi_lint.facts.yaml_tree import read as read_yaml

_MAX_STEPS = 2_000


class WorkflowStep(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One step: `uses` with its `with`, or a `run`, in the environment of the file, the job and the step."""

    id: str
    uses: str
    run: str
    folder: str
    options: tuple[tuple[str, str], ...]
    environment: tuple[tuple[str, str], ...]

    def option(self, name: str) -> str | None:
        """A value of `with`, or None."""
        return next((value for own, value in self.options if own == name), None)


class WorkflowFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One workflow: the steps of each of its jobs."""

    jobs: tuple[tuple[WorkflowStep, ...], ...]


def read(text: str) -> WorkflowFacts:
    """The jobs of a workflow, at most 2,000 steps. Never raises."""
    jobs: list[tuple[WorkflowStep, ...]] = []
    left = _MAX_STEPS
    for document in read_yaml(text).documents:
        if isinstance(document, Mapping):
            for job in _values(document.get("jobs")):
                steps = tuple(_steps(job, document))[:left]
                left -= len(steps)
                jobs.append(steps)
    return WorkflowFacts(tuple(jobs))


def _values(node: YamlNode | None) -> Iterator[Mapping]:
    for entry in node.effective() if isinstance(node, Mapping) else ():
        if isinstance(entry.value, Mapping):
            yield entry.value


def _steps(job: Mapping, document: Mapping) -> Iterator[WorkflowStep]:
    steps = job.get("steps")
    folder = _text(_below(job, "defaults", "run", "working-directory"))
    for step in steps.items[:_MAX_STEPS] if isinstance(steps, Sequence) else ():
        if isinstance(step, Mapping):
            environment = {**_pairs(document.get("env")), **_pairs(job.get("env")), **_pairs(step.get("env"))}
            yield WorkflowStep(
                _text(step.get("id")),
                _text(step.get("uses")),
                _text(step.get("run")),
                _text(step.get("working-directory")) or folder,
                tuple(_pairs(step.get("with")).items()),
                tuple(environment.items()),
            )


def _below(node: YamlNode | None, *path: str) -> YamlNode | None:
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def _pairs(node: YamlNode | None) -> dict[str, str]:
    entries = node.effective() if isinstance(node, Mapping) else ()
    return {entry.key.text: entry.value.text for entry in entries if isinstance(entry.value, Scalar)}


def _text(node: YamlNode | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.is_null else ""
