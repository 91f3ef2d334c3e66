"""Framework versions as sets, by folder."""

from dataclasses import dataclass, field

import pytest
from packaging.version import Version

from fastapi_lint.facts import lockfile, pipfile, pyproject, setup_cfg
from fastapi_lint.facts import requirements as requirement_files
from fastapi_lint.project.versions.dependency_files import DependencyFiles
from fastapi_lint.project.versions.releases import known_releases, matching_releases
from fastapi_lint.project.versions.sets import FolderVersions


@dataclass
class Files:
    """Dependency files from texts, by path."""

    texts: dict[str, str]
    pyprojects: list[tuple[str, pyproject.PyprojectFacts]] = field(default_factory=list)
    lockfiles: list[tuple[str, lockfile.LockFacts]] = field(default_factory=list)
    requirements: list[tuple[str, requirement_files.RequirementsFacts]] = field(default_factory=list)
    pipfiles: list[tuple[str, pipfile.PipfileFacts]] = field(default_factory=list)
    setup_cfgs: list[tuple[str, setup_cfg.SetupCfgFacts]] = field(default_factory=list)
    python_versions: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path, text in sorted(self.texts.items()):
            name = path.rpartition("/")[2]
            if name == "pyproject.toml":
                self.pyprojects.append((path, pyproject.read(text)))
            elif name.endswith(".lock"):
                self.lockfiles.append((path, lockfile.read(text)))
            elif name == "Pipfile":
                self.pipfiles.append((path, pipfile.read(text)))
            elif name == "setup.cfg":
                self.setup_cfgs.append((path, setup_cfg.read(text)))
            elif name == ".python-version":
                self.python_versions.append((path, text.split()[0]))
            else:
                self.requirements.append((path, requirement_files.read(text)))


def versions(texts: dict[str, str], folder: str = "") -> FolderVersions:
    return FolderVersions(DependencyFiles(Files(texts)), folder)


def lock(**packages: str) -> str:
    return "".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in packages.items()
    )


def project(*dependencies: str, name: str = "shop") -> str:
    return f'[project]\nname = "{name}"\ndependencies = {list(dependencies)!r}\n'


def only(found: FolderVersions, package: str = "fastapi") -> str:
    (release,) = found.of(package).releases
    return str(release)


# --- where a version comes from -------------------------------------------------------------------


def test_without_any_file_the_newest_release_is_assumed() -> None:
    found = versions({})
    assert only(found) == "0.165.0"
    assert only(found, "starlette") == "1.10.0"
    assert only(found, "pydantic") == "2.14.3"
    assert found.of("fastapi").origin == "assumed"
    assert not found.is_named("fastapi")


def test_without_a_constraint_the_newest_release_is_assumed() -> None:
    found = versions({"requirements.txt": "fastapi\n"})
    assert only(found) == "0.165.0"
    assert found.of("fastapi").origin == "assumed"
    assert found.is_named("fastapi")


def test_a_lock_is_exact() -> None:
    found = versions({"pyproject.toml": project("fastapi>=0.100"), "uv.lock": lock(fastapi="0.110.2")})
    assert only(found) == "0.110.2"
    assert (found.of("fastapi").origin, found.of("fastapi").path) == ("locked", "uv.lock")
    assert found.of("fastapi").is_exact


def test_a_pin_is_exact() -> None:
    found = versions({"requirements.txt": "fastapi[standard]==0.95.2 ; python_version > '3'\n"})
    assert only(found) == "0.95.2"
    assert found.of("fastapi").origin == "pinned"


def test_a_range_is_every_known_release_in_it() -> None:
    found = versions({"pyproject.toml": project("fastapi>=0.105,<0.107")}).of("fastapi")
    assert [str(release) for release in found.releases] == ["0.105.0", "0.106.0"]
    assert (found.origin, found.path) == ("declared", "pyproject.toml")


def test_an_open_range_ends_with_the_newest_release() -> None:
    releases = versions({"pyproject.toml": project("fastapi>=0.115")}).of("fastapi").releases
    assert (str(releases[0]), str(releases[-1])) == ("0.115.0", "0.165.0")


def test_poetry_ranges() -> None:
    text = '[tool.poetry.dependencies]\nfastapi = "^0.104.0"\npydantic = "^1.10"\n'
    found = versions({"pyproject.toml": text})
    assert {str(release) for release in found.of("fastapi").releases} == {"0.104.0", "0.104.1"}
    assert found.all_below("pydantic", "2")


def test_an_unclear_constraint_allows_every_release() -> None:
    text = '[tool.poetry.dependencies]\npydantic = "^1.10 || ^2.0"\n'
    found = versions({"pyproject.toml": text})
    assert not found.all_at_least("pydantic", "2")
    assert not found.all_below("pydantic", "2")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Pipfile", '[packages]\nfastapi = "==0.99.0"\n'),
        ("setup.cfg", "[options]\ninstall_requires =\n    fastapi==0.99.0\n"),
        ("requirements/base.txt", "fastapi==0.99.0\n"),
        ("requirements.in", "fastapi==0.99.0\n"),
        ("pyproject.toml", '[project.optional-dependencies]\napi = ["fastapi==0.99.0"]\n'),
        ("pyproject.toml", '[dependency-groups]\nserver = ["fastapi==0.99.0"]\n'),
    ],
)
def test_other_files_that_declare(path: str, text: str) -> None:
    assert only(versions({path: text})) == "0.99.0"


def test_a_pin_is_better_than_a_range_beside_it() -> None:
    found = versions({"pyproject.toml": project("fastapi>=0.100"), "requirements.txt": "fastapi==0.111.0\n"})
    assert only(found) == "0.111.0"


def test_plain_requirements_come_before_those_for_development() -> None:
    found = versions({"requirements-dev.txt": "fastapi==0.90.0\n", "requirements.txt": "fastapi==0.111.0\n"})
    assert only(found) == "0.111.0"


def test_the_plain_name_comes_first() -> None:
    found = versions({"requirements-lite.txt": "fastapi==0.90.0\n", "requirements.txt": "fastapi==0.111.0\n"})
    assert only(found) == "0.111.0"


def test_includes_and_constraints() -> None:
    found = versions(
        {
            "requirements.txt": "-r requirements/web.txt\n-c constraints.txt\n",
            "requirements/web.txt": "fastapi\n-r ../requirements.txt\n",
            "constraints.txt": "fastapi==0.101.0\n",
        }
    )
    assert only(found) == "0.101.0"


def test_several_locked_versions_are_all_in_the_set() -> None:
    text = lock(pydantic="1.10.13") + lock(pydantic="2.5.0")
    found = versions({"uv.lock": text})
    assert [str(release) for release in found.of("pydantic").releases] == ["1.10.13", "2.5.0"]
    assert not found.all_at_least("pydantic", "2")


def test_a_release_that_is_not_known_yet_counts() -> None:
    assert versions({"uv.lock": lock(fastapi="0.999.0")}).all_at_least("fastapi", "0.118")


def test_a_version_that_is_none_is_passed_over() -> None:
    assert versions({"uv.lock": lock(fastapi="nonsense")}).of("fastapi").origin == "assumed"
    assert not versions({"requirements.txt": "fastapi==nonsense\n"}).all_at_least("fastapi", "0.100")


def test_a_dependency_from_a_repository_is_open() -> None:
    text = "fastapi @ git+https://example.org/fastapi.git\n"
    assert versions({"requirements.txt": text}).of("fastapi").origin == "assumed"


# --- folders --------------------------------------------------------------------------------------


def test_the_nearest_file_wins() -> None:
    texts = {"requirements.txt": "fastapi==0.90.0\n", "one/requirements.txt": "fastapi==0.100.0\n"}
    assert only(versions(texts, "one/app/api")) == "0.100.0"
    assert only(versions(texts, "two/app")) == "0.90.0"


def test_a_folder_name_that_begins_alike_is_another_folder() -> None:
    texts = {"one/requirements.txt": "fastapi==0.100.0\n", "one-two/requirements.txt": "fastapi==0.110.0\n"}
    assert only(versions(texts, "one-two")) == "0.110.0"


def test_a_nearer_file_that_does_not_name_the_package_is_passed_over() -> None:
    texts = {"requirements.txt": "fastapi==0.90.0\n", "app/plugin/requirements.txt": "aiosmtplib\n"}
    assert only(versions(texts, "app/plugin")) == "0.90.0"


def test_the_lock_of_a_workspace_counts_for_its_members() -> None:
    texts = {
        "backend/pyproject.toml": project("fastapi>=0.100", name="My_Backend"),
        "uv.lock": lock(**{"my-backend": "0.1.0", "fastapi": "0.120.0"}),
    }
    assert only(versions(texts, "backend/app")) == "0.120.0"


def test_the_lock_of_another_project_above_does_not_count() -> None:
    texts = {"backend/pyproject.toml": project("fastapi>=0.164"), "uv.lock": lock(fastapi="0.120.0")}
    assert versions(texts, "backend/app").all_at_least("fastapi", "0.164")


def test_files_below_are_asked_if_nothing_above_speaks() -> None:
    texts = {"service/tools/poetry.lock": lock(fastapi="0.115.6")}
    assert only(versions(texts, "service/app")) == "0.115.6"


def test_files_of_another_service_do_not_speak() -> None:
    texts = {"one/requirements.txt": "fastapi==0.88.0\n", "two/requirements.txt": "starlette==0.30.0\n"}
    assert versions(texts, "one").all_below("starlette", "0.23")


def test_files_below_that_disagree_are_all_in_the_set() -> None:
    texts = {"a/requirements.txt": "fastapi==0.90.0\n", "b/requirements.txt": "fastapi==0.120.0\n"}
    found = versions(texts)
    assert not found.all_at_least("fastapi", "0.106")
    assert not found.all_below("fastapi", "0.106")
    assert found.all_at_least("fastapi", "0.90")


# --- what a framework requires --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fastapi", "starlette"),
    [("0.68.0", "0.14.2"), ("0.104.1", "0.27.0"), ("0.110.2", "0.37.2"), ("0.115.6", "0.41.3")],
)
def test_starlette_follows_fastapi(fastapi: str, starlette: str) -> None:
    found = versions({"requirements.txt": f"fastapi=={fastapi}\n"}).of("starlette")
    assert Version(starlette) in found.releases
    assert found.origin == "required"
    assert Version("1.10.0") not in found.releases


def test_pydantic_is_old_with_an_old_fastapi() -> None:
    found = versions({"requirements.txt": "fastapi==0.95.0\n"})
    assert found.all_below("pydantic", "2")
    assert versions({"requirements.txt": "fastapi==0.110.0\n"}).all_at_least("pydantic", "2")
    both = versions({"pyproject.toml": project("fastapi>=0.95")})
    assert not both.all_below("pydantic", "2")
    assert not both.all_at_least("pydantic", "2")


def test_a_declared_pydantic_is_not_guessed() -> None:
    found = versions({"requirements.txt": "fastapi==0.110.0\npydantic==1.10.13\n"})
    assert found.all_below("pydantic", "2")


def test_sqlalchemy_follows_sqlmodel() -> None:
    assert versions({"requirements.txt": "sqlmodel==0.0.8\n"}).all_below("sqlalchemy", "2")
    assert versions({"requirements.txt": "sqlmodel==0.0.22\n"}).all_within("sqlalchemy", "2.0", "2.1")


# --- questions ------------------------------------------------------------------------------------


def test_questions_hold_for_the_whole_set_only() -> None:
    found = versions({"pyproject.toml": project("fastapi>=0.105,<0.119")})
    assert found.all_at_least("fastapi", "0.105")
    assert not found.all_at_least("fastapi", "0.106")
    assert found.all_below("fastapi", "0.119")
    assert not found.all_below("fastapi", "0.118")
    assert found.all_within("fastapi", "0.105", "0.119")
    assert not found.all_within("fastapi", "0.106", "0.118")
    assert found.of("fastapi").always(lambda release: release >= Version("0.100"))


def test_nothing_holds_for_a_package_that_nobody_knows() -> None:
    found = versions({})
    assert not found.all_at_least("nonsense", "0")
    assert not found.all_below("nonsense", "999")


def test_a_range_that_no_known_release_meets_leaves_the_newest() -> None:
    assert versions({"pyproject.toml": project("fastapi>=9,<1")}).of("fastapi").origin == "assumed"


# --- Python ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, ["3.13"]),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.12'\n"}, ["3.12", "3.13", "3.14"]),
        ({"pyproject.toml": "[project]\nrequires-python = '==3.11.*'\n"}, ["3.11"]),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.11.4,<3.12'\n"}, ["3.11"]),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.13'\n"}, ["3.13", "3.14"]),
        ({"setup.cfg": "[options]\npython_requires = >=3.14\n"}, ["3.14"]),
        ({"Pipfile": "[requires]\npython_version = '3.9'\n"}, ["3.9"]),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '3.11.6'\n"}, ["3.11"]),
        ({".python-version": "3.12.4\n"}, ["3.12"]),
        (
            {".python-version": "3.12\n", "pyproject.toml": "[project]\nrequires-python = '>=3.11'\n"},
            ["3.12"],
        ),
        (
            {".python-version": "3.10\n", "pyproject.toml": "[project]\nrequires-python = '==3.11.*'\n"},
            ["3.11"],
        ),
        ({".python-version": "pypy3.10\n"}, ["3.13"]),
    ],
)
def test_python(texts: dict[str, str], expected: list[str]) -> None:
    assert [str(version) for version in versions(texts).python.releases] == expected


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["fastapi", "starlette", "pydantic", "pydantic-settings", "sqlalchemy"])
def test_releases_ascend(package: str) -> None:
    releases = known_releases(package)
    assert list(releases) == sorted(set(releases))


def test_a_specifier_that_is_none_allows_every_release() -> None:
    assert matching_releases("fastapi", "what?") == known_releases("fastapi")
