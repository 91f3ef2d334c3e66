"""What kind of thing a definition is by its bases and value: a table, a schema, an exception, a constant."""

from __future__ import annotations

import re

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Symbol, Variable
from fastapi_lint.project.types.infer import Instance, Types, class_name, is_decorated

MAPPED_BASES = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.ext.automap.AutomapBase",
        "beanie.Document",
        "beanie.UnionDoc",
        "odmantic.Model",
        "odmantic.EmbeddedModel",
        "tortoise.models.Model",
        "tortoise.Model",
        "ormar.Model",
        "mongoengine.Document",
        "mongoengine.EmbeddedDocument",
        "peewee.Model",
        "piccolo.table.Table",
        "flask_sqlalchemy.Model",
    }
)
"""Bases of tables and documents. Source: the public documentation of these libraries."""

_DECLARATIVE_BASES = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.ext.automap.AutomapBase",
    }
)

SCHEMA_BASES = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.RootModel",
        "pydantic.v1.BaseModel",
        "pydantic.generics.GenericModel",
        "sqlmodel.SQLModel",
    }
)
_PASSIVE_BASES = frozenset(
    {
        "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag",
        "typing.NamedTuple", "typing.TypedDict", "typing_extensions.TypedDict",
        "fastapi.HTTPException",
        "starlette.exceptions.HTTPException", "fastapi.WebSocketException", "backports.strenum.StrEnum",
        "strenum.StrEnum", "collections.namedtuple",
    }
)  # fmt: skip
_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
ENGINES = frozenset({"sqlalchemy.Engine", "sqlalchemy.ext.asyncio.AsyncEngine"})
SESSION_FACTORIES = frozenset(
    {
        "sqlalchemy.orm.sessionmaker",
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.ext.asyncio.async_sessionmaker",
        "sqlalchemy.ext.asyncio.async_scoped_session",
    }
)
_MADE_BASES = frozenset({"declarative_base", "automap_base", "generate_base"})
_RECORD_DECORATORS = frozenset({"dataclass", "define", "frozen", "attrs"})
_EXCEPTION_NAME = re.compile(r"(Error|Exception|Warning)\Z")


class SymbolKinds:
    """Answers what kind of thing a definition is."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def is_table(self, cls: ClassSymbol) -> bool:
        """Whether a class is a mapped table (SQLAlchemy, SQLModel) or a document of an ODM, or the base of
        some.

        A class without `table=True` that derives from an SQLModel table is a schema.
        """
        if self.resolver.inherits(cls, SCHEMA_BASES) and not self.resolver.inherits(cls, MAPPED_BASES):
            return any(k.name == "table" and _is_true(k.value) for k in cls.node.keywords)
        return any(self._is_mapped(current) for current in self.resolver.ancestry(cls))

    def has_rows(self, cls: ClassSymbol) -> bool:
        """Whether a class is a table or document itself, and not only the base of some."""
        if not self.is_table(cls):
            return False
        own = self.resolver.scope(cls).bindings
        if "__tablename__" in own:
            return True
        bases = self.resolver.bases(cls)
        is_first = any(isinstance(base, External) and base.name in _DECLARATIVE_BASES for base in bases)
        return not is_first and "__abstract__" not in own

    def _is_mapped(self, cls: ClassSymbol | External) -> bool:
        if isinstance(cls, External):
            return cls.name in MAPPED_BASES
        if "__tablename__" in self.resolver.scope(cls).bindings and (cls.node.bases or cls.node.decorators):
            return True
        return self._derives_from_made_base(cls) or any(
            (dotted_name(decorator.func if isinstance(decorator, s.Call) else decorator) or "").endswith(
                ("as_declarative", ".mapped", ".mapped_as_dataclass")
            )
            for decorator in cls.node.decorators
        )

    def _derives_from_made_base(self, cls: ClassSymbol) -> bool:
        """`Base = declarative_base()`: the base is a call's result."""
        scope = self.resolver.scope(cls.parent or cls.module)
        for base in cls.node.bases:
            made = base
            symbol = self.resolver.resolve(base, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None:
                made = symbol.binding.value
            if isinstance(made, s.Call) and (dotted_name(made.func) or "").rpartition(".")[2] in _MADE_BASES:
                return True
        return False

    def is_schema(self, cls: ClassSymbol) -> bool:
        """Whether a class is a Pydantic model and no table."""
        return self.resolver.inherits(cls, SCHEMA_BASES) and not self.is_table(cls)

    def is_engine(self, variable: Variable) -> bool:
        """Whether a variable holds a SQLAlchemy engine or session factory."""
        return class_name(self.types.of_variable(variable)) in ENGINES | SESSION_FACTORIES

    # --- what any layer may import ---------------------------------------------------------------

    def is_passive(self, symbol: Symbol | None) -> bool:
        """Exceptions, enums, protocols, abstract ports, constants and type aliases: what any layer may
        import.
        """
        if isinstance(symbol, ClassSymbol):
            return self._is_passive_class(symbol)
        if not isinstance(symbol, Variable):
            return False
        value = self.types.of_variable(symbol)
        if isinstance(value, Instance) and isinstance(value.cls, ClassSymbol):
            return self._is_passive_class(value.cls) or self.is_schema(value.cls)
        return class_name(value) not in _ACTIVE

    def _is_passive_class(self, cls: ClassSymbol) -> bool:
        if self.resolver.inherits(cls, _PASSIVE_BASES) or self.is_exception(cls):
            return True
        return self.is_port(cls) or self._is_record(cls)

    def is_port(self, cls: ClassSymbol) -> bool:
        """Whether a class only promises: a protocol, or a class whose methods are all abstract."""
        if self.resolver.inherits(cls, _PROTOCOLS):
            return True
        methods = self.types.methods(cls)
        return bool(methods) and all(_is_abstract_method(method) for method in methods)

    def is_exception(self, cls: ClassSymbol) -> bool:
        """Whether a class derives from a builtin or library exception."""
        for base in self.resolver.ancestry(cls):
            if isinstance(base, External):
                if _EXCEPTION_NAME.search(base.name):
                    return True
                continue
            scope = self.resolver.scope(base.parent or base.module)
            for expr in base.node.bases:
                if (
                    isinstance(expr, s.Name)
                    and _EXCEPTION_NAME.search(expr.id)
                    and self.types.is_builtin(expr, scope)
                ):
                    return True
        return False

    def _is_record(self, cls: ClassSymbol) -> bool:
        """A dataclass, or a plain class of constants, without behaviour of its own."""
        if any(
            not m.name.startswith("__") for m in self.types.methods(cls) if not is_decorated(m, "property")
        ):
            return False
        decorators = [d.func if isinstance(d, s.Call) else d for d in cls.node.decorators]
        if any((dotted_name(d) or "").rpartition(".")[2] in _RECORD_DECORATORS for d in decorators):
            return True
        constants = any(isinstance(statement, s.Assign) for statement in cls.node.body)
        return constants and not cls.node.bases and not self.types.methods(cls)


_ACTIVE = frozenset({"fastapi.APIRouter", "fastapi.FastAPI"}) | ENGINES | SESSION_FACTORIES


def _is_abstract_method(method: FunctionSymbol) -> bool:
    return any((dotted_name(d) or "").endswith("abstractmethod") for d in method.node.decorators)


def _is_true(expr: s.Expr) -> bool:
    return isinstance(expr, s.Constant) and expr.value is True
