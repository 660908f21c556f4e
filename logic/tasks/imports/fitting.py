"""Fitting what a file tells of a task to what is here: people, dates, rules and columns; what does not fit is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from data.tasks import BoardColumn, ColumnKind, TaskStatus
from logic.core.errors import Invalid
from logic.core.language import _
from logic.members.directory import Label
from logic.members.names import fold
from logic.tasks import recurrence
from logic.tasks.imports.found import Again, Found
from logic.tasks.inputs import EARLIEST, LATEST, MOST_ASSIGNEES, MOST_CHECKLIST, MOST_LABELS, days_of, localised
from logic.tasks.quick_add import read_moment
from logic.tasks.quick_add.days import Here
from logic.tasks.settling import KIND_FOR


@dataclass(slots=True)
class Fitting:
    """What tasks are fitted to, and which occurrences of which series were met so far."""

    zone: str
    now: datetime
    here: Here
    reader: str
    """The name of who imports."""
    people: Mapping[str, Sequence[Label]]
    """By whatever somebody answers to, folded."""
    met: set[tuple[str, ...]] = field(default_factory=set)


def fit(task: Found, to: Fitting) -> list[str]:
    """Put ids in place of names, and take out of a task what cannot be; returns what is said of it."""
    notes = list(task.faults)
    if task.whole is not None and task.whole.refusal:
        notes.append(_('It is a part of a task that is left out. It stands alone.'))
        task.whole = None
    if task.whole is not None and fold(task.whole.list_name) != fold(task.list_name) and task.list_name:
        notes.append(_('It goes to the list of the task that it is a part of.'))
    if task.when_said:
        notes += _read_words(task, to)
    notes += [*_fit_dates(task, to), *_fit_repeat(task, to), *_fit_people(task, to), *_fit_many(task)]
    if task.author and fold(task.author) != fold(to.reader):
        notes.append(_('{name} added it; here you do.', name=task.author))
    return list(dict.fromkeys(notes))


def _read_words(task: Found, to: Fitting) -> list[str]:
    read = read_moment(task.when_said, to.here, task.zone or to.zone)
    if read is None:
        return [_('"{value}" is no date that can be read; it is left out.', value=task.when_said[:40])]
    task.due, repeat, said = read
    task.again = Again(repeat.rule, repeat.mode) if repeat is not None else None
    return [_('"{value}" was read as: {read}.', value=task.when_said[:40], read=said)]


def _fit_dates(task: Found, to: Fitting) -> list[str]:
    zone, notes = task.zone or to.zone, []
    for name in ('due', 'start'):
        when = _there(getattr(task, name), zone)
        if when is not None and not EARLIEST <= days_of(when) <= LATEST:
            notes.append(_('"{value}" is too far away.', value=when.isoformat()[:16]))
            when = None
        setattr(task, name, when)
    if task.start is not None and task.due is not None:
        (start_on, start_at), (due_on, due_at) = localised(task.start, zone), localised(task.due, zone)
        if start_on > due_on or (start_at and due_at and start_at > due_at):
            notes.append(_('It would begin after it is due: when it begins is left out.'))
            task.start = None
    if task.completed_at is not None:
        at = localised(task.completed_at, zone)[1]
        task.completed_at = min(at, to.now) if at is not None else None
    return notes


def _there(when: date | datetime | None, zone: str) -> date | datetime | None:
    """Return a point in time as it is written in a zone: whoever compares days compares those of one place."""
    return when.astimezone(ZoneInfo(zone)) if isinstance(when, datetime) and when.tzinfo else when


def _fit_repeat(task: Found, to: Fitting) -> list[str]:
    again = task.again
    if again is None:
        return []
    task.again = None
    if task.whole is not None:
        return [_('A sub-task comes again with its task; how it comes again by itself is left out.')]
    zone, due = task.zone or to.zone, ''
    if task.due is not None:
        on, at = localised(task.due, zone)
        due = recurrence.written(on, at, again.zone or zone)
    if not (again.starts or due) or not (again.occurrence or due):
        return [_('It comes again, and has no date to reckon from: how it comes again is left out.')]
    try:
        one = recurrence.made(again.rule, again.starts or due, again.zone or zone, again.mode)
    except Invalid as refused:
        return [_('How it comes again is left out: {why}', why=refused.fields.get('repeat', refused.message))]
    occurrence = again.occurrence or due
    task.again = replace(again, rule=one.rule, starts=one.starts, zone=one.zone, occurrence=occurrence)
    met = (again.series, one.starts, one.zone, one.rule, occurrence)
    if again.series and met in to.met:
        task.again = None
        return [_('Another task of this file comes again on the same date: how this one does is left out.')]
    to.met.add(met)
    return []


def _fit_people(task: Found, to: Fitting) -> list[str]:
    """Put ids in place of the names of people, as far as just one answers to a name."""
    notes: list[str] = []

    def id_of(name: str) -> str:
        found = to.people.get(fold(name), ())
        if len(found) == 1:
            return str(found[0].id)
        several = found and _('There is more than one named {name}; left out.', name=name)
        notes.append(several or _('There is nobody named {name}; left out.', name=name))
        return ''

    task.people = list(dict.fromkeys(filter(None, [id_of(name) for name in task.people if name])))
    task.checklist = [replace(step, person=id_of(step.person)) if step.person else step for step in task.checklist]
    if any(one.on > to.here.today for one in task.spent):
        notes.append(_('Time is noted when it is spent: what is noted for a day to come is left out.'))
    past = [one for one in task.spent if EARLIEST <= one.on <= to.here.today]
    task.spent = [replace(one, person=person) for one in past if (person := id_of(one.person))]
    return notes


def fit_time(task: Found, member_id: UUID | None) -> list[str]:
    """Leave out the time of others, for a list that the reader does not manage."""
    own = [one for one in task.spent if one.person == str(member_id)]
    is_less, task.spent = len(own) < len(task.spent), own
    return [_('Time that others spent is left out: who manages the list may bring it along.')] if is_less else []


def _fit_many(task: Found) -> list[str]:
    """Leave out what there is too much of."""
    task.labels = list({label.casefold(): label for label in reversed(task.labels) if label}.values())[::-1]
    steps = []
    for step in task.checklist:
        within = step.due_on is None or EARLIEST <= step.due_on <= LATEST
        steps += [step if within else replace(step, due_on=None)] if step.title else []
    task.checklist, notes = steps, []
    for name, most in (('labels', MOST_LABELS), ('checklist', MOST_CHECKLIST), ('people', MOST_ASSIGNEES)):
        held = getattr(task, name)
        if len(held) > most:
            what = {'labels': _('labels'), 'checklist': _('steps'), 'people': _('people')}[name]
            notes.append(_('Of {count} {what} the first {most} are taken.', count=len(held), what=what, most=most))
            setattr(task, name, held[:most])
    return notes


def fit_column(task: Found, columns: Mapping[str, BoardColumn]) -> list[str]:
    """Say when a list that stands already has no such column, or one that means another status."""
    if task.column and column_for(task, columns) is None:
        return [
            _('The list has no column "{column}" for what is {status}.', column=task.column, status=task.status.label)
        ]
    return []


def column_for(task: Found, columns: Mapping[str, BoardColumn]) -> BoardColumn | None:
    """Return the column of its name, when what stands there has its status."""
    column = columns.get(fold(task.column)) if task.column else None
    if column is None or task.status is TaskStatus.CANCELLED or KIND_FOR[task.status] is column.kind:
        return column
    return None


def kinds_told(tasks: Iterable[Found]) -> dict[str, ColumnKind]:
    """Return what columns mean, by name, as far as all tasks of the file that stand in them agree."""
    told: dict[str, set[ColumnKind]] = {}
    for task in tasks:
        if task.column_kind is not None:
            told.setdefault(fold(task.column), set()).add(task.column_kind)
    return {name: kinds.pop() for name, kinds in told.items() if len(kinds) == 1}
