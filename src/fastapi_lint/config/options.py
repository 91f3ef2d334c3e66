"""The options that the project model and the rules read."""

import msgspec

ROLES = (
    "router",
    "service",
    "repository",
    "model",
    "schema",
    "settings",
    "database",
    "dependency",
    "app",
    "task",
    "middleware",
    "migration",
    "script",
    "test",
    "unknown",
)
"""The roles that a symbol can have; `unknown` is neutral."""

LAYERS = ("router", "service", "repository", "schema", "model")
"""The roles that are layers, from the outermost inwards."""

ENVIRONMENTS = ("development", "test", "staging", "production", "unknown")
"""The environments that a deployment file, stage or service can belong to."""


class Place(msgspec.Struct, frozen=True):
    """A pattern for files, and for the part of a file that is meant.

    `pattern` is in gitignore's syntax and applies to paths below the root. `part` is a shell pattern for
    the qualified name of a symbol, or for the name of a stage or service; empty for the whole file.
    """

    pattern: str
    part: str = ""


class Assignment(msgspec.Struct, frozen=True):
    """`value` (a role, a layer or an environment) holds for what `places` name."""

    value: str
    places: tuple[Place, ...]


class ProjectOptions(msgspec.Struct, frozen=True):
    """What the configuration tells the project model and the rules.

    `layered` is true if the preset is `production`, `strict` or `architecture`: then the guards that ask
    whether a layer or a deployment exists fall. `layers` has the same effect on layers. Earlier
    assignments win over later ones. Of `exclude`, every pattern is gitignore's. `jobs` is the number of
    processes, 0 for as many as are worth it.
    """

    exclude: tuple[str, ...] = ()
    layered: bool = False
    layers: tuple[Assignment, ...] = ()
    roles: tuple[Assignment, ...] = ()
    environments: tuple[Assignment, ...] = ()
    blocking_calls: tuple[str, ...] = ()
    heavy_calls: tuple[str, ...] = ()
    max_call_depth: int = 6
    max_app_routes: int = 2
    max_endpoint_statements: int = 30
    max_endpoint_branches: int = 10
    error_envelope: str = "required"
    request_logging: str = "auto"
    jobs: int = 0

    @property
    def asks_for_layers(self) -> bool:
        """Whether the layer rules hold even where a layer was not found."""
        return self.layered or bool(self.layers)
