"""One parsed file as the rules see it: what its names stand for, and where each node stands."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

Function = ast.FunctionDef | ast.AsyncFunctionDef
ALLOWANCE = re.compile(r'#.*?\ballow (LR\d+): (\S.*)')
# Where ruff asks the same and was answered on this line, it is not asked twice.
SAME_AS = {'LR10': re.compile(r'# noqa: [\w, ]*\bDTZ\d'), 'LR13': re.compile(r'# noqa: [\w, ]*\bS3(01|24)')}


@dataclass
class Source:
    """A file's tree with parents, its imports, and the services that the whole tree declares."""

    path: str
    text: str
    services: frozenset[str] = frozenset()
    tree: ast.Module = field(init=False)
    parents: dict[ast.AST, ast.AST] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text, self.path)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def within(self, *places: str) -> bool:
        """Whether the file is one of these, or in one of these folders (written with a slash at the end)."""
        return any(self.path.startswith(place) if place.endswith('/') else self.path == place for place in places)

    @property
    def floor(self) -> str:
        return PurePosixPath(self.path).parts[0]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local name to what it was imported as, with dots: `{'ui': 'nicegui.ui'}`."""
        names: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    names[alias.asname or alias.name.partition('.')[0]] = (
                        alias.name if alias.asname else alias.name.partition('.')[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    names[alias.asname or alias.name] = f'{node.module}.{alias.name}'
        return names

    @cached_property
    def allowances(self) -> dict[int, set[str]]:
        """Line to the rules that it says it must break."""
        found: dict[int, set[str]] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            for match in ALLOWANCE.finditer(line):
                found.setdefault(number, set()).add(match[1])
        return found

    @cached_property
    def answered(self) -> set[tuple[int, str]]:
        """Line and rule where a `noqa` has answered ruff's question, which is the rule's too."""
        return {
            (number, name)
            for number, line in enumerate(self.text.splitlines(), 1)
            for name, answer in SAME_AS.items()
            if answer.search(line)
        }

    def named(self, node: ast.AST | None) -> str:
        """The full dotted name of an expression where it has one: `nicegui.ui.button`, `request.url`, or nothing."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            value = self.named(node.value)
            return f'{value}.{node.attr}' if value else ''
        return ''

    def is_imported(self, node: ast.AST) -> bool:
        """Whether the expression begins with a name that this file imports."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.imports

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """All nodes that a node stands in, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_of(self, node: ast.AST) -> Function | ast.Lambda | None:
        """The innermost function that a node belongs to; a decorator or a default belongs to the one outside."""
        child = node
        for outer in self.around(node):
            if isinstance(outer, ast.Lambda) and child is outer.body:
                return outer
            if isinstance(outer, Function) and child in outer.body:
                return outer
            child = outer
        return None

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The functions around a node from the inside out, then the module: where its names may be set."""
        while (function := self.function_of(node)) is not None:
            yield function
            node = function
        yield self.tree

    def value_of(self, name: ast.Name) -> list[ast.expr]:
        """What a name is set to, in the innermost scope that sets it."""
        for scope in self.scopes(name):
            values = [v for node in ast.walk(scope) for v in _set_by(node, name.id) if self._scope(node) is scope]
            if values:
                return values
        return []

    def _scope(self, node: ast.AST) -> ast.AST:
        return self.function_of(node) or self.tree

    def definition_of(self, name: str) -> Function | None:
        """The function of this name in this file."""
        return next((function for function in self.functions if function.name == name), None)

    def is_parameter(self, name: ast.Name) -> bool:
        """Whether a name is a parameter of a function around it."""
        return any(name.id in parameters(scope) for scope in self.scopes(name))


def _set_by(node: ast.AST, name: str) -> list[ast.expr]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [value] if any(isinstance(t, ast.Name) and t.id == name for t in targets) else []
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
            return [value] if target == name else []
        case ast.AugAssign(target=ast.Name(id=target), value=value):
            return [value] if target == name else []
        case ast.NamedExpr(target=ast.Name(id=target), value=value):
            return [value] if target == name else []
    return []


def parameters(node: ast.AST) -> set[str]:
    """The names of a function's parameters."""
    if not isinstance(node, Function | ast.Lambda):
        return set()
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return {argument.arg for argument in every if argument is not None}


def is_known_name(source: Source, node: ast.expr) -> bool:
    """Whether a name can only be one of those that stand in the code: a literal, or what a loop takes from literals."""
    if isinstance(node, ast.Constant):
        return True
    if not isinstance(node, ast.Name):
        return False
    for around in source.around(node):
        loops = getattr(around, 'generators', [around] if isinstance(around, ast.For | ast.AsyncFor) else [])
        for loop in loops:
            if any(isinstance(part, ast.Name) and part.id == node.id for part in ast.walk(loop.target)):
                return _is_listed(source, loop.iter)
    return False


def _is_listed(source: Source, node: ast.expr) -> bool:
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return all(isinstance(part, ast.Constant) or _is_listed(source, part) for part in parts)
        case ast.Dict(keys=keys):
            return all(isinstance(key, ast.Constant) for key in keys)
        case ast.Name(id=name):
            values = [] if source.is_parameter(node) else source.value_of(node)
            return name.isupper() or (bool(values) and all(_is_listed(source, value) for value in values))
        case ast.Call(func=ast.Attribute(attr='items' | 'keys', value=value)):
            return _is_listed(source, value)
    return False


def method(call: ast.Call) -> str:
    """The last name of what is called: `props` of `button.props(...)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ''


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """An argument by its place or its name; place -1 for those given by name only."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if 0 <= position < len(call.args) else None


def constant(node: ast.AST | None) -> object:
    """The value of a literal, else None."""
    return node.value if isinstance(node, ast.Constant) else None


def is_formatted(source: Source, node: ast.AST | None, depth: int = 3) -> bool:
    """Whether a string is put together from parts that are not constants: f-string, +, %, format, join."""
    again = depth - 1
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(v, ast.FormattedValue) and not _is_constant(source, v.value, depth) for v in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return any(
                is_formatted(source, side, depth) or (_is_text(other) and not _is_constant(source, side, depth))
                for side, other in ((left, right), (right, left))
            )
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            return _is_text(left) and not _is_constant(source, right, depth)
        case ast.Call(func=ast.Attribute(attr='format', value=value)):
            return _is_text(value) or isinstance(value, ast.Name)
        case ast.IfExp(body=body, orelse=other):
            return is_formatted(source, body, depth) or is_formatted(source, other, depth)
        case ast.Name() if depth and not source.is_parameter(node):
            return any(is_formatted(source, value, again) for value in source.value_of(node))
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(constant(node), str)


def _is_constant(source: Source, node: ast.AST, depth: int) -> bool:
    """Whether a part can only be one of a few values that stand in the code."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp(body=body, orelse=other):
            return _is_constant(source, body, depth) and _is_constant(source, other, depth)
        case ast.Name(id=name):
            if name.isupper():
                return True
            values = source.value_of(node) if depth and not source.is_parameter(node) else []
            return bool(values) and all(_is_constant(source, value, depth - 1) for value in values)
        case ast.Attribute(attr=name):
            return name.isupper()
        case ast.JoinedStr(values=values):
            return all(
                _is_constant(source, v.value, depth) if isinstance(v, ast.FormattedValue) else True for v in values
            )
    return False
