"""Collections of WebSockets that serve to reach other clients, and what connects the processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.background.lifetimes import Collection, Frame
from fastapi_lint.project.body.statements import calls_of, expressions_of, method_call, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module
from fastapi_lint.project.types.infer import Instance
from fastapi_lint.project.websockets.registries import WebsocketRegistries

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.registries import Registration

_BROKERS = frozenset(
    "broadcaster nats aiokafka kafka confluent_kafka faust aio_pika pika aioamqp kombu aiormq zmq "
    "fastapi_websocket_pubsub fastapi_socketio socketio centrifuge cent azure pusher ably aioredis_cluster "
    "gmqtt aiomqtt paho asyncio_mqtt faststream".split()
)
_EXCHANGES = frozenset(
    "publish subscribe psubscribe pubsub add_listener xadd xread xreadgroup spublish listen notify".split()
)


class Manager(msgspec.Struct, frozen=True, eq=False):
    """A collection of sockets: its name, where it is made, and the endpoint that puts its socket in."""

    name: str
    collection: Collection
    module: Module
    at: int
    endpoint: Endpoint


class Broadcasts:
    """Answers which collections of sockets only work inside one process."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.registries = WebsocketRegistries(project)
        self.lifetimes = self.registries.lifetimes

    def managers(self) -> Iterator[Manager]:
        """The collections from which messages are sent to other clients, each once for each endpoint."""
        for endpoint, socket in self.registries.websockets.endpoints():
            for found in self.registries.registrations(socket):
                manager = self._manager(endpoint, found)
                if manager is not None and self._sends(manager):
                    yield manager

    def _manager(self, endpoint: Endpoint, found: Registration) -> Manager | None:
        kind = found.collection.key[0]
        if kind == "attribute":
            return self._of_object(endpoint, found)
        variable = self.lifetimes.variable(found.collection)
        if variable is not None:
            value = variable.binding.value
            at = value.at if value is not None else variable.binding.at
            return Manager(found.collection.name, found.collection, variable.module, at, endpoint)
        return Manager(found.collection.name, found.collection, found.scope.module, found.at, endpoint)

    def _of_object(self, endpoint: Endpoint, found: Registration) -> Manager | None:
        """The object that holds the collection: where a module makes it."""
        for module in self.project.application_modules():
            scope = self.project.resolver.scope(module)
            for name, bindings in scope.bindings.items():
                value = bindings[0].value
                if isinstance(value, s.Call) and self._holds(value, scope, found.collection):
                    return Manager(name, found.collection, module, value.at, endpoint)
        return Manager(found.collection.name, found.collection, found.scope.module, found.at, endpoint)

    def _holds(self, call: s.Call, scope: Scope, collection: Collection) -> bool:
        made = self.project.types.infer(call, scope)
        if not isinstance(made, Instance) or not isinstance(made.cls, ClassSymbol):
            return False
        return any(id(cls) == collection.key[1] for cls in self.project.resolver.ancestry(made.cls))

    # --- sending ---------------------------------------------------------------------------------

    def _sends(self, manager: Manager) -> bool:
        """Whether some function takes sockets out of the collection and sends to one."""
        modules = {manager.module, manager.endpoint.function.module, *self._homes(manager.collection)}
        for module in modules:
            for function in self.project.resolver.index(module).functions:
                if self._reads(function, manager.collection) and _sends(function):
                    return True
        return False

    def _homes(self, collection: Collection) -> Iterator[Module]:
        """The module of the class that holds the collection."""
        for module in self.project.code_modules:
            for cls in self.project.resolver.index(module).classes:
                if id(cls) == collection.key[1]:
                    yield module

    def _reads(self, function: FunctionSymbol, collection: Collection) -> bool:
        scope = self.project.resolver.scope(function)
        frame = Frame(function, lasting_self=function.owner is not None)
        return any(
            self.lifetimes.collection(expr, scope, frame) == collection
            for expr in _taken_from(function.node.body)
        )

    # --- brokers ---------------------------------------------------------------------------------

    def uses_broker(self, manager: Manager) -> bool:
        """Whether the manager's module, one that it imports, or one that imports it exchanges messages."""
        graph = self.project.import_graph
        homes = {manager.module, *self._homes(manager.collection)}
        near = {module for home in homes for module in graph.reachable(home)}
        near |= {m for m in self.project.code_modules if any(edge.imported in homes for edge in graph.of(m))}
        return any(_exchanges(module) for module in near)


def _taken_from(body: tuple[s.Statement, ...]) -> Iterator[Expr]:
    """What a function iterates over, or takes an item from."""
    for statement in walk_statements(body):
        if isinstance(statement, s.For):
            yield statement.iterable
    for expr in expressions_of(body):
        if isinstance(expr, s.Comprehension):
            yield from (clause.iterable for clause in expr.clauses)
        elif isinstance(expr, s.Subscript):
            yield expr.value
        elif isinstance(expr, s.Call):
            method = method_call(expr)
            if method is not None and method[1] in ("get", "values", "items", "copy"):
                yield method[0]


def _sends(function: FunctionSymbol) -> bool:
    """Whether a function calls something that sends, or hands sockets on to something that does."""
    for call in calls_of(function.node.body, into_lambdas=True):
        name = call.func.attr if isinstance(call.func, s.Attribute) else getattr(call.func, "id", "")
        if "send" in name or "broadcast" in name:
            return True
    return False


def _exchanges(module: Module) -> bool:
    """Whether a module imports a broker's library, or calls what publishes or subscribes."""
    for statement in walk_statements(module.facts.body, into_definitions=True):
        if isinstance(statement, s.Import):
            names = [alias.name for alias in statement.names]
        elif isinstance(statement, s.ImportFrom) and not statement.level:
            names = [statement.module]
        else:
            names = []
        if any(name.partition(".")[0] in _BROKERS for name in names):
            return True
        if isinstance(statement, s.Function | s.Class):
            continue
        for call in calls_of((statement,)):
            if isinstance(call.func, s.Attribute) and call.func.attr in _EXCHANGES:
                return True
    return False
