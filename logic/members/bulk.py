"""Changing many people at once: one transaction, refusals listed, one undo."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.departments import Department, MembershipType, Rank, Station
from data.members import BatchKind, JobChange, Member, MemberStatus, MemberTag, StatusChange, Tag
from logic.core.errors import AppError, Conflict, Denied, Invalid
from logic.core.formats import number_text
from logic.core.language import _, later, many
from logic.core.service import service
from logic.core.work import Work
from logic.identity.invitations import make_invitation
from logic.identity.permissions import MANAGE_ACCESS
from logic.identity.positions import PRESENT, guard_last_administrator
from logic.members.archive import hide, refuse_reports
from logic.members.batches import CHUNK, NO_VALUE, SET_STATUS, BatchResult, Book, Refusal
from logic.members.domain import ARCHIVE, VIEW
from logic.members.job_changes import check_references, put, refuse_circle, row_at, rows_by_member
from logic.members.names import clean
from logic.members.statuses import apply_status, check_move, let_go, refuse_orphans
from logic.members.visibility import Sight, sight

MOST = 10_000


class BulkAction(StrEnum):
    """What is done to each of many people."""

    DEPARTMENT = 'department'
    MANAGER = 'manager'
    RANK = 'rank'
    TYPE = 'type'
    STATION = 'station'
    STATUS = 'status'
    ADD_TAG = 'add_tag'
    REMOVE_TAG = 'remove_tag'
    ARCHIVE = 'archive'
    INVITE = 'invite'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return LABELS[self]


LABELS: dict[BulkAction, str] = {
    BulkAction.DEPARTMENT: later('Set department'), BulkAction.MANAGER: later('Set manager'),
    BulkAction.RANK: later('Set rank'), BulkAction.TYPE: later('Set membership type'),
    BulkAction.STATION: later('Set station'), BulkAction.STATUS: SET_STATUS,
    BulkAction.ADD_TAG: later('Add tag'), BulkAction.REMOVE_TAG: later('Remove tag'),
    BulkAction.ARCHIVE: later('Archive'), BulkAction.INVITE: later('Invite'),
}  # fmt: skip
JOB = {BulkAction.DEPARTMENT: 'department_id', BulkAction.MANAGER: 'manager_id', BulkAction.RANK: 'rank_id'}
OWN = {BulkAction.TYPE: ('membership_type_id', MembershipType), BulkAction.STATION: ('station_id', Station)}
TOLD = (BulkAction.STATUS, BulkAction.ARCHIVE, BulkAction.INVITE)
"""Other domains are told of these and may refuse when all is written; the other actions check before they write."""


class BulkInput(BaseModel):
    """A change of many people."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    action: BulkAction
    target_id: UUID | None = None
    """The department, manager, rank, type, station or tag; None takes it away where that is possible."""
    status: MemberStatus | None = None
    reason: str = Field(default='', max_length=300)


@dataclass(slots=True)
class _Run:
    work: Work
    seen: Sight
    data: BulkInput
    book: Book
    """What is done to one person is noted here; it counts when he is not refused."""
    people: list[Member]
    title: str = ''

    def may(self, member: Member) -> bool:
        match self.data.action:
            case BulkAction.STATUS:
                return self.seen.may_change_status(member.id)
            case BulkAction.ARCHIVE:
                return self.work.actor.may(ARCHIVE)
            case BulkAction.INVITE:
                return self.work.actor.may(MANAGE_ACCESS)
            case _:
                return self.seen.may_edit(member.id)


Step = Callable[[Member], Awaitable[bool]]


@service(VIEW)
async def change_many(work: Work, member_ids: Sequence[UUID], data: BulkInput) -> BatchResult:
    """Do one thing to many people. Whoever cannot be changed is left out and listed; the rest is one batch to undo.

    Invitations are not undone with a batch: cancel them. Raises Invalid for a missing value, NotFound for a target that
    is not ours, Denied when none may be changed.
    """
    if len(member_ids) > MOST:
        chosen = many('{count} was chosen.', '{count} were chosen.', len(member_ids))
        raise Invalid(_('At most {count} people at once.', count=number_text(MOST)), {'member_ids': chosen})
    seen = await sight(work)
    found = await _people(work, list(dict.fromkeys(member_ids)))
    people = [member for member in found if member.archived_at is None or seen.sees_archived]
    run = _Run(work, seen, data, Book(work, BatchKind.BULK, ''), people)
    step = await _step(run)
    allowed = [member for member in people if run.may(member)]
    if people and not allowed:
        raise Denied('You may not do this for any of the people chosen.')
    refused = [Refusal(m.id, m.name, _('You may not change this person.')) for m in people if not run.may(m)]
    book, changed = run.book, 0
    for at, member in enumerate(allowed, 1):
        run.book = Book(work, BatchKind.BULK, '')
        try:
            if member.archived_at is not None:
                raise Conflict('This record is archived.')
            async with work.attempt() if data.action in TOLD else nullcontext():
                is_changed = await step(member)
        except AppError as refusal:
            refused.append(Refusal(member.id, member.name, refusal.message))
        else:
            changed += is_changed
            book.take_over(run.book)
        if at % CHUNK == 0:
            await work.flush()
            await asyncio.sleep(0)
    await work.flush()
    if data.action in (BulkAction.STATUS, BulkAction.ARCHIVE):
        await guard_last_administrator(work)
    if book.is_empty:
        return BatchResult(None, changed, refused)
    book.title = ': '.join(part for part in (data.action.label, run.title) if part)  # in English
    batch = await book.close(refused=len(refused))
    return BatchResult(batch.id, changed, refused)


async def _people(work: Work, ids: list[UUID]) -> list[Member]:
    found: dict[UUID, Member] = {}
    for at in range(0, len(ids), 400):
        part = select(Member).where(col(Member.id).in_(ids[at : at + 400]))
        found.update({member.id: member for member in await work.all(part)})
    return [found[member_id] for member_id in ids if member_id in found]


async def _step(run: _Run) -> Step:
    """Check what the change needs and return what is done to each person; it checks before it writes."""
    action = run.data.action
    if action in JOB:
        return await _job(run, JOB[action])
    if action in OWN:
        return await _own(run, *OWN[action])
    if action is BulkAction.STATUS:
        return _status(run)
    if action is BulkAction.ARCHIVE:
        return _archive(run)
    if action is BulkAction.INVITE:
        return _invite(run)
    return await _tag(run)


async def _job(run: _Run, name: str) -> Step:
    target, work, today = run.data.target_id, run.work, run.seen.today
    await check_references(work, {name: target})
    model: Any = {'department_id': Department, 'rank_id': Rank, 'manager_id': Member}[name]
    row = await work.get(model, target) if target else None
    # No person's name: the title stands in the audit log, where nobody could erase it.
    run.title = '' if isinstance(row, Member) else row.name if row else NO_VALUE
    rows = await rows_by_member(work, [member.id for member in run.people])

    async def step(member: Member) -> bool:
        if name == 'manager_id':
            await refuse_circle(work, member, target, today, None)
        history = rows[member.id]
        current = row_at(history, today)
        if (getattr(current, name) if current else None) == target:
            return False
        before = {row.id for row in history}
        for row in history:
            run.book.keep(row, member.id)
        made: JobChange | None = put(work, member.id, history, today, {name: target}, reason=clean(run.data.reason))
        if made is not None and made.id not in before:
            run.book.make(made, member.id)
        if name == 'manager_id':
            await work.flush()  # the next person's way up may lead through this row
        return made is not None

    return step


async def _own(run: _Run, name: str, model: Any) -> Step:
    target = run.data.target_id
    row = await run.work.get(model, target) if target else None
    if row is not None and row.archived_at is not None:
        raise Invalid('This is no longer in use.', {'target_id': _('{name} is archived.', name=row.name)})
    run.title = row.name if row else NO_VALUE

    async def step(member: Member) -> bool:
        if getattr(member, name) == target:
            return False
        run.book.keep(member, member.id)
        setattr(member, name, target)
        return True

    return step


def _status(run: _Run) -> Step:
    to, reason, work, today = run.data.status, clean(run.data.reason), run.work, run.seen.today
    if to is None:
        raise Invalid('Choose a status.', {'status': 'Choose a status.'})
    if not reason:
        raise Invalid('Say why.', {'reason': 'Say why, in a few words.'})
    run.title = to.label

    async def step(member: Member) -> bool:
        if member.status is to:
            return False
        check_move(member, to, reason, today, today)
        if to is MemberStatus.LEFT:
            await refuse_orphans(work, member, None, today)
        run.book.keep(member, member.id)
        before = {row.id for row in await work.all(_moves(member.id))}
        if to is MemberStatus.LEFT:
            await let_go(work, member, today - timedelta(days=1), reason, None, book=run.book)
        else:
            await apply_status(work, member, to, reason, today)
        for row in await work.all(_moves(member.id)):
            if row.id not in before:
                run.book.make(row, member.id)
        return True

    return step


def _moves(member_id: UUID) -> Any:
    return select(StatusChange).where(StatusChange.member_id == member_id)


def _archive(run: _Run) -> Step:
    async def step(member: Member) -> bool:
        await refuse_reports(run.work, member, run.seen.today)
        if run.work.actor.is_member(member.id):
            raise Conflict('You cannot archive yourself.')
        run.book.keep(member, member.id)
        await hide(run.work, member)
        return True

    return step


def _invite(run: _Run) -> Step:
    async def step(member: Member) -> bool:
        if member.account_id is not None or member.status not in PRESENT:
            has, away = _('Has an account already.'), _('Does not belong to the department now.')
            raise Conflict(has if member.account_id else away)
        await make_invitation(run.work, member.id)
        return True

    return step


async def _tag(run: _Run) -> Step:
    if run.data.target_id is None:
        raise Invalid('Choose a tag.', {'target_id': 'Choose a tag.'})
    tag = await run.work.get(Tag, run.data.target_id)
    run.title = tag.name
    carried = {row.member_id: row for row in await run.work.all(select(MemberTag).where(MemberTag.tag_id == tag.id))}

    async def step(member: Member) -> bool:
        row = carried.get(member.id)
        if run.data.action is BulkAction.ADD_TAG and row is None:
            run.book.make(run.work.add(MemberTag(member_id=member.id, tag_id=tag.id)), member.id)
            return True
        if run.data.action is BulkAction.REMOVE_TAG and row is not None:
            run.book.remove(row, member.id)
            await run.work.delete(row)
            return True
        return False

    return step
