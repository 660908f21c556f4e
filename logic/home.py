"""The home page: what is left to set up, what waits for me, and what the department looks like in figures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.departments import Station
from data.identity import (
    Account,
    Invitation,
    Passkey,
    Position,
    PositionHolding,
    TotpCredential,
    TwoPersonRequest,
)
from data.members import (
    ChecklistItem,
    ItemOwner,
    JobChange,
    Licence,
    Member,
    MemberBatch,
    MemberDocument,
    ProfileChange,
    ProfileChangeStatus,
)
from data.notifications import RefusedAddress
from data.organizations import Organization
from logic.audit.domain import VIEW as AUDIT_VIEW
from logic.audit.records import EntryRow, latest_entries
from logic.backup.recovery import is_kept
from logic.core import config
from logic.core.actor import ActorKind
from logic.core.domain import Domain
from logic.core.errors import NotFound
from logic.core.formats import day_text
from logic.core.language import _, later, many
from logic.core.service import SIGNED_IN, query, service
from logic.core.wording import in_words
from logic.core.work import Work
from logic.identity.mfa import FACTOR_RESET
from logic.identity.permissions import MANAGE_ACCESS
from logic.identity.positions import HELPS_FROM, PRESENT, in_force, local_today
from logic.members.archive import REQUEST as ANONYMISING
from logic.members.directory import called
from logic.members.domain import ANONYMISE, APPROVE_CHANGES, EDIT, VIEW
from logic.members.figures import Figures, people_figures
from logic.members.reaching import goes_nowhere
from logic.members.visibility import in_force as job_in_force
from logic.organizations import FIRST, MANAGE
from logic.tasks import DueTask, due_tasks
from logic.tasks import domain as tasks_domain

domain = Domain('home', title='Home', icon='sym_o_home')
EXPIRY_DAYS = 90
WAITING_LIMIT = 20


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
    """Something that waits for the person, with what to do about it."""

    kind: str
    text: str
    detail: str
    href: str
    label: str


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
    waiting: list[WaitingItem]
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
    facts = (
        sa.select(sa.func.count()).select_from(Member).scalar_subquery(),
        sa.select(sa.exists(select(Invitation.id))).scalar_subquery(),
        sa.select(sa.exists(select(MemberBatch.id))).scalar_subquery(),
        sa.select(sa.exists(select(Station.id).where(col(Station.address) != ''))).scalar_subquery(),
        sa.select(sa.exists(_unprotected(await local_today(work)))).scalar_subquery(),
        FIRST.scalar_subquery(),
    )
    people, invited, imported, placed, unprotected, first = (await work.all(sa.select(*facts)))[0]
    sheet = SetupStep('recovery', _('Print the recovery sheet'), _('Without it no backup opens elsewhere'),
                      '/recovery-sheet', await is_kept(organization))  # fmt: skip
    return [
        SetupStep('roster', _('Import your roster'), _('From a spreadsheet, with a dry run first'), '/members/import',
                  bool(imported) or people > 10),
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
    parts = []
    for place, column in enumerate((col(Member.joined_on), col(Member.left_on))):
        year, month = sa.extract('year', column), sa.extract('month', column)
        parts.append(
            sa.select(sa.literal(place), year, month, sa.func.count())
            .where(column >= months[0], column <= today, col(Member.merged_into_id).is_(None))
            .where(col(Member.organization_id) == work.organization_id)
            .group_by(year, month)
        )
    counts = [0] * 12, [0] * 12
    for place, at_year, at_month, count in await work.all(sa.union_all(*parts)):
        counts[place][(int(at_year) - months[0].year) * 12 + int(at_month) - months[0].month] = count
    return Movements(months, tuple(counts[0]), tuple(counts[1]))


def _last_months(today: date) -> tuple[date, ...]:
    first = today.year * 12 + today.month - 12
    return tuple(date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(12))


@query(SIGNED_IN)
async def waiting_for_me(work: Work) -> list[WaitingItem]:
    """Return what waits for the actor, from all modules, the most urgent first. At most twenty."""
    if work.actor.member_id is None:
        raise NotFound('You are not a member of this department.')
    today = await local_today(work)
    items: list[tuple[date, WaitingItem]] = []
    items += await _expiring(work, work.actor.member_id, today)
    items += await _checklist(work, work.actor.member_id, today)
    items += await _tasks(work)
    items += await _decisions(work)
    return [item for _day, item in sorted(items, key=lambda pair: pair[0])[:WAITING_LIMIT]]


async def _expiring(work: Work, member_id: UUID, today: date) -> list[tuple[date, WaitingItem]]:
    until = today + timedelta(days=EXPIRY_DAYS)
    sources: tuple[tuple[Any, Any], ...] = ((Licence, Licence.kind), (MemberDocument, MemberDocument.title))
    parts = []
    for table, name in sources:
        conditions: list[Any] = [
            table.member_id == member_id, col(table.superseded_by_id).is_(None), col(table.expires_on) <= until,
            col(table.organization_id) == work.organization_id,
        ]  # fmt: skip
        if table is MemberDocument:
            conditions.append(col(MemberDocument.deleted_at).is_(None))
        parts.append(sa.select(name.label('title'), col(table.expires_on).label('expires_on')).where(*conditions))
    both = sa.union_all(*parts).order_by('expires_on').limit(WAITING_LIMIT)
    return [
        (expires_on, WaitingItem(
            'expiry', _when(title, expires_on, today), _('Add the renewal to your file'),
            f'/members/{member_id}?tab=documents', _('Open')))
        for title, expires_on in await work.all(both)
    ]  # fmt: skip


def _when(title: str, expires_on: date, today: date) -> str:
    days = (expires_on - today).days
    if days < -1:
        return many('{title} expired {count} day ago', '{title} expired {count} days ago', -days, title=title)
    if days > 1:
        return many('{title} expires in {count} day', '{title} expires in {count} days', days, title=title)
    if days < 0:
        return _('{title} expired yesterday', title=title)
    return _('{title} expires tomorrow', title=title) if days else _('{title} expires today', title=title)


async def _checklist(work: Work, member_id: UUID, today: date) -> list[tuple[date, WaitingItem]]:
    positions = select(PositionHolding.position_id).where(PositionHolding.member_id == member_id, *in_force(today))
    reports = select(JobChange.member_id).where(JobChange.manager_id == member_id, job_in_force(today))
    mine = sa.or_(
        sa.and_(col(ChecklistItem.owner) == ItemOwner.PERSON, col(ChecklistItem.member_id) == member_id),
        sa.and_(col(ChecklistItem.owner) == ItemOwner.MANAGER, col(ChecklistItem.member_id).in_(reports)),
        sa.and_(col(ChecklistItem.owner) == ItemOwner.POSITION, col(ChecklistItem.position_id).in_(positions)),
    )
    rows = await work.all(
        select(ChecklistItem, Member)
        .join(Member, col(Member.id) == ChecklistItem.member_id)
        .where(col(ChecklistItem.done_at).is_(None), mine)
        .order_by(col(ChecklistItem.due_on))
        .limit(WAITING_LIMIT)
    )
    return [
        (item.due_on, WaitingItem(
            'checklist', item.title, _('{name}, due {day}', name=person.name, day=day_text(item.due_on)),
            f'/members/{person.id}?tab=checklists', _('Open')))
        for item, person in rows
    ]  # fmt: skip


async def _tasks(work: Work) -> list[tuple[date, WaitingItem]]:
    if not work.actor.may(tasks_domain.VIEW) or tasks_domain.domain.name in work.actor.modules_off:
        return []
    found = await due_tasks(work, WAITING_LIMIT)
    return [
        (task.due_on, WaitingItem(
            'task', task.title, f'{task.label}, {task.in_list}, {_due(task)}', f'/tasks/{task.id}', _('Open')))
        for task in found
    ]  # fmt: skip


def _due(task: DueTask) -> str:
    return _('overdue since {day}', day=day_text(task.due_on)) if task.is_overdue else _('due today')


CHANGE, LAPSED, BOUNCED = 'change', 'lapsed', 'bounced'
TWO_PERSON = {
    FACTOR_RESET: (MANAGE_ACCESS, later('Remove the second factor of {name}?'), '/access/{}'),
    ANONYMISING: (ANONYMISE, later('Anonymise {name}?'), '/access'),
}
"""What a second person decides: who may, in which words, and where."""


async def _decisions(work: Work) -> list[tuple[date, WaitingItem]]:
    """Return what waits for a decision of the actor: changes, what needs a second person, lapsed invitations."""
    found = await work.all(sa.union_all(*parts).order_by('at')) if (parts := _undecided(work)) else []
    items = []
    for kind, at, member_id, first, preferred, last, more in found:
        name = called(preferred, first, last) if member_id else ''
        if kind == CHANGE:
            item = WaitingItem(
                'change',
                _('{name} asks for a change', name=name),
                _('Approve or decline'),
                '/members/changes',
                _('Review'),
            )
        elif kind == BOUNCED:
            text = _('E-mail to {name} comes back', name=name)
            item = WaitingItem('address', text, more, f'/members/{member_id}', _('Open'))
        elif kind == LAPSED:
            text = many('{count} invitation has lapsed', '{count} invitations have lapsed', int(more))
            item = WaitingItem('invitation', text, _('Send again or cancel'), '/access', _('Open'))
        else:
            words, href = TWO_PERSON[kind][1:]
            item = WaitingItem('second', _(words, name=name), more, href.format(member_id), _('Decide'))
        items.append((at.date() if kind != LAPSED else work.now.date(), item))
    return items


def _undecided(work: Work) -> list[Any]:
    """Return the selects of what waits for a decision: kind, since when, whom it is about, and what more is said."""
    parts: list[Any] = []
    who = (col(Member.id), col(Member.first_name), col(Member.preferred_name), col(Member.last_name))
    if work.actor.may(APPROVE_CHANGES):
        parts.append(
            sa.select(sa.literal(CHANGE).label('kind'), col(ProfileChange.created_at).label('at'), *who, sa.literal(''))
            .join(Member, col(Member.id) == ProfileChange.member_id)
            .where(col(ProfileChange.organization_id) == work.organization_id)
            .where(col(ProfileChange.status) == ProfileChangeStatus.PENDING, who[0] != work.actor.member_id)
            .order_by(col(ProfileChange.created_at)).limit(WAITING_LIMIT)
        )  # fmt: skip
    if kinds := [kind for kind, (permission, *_words) in TWO_PERSON.items() if work.actor.may(permission)]:
        request = TwoPersonRequest
        parts.append(
            sa.select(col(request.kind).label('kind'), col(request.created_at).label('at'), *who, col(request.reason))
            .join(Member, col(Member.id) == request.subject_id)
            .where(col(request.organization_id) == work.organization_id, col(request.decided_at).is_(None))
            .where(col(request.kind).in_(kinds), who[0] != work.actor.member_id)
            .where(col(request.requested_by_id) != work.actor.account_id)
            .order_by(col(request.created_at)).limit(WAITING_LIMIT)
        )  # fmt: skip
    if work.actor.may(EDIT):
        refused: Any = RefusedAddress
        parts.append(
            sa.select(sa.literal(BOUNCED).label('kind'), refused.refused_at.label('at'), *who, refused.address)
            .join(Member, goes_nowhere())
            .where(col(Member.organization_id) == work.organization_id, col(Member.archived_at).is_(None))
            .order_by(refused.refused_at).limit(WAITING_LIMIT)
        )  # fmt: skip
    if work.actor.may(MANAGE_ACCESS):
        lapsed = sa.select(
            sa.literal(LAPSED).label('kind'),
            sa.func.min(col(Invitation.expires_at)).label('at'),
            *(sa.null() for _who in who),
            sa.cast(sa.func.count(), sa.String(20)),
        ).where(col(Invitation.organization_id) == work.organization_id, col(Invitation.expires_at) < work.now)
        parts.append(
            lapsed.where(col(Invitation.accepted_at).is_(None), col(Invitation.cancelled_at).is_(None))
            .having(sa.func.count() > 0)
        )  # fmt: skip
    return [sa.select(part.subquery()) for part in parts]


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
