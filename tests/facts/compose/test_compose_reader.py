"""Compose files."""

import pytest

from fastapi_lint.facts.compose import Command, Healthcheck, Service, read
from fastapi_lint.facts.compose.values import split_words
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Variable, Word


def service(body: str) -> Service:
    text = "services:\n  web:\n" + "".join(f"    {line}\n" for line in body.splitlines())
    facts = read(text)
    assert facts.problem is None
    (found,) = facts.services
    return found


def text_of(word: Word | None) -> str | None:
    return word.text if word else None


def command(body: str) -> Command:
    found = service(body).command
    assert found is not None
    return found


def healthcheck(body: str) -> Healthcheck:
    found = service(body).healthcheck
    assert found is not None
    return found


def test_services_and_their_keys() -> None:
    facts = read("name: shop\nservices:\n  web:\n    image: a:1\n  db:\n    image: postgres\n")
    assert text_of(facts.name) == "shop"
    assert [(found.name, found.place) for found in facts.services] == [
        ("web", Place(3, 3, 3, 6)),
        ("db", Place(5, 3, 5, 5)),
    ]
    assert facts.services[0].key("image") == Place(4, 5, 4, 10)
    assert facts.services[0].key("ports") is None
    image = facts.services[0].image
    assert image is not None
    assert image.place == Place(4, 12, 4, 15)


def test_build() -> None:
    short = service("build: ./backend").build
    assert short is not None
    assert text_of(short.context) == "./backend"
    long = service(
        "build:\n  context: .\n  dockerfile: docker/Dockerfile\n  target: prod\n  args:\n    A: 1\n"
    ).build
    assert long is not None
    assert (text_of(long.context), text_of(long.dockerfile), text_of(long.target)) == (
        ".",
        "docker/Dockerfile",
        "prod",
    )
    assert [(setting.name, text_of(setting.value)) for setting in long.args] == [("A", "1")]


def test_inline_dockerfile() -> None:
    build = service("build:\n  dockerfile_inline: |\n    FROM python\n").build
    assert build is not None
    assert build.inline == "FROM python\n"


def test_command_as_list() -> None:
    found = command('command: ["uvicorn", "app:app", "--port", "${PORT:-80}"]')
    assert found.form == "list"
    assert found.words[3].parts == (Variable("PORT", ":-", "80"),)
    assert found.words[1].place == Place(3, 26, 3, 35)
    assert found.key == Place(3, 5, 3, 12)


def test_command_as_string_is_split_without_a_shell() -> None:
    found = command('command: sh -c "a && uvicorn b --port $$PORT"')
    assert [word.text for word in found.words] == ["sh", "-c", "a && uvicorn b --port $PORT"]
    assert found.rest == ""
    assert found.words[2].literal == "a && uvicorn b --port $PORT"
    assert found.words[0].place == Place(3, 14, 3, 50)


def test_command_over_several_lines() -> None:
    found = command("command: >\n  uvicorn app:app\n  --reload\n")
    assert [word.text for word in found.words] == ["uvicorn", "app:app", "--reload"]
    assert found.place == Place(3, 14, 5, 15)


def test_a_shell_operator_ends_the_words() -> None:
    found = command("command: alembic upgrade head && uvicorn app:app")
    assert [word.text for word in found.words] == ["alembic", "upgrade", "head"]
    assert found.rest == "&& uvicorn app:app"


def test_null_and_empty_commands() -> None:
    assert service("command:").command is None
    assert command("command: []").words == ()
    assert command("command: ''").words == ()


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ('a \'b c\' "d \\" e" f\\ g', ["a", "b c", 'd " e', "f g"], ""),
        ("  a\n b  ", ["a", "b"], ""),
        ("a '' b", ["a", "", "b"], ""),
        ("a'b'c", ["abc"], ""),
        ("a|b", ["a"], "|b"),
        ("a '&&' b", ["a", "&&", "b"], ""),
        ("$X ${Y:-a}", ["$X", "${Y:-a}"], ""),
        ("'open", ["open"], ""),
        ("a\\", ["a"], ""),
        ("", [], ""),
    ],
)
def test_split_words(text: str, words: list[str], rest: str) -> None:
    assert split_words(text) == (words, rest)


def test_entrypoint() -> None:
    found = service("entrypoint: ['tini', '--']").entrypoint
    assert found is not None
    assert [word.text for word in found.words] == ["tini", "--"]


def test_environment_forms() -> None:
    as_map = service("environment:\n  A: 1\n  B:\n  C: ''\n  D: ${X}\n").environment
    assert [(setting.name, text_of(setting.value)) for setting in as_map] == [
        ("A", "1"),
        ("B", None),
        ("C", ""),
        ("D", "${X}"),
    ]
    as_list = service("environment:\n  - A=1=2\n  - B\n  - 'C='\n  - D=$X\n").environment
    assert [(setting.name, text_of(setting.value)) for setting in as_list] == [
        ("A", "1=2"),
        ("B", None),
        ("C", ""),
        ("D", "${X}"),
    ]
    assert as_list[0].place == Place(4, 9, 4, 14)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("env_file: .env", [(".env", True)]),
        ("env_file: [.env, a.env]", [(".env", True), ("a.env", True)]),
        ("env_file:\n  - path: .env\n    required: false\n  - b.env\n", [(".env", False), ("b.env", True)]),
        ("env_file:\n", []),
    ],
)
def test_env_files(body: str, expected: list[tuple[str, bool]]) -> None:
    assert [(file.path.text, file.required) for file in service(body).env_files] == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("8000", (None, None, "8000", "tcp")),
        ('"80:8000"', (None, "80", "8000", "tcp")),
        ("127.0.0.1:80:8000/udp", ("127.0.0.1", "80", "8000", "udp")),
        ("127.0.0.1::8000", ("127.0.0.1", None, "8000", "tcp")),
        ("${PORT:-80}:8000", (None, "${PORT:-80}", "8000", "tcp")),
        ('"[::1]:80:8000"', ("::1", "80", "8000", "tcp")),
        ("22:22", (None, "22", "22", "tcp")),
        ("8000-8010:8000-8010", (None, "8000-8010", "8000-8010", "tcp")),
        ("{target: 80, published: '8080', host_ip: 127.0.0.1}", ("127.0.0.1", "8080", "80", "tcp")),
    ],
)
def test_ports(entry: str, expected: tuple[str | None, ...]) -> None:
    (port,) = service(f"ports:\n  - {entry}\n").ports
    assert (text_of(port.host_ip), text_of(port.published), port.target.text, port.protocol) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("./src:/app", ("bind", "./src", "/app", False)),
        (".:/app:ro", ("bind", ".", "/app", True)),
        ("/a:/b:rw,z", ("bind", "/a", "/b", False)),
        ("~/x:/b", ("bind", "~/x", "/b", False)),
        ("data:/var/lib", ("volume", "data", "/var/lib", False)),
        ("/cache", ("volume", None, "/cache", False)),
        ("${SRC:-./src}:/app", ("bind", "${SRC:-./src}", "/app", False)),
        ("${PWD}/x:/app", ("bind", "${PWD}/x", "/app", False)),
        ("${VOLUME}:/app", ("unknown", "${VOLUME}", "/app", False)),
        ("'C:\\src:/app'", ("bind", "C:\\src", "/app", False)),
        ("{type: bind, source: ./a, target: /b, read_only: true}", ("bind", "./a", "/b", True)),
        ("{type: tmpfs, target: /b}", ("tmpfs", None, "/b", False)),
    ],
)
def test_volumes(entry: str, expected: tuple[str | None, ...]) -> None:
    (mount,) = service(f"volumes:\n  - {entry}\n").volumes
    assert (mount.kind, text_of(mount.source), mount.target.text, mount.read_only) == expected


def test_depends_on() -> None:
    as_list = service("depends_on: [db, cache]").depends_on
    assert [(found.service, found.condition, found.condition_place) for found in as_list] == [
        ("db", "service_started", None),
        ("cache", "service_started", None),
    ]
    text = (
        "depends_on:\n  db:\n    condition: service_healthy\n"
        "    restart: true\n  x:\n    required: false\n  y:\n"
    )
    as_map = service(text).depends_on
    assert [(found.service, found.condition, found.required) for found in as_map] == [
        ("db", "service_healthy", True),
        ("x", "service_started", False),
        ("y", "service_started", True),
    ]
    assert as_map[0].condition_place == Place(5, 20, 5, 35)


def test_healthchecks() -> None:
    shell = healthcheck("healthcheck:\n  test: curl -f http://localhost:${PORT:-80}/health || exit 1\n")
    assert shell.form == "shell"
    assert [part.name for part in shell.commands] == ["curl", "exit"]
    explicit = healthcheck('healthcheck:\n  test: ["CMD-SHELL", "pg_isready -U $$USER"]\n')
    assert explicit.form == "shell"
    assert [word.text for word in explicit.commands[0].words] == ["pg_isready", "-U", "$USER"]
    assert explicit.commands[0].place == Place(4, 27, 4, 49)
    run = healthcheck('healthcheck:\n  test: ["CMD", "curl", "x"]\n')
    assert (run.form, [word.text for word in run.words]) == ("exec", ["curl", "x"])
    assert healthcheck("healthcheck:\n  test: [NONE]\n").form == "none"
    assert healthcheck("healthcheck:\n  disable: true\n").form == "none"
    assert healthcheck("healthcheck:\n  interval: 5s\n").form == "unset"
    assert service("healthcheck:\n").healthcheck is None


def test_other_keys() -> None:
    found = service(
        "profiles: [dev]\nscale: 2\nrestart: always\nnetwork_mode: host\nnetworks: {a: , b: }\n"
        "labels: ['traefik.enable=true']\n"
        "extends: {service: base, file: common.yml}\nworking_dir: /app\ninit: true\n"
        "develop:\n  watch:\n    - {action: sync, path: ./src, target: /app}\n"
    )
    assert found.profiles == ("dev",)
    assert text_of(found.replicas) == "2"
    assert (text_of(found.restart), text_of(found.network_mode), text_of(found.working_dir)) == (
        "always",
        "host",
        "/app",
    )
    assert found.networks == ("a", "b")
    assert found.labels[0].name == "traefik.enable"
    assert found.extends is not None
    assert (found.extends.service, text_of(found.extends.file)) == ("base", "common.yml")
    assert [(rule.action, text_of(rule.path), text_of(rule.target)) for rule in found.watch] == [
        ("sync", "./src", "/app")
    ]
    assert found.init


def test_replicas_of_deploy_win() -> None:
    assert text_of(service("scale: 2\ndeploy:\n  replicas: ${N:-4}\n").replicas) == "${N:-4}"


def test_extends_short_form() -> None:
    found = service("extends: base").extends
    assert found is not None
    assert found.service == "base"


def test_anchors_keep_the_place_where_the_text_stands() -> None:
    facts = read(
        "x-env: &env\n  A: 1\nservices:\n  a:\n    environment: *env\n"
        "  b:\n    environment:\n      <<: *env\n"
    )
    first, second = facts.services
    assert first.environment[0].place == second.environment[0].place == Place(2, 3, 2, 4)


def test_reset_tags() -> None:
    found = service("ports: !reset []\ncommand: !reset null\nenvironment: !override\n  A: 1\n")
    assert found.resets == ("ports", "command", "environment")
    assert found.ports == ()
    assert found.environment[0].name == "A"


def test_include() -> None:
    facts = read("include:\n  - a.yml\n  - path: [b.yml, c.yml]\nservices: {}\n")
    assert [include.path.text for include in facts.includes] == ["a.yml", "b.yml", "c.yml"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "services:\n",
        "services: []\n",
        "services: x\n",
        "- a\n",
        "services:\n  web:\n",
        "services:\n  web: []\n",
        "services:\n  web:\n    build: [1]\n    command: {a: b}\n"
        "    environment: x\n    ports: {a: b}\n    volumes: 1\n",
        "services:\n  web:\n    depends_on: x\n    healthcheck: x\n"
        "    deploy: x\n    develop: x\n    extends: []\n",
        "services:\n  web:\n    env_file: {a: b}\n"
        "    volumes: [{type: bind}, null, [a]]\n    ports: [{a: b}, null, [a]]\n",
        "services:\n  web:\n    healthcheck: {test: []}\n"
        "    profiles: {a: b}\n    image: [a]\n    labels: 1\n",
        "services:\n  web:\n    ports: [':', '::', '/', '']\n"
        "    volumes: [':', '::', '']\n    environment: ['=', '']\n",
    ],
)
def test_odd_shapes_are_survived(text: str) -> None:
    read(text)


HOSTILE = [
    "services:\n  a:\n    command: " + "'" * 200_000,
    "services:\n  a:\n    command: " + "$" * 200_000,
    "services:\n  a:\n    ports:\n" + "      - ${A:-:}:1\n" * 20_000,
    "services:\n" + "  a: {image: b}\n" * 20_000,
    "services:\n" + "".join(f"  a{i}: {{image: b}}\n" for i in range(20_000)),
    "services: &s\n  a: *s\n",
    "x: &x {environment: {"
    + ", ".join(f"a{i}: 1" for i in range(5_000))
    + "}}\nservices:\n"
    + "".join(f"  s{i}: *x\n" for i in range(5_000)),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_files_are_survived(text: str) -> None:
    read(text)
