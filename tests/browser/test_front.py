"""The front door in a real browser: the first run, passkeys, every screen accessible, and life without scripts."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.accessibility import WCAG, faults
from tests.conftest import PASSWORD
from tests.servers.databases import free_port

HOME = Path(__file__).parents[2]
DESKTOP, PHONE = {'width': 1440, 'height': 900}, {'width': 390, 'height': 844}
AUTHENTICATOR = {
    'protocol': 'ctap2', 'transport': 'internal', 'hasResidentKey': True, 'hasUserVerification': True,
    'isUserVerified': True, 'automaticPresenceSimulation': True,
}  # fmt: skip


@pytest.fixture
def door(tmp_path: Path, chromium: str) -> Iterator[tuple[str, str]]:
    """A running front door: its address, and the token of its setup link."""
    port = free_port()
    command = [sys.executable, '-m', 'tests.ui.front_server', str(port), str(tmp_path / 'data')]
    process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        link = next(line.split()[1] for line in process.stdout if line.startswith('LINK'))
        yield f'http://localhost:{port}', link
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def context(browser: Browser, door: tuple[str, str]) -> Iterator[BrowserContext]:
    """A browser whose console stays silent, and that asks no other host for anything."""
    complaints: list[str] = []
    made = browser.new_context(base_url=door[0], viewport=DESKTOP)  # type: ignore[arg-type]

    def note(page: Page) -> None:
        page.set_default_timeout(15_000)
        page.on('console', lambda said: complaints.append(said.text) if said.type == 'error' else None)
        page.on('pageerror', lambda error: complaints.append(str(error)))
        page.on(
            'request',
            lambda asked: None if asked.url.startswith((door[0], 'data:', 'blob:')) else complaints.append(asked.url),
        )

    made.on('page', note)
    yield made
    made.close()
    assert [text for text in complaints if 'status of 4' not in text] == []


def check(page: Page) -> None:
    """Hold a screen to WCAG in light and dark, and to a phone's width."""
    for scheme in ('light', 'dark'):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_selector(f'html[data-theme={scheme}]')
        assert faults(page, (*WCAG, 'best-practice')) == [], f'{page.url} {scheme}'
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate('document.documentElement.scrollWidth <= innerWidth'), f'{page.url} scrolls sideways'
    small = page.evaluate(
        """[...document.querySelectorAll('main a.button, main button, main input:not([type=hidden]), main select')]
        .filter((one) => one.offsetParent && one.offsetHeight < 24)
        .filter((one) => !one.closest('label') && !one.matches('.hidden-text, [type=checkbox]'))
        .map((one) => one.outerHTML)"""
    )
    assert small == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def found_department(page: Page, link: str, look: Callable[[Page], None] = lambda _: None, factor: str = '') -> None:
    page.goto(f'/setup/{link}')
    look(page)
    page.fill('#name', 'Riverside Fire')
    page.check('[value=ems]')
    page.click('text=Continue')
    look(page)
    page.fill('#first_name', 'Elena')
    page.fill('#last_name', 'Rossi')
    page.fill('#email', 'elena@example.org')
    page.fill('#password', 'short')
    page.check(f'[name=factor][value="{factor}"]')
    page.click('text=Create the department')
    look(page)
    expect(page.locator('#summary')).to_be_focused()
    page.fill('#password', PASSWORD)
    page.click('text=Create the department')
    page.wait_for_url('**/security/authenticator**' if factor else '**/setup/modules')


def test_a_newcomer_sets_up_and_protects_the_account(context: BrowserContext, door: tuple[str, str]):
    page = context.new_page()
    found_department(page, door[1], check, factor='app')
    check(page)
    page.click('text=Show the picture')
    check(page)
    key = str(page.text_content('.key')).replace(' ', '').strip()
    page.fill('#code', pyotp.TOTP(key).now())
    page.click('text=Confirm')
    check(page)
    expect(page.locator('#codes li')).to_have_count(10)
    codes = page.locator('#codes li').all_text_contents()
    page.check('#stored')
    page.click('text=Continue')
    page.wait_for_url('**/setup/modules')
    check(page)
    page.click('text=Open Riverside Fire')
    expect(page.locator('body')).to_contain_text('Elena Rossi')

    context.clear_cookies()
    page.goto('/sign-in?next=/security')
    check(page)
    page.fill('#email', 'elena@example.org')
    page.fill('#password', PASSWORD)
    page.press('#password', 'Enter')
    page.wait_for_url('**/sign-in/code**')
    check(page)
    page.fill('#code', codes[3].strip().lower())
    page.press('#code', 'Enter')
    page.wait_for_url('**/security')
    check(page)


def test_the_browser_guesses_the_zone_and_shows_a_password(
    context: BrowserContext, door: tuple[str, str], browser: Browser
):
    elsewhere = browser.new_context(base_url=door[0], timezone_id='Europe/Rome')
    page = elsewhere.new_page()
    page.goto(f'/setup/{door[1]}')
    assert page.input_value('#zone') == 'Europe/Rome'
    page.fill('#name', 'Riverside Fire')
    page.select_option('#zone', 'Asia/Tokyo')
    page.click('text=Continue')
    page.goto('/setup')
    assert page.input_value('#zone') == 'Asia/Tokyo', 'what was chosen is not guessed over'
    page.goto('/setup/owner')
    page.fill('#password', PASSWORD)
    page.click('text=Show')
    assert page.get_attribute('#password', 'type') == 'text'
    page.click('text=Hide')
    assert page.get_attribute('#password', 'type') == 'password'
    elsewhere.close()


def test_a_zone_that_the_browser_knows_by_an_older_name_is_found(door: tuple[str, str], browser: Browser):
    elsewhere = browser.new_context(base_url=door[0], timezone_id='Asia/Kolkata')
    page = elsewhere.new_page()
    page.goto(f'/setup/{door[1]}')
    assert page.evaluate('Intl.DateTimeFormat().resolvedOptions().timeZone') == 'Asia/Calcutta'
    assert page.input_value('#zone') == 'Asia/Kolkata'
    elsewhere.close()


def test_a_passkey_is_made_stays_made_over_a_reload_and_signs_in_alone(context: BrowserContext, door: tuple[str, str]):
    page = context.new_page()
    found_department(page, door[1])
    tools = context.new_cdp_session(page)
    tools.send('WebAuthn.enable')
    tools.send('WebAuthn.addVirtualAuthenticator', {'options': AUTHENTICATOR})
    page.goto('/security/passkey')
    check(page)
    page.fill('#label', 'My laptop')
    page.click('text=Make a passkey')
    page.wait_for_selector('#codes')
    page.reload()
    expect(page.locator('h1')).to_have_text('Your passkey is made')
    check(page)
    page.click('text=Make new recovery codes')
    page.wait_for_selector('#codes')
    page.check('#stored')
    page.click('text=Continue')
    expect(page.locator('.offer h2')).to_have_text(['My laptop'])
    context.clear_cookies()
    page.goto('/sign-in')
    page.click('text=Use a passkey')
    page.wait_for_url(f'{door[0]}/')
    expect(page.locator('body')).to_contain_text('"method":"passkey"')
    page.goto('/security/passkey')
    page.click('text=Remove')
    check(page)
    page.fill('#password', PASSWORD)
    page.click('text=Remove it')
    page.wait_for_selector('#summary:has-text("requires a second factor")')


def test_links_of_mails_open_screens_that_everybody_can_use(context: BrowserContext, door: tuple[str, str]):
    page = context.new_page()
    found_department(page, door[1])
    invitation = page.request.get('/test/invite/jide@example.org').json()
    reset = page.request.get('/test/reset').json()
    context.clear_cookies()
    for path in ('/forgot', '/reset/made-up', f'/reset/{reset}', f'/invitation/{invitation}'):
        page.goto(path)
        check(page)
    page.fill('#password', PASSWORD)
    page.click('text=Accept the invitation')
    page.wait_for_url(f'{door[0]}/')
    for path in ('/security/password', '/security/confirm'):
        page.goto(path)
        check(page)


def test_everything_works_without_scripts(browser: Browser, door: tuple[str, str]):
    context = browser.new_context(base_url=door[0], java_script_enabled=False)
    page = context.new_page()
    page.goto(f'/setup/{door[1]}')
    page.fill('#name', 'Riverside Fire')
    page.click('text=Continue')
    for name, value in (('first_name', 'Elena'), ('last_name', 'Rossi'), ('email', 'elena@example.org')):
        page.fill(f'#{name}', value)
    page.fill('#password', PASSWORD)
    page.click('text=Create the department')
    page.click('text=Open Riverside Fire')
    expect(page.locator('body')).to_contain_text('Elena Rossi')
    context.clear_cookies()
    page.goto('/sign-in')
    assert not page.is_visible('text=Use a passkey')
    assert not page.is_visible('text=Show')
    page.fill('#email', 'elena@example.org')
    page.fill('#password', PASSWORD)
    page.click('button:has-text("Sign in")')
    expect(page.locator('body')).to_contain_text('Elena Rossi')
    context.close()


def test_the_description_of_the_api_reads_from_our_own_files(context: BrowserContext, door: tuple[str, str]):
    page = context.new_page()
    found_department(page, door[1])
    page.goto('/docs')
    expect(page.locator('.opblock').nth(10)).to_be_attached()  # those further down come as one scrolls
    page.goto('/redoc')
    drawn = 60_000  # ReDoc draws the whole description at once: ten seconds of a processor that nobody else uses
    expect(page.locator('h1:visible').first).to_contain_text('Logbook', timeout=drawn)
    expect(page.get_by_text('/api/v1/members', exact=True).first).to_be_visible()
    stranger = httpx2.get(f'{door[0]}/docs', headers={'Accept': 'text/html'}, trust_env=False)
    assert (stranger.status_code, stranger.headers['Location']) == (303, '/sign-in?next=/docs')
