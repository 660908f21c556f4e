"""Quick add in the languages of Logbook: rule 15, dates in the locale of who types."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.tasks import TaskPriority
from logic import tasks
from logic.core.language import speaking
from logic.tasks.quick_add.days import Here
from logic.tasks.quick_add.parsing import read_line
from logic.tasks.quick_add.words import calendar_of

NOW = datetime(2026, 11, 20, 15, 0)  # noqa: DTZ001  the wall clock of who types; a Friday
HERE = {name: Here(NOW, calendar_of(name, 'US')) for name in ('en', 'es', 'fr', 'de', 'de-AT', 'fr-CA', 'es-US')}


def at(*given):
    return datetime(*given)  # noqa: DTZ001  wall clock


@pytest.mark.parametrize(
    ('locale', 'typed', 'due'),
    [
        ('es', 'mañana', date(2026, 11, 21)), ('es', 'pasado mañana', date(2026, 11, 22)),
        ('es', 'el lunes', date(2026, 11, 23)), ('es', 'lunes próximo', date(2026, 11, 23)),
        ('es', '3 de marzo', date(2027, 3, 3)), ('es', '3 de marzo de 2028', date(2028, 3, 3)),
        ('es', '3/4', date(2027, 4, 3)), ('es', 'en 3 días', date(2026, 11, 23)),
        ('es', 'dentro de 2 semanas', date(2026, 12, 4)), ('es', 'semana próxima', date(2026, 11, 27)),
        ('es', 'para el viernes a las 17:30', at(2026, 11, 27, 17, 30)),
        ('fr', 'demain', date(2026, 11, 21)), ('fr', 'après-demain', date(2026, 11, 22)),
        ('fr', 'lundi prochain', date(2026, 11, 23)), ('fr', 'le 1er mars', date(2027, 3, 1)),
        ('fr', '3/4', date(2027, 4, 3)), ('fr', 'dans 3 jours', date(2026, 11, 23)),
        ('fr', 'avant vendredi à 17h30', at(2026, 11, 27, 17, 30)), ('fr', 'mois prochain', date(2026, 12, 20)),
        ('de', 'morgen', date(2026, 11, 21)), ('de', 'übermorgen', date(2026, 11, 22)),
        ('de', 'nächsten Montag', date(2026, 11, 23)), ('de', 'am 3. März', date(2027, 3, 3)),
        ('de', '3.4', date(2027, 4, 3)), ('de', 'nächste Woche', date(2026, 11, 27)),
        ('de', 'bis Freitag um 17 Uhr', at(2026, 11, 27, 17, 0)), ('de-AT', '3. Jänner 2027', date(2027, 1, 3)),
        ('en', '3/4', date(2027, 3, 4)),
    ],
)  # fmt: skip
def test_rule_15_days_are_read_in_the_language_of_who_types(locale: str, typed: str, due: date) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert (line.due, line.title) == (due, 'Xyz')


@pytest.mark.parametrize(
    ('locale', 'typed', 'rule'),
    [
        ('es', 'todos los lunes', 'FREQ=WEEKLY;BYDAY=MO'), ('es', 'cada 2 semanas', 'FREQ=WEEKLY;INTERVAL=2'),
        ('es', 'cada dos meses', 'FREQ=MONTHLY;INTERVAL=2'), ('es', 'todos los sábados', 'FREQ=WEEKLY;BYDAY=SA'),
        ('fr', 'tous les lundis et jeudis', 'FREQ=WEEKLY;BYDAY=MO,TH'), ('fr', 'chaque mois', 'FREQ=MONTHLY'),
        ('fr', 'toutes les deux semaines', 'FREQ=WEEKLY;INTERVAL=2'),
        ('de', 'jeden Freitag', 'FREQ=WEEKLY;BYDAY=FR'), ('de', 'alle zwei Wochen', 'FREQ=WEEKLY;INTERVAL=2'),
        ('de', 'jeden ersten Montag', 'FREQ=MONTHLY;BYDAY=1MO'), ('de', 'jede woche', 'FREQ=WEEKLY'),
        ('de', 'jeden montag', 'FREQ=WEEKLY;BYDAY=MO'), ('fr', 'chaque année', 'FREQ=YEARLY'),
    ],
)  # fmt: skip
def test_rule_15_repetitions_are_read_in_the_language_of_who_types(locale: str, typed: str, rule: str) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert line.repeat is not None
    assert (line.repeat.rule, line.title) == (rule, 'Xyz')


@pytest.mark.parametrize(
    ('locale', 'typed'),
    [
        ('en', 'Wash every'), ('en', 'Wash every the'), ('de', 'Mach es so'), ('de', 'Mittel für alle'),
        ('en', 'Version 1.2 release'), ('en', 'Buy 2.50 m hose'), ('en', 'Print *.pdf and **all** files'),
        ('fr', 'Nettoyer le bateau de mer'), ('fr', 'Acheter des lampes pour la caserne'),
        ('es', 'Comprar agua para todos'),
    ],
)  # fmt: skip
def test_rule_15_plain_words_of_a_language_stay_words(locale: str, typed: str) -> None:
    line = read_line(typed, HERE[locale])
    assert (line.title, line.due, line.repeat, line.start) == (typed, None, None, None)


@pytest.mark.parametrize(
    ('locale', 'typed', 'due'),
    [
        ('en', 'Friday, Dec 4', date(2026, 12, 4)), ('en', 'fri 4 dec 9:30am', at(2026, 12, 4, 9, 30)),
        ('en', 'Friday the 4th of December', date(2026, 12, 4)), ('en', 'tomorrow.', date(2026, 11, 21)),
        ('en', 'at 5pm on friday', at(2026, 11, 27, 17, 0)), ('en', '5 p.m. friday', at(2026, 11, 27, 17, 0)),
        ('en', 'tomorrow at 5 p.m.', at(2026, 11, 21, 17, 0)), ('en', 'before friday', date(2026, 11, 27)),
        ('en', 'tomorrow 9.30', at(2026, 11, 21, 9, 30)), ('en', 'today!', date(2026, 11, 20)),
        ('de', 'am Freitag, den 4. Dezember um 18 Uhr', at(2026, 12, 4, 18, 0)),
        ('de', 'um 9.30', at(2026, 11, 21, 9, 30)),
        ('de', 'um 17 Uhr am Freitag', at(2026, 11, 27, 17, 0)), ('de', 'zum 1. Januar', date(2027, 1, 1)),
        ('es', 'el viernes 4 de diciembre', date(2026, 12, 4)), ('es', 'el lunes que viene', date(2026, 11, 23)),
        ('es', 'la semana que viene', date(2026, 11, 27)), ('es', 'antes del viernes', date(2026, 11, 27)),
        ('es', 'a las 17:30 el viernes', at(2026, 11, 27, 17, 30)),
        ('fr', 'lundi 7 décembre à 9h', at(2026, 12, 7, 9, 0)), ('fr', 'à 17h30 vendredi', at(2026, 11, 27, 17, 30)),
    ],
)  # fmt: skip
def test_rule_15_a_day_is_read_with_its_date_and_its_time_in_any_order(locale: str, typed: str, due: date) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert (line.due, line.title) == (due, 'Xyz')


@pytest.mark.parametrize(
    ('locale', 'typed', 'rule'),
    [
        ('en', 'every first monday of the month', 'BYDAY=1MO'),
        ('en', 'every last day of the month', 'BYMONTHDAY=-1'),
        ('de', 'jeden 1. Montag im Monat', 'BYDAY=1MO'),
        ('de', 'jeden letzten Tag des Monats', 'BYMONTHDAY=-1'),
        ('es', 'cada primer lunes del mes', 'BYDAY=1MO'),
        ('fr', 'chaque dernier jour du mois', 'BYMONTHDAY=-1'),
    ],
)
def test_rule_15_which_day_of_the_month_is_read_with_its_month(locale: str, typed: str, rule: str) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert line.repeat is not None
    assert (line.repeat.rule, line.title) == (f'FREQ=MONTHLY;{rule}', 'Xyz')


WHEN = st.sampled_from([
    'today', 'tomorrow', 'friday', 'sat', 'tues', 'next monday', 'in 3 days', 'in 2 weeks', 'next month', '24 dec',
    'dec 24th', '1 mar', 'feb 29', '1 march 2028', 'on friday at 5pm', 'by sunday noon', 'due wed 17:30', '2026-12-24',
])  # fmt: skip
OFTEN = st.sampled_from(['', 'every day', 'every other friday', 'every 2 weeks', 'every last friday', 'each weekday'])


@given(WHEN, OFTEN, st.sampled_from(['low', 'high', 'urgent']), st.sampled_from(sorted(HERE)))
@settings(max_examples=200, deadline=None)
def test_rule_15_english_is_understood_in_every_language(when: str, often: str, priority: str, locale: str) -> None:
    typed = f'Xyz {when} {often} !{priority}'
    plain, line = read_line(typed, HERE['en']), read_line(typed, HERE[locale])
    assert plain.due is not None
    assert (line.title, line.due, line.repeat) == ('Xyz', plain.due, plain.repeat)
    assert line.priority is TaskPriority(priority)


def test_rule_15_a_chip_is_said_in_the_language_of_who_types() -> None:
    with speaking('de'):
        (chip,) = read_line('Xyz morgen um 9 Uhr', HERE['de']).chips
        assert chip.text == 'Sa., 21.11.2026, 09:00'
        assert read_line('', HERE['de']).problem == 'Sagen Sie, was zu tun ist.'


@pytest.mark.parametrize(
    ('locale', 'typed', 'said'),
    [
        ('de', 'jede woche', 'Jede Woche'), ('de', 'jeden montag', 'Jede Woche am Montag'),
        ('de', 'every friday', 'Jede Woche am Freitag'), ('es', 'todos los sábados', 'Cada semana, el sábado'),
        ('fr', 'chaque lundi', 'Toutes les semaines, le lundi'), ('en', 'every march 3', 'Every year on 3 March'),
        ('en', 'every! 2 weeks', 'Every 2 weeks, after completion'),
    ],
)  # fmt: skip
async def test_rule_15_a_chip_says_how_often_in_words_of_the_reader_and_not_as_it_was_typed(
    chief, locale: str, typed: str, said: str
) -> None:
    with speaking(locale):
        (line,) = await tasks.parse_quick_add(replace(chief, locale=locale), f'Xyz {typed}')
    assert [chip.text for chip in line.chips] == [said]


@pytest.mark.parametrize(
    ('locale', 'typed'),
    [
        ('en', 'every monday at 9'),
        ('de', 'jeden montag um 9'),
        ('es', 'cada lunes a las 9'),
        ('de', 'jeden Montag 9:00'),
    ],
)
def test_rule_15_what_comes_again_has_its_day_so_that_a_number_after_at_is_a_time(locale: str, typed: str) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert (line.title, line.due.time(), line.repeat.rule) == ('Xyz', time(9), 'FREQ=WEEKLY;BYDAY=MO')


async def test_an_export_is_read_again_in_its_language(chief) -> None:
    from logic.core.listing import ListQuery
    from logic.tasks import Format, TaskChange, TaskInput

    with speaking('de'):
        task = await tasks.add_task(
            chief, TaskInput(title='Schlauch', priority=TaskPriority.HIGH, due=date(2027, 3, 5))
        )
        written = await tasks.export_tasks(chief, ListQuery(), Format.CSV)
        assert written.decode('utf-8-sig').startswith('Nummer,Titel,Liste')
        plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, written))
        assert [(row.title, row.notes) for row in plan.rows] == [('Schlauch', [])]
        await tasks.update_task(chief, task.id, TaskChange(priority=TaskPriority.LOW, due=date(2028, 1, 1)))
        await tasks.import_tasks(chief, await tasks.read_tasks(chief, written))
    (found,) = (await tasks.list_tasks(chief, ListQuery())).rows
    assert (found.priority, found.due_on) == (TaskPriority.HIGH, date(2027, 3, 5))
