"""Kubernetes manifests."""

import pytest

from fastapi_lint.facts.kubernetes import Container, KubernetesFacts, Workload, read
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Variable, Word

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: prod
spec:
  replicas: 3
  template:
    metadata:
      labels: {app: api, tier: web}
    spec:
      terminationGracePeriodSeconds: 45
      initContainers:
        - name: migrate
          image: api:1
          command: [alembic, upgrade, head]
      containers:
        - name: api
          image: registry/api:1
          command: ["uvicorn", "app.main:app"]
          args: ["--port", "$(PORT)", "--workers", "2"]
          workingDir: /srv
          env:
            - name: PORT
              value: "8080"
            - name: URL
              value: http://$(HOST):$(PORT)/$$(X)
            - name: LEVEL
              valueFrom: {configMapKeyRef: {name: settings, key: level}}
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: keys, key: token}}
            - name: POD_IP
              valueFrom: {fieldRef: {fieldPath: status.podIP}}
            - name: EMPTY
          envFrom:
            - configMapRef: {name: settings}
            - secretRef: {name: keys, optional: true}
              prefix: K_
          ports:
            - containerPort: 8080
              name: http
          livenessProbe:
            httpGet: {path: /health/live, port: http}
          readinessProbe:
            httpGet:
              path: /health/ready
              port: 8080
              scheme: HTTPS
              httpHeaders: [{name: Authorization, value: x}]
          startupProbe:
            exec: {command: [curl, localhost]}
"""


def text_of(word: Word | None) -> str | None:
    return word.text if word else None


def workload(text: str) -> Workload:
    (found,) = read(text).workloads
    return found


def container(body: str) -> Container:
    indented = "".join(f"      {line}\n" for line in body.splitlines())
    return workload("kind: Pod\nspec:\n  containers:\n    - name: c\n" + indented).containers[0]


def test_a_deployment() -> None:
    found = workload(DEPLOYMENT)
    assert (found.kind, found.name, found.namespace, text_of(found.replicas)) == (
        "Deployment",
        "api",
        "prod",
        "3",
    )
    assert found.place == Place(2, 7, 2, 17)
    assert found.labels == (("app", "api"), ("tier", "web"))
    assert text_of(found.grace_period) == "45"
    assert [c.name for c in found.init_containers] == ["migrate"]


def test_a_container() -> None:
    (found,) = workload(DEPLOYMENT).containers
    assert text_of(found.image) == "registry/api:1"
    assert [word.text for word in found.command or ()] == ["uvicorn", "app.main:app"]
    assert found.args is not None
    assert found.args[1].parts == (Variable("PORT"),)
    assert found.args[0].place == Place(21, 18, 21, 26)
    assert text_of(found.working_dir) == "/srv"
    assert [(port.number.text, port.name, port.protocol) for port in found.ports] == [("8080", "http", "TCP")]


def test_environment() -> None:
    (found,) = workload(DEPLOYMENT).containers
    assert [(v.name, text_of(v.value), v.origin, v.source, v.key) for v in found.env] == [
        ("PORT", "8080", "value", "", ""),
        ("URL", "http://$(HOST):$(PORT)/$(X)", "value", "", ""),
        ("LEVEL", None, "config-map", "settings", "level"),
        ("TOKEN", None, "secret", "keys", "token"),
        ("POD_IP", None, "field", "", ""),
        ("EMPTY", None, "unknown", "", ""),
    ]
    url = found.env[1].value
    assert url is not None
    assert url.value({"HOST": "h", "PORT": "1"}.get) == "http://h:1/$(X)"
    assert [(e.origin, e.name, e.prefix, e.optional) for e in found.env_from] == [
        ("config-map", "settings", "", False),
        ("secret", "keys", "K_", True),
    ]


def test_probes() -> None:
    (found,) = workload(DEPLOYMENT).containers
    live, ready, start = found.liveness, found.readiness, found.startup
    assert live is not None
    assert (live.kind, text_of(live.path), text_of(live.port), live.scheme) == (
        "http",
        "/health/live",
        "http",
        "HTTP",
    )
    assert live.place == Place(42, 11, 42, 24)
    assert ready is not None
    assert ready.headers == (("Authorization", "x"),)
    assert ready.path is not None
    assert ready.path.place == Place(46, 21, 46, 34)
    assert start is not None
    assert (start.kind, [word.text for word in start.words]) == ("exec", ["curl", "localhost"])


def test_other_probes_and_a_shell_command() -> None:
    found = container(
        'command: ["sh", "-c", "exec uvicorn a:b --port $PORT"]\nlivenessProbe: {tcpSocket: {port: 80}}\n'
        "readinessProbe: {grpc: {port: 81}}\nstartupProbe: {periodSeconds: 3}"
    )
    assert found.command is not None
    assert found.command[2].literal == "exec uvicorn a:b --port $PORT"
    assert found.args is None
    kinds = [probe.kind for probe in (found.liveness, found.readiness, found.startup) if probe]
    assert kinds == ["tcp", "grpc", "unknown"]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Deployment", "spec: {template: {spec: {containers: [{name: c}]}}}"),
        ("StatefulSet", "spec: {template: {spec: {containers: [{name: c}]}}}"),
        ("Job", "spec: {template: {spec: {containers: [{name: c}]}}}"),
        ("CronJob", "spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c}]}}}}}"),
        ("Pod", "spec: {containers: [{name: c}]}"),
        ("Rollout", "spec: {template: {spec: {containers: [{name: c}]}}}"),
        ("Service", "spec: {template: {spec: {containers: [{name: c}]}}}"),
    ],
)
def test_kinds_of_workloads(kind: str, spec: str) -> None:
    assert [c.name for c in workload(f"kind: {kind}\n{spec}\n").containers] == ["c"]


def test_lists_and_documents() -> None:
    text = (
        "kind: List\nitems:\n  - kind: Pod\n    metadata: {name: a}\n"
        "  - kind: Pod\n    metadata: {name: b}\n---\n"
    )
    text += "kind: Pod\nmetadata: {name: c}\n---\n---\nkind: Unknown\n"
    assert [found.name for found in read(text).workloads] == ["a", "b", "c"]


def test_config_maps_and_secrets() -> None:
    facts = read(
        "kind: ConfigMap\nmetadata: {name: m}\ndata:\n  A: '1'\n  f.txt: |\n    x\n---\n"
        "kind: Secret\nmetadata: {name: s}\nstringData: {P: secret}\ndata: {Q: eA==}\n"
    )
    config_map, secret = facts.config_maps
    assert [(name, text_of(value)) for name, value, _ in config_map.values] == [("A", "1"), ("f.txt", "x\n")]
    assert [(name, value) for name, value, _ in secret.values] == [("Q", None), ("P", None)]


def test_service_ingress_and_autoscaler() -> None:
    facts = read(
        "kind: Service\nmetadata: {name: s}\nspec:\n  selector: {app: api}\n"
        "  ports: [{port: 80, targetPort: http}, {port: 81}]\n"
        "---\nkind: Ingress\nmetadata: {name: i, "
        "annotations: {a/b: c}}\nspec:\n  tls: [{hosts: [x]}]\n  rules:\n"
        "    - http: {paths: [{backend: {service: {name: s, "
        "port: {number: 80}}}}, {backend: {serviceName: old}}]}\n"
        "---\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {rules: [{backendRefs: [{name: s}]}]}\n"
        "---\nkind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {kind: Deployment, "
        "name: api}, minReplicas: 2, maxReplicas: 5}\n"
    )
    (service,) = facts.services
    assert (service.name, service.selector, service.type) == ("s", (("app", "api"),), "ClusterIP")
    assert [(port.port.text, port.target.text) for port in service.ports] == [("80", "http"), ("81", "81")]
    ingress, route = facts.ingresses
    assert (ingress.services, ingress.has_tls, ingress.annotations) == (("s", "old"), True, (("a/b", "c"),))
    assert (route.kind, route.services, route.has_tls) == ("HTTPRoute", ("s",), False)
    (scaler,) = facts.autoscalers
    assert (scaler.target_kind, scaler.target_name, text_of(scaler.minimum)) == ("Deployment", "api", "2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind: Deployment\n",
        "kind: Deployment\nspec: x\nmetadata: []\n",
        "kind: Pod\nspec: {containers: {a: b}, initContainers: x}\n",
        "kind: Pod\nspec: {containers: [x, {env: x, ports: [{}], "
        "envFrom: [{}], command: x, livenessProbe: x}]}\n",
        "kind: Pod\nspec: {containers: [{env: [{}, {valueFrom: x}, "
        "{valueFrom: {secretKeyRef: x}}], envFrom: [{secretRef: x}]}]}\n",
        "kind: List\nitems: x\n",
        "kind: [a]\n",
        "kind: Service\nspec: {ports: [x, {}], selector: x}\n",
        "kind: Ingress\nspec: x\n",
        "kind: ConfigMap\ndata: x\n",
        "kind: ConfigMap\ndata: {a: [b]}\n",
        "kind: HorizontalPodAutoscaler\n",
        "kind: List\nitems: &i [{kind: List, items: *i}]\n",
    ],
)
def test_odd_shapes_are_survived(text: str) -> None:
    assert isinstance(read(text), KubernetesFacts)


def test_nested_lists_end() -> None:
    text = "a: &a0 [{kind: Pod}]\n" + "".join(
        f"b{i}: &a{i} [{{kind: List, items: *a{i - 1}}}, {{kind: List, items: *a{i - 1}}}]\n"
        for i in range(1, 40)
    )
    facts = read(text + "kind: List\nitems: *a30\n")
    assert len(facts.workloads) <= 5000
