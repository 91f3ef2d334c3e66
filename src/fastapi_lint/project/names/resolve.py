"""Names and dotted expressions followed to what defines them."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.canonical import canonical
from fastapi_lint.project.names.modules import ModuleTable, join
from fastapi_lint.project.names.scopes import ModuleIndex, index
from fastapi_lint.project.names.symbols import (
    Binding,
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Namespace,
    Scope,
    Symbol,
    Variable,
)

_HOPS = 40
"""How many imports and assignments one name is followed through; longer chains are unknown."""


class Resolver:
    """Answers what a name means. Answers are remembered; unknown is None."""

    def __init__(self, table: ModuleTable) -> None:
        self.table = table
        self._indexes: dict[str, ModuleIndex] = {}
        self._members: dict[tuple[str, str], Symbol | None] = {}
        self._active: set[tuple[str, str]] = set()
        self._followed: set[int] = set()
        self._ancestries: dict[int, tuple[ClassSymbol | External, ...]] = {}
        self._library_bases: dict[int, frozenset[str]] = {}

    def index(self, module: Module) -> ModuleIndex:
        """Scopes and definitions of a module."""
        found = self._indexes.get(module.path)
        if found is None:
            found = self._indexes[module.path] = index(module)
        return found

    def scope(self, owner: Module | FunctionSymbol | ClassSymbol) -> Scope:
        """The scope that a module, function or class makes."""
        if isinstance(owner, Module):
            return self.index(owner).scope
        return self.index(owner.module).scope_of(owner)

    def resolve(self, expr: Expr | None, scope: Scope) -> Symbol | None:
        """What a name or a dotted expression means, followed to its definition.

        A variable that only renames something (`get_db = database.get_db`) is followed; any other
        variable is returned as such. Calls and other expressions are None.
        """
        if isinstance(expr, s.Name):
            return self.follow(self.lookup(expr.id, scope))
        if isinstance(expr, s.Attribute):
            base = self.resolve(expr.value, scope)
            return self.follow(self.member(base, expr.attr)) if base is not None else None
        return None

    def lookup(self, name: str, scope: Scope) -> Symbol | None:
        """The symbol that a bare name stands for in a scope, not followed through assignments."""
        around: Scope | None = scope
        while around is not None:
            found = around.bindings.get(name)
            if found and around.owner is not None:
                symbol = self._from_bindings(found, name, around)
                if symbol is not None:
                    return symbol
            elif around.owner is None:
                return self.module_member(around.module, name)
            around = around.parent
        return None

    def member(self, base: Symbol, name: str) -> Symbol | None:
        """`base.name` for a module, namespace, class or external symbol."""
        if isinstance(base, External):
            return External(canonical(f"{base.name}.{name}"))
        if isinstance(base, Module):
            return self.module_member(base, name)
        if isinstance(base, Namespace):
            return self._submodule(base.folder, base.name, name)
        if isinstance(base, ClassSymbol):
            return self.class_member(base, name)
        return None

    def module_member(self, module: Module, name: str) -> Symbol | None:
        """A name of a module: its own binding, a star import's, or a submodule."""
        key = (module.path, name)
        if key in self._members:
            return self._members[key]
        if key in self._active:
            return None
        self._active.add(key)
        try:
            found = self._module_member(module, name)
        finally:
            self._active.discard(key)
        if not self._active:
            self._members[key] = found
        return found

    def _module_member(self, module: Module, name: str) -> Symbol | None:
        scope = self.scope(module)
        bindings = scope.bindings.get(name)
        if bindings:
            found = self._from_bindings(bindings, name, scope)
            if found is not None:
                return found
        if module.is_package:
            folder = module.path.rpartition("/")[0]
            submodule = self._submodule(folder, module.name, name)
            if submodule is not None:
                return submodule
        for star in reversed(scope.stars):
            source = self._imported_module(star, module)
            if isinstance(source, Module) and not name.startswith("_"):
                found = self.module_member(source, name)
                if found is not None:
                    return found
        return self._external_star(scope, module, name)

    def _external_star(self, scope: Scope, module: Module, name: str) -> Symbol | None:
        """A name that only a star import of one library can have brought."""
        sources = [star for star in scope.stars if self._imported_module(star, module) is None]
        if len(sources) != 1 or name in _BUILTINS:
            return None
        statement = sources[0].statement
        if not isinstance(statement, s.ImportFrom) or statement.level:
            return None
        return External(canonical(f"{statement.module}.{name}"))

    def _submodule(self, folder: str, dotted: str, name: str) -> Module | Namespace | None:
        base = join(folder, name)
        found = self.table.by_path.get(f"{base}/__init__.py") or self.table.by_path.get(f"{base}.py")
        if found is None and base in self.table.folders:
            return Namespace(base, f"{dotted}.{name}")
        return found

    def _from_bindings(self, bindings: list[Binding], name: str, scope: Scope) -> Symbol | None:
        """The meaning of a name with one or more bindings: the last one that is not a fallback."""
        ranked = sorted(bindings, key=lambda b: (not b.fallback, not b.augmented, b.at))
        for binding in reversed(ranked):
            symbol = self._from_binding(binding, name, scope)
            if symbol is not None:
                return symbol
        return None

    def _from_binding(self, binding: Binding, name: str, scope: Scope) -> Symbol | None:
        if binding.symbol is not None:
            return binding.symbol
        if binding.statement is not None:
            return self.imported(binding, scope.module)
        return Variable(scope, name, binding)

    def imported(self, binding: Binding, module: Module) -> Symbol | None:
        """What one name of an import statement brings."""
        statement, alias = binding.statement, binding.alias
        if statement is None or alias is None:
            return None
        if isinstance(statement, s.Import):
            wanted = alias.name if alias.asname else alias.name.partition(".")[0]
            return self.table.find(wanted, module.path) or External(canonical(wanted))
        source = self._imported_module(binding, module)
        if source is None:
            if statement.level:
                return None
            return External(canonical(f"{statement.module}.{alias.name}"))
        if isinstance(source, Module):
            if source is module and source.is_package:
                folder = module.path.rpartition("/")[0]
                return self._submodule(folder, module.name, alias.name)
            return self.module_member(source, alias.name)
        return self._submodule(source.folder, source.name, alias.name)

    def _imported_module(self, binding: Binding, module: Module) -> Module | Namespace | None:
        """The module named after `from`; None if it is external or missing."""
        statement = binding.statement
        if not isinstance(statement, s.ImportFrom):
            return None
        if not statement.level:
            return self.table.find(statement.module, module.path)
        folder = module.path.rpartition("/")[0]
        for _ in range(statement.level - 1):
            folder = folder.rpartition("/")[0]
        base = join(folder, *statement.module.split(".")) if statement.module else folder
        found = self.table.by_path.get(f"{base}/__init__.py" if base else "__init__.py")
        found = found or self.table.by_path.get(f"{base}.py")
        if found is None and base in self.table.folders:
            return Namespace(base, statement.module)
        return found

    def source_of(self, binding: Binding, module: Module) -> Module | Namespace | None:
        """The project module that an import statement names (for `import a.b.c`: the whole path)."""
        if isinstance(binding.statement, s.Import) and binding.alias is not None:
            return self.table.find(binding.alias.name, module.path)
        return self._imported_module(binding, module)

    def follow(self, symbol: Symbol | None) -> Symbol | None:
        """Follow variables that only rename something else, to the first symbol that doesn't."""
        for _ in range(_HOPS):
            if not isinstance(symbol, Variable):
                return symbol
            binding = symbol.binding
            value = binding.value
            if binding.path or binding.augmented or not isinstance(value, s.Name | s.Attribute):
                return symbol
            if isinstance(value, s.Name) and value.id == symbol.name:
                return symbol
            target = self._rename(value, symbol)
            if target is None:
                return symbol
            symbol = target
        return None

    def _rename(self, value: s.Name | s.Attribute, variable: Variable) -> Symbol | None:
        if isinstance(value, s.Name):
            return self.lookup(value.id, variable.scope)
        if id(variable.binding) in self._followed:
            return None  # `node = node.parent`: the name stands for something of itself
        self._followed.add(id(variable.binding))
        try:
            base = self.resolve(value.value, variable.scope)
            return self.member(base, value.attr) if base is not None else None
        finally:
            self._followed.discard(id(variable.binding))

    def bases(self, symbol: ClassSymbol) -> list[ClassSymbol | External]:
        """The direct bases that can be resolved, generic arguments dropped."""
        scope = self.scope(symbol.module) if symbol.parent is None else self.scope(symbol.parent)
        found: list[ClassSymbol | External] = []
        for base in symbol.node.bases:
            expr = base.value if isinstance(base, s.Subscript) else base
            resolved = self.resolve(expr, scope)
            if isinstance(resolved, ClassSymbol | External):
                found.append(resolved)
        return found

    def ancestry(self, symbol: ClassSymbol) -> tuple[ClassSymbol | External, ...]:
        """The class itself and all its known ancestors, nearest first; each once."""
        known = self._ancestries.get(id(symbol))
        if known is not None:
            return known
        found = tuple(self._ancestry(symbol))
        if not self._active and not self._followed:  # else a name may be unknown that isn't later
            self._ancestries[id(symbol)] = found
        return found

    def _ancestry(self, symbol: ClassSymbol) -> Iterator[ClassSymbol | External]:
        seen: set[int | str] = set()
        queue: list[ClassSymbol | External] = [symbol]
        while queue:
            current = queue.pop(0)
            key = current.name if isinstance(current, External) else id(current)
            if key in seen:
                continue
            seen.add(key)
            yield current
            if isinstance(current, ClassSymbol):
                queue.extend(self.bases(current))

    def inherits(self, symbol: Symbol | None, names: frozenset[str]) -> bool:
        """Whether a class is, or derives from, one of the named library classes."""
        if isinstance(symbol, External):
            return symbol.name in names
        if not isinstance(symbol, ClassSymbol):
            return False
        known = self._library_bases.get(id(symbol))
        if known is None:
            ancestry = self.ancestry(symbol)
            known = frozenset(base.name for base in ancestry if isinstance(base, External))
            if id(symbol) in self._ancestries:
                self._library_bases[id(symbol)] = known
        return not known.isdisjoint(names)

    def has_unknown_base(self, symbol: ClassSymbol) -> bool:
        """Whether some base, or a base's base, can't be resolved or belongs to a library."""
        for current in self.ancestry(symbol):
            if isinstance(current, External) and current.name not in ("object", "typing.Generic", "abc.ABC"):
                return True
            if isinstance(current, ClassSymbol) and len(self.bases(current)) < len(current.node.bases):
                return True
        return False

    def class_member(self, symbol: ClassSymbol, name: str) -> Symbol | None:
        """A method or class attribute, looked up through the known bases."""
        for current in self.ancestry(symbol):
            if isinstance(current, ClassSymbol):
                scope = self.scope(current)
                bindings = scope.bindings.get(name)
                if bindings:
                    return self._from_bindings(bindings, name, scope)
        return None


_BUILTINS = frozenset(
    """str int float bool list dict set tuple bytes type object super len print range open getattr setattr
    hasattr isinstance issubclass enumerate zip map filter sorted reversed min max sum any all abs round id
    repr iter next Exception ValueError TypeError KeyError RuntimeError property staticmethod classmethod
    callable vars""".split()
)
