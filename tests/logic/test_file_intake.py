"""Files that lie, swell, hide or carry names that hurt: each is told by its content, cleaned or refused."""

import contextlib
import io
import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

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


def test_no_part_of_an_archive_is_unpacked_that_would_be_all_at_once() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_BZIP2) as made:
        made.writestr('mimetype', kinds.ODT)
    assert files.media_type_of(target.getvalue()) == kinds.ZIP


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


def described(orientation: int = 6, kind: str = 'PNG', **changed: int) -> bytes:
    """A picture that says how it has to be turned, with single bytes of that changed: `at19=1`."""
    about = Image.Exif()
    about[0x0103], about[0x0112] = 1, orientation
    raw = bytearray(about.tobytes())
    for place, byte in changed.items():
        raw[int(place.removeprefix('at')) % len(raw)] = byte
    target = io.BytesIO()
    Image.new('RGB', (60, 40)).save(target, kind, exif=bytes(raw))
    return target.getvalue()


@pytest.mark.parametrize('orientation', range(1, 9))
@pytest.mark.parametrize('kind', ['PNG', 'JPEG', 'WEBP'])
def test_a_picture_is_turned_upright_as_it_says(orientation: int, kind: str) -> None:
    target = io.BytesIO()
    drawn = Image.linear_gradient('L').resize((80, 80)).crop((0, 0, 80, 48)).convert('RGB')
    drawn.paste('red', (0, 0, 16, 16))
    about = Image.Exif()
    about[0x0112] = orientation
    drawn.save(target, kind, exif=about, **({'quality': 95} if kind != 'PNG' else {}))
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(target.getvalue())))
    made = Image.open(io.BytesIO(files.clean_image(target.getvalue(), files.media_type_of(target.getvalue()) or '')))
    assert (made.size, made.getexif().get(0x0112)) == (expected.size, None)
    difference = ImageChops.difference(made.convert('RGB'), expected.convert('RGB'))
    assert max(high for _, high in difference.getextrema()) < 40


def test_what_a_picture_says_of_itself_cannot_break_its_drawing() -> None:
    assert Image.open(io.BytesIO(files.clean_image(described(at19=1), files.PNG))).size == (40, 60)


@given(st.binary(max_size=60), st.integers(0, 70), st.integers(0, 255), st.sampled_from(['PNG', 'JPEG', 'WEBP']))
def test_any_bytes_of_a_picture_are_drawn_or_refused(more: bytes, place: int, byte: int, kind: str) -> None:
    for content in (described(kind=kind, **{f'at{place}': byte}), picture(kind)[: 10 + place] + more):
        with contextlib.suppress(Invalid):
            files.clean_image(content, {'PNG': files.PNG, 'JPEG': files.JPEG, 'WEBP': files.WEBP}[kind])


@pytest.mark.parametrize(
    ('kind', 'mode', 'size'),
    [('PNG', 'RGBA', (7000, 7000)), ('PNG', 'P', (7000, 7000)), ('WEBP', 'RGBA', (4400, 4500)),
     ('PNG', 'RGB', (49_000_000, 1)), ('JPEG', 'RGB', (7000, 7000))],
)  # fmt: skip
def test_the_largest_pictures_that_are_taken_keep_within_their_memory(
    kind: str, mode: str, size: tuple[int, int], tmp_path: Path
) -> None:
    place = tmp_path / 'large'
    Image.new(mode, size).save(
        place, kind, exif=b'Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0' + b'\0' * 4
    )
    program = (
        'import re, sys; from logic.core.files import clean_image, media_type_of;'
        'content = open(sys.argv[1], "rb").read(); clean_image(content, media_type_of(content));'
        'print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)'
    )
    done = subprocess.run([sys.executable, '-c', program, str(place)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 700, f'{done.stdout} MB'


async def test_a_webp_of_too_many_pixels_is_refused_before_it_is_drawn() -> None:
    target = io.BytesIO()
    Image.new('RGB', (5000, 5000)).save(target, 'WEBP')
    with pytest.raises(Invalid) as refused:
        await files.stage(target.getvalue(), allowed=files.ATTACHED)
    assert '20 million' in refused.value.fields['file']


async def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn() -> None:
    begun = time.process_time()
    with pytest.raises(Invalid):
        await files.stage(small_file_of_many_pixels(), allowed=files.ATTACHED)
    assert time.process_time() - begun < 2


def drawn_over_and_over(times: int) -> bytes:
    """A JPEG whose last scan comes again: each costs a hundred bytes, and the time of the whole picture."""
    target = io.BytesIO()
    Image.new('L', (3000, 3000), 128).save(target, 'JPEG', progressive=True)
    whole = target.getvalue()
    end, last = whole.rindex(b'\xff\xd9'), whole.rindex(b'\xff\xc4')
    return whole[:end] + whole[last:end] * times + whole[end:]


async def test_a_picture_that_would_be_drawn_over_and_over_is_refused_before_it_is_drawn() -> None:
    begun = time.process_time()
    with pytest.raises(Invalid, match='damaged'):
        await files.stage(drawn_over_and_over(3000), allowed=files.ATTACHED)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize('part', [b'\xff\xfe\0\2', b'\xff\xd8'], ids=['remarks', 'beginnings'])
async def test_a_picture_of_millions_of_parts_is_refused_before_they_are_read(part: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(Invalid, match='damaged'):
        files.clean_image(b'\xff\xd8' + part * 1_000_000 + picture('JPEG'), files.JPEG)
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize('behind', [b'', b'\xff\xda\0\2' * 1000], ids=['nothing', 'a film'])
async def test_a_picture_that_comes_in_a_few_passes_is_taken_whatever_hangs_behind_it(behind: bytes) -> None:
    staged = await files.stage(drawn_over_and_over(20) + behind, allowed=files.ATTACHED)
    assert staged.media_type == files.JPEG


@given(st.binary(max_size=300), st.integers(2, 600))
def test_any_bytes_within_a_jpeg_are_drawn_or_refused(more: bytes, place: int) -> None:
    content = picture('JPEG')
    with contextlib.suppress(Invalid):
        files.clean_image(content[:place] + more + content[place:], files.JPEG)


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
