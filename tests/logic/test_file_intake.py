"""Files that lie, swell, hide or carry names that hurt: each is told by its content, cleaned or refused."""

import io
import os
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from logic.core import config, files
from logic.core.config import Settings
from logic.core.errors import Invalid
from logic.core.files import kinds, places


@pytest.fixture(autouse=True)
def folder(secrets: Path) -> Iterator[Path]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    places._swept.clear()
    yield secrets
    config.configure(None)


def archive(*entries: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return target.getvalue()


def picture(kind: str = 'PNG', size: tuple[int, int] = (60, 40), color: str = 'green') -> bytes:
    target = io.BytesIO()
    Image.new('RGB', size, color).save(target, kind)
    return target.getvalue()


def overlapping() -> bytes:
    """A small archive whose entries share their bytes, each of which unpacks to a megabyte."""
    one = bytearray(archive(('a', b'\0' * 1_000_000)))
    at = one.index(b'PK\x01\x02')
    entry, end = bytes(one[at : one.index(b'PK\x05\x06')]), bytes(one[one.index(b'PK\x05\x06') :])
    many = entry * 150
    closing = end[:8] + struct.pack('<HHII', 150, 150, len(many), at) + end[20:]
    return bytes(one[:at]) + many + closing


def long_directory() -> bytes:
    """An archive that says that its list of contents is 3 MB long."""
    one = archive(('a', b'x'))
    at = one.index(b'PK\x05\x06')
    return one[: at + 12] + struct.pack('<I', 3_000_000) + one[at + 16 :]


@pytest.mark.parametrize('made', [overlapping(), long_directory()], ids=['overlapping', 'long directory'])
def test_archives_that_swell_are_refused_before_they_are_read(made: bytes) -> None:
    assert len(made) < 20_000
    with pytest.raises(Invalid, match='unpacks'):
        files.media_type_of(made)


def test_an_archive_of_many_entries_is_refused() -> None:
    with pytest.raises(Invalid, match='unpacks'):
        files.media_type_of(archive(*((f'{n}', b'') for n in range(kinds.MOST_ENTRIES + 1))))


def test_office_files_with_programs_are_refused() -> None:
    entries = (('[Content_Types].xml', b'x'), ('xl/workbook.xml', b'x'), ('xl/vbaProject.bin', b'x'))
    with pytest.raises(Invalid, match='macros'):
        files.media_type_of(archive(*entries))


@pytest.mark.parametrize('kind', ['PNG', 'JPEG', 'WEBP'])
async def test_what_hides_behind_a_picture_is_gone(kind: str, folder: Path) -> None:
    polyglot = picture(kind) + archive(('evil.html', b'<script>alert(1)</script>')) + b'<script>alert(2)</script>'
    staged = await files.stage(polyglot, allowed=files.ATTACHED)
    kept = (folder / 'files' / staged.object_name).read_bytes()
    assert b'script' not in kept
    assert not zipfile.is_zipfile(io.BytesIO(kept))


async def test_a_pdf_that_is_an_archive_too_stays_a_pdf(folder: Path) -> None:
    staged = await files.stage(b'%PDF-1.7\n' + archive(('a', b'x')), allowed=files.ATTACHED)
    assert staged.media_type == files.PDF


@pytest.mark.parametrize(
    'content',
    [
        b'\x89PNG\r\n\x1a\n' + b'\0' * 100,
        picture()[:-30],
        picture('JPEG')[:200],
        b'RIFF\x10\0\0\0WEBPVP8 ' + b'\0' * 8,
    ],
    ids=['no png', 'cut png', 'cut jpeg', 'no webp'],
)
async def test_damaged_pictures_are_refused_and_leave_nothing(content: bytes, folder: Path) -> None:
    with pytest.raises(Invalid):
        await files.stage(content, allowed=files.ATTACHED)
    assert list((folder / 'incoming').iterdir()) == []


def small_file_of_many_pixels() -> bytes:
    """A PNG of a few bytes that says that it is 60,000 pixels wide and high."""
    made = bytearray(picture())
    made[16:24] = struct.pack('>II', 60_000, 60_000)
    import zlib

    made[29:33] = struct.pack('>I', zlib.crc32(bytes(made[12:29])))
    return bytes(made)


async def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn() -> None:
    begun = time.monotonic()
    with pytest.raises(Invalid):
        await files.stage(small_file_of_many_pixels(), allowed=files.ATTACHED)
    assert time.monotonic() - begun < 2


NAMES = st.text(max_size=300)


@given(NAMES, st.sampled_from(sorted(kinds.ENDINGS)))
def test_every_name_becomes_one_that_hurts_nobody(name: str, media_type: str) -> None:
    made = files.honest_name(name, media_type)
    assert 0 < len(made) <= 120
    assert made.rpartition('.')[2].lower() in kinds.ENDINGS[media_type]
    assert not set(made) & set('<>:"/\\|?*\0\r\n\u202e\u2028')
    assert not made.startswith('.')
    assert files.honest_name(made, media_type) == made


@pytest.mark.parametrize(
    ('name', 'media_type', 'made'),
    [
        ('invoice.pdf.exe', files.TEXT, 'invoice.pdf.exe.txt'),
        ('page.html', files.TEXT, 'page.html.txt'),
        ('photo.JPG', files.JPEG, 'photo.JPG'),
        ('photo.jpg', files.PNG, 'photo.jpg.png'),
        ('.htaccess', files.TEXT, 'htaccess.txt'),
        ('list.csv', files.TEXT, 'list.csv'),
        ('\u202efdp.exe', files.PDF, 'fdp.exe.pdf'),
        ('', files.PDF, 'file.pdf'),
    ],
)
def test_a_name_ends_as_the_content_is(name: str, media_type: str, made: str) -> None:
    assert files.honest_name(name, media_type) == made


def test_files_that_arrive_are_closed_to_others_and_gone_when_they_are_closed(folder: Path) -> None:
    with files.arriving() as file:
        path = Path(file.name)
        assert path.parent == folder / 'incoming'
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not path.exists()


def test_what_a_crash_left_is_swept_a_day_later(folder: Path) -> None:
    with files.arriving() as fresh:
        old = folder / 'incoming' / 'in-left'
        old.write_bytes(b'x' * 10)
        os.utime(old, (time.time() - 100_000,) * 2)
        assert files.sweep_incoming() == 1
        assert Path(fresh.name).exists()
    assert not old.exists()
