"""The servers of this run: one of each, started by whichever worker asks first, with a database for every worker."""

import functools
import json
import os
from typing import Any

from tests.servers.databases import MariaDB, Redis, Server
from tests.servers.programs import program
from tests.servers.run import OWNER, locked, run_folder


@functools.cache
def _shared(need: str) -> Any:
    """The server of this run, started by whichever worker asks first."""
    folder = run_folder()
    state = folder / f'{need}.json'
    with locked(need):
        server: Server = {'mariadb': MariaDB, 'redis': Redis}[need](folder / need, int(os.environ[OWNER]))
        program(need)
        if state.exists():
            server.port = json.loads(state.read_text())['port']
        else:
            server.start()
            state.write_text(json.dumps({'port': server.port, 'pid': server.pid}))
    return server


def worker_number() -> int:
    """0 for the first worker or a run without workers, then 1, 2 and so on."""
    return int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw'))


def mariadb_url(database: str = '') -> str:
    """The address of this run's MariaDB, with a database's name that the caller makes; raises Missing."""
    url: str = _shared('mariadb').url(database)
    return url


async def empty_mariadb(name: str = 'logbook') -> str:
    """Make a database anew, empty and this worker's own, and answer its address; raises Missing."""
    import asyncmy  # the driver of the shipped program; needed only where MariaDB is

    database = f'{name}_{worker_number()}'
    server = _shared('mariadb')
    login = {'user': 'logbook', 'password': 'logbook'}
    async with (
        asyncmy.connect(host='127.0.0.1', port=server.port, **login) as connection,
        connection.cursor() as cursor,
    ):
        await cursor.execute(f'DROP DATABASE IF EXISTS {database}')
        await cursor.execute(f'CREATE DATABASE {database} CHARACTER SET utf8mb4')
    return mariadb_url(database)


def redis_url() -> str:
    """The address of this worker's own numbered database in this run's Redis; raises Missing."""
    url: str = _shared('redis').url(worker_number() % 64)
    return url


def chromium_path() -> str:
    """The path of a Chromium that can be driven; raises Missing."""
    return program('browser')


CHROMIUM_ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
]

READY = {'mariadb': mariadb_url, 'redis': redis_url, 'browser': chromium_path}
