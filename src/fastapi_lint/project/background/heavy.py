"""Work that is too heavy for a background task: programs, training, inference, whole tables, long sleeps.

Sources: the libraries' documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.background.endless import SLEEPS, EndlessLoops
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.calls.colours import Colours
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.calls.threads import called_later, run_elsewhere
from fastapi_lint.project.names.symbols import External, FunctionSymbol
from fastapi_lint.project.types.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.background.outliving import OutlivingTask
    from fastapi_lint.project.project import Project

_PROGRAMS = frozenset(
    {
        *(f"subprocess.{name}" for name in "run call check_call check_output Popen getoutput".split()),
        *("subprocess.getstatusoutput", "os.system", "os.popen"),
    }
)
_ASYNC_PROGRAMS = frozenset({"asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"})
_MEDIA = frozenset({"ffmpeg", "ffmpeg.exe"})
_FUNCTIONS = frozenset(
    {
        *("multiprocessing.Process", "multiprocessing.Pool", "multiprocessing.pool.Pool"),
        "concurrent.futures.ProcessPoolExecutor",
        *("transformers.pipeline", "transformers.pipelines.pipeline"),
        *("xgboost.train", "xgboost.cv", "lightgbm.train", "lightgbm.cv", "catboost.train"),
        *("whisper.transcribe", "whisperx.align", "mlx_whisper.transcribe"),
        *("ffmpeg.run", "ffmpeg.run_async"),
    }
)
"""Functions, and classes whose construction starts the work."""

_TABLES = frozenset(f"pandas.read_{name}" for name in "csv excel sql sql_query sql_table".split())
_PARTS = frozenset({"nrows", "chunksize", "iterator"})
"""Arguments with which only a part of a table is read at once."""

_TRAINING = frozenset("fit fit_transform fit_predict train train_on_batch".split())
_METHODS: dict[str, frozenset[str]] = {
    "whisper": frozenset({"transcribe"}),
    "faster_whisper": frozenset({"transcribe"}),
    "whisperx": frozenset({"transcribe"}),
    "transformers": frozenset({"generate", "train"}),
    "sentence_transformers": frozenset({"encode", "fit", "train"}),
    "torch": frozenset({"backward"}),
    "keras": _TRAINING | {"predict"},
    "tensorflow": _TRAINING | {"predict"},
    "diffusers": frozenset({"__call__"}),
    "vllm": frozenset({"generate", "chat"}),
    "llama_cpp": frozenset({"__call__", "create_completion", "create_chat_completion"}),
    "ultralytics": frozenset({"train", "predict", "track", "__call__"}),
    "ffmpeg": frozenset({"run", "run_async"}),
    "moviepy": frozenset({"write_videofile", "write_audiofile", "write_gif"}),
    **dict.fromkeys(("sklearn", "xgboost", "lightgbm", "catboost"), _TRAINING),
}
"""Heavy methods of what the packages' classes and functions make."""

_HEAVY_NAMES = frozenset().union(*_METHODS.values())

_CALLED = ("transformers.pipeline", "transformers.pipelines.")
"""What makes objects whose call is inference."""

_LONG = 60
"""The sleep in seconds, and the time limit of a program, from which on a task is long."""


class HeavyWork:
    """Answers which calls are heavy, and which background tasks reach one."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.calls = project.calls
        self.colours = Colours(project.types, project.calls)
        self.origins = Origins(project.types)
        self.endless = EndlessLoops(project)
        self._known_heavy: dict[int, bool] = {}
        self._known_sites: dict[int, tuple[CallSite, ...]] = {}

    def reached(self, task: OutlivingTask) -> tuple[CallSite, ...] | None:
        """The calls from a task to the first heavy one; only that one if the task is heavy by itself."""
        first = called_later(self.types, task.site, task.runs, task.given)
        if self.is_heavy(first):
            return (first,)
        function = self.calls.entered(first)
        if function is None or not self._enters(first, function):
            return None
        depth = self.project.options.max_call_depth
        return self.calls.path_to(function, self._is_known_heavy, self._enters, depth, self._sites)

    def _is_known_heavy(self, site: CallSite) -> bool:
        """`is_heavy`, for a call of `_sites`: many tasks reach the same functions."""
        if id(site) not in self._known_heavy:
            self._known_heavy[id(site)] = self.is_heavy(site)
        return self._known_heavy[id(site)]

    def _sites(self, function: FunctionSymbol) -> tuple[CallSite, ...]:
        """The calls of a function, with those that a thread makes for it."""
        if id(function) not in self._known_sites:
            self._known_sites[id(function)] = tuple(self._with_threads(function))
        return self._known_sites[id(function)]

    def _with_threads(self, function: FunctionSymbol) -> Iterator[CallSite]:
        for site in self.calls.of(function):
            yield site
            moved = run_elsewhere(self.types, site)
            if moved is not None:
                yield moved

    def _enters(self, _site: CallSite, function: FunctionSymbol) -> bool:
        """Whether calling a function runs its body each time: no cache, no queue of jobs around it."""
        return self.colours.keeps_colour(function) and not self.colours.is_cached(function)

    # --- calls -----------------------------------------------------------------------------------

    def is_heavy(self, site: CallSite) -> bool:
        """Whether one call does heavy work itself."""
        name = self._name(site)
        if _is_listed(name, self.project.options.heavy_calls):
            return True
        if isinstance(site.callee, FunctionSymbol):
            return False
        if name in _PROGRAMS:
            return not _is_short(keyword(site.call, "timeout"))
        if name in _ASYNC_PROGRAMS:
            return _program(site.call) in _MEDIA
        if name in SLEEPS:
            return self._is_long_sleep(site)
        if name in _TABLES:
            return not any(given.name in _PARTS or given.name is None for given in site.call.keywords)
        return name in _FUNCTIONS or self._is_heavy_method(site, name)

    def _name(self, site: CallSite) -> str:
        callee = site.callee
        if isinstance(callee, FunctionSymbol):
            return f"{callee.module.name}.{callee.qualname}"
        return callee.name if isinstance(callee, External) else ""

    def _is_long_sleep(self, site: CallSite) -> bool:
        """Whether it sleeps for a minute or more, but not in a loop without end: that is another fault."""
        seconds = _number(site.call.args[0] if site.call.args else None)
        if seconds is None or seconds < _LONG:
            return False
        return site.caller is None or self.endless.periodic(site.caller) is None

    def _is_heavy_method(self, site: CallSite, name: str) -> bool:
        func = site.call.func
        method = func.attr if isinstance(func, s.Attribute) else ""
        if isinstance(func, s.Attribute) and method in _HEAVY_NAMES:
            origin = self.origins.of(func.value, site.scope) or name
            return method in _METHODS.get(origin.partition(".")[0], ())
        if isinstance(func, s.Name) or name.endswith(".__call__"):
            return self._is_heavy_object(func, site)
        return False

    def _is_heavy_object(self, func: Expr, site: CallSite) -> bool:
        """Whether the object that is called is a model: `pipe(text)` of `pipe = pipeline(...)`."""
        if isinstance(site.callee, External) and not site.callee.name.endswith(".__call__"):
            return False
        origin = self.origins.of(func, site.scope) or ""
        return origin.startswith(_CALLED) or "__call__" in _METHODS.get(origin.partition(".")[0], ())


def _is_listed(name: str, listed: tuple[str, ...]) -> bool:
    """Whether the configuration names a call, exactly or by `package.*`."""
    return bool(name) and any(
        name.startswith(given[:-1]) if given.endswith(".*") else name == given for given in listed
    )


def _program(call: s.Call) -> str:
    """The program that a call starts, if it is written out: `ffmpeg` of `"/usr/bin/ffmpeg -i in.mov"`."""
    first = call.args[0] if call.args else None
    if isinstance(first, s.Template) and first.parts:
        first = first.parts[0]
    text = first.value if isinstance(first, s.Constant) else None
    return text.strip().partition(" ")[0].rpartition("/")[2] if isinstance(text, str) else ""


def _is_short(limit: Expr | None) -> bool:
    """Whether a program is given a time limit that keeps it short."""
    seconds = _number(limit)
    return seconds is not None and seconds < _LONG


def _number(expr: Expr | None) -> float | None:
    """A number that is written out, or a product of such numbers: `24 * 60 * 60`."""
    if isinstance(expr, s.Constant) and isinstance(expr.value, int | float):
        return expr.value
    if not isinstance(expr, s.Operation) or set(expr.operators) != {"*"}:
        return None
    product = 1.0
    for operand in expr.operands:
        factor = _number(operand)
        if factor is None:
            return None
        product *= factor
    return product
