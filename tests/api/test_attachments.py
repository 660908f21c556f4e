"""Files on records by the API: sent as a form or as the body, fetched in parts, refused early, removed and restored."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from urllib.parse import quote
from uuid import uuid4

import pytest

from logic.core import config, files
from logic.core.jobs import Runner
from tests.logic.test_stores import use
from tests.servers.stores import s3_server

TEXT = b'0123456789' * 100_000


pytestmark = pytest.mark.usefixtures('folder')


@pytest.fixture
def at(chief) -> str:
    """The files of a record."""
    return f'/members/{chief.member_id}/attachments'


async def send(client, at, headers, content=TEXT, name='report.txt', **query):
    return await client.post(at, content=content, params=query, headers=headers | {'X-File-Name': quote(name)})


async def test_a_file_is_sent_listed_fetched_renamed_removed_and_restored(client, as_chief, at):
    made = await client.post(at, files={'file': ('report.txt', TEXT)}, headers=as_chief)
    assert made.status_code == 201, made.text
    one = made.json()
    assert (one['name'], one['versions'][0]['sha256']) == ('report.txt', hashlib.sha256(TEXT).hexdigest())
    here = f'{at}/{one["id"]}'
    fetched = await client.get(f'{here}/content', headers=as_chief)
    assert fetched.content == TEXT
    renamed = await client.patch(here, json={'name': 'Report of March.txt'}, headers=as_chief)
    assert renamed.json()['name'] == 'Report of March.txt'
    assert (await client.delete(here, headers=as_chief)).status_code == 204
    listed = (await client.get(at, headers=as_chief)).json()
    assert (listed['total'], [gone['id'] for gone in listed['removed']]) == (0, [one['id']])
    assert (await client.get(here, headers=as_chief)).status_code == 404
    assert (await client.post(f'{here}/restore', headers=as_chief)).json()['removed_at'] is None
    assert (await client.get(at, headers=as_chief)).json()['total'] == 1


async def test_what_is_sent_back_cannot_run_in_a_browser(client, as_chief, at):
    one = (await send(client, at, as_chief, name='a"b\u2028;x=y <i>.html')).json()
    got = await client.get(f'{at}/{one["id"]}/content', headers=as_chief)
    assert got.headers['content-disposition'].startswith('attachment; filename="')
    assert got.headers['content-disposition'].endswith('.html.txt')
    assert got.headers['x-content-type-options'] == 'nosniff'
    policy = got.headers['content-security-policy']
    assert policy == "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    assert got.headers['content-type'].startswith('text/plain')


@pytest.mark.parametrize(
    ('asked', 'expected'),
    [
        ('bytes=0-9', (206, slice(0, 10))),
        ('bytes=999990-', (206, slice(999_990, None))),
        ('bytes=-5', (206, slice(-5, None))),
        ('bytes=5-99999999', (206, slice(5, None))),
        ('bytes=1000000-', (416, None)),
        ('bytes=9-3', (200, slice(None))),
        ('bytes=0-1,5-6', (200, slice(None))),
        ('items=1-2', (200, slice(None))),
        ('bytes=' + '9' * 5000 + '-', (200, slice(None))),
    ],
)
async def test_a_part_is_given_when_it_is_asked_for(client, as_chief, at, asked, expected):
    status, part = expected
    one = (await send(client, at, as_chief)).json()
    got = await client.get(f'{at}/{one["id"]}/content', headers=as_chief | {'Range': asked})
    assert got.status_code == status
    if part is None:
        assert got.headers['content-range'] == 'bytes */1000000'
    else:
        assert got.content == TEXT[part]


async def test_what_is_known_already_is_not_sent_again(client, as_chief, at):
    one = (await send(client, at, as_chief)).json()
    here = f'{at}/{one["id"]}/content'
    tag = (await client.get(here, headers=as_chief)).headers['etag']
    again = await client.get(here, headers=as_chief | {'If-None-Match': f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b'')
    changed = await client.get(here, headers=as_chief | {'Range': 'bytes=0-1', 'If-Range': '"other"'})
    assert (changed.status_code, len(changed.content)) == (200, len(TEXT))


async def test_a_newer_version_and_the_one_before_it(client, as_chief, at):
    one = (await send(client, at, as_chief, b'first')).json()
    newer = await send(client, at, as_chief, b'second', version_of=one['id'])
    assert [version['number'] for version in newer.json()['versions']] == [2, 1]
    here = f'{at}/{one["id"]}/content'
    assert (await client.get(here, headers=as_chief)).content == b'second'
    assert (await client.get(here, params={'number': 1}, headers=as_chief)).content == b'first'
    assert (await client.get(here, params={'number': 3}, headers=as_chief)).status_code == 404
    assert (await send(client, at, as_chief, b'x', version_of=uuid4())).status_code == 404


async def test_one_key_attaches_once(client, as_chief, at):
    once = as_chief | {'Idempotency-Key': 'sent-1'}
    first, again = await send(client, at, once), await send(client, at, once)
    assert (first.status_code, again.json()) == (201, first.json())
    assert (await client.get(at, headers=as_chief)).json()['total'] == 1


async def test_strangers_and_unknown_records_have_no_files(client, as_chief, as_stranger, at):
    one = (await send(client, at, as_chief)).json()
    for answer in (
        await client.get(at, headers=as_stranger),
        await send(client, at, as_stranger),
        await client.get(f'{at}/{one["id"]}/content', headers=as_stranger),
        await client.delete(f'{at}/{one["id"]}', headers=as_stranger),
        await client.post(f'{at}/{one["id"]}/restore', headers=as_stranger),
        await client.get(f'/members/{uuid4()}/attachments/{one["id"]}', headers=as_chief),
        await send(client, f'/members/{uuid4()}/attachments', as_chief),
    ):
        assert answer.status_code == 404
    assert (await client.get(at)).status_code == 401


async def test_what_is_too_long_is_refused_without_being_read(client, as_chief, at, folder):
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1_000_000
            yield b'x' * 1_000_000

    answer = await client.post(at, content=endless(), headers=as_chief)
    assert answer.status_code == 413
    assert read < 110_000_000
    announced = await client.post(at, content=b'', headers=as_chief | {'Content-Length': '200000000'})
    assert announced.status_code == 413
    assert list((folder / 'incoming').iterdir()) == []


async def test_a_department_without_room_is_told_before_it_sends(client, as_chief, at, monkeypatch):
    monkeypatch.setattr(files.intake, 'organization_bytes', lambda: 10)
    answer = await send(client, at, as_chief)
    assert (answer.status_code, 'all of its room' in answer.json()['detail']) == (422, True)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f'{number}.txt', b'\0' * 50_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ('sent', 'status'),
    [
        (('face.png', b'<!doctype html><script>1</script>'), 415),
        (('face.png', b'\x89PNG\r\n\x1a\n<svg onload="alert(1)">'), 422),
        (('drawing.svg', b'<svg xmlns="http://www.w3.org/2000/svg"/>'), 415),
        (('empty.txt', b''), 422),
        (('tool.exe', b'MZ\x90\x00'), 415),
        (('photos.zip', bomb()), 422),
    ],
    ids=['html', 'broken png', 'svg', 'empty', 'program', 'bomb'],
)
async def test_files_that_lie_are_refused_and_leave_nothing(client, as_chief, at, sent, status):
    name, content = sent
    answer = await send(client, at, as_chief, content, name)
    assert answer.status_code == status
    assert answer.json()['detail']
    assert (await client.get(at, headers=as_chief)).json()['total'] == 0
    assert list((config.configured().data_dir / 'incoming').iterdir()) == []
    assert [name async for name, _, _ in files.list_objects()] == []


async def test_an_upload_that_breaks_off_leaves_nothing(client, as_chief, at, folder):
    async def breaks() -> AsyncIterator[bytes]:
        yield b'x' * 1_000_000
        await asyncio.sleep(0)
        raise ConnectionResetError

    assert (await client.post(at, content=breaks(), headers=as_chief)).status_code == 500
    assert list((folder / 'incoming').iterdir()) == []
    assert (await client.get(at, headers=as_chief)).json()['total'] == 0


async def test_a_link_of_the_store_opens_the_file_where_the_store_makes_one(client, as_chief, at, folder):
    one = (await send(client, at, as_chief, b'local')).json()
    refused = await client.get(f'{at}/{one["id"]}/link', headers=as_chief)
    assert (refused.status_code, 'Download it from Logbook' in refused.json()['detail']) == (409, True)
    with s3_server() as server:
        use(server.url, folder)
        one = (await send(client, at, as_chief, b'in S3', 'other.txt')).json()
        link = (await client.get(f'{at}/{one["id"]}/link', headers=as_chief)).json()
        assert (link['name'], link['seconds']) == ('other.txt', 300)
        async with type(client)() as anybody:
            assert (await anybody.get(link['url'])).content == b'in S3'


async def test_who_may_look_sees_only_files_of_records_that_he_may_discuss(client, as_chief, as_member, at):
    await send(client, at, as_chief)
    assert (await client.get(at, headers=as_member)).status_code == 404
    await Runner().run_until_idle()


async def test_a_file_whose_bytes_are_gone_or_away_is_said_before_anything_is_sent(client, as_chief, at, folder):
    one = (await send(client, at, as_chief)).json()
    here = f'{at}/{one["id"]}/content'
    await files.delete_objects([name async for name, _, _ in files.list_objects()])
    lost = await client.get(here, headers=as_chief)
    assert (lost.status_code, 'missing' in lost.json()['detail']) == (404, True)
    with s3_server() as server:
        use(server.url, folder)
        other = (await send(client, at, as_chief, b'in S3', 'other.txt')).json()
        server.stop()
        away = await client.get(f'{at}/{other["id"]}/content', headers=as_chief)
    assert (away.status_code, 'does not answer' in away.json()['detail']) == (503, True)
