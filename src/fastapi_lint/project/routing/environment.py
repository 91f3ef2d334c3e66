"""Values from outside of the code: environment variables, configuration libraries, interpreter constants.

Text with a literal default is assumed to be that default; anything else from there is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.routing.choices import assumed
from fastapi_lint.project.routing.values import MISSING, ExternalValue, Unknown, Value

if TYPE_CHECKING:
    from fastapi_lint.project.routing.arguments import Arguments
    from fastapi_lint.project.routing.interpreter import Interpreter
    from fastapi_lint.project.routing.table import Site

_CONSTANTS: dict[str, Value] = {
    "typing.TYPE_CHECKING": False,
    "os.sep": "/",
    "os.path.sep": "/",
    "builtins.__debug__": True,
}

_READERS = frozenset(
    {"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault", "decouple.config"}
)
"""Functions that take the name of a variable and a default."""

_CONFIGS = (
    "starlette.config.Config",
    "decouple.Config",
    "environs.Env",
    "environs.FileAwareEnv",
    "environ.Env",
)
"""Classes whose instances read settings: `config("X", default="/x")`, `env.str("X")`."""

_TEXT_METHODS = ("", "str", "path", "url", "get", "__call__")


def constant(name: str) -> Value:
    """The value of a library's constant that is always the same; `MISSING` for any other name."""
    return _CONSTANTS.get(name, MISSING)


def read(run: Interpreter, name: str, arguments: Arguments) -> Value:
    """What a reader of settings gives, by its canonical name; `MISSING` if it is none."""
    if name in _READERS:
        return _setting(run, arguments)
    for config in _CONFIGS:
        if name.startswith(f"{config}()"):
            method = name[len(config) + 2 :].lstrip(".")
            return (
                _setting(run, arguments)
                if method in _TEXT_METHODS
                else Unknown("a setting", setting="a setting")
            )
    return MISSING


def _setting(run: Interpreter, arguments: Arguments) -> Value:
    name = arguments.value(run, 0, "key", arguments.value(run, 0, "option", "a variable"))
    label = f"${name}" if isinstance(name, str) else "a variable"
    default = arguments.value(run, 1, "default", None)
    cast = arguments.value(run, None, "cast", None)
    if isinstance(default, str) and (cast is None or _is_text(cast)):
        return assumed(default, label)
    return Unknown(f"it depends on the environment variable `{label[1:]}`", setting=label)


def _is_text(cast: Value) -> bool:
    return isinstance(cast, ExternalValue) and cast.name == "builtins.str"


def item(run: Interpreter, base: ExternalValue, key: Value, site: Site | None) -> Value:
    """`os.environ[key]`, `sys.modules[key]`, and the parameters of a generic class."""
    if base.name == "os.environ":
        label = f"${key}" if isinstance(key, str) else "a variable"
        return Unknown(f"it depends on the environment variable `{label[1:]}`", site, setting=label)
    if base.name == "sys.modules" and isinstance(key, str):
        return run.module_named(key)
    if base.name.endswith(("environ", "argv", "settings")):
        return Unknown("a setting", site)
    return base
