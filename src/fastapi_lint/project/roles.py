"""The role of each symbol, with the evidence for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.role_names import LAYER_ROLES, feature_folders, outside_role, role_of_path
from fastapi_lint.project.settings import BASE_SETTINGS
from fastapi_lint.project.statements import dotted_name
from fastapi_lint.project.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope, Symbol, Variable
from fastapi_lint.project.types import Instance, Types, class_name

MODEL_BASES = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "beanie.Document",
        "odmantic.Model",
        "tortoise.models.Model",
        "tortoise.Model",
        "ormar.Model",
        "mongoengine.Document",
        "peewee.Model",
        "piccolo.table.Table",
        "flask_sqlalchemy.Model",
    }
)
SCHEMA_BASES = frozenset({"pydantic.BaseModel", "sqlmodel.SQLModel", "pydantic.v1.BaseModel", "pydantic.RootModel"})
_MIDDLEWARE_BASES = frozenset({"starlette.middleware.base.BaseHTTPMiddleware"})
_PASSIVE_BASES = frozenset(
    {
        "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "typing.Protocol", "typing.NamedTuple",
        "typing.TypedDict", "typing_extensions.Protocol", "typing_extensions.TypedDict", "fastapi.HTTPException",
        "starlette.exceptions.HTTPException", "fastapi.WebSocketException", "backports.strenum.StrEnum",
        "strenum.StrEnum",
    }
)  # fmt: skip
_ENGINE_CLASSES = frozenset(
    {
        "sqlalchemy.Engine",
        "sqlalchemy.ext.asyncio.AsyncEngine",
        "sqlalchemy.orm.sessionmaker",
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.ext.asyncio.async_sessionmaker",
        "sqlalchemy.ext.asyncio.async_scoped_session",
    }
)
_TASK_DECORATORS = frozenset({"task", "shared_task", "actor", "periodic_task"})
_MARKER = re.compile(r"fastapi-lint:\s*role\s*=\s*([a-z]+)")
_EXCEPTION_NAME = re.compile(r"(Error|Exception|Warning)\Z")


@dataclass(frozen=True, slots=True)
class Role:
    """A role and why: `evidence` is one sentence, `source` is what kind of evidence it is."""

    name: str
    source: str
    evidence: str


UNKNOWN = Role("unknown", "none", "nothing speaks for a role")


@dataclass(frozen=True, slots=True)
class RegisteredSymbols:
    """What the route tables and the dependency graph know of symbols (by identity)."""

    endpoints: frozenset[int] = frozenset()
    dependencies: frozenset[int] = frozenset()
    app_modules: frozenset[str] = frozenset()
    router_modules: frozenset[str] = frozenset()


class Roles:
    """Answers which role a symbol or module has."""

    def __init__(
        self,
        modules: Iterable[Module],
        types: Types,
        registered: RegisteredSymbols,
        configured: Mapping[str, str],
        layered: bool = False,
    ) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver
        self.modules = tuple(modules)
        self.registered = registered
        self.configured = configured
        self.layered = layered
        self.features = feature_folders(module.path for module in self.modules)
        self._symbols: dict[int, Role] = {}
        self._keep: list[object] = []
        self._layers: dict[tuple[str, str], bool] = {}
        self._layer_modules: dict[str, list[str]] | None = None

    # --- roles -----------------------------------------------------------------------------------

    def of(self, symbol: Symbol | None) -> Role:
        """The role of a symbol; unknown for what the project doesn't define."""
        if symbol is None or not isinstance(symbol, FunctionSymbol | ClassSymbol | Variable | Module):
            return UNKNOWN
        key = id(symbol) if not isinstance(symbol, Variable) else id(symbol.binding)
        if key not in self._symbols:
            self._symbols[key] = self._role(symbol)
            self._keep.append(symbol)
        return self._symbols[key]

    def _role(self, symbol: FunctionSymbol | ClassSymbol | Variable | Module) -> Role:
        module = symbol if isinstance(symbol, Module) else symbol.module
        given = self._configured(symbol, module) or self._marked(symbol, module)
        if given is not None:
            return given
        outside = outside_role(module.path)
        if outside is not None:
            return Role(outside, "place", f"`{module.path}` is not part of the running application")
        if is_revision(module):
            return Role("migration", "code", "the module declares `revision` and `down_revision`")
        does = self._does(symbol)
        if does is not None:
            return does
        if isinstance(symbol, FunctionSymbol) and symbol.owner is not None:
            return self.of(symbol.owner)
        if isinstance(symbol, FunctionSymbol) and symbol.parent is not None:
            return self.of(symbol.parent)
        return self._placed(module)

    def _configured(self, symbol: Symbol, module: Module) -> Role | None:
        qualname = getattr(symbol, "qualname", getattr(symbol, "name", ""))
        for key in (f"{module.path}:{qualname}", module.path):
            if key in self.configured:
                return Role(self.configured[key], "configuration", f"the configuration says so for `{key}`")
        return None

    def _marked(self, symbol: Symbol, module: Module) -> Role | None:
        """A comment `# fastapi-lint: role=service` on the definition, or in the first comment block."""
        for comment in module.facts.comments:
            found = _MARKER.search(comment.text)
            if found is None:
                continue
            if comment.first_block:
                return Role(found.group(1), "comment", f"the comment on line {comment.line} says so")
            if isinstance(symbol, FunctionSymbol | ClassSymbol):
                line = line_of(module, symbol.node.at)
                if comment.line == line or (comment.alone and comment.line == line - 1):
                    return Role(found.group(1), "comment", f"the comment on line {comment.line} says so")
        return None

    def _does(self, symbol: Symbol) -> Role | None:
        if isinstance(symbol, ClassSymbol):
            return self._class_does(symbol)
        if isinstance(symbol, FunctionSymbol):
            return self._function_does(symbol)
        if isinstance(symbol, Variable):
            return self._variable_is(symbol)
        return self._module_does(symbol) if isinstance(symbol, Module) else None

    def _class_does(self, cls: ClassSymbol) -> Role | None:
        if self.resolver.inherits(cls, BASE_SETTINGS):
            return Role("settings", "code", f"`{cls.name}` derives from `BaseSettings`")
        if self.is_table(cls):
            return Role("model", "code", f"`{cls.name}` is a mapped table or document")
        if self.resolver.inherits(cls, SCHEMA_BASES):
            return Role("schema", "code", f"`{cls.name}` derives from `BaseModel`")
        if self.resolver.inherits(cls, _MIDDLEWARE_BASES):
            return Role("middleware", "code", f"`{cls.name}` derives from `BaseHTTPMiddleware`")
        if any(id(f) in self.registered.endpoints for f in self.types.methods(cls)):
            return Role("router", "code", f"methods of `{cls.name}` are endpoints")
        return None

    def _function_does(self, function: FunctionSymbol) -> Role | None:
        if id(function) in self.registered.endpoints:
            return Role("router", "code", f"`{function.name}` is an endpoint")
        if id(function) in self.registered.dependencies:
            return Role("dependency", "code", f"`{function.name}` is used with `Depends`")
        for decorator in function.node.decorators:
            expr = decorator.func if isinstance(decorator, s.Call) else decorator
            if (dotted_name(expr) or "").rpartition(".")[2] in _TASK_DECORATORS:
                return Role("task", "code", f"`{function.name}` is a task of a queue")
        return None

    def _variable_is(self, variable: Variable) -> Role | None:
        name = class_name(self.types.of_variable(variable))
        if name == "fastapi.APIRouter":
            return Role("router", "code", f"`{variable.name}` is an `APIRouter`")
        if name == "fastapi.FastAPI":
            return Role("app", "code", f"`{variable.name}` is a `FastAPI` application")
        if name in _ENGINE_CLASSES:
            return Role("database", "code", f"`{variable.name}` is an engine or a session factory")
        return None

    def _module_does(self, module: Module) -> Role | None:
        if module.path in self.registered.app_modules:
            return Role("app", "code", "the module builds the FastAPI application")
        if module.path in self.registered.router_modules:
            return Role("router", "code", "the module registers endpoints")
        roles = [self._does(cls) for cls in self.resolver.index(module).classes if cls.parent is None]
        known = [role for role in roles if role is not None]
        for role in known:
            if role.name == "settings":
                return role
        if known and len(known) * 2 > len(roles):
            return max(known, key=lambda role: sum(other.name == role.name for other in known))
        return None

    def _placed(self, module: Module) -> Role:
        """The role by name and place. A name alone makes no router: that takes an endpoint."""
        found = role_of_path(module.path, self.features)
        if found is None:
            return UNKNOWN
        role, part = found
        if role == "router" and module.path not in self.registered.router_modules:
            return UNKNOWN
        return Role(role, "name", f"`{part}` names the {role} layer" if role in LAYER_ROLES else f"`{part}`")

    def is_router_module(self, module: Module) -> bool:
        """Whether a module registers endpoints and doesn't build the application."""
        paths = self.registered
        return module.path in paths.router_modules and module.path not in paths.app_modules

    # --- kinds of symbols ------------------------------------------------------------------------

    def is_table(self, cls: ClassSymbol) -> bool:
        """Whether a class is a mapped table (SQLAlchemy, SQLModel) or a document of an ODM."""
        for current in self.resolver.ancestry(cls):
            if isinstance(current, External):
                if current.name in MODEL_BASES:
                    return True
                continue
            if any(k.name == "table" and _is_true(k.value) for k in current.node.keywords):
                return True
            if "__tablename__" in self.resolver.scope(current).bindings and current.node.bases:
                return True
            if self._derives_from_made_base(current):
                return True
        return False

    def _derives_from_made_base(self, cls: ClassSymbol) -> bool:
        """`Base = declarative_base()`: the base is a call's result."""
        scope = self.resolver.scope(cls.parent or cls.module)
        for base in cls.node.bases:
            symbol = self.resolver.resolve(base, scope)
            if isinstance(symbol, Variable) and isinstance(symbol.binding.value, s.Call):
                made = dotted_name(symbol.binding.value.func) or ""
                if made.rpartition(".")[2] in ("declarative_base", "automap_base", "generate_base"):
                    return True
        return False

    def is_passive(self, symbol: Symbol | None) -> bool:
        """Exceptions, enums, protocols, constants and type aliases: what any layer may import."""
        if isinstance(symbol, ClassSymbol):
            return self._is_passive_class(symbol)
        if not isinstance(symbol, Variable):
            return False
        binding = symbol.binding
        if binding.value is None or binding.annotation is not None and binding.value is None:
            return True
        if isinstance(binding.value, s.Call):
            value = self.types.of_variable(symbol)
            return not isinstance(value, Instance) or isinstance(value.cls, External)
        return True

    def _is_passive_class(self, cls: ClassSymbol) -> bool:
        if self.resolver.inherits(cls, _PASSIVE_BASES):
            return True
        for base in self.resolver.ancestry(cls):
            if isinstance(base, External) and _EXCEPTION_NAME.search(base.name):
                return True
        scope = self.resolver.scope(cls.parent or cls.module)
        for expr in cls.node.bases:
            if isinstance(expr, s.Name) and self.types.is_builtin(expr, scope) and _EXCEPTION_NAME.search(expr.id):
                return True
        return self._is_abstract(cls)

    def _is_abstract(self, cls: ClassSymbol) -> bool:
        """A port: a class whose methods are all abstract."""
        methods = self.types.methods(cls)
        return bool(methods) and all(
            any((dotted_name(d) or "").endswith("abstractmethod") for d in m.node.decorators) for m in methods
        )

    # --- layers ----------------------------------------------------------------------------------

    def scope_folder(self, module: Module) -> str:
        """The feature package of a module if the project is organised by feature, else its application's folder."""
        own = [f for f in self.features if module.path.startswith(f + "/") or f == ""]
        for folder in sorted(own, key=len, reverse=True):
            parent = folder.rpartition("/")[0]
            siblings = [f for f in self.features if f != folder and f.rpartition("/")[0] == parent]
            if siblings and folder:
                return folder
        if own:
            return min(own, key=len)
        return module.path.rpartition("/")[0].partition("/")[0] if "/" in module.path else ""

    def layer_exists(self, role: str, module: Module) -> bool:
        """Whether the layer was found in the module's feature or application (or the configuration asks for it)."""
        if self.layered:
            return True
        return self.has_layer(role, self.scope_folder(module))

    def has_layer(self, role: str, folder: str) -> bool:
        """Whether some function or class below a folder has a role."""
        if self._layer_modules is None:
            self._layer_modules = self._collect_layers()
        prefix = folder + "/" if folder else ""
        return any(path.startswith(prefix) for path in self._layer_modules.get(role, ()))

    def _collect_layers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for module in self.modules:
            index = self.resolver.index(module)
            candidates: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
            symbols = [x for x in candidates if x.parent is None and x.owner is None]
            for role in sorted({self.of(x).name for x in symbols if not self.is_passive(x)}):
                found.setdefault(role, []).append(module.path)
        return found


def is_revision(module: Module) -> bool:
    """An Alembic revision: it assigns `revision` and `down_revision` at module level."""
    if module.facts.screened == "revision":
        return True
    names: set[str] = set()
    for statement in module.facts.body:
        if isinstance(statement, s.Assign):
            names.update(t.id for t in statement.targets if isinstance(t, s.Name))
        elif isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
            names.add(statement.target.id)
    return {"revision", "down_revision"} <= names


def line_of(module: Module, at: int) -> int:
    """The 1-based line on which a place begins."""
    from bisect import bisect_right

    return bisect_right(module.facts.line_starts, s.start_of(at))


def _is_true(expr: s.Expr) -> bool:
    return isinstance(expr, s.Constant) and expr.value is True


def module_scope(resolver: Resolver, module: Module) -> Scope:
    """The module's own scope."""
    return resolver.scope(module)
