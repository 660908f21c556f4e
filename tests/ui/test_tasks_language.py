"""That the screens of tasks speak the language of whoever reads them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from data.later import Later
from data.tasks import ColumnKind, ListVisibility, ReminderKind, ShareLevel, TaskPriority, TaskStatus
from logic.core.language import speaking
from logic.tasks import ReminderRow
from logic.tasks.quick_add.days import Here
from logic.tasks.quick_add.parsing import ChipKind, read_line
from logic.tasks.quick_add.words import calendar_of
from ui.pages.tasks import board, cells, figures, filters, gone, list_form, mine, proposed, quick, sharing
from ui.pages.tasks.task import reminding, repeats

CHOICES = [
    *board.VIEWS, *filters.DUE, *filters.WHO, *list_form.COLOURS, *mine.SECTIONS, *reminding.CHOICES, *repeats.NTH,
    *repeats.UNITS, *repeats.DAYS.items(), *repeats.WORDS.items(), *sharing.KINDS.items(), *gone.WHAT.items(),
    *((name, label) for name, (label, _tone) in proposed.FATES.items()),
    *((one, one.label) for kind in (ColumnKind, ListVisibility, ShareLevel, TaskPriority, TaskStatus) for one in kind),
]  # fmt: skip
SAME = {'Person'}


def test_what_is_made_at_the_start_is_said_in_german() -> None:
    made = [choice[1] for choice in CHOICES]
    with speaking('de'):
        english = {text for text in made if str(text) == str.__str__(text)}
    assert all(isinstance(text, Later) for text in made)
    assert english == SAME


def test_the_heads_of_the_table_are_said_in_spanish() -> None:
    with speaking('es'):
        heads = [column.data['label'] for column in cells.columns('UTC')]
    assert heads[:5] == ['Tarea', 'Estado', 'Prioridad', 'Vence', 'Lista']


@pytest.mark.parametrize(
    ('locale', 'said'),
    [
        ('en', ['When it is due', '1 day before it is due', '2 weeks before it begins']),
        ('es', ['Cuando vence', '1 día antes de que venza', '2 semanas antes de que empiece']),
        ('fr', ['À l’échéance', '1 jour avant l’échéance', '2 semaines avant le début']),
        ('de', ['Wenn sie fällig ist', '1 Tag vor der Fälligkeit', '2 Wochen vor dem Beginn']),
    ],
)
def test_a_reminder_says_when_it_comes(locale: str, said: list[str]) -> None:
    due, start = ReminderKind.BEFORE_DUE, ReminderKind.BEFORE_START
    rows = [_reminder(due, 0), _reminder(due, 1440), _reminder(start, 20_160)]
    with speaking(locale):
        assert [line.title for line in reminding.lines(rows, 'UTC')] == said


@pytest.mark.parametrize('locale', ['en', 'es', 'fr', 'de'])
def test_the_hints_of_quick_add_are_read_as_they_say(locale: str) -> None:
    here = Here(datetime(2026, 11, 20, 15), calendar_of(locale, 'US'))  # noqa: DTZ001  a wall clock
    of_whole = {ChipKind.REPEAT, ChipKind.LIST}
    for hint, without in ((quick.HINT, {ChipKind.START}), (quick.HINT_OF_PARTS, {ChipKind.START} | of_whole)):
        with speaking(locale):
            example, _dot, more = str(hint).partition(': ')[2].partition('. ')
        line = read_line(example, here)
        assert {chip.kind for chip in line.chips} == set(ChipKind) - without
        assert (line.due, example.startswith(f'{line.title} ')) == (datetime(2026, 11, 27, 17), True)  # noqa: DTZ001
        quoted = more.split('"')[1]
        assert read_line(f'Xyz "{quoted}"', here).title == f'Xyz {quoted}'
        assert read_line(f'Xyz {quoted}', here).due is not None


def test_a_reminder_at_a_time_is_said_in_the_zone_and_the_way_of_the_reader() -> None:
    row = _reminder(ReminderKind.AT, 0, datetime(2026, 12, 1, 14, tzinfo=UTC))
    with speaking('de'):
        assert reminding.lines([row], 'Europe/Vienna')[0].title == 'Di., 01.12.2026, 15:00'
    with speaking('en-US'):
        assert reminding.lines([row], 'America/New_York')[0].title.replace('\u202f', ' ') == 'Tue, Dec 1, 2026, 9:00 AM'


def test_a_time_is_as_long_as_people_say() -> None:
    with speaking('de'):
        assert [figures.span(minutes) for minutes in (None, 5, 90, 2160)] == ['–', '5 Min.', '1,5 Std.', '1,5 Tage']


def _reminder(kind: ReminderKind, minutes: int, at: datetime | None = None) -> ReminderRow:
    return ReminderRow(UUID(int=1), kind, minutes, at, None)
