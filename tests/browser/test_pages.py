"""Every screen of the real program: it answers, has one heading, complains of nothing, fits a phone, and axe agrees."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from logic.core.service import SIGNED_IN
from tests.benchmarks.served import Served, serve
from tests.browser.accessibility import faults, faults_in_the_other_theme
from tests.contracts import registries
from tests.ui.pages.cast import Cast, cast

SCREENS = sorted(path for path in registries.pages() if '{run_id}' not in path)
PERSON = '/members/{member_id}'
TASK, LIST = '/tasks/{task_id}', '/tasks/lists/{list_id}'
PLACES = [
    *SCREENS,
    *(f'{PERSON}?tab={tab}' for tab in ('work', 'documents', 'checklists', 'activity')),
    *(f'{TASK}?tab={tab}' for tab in ('comments', 'time', 'activity')),
    *(f'{LIST}?as={view}' for view in ('table', 'calendar', 'figures')),
]
SIZES: dict[str, dict[str, Any]] = {
    'desk': {'viewport': {'width': 1440, 'height': 900}, 'color_scheme': 'light'},
    'phone': {'viewport': {'width': 390, 'height': 844}, 'color_scheme': 'dark', 'has_touch': True},
}


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    folder = tmp_path_factory.mktemp('screens') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield served, people


class Desk:
    """A browser of somebody's, which keeps what the console complained of."""

    def __init__(self, browser: Browser, served: Served, token: str, size: str) -> None:
        self.context = browser.new_context(base_url=served.origin, **SIZES[size])
        self.context.add_cookies([{'name': 'logbook', 'value': token, 'url': served.origin}])
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on('console', lambda said: self.complaints.append(said.text) if said.type == 'error' else None)
        self.page.on('pageerror', lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> int:
        """Open a screen and wait until it is drawn and alive; returns its status."""
        self.complaints.clear()
        answer = self.page.goto(path)
        assert answer is not None
        self.page.wait_for_selector('h1')
        self.page.wait_for_function('window.did_handshake === true')
        self.page.wait_for_function("!document.querySelector('#lb-main .lb-skeleton')")
        return answer.status


@pytest.fixture(scope='module')
def owners(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[dict[str, Desk]]:
    served, people = installed
    desks = {size: Desk(browser, served, people.owner, size) for size in SIZES}
    yield desks
    for desk in desks.values():
        desk.context.close()


@pytest.fixture(scope='module')
def member(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Desk]:
    desk = Desk(browser, installed[0], installed[1].member, 'desk')
    yield desk
    desk.context.close()


def address(path: str, people: Cast) -> str:
    member_id = people.member_id if path.startswith('/access/') else people.file_id
    return path.format(
        member_id=member_id, position_id=people.position_id, template_id=people.template_id, seq=3, kind='digest',
        list_id=people.list_id, task_id=people.task_id, service_id=people.service_id, other_id=people.twin_id,
    )  # fmt: skip


@pytest.mark.parametrize('size', SIZES)
@pytest.mark.parametrize('path', PLACES)
def test_a_screen_is_sound(
    path: str, size: str, owners: dict[str, Desk], installed: tuple[Served, Cast]
) -> None:  # fmt: skip
    desk = owners[size]
    assert desk.open(address(path, installed[1])) == 200
    assert desk.page.locator('h1:visible').count() == 1
    assert desk.page.evaluate('document.documentElement.scrollWidth - innerWidth') <= 0
    assert faults(desk.page) == []
    assert faults_in_the_other_theme(desk.page) == []
    assert desk.complaints == []


@pytest.mark.parametrize('path', ['/settings', '/settings/lists', '/access', '/positions', '/audit', '/status'])
def test_a_member_is_told_why_administration_is_closed(path: str, member: Desk) -> None:
    from logic.identity.positions import covers
    from logic.identity.seeds import MEMBER, POSITIONS

    permission = registries.pages()[path].permission
    rights = frozenset(next(seed.permissions for seed in POSITIONS if seed.name == MEMBER))
    assert permission != SIGNED_IN
    if covers(rights, permission):
        pytest.skip('Every member may open this one.')
    assert member.open(path) == 403
    assert member.page.get_by_role('alert').count() == 1
    assert member.page.get_by_role('button', name='Ask for access').count() == 1
    assert faults(member.page) == []


def test_a_member_asks_for_a_right_and_is_told_who_knows(member: Desk, owners: dict[str, Desk]) -> None:
    assert member.open('/audit') == 403
    member.page.get_by_role('button', name='Ask for access').click()
    member.page.get_by_text('can see it in the bell').wait_for()
    member.open('/audit')
    member.page.get_by_role('button', name='Ask for access').click()
    member.page.get_by_text('You have asked for this already').wait_for()
    owner = owners['desk']
    owner.open('/notifications')
    owner.page.get_by_text('asks for access: Audit log').first.wait_for()


def test_a_record_that_is_not_there_is_not_asked_for(member: Desk) -> None:
    assert member.open('/members/00000000-0000-7000-8000-000000000000') == 404
    assert member.page.get_by_role('button', name='Ask for access').count() == 0


@pytest.mark.parametrize('path', ['/', '/members', '/account', PERSON])
def test_a_member_has_a_home_a_directory_and_an_own_page(
    path: str, member: Desk, installed: tuple[Served, Cast]
) -> None:  # fmt: skip
    own = path.format(member_id=installed[1].member_id)
    assert member.open(own) == 200
    assert member.page.locator('h1:visible').count() == 1
    assert member.page.get_by_role('button', name='Add member').count() == 0
    assert faults(member.page) == []
    assert member.complaints == []


def _tips(desk: Desk, path: str, expected: list[str]) -> None:
    """Open a screen until it shows these tips: what was seen a moment ago may not be stored yet."""
    shown: list[str] = []
    for _ in range(10):
        desk.open(path)
        shown = desk.page.get_by_role('note').locator('p').all_inner_texts()
        if shown == expected:
            break
    assert shown == expected


def test_a_tip_stands_beside_its_thing_until_it_was_seen(browser: Browser, installed: tuple[Served, Cast]) -> None:
    line = 'A whole task fits in one line, such as: Check hose friday 5pm @okafor. It is understood while you type.'
    phone = Desk(browser, installed[0], installed[1].second, 'phone')
    _tips(phone, '/my-work', [line])  # and not that of the keys, which are not there
    assert not phone.page.locator('.lb-quick-hint').is_visible()  # the tip says it already
    assert faults(phone.page) == []
    desk = Desk(browser, installed[0], installed[1].second, 'desk')
    _tips(desk, '/tasks?status=open&q=pump', ['Ctrl K finds people, pages and actions from anywhere.'])  # one at a time
    assert faults(desk.page) == []
    desk.page.get_by_role('note').get_by_role('button').click()
    _tips(desk, '/tasks?q=pump', ['Needed again? Keep what is shown as a view, for you or for everybody.'])
    assert faults(desk.page) == []
    _tips(desk, '/my-work', [line])
    desk.page.locator('[data-quick]').fill('Wash the engine')
    desk.page.locator('[data-quick]').press('Enter')
    desk.page.get_by_role('note').wait_for(state='detached')  # who does it needs no tip any more
    desk.page.get_by_text('Wash the engine').first.wait_for()
    _tips(desk, '/my-work', [])
    desk.context.close()
    _tips(phone, '/my-work', [])  # nor on another device
    phone.context.close()


def test_the_sweep_knows_every_screen() -> None:
    assert len(SCREENS) >= 25
    assert all(Path(path).is_absolute() for path in SCREENS)
