"""How a project's folders are organised: by layer, by feature, or both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from fastapi_lint.project.layers.role_names import (
    LAYER_ROLES,
    is_cross_cutting,
    outside_role,
    role_of_name,
    stem_of,
    whole_role,
    words,
)

_SHARED = frozenset(
    """adapters application base common contracts core domain entrypoints external framework frameworks infra
    infrastructure interface interfaces internal kernel kit lib libs platform ports presentation shared utils
    web""".split()
)
"""Folders that hold what all features share, or a ring of an onion: never a feature."""

_INTEGRATIONS = frozenset({"clients", "external", "integration", "integrations", "third_party", "vendors"})
_SHARED_WORDS = frozenset({"common", "kernel", "seedwork", "shared"})
_RINGS = {
    **dict.fromkeys(("domain", "core", "kernel"), 0),
    **dict.fromkeys(("application", "ports"), 1),
    **dict.fromkeys(("adapters", "infra", "infrastructure", "entrypoints", "interface", "interfaces"), 2),
    "presentation": 2,
}
"""The rings of an onion or hexagonal architecture, from the innermost outwards."""

_VERSION = re.compile(r"v\d+(_\d+)*\Z")


class Layout:
    """Answers how folders are organised. Paths are POSIX and below the root; the root itself is "".

    `apps` are the files that build applications: a folder around one is no layer, whatever it is called.
    """

    def __init__(self, paths: Iterable[str], apps: Iterable[str] = ()) -> None:
        self._around_apps = {folder for app in apps for folder in _folders(app)}
        self._children: dict[str, set[str]] = {}
        self._layers: dict[str, set[str]] = {}
        for path in paths:
            if outside_role(path) is None:
                self._add(path.split("/"))
        self.layered = {
            folder: frozenset(layers)
            for folder, layers in sorted(self._layers.items())
            if len(layers) > 1 and not self._is_layer(folder)
        }
        self.features = frozenset(self._find_features())

    def _add(self, parts: list[str]) -> None:
        """Note which layer each part speaks for, in its folder; rings and versions hand that on to theirs."""
        for depth, part in enumerate(parts):
            self._children.setdefault("/".join(parts[:depth]), set()).add(part)
            role = role_of_name(stem_of(part))
            if role not in LAYER_ROLES or "/".join(parts[: depth + 1]) in self._around_apps:
                continue
            self._layers.setdefault("/".join(parts[:depth]), set()).add(role)
            outer = depth
            while outer and _is_transparent(parts[outer - 1]):
                outer -= 1
                self._layers.setdefault("/".join(parts[:outer]), set()).add(role)

    def _is_layer(self, folder: str) -> bool:
        """Whether a folder that has a layer's name is that layer, though a few files in it name others.

        It is a feature of that name if most of its files and folders are named for nothing but a layer
        (`service/models.py`, `service/service.py`, `service/views.py`).
        """
        own = role_of_name(folder.rpartition("/")[2])
        if own not in LAYER_ROLES or folder in self._around_apps:
            return False
        children = [stem_of(child) for child in self._children[folder] if child != "__init__.py"]
        others = [child for child in children if whole_role(child) in LAYER_ROLES]
        layers = {whole_role(child) for child in others}
        return len(layers) < 2 or len(others) * 2 < len(children)

    def _find_features(self) -> Iterator[str]:
        """Folders with two or more layers each that stand beside each other, if two of them are plainly
        features.
        """
        beside: dict[str, list[str]] = {}
        for folder in self.layered:
            parent, _, name = folder.rpartition("/")
            if folder and not _is_shared(name) and not self._is_part_of_layer(folder):
                beside.setdefault(parent, []).append(folder)
        for folders in beside.values():
            if sum(self._is_plainly_feature(folder) for folder in folders) > 1:
                yield from folders

    def _is_plainly_feature(self, folder: str) -> bool:
        """Whether a folder's name is no layer's, or it holds three layers in files named for nothing else."""
        if role_of_name(folder.rpartition("/")[2]) is None:
            return True
        return len({whole_role(stem_of(child)) for child in self._children[folder]} & LAYER_ROLES) > 2

    def _is_part_of_layer(self, folder: str) -> bool:
        """Whether a folder only divides the layer that it stands in: `api/users/routes.py`,
        `api/users/schemas.py`.

        It is more than that if it has files named for nothing but a layer, and one of them is no matter of
        HTTP.
        """
        parts = folder.split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        if not any(
            outer not in self.layered and role_of_name(outer.rpartition("/")[2]) in LAYER_ROLES
            for outer in above
        ):
            return False
        layers = {whole_role(stem_of(child)) for child in self._children[folder]} & LAYER_ROLES
        return len(layers) < 2 or layers == {"router", "schema"}

    def feature_of(self, path: str) -> str | None:
        """The innermost feature folder around a file; None where the project isn't organised by feature."""
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if folder in self.features:
                return folder
        return None

    def surroundings(self, path: str) -> Callable[[str], bool] | None:
        """Tells of other files whether they belong to the same part of a project organised by feature.

        A part is the feature around the file. A folder beside features is a part as well, except if it is a
        layer that they share: then all that stands beside the features is one part. None if the file stands
        neither in a feature nor beside any.
        """
        feature = self.feature_of(path)
        if feature is not None:
            return lambda other: other.startswith(feature + "/")
        parents = {folder.rpartition("/")[0] for folder in self.features}
        for parent in (*_folders(path), ""):
            if parent not in parents:
                continue
            inner = path[len(parent) + 1 :] if parent else path
            name, is_folder, _ = inner.partition("/")
            if is_folder and role_of_name(name) is None:
                part = f"{parent}/{name}/" if parent else f"{name}/"
                return lambda other: other.startswith(part)
            return lambda other: _is_below(other, parent) and self.feature_of(other) is None
        return None

    def application_folder(self, path: str) -> str | None:
        """The outermost folder around a file that holds layers; None if there is none."""
        around = (folder for folder in self.layered if not folder or path.startswith(folder + "/"))
        return min(around, key=len, default=None)

    def siblings(self, feature: str) -> list[str]:
        """The features that stand beside one, itself included, in the order of their paths."""
        parent = feature.rpartition("/")[0]
        return sorted(folder for folder in self.features if folder.rpartition("/")[0] == parent)

    def is_inward(self, importer: str, imported: str) -> bool:
        """Whether a file imports from a ring further in, or both stand in the domain.

        There the repositories of the infrastructure depend on the domain's services, and not the other way
        round.
        """
        outer, inner = _ring_of(importer), _ring_of(imported)
        return outer is not None and inner is not None and (inner < outer or outer == inner == 0)

    def role_of_path(self, path: str) -> tuple[str, str] | None:
        """The role that a path speaks for, and the part of it that does; the file's stem first, then its
        folders.

        The name of a folder that is a feature, or the application itself, says nothing.
        """
        *folders, last = path.split("/")
        role = role_of_name(stem_of(last))
        if is_cross_cutting(stem_of(last)):
            return None
        if folders and role_of_name(folders[-1]) == "settings":
            return "settings", folders[-1] + "/"  # config/service.py holds the settings of the service
        placed = self._role_of_folders(folders)
        if last == "__init__.py" or role is None or (placed is not None and placed[0] == "dependency"):
            return placed
        # The "service" of an integration is the client of somebody else's service, and no layer of ours.
        foreign = role == "service" and not _INTEGRATIONS.isdisjoint(folders)
        return None if foreign else (role, last)

    def _role_of_folders(self, folders: list[str]) -> tuple[str, str] | None:
        """The role of the innermost folder that has one, and its name.

        What stands below a folder of dependencies provides the thing that it is named for:
        `dependencies/repositories/`.
        """
        for depth in range(len(folders), 0, -1):
            folder = "/".join(folders[:depth])
            if folder in self.layered or folder in self._around_apps:
                return None
            role = role_of_name(folders[depth - 1])
            if role is not None:
                above = {role_of_name(outer) for outer in folders[: depth - 1]}
                return ("dependency" if "dependency" in above else role), folders[depth - 1] + "/"
        return None


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _folders(path: str) -> Iterator[str]:
    """The folders around a file, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _ring_of(path: str) -> int | None:
    """The ring of the innermost folder around a file that is one."""
    return next(
        (_RINGS[folder] for folder in reversed(path.lower().split("/")[:-1]) if folder in _RINGS), None
    )


def _is_shared(name: str) -> bool:
    return _is_transparent(name) or bool(_SHARED_WORDS & set(words(name)))


def _is_transparent(name: str) -> bool:
    return name.lower() in _SHARED or bool(_VERSION.match(name.lower()))
