"""What the members' domain itself holds open when somebody leaves: people, papers, offices, and what waits for him."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.departments import Department
from data.identity import Position, PositionHolding
from data.members import (
    ChecklistItem,
    ChecklistKind,
    DepartmentHead,
    ItemOwner,
    Member,
    ProfileChange,
    ProfileChangeStatus,
)
from logic.core.formats import day_text
from logic.core.language import _
from logic.core.work import Work
from logic.departments import set_department_head
from logic.identity.positions import give_position, local_today
from logic.members.domain import APPROVE_CHANGES
from logic.members.holders import accounts_with
from logic.members.inputs import JobInput
from logic.members.job_changes import change_job, reports_from
from logic.members.leaving import Giving, OpenGroup, OpenThing, what_is_open
from logic.members.profile_changes import FIELDS

TO_REPORT = Giving(change_job, lambda _leaver, person_id, heir_id: (person_id, JobInput(manager_id=heir_id)))
TO_HOLD = Giving(give_position, lambda _leaver, position_id, heir_id: (heir_id, position_id))
TO_LEAD = Giving(set_department_head, lambda _leaver, unit_id, heir_id: (unit_id, heir_id))


@what_is_open
async def _open_reports(work: Work, member_id: UUID) -> OpenGroup:
    people = await reports_from(work, member_id, await local_today(work))
    things = [OpenThing(person.name, f'/members/{person.id}', person.id) for person in people]
    return OpenGroup(
        'reports', _('Reports'), _('Choose who takes them over'), f'/members/{member_id}', things, giving=TO_REPORT
    )


@what_is_open
async def _open_items(work: Work, member_id: UUID) -> OpenGroup:
    items = select(ChecklistItem).where(
        ChecklistItem.member_id == member_id,
        ChecklistItem.kind == ChecklistKind.LEAVING,
        col(ChecklistItem.done_at).is_(None),
    )
    rows = await work.all(items.order_by(col(ChecklistItem.due_on), col(ChecklistItem.order)))
    link = f'/members/{member_id}?tab=checklists'
    things = [OpenThing(f'{item.title} ({day_text(item.due_on)})', link, item.id) for item in rows]
    return OpenGroup('checklist', _('Checklist'), _('Tick off'), link, things)


@what_is_open
async def _open_offices(work: Work, member_id: UUID) -> OpenGroup:
    """The positions that end with the last day and that nobody holds then, until they are given to somebody else."""
    until = col(PositionHolding.until_on)
    current: Any = sa.or_(until.is_(None), until >= await local_today(work))
    held = select(Position).join(PositionHolding, col(PositionHolding.position_id) == Position.id)
    others = select(PositionHolding.position_id).where(PositionHolding.member_id != member_id, current)
    alone = held.where(PositionHolding.member_id == member_id, current, col(Position.id).not_in(others))
    rows = await work.all(alone.order_by(Position.name))
    things = [OpenThing(position.name, f'/positions/{position.id}', position.id) for position in rows]
    return OpenGroup(
        'offices',
        _('Positions that nobody else holds'),
        _('Give to somebody'),
        '/positions',
        things,
        giving=TO_HOLD,
    )


@what_is_open
async def _open_units(work: Work, member_id: UUID) -> OpenGroup:
    led = select(Department).join(DepartmentHead, col(DepartmentHead.department_id) == Department.id)
    units = await work.all(led.where(DepartmentHead.member_id == member_id).order_by(Department.name))
    things = [OpenThing(_('Leads {unit}', unit=unit.name), '/settings/lists', unit.id) for unit in units]
    return OpenGroup(
        'units', _('Units led until the last day'), _('Give to somebody'), '/settings/lists', things, giving=TO_LEAD
    )


@what_is_open
async def _open_wishes(work: Work, member_id: UUID) -> OpenGroup:
    statement = select(ProfileChange).where(
        ProfileChange.member_id == member_id, ProfileChange.status == ProfileChangeStatus.PENDING
    )
    things = [
        OpenThing(str(FIELDS.get(row.field, row.field)), '/members/changes', row.id)
        for row in await work.all(statement)
    ]
    return OpenGroup('wishes', _('Changes asked for'), _('Decide'), '/members/changes', things)


@what_is_open
async def _open_duties(work: Work, member_id: UUID) -> OpenGroup:
    """What he is to do, as their manager, for those who join or leave."""
    ids = [person.id for person in await reports_from(work, member_id, await local_today(work))]
    statement = (
        select(ChecklistItem, Member)
        .join(Member, col(Member.id) == ChecklistItem.member_id)
        .where(ChecklistItem.owner == ItemOwner.MANAGER, col(ChecklistItem.member_id).in_(ids))
        .where(col(ChecklistItem.done_at).is_(None))
    )
    rows = await work.all(statement.order_by(col(ChecklistItem.due_on), col(ChecklistItem.order)))
    things = [
        OpenThing(f'{item.title} ({person.name})', f'/members/{person.id}?tab=checklists', item.id)
        for item, person in rows
    ]
    return OpenGroup('duties', _('Checklists of reports'), _('Tick off'), f'/members/{member_id}', things)


@what_is_open
async def _open_approvals(work: Work, member_id: UUID) -> OpenGroup:
    """What nobody else can decide: changes that others asked for, when he alone approves them."""
    link, action = '/members/changes', _('Decide')
    title = _('Decisions that nobody else can make')
    member = await work.get(Member, member_id)
    if await accounts_with(work, APPROVE_CHANGES) != {member.account_id}:
        return OpenGroup('approvals', title, action, link, [])
    statement = (
        select(ProfileChange, Member)
        .join(Member, col(Member.id) == ProfileChange.member_id)
        .where(ProfileChange.status == ProfileChangeStatus.PENDING, ProfileChange.member_id != member_id)
    )
    rows = await work.all(statement.order_by(col(ProfileChange.id)))
    if not work.actor.may(APPROVE_CHANGES):
        return OpenGroup('approvals', title, action, link, [], hidden=len(rows))
    things = [OpenThing(f'{who.name}: {FIELDS.get(row.field, row.field)}', link, row.id) for row, who in rows]
    return OpenGroup('approvals', title, action, link, things)
