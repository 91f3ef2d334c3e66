"""Who leads requests to an app: reverse proxies and tunnels in compose files, ingresses of Kubernetes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment import environments
from fastapi_lint.project.deployment.composition import below_root
from fastapi_lint.project.deployment.inner_proxies import has_proxy

if TYPE_CHECKING:
    from fastapi_lint.facts.kubernetes import Ingress
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import Launch

_PROXY = re.compile(
    r"(?:^|[/_-])(?:nginx|traefik|caddy|haproxy|envoy|openresty|swag|kong|apisix|httpd)(?=$|[/_-])"
)
_TUNNEL = re.compile(r"(?:^|[/_-])(?:cloudflared|tailscale|ngrok|zrok|frpc|inlets)(?=$|[/_-])")
_NO_PROXY = re.compile(r"exporter|prometheus|rtmp|-ui\b|certbot")
_CONFIGURATION = re.compile(r"\.(?:conf|cfg|template|tmpl|ya?ml|toml|json)\Z|(?:^|/)caddyfile[^/]*\Z", re.I)
_LABELS = ("traefik.http.", "traefik.tcp.", "traefik.frontend.", "traefik.enable", "traefik.port", "caddy")
_NETWORKS = re.compile(r"proxy|traefik|caddy|nginx|ingress", re.I)
_TLS = re.compile(r"tls|ssl|https|cert|acme|cloudflare|tailscale|443", re.I)
_VIRTUAL_HOSTS = frozenset(("VIRTUAL_HOST", "LETSENCRYPT_HOST"))


class Front(msgspec.Struct, frozen=True):
    """What leads requests to an app: in words, and where it is written."""

    said: str
    span: Span


def before(deployment: Deployment, launch: Launch) -> Front | None:
    """The proxy or ingress of the project that leads requests to a launch; None if none is known to."""
    if launch.host_network or has_proxy(deployment, launch):
        return None
    if launch.service is not None:
        service = launch.service
        for proxy in proxies_with(deployment, service.path):
            if not _shares_network(proxy, service) and _leads_to(deployment, proxy, service):
                return Front(f"the proxy `{proxy.name}`", proxy.own.place.span(proxy.path))
    if launch.workload is not None and len(launch.workload.containers) == 1:
        for path, ingress in ingresses_to(deployment, launch):
            return Front(f"the {ingress.kind} `{ingress.name}`", ingress.place.span(path))
    return None


# --- compose files ---------------------------------------------------------------------------------


def is_proxy(deployment: Deployment, service: ComposeService) -> bool:
    """Whether a service runs a reverse proxy."""
    return _runs(deployment, service, _PROXY)


def _runs(deployment: Deployment, service: ComposeService, wanted: re.Pattern[str]) -> bool:
    base = deployment.builds.base_of_service(service)
    return base is not None and wanted.search(base.name) is not None and not _NO_PROXY.search(base.name)


def proxies_with(deployment: Deployment, path: str) -> Iterator[ComposeService]:
    """The reverse proxies that run together with the services of a compose file."""
    for service in deployment.composition.merged(path).values():
        if is_proxy(deployment, service):
            yield service


def may_be_fronted(deployment: Deployment, service: ComposeService) -> bool:
    """Whether a proxy or tunnel may stand before a service.

    One of the merged files has one, or a file beside them that adds to them; or the service's labels,
    variables or networks speak of one that runs elsewhere.
    """
    together = [*deployment.composition.merged(service.path).values(), *_beside(deployment, service)]
    if any(_runs(deployment, other, wanted) for other in together for wanted in (_PROXY, _TUNNEL)):
        return True
    if any(setting.name.startswith(_LABELS) for _, setting in service.labels):
        return True
    if any(setting.name in _VIRTUAL_HOSTS for _, setting in service.environment):
        return True
    return any(_NETWORKS.search(name) for layer in service.layers for name in layer.service.networks)


def _beside(deployment: Deployment, service: ComposeService) -> Iterator[ComposeService]:
    """The services of files in the same folder that add to a service's file: they have no form of it."""
    folder = posixpath.dirname(service.path)
    for path, facts in deployment.composition.files.items():
        name = posixpath.basename(path)
        for_others = "override" not in name and environments.named(name) in ("development", "test")
        has_form = any(other.name == service.name for other in facts.services)
        if posixpath.dirname(path) == folder and not has_form and not for_others:
            yield from deployment.composition.of(path)


def _shares_network(proxy: ComposeService, service: ComposeService) -> bool:
    return proxy.network_mode in (f"service:{service.name}", "host")


def _leads_to(deployment: Deployment, proxy: ComposeService, service: ComposeService) -> bool:
    """Whether labels, the proxy's configuration or, without one, `depends_on` say where it leads."""
    base = deployment.builds.base_of_service(proxy)
    reads_labels = base is not None and re.search("traefik|caddy-docker", base.name)
    labels = {setting.name: setting.value for _, setting in service.labels}
    enabled = labels.get("traefik.enable")
    if reads_labels and any(name.startswith(_LABELS) for name in labels):
        return enabled is None or enabled.text.lower() != "false"
    text = _configuration(deployment, proxy)
    if text is not None:
        return any(is_named(name, text) for name in _names(service))
    waits = any(dependency.service == service.name for _, dependency in proxy.depends_on)
    return waits and proxy.build is None and not _only_mounts_pages(proxy)


def _names(service: ComposeService) -> list[str]:
    """The names under which other containers reach a service."""
    given = (service.own.container_name, service.own.hostname)
    return [service.name, *(word.text for word in given if word is not None and not word.parts)]


def is_named(host: str, configuration: str) -> bool:
    """Whether the configuration of a proxy leads requests to a host.

    `proxy_pass http://api`, `server api:8000;`, `reverse_proxy api:8000`, `address: api`.
    """
    name = re.escape(host)
    return (
        re.search(
            rf"://{name}(?=[:/;\s\"'}}]|$)|(?<![\w./-]){name}:\d+"
            rf"|\bserver\s+{name}\s*[;\s]|\baddress:\s*[\"']?{name}\b",
            configuration,
            re.M,
        )
        is not None
    )


def _configuration(deployment: Deployment, proxy: ComposeService) -> str | None:
    """What the repository holds of a proxy's configuration; None if it holds none of it."""
    paths = [path for path in _given(deployment, proxy) if _CONFIGURATION.search(path)]
    texts = [deployment.artifacts.plain_text(path) for path in dict.fromkeys(paths)]
    return "\n".join(texts) if any(texts) else None


def _given(deployment: Deployment, proxy: ComposeService) -> Iterator[str]:
    """The files of the repository that a proxy mounts, or that are copied into its image."""
    for layer, mount in proxy.volumes:
        source = mount.source.value(deployment.builds.lookup(layer)) if mount.source is not None else None
        path = below_root(layer.folder, source) if source is not None and mount.kind == "bind" else None
        if path is not None:
            yield from _files_at(deployment, path)
    image = deployment.builds.of_service(proxy) if proxy.build is not None else None
    for copied in image.copies if image is not None else ():
        for source in copied.sources if not copied.origin else ():
            if source is not None and image is not None:
                for path in deployment.builds.context(image).matches(source):
                    yield from _files_at(deployment, path)


def _files_at(deployment: Deployment, path: str) -> Iterator[str]:
    """A file, or the files directly in a folder."""
    if deployment.artifacts.exists(path):
        yield path
    elif path:
        yield from (file for file in deployment.artifacts.all_files if posixpath.dirname(file) == path)


def _only_mounts_pages(proxy: ComposeService) -> bool:
    """Whether a proxy is given files to serve, and nothing that could tell it where else to lead."""
    targets = [mount.target.text for _, mount in proxy.volumes]
    return bool(targets) and not any("/etc/" in target or _CONFIGURATION.search(target) for target in targets)


# --- Kubernetes ------------------------------------------------------------------------------------


def ingresses_to(deployment: Deployment, launch: Launch) -> Iterator[tuple[str, Ingress]]:
    """The ingresses and routes that lead to the pods of a launch, with the files that hold them."""
    if launch.workload is None:
        return
    labels = set(launch.workload.labels)
    manifests = deployment.artifacts.kubernetes
    selecting = {
        service.name
        for _, facts in manifests
        for service in facts.services
        if service.selector and set(service.selector) <= labels
    }
    for path, facts in manifests:
        for ingress in facts.ingresses:
            if selecting & set(ingress.services):
                yield path, ingress


def offers_tls(deployment: Deployment, ingress: Ingress) -> bool:
    """Whether an ingress, or one of the same name in another file, has a certificate or may get one.

    Annotations that name certificates, TLS or HTTPS count whatever they say: the controller may end TLS.
    """
    same = [
        other
        for _, facts in deployment.artifacts.kubernetes
        for other in facts.ingresses
        if other.name == ingress.name
    ]
    return any(
        other.has_tls or any(_TLS.search(f"{name}={value}") for name, value in other.annotations)
        for other in same
    )
