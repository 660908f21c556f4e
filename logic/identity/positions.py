"""Positions: offices that people hold, and the only thing that grants permissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from data.identity import Account, Position, PositionHolding, ServiceAccount, ServicePosition
from data.members import Departure, Member, MemberStatus
from data.organizations import Organization
from logic.core.actor import Actor, ActorKind
from logic.core.domain import domains, permission_labels
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity.permissions import MANAGE_POSITIONS, VIEW_POSITIONS, domain
from logic.identity.seeds import MEMBER, POSITIONS
from logic.organizations import OrganizationCreated

HELPS_FROM, MOST_HELPERS = 90, 12
"""The authority of an administrator, and how many are named."""
PRESENT = (MemberStatus.PROBATIONARY, MemberStatus.ACTIVE, MemberStatus.ON_LEAVE)
"""The statuses in which somebody counts as an active member who can look after access."""
NEEDED_FOR_ADMINISTRATION = frozenset({'members.edit', MANAGE_POSITIONS})


@dataclass(frozen=True, slots=True)
class PositionsChanged:
    """What members may do has changed: their actors must be made anew."""

    member_ids: frozenset[UUID]


class PositionInput(BaseModel):
    """A position as the editor sends it."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    name: Annotated[str, Field(title=later('Name'), min_length=2, max_length=80, pattern=r'^[^\x00-\x1f]*$')]
    description: Annotated[str, Field(title=later('What it is for'), max_length=300)] = ''
    permissions: Annotated[frozenset[str], Field(title=later('Permissions'), max_length=500)] = frozenset()
    priority: Annotated[int, Field(title=later('Authority'), ge=0, le=100)] = 10


class GiveInput(BaseModel):
    """Who is to hold a position, and when."""

    model_config = ConfigDict(extra='forbid')

    member_id: Annotated[UUID, Field(title=later('Person'))]
    from_on: Annotated[date | None, Field(title=later('From'))] = None
    until_on: Annotated[date | None, Field(title=later('Until'))] = None


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position in a list, with how many hold it today."""

    id: UUID
    name: str
    description: str
    permissions: frozenset[str]
    priority: int
    is_system: bool
    holders: int
    version: int


@domain.on(OrganizationCreated)
async def seed_positions(work: Work, _: OrganizationCreated) -> None:
    """Give a new organization the positions that every department starts with."""
    for seed in POSITIONS:
        work.add(
            Position(
                name=seed.name, description=seed.description, permissions=_as_text(seed.permissions),
                priority=seed.priority, is_system=True,
            )
        )  # fmt: skip
    await work.flush()


@service(SYSTEM)
async def seed_new_domains(work: Work) -> int:
    """Give built-in positions the rights of domains that came with an upgrade; returns in how many organizations.

    Each domain is given once: what an administrator takes away afterwards stays away.
    """
    given = {seed.name: seed.permissions for seed in POSITIONS}
    known = frozenset(domains)
    async with work.everywhere():
        behind = [row.id for row in await work.all(select(Organization)) if known - row.settings.seeded]
    for organization_id in behind:
        async with work.inside(organization_id):
            # Two nodes may start at once: the later one waits here, and then finds nothing new.
            locked = select(Organization).where(Organization.id == organization_id).with_for_update()
            organization = await work.first(locked.execution_options(populate_existing=True))
            new = known - organization.settings.seeded
            for position in await work.all(select(Position).where(col(Position.is_system))):
                come = {name for name in given.get(position.name, ()) if name.partition('.')[0] in new}
                position.permissions = _as_text(position.permission_set | come)
            organization.settings = organization.settings.model_copy(
                update={'seeded': organization.settings.seeded | known}
            )
    return len(behind)


def _as_text(permissions: Iterable[str]) -> str:
    return '\n'.join(sorted(permissions))


async def local_today(work: Work) -> date:
    """Return today's date where the organization is."""
    organization = await work.get(Organization, work.organization_id)
    return work.now.astimezone(ZoneInfo(organization.zone)).date()


def in_force(on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions under which a holding counts on a day."""
    until = col(PositionHolding.until_on)
    return col(PositionHolding.from_on) <= on, or_(until.is_(None), until >= on)


def offices_of(actor: Actor, on: date) -> Any:
    """Return the select of the ids of the positions that an actor holds on a day: as a member, or itself as a program.

    What is shared with a position is shared with both. A key of a person acts as that person.
    """
    if actor.member_id is not None:
        own = belongs_to(PositionHolding.member_id, actor.member_id)
        return select(PositionHolding.position_id).where(own, *in_force(on))
    mine = col(ServiceAccount.id) == ServicePosition.service_id
    held = select(ServicePosition.position_id).join(ServiceAccount, mine)
    own = belongs_to(ServiceAccount.account_id, actor.account_id)
    return held.where(own, col(ServiceAccount.ended_at).is_(None))


async def permissions_of(work: Work, member_id: UUID) -> frozenset[str]:
    """Return what a member may do: the union over the positions in force today (rule 1), nothing when not present."""
    member = await work.get(Member, member_id)
    if member.status not in PRESENT or member.archived_at is not None:
        return frozenset()
    held = select(Position.permissions).join(PositionHolding, col(PositionHolding.position_id) == Position.id)
    rows = await work.all(held.where(PositionHolding.member_id == member_id, *in_force(await local_today(work))))
    return frozenset(name for text in rows for name in text.split())


def covers(held: frozenset[str], wanted: str) -> bool:
    """Say whether some permissions include another one, which may itself be a pattern."""
    return '*' in held or wanted in held or (wanted != '*' and f'{wanted.partition(".")[0]}.*' in held)


def refuse_more_than_own(work: Work, permissions: Iterable[str]) -> None:
    """Rule 2: nobody gives a position permissions that he does not hold."""
    if work.actor.kind is ActorKind.SYSTEM:
        return
    missing = sorted(name for name in permissions if not covers(work.actor.permissions, name))
    if missing:
        labels = permission_labels()
        names = ', '.join(str(labels.get(name, name)) for name in missing[:3])
        raise Denied(_('You cannot give rights that you do not hold yourself: {rights}. Ask the owner.', rights=names))


async def highest_authority(work: Work, member_id: UUID | None) -> int:
    """Return the highest authority of the positions that a member holds today; 0 without any."""
    if member_id is None:
        return 0
    held = select(Position.priority).join(PositionHolding, col(PositionHolding.position_id) == Position.id)
    rows = await work.all(held.where(PositionHolding.member_id == member_id, *in_force(await local_today(work))))
    return max(rows, default=0)


async def authority_of_service(work: Work, account_id: UUID | None) -> int:
    """Return the highest authority of the positions that a service account holds; 0 without any."""
    held = select(Position.priority).join(ServicePosition, col(ServicePosition.position_id) == Position.id)
    mine = held.join(ServiceAccount, col(ServiceAccount.id) == ServicePosition.service_id)
    return max(await work.all(mine.where(ServiceAccount.account_id == account_id)), default=0)


async def refuse_rise(work: Work, priority: int, member_id: UUID | None = None) -> None:
    """Rule 4 weighs people by the authority of their positions, so nobody raises his own, nor has a program do it.

    `member_id` is who gets a position; without, it is made or changed. A program gives nobody more than it has itself.
    """
    actor = work.actor
    if actor.kind is ActorKind.SYSTEM:
        return
    is_own = member_id is not None and actor.is_member(member_id)
    if member_id is not None and actor.member_id is not None and not is_own:
        return
    if actor.member_id is not None:
        own = await highest_authority(work, actor.member_id)
    else:
        own = await authority_of_service(work, actor.account_id)
        own = min(own, await highest_authority(work, member_id)) if is_own else own
    if priority > own:
        raise Denied('You cannot raise authority above that of your own positions. Somebody above can do this.')


async def refuse_above_own(work: Work, member_id: UUID) -> None:
    """Rule 2 for whoever gets a member's account: raise Denied when his positions, now or later, exceed the actor's."""
    held = select(Position.permissions).join(PositionHolding, col(PositionHolding.position_id) == Position.id)
    until = col(PositionHolding.until_on)
    ends = or_(until.is_(None), until >= await local_today(work))
    rows = await work.all(held.where(PositionHolding.member_id == member_id, ends))
    refuse_more_than_own(work, {name for text in rows for name in text.split()})


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who looks after Logbook in a department."""

    name: str
    position: str


@query(SIGNED_IN)
async def who_helps(work: Work) -> list[Helper]:
    """Return whom everybody may ask: those present who hold a position with the authority to change rights, by name."""
    rows = await work.all(
        select(Member, Position.name)
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id)
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .where(
            col(Position.priority) >= HELPS_FROM, col(Member.account_id).is_not(None), col(Member.status).in_(PRESENT),
            col(Member.archived_at).is_(None), *in_force(await local_today(work)),
        )
        .order_by(Member.sort_name, col(Position.priority).desc())
        .limit(MOST_HELPERS)
    )  # fmt: skip
    first = {member.id: Helper(member.name, position) for member, position in reversed(rows)}
    return list(reversed(first.values()))


@query(VIEW_POSITIONS)
async def list_positions(work: Work) -> list[PositionRow]:
    """Return all positions, the one with most authority first."""
    count = (
        select(PositionHolding.position_id, func.count().label('holders'))
        .where(*in_force(await local_today(work)))
        .group_by(col(PositionHolding.position_id))
        .subquery()
    )
    statement = (
        select(Position, func.coalesce(count.c.holders, 0))
        .join(count, count.c.position_id == Position.id, isouter=True)
        .order_by(col(Position.priority).desc(), Position.name)
    )
    return [
        PositionRow(p.id, p.name, p.description, p.permission_set, p.priority, p.is_system, holders, p.version)
        for p, holders in await work.all(statement)
    ]


@query(VIEW_POSITIONS)
async def get_position(work: Work, position_id: UUID) -> Position:
    """Return one position. Raises NotFound."""
    return await work.get(Position, position_id)


def _check_known(permissions: Iterable[str]) -> None:
    known = permission_labels()
    modules = {name.partition('.')[0] for name in known}
    for name in permissions:
        module, _dot, verb = name.partition('.')
        if name not in known and not (verb == '*' and module in modules):
            raise Invalid('There is no such permission.', {'permissions': _('"{name}" is not known.', name=name)})


async def _refuse_taken_name(work: Work, name: str) -> None:
    if await work.first(select(Position).where(func.lower(Position.name) == name.lower())):
        raise Conflict(_('There is already a position named {name}.', name=name))


@service(MANAGE_POSITIONS)
async def add_position(work: Work, data: PositionInput) -> Position:
    """Make a position. Raises Denied above the own rights (rule 2) or authority (rule 4), Conflict for a taken name."""
    _check_known(data.permissions)
    refuse_more_than_own(work, data.permissions)
    await refuse_rise(work, data.priority)
    await _refuse_taken_name(work, data.name)
    return work.add(
        Position(
            name=data.name, description=data.description, permissions=_as_text(data.permissions), priority=data.priority
        )
    )


@service(MANAGE_POSITIONS)
async def update_position(work: Work, position_id: UUID, data: PositionInput, version: int | None = None) -> Position:
    """Change a position. A system position keeps name and priority; one above the own rights is refused (rule 2)."""
    position = await work.get(Position, position_id, version)
    refuse_more_than_own(work, position.permission_set)
    if '*' in position.permission_set:
        if data.permissions != position.permission_set:
            raise Conflict('The owner may do everything; that cannot be changed.')
    else:
        _check_known(data.permissions - position.permission_set)
        refuse_more_than_own(work, data.permissions)
    if position.is_system and (data.name != position.name or data.priority != position.priority):
        raise Conflict('This position came with Logbook: its name and authority stay. Its permissions may be changed.')
    if data.priority > position.priority:
        await refuse_rise(work, data.priority)
    if data.name.lower() != position.name.lower():
        await _refuse_taken_name(work, data.name)
    position.name, position.description, position.priority = data.name, data.description, data.priority
    position.permissions = _as_text(data.permissions)
    await guard_last_administrator(work)
    await _changed(work, position_id)
    return position


@service(MANAGE_POSITIONS)
async def remove_position(work: Work, position_id: UUID) -> None:
    """Remove a position that nobody holds or held. A system position stays."""
    position = await work.get(Position, position_id)
    refuse_more_than_own(work, position.permission_set)
    if position.is_system:
        raise Conflict('This position came with Logbook and stays. Nobody needs to hold it.')
    held = select(PositionHolding.id).where(PositionHolding.position_id == position_id)
    by_programs = select(ServicePosition.id).where(ServicePosition.position_id == position_id)
    if await work.first(held) or await work.first(by_programs):
        text = later('People hold or held {position}, so it stays as part of the record. End the holdings instead.')
        raise Conflict(_(text, position=position.name))
    await work.delete(position)


@service(MANAGE_POSITIONS)
async def give_position(
    work: Work, member_id: UUID, position_id: UUID, from_on: date | None = None, until_on: date | None = None
) -> PositionHolding:
    """Let a member hold a position from a day (today) to a day inclusive (open). Raises Denied, Conflict, Invalid."""
    member, position = await work.get(Member, member_id), await work.get(Position, position_id)
    refuse_more_than_own(work, position.permission_set)
    await refuse_rise(work, position.priority, member_id)
    begin = from_on or await local_today(work)
    if until_on is not None and until_on < begin:
        raise Invalid('The last day is before the first.', {'until_on': 'Choose a day on or after the first day.'})
    for held in await _holdings(work, member_id, position_id):
        if (held.until_on is None or held.until_on >= begin) and (until_on is None or held.from_on <= until_on):
            names = {'name': member.name, 'position': position.name}
            raise Conflict(_('{name} already holds {position} in that time.', **names))
    holding = work.add(PositionHolding(member_id=member.id, position_id=position.id, from_on=begin, until_on=until_on))
    await work.flush()
    await work.emit(PositionsChanged(frozenset({member_id})))
    return holding


@service(MANAGE_POSITIONS)
async def end_position(work: Work, holding_id: UUID) -> PositionHolding:
    """End a holding; what it allowed ends at once.

    Raises Denied, and Conflict when it has ended already and for the last administrator (rule 3).
    """
    holding = await work.get(PositionHolding, holding_id)
    position = await work.get(Position, holding.position_id)
    refuse_more_than_own(work, position.permission_set)
    yesterday = await local_today(work) - timedelta(days=1)
    if holding.until_on is not None and holding.until_on <= yesterday:
        raise Conflict('This has ended already.')
    if holding.from_on > yesterday:
        await work.delete(holding)
    else:
        holding.until_on = yesterday
    await guard_last_administrator(work)
    await work.emit(PositionsChanged(frozenset({holding.member_id})))
    return holding


@query(VIEW_POSITIONS)
async def list_holders(work: Work, position_id: UUID) -> list[tuple[PositionHolding, Member]]:
    """Return who holds a position now or later."""
    on = await local_today(work)
    statement = select(PositionHolding, Member).join(Member, col(Member.id) == PositionHolding.member_id)
    ends = or_(col(PositionHolding.until_on).is_(None), col(PositionHolding.until_on) >= on)
    return await work.all(statement.where(PositionHolding.position_id == position_id, ends).order_by(Member.sort_name))


async def _holdings(work: Work, member_id: UUID, position_id: UUID) -> list[PositionHolding]:
    return await work.all(
        select(PositionHolding).where(
            PositionHolding.member_id == member_id, PositionHolding.position_id == position_id
        )
    )


async def _changed(work: Work, position_id: UUID) -> None:
    ids = await work.all(select(PositionHolding.member_id).where(PositionHolding.position_id == position_id))
    await work.emit(PositionsChanged(frozenset(ids)))


async def give_member_position(work: Work, member_id: UUID, name: str = MEMBER) -> None:
    """Let somebody hold one of the positions that came with Logbook, by its name: setup and invitations."""
    position = await work.first(select(Position).where(Position.name == name))
    if position is None or await _holdings(work, member_id, position.id):
        return
    await work.get(Member, member_id)
    work.add(PositionHolding(member_id=member_id, position_id=position.id, from_on=await local_today(work)))
    await work.flush()


async def guard_last_administrator(work: Work) -> None:
    """Raise Conflict when nobody would be left who can look after members and positions (rule 3): after a change.

    It asks of today and of each day on which somebody's rights end: by his holding, or by the last day of a departure
    that is planned.
    """
    await work.flush()
    today = await local_today(work)
    held = await _held_from(work, today)
    ends = {until + timedelta(days=1) for _id, _from, until, _rights in held if until is not None}
    for day in sorted({today, *ends}):
        rights: dict[UUID, frozenset[str]] = {}
        for member_id, from_on, until_on, text in held:
            if from_on <= day and (until_on is None or until_on >= day):
                rights[member_id] = rights.get(member_id, frozenset()) | frozenset(text.split())
        if any(all(covers(own, name) for name in NEEDED_FOR_ADMINISTRATION) for own in rights.values()):
            continue
        if day == today:
            raise Conflict(
                'Nobody would be left who can look after members and positions. '
                'Give another active person these rights first.'
            )
        raise Conflict(
            _(
                'After {day} nobody would be left who can look after members and positions. '
                'Give another active person these rights first, without a last day.',
                day=day_text(day - timedelta(days=1)),
            )
        )


async def _held_from(work: Work, today: date) -> list[tuple[UUID, date, date | None, str]]:
    """Return what those who are present hold from a day on: member, first day, last day or None, permissions."""
    until = col(PositionHolding.until_on)
    planned = and_(
        col(Departure.member_id) == Member.id,
        col(Departure.cancelled_at).is_(None),
        col(Departure.completed_at).is_(None),
    )
    columns: list[Any] = [Member.id, PositionHolding.from_on, until, Departure.last_on, Position.permissions]
    statement = (
        sa_select(*columns)
        .select_from(Member)
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id)
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .join(Account, col(Account.id) == Member.account_id)
        .join(Departure, planned, isouter=True)
        .where(
            col(Member.status).in_(PRESENT),
            col(Member.archived_at).is_(None),
            col(Account.disabled_at).is_(None),
            or_(until.is_(None), until >= today),
        )
    )
    return [
        (member_id, from_on, min((day for day in (until_on, last_on) if day is not None), default=None), text)
        for member_id, from_on, until_on, last_on, text in await work.all(statement)
    ]
