"""How folders are organised, by their paths alone."""

import pytest

from fastapi_lint.project.layers.layout import Layout

LAYER_FIRST = [
    "app/main.py",
    "app/api/users.py",
    "app/services/users.py",
    "app/repositories/users.py",
    "app/models/user.py",
    "app/schemas/user.py",
]
FEATURE_FIRST = [
    "app/main.py",
    "app/users/router.py",
    "app/users/service.py",
    "app/users/models.py",
    "app/orders/router.py",
    "app/orders/service.py",
    "app/core/config.py",
]
MODULE_FIRST = [
    "app/main.py",
    "app/admin/api/users.py",
    "app/admin/service/users.py",
    "app/admin/crud/users.py",
    "app/shop/api/orders.py",
    "app/shop/service/orders.py",
]


def role(paths: list[str], path: str) -> str | None:
    found = Layout(paths).role_of_path(path)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/api/users.py", "router"),
        ("app/services/users.py", "service"),
        ("app/repositories/users.py", "repository"),
        ("app/models/user.py", "model"),
        ("app/schemas/user.py", "schema"),
        ("app/main.py", None),
        ("app/services/billing/invoice.py", "service"),
        ("app/services/user_repository.py", "repository"),
        ("app/core/config.py", "settings"),
        ("app/core/logging_config.py", "settings"),
        ("app/db/session.py", "database"),
        ("app/api/deps.py", "dependency"),
        ("app/services/__init__.py", "service"),
    ],
)
def test_names_of_layers_first(path: str, expected: str | None) -> None:
    assert role([*LAYER_FIRST, path], path) == expected


def test_layers_first_have_no_features() -> None:
    layout = Layout(LAYER_FIRST)
    assert layout.features == frozenset()
    assert layout.feature_of("app/api/users.py") is None


@pytest.mark.parametrize("paths", [FEATURE_FIRST, MODULE_FIRST])
def test_features_stand_beside_each_other(paths: list[str]) -> None:
    layout = Layout(paths)
    assert len(layout.features) == 2
    for path in paths:
        inside = path.startswith(("app/users/", "app/orders/", "app/admin/", "app/shop/"))
        expected = "/".join(path.split("/")[:2]) if inside else None
        assert layout.feature_of(path) == expected


def test_siblings_of_a_feature() -> None:
    assert Layout(FEATURE_FIRST).siblings("app/users") == ["app/orders", "app/users"]


def test_one_package_with_layers_is_an_application_and_no_feature() -> None:
    paths = ["app/users/router.py", "app/users/service.py", "app/main.py"]
    assert Layout(paths).features == frozenset()


@pytest.mark.parametrize("name", ["service", "route", "models", "task", "data", "api"])
def test_a_feature_may_have_the_name_of_a_layer(name: str) -> None:
    paths = [*FEATURE_FIRST, f"app/{name}/models.py", f"app/{name}/service.py", f"app/{name}/views.py"]
    paths.append(f"app/{name}/flows.py")
    layout = Layout(paths)
    assert f"app/{name}" in layout.features
    assert layout.role_of_path(f"app/{name}/flows.py") is None
    assert layout.role_of_path(f"app/{name}/service.py") == ("service", "service.py")


def test_a_layer_stays_one_though_a_file_in_it_names_another() -> None:
    services = [f"app/services/{name}.py" for name in ("users", "mail", "models", "orders")]
    paths = [*LAYER_FIRST, *services]
    assert role(paths, "app/services/mail.py") == "service"


def test_folders_that_divide_a_layer_are_no_features() -> None:
    paths = [
        "app/services/users.py",
        "app/repositories/users.py",
        *[f"app/api/{name}/{file}.py" for name in ("users", "orders") for file in ("routes", "schemas")],
    ]
    assert Layout(paths).features == frozenset()


def test_features_may_stand_inside_a_folder_called_api() -> None:
    paths = [f"api/{name}/{file}.py" for name in ("users", "orders") for file in ("router", "service")]
    assert Layout(paths).features == {"api/users", "api/orders"}


def test_rings_of_an_onion_are_no_features() -> None:
    paths = [
        "app/domain/entities.py",
        "app/domain/repositories.py",
        "app/infrastructure/repositories/users.py",
        "app/infrastructure/models/user.py",
        "app/presentation/routers/users.py",
        "app/presentation/schemas/users.py",
    ]
    assert Layout(paths).features == frozenset()


def test_rings_inside_features() -> None:
    paths = [
        f"src/{name}/{inner}.py"
        for name in ("users", "orders")
        for inner in ("domain/services", "infrastructure/repositories", "api/routes")
    ]
    layout = Layout(paths)
    assert layout.features == {"src/users", "src/orders"}
    assert layout.feature_of("src/users/infrastructure/repositories.py") == "src/users"


@pytest.mark.parametrize(
    "name", ["core", "common", "shared", "shared_kernel", "infrastructure", "base", "v2"]
)
def test_what_all_features_share_is_no_feature(name: str) -> None:
    paths = [*FEATURE_FIRST, f"app/{name}/models.py", f"app/{name}/service.py"]
    assert Layout(paths).features == {"app/users", "app/orders"}


def test_tests_and_migrations_say_nothing_of_the_layout() -> None:
    paths = [
        "tests/users/router.py",
        "tests/users/service.py",
        "tests/orders/router.py",
        "tests/orders/service.py",
    ]
    assert Layout(paths).features == frozenset()


def test_two_services_in_one_repository_are_apart() -> None:
    paths = [
        f"services/{name}/app/{layer}/users.py" for name in ("shop", "mail") for layer in ("api", "services")
    ]
    layout = Layout(paths)
    assert layout.role_of_path("services/shop/app/main.py") is None
    assert layout.role_of_path("services/shop/app/services/users.py") == ("service", "services/")


@pytest.mark.parametrize(
    ("importer", "imported", "expected"),
    [
        ("shop/domain/entities.py", "shop/domain/services.py", True),
        ("shop/infrastructure/repositories/x.py", "shop/domain/services.py", True),
        ("shop/core/adapters/api_schemas/x.py", "shop/core/services/x.py", True),
        ("shop/domain/services.py", "shop/infrastructure/x.py", False),
        ("shop/application/repositories/x.py", "shop/application/services/x.py", False),
        ("shop/repositories/x.py", "shop/domain/services.py", False),
        ("shop/repositories/x.py", "shop/services/x.py", False),
    ],
)
def test_inward_imports(importer: str, imported: str, expected: bool) -> None:
    assert Layout([importer, imported]).is_inward(importer, imported) is expected


def test_a_folder_around_an_application_is_no_layer() -> None:
    paths = ["user_service/app.py", "user_service/main.py", "user_service/util/text.py", "services/pay/x.py"]
    layout = Layout(paths, ["user_service/app.py"])
    assert layout.role_of_path("user_service/util/text.py") is None
    assert layout.role_of_path("services/pay/x.py") == ("service", "services/")
    assert Layout(paths).role_of_path("user_service/util/text.py") == ("service", "user_service/")


@pytest.mark.parametrize("folder", ["integrations/stripe", "clients", "external/mail"])
def test_the_service_of_an_integration_is_a_client_and_no_layer(folder: str) -> None:
    paths = [*LAYER_FIRST, f"app/{folder}/service.py"]
    assert role(paths, f"app/{folder}/service.py") is None
    assert role(paths, "app/services/users.py") == "service"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/services/logger.py", None),
        ("app/repositories/logging.py", None),
        ("app/services/log_service.py", "service"),
        ("app/config/service.py", "settings"),
        ("app/config/database.py", "settings"),
        ("app/services/config.py", "settings"),
        ("app/dependencies/repositories/users.py", "dependency"),
        ("app/dependencies/repositories.py", "dependency"),
        ("app/dependencies/repositories/user_repository.py", "dependency"),
    ],
)
def test_what_all_layers_use(path: str, expected: str | None) -> None:
    assert role([*LAYER_FIRST, path], path) == expected
