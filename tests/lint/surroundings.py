"""LR4, LR6 and LR7: no state in the browser's store, no trust in a request's word for itself, no stopping the loop."""

import ast
import re
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Source, constant, method

PREFERENCES = ('ui/preferences.py', 'ui/preferences/')
PROXY = ('ui/middleware/proxies.py',)
# The command line, and what is made sure of before the first request: nobody waits for the loop yet.
BEFORE_SERVING = ('main.py', 'logic/start.py')
URLS = {'url', 'base_url', 'url_for'}
REQUEST = re.compile(r'(^|\.)(request|websocket)\.(url|base_url|url_for)(\.|$)')
SYNCHRONOUS = re.compile(
    r'^(open|io\.open|time\.sleep|sqlite3\.connect|smtplib\.SMTP(_SSL)?|urllib\.request\.urlopen|sqlalchemy\.create_engine'
    r'|os\.(system|fsync|remove|unlink|rename|replace|makedirs|scandir|walk)|shutil\.(copy\w*|move|rmtree|make_archive)'
    r'|subprocess\.(run|call|check_call|check_output|Popen)|(requests|httpx2?)\.(get|post|put|patch|delete|head|request'
    r'|stream|Client))$'
)
READERS = {'read_text', 'read_bytes', 'write_text', 'write_bytes'}


@rule('LR4', "No app.storage outside ui/preferences.py: NiceGUI's stores carry no authority and no personal data.")
def browser_stores(source: Source) -> Iterator[ast.AST]:
    if source.within(*PREFERENCES):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and source.named(node) == 'nicegui.app.storage':
            yield node
        elif isinstance(node, ast.ImportFrom) and node.module == 'nicegui.storage':
            yield node


@rule(
    'LR6',
    'The address comes from PUBLIC_URL: no request.url, base_url, Host or X-Forwarded-* outside the proxy module.',
)
def believed_requests(source: Source) -> Iterator[ast.AST]:
    if source.within(*PROXY):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in URLS and REQUEST.search(source.named(node)):
            yield node
        elif isinstance(node, ast.Constant) and _is_header(source, node):
            yield node


def _is_header(source: Source, node: ast.Constant) -> bool:
    """Whether a literal asks for a header that a stranger may set: X-Forwarded-* anywhere, Host as a key of headers."""
    if not isinstance(node.value, str | bytes):
        return False
    text = node.value.decode('latin-1') if isinstance(node.value, bytes) else node.value
    if text.lower().startswith('x-forwarded-') and ' ' not in text:
        return True
    if text.lower() != 'host':
        return False
    parent = source.parents[node]
    asked = parent.value if isinstance(parent, ast.Subscript) else None
    if isinstance(parent, ast.Call) and method(parent) in {'get', 'getlist'}:
        asked = parent.func.value if isinstance(parent.func, ast.Attribute) else None
    return asked is not None and 'headers' in ast.unparse(asked).lower()


@rule('LR7', 'No synchronous call to a database, file or host in a coroutine: use a thread or an awaited call.')
def blocking_calls(source: Source) -> Iterator[ast.AST]:
    if source.within(*BEFORE_SERVING):
        return
    for call in source.calls:
        if isinstance(source.function_of(call), ast.AsyncFunctionDef) and _blocks(source, call):
            yield call


def _blocks(source: Source, call: ast.Call) -> bool:
    if isinstance(source.parents[call], ast.Await):
        return False
    if SYNCHRONOUS.match(source.named(call.func)):
        return True
    return isinstance(call.func, ast.Attribute) and method(call) in READERS and constant(call.func.value) is None
