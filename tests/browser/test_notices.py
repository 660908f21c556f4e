"""Notices in a browser: what I am told, by keyboard and kept; and the worker and manifest that make an app of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.served import Served, serve
from tests.ui.pages.cast import cast


@pytest.fixture(scope='module')
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp('notices') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield from _sit_down(browser, served, people.owner)


def _sit_down(browser: Browser, served: Served, token: str) -> Iterator[Page]:
    context = browser.new_context(base_url=served.origin, viewport={'width': 1440, 'height': 900})
    context.add_cookies([{'name': 'logbook', 'value': token, 'url': served.origin}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def begin(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector('h1')
    page.wait_for_function('window.did_handshake === true')


def test_what_i_am_told_is_chosen_by_keyboard_and_kept(desk: Page) -> None:
    begin(desk, '/account/notices')
    push = desk.get_by_label('Push: A document is about to expire')
    expect(push).to_be_checked()
    push.focus()
    desk.keyboard.press('Space')
    expect(desk.get_by_text('Saved.', exact=True)).to_be_visible()
    begin(desk, '/account/notices')
    expect(push).not_to_be_checked()
    mail = desk.get_by_label('E-mail: A document is about to expire')
    mail.select_option('digest')
    expect(desk.get_by_text('Saved.', exact=True)).to_be_visible()
    begin(desk, '/account/notices')
    expect(push).not_to_be_checked()
    expect(mail).to_have_value('digest')
    assert desk.get_by_label('E-mail: A backup has failed').count() == 0


def test_the_bell_leads_to_all_notices(desk: Page) -> None:
    begin(desk, '/')
    desk.get_by_role('button', name='Notices').click()
    desk.get_by_role('link', name='All notices and settings').click()
    expect(desk.get_by_role('heading', name='Notices', exact=True)).to_be_visible()


def test_it_can_be_installed_and_its_worker_sees_every_address(desk: Page) -> None:
    begin(desk, '/')
    manifest = desk.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((r) => r.json())")
    assert {(one['sizes'], one['purpose']) for one in manifest['icons']} >= {
        ('512x512', 'maskable'),
        ('192x192', 'any'),
    }
    sizes = desk.evaluate(
        """async (icons) => Promise.all(icons.map(async (one) => {
            const base = document.querySelector('link[rel=manifest]').href;
            const image = await createImageBitmap(await (await fetch(new URL(one.src, base))).blob());
            return `${image.width}x${image.height}`; }))""",
        [one for one in manifest['icons'] if one['type'] == 'image/png'],
    )
    assert sizes == [one['sizes'] for one in manifest['icons'] if one['type'] == 'image/png']
    scope = desk.evaluate('navigator.serviceWorker.ready.then((worker) => new URL(worker.scope).pathname)')
    assert scope == '/'
    assert desk.evaluate('caches.keys()') == []
