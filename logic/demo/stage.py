"""Where the story is played: each act at its moment, by who does it, through the services: so its audit is true."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.core import Model
from data.database import database
from data.members import Member
from data.organizations import Organization
from logic.core.actor import Actor, ActorKind
from logic.core.work import Work
from logic.identity.positions import permissions_of

Deed = Callable[[Work], Awaitable[Any]]
AT_ONCE = 25
"""Acts that are committed together: the copy is made quicker, and nobody looks at it meanwhile."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does at a moment."""

    at: datetime
    name: str
    """The service, as the audit log names it."""
    by: Callable[[], UUID] | None
    """Tells the member who does it; None for Logbook itself."""
    deed: Deed
    is_visitor: bool = False
    """Somebody does it who has not signed in: he accepts an invitation."""


async def play(organization_id: UUID, acts: Iterable[Act]) -> None:
    """Play acts in the order of their moments; each is a work of its own."""
    waiting: list[Work] = []
    async with database().write(organization_id) as session:
        actors: dict[UUID, Actor] = {}
        for act in sorted(acts, key=lambda one: one.at):
            actor = Actor.public() if act.is_visitor else Actor.system(organization_id)
            if act.by is not None:
                member_id = act.by()
                if member_id not in actors:
                    actors[member_id] = await _actor(Work(session, actor, act.name, act.at), member_id)
                    session.expunge_all()
                actor = actors[member_id]
            work = Work(session, actor, act.name, act.at)
            with stamped(work, act.at):
                await act.deed(work)
                await work.finish()
            # The next work has to load what it names: what this one saw is not its own.
            session.expunge_all()
            waiting.append(work)
            if len(waiting) == AT_ONCE:
                await session.commit()
                _end(waiting)
        await session.commit()
        _end(waiting)


def _end(works: list[Work]) -> None:
    for work in works:
        work.committed()
    works.clear()


async def _actor(work: Work, member_id: UUID) -> Actor:
    member = await work.get(Member, member_id)
    organization = await work.get(Organization, work.organization_id)
    return Actor(
        kind=ActorKind.ACCOUNT, name=member.name, organization_id=organization.id, account_id=member.account_id,
        member_id=member.id, permissions=await permissions_of(work, member.id), zone=organization.zone,
        method='password',
    )  # fmt: skip


@contextmanager
def stamped(work: Work, at: datetime | None = None) -> Iterator[None]:
    """Mark every person who is added in this block, and date every new row to a moment when one is given."""

    def stamp(_: Any, row: Any) -> None:
        if isinstance(row, Member):
            row.is_demo = True
        if at is not None and isinstance(row, Model):
            row.created_at = row.updated_at = at

    session = work.session.sync_session
    sa.event.listen(session, 'transient_to_pending', stamp)
    try:
        yield
    finally:
        sa.event.remove(session, 'transient_to_pending', stamp)
