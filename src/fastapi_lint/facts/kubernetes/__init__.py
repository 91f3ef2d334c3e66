"""Kubernetes manifests: workloads with their containers, and what configures or exposes them."""

from fastapi_lint.facts.kubernetes.model import (
    Autoscaler,
    ConfigMap,
    Container,
    ContainerPort,
    EnvFrom,
    EnvVar,
    Ingress,
    KubernetesFacts,
    Probe,
    Service,
    ServicePort,
    Workload,
)
from fastapi_lint.facts.kubernetes.read import read

__all__ = [
    "Autoscaler",
    "ConfigMap",
    "Container",
    "ContainerPort",
    "EnvFrom",
    "EnvVar",
    "Ingress",
    "KubernetesFacts",
    "Probe",
    "Service",
    "ServicePort",
    "Workload",
    "read",
]
