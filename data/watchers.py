"""Who follows which record, and why."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from data.core import Model, Scoped, choice, identifier, reference, text
from data.later import later


class WatchReason(StrEnum):
    """Why somebody watches a record."""

    CREATED = 'created'
    ASSIGNED = 'assigned'
    MENTIONED = 'mentioned'
    COMMENTED = 'commented'
    CHOSEN = 'chosen'

    @property
    def label(self) -> str:
        """The reason, as it is told to the watcher."""
        return {
            'created': later('you made it'), 'assigned': later('it is yours to do'),
            'mentioned': later('you were mentioned'), 'commented': later('you commented'),
            'chosen': later('you chose to'),
        }[self]  # fmt: skip


class Watcher(Scoped, Model, table=True):
    """Somebody who is told what happens on a record, unless he muted it."""

    __table_args__ = (UniqueConstraint('organization_id', 'record', 'record_id', 'member_id'),)

    record: str = text(40)
    record_id: UUID = Field(sa_type=identifier())
    member_id: UUID = reference('member.id')
    reason: WatchReason = choice(WatchReason)
    is_muted: bool = False
