"""Files are what their content says, lose what hides in them, and open only for whom their owner allows."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image

from data.files import StoredFile
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.work import Work
from tests.conftest import run_as_service


@pytest.fixture(autouse=True)
def folder(secrets: Path) -> Iterator[Path]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield secrets / 'files'
    config.configure(None)


async def put(actor: Actor, content: bytes, owner_type: str = '', owner_id: UUID | None = None) -> StoredFile:
    async def storing(work: Work) -> StoredFile:
        return await files.store(
            work, 'card.jpg', content, allowed=files.DOCUMENTS, owner_type=owner_type, owner_id=owner_id
        )

    row = await run_as_service(storing)(actor)
    assert isinstance(row, StoredFile)
    return row


async def get(actor: Actor, file_id: UUID) -> bytes:
    async def opening(work: Work) -> StoredFile:
        return await files.open_file(work, file_id)

    row = await run_as_service(opening)(actor)
    assert isinstance(row, StoredFile)
    return await files.read(row)


def photo(kind: str = 'JPEG', size: tuple[int, int] = (400, 200)) -> bytes:
    image, target = Image.new('RGB', size, 'red'), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = 'Secret Camera'
    image.save(target, kind, exif=exif)
    return target.getvalue()


async def test_a_file_is_kept_under_a_random_name_with_its_hash(member: Actor, folder: Path) -> None:
    row = await put(member, b'Minutes of March')
    assert await get(member, row.id) == b'Minutes of March'
    assert row.sha256 == hashlib.sha256(b'Minutes of March').hexdigest()
    assert 'card' not in row.object_name
    assert (folder / row.object_name).read_bytes() == b'Minutes of March'


async def test_an_image_is_drawn_anew_upright_without_what_hid_in_it(member: Actor) -> None:
    sent = photo()
    assert b'Secret Camera' in sent
    row = await put(member, sent + b'<script>appended</script>')
    kept = await get(member, row.id)
    assert b'Secret Camera' not in kept
    assert b'appended' not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (200, 400)
        assert not image.getexif()
    assert row.size == len(kept)


async def test_a_large_photo_becomes_smaller(member: Actor) -> None:
    row = await put(member, photo(size=(5000, 100)))
    with Image.open(io.BytesIO(await get(member, row.id))) as image:
        assert max(image.size) == files.LONGEST_SIDE


@pytest.mark.parametrize('kind', ['PNG', 'WEBP'])
async def test_other_images_stay_what_they_are(member: Actor, kind: str) -> None:
    row = await put(member, photo(kind))
    assert row.media_type == f'image/{kind.lower()}'


@pytest.mark.parametrize(
    'content',
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        b'\xef\xbb\xbf <!doctype html><script>1</script>',
        b'MZ\x90\x00\x03',
        b'\x7fELF\x02',
        b'PK\x03\x04 not really a zip',
        b'GIF89a\x01\x00',
        b'\xff\xd8\xff and then no picture',
        b'',
    ],
)
async def test_what_is_no_document_is_refused(member: Actor, content: bytes) -> None:
    with pytest.raises(Invalid):
        await put(member, content)


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('[Content_Types].xml', '')
        archive.writestr('word/document.xml', b'\0' * (files.MOST_UNPACKED_BYTES + 1))
    with pytest.raises(Invalid, match='unpacks'):
        files.media_type_of(target.getvalue())


async def test_only_allowed_kinds_and_sizes_are_taken() -> None:
    with pytest.raises(Invalid, match='kind'):
        await files.stage(b'%PDF-1.7', allowed=files.IMAGES)
    with pytest.raises(Invalid, match='too large'):
        await files.stage(b'abcdef', allowed=files.DOCUMENTS, most_bytes=5)
    with pytest.raises(Invalid, match='too large'):
        await files.stage(photo('PNG', (9000, 6000)), allowed=files.IMAGES)


async def test_a_file_opens_only_for_whom_its_owner_allows(chief: Actor, member: Actor, stranger: Actor) -> None:
    owner = uuid4()

    @files.readable_by('trial')
    async def check(work: Work, owner_id: UUID) -> None:
        assert owner_id == owner
        work.require('members.manage')

    row = await put(member, b'private', 'trial', owner)
    assert await get(chief, row.id) == b'private'
    with pytest.raises(Denied):
        await get(member, row.id)
    with pytest.raises(NotFound):
        await get(stranger, row.id)


async def test_a_file_without_a_declared_reader_opens_for_its_sender_only(chief: Actor, member: Actor) -> None:
    row = await put(member, b'draft')
    assert await get(member, row.id) == b'draft'
    with pytest.raises(NotFound):
        await get(chief, row.id)


async def test_a_removed_file_does_not_open(member: Actor) -> None:
    row = await put(member, b'old')
    await run_as_service(files.remove)(member, row.id)
    with pytest.raises(NotFound, match='removed'):
        await get(member, row.id)


async def test_a_part_of_a_file_is_streamed(member: Actor) -> None:
    row = await put(member, b'0123456789' * 60_000)
    pieces = [piece async for piece in files.stream(row, 5, 300_015)]
    assert len(pieces) > 1
    assert b''.join(pieces) == (b'0123456789' * 60_000)[5:300_015]


async def test_content_that_was_lost_is_reported_and_not_a_bug(member: Actor, folder: Path) -> None:
    row = await put(member, b'gone')
    (folder / row.object_name).unlink()
    with pytest.raises(NotFound, match='missing'):
        await get(member, row.id)
