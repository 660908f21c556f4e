"""clamd is asked about every file where one is configured; a real socket server speaks its protocol here."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from logic.core import config, files
from logic.core.config import Settings
from logic.core.errors import Invalid, Unavailable

EICAR = b'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'


class Clamd:
    """A scanner that knows one signature, and keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.most, self.silent, self.server = 1_000_000_000, False, None

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked, content = await reader.readuntil(b'\0'), b''
        if self.silent:
            await asyncio.sleep(5)
        elif asked == b'zPING\0':
            writer.write(b'PONG\0')
        else:
            assert asked == b'zINSTREAM\0'
            while (size := int.from_bytes(await reader.readexactly(4), 'big')) and len(content) <= self.most:
                content += await reader.readexactly(size)
            self.seen.append(content)
            found = b'stream: Eicar-Test-Signature FOUND\0' if EICAR in content else b'stream: OK\0'
            writer.write(b'INSTREAM size limit exceeded. ERROR\0' if len(content) > self.most else found)
            await writer.drain()
        writer.close()


@pytest.fixture
async def clamd(secrets: Path, tmp_path: Path) -> AsyncIterator[Clamd]:
    scanner = Clamd()
    path = tmp_path / 'clamd.socket'
    server = await asyncio.start_unix_server(scanner.answer, path)
    config.configure(Settings(_env_file=None, data_dir=secrets, clamd=f'unix://{path}'))  # type: ignore[call-arg]
    async with server:
        yield scanner
    config.configure(None)


async def stage(content: bytes) -> files.Staged:
    return await files.stage(content, allowed=files.ATTACHED)


async def test_a_clean_file_is_scanned_whole_and_kept(clamd: Clamd, secrets: Path) -> None:
    content = b'minutes\n' * 100_000
    staged = await stage(content)
    assert clamd.seen == [content]
    assert (secrets / 'files' / staged.object_name).read_bytes() == content


async def test_an_infected_file_is_refused_and_not_kept(clamd: Clamd, secrets: Path) -> None:
    with pytest.raises(Invalid, match='found something'):
        await stage(b'look: ' + EICAR)
    assert not list((secrets / 'files').rglob('*')) if (secrets / 'files').exists() else True
    assert list((secrets / 'incoming').iterdir()) == []


async def test_what_the_scanner_does_not_look_at_is_not_taken(clamd: Clamd) -> None:
    clamd.most = 1000
    with pytest.raises(Unavailable, match='could not look'):
        await stage(b'minutes\n' * 1_000_000)


async def test_a_scanner_that_does_not_answer_lets_nothing_through(
    clamd: Clamd, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clamd.silent = True
    monkeypatch.setattr(files.scanning, 'SECONDS', 0.3)
    with pytest.raises(Unavailable, match='does not answer'):
        await stage(b'minutes')
    config.configure(Settings(_env_file=None, data_dir=secrets, clamd='tcp://127.0.0.1:1'))  # type: ignore[call-arg]
    with pytest.raises(Unavailable, match='does not answer'):
        await stage(b'minutes')


async def test_a_scanner_says_that_it_is_there(clamd: Clamd) -> None:
    address = config.configured().clamd
    assert address is not None
    assert await files.greet(address) == 'PONG'
