"""The layers around the application: what they add to answers, and whom they believe."""

import gzip
from collections.abc import Callable
from typing import Any

import brotli
import httpx2
import pytest
from starlette.responses import PlainTextResponse

from tests.ui.layered import browser
from ui import error_page, errors
from ui.middleware import NONCE
from ui.middleware.compression import NICEGUI_FILES, Compression

SECURITY = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
}


# headers


@pytest.mark.parametrize('path', ['/page', '/told', '/nowhere', '/refused/conflict', '/broken', '/niceguis', '/stream'])
async def test_every_answer_carries_the_headers(path: str) -> None:
    async with browser() as client:
        answer = await client.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert answer.headers['strict-transport-security'] == 'max-age=31536000; includeSubDomains'
    assert "frame-ancestors 'none'" in answer.headers['content-security-policy']
    assert answer.headers['cache-control'] == 'no-store'


async def test_refusals_of_the_layers_carry_the_headers_too() -> None:
    async with browser(host='evil.example') as client:
        answer = await client.get('/page')
    assert answer.status_code == 400
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY


async def test_hsts_is_not_sent_without_tls() -> None:
    async with browser(public_url=None, host='localhost:8080') as client:
        assert 'strict-transport-security' not in (await client.get('/page')).headers


async def test_a_plain_page_may_run_nothing_but_our_own_files() -> None:
    async with browser() as client:
        policy = (await client.get('/page')).headers['content-security-policy']
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "object-src 'none'; base-uri 'none'" in policy
    assert 'unsafe' not in policy


async def test_a_route_s_own_policy_stays_and_no_other_site_may_read_answers() -> None:
    async with browser() as client:
        answer = await client.get('/own-policy', headers={'origin': 'https://evil.example'})
    assert answer.headers['content-security-policy'] == 'sandbox'
    assert not [name for name in answer.headers if name.startswith('access-control')]


async def test_a_niceguis_page_has_a_fresh_nonce_in_its_own_scripts_only() -> None:
    async with browser() as client:
        first, second = await client.get('/niceguis'), await client.get('/niceguis')
    nonces = [answer.headers['content-security-policy'].split("'nonce-")[1].split("'")[0] for answer in (first, second)]
    assert nonces[0] != nonces[1]
    text = first.text
    assert text.count(f'nonce="{nonces[0]}"') == 4
    assert '<script>bad()</script>' in text
    assert '<script src="https://evil.example/x.js">' in text
    assert NONCE not in text
    assert int(first.headers['content-length']) > 0


# errors


@pytest.mark.parametrize(
    ('path', 'status', 'body'),
    [
        ('/refused/conflict', 409, {'detail': 'The radio is issued to Ann.', 'errors': {}}),
        ('/refused/invalid', 422, {'detail': 'Not right.', 'errors': {'name': 'Too long.'}}),
        ('/refused/too-many', 429, {'detail': 'Wait.', 'errors': {}}),
    ],
)
async def test_refusals_have_one_form_for_programs(path: str, status: int, body: dict[str, Any]) -> None:
    async with browser() as client:
        answer = await client.get(path, headers={'accept': 'application/json'})
    assert (answer.status_code, answer.json()) == (status, body)
    assert ('retry-after' in answer.headers) is (status == 429)


async def test_people_get_a_page_whose_style_its_policy_allows() -> None:
    async with browser() as client:
        answer = await client.get('/refused/conflict')
    assert 'The radio is issued to Ann.' in answer.text
    assert error_page.STYLE_HASH in answer.headers['content-security-policy']
    assert "object-src 'none'; base-uri 'none'" in answer.headers['content-security-policy']


def test_a_message_cannot_smuggle_markup_into_a_page() -> None:
    assert b'<script>' not in errors.page(404, '<script>alert(1)</script>').body


async def test_a_bug_shows_its_number_only() -> None:
    async with browser() as client:
        answer = await client.get('/broken')
    assert answer.status_code == 500
    assert 'quote incident' in answer.text
    assert 'secret reason' not in answer.text


@pytest.mark.parametrize(
    ('value', 'path'),
    [
        ('/members?q=a', '/members?q=a'),
        ('//evil.example', '/'),
        ('/\\evil.example', '/'),
        ('https://evil.example', '/'),
        ('/a\nb', '/'),
        ('/a\\b', '/'),
        ('', '/'),
        (None, '/'),
        ('/sign-in?next=/sign-in', '/'),
    ],
)
def test_sign_in_leads_to_this_host_only(value: str | None, path: str) -> None:
    assert errors.safe_next(value) == path


# proxies and hosts


async def test_forwarding_headers_of_anybody_are_dropped() -> None:
    sent = {
        'x-forwarded-for': '1.2.3.4',
        'x-forwarded-proto': 'http',
        'x-forwarded-prefix': '/evil',
        'x-real-ip': '1.2.3.4',
    }
    async with browser() as client:
        told = (await client.get('/told', headers={**sent, 'forwarded': 'for=1.2.3.4'})).json()
    assert told['client'] == '198.51.100.7'
    assert told['scheme'] == 'https'
    assert not [name for name in told['headers'] if 'forwarded' in name or name == 'x-real-ip']


@pytest.mark.parametrize(
    ('chain', 'client_address'),
    [
        ('203.0.113.9', '203.0.113.9'),
        ('6.6.6.6, 203.0.113.9', '203.0.113.9'),
        ('203.0.113.9, 10.0.0.2', '203.0.113.9'),
        ('[2001:db8::1]', '2001:db8::1'),
        ('nonsense', '10.0.0.1'),
        ('', '10.0.0.1'),
    ],
)
async def test_a_listed_proxy_is_believed_as_far_as_it_saw(chain: str, client_address: str) -> None:
    sent = {'x-forwarded-for': chain, 'x-forwarded-proto': 'http', 'x-forwarded-prefix': '/evil'}
    async with browser('10.0.0.1', trusted_proxies=('10.0.0.0/24',)) as client:
        told = (await client.get('/told', headers=sent)).json()
    assert (told['client'], told['scheme']) == (client_address, 'http')
    assert 'x-forwarded-prefix' not in told['headers']


async def test_a_configured_root_path_is_set_for_everything_behind() -> None:
    async with browser(root_path='/logbook') as client:
        for path in ('/told', '/logbook/told'):
            assert (await client.get(path)).json()['root'] == '/logbook'
        assert (await client.get('/logbook/elsewhere')).headers['location'] == '/logbook/page'
        refused = await client.get('/logbook/members-only?tab=2')
        assert refused.headers['location'] == '/logbook/sign-in?next=/members-only%3Ftab%3D2'
        assert 'href="/logbook/"' in (await client.get('/logbook/nowhere')).text
        assert (await client.post('/logbook/api/v1/things', content=b'x')).status_code == 200


@pytest.mark.parametrize(
    ('host', 'status'),
    [
        ('logbook.example.org', 200),
        ('LOGBOOK.example.org:443', 200),
        ('localhost:8080', 200),
        ('127.0.0.1:8080', 200),
        ('localhost:9999', 400),
        ('evil.example', 400),
        ('logbook.example.org.evil.example', 400),
        ('', 400),
    ],
)
async def test_only_our_own_names_are_answered(host: str, status: int) -> None:
    async with browser() as client:
        assert (await client.get('/page', headers={'host': host})).status_code == status


# compression


@pytest.mark.parametrize(
    ('accepted', 'encoding', 'unpack'),
    [
        ('gzip, deflate, br', 'br', brotli.decompress),
        ('gzip', 'gzip', gzip.decompress),
        ('br;q=0, gzip', 'gzip', gzip.decompress),
        ('identity', None, bytes),
    ],
)
async def test_a_file_is_compressed_once_and_kept_for_a_year(
    accepted: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    asked = []

    async def files(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope['path'])
        await PlainTextResponse('body{}' * 1000, media_type='text/css')(scope, receive, send)

    transport = httpx2.ASGITransport(app=Compression(files))
    async with httpx2.AsyncClient(transport=transport, base_url='http://x') as client:
        for _ in range(3):
            request = client.build_request(
                'GET', f'{NICEGUI_FILES}static/nicegui.css', headers={'accept-encoding': accepted}
            )
            answer = await client.send(request, stream=True)
            body = b''.join([part async for part in answer.aiter_raw()])
            assert answer.headers.get('content-encoding') == encoding
            assert 'immutable' in answer.headers['cache-control']
            assert unpack(body) == b'body{}' * 1000
    assert len(asked) == (1 if encoding else 3)


async def test_a_page_is_compressed_and_a_stream_arrives_in_its_parts() -> None:
    async with browser() as client:
        page, stream = await client.get('/page'), await client.get('/stream')
    assert page.headers['content-encoding'] == 'gzip'
    assert 'accept-encoding' in page.headers['vary'].lower()
    assert page.text.startswith('<h1>')
    assert 'content-encoding' not in stream.headers
    assert stream.text == 'part 0\npart 1\npart 2\n'
