"""YAML as a tree of nodes that know their place. Scalars stay text: no numbers, no dates."""

from fastapi_lint.facts.yaml_tree.model import (
    Entry,
    Mapping,
    Scalar,
    Sequence,
    YamlFile,
    YamlNode,
    YamlProblem,
)
from fastapi_lint.facts.yaml_tree.read import read

__all__ = ["Entry", "Mapping", "Scalar", "Sequence", "YamlFile", "YamlNode", "YamlProblem", "read"]
