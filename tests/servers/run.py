"""One test run: the folder that its workers share, the servers it has started, and how they end with it."""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers.watcher import stop

RUN_FOLDER = 'LOGBOOK_TEST_RUN_FOLDER'
OWNER = 'LOGBOOK_TEST_OWNER'


def begin_run() -> Path | None:
    """Open the folder that all workers of this run share; None when a run around this one has done so."""
    if RUN_FOLDER in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix='logbook-tests-'))
    os.environ[RUN_FOLDER], os.environ[OWNER] = str(folder), str(os.getpid())
    return folder


def end_run(folder: Path) -> None:
    """Stop what the run has started, by its process id, and remove the folder."""
    for state in folder.glob('*.json'):
        stop(json.loads(state.read_text())['pid'])
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[RUN_FOLDER], os.environ[OWNER]


def run_folder() -> Path:
    if RUN_FOLDER not in os.environ:
        raise RuntimeError('No test run is open: tests/plugin.py opens one, begin_run() opens one by hand.')
    return Path(os.environ[RUN_FOLDER])


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    with (run_folder() / f'{name}.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
