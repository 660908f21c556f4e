"""Watchers: who is told what happens on a record, for as long as he may see it and has not muted it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.identity import Account, Position, PositionHolding
from data.members import Member
from data.notifications import Notice
from data.organizations import Organization
from data.watchers import Watcher, WatchReason
from logic import notifications
from logic.core import records
from logic.core.actor import Actor, ActorKind
from logic.core.acts import in_words
from logic.core.domain import Domain
from logic.core.errors import AppError, Denied
from logic.core.recording import EntryDraft
from logic.core.sentences import told
from logic.core.service import SIGNED_IN, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work, before_commit
from logic.identity.positions import PRESENT, in_force, local_today

domain = Domain(
    'watchers',
    title='Watching',
    icon='sym_o_visibility',
    group='Platform',
    description='Who is told what happens on a record.',
)
RECORD_CHANGED = notifications.register_kind(
    'record_changed', 'A record that I watch has changed', 'sym_o_visibility'
)  # fmt: skip
PART = 500
"""Ids in one statement."""


class WatchersOf:
    """Names, to the live hub, the watchers of a record; its id is the record's."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Whether I watch a record, why, and how many others do."""

    is_on: bool
    reason: WatchReason | None
    others: int


@dataclass(frozen=True, slots=True)
class WatcherRow:
    """Somebody who watches a record."""

    member_id: UUID
    name: str
    reason: WatchReason


def _of(record: str, record_id: UUID) -> tuple[Any, ...]:
    return (col(Watcher.record) == record, col(Watcher.record_id) == record_id)


async def watch(work: Work, record: str, record_id: UUID, member_id: UUID | None, reason: WatchReason) -> None:
    """Let somebody watch a record from here on, for other rules to call: creator, assignee, mentioned, commented.

    Who watches it already keeps his reason, and who muted it stays mute. None, for what no person did, does nothing.
    """
    if member_id is None:
        return
    known = await work.first(select(Watcher).where(*_of(record, record_id), col(Watcher.member_id) == member_id))
    if known is None:
        await work.get(Member, member_id)
        work.add(Watcher(record=record, record_id=record_id, member_id=member_id, reason=reason))
        work.changed(WatchersOf.__name__, record_id)


@service(SIGNED_IN)
async def set_watching(work: Work, record: str, record_id: UUID, is_on: bool) -> None:
    """Watch a record, or mute it for oneself: one switch. Raises NotFound for a record one may not see."""
    await records.discuss(work, record, record_id)
    member_id = work.actor.member_id
    if member_id is None or work.actor.kind is not ActorKind.ACCOUNT:
        raise Denied('Only people watch records. Sign in as a person.')
    mine = await work.first(select(Watcher).where(*_of(record, record_id), belongs_to(Watcher.member_id, member_id)))
    if mine is not None:
        mine.is_muted = not is_on
        work.changed(WatchersOf.__name__, record_id)
    elif is_on:
        await watch(work, record, record_id, member_id, WatchReason.CHOSEN)


@query(SIGNED_IN)
async def watching(work: Work, record: str, record_id: UUID) -> Watching:
    """Say whether I watch a record. Raises NotFound for one that I may not see."""
    await records.discuss(work, record, record_id)
    rows = await work.all(
        select(Watcher.member_id, Watcher.reason).where(*_of(record, record_id), col(Watcher.is_muted).is_(False))
    )
    mine = next((row.reason for row in rows if work.actor.owns(row.member_id)), None)
    return Watching(mine is not None, mine, len(rows) - (mine is not None))


@query(SIGNED_IN)
async def list_watchers(work: Work, record: str, record_id: UUID) -> list[WatcherRow]:
    """Return who watches a record, by name. Raises NotFound for a record that the actor may not see."""
    await records.discuss(work, record, record_id)
    found = await work.all(
        select(Watcher, Member)
        .join(Member, col(Member.id) == col(Watcher.member_id))
        .where(*_of(record, record_id), col(Watcher.is_muted).is_(False))
        .order_by(col(Member.sort_name), col(Member.id))
    )
    return [WatcherRow(member.id, member.name, watcher.reason) for watcher, member in found]


async def actors_of(work: Work, member_ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """Return people as they may act today, those who have access; five statements for any number up to 500."""
    ids = list(dict.fromkeys(member_ids))
    if not ids:
        return {}
    organization = await work.get(Organization, work.organization_id)
    today = await local_today(work)
    found: dict[UUID, Actor] = {}
    for part in (ids[start : start + PART] for start in range(0, len(ids), PART)):
        rights: dict[UUID, set[str]] = {}
        held = (
            select(PositionHolding.member_id, Position.permissions)
            .join(Position, col(Position.id) == col(PositionHolding.position_id))
            .where(col(PositionHolding.member_id).in_(part), *in_force(today))
        )
        for member_id, permissions in await work.all(held):
            rights.setdefault(member_id, set()).update(permissions.split())
        people = (
            select(Member, Account.name, Account.locale)
            .join(Account, col(Account.id) == col(Member.account_id))
            .where(col(Member.id).in_(part), col(Member.status).in_(PRESENT), col(Member.archived_at).is_(None))
            .where(col(Account.disabled_at).is_(None))
        )
        for member, name, locale in await work.all(people):
            found[member.id] = Actor(
                kind=ActorKind.ACCOUNT, name=name, organization_id=work.organization_id,
                account_id=member.account_id, member_id=member.id, zone=organization.zone,
                locale=locale or organization.locale,
                permissions=frozenset(rights.get(member.id, ())), modules_off=organization.settings.modules_off,
            )  # fmt: skip
    return found


async def holders_of(work: Work, position_ids: Iterable[UUID]) -> list[UUID]:
    """Return the members who hold one of these positions today."""
    ids = list(position_ids)
    if not ids:
        return []
    today = await local_today(work)
    return await work.all(
        select(PositionHolding.member_id)
        .where(col(PositionHolding.position_id).in_(ids), *in_force(today))
        .distinct()
    )  # fmt: skip


async def tell_those_who_see(
    work: Work, record: str, record_id: UUID, member_ids: Iterable[UUID], by_account_id: UUID | None, **said: Any
) -> set[UUID]:
    """Tell those of these people who may see a record, never the one who acts; returns whom.

    `said` are `kind`, `title`, `body`, `link` and `key` of the notice.
    """
    told: dict[UUID, UUID] = {}
    for member_id, actor in (await actors_of(work, member_ids)).items():
        if actor.account_id is None or actor.account_id == by_account_id:
            continue
        if await records.may_discuss(work, actor, record, record_id):
            told[member_id] = actor.account_id
    await notifications.tell(work, told.values(), object_type=record, object_id=record_id, by=by_account_id, **said)
    return set(told)


async def unmuted(work: Work, record: str, record_id: UUID) -> list[UUID]:
    """Return the members who watch a record and have not muted it."""
    return await work.all(select(Watcher.member_id).where(*_of(record, record_id), col(Watcher.is_muted).is_(False)))


DISCUSSED = {RECORD_CHANGED}
"""Kinds of notices that hold what is said on a record, and not only that there is one; other domains add theirs."""


@notifications.hold_back
async def not_seen_any_more(work: Work, notices: Sequence[Notice]) -> set[UUID]:
    """Return which notices are for somebody who has left, or about a record that he may not see any more."""
    accounts = {notice.account_id for notice in notices}
    ours = select(Member.account_id, Member.id).where(
        col(Member.account_id).in_(accounts), Member.organization_id == work.organization_id
    )
    members: dict[Any, UUID] = dict(tuple(row) for row in await work.all(ours))
    actors = await actors_of(work, members.values())
    back: set[UUID] = set()
    for account_id in accounts:
        theirs = [notice for notice in notices if notice.account_id == account_id]
        actor = actors.get(members[account_id]) if account_id in members else None
        if actor is not None:
            back |= await _hidden_from(work, actor, theirs)
        else:
            back |= {one.id for one in theirs if account_id in members or one.object_type in records.kinds}
    return back


async def _hidden_from(work: Work, actor: Actor, notices: Sequence[Notice]) -> set[UUID]:
    about = {
        notice.id: (notice.object_type, notice.object_id)
        for notice in notices
        if notice.object_type in records.kinds and notice.object_id is not None
    }
    seen = await records.seen_by(work, actor, about.values()) if about else {}
    hidden = {notice_id for notice_id, record in about.items() if record not in seen}
    said = {about[one.id] for one in notices if one.kind in DISCUSSED and one.id in about and one.id not in hidden}
    closed = {record for record in said if not await records.may_discuss(work, actor, *record)}
    return hidden | {one.id for one in notices if one.kind in DISCUSSED and about.get(one.id) in closed}


@domain.job()
async def tell_of_change(work: Work, record: str, record_id: str, act: list[str], by_account_id: str) -> None:
    """Tell the watchers of a record that somebody has changed it."""
    known = UUID(record_id)
    try:
        row = await records.see(work, record, known)
    except AppError:
        return  # it is gone meanwhile
    kind, (name, action) = records.kind_of(record), act
    await tell_those_who_see(
        work, record, known, await unmuted(work, record, known), UUID(by_account_id) if by_account_id else None,
        kind=RECORD_CHANGED, link=kind.href(known),
        title=told('{record}: {name} {done}', record=kind.title(row), name=name, done=in_words(action)),
    )  # fmt: skip


@before_commit
async def note_changes(work: Work, drafts: Sequence[EntryDraft]) -> None:
    """Have the watchers of every record that this work changes told of it, after the commit."""
    told = [draft for draft in drafts if draft.object_type in records.kinds and draft.revision > 1]
    changed = {(draft.object_type, draft.object_id): draft.action for draft in told}
    ids = [record_id for _, record_id in changed if record_id is not None]
    for part in (ids[start : start + PART] for start in range(0, len(ids), PART)):
        watched = select(Watcher.record, Watcher.record_id).where(
            col(Watcher.record_id).in_(part), col(Watcher.is_muted).is_(False)
        )
        for record, record_id in await work.all(watched.distinct()):
            if (record, record_id) in changed:
                by = str(work.actor.account_id or '')
                act = [work.actor.name, changed[record, record_id]]
                work.enqueue(tell_of_change, record, record_id, act, by)
