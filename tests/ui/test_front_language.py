"""The language of the front door, and who is spoken to how once somebody is signed in."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest

from logic.core.language import current_locale, speak, speaking
from logic.identity import preferences, sessions
from tests.conftest import PASSWORD
from tests.ui.visitor import Visitor, door
from ui import theme
from ui.components.live import Listener
from ui.theme import asset

ELENA = {'email': 'elena@example.org', 'password': PASSWORD}


@pytest.fixture
async def visitor(house: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    yield made
    await made.client.aclose()


async def test_the_door_speaks_what_the_browser_asks_for(visitor: Visitor) -> None:
    visitor.client.headers['accept-language'] = 'de-AT,de;q=0.9,en;q=0.5'
    await visitor.open('/sign-in')
    assert '<html lang="de">' in visitor.page.text
    assert 'Willkommen zurück.' in visitor.page.text
    assert asset('languages/de.js') in visitor.page.text
    await visitor.send('/sign-in', email='nobody@example.org', password='wrong')
    assert 'Die E-Mail-Adresse oder das Passwort ist nicht richtig.' in visitor.page.text


async def test_english_is_spoken_where_nothing_is_asked_and_needs_no_catalogue(visitor: Visitor) -> None:
    await visitor.open('/sign-in')
    assert '<html lang="en">' in visitor.page.text
    assert 'languages/' not in visitor.page.text


async def test_what_is_chosen_on_the_page_is_kept_and_goes_before_what_the_browser_asks_for(visitor: Visitor) -> None:
    visitor.client.headers['accept-language'] = 'de'
    await visitor.open('/sign-in?next=/members&language=fr')
    assert 'Heureux de vous revoir.' in visitor.page.text
    assert '?next=%2Fmembers&amp;language=es' in visitor.page.text
    await visitor.open('/sign-in')
    assert 'Heureux de vous revoir.' in visitor.page.text


@pytest.mark.parametrize('language', ['xx', '"><script>', '../../etc', 'de' * 500])
async def test_a_language_that_nobody_speaks_is_passed_over(visitor: Visitor, language: str) -> None:
    await visitor.client.get('/sign-in', params={'language': language})
    await visitor.open('/sign-in')
    assert '<html lang="en">' in visitor.page.text
    assert visitor.cookie('logbook-language') is None


async def test_a_page_that_is_refused_says_so_in_the_language_of_its_reader(visitor: Visitor) -> None:
    visitor.client.headers['accept-language'] = 'es'
    await visitor.open('/reset/nonsense')
    assert 'Este enlace ya no funciona' in visitor.page.text
    assert 'Este enlace ya se usó o ha caducado. Pida uno nuevo.' in visitor.page.text


async def test_who_is_signed_in_is_spoken_to_as_his_account_chose(visitor: Visitor) -> None:
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', **ELENA)
    elena = await sessions.actor_for(visitor.cookie('logbook'))
    await preferences.choose_language(elena, preferences.LanguageInput(locale='de'))
    assert (await sessions.actor_for(visitor.cookie('logbook'))).locale == 'de'
    visitor.client.headers['accept-language'] = 'fr'
    await visitor.open('/security')
    assert 'Meine Sicherheit' in visitor.page.text


async def test_only_languages_of_the_list_are_chosen() -> None:
    with pytest.raises(ValueError, match='Choose one of the list'):
        preferences.LanguageInput(locale='xx')


async def test_a_redraw_speaks_to_its_reader_and_not_to_whoever_changed_the_row() -> None:
    heard: list[str] = []

    async def draw() -> None:
        heard.append(current_locale())

    listener = Listener.__new__(Listener)
    listener._element, listener._call, listener._locale = SimpleNamespace(is_deleted=False), draw, 'de'  # type: ignore[assignment]
    with speaking('fr'):
        await listener._run()
    assert heard == ['de']


def test_every_language_has_its_sentences_for_scripts_and_no_other_is_served() -> None:
    assert all(f'languages/{language}.js' in theme.sentences(language) for language in ('de', 'es', 'fr'))
    assert theme.sentences('en') == theme.sentences('') == theme.sentences('xx') == ''


def test_speaking_to_nobody_in_particular_is_english() -> None:
    speak('')
    assert current_locale() == 'en'
