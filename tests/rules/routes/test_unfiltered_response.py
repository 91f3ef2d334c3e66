from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """
from typing import Annotated, Any, Generic, List, Optional, TypeVar
from fastapi import APIRouter, Depends, FastAPI, Response, status
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse, JSONResponse, ORJSONResponse
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import Column, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, deferred, load_only, mapped_column
from app.database import get_db

class Base(DeclarativeBase):
    pass

class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    hashed_password: Mapped[str] = mapped_column(String(200))

class Out(BaseModel):
    name: str

class User(Out):
    hashed_password: str

T = TypeVar("T")

class Envelope(BaseModel, Generic[T]):
    data: T

class Anything(BaseModel):
    data: Any

DB = Annotated[Session, Depends(get_db)]
app = FastAPI()

def make() -> User:
    return User(name="a", hashed_password="b")

"""
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE014"])


def endpoint(
    body: str, options: str = "", parameters: str = "", returns: str = "", path: str = "/users"
) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    arrow = f" -> {returns}" if returns else ""
    return f"\n@app.get('{path}'{options})\ndef read({parameters}){arrow}:\n{lines}"


def test_place_message_and_related() -> None:
    [finding] = found(endpoint("return make()"))
    assert (finding.span.line, finding.span.column) == (LINES + 3, 5)
    assert finding.message == (
        "`read` sends `hashed_password` of `User` to the client, because it declares no response model"
    )
    assert [related.span.line for related in finding.related] == [
        LINES + 4,
        HEAD[: HEAD.index("hashed_password: str\n")].count("\n") + 1,
    ]


@pytest.mark.parametrize(
    "body",
    [
        "return make()",
        "return User(name='a', hashed_password='b')",
        "user = make()\nreturn user",
        "user: User = elsewhere()\nreturn user",
        "if x:\n    return None\nreturn make()",
        "return make() if x else None",
        "return [make()]",
        "return {'user': make(), 'n': 1}",
        "return {'data': {'users': [make()]}}",
        "answer = {'user': make()}\nreturn answer",
        "return make(), 1",
        "return [User(**row) for row in rows]",
        "users = many()\nreturn [user for user in users]",
        "return many()",
        "return [user.model_dump() for user in many()]",
        "return make().model_dump()",
        "return make().dict(exclude_none=True)",
        "return jsonable_encoder(make())",
        "return Envelope(data=make())",
        "return Anything(data=make())",
    ],
)
def test_models(body: str) -> None:
    assert len(found("def many() -> list[User]: ...\n" + endpoint(body))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return Row(id=1, hashed_password='x')",
        "return db.get(Row, 1)",
        "row = db.get(Row, 1)\nif row is None:\n    raise ValueError\nreturn row",
        "return db.query(Row).filter(Row.id == 1).first()",
        "return db.query(Row).all()",
        "rows = db.query(Row).offset(1).limit(2).all()\nreturn rows",
        "return db.execute(select(Row)).scalars().all()",
        "return db.scalar(select(Row).where(Row.id == 1))",
        "return {'row': db.scalars(select(Row)).first()}",
        "return load(db)",
        "return loaded(db)",
        "row = Row(id=1)\ndb.add(row)\ndb.commit()\ndb.refresh(row)\nreturn row",
    ],
)
def test_rows(body: str) -> None:
    helpers = (
        "def load(db: Session) -> Row | None: ...\n"
        "def loaded(db: Session):\n    return db.query(Row).first()\n"
    )
    assert len(found(helpers + endpoint(body, parameters="db: DB"))) == 1


def test_an_object_of_the_module() -> None:
    settings = "class Settings(BaseModel):\n    secret_key: str = 'x'\nsettings = Settings()\n"
    assert len(found(settings + endpoint("return settings"))) == 1
    assert len(found(settings + endpoint("return {'settings': settings}"))) == 1


def test_services_and_dependencies() -> None:
    service = (
        "class Users:\n    def __init__(self, db: DB):\n        self.db = db\n"
        "    async def one(self) -> Optional[Row]: ...\n"
        "def current(db: DB) -> Row:\n    return db.get(Row, 1)\n"
        "CurrentUser = Annotated[Row, Depends(current)]\n"
    )
    assert (
        len(found(service + endpoint("return users.one()", parameters="users: Annotated[Users, Depends()]")))
        == 1
    )
    assert len(found(service + endpoint("return me", parameters="me: CurrentUser"))) == 1
    assert len(found(service + endpoint("return me", parameters="me: Row = Depends(current)"))) == 1
    assert len(found(endpoint("return user", parameters="user: User"))) == 1


@pytest.mark.parametrize(
    ("options", "returns"),
    [
        (", response_model=None", ""),
        (", response_model=None", "Out"),
        (", response_model=Any", ""),
        ("", "Any"),
        ("", "object"),
        ("", "Any | None"),
        (", response_class=ORJSONResponse", ""),
        (", status_code=201", ""),
        (", response_model_exclude={'hashed_password'}", ""),
    ],
)
def test_declarations_that_filter_nothing(options: str, returns: str) -> None:
    assert len(found(endpoint("return make()", options, returns=returns))) == 1


def test_message_where_anything_is_declared() -> None:
    [finding] = found(endpoint("return make()", returns="Any"))
    assert finding.message.endswith("to the client, because the type that it declares allows anything")


def test_an_exclude_that_does_nothing() -> None:
    [finding] = found(endpoint("return make()", ", response_model_exclude={'hashed_password'}"))
    assert finding.message.endswith("no response model; `response_model_exclude` does nothing without one")


@pytest.mark.parametrize("returns", ["dict", "dict[str, Any]", "dict[str, object]"])
def test_dicts(returns: str) -> None:
    assert len(found(endpoint("return {'user': make()}", returns=returns))) == 1
    assert len(found(endpoint("return make().model_dump()", returns=returns))) == 1
    assert found(endpoint("return make()", returns=returns)) == []
    exclude = ", response_model_exclude={'user': {'hashed_password'}}"
    assert found(endpoint("return {'user': make()}", exclude, returns=returns)) == []


@pytest.mark.parametrize("returns", ["list", "List[Any]", "list[object]"])
def test_lists(returns: str) -> None:
    assert len(found(endpoint("return [make()]", returns=returns))) == 1
    assert found(endpoint("return {'user': make()}", returns=returns)) == []


@pytest.mark.parametrize(
    "field",
    [
        "password: str",
        "password_hash: str | None = None",
        "passwordHash: Optional[str]",
        "salt: bytes",
        "ssn: str",
        "api_key: str",
        "client_secret: str",
        "access_token: Optional[str] = None",
        "password: Annotated[str, Field(min_length=1)]",
        "account: Inner",
        "accounts: list[Inner]",
    ],
)
def test_fields(field: str) -> None:
    source = f"class Inner(BaseModel):\n    password: str\nclass Person(BaseModel):\n    {field}\n"
    assert len(found(source + endpoint("return person", parameters="person: Person"))) == 1


@pytest.mark.parametrize(
    "column",
    [
        "password = Column(String(20))",
        "password: Mapped[Optional[str]]",
        "api_key: Mapped[str] = mapped_column()",
        "salt: Mapped[bytes] = mapped_column(LargeBinary)",
        "password: str = Column(String)",
    ],
)
def test_columns(column: str) -> None:
    source = f"class Person(Base):\n    __tablename__ = 'p'\n    {column}\n"
    assert len(found(source + endpoint("return Person()"))) == 1


# --- silent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "returns"),
    [
        ("", "Out"),
        ("", "User"),
        ("", "Out | None"),
        ("", "'Out'"),
        ("", "Envelope[Out]"),
        ("", "list[Out]"),
        ("", "dict[str, Out]"),
        ("", "elsewhere.Model"),
        ("", "Response"),
        ("", "dict[str, Any] | Out"),
        (", response_model=Out", ""),
        (", response_model=Out", "Any"),
        (", response_model=List[Out]", "dict"),
        (", response_model=Any, response_model_exclude={'hashed_password'}", ""),
        (", response_model_exclude={'hashed_password'}", "object"),
        (", response_class=HTMLResponse", ""),
        (", response_class=Own", ""),
        (", status_code=204", ""),
        (", status_code=status.HTTP_204_NO_CONTENT", ""),
    ],
)
def test_declarations_that_filter(options: str, returns: str) -> None:
    assert found("class Own(JSONResponse): ...\n" + endpoint("return make()", options, returns=returns)) == []


@pytest.mark.parametrize(
    "field",
    [
        "password: str = Field(exclude=True)",
        "password: Annotated[str, Field(exclude=True)]",
        "password: Hidden",
        "password: SecretStr",
        "password: Optional[SecretStr] = None",
        "password: Annotated[str, PlainSerializer(mask)]",
        "_password: str",
        "password: elsewhere.Masked",
        "password_changed_at: str",
        "password_hash_algorithm: str",
        "has_password: bool",
        "token_type: str",
        "token_count: str",
        "max_tokens: str",
        "secret_name: str",
        "password: bool",
        "password: str\n    @field_serializer('password')\n    def mask(self, value): ...",
        "password: str\n    @model_serializer\n    def dump(self): ...",
        "password: str\n    def model_dump(self, **options): ...",
        "password: str\n    class Config:\n        fields = {'password': {'exclude': True}}",
    ],
)
def test_fields_that_tell_nothing(field: str) -> None:
    source = (
        "from pydantic import PlainSerializer, field_serializer, model_serializer\n"
        f"Hidden = Annotated[str, Field(exclude=True)]\nclass Person(BaseModel):\n    {field}\n"
    )
    assert found(source + endpoint("return person", parameters="person: Person")) == []


@pytest.mark.parametrize(
    "column",
    [
        "password = deferred(Column(String))",
        "password: Mapped[str] = mapped_column(deferred=True)",
        "password = Column(PasswordType)",
        "password: Mapped[bool]",
        "password = relationship('Password')",
        "@property\n    def password(self): ...",
    ],
)
def test_columns_that_tell_nothing(column: str) -> None:
    source = f"class Person(Base):\n    __tablename__ = 'p'\n    {column}\n"
    assert found(source + endpoint("return Person()")) == []


@pytest.mark.parametrize(
    "body",
    [
        "return Response(make().model_dump_json())",
        "return JSONResponse(jsonable_encoder(make()))",
        "return unknown()",
        "return unknown().user",
        "return make().name",
        "return Out(name=make().name)",
        "return Out.model_validate(make())",
        "return make().model_dump(exclude={'hashed_password'})",
        "return make().model_dump(include=shown)",
        "return jsonable_encoder(make(), exclude=hidden)",
        "return {'name': make().name}",
        "return [user.name for user in users]",
        "return {make().name: 1}",
        "return [user.model_dump(include=shown) for user in users]",
        "return [user.model_dump() for user in elsewhere]",
        "user = make()\nuser.hashed_password = ''\nreturn user",
        "user = make()\ndel user.hashed_password\nreturn user",
        "user = make()\ndelattr(user, 'hashed_password')\nreturn user",
        "answer = {'user': make()}\nanswer.pop('user')\nreturn answer",
        "user = make()\nuser = Out(name='x')\nreturn user",
        "return Envelope[Out](data=make())",
        "yield make()",
    ],
)
def test_values_that_send_nothing(body: str) -> None:
    assert found(endpoint(body, parameters="users: list[User]")) == []


@pytest.mark.parametrize(
    "body",
    [
        "return db.scalars(select(Row.id)).all()",
        "return db.query(Row.id).all()",
        "return db.query(Row).with_entities(Row.id).all()",
        "return db.query(Row).options(load_only(Row.id)).all()",
        "return db.execute(select(Row)).all()",
        "return Envelope(data=db.get(Row, 1))",
        "row = Row(id=1)\ndb.add(row)\ndb.commit()\nreturn row",
        "return saved(db)",
    ],
)
def test_rows_that_send_nothing(body: str) -> None:
    helper = (
        "def saved(db: Session) -> Row:\n    row = Row()\n    db.add(row)\n    db.commit()\n    return row\n"
    )
    assert found(helper + endpoint(body, parameters="db: DB")) == []


def test_rows_where_anything_is_declared_are_refused_by_fastapi() -> None:
    for returns in ("Any", "dict", "list"):
        assert found(endpoint("return [db.get(Row, 1)]", parameters="db: DB", returns=returns)) == []


@pytest.mark.parametrize(
    ("cls", "field", "path"),
    [
        ("Token", "access_token: str", "/x"),
        ("LoginResult", "token: str", "/x"),
        ("ApiKey", "api_key: str", "/x"),
        ("Created", "token: str", "/auth/refresh"),
        ("Created", "secret: str", "/webhooks"),
        ("NewPassword", "password: str", "/x"),
        ("Generated", "password: str", "/password/generate"),
    ],
)
def test_what_the_endpoint_is_for(cls: str, field: str, path: str) -> None:
    source = f"class {cls}(BaseModel):\n    {field}\n"
    assert found(source + endpoint("return made", parameters=f"made: {cls}", path=path)) == []


def test_a_token_given_on_the_spot() -> None:
    source = "class Joined(BaseModel):\n    name: str\n    api_key: str\n"
    assert found(source + endpoint("return Joined(name='a', api_key='b')")) == []
    assert len(found(source + endpoint("return joined", parameters="joined: Joined"))) == 1


def test_a_token_that_may_only_name_something() -> None:
    source = "class Share(BaseModel):\n    title: str\n    token: str\n"
    assert found(source + endpoint("return share", parameters="share: Share")) == []
    person = source.replace("title", "email")
    assert len(found(person + endpoint("return share", parameters="share: Share"))) == 1
    access = source.replace("token", "access_token")
    assert len(found(access + endpoint("return share", parameters="share: Share"))) == 1


def test_a_hash_is_no_purpose() -> None:
    source = "class LoginToken(BaseModel):\n    token: str\n    hashed_password: str\n"
    [finding] = found(source + endpoint("return made", parameters="made: LoginToken", path="/login"))
    assert "`hashed_password`" in finding.message


def test_a_dependency_that_gives_something_else() -> None:
    source = "def current() -> Out: ...\n"
    assert found(source + endpoint("return me", parameters="me: User = Depends(current)")) == []
    assert len(found(endpoint("return me", parameters="me: User = Depends(elsewhere)"))) == 1


def test_decorators_that_may_filter() -> None:
    source = endpoint("return make()").replace("def read", "@shown\ndef read")
    assert found(source) == []
    cached = source.replace("@shown", "@cache()")
    assert len(found("from fastapi_cache.decorator import cache\n" + cached)) == 1


def test_websockets_and_raw_routes() -> None:
    assert found("@app.websocket('/a')\ndef read(): return make()\n") == []
    assert found("@app.route('/a')\ndef read(request): return make()\n") == []


def test_one_of_two_registrations() -> None:
    source = endpoint("return make()").replace("@app", "@app.get('/b', response_model=Out)\n@app", 1)
    assert len(found(source)) == 1
    assert len(found("def read():\n    return make()\napp.add_api_route('/a', read)\n")) == 1
    assert found("def read():\n    return make()\napp.add_api_route('/a', read, response_model=Out)\n") == []
