"""Reading days, times and repetitions out of words: each reader says how many words it took."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from logic.tasks.inputs import LATEST
from logic.tasks.quick_add import words
from logic.tasks.quick_add.words import Calendar

CLOCK = re.compile(r'(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|h|uhr)?')
ISO = re.compile(r'(\d{4})-(\d{1,2})-(\d{1,2})')
SLASHED = re.compile(r'(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4}|\d{2})?)?')
NUMBERED = re.compile(r'(\d{1,2})(?:st|nd|rd|th|er|[.ºo])?')
ORDINAL = re.compile(r'(\d{1,2})(st|nd|rd|th|er|\.)?\.?')
LONGEST_NUMBER = 4
EVENING = time(20)
"""When "tonight" is."""
STOPS = '.,;!'
"""May end a word of a sentence."""
DAY_CODES = ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and of how many words."""

    count: int
    on: date | None = None
    at: time | None = None
    is_time_alone: bool = False
    begin: time | None = None
    """Of a span, which ends at `at`."""


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A repetition that was read, and of how many words."""

    count: int
    rule: str
    after_completion: bool


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when somebody types."""

    now: datetime
    """The present moment on his wall clock, without a zone."""
    calendar: Calendar

    @property
    def today(self) -> date:
        """His day."""
        return self.now.date()


def read_when(given: Sequence[str], here: Here, *, is_repeated: bool = False, after: str = '') -> Read | None:
    """Read a day with or without a time, or a time alone, from the first words; None when there is none.

    What repeats has its day already: "at 9" is a time then, and no number of something. `after` is the word before.
    """
    taken = _skipped(given)
    timed = _read_clock(given, is_bare=True) if taken and given[0] in words.AT else None
    on = None if timed else _read_day(given[taken:], here) or _read_of_month(given[taken:], given[:taken], after, here)
    if on is not None:
        count, found = on
        is_evening = _evening(given[taken:]) > 0
        taken += count
        if span := _read_span(given[taken:]):
            return Read(taken + span[0], found, span[2], begin=span[1])
        at = _read_clock(given[taken:], is_bare=False)
        hour = at[1] if at else None
        if is_evening:
            hour = _in_the_evening(hour, here)
        return Read(taken + (at[0] if at else 0), found, hour)
    taken = 0 if timed else taken
    span = _read_span(given, is_alone=True)
    at = timed or _read_clock(given[taken:], is_bare=True, is_dotted=False)
    if at is None and is_repeated:
        taken, at = 0, _read_clock(given, is_bare=False)
    if span is not None:
        taken, at = 0, (span[0], span[2])
    if at is None:
        return None
    begin = span and span[1]
    taken += at[0]
    skip = _skipped(given[taken:])
    if (on := _read_day(given[taken + skip :], here)) is not None:  # 5pm on friday
        return Read(taken + skip + on[0], on[1], at[1], begin=begin)
    late = datetime.combine(here.today, at[1]) <= here.now
    return Read(taken, here.today + timedelta(days=late), at[1], is_time_alone=True, begin=begin)


def _skipped(given: Sequence[str]) -> int:
    """Return how many words stand before a day: "on friday", "on the 15th"."""
    return next((at for at, word in enumerate(given[:3]) if at == 2 or word not in words.ON), 0)


def _evening(given: Sequence[str]) -> int:
    """Return how many words say that it is for tonight."""
    return next((count for count in (1, 2) if ' '.join(given[:count]).rstrip(STOPS) in words.EVENING), 0)


def _in_the_evening(at: time | None, here: Here) -> time | None:
    """Return when of tonight: "at 9" is 21:00; without a time at eight, and when it is later already any time."""
    if at is None:
        return EVENING if here.now.time() < EVENING else None
    return at.replace(hour=at.hour + 12) if 0 < at.hour < 12 else at


def read_past(given: Sequence[str], here: Here) -> int:
    """Return how many of the first words speak of a day that is over: they are part of the title, and no date."""
    skip = 0
    for known in (words.DUE | words.START, words.ON):
        skip += len(given) > skip and given[skip].rstrip(':') in known
    count = _count_past(given[skip:], here)
    if not count:
        return 0
    at = _read_clock(given[skip + count :], is_bare=False)
    return skip + count + (at[0] if at else 0)


def _count_past(given: Sequence[str], here: Here) -> int:
    word, after, last, *_rest = *given[:3], '', '', ''
    if word in here.calendar.yesterday:
        return 1
    if word in words.SINCE and (read := read_when(given[1:], here)) is not None:
        return 1 + read.count
    if word in here.calendar.past and _is_span(after, here):
        return 2 + (_is_span(last, here) and after in words.UNITS)  # last week friday
    if _is_span(word, here) and after in here.calendar.past:
        if _is_span(last, here) and last in words.UNITS:  # friday last week
            return 3
        return 2 if after not in words.PAST['en'] | words.PAST['de'] else 0  # vendredi dernier
    ago = given[1:] if word in words.AGO else given
    count = len(given) - len(ago)
    if len(ago) > 1 and _small(ago[0]) and ago[1] in words.UNITS:
        return count + 2 if count else 3 * (last in words.AGO)
    return 0


def _is_span(word: str, here: Here) -> bool:
    plain = word.rstrip('.,')
    return plain in here.calendar.weekdays or plain in here.calendar.months or plain in words.UNITS


def _read_day(given: Sequence[str], here: Here) -> tuple[int, date] | None:
    if not given:
        return None
    word, today = given[0].rstrip(STOPS), here.today
    if count := _evening(given):
        return count, today
    if word in words.TODAY:
        return 1, today
    if word in words.TOMORROW:
        return 1, today + timedelta(days=1)
    if word in words.AFTER_TOMORROW:
        return 1, today + timedelta(days=2)
    if given[:2] == ['day', 'after'] and len(given) > 2 and given[2].rstrip(STOPS) in words.TOMORROW:
        return 3, today + timedelta(days=2)
    if word == 'pasado' and len(given) > 1 and given[1] in words.TOMORROW:
        return 2, today + timedelta(days=2)
    if word in words.NEXT and len(given) > 1:
        return _read_next(given, here)
    if (weekday := here.calendar.weekdays.get(word)) is not None:
        skip = 1 + _skipped(given[1:])  # friday the 4th of december
        on = _read_number(given[skip:], here) if len(given) > skip else None
        return (skip + on[0], on[1]) if on else (1 + _is_next(given), _next_weekday(today, weekday))
    if word in words.UNITS and (count := _is_next(given)):
        return 1 + count, _later(today, 1, words.UNITS[word])
    if word in words.IN:
        return _read_in(given, here)
    return _read_number(given, here)


def _is_next(given: Sequence[str]) -> int:
    """Return how many words after the first say that the next is meant: "lundi prochain", "lunes que viene"."""
    if len(given) > 1 and given[1].rstrip(STOPS) in words.NEXT - words.THIS - {'next'}:
        return 1
    return 2 * (' '.join(given[1:3]).rstrip(STOPS) == 'que viene')


def _read_in(given: Sequence[str], here: Here) -> tuple[int, date] | None:
    taken = 2 if given[0] == 'dentro' and len(given) > 1 and given[1] in words.OF else 1
    number, unit, *_rest = *given[taken : taken + 2], '', ''
    count = int(number) if _small(number) else words.NUMBERS.get(number, 0)
    if count and unit in words.UNITS:
        found = _later(here.today, count, words.UNITS[unit])
        return (taken + 2, found) if found <= LATEST else None
    return None


def _read_next(given: Sequence[str], here: Here) -> tuple[int, date] | None:
    weekday = here.calendar.weekdays.get(given[1].rstrip('.,'))
    if weekday is not None:
        return 2, _next_weekday(here.today, weekday)
    count = 3 if given[1] == 'fin' else 1
    if given[0] in words.THIS and ' '.join(given[1 : 1 + count]).rstrip(STOPS) in words.WEEKENDS:
        return 1 + count, here.today + timedelta(days=max(0, 5 - here.today.weekday()))  # on a Sunday it is this one
    if given[1] in words.UNITS and given[0] not in words.THIS:
        return 2, _later(here.today, 1, words.UNITS[given[1]])
    return None


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _later(today: date, count: int, unit: str) -> date:
    name = {'DAILY': 'days', 'WEEKLY': 'weeks', 'MONTHLY': 'months', 'YEARLY': 'years'}[unit]
    later: date = today + relativedelta(**{name: count})
    return later


def _small(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < LONGEST_NUMBER and int(word) > 0


def _read_number(given: Sequence[str], here: Here) -> tuple[int, date] | None:
    word, months = given[0].rstrip(','), here.calendar.months
    following, year, count = _month_and_year(given)
    if match := ISO.fullmatch(word):
        return _dated(1, int(match[1]), int(match[2]), int(match[3]), here)
    if (match := SLASHED.fullmatch(word)) and (match[2] == '/' or here.calendar.dotted or word.count('.') > 1):
        one, two = int(match[1]), int(match[3])
        month_first = here.calendar.month_first and match[2] == '/'
        month, on = (one, two) if month_first else (two, one)
        if month > 12 >= on:
            month, on = on, month
        stated = int(match[4]) + (2000 if len(match[4]) == 2 else 0) if match[4] else None
        return _dated(1, stated, month, on, here)
    if (number := NUMBERED.fullmatch(word)) and following in months:
        return _dated(count, year, months[following], int(number[1]), here)
    if word.rstrip('.') in months and (number := NUMBERED.fullmatch(following)):
        return _dated(count, year, months[word.rstrip('.')], int(number[1]), here)
    return None


def _read_of_month(given: Sequence[str], before: Sequence[str], after: str, here: Here) -> tuple[int, date] | None:
    """Read a day of this month or the next that has it: "on the 15th", "15th", "am 15.", "el 15", "el día 15", "le 15".

    What goes on with other words is no day: "on the 2nd floor".
    """
    skip = int(len(given) > 1 and given[0] == 'dia')
    leads = [given[0]] if skip else [word for word in (after.rstrip(':'), *before) if word != 'the'][-1:]
    found = ORDINAL.fullmatch(given[skip].rstrip(',;!')) if len(given) > skip else None
    if found is None:
        return None
    is_bare = not before and found[2] in ('st', 'nd', 'rd', 'th') and after not in words.AND | words.ON | {''}
    if not is_bare and not (words.NUMBERED | (words.MARKED if found[2] else set())).intersection(leads):
        return None
    count = skip + 1 + _month_named(given[skip + 1 :])
    if not ends(given[count:]):
        return None
    for months in range(12):
        first = here.today.replace(day=1) + relativedelta(months=months)
        on = first + timedelta(days=int(found[1]) - 1)
        if on.month == first.month and on >= here.today:
            return count, on
    return None


def ends(given: Sequence[str]) -> bool:
    """Say whether what was read before these words ends there: no plain word goes on with it."""
    if not given or _read_clock(given, is_bare=False):
        return True
    return given[0].rstrip('!:') in words.EVERY | words.DUE | words.START | words.TO | words.OFTEN.keys()


def _month_and_year(given: Sequence[str]) -> tuple[str, int | None, int]:
    """Return what follows the first word of a date, the year when one is said, and how many words all of it is."""
    at = 2 if len(given) > 2 and given[1] in words.OF else 1
    following = given[at].rstrip('.,') if len(given) > at else ''
    after = at + 2 if len(given) > at + 2 and given[at + 1] in words.OF else at + 1
    if len(given) > after and re.fullmatch(r'\d{4}', given[after]):
        return following, int(given[after]), after + 1
    return following, None, at + 1


def _dated(count: int, year: int | None, month: int, on: int, here: Here) -> tuple[int, date] | None:
    """Return a date; without a year the next one that is so, up to a leap day."""
    tries = [year] if year is not None else range(here.today.year, here.today.year + 9)
    for one in tries:
        try:
            found = date(one, month, on)
        except ValueError:
            continue
        if (year is not None or found >= here.today) and 1970 < found.year < 2200:
            return count, found
    return None


def _read_clock(given: Sequence[str], *, is_bare: bool, is_dotted: bool = True) -> tuple[int, time] | None:
    """Read a time of day. A number without a mark is none where it stands alone, nor is 9.30 without a day or "at"."""
    taken = 1 if given and given[0] in words.AT and len(given) > 1 else 0
    if taken and len(given) > 2 and given[1] in words.HOURS:
        taken = 2
    if len(given) <= taken:
        return None
    word = given[taken].rstrip(',;!')
    word = word if word.endswith(('a.m.', 'p.m.')) else word.rstrip('.')
    if word in words.NOON or word in words.MIDNIGHT:
        return taken + 1, time(12) if word in words.NOON else time(0)
    half = given[taken + 1].replace('.', '').rstrip(STOPS) if len(given) > taken + 1 else ''
    half = half if half in ('am', 'pm', 'uhr', 'h') else ''
    match = CLOCK.fullmatch(word + half)
    if match is None or not (match[2] or match[3] or (taken and not is_bare)):
        return None
    if '.' in word and not (match[3] or taken or is_dotted):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    mark = (match[3] or '').replace('.', '')
    if mark in ('am', 'pm'):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if mark == 'pm' else 0)
    if hour > 23 or minute > 59:
        return None
    return taken + 1 + bool(half), time(hour, minute)


def _read_span(given: Sequence[str], *, is_alone: bool = False) -> tuple[int, time, time] | None:
    """Read from when to when of a day: "3-5pm", "9:00 – 10:30", "15 bis 17 Uhr". Alone "2-3h" is how long it takes."""
    taken = int(len(given) > 1 and given[0] in words.AT | words.FROM)
    if len(given) <= taken:
        return None
    first, dash, last = given[taken].replace('–', '-').partition('-')
    rest: Sequence[str] = [last, *given[taken + 1 :]]
    if not dash and len(given) > taken + 2 and given[taken + 1] in words.UP_TO:
        dash, rest, taken = given[taken + 1], given[taken + 2 :], taken + 2
    end = _read_clock(rest, is_bare=False) if dash else None
    if end is None:
        return None
    said = first + ''.join(rest[: end[0]])
    if is_alone and ':' not in said and 'm' not in said:
        return None
    for mark in ('pm', 'am', '') if 'm' in said else ('', 'h'):
        begin = _read_clock([first + mark], is_bare=False)
        if begin is not None and begin[1] < end[1]:
            return taken + end[0], begin[1], end[1]
    return None


def read_rule(given: Sequence[str], here: Here) -> ReadRule | None:
    """Read a repetition from words that begin with `every`; `every!` counts from completion. None when it is none."""
    if given and (unit := words.OFTEN.get(given[0].rstrip(STOPS))):
        more, rule = _of_place(unit, given[1:], here) or (0, f'FREQ={unit}')
        is_said = more or given[0] not in words.OF_NOUNS or ends(given[1:]) or read_when(given[1:], here)
        return ReadRule(1 + more, rule, after_completion=False) if is_said else None
    if len(given) < 2 or given[0].rstrip('!') not in words.EVERY:
        return None
    after = given[0].endswith('!')
    rest, taken = given[1:], 1
    if rest and rest[0] in words.ON | words.ALL:
        rest, taken = rest[1:], taken + 1
    if not rest:
        return None
    found = _of_interval(rest, here) or _of_weekdays(rest, here) or _of_month(rest, here)
    if found is None or (after and 'BY' in found[1]):
        return None
    return ReadRule(taken + found[0], found[1], after)


def _of_interval(given: Sequence[str], here: Here) -> tuple[int, str] | None:
    steps, taken = 1, 0
    if given and _small(given[0]):
        steps, taken = int(given[0]), 1
    elif len(given) > 1 and given[0] in words.OTHER and (given[1] in words.UNITS):
        steps, taken = 2, 1
    if len(given) <= taken or given[taken] not in words.UNITS:
        if len(given) > taken + 1 and given[taken] in words.OTHER:  # every other friday
            days = _of_weekdays(given[taken + 1 :], here)
            return (taken + 1 + days[0], f'{days[1]};INTERVAL=2') if days else None
        return None
    interval = f';INTERVAL={steps}' if steps > 1 else ''
    unit, taken = words.UNITS[given[taken]], taken + 1
    more, rule = _of_place(unit, given[taken:], here) or (0, f'FREQ={unit}')
    return taken + more, rule + interval


def _of_place(unit: str, given: Sequence[str], here: Here) -> tuple[int, str] | None:
    """Read on which days of a week or a month: "on the 1st", "on day 15", "on the last friday", "on mon and thu"."""
    at = next((at for at, word in enumerate(given) if word not in words.ON), 0)
    rest, found = given[at:], None
    if at and unit == 'WEEKLY':
        found = _of_weekdays(rest, here)
    elif at and unit == 'MONTHLY' and words.UNITS.get(rest[0]) == 'DAILY':
        day = NUMBERED.fullmatch(rest[1]) if len(rest) > 1 else None
        found = (2, f'FREQ=MONTHLY;BYMONTHDAY={int(day[1])}') if day and 1 <= int(day[1]) <= 31 else None
    elif at and unit == 'MONTHLY':
        found = _of_month(rest, here)
    return (at + found[0], found[1]) if found and found[1].startswith(f'FREQ={unit};') else None


def _of_weekdays(given: Sequence[str], here: Here) -> tuple[int, str] | None:
    if given and given[0] in words.WORKDAYS:
        return 1, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'
    if given and given[0] in words.WEEKENDS:
        return 1, 'FREQ=WEEKLY;BYDAY=SA,SU'
    codes: list[str] = []
    taken = at = 0
    while at < min(len(given), 16):
        number = here.calendar.weekdays.get(given[at].rstrip(',.'))
        if number is not None:
            codes.append(DAY_CODES[number])
            taken = at = at + 1
        elif codes and given[at] in words.AND:
            at += 1
        else:
            break
    if not codes:
        return None
    return taken, f'FREQ=WEEKLY;BYDAY={",".join(sorted(set(codes), key=DAY_CODES.index))}'


def _of_month(given: Sequence[str], here: Here) -> tuple[int, str] | None:
    place = _place(given[0]) if given else None
    if place is not None and len(given) > 1:
        weekday = here.calendar.weekdays.get(given[1].rstrip(',.'))
        taken = 2 + _month_named(given[2:])
        if weekday is not None:
            return taken, f'FREQ=MONTHLY;BYDAY={place}{DAY_CODES[weekday]}'
        if place == -1 and words.UNITS.get(given[1]) == 'DAILY':
            return taken, 'FREQ=MONTHLY;BYMONTHDAY=-1'
    found = _read_number(given, here)
    if found is not None:
        return found[0], f'FREQ=YEARLY;BYMONTH={found[1].month};BYMONTHDAY={found[1].day}'
    if given and (match := re.fullmatch(r'(\d{1,2})(st|nd|rd|th|er|\.)', given[0])) and 1 <= int(match[1]) <= 31:
        return 1, f'FREQ=MONTHLY;BYMONTHDAY={int(match[1])}'
    return None


def _place(word: str) -> int | None:
    """Return which of a month a word says: "first", "1st", "1."."""
    number = re.fullmatch(r'([1-5])(?:st|nd|rd|th|er|e|[.ºo])', word)
    return int(number[1]) if number else words.ORDINALS.get(word)


def _month_named(given: Sequence[str]) -> int:
    """Return how many words name the month that is meant anyhow: "of the month", "im Monat"."""
    at = next((at for at, word in enumerate(given) if word not in words.WITHIN), 0)
    return at + 1 if at and words.UNITS.get(given[at].rstrip(STOPS)) == 'MONTHLY' else 0
