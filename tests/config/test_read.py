"""Where the configuration is, and which one holds."""

from pathlib import Path

import pytest

from fastapi_lint.config import Config, ConfigError, read_config, read_config_file
from fastapi_lint.config.validate import RuleWords


def test_without_a_file_the_defaults_hold(tmp_path: Path, words: RuleWords) -> None:
    assert read_config(tmp_path, words) == Config()


def test_a_pyproject_without_our_table_is_none(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    assert read_config(tmp_path, words) == Config()


def test_our_own_file(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "fastapi-lint.toml").write_text('preset = "strict"\n')
    found = read_config(tmp_path, words)
    assert (found.preset, found.source) == ("strict", "fastapi-lint.toml")


def test_the_table_in_pyproject(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'\xef\xbb\xbf[tool.fastapi-lint]\npreset = "strict"\n')
    found = read_config(tmp_path, words)
    assert (found.preset, found.source) == ("strict", "pyproject.toml")


def test_both_are_an_error(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "fastapi-lint.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.fastapi-lint]\n")
    with pytest.raises(ConfigError, match="keep one of them"):
        read_config(tmp_path, words)


def test_a_configuration_above_the_root_is_not_read(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "fastapi-lint.toml").write_text('preset = "strict"\n')
    (tmp_path / "app").mkdir()
    assert read_config(tmp_path / "app", words) == Config()


@pytest.mark.parametrize("content", [b"a = \n", b'preset = "\xff"\n', b"[" * 5000])
def test_a_broken_file_is_told_with_its_name(tmp_path: Path, words: RuleWords, content: bytes) -> None:
    (tmp_path / "fastapi-lint.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"^fastapi-lint.toml: is no valid TOML"):
        read_config(tmp_path, words)


def test_a_broken_pyproject_matters_only_if_it_names_us(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff\n")
    assert read_config(tmp_path, words) == Config()
    (tmp_path / "pyproject.toml").write_text("[tool.fastapi-lint\n")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml"):
        read_config(tmp_path, words)


def test_a_table_that_is_none(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nfastapi-lint = 1\n")
    with pytest.raises(ConfigError, match="takes a table"):
        read_config(tmp_path, words)


@pytest.mark.parametrize("name", ["fastapi-lint.toml", "pyproject.toml"])
def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path, words: RuleWords, name: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "shared.toml").write_text('preset = "strict"\n')
    (tmp_path / "root" / name).symlink_to(tmp_path / "shared.toml")
    with pytest.raises(ConfigError, match="is a link out of the root"):
        read_config(tmp_path / "root", words)


def test_a_link_inside_of_the_root_is_followed(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "ci.toml").write_text('preset = "strict"\n')
    (tmp_path / "fastapi-lint.toml").symlink_to(tmp_path / "ci.toml")
    assert read_config(tmp_path, words).preset == "strict"


def test_a_huge_file_is_refused(tmp_path: Path, words: RuleWords) -> None:
    (tmp_path / "fastapi-lint.toml").write_bytes(b"# \n" * 400_000)
    with pytest.raises(ConfigError, match="larger than"):
        read_config(tmp_path, words)


def test_a_named_file(tmp_path: Path, words: RuleWords) -> None:
    file = tmp_path / "lint.toml"
    file.write_text('fail-on = "error"\n')
    assert read_config_file(file, words).fail_on == "error"


def test_a_named_pyproject_must_have_our_table(tmp_path: Path, words: RuleWords) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool.ruff]\n")
    with pytest.raises(ConfigError, match=r"there is no `\[tool.fastapi-lint\]`"):
        read_config_file(file, words)
    file.write_text('[tool.fastapi-lint]\npreset = "strict"\n')
    assert read_config_file(file, words).preset == "strict"


def test_a_named_file_that_is_missing(tmp_path: Path, words: RuleWords) -> None:
    with pytest.raises(ConfigError, match="is no file"):
        read_config_file(tmp_path / "none.toml", words)
