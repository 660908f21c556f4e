"""Holds the list of connections to the code: nothing that can speak to another machine is imported past it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from logic.core.config import PREFIX, Settings
from logic.core.connections import CONNECTIONS

HOME = Path(__file__).resolve().parents[2]
SHIPPED = [HOME / 'main.py', *(path for floor in ('data', 'logic', 'ui') for path in (HOME / floor).rglob('*.py'))]
CLIENTS = {
    *('aiohttp', 'aiosmtplib', 'boto3', 'ftplib', 'http.client', 'httpx', 'httpx2', 'imaplib', 'poplib', 'redis'),
    *('requests', 'smtplib', 'telnetlib', 'urllib.request', 'urllib3', 'websockets', 'xmlrpc.client'),
    *('limits.storage.storage_from_string', 'sqlalchemy.ext.asyncio.create_async_engine', 'obstore.store.from_url'),
}
CALLS = {'open_connection', 'create_connection', 'create_datagram_endpoint', 'S3Store', 'AzureStore', 'GCSStore'}
ON_THIS_MACHINE = {'logic.backup.restoring'}
"""Opens an engine on a SQLite file."""


def test_every_module_that_speaks_to_another_machine_stands_in_the_list():
    listed = {module for one in CONNECTIONS for module in one.modules}
    found = {module_of(path) for path in SHIPPED if any(speaks(ast.parse(path.read_text())))}
    assert found == listed | ON_THIS_MACHINE


def test_what_names_a_server_is_a_setting_that_exists():
    named = {one.named_by for one in CONNECTIONS if one.named_by.startswith(PREFIX)}
    assert len(named) == len(CONNECTIONS) - 1  # browsers name their push service themselves
    assert {name.removeprefix(PREFIX).lower() for name in named} <= Settings.model_fields.keys()


def speaks(tree: ast.AST) -> Iterator[bool]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield any(is_client(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield is_client(node.module) or any(is_client(f'{node.module}.{alias.name}') for alias in node.names)
        elif isinstance(node, ast.Call):
            yield (getattr(node.func, 'attr', None) or getattr(node.func, 'id', '')) in CALLS


def is_client(name: str) -> bool:
    return any(name == client or name.startswith(f'{client}.') for client in CLIENTS)


def module_of(path: Path) -> str:
    return '.'.join(path.relative_to(HOME).with_suffix('').parts).removesuffix('.__init__')
