"""Every key of the configuration, and every way to get it wrong."""

import pytest

from fastapi_lint.config import Config, ConfigError
from fastapi_lint.config.model import FileIgnore, SeverityChange
from fastapi_lint.config.options import Assignment, Place, ProjectOptions
from fastapi_lint.config.validate import READERS, RuleWords, validate
from fastapi_lint.findings import Severity

FULL: dict[str, object] = {
    "preset": "strict",
    "select": ["RTE"],
    "ignore": ["RTE001"],
    "extend-select": ["ARC"],
    "per-file-ignores": {"legacy/**": ["ALL"]},
    "exclude": ["generated/", "!build/"],
    "severity": {"RTE001": "info"},
    "fail-on": "never",
    "layers": {"router": ["src/http/**"], "service": []},
    "roles": {"repository": ["src/storage/*.py:*Gateway"]},
    "environments": {"production": ["deploy/live/**", "compose.yaml:api"]},
    "blocking-calls": ["acme.fetch"],
    "heavy-calls": ["acme.render"],
    "max-call-depth": 3,
    "max-app-routes": 0,
    "max-endpoint-statements": 10,
    "max-endpoint-branches": 4,
    "error-envelope": "auto",
    "request-logging": "required",
}


def problems(table: dict[str, object], words: RuleWords) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        validate(table, "fastapi-lint.toml", words)
    return caught.value.problems


def test_an_empty_configuration_is_the_default(words: RuleWords) -> None:
    assert validate({}, "x.toml", words) == Config(source="x.toml")


def test_every_key_is_read(words: RuleWords) -> None:
    assert FULL.keys() == READERS.keys()
    assert validate(FULL, "x.toml", words) == Config(
        source="x.toml",
        preset="strict",
        select=("RTE",),
        ignore=("RTE001",),
        extend_select=("ARC",),
        per_file_ignores=(FileIgnore("legacy/**", ("ALL",)),),
        exclude=("generated/", "!build/"),
        severity=(SeverityChange("RTE001", Severity.INFO),),
        fail_on="never",
        layers=(Assignment("router", (Place("src/http/**"),)), Assignment("service", ())),
        roles=(Assignment("repository", (Place("src/storage/*.py", "*Gateway"),)),),
        environments=(Assignment("production", (Place("deploy/live/**"), Place("compose.yaml", "api"))),),
        blocking_calls=("acme.fetch",),
        heavy_calls=("acme.render",),
        max_call_depth=3,
        max_app_routes=0,
        max_endpoint_statements=10,
        max_endpoint_branches=4,
        error_envelope="auto",
        request_logging="required",
    )


def test_the_model_is_told_by_the_same_names_and_defaults() -> None:
    shared = set(ProjectOptions.__struct_fields__) & set(Config.__struct_fields__)
    assert set(ProjectOptions.__struct_fields__) - shared == {"layered", "jobs"}
    assert all(getattr(ProjectOptions(), name) == getattr(Config(), name) for name in shared)


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("selct", [], "`selct` is no key; did you mean `select`?"),
        ("fail_on", "error", "`fail_on` is no key; did you mean `fail-on`?"),
        ("zzz", 1, "`zzz` is no key"),
        ("preset", "strikt", "`preset`: `strikt` is unknown; did you mean `strict`?"),
        ("preset", "zzz", "`preset`: `zzz` is unknown; it is one of recommended, strict"),
        ("preset", 3, "`preset` takes a string, not a number"),
        ("select", "RTE001", "`select` takes a list of strings, not a string"),
        ("select", [1], "`select` takes a list of strings, not a list"),
        ("select", ["RTE999"], "`select`: `RTE999` is no rule, no group and not ALL; did you mean `RTE001`?"),
        ("ignore", ["nope"], "`ignore`: `nope` is no rule, no group and not ALL"),
        ("per-file-ignores", ["x"], "`per-file-ignores` takes a table, not a list"),
        (
            "per-file-ignores",
            {"a": ["nope"]},
            "`per-file-ignores.a`: `nope` is no rule, no group and not ALL",
        ),
        ("severity", {"RTE001": "eror"}, "`severity.RTE001`: `eror` is unknown; did you mean `error`?"),
        ("severity", {"nope": "error"}, "`severity`: `nope` is no rule, no group and not ALL"),
        ("fail-on", "warn", "`fail-on`: `warn` is unknown; did you mean `warning`?"),
        ("exclude", [" "], "`exclude`: ` ` is empty"),
        ("layers", {"routers": []}, "`layers`: `routers` is unknown; did you mean `router`?"),
        ("layers", {"settings": []}, "`layers`: `settings` is unknown"),
        ("layers", ["router"], "`layers` takes a table, not a list"),
        ("roles", {"gateway": []}, "`roles`: `gateway` is unknown"),
        ("roles", {"router": "app/**"}, "`roles.router` takes a list of strings, not a string"),
        ("environments", {"prod": []}, "`environments`: `prod` is unknown"),
        ("max-call-depth", 0, "`max-call-depth` takes a whole number from 1 to 30"),
        ("max-call-depth", True, "`max-call-depth` takes a whole number from 1 to 30"),
        ("max-call-depth", "6", "`max-call-depth` takes a whole number from 1 to 30"),
        ("error-envelope", "yes", "`error-envelope`: `yes` is unknown; it is one of required, auto"),
    ],
)
def test_a_mistake_is_told_in_one_line(words: RuleWords, key: str, value: object, complaint: str) -> None:
    [problem] = problems({key: value}, words)
    assert problem.startswith(f"fastapi-lint.toml: {complaint}")


def test_all_mistakes_are_told_at_once(words: RuleWords) -> None:
    assert len(problems({"selct": [], "ignore": ["a", "b"], "fail-on": 1}, words)) == 4
