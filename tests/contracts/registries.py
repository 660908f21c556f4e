"""Everything that is registered, whoever imports it: services, permissions, jobs, screens and routes."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import logic
from logic.core import domain as registered
from logic.core.domain import jobs
from logic.core.service import PUBLIC, SIGNED_IN, SYSTEM, services
from ui.shell import registry
from ui.shell.registry import PageEntry

OPEN = (PUBLIC, SIGNED_IN, SYSTEM)
"""What a service may name in place of a permission."""


def modules(package: ModuleType) -> list[ModuleType]:
    """Import a package with all that lies in it."""
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f'{package.__name__}.')]
    return [package, *(importlib.import_module(name) for name in names if not name.endswith('__main__'))]


logic_modules = modules(logic)
# Tests of the shell and of jobs declare domains of their own, in whatever process they run.
domains = {name: one for name, one in registered.domains.items() if hasattr(logic, name)}


def permission_labels() -> dict[str, str]:
    """Return the permissions of our own domains with their labels."""
    return {name: label for domain in domains.values() for name, label in domain.permissions.items()}


@cache
def ui_modules() -> list[ModuleType]:
    """Import all screens, components and routes."""
    import ui

    return modules(ui)


def pages() -> dict[str, PageEntry]:
    """Return every screen by its path."""
    ui_modules()
    return registry.pages


def routes() -> dict[str, str]:
    """Return every route of the front door and of the API, as `GET /path`, with who may call it."""
    ui_modules()
    from ui.api import routing
    from ui.front.routes import routes as front

    found = {f'{method} {path}': permission for (method, path), permission in front.items()}
    return found | {f'{method} {path}': route.permission for (method, path), route in routing.routes.items()}


def used_permissions() -> set[str]:
    """Return the permissions that any rule, screen or route asks for, by reading every line that does."""
    known = set(permission_labels())
    return {value for module in (*logic_modules, *ui_modules()) for value in _strings(module) if value in known}


def _tree(module: ModuleType) -> ast.AST:
    try:
        return ast.parse(inspect.getsource(module))
    except (OSError, TypeError):  # an empty file, or a folder without one
        return ast.Module([], [])


def _strings(module: ModuleType) -> Iterator[str]:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == 'permission':
            continue
        value = None
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = vars(module).get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            value = getattr(vars(module).get(node.value.id), node.attr, None)
        if isinstance(value, str):
            yield value


@cache
def links() -> dict[str, str]:
    """Return every address of ours that a rule writes, with `{}` for what it puts in, and where it is written."""
    found: dict[str, str] = {}
    for module in logic_modules:
        if module.__name__.startswith('logic.core'):  # knows folders of the machine and no screens
            continue
        for line, text in _texts(_tree(module)):
            if re.match(r'/[a-z]', text) and not text.startswith('/proc/'):
                found[text] = f'{module.__name__}:{line}'
    return found


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Return the texts of a module; of one that is put together, as a whole and not in parts."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                ''.join(str(part.value) if isinstance(part, ast.Constant) else '{}' for part in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        else:
            yield from _texts(node)


__all__ = [
    'OPEN', 'PUBLIC', 'SIGNED_IN', 'SYSTEM', 'domains', 'jobs', 'links', 'logic_modules', 'modules', 'pages',
    'permission_labels', 'routes', 'services', 'ui_modules', 'used_permissions',
]  # fmt: skip
