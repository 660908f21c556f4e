"""The reader's language: who is spoken to how, and what happens to what nobody has translated."""

import asyncio
import io
import threading
from datetime import UTC, date, datetime

import pytest

from logic.core import language
from logic.core.errors import Conflict, Invalid
from logic.core.files.images import cleaned
from logic.core.files.kinds import PNG
from logic.core.formats import day_text, moment_text, money_text, number_text
from logic.core.language import LONGER, _, current_locale, later, many, negotiated, sense, speak, speaking
from logic.identity.passwords import vet_password


def test_a_sentence_is_said_in_the_language_of_its_reader_and_in_english_to_all_others():
    with speaking('de-AT'):
        assert _('Remove {name}', name='{Ann}') == '{Ann} entfernen'
        assert str(later('Tasks')) == f'{later("Tasks")}' == 'Aufgaben'
    assert _('Remove {name}', name='Ann') == 'Remove Ann'
    with speaking('xx'):
        assert _('Remove {name}', name='Ann') == 'Remove Ann'


def test_what_nobody_translated_is_said_in_english():
    with speaking('fr'):
        assert _('Nobody ever wrote this, {name}.', name='Ann') == 'Nobody ever wrote this, Ann.'
        assert many('{count} unicorn', '{count} unicorns', 2) == '2 unicorns'
        assert sense('a state', 'Unheard of') == 'Unheard of'


def test_a_number_takes_the_plural_and_the_marks_of_its_language():
    with speaking('fr'):
        assert many('{count} row', '{count} rows', 0) == '0 ligne'
    with speaking('de'):
        assert many('{count} row', '{count} rows', 0) == '0 Zeilen'
        assert many('{count} row', '{count} rows', 12000) == '12.000 Zeilen'
    assert many('{count} row', '{count} rows', 1) == '1 row'


def test_a_text_for_later_is_english_to_programs():
    with speaking('es'):
        title = later('Tasks')
        assert title == 'Tasks'
        assert {title: 1}['Tasks'] == 1
        assert sorted([title, 'A']) == ['A', 'Tasks']


def test_a_text_for_later_may_name_which_of_several_words_it_is():
    unit = later('Department', meaning='a unit')
    with speaking('de'):
        assert (str(unit), _(unit), f'{unit}') == ('Einheit', 'Einheit', 'Einheit')
        assert str(later('Department')) == 'Dienststelle'
        assert str(later('Department', meaning='nobody ever meant this')) == 'Department'
    assert unit == 'Department'


def test_a_refusal_is_said_in_the_language_of_whom_it_refuses():
    with speaking('de'):
        assert Conflict('This was decided already.').message == 'Darüber wurde bereits entschieden.'
        assert Invalid('This is not right.', {'name': 'Fill this in.'}).fields == {
            'name': 'Füllen Sie dieses Feld aus.'
        }
    assert Conflict('This was decided already.').message == 'This was decided already.'


async def test_a_refusal_from_a_thread_of_its_own_is_said_in_that_language_too():
    with speaking('de'):
        with pytest.raises(Invalid, match='Es hat 5 Zeichen'):
            await vet_password('short', with_mfa=False)
        with pytest.raises(Invalid, match='Das Bild ist beschädigt'):
            await cleaned(io.BytesIO(b'no picture'), PNG)


@pytest.mark.parametrize(
    ('asked', 'spoken'),
    [
        ('de-AT,de;q=0.9,en;q=0.8', 'de-AT'),
        ('pt-BR,pt;q=0.9,es;q=0.7,en;q=0.3', 'es'),
        ('en;q=0.3,fr;q=0.9', 'fr'),
        ('de;q=0,fr', 'fr'),
        ('*', 'en'),
        ('', 'en'),
        (None, 'en'),
        ('de;q=nonsense', 'en'),
        ('x' * 5000, 'en'),
    ],
)
def test_the_first_language_that_logbook_speaks_is_chosen(asked: str | None, spoken: str):
    assert negotiated(asked) == spoken


async def test_a_task_speaks_to_its_own_reader_only():
    async def ask(locale: str) -> str:
        speak(locale)
        await asyncio.sleep(0.01)
        return _('Cancel')

    assert await asyncio.gather(ask('de'), ask('fr'), ask('en')) == ['Abbrechen', 'Annuler', 'Cancel']
    assert current_locale() == 'en'


def test_a_catalogue_is_read_when_somebody_needs_it_and_by_many_threads_at_once():
    language._catalogue.cache_clear()
    said: list[str] = []

    def ask() -> None:
        with speaking('es'):
            said.append(_('Cancel'))

    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ['Cancelar'] * 8
    assert language._catalogue.cache_info().currsize == 1


def test_the_language_of_tests_is_longer_and_leaves_placeholders_alone():
    with speaking(LONGER):
        said = _('Remove {name}', name='Ann')
    assert said.startswith('Rémóvé Ann')
    assert len(said) >= 1.3 * len('Remove Ann')


def test_dates_numbers_and_money_are_written_as_in_the_readers_country():
    day, moment = date(2026, 3, 5), datetime(2026, 3, 5, 19, 5, tzinfo=UTC)
    assert day_text(day) == '5 Mar 2026'
    assert moment_text(moment, 'America/New_York') == '5 Mar 2026, 14:05 EST'
    with speaking('en-US'):
        assert (day_text(day), number_text(12000), money_text(1250, 'USD')) == ('Mar 5, 2026', '12,000', '$12.50')
    with speaking('de'):
        assert (day_text(day), number_text(12000)) == ('05.03.2026', '12.000')
        assert moment_text(moment, 'Europe/Berlin') == '05.03.2026, 20:05 CET'
        assert money_text(1250, 'EUR') == '12,50\xa0€'
