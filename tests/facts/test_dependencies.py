"""pyproject.toml, requirements and lock files."""

import json

import pytest

from fastapi_lint.facts import lockfile, pyproject, requirements
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.pyproject import UvWorkspace
from fastapi_lint.facts.requirement import parse_requirement, poetry_specifier

HERE = Place(1, 1, 1, 1)


# --- one requirement ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "specifier", "extras", "marker", "url"),
    [
        ("fastapi", "fastapi", "", (), "", ""),
        ("FastAPI[Standard, all]>=0.100, <1", "fastapi", ">=0.100,<1", ("standard", "all"), "", ""),
        (
            "typing_extensions == 4.0 ; python_version < '3.9'",
            "typing-extensions",
            "==4.0",
            (),
            "python_version < '3.9'",
            "",
        ),
        ("x @ https://e.org/x.whl", "x", "", (), "", "https://e.org/x.whl"),
        (
            "x @ git+https://e.org/x.git@main ; a == 'b'",
            "x",
            "",
            (),
            "a == 'b'",
            "git+https://e.org/x.git@main",
        ),
        ("x (>=1)", "x", ">=1", (), "", ""),
        ("a.b_c", "a-b-c", "", (), "", ""),
    ],
)
def test_requirements(
    text: str, name: str, specifier: str, extras: tuple[str, ...], marker: str, url: str
) -> None:
    found = parse_requirement(text, HERE)
    assert found is not None
    assert (found.name, found.specifier, found.extras, found.marker, found.url) == (
        name,
        specifier,
        extras,
        marker,
        url,
    )


@pytest.mark.parametrize("text", ["", "-x", "[a]", "./local", "a b", "x" * 2000])
def test_what_is_no_requirement(text: str) -> None:
    assert parse_requirement(text, HERE) is None


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1"),
        ("^0.0", ">=0.0,<0.1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("1.2.3", "==1.2.3"),
        ("1.*", "==1.*"),
        ("*", ""),
        (">=1,<2", ">=1,<2"),
        (">= 1.0 , < 2.0", ">=1.0,<2.0"),
        (">=1 <2", ">=1,<2"),
        ("^1 || ^2", ">=0"),
        ("=1.0", "==1.0"),
        ("^x", ">=0"),
    ],
)
def test_poetry_constraints(constraint: str, specifier: str) -> None:
    assert poetry_specifier(constraint) == specifier


# --- pyproject ------------------------------------------------------------------------------------

PEP_621 = """# fastapi-lint: ignore[DPL009] why
[project]
name = "shop"
requires-python = ">= 3.12"
dependencies = [
    "fastapi[standard]>=0.115",  # fastapi-lint: ignore[XAR003]
    'sqlalchemy',
]
[project.optional-dependencies]
pg = ["asyncpg"]
[project.scripts]
shop = "shop.cli:main"
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff>=0.8"]
[build-system]
build-backend = "hatchling.build"
[tool.hatch.build.targets.wheel]
packages = ["src/shop"]
[tool.fastapi]
entrypoint = "shop.main:app"
[tool.uv]
default-groups = ["dev"]
package = false
[tool.uv.sources]
lib = { workspace = true }
other = { git = "https://e.org/x" }
[tool.uv.workspace]
members = ["packages/*"]
[tool.pytest.ini_options]
pythonpath = ["src", "."]
"""


def test_pep_621() -> None:
    facts = pyproject.read(PEP_621)
    assert (facts.name, facts.requires_python, facts.requires_python_place) == (
        "shop",
        ">=3.12",
        Place(4, 1, 4, 16),
    )
    assert [(r.name, r.specifier, r.extras, r.place) for r in facts.dependencies] == [
        ("fastapi", ">=0.115", ("standard",), Place(6, 5, 6, 31)),
        ("sqlalchemy", "", (), Place(7, 5, 7, 17)),
    ]
    assert facts.dependencies_place == Place(5, 1, 5, 13)
    assert [(g.name, [r.name for r in g.requirements]) for g in facts.extras] == [("pg", ["asyncpg"])]
    assert [(g.name, [r.name for r in g.requirements], g.includes) for g in facts.groups] == [
        ("dev", ["pytest"], ("lint",)),
        ("lint", ["ruff"], ()),
    ]
    assert facts.groups[0].place == Place(14, 1, 14, 4)
    assert [(s.name, s.target) for s in facts.scripts] == [("shop", "shop.cli:main")]


def test_pep_621_tools() -> None:
    facts = pyproject.read(PEP_621)
    assert (facts.has_build_system, facts.build_backend, facts.builds_package) == (
        True,
        "hatchling.build",
        False,
    )
    assert (facts.source_roots, facts.packages, facts.python_paths) == (("src",), ("src/shop",), ("src", "."))
    assert facts.fastapi_entrypoint is not None
    assert facts.fastapi_entrypoint.text == "shop.main:app"
    assert facts.fastapi_entrypoint.place == Place(21, 14, 21, 29)
    assert facts.default_groups == ("dev",)
    assert facts.sources == (("lib", "workspace"), ("other", "git"))
    assert facts.workspace == UvWorkspace(("packages/*",), ())
    assert [(c.line, c.alone, c.first_block) for c in facts.comments] == [(1, True, True), (6, False, False)]


def test_poetry() -> None:
    facts = pyproject.read(
        '[tool.poetry]\nname = "shop"\npackages = [{include '
        '= "shop", from = "src"}]\n[tool.poetry.dependencies]\n'
        'python = "^3.11"\nfastapi = "^0.110"\nuvicorn = {version = "^0.29", extras = ["standard"]}\n'
        'pg = {version = "*", optional = true}\nlib = {path = '
        '"../lib"}\nmulti = [{version = "1"}, {version = "2"}]\n'
        '[tool.poetry.extras]\ndb = ["pg"]\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\n'
        '[tool.poetry.group.docs]\noptional = true\n[tool.poetry.group.docs.dependencies]\nmkdocs = "*"\n'
        '[tool.poetry.dev-dependencies]\nblack = "*"\n[tool.poetry.scripts]\nrun = "shop:main"\n'
    )
    assert (facts.name, facts.requires_python) == ("shop", ">=3.11,<4")
    assert [(r.name, r.specifier, r.extras, r.url) for r in facts.dependencies] == [
        ("fastapi", ">=0.110,<0.111", (), ""),
        ("uvicorn", ">=0.29,<0.30", ("standard",), ""),
        ("lib", "", (), "../lib"),
        ("multi", ">=0", (), ""),
    ]
    assert facts.dependencies[0].place == Place(6, 1, 6, 8)
    assert [(g.name, [r.name for r in g.requirements]) for g in facts.extras] == [("db", ["pg"])]
    assert [(g.name, [r.name for r in g.requirements], g.optional) for g in facts.groups] == [
        ("dev", ["black"], False),
        ("dev", ["pytest"], False),
        ("docs", ["mkdocs"], True),
    ]
    assert facts.source_roots == ("src",)
    assert [(s.name, s.target) for s in facts.scripts] == [("run", "shop:main")]
    assert facts.lists_dependencies


def test_pdm_and_uv_groups() -> None:
    facts = pyproject.read(
        '[tool.pdm.dev-dependencies]\ntest = ["pytest"]\n[tool.uv]\ndev-dependencies = ["ruff"]\n'
    )
    assert [(g.name, [r.name for r in g.requirements]) for g in facts.groups] == [
        ("test", ["pytest"]),
        ("dev", ["ruff"]),
    ]
    assert not facts.lists_dependencies
    assert not facts.has_build_system


def test_a_file_that_is_no_toml_has_a_problem() -> None:
    facts = pyproject.read('[project]\nname = "x\n')
    assert facts.problem is not None
    assert (facts.problem.line, facts.problem.column) == (2, 10)
    assert facts.dependencies == ()


def test_crlf_and_byte_order_mark() -> None:
    facts = pyproject.read('\ufeff[project]\r\nname = "x"\r\ndependencies = [\r\n  "fastapi",\r\n]\r\n')
    assert facts.problem is None
    assert facts.dependencies[0].place == Place(4, 3, 4, 12)


@pytest.mark.parametrize(
    "text",
    [
        "project = 1\ntool = []\nbuild-system = 'x'\n",
        "[project]\nname = 1\ndependencies = 'x'\n"
        "optional-dependencies = []\nscripts = {a = 1}\ndynamic = 'x'\n",
        "[project]\ndependencies = [1, 'x y z', {}]\noptional-dependencies = {a = 'b', c = [1]}\n",
        "[dependency-groups]\na = 1\nb = [{include-group = 1}, {x = 2}]\n",
        "[tool.poetry]\ndependencies = 1\nextras = {a = 1}\n"
        "group = {a = 1, b = {dependencies = 2}}\npackages = [1]\n",
        "[tool.poetry.dependencies]\na = 1\nb = {version = 1, extras = 2}\nc = []\n",
        "[tool.uv]\nsources = {a = 1, b = [], c = [{}]}\n"
        "workspace = 1\ndev-dependencies = 'x'\ndefault-groups = 1\n",
        "[tool.hatch]\nbuild = 1\n[tool.fastapi]\nentrypoint = 1\n[tool.setuptools]\npackages = [1]\n",
        "[tool.setuptools]\npackage-dir = 'x'\n",
    ],
)
def test_odd_shapes_are_survived(text: str) -> None:
    assert pyproject.read(text).problem is None


# --- requirements files ---------------------------------------------------------------------------


def test_requirements_file() -> None:
    facts = requirements.read(
        "# comment\n-r base.txt\n--requirement=more.txt\n-c "
        "constraints.txt\n--index-url https://e.org\n-e .\n-e ./lib\n"
        "fastapi==0.115.0 \\\n    --hash=sha256:abc \\\n    "
        "--hash=sha256:def\nuvicorn[standard]>=0.30  # note\n"
        "git+https://e.org/x.git#egg=some_lib\n./local.whl\nhttps://e.org/y.whl\n\n"
    )
    assert [(r.name, r.specifier, r.extras, r.place) for r in facts.requirements] == [
        ("fastapi", "==0.115.0", (), Place(8, 1, 8, 17)),
        ("uvicorn", ">=0.30", ("standard",), Place(11, 1, 11, 24)),
        ("some-lib", "", (), Place(12, 1, 12, 37)),
    ]
    assert [(i.kind, i.path) for i in facts.includes] == [
        ("requirements", "base.txt"),
        ("requirements", "more.txt"),
        ("constraints", "constraints.txt"),
    ]
    assert facts.local == (".", "./lib", "./local.whl", "https://e.org/y.whl")
    assert facts.hashed


# --- lock files -----------------------------------------------------------------------------------

UV = """version = 1
[manifest]
members = ["shop"]
[[package]]
name = "FastAPI"
version = "0.115.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "starlette" },
    { name = "httpx", extra = ["http2"], marker = "extra == 'x'" },
]
wheels = [
    { url = "https://e.org/name.whl", hash = "sha256:x" },
]

[package.optional-dependencies]
standard = [
    { name = "uvicorn", extra = ["standard"] },
]

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "fastapi" }, { name = "anyio" }]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
]

[package.metadata]
requires-dist = [{ name = "nothing" }]
"""


def test_uv_lock() -> None:
    facts = lockfile.read(UV)
    fastapi, shop = facts.packages
    assert (facts.kind, fastapi.name, fastapi.version, fastapi.source) == (
        "uv",
        "fastapi",
        "0.115.0",
        "registry",
    )
    assert [(d.name, d.extras, d.extra) for d in fastapi.dependencies] == [
        ("starlette", (), ""),
        ("httpx", ("http2",), ""),
        ("uvicorn", ("standard",), "standard"),
    ]
    assert [(d.name, d.extra) for d in shop.dependencies] == [
        ("fastapi", ""),
        ("anyio", ""),
        ("pytest", "dev"),
    ]
    assert shop.source == "virtual"
    assert facts.versions("fastapi") == ("0.115.0",)
    assert facts.versions("none") == ()


def test_poetry_lock() -> None:
    facts = lockfile.read(
        '[[package]]\nname = "fastapi"\nversion = "0.110.0"\ngroups '
        '= ["main", "dev"]\nfiles = [\n    {file = "x"},\n]\n\n'
        '[package.dependencies]\nstarlette = ">=0.36"\nuvicorn = '
        '{version = ">=0.12", extras = ["standard"], optional = true}\n'
        '"backports.x" = {version = "*", markers = "y"}\n\n'
        '[package.extras]\nall = ["httpx (>=0.23)", "uvicorn[standard]"]\n\n'
        '[package.source]\ntype = "git"\n\n[[package]]\nname = "old"\nversion = "1"\ncategory = "dev"\n\n'
        '[metadata]\nname = "no"\n'
    )
    fastapi, old = facts.packages
    assert fastapi.groups == ("main", "dev")
    assert fastapi.source == "git"
    assert [(d.name, d.extras, d.extra) for d in fastapi.dependencies] == [
        ("starlette", (), ""),
        ("backports-x", (), ""),
        ("httpx", (), "all"),
        ("uvicorn", ("standard",), "all"),
    ]
    assert old.groups == ("dev",)


def test_pdm_lock() -> None:
    facts = lockfile.read(
        '[[package]]\nname = "a"\nversion = "1"\ngroups = ["default"]\n'
        'dependencies = [\n    "b>=1; python_version < \\"3\\"",\n'
        '    "c[x]",\n]\n'
    )
    (package,) = facts.packages
    assert [(d.name, d.extras) for d in package.dependencies] == [("b", ()), ("c", ("x",))]


def test_several_versions() -> None:
    text = "".join(f'[[package]]\nname = "numpy"\nversion = "{version}"\n' for version in ("1.26", "2.0"))
    assert lockfile.read(text).versions("numpy") == ("1.26", "2.0")


def test_pylock() -> None:
    assert lockfile.read(
        '[[packages]]\nname = "a"\nversion = "1"\n[[packages.wheels]]\nname = "x"\n'
    ).versions("a") == ("1",)


def test_pipfile_lock() -> None:
    content = {
        "default": {"FastAPI": {"version": "==0.1"}, "x": {"git": "y"}},
        "develop": {"pytest": {"version": "==8"}},
    }
    facts = lockfile.read(json.dumps(content))
    assert [(p.name, p.version, p.groups) for p in facts.packages] == [
        ("fastapi", "0.1", ("main",)),
        ("x", "", ("main",)),
        ("pytest", "8", ("dev",)),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "{}", '{"default": 1}', '{"default": {"a": 1}}', "[" * 100_000, '{"a":' * 50_000]
)
def test_odd_lock_files_are_survived(text: str) -> None:
    assert len(lockfile.read(text).packages) <= 1
