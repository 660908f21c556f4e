"""The shell as a person meets it: from screen to screen, by keyboard, in both themes, on desk and phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gallery, Open, until


def follow(page: Page, label: str) -> None:
    page.locator('.lb-drawer').get_by_role('link', name=label).click()


@pytest.mark.parametrize(
    ('who', 'path', 'status', 'words'),
    [
        ('chief', '/', 200, 'Good morning, Elena'),
        ('chief', '/folk/00000000-0000-0000-0000-000000000000', 404, 'There is nobody of that number here.'),
        ('chief', '/folk/not-a-number', 404, 'never existed'),
        ('chief', '/nowhere', 404, 'never existed'),
        ('chief', '/broken', 500, 'quote incident'),
        ('member', '/folk/new', 403, 'Change the folk'),
        ('member', '/folk', 200, 'Directory'),
        ('closed', '/wages', 404, 'switched off'),
    ],
)
def test_the_first_load_of_a_screen_has_its_true_status(
    gallery: Gallery, who: str, path: str, status: int, words: str
) -> None:
    answer = gallery.get(path, who)
    assert answer.status_code == status
    assert words in answer.text
    assert 'the secret reason' not in answer.text
    assert 'half a page' not in answer.text


def test_a_stranger_is_sent_to_sign_in_and_back(gallery: Gallery) -> None:
    answer = gallery.get('/folk?q=a', who=None)
    assert (answer.status_code, answer.headers['location']) == (303, '/sign-in?next=/folk%3Fq%3Da')


def test_a_link_changes_the_screen_without_loading_a_page(open_page: Open) -> None:
    page = open_page('/')
    page.evaluate('window.sameDocument = true')
    follow(page, 'Directory')
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')
    expect(page).to_have_title('Directory - Riverside Fire')
    expect(page).to_have_url(f'{page.url.partition("/folk")[0]}/folk')
    expect(page.locator('.lb-drawer [aria-current=page]')).to_contain_text('Directory')
    assert page.evaluate('window.sameDocument') is True
    expect(page.locator('#lb-main')).to_be_focused()


def test_the_tab_names_record_module_and_department(open_page: Open) -> None:
    page = open_page('/folk')
    name = page.locator('tbody a').first.inner_text()
    page.locator('tbody a').first.click()
    expect(page).to_have_title(f'{name} - Directory - Riverside Fire')
    expect(page.locator('.lb-crumbs')).to_contain_text('Directory')


def test_back_restores_the_list_and_where_it_was_scrolled_to(open_page: Open) -> None:
    page = open_page('/folk?q=a')
    page.evaluate('scrollTo(0, 400)')
    page.locator('tbody tr').nth(12).get_by_role('link').click()
    expect(page.get_by_role('tablist')).to_be_visible()
    page.wait_for_function('scrollY === 0')
    page.go_back()
    expect(page.get_by_role('searchbox')).to_have_value('a')
    page.wait_for_function('scrollY === 400')


def test_a_screen_that_is_refused_says_which_permission_is_missing(open_page: Open) -> None:
    page = open_page('/folk', who='member')
    page.evaluate("logbook.go('/folk/new')")
    expect(page.get_by_role('alert')).to_contain_text('Change the folk')
    expect(page.get_by_role('link', name='Wages')).to_have_count(0)


def test_a_route_that_is_no_screen_is_loaded_from_the_server(open_page: Open) -> None:
    page = open_page('/')
    page.evaluate("logbook.go('/test/plain')")
    expect(page.locator('body')).to_contain_text('a plain route')


def test_a_slow_screen_shows_its_skeleton_then_itself(open_page: Open) -> None:
    page = open_page('/')
    page.evaluate("logbook.go('/slow')")
    expect(page.locator('.lb-skeleton').first).to_be_visible()
    expect(page.get_by_text('Here it is.')).to_be_visible()


def test_a_record_that_is_still_read_bears_no_other_name_meanwhile(open_page: Open) -> None:
    page = open_page('/board')
    page.evaluate("""() => { window.named = []; new MutationObserver(() => named.push(
        document.querySelector('.lb-crumbs').textContent + '|' + document.title)).observe(document,
        {subtree: true, childList: true, characterData: true}); logbook.go('/board/1042'); }""")
    expect(page.locator('.lb-crumbs [aria-current]')).to_have_text('T-1042')
    named = page.evaluate('named')
    assert any('T-1042' in one for one in named)
    assert not any('Card' in one for one in named)
    page.evaluate("logbook.go('/slow')")
    expect(page.locator('.lb-crumbs')).to_have_text('Slow')


def test_the_later_of_two_clicks_wins(open_page: Open) -> None:
    page = open_page('/')
    page.evaluate("logbook.go('/slow'); logbook.go('/chart')")
    expect(page.get_by_role('heading', level=1)).to_have_text('Organization chart')
    page.wait_for_timeout(1300)
    expect(page.get_by_text('Here it is.')).to_have_count(0)
    assert page.url.endswith('/chart')


def test_the_palette_finds_people_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page('/')
    page.get_by_role('button', name='Search or jump to').focus()
    page.keyboard.press('Control+k')
    page.keyboard.type('okafor')
    expect(page.locator('.lb-palette [role=option]').first).to_contain_text('Okafor')
    page.keyboard.press('Escape')
    expect(page.get_by_role('button', name='Search or jump to')).to_be_focused()
    page.keyboard.press('Control+k')
    page.keyboard.type('okafor')
    expect(page.locator('.lb-palette [role=option]').first).to_contain_text('Okafor')
    page.keyboard.press('Enter')
    expect(page.get_by_role('tablist')).to_be_visible()


@pytest.mark.parametrize('width', [390, 1440])
def test_where_no_keys_are_the_palette_names_none_and_has_a_button_that_closes_it(open_page: Open, width: int) -> None:
    desk = open_page('/')
    search(desk)
    expect(desk.locator('.lb-palette kbd').first).to_be_visible()
    expect(desk.locator('.lb-palette').get_by_role('button', name='Close')).to_be_hidden()
    touched = open_page('/', phone=True, is_mobile=True)
    touched.set_viewport_size({'width': width, 'height': 844})
    search(touched)
    palette = touched.locator('.lb-palette')
    expect(palette).to_be_visible()
    keys = "[...document.querySelectorAll('.lb-palette kbd')].filter((one) => one.checkVisibility()).length"
    assert touched.evaluate(keys) == 0
    palette.get_by_role('button', name='Close').click()
    expect(palette).to_be_hidden()


def search(page: Page) -> None:
    page.get_by_role('button', name='Search or jump to').click()


def test_single_keys_go_places_but_not_while_typing(open_page: Open) -> None:
    page = open_page('/')
    page.keyboard.press('g')
    page.keyboard.press('d')
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')
    expect(page.get_by_role('searchbox')).to_be_visible()
    page.keyboard.press('/')
    expect(page.get_by_role('searchbox')).to_be_focused()
    page.keyboard.type('gh?')
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')
    page.get_by_role('searchbox').blur()
    page.keyboard.press('?')
    expect(page.get_by_role('dialog', name='Keyboard shortcuts')).to_be_visible()


def test_the_skip_link_is_the_first_stop_and_works(open_page: Open) -> None:
    page = open_page('/')
    page.keyboard.press('Tab')
    expect(page.get_by_role('link', name='Skip to content')).to_be_focused()
    page.keyboard.press('Enter')
    expect(page.locator('#lb-main')).to_be_focused()


def test_the_bell_follows_what_happens(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/')
    before = int(page.locator('.lb-badge').inner_text())
    gallery.get('/test/change')
    expect(page.locator('.lb-badge')).to_have_text(str(before + 1))
    page.get_by_role('button', name='Notices').click()
    expect(page.get_by_text('approve 6 h of leave')).to_be_visible()
    page.get_by_role('button', name='Mark all read').click()
    expect(page.locator('.lb-badge')).to_have_count(0)
    gallery.get('/test/change')


def test_a_live_region_is_drawn_again_and_stops_with_its_screen(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/chart')
    follow(page, 'Live')
    text = page.get_by_text('Elena Ruiz sees')
    before = int(text.inner_text().rpartition(' ')[2])
    gallery.get('/test/change')
    expect(text).to_have_text(f'Elena Ruiz sees {before + 1}')
    assert gallery.state()['watching']
    follow(page, 'Organization chart')
    expect(page.get_by_role('heading', level=1)).to_have_text('Organization chart')
    until(lambda: gallery.state()['watching'] == 0)


def test_the_theme_is_set_before_the_first_paint_and_remembered(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/')
    assert page.evaluate('document.documentElement.dataset.theme') == 'light'
    page.get_by_role('button', name='Switch between light and dark').click()
    assert page.evaluate('document.documentElement.dataset.theme') == 'dark'
    expect(page.locator('body')).to_have_class('desktop no-touch body--dark')
    assert gallery.happened('theme')['chosen'] == 'dark'
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => (window.early = document.documentElement.dataset.theme))"
    )
    page.reload()
    page.wait_for_selector('.lb-header')
    assert page.evaluate('window.early') == 'dark'


def test_signing_out_and_switching_are_forms_with_a_token(open_page: Open) -> None:
    page = open_page('/')
    page.get_by_role('button', name='Account menu').click()
    form = page.locator('form[action="/sign-out"]')
    assert form.get_attribute('method') == 'post'
    assert form.locator('[name=token]').input_value() == 'the token'
    page.keyboard.press('Escape')
    page.locator('.lb-switcher-button').click()
    assert page.locator('form[action="/switch-organization"] button').count() == 2


def test_on_a_phone_the_drawer_covers_the_screen_and_the_bar_has_five_places(open_page: Open) -> None:
    page = open_page('/folk', phone=True)
    assert page.locator('.lb-bottom :is(a, button)').count() == 5
    expect(page.locator('.lb-bottom [aria-current=page]')).to_contain_text('Directory')
    page.get_by_role('button', name='Open navigation').click()
    expect(page.locator('.lb-drawer')).to_be_in_viewport()
    page.keyboard.press('Escape')
    expect(page.get_by_role('button', name='Open navigation')).to_be_focused()


@pytest.mark.parametrize('path', ['/', '/folk', '/folk/new', '/chart', '/live'])
@pytest.mark.parametrize('width', [320, 390])
def test_nothing_scrolls_sideways_on_a_phone(open_page: Open, path: str, width: int) -> None:
    page = open_page(path, phone=True)
    page.set_viewport_size({'width': width, 'height': 800})
    page.wait_for_timeout(150)
    page.wait_for_function('document.documentElement.scrollWidth <= innerWidth')


def test_no_request_leaves_the_host(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk')
    asked: list[str] = []
    page.on('request', lambda request: asked.append(request.url))
    page.goto('/')
    page.wait_for_timeout(800)
    assert asked
    assert [url for url in asked if not url.startswith((gallery.origin, 'data:', 'blob:'))] == []


def test_print_shows_the_screen_alone(open_page: Open) -> None:
    page = open_page('/folk')
    page.emulate_media(media='print')
    expect(page.locator('.lb-drawer')).to_be_hidden()
    expect(page.locator('.lb-header')).to_be_hidden()
    expect(page.locator('.lb-table')).to_be_visible()


def test_without_the_server_a_page_says_so_and_comes_back(open_page: Open) -> None:
    page = open_page('/')
    page.evaluate('navigator.serviceWorker.ready.then(() => 1)')
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role('heading', level=1)).to_have_text('Logbook cannot be reached')
    page.context.set_offline(False)
    expect(page.get_by_role('heading', level=1)).to_have_text('Good morning, Elena', timeout=30_000)


def test_a_redraw_leaves_an_open_menu_and_the_keyboard_where_they_are(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/live')
    region = page.locator('#lb-main')
    region.get_by_role('button', name='More').press('Enter')
    greet = page.get_by_role('menuitem', name='Greet')
    greet.focus()
    before = region.get_by_text('Elena Ruiz sees').inner_text()
    gallery.get('/test/change')
    expect(region.get_by_text('Elena Ruiz sees')).not_to_have_text(before)
    expect(greet).to_be_focused()
    greet.press('Enter')
    expect(page.locator('.lb-toast')).to_contain_text('Greeted')


def test_a_phone_shows_the_newest_message_and_the_newest_undo_above_its_navigation(open_page: Open) -> None:
    page = open_page('/folk', phone=True)
    for number in (1, 2):
        menu = page.locator('.lb-cards > li').nth(number).get_by_role('button', name=re.compile('Actions for'))
        menu.press('Enter')
        page.get_by_role('menuitem', name='Archive').press('Enter')
        expect(page.locator('.lb-toast').last).to_contain_text('was archived')
        page.evaluate(f'logbook.toast("Said {number}")')
    toasts = page.locator('.lb-toast')
    expect(toasts).to_have_count(2)
    expect(toasts.last).to_contain_text('Said 2')
    page.evaluate('document.activeElement.blur()')
    page.evaluate('logbook.toast("Said 3")')
    expect(toasts).to_have_count(2)
    expect(toasts.last).to_contain_text('Said 3')
    below, bar = toasts.last.bounding_box(), page.locator('.lb-bottom').bounding_box()
    assert below
    assert bar
    assert below['y'] + below['height'] <= bar['y']
    toasts.first.get_by_role('button', name='Undo').click()
    expect(toasts.last).to_contain_text('is back')


@pytest.mark.parametrize('phone', [False, True])
def test_a_message_lies_neither_on_what_is_worked_with_nor_on_what_comes_into_focus(
    open_page: Open, *, phone: bool
) -> None:
    page = open_page('/folk', phone=phone)
    page.evaluate("""() => {
        const one = document.createElement('button'); one.id = 'low'; one.textContent = 'Work';
        one.style.cssText = 'position: fixed; bottom: 96px; left: 40%; height: 44px; width: 20%';
        if (innerWidth > 720) one.style.bottom = '30px';
        document.querySelector('main').append(one); one.focus(); logbook.toast('Said'); }""")
    toast, work = page.locator('.lb-toast'), page.locator('#low')
    expect(toast).to_have_count(1)

    def apart() -> bool:
        said, used = toast.bounding_box(), work.bounding_box()
        assert said
        assert used
        return said['y'] + said['height'] <= used['y'] or used['y'] + used['height'] <= said['y']

    assert apart()
    page.evaluate('document.activeElement.blur(); logbook.toast("Said again")')
    expect(toast.last).to_contain_text('again')
    toast = toast.last
    assert not apart()
    work.focus()
    assert apart()


def test_in_a_sheet_a_message_lies_neither_on_the_field_nor_on_the_buttons(open_page: Open) -> None:
    page = open_page('/folk', phone=True)
    page.get_by_role('button', name='Add somebody').click()
    sheet = page.get_by_role('dialog')
    fields = sheet.locator('input:visible, select:visible, textarea:visible')
    expect(fields.first).to_be_focused()
    for at in range(fields.count()):
        fields.nth(at).focus()
        page.evaluate(f'logbook.toast("Said {at}")')
        expect(page.locator('.lb-toast').last).to_contain_text(f'Said {at}')
        for used in (fields.nth(at), sheet.locator('.lb-dialog-foot'), sheet.locator('.lb-dialog-head')):
            assert not page.evaluate(OVERLAP, [used.element_handle(), page.locator('.lb-toasts').element_handle()])


def test_on_a_phone_a_message_leaves_free_what_was_tapped_though_it_took_no_focus(open_page: Open) -> None:
    page = open_page('/folk', phone=True)
    page.evaluate("""() => {
        const one = document.createElement('button'); one.id = 'low'; one.textContent = 'Work';
        one.style.cssText = 'position: fixed; bottom: 96px; left: 40%; height: 44px; width: 20%';
        one.onclick = () => { one.blur(); logbook.toast('Said'); };
        document.querySelector('main').append(one); }""")
    low, toast = page.locator('#low'), page.locator('.lb-toast')
    low.tap()
    expect(toast).to_have_count(1)
    assert not page.evaluate(OVERLAP, [low.element_handle(), toast.element_handle()])
    expect(toast).to_be_in_viewport(ratio=1)


OVERLAP = """(both) => {
    const [a, b] = both.map((one) => one.getBoundingClientRect());
    return a.bottom > b.top && a.top < b.bottom && a.right > b.left && a.left < b.right;
}"""
