"""The home page: what is left to set up, what waits for me, and what the department looks like in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.core import identifier
from data.departments import Station
from data.identity import Account, Invitation, Passkey, Position, PositionHolding, TotpCredential
from data.members import Member, MemberBatch
from data.organizations import Organization
from logic.audit.domain import VIEW as AUDIT_VIEW
from logic.audit.records import latest_entries
from logic.audit.rows import EntryRow
from logic.backup.recovery import is_kept
from logic.core import config, waiting
from logic.core.actor import ActorKind
from logic.core.acts import in_words
from logic.core.domain import Domain
from logic.core.errors import NotFound
from logic.core.language import _
from logic.core.listing import Page
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.identity.positions import HELPS_FROM, PRESENT, in_force, local_today
from logic.members.domain import VIEW
from logic.members.figures import Figures, people_figures
from logic.organizations import FIRST, MANAGE

domain = Domain('home', title='Home', icon='sym_o_home')
WAITING_LIMIT = 6


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A step of the first days: ticked by facts, never by clicking."""

    name: str
    label: str
    detail: str
    href: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """Something that waits for the person; what can be done about it, the screen knows by its kind."""

    kind: str
    id: UUID | None
    """What an action on it is about; None where it stands for several."""
    is_late: bool
    text: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How much waits for the person."""

    total: int
    is_urgent: bool
    """Some of it is late."""


@dataclass(frozen=True, slots=True)
class Movements:
    """Who came and went in each of the last twelve months, the oldest first."""

    months: tuple[date, ...]
    joined: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecentAct:
    """Somebody did something, as one line says it."""

    who: str
    what: str
    object: str
    href: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the home page begins with; None and [] for what the actor may not see."""

    organization: Organization
    steps: list[SetupStep]
    figures: Figures | None
    movements: Movements | None
    waiting: Page[WaitingItem]
    acts: list[RecentAct] | None


@query(SIGNED_IN)
async def overview(work: Work) -> Overview:
    """Return what the home page shows of this actor, read at once: one state of the data, and each row once."""
    organization = await work.get(Organization, work.organization_id)  # held: the others find it in the session
    may = work.actor.may
    return Overview(
        organization=organization,
        steps=await setup_steps(work) if may(MANAGE) else [],
        figures=await people_figures(work) if may(VIEW) else None,
        movements=await movements(work) if may(VIEW) else None,
        waiting=await waiting_for_me(work),
        acts=await recent_acts(work) if may(AUDIT_VIEW) else None,
    )


@query(MANAGE)
async def setup_steps(work: Work) -> list[SetupStep]:
    """Return what a new department still has to do, in the order in which it helps most; [] when it was dismissed."""
    organization = await work.get(Organization, work.organization_id)
    if organization.settings.checklist_hidden:
        return []
    settings = config.configured()
    found = await work.all(_facts(await local_today(work)))
    people, invited, imported, placed, unprotected, first = found[0]
    sheet = SetupStep('recovery', _('Print the recovery sheet'), _('Without it no backup opens elsewhere'),
                      '/recovery-sheet', await is_kept(organization))  # fmt: skip
    modules = SetupStep('modules', _('Finish the setup'), _('Choose modules, load sample data'), '/setup/modules',
                        is_done=False)  # fmt: skip
    return [
        *([modules] if organization.settings.setup_open else []),
        SetupStep('roster', _('Import your roster'), _('From a spreadsheet, with a dry run first'), '/members/import',
                  bool(imported) or organization.is_demo or people > 10),
        SetupStep('invite', _('Invite people'), _('They choose their own password'), '/access', bool(invited)),
        SetupStep('mail', _('Set up e-mail'), _('For invitations, resets and notices'), '/status',
                  bool(settings.smtp_url)),
        SetupStep('mfa', _('Protect administrators'), _('Each needs a second factor'), '/account',
                  not unprotected),
        SetupStep('backup', _('Choose where backups go'), _('Best on another machine'), '/settings/backup',
                  bool(organization.settings.backup_folder)),
        *([sheet] if first == organization.id else []),
        SetupStep('anchors', _('Name two officers for the audit log'), _('Each day they get its proof by mail'),
                  '/audit', len(organization.settings.anchor_mail) > 1),
        SetupStep('stations', _('Add your stations'), _('With their addresses'), '/settings/lists?tab=stations',
                  bool(placed)),
        SetupStep('logo', _('Add your logo'), _('And your colour'), '/settings/appearance',
                  organization.logo_file_id is not None or bool(organization.brand_colour)),
    ]  # fmt: skip


@lru_cache(maxsize=8)
def _facts(today: date) -> Any:
    return sa.select(
        sa.select(sa.func.count()).select_from(Member).where(col(Member.is_demo).is_(False)).scalar_subquery(),
        sa.select(sa.exists(select(Invitation.id))).scalar_subquery(),
        sa.select(sa.exists(select(MemberBatch.id))).scalar_subquery(),
        sa.select(sa.exists(select(Station.id).where(col(Station.address) != ''))).scalar_subquery(),
        sa.select(sa.exists(_unprotected(today))).scalar_subquery(),
        FIRST.scalar_subquery(),
    )


def _unprotected(today: date) -> Any:
    """Select the accounts with far-reaching rights and without a second factor."""
    protected = sa.or_(
        sa.exists(
            select(TotpCredential.id).where(
                TotpCredential.account_id == Account.id, col(TotpCredential.confirmed_at).is_not(None)
            )
        ),
        sa.exists(select(Passkey.id).where(Passkey.account_id == Account.id)),
    )
    return (
        select(Account.id)
        .join(Member, col(Member.account_id) == Account.id)
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id)
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .where(col(Position.priority) >= HELPS_FROM, *in_force(today), ~protected)
        .where(col(Account.disabled_at).is_(None), col(Member.status).in_(PRESENT), col(Member.archived_at).is_(None))
    )


@service(MANAGE)
async def dismiss_setup(work: Work, *, hidden: bool = True) -> None:
    """Hide the list of first steps, or bring it back."""
    organization = await work.get(Organization, work.organization_id)
    organization.settings = organization.settings.model_copy(update={'checklist_hidden': hidden})


@query(VIEW)
async def movements(work: Work) -> Movements:
    """Return how many joined and left in each of the last twelve months. One statement, whatever the size."""
    today = await local_today(work)
    months = _last_months(today)
    counts = [0] * 12, [0] * 12
    for place, at_year, at_month, count in await work.all(_moves(months[0], today), ours=work.organization_id):
        counts[place][(int(at_year) - months[0].year) * 12 + int(at_month) - months[0].month] = count
    return Movements(months, tuple(counts[0]), tuple(counts[1]))


@lru_cache(maxsize=8)
def _moves(since: date, today: date) -> Any:
    ours, parts = sa.bindparam('ours', type_=identifier()), []
    for place, column in enumerate((col(Member.joined_on), col(Member.left_on))):
        year, month = sa.extract('year', column), sa.extract('month', column)
        parts.append(
            sa.select(sa.literal(place), year, month, sa.func.count())
            .where(column >= since, column <= today, col(Member.merged_into_id).is_(None))
            .where(col(Member.organization_id) == ours)
            .group_by(year, month)
        )
    return sa.union_all(*parts)


def _last_months(today: date) -> tuple[date, ...]:
    first = today.year * 12 + today.month - 12
    return tuple(date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(12))


@query(SIGNED_IN)
async def waiting_for_me(work: Work, limit: int = WAITING_LIMIT, leave_out: Sequence[str] = ()) -> Page[WaitingItem]:
    """Return what waits for the actor, from all modules, the most urgent first, and how much there is in all.

    `leave_out` names kinds that are shown otherwise. Raises NotFound for who is no member.
    """
    if work.actor.member_id is None:
        raise NotFound('You are not a member of this department.')
    today = await local_today(work)
    found, total = await waiting.find(work, today, limit, leave_out)
    said = await waiting.say(work, found, today)
    rows = [
        WaitingItem(one.kind, one.id, one.is_late, words.text, words.detail, words.href)
        for one, words in zip(found, said, strict=True)
    ]
    return Page(rows, total, 1, limit)


@query(SIGNED_IN)
async def count_waiting(work: Work) -> WaitingCount:
    """Return how much waits for the actor, and whether some of it is late; nothing for who is no member."""
    if work.actor.member_id is None:
        return WaitingCount(0, False)
    total, late = await waiting.count(work, await local_today(work))
    return WaitingCount(total, late > 0)


@query(AUDIT_VIEW)
async def recent_acts(work: Work, limit: int = 6) -> list[RecentAct]:
    """Return the latest acts of people, one line an act however many rows it changed. Two statements and the log's."""
    acts: dict[tuple[UUID | None, str, datetime], EntryRow] = {}
    for entry in await latest_entries(work, 60):
        if entry.actor_kind != ActorKind.SYSTEM:
            acts.setdefault((entry.actor_id, entry.action, entry.at), entry)
    latest = list(acts.values())[:limit]
    ids = {entry.subject_id for entry in latest} | {_as_id(entry.object_id) for entry in latest}
    people = {
        member.id: member.name for member in await work.all(select(Member).where(col(Member.id).in_(ids - {None})))
    }
    return [_recent(entry, people) for entry in latest]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _recent(entry: EntryRow, people: dict[UUID, str]) -> RecentAct:
    person_id = next((i for i in (_as_id(entry.object_id), entry.subject_id) if i in people), None)
    name = people[person_id] if person_id else ''
    href = f'/members/{person_id}' if person_id else '/audit'
    return RecentAct(entry.actor_name or _('Somebody'), in_words(entry.action), name, href, entry.at)
