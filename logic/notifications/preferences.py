"""What each person is told, where and when: his own choice over the department's over ours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlmodel import col, select

from data.core import Model
from data.notifications import Channel, DigestRhythm, NoticeDefault, NoticeHours, NoticePreference, Pace
from data.organizations import Organization
from logic.core.errors import Invalid
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.notifications.domain import MANAGE
from logic.notifications.kinds import Kind, kinds
from logic.organizations import check_zone

Wishes = dict[Channel, Pace]


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the matrix: a kind of notice, and how soon it goes to each channel."""

    kind: Kind
    paces: Mapping[Channel, Pace]
    proposed: Mapping[Channel, Pace]
    """What holds when the person chooses nothing."""

    def offered(self, channel: Channel) -> tuple[Pace, ...]:
        """Return what may be chosen for a channel; nothing where the kind is firm."""
        if self.kind.is_firm or (channel is Channel.MAIL and self.kind.has_own_mail):
            return ()
        return (Pace.OFF, Pace.NOW, Pace.DIGEST) if channel is Channel.MAIL else (Pace.OFF, Pace.NOW)


def _zone_or_none(value: str) -> str:
    return check_zone(value) if value else ''


class HoursInput(BaseModel):
    """When a person wants to be left alone, and when the digest comes."""

    model_config = ConfigDict(extra='forbid', from_attributes=True)

    zone: Annotated[
        str,
        Field(title=later('My time zone'), max_length=60, description=later('Empty for the department’s.')),
        AfterValidator(_zone_or_none),
    ] = ''
    quiet_from: Annotated[
        time | None,
        Field(
            title=later('Quiet from'),
            description=later('E-mail and pushes wait until the end. Security notices do not wait.'),
        ),
    ] = None
    quiet_until: Annotated[time | None, Field(title=later('Quiet until'))] = None
    digest: Annotated[
        DigestRhythm,
        Field(title=later('Digest'), description=later('What is due, and the kinds that you want that way.')),
    ] = DigestRhythm.DAILY
    digest_hour: Annotated[int, Field(title=later('Hour of the digest'), ge=0, le=23)] = 7
    digest_weekday: Annotated[int, Field(title=later('Day of the weekly digest'), ge=0, le=6)] = 0

    @model_validator(mode='after')
    def _both_or_none(self) -> 'HoursInput':
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError(_('Quiet hours need a beginning and an end.'))
        return self


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a person with the zone that they are in."""

    zone: ZoneInfo
    quiet: tuple[int, int] | None = None
    digest: DigestRhythm = DigestRhythm.DAILY
    digest_hour: int = 7
    digest_weekday: int = 0

    def after_quiet(self, at: datetime) -> datetime:
        """Return when a message of this instant may go: then, or at the end of the quiet hours that it falls into."""
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return at
        local = at.astimezone(self.zone)
        begin, end = self.quiet
        minute = local.hour * 60 + local.minute
        within = begin <= minute < end if begin < end else minute >= begin or minute < end
        if not within:
            return at
        day = local.date() if minute < end else local.date() + timedelta(days=1)
        return datetime.combine(day, time(end // 60, end % 60), self.zone).astimezone(at.tzinfo)

    def last_digest(self, until: datetime) -> datetime | None:
        """Return when the latest digest was due that is not after `until`; None for a person without one."""
        if self.digest is DigestRhythm.OFF:
            return None
        local = until.astimezone(self.zone)
        for days in range(8):
            day = local.date() - timedelta(days=days)
            at = datetime.combine(day, time(self.digest_hour), self.zone)
            if at <= until and (self.digest is DigestRhythm.DAILY or day.weekday() == self.digest_weekday):
                return at
        return None


async def wishes_of(work: Work, kind: Kind, account_ids: Collection[UUID]) -> dict[UUID, Wishes]:
    """Return for each account how soon a kind of notice goes to each channel."""
    proposed = await _proposed(work, kind)
    wishes = {account_id: dict(proposed) for account_id in account_ids}
    if kind.is_firm:
        return wishes
    chosen = await work.all(
        select(NoticePreference).where(
            NoticePreference.kind == kind.name, col(NoticePreference.account_id).in_(list(account_ids))
        )
    )
    for row in chosen:
        wishes[row.account_id][row.channel] = row.pace
    return wishes


async def _proposed(work: Work, kind: Kind) -> Wishes:
    wishes = {channel: kind.pace(channel) for channel in Channel}
    if kind.is_firm:
        return wishes
    organization_id = work.organization_id
    kept: dict[UUID, list[NoticeDefault]] = work.session.info.setdefault('notice defaults', {})
    if organization_id not in kept:
        kept[organization_id] = await work.all(select(NoticeDefault))
    return wishes | {row.channel: row.pace for row in kept[organization_id] if row.kind == kind.name}


async def hours_of(work: Work, account_ids: Collection[UUID]) -> dict[UUID, Hours]:
    """Return the hours of each account."""
    organization = await work.get(Organization, work.organization_id)
    zone = ZoneInfo(organization.zone)
    found = {account_id: Hours(zone) for account_id in account_ids}
    for row in await work.all(select(NoticeHours).where(col(NoticeHours.account_id).in_(list(account_ids)))):
        quiet = None
        if row.quiet_from_minutes is not None and row.quiet_until_minutes is not None:
            quiet = (row.quiet_from_minutes, row.quiet_until_minutes)
        found[row.account_id] = Hours(
            ZoneInfo(row.zone) if row.zone else zone, quiet, row.digest, row.digest_hour, row.digest_weekday
        )
    return found


def kind_of(name: str) -> Kind:
    """Return a kind of notice. Raises Invalid for one that nobody declared: the name may come from a browser."""
    if name not in kinds:
        raise Invalid('There is no such kind of notice.', {'kind': 'Choose one of the list.'})
    return kinds[name]


def _check(kind: Kind, channel: Channel, pace: Pace) -> None:
    offered = Choice(kind, {}, {}).offered(channel)
    if not offered:
        text = later('“{kind}” cannot be switched off: it concerns your security or a formal notice.')
        raise Invalid(_(text, kind=kind.label))
    if pace not in offered:
        raise Invalid('This cannot be chosen here.', {'pace': 'Choose one of the list.'})


# What a person chooses


@query(SIGNED_IN)
async def my_choices(work: Work) -> list[Choice]:
    """Return every kind of notice with what I chose for it, in the order in which preferences show them."""
    rows = await work.all(
        select(NoticePreference).where(belongs_to(NoticePreference.account_id, work.actor.account_id))
    )
    mine = {(row.kind, row.channel): row.pace for row in rows}
    found = []
    for kind in kinds.values():
        proposed = await _proposed(work, kind)
        chosen = {channel: mine.get((kind.name, channel), pace) for channel, pace in proposed.items()}
        found.append(Choice(kind, proposed if kind.is_firm else chosen, proposed))
    return found


@service(SIGNED_IN)
async def choose(work: Work, kind: str, channel: Channel, pace: Pace) -> None:
    """Choose how soon I hear of a kind of notice in a channel. Raises Invalid for one that cannot be muted."""
    if work.actor.account_id is None:
        raise Invalid('Only somebody with an account can choose this.')
    await choose_for(work, work.actor.account_id, kind_of(kind), channel, pace)


async def choose_for(work: Work, account_id: UUID, kind: Kind, channel: Channel, pace: Pace) -> None:
    """Note what an account wants; the caller knows that it is the one who asks. Raises Invalid as `choose` does."""
    _check(kind, channel, pace)
    row = await work.first(
        select(NoticePreference).where(
            NoticePreference.account_id == account_id, NoticePreference.kind == kind.name,
            NoticePreference.channel == channel,
        )
    )  # fmt: skip
    if row is None:
        work.add(NoticePreference(account_id=account_id, kind=kind.name, channel=channel, pace=pace))
    else:
        row.pace = pace


@query(SIGNED_IN)
async def my_hours(work: Work) -> HoursInput:
    """Return my quiet hours, and when my digest comes."""
    row = await _hours_row(work, work.actor.account_id)
    if row is None:
        return HoursInput()
    return HoursInput(
        zone=row.zone, quiet_from=_time(row.quiet_from_minutes), quiet_until=_time(row.quiet_until_minutes),
        digest=row.digest, digest_hour=row.digest_hour, digest_weekday=row.digest_weekday,
    )  # fmt: skip


@service(SIGNED_IN)
async def set_hours(work: Work, data: HoursInput) -> None:
    """Choose my quiet hours, and when my digest comes."""
    if work.actor.account_id is None:
        raise Invalid('Only somebody with an account can choose this.')
    row = await hours_row(work, work.actor.account_id)
    row.zone, row.quiet_from_minutes, row.quiet_until_minutes = (
        data.zone, _minutes(data.quiet_from), _minutes(data.quiet_until)
    )  # fmt: skip
    row.digest, row.digest_hour, row.digest_weekday = data.digest, data.digest_hour, data.digest_weekday


async def hours_row(work: Work, account_id: UUID) -> NoticeHours:
    """Return the row of an account's hours, made when there is none."""
    return await _hours_row(work, account_id) or work.add(NoticeHours(account_id=account_id))


async def _hours_row(work: Work, account_id: UUID | None) -> NoticeHours | None:
    return await work.first(select(NoticeHours).where(NoticeHours.account_id == account_id))  # type: ignore[no-any-return]


def _time(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60 % 24, minutes % 60)


def _minutes(value: time | None) -> int | None:
    return None if value is None else value.hour * 60 + value.minute


# What a department proposes


@query(MANAGE)
async def list_defaults(work: Work) -> list[Choice]:
    """Return every kind of notice with what the department proposes for it."""
    found = []
    for kind in kinds.values():
        ours = {channel: kind.pace(channel) for channel in Channel}
        found.append(Choice(kind, await _proposed(work, kind), ours))
    return found


@service(MANAGE)
async def choose_default(work: Work, kind: str, channel: Channel, pace: Pace) -> Model:
    """Choose what holds for everybody who did not choose himself. Raises Invalid for what cannot be muted."""
    found = kind_of(kind)
    _check(found, channel, pace)
    row = await work.first(
        select(NoticeDefault).where(NoticeDefault.kind == found.name, NoticeDefault.channel == channel)
    )
    if row is None:
        row = work.add(NoticeDefault(kind=found.name, channel=channel, pace=pace))
    row.pace = pace
    return row  # type: ignore[no-any-return]
