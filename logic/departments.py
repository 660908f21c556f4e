"""The units of a department, the places where it works, its ranks and kinds of standing."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.departments import Department, MembershipType, Rank, Station
from data.members import DepartmentHead, JobChange, Member, MemberStatus
from data.organizations import Company, OrganizationKind
from logic.core.domain import Domain
from logic.core.errors import Conflict, Invalid
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.identity.positions import local_today
from logic.organizations import OrganizationCreated, check_zone

domain = Domain(
    'departments',
    title='Departments',
    icon='sym_o_account_tree',
    group='People',
    description='Units, stations, ranks and membership types.',
)
MANAGE = domain.permission('manage', 'Change departments, stations, ranks and membership types')

T = TypeVar('T', Department, Station, Rank, MembershipType)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r'^[^\x00-\x1f]*$')]
TAKEN: dict[Any, str] = {
    Department: later('There is already a department named {name}.'),
    Station: later('There is already a station named {name}.'),
    Rank: later('There is already a rank named {name}.'),
    MembershipType: later('There is already a membership type named {name}.'),
}


def _zone(value: str) -> str:
    return check_zone(value) if value else ''


class _Input(BaseModel):
    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)


class DepartmentInput(_Input):
    """A unit."""

    name: Annotated[Name, Field(title=later('Name'))]
    code: Annotated[str, Field(title=later('Code'), max_length=20)] = ''
    parent_id: Annotated[UUID | None, Field(title=later('Part of'))] = None
    company_id: Annotated[UUID | None, Field(title=later('Company'))] = None
    cost_centre: Annotated[str, Field(title=later('Cost centre'), max_length=40)] = ''
    minimum_staffing: Annotated[int, Field(title=later('Minimum staffing'), ge=0, le=1000)] = 0


class StationInput(_Input):
    """A place where people work."""

    name: Annotated[Name, Field(title=later('Name'))]
    address: Annotated[str, Field(title=later('Address'), max_length=300)] = ''
    zone: Annotated[str, Field(title=later('Time zone'), max_length=60), AfterValidator(_zone)] = ''


class RankInput(_Input):
    """An operational grade."""

    name: Annotated[Name, Field(title=later('Name'))]
    code: Annotated[str, Field(title=later('Code'), max_length=20)] = ''
    order: Annotated[
        int, Field(title=later('Seniority'), ge=0, le=1000, description=later('Higher is more senior.'))
    ] = 0
    seats: Annotated[str, Field(title=later('Seats'), max_length=300, description=later('Separated by commas.'))] = ''


class MembershipTypeInput(_Input):
    """A kind of standing."""

    name: Annotated[Name, Field(title=later('Name'))]
    may_vote: Annotated[bool, Field(title=later('May vote'))] = True
    may_hold_office: Annotated[bool, Field(title=later('May hold office'))] = True
    may_take_shifts: Annotated[bool, Field(title=later('May take shifts'))] = True
    pays_dues: Annotated[bool, Field(title=later('Pays dues'))] = False


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A unit in the tree, with who leads it and how many people it has today."""

    id: UUID
    name: str
    code: str
    parent_id: UUID | None
    company_id: UUID | None
    cost_centre: str
    minimum_staffing: int
    people: int
    head_id: UUID | None
    head_name: str
    stand_in_id: UUID | None
    stand_in_name: str
    is_archived: bool
    version: int


# Departments


@query(SIGNED_IN)
async def list_departments(work: Work, *, archived: bool = False) -> list[DepartmentRow]:
    """Return the units by name; with `archived` also those that are no longer used."""
    today = await local_today(work)
    people = (
        select(col(JobChange.department_id).label('id'), sa.func.count().label('people'))
        .join(Member, col(Member.id) == JobChange.member_id)
        .where(col(Member.archived_at).is_(None), col(Member.status) != MemberStatus.LEFT, JobChange.from_on <= today)
        .where(sa.or_(col(JobChange.until_on).is_(None), col(JobChange.until_on) > today))
        .group_by(col(JobChange.department_id))
        .subquery()
    )
    statement = select(Department, sa.func.coalesce(people.c.people, 0))
    statement = statement.join(people, people.c.id == Department.id, isouter=True).order_by(Department.name)
    if not archived:
        statement = statement.where(col(Department.archived_at).is_(None))
    heads: dict[tuple[UUID, bool], tuple[UUID, str]] = {}
    led = select(DepartmentHead, Member).join(Member, col(Member.id) == DepartmentHead.member_id)
    for head, member in await work.all(led):
        heads[head.department_id, head.is_stand_in] = (member.id, member.name)
    nobody: tuple[UUID | None, str] = (None, '')
    return [
        DepartmentRow(
            d.id, d.name, d.code, d.parent_id, d.company_id, d.cost_centre, d.minimum_staffing, count,
            *heads.get((d.id, False), nobody), *heads.get((d.id, True), nobody), d.archived_at is not None, d.version,
        )
        for d, count in await work.all(statement)
    ]  # fmt: skip


@service(MANAGE)
async def add_department(work: Work, data: DepartmentInput) -> Department:
    """Add a unit. Raises Conflict when the name is taken."""
    await _check_department(work, None, data)
    return await _add(work, Department, data)


@service(MANAGE)
async def update_department(
    work: Work, department_id: UUID, data: DepartmentInput, version: int | None = None
) -> Department:
    """Change a unit. Raises Conflict when it would become a part of itself."""
    department = await work.get(Department, department_id, version)
    await _check_department(work, department, data)
    return await _update(work, department, data)


async def _check_department(work: Work, department: Department | None, data: DepartmentInput) -> None:
    if data.company_id is not None:
        await work.get(Company, data.company_id)
    if data.parent_id is None:
        return
    await work.get(Department, data.parent_id)
    if department is None:
        return
    parents = dict(await work.all(select(Department.id, Department.parent_id)))
    above: UUID | None = data.parent_id
    while above is not None:
        if above == department.id:
            raise Conflict(
                _('{unit} would become a part of itself. Choose a unit that is not below it.', unit=department.name)
            )
        above = parents.get(above)


@service(MANAGE)
async def archive_department(work: Work, department_id: UUID, *, archived: bool = True) -> Department:
    """Take a unit out of use, or bring it back. Raises Conflict while it has people or units."""
    department = await work.get(Department, department_id)
    if archived:
        below = select(Department.name).where(
            Department.parent_id == department_id, col(Department.archived_at).is_(None)
        )
        if names := await work.all(below):
            raise Conflict(
                _(
                    '{unit} still has units: {names}. Move or archive them first.',
                    unit=department.name,
                    names=', '.join(names[:5]),
                )
            )
        if people := await work.count(await _people_from_today(work, department_id)):
            raise Conflict(
                _(
                    '{unit} still has people ({count}). Move them to another department first.',
                    unit=department.name,
                    count=people,
                )
            )
    return _archive(work, department, archived=archived)


async def _people_from_today(work: Work, department_id: UUID) -> Any:
    today = await local_today(work)
    return (
        select(JobChange.id)
        .join(Member, col(Member.id) == JobChange.member_id)
        .where(JobChange.department_id == department_id, col(Member.archived_at).is_(None))
        .where(col(Member.status) != MemberStatus.LEFT)
        .where(sa.or_(col(JobChange.until_on).is_(None), col(JobChange.until_on) > today))
    )


@service(MANAGE)
async def set_leadership(work: Work, department_id: UUID, head_id: UUID | None, stand_in_id: UUID | None) -> None:
    """Say in one step who leads a unit and who stands in; None for nobody. Raises Conflict when it is one person."""
    await work.get(Department, department_id)
    if head_id is not None and head_id == stand_in_id:
        raise Conflict('One person cannot both lead a unit and stand in for it. Choose two.')
    for row in await work.all(select(DepartmentHead).where(DepartmentHead.department_id == department_id)):
        if row.member_id != (stand_in_id if row.is_stand_in else head_id):
            await work.delete(row)  # before anybody is named, since the two may change places
    await work.flush()
    await set_department_head(work, department_id, head_id)
    await set_department_head(work, department_id, stand_in_id, is_stand_in=True)


@service(MANAGE)
async def set_department_head(
    work: Work, department_id: UUID, member_id: UUID | None, *, is_stand_in: bool = False
) -> DepartmentHead | None:
    """Say who leads a unit or stands in; None for nobody. Raises Conflict when one person would be both."""
    department = await work.get(Department, department_id)
    rows = await work.all(select(DepartmentHead).where(DepartmentHead.department_id == department_id))
    stored = {row.is_stand_in: row for row in rows}
    row: DepartmentHead | None = stored.get(is_stand_in)
    if member_id is None:
        if row is not None:
            await work.delete(row)
        return None
    member = await work.get(Member, member_id)
    if member.archived_at is not None or member.status is MemberStatus.LEFT:
        raise Conflict(_('{name} is no longer with the department.', name=member.name))
    other = stored.get(not is_stand_in)
    if other is not None and other.member_id == member_id:
        raise Conflict(_('{name} cannot both lead {unit} and stand in for it.', name=member.name, unit=department.name))
    if row is None:
        row = work.add(DepartmentHead(department_id=department_id, member_id=member_id, is_stand_in=is_stand_in))
    row.member_id = member_id
    await work.flush()
    return row


# Stations


@query(SIGNED_IN)
async def list_stations(work: Work, *, archived: bool = False) -> list[Station]:
    """Return the places where people work, by name."""
    return await _list(work, Station, Station.name, archived=archived)


@service(MANAGE)
async def add_station(work: Work, data: StationInput) -> Station:
    """Add a place. Raises Conflict when the name is taken."""
    return await _add(work, Station, data)


@service(MANAGE)
async def update_station(work: Work, station_id: UUID, data: StationInput, version: int | None = None) -> Station:
    """Change a place."""
    return await _update(work, await work.get(Station, station_id, version), data)


@service(MANAGE)
async def archive_station(work: Work, station_id: UUID, *, archived: bool = True) -> Station:
    """Take a place out of new choices, or bring it back; people keep it."""
    return _archive(work, await work.get(Station, station_id), archived=archived)


# Ranks


@query(SIGNED_IN)
async def list_ranks(work: Work, *, archived: bool = False) -> list[Rank]:
    """Return the ranks, the most senior first."""
    return await _list(work, Rank, col(Rank.order).desc(), Rank.name, archived=archived)


@service(MANAGE)
async def add_rank(work: Work, data: RankInput) -> Rank:
    """Add a rank. Raises Conflict when the name is taken."""
    return await _add(work, Rank, data)


@service(MANAGE)
async def update_rank(work: Work, rank_id: UUID, data: RankInput, version: int | None = None) -> Rank:
    """Change a rank."""
    return await _update(work, await work.get(Rank, rank_id, version), data)


@service(MANAGE)
async def archive_rank(work: Work, rank_id: UUID, *, archived: bool = True) -> Rank:
    """Take a rank out of new choices, or bring it back; people keep it."""
    return _archive(work, await work.get(Rank, rank_id), archived=archived)


# Membership types


@query(SIGNED_IN)
async def list_membership_types(work: Work, *, archived: bool = False) -> list[MembershipType]:
    """Return the kinds of standing, by name."""
    return await _list(work, MembershipType, MembershipType.name, archived=archived)


@service(MANAGE)
async def add_membership_type(work: Work, data: MembershipTypeInput) -> MembershipType:
    """Add a kind of standing. Raises Conflict when the name is taken."""
    return await _add(work, MembershipType, data)


@service(MANAGE)
async def update_membership_type(
    work: Work, membership_type_id: UUID, data: MembershipTypeInput, version: int | None = None
) -> MembershipType:
    """Change a kind of standing; it decides votes, dues and shifts from now on."""
    return await _update(work, await work.get(MembershipType, membership_type_id, version), data)


@service(MANAGE)
async def archive_membership_type(work: Work, membership_type_id: UUID, *, archived: bool = True) -> MembershipType:
    """Take a kind of standing out of new choices, or bring it back; people keep it."""
    return _archive(work, await work.get(MembershipType, membership_type_id), archived=archived)


# What the four have in common


async def _list(work: Work, model: type[T], *order: Any, archived: bool) -> list[T]:
    statement = select(model).order_by(*order)
    return await work.all(statement if archived else statement.where(col(model.archived_at).is_(None)))


async def _add(work: Work, model: type[T], data: BaseModel) -> T:
    await _refuse_taken_name(work, model, data.name, None)  # type: ignore[attr-defined]
    row = work.add(model(**data.model_dump()))
    await work.flush()
    return row


async def _update(work: Work, row: T, data: BaseModel) -> T:
    await _refuse_taken_name(work, type(row), data.name, row.id)  # type: ignore[attr-defined]
    for name, value in data.model_dump().items():
        setattr(row, name, value)
    await work.flush()
    return row


def _archive(work: Work, row: T, *, archived: bool) -> T:
    row.archived_at = (row.archived_at or work.now) if archived else None
    return row


async def _refuse_taken_name(work: Work, model: type[T], name: str, row_id: UUID | None) -> None:
    other = aliased(model)
    statement = select(other).where(sa.func.lower(other.name) == name.lower())
    taken = await work.first(statement if row_id is None else statement.where(other.id != row_id))
    if taken is not None:
        text = _(TAKEN[model], name=taken.name)
        if taken.archived_at is not None:
            text += ' ' + _('It is archived; bring it back instead.')
        raise Invalid(text, {'name': text})


# Seeds

_FIRE_RANKS = ('Firefighter', 'Engineer', 'Lieutenant', 'Captain', 'Battalion Chief', 'Deputy Chief', 'Chief')
_EMS_RANKS = ('EMR', 'EMT', 'Advanced EMT', 'Paramedic', 'Supervisor', 'Captain', 'Chief')
RANKS: dict[OrganizationKind, tuple[str, ...]] = {
    OrganizationKind.FIRE: _FIRE_RANKS,
    OrganizationKind.EMS: _EMS_RANKS,
    OrganizationKind.COMBINED: (*_FIRE_RANKS[:2], 'EMT', 'Paramedic', *_FIRE_RANKS[2:]),
}
_ALL, _NO_VOTE = {'may_vote': True, 'may_hold_office': True}, {'may_vote': False, 'may_hold_office': False}
_DESK = {'may_take_shifts': False}
_VOLUNTEER_TYPES: dict[str, dict[str, bool]] = {
    'Active': _ALL,
    'Probationary': _NO_VOTE,
    'Life': _ALL | _DESK,
    'Honorary': _NO_VOTE | _DESK,
    'Administrative': _ALL | _DESK,
}
_OFFICE_TYPES: dict[str, dict[str, bool]] = {'Staff': _ALL, 'Volunteer': _NO_VOTE, 'Contractor': _NO_VOTE}


@domain.on(OrganizationCreated)
async def seed_departments(work: Work, event: OrganizationCreated) -> None:
    """Give a new organization ranks, kinds of standing and a headquarters that suit its kind."""
    kind = event.organization.kind
    for order, name in enumerate(RANKS.get(kind, ()), 1):
        work.add(Rank(name=name, order=order * 10))
    operational = kind in RANKS
    for name, rights in (_VOLUNTEER_TYPES if operational else _OFFICE_TYPES).items():
        work.add(MembershipType(**MembershipTypeInput(name=name, **rights).model_dump()))
    work.add(Station(name='Headquarters', address=event.organization.address))
    work.add(Department(name='Operations' if operational else 'Office'))
    await work.flush()
