from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.names.symbols import Variable
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

HEAD = """
import enum
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypedDict
from beanie import Document
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, as_declarative, declarative_base, sessionmaker
from sqlmodel import SQLModel
from starlette.exceptions import HTTPException as StarletteError
from library import ApiError

Old = declarative_base()
class Base(DeclarativeBase): ...
class Work:
    def work(self): ...
"""


@pytest.mark.parametrize(
    ("source", "table", "schema"),
    [
        ("class X(Base): ...", True, False),
        ("class X(Base):\n    __tablename__ = 'x'", True, False),
        ("class X(Old): ...", True, False),
        ("class X(declarative_base()): ...", True, False),
        ("@as_declarative()\nclass X: ...", True, False),
        ("class X(Document): ...", True, False),
        ("class X(SQLModel, table=True): ...", True, False),
        ("class X(SQLModel): ...", False, True),
        ("class Y(SQLModel, table=True): ...\nclass X(Y): ...", False, True),
        ("class X(BaseModel): ...", False, True),
        ("class X(Unknown): ...", False, False),
        ("class X: ...", False, False),
    ],
)
def test_tables_and_schemas(project_of: Build, source: str, table: bool, schema: bool) -> None:
    project = project_of(f"{HEAD}{source}\n")
    module = project.module("app/main.py")
    assert module is not None
    [cls] = [cls for cls in project.resolver.index(module).classes if cls.name == "X"]
    assert (project.kinds.is_table(cls), project.kinds.is_schema(cls)) == (table, schema)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class X(Base): ...", True),
        ("class X(Base):\n    __abstract__ = True", False),
        ("class X(DeclarativeBase): ...", False),
        ("class X(DeclarativeBase):\n    __tablename__ = 'x'", True),
        ("class X(Document): ...", True),
        ("class X(SQLModel, table=True): ...", True),
        ("class X(BaseModel): ...", False),
    ],
)
def test_tables_with_rows(project_of: Build, source: str, expected: bool) -> None:
    project = project_of(f"{HEAD}{source}\n")
    module = project.module("app/main.py")
    assert module is not None
    [cls] = [cls for cls in project.resolver.index(module).classes if cls.name == "X"]
    assert project.kinds.has_rows(cls) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class X(enum.Enum):\n    A = 1", True),
        ("class X(str, enum.Enum):\n    A = 1", True),
        ("class X(Exception): ...", True),
        ("class X(ValueError):\n    def text(self): ...", True),
        ("class X(HTTPException): ...", True),
        ("class X(StarletteError): ...", True),
        ("class X(ApiError): ...", True),
        ("class X(Protocol):\n    def get(self): ...", True),
        ("class X(ABC):\n    @abstractmethod\n    def get(self): ...", True),
        ("class X(ABC):\n    @abstractmethod\n    def get(self): ...\n    def put(self): ...", False),
        ("class X(NamedTuple):\n    a: int", True),
        ("class X(TypedDict):\n    a: int", True),
        ("@dataclass\nclass X:\n    a: int", True),
        ("@dataclass(frozen=True)\nclass X:\n    a: int\n    @property\n    def b(self): ...", True),
        ("@dataclass\nclass X:\n    a: int\n    def work(self): ...", False),
        ("class X:\n    A = 1", True),
        ("class X: ...", False),
        ("class X(Work): ...", False),
        ("X = 3", True),
        ("X = list[int]", True),
        ("X = Work()", False),
        ("X = unknown()", True),
        ("X = APIRouter()", False),
        ("X = create_engine('x')", False),
        ("X = sessionmaker()", False),
        ("class P(BaseModel): ...\nX = P()", True),
        ("def X(): ...", False),
    ],
)
def test_what_any_layer_may_import(project_of: Build, source: str, expected: bool) -> None:
    project = project_of(f"{HEAD}{source}\n")
    module = project.module("app/main.py")
    assert module is not None
    scope = project.resolver.scope(module)
    [binding] = scope.bindings["X"]
    assert project.kinds.is_passive(binding.symbol or Variable(scope, "X", binding)) is expected
