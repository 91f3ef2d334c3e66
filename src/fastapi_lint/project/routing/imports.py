"""Imports: run a module's body once, in the order in which Python would, and bind what it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.canonical import canonical
from fastapi_lint.project.names.modules import join
from fastapi_lint.project.names.stdlib import STDLIB
from fastapi_lint.project.names.symbols import (
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Namespace,
    Symbol,
)
from fastapi_lint.project.routing import environment
from fastapi_lint.project.routing.arguments import of_values
from fastapi_lint.project.routing.bounds import MAX_STEPS
from fastapi_lint.project.routing.files import absolute
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.third_party import APP_CLASSES, ROUTER_CLASSES
from fastapi_lint.project.routing.values import (
    MISSING,
    ClassValue,
    ExternalValue,
    FunctionValue,
    ListValue,
    ModuleValue,
    NamespaceValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_MAX_NESTED = 120


def run_module(run: Interpreter, module: Module) -> ModuleValue:
    """The module's value; its body is run on the first call, after those of the packages around it."""
    value = run.modules.get(module.path)
    if value is not None:
        return value
    _run_packages(run, module)
    value = run.modules.get(module.path)
    if value is not None:
        return value
    value = run.modules[module.path] = ModuleValue(module)
    env = value.env
    env["__name__"] = module.name
    env["__file__"] = absolute(module.path)
    env["__package__"] = module.name if module.is_package else module.name.rpartition(".")[0]
    env["__doc__"] = None
    value.frame = Frame(value, env, run.resolver.scope(module), None)
    if len(run.importing) >= _MAX_NESTED:
        run.overrun = True
        return value
    value.state = "running"
    run.importing.append(module.path)
    calls, run.calls = run.calls, []
    start, limit = run.steps, run.limit
    run.limit = MAX_STEPS
    run.execute(module.facts.body, value.frame)
    run.limit = min(MAX_STEPS, limit + run.steps - start)
    run.calls = calls
    run.importing.pop()
    value.state = "done"
    _bind_in_package(run, module, value)
    return value


def _bind_in_package(run: Interpreter, module: Module, value: ModuleValue) -> None:
    """Make a submodule an attribute of its package, as the end of an import does."""
    outer, _, name = module.name.rpartition(".")
    package = run.modules.get(join(module.root, *outer.split("."), "__init__.py")) if outer else None
    if package is not None:
        package.env[name] = value


def _run_packages(run: Interpreter, module: Module) -> None:
    parts = module.name.split(".")
    if not module.is_package or len(parts) > 1:
        for count in range(1, len(parts)):
            path = join(module.root, *parts[:count], "__init__.py")
            package = run.table.by_path.get(path)
            if package is not None and package is not module:
                run_module(run, package)


def value_of_found(run: Interpreter, found: Module | Namespace) -> Value:
    """A module or namespace of the project as a value."""
    if isinstance(found, Module):
        return run_module(run, found)
    return NamespaceValue(found.folder, found.name)


def find(run: Interpreter, dotted: str, importer: str) -> Module | Namespace | None:
    """The module that a dotted name means in a file, remembered for the file's folder."""
    key = (dotted, importer.rpartition("/")[0])
    if key not in run.found_modules:
        run.found_modules[key] = run.table.find(dotted, importer)
    return run.found_modules[key]


def import_names(run: Interpreter, node: s.Import, frame: Frame) -> None:
    """`import a.b.c` and `import a.b.c as d`."""
    importer = frame.module.module.path
    for alias in node.names:
        parts = alias.name.split(".")
        value: Value = ExternalValue(canonical(alias.name if alias.asname else parts[0]))
        for count in range(1, len(parts) + 1):
            found = find(run, ".".join(parts[:count]), importer)
            if found is not None:
                ran = value_of_found(run, found)
                if count == 1 or (alias.asname and count == len(parts)):
                    value = ran
        frame.bind(alias.asname or parts[0], value)


def import_from(run: Interpreter, node: s.ImportFrom, frame: Frame) -> None:
    """`from module import names`."""
    source = _source(run, node, frame.module.module)
    if source is None:
        _from_outside(run, node, frame)
        return
    base = value_of_found(run, source)
    for alias in node.names:
        if alias.name == "*":
            _star(base, frame)
        else:
            frame.bind(alias.asname or alias.name, member(run, base, alias.name))


def _source(run: Interpreter, node: s.ImportFrom, module: Module) -> Module | Namespace | None:
    if not node.level:
        return find(run, node.module, module.path)
    folder = module.path.rpartition("/")[0]
    for _ in range(node.level - 1):
        folder = folder.rpartition("/")[0]
    base = join(folder, *node.module.split(".")) if node.module else folder
    found = run.table.by_path.get(join(base, "__init__.py")) or run.table.by_path.get(f"{base}.py")
    if found is None and base in run.table.folders:
        return Namespace(base, node.module)
    return found


def _from_outside(run: Interpreter, node: s.ImportFrom, frame: Frame) -> None:
    for alias in node.names:
        if alias.name == "*":
            continue
        name = alias.asname or alias.name
        if node.level or _is_ours(run, node.module):
            frame.bind(name, Unknown(f"`{node.module or '.'}` is not found in the project"))
            continue
        full = canonical(f"{node.module}.{alias.name}")
        known = environment.constant(full)
        frame.bind(name, ExternalValue(full) if known is MISSING else known)


def _is_ours(run: Interpreter, dotted: str) -> bool:
    top = dotted.partition(".")[0]
    return top in run.own_packages and top not in _NEVER_OURS


_NEVER_OURS = frozenset(name.partition(".")[0] for name in (*APP_CLASSES, *ROUTER_CLASSES)) | STDLIB


def _star(base: Value, frame: Frame) -> None:
    if not isinstance(base, ModuleValue):
        return
    listed = base.env.get("__all__")
    names = (
        listed if isinstance(listed, list | tuple) else [one for one in base.env if not one.startswith("_")]
    )
    for name in list(names):
        if isinstance(name, str) and name in base.env:
            frame.bind(name, base.env[name])


def member(run: Interpreter, base: Value, name: str) -> Value:
    """`from base import name`."""
    if isinstance(base, ModuleValue):
        found = base.env.get(name, MISSING)
        return late_member(run, base, name) if found is MISSING else found
    found = submodule(run, base.folder, base.name, name)
    return Unknown(f"`{name}` is not found in `{base.name}`") if found is MISSING else found


def submodule(run: Interpreter, folder: str, dotted: str, name: str) -> Value:
    """A module in a folder; `MISSING` if there is none."""
    base = join(folder, name)
    found = run.table.by_path.get(f"{base}/__init__.py") or run.table.by_path.get(f"{base}.py")
    if found is not None:
        return run_module(run, found)
    return NamespaceValue(base, f"{dotted}.{name}") if base in run.table.folders else MISSING


def late_member(run: Interpreter, base: ModuleValue, name: str, inside: bool = False) -> Value:
    """A module's name that its body has not bound: a submodule, or what the lexical scopes say.

    From outside, a module's own `__getattr__` is asked as well.
    """
    module = base.module
    if module.is_package:
        found = submodule(run, module.path.rpartition("/")[0], module.name, name)
        if found is not MISSING:
            return found
    if name.startswith("__") and name.endswith("__"):
        return MISSING
    dynamic = base.env.get("__getattr__", MISSING)
    if dynamic is not MISSING and base.state == "done" and not inside:
        return run.call(dynamic, of_values(name), None, None)
    symbol = run.resolver.follow(run.resolver.module_member(module, name))
    return _of_symbol(run, symbol, name)


def _of_symbol(run: Interpreter, symbol: Symbol | None, name: str) -> Value:
    if isinstance(symbol, External):
        return ExternalValue(symbol.name)
    if isinstance(symbol, Module | Namespace):
        return value_of_found(run, symbol)
    if isinstance(symbol, FunctionSymbol | ClassSymbol) and symbol.owner is None and symbol.parent is None:
        return _of_definition(run, symbol)
    if symbol is None:
        return MISSING
    return Unknown(f"`{name}` has no value yet where it is used")


def _of_definition(run: Interpreter, symbol: FunctionSymbol | ClassSymbol) -> Value:
    home = run_module(run, symbol.module)
    found = home.env.get(symbol.name, MISSING)
    if found is not MISSING or home.frame is None:
        return found
    if isinstance(symbol, FunctionSymbol):
        return FunctionValue(symbol.node, home.frame, symbol)
    return ClassValue(symbol.node, home.frame, symbol, ())


def late_name(run: Interpreter, name: str, frame: Frame) -> Value:
    """A name that no frame binds: a builtin, or a module's name that comes later or by a library's `*`."""
    if name in BUILTIN_NAMES:
        return ExternalValue(f"builtins.{name}")
    found = late_member(run, frame.module, name, inside=True)
    return Unknown(f"`{name}` has no value") if found is MISSING else found


def module_named(run: Interpreter, dotted: str, importer: str = "") -> Value:
    """The module that a dotted name means anywhere in the project, or something external."""
    for path in [importer, *run.importing[::-1]]:
        found = find(run, dotted, path) if path else None
        if found is not None:
            return value_of_found(run, found)
    for module in run.modules.values():
        if module.module.name == dotted:
            return module
    if _is_ours(run, dotted):
        return Unknown(f"the module `{dotted}` is not found in the project")
    return ExternalValue(canonical(dotted))


def import_module(run: Interpreter, name: Value, package: Value, importer: str) -> Value:
    """`importlib.import_module(name, package)`."""
    if not isinstance(name, str):
        return Unknown("a module is imported by a name that is not known")
    if name.startswith("."):
        if not isinstance(package, str):
            return Unknown("a module is imported by a relative name")
        level = len(name) - len(name.lstrip("."))
        parts = package.split(".")
        name = ".".join([*parts[: len(parts) - level + 1], name.lstrip(".")])
    return module_named(run, name, importer)


BUILTIN_NAMES = frozenset(
    """abs all any bool bytes callable classmethod dict dir divmod enumerate eval exec filter float format
    frozenset getattr globals hasattr hash id input int isinstance issubclass iter len list locals map max
    min next object open ord print property range repr reversed round set setattr slice sorted staticmethod
    str sum super tuple type vars zip __import__ __debug__ bytearray chr delattr Exception BaseException
    ValueError TypeError KeyError RuntimeError ImportError ModuleNotFoundError AttributeError IndexError
    NotImplementedError FileNotFoundError OSError PermissionError ConnectionError TimeoutError StopIteration
    LookupError ArithmeticError AssertionError UnicodeDecodeError NotImplemented Ellipsis memoryview complex
    pow bin hex oct aiter anext""".split()
)


def list_of(run: Interpreter, values: list[Value]) -> ListValue:
    """A list with these items."""
    return ListValue(values, run.conditions)
