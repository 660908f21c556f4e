"""Quick add: lines of text that become tasks, parsed live, and added as one batch that can be undone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import Member, MemberStatus
from data.organizations import Organization
from data.tasks import AnchorMode, ColumnKind, ShareLevel, TaskBatchKind, TaskList, TaskPriority
from logic.core.errors import Invalid
from logic.core.formats import when_text
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.members.directory import Label, called
from logic.members.domain import VIEW as VIEW_DIRECTORY
from logic.members.names import fold, search_tokens
from logic.tasks import recurrence
from logic.tasks.bulk import Notes
from logic.tasks.domain import ADD, VIEW
from logic.tasks.inputs import MOST_ASSIGNEES, MOST_LABELS, RepeatInput, TaskInput, localised
from logic.tasks.keeping import make_task
from logic.tasks.labels import list_labels
from logic.tasks.placing import enter
from logic.tasks.quick_add.days import Here
from logic.tasks.quick_add.parsing import (
    MOST_LINES,
    Chip,
    ChipKind,
    Line,
    Names,
    read_lines,
    title_of,
    wrong_title,
)
from logic.tasks.quick_add.words import calendar_of
from logic.tasks.rows import NAMES
from logic.tasks.visibility import Sight, sight, visible_column, visible_list

__all__ = [
    'MOST_LINES', 'Chip', 'ChipKind', 'QuickAdded', 'QuickTask', 'complete_quick_add', 'parse_quick_add', 'quick_add',
]  # fmt: skip
MOST_OFFERED = 8
MOST_BEGUN = 50
"""From how many different first letters on everybody is read."""
BEGUN = re.compile(r'(?:^|\s)@["“”„«]?\s*([^\s"“”„«».,;:_-]{1,2})')
MISSING = {
    ChipKind.LIST: later('There is no list that you may add to named {name}.'),
    ChipKind.PERSON: later('There is no person here named {name}.'),
}
SEVERAL = {
    ChipKind.LIST: later('More than one list that you may add to answers to {name}.'),
    ChipKind.PERSON: later(
        'More than one person here answers to {name}. Write @{dotted} or @"{full}", or @ and the number of the person.'
    ),
}
ANOTHER_LIST = later('A task is in one list, and one is named already.')
OF_WHOLE = {
    ChipKind.LIST: later('A part is in the list of its task.'),
    ChipKind.REPEAT: later('A part does not come again by itself.'),
}
"""What is said of a task and not of its parts."""
ME = 'me'
"""What whoever types answers to as well, and nobody else."""


@dataclass(frozen=True, slots=True)
class QuickTask:
    """A line of quick add as it would be taken."""

    number: int
    """Of the line, counted from 1."""
    title: str
    is_part: bool
    """A sub-task of the last line that is none."""
    due: date | datetime | None
    start: date | datetime | None
    repeat: RepeatInput | None
    priority: TaskPriority | None
    in_list: Label | None
    """None for the list that was chosen, or the inbox."""
    people: list[Label]
    labels: list[str]
    chips: list[Chip]
    problem: str
    """Why the line cannot be taken as it is; empty when it can."""


@dataclass(frozen=True, slots=True)
class QuickAdded:
    """What quick add has made."""

    batch_id: UUID | None
    """Names it for `undo_task_batch`, which gives the text back."""
    task_ids: list[UUID]
    unresolved: list[str]
    """What was left in titles, because there is no such list or person: sentences."""
    placed: list[UUID] = field(default_factory=list)
    """Those that are no parts, and that no line named another list for than the one that was given."""
    elsewhere: list[str] = field(default_factory=list)
    """The names of such other lists."""


@query(VIEW)
async def parse_quick_add(work: Work, text: str, *, as_parts: bool = False) -> list[QuickTask]:
    """Read lines as they would be added, or added as parts of a task, for the live preview.

    Raises Invalid for more than 200 lines.
    """
    return await _read(work, text, await sight(work), as_parts=as_parts)


@query(VIEW)
async def complete_quick_add(work: Work, mark: str, begun: str) -> list[str]:
    """Return what a word with a mark may become: names of lists after #, of people after @, of labels after *.

    At most eight, those that begin so first; what is typed may stand anywhere in them. None for any other mark.
    """
    names: list[str] = []
    if mark == '#':
        names = [one.name for found in (await _lists(work, await sight(work))).values() for one in found]
    elif mark == '@':
        return await _people_begun(work, begun)
    elif mark == '*':
        names = [label.name for label in await list_labels(work)]
    typed = fold(begun)
    known = {fold(name): name for name in names if typed in fold(name)}
    return [known[name] for name in sorted(known, key=lambda name: (not name.startswith(typed), name))[:MOST_OFFERED]]


@service(ADD)
async def quick_add(
    work: Work, text: str, list_id: UUID | None = None, parent_id: UUID | None = None, column_id: UUID | None = None
) -> QuickAdded:
    """Add one task a line, an indented line as a sub-task; unknown labels are made, unknown lists and people are not.

    With a parent every line is a part of it. A column of the list takes what does not name another list. All of it is
    one batch to undo. Raises Invalid for lines that cannot be taken, naming each, NotFound, Denied and Conflict as
    `add_task` does.
    """
    seen = await sight(work)
    if list_id is not None:
        await visible_list(work, list_id, seen, ShareLevel.EDIT)
    lines = await _read(work, text, seen, as_parts=parent_id is not None)
    if not lines:
        raise Invalid('There is nothing to add.', {'text': 'Say what is to be done.'})
    wrong = {f'line {line.number}': line.problem for line in lines if line.problem}
    if wrong:
        first = next(line for line in lines if line.problem)
        raise Invalid(_('Line {number}: {problem}', number=first.number, problem=first.problem), wrong)
    here = [line for line in lines if not line.is_part and (line.in_list is None or line.in_list.id == list_id)]
    if column_id is not None and here:
        column = await visible_column(work, column_id, seen, ShareLevel.EDIT)
        if column.kind is not ColumnKind.DONE:
            await enter(work, column, len(here))  # all or none, and said before the first is in it
    notes = Notes(work, TaskBatchKind.QUICK_ADD, _('Quick add: {title}', title=lines[0].title), text)
    placed = []
    for line in lines:
        within = column_id if line in here else None
        task = await make_task(work, _input(line, list_id, parent_id if line.is_part else None, within), seen)
        parent_id = parent_id if line.is_part else task.id
        notes.made.append(task)
        placed += [task.id] if line in here else []
    batch = await notes.close()
    unresolved = [chip.problem for line in lines for chip in line.chips if chip.problem]
    elsewhere = {line.in_list.name for line in lines if list_id and line.in_list and line.in_list.id != list_id}
    ids = [task.id for task in notes.made]
    return QuickAdded(batch.id if batch else None, ids, unresolved, placed, sorted(elsewhere))


def _input(line: QuickTask, list_id: UUID | None, parent_id: UUID | None, column_id: UUID | None) -> TaskInput:
    home = None if parent_id else line.in_list.id if line.in_list else list_id
    return TaskInput(
        title=line.title, due=line.due, start=line.start, repeat=line.repeat,
        priority=line.priority or TaskPriority.MEDIUM, list_id=home, parent_id=parent_id, column_id=column_id,
        assignee_ids=[person.id for person in line.people], labels=line.labels,
    )  # fmt: skip


async def here_of(work: Work, seen: Sight) -> Here:
    """Return where and when the actor reads and writes."""
    organization = await work.get(Organization, work.organization_id)
    local = work.now.astimezone(ZoneInfo(seen.zone)).replace(tzinfo=None)  # allow LR10: what is typed is wall clock
    return Here(local, calendar_of(work.actor.locale, organization.country))


def read_moment(text: str, here: Here, zone: str) -> tuple[date | datetime | None, RepeatInput | None, str] | None:
    """Return the date that words say, how it comes again, and that in words; None when they say anything else."""
    (line,) = read_lines(f'x {" ".join(text.split())}', here)
    task = _resolved(line, {}, {}, here, zone)
    kinds = {chip.kind for chip in task.chips}
    if task.title != 'x' or task.problem or not kinds or kinds - {ChipKind.DUE, ChipKind.REPEAT}:
        return None
    said = [] if task.due is None else [when_text(task.due)]
    if task.repeat is not None and task.due is not None:
        on, at = localised(task.due, zone)
        rule = recurrence.made(task.repeat.rule, recurrence.written(on, at, zone), zone, task.repeat.mode)
        said.insert(0, recurrence.in_words(rule))
    return task.due, task.repeat, ', '.join(said)


async def _read(work: Work, text: str, seen: Sight, *, as_parts: bool = False) -> list[QuickTask]:
    here = await here_of(work, seen)
    people: dict[str, list[Label]] = {}
    for label, names in await people_here(work, _named_in(text)) if '@' in text else ():
        for name in names | {ME} if seen.actor.owns(label.id) else names - {ME}:
            people.setdefault(name, []).append(label)
    lists = await _lists(work, seen) if '#' in text else {}
    known: Names = {
        '@': [people.keys()],
        '#': [lists.keys(), {begun for name in lists for begun in _begins(name)}],
        '*': [{fold(label.name) for label in await list_labels(work)} if '*' in text else ()],
    }
    lines = read_lines(text, here, known)
    for line in lines:
        line.is_part = line.is_part or as_parts
    return [_resolved(line, lists, people, here, seen.zone) for line in lines]


def _begins(name: str) -> list[str]:
    """Return the words with which a name begins, several and not all of them."""
    words = name.split()
    return [' '.join(words[:count]) for count in range(2, len(words))]


async def _lists(work: Work, seen: Sight) -> dict[str, list[Label]]:
    ids = [list_id for list_id in seen.levels if seen.may(list_id, ShareLevel.EDIT)]
    found: dict[str, list[Label]] = {}
    rows = select(TaskList.id, TaskList.title).where(col(TaskList.id).in_(ids), col(TaskList.archived_at).is_(None))
    for list_id, title in await work.all(rows):
        found.setdefault(fold(title), []).append(Label(list_id, title))
    return found


def may_name(work: Work) -> Any:
    """Return the condition which people the actor may name: all that are here whom he sees, or himself alone."""
    here = sa.and_(col(Member.archived_at).is_(None), col(Member.status) != MemberStatus.LEFT)
    if work.actor.may(VIEW_DIRECTORY):
        return here
    return sa.and_(here, belongs_to(Member.id, work.actor.member_id))  # one number after another would tell it


def _named_in(text: str) -> set[str]:
    """Return with which letters people are named in a text: the first two after each @."""
    return {fold(begun) for begun in BEGUN.findall(text)}


def _answers(work: Work, begun: set[str]) -> Any:
    """Return who may answer to what begins so: with a word of his names, joined or not, or as himself."""
    search = sa.literal(' ') + col(Member.search)
    words = {f' {one[:2]}' for one in begun} | {f' {one[:1]} ' for one in begun}
    return sa.or_(
        *(search.contains(word, autoescape=True) for word in words), belongs_to(Member.id, work.actor.member_id)
    )


async def people_here(work: Work, begun: set[str] | None = None) -> list[tuple[Label, frozenset[str]]]:
    """Return everybody who is here, with all that he answers to, folded: whom the actor sees, or himself alone.

    With `begun` those only who may answer to a name with such first letters.
    """
    statement = sa.select(col(Member.id), col(Member.number), *NAMES).where(may_name(work))
    few = begun is not None and len(begun) <= MOST_BEGUN
    rows = await work.all(statement.where(_answers(work, begun or set())) if few else statement)
    people = []
    for member_id, number, first, preferred, last in rows:
        name = called(preferred, first, last)
        known = {fold(part) for part in (number, first, preferred, last, name, f'{first} {last}') if part}
        joined = {one.replace(' ', mark) for one in known for mark in ('', '.', '_', '-') if ' ' in one}
        people.append((Label(member_id, name), frozenset(known | joined)))
    return people


async def _people_begun(work: Work, begun: str) -> list[str]:
    typed, search = fold(begun), col(Member.search)
    has = [search.contains(token, autoescape=True) for token in search_tokens(begun)]
    begins = sa.or_(search.startswith(typed, autoescape=True), col(Member.sort_name).startswith(typed, autoescape=True))
    rows = sa.select(*NAMES).where(may_name(work), *has).order_by(sa.case((begins, 0), else_=1), search, col(Member.id))
    names = [called(preferred, first, last) for first, preferred, last in await work.all(rows.limit(MOST_OFFERED))]
    return list(dict.fromkeys(names))


def _resolved(
    line: Line, lists: dict[str, list[Label]], people: dict[str, list[Label]], here: Here, zone: str
) -> QuickTask:
    chips: list[Chip] = []
    home, who, repeat = None, [], None if line.is_part else line.repeat
    for chip in line.chips:
        if line.is_part and chip.kind in OF_WHOLE:
            chips.append(replace(chip, problem=str(OF_WHOLE[chip.kind])))
        elif chip.kind is ChipKind.LIST:
            found = _among(lists, fold(chip.text))
            chips.append(_named(chip, found, str(ANOTHER_LIST) if home and len(found) == 1 else ''))
            home = home or (found[0] if len(found) == 1 else None)
        elif chip.kind is ChipKind.PERSON:
            found = people.get(fold(chip.text), [])
            chips.append(_named(chip, found))
            who += found if len(found) == 1 else []
        else:
            chips.append(chip)
    back = [chip for chip in chips if chip.problem]
    title = title_of(line, back)
    problem = wrong_title(title) if back else line.problem
    start, due = line.start, line.due
    if repeat is not None and not problem:
        try:
            due, chips = _begun(line, repeat, chips, here, zone)
            start, chips = _span_begun(line, due, chips)
            on = due.date() if isinstance(due, datetime) else due
            starts = due.strftime(recurrence.TIMED) if isinstance(due, datetime) else on.strftime(recurrence.WHOLE)
            said = recurrence.in_words(recurrence.made(repeat.rule, starts, zone, repeat.mode))
            chips = [replace(one, text=said) if one.kind is ChipKind.REPEAT else one for one in chips]
        except Invalid as refused:
            problem = refused.fields.get('repeat', refused.message)
    if start and due and _day(start) > _day(due):
        problem = problem or _('It would begin after it is due.')
    who, labels = list(dict.fromkeys(who)), list(dict.fromkeys(line.labels))
    return QuickTask(
        line.number, title, line.is_part, due, start, repeat, line.priority, home, who, labels,
        sorted(chips, key=lambda chip: chip.start), problem or _excess(who, labels),
    )  # fmt: skip


def _excess(who: Sequence[Label], labels: Sequence[str]) -> str:
    """Say of what there is more than a task takes; empty when of nothing."""
    if len(who) > MOST_ASSIGNEES:
        return _('So many people cannot do one task.')
    return _('A task has at most {count} labels.', count=MOST_LABELS) if len(labels) > MOST_LABELS else ''


def _named(chip: Chip, found: Sequence[Label], problem: str = '') -> Chip:
    """Return a chip of the one that was found, or that says why it is not taken."""
    if len(found) == 1:
        return replace(chip, text=found[0].name, problem=problem)
    full = found[0].name if found else ''
    text = SEVERAL[chip.kind] if found else MISSING[chip.kind]
    return replace(chip, problem=_(text, name=chip.text, full=full, dotted=full.replace(' ', '.')))


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _among(lists: dict[str, list[Label]], wanted: str) -> list[Label]:
    """Return the lists of a name, or when there is none those that begin with it, spaces left out or not."""
    joined = {name.replace(' ', ''): found for name, found in lists.items()}
    exact = lists.get(wanted) or joined.get(wanted)
    return exact or [label for name, found in lists.items() if name.startswith(wanted) for label in found]


def _begun(
    line: Line, repeat: RepeatInput, chips: list[Chip], here: Here, zone: str
) -> tuple[date | datetime, list[Chip]]:
    """Return when a rule begins, and the chips that say so: without a day typed, its first day that is to come."""
    due, days = line.due, _first_days(repeat, here, zone)
    if due is None:
        return days[0] if days else here.today, chips
    if not line.is_time_alone or not isinstance(due, datetime):
        return due, chips
    moments = [datetime.combine(day, due.time()) for day in days]
    first = next((one for one in moments if one > here.now), due)
    return first, [replace(one, text=when_text(first)) if one.kind is ChipKind.DUE else one for one in chips]


def _span_begun(line: Line, due: date | datetime, chips: list[Chip]) -> tuple[date | datetime | None, list[Chip]]:
    """Return when a task begins whose due day a rule has chosen: a span of a day goes to that day with its end."""
    start = line.start
    if not isinstance(start, datetime) or not line.is_time_alone or line.due is None or _day(start) != _day(line.due):
        return start, chips
    start = datetime.combine(_day(due), start.time())
    return start, [replace(one, text=when_text(start)) if one.kind is ChipKind.START else one for one in chips]


def _first_days(repeat: RepeatInput, here: Here, zone: str) -> list[date]:
    """Return the first two days of a rule that names days, from today on."""
    if repeat.mode is AnchorMode.COMPLETION or 'BY' not in repeat.rule:
        return []
    before = here.today - timedelta(days=1)
    one = recurrence.made(repeat.rule, before.strftime(recurrence.WHOLE), zone, repeat.mode)
    return [found.date() for found in recurrence.occurrences(one, datetime.combine(before, time()), 2)]
