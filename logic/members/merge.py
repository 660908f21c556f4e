"""Making one record of two that are the same person, with a way back (rule 4)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.attachments import Attachment
from data.comments import Comment
from data.core import Scoped
from data.links import RecordLink
from data.members import (
    BatchKind,
    DepartmentHead,
    Departure,
    DifferentPeople,
    JobChange,
    Member,
    MemberBatchRow,
    MemberStatus,
    StatusChange,
)
from data.watchers import Watcher
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity.positions import refuse_above_own
from logic.members.batches import MERGED, BatchResult, Book
from logic.members.directory import called
from logic.members.domain import ARCHIVE, VIEW_PRIVATE, MembersMerged
from logic.members.holders import others_with
from logic.members.inputs import CONTACT_FIELDS, FILE_FIELDS, HIDING_FIELDS, PRIVATE_FIELDS, ProfileInput
from logic.members.job_changes import refuse_circle
from logic.members.names import index_names
from logic.members.numbers import kept_former
from logic.members.person import require_private
from logic.members.profile import editable, require_fields
from logic.members.statuses import settle
from logic.members.touched import references_to_members
from logic.members.visibility import Level, Sight, may_merge, sight

STAYING: tuple[Any, ...] = (StatusChange, Departure, MemberBatchRow, DifferentPeople)
"""History of the dropped record, and what was said of this one alone: it stays with it."""
MERGING_TAKES = later('To make one file of two takes the rights to see all files and private data. Ask who has them.')
MOST_PAIRS = 500
HANGING: tuple[Any, ...] = (Comment, Attachment, Watcher)


@dataclass(frozen=True, slots=True)
class MergeField:
    """A field of the two records side by side, both of which the viewer sees."""

    name: str
    label: str
    kept: Any
    dropped: Any
    may_take: bool
    """The viewer may change it on the record that stays; it stays as it is otherwise, even when it is empty."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, and why."""

    first_id: UUID
    first_name: str
    second_id: UUID
    second_name: str
    why: str


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Two records of which somebody said that they are of two people."""

    id: UUID
    first_name: str
    second_name: str
    said_at: datetime


@query(ARCHIVE)
async def list_duplicates(work: Work) -> list[Pair]:
    """Return pairs with the same name and birth date, or the same phone (rule 4), 500 at most; four statements.

    Those of which somebody said that they are two people are left out.

    Nobody learns from a pair what he may not see of both: without the right to private data the same name is enough.
    """
    seen = await sight(work)
    one: Any = aliased(Member)
    other: Any = aliased(Member)
    columns: list[Any] = [one.id, one.preferred_name, one.first_name, one.last_name]
    columns += [other.id, other.preferred_name, other.first_name, other.last_name]
    said = sa.exists().where(col(DifferentPeople.first_id) == one.id, col(DifferentPeople.second_id) == other.id)
    every = sa.select(*columns).where(one.archived_at.is_(None), other.archived_at.is_(None), ~said)
    named, why_named = sa.and_(one.id < other.id, one.sort_name == other.sort_name), _('same name')
    if work.actor.may(VIEW_PRIVATE):
        named, why_named = sa.and_(named, one.birth_on == other.birth_on), _('same name and birth date')
    called_up = sa.and_(one.id < other.id, one.phone == other.phone, one.phone != '')
    called_up = sa.and_(called_up, *(seen.contact_clause('phone', of) for of in (one, other)))
    pairs: dict[tuple[UUID, UUID], Pair] = {}
    for why, alike in ((why_named, named), (_('same phone'), called_up)):
        found = await work.all(every.join(other, alike).limit(MOST_PAIRS))
        for a, a_called, a_first, a_last, b, b_called, b_first, b_last in found:
            names = called(a_called, a_first, a_last), called(b_called, b_first, b_last)
            pairs.setdefault((a, b), Pair(a, names[0], b, names[1], why))
    return list(pairs.values())[:MOST_PAIRS]


@service(ARCHIVE)
async def tell_apart(work: Work, first_id: UUID, second_id: UUID) -> UUID | None:
    """Note that two records are of two people, so that they are no possible duplicates any more (rule 4).

    Returns the id of the note; None when there is one already. Raises NotFound, and Invalid for one record.
    """
    if first_id == second_id:
        raise Invalid('Choose two different records.', {'second_id': 'This is the same record.'})
    first_id, second_id = sorted([(await work.get(Member, one)).id for one in (first_id, second_id)])
    pair = (DifferentPeople.first_id == first_id, DifferentPeople.second_id == second_id)
    if await work.first(select(DifferentPeople.id).where(*pair)) is not None:
        return None
    return work.add(DifferentPeople(first_id=first_id, second_id=second_id)).id


@query(ARCHIVE)
async def list_told_apart(work: Work, asked: ListQuery) -> Page[ToldApart]:
    """Return a page of the pairs of which somebody said that they are two people; sorted by when, `said_at`."""
    one: Any = aliased(Member)
    other: Any = aliased(Member)
    names = [getattr(of, name) for of in (one, other) for name in ('preferred_name', 'first_name', 'last_name')]
    statement = sa.select(DifferentPeople, *names).join(one, one.id == DifferentPeople.first_id)
    statement = statement.join(other, other.id == DifferentPeople.second_id)
    statement = statement.where(one.archived_at.is_(None), other.archived_at.is_(None))
    order = {'said_at': (col(DifferentPeople.created_at), col(DifferentPeople.id))}
    found = await work.page(statement, asked, order, 'said_at')
    rows = [ToldApart(row.id, called(*said[:3]), called(*said[3:]), row.created_at) for row, *said in found.rows]
    return replace(found, rows=rows)


@service(ARCHIVE)
async def take_back_apart(work: Work, different_people_id: UUID) -> tuple[UUID, UUID]:
    """Let two records be possible duplicates again; returns their ids. Raises NotFound."""
    said = await work.get(DifferentPeople, different_people_id)
    await work.delete(said)
    return said.first_id, said.second_id


@query(ARCHIVE)
async def compare_members(work: Work, kept_id: UUID, dropped_id: UUID) -> list[MergeField]:
    """Return the fields in which two records differ, of those that the viewer sees of both, without private ones."""
    kept, dropped = await work.get(Member, kept_id), await work.get(Member, dropped_id)
    seen = await sight(work)
    return await _differing(work, seen, kept, dropped, _seen_of_both(seen, kept, dropped) - PRIVATE_FIELDS)


@service(ARCHIVE)
async def compare_private(work: Work, kept_id: UUID, dropped_id: UUID) -> list[MergeField]:
    """Return the private fields in which two records differ; the view is audited (spec of identity, rule 5).

    Raises Denied for who may not see private data.
    """
    kept, dropped = await work.get(Member, kept_id), await work.get(Member, dropped_id)
    seen = await sight(work)
    for one in (kept, dropped):
        require_private(work, seen, one, 'merge')
    return await _differing(work, seen, kept, dropped, PRIVATE_FIELDS)


def _seen_of_both(seen: Sight, kept: Member, dropped: Member) -> set[str]:
    """Return the fields that the actor sees of both records; whether contacts are hidden is no choice of a merge."""
    hidden = set(HIDING_FIELDS)
    for one in (kept, dropped):
        hidden |= CONTACT_FIELDS - seen.contacts(one)
        for level, fields in ((Level.FILE, FILE_FIELDS), (Level.PRIVATE, PRIVATE_FIELDS)):
            if not seen.sees(level, one.id):
                hidden |= fields
    return ProfileInput.model_fields.keys() - hidden


async def _differing(
    work: Work, seen: Sight, kept: Member, dropped: Member, among: Collection[str]
) -> list[MergeField]:
    fields = {name for name in among if getattr(kept, name) != getattr(dropped, name)}
    takes = await editable(work, seen, kept, fields)
    return [
        MergeField(name, str(field.title), getattr(kept, name), getattr(dropped, name), name in takes)
        for name, field in ProfileInput.model_fields.items()
        if name in fields
    ]


@service(ARCHIVE)
async def merge_members(work: Work, kept_id: UUID, dropped_id: UUID, take: frozenset[str] = frozenset()) -> BatchResult:
    """Let one record take over all that another holds; that one is archived and names the first. It can be undone.

    Only who sees the files of everybody in full does it, whatever these two hold: all of a file goes along, private
    rows, values and the account too, and who has the account sees it as his own (rule 5 of identity). To leave behind
    what the actor does not see would lose it, and a refusal for its sake would tell that it is there.

    Empty fields are filled from the dropped record, and those named in `take` are replaced by its value, where the
    actor may change them on the kept one (rule 7). Of values and rows of which each record has one, that of the kept
    one stays. Raises Conflict when both have an account, or one is archived, Invalid for unknown fields, and Denied
    below that sight, for a field of `take` that he may not change, for the own record while somebody else can do it,
    and when an account would get positions above the actor's rights.
    """
    if not may_merge(work.actor):
        raise Denied(MERGING_TAKES)
    kept, dropped = await work.get(Member, kept_id), await work.get(Member, dropped_id)
    _check(kept, dropped, take)
    await _check_rights(work, kept, dropped)
    fields = await _fields_to_take(work, kept, take)
    # No names: the title stands in the audit log, where nobody could erase them.
    book = Book(work, BatchKind.MERGE, MERGED)
    book.keep(kept, kept.id)
    book.keep(dropped, dropped.id)
    await _fill(work, kept, dropped, fields, take)
    await _move(work, book, kept, dropped)
    dropped.archived_at, dropped.merged_into_id = work.now, kept.id
    index_names(kept)
    index_names(dropped)
    await work.flush()
    await work.emit(MembersMerged(kept.id, dropped.id))
    batch = await book.close()
    await settle(work, dropped)
    return BatchResult(batch.id, 2, [])


async def _fill(work: Work, kept: Member, dropped: Member, fields: set[str], take: frozenset[str]) -> None:
    """Let the kept record say in these fields what the other one says, and have its account."""
    values = {
        name: getattr(dropped, name)
        for name in fields - {'number', 'email'}
        if getattr(dropped, name) and (name in take or not getattr(kept, name))
    }
    # What somebody hides does not come into sight by being taken over.
    values |= {name: True for name in HIDING_FIELDS if getattr(dropped, name)}
    email, account_id, old, number = dropped.email, dropped.account_id, kept.number, dropped.number
    takes_email = 'email' in fields and email is not None and ('email' in take or not kept.email)
    # What is unique leaves the one record before the other takes it.
    dropped.account_id = None
    if takes_email:
        dropped.email = None
    if 'number' in take:
        dropped.number = f'~{dropped.id.hex[:19]}'
    await work.flush()
    for name, value in values.items():
        setattr(kept, name, value)
    kept.account_id = kept.account_id or account_id
    if takes_email:
        kept.email = email
    if 'number' in take:
        kept.number = number
    kept.former_number = kept_former(kept.former_number, old if 'number' in take else number)


def _check(kept: Member, dropped: Member, take: frozenset[str]) -> None:
    if kept.id == dropped.id:
        raise Invalid('Choose two different records.', {'dropped_id': 'This is the same record.'})
    for one in (kept, dropped):
        if one.archived_at is not None:
            raise Conflict(
                _('The record of {name} ({number}) is archived. Restore it first.', name=one.name, number=one.number)
            )
    if kept.account_id is not None and dropped.account_id is not None:
        raise Conflict('Both records have an account. Take the account of one away first.')
    if unknown := take - (ProfileInput.model_fields.keys() - HIDING_FIELDS):
        raise Invalid('There is no such field.', dict.fromkeys(sorted(unknown), _('Unknown field.')))
    if dropped.status is not MemberStatus.LEFT and kept.status is MemberStatus.LEFT:
        raise Conflict(
            _(
                '{name} ({number}) has left, and the other record has not. Keep the other one.',
                name=kept.name,
                number=kept.number,
            )
        )


async def _check_rights(work: Work, kept: Member, dropped: Member) -> None:
    # Else a made-up record would carry a wished name or bank account past the one who approves it.
    own = any(work.actor.is_member(one.id) for one in (kept, dropped))
    if own and await others_with(work, ARCHIVE, VIEW_PRIVATE):
        raise Denied('This is your own record, so somebody else has to merge it.')
    if kept.account_id or dropped.account_id:
        await refuse_above_own(work, dropped.id if kept.account_id else kept.id)


async def _fields_to_take(work: Work, kept: Member, take: frozenset[str]) -> set[str]:
    """Return what the kept record may get from the other. Raises Denied when something of `take` is not among it."""
    seen = await sight(work)
    await require_fields(work, seen, kept, take)
    return await editable(work, seen, kept, ProfileInput.model_fields.keys() - HIDING_FIELDS)


async def _move(work: Work, book: Book, kept: Member, dropped: Member) -> None:
    """Let every row that names the dropped record name the kept one, unless that would say the same twice."""
    has_job = await work.first(select(JobChange.id).where(JobChange.member_id == kept.id).limit(1)) is not None
    for model, name in references_to_members():
        if model in STAYING or model is Member or not issubclass(model, Scoped):
            continue
        if model is JobChange and name == 'member_id' and has_job:
            continue
        column = getattr(model, name)
        for row in await work.all(select(model).where(column == dropped.id)):
            if isinstance(row, JobChange) and name == 'manager_id':
                if row.member_id == kept.id:
                    continue
                person = await work.get(Member, row.member_id)
                await refuse_circle(work, person, kept.id, row.from_on, row.until_on)
            await _let_name(work, book, row, dropped, **{name: kept.id})
    await work.flush()
    await _move_hanging(work, book, kept, dropped)


async def _move_hanging(work: Work, book: Book, kept: Member, dropped: Member) -> None:
    """Let what hangs on the dropped record (comments, files, watchers, links) hang on the kept one."""
    kind = Member.__name__
    for model in HANGING:
        for row in await work.all(select(model).where(model.record == kind, model.record_id == dropped.id)):
            await _let_name(work, book, row, dropped, record_id=kept.id)
    ends = (
        sa.and_(col(RecordLink.record) == kind, col(RecordLink.record_id) == dropped.id),
        sa.and_(col(RecordLink.other) == kind, col(RecordLink.other_id) == dropped.id),
    )
    for row in await work.all(select(RecordLink).where(sa.or_(*ends))):
        pair = ((row.record, row.record_id), (row.other, row.other_id))
        first, second = sorted((name, kept.id if at == dropped.id else at) for name, at in pair)
        if first == second:
            book.remove(row, dropped.id)
            await work.delete(row)
        else:
            await _let_name(
                work, book, row, dropped, record=first[0], record_id=first[1], other=second[0], other_id=second[1]
            )
    await work.flush()


async def _let_name(work: Work, book: Book, row: Any, dropped: Member, **values: Any) -> None:
    """Change what a row names, or remove it when the kept record has the same already."""
    if await _is_there(work, row, **values):
        book.remove(row, dropped.id)
        await work.delete(row)
        return
    book.keep(row, dropped.id)
    for name, value in values.items():
        setattr(row, name, value)


async def _is_there(work: Work, row: Any, **values: Any) -> bool:
    """Say whether there is a row already that, with these values, this one would differ from in nothing unique."""
    table = row.__table__
    unique: list[Any] = [index.columns for index in table.indexes if index.unique]
    unique += [one.columns for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    if isinstance(row, DepartmentHead):
        unique.append([table.c.department_id, table.c.member_id])  # nobody stands in for himself
    for columns in unique:
        wanted = [values.get(column.name, getattr(row, column.name)) for column in columns]
        if any(column.name in values for column in columns) and None not in wanted:
            same = (column == value for column, value in zip(columns, wanted, strict=True))
            if await work.first(select(type(row).id).where(*same)) is not None:
                return True
    return False
