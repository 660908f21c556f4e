"""LR5 and LR9: no file and no foreign host is reached past the one place that checks."""

import ast
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Source, argument, constant, method

MEDIA = {'nicegui.ui.image', 'nicegui.ui.video', 'nicegui.ui.audio', 'nicegui.ui.interactive_image'}
SERVING = {'add_static_file', 'add_static_files', 'add_media_file', 'add_media_files'}
CLIENTS = ('httpx', 'httpx2', 'requests', 'aiohttp', 'urllib.request', 'http.client', 'urllib3')
OUTBOUND = ('logic/core/outbound.py', 'logic/core/outbound/')


@rule('LR5', 'No file of the disk as a media source or a static route, except what is packaged beside the code.')
def published_files(source: Source) -> Iterator[ast.AST]:
    for call in source.calls:
        if source.named(call.func) in MEDIA:
            given = argument(call, 0, 'source')
            if given is not None and _is_path(source, given):
                yield given
        elif method(call) in SERVING:
            given = argument(call, 1, 'local_directory') or argument(call, 1, 'local_file')
            if given is None or not _is_packaged(source, given):
                yield call


def _is_path(source: Source, node: ast.expr) -> bool:
    text = constant(node)
    if isinstance(text, str):
        return bool(text) and not text.startswith(('/', 'data:', 'https://'))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return True
    if isinstance(node, ast.Call):
        return source.named(node.func) in {'pathlib.Path', 'os.path.join'}
    if isinstance(node, ast.Name) and not source.is_parameter(node):
        return any(_is_path(source, value) for value in source.value_of(node) if not isinstance(value, ast.Constant))
    return False


def _is_packaged(source: Source, node: ast.expr, depth: int = 4) -> bool:
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    if any(name.id == '__file__' for name in names):
        return True
    if any(source.named(name).startswith('ui.assets') for name in names):
        return True
    return depth > 0 and any(
        _is_packaged(source, value, depth - 1) for name in names for value in source.value_of(name)
    )


@rule('LR9', 'Calls to other hosts go through the one client that checks the address (logic/core/outbound).')
def outbound_calls(source: Source) -> Iterator[ast.AST]:
    if source.within(*OUTBOUND):
        return
    for node in source.nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or '', *(f'{node.module}.{alias.name}' for alias in node.names)]
        else:
            continue
        if any(name == client or name.startswith(f'{client}.') for name in names for client in CLIENTS):
            yield node
