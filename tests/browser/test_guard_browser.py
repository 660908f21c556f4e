"""What a real browser does under our policy: pages work, injected scripts do not, and what no policy stops."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import until
from tests.ui.rogue import Served, serve


@pytest.fixture(scope='module')
def bare() -> Iterator[Served]:
    with serve(guarded=False) as served:
        yield served


@pytest.fixture(scope='module')
def guarded() -> Iterator[Served]:
    with serve(guarded=True) as served:
        yield served


def visit(browser: Browser, served: Served, path: str) -> tuple[Page, list[str]]:
    """Open a page as Alice and wait for its socket; returns it and what its console complains about."""
    complaints: list[str] = []
    page = browser.new_context(base_url=served.origin).new_page()
    page.set_default_timeout(20_000)
    page.context.add_cookies([{'name': 'logbook', 'value': 'alice', 'url': served.origin}])
    page.on('console', lambda message: complaints.append(message.text) if message.type == 'error' else None)
    page.on('pageerror', lambda error: complaints.append(str(error)))
    page.goto(path)
    page.wait_for_function('window.did_handshake === true')
    return page, complaints


def happened(served: Served, what: str) -> list[dict[str, Any]]:
    state = httpx2.get(f'{served.origin}/test/state', trust_env=False).json()
    return [entry for entry in state['happened'] if entry['what'] == what]


def is_refused(complaints: list[str]) -> bool:
    return any('Content Security Policy' in text for text in complaints)


def is_decided(page: Page, complaints: list[str]) -> bool:
    return bool(page.evaluate('window.stolen')) or is_refused(complaints)


def test_a_page_works_under_the_policy_without_a_complaint(browser: Browser, guarded: Served) -> None:
    page, complaints = visit(browser, guarded, '/')
    page.get_by_role('button', name='Fire').click()
    until(lambda: bool(happened(guarded, 'fired')))
    page.wait_for_timeout(400)  # in which it would complain
    assert complaints == []


def test_markup_that_was_injected_runs_on_plain_niceguis_pages_and_not_on_ours(
    browser: Browser, bare: Served, guarded: Served
) -> None:
    for served in (bare, guarded):
        page, complaints = visit(browser, served, '/injected')
        until(partial(is_decided, page, complaints))
        assert page.evaluate('window.stolen === true') is (served is bare)
        assert is_refused(complaints) is (served is guarded)


def test_n10_a_name_in_a_props_string_becomes_code_that_no_policy_stops(browser: Browser, guarded: Served) -> None:
    page, _ = visit(browser, guarded, '/props')
    page.wait_for_function('window.evaluated')
    assert page.evaluate('window.evaluated') == 'string', 'set as an item the same name stays text'


def test_n11_a_private_file_shown_as_an_image_is_public_on_plain_niceguis_and_closed_here(
    bare: Served, guarded: Served
) -> None:
    for served, status in ((bare, 200), (guarded, 404)):
        address = httpx2.get(f'{served.origin}/test/private', trust_env=False).json()
        assert httpx2.get(served.origin + address, trust_env=False).status_code == status


def test_a_revoked_session_s_page_leaves_for_the_sign_in_page(browser: Browser, guarded: Served) -> None:
    page, _ = visit(browser, guarded, '/many')
    httpx2.get(f'{guarded.origin}/test/revoke/alice', trust_env=False)
    page.wait_for_url('**/sign-in?next=/many&notice=ended')
    httpx2.get(f'{guarded.origin}/test/forget', trust_env=False)


def test_a_page_in_a_frame_of_another_site_stays_empty(browser: Browser, guarded: Served) -> None:
    page = browser.new_context().new_page()
    page.set_content(f'<iframe src="{guarded.origin}/sign-in"></iframe>')
    page.wait_for_timeout(800)
    frame = page.frames[1]
    assert guarded.origin not in frame.url
