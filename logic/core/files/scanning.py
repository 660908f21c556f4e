"""A virus scanner, where one is configured: clamd is asked over its socket, and without its answer nothing is taken."""

import asyncio
from typing import IO
from urllib.parse import urlsplit

import structlog

from logic.core import config
from logic.core.errors import Invalid, Unavailable

log = structlog.get_logger(__name__)
CHUNK = 128 * 1024
SECONDS = 120


async def scan(file: IO[bytes]) -> None:
    """Have clamd look at a file. Raises Invalid for what it finds, Unavailable when it does not answer."""
    address = config.configured().clamd
    if not address:
        return
    try:
        async with asyncio.timeout(SECONDS):
            said = await _ask(address, file)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        log.warning('files.scanner_unreachable', error=str(error)[:200] or type(error).__name__)
        raise Unavailable(
            'The virus scanner does not answer, so no file is taken just now. Try again in a moment.'
        ) from error
    if said.endswith('FOUND'):
        log.warning('files.infected', found=said[:200])
        raise Invalid('The virus scanner found something in this file.', {'file': 'It was not kept.'})
    if not said.endswith('OK'):
        log.warning('files.scanner_refused', said=said[:200])
        raise Unavailable(
            'The virus scanner could not look at this file, so it is not taken. An administrator can help.'
        )


async def greet(address: str) -> str:
    """Ask clamd whether it is there. Raises OSError, TimeoutError."""
    async with asyncio.timeout(5):
        reader, writer = await _open(address)
        try:
            writer.write(b'zPING\0')
            return (await reader.readuntil(b'\0')).rstrip(b'\0').decode('utf-8', 'replace')
        finally:
            writer.close()


async def _open(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(address)
    if parts.scheme == 'unix':
        return await asyncio.open_unix_connection(parts.path)
    return await asyncio.open_connection(parts.hostname, parts.port or 3310)


async def _ask(address: str, file: IO[bytes]) -> str:
    reader, writer = await _open(address)
    try:
        writer.write(b'zINSTREAM\0')
        await asyncio.to_thread(file.seek, 0)
        try:
            while piece := await asyncio.to_thread(file.read, CHUNK):
                writer.write(len(piece).to_bytes(4, 'big') + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
        except ConnectionError:
            return 'It hung up in the midst of the file, as on one that is too long for it.'
        return (await reader.readuntil(b'\0')).rstrip(b'\0').decode('utf-8', 'replace').strip()
    finally:
        writer.close()
