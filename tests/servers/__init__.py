"""Finds, installs and starts what tests need besides Python: MariaDB, Redis, an SMTP server and Chromium.

Nothing is started before a test asks. One server a run is shared by all workers, each of which takes a database of
its own; a test that must stop or kill a server starts one for itself (`with MariaDB(folder) as server`).
"""

from tests.servers.databases import MariaDB, Redis, Server, ask, free_port
from tests.servers.mail import Mailbox, smtp_server
from tests.servers.programs import Missing, program
from tests.servers.run import RUN_FOLDER, begin_run, end_run
from tests.servers.shared import (
    CHROMIUM_ARGUMENTS,
    READY,
    chromium_path,
    empty_mariadb,
    mariadb_url,
    redis_url,
    worker_number,
)

__all__ = [
    'CHROMIUM_ARGUMENTS',
    'READY',
    'RUN_FOLDER',
    'Mailbox',
    'MariaDB',
    'Missing',
    'Redis',
    'Server',
    'ask',
    'begin_run',
    'chromium_path',
    'empty_mariadb',
    'end_run',
    'free_port',
    'mariadb_url',
    'program',
    'redis_url',
    'smtp_server',
    'worker_number',
]
