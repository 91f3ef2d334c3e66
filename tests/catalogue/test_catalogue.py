"""The catalogue: reading pages, finding rules by their words, presets."""

from pathlib import Path

import pytest

from fastapi_lint.catalogue import (
    GROUPS,
    Catalogue,
    CatalogueError,
    catalogue,
    group_named,
    load,
    page_body,
    rules_folder,
)

PRESETS = """
[recommended]
summary = "Default."
default = true

[production]
summary = "Service."
default = true
layered = true

[strict]
summary = "All."
all = true
layered = true

[routing]
summary = "Routes."
select = ["RTE"]
"""


def page(code: str, name: str, **more: str) -> str:
    values = {"severity": '"warning"', "default": "true", "fix": '"none"', **more}
    lines = "".join(f"{key} = {value}\n" for key, value in values.items())
    body = f"# {code} {name}\n\nWhat it\nis about.\n\n## Why\n"
    return f'+++\ncode = "{code}"\nname = "{name}"\n{lines}+++\n\n{body}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "routes/shadowed-route.md", page("RTE001", "shadowed-route"))
    write(tmp_path, "routes/lost-router.md", page("RTE006", "lost-router", default="false"))
    write(
        tmp_path,
        "architecture/fat-router.md",
        page("ARC011", "fat-router", default="false", presets='["production"]'),
    )
    write(tmp_path, "analysis/syntax-error.md", page("FAL001", "syntax-error", severity='"error"'))
    write(tmp_path, "presets.toml", PRESETS)
    return tmp_path


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
def rules(folder: Path) -> Catalogue:
    return load(folder)


def codes(rules: Catalogue, preset: str) -> list[str]:
    return [rule.code for rule in rules.rules if rules.in_preset(rule, preset)]


def test_rules_stand_in_the_order_of_groups_and_codes(rules: Catalogue) -> None:
    assert [rule.code for rule in rules.rules] == ["ARC011", "RTE001", "RTE006", "FAL001"]


def test_a_page_gives_all_that_is_known_of_a_rule(rules: Catalogue) -> None:
    rule = rules.rule("RTE001")
    assert rule is not None
    assert (rule.name, rule.group.prefix, rule.summary) == ("shadowed-route", "RTE", "What it is about.")
    assert rule.module == "routes.shadowed_route"
    assert rule.url.endswith("/rules/routes/shadowed-route.md")
    assert page_body(rule).startswith("# RTE001 shadowed-route\n")


@pytest.mark.parametrize("word", ["RTE001", "rte001", "shadowed-route", "Shadowed-Route", " RTE001 "])
def test_a_rule_answers_to_code_and_name_in_any_case(rules: Catalogue, word: str) -> None:
    found = rules.rule(word)
    assert found is not None
    assert found.code == "RTE001"


@pytest.mark.parametrize("word", ["RTE", "rte", "routes"])
def test_a_group_answers_to_prefix_and_folder(rules: Catalogue, word: str) -> None:
    assert [rule.code for rule in rules.named(word)] == ["RTE001", "RTE006"]


def test_all_names_every_rule(rules: Catalogue) -> None:
    assert rules.named("all") == rules.rules


@pytest.mark.parametrize("word", ["RTE9", "RT", "", "shadowed", "*"])
def test_anything_else_names_nothing(rules: Catalogue, word: str) -> None:
    assert rules.named(word) == ()
    assert not rules.knows(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("RTE01", "RTE001"),
        ("shadowd-route", "shadowed-route"),
        ("arhitecture", "architecture"),
        ("zzz", None),
    ],
)
def test_a_word_close_to_a_known_one_is_suggested(rules: Catalogue, word: str, meant: str | None) -> None:
    assert rules.suggestion(word) == meant


def test_recommended_has_the_defaults(rules: Catalogue) -> None:
    assert codes(rules, "recommended") == ["RTE001", "FAL001"]


def test_a_page_adds_its_rule_to_a_preset(rules: Catalogue) -> None:
    assert codes(rules, "production") == ["ARC011", "RTE001", "FAL001"]


def test_a_preset_can_take_a_group_and_always_has_our_own_rules(rules: Catalogue) -> None:
    assert codes(rules, "routing") == ["RTE001", "RTE006", "FAL001"]


def test_strict_has_everything(rules: Catalogue) -> None:
    assert codes(rules, "strict") == [rule.code for rule in rules.rules]


def test_presets_of_a_rule_in_the_files_order(rules: Catalogue) -> None:
    rule = rules.rule("ARC011")
    assert rule is not None
    assert rules.presets_of(rule) == ("production", "strict")


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("routes/bad.md", "# RTE002 bad\n", "metadata"),
        ("routes/bad.md", page("RTE002", "other"), "does not belong"),
        ("routes/bad.md", page("ARC002", "bad"), "does not belong"),
        ("nowhere/bad.md", page("RTE002", "bad"), "no group's folder"),
        ("routes/bad.md", page("RTE002", "bad", severity='"fatal"'), "fatal"),
        ("routes/bad.md", page("RTE002", "bad", colour='"red"'), "colour"),
        ("routes/bad.md", page("RTE002", "bad", fix="1 2"), "bad.md"),
        ("routes/bad.md", page("RTE002", "bad", presets='["prodution"]'), "prodution"),
        ("routes/bad.md", page("RTE002", "bad").replace("What it\nis about.\n\n", ""), "summary"),
        ("routes/bad.md", page("RTE001", "bad"), "RTE001"),
        ("presets.toml", PRESETS.replace('"RTE"', '"RTX"'), "RTX"),
        ("presets.toml", PRESETS + "\n[more]\nsumary = 1\n", "presets.toml"),
    ],
)
def test_a_malformed_catalogue_names_the_fault(folder: Path, path: str, text: str, complaint: str) -> None:
    write(folder, path, text)
    with pytest.raises(CatalogueError, match=complaint):
        load(folder)


def test_a_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no rule pages"):
        load(tmp_path)


def test_line_ends_of_windows_are_read(folder: Path) -> None:
    text = page("RTE003", "third").replace("\n", "\r\n")
    (folder / "routes/third.md").write_bytes(text.encode())
    rule = load(folder).rule("third")
    assert rule is not None
    assert rule.summary == "What it is about."


def test_groups_are_told_apart() -> None:
    words = [word for group in GROUPS for word in (group.prefix.lower(), group.folder)]
    assert len(words) == len(set(words))
    assert all(group_named(word) is not None for word in words)


def test_our_own_catalogue_is_sound() -> None:
    ours = catalogue()
    assert rules_folder().is_dir()
    assert {"recommended", "production", "strict", "architecture", "security", "async", "deployment"} == set(
        ours.presets
    )
    layered = {name for name, preset in ours.presets.items() if preset.layered}
    assert layered == {"production", "strict", "architecture"}


def test_production_has_all_that_recommended_has() -> None:
    ours = catalogue()
    assert set(codes(ours, "recommended")) <= set(codes(ours, "production")) <= set(codes(ours, "strict"))
