"""Health checks of images, services and containers: which path and port they ask, and with what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.shell import split_word
from fastapi_lint.facts.words import parts_of
from fastapi_lint.findings import Span
from fastapi_lint.project.deployment.model import Argument, Probe
from fastapi_lint.project.deployment.servers import number
from fastapi_lint.project.deployment.words import expanded, narrowed

if TYPE_CHECKING:
    from fastapi_lint.facts.kubernetes import Probe as KubernetesProbe
    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.facts.words import Lookup, Word
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.builds import Builds
    from fastapi_lint.project.deployment.model import Launch

ProbeKind = Literal["liveness", "readiness", "startup", "healthcheck"]

_PORT = r"(?::(?P<port>\d+|\$\{[^}]*\}))?"
_PATH = r"(?P<path>/[^\s\"'`;|&<>)\\]*)?(?P<rest>\$)?"
_URL = re.compile(rf"(?P<scheme>https?)://(?P<host>\[[^\]]*\]|[\w.-]+|\$\{{[^}}]*\}}){_PORT}{_PATH}")
_BARE = re.compile(rf"(?P<host>localhost|127\.0\.0\.1|0\.0\.0\.0){_PORT}{_PATH}\Z")
_LOCAL = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1", ""))
_HEADER = re.compile(r"authorization|cookie|api[-_]?key|token", re.I)
_FAILS = re.compile(r"-[a-zA-Z]*f[a-zA-Z]*\Z")
_SHELLS = frozenset(("sh", "bash", "ash", "dash"))


class _Source(msgspec.Struct, frozen=True):
    """Where the words of a check stand, and what its variables are."""

    path: str
    lookup: Lookup
    launch: Launch
    artifacts: Artifacts
    names: frozenset[str]


def of_launch(launch: Launch, artifacts: Artifacts, builds: Builds) -> Iterator[Probe]:
    """The checks of one launch. A service that has none of its own is left to its image's launch."""
    if launch.kind == "image":
        yield from _of_image(launch, artifacts)
    elif launch.kind == "service":
        yield from _of_service(launch, artifacts, builds)
    elif launch.kind == "container":
        yield from _of_container(launch, artifacts)


def _of_image(launch: Launch, artifacts: Artifacts) -> Iterator[Probe]:
    image = launch.image
    check = image.healthcheck if image is not None else None
    if image is None or check is None or check.command is None:
        return
    source = _Source(image.path, launch.variables.get, launch, artifacts, frozenset())
    command = check.command
    if command.form == "exec":
        words = [Argument(w.text, w.place.span(image.path), w.text, w) for w in command.words]
        yield from _of_words(words, source)
    else:
        yield from _of_commands(command.commands, source)


def _of_service(launch: Launch, artifacts: Artifacts, builds: Builds) -> Iterator[Probe]:
    service = launch.service
    if service is None or service.healthcheck is None:
        return
    layer, check = service.healthcheck
    names = frozenset(
        n for n in (service.name, _plain(service.own.container_name), _plain(service.own.hostname)) if n
    )
    source = _Source(layer.path, launch.variables.get, launch, artifacts, names)
    lookup = builds.lookup(layer)
    if check.form == "exec":
        words = [a for w in check.words for a in expanded(w, layer.path, lookup, splits=False)]
        yield from _of_words(words, source)
    elif check.form == "shell" and check.shell is not None:
        yield from _of_commands(split_word(check.shell), source)


def _of_container(launch: Launch, artifacts: Artifacts) -> Iterator[Probe]:
    container = launch.container
    if container is None:
        return
    found: tuple[tuple[ProbeKind, KubernetesProbe | None], ...] = (
        ("liveness", container.liveness),
        ("readiness", container.readiness),
        ("startup", container.startup),
    )
    ports = {port.name: number(port.number.text) for port in container.ports if port.name}
    for kind, probe in found:
        if probe is not None and probe.kind == "http":
            yield _http(kind, probe, launch, ports)
        elif probe is not None and probe.kind == "exec":
            words = [Argument(w.text, w.place.span(launch.path), w.text, w) for w in probe.words]
            source = _Source(launch.path, launch.variables.get, launch, artifacts, frozenset())
            for one in _of_words(words, source):
                yield _as(one, kind)


def _http(kind: ProbeKind, probe: KubernetesProbe, launch: Launch, ports: dict[str, int | None]) -> Probe:
    path = probe.path.literal if probe.path is not None else "/"
    port = probe.port.literal if probe.port is not None else None
    place = (probe.path.place if probe.path is not None else probe.place).span(launch.path)
    return Probe(
        kind=kind,
        path=path,
        port=number(port) if port is not None and port.isdecimal() else ports.get(port or ""),
        span=place,
        port_span=probe.port.place.span(launch.path) if probe.port is not None else None,
        owner=launch,
        sends_credentials=any(_HEADER.search(name) for name, _ in probe.headers),
        tool="kubelet",
        written=path or "",
        needs_success=True,
    )


def _as(probe: Probe, kind: ProbeKind) -> Probe:
    from msgspec.structs import replace

    return replace(probe, kind=kind)


def _plain(word: Word | None) -> str:
    return (word.literal or "") if word is not None else ""


def _of_commands(commands: Sequence[SimpleCommand], source: _Source) -> Iterator[Probe]:
    for command in commands:
        words = [a for word in command.words for a in expanded(word, source.path, source.lookup)]
        if words:
            yield from _of_words(words, source)


def _of_words(words: Sequence[Argument], source: _Source) -> Iterator[Probe]:
    name = (words[0].text or "").rpartition("/")[2] if words else ""
    if name in _SHELLS and len(words) > 2 and words[1].text in ("-c", "-ec", "-lc") and words[2].word:
        yield from _of_commands(split_word(words[2].word), source)
        return
    for word in words[1:]:
        found = _probe(word, name, words, source)
        if found is not None:
            yield found
            return


def _probe(word: Argument, tool: str, words: Sequence[Argument], source: _Source) -> Probe | None:
    """The check that a word with an address makes, if the address is the container's own."""
    text = word.text
    if text is None:
        text = _with_defaults(word.written, source.lookup)
    match = _URL.search(text)
    if match is None and tool in ("curl", "wget", "http"):
        match = _BARE.match(text)
    if match is None or (match.group("host") not in _LOCAL and match.group("host") not in source.names):
        return None
    path, port = match.group("path"), match.group("port")
    is_known = "$" not in (path or "") and not match.group("rest")
    span = _place(word, path or match.group(), source)
    return Probe(
        kind="healthcheck",
        path=(path or "/").partition("?")[0].partition("#")[0] if is_known else None,
        port=_port(port, match.groupdict().get("scheme")),
        span=span,
        port_span=_place(word, f":{port}", source, 1) if port and port.isdecimal() else None,
        owner=source.launch,
        sends_credentials=_sends_credentials(words),
        tool=tool,
        method=_method(tool, words),
        written=match.group(),
        needs_success=_needs_success(tool, words),
    )


def _with_defaults(text: str, lookup: Lookup) -> str:
    """Text with the variables replaced that are known; the others stay as written."""
    found: list[str] = []
    for part in parts_of(text) or (text,):
        if isinstance(part, str):
            found.append(part)
            continue
        value = None
        name = getattr(part, "name", "")
        operand = getattr(part, "operand", "")
        if name:
            value = lookup(name)
            if value is None and getattr(part, "operator", "") in (":-", "-", ":=", "="):
                value = operand
        found.append(value if value is not None else "${" + (name or "?") + "}")
    return "".join(found)


def _port(text: str | None, scheme: str | None) -> int | None:
    if text is None:
        return 443 if scheme == "https" else 80
    return number(text)


def _place(word: Argument, token: str, source: _Source, skip: int = 0) -> Span:
    """The narrow place of a part of a word, if it stands there once on one line."""
    lines = source.artifacts.text(word.span.path).split("\n")
    span = word.span
    if not token or span.line != span.end_line or span.line > len(lines):
        return narrowed(source.artifacts.text(span.path), span, token)
    line = lines[span.line - 1]
    at = line.find(token, span.column - 1, span.end_column - 1)
    if at < 0 or line.find(token, at + 1, span.end_column - 1) >= 0:
        return span
    return Span(span.path, span.line, at + 1 + skip, span.line, at + 1 + len(token))


def _sends_credentials(words: Sequence[Argument]) -> bool:
    """Whether a header or a login is given."""
    for index, word in enumerate(words):
        text = word.text or word.written
        if text in ("-u", "--user", "-b", "--cookie", "-E", "--cert"):
            return True
        if text in ("-H", "--header") and index + 1 < len(words):
            return True
        if (
            text.startswith(("--header=", "-H", "--user=", "--password=", "--http-password"))
            and len(text) > 2
        ):
            return True
        if _HEADER.search(text) and "://" in text:
            return True
    return False


def _needs_success(tool: str, words: Sequence[Argument]) -> bool:
    """Whether a program certainly fails if it is answered with an error.

    curl does so with `--fail` only; of Python it is known that `urlopen` and `raise_for_status` raise.
    """
    texts = [word.text or word.written for word in words]
    if tool == "curl":
        return any(text.startswith("--fail") or _FAILS.match(text) for text in texts)
    if tool.startswith("python"):
        return any("urlopen" in text or "raise_for_status" in text for text in texts)
    return tool == "wget"


def _method(tool: str, words: Sequence[Argument]) -> str:
    for index, word in enumerate(words):
        text = word.text or ""
        if text in ("-X", "--request") and index + 1 < len(words):
            return (words[index + 1].text or "GET").upper()
        if text.startswith(("--request=", "--method=")):
            return text.partition("=")[2].upper()
        if text.startswith("-X") and len(text) > 2:
            return text[2:].upper()
        if text.startswith(("--post-data", "--data", "--post-file")) or (tool == "curl" and text == "-d"):
            return "POST"
    return "GET"
