"""The layers around the application: which requests are refused before anything reads them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.types import ASGIApp, Message
from structlog.testing import capture_logs

from tests.ui.layered import application, browser, settings
from ui.middleware import BODY_BYTES, body_limit, wrap


@pytest.mark.parametrize(
    ('headers', 'status'),
    [
        ({'sec-fetch-site': 'same-origin'}, 200),
        ({'origin': 'https://logbook.example.org'}, 200),
        ({'sec-fetch-site': 'same-origin', 'origin': 'https://logbook.example.org'}, 200),
        ({'sec-fetch-site': 'cross-site', 'origin': 'https://logbook.example.org'}, 403),
        ({'sec-fetch-site': 'same-site'}, 403),
        ({'sec-fetch-site': 'none'}, 403),
        ({'sec-fetch-site': 'same-origin', 'origin': 'https://evil.example'}, 403),
        ({'origin': 'https://evil.example'}, 403),
        ({'origin': 'null'}, 403),
        ({}, 403),
        ({'authorization': 'Bearer x', 'cookie': '__Host-logbook=x', 'origin': 'https://evil.example'}, 403),
    ],
)
async def test_only_our_own_pages_may_change_anything_with_a_cookie(headers: dict[str, str], status: int) -> None:
    async with browser() as client:
        answer = await client.post('/form', content=b'x', headers={'cookie': '__Host-logbook=x', **headers})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ('headers', 'status'),
    [
        ({'authorization': 'Bearer x'}, 200),
        ({'authorization': 'Bearer x', 'origin': 'https://evil.example'}, 200),
        ({}, 200),
        ({'cookie': '__Host-logbook=x'}, 403),
        ({'origin': 'https://evil.example'}, 403),
    ],
)
async def test_a_program_without_a_cookie_may_use_the_api(headers: dict[str, str], status: int) -> None:
    async with browser() as client:
        assert (await client.post('/api/v1/things', content=b'x', headers=headers)).status_code == status


async def test_what_is_refused_is_in_the_log() -> None:
    with capture_logs() as logged:
        async with browser() as client:
            await client.post('/form', content=b'x', headers={'cookie': '__Host-logbook=x'})
            await client.get('/page?a=1&a=2')
            await client.get('/page', headers={'host': 'evil.example'})
    assert [(one['event'], one['status'], one.get('path') or one['host'], one['address']) for one in logged] == [
        ('request.refused', 403, '/form', '198.51.100.7'),
        ('request.refused', 400, '/page', '198.51.100.7'),
        ('request.refused', 400, 'evil.example', '198.51.100.7'),
    ]


OURS = {'origin': 'https://logbook.example.org'}


@pytest.mark.parametrize(
    ('path', 'size', 'status'),
    [
        ('/form', BODY_BYTES, 200),
        ('/form', BODY_BYTES + 1, 413),
        ('/large/x', 3_000_000, 200),
        ('/large/x', 3_000_001, 413),
    ],
)
@pytest.mark.parametrize('told', [True, False], ids=['told', 'streamed'])
async def test_a_body_is_counted_whether_its_length_is_told_or_not(
    path: str, size: int, status: int, told: bool
) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield b'x' * min(65_536, size - start)

    async with browser() as client:
        answer = await client.post(path, content=b'x' * size if told else parts(), headers=OURS)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {'bytes': size}


async def raw(app: ASGIApp, **scope: Any) -> int:
    """Send a request that no client library would."""
    status = []
    headers = [(b'host', b'logbook.example.org'), *scope.pop('headers', [])]

    async def receive() -> Message:
        return {'type': 'http.request', 'body': b'', 'more_body': False}

    async def send(message: Message) -> None:
        if message['type'] == 'http.response.start':
            status.append(message['status'])

    given = {'type': 'http', 'method': 'GET', 'path': '/page', 'query_string': b'', 'scheme': 'https', 'root_path': ''}
    await app({**given, 'headers': headers, 'client': ('198.51.100.7', 1), **scope}, receive, send)
    return status[0]


@pytest.mark.parametrize(
    ('scope', 'status'),
    [
        ({'headers': [(b'content-length', b'5'), (b'transfer-encoding', b'chunked')]}, 400),
        ({'headers': [(b'content-length', b'5'), (b'content-length', b'6')]}, 400),
        ({'headers': [(b'content-length', b'-1')]}, 400),
        ({'headers': [(b'content-length', b'+5')]}, 400),
        ({'headers': [(b'host', b'evil.example')]}, 400),
        ({'query_string': b'page=1&page=2'}, 400),
        ({'query_string': b'a=&a='}, 400),
        ({'query_string': b'a=1&b=2'}, 200),
        ({'query_string': b'q=' + b'x' * 9000}, 414),
        ({'path': '/_nicegui/auto/static/0123/private.png'}, 404),
        ({'path': '/_nicegui/client/0123/upload/5', 'method': 'POST'}, 404),
        ({'method': 'TRACE'}, 405),
        ({'method': 'CONNECT'}, 405),
    ],
)
async def test_what_no_honest_program_sends_is_refused(scope: dict[str, Any], status: int) -> None:
    assert await raw(wrap(application(), settings()), **scope) == status


def test_a_larger_body_is_for_the_named_route_alone() -> None:
    assert body_limit('/large/x') == 3_000_000
    assert body_limit('/large/x/y') == body_limit('/large') == body_limit('/x/large/x') == BODY_BYTES
