import pytest

from fastapi_lint.project.layers.role_names import outside_role, role_of_name, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("services", "service"),
        ("user_service", "service"),
        ("UserService", "service"),
        ("use_cases", "service"),
        ("service_repository", "repository"),
        ("crud_user", "repository"),
        ("data_access", "repository"),
        ("user_models", "model"),
        ("dtos", "schema"),
        ("logging_config", "settings"),
        ("db", "database"),
        ("deps", "dependency"),
        ("celery", "task"),
        ("servicemesh", None),
        ("route_planner", None),
        ("business_logic_tree", None),
        ("logic", "service"),
        ("job", "task"),
        ("print_job", None),
        ("user", None),
        ("entity_tools", None),
        ("schema_utils", None),
        ("crud_base", "repository"),
        ("repository_factory", None),
        ("user_repository_impl", "repository"),
        ("dependency_policy", None),
        ("user_dependency", "dependency"),
        ("service_account", None),
        ("repository_generic", "repository"),
    ],
)
def test_roles_of_names(name: str, expected: str | None) -> None:
    assert role_of_name(name) == expected


def test_words_of_a_name() -> None:
    assert list(words("HTTPUserService2-v1")) == ["httpuser", "service2", "v1"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_users.py", "test"),
        ("app/users/test_service.py", "test"),
        ("app/users/tests.py", "test"),
        ("app/api/tests.py", None),
        ("conftest.py", "test"),
        ("alembic/env.py", "migration"),
        ("app/migrations/0001_initial.py", "migration"),
        ("scripts/seed.py", "script"),
        ("examples/app/main.py", "script"),
        ("manage.py", "script"),
        ("tools/generate.py", "script"),
        ("app/tools/router.py", None),
        ("old_tests_v0/factories.py", "test"),
        ("app/cli/users.py", "script"),
        ("app/latest/router.py", None),
        ("app/contest.py", None),
    ],
)
def test_what_is_outside_of_the_application(path: str, expected: str | None) -> None:
    assert outside_role(path) == expected
