"""The life cycle of a membership: which moves are allowed, each dated, with a reason, and with a way back."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from data.identity import PositionHolding
from data.members import DepartmentHead, Member, MemberStatus, StatusChange
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.formats import day_text
from logic.core.language import _, many
from logic.core.service import service
from logic.core.wording import inside
from logic.core.work import Work
from logic.identity.positions import PRESENT, PositionsChanged, guard_last_administrator
from logic.members.batches import Book
from logic.members.domain import VIEW, tell_move
from logic.members.job_changes import MANAGER_LEFT, manager_on, move_reports, reports_from, said_reason
from logic.members.names import clean
from logic.members.visibility import sight, visible_member

_S = MemberStatus
ALLOWED: dict[MemberStatus, tuple[MemberStatus, ...]] = {
    _S.PROBATIONARY: (_S.ACTIVE, _S.INACTIVE, _S.ON_LEAVE, _S.SUSPENDED, _S.LEFT),
    _S.ACTIVE: (_S.PROBATIONARY, _S.INACTIVE, _S.ON_LEAVE, _S.SUSPENDED, _S.RETIRED, _S.LEFT),
    _S.INACTIVE: (_S.ACTIVE, _S.PROBATIONARY, _S.RETIRED, _S.LEFT),
    _S.SUSPENDED: (_S.PROBATIONARY, _S.ACTIVE, _S.INACTIVE, _S.LEFT),
    _S.ON_LEAVE: (_S.ACTIVE, _S.INACTIVE, _S.SUSPENDED, _S.RETIRED, _S.LEFT),
    _S.RETIRED: (_S.ACTIVE, _S.INACTIVE),
    _S.LEFT: (_S.PROBATIONARY, _S.ACTIVE),
}
"""The moves of rule 1 of the members' spec."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A move in the history of a member's status."""

    id: UUID
    on: date
    before: MemberStatus | None
    after: MemberStatus
    reason: str


async def status_rows(work: Work, member_id: UUID) -> list[StatusRow]:
    """Return the history of a member's status, the latest first; asks for no right."""
    statement = select(StatusChange).where(StatusChange.member_id == member_id)
    rows = await work.all(statement.order_by(col(StatusChange.on).desc(), col(StatusChange.id).desc()))
    return [StatusRow(row.id, row.on, row.before, row.after, said_reason(row.reason)) for row in rows]


@service(VIEW)
async def change_status(
    work: Work,
    member_id: UUID,
    to: MemberStatus,
    reason: str,
    on: date | None = None,
    *,
    reports_to_id: UUID | None = None,
    version: int | None = None,
) -> Member:
    """Move a member to another status from a day on (today at the latest).

    To `left` it means that the day before was the last one; whoever reports to him then reports to `reports_to_id`.
    Raises Denied, Invalid for the day, a missing reason or reports that nobody takes over, Conflict for a move that is
    not allowed and for the last administrator.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen, version)
    if not seen.may_change_status(member_id):
        raise Denied(
            _('You may not change the status of {name}. Their managers and administrators can.', name=member.name)
        )
    begin = on or seen.today
    check_move(member, to, clean(reason), begin, seen.today)
    if to is MemberStatus.LEFT:
        await refuse_orphans(work, member, reports_to_id, begin)
        await let_go(work, member, begin - timedelta(days=1), clean(reason), reports_to_id)
    else:
        await apply_status(work, member, to, clean(reason), begin)
    await settle(work, member)
    return member


def check_move(member: Member, to: MemberStatus, reason: str, on: date, today: date) -> None:
    """Raise Conflict or Invalid unless a member may move to a status on a day for a reason."""
    if member.archived_at is not None:
        raise Conflict(_('{name} is archived. Restore the record first.', name=member.name))
    if to not in ALLOWED[member.status]:
        ways = ', '.join(str(status.label) for status in ALLOWED[member.status])
        raise Conflict(
            _(
                '{name} is {status} and can become: {ways}.',
                name=member.name,
                status=inside(member.status.label),
                ways=ways,
            )
        )
    wrong: dict[str, str] = {}
    if not reason:
        wrong['reason'] = _('Say why, in a few words.')
    if len(reason) > 300:
        wrong['reason'] = _('At most {count} characters.', count=300)
    if on > today:
        wrong['on'] = _('This day is in the future. Change the status when it comes; a departure can be planned.')
    elif on < member.status_since_on:
        since = day_text(member.status_since_on)
        wrong['on'] = _('The present status began on {day}. Choose that day or a later one.', day=since)
    if wrong:
        raise Invalid('This change of status cannot be taken.', wrong)


async def refuse_orphans(work: Work, member: Member, reports_to_id: UUID | None, from_on: date) -> None:
    """Raise Invalid when people report to who leaves and nobody takes them over (rule 3), NotFound for a stranger."""
    if reports_to_id is not None:
        await work.get(Member, reports_to_id)
        return
    people = await reports_from(work, member.id, from_on)
    if not people:
        return
    boss_id = await manager_on(work, member.id, from_on)
    boss = await work.find(Member, boss_id)
    names = ', '.join(person.name for person in people[:5]) + (', …' if len(people) > 5 else '')
    refusal = many(
        '{count} person reports to {name}: {names}. Say who takes them over.',
        '{count} people report to {name}: {names}. Say who takes them over.',
        len(people),
        name=member.name,
        names=names,
    )
    if boss is not None:
        refusal += ' ' + _('{boss}, to whom {name} reports, is proposed.', boss=boss.name, name=member.name)
    raise Invalid(refusal, {'reports_to_id': refusal})


async def apply_status(work: Work, member: Member, to: MemberStatus, reason: str, on: date) -> None:
    """Write a move and tell the other domains. Checks nothing."""
    before = member.status
    member.status, member.status_since_on, member.status_reason = to, on, reason
    work.add(
        StatusChange(
            member_id=member.id, on=on, before=before, after=to, reason=reason, by_account_id=work.actor.account_id
        )
    )
    if before is MemberStatus.LEFT:
        member.left_on = None
    await work.flush()
    await tell_move(work, member, before, on, reason)
    if (before in PRESENT) != (to in PRESENT):
        await work.emit(PositionsChanged(frozenset({member.id})))


async def let_go(
    work: Work, member: Member, last_on: date, reason: str, reports_to_id: UUID | None, *, book: Book | None = None
) -> None:
    """End a membership after a last day: reports move, positions and headships end, the other domains are told.

    A batch that is to be undone hands in its book.
    """
    begin = last_on + timedelta(days=1)
    if reports_to_id is not None:
        await move_reports(work, member, reports_to_id, begin, MANAGER_LEFT)
    for holding in await work.all(select(PositionHolding).where(PositionHolding.member_id == member.id)):
        if holding.from_on > last_on:
            if book is not None:
                book.remove(holding, member.id)
            await work.delete(holding)
        elif holding.until_on is None or holding.until_on > last_on:
            if book is not None:
                book.keep(holding, member.id)
            holding.until_on = last_on
    for headship in await work.all(select(DepartmentHead).where(DepartmentHead.member_id == member.id)):
        if book is not None:
            book.remove(headship, member.id)
        await work.delete(headship)
    member.left_on = max(last_on, member.joined_on) if member.joined_on else last_on
    await apply_status(work, member, MemberStatus.LEFT, reason, begin)


async def settle(work: Work, member: Member) -> None:
    """Refuse a change that leaves nobody who looks after members and positions. Call at the end of the step."""
    await work.flush()
    if member.status not in PRESENT or member.archived_at is not None:
        await guard_last_administrator(work)
