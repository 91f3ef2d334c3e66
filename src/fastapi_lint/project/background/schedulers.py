"""Schedulers and endless loops that an app starts with itself, and the jobs that they run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.background.endless import EndlessLoops
from fastapi_lint.project.background.outliving import is_started
from fastapi_lint.project.body.statements import argument, dotted_name, keyword
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.calls.start_up import StartUpCall, StartUps
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module, Variable
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_STARTS = re.compile(
    r"apscheduler\.schedulers\.\w+\.\w+Scheduler\.start"
    r"|apscheduler\.(Async)?Scheduler\.(start_in_background|run_until_stopped)"
    r"|rocketry\.Rocketry\.(serve|run)"
)
_SCHEDULERS = ("apscheduler.", "rocketry.Rocketry")
_ADDS = ("add_job", "scheduled_job", "add_schedule", "task", "cond")
_REPEATS = frozenset({"fastapi_utils.tasks.repeat_every", "fastapi_restful.tasks.repeat_every"})
_CRON = "aiocron.crontab"


class SchedulerStart(msgspec.Struct, frozen=True, eq=False):
    """Something that runs jobs in the app's own process: where it is started, and which jobs are known.

    `kind` is `scheduler` for a library's, `repeated` for a decorated function, `loop` for a started task.
    `path` are the calls that lead there, the one that starts it included.
    """

    kind: str
    name: str
    module: Module
    at: int
    jobs: tuple[FunctionSymbol, ...]
    path: tuple[CallSite, ...] = ()
    at_import: bool = False


class Schedulers:
    """Answers what an app starts that runs jobs again and again."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.start_ups = StartUps(project)
        self.loops = EndlessLoops(project)

    def started_by(self, app: App) -> Iterator[SchedulerStart]:
        """All schedulers, repeated functions and loops that start with an app."""
        for function in self.start_ups.functions(app):
            decorator = self._decorator(function, _REPEATS)
            if decorator is not None:
                yield self._repeated(function, decorator, ())
        for call in self.start_ups.calls(app):
            found = self._scheduler(app, call) or self._called_repeated(call) or self._loop(call)
            if found is not None:
                yield found
        for module in self.start_ups.modules(app):
            yield from self._crons(module)

    # --- schedulers ------------------------------------------------------------------------------

    def _scheduler(self, app: App, call: StartUpCall) -> SchedulerStart | None:
        callee, func = call.site.callee, call.site.call.func
        if not isinstance(callee, External) or not _STARTS.fullmatch(callee.name):
            return None
        if not isinstance(func, s.Attribute) or keyword(call.site.call, "paused") is not None:
            return None
        if callee.name.startswith("apscheduler.") and self._shares_store(func.value, call.site.scope, callee):
            return None
        name = dotted_name(func.value) or "the scheduler"
        jobs = tuple(self._jobs(app))
        place = call.site.module, call.site.call.at
        return SchedulerStart("scheduler", name, *place, jobs, (*call.path, call.site), call.at_import)

    def _shares_store(self, receiver: Expr, scope: Scope, callee: External) -> bool:
        """Whether a scheduler of APScheduler 4 is given a store, through which schedulers take turns."""
        if callee.name.startswith("apscheduler.schedulers."):
            return False
        symbol = self.types.resolver.resolve(receiver, scope)
        if not isinstance(symbol, Variable):
            return True
        made = symbol.binding.value or symbol.binding.context
        return not isinstance(made, s.Call) or bool(made.args) or keyword(made, "data_store") is not None

    def _jobs(self, app: App) -> Iterator[FunctionSymbol]:
        """The functions of the project that modules of the app give to a scheduler."""
        for module in self.start_ups.modules(app):
            for site in self.project.calls.named(module, "add_job", "add_schedule"):
                if self._is_scheduler(site.call.func, site.scope):
                    value = self.types.infer(argument(site.call, 0, "func"), site.scope)
                    function = self.project.dependencies.run_by(value)
                    if function is not None:
                        yield function
            if module.facts.names.isdisjoint(_ADDS):
                continue
            for function in self.project.resolver.index(module).functions:
                scope = self.types.resolver.scope(function)
                if any(
                    self._adds(decorator, scope.parent or scope) for decorator in function.node.decorators
                ):
                    yield function

    def _adds(self, decorator: Expr, scope: Scope) -> bool:
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        return isinstance(func, s.Attribute) and func.attr in _ADDS and self._is_scheduler(func, scope)

    def _is_scheduler(self, func: Expr, scope: Scope) -> bool:
        """Whether a method's receiver is a scheduler, or something unknown that is called one."""
        if not isinstance(func, s.Attribute):
            return False
        value = self.types.infer(func.value, scope)
        if value is None:
            return "sched" in (dotted_name(func.value) or "").lower()
        callee = self.types.infer(func, scope)
        name = class_name(value) or (callee.name if isinstance(callee, External) else "")
        return name.startswith(_SCHEDULERS)

    # --- repeated functions ----------------------------------------------------------------------

    def _decorator(self, function: FunctionSymbol, names: frozenset[str]) -> s.Call | None:
        scope = self.types.resolver.scope(function)
        for decorator in function.node.decorators:
            if isinstance(decorator, s.Call):
                callee = self.types.callee(decorator, scope.parent or scope)
                if isinstance(callee, External) and callee.name in names:
                    return decorator
        return None

    def _called_repeated(self, call: StartUpCall) -> SchedulerStart | None:
        callee = call.site.callee
        if not isinstance(callee, FunctionSymbol):
            return None
        decorator = self._decorator(callee, _REPEATS)
        return self._repeated(callee, decorator, (*call.path, call.site)) if decorator is not None else None

    def _repeated(
        self,
        function: FunctionSymbol,
        decorator: s.Call,
        path: tuple[CallSite, ...],
        *,
        at_import: bool = False,
    ) -> SchedulerStart:
        return SchedulerStart(
            "repeated", function.name, function.module, decorator.at, (function,), path, at_import
        )

    def _crons(self, module: Module) -> Iterator[SchedulerStart]:
        """Functions under `@aiocron.crontab`, which starts them when the module is imported."""
        if "crontab" not in module.facts.names:
            return
        for function in self.project.resolver.index(module).functions:
            decorator = self._decorator(function, frozenset({_CRON})) if function.parent is None else None
            if decorator is not None and keyword(decorator, "start") is None:
                yield self._repeated(function, decorator, (), at_import=True)

    # --- loops -----------------------------------------------------------------------------------

    def _loop(self, call: StartUpCall) -> SchedulerStart | None:
        """A task for a function that loops for ever."""
        coroutine = call.site.call.args[0] if call.site.call.args else None
        if not isinstance(coroutine, s.Call) or not is_started(self.project, call.site):
            return None
        scope = call.site.scope
        inner = CallSite(coroutine, scope, self.types.callee(coroutine, scope), True, call.site.caller)
        found = self.loops.begun(inner)
        if found is None:
            return None
        function = found[1].function
        place = call.site.module, call.site.call.at
        way = (*call.path, call.site)
        return SchedulerStart("loop", function.name, *place, (function,), way, call.at_import)
