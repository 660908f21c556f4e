"""The configuration that is in effect when the server runs, which NiceGUI and uvicorn would choose otherwise."""

from typing import Any

import pytest
from starlette.requests import Request

from logic.core.config import Settings
from logic.core.errors import AppError, Unauthenticated
from logic.identity.sessions import SignInAgain
from tests.ui.layered import application
from tests.ui.rogue import Page, Rogue, Served, serve
from ui import errors, server
from ui.guard import cookie_name, own_origins
from ui.guard.sockets import BUFFER_BYTES


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[call-arg]


async def test_what_runs_is_what_was_decided(guarded: Served) -> None:
    async with guarded.browser() as browser:
        told = (await browser.get('/test/configuration')).json()
    assert told == {
        'reload': False,
        'show_welcome_message': False,
        'reconnect_timeout': 30.0,
        'binding_refresh_interval': None,
        'tailwind': False,
        'prod_js': True,
        'markdown': False,
        'on_air': None,
        'storage_secret': None,
        'redis': None,
        'tab_storage_seconds': 3600.0,
        'ping_interval': 24.0,
        'ping_timeout': 12.0,
        'transports': ['websocket'],
        'js_transports': ['websocket'],
        'buffer_bytes': BUFFER_BYTES,
        'origins': [f'http://{name}:{guarded.port}' for name in ('localhost', '127.0.0.1', '[::1]')],
        'middleware': [],
        'outer_middleware': [],
        'cookies': [],
    }


def test_uvicorn_listens_where_it_was_told_and_believes_nobody() -> None:
    built = server.Built(application(), application())
    config = server.config(built, settings(host='127.0.0.1', port=8123))
    assert (config.host, config.port, config.workers, config.reload) == ('127.0.0.1', 8123, 1, False)
    assert (config.proxy_headers, config.server_header, config.access_log) == (False, False, False)
    assert (config.ws_per_message_deflate, config.ws_max_size) == (False, BUFFER_BYTES)
    assert config.timeout_graceful_shutdown is not None


def test_nothing_goes_over_the_air_or_opens_a_window() -> None:
    assert server.RUN_OPTIONS['on_air'] is None
    assert not {'show', 'native', 'reload'} & set(server.RUN_OPTIONS), 'run_with knows none of them'


@pytest.mark.parametrize(
    ('values', 'name', 'origins'),
    [
        ({'public_url': 'https://logbook.example.org'}, '__Host-logbook', ['https://logbook.example.org']),
        ({'public_url': 'https://logbook.example.org:443'}, '__Host-logbook', ['https://logbook.example.org']),
        ({'public_url': 'https://logbook.example.org:8443'}, '__Host-logbook', ['https://logbook.example.org:8443']),
        (
            {'port': 80},
            'logbook',
            ['http://localhost', 'http://127.0.0.1', 'http://[::1]'],
        ),
        (
            {'public_url': 'http://10.0.0.5:8080', 'allow_plain_http': True},
            'logbook',
            ['http://10.0.0.5:8080'],
        ),
    ],
)
def test_cookie_and_origins_follow_the_public_address(values: dict[str, Any], name: str, origins: list[str]) -> None:
    assert cookie_name(settings(**values)) == name
    assert own_origins(settings(**values)) == origins


async def test_under_a_path_of_the_proxy_pages_and_sockets_work_too() -> None:
    with serve(True, 'root=/logbook') as under:
        async with under.browser('alice') as browser:
            answer = await browser.get('/logbook/')
            stranger = await browser.get('/logbook/many', headers={'cookie': ''})
        assert answer.status_code == 200
        assert 'src="/logbook/_nicegui/' in answer.text
        page = Page.parse(answer.text)
        async with await Rogue.connect(under, page.query, 'alice', path='/logbook') as socket:
            await socket.fire(page.event('Fire'))
        assert await under.happened('fired')
    assert stranger.headers['location'] == '/logbook/sign-in?next=/many'


@pytest.mark.parametrize(
    ('refused', 'prove'),
    [
        (SignInAgain('Please confirm that it is you.'), '/security/confirm?next='),
        (Unauthenticated('Please sign in.'), '/sign-in?next='),
    ],
)
@pytest.mark.parametrize(
    ('referer', 'back'),
    [
        (b'https://logbook.example.org/tasks?q=hose', '/tasks%3Fq%3Dhose'),
        (b'https://logbook.example.org//evil.example/', '/'),
        (b'', '/'),
    ],
)
def test_who_has_to_prove_who_he_is_for_a_file_comes_back_to_where_he_asked_and_gets_it(
    refused: AppError, prove: str, referer: bytes, back: str
) -> None:
    headers = [(b'accept', b'text/html'), (b'referer', referer)]
    scope = {'type': 'http', 'method': 'GET', 'path': '/download/tasks.csv', 'query_string': b'q=a', 'headers': headers}
    answer = errors.answer_error(Request(scope), refused)
    file = '%23download%3D/download/tasks.csv%3Fq%3Da'
    assert (answer.status_code, answer.headers['location']) == (303, f'{prove}{back}{file}')


def test_under_a_path_of_the_proxy_the_file_comes_from_there() -> None:
    headers = [(b'accept', b'text/html'), (b'referer', b'https://example.org/logbook/tasks')]
    scope = {'type': 'http', 'method': 'GET', 'path': '/logbook/download/tasks.csv', 'query_string': b''}
    request = Request(scope | {'headers': headers, 'root_path': '/logbook'})
    answer = errors.answer_error(request, SignInAgain('Please confirm that it is you.'))
    back = '/tasks%23download%3D/logbook/download/tasks.csv'
    assert answer.headers['location'] == f'/logbook/security/confirm?next={back}'
