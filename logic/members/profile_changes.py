"""What people ask to change in their own files, and what another one decides (rule 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.core import new_id
from data.members import Member, ProfileChange, ProfileChangeStatus, ProtectedKind, ProtectedNumber
from logic import notifications
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later
from logic.core.secrets import open_value, seal_value, sealed_column
from logic.core.sentences import told
from logic.core.service import SIGNED_IN, query, service
from logic.core.wording import inside
from logic.core.work import Work
from logic.identity.two_person import separate
from logic.members.domain import APPROVE_CHANGES
from logic.members.file.keeping import NUMBER_PLACE, seal_number, write_record
from logic.members.file.kinds import KINDS, kind_of, read_input
from logic.members.holders import accounts_with
from logic.members.inputs import WISHED_FIELDS, ProfileInput
from logic.members.names import clean
from logic.members.profile import set_profile
from logic.members.visibility import sight

BEFORE, AFTER = sealed_column(ProfileChange, 'before'), sealed_column(ProfileChange, 'after')
DECIDED = {
    ProfileChangeStatus.APPROVED: later('The change you asked for was approved: {field}'),
    ProfileChangeStatus.DECLINED: later('The change you asked for was declined: {field}'),
}
"""What is told to who asked."""
FIELDS: dict[str, str] = {
    'first_name': later('First name'), 'last_name': later('Last name'), 'birth_on': later('Birth date'),
    **{kind.value: kind.label for kind in ProtectedKind},
}  # fmt: skip
OVER = {
    ProfileChangeStatus.APPROVED: later('This was approved already.'),
    ProfileChangeStatus.DECLINED: later('This was declined already.'),
    ProfileChangeStatus.WITHDRAWN: later('This was withdrawn already.'),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that somebody asked for. Of protected numbers only the last digits are shown."""

    id: UUID
    member_id: UUID
    member_name: str
    field: str
    label: str
    before: str
    after: str
    status: ProfileChangeStatus
    reason: str
    answer: str
    asked_at: datetime
    decided_at: datetime | None
    may_decide: bool
    version: int


@service(SIGNED_IN)
async def ask_for_change(work: Work, field: str, value: str, reason: str = '') -> ProfileChange:
    """Ask that one's own legal name, birth date, bank account or identity number be changed.

    `value` is text, a date in ISO form. Raises Invalid, and Conflict when nothing would change or one waits already.
    """
    member = await _own(work)
    if field not in FIELDS:
        raise Invalid(
            'This is not changed by asking.', {'field': _('Choose one of: {names}.', names=', '.join(FIELDS))}
        )
    after = _checked(field, value)
    before = await _present(work, member, field)
    if after == before:
        raise Conflict('This is what the file says already.')
    waiting = select(ProfileChange.id).where(
        ProfileChange.member_id == member.id, ProfileChange.field == field,
        ProfileChange.status == ProfileChangeStatus.PENDING,
    )  # fmt: skip
    if await work.first(waiting):
        raise Conflict(
            _('A change of your {field} waits for a decision already. Withdraw it first.', field=inside(FIELDS[field]))
        )
    row_id, organization_id = new_id(), work.organization_id
    row = ProfileChange(
        id=row_id, member_id=member.id, field=field, reason=clean(reason)[:300],
        requested_by_id=work.actor.account_id,
        before=await seal_value(work, before, BEFORE(row_id, organization_id)),
        after=await seal_value(work, after, AFTER(row_id, organization_id)),
    )  # fmt: skip
    work.add(row)
    await work.flush()
    for account_id in await accounts_with(work, APPROVE_CHANGES) - {work.actor.account_id}:
        await notifications.tell(
            work, account_id, kind=notifications.PROFILE_CHANGE_WAITING,
            title=told('{name} asks to change this: {field}', name=member.name, field=FIELDS[field]),
            link='/members/changes',
            object_type='Member', object_id=member.id,
        )  # fmt: skip
    return row


@service(SIGNED_IN)
async def withdraw_change(work: Work, change_id: UUID) -> ProfileChange:
    """Take back what one asked for. Raises NotFound for another person's, Conflict when it was decided."""
    row = await work.get(ProfileChange, change_id)
    if not work.actor.owns(row.member_id):
        raise NotFound('There is no such wish of yours.')
    _refuse_decided(row)
    row.status, row.decided_at = ProfileChangeStatus.WITHDRAWN, work.now
    return row


@query(SIGNED_IN)
async def list_own_changes(work: Work) -> list[Wish]:
    """Return what the actor asked for, the latest first."""
    member = await _own(work)
    rows = await work.all(
        select(ProfileChange)
        .where(ProfileChange.member_id == member.id)
        .order_by(col(ProfileChange.id).desc())
        .limit(50)
    )
    return [await _wish(work, row, member) for row in rows]


@query(APPROVE_CHANGES)
async def list_waiting_changes(work: Work) -> list[Wish]:
    """Return what waits for a decision, the oldest first."""
    return await _wishes(work, ProfileChange.status == ProfileChangeStatus.PENDING)


async def wishes(work: Work, ids: Sequence[UUID]) -> list[Wish]:
    """Return some wishes as whoever decides them reads them. Asks for no right."""
    return await _wishes(work, col(ProfileChange.id).in_(ids))


async def _wishes(work: Work, where: Any) -> list[Wish]:
    statement = select(ProfileChange, Member).join(Member, col(Member.id) == ProfileChange.member_id)
    found = await work.all(statement.where(where).order_by(col(ProfileChange.id)).limit(100))
    return [await _wish(work, row, member) for row, member in found]


@service(APPROVE_CHANGES)
async def decide_change(
    work: Work, change_id: UUID, *, approve: bool, answer: str = '', version: int | None = None
) -> ProfileChange:
    """Approve a change, which is then made, or decline it with an answer. Never one's own (rule 8 of identity).

    Raises Denied, Conflict when it was decided or the file changed meanwhile, Invalid for a decline without an answer.
    """
    row = await work.get(ProfileChange, change_id, version)
    member = await work.get(Member, row.member_id)
    if work.actor.is_member(member.id):
        raise Denied('This is about yourself, so somebody else has to decide it.')
    separate(work, requested_by=row.requested_by_id, beneficiary=member.account_id)
    _refuse_decided(row)
    if not approve and not clean(answer):
        raise Invalid('Say why you decline.', {'answer': 'Write a sentence for the person who asked.'})
    if approve:
        await _carry_out(work, row, member)
    row.status = ProfileChangeStatus.APPROVED if approve else ProfileChangeStatus.DECLINED
    row.answer, row.decided_by_id, row.decided_at = clean(answer)[:300], work.actor.account_id, work.now
    await work.flush()
    if row.requested_by_id is not None:
        await notifications.tell(
            work, row.requested_by_id, kind=notifications.PROFILE_CHANGE_DECIDED,
            title=told(DECIDED[row.status], field=FIELDS[row.field]), body=row.answer,
            link=f'/members/{member.id}', object_type='Member', object_id=member.id,
        )  # fmt: skip
    return row


async def _carry_out(work: Work, row: ProfileChange, member: Member) -> None:
    organization_id = work.organization_id
    before = (await open_value(work, row.before, BEFORE(row.id, organization_id))).decode()
    after = (await open_value(work, row.after, AFTER(row.id, organization_id))).decode()
    if await _present(work, member, row.field) != before:
        raise Conflict('The file was changed after this was asked for. Decline it; the person can ask anew.')
    if row.field in WISHED_FIELDS:
        today = (await sight(work)).today
        value: Any = date.fromisoformat(after) if row.field == 'birth_on' else after
        await set_profile(work, member, {row.field: value}, today)
        return
    stored = await _number_row(work, member.id, row.field)
    values = read_input(KINDS['numbers'], {'kind': row.field, 'value': after}).model_dump()
    if stored is None:
        await write_record(work, kind_of('numbers'), member.id, values)
        return
    sealed = await seal_number(work, stored.id, values)
    stored.value, stored.last_digits = sealed['value'], sealed['last_digits']


def _checked(field: str, value: str) -> str:
    """Return a wished value in its normal form. Raises Invalid."""
    if field not in WISHED_FIELDS:
        data = read_input(KINDS['numbers'], {'kind': field, 'value': value})
        return str(data.model_dump()['value'])
    try:
        given = ProfileInput.model_validate({field: value or None} if field == 'birth_on' else {field: value})
    except ValueError:
        raise Invalid('This cannot be taken.', {'value': 'Write it like 1990-12-31.'}) from None
    if not getattr(given, field):
        raise Invalid('This cannot be empty.', {'value': 'Write what it should be.'})
    return str(getattr(given, field))


async def _present(work: Work, member: Member, field: str) -> str:
    if field in WISHED_FIELDS:
        return str(getattr(member, field) or '')
    row = await _number_row(work, member.id, field)
    if row is None:
        return ''
    return (await open_value(work, row.value, NUMBER_PLACE(row.id, work.organization_id))).decode()


async def _number_row(work: Work, member_id: UUID, field: str) -> ProtectedNumber | None:
    statement = select(ProtectedNumber).where(
        ProtectedNumber.member_id == member_id, ProtectedNumber.kind == ProtectedKind(field)
    )
    row: ProtectedNumber | None = await work.first(statement.order_by(col(ProtectedNumber.id).desc()).limit(1))
    return row


async def _own(work: Work) -> Member:
    if work.actor.member_id is None:
        raise NotFound('Your account is not a member of this department.')
    return await work.get(Member, work.actor.member_id)


def _refuse_decided(row: ProfileChange) -> None:
    if row.status is not ProfileChangeStatus.PENDING:
        raise Conflict(OVER[row.status])


async def _wish(work: Work, row: ProfileChange, member: Member) -> Wish:
    organization_id = work.organization_id
    before = (await open_value(work, row.before, BEFORE(row.id, organization_id))).decode()
    after = (await open_value(work, row.after, AFTER(row.id, organization_id))).decode()
    if row.field not in WISHED_FIELDS:
        before, after = before and f'•••• {before[-4:]}', f'•••• {after[-4:]}'
    actor = work.actor
    is_own = actor.is_member(member.id) or actor.is_account(row.requested_by_id)
    may = actor.may(APPROVE_CHANGES) and not is_own
    return Wish(
        row.id, member.id, member.name, row.field, str(FIELDS.get(row.field, row.field)), before, after, row.status,
        row.reason, row.answer, row.created_at, row.decided_at,
        may and row.status is ProfileChangeStatus.PENDING, row.version,
    )  # fmt: skip
