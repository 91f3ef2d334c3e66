"""Discovery: what is read, what is left out and why."""

import os
from pathlib import Path

import pytest

from fastapi_lint.sources import Kind, Link, Skipped, SourceFile, discover


def project(root: Path, *paths: str, **contents: str) -> Path:
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(contents.get(path, "x = 1\n"))
    return root


def write(root: Path, path: str, text: str | bytes) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode() if isinstance(text, str) else text)


def paths(root: Path, exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in discover(root, exclude).files]


def test_lists_known_files_sorted_with_kind_and_size(tmp_path: Path) -> None:
    write(tmp_path, "b/main.py", "x = 1\n")
    write(tmp_path, "Dockerfile", "FROM x\n")
    write(tmp_path, "a.py", "")
    write(tmp_path, "logo.png", b"\x89PNG")
    assert discover(tmp_path).files == (
        SourceFile("Dockerfile", Kind.DOCKERFILE, 7),
        SourceFile("a.py", Kind.PYTHON, 0),
        SourceFile("b/main.py", Kind.PYTHON, 6),
    )


def test_others_are_listed_but_not_read(tmp_path: Path) -> None:
    project(tmp_path, "logo.png", "secret.py", "main.py")
    write(tmp_path, ".gitignore", "secret.py\n")
    assert discover(tmp_path).others == (".gitignore", "logo.png", "secret.py")


@pytest.mark.parametrize(
    "folder", [".git", ".venv", "venv", "node_modules", "build", "dist", "__pycache__", ".tox", "x.egg-info"]
)
def test_default_folders_are_left_out(tmp_path: Path, folder: str) -> None:
    project(tmp_path, "main.py", f"{folder}/mod.py", f"deep/er/{folder}/mod.py")
    assert paths(tmp_path) == ["main.py"]


def test_an_environment_of_any_name_is_left_out(tmp_path: Path) -> None:
    project(tmp_path, "main.py", "myenv/pyvenv.cfg", "myenv/lib/x.py", "conda/conda-meta/log", "conda/y.py")
    assert paths(tmp_path) == ["main.py"]


def test_the_root_itself_may_have_an_excluded_name(tmp_path: Path) -> None:
    root = tmp_path / "build"
    project(root, "main.py", "pyvenv.cfg")
    assert paths(root) == ["main.py"]


def test_gitignore_patterns(tmp_path: Path) -> None:
    project(tmp_path, "main.py", "generated/a.py", "app/generated/b.py", "top.py", "app/top.py", "x_pb2.py")
    write(tmp_path, ".gitignore", "# comment\n\ngenerated/\n/top.py\n*_pb2.py\n")
    assert paths(tmp_path) == ["app/top.py", "main.py"]


def test_gitignore_negation(tmp_path: Path) -> None:
    project(tmp_path, "a_gen.py", "keep_gen.py", "out/keep_gen.py")
    write(tmp_path, ".gitignore", "*_gen.py\n!keep_gen.py\nout/\n")
    assert paths(tmp_path) == ["keep_gen.py"], "a file in an ignored folder can't be taken back"


def test_nested_gitignore_wins_over_the_outer_one(tmp_path: Path) -> None:
    project(tmp_path, "a/local.py", "b/local.py", "a/only.py", "only.py")
    write(tmp_path, ".gitignore", "local.py\n")
    write(tmp_path, "a/.gitignore", "!local.py\n/only.py\n")
    assert paths(tmp_path) == ["a/local.py", "only.py"]


def test_gitignore_of_the_folder_above_the_root_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, ".gitignore", "*.py\n")
    project(tmp_path / "repo", "main.py")
    assert paths(tmp_path / "repo") == ["main.py"]


HOSTILE = ["!", "\\", "[", "[z-a]", "***", "a" * 5000, "*a*a*a*a*a*a*a*b", "\x00", "[[:x:]"]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_gitignore_lines_do_no_harm(tmp_path: Path, line: str) -> None:
    project(tmp_path, "a" * 100 + ".py", "no.py")
    write(tmp_path, ".gitignore", f"{line}\nno.py\n")
    found = paths(tmp_path)
    assert "no.py" not in found


def test_gitignore_in_latin_1_is_survived(tmp_path: Path) -> None:
    project(tmp_path, "main.py", "no.py")
    write(tmp_path, ".gitignore", b"caf\xe9/\nno.py\n")
    assert paths(tmp_path) == ["main.py"]


def test_exclude_patterns(tmp_path: Path) -> None:
    project(tmp_path, "main.py", "legacy/a.py", "app/legacy/b.py", "app/c_old.py")
    assert paths(tmp_path, ("legacy/", "*_old.py")) == ["main.py"]
    assert paths(tmp_path, ("/legacy",)) == ["app/c_old.py", "app/legacy/b.py", "main.py"]


def test_exclude_takes_back_a_default(tmp_path: Path) -> None:
    project(tmp_path, "build/tool.py", "dist/x.py")
    assert paths(tmp_path, ("!build/",)) == ["build/tool.py"]


def test_unused_excludes_are_named(tmp_path: Path) -> None:
    project(tmp_path, "main.py", "legacy/a.py", "logo.png")
    found = discover(tmp_path, ("legacy", "nothing/", "*.png"))
    assert found.unused_excludes == ("nothing/",)


def test_link_inside_is_read_once_under_its_real_path(tmp_path: Path) -> None:
    write(tmp_path, "docker/Dockerfile", "FROM x\n")
    (tmp_path / "Dockerfile").symlink_to("docker/Dockerfile")
    found = discover(tmp_path)
    assert [file.path for file in found.files] == ["docker/Dockerfile"]
    assert found.links == (Link("Dockerfile", "docker/Dockerfile"),)
    assert found.skipped == ()


def test_link_gives_a_nameless_file_its_kind(tmp_path: Path) -> None:
    write(tmp_path, "docker/image.production", "FROM x\n")
    (tmp_path / "Dockerfile").symlink_to("docker/image.production")
    assert discover(tmp_path).files == (SourceFile("docker/image.production", Kind.DOCKERFILE, 7),)


def test_link_does_not_bring_back_an_ignored_file(tmp_path: Path) -> None:
    write(tmp_path, ".gitignore", "secret/\n*.hidden\n")
    write(tmp_path, "secret/file", "FROM x\n")
    write(tmp_path, "file.hidden", "FROM x\n")
    (tmp_path / "Dockerfile").symlink_to("secret/file")
    (tmp_path / "Dockerfile.two").symlink_to("file.hidden")
    assert discover(tmp_path).files == ()


def test_links_out_of_the_root_are_skipped(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    project(outside, "secret.py", "folder/a.py")
    root = tmp_path / "root"
    project(root, "main.py")
    (root / "stolen.py").symlink_to(outside / "secret.py")
    (root / "folder").symlink_to(outside / "folder")
    (root / "relative.py").symlink_to("../outside/secret.py")
    found = discover(root)
    assert [file.path for file in found.files] == ["main.py"]
    assert found.skipped == (
        Skipped("folder", "link out of the project"),
        Skipped("relative.py", "link out of the project"),
        Skipped("stolen.py", "link out of the project"),
    )


def test_a_sibling_with_the_roots_name_as_prefix_is_outside(tmp_path: Path) -> None:
    project(tmp_path / "root-two", "secret.py")
    project(tmp_path / "root", "main.py")
    (tmp_path / "root" / "a.py").symlink_to("../root-two/secret.py")
    assert discover(tmp_path / "root").skipped == (Skipped("a.py", "link out of the project"),)


def test_link_loops_end(tmp_path: Path) -> None:
    project(tmp_path, "pkg/main.py")
    (tmp_path / "pkg" / "again").symlink_to("..")
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    found = discover(tmp_path)
    assert [file.path for file in found.files] == ["pkg/main.py"]
    assert found.links == (Link("pkg/again", ""),)
    assert found.skipped == (Skipped("gone.py", "broken link"), Skipped("self.py", "broken link"))


def test_a_linked_root_is_its_target(tmp_path: Path) -> None:
    project(tmp_path / "real", "main.py")
    (tmp_path / "alias").symlink_to("real")
    assert paths(tmp_path / "alias") == ["main.py"]


def test_huge_files_are_skipped_with_a_reason(tmp_path: Path) -> None:
    write(tmp_path, "big.py", b"#" * (4 * 1024 * 1024 + 1))
    write(tmp_path, "docker-compose.yml", b"#" * (10 * 1024 * 1024))
    write(tmp_path, "data.yaml", b"#" * (10 * 1024 * 1024))
    assert discover(tmp_path).skipped == (
        Skipped("big.py", "larger than 4 MiB"),
        Skipped("docker-compose.yml", "larger than 2 MiB"),
    )


def test_templates_are_skipped_by_name(tmp_path: Path) -> None:
    project(
        tmp_path, "{{cookiecutter.slug}}/main.py", "Dockerfile.j2", "app.py.jinja", "a.html.j2", "main.py"
    )
    found = discover(tmp_path)
    assert [file.path for file in found.files] == ["main.py"]
    assert found.skipped == (
        Skipped("Dockerfile.j2", "template"),
        Skipped("app.py.jinja", "template"),
        Skipped("{{cookiecutter.slug}}", "template"),
    )


def test_yaml_is_taken_by_its_content(tmp_path: Path) -> None:
    write(tmp_path, "k8s/app.yaml", "# note\napiVersion: apps/v1\nkind: Deployment\n")
    write(tmp_path, "local.yml", "services:\n\n  # the app\n  web:\n    build: .\n")
    write(tmp_path, "ci.yml", "services:\n  - postgres\nbuild:\n  image: x\n")
    write(tmp_path, "openapi.yaml", "info:\n  kind: x\n  apiVersion: y\n")
    assert [(file.path, file.kind) for file in discover(tmp_path).files] == [
        ("k8s/app.yaml", Kind.KUBERNETES),
        ("local.yml", Kind.COMPOSE),
    ]


def test_shell_scripts_without_extension_need_a_shebang(tmp_path: Path) -> None:
    write(tmp_path, "start", "#!/usr/bin/env bash\nuvicorn a:b\n")
    write(tmp_path, "LICENSE", "MIT\n")
    write(tmp_path, "tool", "#!/usr/bin/env python\n")
    assert [(file.path, file.kind) for file in discover(tmp_path).files] == [("start", Kind.SHELL)]


def test_special_files_are_not_opened(tmp_path: Path) -> None:
    project(tmp_path, "main.py")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe.yaml")
    assert paths(tmp_path) == ["main.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_folder_is_skipped(tmp_path: Path) -> None:
    project(tmp_path, "main.py", "locked/a.py")
    (tmp_path / "locked").chmod(0)
    try:
        assert discover(tmp_path).skipped == (Skipped("locked", "not readable (permission denied)"),)
    finally:
        (tmp_path / "locked").chmod(0o700)


def test_very_deep_folders_end(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 80)
    deep.mkdir(parents=True)
    (deep / "a.py").write_text("")
    found = discover(tmp_path)
    assert found.files == ()
    assert [skip.reason for skip in found.skipped] == ["too many or too deep folders"]


def test_names_with_newlines_and_odd_bytes_are_survived(tmp_path: Path) -> None:
    write(tmp_path, "a\nb.py", "")
    with open(os.fsencode(tmp_path) + b"/caf\xe9.py", "wb"):
        pass
    assert len(discover(tmp_path).files) == 2


def test_two_runs_agree(tmp_path: Path) -> None:
    project(tmp_path, *(f"pkg{i}/mod{j}.py" for i in range(5) for j in range(5)))
    assert discover(tmp_path, ("nothing",)) == discover(tmp_path, ("nothing",))
