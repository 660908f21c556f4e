"""Whom an actor may see and act on, and how much of each: list, detail, search, export, API and live updates ask it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.members import JobChange, Member
from data.organizations import Organization, PeerContact
from logic.core import records
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied, NotFound
from logic.core.language import _, later
from logic.core.work import Work
from logic.identity.positions import local_today
from logic.members.domain import (
    ARCHIVE,
    CHANGE_STATUS,
    EDIT,
    EDIT_PRIVATE,
    MANAGE_REPORTS,
    VIEW_CONTACTS,
    VIEW_FILES,
    VIEW_PRIVATE,
)

HIDDEN_BY = {
    'email': 'hides_email', 'personal_email': 'hides_personal_email', 'phone': 'hides_phones',
    'home_phone': 'hides_phones',
}  # fmt: skip
"""The switch of the person's own that hides a mail address or phone from colleagues; `hides_contacts` hides all."""
KIND_OF = {name: PeerContact(switch.removeprefix('hides_')) for name, switch in HIDDEN_BY.items()}
"""The kind that a mail address or phone is of, for what the department shows to colleagues."""


class Level(StrEnum):
    """How private a piece of a file is."""

    PUBLIC = 'public'
    """Everybody who sees the directory."""
    FILE = 'file'
    """The person, those he reports to, and holders of `members.view_files`."""
    PRIVATE = 'private'
    """The person and holders of `members.view_private`; each view of another person is audited."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one actor may see and do today, and with whom."""

    actor: Actor
    today: date
    """The date where the organization is."""
    country: str
    peer_contacts: frozenset[PeerContact]
    """What the department shows of colleagues to each other, unless a person hides it."""
    reports: frozenset[UUID]
    """Those who report to the actor, directly or through others, when he may manage them; empty for all others."""
    sees_all_contacts: bool
    """Whether mail addresses and phones of everybody are visible."""

    def is_own(self, member_id: UUID) -> bool:
        """Say whether it is the actor's own record: for rules that forbid deciding about oneself."""
        return self.actor.is_member(member_id)

    def is_self(self, member_id: UUID) -> bool:
        """Say whether the person himself acts on his own record; a key for programs has no more than its scopes."""
        return self.actor.kind is ActorKind.ACCOUNT and self.is_own(member_id)

    def contacts(self, member: Any) -> frozenset[str]:
        """Return which mail addresses and phones of a member are visible (spec of identity, rule 5).

        `member` is the row, or one with its id and its switches for hiding.
        """
        if self.sees_all_contacts or self.is_self(member.id) or member.id in self.reports:
            return frozenset(HIDDEN_BY)
        if not self.peer_contacts or member.hides_contacts:
            return frozenset()
        return frozenset(
            name
            for name, switch in HIDDEN_BY.items()
            if KIND_OF[name] in self.peer_contacts and not getattr(member, switch)
        )

    def contact_clause(self, field: str, of: Any = Member) -> sa.ColumnElement[bool]:
        """Return the condition under which a mail address or phone of a member may be searched. `of` is an alias."""
        if KIND_OF[field] not in self.peer_contacts or self.sees_all_contacts:
            return self.known_clause(of)
        shown = [col(getattr(of, switch)).is_(False) for switch in ('hides_contacts', HIDDEN_BY[field])]
        return sa.or_(self.known_clause(of), sa.and_(*shown))

    def known_clause(self, of: Any = Member) -> sa.ColumnElement[bool]:
        """Return the condition under which all mail addresses and phones of a member may be searched."""
        if self.sees_all_contacts:
            return sa.true()
        own = self.actor.member_id if self.actor.kind is ActorKind.ACCOUNT else None
        ids = [*self.reports, *([own] if own else [])]
        return col(of.id).in_(ids) if ids else sa.false()

    def sees(self, level: Level, member_id: UUID) -> bool:
        """Say whether pieces of this level of a member's file are visible."""
        if level is Level.PUBLIC or self.is_self(member_id):
            return True
        if level is Level.PRIVATE:
            return self.actor.may(VIEW_PRIVATE)
        return self.actor.may(VIEW_FILES) or self.actor.may(EDIT) or member_id in self.reports

    def may_edit(self, member_id: UUID) -> bool:
        """Say whether the actor keeps this member's file."""
        return self.actor.may(EDIT) or member_id in self.reports

    def may_edit_level(self, level: Level, member_id: UUID) -> bool:
        """Say whether the actor keeps the pieces of this level of a member's file."""
        return self.actor.may(EDIT_PRIVATE) if level is Level.PRIVATE else self.may_edit(member_id)

    def may_change_status(self, member_id: UUID) -> bool:
        """Say whether the actor may move this member to another status; never himself by being somebody's manager."""
        return self.actor.may(CHANGE_STATUS) or member_id in self.reports

    @property
    def sees_archived(self) -> bool:
        """Say whether archived members exist for the actor."""
        return self.actor.may(ARCHIVE) or self.actor.may(EDIT)

    def require_edit(self, member: Member) -> None:
        """Raise Denied unless the actor keeps this member's file."""
        if not self.may_edit(member.id):
            raise Denied(
                _(
                    'You may not change the file of {name}. Those who may edit people can, and their managers.',
                    name=member.name,
                )
            )


def sees_all_contacts(actor: Actor) -> bool:
    """Say whether mail addresses and phones of everybody are visible to an actor."""
    return any(actor.may(right) for right in (VIEW_CONTACTS, EDIT, VIEW_PRIVATE))


def may_merge(actor: Actor) -> bool:
    """Say whether an actor may make one file of two: who sees the files of everybody in full, private data included."""
    return actor.may(ARCHIVE) and actor.may(VIEW_PRIVATE) and (actor.may(VIEW_FILES) or actor.may(EDIT))


async def sight(work: Work, *, with_reports: bool = True) -> Sight:
    """Return what the actor of a work may see and do. At most two statements; one where reports change nothing."""
    actor = work.actor
    organization = await work.get(Organization, work.organization_id)
    today = await local_today(work)
    reports: frozenset[UUID] = frozenset()
    manages = with_reports and actor.may(MANAGE_REPORTS) and not actor.may('*')
    if manages and actor.member_id is not None:
        reports = frozenset(await work.all(reports_of(actor.member_id, today, organization.id)))
    shown = organization.settings.show_peer_contacts
    return Sight(actor, today, organization.country, shown, reports, sees_all_contacts(actor))


async def visible_member(work: Work, member_id: UUID, seen: Sight, version: int | None = None) -> Member:
    """Return a member whom the actor may see. Raises NotFound for others, Conflict for a stale version."""
    member = await work.get(Member, member_id, version)
    if member.archived_at is not None and not seen.sees_archived and not seen.is_self(member_id):
        raise NotFound('There is no such member.')
    return member


def in_force(on: date, job: Any = JobChange) -> sa.ColumnElement[bool]:
    """Return the condition under which a row of job data counts on a day."""
    return sa.and_(job.from_on <= on, sa.or_(job.until_on.is_(None), job.until_on > on))


def reports_of(member_id: UUID, on: date, organization_id: UUID) -> Any:
    """Return the select of the ids of all who report to a member on a day, directly or through others."""
    ours = col(JobChange.organization_id) == organization_id
    first: Any = select(col(JobChange.member_id).label('id')).where(
        JobChange.manager_id == member_id, ours, in_force(on)
    )
    found = first.cte('reports', recursive=True)
    deeper = aliased(JobChange)
    found = found.union(
        select(deeper.member_id)
        .join(found, found.c.id == deeper.manager_id)
        .where(deeper.organization_id == organization_id, in_force(on, deeper))
    )
    return select(found.c.id)


async def _see(work: Work, member_id: UUID) -> Member:
    return await visible_member(work, member_id, await sight(work))


async def _edit(work: Work, member_id: UUID) -> Member:
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    seen.require_edit(member)
    return member


def _writes(actor: Actor, member_id: UUID) -> bool:
    """Who keeps files writes about people, and each about himself; a key for programs has no more than its scopes."""
    is_self = actor.kind is ActorKind.ACCOUNT and actor.owns(member_id)
    return is_self or actor.may(EDIT) or actor.may(MANAGE_REPORTS)


MEMBER = records.register(
    records.RecordKind(
        model=Member, label=later('member'), icon='sym_o_person', path='/members/{id}',
        title=lambda member: member.name, see=_see, edit=_edit, writes=_writes,
    )
)  # fmt: skip
