"""Leaving: planned with a last day, carried out when that day is over where the person works (rule 8)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.departments import Station
from data.members import (
    ChecklistItem,
    ChecklistKind,
    Departure,
    Member,
    MemberStatus,
)
from data.organizations import Organization
from logic import notifications
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.core.sentences import told
from logic.core.service import Service, query, service
from logic.core.wording import inside
from logic.core.work import Work
from logic.identity.permissions import MANAGE_POSITIONS
from logic.identity.positions import NEEDED_FOR_ADMINISTRATION, guard_last_administrator
from logic.members.checklists import put_checklist, template_of
from logic.members.domain import CHANGE_STATUS, VIEW, domain
from logic.members.holders import accounts_with
from logic.members.inputs import Text
from logic.members.job_changes import check_references, manager_on, refuse_circle, reports_from
from logic.members.statuses import ALLOWED, let_go, refuse_orphans, settle
from logic.members.visibility import Sight, sight, visible_member


class DepartureInput(BaseModel):
    """Somebody leaves."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    last_on: Annotated[
        date, Field(title=later('Last day'), description=later('Still belongs to the department on this day.'))
    ]
    reason: Annotated[Text, Field(title=later('Reason'), min_length=1, max_length=300)]
    is_voluntary: Annotated[bool, Field(title=later('Leaves by own wish'))] = True
    reports_to_id: Annotated[UUID | None, Field(title=later('Who takes over the reports'))] = None
    template_id: Annotated[UUID | None, Field(title=later('Checklist'))] = None


@dataclass(frozen=True, slots=True)
class OpenThing:
    """Something that is still open when somebody leaves."""

    title: str
    link: str
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Giving:
    """How a thing is given to somebody else: the service of its domain, and what it is called with."""

    service: Service[..., Any]
    arguments: Callable[[UUID, UUID, UUID], tuple[Any, ...]]
    """Gets who leaves, the thing, and who takes it over."""


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """What is open of one kind, and what can be done about it."""

    name: str
    title: str
    action: str
    """What the button says."""
    link: str
    things: list[OpenThing]
    hidden: int = 0
    """How many more there are that the actor may not see."""
    giving: Giving | None = None
    """None for what cannot be given to somebody else."""


@dataclass(frozen=True, slots=True)
class DepartureView:
    """A departure and everything that is open for it, on one page."""

    departure_id: UUID | None
    last_on: date | None
    reason: str
    is_voluntary: bool
    is_completed: bool
    proposed_id: UUID | None
    """Who takes over the reports, or is proposed for it: the leaver's manager."""
    proposed_name: str
    groups: list[OpenGroup]
    version: int


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """A departure in the history of a person."""

    id: UUID
    last_on: date
    reason: str
    is_voluntary: bool
    state: str
    """`planned`, `cancelled` or `carried out`."""


Provider = Callable[[Work, UUID], Awaitable[OpenGroup]]
providers: list[Provider] = []


def what_is_open(provider: Provider) -> Provider:
    """Add what another domain holds open for a leaving member to the page of his departure: `@what_is_open`."""
    providers.append(provider)
    return provider


@service(VIEW)
async def plan_departure(work: Work, member_id: UUID, data: DepartureInput, version: int | None = None) -> Departure:
    """Record that somebody leaves. A last day that is over is carried out at once, a later one when it is over.

    Raises Denied, Invalid, and Conflict when a departure is planned already, when nobody takes over his reports, and
    for the last administrator.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen, version)
    require_seeing_out(seen, member)
    if MemberStatus.LEFT not in ALLOWED[member.status]:
        status = inside(member.status.label)
        raise Conflict(_('{name} is {status} and cannot leave from there.', name=member.name, status=status))
    if await _planned(work, member_id):
        raise Conflict(_('A departure of {name} is planned already. Change or cancel that one.', name=member.name))
    await _check(work, member, data)
    departure = Departure(member_id=member_id, **data.model_dump(exclude={'template_id'}))
    work.add(departure)
    await guard_last_administrator(work)
    template = await template_of(work, data.template_id, ChecklistKind.LEAVING)
    if template is not None:
        await put_checklist(work, member, template, data.last_on, seen.country)
    await _when_over(work, member, departure)
    return departure


@service(VIEW)
async def change_departure(
    work: Work, departure_id: UUID, data: DepartureInput, version: int | None = None
) -> Departure:
    """Change a planned departure: another last day or reason. Raises Denied, Invalid, Conflict when it is over."""
    departure = await work.get(Departure, departure_id, version)
    seen = await sight(work)
    member = await visible_member(work, departure.member_id, seen)
    require_seeing_out(seen, member)
    _refuse_over(departure)
    await _check(work, member, data)
    for name, value in data.model_dump(exclude={'template_id'}).items():
        setattr(departure, name, value)
    await guard_last_administrator(work)
    await _when_over(work, member, departure)
    return departure


@service(VIEW)
async def cancel_departure(work: Work, departure_id: UUID, version: int | None = None) -> Departure:
    """Somebody stays after all; what was not done of the checklist goes. Raises Denied, Conflict when it is over."""
    departure = await work.get(Departure, departure_id, version)
    seen = await sight(work)
    member = await visible_member(work, departure.member_id, seen)
    require_seeing_out(seen, member)
    _refuse_over(departure)
    departure.cancelled_at = work.now
    items = select(ChecklistItem).where(
        ChecklistItem.member_id == member.id, ChecklistItem.kind == ChecklistKind.LEAVING,
        col(ChecklistItem.done_at).is_(None),
    )  # fmt: skip
    for item in await work.all(items):
        await work.delete(item)
    await work.flush()
    return departure


@query(VIEW)
async def departure_overview(work: Work, member_id: UUID) -> DepartureView:
    """Return the departure of a member, planned or latest, with what is open for it. Raises Denied, NotFound."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    require_seeing_out(seen, member)
    departure = await latest_departure(work, member)
    last_on = departure.last_on if departure else seen.today
    chosen = departure.reports_to_id if departure else None
    boss = await work.find(Member, chosen or await manager_on(work, member_id, last_on))
    groups = [await provider(work, member_id) for provider in providers]
    return DepartureView(
        departure.id if departure else None, departure.last_on if departure else None,
        departure.reason if departure else '', departure.is_voluntary if departure else True,
        departure is not None and departure.completed_at is not None, boss.id if boss else None,
        boss.name if boss else '', groups, departure.version if departure else 0,
    )  # fmt: skip


@service(VIEW)
async def hand_over(work: Work, member_id: UUID, thing_ids: Sequence[UUID], heir_id: UUID) -> int:
    """Give what is open for a member who leaves to somebody else, in one step; returns how many things there were.

    Each is given by the rule of its domain, which raises as it does for one: Denied, Conflict, Invalid, NotFound.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    require_seeing_out(seen, member)
    await visible_member(work, heir_id, seen)
    given = 0
    for group in [await provider(work, member_id) for provider in providers]:
        if group.giving is None:
            continue
        for thing_id in [thing.id for thing in group.things if thing.id is not None and thing.id in thing_ids]:
            group.giving.service.check(work.actor)
            await group.giving.service(work, *group.giving.arguments(member_id, thing_id, heir_id))
            given += 1
    return given


async def latest_departure(work: Work, member: Member) -> Departure | None:
    """Return the departure of a member that is planned, or by which he is gone; asks for no right."""
    latest = select(Departure).where(Departure.member_id == member.id, col(Departure.cancelled_at).is_(None))
    departure: Departure | None = await work.first(latest.order_by(col(Departure.id).desc()).limit(1))
    is_past = departure is not None and departure.completed_at is not None and member.status is not MemberStatus.LEFT
    return None if is_past else departure


async def departure_rows(work: Work, member_id: UUID) -> list[DepartureRow]:
    """Return every departure of a person, the latest first: planned, carried out or cancelled; asks for no right."""
    statement = select(Departure).where(Departure.member_id == member_id)
    return [
        DepartureRow(row.id, row.last_on, row.reason, row.is_voluntary, _state(row))
        for row in await work.all(statement.order_by(col(Departure.last_on).desc(), col(Departure.id).desc()))
    ]


def _state(row: Departure) -> str:
    if row.cancelled_at is not None:
        return 'cancelled'
    return 'planned' if row.completed_at is None else 'carried out'


@domain.job(schedule='7 * * * *')
async def complete_departures(work: Work) -> int:
    """Carry out the departures whose last day is over where the person works; returns how many. Runs every hour."""
    waiting = select(Departure).where(
        col(Departure.cancelled_at).is_(None), col(Departure.completed_at).is_(None),
        Departure.last_on <= (work.now + timedelta(days=1)).date(),
    )  # fmt: skip
    done = 0
    for departure in await work.all(waiting.order_by(col(Departure.last_on))):
        member = await work.get(Member, departure.member_id)
        if await end_of_day(work, member, departure.last_on) > work.now:
            continue
        if await _is_last_administrator(work, member):
            await _tell_waiting(work, member, departure)
        else:
            await _complete(work, member, departure)
            done += 1
    return done


async def _tell_waiting(work: Work, member: Member, departure: Departure) -> None:
    """Tell those who can do something about it, each week anew, that a departure cannot be carried out."""
    year, week, _day = work.now.isocalendar()
    await notifications.tell(
        work, {*await accounts_with(work, CHANGE_STATUS), *await accounts_with(work, MANAGE_POSITIONS)},
        kind=notifications.DEPARTURE_WAITS,
        title=told('The departure of {name} waits: nobody else looks after members and positions', name=member.name),
        body=later('Give another active person these rights. It is carried out within the hour after that.'),
        link=f'/members/{member.id}?tab=checklists', object_type='Member', object_id=member.id,
        key=f'departure:{departure.id.hex}:{year}-{week}',
    )  # fmt: skip


async def end_of_day(work: Work, member: Member, day: date) -> datetime:
    """Return the instant at which a day is over where a member works: his station's zone, else the organization's."""
    organization = await work.get(Organization, work.organization_id)
    station = await work.find(Station, member.station_id)
    zone = ZoneInfo((station.zone if station else '') or organization.zone)
    return datetime.combine(day + timedelta(days=1), time(), zone)


async def _when_over(work: Work, member: Member, departure: Departure) -> None:
    """Carry a departure out when its last day is over, else have it done when it is."""
    over_at = await end_of_day(work, member, departure.last_on)
    if over_at <= work.now:
        await _complete(work, member, departure)
        await settle(work, member)
    else:
        work.enqueue(complete_departures, run_at=over_at)


async def _complete(work: Work, member: Member, departure: Departure) -> None:
    if member.status is MemberStatus.LEFT:
        departure.completed_at = work.now
        return
    begin = departure.last_on + timedelta(days=1)
    heir_id = departure.reports_to_id
    heir = await work.find(Member, heir_id)
    if heir is not None and (heir.status is MemberStatus.LEFT or heir.archived_at is not None):
        heir_id = None  # the heir has left before him
    if await reports_from(work, member.id, begin) and heir_id is None:
        heir_id = await manager_on(work, member.id, begin)
    await let_go(work, member, departure.last_on, departure.reason, heir_id)
    departure.completed_at = work.now
    await work.flush()


async def _is_last_administrator(work: Work, member: Member) -> bool:
    """Say whether nobody would be left who looks after members and positions (rule 3 of identity)."""
    holders = [await accounts_with(work, right) for right in NEEDED_FOR_ADMINISTRATION]
    return set.intersection(*holders) == {member.account_id}


async def _check(work: Work, member: Member, data: DepartureInput) -> None:
    if member.archived_at is not None:
        raise Conflict(_('{name} is archived. Restore the record first.', name=member.name))
    if data.last_on < member.status_since_on - timedelta(days=1) or (
        member.joined_on is not None and data.last_on < member.joined_on
    ):
        since = max(day for day in (member.joined_on, member.status_since_on) if day is not None)
        raise Invalid(
            'This day is too early.', {'last_on': _('The present status began on {day}.', day=day_text(since))}
        )
    if data.last_on > work.now.date() + timedelta(days=3 * 366):
        raise Invalid('This day is too late.', {'last_on': 'Choose a day within three years.'})
    begin = data.last_on + timedelta(days=1)
    await refuse_orphans(work, member, data.reports_to_id, begin)
    if data.reports_to_id is not None:
        if data.reports_to_id == member.id:
            raise Invalid('Choose somebody else.', {'reports_to_id': _('{name} is leaving.', name=member.name)})
        await check_references(work, {'manager_id': data.reports_to_id})
        for person in await reports_from(work, member.id, begin):
            if person.id != data.reports_to_id:
                await refuse_circle(work, person, data.reports_to_id, begin, None)


def require_seeing_out(seen: Sight, member: Member) -> None:
    """Raise Denied unless the actor may see this member out."""
    if not seen.may_change_status(member.id):
        raise Denied(
            _('You may not see {name} out. Those who change statuses can, and their managers.', name=member.name)
        )


async def _planned(work: Work, member_id: UUID) -> bool:
    planned = select(Departure.id).where(
        Departure.member_id == member_id, col(Departure.cancelled_at).is_(None), col(Departure.completed_at).is_(None)
    )
    return await work.first(planned) is not None


def _refuse_over(departure: Departure) -> None:
    if departure.completed_at is not None or departure.cancelled_at is not None:
        raise Conflict('This departure is over or was cancelled.')
