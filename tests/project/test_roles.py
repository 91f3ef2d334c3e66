"""Roles of symbols and modules, in several layouts."""

from collections.abc import Callable, Mapping

import pytest

from fastapi_lint.config.options import Assignment, Place, ProjectOptions
from fastapi_lint.project.layers.roles import Role
from fastapi_lint.project.names.symbols import Variable
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

ROUTER = """
from fastapi import APIRouter
router = APIRouter()

@router.get("/things")
def things() -> list[str]:
    return helper()

def helper() -> list[str]:
    return []
"""
APP = """
from fastapi import FastAPI
{imports}
app = FastAPI()
{includes}
"""


def app_with(*routers: str) -> str:
    """An application module that includes the routers of the named modules."""
    imports = "\n".join(f"from {name} import router as r{i}" for i, name in enumerate(routers))
    includes = "\n".join(f"app.include_router(r{i})" for i in range(len(routers)))
    return APP.format(imports=imports, includes=includes)


def role(project: Project, place: str) -> Role:
    """The role of `path` or `path:name`."""
    path, _, name = place.partition(":")
    module = project.module(path)
    assert module is not None
    if not name:
        return project.roles.of(module)
    index = project.resolver.index(module)
    for symbol in (*index.functions, *index.classes):
        if symbol.qualname == name:
            return project.roles.of(symbol)
    [binding] = index.scope.bindings[name]
    return project.roles.of(Variable(index.scope, name, binding))


def roles(project: Project, *places: str) -> list[str]:
    return [role(project, place).name for place in places]


@pytest.fixture
def layered(project_of: Build) -> Project:
    return project_of(
        {
            "app/main.py": app_with("app.api.users"),
            "app/api/users.py": ROUTER,
            "app/api/deps.py": "def get_user(): ...\n",
            "app/services/users.py": "class Users: ...\ndef register(): ...\n",
            "app/repositories/users.py": "class Users:\n    def get(self): ...\n",
            "app/models/user.py": (
                "from sqlalchemy.orm import DeclarativeBase\n"
                "class Base(DeclarativeBase): ...\n"
                "class User(Base):\n    __tablename__ = 'users'\n"
            ),
            "app/schemas/user.py": "from pydantic import BaseModel\nclass UserOut(BaseModel): ...\n",
            "app/core/config.py": (
                "from pydantic_settings import BaseSettings\nclass Config(BaseSettings): ...\n"
            ),
            "app/database.py": "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n",
            "app/core/text.py": "def shorten(): ...\n",
            "alembic/env.py": "def run(): ...\n",
            "tests/services/helpers.py": "def make(): ...\n",
        }
    )


def test_layers_first(layered: Project) -> None:
    assert roles(
        layered,
        "app/main.py",
        "app/api/users.py",
        "app/api/users.py:things",
        "app/api/users.py:helper",
        "app/api/users.py:router",
        "app/api/deps.py",
        "app/services/users.py",
        "app/services/users.py:Users",
        "app/repositories/users.py:Users.get",
        "app/models/user.py:User",
        "app/schemas/user.py:UserOut",
        "app/core/config.py:Config",
        "app/database.py",
        "app/database.py:engine",
        "app/core/text.py:shorten",
        "alembic/env.py:run",
        "tests/services/helpers.py:make",
    ) == [
        *("app", "router", "router", "router", "router", "dependency", "service", "service", "repository"),
        *("model", "schema", "settings", "database", "database", "unknown", "migration", "test"),
    ]


def test_evidence_is_told(layered: Project) -> None:
    assert role(layered, "app/api/users.py:things") == Role("router", "code", "`things` is an endpoint")
    service = role(layered, "app/services/users.py:register")
    assert service == Role("service", "name", "`services/` is a name for the service layer")
    assert role(layered, "app/core/text.py:shorten").source == "none"
    assert role(layered, "alembic/env.py").source == "place"


@pytest.mark.parametrize(
    ("router", "service", "other"),
    [
        ("app/{}/router.py", "app/{}/service.py", "app/{}/flows.py"),
        ("app/{}/api/things.py", "app/{}/service/things.py", "app/{}/flows.py"),
    ],
)
@pytest.mark.parametrize("name", ["users", "service", "route", "models", "task"])
def test_features_of_any_name(project_of: Build, router: str, service: str, other: str, name: str) -> None:
    files = {
        path.format(feature): text
        for feature in ("alpha", "beta", name)
        for path, text in ((router, ROUTER), (service, "def work(): ...\n"), (other, "def flow(): ...\n"))
    }
    modules = [router.format(f).removesuffix(".py").replace("/", ".") for f in ("alpha", "beta", name)]
    project = project_of({"app/main.py": app_with(*modules), **files})
    assert roles(project, router.format(name), service.format(name), other.format(name)) == [
        "router",
        "service",
        "unknown",
    ]


def test_two_packages_of_the_same_name(project_of: Build) -> None:
    files = {
        f"{service}/app/{path}": text
        for service in ("shop", "mail")
        for path, text in {
            "__init__.py": "",
            "main.py": app_with("app.api.things"),
            "api/things.py": ROUTER,
            "services/things.py": "def work(): ...\n",
        }.items()
    }
    project = project_of(files)
    for service in ("shop", "mail"):
        places = [f"{service}/app/{path}" for path in ("main.py", "api/things.py", "services/things.py")]
        assert roles(project, *places) == ["app", "router", "service"]


def test_a_mixed_layout(project_of: Build) -> None:
    project = project_of(
        {
            "app/main.py": app_with("app.api.things", "app.billing.router"),
            "app/api/things.py": ROUTER,
            "app/services/things.py": "def work(): ...\n",
            "app/billing/router.py": ROUTER,
            "app/billing/service.py": "def bill(): ...\n",
            "app/billing/crud.py": "def invoices(): ...\n",
        }
    )
    assert roles(
        project, "app/services/things.py:work", "app/billing/service.py:bill", "app/billing/crud.py:invoices"
    ) == ["service", "service", "repository"]


def test_code_wins_over_names(project_of: Build) -> None:
    project = project_of(
        {
            "app/models.py": (
                "from pydantic import BaseModel\n"
                "from sqlmodel import SQLModel\n"
                "class Base(SQLModel): ...\n"
                "class Hero(Base, table=True): ...\n"
                "class HeroOut(Hero): ...\n"
                "class Page(BaseModel): ...\n"
                "def pick(): ...\n"
            ),
            "app/controllers/things.py": "class Things:\n    def work(self): ...\n",
            "app/services/dto.py": "from pydantic import BaseModel\nclass Result(BaseModel): ...\n",
        }
    )
    assert roles(
        project,
        "app/models.py:Base",
        "app/models.py:Hero",
        "app/models.py:HeroOut",
        "app/models.py:Page",
        "app/models.py:pick",
        "app/controllers/things.py:Things",
        "app/services/dto.py",
    ) == ["schema", "model", "schema", "schema", "model", "unknown", "schema"]


def test_a_service_may_hold_its_own_schemas(project_of: Build) -> None:
    source = (
        "from pydantic import BaseModel\n"
        "class Result(BaseModel): ...\n"
        "class Query(BaseModel): ...\n"
        "def work() -> Result: ...\n"
    )
    project = project_of({"app/services/work.py": source})
    assert roles(project, "app/services/work.py", "app/services/work.py:Result") == ["service", "schema"]


def test_a_module_with_one_route_among_many_functions_is_no_router(project_of: Build) -> None:
    helpers = "".join(f"def helper{i}(): ...\n" for i in range(4))
    project = project_of({"app/main.py": app_with("app.auth"), "app/auth.py": ROUTER + helpers})
    assert roles(project, "app/auth.py", "app/auth.py:things", "app/auth.py:helper1") == [
        "unknown",
        "router",
        "unknown",
    ]


def test_methods_and_nested_functions_belong_to_what_holds_them(project_of: Build) -> None:
    source = (
        "class Users:\n"
        "    class Inner:\n        def deep(self): ...\n"
        "    def get(self):\n"
        "        def nested(): ...\n"
        "        return nested\n"
    )
    project = project_of({"app/repositories/users.py": source})
    places = ("Users.get", "Users.get.<locals>.nested", "Users.Inner.deep")
    assert {role(project, f"app/repositories/users.py:{place}").name for place in places} == {"repository"}


def test_dependencies_tasks_and_middleware(project_of: Build) -> None:
    source = """
from celery import shared_task
from fastapi import Depends, FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()

def current_user(): ...

@shared_task
def send(): ...

class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next): ...

@app.get("/")
def root(user=Depends(current_user)): ...
"""
    project = project_of(source)
    assert roles(
        project,
        "app/main.py:current_user",
        "app/main.py:send",
        "app/main.py:Timing.dispatch",
        "app/main.py:root",
        "app/main.py:app",
    ) == ["dependency", "task", "middleware", "router", "app"]


def test_a_dependency_in_a_service_module_is_a_dependency(project_of: Build) -> None:
    project = project_of(
        {
            "app/main.py": (
                "from fastapi import Depends, FastAPI\n"
                "from app.services.users import Users, get_users\n"
                "app = FastAPI()\n"
                "@app.get('/')\n"
                "def root(users: Users = Depends(get_users)): ...\n"
            ),
            "app/services/users.py": "class Users: ...\ndef get_users() -> Users:\n    return Users()\n",
        }
    )
    assert roles(project, "app/services/users.py:get_users", "app/services/users.py:Users") == [
        "dependency",
        "service",
    ]


def test_an_instance_has_the_role_of_its_class(project_of: Build) -> None:
    project = project_of(
        {
            "app/repositories/users.py": "class Users:\n    def get(self): ...\n",
            "app/instances.py": "from app.repositories.users import Users\nusers = Users()\n",
        }
    )
    assert role(project, "app/instances.py:users").name == "repository"


MARKED = """
# fastapi-lint: role=repository
class Users: ...

class Orders: ...  # fastapi-lint: role=service

# fastapi-lint: role=task
@decorated
def send(): ...

def other(): ...
"""


def test_comments_give_roles(project_of: Build) -> None:
    project = project_of({"app/things.py": "import app\n" + MARKED})
    places = [f"app/things.py:{name}" for name in ("Users", "Orders", "send", "other")]
    assert roles(project, *places) == ["repository", "service", "task", "unknown"]
    assert role(project, "app/things.py:Users").evidence == "the comment on line 3 says so"


def test_a_comment_at_the_top_is_for_the_file(project_of: Build) -> None:
    text = "# fastapi-lint: role=service\n\nclass Users: ...\n"
    project = project_of({"app/things.py": text, "app/odd.py": text.replace("service", "nonsense")})
    assert roles(project, "app/things.py", "app/things.py:Users", "app/odd.py") == [
        "service",
        "service",
        "unknown",
    ]


def configured(assignments: Mapping[str, str]) -> ProjectOptions:
    def place(text: str) -> Place:
        pattern, _, part = text.partition(":")
        return Place(pattern, part)

    return ProjectOptions(roles=tuple(Assignment(value, (place(key),)) for key, value in assignments.items()))


def test_configuration_wins_over_all_else(project_of: Build) -> None:
    options = configured(
        {"app/gate/**": "repository", "app/main.py:*Things": "service", "tests/**": "router"}
    )
    project = project_of(
        {
            "app/gate/users.py": "# fastapi-lint: role=service\nclass Users:\n    def get(self): ...\n",
            "app/main.py": "class OldThings: ...\nclass Other: ...\n",
            "tests/x.py": "def x(): ...\n",
        },
        options,
    )
    assert roles(
        project,
        "app/gate/users.py",
        "app/gate/users.py:Users.get",
        "app/main.py:OldThings",
        "app/main.py:Other",
        "tests/x.py:x",
    ) == ["repository", "repository", "service", "unknown", "router"]
    assert role(project, "app/gate/users.py").source == "configuration"


def test_a_revision_is_a_migration_wherever_it_stands(project_of: Build) -> None:
    project = project_of(
        {"app/versions/x1.py": "revision = 'x1'\ndown_revision = None\ndef upgrade(): ...\n"}
    )
    assert role(project, "app/versions/x1.py:upgrade").name == "migration"


def test_a_symbol_that_leads_to_itself_has_an_end(project_of: Build) -> None:
    project = project_of(
        {"app/loop.py": "from app.loop import x as x\ny = x\nx = y\nclass A(A): ...\nz = A()\n"}
    )
    assert role(project, "app/loop.py:A").name == "unknown"
    assert role(project, "app/loop.py:z").name == "unknown"


def test_pages_of_an_admin_in_a_file_called_models(project_of: Build) -> None:
    source = "from sqladmin import ModelView\nclass UserAdmin(ModelView):\n    name = 'User'\n"
    project = project_of({"app/admin/models.py": source})
    assert role(project, "app/admin/models.py:UserAdmin").name == "router"
    assert role(project, "app/admin/models.py").name == "router"


def test_a_class_that_makes_routes_in_a_folder_called_crud(project_of: Build) -> None:
    base = (
        "from fastapi import APIRouter\nclass Routes:\n    def __init__(self):\n"
        "        self.router = APIRouter()\n    def fail(self): ...\n"
    )
    project = project_of(
        {
            "app/crud/base.py": base,
            "app/crud/users.py": "from app.crud.base import Routes\n"
            "class Users(Routes):\n    def x(self): ...\n",
            "app/crud/rows.py": "class Rows:\n    router = 'eu-west'\n    def find(self): ...\n",
        }
    )
    assert role(project, "app/crud/base.py:Routes").name == "router"
    assert role(project, "app/crud/base.py:Routes.fail").name == "router"
    assert role(project, "app/crud/users.py:Users").name == "router"
    assert role(project, "app/crud/rows.py:Rows").name == "repository"


def test_dependencies_in_folders_named_for_models(project_of: Build) -> None:
    source = "async def get_user(user_id: int):\n    return user_id\n"
    router = (
        "from fastapi import APIRouter, Depends\nfrom app.dependencies.models.user.get_user import get_user\n"
        "router = APIRouter()\n@router.get('/{user_id}')\ndef read(user=Depends(get_user)): ...\n"
    )
    project = project_of(
        {
            "app/main.py": app_with("app.routes"),
            "app/routes.py": router,
            "app/dependencies/models/user/get_user.py": source,
        }
    )
    assert role(project, "app/dependencies/models/user/get_user.py").name == "dependency"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import importlib\nclass Repository:\n  load = importlib.import_module", "unknown"),
        ("import git\ndef sync(session, url): return Plugins(session).pull(git.Repo(url))", "unknown"),
        ("def load(session, key): ...", "repository"),
        ("import git\ndef by_id(session, key): return session.scalars(select(Row)).first()", "repository"),
        ("import git\nclass Repository:\n  def one(self, key): return self.rows.find_one(key)", "repository"),
        ("import git\nclass PlaneRepository:\n  def __init__(self): self.planes = {}", "repository"),
        ("import git\nclass Repository(Base, RepositoryInterface):\n  pass", "repository"),
        ("import git\nfrom .store import PlaneStore\nclass Planes(PlaneStore):\n  kind = 1", "repository"),
    ],
)  # fmt: skip
def test_a_repository_of_code_is_no_layer(project_of: Build, text: str, expected: str) -> None:
    project = project_of({"app/__init__.py": "", "app/planes/repository.py": text + "\n"})
    assert role(project, "app/planes/repository.py").name == expected
