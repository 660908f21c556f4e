"""Quick add: rule 15, and the limit of a column by rule 13."""

import asyncio
import time as clock
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.tasks import ListVisibility, ShareLevel, TaskPriority
from logic import members, tasks
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.formats import weekday_text
from logic.core.listing import ListQuery
from logic.tasks import ColumnInput, ListInput, ShareInput, TaskChange, TaskInput
from logic.tasks.quick_add.days import Here
from logic.tasks.quick_add.parsing import ChipKind, read_line, read_lines
from logic.tasks.quick_add.words import calendar_of
from tests.conftest import person_with_account

NOW = datetime(2026, 11, 20, 15, 0)  # noqa: DTZ001  the wall clock of who types; a Friday
HERE = Here(NOW, calendar_of('en', 'US'))
BRITISH = Here(NOW, calendar_of('en', 'GB'))
GERMAN = Here(NOW, calendar_of('de', 'DE'))


def at(*given):
    return datetime(*given)  # noqa: DTZ001  wall clock


def test_rule_15_the_line_of_the_specification():
    line = read_line('Check hose due friday 5pm every month #Station @okafor !high *maintenance', HERE)
    assert line.title == 'Check hose'
    assert line.due == at(2026, 11, 27, 17, 0)
    assert line.repeat.rule == 'FREQ=MONTHLY'
    assert (line.list_name, line.people, line.labels) == ('Station', ['okafor'], ['maintenance'])
    assert line.priority is TaskPriority.HIGH
    kinds = [chip.kind.value for chip in line.chips]
    assert kinds == ['due', 'repeat', 'list', 'person', 'priority', 'label']


def test_rule_15_chips_say_where_their_words_stand():
    row = '  Wash due today *"old truck" now'
    line = read_line(row, HERE)
    assert [(row[chip.start : chip.end], chip.text) for chip in line.chips] == [
        ('due today', 'Fri, 20 Nov 2026'), ('*"old truck"', 'old truck')
    ]  # fmt: skip
    assert line.title == 'Wash now'


@pytest.mark.parametrize(
    ('typed', 'title'),
    [('Read "due friday" aloud', 'Read due friday aloud'), ('Call "@home"', 'Call @home'),
     ('Buy "#5" bolts', 'Buy #5 bolts'),
     ('Say "every day"', 'Say every day'), ('5 * 4 = 20', '5 * 4 = 20'), ('Ask ! now', 'Ask ! now'),
     ('Hose !!', 'Hose !!'),
     ('Meet at 5 people', 'Meet at 5 people'), ('March', 'March'), ('friday', 'friday'), ('Mail on me', 'Mail on me')],
)  # fmt: skip
def test_rule_15_quotes_escape_and_plain_words_stay_words(typed, title):
    line = read_line(typed, HERE)
    assert line.title == title
    assert line.due is None
    assert line.repeat is None


@pytest.mark.parametrize(
    ('typed', 'due'),
    [
        ('today', date(2026, 11, 20)),
        ('tomorrow', date(2026, 11, 21)),
        ('friday', date(2026, 11, 27)),
        ('sat', date(2026, 11, 21)),
        ('next monday', date(2026, 11, 23)),
        ('in 3 days', date(2026, 11, 23)),
        ('in 2 weeks', date(2026, 12, 4)),
        ('next month', date(2026, 12, 20)),
        ('2026-12-24', date(2026, 12, 24)),
        ('24 dec', date(2026, 12, 24)),
        ('dec 24th', date(2026, 12, 24)),
        ('1 jan', date(2027, 1, 1)),
        ('1 mar', date(2027, 3, 1)),
        ('feb 29', date(2028, 2, 29)),
        ('3 dec 2030', date(2030, 12, 3)),
        ('12/3', date(2026, 12, 3)),
        ('24/12', date(2026, 12, 24)),
        ('24.12.', date(2026, 12, 24)),
        ('friday 5pm', at(2026, 11, 27, 17, 0)),
        ('tomorrow at 9', at(2026, 11, 21, 9, 0)),
        ('tomorrow 17:30', at(2026, 11, 21, 17, 30)),
        ('tomorrow noon', at(2026, 11, 21, 12, 0)),
        ('5pm', at(2026, 11, 20, 17, 0)),
        ('2pm', at(2026, 11, 21, 14, 0)),
        ('12am', at(2026, 11, 21, 0, 0)),
    ],
)
def test_rule_15_days_are_meant_where_one_types_and_roll_over(typed, due):
    line = read_line(f'Call due {typed}', HERE)
    assert (line.title, line.due) == ('Call', due)


@pytest.mark.parametrize('typed', ['13pm', '31 feb', '2026-13-01', '25:00', '99/99', 'later', '0am'])
def test_what_is_no_day_stays_in_the_title(typed):
    line = read_line(f'Call due {typed}', HERE)
    assert (line.due, line.title) == (None, f'Call due {typed}')


def test_rule_15_the_locale_says_which_comes_first_and_how_days_are_called():
    assert read_line('Call due 3/12', HERE).due == date(2027, 3, 12)
    assert read_line('Call due 3/12', BRITISH).due == date(2026, 12, 3)
    line = read_line('Schlauch prüfen bis Freitag 17 Uhr alle 2 Wochen', GERMAN)
    assert (line.title, line.due) == ('Schlauch prüfen', at(2026, 11, 27, 17, 0))
    assert line.repeat.rule == 'FREQ=WEEKLY;INTERVAL=2'


@pytest.mark.parametrize(
    ('typed', 'rule'),
    [('every day', 'FREQ=DAILY'), ('every 2 weeks', 'FREQ=WEEKLY;INTERVAL=2'),
     ('every other month', 'FREQ=MONTHLY;INTERVAL=2'),
     ('every monday', 'FREQ=WEEKLY;BYDAY=MO'), ('every tue, thu and sat', 'FREQ=WEEKLY;BYDAY=TU,TH,SA'),
     ('every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'), ('every other friday', 'FREQ=WEEKLY;BYDAY=FR;INTERVAL=2'),
     ('every 2nd tuesday', 'FREQ=MONTHLY;BYDAY=2TU'), ('every last friday', 'FREQ=MONTHLY;BYDAY=-1FR'),
     ('every last day', 'FREQ=MONTHLY;BYMONTHDAY=-1'), ('every 15th', 'FREQ=MONTHLY;BYMONTHDAY=15'),
     ('every month on the 1st', 'FREQ=MONTHLY;BYMONTHDAY=1'),
     ('every 3 months on day 15', 'FREQ=MONTHLY;BYMONTHDAY=15;INTERVAL=3'),
     ('every month on the last friday', 'FREQ=MONTHLY;BYDAY=-1FR'),
     ('every 2 weeks on mon and thu', 'FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2'),
     ('jeden monat am 1.', 'FREQ=MONTHLY;BYMONTHDAY=1'), ('cada mes el dia 5', 'FREQ=MONTHLY;BYMONTHDAY=5'),
     ('chaque mois le 1er', 'FREQ=MONTHLY;BYMONTHDAY=1'),
     ('every 24 dec', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24'), ('every! 3 days', 'FREQ=DAILY;INTERVAL=3')],
)  # fmt: skip
def test_rule_15_how_often(typed, rule):
    line = read_line(f'Check hose {typed}', HERE)
    assert (line.title, line.repeat.rule) == ('Check hose', rule)
    assert (line.repeat.mode.value == 'completion') is ('!' in typed)


def test_rule_15_an_indent_makes_a_sub_task_and_bullets_are_no_words():
    lines = read_lines('- Wash truck\n  - [ ] Rinse\n\tDry *truck\n\nCall Ann', HERE)
    assert [(line.title, line.is_part) for line in lines] == [
        ('Wash truck', False), ('Rinse', True), ('Dry', True), ('Call Ann', False)
    ]  # fmt: skip


def test_ten_thousand_lines_are_answered_at_once_with_a_clear_sentence():
    for text in ('Check hose due friday\n' * 10_000, 'x' * 1_000_000, '\n' * 500_000, 'every ' * 10_000):
        began = clock.process_time()
        with pytest.raises(Invalid, match='At most 200 tasks'):
            read_lines(text + 'A\n' * 1500, HERE)
        assert clock.process_time() - began < 0.2


@pytest.mark.parametrize('piece', ['«a ', '«', '"a ', '„a ', '#"', 'due ', 'friday ', '12 ', '@a '])
def test_one_line_of_marks_that_are_never_closed_is_answered_at_once(piece):
    began = clock.process_time()
    (line,) = read_lines((piece * 60_000)[:59_000], HERE)
    assert line.problem
    assert clock.process_time() - began < 2


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_is_read_and_nothing_is_lost(typed):
    for line in read_lines(typed, HERE):
        assert line.title or line.chips or line.problem
        for chip in line.chips:
            assert 0 <= chip.start < chip.end


# Stored


async def titles(actor):
    return sorted(row.title for row in (await tasks.list_tasks(actor, ListQuery())).rows)


async def test_rule_15_lists_and_people_are_found_labels_made_and_the_rest_is_said(chief, member):
    await tasks.add_list(chief, ListInput(title='Station two', visibility=ListVisibility.ORGANIZATION))
    text = 'Check hose #stationtwo @okafor @elena.rossi *new !urgent\nCall #Nowhere @nobody'
    shown = await tasks.parse_quick_add(chief, text)
    assert (shown[0].in_list.name, [person.name for person in shown[0].people]) == (
        'Station two', ['Jide Okafor', 'Elena Rossi']
    )  # fmt: skip
    assert [chip.is_resolved for chip in shown[1].chips] == [False, False]
    assert shown[1].title == 'Call #Nowhere @nobody'
    made = await tasks.quick_add(chief, text)
    assert len(made.unresolved) == 2
    view = await tasks.get_task(member, made.task_ids[0])
    assert (view.row.in_list.name, view.row.priority) == ('Station two', TaskPriority.URGENT)
    assert [label.name for label in view.row.labels] == ['new']
    assert [person.name for person in view.row.assignees] == ['Elena Rossi', 'Jide Okafor']
    assert (await tasks.get_task(chief, made.task_ids[1])).row.in_list.name == 'Inbox'


async def test_rule_15_who_shares_a_first_name_is_named_in_full_by_number_or_as_me(chief, member):
    first = await person_with_account(chief, 'Charles', 'Dehmel', 'charles.d@example.org')
    await person_with_account(chief, 'Charles', 'Ames', 'charles.a@example.org')
    number = (await members.get_member(chief, first.member_id)).number
    (several,) = await tasks.parse_quick_add(chief, 'Call @Charles now')
    assert several.title == 'Call @Charles now'
    said = several.chips[0].problem
    assert said.startswith('More than one person here answers to Charles. Write @Charles.')
    offered = said.partition('Write ')[2].partition(' or ')[0]
    typed = [offered, '@Charles Dehmel', '@"Charles Dehmel"', '@charles.dehmel', f'@{number}', '@me', '@Me']
    for one in typed:
        (line,) = await tasks.parse_quick_add(chief, f'Call {one} tomorrow')
        (person,) = line.people
        assert (line.title, bool(line.due), person.id in (first.member_id, chief.member_id)) == (
            'Call', True, 'Ames' not in person.name
        )  # fmt: skip
        assert (person.id == chief.member_id) is (one.lower() == '@me')


async def test_rule_15_a_private_list_of_somebody_else_is_not_found(chief, member):
    await tasks.add_list(chief, ListInput(title='Secret'))
    (shown,) = await tasks.parse_quick_add(member, 'Look #Secret')
    assert (shown.in_list, shown.chips[0].kind, shown.chips[0].is_resolved) == (None, ChipKind.LIST, False)


async def test_a_word_with_a_mark_is_offered_what_it_may_become(chief, member):
    for title in ('Week 49', 'Weekend', 'Half a week', 'Station'):
        await tasks.add_list(chief, ListInput(title=title))
    await tasks.add_task(chief, TaskInput(title='Look', labels=['week duty', 'gear']))
    assert await tasks.complete_quick_add(chief, '#', 'wee') == ['Week 49', 'Weekend', 'Half a week']
    assert await tasks.complete_quick_add(chief, '#', '') == ['Half a week', 'Inbox', 'Station', 'Week 49', 'Weekend']
    assert await tasks.complete_quick_add(chief, '@', 'okaf') == ['Jide Okafor']
    assert await tasks.complete_quick_add(chief, '*', 'wee') == ['week duty']
    assert await tasks.complete_quick_add(chief, '!', 'hi') == []
    (line,) = await tasks.parse_quick_add(chief, 'Look #"Week 49" @"Jide Okafor"')
    assert (line.title, line.in_list.name, line.people[0].name) == ('Look', 'Week 49', 'Jide Okafor')


async def test_lists_and_people_that_somebody_may_not_use_are_not_offered_to_him(chief, member):
    secret = await tasks.add_list(chief, ListInput(title='Secret'))
    await tasks.share_list(chief, secret.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    blind = replace(member, permissions=frozenset({'tasks.view', 'tasks.add'}))
    assert await tasks.complete_quick_add(member, '#', 'sec') == []
    assert await tasks.complete_quick_add(blind, '@', '') == ['Jide Okafor']


async def test_rule_15_what_was_typed_comes_back_when_it_is_undone(chief):
    text = 'Wash truck\n  Rinse\n  Dry due tomorrow'
    made = await tasks.quick_add(chief, text)
    view = await tasks.get_task(chief, made.task_ids[0])
    assert [part.title for part in view.parts] == ['Rinse', 'Dry']
    undone = await tasks.undo_task_batch(chief, made.batch_id)
    assert (undone.raw_text, undone.refused) == (text, [])
    assert await titles(chief) == []


async def test_lines_that_come_twenty_times_at_once_under_one_key_are_added_once(chief):
    once = chief.using('typed-once')
    answers = await asyncio.gather(*(tasks.quick_add(once, 'Wash truck\n  Rinse') for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert await titles(chief) == ['Rinse', 'Wash truck']
    await tasks.quick_add(chief.using('typed-anew'), 'Wash truck')
    assert await titles(chief) == ['Rinse', 'Wash truck', 'Wash truck']


async def test_a_column_takes_all_lines_but_those_that_name_another_list(chief):
    crew = await tasks.add_list(chief, ListInput(title='Crew'))
    await tasks.add_list(chief, ListInput(title='Garage'))
    column = (await tasks.list_columns(chief, crew.id))[1]
    text = 'Wash !high\n  Rinse\nDry #Crew\nOil #Garage'
    made = await tasks.quick_add(chief, text, crew.id, column_id=column.id)
    rows = [(await tasks.get_task(chief, task_id)).row for task_id in made.task_ids]
    assert [(row.in_list.name, row.status.value) for row in rows] == [
        ('Crew', 'in_progress'), ('Crew', 'pending'), ('Crew', 'in_progress'), ('Garage', 'pending')
    ]  # fmt: skip
    assert (made.placed, made.elsewhere) == ([made.task_ids[0], made.task_ids[2]], ['Garage'])
    with pytest.raises(Invalid, match='another board'):
        await tasks.quick_add(chief, 'Look', (await tasks.add_list(chief, ListInput(title='Yard'))).id, None, column.id)


async def test_rule_13_lines_for_which_a_column_has_no_room_are_refused_together(chief):
    crew = await tasks.add_list(chief, ListInput(title='Crew'))
    column = (await tasks.list_columns(chief, crew.id))[1]
    limited = ColumnInput(title=column.title, kind=column.kind, wip_limit=2)
    await tasks.update_column(chief, column.id, limited, column.version)
    await tasks.quick_add(chief, 'Wash', crew.id, None, column.id)
    with pytest.raises(Conflict, match='at most 2 tasks, and 1 are in it'):
        await tasks.quick_add(chief, 'Dry\nOil', crew.id, None, column.id)
    assert await titles(chief) == ['Wash']
    await tasks.quick_add(chief, 'Dry\n  Rinse', crew.id, None, column.id)
    assert await titles(chief) == ['Dry', 'Rinse', 'Wash']


async def test_lines_for_a_column_that_one_may_not_see_find_nothing(chief, member):
    secret = await tasks.add_list(chief, ListInput(title='Secret'))
    column = (await tasks.list_columns(chief, secret.id))[0]
    with pytest.raises(NotFound):
        await tasks.quick_add(member, 'Look', None, None, column.id)


async def test_undoing_quick_add_leaves_alone_what_somebody_has_changed(chief):
    made = await tasks.quick_add(chief, 'A\nB every week')
    await tasks.update_task(chief, made.task_ids[0], TaskChange(title='Mine'))
    undone = await tasks.undo_task_batch(chief, made.batch_id)
    assert [refusal.title for refusal in undone.refused] == ['Mine']
    assert await titles(chief) == ['Mine']


@pytest.mark.parametrize('text', ['', '\n\n', '*label', '!high due friday', 'x' * 201, 'A\n*b', 'Word ' * 301])
async def test_a_line_that_cannot_be_taken_is_named_and_nothing_is_added(chief, text):
    with pytest.raises(Invalid) as refused:
        await tasks.quick_add(chief, text)
    assert refused.value.message.endswith('.')
    assert await titles(chief) == []


async def test_what_comes_again_without_a_date_begins_at_its_first_day(chief):
    for text, weekday in (('Drill every monday', 0), ('Wash every weekday', None), ('Pay every last friday', 4)):
        (shown,) = await tasks.parse_quick_add(chief, text)
        assert shown.problem == ''
        assert weekday is None or shown.due.weekday() == weekday


async def test_what_comes_again_at_a_time_of_day_begins_on_a_day_of_its_rule(chief):
    lines = (('Radio check every monday 9am', 0), ('Drill 18:30 every tuesday', 1), ('Call every wed 0:00', 2))
    for text, weekday in lines:
        (shown,) = await tasks.parse_quick_add(chief, text)
        assert shown.due.weekday() == weekday
        assert shown.due.time() == {0: time(9), 1: time(18, 30), 2: time(0)}[weekday]
        (chip,) = [one for one in shown.chips if one.kind is ChipKind.DUE]
        assert weekday_text(weekday, 'abbreviated') in chip.text


@pytest.mark.parametrize('far', ['in 999 years', 'in 3000 months', 'in 200 years', 'in 9000 weeks'])
async def test_rule_15_what_is_centuries_away_is_no_date_and_stays_in_the_title(chief, far):
    (line,) = await tasks.parse_quick_add(chief, f'Wash {far}')
    assert line.due is None or line.due.year < 2200
    await tasks.quick_add(chief, f'Wash {far}')
    (row,) = (await tasks.list_tasks(chief, ListQuery())).rows
    assert row.title.startswith('Wash')


async def test_rule_15_marks_that_turn_a_line_around_are_left_out_and_none_is_of_marks_alone(chief):
    (line,) = await tasks.parse_quick_add(chief, 'Wash \u202etruck\u2069 \u05d0\u200f \U0001f468\u200d\U0001f692')
    assert line.title == 'Wash truck \u05d0\u200f \U0001f468\u200d\U0001f692'
    for typed in ('\u200b', '\u202e\u2066', '\u200f due friday', '\u3164\u115f'):
        (line,) = await tasks.parse_quick_add(chief, typed)
        assert line.problem, line
    for title in ('\u200b\u200d', '\u2066 \u202e', '\u3164\u115f\u1160', '\u2800 \u2800', '\uffa0'):
        with pytest.raises(ValueError, match='title'):
            tasks.TaskInput(title=title)


@given(st.text(max_size=120), st.sampled_from(['', ' due friday', ' every day', ' in 99 years', ' *x', ' !high']))
@settings(max_examples=300, deadline=None)
def test_rule_15_whatever_is_typed_is_read_at_once_and_what_has_no_problem_can_be_added(typed, more):
    for line in read_lines(f'{typed}{more}', HERE):
        if not line.problem:
            tasks.TaskInput(title=line.title, due=line.due, start=line.start, repeat=line.repeat, labels=line.labels)


async def test_who_may_not_see_the_directory_learns_no_names_from_it_by_numbers_or_names(chief, member):
    await person_with_account(chief, 'Mara', 'Lind', 'mara@example.org', 'Member')
    numbers = {row.name: row.number for row in (await members.list_members(chief, ListQuery())).rows}
    text = '\n'.join(f'Call @{word}' for word in (*numbers.values(), 'mara', 'lind', 'me'))
    blind = replace(member, permissions=frozenset({'tasks.view', 'tasks.add'}))
    own = numbers['Jide Okafor']
    for read in (await tasks.parse_quick_add(blind, text),):
        assert {line.people[0].name for line in read if line.people} == {'Jide Okafor'}
        assert [chip.text for line in read for chip in line.chips if not line.people] == [
            word for word in (*numbers.values(), 'mara', 'lind') if word != own
        ]
    seen = await tasks.parse_quick_add(member, text)
    assert {line.people[0].name for line in seen} == set(numbers)
