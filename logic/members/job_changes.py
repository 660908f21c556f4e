"""Where people work, by date: dated rows are read by the day, so that a future change needs nobody to carry it out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.departments import Department, Rank
from data.members import JobChange, Member, MemberStatus
from logic.core.errors import Conflict, Invalid
from logic.core.language import _, later
from logic.core.service import service
from logic.core.work import Work
from logic.members.domain import VIEW
from logic.members.inputs import JobInput
from logic.members.visibility import in_force, sight, visible_member

JOB_FIELDS = tuple(JobInput.model_fields)
OWN_REASONS = (later('The manager left'), later('Import', meaning='a reason'))
"""Reasons that Logbook itself writes: stored in English, said in the language of whoever reads them."""
MANAGER_LEFT, IMPORTED = (str.__str__(reason) for reason in OWN_REASONS)


@dataclass(frozen=True, slots=True)
class JobRow:
    """Where a member works from a day to a day."""

    id: UUID
    from_on: date
    last_on: date | None
    """The last day on which it counts; None when it is open."""
    is_current: bool
    department_id: UUID | None
    department: str
    manager_id: UUID | None
    manager: str
    rank_id: UUID | None
    rank: str
    title: str
    work_pattern: str
    reason: str
    version: int


def said_reason(reason: str) -> str:
    """Return a stored reason as its reader reads it: those that Logbook wrote in his language, others as they are."""
    return next((str(own) for own in OWN_REASONS if own == reason), reason)


async def job_rows(work: Work, member_id: UUID, today: date) -> list[JobRow]:
    """Return where a member works and worked, the latest first; asks for no right."""
    manager: Any = aliased(Member)
    statement = (
        select(JobChange, Department.name, Rank.name, manager)
        .join(Department, col(Department.id) == JobChange.department_id, isouter=True)
        .join(Rank, col(Rank.id) == JobChange.rank_id, isouter=True)
        .join(manager, manager.id == JobChange.manager_id, isouter=True)
        .where(JobChange.member_id == member_id)
        .order_by(col(JobChange.from_on).desc())
    )
    return [
        JobRow(
            j.id, j.from_on, j.until_on and j.until_on - timedelta(days=1),
            j.from_on <= today and (j.until_on is None or j.until_on > today),
            j.department_id, department or '', j.manager_id, boss.name if boss else '', j.rank_id, rank or '',
            j.title, j.work_pattern, said_reason(j.reason), j.version,
        )
        for j, department, rank, boss in await work.all(statement)
    ]  # fmt: skip


@service(VIEW)
async def change_job(
    work: Work, member_id: UUID, data: JobInput, from_on: date | None = None, reason: str = ''
) -> JobChange | None:
    """Let some job data change from a day on (today); later rows follow as far as they say the same.

    Returns the row that begins on that day; None when nothing would change. Raises Denied, Invalid, and Conflict for a
    circle.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    seen.require_edit(member)
    begin = from_on or seen.today
    rows = await rows_of(work, member_id)
    changes = data.given()
    await check_references(work, changes)
    if 'manager_id' in changes:
        await refuse_circle(work, member, changes['manager_id'], begin, _unlike(rows, begin, 'manager_id'))
    return put(work, member_id, rows, begin, changes, reason=reason[:300])


@service(VIEW)
async def correct_job_change(
    work: Work, job_change_id: UUID, data: JobInput, reason: str | None = None, version: int | None = None
) -> JobChange:
    """Correct what a row says: it was recorded wrongly. Raises Denied, Invalid, Conflict."""
    row = await work.get(JobChange, job_change_id, version)
    seen = await sight(work)
    member = await visible_member(work, row.member_id, seen)
    seen.require_edit(member)
    changes = data.given()
    await check_references(work, changes)
    if changes.get('manager_id') is not None:
        await refuse_circle(work, member, changes['manager_id'], row.from_on, row.until_on)
    for name, value in changes.items():
        setattr(row, name, value)
    if reason is not None:
        row.reason = reason[:300]
    await work.flush()
    return row


@service(VIEW)
async def remove_job_change(work: Work, job_change_id: UUID, version: int | None = None) -> None:
    """Take a dated row back; the one before it then counts on. Raises Conflict for the only row."""
    row = await work.get(JobChange, job_change_id, version)
    seen = await sight(work)
    member = await visible_member(work, row.member_id, seen)
    seen.require_edit(member)
    rows = await rows_of(work, row.member_id)
    if len(rows) == 1:
        raise Conflict(_('This is the only row about the job of {name}. Correct it instead.', name=member.name))
    at = next(index for index, other in enumerate(rows) if other.id == row.id)
    if at:
        before = rows[at - 1]
        if before.manager_id is not None:
            await refuse_circle(work, member, before.manager_id, row.from_on, row.until_on)
        before.until_on = row.until_on
    await work.delete(row)
    await work.flush()


# What the rules above, bulk changes, imports and leaving share


async def rows_of(work: Work, member_id: UUID) -> list[JobChange]:
    """Return the dated rows of a member, the earliest first."""
    return await work.all(select(JobChange).where(JobChange.member_id == member_id).order_by(col(JobChange.from_on)))


async def rows_by_member(work: Work, member_ids: Iterable[UUID]) -> dict[UUID, list[JobChange]]:
    """Return the dated rows of several members, the earliest first."""
    ids = list(member_ids)
    found: dict[UUID, list[JobChange]] = {member_id: [] for member_id in ids}
    for at in range(0, len(ids), 500):
        part = select(JobChange).where(col(JobChange.member_id).in_(ids[at : at + 500]))
        for row in await work.all(part.order_by(col(JobChange.from_on))):
            found[row.member_id].append(row)
    return found


def row_at(rows: Sequence[JobChange], on: date) -> JobChange | None:
    """Return the row in force on a day."""
    return next((row for row in reversed(rows) if row.from_on <= on and (not row.until_on or row.until_on > on)), None)


def put(
    work: Work, member_id: UUID, rows: list[JobChange], from_on: date, changes: dict[str, Any], *, reason: str = ''
) -> JobChange | None:
    """Let changes count from a day on, in the rows of a member, which are kept in order. Checks nothing."""
    base = row_at(rows, from_on)
    old = {name: getattr(base, name) if base else _blank(name) for name in changes}
    if all(old[name] == value for name, value in changes.items()):
        return None
    if base is not None and base.from_on == from_on:
        row = base
        row.reason = reason or row.reason
    else:
        follower = next((other for other in rows if other.from_on > from_on), None)
        values = {name: getattr(base, name) if base else _blank(name) for name in JOB_FIELDS}
        until_on = base.until_on if base else (follower.from_on if follower else None)
        row = JobChange(member_id=member_id, from_on=from_on, until_on=until_on, reason=reason, **values)
        if base is not None:
            base.until_on = from_on
        work.add(row)
        rows.insert(next((at for at, other in enumerate(rows) if other.from_on > from_on), len(rows)), row)
    for name, value in changes.items():
        setattr(row, name, value)
        for other in rows[rows.index(row) + 1 :]:
            if base is None or getattr(other, name) != old[name]:
                break
            setattr(other, name, value)
    return row


def _blank(name: str) -> Any:
    return '' if name in ('title', 'work_pattern') else None


def _unlike(rows: Sequence[JobChange], from_on: date, name: str) -> date | None:
    """Return the day from which a later row says something of its own; None when none does."""
    base = row_at(rows, from_on)
    old = getattr(base, name) if base else None
    return next((r.from_on for r in rows if r.from_on > from_on and (base is None or getattr(r, name) != old)), None)


async def check_references(work: Work, changes: dict[str, Any]) -> None:
    """Load what job data names. Raises Invalid for what is archived or has left, NotFound for what is not ours."""
    wrong: dict[str, str] = {}
    department = await work.get(Department, changes['department_id']) if changes.get('department_id') else None
    if department is not None and department.archived_at is not None:
        wrong['department_id'] = _('{name} is archived. Choose another department.', name=department.name)
    rank = await work.get(Rank, changes['rank_id']) if changes.get('rank_id') else None
    if rank is not None and rank.archived_at is not None:
        wrong['rank_id'] = _('{name} is archived. Choose another rank.', name=rank.name)
    manager = await work.get(Member, changes['manager_id']) if changes.get('manager_id') else None
    if manager is not None and (manager.archived_at is not None or manager.status is MemberStatus.LEFT):
        wrong['manager_id'] = _('{name} is no longer with the department. Choose another manager.', name=manager.name)
    if wrong:
        raise Invalid('Some of this is no longer in use.', wrong)


async def refuse_circle(
    work: Work, member: Member, manager_id: UUID | None, from_on: date, until_on: date | None
) -> None:
    """Raise Conflict when a member would report to himself through this manager on any day of a time (rule 3)."""
    if manager_id is None:
        return
    if manager_id == member.id:
        raise Conflict(_('{name} cannot be their own manager.', name=member.name))
    far = date.max
    waiting = [(manager_id, from_on, until_on or far)]
    checked: set[tuple[UUID, date, date]] = set()
    while waiting:
        ids = {person for person, _, _ in waiting}
        columns: list[Any] = [JobChange.member_id, JobChange.manager_id, JobChange.from_on, JobChange.until_on]
        statement = sa.select(*columns).where(col(JobChange.member_id).in_(ids), col(JobChange.manager_id).is_not(None))
        above: dict[UUID, list[tuple[UUID, date, date]]] = {}
        for person, boss, begin, end in await work.all(statement):
            above.setdefault(person, []).append((boss, begin, end or far))
        further = []
        for person, begin, end in waiting:
            for boss, first, last in above.get(person, []):
                overlap = (boss, max(begin, first), min(end, last))
                if overlap[1] >= overlap[2] or overlap in checked:
                    continue
                if boss == member.id:
                    manager = await work.get(Member, manager_id)
                    raise Conflict(
                        _(
                            '{manager} reports to {name}, directly or through others, so it would be a circle.',
                            manager=manager.name,
                            name=member.name,
                        )
                    )
                checked.add(overlap)
                further.append(overlap)
        waiting = further


async def reports_from(work: Work, member_id: UUID, from_on: date) -> list[Member]:
    """Return who reports directly to a member on a day or later, by name; those who have left do not count."""
    statement = (
        select(Member)
        .join(JobChange, col(JobChange.member_id) == Member.id)
        .where(
            JobChange.manager_id == member_id,
            col(Member.archived_at).is_(None),
            col(Member.status) != MemberStatus.LEFT,
        )
        .where(sa.or_(col(JobChange.until_on).is_(None), col(JobChange.until_on) > from_on))
        .order_by(Member.sort_name)
        .distinct()
    )
    return await work.all(statement)


async def manager_on(work: Work, member_id: UUID, on: date) -> UUID | None:
    """Return the manager of a member on a day."""
    statement = select(JobChange.manager_id).where(JobChange.member_id == member_id, in_force(on))
    found: UUID | None = await work.first(statement)
    return found


async def move_reports(work: Work, leaver: Member, to_id: UUID | None, from_on: date, reason: str) -> list[Member]:
    """Let all who report to a member report to another one from a day on.

    Who would then report to himself gets the leaver's manager. Returns those who were moved. Raises Conflict for a
    circle, Invalid for a manager who has left.
    """
    people = await reports_from(work, leaver.id, from_on)
    if not people:
        return []
    if to_id == leaver.id:
        raise Invalid('Choose somebody else.', {'reports_to_id': _('{name} is leaving.', name=leaver.name)})
    above = await manager_on(work, leaver.id, from_on)
    await check_references(work, {'manager_id': to_id})
    await check_references(work, {'manager_id': above if any(p.id == to_id for p in people) else None})
    targets = {person.id: above if person.id == to_id else to_id for person in people}
    rows = await rows_by_member(work, targets)
    # The new manager first: where he reported to the leaver, the others' way up leads through his new row.
    for person in sorted(people, key=lambda one: one.id != to_id):
        target = targets[person.id]
        await refuse_circle(work, person, target, from_on, None)
        put(work, person.id, rows[person.id], from_on, {'manager_id': target}, reason=reason)
        for row in rows[person.id]:
            if row.from_on >= from_on and row.manager_id == leaver.id:
                row.manager_id = target
    await work.flush()
    return people
