"""Held over every route of the front door, so that a new one is tested by being there."""

import re
from collections.abc import AsyncIterator

import pytest

from logic.core.domain import permission_labels
from logic.core.service import PUBLIC, SIGNED_IN
from tests.conftest import PASSWORD
from tests.ui.visitor import Visitor, door
from ui import front, guard

GUARDED = sorted(
    path for (method, path), permission in front.routes.items() if method == 'GET' and permission != PUBLIC
)
FORMS = sorted(path for method, path in front.routes if method == 'POST')


@pytest.fixture
async def visitor(house: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    yield made
    await made.client.aclose()


def address(path: str) -> str:
    return re.sub(r'\{[^}]+\}', 'x', path)


def test_every_route_names_who_may_call_it():
    assert set(front.routes.values()) <= {PUBLIC, SIGNED_IN, *permission_labels()}
    assert len(GUARDED) >= 8
    assert len(FORMS) >= 18


@pytest.mark.parametrize('path', GUARDED)
async def test_a_screen_of_ones_own_leads_to_sign_in_and_back(visitor, path):
    visitor.client.follow_redirects = False
    page = await visitor.open(address(path))
    assert (page.status_code, page.headers['Location']) == (303, f'/sign-in?next={address(path)}')


async def test_why_one_has_to_sign_in_again_is_told_also_after_a_reload(visitor):
    visitor.client.follow_redirects = False
    visitor.client.cookies.set(guard.rules.cookie, 'a session that has ended')
    page = await visitor.open(address(GUARDED[0]))
    assert page.headers['Location'].endswith('&notice=ended')
    for _ in range(2):  # the first answer makes the browser forget the session
        assert 'Sign in to go on' in (await visitor.open(page.headers['Location'])).text


@pytest.mark.parametrize('path', FORMS)
async def test_no_form_is_taken_without_our_token(visitor, path):
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', email='elena@example.org', password=PASSWORD)
    before = visitor.cookie('logbook')
    visitor.client.follow_redirects = False
    for token in ('', 'guessed', 'Ä', 'A' * 60):
        page = await visitor.client.post(address(path), data={'token': token, 'stored': 'yes', 'next': '/'})
        # Without codes to confirm, or a sign-in on its way, there is nothing to take, and nothing to do but to go on.
        goes_on = page.status_code == 303 and path.startswith('/sign-in/enrol')
        assert page.status_code in {401, 403, 404} or path.endswith('/stored') or goes_on, page.text
        assert (await visitor.client.get('/')).text == 'Elena Rossi'
    assert visitor.cookie('logbook') == before


@pytest.mark.parametrize('path', sorted({path for _, path in front.routes}))
async def test_no_screen_shows_what_broke_or_lets_itself_be_framed(visitor, path):
    page = await visitor.open(address(path))
    assert page.status_code in {200, 401, 403, 404, 405}
    assert "frame-ancestors 'none'" in page.headers['Content-Security-Policy']
    assert page.headers['Cache-Control'] == 'no-store'
    assert 'Traceback' not in page.text
