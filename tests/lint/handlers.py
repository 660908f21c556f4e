"""LR3 and LR12: an event reaches a rule through the wrapper only, and drawing a page changes nothing."""

import ast
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Function, Source, argument, constant, method

WRAPPERS = {'action', 'ui_only'}
# What begins with on_ and is no event of a browser: the life of the program, of a client, of a session.
LIFE = {
    'on_startup',
    'on_shutdown',
    'on_exception',
    'on_page_exception',
    'on_connect',
    'on_disconnect',
    'on_delete',
    'on_revoked',
    'on_air',
}
# The wrapper itself, and the socket guard that stands before it.
GUARD = ('ui/guard/', 'ui/guard.py')


@rule('LR3', 'A handler is wrapped: give action(...) or ui_only(...), or pass on a parameter that was given so.')
def bare_handlers(source: Source) -> Iterator[ast.AST]:
    if source.floor != 'ui' or source.within(*GUARD):
        return
    for call in source.calls:
        yield from (h for h in _given_handlers(source, call) if not _is_wrapped(source, h))


def _given_handlers(source: Source, call: ast.Call) -> Iterator[ast.expr]:
    """What is given to a call as `on_...=` or to a method `.on(event, ...)`, `.on_click(...)`."""
    for keyword in call.keywords:
        if keyword.arg and keyword.arg.startswith('on_') and keyword.arg not in LIFE:
            yield keyword.value
    name = method(call)
    if not isinstance(call.func, ast.Attribute) or source.named(call.func.value).startswith(('nicegui.app', 'logic.')):
        return
    if name == 'on' and isinstance(constant(argument(call, 0, 'type')), str):
        handler = argument(call, 1, 'handler')
    elif name.startswith('on_') and name not in LIFE and not source.named(call.func).startswith('self.on_'):
        handler = argument(call, 0, 'callback')
    else:
        return
    if handler is not None:
        yield handler


def _is_wrapped(source: Source, node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Call():
            return method(node) in WRAPPERS
        case ast.IfExp(body=body, orelse=other):
            return _is_wrapped(source, body) and _is_wrapped(source, other)
        case ast.BoolOp(values=values):
            return all(_is_wrapped(source, value) for value in values)
        case ast.Name(id=name):
            function = source.definition_of(name)
            if function is not None and not source.is_parameter(node):
                return _has_wrapper(function)
            return source.is_parameter(node) or _all_wrapped(source, source.value_of(node))
        case ast.Attribute(attr=name):
            function = source.definition_of(name)
            return _has_wrapper(function) if function is not None else name.lstrip('_').startswith('on_')
        case ast.Subscript():
            return False
    return False


def _all_wrapped(source: Source, values: list[ast.expr]) -> bool:
    return bool(values) and all(_is_wrapped(source, value) for value in values)


def _has_wrapper(function: Function) -> bool:
    names = {d.func if isinstance(d, ast.Call) else d for d in function.decorator_list}
    return any(ast.unparse(name).split('.')[-1] in WRAPPERS for name in names)


@rule('LR12', 'Drawing a page changes nothing: a page builder runs on GET, so no writing service is called in it.')
def writing_builders(source: Source) -> Iterator[ast.AST]:
    if source.floor != 'ui':
        return
    builders = [function for function in source.functions if _is_builder(function)]
    for call in source.calls:
        name = source.named(call.func)
        if not name.startswith('logic.') or source.function_of(call) not in builders:
            continue
        parts = name.split('.')
        if f'{parts[1]}.{parts[-1]}' in source.services:
            yield call


def _is_builder(function: Function) -> bool:
    calls = (d.func for d in function.decorator_list if isinstance(d, ast.Call))
    return any(ast.unparse(name).split('.')[-1] in {'page', 'page_guard'} for name in calls)
