"""The arguments of a call, evaluated when they are asked for, and how they meet parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing.choices import chosen
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import MISSING, Choice, DictValue, ListValue, Unknown, Value

if TYPE_CHECKING:
    from fastapi_lint.project.routing.frames import Frame
    from fastapi_lint.project.routing.interpreter import Interpreter


class Argument:
    """One argument: an expression in its frame, or a value that is known already."""

    __slots__ = ("_expr", "_frame", "_given", "_value")

    def __init__(
        self,
        expr: s.Expr | None = None,
        frame: Frame | None = None,
        value: Value = MISSING,
        given: Site | None = None,
    ) -> None:
        self._expr = expr
        self._frame = frame
        self._value = value
        self._given = given

    def value(self, run: Interpreter) -> Value:
        """Its value, computed once."""
        if self._value is MISSING:
            assert self._expr is not None
            assert self._frame is not None
            self._value = run.evaluate(self._expr, self._frame)
        return self._value

    @property
    def expr(self) -> s.Expr | None:
        """The expression as written in the call, if it is written there."""
        return self._expr

    @property
    def site(self) -> Site | None:
        """Where the value is written; a parameter leads on to what the caller gave for it."""
        if self._expr is None or self._frame is None:
            return self._given
        if isinstance(self._expr, s.Name):
            origin = self._frame.origin(self._expr.id)
            if origin is not None:
                return origin
        return self._frame.site(self._expr)

    def item_sites(self, run: Interpreter) -> tuple[Site, ...]:
        """The places of the items of a list argument; the whole argument where they are not known."""
        if isinstance(self._expr, s.Collection) and self._frame is not None:
            items = self._expr.items
            if not any(isinstance(item, s.Starred) for item in items):
                return tuple(site for item in items if (site := Argument(item, self._frame).site))
        return _sites_of(self.value(run), self.site)


def _sites_of(value: Value, whole: Site | None) -> tuple[Site, ...]:
    sites = [getattr(item, "site", None) for item in value] if isinstance(value, list | tuple) else [None]
    if value is None:
        return ()
    known = [site for site in sites if isinstance(site, Site)]
    if len(known) == len(sites):
        return tuple(known)
    return (whole,) if whole is not None else tuple(known)


class Arguments:
    """Positional and keyword arguments. `loose` tells that more may come by an unknown `*` or `**`."""

    __slots__ = ("keywords", "loose", "positional")

    def __init__(
        self,
        positional: list[Argument] | None = None,
        keywords: dict[str, Argument] | None = None,
        loose: bool = False,
    ) -> None:
        self.positional = positional if positional is not None else []
        self.keywords = keywords if keywords is not None else {}
        self.loose = loose

    def all(self) -> Iterator[Argument]:
        """Every argument, in order."""
        yield from self.positional
        yield from self.keywords.values()

    def get(self, position: int | None, name: str) -> Argument | None:
        """The argument for a parameter, by name or position."""
        found = self.keywords.get(name)
        if found is not None:
            return found
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None

    def value(self, run: Interpreter, position: int | None, name: str, default: Value = MISSING) -> Value:
        """Its value; `default` if it is not given, unknown if it may come from an unknown `*` or `**`."""
        found = self.get(position, name)
        if found is not None:
            return found.value(run)
        return Unknown(f"`{name}` may come from `*` or `**` arguments") if self.loose else default

    def values(self, run: Interpreter) -> list[Value]:
        """The values of the positional arguments."""
        return [argument.value(run) for argument in self.positional]

    def with_first(self, value: Value) -> Arguments:
        """The same arguments behind one more, such as `self`."""
        return Arguments([known(value), *self.positional], self.keywords, self.loose)

    def extended(self, more: Arguments) -> Arguments:
        """These arguments and then others, as `functools.partial` joins them."""
        joined = {**self.keywords, **more.keywords}
        return Arguments([*self.positional, *more.positional], joined, self.loose or more.loose)


def known(value: Value, given: Site | None = None) -> Argument:
    """An argument whose value is known."""
    return Argument(None, None, value, given)


def of_values(*values: Value) -> Arguments:
    """Positional arguments from values."""
    return Arguments([known(value) for value in values])


def read(run: Interpreter, call: s.Call, frame: Frame) -> Arguments:
    """The arguments of a call; `*` and `**` are spread if their items are known."""
    made = Arguments()
    for expr in call.args:
        if isinstance(expr, s.Starred):
            _spread(run, expr.value, frame, made)
        else:
            made.positional.append(Argument(expr, frame))
    for keyword in call.keywords:
        if keyword.name is not None:
            made.keywords[keyword.name] = Argument(keyword.value, frame)
        else:
            _spread_mapping(run, keyword.value, frame, made)
    return made


def _spread(run: Interpreter, expr: s.Expr, frame: Frame, made: Arguments) -> None:
    items = run.items(run.evaluate(expr, frame))
    if items is None or any(isinstance(item, Unknown) for item in items):
        made.loose = True
    made.positional.extend(known(item) for item in items or ())


def _spread_mapping(run: Interpreter, expr: s.Expr, frame: Frame, made: Arguments) -> None:
    value = run.evaluate(expr, frame)
    if isinstance(value, Choice):
        value = _united(value)
    if not isinstance(value, dict):
        made.loose = True
        return
    made.loose = made.loose or (isinstance(value, DictValue) and value.open)
    origins = value.origins if isinstance(value, DictValue) else {}
    for key, item in value.items():
        if isinstance(key, str):
            made.keywords[str(key)] = known(item, origins.get(key) or _own_site(item))
        else:
            made.loose = True


def _united(value: Choice) -> Value:
    """One dict for several possible ones: each key with all the values that it may have."""
    if not all(isinstance(option, dict) for option in value.options):
        return value
    made = DictValue()
    for option in value.options:
        made.open = made.open or getattr(option, "open", False)
        made.origins.update(getattr(option, "origins", {}))
        for key, item in option.items():
            made[key] = chosen((made[key], item)) if key in made else item
    return made


def _own_site(value: Value) -> Site | None:
    found = getattr(value, "site", None)
    return found if isinstance(found, Site) else None


def meet(
    run: Interpreter, parameters: tuple[s.Parameter, ...], arguments: Arguments, frame: Frame, defaults: Frame
) -> None:
    """Bind the parameters of a function in its frame. Defaults are evaluated in the frame around it."""
    rest = list(arguments.positional)
    keywords = dict(arguments.keywords)
    for parameter in parameters:
        name, kind = parameter.name, parameter.kind
        if kind == "args":
            frame.env[name] = tuple(argument.value(run) for argument in rest)
            rest = []
        elif kind == "kwargs":
            frame.env[name] = _remaining(run, keywords, arguments.loose)
        elif kind != "keyword" and rest:
            _take(run, frame, name, rest.pop(0))
        elif kind != "positional" and name in keywords:
            _take(run, frame, name, keywords.pop(name))
        elif arguments.loose:
            frame.env[name] = Unknown(f"`{name}` may come from `*` or `**` arguments")
        elif parameter.default is not None:
            frame.env[name] = run.evaluate(parameter.default, defaults)
            frame.origins[name] = defaults.site(parameter.default)
        else:
            frame.env[name] = Unknown(f"the argument `{name}` is not given")


def _take(run: Interpreter, frame: Frame, name: str, argument: Argument) -> None:
    frame.env[name] = argument.value(run)
    site = argument.site
    if site is not None:
        frame.origins[name] = site


def _remaining(run: Interpreter, keywords: dict[str, Argument], loose: bool) -> DictValue:
    rest = DictValue(conditions=run.conditions)
    rest.open = loose
    for name, argument in keywords.items():
        rest[name] = argument.value(run)
        site = argument.site
        if site is not None:
            rest.origins[name] = site
    return rest


def as_list(values: list[Value]) -> ListValue:
    """A list without conditions."""
    return ListValue(values)
