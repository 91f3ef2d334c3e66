"""Reading one file: never out of the root, never without bounds, any bytes."""

import os
from pathlib import Path

import pytest

from fastapi_lint.sources import Kind, Skipped, SourceText, decode, read_bytes, read_text
from fastapi_lint.sources.templates import is_template


def test_reads_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_bytes(b"x = 1\r\n")
    assert read_bytes(tmp_path, "a/b.py", 100) == b"x = 1\r\n"


@pytest.mark.parametrize("path", ["../secret", "a/../../secret", "/etc/passwd", "", "a/..", "x\0y"])
def test_never_reads_outside(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "root").mkdir()
    assert read_bytes(tmp_path / "root", path, 100) == "outside the project"


def test_never_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret.py").write_text("s")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file.py").symlink_to("../out/secret.py")
    (root / "folder").symlink_to("../out")
    assert read_bytes(root, "file.py", 100) == "reached through a link"
    assert read_bytes(root, "folder/secret.py", 100) == "reached through a link"


def test_the_limit_holds_for_a_file_that_has_grown(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    assert read_bytes(tmp_path, "f", 5) == b"12345"
    assert read_bytes(tmp_path, "f", 4) == "too large"


def test_missing_and_special_files_give_a_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    assert read_bytes(tmp_path, "none", 5) == "not readable (no such file or directory)"
    assert read_bytes(tmp_path, "pipe", 5) == "not a regular file"
    assert isinstance(read_bytes(tmp_path, "folder", 5), str)


def test_read_text_of_a_huge_file(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"#" * (2 * 1024 * 1024 + 1))
    assert read_text(tmp_path, "Dockerfile", Kind.DOCKERFILE) == Skipped("Dockerfile", "larger than 2 MiB")


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        (b"\xef\xbb\xbfA=1", "A=1", "utf-8"),
        ("A=ü".encode(), "A=ü", "utf-8"),
        (b"A=\xfc", "A=ü", "latin-1"),
        ("A=ü".encode("utf-16"), "A=ü", "utf-16"),
        (b"", "", "utf-8"),
    ],
)
def test_decoding(content: bytes, text: str, encoding: str) -> None:
    assert decode(content, ".env", Kind.DOTENV) == SourceText(".env", Kind.DOTENV, text, encoding)


@pytest.mark.parametrize("content", [b"A=\0", b"\xff\xfeA", b"\xff\xfe\0\0"])
def test_binary_and_broken_utf_16(content: bytes) -> None:
    found = decode(content, ".env", Kind.DOTENV)
    assert found == Skipped(".env", "binary") or isinstance(found, SourceText)


@pytest.mark.parametrize(
    "text",
    [
        "FROM python\n{% if cookiecutter.db %}\nRUN x\n{% endif %}\n",
        'FROM python\nCMD ["python", "-m", "{{cookiecutter.name}}"]\n',
        "FROM {{ base_image }}\n",
        'ENV NAME="{{ name }}"\n',
        "RUN pip install {{ package }}\n",
        "FROM a\nRUN a \\\n  && {{ install }}\n",
        "RUN <<EOF\nx\nEOF\nUSER {{ user }}\n",
    ],
)
def test_templated_dockerfiles(text: str) -> None:
    assert is_template(text, Kind.DOCKERFILE)


@pytest.mark.parametrize(
    "text",
    [
        "FROM python\nRUN docker ps --format '{{.Names}}'\n",
        'RUN docker ps --format "{{ .Names }}"\n',
        "RUN docker ps --format {{.Names}}\n",
        "RUN echo '{{ name }}' > /etc/template.j2\n",
        "RUN a \\\n  && echo '{{ name }}'\n",
        "# FROM {{ base }}\nFROM python\n",
        "RUN cat > t.html <<'EOF'\n<p>{{ title }}</p>\nEOF\nCMD x\n",
        "RUN date +%s{%,}\n",
        "FROM python\n",
        "",
    ],
)
def test_dockerfiles_with_braces_that_are_no_templates(text: str) -> None:
    assert not is_template(text, Kind.DOCKERFILE)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("image: {{ .Values.image }}\n", Kind.KUBERNETES),
        ('image: "{{ .Values.image }}:{{ .Chart.AppVersion }}"\n', Kind.KUBERNETES),
        ("{{- if .Values.x }}\nkind: Pod\n{{- end }}\n", Kind.KUBERNETES),
        ('metadata:\n{{ include "labels" . | indent 2 }}\n', Kind.KUBERNETES),
        ("image: repo/{{ tag }}\n", Kind.COMPOSE),
        ("{% if x %}\nimage: a\n{% endif %}\n", Kind.COMPOSE),
        ("image: {{ .Values.image }}\n", Kind.COMPOSE),
        ("NAME={{cookiecutter.name}}\n", Kind.DOTENV),
        ('name = "{{ cookiecutter.name }}"\n', Kind.PYPROJECT),
        ("{%- if cookiecutter.x %}\nA=1\n{%- endif %}\n", Kind.SHELL),
    ],
)
def test_templates_of_other_kinds(text: str, kind: Kind) -> None:
    assert is_template(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('logging:\n  options:\n    tag: "{{.Name}}"\n', Kind.COMPOSE),
        ('hostname: "{{.Node.Hostname}}-{{.Task.Slot}}"\n', Kind.COMPOSE),
        ("# image: {{ x }}\nimage: a\n", Kind.COMPOSE),
        ("description: pod {{ $labels.pod }} is down\n", Kind.KUBERNETES),
        ("docker inspect --format '{{.State}}' x\n", Kind.SHELL),
        ('tag_format = "{{ version }}"\n', Kind.PYPROJECT),
        ("x = f'{{ {y} }}'\n", Kind.PYTHON),
    ],
)
def test_braces_of_other_kinds_that_are_no_templates(text: str, kind: Kind) -> None:
    assert not is_template(text, kind)
