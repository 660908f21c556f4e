"""Small pictures of files on records: of images, and of the first page of PDFs; what breaks tools breaks nothing."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from logic import attachments, storage
from logic.attachments import previews
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.jobs import Runner
from tests.logic.test_attachments import CARD, bring, own, picture


@pytest.fixture(autouse=True)
def folder(secrets: Path) -> Iterator[Path]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield secrets
    config.configure(None)


async def preview(actor: Actor, content: bytes, name: str) -> Image.Image | None:
    """Attach, let the jobs run, and open the small picture as a person would."""
    await bring(actor, own(actor), content, name)
    await Runner().run_until_idle()
    newest = (await attachments.list_attachments(actor, CARD, own(actor))).files[0].newest
    if newest.preview_id is None:
        return None
    row = await storage.get_file(actor, newest.preview_id)
    assert row.size < 300_000
    return Image.open(io.BytesIO(await files.read(row)))


def pdf(*objects: bytes) -> bytes:
    return (
        b'%PDF-1.4\n'
        + b'\n'.join(b'%d 0 obj %b endobj' % (n, o) for n, o in enumerate(objects, 1))
        + (b'\ntrailer << /Root 1 0 R /Size %d >>\n%%%%EOF' % (len(objects) + 1))
    )


def page(box: bytes = b'[0 0 612 792]', content: bytes = b'1 0 0 rg 0 0 612 792 re f') -> bytes:
    stream = zlib.compress(content)
    return pdf(
        b'<< /Type /Catalog /Pages 2 0 R >>',
        b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        b'<< /Type /Page /Parent 2 0 R /MediaBox ' + box + b' /Contents 4 0 R >>',
        b'<< /Length %d /Filter /FlateDecode >> stream\n' % len(stream) + stream + b'\nendstream',
    )


@pytest.mark.parametrize('kind', ['PNG', 'JPEG', 'WEBP'])
async def test_an_image_gets_a_small_picture(chief: Actor, kind: str) -> None:
    small = await preview(chief, picture(kind), f'scene.{kind.lower()}')
    assert small is not None
    assert max(small.size) == previews.IMAGE_SIDE


async def test_a_pdf_gets_its_first_page(chief: Actor) -> None:
    small = await preview(chief, page(), 'form.pdf')
    assert small is not None
    assert max(small.size) == previews.PAGE_SIDE
    assert small.convert('RGB').getpixel((100, 100))[0] > 240  # type: ignore[index]


@pytest.mark.parametrize(
    'content',
    [
        b'%PDF-1.7 and then nothing',
        pdf(b'<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 9 >>'),
        page(box=b'[0 0 0 0]'),
        page(box=b'[-1e30 -1e30 1e30 1e30]'),
        page(content=b'q ' * 3_000_000),
    ],
    ids=['broken', 'circle', 'no size', 'no end', 'deep'],
)
async def test_a_pdf_that_breaks_tools_is_kept_without_a_picture_or_with_a_small_one(
    chief: Actor, content: bytes
) -> None:
    small = await preview(chief, content, 'form.pdf')
    assert small is None or max(small.size) <= previews.PAGE_SIDE
    shown = (await attachments.list_attachments(chief, CARD, own(chief))).files[0]
    row, _ = await attachments.open_attachment(chief, shown.id)
    assert await files.read(row) == content


async def test_a_pdf_that_never_ends_is_given_up(chief: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, 'PAGE_SECONDS', 0.01)
    assert await preview(chief, page(), 'form.pdf') is None


async def test_other_files_have_none(chief: Actor) -> None:
    assert await preview(chief, b'name,phone\nAnn,1\n', 'list.csv') is None


async def test_a_preview_is_made_once(chief: Actor) -> None:
    assert await preview(chief, picture(), 'scene.png') is not None
    shown = (await attachments.list_attachments(chief, CARD, own(chief))).files[0]
    assert len([name async for name, _, _ in files.list_objects()]) == 2
    await Runner().run_until_idle()
    again = (await attachments.list_attachments(chief, CARD, own(chief))).files[0]
    assert again.newest.preview_id == shown.newest.preview_id
