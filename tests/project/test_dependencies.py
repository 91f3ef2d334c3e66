"""The dependency graph: from parameters and lists to what provides them."""

from collections.abc import Callable

import pytest

from fastapi_lint.project.dependencies.graph import Dependency
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.project import Project
from fastapi_lint.project.types.infer import Bound, Instance, Value

Build = Callable[..., Project]

DEPS = """
from typing import Annotated
from fastapi import Depends, Security

class Repo: ...

class Pager:
    def __init__(self, page: int = 1): ...

class Role:
    def __init__(self, name): ...
    def __call__(self, token: str) -> "User": ...

class User: ...

def get_repo() -> Repo: ...
def by_default(): return Depends(get_repo)
def get_user(repo: Repo = Depends(get_repo)) -> User: ...
async def get_session():
    yield Repo()

class Auth:
    def current(self) -> User: ...

auth = Auth()
admin = Role("admin")
RepoDep = Annotated[Repo, Depends(get_repo)]
RepoAlias = RepoDep
REPO = Depends(get_repo)
"""


def value_name(value: Value | None) -> str:
    if isinstance(value, Bound):
        return value.function.qualname
    if isinstance(value, FunctionSymbol | ClassSymbol):
        return value.qualname
    if isinstance(value, Instance):
        return f"a {value.cls.name}"
    if isinstance(value, External):
        return value.name
    return "unknown"


def of(project: Project) -> list[Dependency]:
    index = project.resolver.index(project.table.by_path["app/main.py"])
    function = next(f for f in index.functions if f.name == "endpoint")
    return list(project.dependencies.of_function(function))


def parameter(project_of: Build, text: str, extra: str = "") -> list[tuple[str, str]]:
    head = (
        "from typing import Annotated, Optional\nfrom fastapi import Depends, Security\nfrom app.deps import"
        " *\nimport app.deps as deps\n"
    )
    project = project_of({"app/deps.py": DEPS, "app/main.py": f"{head}{extra}\ndef endpoint({text}): ...\n"})
    return [(value_name(d.target), value_name(d.provided)) for d in of(project)]


@pytest.mark.parametrize(
    ("text", "target", "provided"),
    [
        ("r: Repo = Depends(get_repo)", "get_repo", "a Repo"),
        ("r = Depends(get_repo)", "get_repo", "a Repo"),
        ("r: Annotated[Repo, Depends(get_repo)]", "get_repo", "a Repo"),
        ("r: Annotated[Optional[Repo], Depends(get_repo)]", "get_repo", "a Repo"),
        ("r: Annotated[Repo | None, Depends(get_repo)] = None", "get_repo", "a Repo"),
        ("r: RepoDep", "get_repo", "a Repo"),
        ("r: RepoAlias", "get_repo", "a Repo"),
        ("r: deps.RepoDep", "get_repo", "a Repo"),
        ("r=REPO", "get_repo", "a Repo"),
        ("r=by_default()", "get_repo", "a Repo"),
        ("p: Pager = Depends()", "Pager", "a Pager"),
        ("p: Annotated[Pager, Depends()]", "Pager", "a Pager"),
        ("p=Depends(Pager)", "Pager", "a Pager"),
        ("u: User = Security(get_user, scopes=['a'])", "get_user", "a User"),
        ("u=Depends(admin)", "a Role", "a User"),
        ("u=Depends(Role('x'))", "a Role", "a User"),
        ("u=Depends(auth.current)", "Auth.current", "a User"),
        ("u=Depends(deps.get_user)", "get_user", "a User"),
        ("s=Depends(get_session)", "get_session", "a Repo"),
        ("u=Depends(dependency=get_user)", "get_user", "a User"),
        ("u=Depends(nowhere)", "unknown", "unknown"),
    ],
)
def test_a_parameter(project_of: Build, text: str, target: str, provided: str) -> None:
    assert parameter(project_of, text) == [(target, provided)]


@pytest.mark.parametrize(
    "text",
    [
        "r: Repo",
        "q: str = 'x'",
        "q: Annotated[str, Query()] = ''",
        "r: Repo = get_repo()",
        "r=depends(get_repo)",
    ],
)
def test_no_dependency(project_of: Build, text: str) -> None:
    assert parameter(project_of, text, "from fastapi import Query\ndef depends(f): ...\n") == []


def test_an_alias_by_a_type_statement(project_of: Build) -> None:
    extra = "type Given = Annotated[Repo, Depends(get_repo)]\n"
    assert parameter(project_of, "r: Given", extra) == [("get_repo", "a Repo")]


def test_nested_dependencies_are_walked_with_their_way(project_of: Build) -> None:
    project = project_of(
        {
            "app/deps.py": DEPS,
            "app/main.py": (
                "from fastapi import Depends\nfrom app.deps import get_user\ndef"
                " endpoint(u=Depends(get_user)): ...\n"
            ),
        }
    )
    ways = [
        [value_name(step.target) for step in path.steps] for path in project.dependencies.walk(of(project))
    ]
    assert ways == [["get_user"], ["get_user", "get_repo"]]


def test_dependencies_that_need_each_other_end(project_of: Build) -> None:
    project = project_of(
        "from fastapi import Depends\ndef a(x=Depends(lambda: b)): ...\ndef b(x=Depends(a)): ...\ndef"
        " c(x=Depends(c)): ...\ndef endpoint(x=Depends(c)): ...\n"
    )
    assert len(list(project.dependencies.walk(of(project)))) < 5


ROUTES = """
from fastapi import APIRouter, Depends, FastAPI
def on_app(): ...
def on_include(): ...
def on_router(): ...
def on_route(): ...
def by_parameter(): ...
SHARED = [Depends(on_include)]
router = APIRouter(dependencies=[Depends(on_router)])
@router.get("/x", dependencies=[Depends(on_route)])
def endpoint(p=Depends(by_parameter)): ...
app = FastAPI(dependencies=[Depends(on_app)])
app.include_router(router, dependencies=SHARED)
"""


def test_all_levels_around_a_route(project_of: Build) -> None:
    project = project_of(ROUTES)
    (endpoint,) = project.endpoints.all
    given = {value_name(d.target): d.level for d in project.endpoints.given_to(endpoint)}
    assert given == {
        "by_parameter": "parameter",
        "on_app": "app",
        "on_include": "include",
        "on_router": "router",
        "on_route": "route",
    }


VIEW = """
from fastapi import APIRouter, Depends, FastAPI
from fastapi_utils.cbv import cbv
router = APIRouter()
class Repo: ...
def get_repo() -> Repo: ...
@cbv(router)
class View:
    repo: Repo = Depends(get_repo)
    @router.get("/x")
    def endpoint(self): ...
app = FastAPI()
app.include_router(router)
"""


def test_the_attributes_of_a_class_based_view(project_of: Build) -> None:
    project = project_of(VIEW)
    (endpoint,) = project.endpoints.all
    assert [value_name(d.target) for d in project.endpoints.given_to(endpoint)] == ["get_repo"]


FACTORY = """
from typing import Awaitable, Callable
def repository(kind) -> Callable[..., Repo]:
    def inner(user: User = Depends(get_user)) -> Repo:
        return kind()
    return inner
def one_of_two(strict) -> Callable[..., Awaitable[Repo]]:
    def a(): ...
    def b(): ...
    return a if strict else b
"""


def test_a_factory_that_only_promises_a_callable_gives_its_inner_function(project_of: Build) -> None:
    found = parameter(project_of, "r=Depends(repository(Repo))", FACTORY)
    assert found == [("repository.<locals>.inner", "a Repo")]


def test_a_factory_of_several_functions_gives_what_it_promises(project_of: Build) -> None:
    found = parameter(project_of, "r=Depends(one_of_two(True))", FACTORY)
    assert found == [("a typing.Callable", "a Repo")]


def test_the_parameters_of_a_lambda(project_of: Build) -> None:
    project = project_of(
        {
            "app/deps.py": DEPS,
            "app/main.py": (
                "from fastapi import Depends\nfrom app.deps import get_user\n"
                "def endpoint(u=Depends(lambda user=Depends(get_user): user.id)): ...\n"
            ),
        }
    )
    [outer] = of(project)
    assert [value_name(inner.target) for inner in project.dependencies.below(outer)] == ["get_user"]


@pytest.mark.parametrize(
    ("named", "exact"),
    [("run", True), ("Check()", True), ("check", True), ("made()", False), ("kit.check", True), ("x", False)],
)
def test_is_exact(project_of: Build, named: str, exact: bool) -> None:
    """An instance that a function returns may be of a subclass."""
    text = "import kit\nfrom fastapi import Depends\nclass Check:\n    def __call__(self): ...\n"
    text += "check = Check()\ndef made() -> Check: ...\ndef run(): ...\n"
    project = project_of(f"{text}def endpoint(d=Depends({named})): ...\n")
    function = next(f for f in project.resolver.index(project.modules[0]).functions if f.name == "endpoint")
    [dependency] = project.dependencies.of_function(function)
    assert project.dependencies.is_exact(dependency) == exact


CHOOSING = """
def get_other() -> User: ...
def need(mode="user", strict=False):
    if mode == "user":
        if strict:
            return Depends(get_user)
        return Depends(get_repo)
    return Depends(get_other)
def either(flag):
    if flag:
        return Depends(get_user)
    return Depends(get_repo)
def checked(flag):
    return Depends(Role("a")) if flag else Depends(Role("b"))
def role(flag):
    if flag:
        return Depends(Role("a"))
    return Depends(Role("b"))
"""


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("need()", "get_repo"),
        ("need(strict=True)", "get_user"),
        ("need('other')", "get_other"),
        ("need(mode)", "unknown"),
        ("either(flag)", "unknown"),
        ("either(False)", "get_repo"),
        ("role(flag)", "a Role"),
    ],
)
def test_a_factory_with_several_dependencies_gives_the_one_of_its_arguments(
    project_of: Build, made: str, name: str
) -> None:
    source = f"{DEPS}{CHOOSING}\ndef endpoint(it: Annotated[User, {made}]): ...\n"
    assert [value_name(one.target) for one in of(project_of(source))] == [name]
