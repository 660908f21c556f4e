"""What somebody types stays over a reload, a lost connection and a server that dies; it is his, and ends with him."""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.benchmarks.served import Served, serve
from tests.browser.conftest import arrived, note_requests
from tests.ui.pages.cast import Cast, cast

BACK = 'What you typed before is back.'
Desk = Callable[..., Page]


class House:
    """A department, and the server that it has just now."""

    def __init__(self, folder: Path) -> None:
        self.people: Cast = cast(folder)
        self.folder = folder
        self.running: AbstractContextManager[Served] | None = None
        self.served = self.start()

    def start(self, port: int = 0) -> Served:
        self.running = serve(self.folder, port=port)
        return self.running.__enter__()

    def end(self) -> None:
        assert self.running is not None
        self.running.__exit__(None, None, None)

    def die(self) -> None:
        """Have the server gone at once, as when the power goes."""
        os.kill(self.served.pid, signal.SIGKILL)

    def revive(self) -> None:
        self.end()
        self.served = self.start(self.served.port)


@pytest.fixture(scope='module')
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp('drafts') / 'data')
    yield made
    made.end()


@pytest.fixture
def desk(browser: Browser, house: House) -> Iterator[Desk]:
    """Open a page as somebody; errors of our scripts fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(path: str, token: str = '', **more: Any) -> Page:
        context = browser.new_context(base_url=house.served.origin, viewport={'width': 1440, 'height': 900}, **more)
        contexts.append(context)
        context.add_cookies([{'name': 'logbook', 'value': token or house.people.owner, 'url': house.served.origin}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        note_requests(page)
        page.on('pageerror', lambda error: faults.append(str(error)))
        page.on('dialog', lambda dialog: faults.append(f'{dialog.type} stood in the way') or dialog.accept())
        page.goto(path)
        ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def ready(page: Page) -> None:
    page.wait_for_selector('h1')
    page.wait_for_function('window.did_handshake === true')


def reload(page: Page) -> None:
    page.reload()
    ready(page)


def sent(page: Page) -> list[dict[str, Any]]:
    """The drafts that a page sends from now on."""
    found: list[dict[str, Any]] = []
    page.on('request', lambda one: one.url.endswith('/drafts') and found.append(json.loads(one.post_data or '')))
    return found


def first_name(page: Page) -> Locator:
    return page.get_by_label('First name')


def begin_over(page: Page) -> None:
    with page.expect_response('**/drafts'):
        page.get_by_role('button', name='Discard it').click()
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_what_is_typed_is_back_after_a_reload_that_came_before_it_was_sent(desk: Desk) -> None:
    page = desk('/members/new')
    reload(page)  # so that the service worker stands between
    page.get_by_label('Joined').fill('2024-02-01')
    first_name(page).fill('Ada')
    reload(page)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(first_name(page)).to_have_value('Ada')
    expect(page.get_by_label('Joined')).to_have_value('2024-02-01')
    stored = page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])')
    assert 'Ada' not in stored
    begin_over(page)
    expect(first_name(page)).to_have_value('')
    reload(page)
    expect(page.get_by_text(BACK)).to_have_count(0)
    expect(first_name(page)).to_have_value('')


def test_typing_costs_a_request_now_and_then_and_not_one_a_key(desk: Desk) -> None:
    page = desk('/members/new')
    requests = sent(page)
    first_name(page).focus()
    page.clock.install()
    for letters, pause, most in (('Philippa Georgiana', 40, 1), ('x' * 60, 100, 4)):
        page.clock.pause_at(page.evaluate('Date.now()') / 1000 + 5)
        for letter in letters:  # as fast as this on any machine
            page.keyboard.type(letter)
            page.clock.run_for(pause)
        page.clock.resume()
        arrived(page)
        assert len(requests) <= most
    assert requests[0]['begun']['typed'] == {'first_name': 'Philippa Georgiana'}
    first_name(page).fill('')
    arrived(page)
    reload(page)
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_nothing_is_lost_when_the_server_dies_while_somebody_types(desk: Desk, house: House) -> None:
    page = desk('/members/new')
    first_name(page).fill('Ada')
    arrived(page)
    house.die()
    page.get_by_label('Last name').fill('Byron')
    page.wait_for_timeout(1500)
    page.get_by_label('Preferred name').fill('Countess')
    house.revive()
    expect(page.get_by_text(BACK)).to_be_visible(timeout=20_000)
    for label, value in (('First name', 'Ada'), ('Last name', 'Byron'), ('Preferred name', 'Countess')):
        expect(page.get_by_label(label)).to_have_value(value)
    begin_over(page)


def test_nothing_is_lost_when_the_connection_goes_and_comes_back(desk: Desk) -> None:
    page = desk('/members/new')
    page.context.set_offline(True)
    first_name(page).fill('Ada')
    page.wait_for_timeout(2500)
    page.get_by_label('Last name').fill('Byron')
    page.context.set_offline(False)
    page.wait_for_function('window.socket.connected')
    arrived(page)
    expect(page.get_by_label('Last name')).to_have_value('Byron')
    reload(page)
    expect(first_name(page)).to_have_value('Ada')
    expect(page.get_by_label('Last name')).to_have_value('Byron')
    begin_over(page)


def test_a_page_that_holds_what_nobody_has_is_not_loaded_anew_where_nothing_answers(desk: Desk) -> None:
    page = desk('/members/new')
    slow = "window.socket.listeners('connect_error').forEach((one) => one(new Error('timeout')))"
    page.context.set_offline(True)
    first_name(page).fill('Ada')
    page.evaluate(slow)
    page.wait_for_timeout(500)
    with page.expect_response('**/drafts'):
        page.context.set_offline(False)
    page.wait_for_function('window.socket.connected')
    arrived(page)
    expect(first_name(page)).to_have_value('Ada')
    expect(page.get_by_text(BACK)).to_have_count(0)
    with page.expect_navigation():
        page.evaluate(slow)
    ready(page)
    begin_over(page)


def test_a_draft_is_his_who_typed_it(desk: Desk, house: House) -> None:
    mine, theirs = desk('/members/new'), desk('/members/new', house.people.second)
    first_name(mine).fill('Ada')
    arrived(mine)
    reload(theirs)
    expect(theirs.get_by_text(BACK)).to_have_count(0)
    first_name(theirs).fill('Grace')
    arrived(theirs)
    for page, name in ((mine, 'Ada'), (theirs, 'Grace')):
        reload(page)
        expect(first_name(page)).to_have_value(name)
        begin_over(page)


def test_what_is_saved_is_no_draft_any_more(desk: Desk) -> None:
    page = desk('/members/new')
    first_name(page).fill('Ada')
    page.get_by_label('Last name').fill('Drafted')
    arrived(page)
    page.get_by_role('button', name='Add member').click()
    expect(page.get_by_text('Ada Drafted is in the directory.')).to_be_visible()
    reload(page)
    arrived(page)
    expect(page.get_by_text(BACK)).to_have_count(0)
    expect(first_name(page)).to_have_value('')


def test_what_is_refused_stays_a_draft(desk: Desk) -> None:
    page = desk('/members/new')
    first_name(page).fill('Ada')
    page.get_by_label('E-mail').fill('nobody')
    page.get_by_role('button', name='Add member').click()
    expect(page.locator('.lb-summary')).to_be_visible()
    arrived(page)
    reload(page)
    expect(first_name(page)).to_have_value('Ada')
    begin_over(page)


def task_dialog(page: Page) -> Locator:
    page.get_by_role('button', name='More fields').first.click()
    return page.get_by_role('dialog', name='Add task')


@pytest.mark.parametrize(('path', 'opens'), [('/settings/fields', 'Add'), ('/tasks/lists', 'Add list')])
def test_a_dialog_gives_back_what_was_typed_until_it_is_thrown_away(desk: Desk, path: str, opens: str) -> None:
    page = desk(path)
    page.get_by_role('button', name=re.compile(opens)).first.click()
    field = page.get_by_role('dialog').get_by_role('textbox').first
    field.fill('Half a field')
    arrived(page)
    reload(page)
    page.get_by_role('button', name=re.compile(opens)).first.click()
    expect(page.get_by_role('dialog').get_by_text(BACK)).to_be_visible()
    expect(field).to_have_value('Half a field')
    page.keyboard.press('Escape')
    page.keyboard.press('Escape')
    expect(page.get_by_role('dialog')).to_have_count(0)
    page.get_by_role('button', name=re.compile(opens)).first.click()
    arrived(page)
    expect(field).to_have_value('')


def test_what_goes_on_in_a_form_goes_on_as_its_draft(desk: Desk, house: House) -> None:
    page = desk(f'/tasks/lists/{house.people.list_id}')
    line = page.get_by_role('textbox', name='Add a task')
    line.fill('Check the hose tomorrow')
    arrived(page)
    reload(page)
    expect(line).to_have_value('Check the hose tomorrow')
    dialog = task_dialog(page)
    expect(dialog.get_by_label('What is to be done?')).to_have_value('Check the hose')
    arrived(page)
    reload(page)
    line.fill('')
    dialog = task_dialog(page)
    expect(dialog.get_by_label('What is to be done?')).to_have_value('Check the hose')
    dialog.get_by_role('button', name='Add', exact=True).click()
    expect(dialog).to_have_count(0)
    task_dialog(page)
    arrived(page)
    expect(dialog.get_by_label('What is to be done?')).to_have_value('')


def test_texts_of_records_are_kept_while_they_are_written(desk: Desk, house: House) -> None:
    page = desk(f'/tasks/{house.people.task_id}')
    page.get_by_role('button', name=re.compile('(Edit|Write one) Description')).click()
    box = page.get_by_role('textbox', name='Description')
    box.press_sequentially('Bring the ladder')
    reload(page)
    expect(box).to_contain_text('Bring the ladder')
    expect(page.get_by_text(BACK)).to_be_visible()
    page.get_by_role('button', name='Save', exact=True).click()
    expect(page.locator('.lb-rich').filter(has_text='Bring the ladder')).to_be_visible()
    reload(page)
    arrived(page)
    expect(box).to_have_count(0)


def test_a_comment_that_is_written_anew_is_kept_too(desk: Desk, house: House) -> None:
    page = desk(f'/members/{house.people.file_id}?tab=comments')
    page.get_by_role('textbox', name='Say something').press_sequentially('First words')
    page.keyboard.press('Control+Enter')
    said = page.locator('.lb-comments > li').filter(has_text='First words')

    def edit() -> Locator:
        said.get_by_role('button', name='Actions').click()
        page.get_by_role('menuitem', name='Edit').click()
        return page.get_by_role('textbox', name='Edit the comment')

    edit().press_sequentially(' and more')
    arrived(page)
    reload(page)
    arrived(page)
    expect(page.get_by_role('textbox', name='Say something')).to_be_empty()
    expect(edit()).to_contain_text('and more')
    with page.expect_response('**/drafts'):
        page.get_by_role('button', name='Cancel').click()
    expect(edit()).not_to_contain_text('and more')


def test_a_secret_number_is_in_no_draft(desk: Desk, house: House) -> None:
    page = desk(f'/members/{house.people.file_id}?tab=private')
    page.get_by_role('region', name='Protected numbers').get_by_role('button', name='Show').click()
    page.get_by_role('button', name=re.compile('Add to .*number', re.IGNORECASE)).click()
    requests = sent(page)
    dialog = page.get_by_role('dialog')
    dialog.get_by_label('Name of it').fill('Salary')
    dialog.get_by_label('Number').fill('DE89370400440532013000')
    arrived(page)
    assert [one['begun']['typed'] for one in requests] == [{'label': 'Salary'}]


# ------------------------------------------------------------------------------------------------ attacks


def token_of(page: Page) -> str:
    return str(page.evaluate('window.logbook.token'))


def post(page: Page, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    """Send what a page of ours would not."""
    asked = """async ([path, body]) => {
      const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      return [answer.status, await answer.text()];
    }"""
    status, text = page.evaluate(asked, [path, json.dumps(body)])
    return status, json.loads(text or 'null')


def test_a_page_of_one_person_neither_reads_nor_writes_for_another(desk: Desk, house: House) -> None:
    mine, theirs = desk('/members/new'), desk('/members/new', house.people.second)
    token, place = token_of(mine), '/members/new#MemberInput'
    begun = {'typed': {'first_name': 'Put there'}}
    assert post(theirs, '/drafts', {'token': token, 'place': place, 'begun': begun})[0] == 401
    assert post(theirs, '/drafts/read', {'token': token, 'places': [place]})[0] == 401
    assert post(theirs, '/drafts', {'token': token_of(theirs), 'place': place, 'begun': begun})[0] == 204
    assert post(mine, '/drafts/read', {'token': token, 'places': [place]}) == (200, {})
    assert post(theirs, '/drafts', {'token': token_of(theirs), 'place': place, 'begun': None})[0] == 204


def test_nobody_reads_drafts_without_signing_in_or_from_another_site(desk: Desk, house: House) -> None:
    body = {'token': token_of(desk('/members/new')), 'places': ['/members/new#MemberInput']}
    with house.served.browser() as stranger:
        own = {'origin': house.served.origin, 'accept': 'application/json'}
        assert stranger.post('/drafts/read', json=body, headers=own).status_code == 401
    with house.served.browser(house.people.owner) as owner:
        foreign = {'origin': 'https://evil.example', 'accept': 'application/json'}
        assert owner.post('/drafts/read', json=body, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    'wrong',
    [
        {'place': ''}, {'place': 'x' * 121}, {'place': None}, {'account_id': '1'}, {'begun': {'typed': {'a': {}}}},
        {'begun': {'typed': {'a': 'x' * 250_000}}}, {'begun': {'rich': 'x' * 50_000}},
        {'begun': {'typed': {str(number): '' for number in range(301)}}},
    ],
    ids=str,
)  # fmt: skip
def test_a_draft_of_a_form_that_cannot_be_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    page = desk('/')
    body = {'token': token_of(page), 'place': 'somewhere', 'begun': {'typed': {'a': 'b'}}} | wrong
    assert post(page, '/drafts', body)[0] == 422
    asked = {'token': token_of(page), 'places': ['somewhere']}
    assert post(page, '/drafts/read', asked) == (200, {})
    assert post(page, '/drafts/read', asked | {'places': ['somewhere'] * 21})[0] == 422


def test_what_is_in_a_draft_never_runs(desk: Desk, house: House) -> None:
    page = desk(f'/tasks/{house.people.task_id}')
    place, rich = f'/tasks/{house.people.task_id}#Prose', '<p>Hello<img src=x onerror="window.hurt=1"></p>'
    names = sent(page)
    page.get_by_role('button', name=re.compile('(Edit|Write one) Description')).click()
    page.get_by_role('textbox', name='Description').press_sequentially('x')
    arrived(page)
    assert names[0]['place'].startswith(place)
    assert post(page, '/drafts', names[0] | {'begun': {'rich': rich}})[0] == 204
    page.goto('/')
    page.goto(f'/tasks/{house.people.task_id}')
    ready(page)
    expect(page.get_by_role('textbox', name='Description')).to_contain_text('Hello')
    assert page.evaluate('window.hurt') is None
    assert 'onerror' not in page.get_by_role('textbox', name='Description').inner_html()
    begin_over(page)
