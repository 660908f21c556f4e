"""When a task comes again: rules 4 to 7 and 9, with properties."""

import time as clock
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from data.tasks import AnchorMode
from logic.core.errors import Invalid
from logic.core.language import speaking
from logic.tasks import recurrence
from logic.tasks.recurrence import following, instant_of, made, wall

NEW_YORK = 'America/New_York'


def series(rule, starts='20260102', zone=NEW_YORK, mode=AnchorMode.SCHEDULE):
    return made(rule, starts, zone, mode)


def chain(one, count, *, now=None):
    """Return the next occurrences, each finished on its day."""
    due, found = one.starts, []
    for number in range(1, count + 1):
        at = now or instant_of(wall(due), one.zone)
        due = following(one, due, at, number)
        if due is None:
            break
        found.append(due)
    return found


def test_rule_4_a_task_done_three_weeks_late_makes_one_new_task_not_three():
    weekly = series('FREQ=WEEKLY;BYDAY=FR')
    late = datetime(2026, 1, 25, 15, tzinfo=UTC)
    assert following(weekly, '20260102', late, 1) == '20260130'
    timed = series('FREQ=WEEKLY;BYDAY=FR', '20260102T090000')
    assert following(timed, '20260102T090000', late, 1) == '20260130T090000'


def test_rule_4_done_early_it_still_comes_after_the_last_due_date():
    weekly = series('FREQ=WEEKLY;BYDAY=FR')
    assert following(weekly, '20260109', datetime(2026, 1, 5, 15, tzinfo=UTC), 2) == '20260116'


def test_rule_5_after_completion_counts_from_the_day_of_completion_where_the_owner_is():
    every = series('FREQ=DAILY;INTERVAL=3', '20260102T090000', mode=AnchorMode.COMPLETION)
    # Ten in the evening of the 4th in New York is the 5th in UTC.
    done = datetime(2026, 1, 5, 3, tzinfo=UTC)
    assert following(every, '20260102T090000', done, 1) == '20260107T090000'
    monthly = series('FREQ=MONTHLY', '20260131', mode=AnchorMode.COMPLETION)
    assert following(monthly, '20260131', datetime(2026, 1, 31, 15, tzinfo=UTC), 1) == '20260228'


def test_rule_6_months_keep_the_anchor_day_and_clamp():
    for rule in ('FREQ=MONTHLY', 'FREQ=MONTHLY;BYMONTHDAY=31'):
        assert chain(series(rule, '20260131'), 4) == ['20260228', '20260331', '20260430', '20260531']
    assert chain(series('FREQ=MONTHLY', '20280130'), 2) == ['20280229', '20280330']
    assert chain(series('FREQ=YEARLY', '20280229'), 4) == ['20290228', '20300228', '20310228', '20320229']


def test_rule_6_last_day_and_second_tuesday_are_rules_of_their_own():
    assert chain(series('FREQ=MONTHLY;BYMONTHDAY=-1', '20260131'), 3) == ['20260228', '20260331', '20260430']
    assert chain(series('FREQ=MONTHLY;BYDAY=2TU', '20260113'), 3) == ['20260210', '20260310', '20260414']
    assert chain(series('FREQ=MONTHLY;BYDAY=5MO', '20260330'), 2) == ['20260629', '20260831']


@pytest.mark.parametrize('starts', ['20260306T090000', '20261030T090000'])
def test_rule_7_nine_stays_nine_over_a_clock_change(starts):
    daily = series('FREQ=DAILY', starts)
    found = chain(daily, 5)
    assert {text[9:] for text in found} == {'090000'}
    offsets = {instant_of(wall(text), NEW_YORK).hour for text in found}
    assert offsets == {13, 14}


def test_rule_7_a_time_that_the_clocks_leave_out_moves_on_and_one_that_comes_twice_comes_once():
    spring = series('FREQ=DAILY', '20260307T023000')
    assert chain(spring, 2) == ['20260308T023000', '20260309T023000']
    assert instant_of(wall('20260308T023000'), NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 03:30 there
    autumn = series('FREQ=DAILY', '20261031T013000')
    assert chain(autumn, 2) == ['20261101T013000', '20261102T013000']


def test_rule_9_what_is_stored_is_rfc_5545_with_until_in_utc():
    one = series('RRULE:freq=weekly;byday=fr;until=20260131', '20260102T090000')
    assert one.rule == 'FREQ=WEEKLY;BYDAY=FR;UNTIL=20260201T045959Z'
    assert chain(one, 9) == ['20260109T090000', '20260116T090000', '20260123T090000', '20260130T090000']
    whole = series('FREQ=WEEKLY;UNTIL=20260116', '20260102')
    assert whole.rule == 'FREQ=WEEKLY;UNTIL=20260116'
    assert chain(whole, 9) == ['20260109', '20260116']
    assert series('FREQ=MONTHLY', '20260131').rule == 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'


def test_a_number_of_times_is_the_end_in_both_modes():
    assert len(chain(series('FREQ=DAILY;COUNT=3'), 9)) == 2
    after = series('FREQ=DAILY;COUNT=3', mode=AnchorMode.COMPLETION)
    assert len(chain(after, 9)) == 2


@pytest.mark.parametrize(
    'rule',
    ['', 'FREQ', 'FREQ=', 'FREQ=SECONDLY', 'FREQ=MINUTELY', 'FREQ=HOURLY', 'FREQ=DAILY;BYHOUR=9',
     'FREQ=DAILY;INTERVAL=0',
     'FREQ=DAILY;INTERVAL=-1', 'FREQ=DAILY;INTERVAL=99999', 'FREQ=DAILY;FREQ=DAILY',
     'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31',
     'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-30', 'FREQ=MONTHLY;BYDAY=6MO', 'FREQ=DAILY;UNTIL=20200101', 'FREQ=DAILY;COUNT=1',
     'FREQ=DAILY;UNTIL=20269999', 'FREQ=DAILY;COUNT=2;UNTIL=20270101', 'FREQ=WEEKLY;BYDAY=2TU', 'FREQ=WEEKLY;BYDAY=XX',
     'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0', 'FREQ=YEARLY;BYYEARDAY=400', 'FREQ=DAILY;X-RULE=1', 'FREQ=YEARLY;BYDAY=0MO',
     'FREQ=MONTHLY;BYMONTHDAY=' + ','.join(['1'] * 300), 'FREQ=YEARLY;BYEASTER=0', 'freq=daily\nFREQ=DAILY',
     'FREQ=MONTHLY;BYDAY=53MO', 'FREQ=MONTHLY;BYDAY=WE,53WE', 'FREQ=MONTHLY;BYDAY=-99MO', 'FREQ=MONTHLY;BYDAY=+00MO',
     'FREQ=YEARLY;BYMONTH=2;BYDAY=6MO', 'FREQ=YEARLY;BYDAY=54MO', 'FREQ=DAILY;INTERVAL=1000000000',
     'FREQ=DAILY;INTERVAL=\N{ARABIC-INDIC DIGIT THREE}', 'FREQ=DAILY;BYSECOND=1,2'],
)  # fmt: skip
def test_a_rule_that_never_occurs_or_is_none_is_refused_in_words_and_at_once(rule):
    began = clock.process_time()
    with pytest.raises(Invalid) as refused:
        series(rule)
    assert refused.value.fields['repeat'].endswith('.')
    assert clock.process_time() - began < 2


PARTS = st.fixed_dictionaries({}, optional={
    'INTERVAL': st.integers(1, 12), 'COUNT': st.integers(2, 730), 'BYMONTH': st.integers(1, 12),
    'BYMONTHDAY': st.integers(-31, 31), 'BYSETPOS': st.integers(-9, 9), 'BYYEARDAY': st.integers(-366, 366),
    'BYWEEKNO': st.integers(-53, 53),
    'BYDAY': st.builds('{}{}'.format, st.just('') | st.integers(-60, 60), st.sampled_from(recurrence.WEEKDAYS)),
})  # fmt: skip


@given(st.sampled_from(sorted(recurrence.FREQUENCIES)), PARTS)
@settings(max_examples=150)
def test_whatever_the_parts_of_a_rule_say_together_it_has_a_next_time_or_is_refused_in_words(frequency, parts):
    rule = ';'.join([f'FREQ={frequency}', *(f'{name}={value}' for name, value in parts.items())])
    try:
        one = series(rule)
    except Invalid:
        return
    assert following(one, '20260102', datetime(2026, 1, 2, 15, tzinfo=UTC), 1) > '20260102'
    assert recurrence.in_words(one)


@pytest.mark.parametrize(
    'rule',
    ['FREQ=DAILY;INTERVAL=7;BYDAY=TU', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6', 'FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1',
     'FREQ=YEARLY;BYSETPOS=200;BYYEARDAY=' + ','.join(map(str, range(1, 100)))],
)  # fmt: skip
def test_that_a_rule_never_occurs_is_not_sought_until_the_end_of_all_years(rule):
    begin = clock.process_time()
    with pytest.raises(Invalid):
        series(rule, '20260105')
    assert clock.process_time() - begin < 0.5


@pytest.mark.parametrize('zone', ['Asia/Tokyo', NEW_YORK, 'Pacific/Apia'])
@pytest.mark.parametrize(
    'end', ['00010101', '19691231', '23000101', '99991231', '99991231T235959Z', '20269931', '20260230T000000']
)
def test_rule_9_an_end_out_of_all_reach_is_refused_in_words(zone, end):
    for starts in ('20260105', '20260105T090000'):
        with pytest.raises(Invalid):
            series(f'FREQ=DAILY;UNTIL={end}', starts, zone)


def test_rule_9_a_rule_that_is_too_long_when_it_is_written_out_is_refused():
    rule = f'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH={",".join(["+00012"] * 65)}'
    assert len(rule) < 500
    with pytest.raises(Invalid):
        series(rule)


@given(
    st.sampled_from(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']), st.integers(1, 9),
    st.dates(date(2000, 1, 1), date(2150, 1, 1)),
    st.sampled_from(['', ';BYDAY=MO,TH', ';BYMONTH=2,3,11']),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_occurrences_are_those_of_the_calendar_they_are_meant_for(frequency, steps, starts, more):
    text = f'FREQ={frequency};INTERVAL={steps}{more}'
    begin = datetime.combine(starts, datetime.min.time())
    plain = rrulestr(text, dtstart=begin).replace(until=begin.replace(day=1, year=begin.year + 8))
    expected = [found for found in plain if found > begin][:5]
    one = recurrence.Recurrence(starts.strftime('%Y%m%d'), 'UTC', text)
    assert recurrence.occurrences(one, begin, 5)[: len(expected)] == expected


def test_after_completion_takes_a_bare_interval_only():
    with pytest.raises(Invalid):
        series('FREQ=WEEKLY;BYDAY=MO', mode=AnchorMode.COMPLETION)


RULES = st.one_of(
    st.builds('FREQ=DAILY;INTERVAL={}'.format, st.integers(1, 40)),
    st.builds('FREQ=WEEKLY;INTERVAL={};BYDAY={}'.format, st.integers(1, 5), st.sampled_from(['MO', 'TU,TH', 'SA,SU'])),
    st.builds('FREQ=MONTHLY;BYMONTHDAY={}'.format, st.integers(1, 31)),
    st.builds('FREQ=MONTHLY;BYDAY={}{}'.format, st.sampled_from([1, 2, 4, -1]), st.sampled_from(['MO', 'FR'])),
    st.just('FREQ=YEARLY'),
)
ZONES = st.sampled_from(['UTC', NEW_YORK, 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu'])
LATE_HOURS = st.integers(0, 2000)
STARTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 12, 31))  # noqa: DTZ001  wall clock


@given(RULES, STARTS, ZONES, st.booleans(), LATE_HOURS)
@settings(max_examples=150, deadline=None)
def test_rules_4_and_7_the_next_one_is_after_due_date_and_now_and_at_the_same_time_of_day(
    rule, start, zone, timed, late_hours
):
    starts = start.strftime(recurrence.TIMED if timed else recurrence.WHOLE)
    one = series(rule, starts, zone)
    due = instant_of(wall(starts), zone)
    now = due + timedelta(hours=late_hours)
    found = following(one, starts, now, 1)
    assert found is not None
    if timed:
        assert found[9:] == starts[9:]
        assert instant_of(wall(found), zone) > max(due, now)
    else:
        assert wall(found).date() > max(wall(starts).date(), now.astimezone(ZoneInfo(zone)).date())
    between = [on.strftime('%Y%m%d') for on in recurrence.occurrences(one, wall(starts), 400)]
    assert found[:8] in between
    earlier = between[: between.index(found[:8])]
    assert all(wall(on).date() <= now.astimezone(ZoneInfo(zone)).date() for on in earlier)


@given(
    st.tuples(st.sampled_from([('DAILY', 1), ('WEEKLY', 7)]), st.integers(1, 40)),
    STARTS, ZONES, st.booleans(), LATE_HOURS,
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_rule_5_it_comes_so_long_after_the_day_of_completion_where_the_owner_is_at_the_old_time_of_day(
    every, start, zone, timed, late_hours
):
    (frequency, days), steps = every
    starts = start.strftime(recurrence.TIMED if timed else recurrence.WHOLE)
    one = series(f'FREQ={frequency};INTERVAL={steps}', starts, zone, AnchorMode.COMPLETION)
    done = instant_of(wall(starts), zone) + timedelta(hours=late_hours)
    found = following(one, starts, done, 1)
    assert wall(found).date() == done.astimezone(ZoneInfo(zone)).date() + timedelta(days=steps * days)
    assert found[8:] == starts[8:]


def test_a_series_that_runs_for_decades_finds_its_next_one_at_once():
    began = clock.process_time()
    for rule, found in (
        ('FREQ=DAILY', '20260612'),
        ('FREQ=WEEKLY;INTERVAL=2', '20260620'),
        ('FREQ=MONTHLY', '20260701'),
    ):
        assert following(series(rule, '19720101'), '19720101', datetime(2026, 6, 11, 15, tzinfo=UTC), 1) == found
    assert clock.process_time() - began < 0.5


@given(STARTS, st.integers(1, 24))
@settings(max_examples=60, deadline=None)
def test_rule_6_a_monthly_task_comes_once_a_month_on_its_day_or_the_last_one(start, months):
    found = chain(series('FREQ=MONTHLY', start.strftime('%Y%m%d'), 'UTC'), months)
    assert len(found) == months
    for number, text in enumerate(found, 1):
        on = wall(text).date()
        year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
        assert (on.year, on.month) == (year, month + 1)
        last = (date(on.year + on.month // 12, on.month % 12 + 1, 1) - timedelta(days=1)).day
        assert on.day == min(start.day, last)


@pytest.mark.parametrize(
    ('rule', 'english', 'spanish', 'french', 'german'),
    [
        (
            'FREQ=MONTHLY;BYDAY=2TU',
            'Every month on the second Tuesday', 'Cada mes, el segundo martes',
            'Tous les mois, le deuxième mardi', 'Jeden Monat am zweiten Dienstag',
        ),
        (
            'FREQ=MONTHLY;BYDAY=-1FR;COUNT=3',
            'Every month on the last Friday, 3 times', 'Cada mes, el último viernes, 3 veces',
            'Tous les mois, le dernier vendredi, 3 fois', 'Jeden Monat am letzten Freitag, 3 Mal',
        ),
        (
            'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE',
            'Every 2 weeks on Monday, Wednesday', 'Cada 2 semanas, el lunes, el miércoles',
            'Toutes les 2 semaines, le lundi, le mercredi', 'Alle 2 Wochen am Montag, Mittwoch',
        ),
        (
            'FREQ=MONTHLY;BYMONTHDAY=15;UNTIL=20261231',
            'Every month on day 15, until 31 Dec 2026', 'Cada mes, el día 15, hasta el 31 dic 2026',
            'Tous les mois, le 15, jusqu’au 31 déc. 2026', 'Jeden Monat am 15., bis 31.12.2026',
        ),
        (
            'FREQ=YEARLY;BYDAY=20MO',
            'Every year on Monday number 20', 'Cada año, el lunes número 20',
            'Tous les ans, le lundi numéro 20', 'Jedes Jahr am 20. Montag',
        ),
        (
            'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3',
            'Every year on 3 March', 'Cada año, el 3 de marzo',
            'Tous les ans, le 3 mars', 'Jedes Jahr am 3. März',
        ),
    ],
)  # fmt: skip
def test_how_often_a_task_comes_is_said_as_people_say_it(rule, english, spanish, french, german):
    said = {}
    for locale in ('en', 'es', 'fr', 'de'):
        with speaking(locale):
            said[locale] = recurrence.in_words(series(rule))
    assert said == {'en': english, 'es': spanish, 'fr': french, 'de': german}
