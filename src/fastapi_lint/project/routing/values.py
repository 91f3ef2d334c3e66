"""The values that the interpreter computes with.

Text, numbers, True, False and None are Python's own. Lists, tuples and dicts are Python's own or the
subclasses below, with known items. Everything else is one of these classes; what can't be known is
`Unknown`, with the reason why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from fastapi_lint.facts.python import syntax as s

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module
    from fastapi_lint.project.routing.arguments import Arguments
    from fastapi_lint.project.routing.frames import Frame
    from fastapi_lint.project.routing.interpreter import Interpreter
    from fastapi_lint.project.routing.table import Site

Value = Any
"""A native value of Python or an instance of a class of this package; told apart by `isinstance`."""

Conditions = tuple["Condition", ...]


class Condition(msgspec.Struct, frozen=True, eq=False):
    """Something that must hold at run time and is not known here."""

    site: Site | None


class Unknown:
    """A value that can't be known. `setting` names the variable or settings field that it comes from."""

    __slots__ = ("reason", "setting", "site")

    def __init__(self, reason: str, site: Site | None = None, setting: str | None = None) -> None:
        self.reason = reason
        self.site = site
        self.setting = setting

    def __repr__(self) -> str:
        return f"<unknown: {self.reason}>"


class Several(Unknown):
    """Stands in a list for any number of unknown items."""

    __slots__ = ()


class Assumed(str):
    """Text that holds only if settings keep their defaults. `reasons` names them."""

    __slots__ = ("reasons",)
    reasons: tuple[str, ...]

    def __new__(cls, text: str, reasons: tuple[str, ...]) -> Assumed:
        made = super().__new__(cls, text)
        made.reasons = reasons
        return made


class Choice:
    """One of several values; which one depends on a condition that is not known."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[Value, ...]) -> None:
        self.options = options


class Maybe:
    """An item that is there only under conditions."""

    __slots__ = ("conditions", "value")

    def __init__(self, value: Value, conditions: Conditions) -> None:
        self.value = value
        self.conditions = conditions


class ListValue(list[Value]):
    """A list, with the conditions under which it was made. Compared by identity."""

    __slots__ = ("conditions",)

    def __init__(self, items: Any = (), conditions: Conditions = ()) -> None:
        super().__init__(items)
        self.conditions = conditions

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__


class SetValue(ListValue):
    """A set; its items keep the order in which they came."""

    __slots__ = ()


class RowValue(tuple[Value, ...]):
    """A tuple whose items also have names."""

    names: tuple[str, ...]

    def __new__(cls, items: tuple[Value, ...], names: tuple[str, ...]) -> RowValue:
        made = super().__new__(cls, items)
        made.names = names
        return made


class DictValue(dict[Value, Value]):
    """A dict. `origin` is the display it was written as. `open` tells that there may be more keys."""

    __slots__ = ("conditions", "open", "origins")

    def __init__(self, items: Any = (), conditions: Conditions = ()) -> None:
        super().__init__(items)
        self.conditions = conditions
        self.open = False
        self.origins: dict[Value, Site] = {}

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__


class FunctionValue:
    """A function or lambda with the frame it closes over."""

    __slots__ = ("attrs", "closure", "memo", "node", "owner", "role", "symbol", "wrapped")

    def __init__(
        self,
        node: s.Function | s.Lambda,
        closure: Frame,
        symbol: FunctionSymbol | None,
        owner: ClassValue | None = None,
    ) -> None:
        self.node = node
        self.closure = closure
        self.symbol = symbol
        self.owner = owner
        self.role = ""
        self.wrapped: Value = None
        self.attrs: dict[str, Value] | None = None
        self.memo: Value = MISSING

    def node_name(self) -> str:
        """The bare name; empty for a lambda."""
        return self.node.name if isinstance(self.node, s.Function) else ""

    def __repr__(self) -> str:
        return f"<function {self.symbol.qualname if self.symbol else 'lambda'}>"


class BoundMethod:
    """A function with its receiver."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: FunctionValue, receiver: Value) -> None:
        self.function = function
        self.receiver = receiver


class ClassValue:
    """A class of the project. `env` holds what its body binds, once it has run (`ready`).

    `record` tells that its annotated names are fields; `frame` is the frame around the class.
    """

    __slots__ = ("bases", "env", "frame", "kind", "mro", "node", "ready", "record", "symbol")

    def __init__(
        self, node: s.Class, frame: Frame, symbol: ClassSymbol | None, bases: tuple[Value, ...]
    ) -> None:
        self.node = node
        self.frame = frame
        self.symbol = symbol
        self.bases = bases
        self.env: dict[str, Value] = {}
        self.ready = False
        self.record = False
        self.kind: str | None = None
        self.mro: tuple[Value, ...] | None = None

    def __repr__(self) -> str:
        return f"<class {self.symbol.qualname if self.symbol else self.node.name}>"


class InstanceValue:
    """An instance of a class of the project."""

    __slots__ = ("attrs", "cls", "conditions")

    def __init__(self, cls: ClassValue, conditions: Conditions = ()) -> None:
        self.cls = cls
        self.attrs: dict[str, Value] = {}
        self.conditions = conditions


class MemberValue:
    """A member of an enumeration. `mixed`: the class mixes in `str`; `plain`: it is a `StrEnum`."""

    __slots__ = ("cls", "mixed", "name", "plain", "value")

    def __init__(self, cls: ClassValue, name: str, value: Value, mixed: bool, plain: bool) -> None:
        self.cls = cls
        self.name = name
        self.value = value
        self.mixed = mixed
        self.plain = plain


class ModuleValue:
    """A module of the project and what its body has bound so far."""

    __slots__ = ("env", "frame", "module", "state")

    def __init__(self, module: Module) -> None:
        self.module = module
        self.env: dict[str, Value] = {}
        self.state = "new"
        self.frame: Frame | None = None

    def __repr__(self) -> str:
        return f"<module {self.module.name}>"


class NamespaceValue:
    """A folder without `__init__.py` that is imported as a package."""

    __slots__ = ("folder", "name")

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.name = name


class ExternalValue:
    """Something that a library or Python itself defines. `owner` is the object that it was taken from."""

    __slots__ = ("name", "owner")

    def __init__(self, name: str, owner: ExternalInstance | None = None) -> None:
        self.name = name
        self.owner = owner

    def __repr__(self) -> str:
        return f"<external {self.name}>"


class ExternalInstance:
    """What calling something external gave. `callee` is its name, with `()` after each call in a chain."""

    __slots__ = ("arguments", "attrs", "callee", "site")

    def __init__(self, callee: str, arguments: Arguments, site: Site | None) -> None:
        self.callee = callee
        self.arguments = arguments
        self.site = site
        self.attrs: dict[str, Value] = {}

    def __repr__(self) -> str:
        return f"<{self.callee}()>"


class NativeMethod:
    """A method of a native value (`"x".rstrip`, `items.append`)."""

    __slots__ = ("name", "receiver")

    def __init__(self, receiver: Value, name: str) -> None:
        self.receiver = receiver
        self.name = name


class Native:
    """A callable that the interpreter provides itself."""

    __slots__ = ("name", "run")

    def __init__(self, name: str, run: Callable[[Interpreter, Arguments, Site | None], Value]) -> None:
        self.name = name
        self.run = run


class PartialValue:
    """`functools.partial(function, ...)`."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Value, arguments: Arguments) -> None:
        self.function = function
        self.arguments = arguments


class SuperValue:
    """`super()`: the attributes of `receiver` that come after `after` in the order of its classes."""

    __slots__ = ("after", "receiver")

    def __init__(self, after: ClassValue, receiver: Value) -> None:
        self.after = after
        self.receiver = receiver


class Context:
    """A context manager of the project that is a generator: what it hands over."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Coroutine:
    """A call of an async function that is not awaited yet."""

    __slots__ = ("arguments", "function", "site")

    def __init__(self, function: FunctionValue, arguments: Arguments, site: Site | None) -> None:
        self.function = function
        self.arguments = arguments
        self.site = site


class Missing:
    """The type of `MISSING`."""

    __slots__ = ()


MISSING = Missing()
"""No value at all: a name that is not bound, an argument that is not given."""

NATIVE = (str, int, float, bool, type(None))
"""The types of values that are Python's own."""
