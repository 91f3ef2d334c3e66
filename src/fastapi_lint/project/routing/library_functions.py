"""Functions of the standard library (and a few libraries close to it) that routing code relies on."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing import files
from fastapi_lint.project.routing.arguments import Arguments, of_values
from fastapi_lint.project.routing.files import PathValue
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    BoundMethod,
    ClassValue,
    DictValue,
    ExternalInstance,
    ExternalValue,
    FunctionValue,
    ListValue,
    Maybe,
    ModuleValue,
    NamespaceValue,
    Native,
    PartialValue,
    RowValue,
    Several,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter


def _partial(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    function = arguments.value(run, 0, "func", None)
    return PartialValue(function, Arguments(arguments.positional[1:], arguments.keywords, arguments.loose))


def _wraps(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    wrapped = arguments.value(run, 0, "wrapped", None)

    def mark(run: Interpreter, given: Arguments, where: Site | None) -> Value:
        return _wrapped(given.value(run, 0, "wrapper", None), wrapped)

    return Native("wraps", mark)


def _update_wrapper(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return _wrapped(arguments.value(run, 0, "wrapper", None), arguments.value(run, 1, "wrapped", None))


def _wrapped(wrapper: Value, wrapped: Value) -> Value:
    target = wrapped.function if isinstance(wrapped, BoundMethod) else wrapped
    if isinstance(wrapper, FunctionValue) and isinstance(target, FunctionValue) and wrapper is not target:
        wrapper.wrapped = target
        wrapper.attrs = {**(target.attrs or {}), **(wrapper.attrs or {})}
    return wrapper


def _role(role: str, bare: bool = True) -> Callable[..., Value]:
    """A decorator that gives a function a role; used bare, or called first."""

    def decorate(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
        value = arguments.value(run, 0, "func", None)
        if isinstance(value, FunctionValue):
            value.role = role
            return value
        return Native(role, lambda run, given, where: decorate(run, given, where, None))

    return decorate


def _record(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "cls", None)
    if isinstance(value, ClassValue):
        value.record, value.kind = True, "record" if value.kind in (None, "plain") else value.kind
        return value
    return Native("dataclass", lambda run, given, where: _record(run, given, where, None))


def _first(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return arguments.value(run, 0, "", None)


def _second(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return arguments.value(run, 1, "val", None)


def _awaited(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    found = [run.awaited(value) for value in arguments.values(run)]
    return found[0] if len(found) == 1 else ListValue(found, run.conditions)


def _in_thread(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.loose)
    return run.call(arguments.value(run, 0, "func", None), rest, site, frame)


def _chain(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    made: list[Value] = []
    for value in arguments.values(run):
        items = run.items(value)
        made.extend([Several("unknown items")] if items is None else items)
    return ListValue(made, run.conditions)


def _chain_all(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    rows = run.items(arguments.value(run, 0, "iterable", ()))
    if rows is None:
        return Unknown("unknown items")
    plain = [row.value if isinstance(row, Maybe) else row for row in rows]
    return _chain(run, of_values(*plain), site, frame)


def _reduce(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    values = arguments.values(run)
    items = run.items(values[1]) if len(values) > 1 else None
    if items is None or not [*items, *values[2:]]:
        return Unknown("the result of `reduce`")
    result = values[2] if len(values) > 2 else items.pop(0)
    for item in items:
        result = run.call(values[0], of_values(result, item), site, frame)
    return result


def _copy(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "x", None)
    if isinstance(value, ListValue):
        return type(value)(value, run.conditions)
    return DictValue(value, run.conditions) if isinstance(value, dict) else value


def _mapping(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    given = arguments.value(run, 0, "", None)
    made = DictValue(given if isinstance(given, dict) else (), run.conditions)
    for pair in run.items(given) or () if not isinstance(given, dict) else ():
        if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str):
            made[pair[0]] = pair[1]
    return made


def _named_tuple(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    fields = arguments.value(run, 1, "field_names", None)
    listed = fields.replace(",", " ").split() if isinstance(fields, str) else run.items(fields)
    if not listed or not all(isinstance(one, str) for one in listed):
        return Unknown("a class that is made by `namedtuple`")
    names = tuple(str(one) for one in listed)

    def make(run: Interpreter, given: Arguments, where: Site | None) -> Value:
        values = [given.value(run, index, name) for index, name in enumerate(names)]
        missing = Unknown("a field that is not given")
        return RowValue(tuple(missing if one is MISSING else one for one in values), names)

    return Native("namedtuple", make)


def _namespace(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    made = ExternalInstance("types.SimpleNamespace", arguments, site)
    made.attrs.update({name: one.value(run) for name, one in arguments.keywords.items()})
    return made


def _import_module(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    name, package = arguments.value(run, 0, "name", None), arguments.value(run, 1, "package", None)
    return run.import_module(name, package, frame.module.module.path if frame is not None else "")


def _iter_modules(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return _modules(run, arguments, deep=False)


def _walk_packages(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return _modules(run, arguments, deep=True)


def _modules(run: Interpreter, arguments: Arguments, deep: bool) -> Value:
    folders = run.items(arguments.value(run, 0, "path", None))
    prefix = arguments.value(run, 1, "prefix", "")
    if folders is None or not isinstance(prefix, str):
        return Unknown("the modules of a package are searched at run time")
    made = ListValue((), run.conditions)
    for folder in folders:
        text = str(folder) if isinstance(folder, str | PathValue) else ""
        if files.entries(run.table, text) is None:
            return Unknown("the modules of a package are searched at run time")
        _collect(run, text, prefix, deep, made)
    return made


def _collect(run: Interpreter, folder: str, prefix: str, deep: bool, made: ListValue) -> None:
    for name, is_package in files.submodules(run.table, folder):
        made.append(RowValue((_FINDER, prefix + name, is_package), _INFO))
        if deep and is_package:
            _collect(run, f"{folder}/{name}", f"{prefix}{name}.", deep, made)


_INFO = ("module_finder", "name", "ispkg")
_FINDER = Unknown("a module finder")


def _path_join(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    values = [str(one) if isinstance(one, PathValue) else one for one in arguments.values(run)]
    if values and all(isinstance(one, str) for one in values):
        return posixpath.join(*values)
    return Unknown("a path of a file")


def _on_path(compute: Callable[[str], Value]) -> Callable[..., Value]:
    def apply(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
        value = arguments.value(run, 0, "path", None)
        return compute(str(value)) if isinstance(value, str | PathValue) else Unknown("a path of a file")

    return apply


def _relpath(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    path, start = arguments.value(run, 0, "path", None), arguments.value(run, 1, "start", None)
    texts = [str(one) for one in (path, start) if isinstance(one, str | PathValue)]
    if len(texts) == 2 and all(text.startswith(files.ROOT) for text in texts):
        return posixpath.relpath(*texts)
    return Unknown("a path of a file")


def _exists(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "path", None)
    found = isinstance(value, str | PathValue) and files.is_known(run.table, str(value))
    return True if found else Unknown("whether a file exists")


def _is_folder(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "path", None)
    if isinstance(value, str | PathValue) and files.is_known(run.table, str(value)):
        return not str(value).endswith(".py")
    return Unknown("whether a folder exists")


def _listdir(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "path", None)
    names = files.entries(run.table, str(value)) if isinstance(value, str | PathValue) else None
    return (
        Unknown("the files of a folder are read at run time")
        if names is None
        else ListValue(names, run.conditions)
    )


def _glob(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "pathname", None)
    found = files.matching(run.table, str(value)) if isinstance(value, str | PathValue) else None
    return (
        Unknown("the files of a folder are read at run time")
        if found is None
        else ListValue(found, run.conditions)
    )


def _walk(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "top", None)
    if not isinstance(value, str | PathValue) or files.entries(run.table, str(value)) is None:
        return Unknown("the files of a folder are read at run time")
    rows = [
        (top, ListValue(folders, run.conditions), ListValue(names, run.conditions))
        for top, folders, names in files.walk(run.table, str(value))
    ]
    return ListValue(rows, run.conditions)


def _path(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    values = [str(one) if isinstance(one, PathValue) else one for one in arguments.values(run)]
    if values and all(isinstance(one, str) for one in values):
        return PathValue(posixpath.join(*values))
    return Unknown("a path of a file")


def _members(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value, predicate = arguments.value(run, 0, "object", None), arguments.value(run, 1, "predicate", None)
    names = run.call(_builtin("dir"), of_values(value), site, frame)
    if not isinstance(names, list):
        return Unknown("the members of a value")
    made = ListValue((), run.conditions)
    for name in names:
        found = run.attribute(value, name, site)
        verdict = True if predicate is None else run.truth(run.call(predicate, of_values(found), site, frame))
        if verdict is not False:
            made.append((name, found))
    return made


def _builtin(name: str) -> Value:
    return ExternalValue(f"builtins.{name}")


def _is_kind(*kinds: type) -> Callable[..., Value]:
    def check(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
        value = arguments.value(run, 0, "object", None)
        return Unknown("the kind of a value") if isinstance(value, Unknown) else isinstance(value, kinds)

    return check


def _is_coroutine(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "func", None)
    target = value.function if isinstance(value, BoundMethod) else value
    if isinstance(target, FunctionValue):
        return bool(getattr(target.node, "is_async", False))
    return Unknown("whether a function is async")


def _nothing(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return Unknown("the result of a library's function")


def _fspath(text: str) -> Value:
    return text


LIBRARY: dict[str, Callable[..., Value]] = {
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "functools.lru_cache": _role("cached"),
    "functools.cache": _role("cached"),
    "functools.cached_property": _role("property"),
    "functools.reduce": _reduce,
    "contextlib.contextmanager": _role("context"),
    "contextlib.asynccontextmanager": _role("context"),
    "dataclasses.dataclass": _record,
    "pydantic.dataclasses.dataclass": _record,
    "attrs.define": _record,
    "attrs.frozen": _record,
    "attrs.mutable": _record,
    "attr.define": _record,
    "attr.s": _record,
    "attr.attrs": _record,
    "attr.dataclass": _record,
    "pydantic.computed_field": _first,
    "typing.cast": _second,
    "typing.overload": _first,
    "typing.final": _first,
    "abc.abstractmethod": _first,
    "asyncio.run": _awaited,
    "asyncio.gather": _awaited,
    "asyncio.wait_for": _awaited,
    "asyncio.to_thread": _in_thread,
    "anyio.run": _in_thread,
    "starlette.concurrency.run_in_threadpool": _in_thread,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_all,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "collections.OrderedDict": _mapping,
    "collections.defaultdict": _nothing,
    "collections.namedtuple": _named_tuple,
    "types.SimpleNamespace": _namespace,
    "importlib.import_module": _import_module,
    "pkgutil.iter_modules": _iter_modules,
    "pkgutil.walk_packages": _walk_packages,
    "os.path.join": _path_join,
    "os.path.dirname": _on_path(posixpath.dirname),
    "os.path.basename": _on_path(posixpath.basename),
    "os.path.abspath": _on_path(posixpath.normpath),
    "os.path.realpath": _on_path(posixpath.normpath),
    "os.path.normpath": _on_path(posixpath.normpath),
    "os.path.splitext": _on_path(posixpath.splitext),
    "os.path.relpath": _relpath,
    "os.path.exists": _exists,
    "os.path.isfile": _exists,
    "os.path.isdir": _is_folder,
    "os.fspath": _on_path(_fspath),
    "os.listdir": _listdir,
    "os.walk": _walk,
    "glob.glob": _glob,
    "glob.iglob": _glob,
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.PurePosixPath": _path,
    "inspect.getmembers": _members,
    "inspect.isfunction": _is_kind(FunctionValue),
    "inspect.ismethod": _is_kind(BoundMethod),
    "inspect.isclass": _is_kind(ClassValue),
    "inspect.ismodule": _is_kind(ModuleValue, NamespaceValue),
    "inspect.iscoroutinefunction": _is_coroutine,
    "asyncio.iscoroutinefunction": _is_coroutine,
}
"""Library functions by canonical name."""
