"""Quick add: which words of a line are read, and which stay in the title as they were typed (rule 15)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
import time_machine

from data.tasks import ListVisibility
from logic import members, tasks
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.members import MemberInput
from logic.tasks import ListInput, TaskInput
from logic.tasks.quick_add import people_here
from logic.tasks.quick_add.days import Here
from logic.tasks.quick_add.parsing import read_line
from logic.tasks.quick_add.words import calendar_of
from tests.conftest import person_with_account
from tests.logic.members.conftest import statements

NOW = datetime(2026, 11, 20, 15, 0)  # noqa: DTZ001  the wall clock of who types; a Friday
HERE = {name: Here(NOW, calendar_of(name, 'US')) for name in ('en', 'es', 'fr', 'de')}


@pytest.mark.parametrize(
    ('locale', 'typed'),
    [
        ('en', 'Report of last friday'), ('en', 'Report friday last week'), ('en', 'Report last week friday'),
        ('en', 'Call on previous monday at 9'), ('en', 'Report yesterday 5pm'), ('en', 'Report 3 days ago at 5pm'),
        ('en', 'Report last month 5pm'), ('en', 'Report due last friday'), ('en', 'Nothing heard since monday'),
        ('de', 'Bericht vom letzten Freitag'), ('de', 'Bericht gestern 17 Uhr'), ('de', 'Freitag letzter Woche'),
        ('de', 'Bericht bis vorigen Montag'), ('de', 'Bericht vor 3 Tagen um 9:00'), ('de', 'Seit Montag kaputt'),
        ('es', 'Informe para el viernes pasado'), ('es', 'Informe de ayer a las 17:30'), ('es', 'El último lunes'),
        ('es', 'Informe hace 3 días a las 9'), ('fr', 'Rapport le vendredi dernier à 17h30'), ('fr', 'Appel hier 17h'),
        ('fr', 'Rapport du lundi passé'), ('fr', 'Depuis lundi en panne'), ('fr', 'Rapport avant-hier à 9h'),
    ],
)  # fmt: skip
def test_rule_15_what_is_said_of_the_past_is_no_date_to_come_and_stays_in_the_title(locale: str, typed: str) -> None:
    line = read_line(typed, HERE[locale])
    assert (line.title, line.due, line.start, line.repeat, line.chips) == (typed, None, None, None, [])


@pytest.mark.parametrize(
    ('locale', 'typed', 'title', 'due'),
    [
        ('en', 'Report last friday due monday', 'Report last friday', date(2026, 11, 23)),
        ('en', 'Call the day after tomorrow', 'Call', date(2026, 11, 22)),
        ('en', 'Call in a week', 'Call', date(2026, 11, 27)), ('en', 'Call in two days', 'Call', date(2026, 11, 22)),
        ('de', 'Treffen hier morgen', 'Treffen hier', date(2026, 11, 21)),
        ('de', 'Zahlen in einer Woche', 'Zahlen', date(2026, 11, 27)),
        ('es', 'Informe hasta el viernes', 'Informe', date(2026, 11, 27)),
        ('es', 'Llamar en un mes', 'Llamar', date(2026, 12, 20)),
        ('fr', "Rapport d'ici vendredi", 'Rapport', date(2026, 11, 27)),
        ('fr', 'Stage dans une semaine', 'Stage', date(2026, 11, 27)),
    ],
)  # fmt: skip
def test_rule_15_what_is_to_come_is_read_beside_what_is_over(locale: str, typed: str, title: str, due: date) -> None:
    line = read_line(typed, HERE[locale])
    assert (line.title, line.due) == (title, due)


@pytest.mark.parametrize(
    ('locale', 'typed', 'day'),
    [
        ('en', 'on the 15th', 15), ('en', 'on the 15th.', 15), ('en', 'by the 15th', 15), ('en', 'due 15th', 15),
        ('en', 'on 15th', 15), ('en', '15th', 15), ('en', '15th *bill', 15),
        ('en', 'on the 31st', 31), ('en', 'on the 15th of the month', 15), ('en', 'due on the 15th *bill', 15),
        ('de', 'am 15.', 15), ('de', 'bis zum 15.', 15), ('de', 'bis 15.', 15), ('de', 'am 15. des Monats', 15),
        ('es', 'el 15', 15), ('es', 'el día 15', 15), ('es', 'antes del 15', 15), ('es', 'para el 15', 15),
        ('fr', 'le 15', 15), ('fr', 'le 1er', 1), ('fr', 'avant le 15', 15),
    ],
)  # fmt: skip
def test_rule_15_a_number_of_a_day_is_the_next_day_of_that_number(locale: str, typed: str, day: int) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert (line.title, line.due) == ('Xyz', date(2026, 12, day))


@pytest.mark.parametrize(
    ('locale', 'typed', 'begin', 'end'),
    [
        ('en', 'friday 3-5pm', '15:00', '17:00'), ('en', '3-5pm friday', '15:00', '17:00'),
        ('en', 'friday 3pm - 5pm', '15:00', '17:00'), ('en', 'friday 3pm to 5pm', '15:00', '17:00'),
        ('en', 'friday 11-1pm', '11:00', '13:00'), ('en', 'friday from 10:00–12:30', '10:00', '12:30'),
        ('de', 'Freitag 15-17 Uhr', '15:00', '17:00'),
        ('de', 'Freitag von 15 bis 17 Uhr', '15:00', '17:00'), ('fr', 'vendredi de 15h à 17h', '15:00', '17:00'),
        ('es', 'viernes 15:00-17:00', '15:00', '17:00'),
    ],
)  # fmt: skip
def test_rule_15_a_span_of_a_day_is_when_a_task_begins_and_when_it_is_due(
    locale: str, typed: str, begin: str, end: str
) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    said = [datetime.combine(date(2026, 11, 27), time.fromisoformat(one)) for one in (begin, end)]
    assert (line.title, line.start, line.due) == ('Xyz', *said)


async def test_rule_15_a_span_that_comes_again_begins_on_the_day_on_which_it_is_due(chief) -> None:
    for typed in ('every friday 3-5pm', '3-5pm every friday', 'every day from 9 to 10:30am'):
        (line,) = await tasks.parse_quick_add(chief, f'Meet {typed}')
        assert (line.title, line.problem, line.start.date()) == ('Meet', '', line.due.date())
        assert line.start < line.due


def test_rule_15_a_number_of_a_day_is_in_this_month_while_it_is_to_come_and_in_one_that_has_it() -> None:
    assert read_line('Pay on the 20th at 9am', HERE['en']).due == datetime(2026, 11, 20, 9)  # noqa: DTZ001  wall clock
    assert read_line('Camp from the 25th to the 5th', HERE['en']).start == date(2026, 11, 25)
    winter = replace(HERE['en'], now=datetime(2027, 1, 31, 12))  # noqa: DTZ001  wall clock
    assert read_line('Pay on the 30th', winter).due == date(2027, 3, 30)


@pytest.mark.parametrize(
    ('locale', 'typed'),
    [
        ('en', 'Check hose on the 2nd floor'), ('en', 'Check the 2nd'), ('en', 'Order 2nd hose'), ('en', 'Meet at 5'),
        ('en', 'Clean 4th and 5th'), ('en', 'Read pages 3-5'), ('en', 'Needs 2-3h'),
        ('en', 'Pay on the 32nd'), ('en', 'Write weekly report'), ('en', 'Weekly'), ('en', 'Daily standup notes'),
        ('en', 'tonight'), ('de', 'Zahlen am 15. Fenster'), ('es', 'Comida para 15'), ('es', 'Pagar el 15 camión'),
        ('fr', 'Peser le 15 tonnes'),
    ],
)  # fmt: skip
def test_rule_15_numbers_and_words_that_belong_to_a_noun_stay_words(locale: str, typed: str) -> None:
    line = read_line(typed, HERE[locale])
    assert (line.title, line.due, line.repeat, line.chips) == (typed, None, None, [])


@pytest.mark.parametrize(
    ('locale', 'typed', 'title', 'rule'),
    [
        ('en', 'Check pump daily', 'Check pump', 'DAILY'), ('en', 'Check pump yearly !high', 'Check pump', 'YEARLY'),
        ('en', 'Check pump weekly on monday', 'Check pump', 'WEEKLY;BYDAY=MO'),
        ('en', 'Pay monthly on the 1st', 'Pay', 'MONTHLY;BYMONTHDAY=1'),
        ('en', 'Pay monthly due 1 dec', 'Pay', 'MONTHLY'), ('en', 'Pay weekly friday', 'Pay', 'WEEKLY'),
        ('de', 'Pumpe täglich prüfen', 'Pumpe prüfen', 'DAILY'), ('de', 'Wöchentlich spülen', 'spülen', 'WEEKLY'),
        ('de', 'Zahlen monatlich am 1.', 'Zahlen', 'MONTHLY;BYMONTHDAY=1'),
        ('de', 'Jährlich eichen', 'eichen', 'YEARLY'),
        ('es', 'Revisar semanalmente la bomba', 'Revisar la bomba', 'WEEKLY'),
        ('es', 'Pagar anualmente', 'Pagar', 'YEARLY'),
        ('fr', 'Payer mensuellement', 'Payer', 'MONTHLY'), ('fr', 'Vérifier quotidiennement', 'Vérifier', 'DAILY'),
    ],
)  # fmt: skip
def test_rule_15_how_often_is_said_in_one_word(locale: str, typed: str, title: str, rule: str) -> None:
    line = read_line(typed, HERE[locale])
    assert line.repeat is not None
    assert (line.title, line.repeat.rule) == (title, f'FREQ={rule}')


@pytest.mark.parametrize(
    ('locale', 'typed', 'hour'),
    [
        ('en', 'tonight', 20), ('en', 'this evening', 20), ('en', 'tonight at 9', 21), ('en', 'at 9pm tonight', 21),
        ('de', 'heute Abend', 20), ('de', 'heute Abend um 9 Uhr', 21), ('es', 'esta noche', 20), ('fr', 'ce soir', 20),
        ('fr', 'ce soir à 21h', 21),
    ],
)  # fmt: skip
def test_rule_15_tonight_is_at_eight_unless_an_hour_is_said(locale: str, typed: str, hour: int) -> None:
    line = read_line(f'Xyz {typed}', HERE[locale])
    assert (line.title, line.due) == ('Xyz', datetime(2026, 11, 20, hour))  # noqa: DTZ001  wall clock
    late = replace(HERE['en'], now=NOW.replace(hour=22))
    assert read_line('Xyz tonight', late).due == date(2026, 11, 20)


@pytest.mark.parametrize(
    ('locale', 'typed'),
    [
        ('en', 'this weekend'), ('de', 'dieses Wochenende'), ('es', 'este fin de semana'), ('es', 'este finde'),
        ('fr', 'ce week-end'),
    ],
)  # fmt: skip
def test_rule_15_this_weekend_is_its_saturday_and_on_its_sunday_today(locale: str, typed: str) -> None:
    for today, due in ((20, 21), (21, 21), (22, 22), (23, 28)):
        line = read_line(f'Xyz {typed}', replace(HERE[locale], now=NOW.replace(day=today)))
        assert (line.title, line.due) == ('Xyz', date(2026, 11, due))


@pytest.mark.parametrize(('locale', 'typed'), [('en', 'from monday to friday'), ('es', 'desde el lunes al viernes')])
def test_rule_15_a_task_may_go_from_a_day_to_another(locale: str, typed: str) -> None:
    line = read_line(f'Camp {typed}', HERE[locale])
    assert (line.title, line.start, line.due) == ('Camp', date(2026, 11, 23), date(2026, 11, 27))
    assert read_line('Walk to friday market', HERE['en']).title == 'Walk to market'


@pytest.mark.parametrize(
    ('typed', 'title'),
    [
        ('Clean "Old Truck" tomorrow !high', 'Clean "Old Truck"'), ('Clean "Old Truck"', 'Clean "Old Truck"'),
        ('Read "x"y tomorrow', 'Read "x"y'), ('Read "x", then y tomorrow', 'Read "x", then y'),
        ('Buy 5" and 6" pipe tomorrow', 'Buy 5" and 6" pipe'), ('Buy "" tomorrow', 'Buy ""'),
        ('Say "due friday" tomorrow', 'Say due friday'), ('Say "every" day tomorrow', 'Say every day'),
        ('Fix "#5" and "@home" tomorrow', 'Fix #5 and @home'), ('Say due "friday" tomorrow', 'Say due friday'),
        ('Say “due friday” tomorrow', 'Say due friday'), ('Lire « vendredi » tomorrow', 'Lire « vendredi »'),
        ('„Old Truck“ tomorrow', '„Old Truck“'),
    ],
)  # fmt: skip
def test_rule_15_quotes_stay_in_the_title_unless_they_keep_words_from_being_read(typed: str, title: str) -> None:
    line = read_line(typed, HERE['en'])
    assert line.title == title
    assert line.due in (None, date(2026, 11, 21))
    assert bool(line.due) is ('tomorrow' in typed)


async def test_rule_15_quotes_are_the_same_in_the_preview_in_the_task_and_in_what_undo_gives_back(chief) -> None:
    text = 'Clean "Old Truck" and say "due friday" #"No such list" tomorrow'
    (shown,) = await tasks.parse_quick_add(chief, text)
    made = await tasks.quick_add(chief, text)
    row = (await tasks.get_task(chief, made.task_ids[0])).row
    assert shown.title == row.title == 'Clean "Old Truck" and say due friday #"No such list"'
    assert (await tasks.undo_task_batch(chief, made.batch_id)).raw_text == text


async def test_rule_15_what_is_not_found_stays_where_it_was_typed(chief) -> None:
    for title in ('Station', 'Garage'):
        await tasks.add_list(chief, ListInput(title=title))
    (line,) = await tasks.parse_quick_add(chief, 'Fix #a #b by @c and #d tomorrow *e')
    assert (line.title, line.labels, line.in_list) == ('Fix #a #b by @c and #d', ['e'], None)
    assert [chip.text for chip in line.chips if chip.problem] == ['a', 'b', 'c', 'd']
    (line,) = await tasks.parse_quick_add(chief, 'Fix issue #5 #Station')
    assert (line.title, line.in_list.name) == ('Fix issue #5', 'Station')
    (line,) = await tasks.parse_quick_add(chief, 'Fix #Station #Garage now')
    assert (line.title, line.in_list.name) == ('Fix #Garage now', 'Station')
    assert line.chips[1].problem == 'A task is in one list, and one is named already.'


async def test_rule_15_the_longest_name_that_there_is_wins_without_quotes(chief) -> None:
    for title in ('Winter', 'Winter drills', 'Night watch 2026', 'Days of rest'):
        await tasks.add_list(chief, ListInput(title=title))
    await tasks.add_task(chief, TaskInput(title='Look', labels=['night', 'night duty']))
    person = await person_with_account(chief, 'Anna Maria', 'van der Berg', 'anna@example.org')
    for typed, name, title in (
        ('Plan #Winter drills tomorrow', 'Winter drills', 'Plan'), ('Plan #winter DRILLS', 'Winter drills', 'Plan'),
        ('Plan #Winter tyres', 'Winter', 'Plan tyres'), ('#Night watch Plan it', 'Night watch 2026', 'Plan it'),
        ('Plan #"Winter" drills', 'Winter', 'Plan drills'), ('Plan #Night shift', 'Night watch 2026', 'Plan shift'),
        ('Plan #Winter "drills"', 'Winter', 'Plan "drills"'), ('#Days of rest Plan', 'Days of rest', 'Plan'),
    ):  # fmt: skip
        (line,) = await tasks.parse_quick_add(chief, typed)
        assert (line.in_list and line.in_list.name, line.title) == (name, title), typed
    (line,) = await tasks.parse_quick_add(chief, 'Plan *Night duty *night owl *new one @anna maria van der berg')
    assert (line.title, line.labels) == ('Plan owl one', ['Night duty', 'night', 'new'])
    assert [one.id for one in line.people] == [person.member_id]


async def test_rule_15_a_name_that_begins_several_lists_is_said_with_all_its_words(chief) -> None:
    for title in ('Winter drills 2026', 'Winter drills 2027'):
        await tasks.add_list(chief, ListInput(title=title))
    (line,) = await tasks.parse_quick_add(chief, 'Plan #Winter drills')
    assert (line.title, line.in_list) == ('Plan #Winter drills', None)
    assert line.chips[0].problem == 'More than one list that you may add to answers to Winter drills.'


async def test_rule_15_a_name_ends_where_its_sentence_does(chief) -> None:
    await tasks.add_list(chief, ListInput(title='Station'))
    (line,) = await tasks.parse_quick_add(chief, '#Station: Wash *gear, *soap; !high, @me.')
    assert (line.title, line.in_list.name, line.labels) == ('Wash', 'Station', ['gear', 'soap'])
    assert [one.id for one in line.people] == [chief.member_id]
    (line,) = await tasks.parse_quick_add(chief, 'Wash #nowhere, then dry')
    assert line.title == 'Wash #nowhere, then dry'


@pytest.mark.parametrize(
    ('typed', 'due'),
    [
        ('today', date(2026, 12, 31)), ('31 dec', date(2026, 12, 31)), ('tomorrow', date(2027, 1, 1)),
        ('1 jan', date(2027, 1, 1)), ('30 dec', date(2027, 12, 30)), ('next month', date(2027, 1, 31)),
        ('friday', date(2027, 1, 1)), ('thursday', date(2027, 1, 7)), ('in 2 months', date(2027, 2, 28)),
        ('2/29', date(2028, 2, 29)), ('1/1/27', date(2027, 1, 1)),
    ],
)  # fmt: skip
async def test_rule_15_days_around_new_year_are_those_where_one_types(chief, typed: str, due: date) -> None:
    with time_machine.travel(datetime(2027, 1, 1, 4, 30, tzinfo=UTC)):  # half past eleven at night in New York
        there = replace(chief, zone='America/New_York', locale='en-US')
        (line,) = await tasks.parse_quick_add(there, f'Wash {typed}')
        assert (line.title, line.due) == ('Wash', due)
        (line,) = await tasks.parse_quick_add(there, 'Wash 11:45pm')
        assert line.due == datetime(2026, 12, 31, 23, 45)  # noqa: DTZ001
        made = await tasks.quick_add(there, 'Wash 11:45pm')
        assert (await tasks.get_task(there, made.task_ids[0])).row.due_at == datetime(2027, 1, 1, 4, 45, tzinfo=UTC)
        (line,) = await tasks.parse_quick_add(replace(chief, zone='Pacific/Auckland'), 'Wash today')
        assert line.due == date(2027, 1, 1)


async def test_more_people_or_labels_than_a_task_takes_are_said_of_the_line_that_names_them(chief) -> None:
    text = ' '.join(f'*label-{number}' for number in range(31))
    with pytest.raises(Invalid, match='A task has at most 30 labels'):
        await tasks.quick_add(chief, f'Wash {text}')
    (line,) = await tasks.parse_quick_add(chief, f'Wash {"@me " * 60}')
    assert (line.problem, [one.id for one in line.people]) == ('', [chief.member_id])
    for number in range(51):
        await members.add_member(chief, MemberInput(first_name=f'N{number}', last_name='Lind'))
    with pytest.raises(Invalid, match='So many people'):
        await tasks.quick_add(chief, 'Wash ' + ' '.join(f'@N{number}' for number in range(51)))


async def test_text_of_one_endless_line_is_refused_by_its_letters(chief) -> None:
    with pytest.raises(Invalid, match='at most 60,000 letters'):
        await tasks.parse_quick_add(chief, 'Wash ' * 13_000)


# Parts


async def test_rule_15_lines_under_a_task_become_parts_of_it_and_are_read_alike(chief, member) -> None:
    whole = await tasks.add_task(chief, TaskInput(title='Wash truck'))
    await tasks.add_list(chief, ListInput(title='Station', visibility=ListVisibility.ORGANIZATION))
    text = 'Rinse tomorrow 5pm @okafor !high *soap\n  Dry every week #Station'
    shown = await tasks.parse_quick_add(chief, text, as_parts=True)
    assert [(one.title, one.is_part) for one in shown] == [('Rinse', True), ('Dry every week #Station', True)]
    assert [chip.problem for chip in shown[1].chips] == [
        'A part does not come again by itself.', 'A part is in the list of its task.'
    ]  # fmt: skip
    made = await tasks.quick_add(chief, text, parent_id=whole.id)
    parts = (await tasks.get_task(chief, whole.id)).parts
    assert [part.title for part in parts] == ['Rinse', 'Dry every week #Station']
    assert (parts[0].priority.value, [one.name for one in parts[0].assignees]) == ('high', ['Jide Okafor'])
    assert (parts[0].due_at is not None, [one.name for one in parts[0].labels]) == (True, ['soap'])
    assert {part.in_list.name for part in parts} == {'Inbox'}
    assert len(made.unresolved) == 2
    undone = await tasks.undo_task_batch(chief, made.batch_id)
    assert (undone.raw_text, (await tasks.get_task(chief, whole.id)).parts) == (text, [])


async def test_rule_15_an_indented_line_is_shown_as_it_will_be_added(chief) -> None:
    await tasks.add_list(chief, ListInput(title='Station'))
    shown = await tasks.parse_quick_add(chief, 'Wash #Station\n  Rinse every week #Inbox')
    assert (shown[1].title, shown[1].repeat, shown[1].in_list) == ('Rinse every week #Inbox', None, None)


async def test_a_part_is_not_divided_further_and_only_whoever_may_edit_a_task_adds_parts(chief, member) -> None:
    whole = await tasks.add_task(chief, TaskInput(title='Wash truck'))
    part = await tasks.add_task(chief, TaskInput(title='Rinse', parent_id=whole.id))
    with pytest.raises(Invalid, match='nest one level'):
        await tasks.quick_add(chief, 'Dry', parent_id=part.id)
    with pytest.raises((Denied, NotFound)):
        await tasks.quick_add(member, 'Dry', parent_id=whole.id)
    assert [row.title for row in (await tasks.get_task(chief, whole.id)).parts] == ['Rinse']


# What is offered


async def test_people_are_offered_from_a_few_rows_however_many_there_are(chief, member, database) -> None:
    with statements(database) as few:
        assert await tasks.complete_quick_add(chief, '@', '') == ['Elena Rossi', 'Jide Okafor']
    for letter in 'bcdefghkopqs':
        await person_with_account(chief, f'Mara {letter}', 'Lind', f'mara.{letter}@example.org')
    with statements(database) as many:
        offered = await tasks.complete_quick_add(chief, '@', '')
    assert len(offered) == 8
    assert len(many) == len(few)
    assert any('LIMIT' in one for one in many)
    assert await tasks.complete_quick_add(chief, '@', 'mara k') == ['Mara k Lind']
    assert (await tasks.complete_quick_add(chief, '@', 'r'))[0] == 'Elena Rossi'
    assert await tasks.complete_quick_add(chief, '@', 'LIND')
    assert await tasks.complete_quick_add(chief, '@', '%') == []
    blind = replace(member, permissions=frozenset({'tasks.view', 'tasks.add'}))
    assert await tasks.complete_quick_add(blind, '@', 'mara') == []
    assert await tasks.complete_quick_add(blind, '@', 'jid') == ['Jide Okafor']


async def test_a_line_that_names_somebody_reads_those_alone_who_may_answer_to_it(chief, database) -> None:
    spoken = {
        'A': ('Li', ['ali', 'a.li', '"A Li"', 'A Li', 'li']), 'Ö.': ('Şahin', ['sahin', 'ş']),
        'Ann-Marie': ('O’Neil', ["o'neil", 'ann-marie']),
        'Maria Luz': ('de la Cruz', ['Maria Luz', 'Maria Luz de la Cruz', 'marialuzdelacruz', '«de la Cruz»']),
    }  # fmt: skip
    for number, (first, (last, _typed)) in enumerate(spoken.items()):
        await person_with_account(chief, first, last, f'p{number}@example.org')
    plain = {row.name: row for row in (await members.list_members(chief, ListQuery())).rows}
    for first, (last, typed) in spoken.items():
        for one in (*typed, plain[f'{first} {last}'].number):
            (line,) = await tasks.parse_quick_add(chief, f'Call @{one} tomorrow')
            found = [person.name for person in line.people]
            assert found == ([] if one == 'ş' else [f'{first} {last}']), one
    async with database.read(chief.organization_id) as session:
        work = Work(session, chief, 'test')
        assert {label.name for label, _names in await people_here(work, {'al'})} == {'A Li', 'Elena Rossi'}
        assert len(await people_here(work)) == len(plain)
