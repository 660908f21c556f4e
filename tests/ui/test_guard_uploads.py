"""N8 and what else is sent as a file: counted on the server, known by its content, taken for one page only."""

import io
import zipfile
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile

import pytest

from logic.core.errors import Invalid
from tests.ui.rogue import Page, Served, load
from ui.uploads import Kind, kind_of, plain_name

PNG = b'\x89PNG\r\n\x1a\n' + b'x' * 500


def place(page: Page) -> str:
    return next(
        str(element['text'])
        for element in page.elements.values()
        if str(element.get('text', '')).startswith('/uploads/')
    )


async def test_n8_nicegui_takes_any_size_from_anybody(bare: Served) -> None:
    page = await load(bare, 'alice', '/upload')
    url = next(e['props']['url'] for e in page.elements.values() if 'url' in e.get('props', {}))
    async with bare.browser() as stranger:
        answer = await stranger.post(url, files={'file': ('x.png', b'x' * 5_000_000)})
    assert answer.status_code == 200
    assert (await bare.happened('uploaded'))[0]['size'] == 5_000_000, 'its own limit was ten bytes'


async def test_a_file_arrives_at_the_page_that_asked_for_it(guarded: Served) -> None:
    page = await load(guarded, 'alice', '/upload')
    async with guarded.browser('alice', origin=guarded.origin) as browser:
        form = await browser.post(place(page), files={'file': ('C:\\me\\../face.png', PNG)})
        plain = await browser.post(place(page), content=PNG, headers={'x-file-name': 'gr%C3%BC%C3%9F.png'})
    assert form.json() == {'name': 'face.png', 'size': len(PNG), 'kind': 'image/png'}
    assert plain.json()['name'] == 'grüß.png'
    assert [entry['by'] for entry in await guarded.happened('uploaded')] == ['alice', 'alice']


@pytest.mark.parametrize('who', [None, 'eve', 'alice.phone'])
async def test_n8_nobody_else_can_send_to_it(guarded: Served, who: str | None) -> None:
    page = await load(guarded, 'alice', '/upload')
    async with guarded.browser(who, origin=guarded.origin, accept='application/json') as browser:
        answer = await browser.post(place(page), files={'file': ('x.png', PNG)})
    assert answer.status_code == (401 if who is None else 404)
    assert not await guarded.happened('uploaded')


async def test_n8_another_site_cannot_make_the_browser_send(guarded: Served) -> None:
    page = await load(guarded, 'alice', '/upload')
    async with guarded.browser('alice', origin='https://evil.example') as browser:
        answer = await browser.post(place(page), files={'file': ('x.png', PNG)})
    assert answer.status_code == 403


@pytest.mark.parametrize('form', [True, False], ids=['form', 'body'])
async def test_n8_the_limit_is_kept_while_the_file_streams(guarded: Served, form: bool) -> None:
    page = await load(guarded, 'alice', '/upload')
    before = (await guarded.state())['bytes']

    async def long() -> AsyncIterator[bytes]:
        if form:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n'
        for _ in range(2000):
            yield PNG[:8] + b'x' * 9_992

    kind = {'content-type': 'multipart/form-data; boundary=b'} if form else {}
    async with guarded.browser('alice', origin=guarded.origin, accept='application/json', **kind) as browser:
        answer = await browser.post(place(page), content=long())
    assert answer.status_code == 413
    assert 'larger than 20 KB' in answer.json()['detail']
    assert (await guarded.state())['bytes'] - before < 8_000_000, 'what comes after it is thrown away'
    assert not await guarded.happened('uploaded')


@pytest.mark.parametrize(
    'content',
    [b'<svg onload="alert(1)"/>', b'%PDF-1.7 x', b'MZ\x90\x00', b'name,phone\nAnn,1\n', b'GIF89a', b'\xff\xd8\xff\xe0'],
)
async def test_n8_the_content_decides_not_the_name(guarded: Served, content: bytes) -> None:
    page = await load(guarded, 'alice', '/upload')
    async with guarded.browser('alice', origin=guarded.origin, accept='application/json') as browser:
        answer = await browser.post(place(page), files={'file': ('x.png', content, 'image/png')})
    assert answer.status_code == 415
    assert answer.json()['detail'].endswith('It must be: PNG.')


@pytest.mark.parametrize(
    ('content', 'headers', 'status'),
    [
        (b'', {}, 422),
        (b'--b--\r\n', {'content-type': 'multipart/form-data; boundary=b'}, 422),
        (b'nonsense', {'content-type': 'multipart/form-data; boundary=b'}, 422),
        (b'nonsense', {'content-type': 'multipart/form-data'}, 422),
    ],
)
async def test_a_broken_upload_is_refused_with_a_sentence(
    guarded: Served, content: bytes, headers: dict[str, str], status: int
) -> None:
    page = await load(guarded, 'alice', '/upload')
    async with guarded.browser('alice', origin=guarded.origin, accept='application/json', **headers) as browser:
        answer = await browser.post(place(page), content=content)
    assert (answer.status_code, bool(answer.json()['detail'])) == (status, True)


async def test_the_place_closes_with_the_page(guarded: Served) -> None:
    page = await load(guarded, 'alice', '/upload')
    for _ in range(21):
        await load(guarded, 'alice', '/many')
    async with guarded.browser('alice', origin=guarded.origin, accept='application/json') as browser:
        answer = await browser.post(place(page), files={'file': ('x.png', PNG)})
    assert answer.status_code == 404
    assert 'Open it again' in answer.json()['detail']


def archive(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name == 'mimetype' else None)  # as documents have it
    return buffer.getvalue()


def kind(content: bytes) -> Kind | None:
    with SpooledTemporaryFile() as file:
        file.write(content)
        return kind_of(file)


@pytest.mark.parametrize(
    ('content', 'expected'),
    [
        (PNG, Kind.PNG),
        (b'\xff\xd8\xff\xe0 jfif', Kind.JPEG),
        (b'RIFF\x00\x00\x00\x00WEBPVP8 ', Kind.WEBP),
        (b'RIFF\x00\x00\x00\x00WAVEfmt ', None),
        (b'%PDF-1.4', Kind.PDF),
        (b'name;phone\r\nAnn;1\r\n', Kind.TEXT),
        ('\ufeffname;ort\nÄnne;Köln'.encode(), Kind.TEXT),
        ('name;ort\nÄnne;Köln'.encode('cp1252'), Kind.TEXT),
        ('name\tort\n'.encode('utf-16'), Kind.TEXT),
        (b'  <html><script>', None),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', None),
        (b'name\x00phone', None),
        (b'MZ\x90\x00\x03', None),
        (archive(**{'[Content_Types].xml': b'x', 'xl/workbook.xml': b'x'}), Kind.XLSX),
        (archive(**{'[Content_Types].xml': b'x', 'word/document.xml': b'x'}), Kind.DOCX),
        (archive(mimetype=b'application/vnd.oasis.opendocument.spreadsheet'), Kind.ODS),
        (archive(**{'evil.exe': b'x'}), Kind.ZIP),
        (archive(**{'[Content_Types].xml': b'x', 'ppt/presentation.xml': b'x'}), Kind.PPTX),
        (b'\0\0\0\x18ftypheic', Kind.HEIC),
        (b'\0\0\0\x18ftypmp42', Kind.MP4),
        (b'\0\0\0\x18ftyp????', None),
        (b'PK\x03\x04 broken', None),
    ],
)
def test_a_file_is_what_it_contains(content: bytes, expected: Kind | None) -> None:
    assert kind(content) is expected


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = archive(**{f'xl/sheet{n}.xml': b'\0' * 50_000_000 for n in range(5)})
    assert len(bomb) < 1_000_000
    with pytest.raises(Invalid, match='unpacks'):
        kind(bomb)


@pytest.mark.parametrize(
    ('sent', 'kept'),
    [
        ('face.png', 'face.png'),
        ('../../etc/passwd', 'passwd'),
        ('C:\\Users\\me\\face.png', 'face.png'),
        ('a\x00b\r\n.png', 'ab.png'),
        ('..', 'file'),
        ('', 'file'),
        ('<b>"x"|y?.png', 'bxy.png'),
        ('x' * 300 + '.png', 'x' * 116 + '.png'),
    ],
)
def test_a_file_name_is_for_reading_only(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept
