"""Compose files (compose-spec). Variables are kept as parts of words; nothing is looked up in the host."""

from fastapi_lint.facts.compose.model import (
    Build,
    Command,
    ComposeFacts,
    Dependency,
    EnvFile,
    Extends,
    Healthcheck,
    Include,
    Mount,
    Port,
    Service,
    Setting,
    Watch,
)
from fastapi_lint.facts.compose.read import read

__all__ = [
    "Build",
    "Command",
    "ComposeFacts",
    "Dependency",
    "EnvFile",
    "Extends",
    "Healthcheck",
    "Include",
    "Mount",
    "Port",
    "Service",
    "Setting",
    "Watch",
    "read",
]
