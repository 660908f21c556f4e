"""LR14: every service, page, route and job says who may."""

import ast
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Function, Source, argument, method

VERBS = {'get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'api_route', 'websocket', 'route'}


@rule('LR14', 'A service or query names its permission, PUBLIC, SIGNED_IN or SYSTEM.')
def nameless_services(source: Source) -> Iterator[ast.AST]:
    for function, decorator in _decorators(source):
        name = source.named(decorator.func if isinstance(decorator, ast.Call) else decorator)
        bare = not isinstance(decorator, ast.Call) or argument(decorator, 0, 'permission') is None
        if bare and name in {'logic.core.service.service', 'logic.core.service.query'}:
            yield function


@rule('LR14', 'A page names its permission, and is made by our @page, not by ui.page.')
def nameless_pages(source: Source) -> Iterator[ast.AST]:
    if source.within('ui/shell.py', 'ui/shell/', 'ui/guard/'):
        return
    for function, decorator in _decorators(source):
        call = decorator if isinstance(decorator, ast.Call) else None
        name = source.named(call.func if call else decorator)
        if name == 'nicegui.ui.page':
            yield function
        elif name in {'ui.shell.page', 'ui.guard.page_guard'}:
            place = 2 if name == 'ui.shell.page' else 0
            if call is None or argument(call, place, 'permission') is None:
                yield function


@rule('LR14', 'A route names its permission or PUBLIC: register it with the get, post, ... of ui/front or ui/api.')
def nameless_routes(source: Source) -> Iterator[ast.AST]:
    if source.floor != 'ui':
        return
    for _, decorator in _decorators(source):
        call = decorator if isinstance(decorator, ast.Call) else None
        if call is None or not isinstance(call.func, ast.Attribute) or method(call) not in VERBS:
            continue
        if _is_router(source, call.func.value) and not any(k.arg == 'permission' for k in call.keywords):
            yield call


def _is_router(source: Source, node: ast.expr) -> bool:
    if source.named(node) == 'nicegui.app':
        return True
    made = source.value_of(node) if isinstance(node, ast.Name) else []
    return any(isinstance(value, ast.Call) and method(value) in {'APIRouter', 'FastAPI'} for value in made)


@rule('LR14', 'A job runs as the system: its first parameter is its work, or the run of a detached one.')
def jobs_without_work(source: Source) -> Iterator[ast.AST]:
    for function, decorator in _decorators(source):
        if not isinstance(decorator, ast.Call) or method(decorator) not in {'job', 'on'}:
            continue
        if source.floor == 'logic' and ast.unparse(decorator.func) in {'domain.job', 'domain.on'}:
            first = function.args.args[0].arg if function.args.args else ''
            if first.lstrip('_') not in {'work', 'run'}:
                yield function


def _decorators(source: Source) -> Iterator[tuple[Function, ast.expr]]:
    for function in source.functions:
        for decorator in function.decorator_list:
            yield function, decorator
