"""A task as a file tells of it, and how its words, days and numbers are read: what cannot be taken is said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from data.tasks import AnchorMode, ColumnKind, TaskPriority, TaskStatus
from logic.core.errors import Invalid
from logic.core.formats import number_text
from logic.core.language import _, later
from logic.core.rich_text import clean as clean_html
from logic.core.rich_text import from_plain
from logic.core.rich_text import plain as plain_text
from logic.members.names import clean, fold
from logic.tasks.rows import TaskRow

LONGEST_TEXT = 20_000
NO_DATE = '0001-'
DONE = frozenset({
    'completed', 'complete', 'done', 'closed', 'yes', 'true', 'x', '1', 'finished', 'resolved', 'hecho', 'hecha',
    'completada', 'completado', 'terminada', 'cerrada', 'fait', 'fini', 'termine', 'terminee', 'acheve', 'erledigt',
    'fertig', 'abgeschlossen',
})  # fmt: skip
STARTED = frozenset({
    'in progress', 'in_progress', 'doing', 'started', 'active', 'in arbeit', 'begonnen', 'en curso', 'en proceso',
    'en cours', 'commence', 'commencee',
})  # fmt: skip
CANCELLED = frozenset(
    {'cancelled', 'canceled', 'wont do', "won't do", 'cancelada', 'anulada', 'annule', 'annulee', 'abgebrochen'}
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a checklist."""

    title: str
    is_done: bool = False
    due_on: date | None = None
    person: str = ''
    """A name; once it is resolved the id of a member."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, with who wrote it as the file names him, and when as far as it tells."""

    author: str
    body: str
    """Cleaned HTML."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """Time that somebody spent on a task."""

    person: str
    """A name; once it is resolved the id of a member."""
    on: date
    minutes: int
    note: str = ''


@dataclass(frozen=True, slots=True)
class Again:
    """How a task comes again."""

    rule: str
    mode: AnchorMode = AnchorMode.SCHEDULE
    starts: str = ''
    """As a series writes it; empty for the date on which the task is due."""
    zone: str = ''
    series: str = ''
    """What tasks of one series have in common; empty for a series of its own."""
    occurrence: str = ''
    made_count: int = 1
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A task that is here already."""

    row: TaskRow
    description: str


@dataclass(slots=True, eq=False)
class Found:
    """A task as a file tells of it."""

    place: int
    """Its line in a table, or its number in the file, counted from 1."""
    title: str = ''
    description: str = ''
    """Cleaned HTML."""
    list_name: str = ''
    column: str = ''
    column_kind: ColumnKind | None = None
    """What its column means, as far as the file tells; None to go by the name."""
    status: TaskStatus = TaskStatus.PENDING
    priority: TaskPriority = TaskPriority.MEDIUM
    due: date | datetime | None = None
    start: date | datetime | None = None
    zone: str = ''
    """Where its days and times are meant; empty for where the reader is."""
    when_said: str = ''
    """When it is due in words, such as `every friday`: read where somebody's today and language are known."""
    estimate_minutes: int | None = None
    progress: int = 0
    completed_at: datetime | None = None
    """Without a zone it is meant where the reader is."""
    people: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    checklist: list[Step] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    steps_told: int = 0
    """How many steps its checklist has, of a file that does not say which."""
    own: dict[str, str] = field(default_factory=dict)
    """What it says of the department's own fields, by the names that the file gives them."""
    custom: dict[UUID, str | None] = field(default_factory=dict)
    """The same by the ids of the fields, once they are known."""
    again: Again | None = None
    whole: 'Found | None' = None
    """The task of which it is a part."""
    author: str = ''
    """Who added it, when the file tells."""
    label: str = ''
    """The number that the file has of it; ours is T-12."""
    id: str = ''
    """What only our own export in JSON tells."""
    created: date | datetime | None = None
    """When it was added, as a table of ours tells it."""
    said: frozenset[str] = frozenset()
    """Of which fields the file says anything."""
    known: Known | None = None
    """Which task it is, when it is here already."""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """What the file changes of that one: field to (old, new), to be compared and shown."""
    refusal: str = ''
    """Why it is not imported; empty when it is."""
    faults: list[str] = field(default_factory=list)
    """What could not be read or is not taken, as sentences."""

    @property
    def home(self) -> str:
        """The name of the list that it goes to: a part is where its task is."""
        return self.whole.list_name if self.whole is not None else self.list_name

    def text(self, value: Any, most: int = 200) -> str:
        """Return a short text on one line; what is longer is cut, and said."""
        found = clean(_whole(str(value))) if isinstance(value, str | int) else ''
        if len(found) > most:
            words = _('"{text}…" is longer than {most} letters; the rest is left out.', text=found[:30], most=most)
            self.faults.append(words)
        return found[:most].rstrip()

    def plain(self, value: Any) -> str:
        """Return plain text as rich text."""
        return self._rich(from_plain(_whole(value)[: 2 * LONGEST_TEXT])) if isinstance(value, str) else ''

    def html(self, value: Any) -> str:
        """Return HTML with nothing in it but what is allowed."""
        try:
            return self._rich(clean_html(_whole(value))) if isinstance(value, str) else ''
        except Invalid as refused:
            self.faults.append(refused.message)
            return ''

    def _rich(self, cleaned: str) -> str:
        if len(cleaned) <= LONGEST_TEXT:
            return cleaned
        most = number_text(LONGEST_TEXT)
        self.faults.append(_('The description is longer than {most} letters; the rest is left out.', most=most))
        return clean_html(cleaned[:LONGEST_TEXT])[:LONGEST_TEXT]

    def remark(self, author: Any, body: str, at: Any = None) -> None:
        """Take a comment, cleaned; one of which nothing is drawn is none."""
        if clean(plain_text(body)):
            when = self.moment(at)
            self.remarks.append(Remark(self.text(author, 120), body, when and (when if when.tzinfo else None)))

    def when(self, value: Any) -> date | datetime | None:
        """Read an ISO date or instant; one that cannot be read is said."""
        if not isinstance(value, str) or not value or value.startswith(NO_DATE):
            return None
        try:
            found = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            self.faults.append(_('"{value}" is no date.', value=_whole(value)[:30]))
            return None
        if not 1970 < found.year < 2200:
            self.faults.append(_('"{value}" is too far away.', value=value[:30]))
            return None
        return found

    def day(self, value: Any) -> date | None:
        """Read an ISO date; of an instant the day of it."""
        found = self.when(value)
        return found.date() if isinstance(found, datetime) else found

    def moment(self, value: Any) -> datetime | None:
        """Read an instant; of a day alone the noon of it."""
        return at_noon(self.when(value))

    def number(self, value: Any, most: int) -> int | None:
        """Read a whole number from 0 on; one that is none or too large is said."""
        if value is None or value == '':
            return None
        said = _whole(str(value)).removesuffix('%').strip() if isinstance(value, str | int | float) else ''
        if said.isascii() and said.isdigit() and len(said) < 10 and int(said) <= most:
            return int(said)
        self.faults.append(
            _('"{value}" is no number from 0 to {most}; it is left out.', value=said[:20], most=number_text(most))
        )
        return None

    def ranked(self, words: str) -> TaskPriority:
        """Return the priority that words say; what says none is said."""
        from logic.tasks.quick_add.words import PRIORITIES

        for priority in TaskPriority:
            if fold(words) == fold(str(priority.label)):
                return priority
        said = fold(words).removeprefix('p')
        if said and said not in PRIORITIES:
            self.faults.append(_('"{value}" is no priority: low, medium, high or urgent.', value=words[:30]))
        return TaskPriority(PRIORITIES.get(said, 'medium'))

    def leave(self, what: Sequence[str]) -> None:
        """Say what else the file holds of it that is not taken."""
        if what:
            self.faults.append(_('Left out: {what}.', what=', '.join(what)))


def _whole(text: str) -> str:
    """Return a text without halves of letters, which no database takes."""
    return text.encode('utf-8', errors='replace').decode()


def at_noon(found: date | datetime | None) -> datetime | None:
    """Return a time, of a day alone the noon of it."""
    return found if found is None or isinstance(found, datetime) else datetime.combine(found, time(12))


def nest(parents: dict[Found, tuple[Found | None, str]]) -> None:
    """Make parts of tasks, given of which task each is one and how the file names that; tasks nest one level."""
    for task, (over, named) in parents.items():
        whole, passed = over, [task]
        while whole is not None and whole not in passed and parents.get(whole, (None, ''))[0] is not None:
            passed.append(whole)
            whole = parents[whole][0]
        if whole is None:
            text = later('It is a part of {task}, which is not in this file. It stands alone.')
            task.faults.append(_(text, task=named[:40]))
        elif whole in passed:
            text = later('It is a part of {task}, and that is a part of it. It stands alone.')
            task.faults.append(_(text, task=named[:40]))
        else:
            task.whole = whole
            if len(passed) > 1:
                task.faults.append(nested(whole))


def nested(whole: Found) -> str:
    """Say that what stands deeper in a file than tasks nest here is a part of this task."""
    return _('Tasks nest one level: it becomes a part of "{task}".', task=whole.title[:40])


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """Return the objects of a list of JSON, and nothing of what is none."""
    yield from (row for row in value if isinstance(row, dict)) if isinstance(value, list) else ()


def key_of(row: dict[str, Any], name: str = 'id') -> str | int | None:
    """Return what names a row of JSON."""
    value = row.get(name)
    return value if isinstance(value, str | int) else None


def status_of(words: str) -> TaskStatus:
    """Return what a word for a status or a column means; what is unknown is not begun."""
    said = fold(words)
    for status in TaskStatus:
        if said == fold(str(status.label)):
            return status
    if said in DONE:
        return TaskStatus.COMPLETED
    if said in CANCELLED:
        return TaskStatus.CANCELLED
    return TaskStatus.IN_PROGRESS if said in STARTED else TaskStatus.PENDING


def kind_of(column: str) -> ColumnKind:
    """Return what it means to stand in a column of this name."""
    status = status_of(column)
    if status is TaskStatus.COMPLETED:
        return ColumnKind.DONE
    return ColumnKind.STARTED if status is TaskStatus.IN_PROGRESS else ColumnKind.OPEN
