"""When a task comes again: RFC 5545 rules on the wall clock, each expansion with an end (rules 4 to 7 and 9).

A rule is expanded on local time without a zone and converted afterwards, so that 09:00 stays 09:00 over a clock change.
Two things differ from the letter of RFC 5545: a month without the day of the rule takes its last day, which is written
out as `BYMONTHDAY=28,29,30,31;BYSETPOS=-1`, and nothing comes more often than once a day.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil import rrule
from dateutil.relativedelta import relativedelta

from data.tasks import AnchorMode
from logic.core.errors import Invalid
from logic.core.formats import day_of_year_text, day_text, weekday_text
from logic.core.language import _, later, many, sense

HORIZON_YEARS = 9
"""So far ahead is looked for the next occurrence, beside three intervals: 29 February is at most eight years away."""
MOST_INTERVAL = {'DAILY': 3660, 'WEEKLY': 520, 'MONTHLY': 120, 'YEARLY': 10}
MOST_COUNT = 730
LONGEST_RULE = 500
FIRST_YEAR, LAST_YEAR = 1970, 2299
CYCLE_YEARS = 400
"""After so many years the days of the week and the leap years come again as they were."""
LEAP_YEAR = 2028
"""Has every day of the year."""
FREQUENCIES = {'DAILY': rrule.DAILY, 'WEEKLY': rrule.WEEKLY, 'MONTHLY': rrule.MONTHLY, 'YEARLY': rrule.YEARLY}
WEEKDAYS = ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
RANGES = {
    'BYMONTHDAY': (-31, 31), 'BYMONTH': (1, 12), 'BYSETPOS': (-366, 366), 'BYYEARDAY': (-366, 366),
    'BYWEEKNO': (-53, 53), 'COUNT': (1, MOST_COUNT),
}  # fmt: skip
UNTIL = re.compile(r'[0-9]{8}(T[0-9]{6}Z?)?')
BYDAY = re.compile(r'([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)')
MOST_IN_MONTH, MOST_IN_YEAR = 5, 53
"""So often a weekday comes."""
TIMED, WHOLE = '%Y%m%dT%H%M%S', '%Y%m%d'


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule with its start: what a series holds."""

    starts: str
    """DTSTART on the wall clock: `20260131T090000`, or `20260131` for whole days."""
    zone: str
    rule: str
    mode: AnchorMode = AnchorMode.SCHEDULE

    @property
    def is_timed(self) -> bool:
        """Say whether it has a time of day."""
        return 'T' in self.starts

    @property
    def begin(self) -> datetime:
        """The start on the wall clock; midnight for whole days."""
        return wall(self.starts)

    @property
    def parts(self) -> dict[str, str]:
        """The parts of the rule by name."""
        return dict(part.split('=', 1) for part in self.rule.split(';'))


def wall(text: str) -> datetime:
    """Read a wall-clock time or day as a series writes it."""
    return datetime.strptime(text, TIMED if 'T' in text else WHOLE)  # noqa: DTZ007  wall clock: its zone stands beside it


def written(on: date, at: datetime | None, zone: str) -> str:
    """Write when something is due as a series does: on the wall clock of a zone."""
    return on.strftime(WHOLE) if at is None else at.astimezone(ZoneInfo(zone)).strftime(TIMED)


def instant_of(local: datetime, zone: str) -> datetime:
    """Return the instant of a wall-clock time: one that the clocks leave out moves on, of two alike it is the first."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def made(rule: str, starts: str, zone: str, mode: AnchorMode) -> Recurrence:
    """Check a rule and return it as it is stored.

    Raises Invalid for what is no rule, comes more often than daily, never comes again, or is more than a bare interval
    when it is reckoned from completion.
    """
    parts = _parse(rule)
    start = wall(starts)
    if mode is AnchorMode.COMPLETION and (extra := parts.keys() - {'FREQ', 'INTERVAL', 'COUNT', 'UNTIL'}):
        raise _wrong(
            _('After completion only an interval counts, such as every 3 days; {part} does not fit.', part=min(extra))
        )
    parts = _clamped(parts, start)
    if 'UNTIL' in parts:
        parts['UNTIL'] = _until(parts['UNTIL'], zone, timed='T' in starts)
    names = ['FREQ', *sorted(parts.keys() - {'FREQ'})]
    text = ';'.join(f'{name}={parts[name]}' for name in names)
    if len(text) > LONGEST_RULE:
        raise _wrong(_('The rule is too long. Say it in fewer parts.'))
    recurrence = Recurrence(starts, zone, text, mode)
    if mode is AnchorMode.SCHEDULE and next(_after(recurrence, start), None) is None:
        raise _wrong(_('This never comes again. Look at the days and at the end of the rule.'))
    return recurrence


def _wrong(why: str) -> Invalid:
    return Invalid('This cannot be repeated so.', {'repeat': why})


def _parse(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix('RRULE:').strip().strip(';').split(';'):
        name, equals, value = (piece.strip() for piece in part.partition('='))
        if not equals or not value or name in parts:
            raise _wrong(_('"{part}" is no part of a rule. Write it as FREQ=WEEKLY;BYDAY=FR.', part=part[:40]))
        parts[name] = value
    if parts.get('FREQ') not in FREQUENCIES:
        raise _wrong(_('Choose daily, weekly, monthly or yearly: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.'))
    if 'COUNT' in parts and 'UNTIL' in parts:
        raise _wrong(_('Give a number of times or a last day, not both.'))
    for name, value in parts.items():
        _check_part(name, value, parts)
    return parts


def _check_part(name: str, value: str, parts: dict[str, str]) -> None:
    frequency = parts['FREQ']
    if name in ('INTERVAL', *RANGES):
        if name in ('BYYEARDAY', 'BYWEEKNO') and frequency != 'YEARLY':
            raise _wrong(_('{part} is for what comes once a year.', part=name))
        if name in ('BYMONTHDAY', 'BYSETPOS') and frequency in ('DAILY', 'WEEKLY'):
            raise _wrong(_('{part} is for what comes once a month or a year.', part=name))
        least, most = RANGES.get(name, (1, MOST_INTERVAL[frequency]))
        numbers = value.split(',')
        if len(numbers) > (1 if name in ('INTERVAL', 'COUNT') else 100):
            raise _wrong(_('{part} has too many numbers.', part=name))
        for number in numbers:
            _check_number(name, number, least, most)
    elif name == 'BYDAY':
        _check_weekdays(value, parts)
    elif name == 'UNTIL' and not UNTIL.fullmatch(value):
        raise _wrong(_('Write UNTIL as 20261231 or 20261231T235959Z.'))
    elif name == 'WKST' and value not in WEEKDAYS:
        raise _wrong(_('WKST is a weekday, such as MO.'))
    elif name not in ('FREQ', 'UNTIL', 'WKST'):
        raise _wrong(_('{part} is not supported for tasks.', part=name[:20]))


def _check_weekdays(value: str, parts: dict[str, str]) -> None:
    if len(value) > 200 or not all(BYDAY.fullmatch(day) for day in value.split(',')):
        raise _wrong(_('Write BYDAY as MO,WE or as 2TU for the second Tuesday.'))
    if parts['FREQ'] in ('DAILY', 'WEEKLY') and re.search(r'\d', value):
        raise _wrong(_('A second Tuesday is one of a month or a year.'))
    numbers = [int(day[:-2]) for day in value.split(',') if day[:-2]]
    if 0 in numbers:
        raise _wrong(_('There is no weekday number 0.'))
    most = MOST_IN_YEAR if parts['FREQ'] == 'YEARLY' and 'BYMONTH' not in parts else MOST_IN_MONTH
    for number in numbers:
        _check_number('BYDAY', str(number), -most, most)


def _check_number(name: str, value: str, least: int, most: int) -> None:
    if not re.fullmatch(r'[+-]?[0-9]{1,5}', value) or not least <= int(value) <= most or int(value) == 0:
        raise _wrong(_('{part} is a number from {least} to {most}.', part=name, least=least, most=most))


def _clamped(parts: dict[str, str], start: datetime) -> dict[str, str]:
    """Write out that a short month takes its last day (rule 6)."""
    if parts['FREQ'] not in ('MONTHLY', 'YEARLY') or parts.keys() & {'BYDAY', 'BYSETPOS', 'BYYEARDAY', 'BYWEEKNO'}:
        return parts
    days = parts.get('BYMONTHDAY', str(start.day))
    if not days.isdigit() or int(days) <= 28:
        return parts
    every = ','.join(str(day) for day in range(28, int(days) + 1))
    month = {} if parts['FREQ'] == 'MONTHLY' or 'BYMONTH' in parts else {'BYMONTH': str(start.month)}
    return {**parts, **month, 'BYMONTHDAY': every, 'BYSETPOS': '-1'}


def _until(text: str, zone: str, *, timed: bool) -> str:
    """Return UNTIL as RFC 5545 wants it: in UTC when the start has a zone and a time, else a day."""
    try:
        if not FIRST_YEAR <= wall(text.removesuffix('Z')).year <= LAST_YEAR:
            raise ValueError(text)
        if not timed:
            return text[:8]
        if text.endswith('Z'):
            at = wall(text.removesuffix('Z')).replace(tzinfo=UTC)
        else:
            local = wall(text) if 'T' in text else datetime.combine(wall(text), time(23, 59, 59))
            at = instant_of(local, zone)
    except (ValueError, OverflowError):
        raise _wrong(_('Write UNTIL as 20261231 or 20261231T235959Z.')) from None
    return at.strftime(f'{TIMED}Z')


def _last(recurrence: Recurrence) -> datetime | None:
    """Return the last moment of a rule on its wall clock."""
    text = recurrence.parts.get('UNTIL')
    if text is None:
        return None
    if not text.endswith('Z'):
        return wall(text)
    at = wall(text.removesuffix('Z')).replace(tzinfo=UTC)
    return at.astimezone(ZoneInfo(recurrence.zone)).replace(tzinfo=None)  # allow LR10: a rule is expanded on local time


def _after(recurrence: Recurrence, reference: datetime) -> Iterator[datetime]:
    """Yield the occurrences after a wall-clock time, and stop at the end of the rule or of the horizon."""
    parts, start = recurrence.parts, recurrence.begin
    count = int(parts.pop('COUNT', '0'))
    parts.pop('UNTIL', None)
    step = _step(parts)
    if not count:  # else they are counted from the first
        start = _forward(start, step, reference)
    end = min(max(reference, start) + relativedelta(years=HORIZON_YEARS) + 3 * step, datetime(LAST_YEAR, 12, 31))  # noqa: DTZ001
    last = _last(recurrence)
    text = ';'.join(f'{name}={value}' for name, value in parts.items())
    # What never occurs is sought until the year 9999: whole cycles later that is near, and all days are the same.
    ahead = (MAXYEAR - end.year) // CYCLE_YEARS * CYCLE_YEARS
    until = min(end, last) if last else end
    try:
        rule = rrule.rrulestr(text, dtstart=_years_on(start, ahead)).replace(until=_years_on(until, ahead))
    except (ValueError, TypeError, IndexError, KeyError):
        raise _wrong(_('This is no rule that a calendar understands.')) from None
    every: Iterator[datetime] = iter(rule)
    for found in islice(every, count) if count else every:
        local = _years_on(found, -ahead)
        if local > reference:
            yield local


def _years_on(local: datetime, years: int) -> datetime:
    return local.replace(year=local.year + years)


def _step(parts: dict[str, str]) -> relativedelta:
    unit = {'DAILY': 'days', 'WEEKLY': 'weeks', 'MONTHLY': 'months', 'YEARLY': 'years'}[parts['FREQ']]
    return relativedelta(**{unit: int(parts.get('INTERVAL', '1'))})


def _forward(start: datetime, step: relativedelta, reference: datetime) -> datetime:
    """Return a start some steps before a time, from which the same occurrences follow: years of days take seconds."""
    days = step.days + 31 * step.months + 366 * step.years
    steps = (reference - start).days // days - 1
    return start + steps * step if steps > 0 else start


def occurrences(recurrence: Recurrence, after: datetime, count: int) -> list[datetime]:
    """Return the next occurrences after a wall-clock time, at most so many: what a person is shown while choosing."""
    return list(islice(_after(recurrence, after), count))


def begun_anew(recurrence: Recurrence) -> str:
    """Return a rule as it begins another time: a last day becomes the number of times until then."""
    parts = recurrence.parts
    if parts.pop('UNTIL', None) is None:
        return recurrence.rule
    times = len(occurrences(recurrence, recurrence.begin - timedelta(seconds=1), MOST_COUNT))
    return ';'.join(f'{name}={value}' for name, value in (parts | {'COUNT': str(max(2, times))}).items())


def first_on(rule: str, mode: AnchorMode, earliest: date) -> date:
    """Return the first day of a rule that begins on a day or soon after it. Raises Invalid for what is no rule."""
    one = made(rule, earliest.strftime(WHOLE), 'UTC', mode)
    found = occurrences(one, one.begin - timedelta(seconds=1), 1) if mode is AnchorMode.SCHEDULE else []
    return found[0].date() if found else earliest


def following(recurrence: Recurrence, due: str, now: datetime, made_count: int) -> str | None:
    """Return the occurrence after one that is finished now, as a series writes it; None when there is no more.

    On a schedule it is the first one after the later of the last due date and now, so that what is late is not done
    again and again (rule 4). After completion it is the day of completion in the zone of the series, plus the interval,
    at the old time of day (rule 5).
    """
    here = now.astimezone(ZoneInfo(recurrence.zone))
    if recurrence.mode is AnchorMode.COMPLETION:
        return _from_completion(recurrence, due, here, made_count)
    if not recurrence.is_timed:
        reference = max(wall(due[:8]), datetime.combine(here.date(), time()))
        found = next(_after(recurrence, reference), None)
        return found.strftime(WHOLE) if found else None
    last = max(instant_of(wall(due) if 'T' in due else datetime.combine(wall(due), time(23, 59)), recurrence.zone), now)
    there = last.astimezone(ZoneInfo(recurrence.zone))
    # On the night of a clock change the wall clock alone does not tell what is later: a few hours of room.
    reference = datetime.combine(there.date(), there.time()) - timedelta(hours=3)
    for local in _after(recurrence, reference):
        if instant_of(local, recurrence.zone) > last:
            return local.strftime(TIMED)
    return None


def _from_completion(recurrence: Recurrence, due: str, here: datetime, made_count: int) -> str | None:
    parts = recurrence.parts
    if made_count >= int(parts.get('COUNT', MOST_COUNT + 1)):
        return None
    on: date = here.date() + _step(parts)  # a month is clamped
    local = datetime.combine(on, wall(due).time())
    last = _last(recurrence)
    if last is not None and (local > last if recurrence.is_timed else local.date() > last.date()):
        return None
    return local.strftime(TIMED if 'T' in due else WHOLE)


def in_words(recurrence: Recurrence) -> str:
    """Say in a few words of the reader's language how often something comes."""
    parts = recurrence.parts
    said = _every(parts['FREQ'], int(parts.get('INTERVAL', '1')))
    if 'BYDAY' in parts:
        days = ', '.join(_day_in_words(day) for day in parts['BYDAY'].split(','))
        said = _('{every} on {days}', every=said, days=days)
    elif parts.get('BYMONTHDAY') == '-1':
        said = _('{every} on the last day', every=said)
    elif 'BYMONTHDAY' in parts:
        numbers = parts['BYMONTHDAY'].split(',')
        numbers = numbers[-1:] if parts.get('BYSETPOS') else numbers
        days = ', '.join(numbers)
        if len(numbers) == 1 and days.isdigit() and parts.get('BYMONTH', '').isdigit():
            month = int(parts['BYMONTH'])
            on = date(LEAP_YEAR, month, min(int(days), monthrange(LEAP_YEAR, month)[1]))
            said = _('{every} on {day}', every=said, day=day_of_year_text(on))
        else:
            said = many('{every} on day {days}', '{every} on days {days}', len(numbers), every=said, days=days)
    if 'COUNT' in parts:
        said = many('{words}, {count} time', '{words}, {count} times', int(parts['COUNT']), words=said)
    if (last := _last(recurrence)) is not None:
        said = _('{words}, until {day}', words=said, day=day_text(last.date()))
    return _('{words}, after completion', words=said) if recurrence.mode is AnchorMode.COMPLETION else said


def _every(frequency: str, steps: int) -> str:
    if frequency == 'DAILY':
        return _('Every day') if steps == 1 else _('Every {count} days', count=steps)
    if frequency == 'WEEKLY':
        return _('Every week') if steps == 1 else _('Every {count} weeks', count=steps)
    if frequency == 'MONTHLY':
        return _('Every month') if steps == 1 else _('Every {count} months', count=steps)
    return _('Every year') if steps == 1 else _('Every {count} years', count=steps)


PLACES = {
    1: later('the first {weekday}'), 2: later('the second {weekday}'), 3: later('the third {weekday}'),
    4: later('the fourth {weekday}'), 5: later('the fifth {weekday}'), -1: later('the last {weekday}'),
    -2: later('the second to last {weekday}'),
}  # fmt: skip


def _day_in_words(day: str) -> str:
    match = BYDAY.fullmatch(day)
    assert match is not None
    name = weekday_text(WEEKDAYS.index(match[2]))
    if match[1] is None:
        return sense('on a day of the week', '{weekday}', weekday=name)
    place = int(match[1])
    if place in PLACES:
        return _(PLACES[place], weekday=name)
    if place > 0:
        return _('{weekday} number {place}', weekday=name, place=place)
    return _('{weekday} number {place} from the end', weekday=name, place=-place)
