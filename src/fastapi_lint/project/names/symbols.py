"""What a name can mean: a module, a function, a class, a variable, or something outside the project."""

from __future__ import annotations

from typing import Union

import msgspec

from fastapi_lint.facts.python.syntax import (
    Alias,
    Class,
    Expr,
    Function,
    Import,
    ImportFrom,
    Lambda,
    Parameter,
    PythonFacts,
)


class Module(msgspec.Struct, frozen=True, eq=False):
    """One Python file of the project.

    `path` is POSIX and relative to the root; `root` is the folder that stands on `sys.path` ("" for the
    project's root); `name` is dotted, from that folder.
    """

    path: str
    root: str
    name: str
    is_package: bool
    facts: PythonFacts

    def __repr__(self) -> str:
        return f"<module {self.name} at {self.path}>"


class FunctionSymbol(msgspec.Struct, frozen=True, eq=False):
    """A `def`, also a nested one or a method. `qualname` is Python's `__qualname__`."""

    module: Module
    node: Function
    qualname: str
    owner: ClassSymbol | None = None
    parent: FunctionSymbol | None = None

    @property
    def name(self) -> str:
        """The bare name."""
        return self.node.name

    def __repr__(self) -> str:
        return f"<function {self.qualname} of {self.module.name}>"


class ClassSymbol(msgspec.Struct, frozen=True, eq=False):
    """A class of the project. `qualname` is Python's `__qualname__`."""

    module: Module
    node: Class
    qualname: str
    owner: ClassSymbol | None = None
    parent: FunctionSymbol | None = None

    @property
    def name(self) -> str:
        """The bare name."""
        return self.node.name

    def __repr__(self) -> str:
        return f"<class {self.qualname} of {self.module.name}>"


class External(msgspec.Struct, frozen=True):
    """Something that the project doesn't define, by its canonical dotted name (`fastapi.APIRouter`)."""

    name: str


class Namespace(msgspec.Struct, frozen=True):
    """A folder without `__init__.py` that is imported as a package."""

    folder: str
    name: str


class Binding(msgspec.Struct, frozen=True, eq=False):
    """One place where a scope gives a meaning to a name.

    `value` is the assigned expression (`path` holds the indexes of unpacking), `annotation` the declared
    type; `context` and `iterable` are set for `with` and `for` targets. `type_only` stands under
    `TYPE_CHECKING`, `conditional` under any other condition, `fallback` in an `except` or `else`.
    """

    at: int
    symbol: FunctionSymbol | ClassSymbol | None = None
    value: Expr | None = None
    path: tuple[int, ...] = ()
    annotation: Expr | None = None
    parameter: Parameter | None = None
    context: Expr | None = None
    iterable: Expr | None = None
    caught: Expr | None = None
    statement: Import | ImportFrom | None = None
    alias: Alias | None = None
    augmented: bool = False
    type_only: bool = False
    conditional: bool = False
    fallback: bool = False


class Scope(msgspec.Struct, frozen=True, eq=False):
    """A lexical scope: a module, a class body, a function or a lambda.

    `owner` is None for the module's own scope. Names of a class body are not seen from its methods, so
    `parent` of a method's scope is the scope around the class.
    """

    module: Module
    owner: FunctionSymbol | ClassSymbol | Lambda | None
    bindings: dict[str, list[Binding]]
    stars: list[Binding]
    parent: Scope | None

    def __repr__(self) -> str:
        name = getattr(self.owner, "qualname", "<lambda>") if self.owner else "<module>"
        return f"<scope {name} of {self.module.name}>"


class Variable(msgspec.Struct, frozen=True, eq=False):
    """A name bound to a value by an assignment, a `with`, a `for` or a parameter."""

    scope: Scope
    name: str
    binding: Binding

    @property
    def module(self) -> Module:
        """The module that binds it."""
        return self.scope.module

    def __repr__(self) -> str:
        return f"<variable {self.name} of {self.scope}>"


Symbol = Union[Module, Namespace, FunctionSymbol, ClassSymbol, Variable, External]
