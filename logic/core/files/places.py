"""Where bytes lie: the object store by one URL, the spool for when it does not answer, and files that are arriving."""

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Collection
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog

from logic.core import config
from logic.core.config import Settings
from logic.core.errors import Unavailable
from logic.core.language import later

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = structlog.get_logger(__name__)
PART_BYTES, PARTS_AT_ONCE = 5 * 1024 * 1024, 1
"""Of a large file on its way to the store, which takes none smaller: it is what an upload takes of the memory."""
PIECE_SECONDS, PUT_SECONDS = 60, 1800
SPARED_SECONDS = 30
"""For so long after a failure, uploads go to the spool without trying the store again."""
ABANDONED = timedelta(days=1)
PATIENCE: dict[str, Any] = {
    'retry_config': {'max_retries': 2, 'retry_timeout': timedelta(seconds=10)},
    'client_options': {'connect_timeout': '5s', 'timeout': '120s', 'allow_http': True},
}
NOT_ANSWERING = later('The file store does not answer just now. Try again in a moment.')


@lru_cache(maxsize=4)
def _store(url: str) -> 'ObjectStore':
    from obstore.store import AzureStore, GCSStore, LocalStore, S3Store

    if url.startswith('file:'):
        folder = folder_of(url)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(folder)
    parts = urlsplit(url)
    place = unquote(parts.netloc.rpartition('@')[2])
    name, secret = (unquote(part) if part else None for part in (parts.username, parts.password))
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    prefix = parts.path.strip('/') or None
    if parts.scheme == 's3':
        asked = {'region': options.get('region'), 'endpoint': options.get('endpoint')}
        asked |= {'access_key_id': name, 'secret_access_key': secret}
        return S3Store(place, prefix=prefix, **_given(asked), **PATIENCE)
    if parts.scheme == 'az':
        asked = {'account_name': name, 'account_key': secret, 'endpoint': options.get('endpoint')}
        return AzureStore(place, prefix=prefix, **_given(asked), **PATIENCE)
    asked = {'service_account': options.get('service_account'), 'base_url': options.get('endpoint')}
    return GCSStore(place, prefix=prefix, **_given(asked), **PATIENCE)


def _given(asked: dict[str, str | None]) -> dict[str, Any]:
    """What the URL leaves out comes from the environment of the store's own tools, as from a role of the machine."""
    return {key: value for key, value in asked.items() if value}


def folder_of(url: str) -> Path:
    """Return the folder of a file store on this machine."""
    return Path(unquote(urlsplit(url).path))


def object_store() -> 'ObjectStore':
    """Return the place where the bytes of files lie."""
    return object_store_of(config.configured())


def object_store_of(settings: Settings) -> 'ObjectStore':
    """Return the place where an installation's files lie."""
    return _store(settings.storage)


def place_in_words(settings: Settings) -> str:
    """Return where files lie, without what opens it."""
    if settings.storage.startswith('file:'):
        return str(folder_of(settings.storage))
    parts = urlsplit(settings.storage)
    return f'{parts.scheme}://{parts.netloc.rpartition("@")[2]}{parts.path}'


def without_secrets(text: str, settings: Settings | None = None) -> str:
    """Return what a store said, short, and without the name and key by which it is opened."""
    parts = urlsplit((settings or config.configured()).storage)
    for secret in (parts.password, parts.username):
        for form in {secret, unquote(secret)} if secret else ():
            text = text.replace(form, '***')
    return text.partition('\n')[0][:300]


async def reach(call: Awaitable[Any], seconds: float = PIECE_SECONDS) -> Any:
    """Wait for the store. Raises Unavailable when it does not answer, and FileNotFoundError."""
    try:
        return await asyncio.wait_for(call, seconds)
    except FileNotFoundError:
        raise
    except Exception as error:
        log.warning('files.store_unreachable', error=without_secrets(str(error) or type(error).__name__))
        raise Unavailable(NOT_ANSWERING) from error


async def put(name: str, path: Path) -> None:
    """Send a file to the store, in parts when it is large. Raises Unavailable; a part of it is never seen as whole."""
    await reach(object_store().put_async(name, path, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE), PUT_SECONDS)


async def is_in_store(name: str) -> bool:
    """Say whether the store has an object. Raises Unavailable."""
    try:
        await reach(object_store().head_async(name))
    except FileNotFoundError:
        return False
    return True


class _Store:
    """What this process knows of how the store does."""

    failed_at = 0.0

    @property
    def is_spared(self) -> bool:
        return bool(self.failed_at) and time.monotonic() - self.failed_at < SPARED_SECONDS


_state = _Store()


async def put_or_spool(name: str, path: Path) -> bool:
    """Send a file to the store, or keep it here until that answers; says whether it is in the store.

    Raises Unavailable when neither takes it.
    """
    if not _state.is_spared:
        try:
            await put(name, path)
        except Unavailable:
            _state.failed_at = time.monotonic()
        else:
            _state.failed_at = 0.0
            return True
    try:
        await asyncio.to_thread(_keep_in_spool, name, path)
    except OSError as error:
        log.error('files.not_spooled', error=str(error)[:200])
        raise Unavailable('Neither the file store nor the disk takes this file just now. It was not kept.') from error
    log.warning('files.spooled', object_name=name)
    return False


def store_answered() -> None:
    """Note that the store answers again, so that the next upload goes there."""
    _state.failed_at = 0.0


# The spool: bytes of files that are stored, but not yet in the store


def spool() -> Path:
    """Return the folder of bytes that wait for the store."""
    return config.configured().data_dir / 'spool'


def spooled(name: str) -> Path:
    """Return where the bytes of an object lie while they wait for the store."""
    path = spool() / name
    if '..' in Path(name).parts or not path.is_relative_to(spool()):
        raise ValueError('An object has no such name.')
    return path


def _keep_in_spool(name: str, path: Path) -> None:
    target = spooled(name)
    for folder in (spool(), target.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f'{target.name}.part')
    draft.unlink(missing_ok=True)
    try:
        os.link(path, draft)
    except OSError:  # another file system, or one without links
        shutil.copyfile(path, draft)
    draft.chmod(0o600)
    for place in (draft, None, target.parent, target.parent.parent):
        if place is None:
            draft.replace(target)
            continue
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def objects_in_spool() -> list[tuple[str, datetime]]:
    """Return name and time of what waits here for the store; what a power cut left half is not among it."""
    folder = spool()
    if not folder.exists():
        return []
    found = [path for path in folder.rglob('*') if path.is_file()]
    return [
        (str(path.relative_to(folder)), datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for path in found
        if path.suffix != '.part'
    ]


# Files that are arriving

_swept: set[Path] = set()


def incoming() -> Path:
    """Return the folder of files that are arriving; what a crash left there is gone a day later."""
    folder = config.configured().data_dir / 'incoming'
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder not in _swept:
        _swept.add(folder)
        sweep_incoming()
    return folder


def sweep_incoming() -> int:
    """Delete what uploads that never ended have left behind; returns how many."""
    folder = config.configured().data_dir / 'incoming'
    before, count = time.time() - ABANDONED.total_seconds(), 0
    for path in folder.iterdir() if folder.exists() else ():
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
                count += 1
    return count


def arriving() -> IO[bytes]:
    """Open a new file for bytes that arrive: in the data folder, closed to others, gone when it is closed."""
    return tempfile.NamedTemporaryFile(dir=incoming(), prefix='in-')


# What is in the store


async def delete_objects(names: Collection[str]) -> None:
    """Delete objects for good, from spool and store; one that is gone already is no fault."""
    for name in names:
        await asyncio.to_thread(spooled(name).unlink, missing_ok=True)
        try:
            await reach(object_store().delete_async(name))
        except FileNotFoundError:
            continue


async def list_objects() -> AsyncIterator[tuple[str, int, datetime]]:
    """Yield name, size and time of every object in the store."""
    async for batch in object_store().list():
        for entry in batch:
            yield str(entry['path']), int(entry['size']), entry['last_modified']


async def answers(settings: Settings, seconds: float = 20) -> str:
    """Write, read and delete a small object; return why that failed in one line, or nothing."""
    name = f'check/{os.getpid()}'
    try:
        async with asyncio.timeout(seconds):
            store = await asyncio.to_thread(object_store_of, settings)
            await store.put_async(name, b'Logbook')
            await store.get_async(name)
            await store.delete_async(name)
    except Exception as error:  # noqa: BLE001  the sentence is what it is asked for
        return without_secrets(str(error), settings) or type(error).__name__
    return ''
