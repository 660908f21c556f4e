"""What people have begun and may leave for a while, such as an import: kept in this process, for each one alone."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from data.core import new_id, now
from logic.core.actor import Actor
from logic.core.errors import NotFound

KEPT = timedelta(hours=2)
MOST = 20
"""Things of one kind that are kept at once in a process; with files of at most 20 MB."""
EACH = 4
"""Of one person: nobody pushes out what others have begun."""


@dataclass(slots=True, kw_only=True)
class Underway(ABC):
    """Something that one person has begun."""

    account_id: UUID | None
    organization_id: UUID | None
    name: str
    id: UUID = field(default_factory=new_id)
    begun_at: datetime = field(default_factory=now)

    @property
    @abstractmethod
    def is_over(self) -> bool:
        """Whether there is nothing to go on with."""

    def is_of(self, actor: Actor) -> bool:
        """Say whether this actor has begun it, in the department where he is now."""
        return (self.account_id, self.organization_id) == (actor.account_id, actor.organization_id)


UnderwayT = TypeVar('UnderwayT', bound=Underway)


class Shelf(Generic[UnderwayT]):
    """Keeps things of one kind for two hours, the newest twenty, and of one person the newest four."""

    def __init__(self) -> None:
        self._kept: dict[UUID, UnderwayT] = {}

    def put(self, one: UnderwayT) -> UnderwayT:
        """Keep something that was begun just now."""
        newest = [other for other in reversed(self._kept.values()) if other.begun_at >= now() - KEPT]
        too_many = [other.id for other in newest if other.account_id == one.account_id][EACH - 1 :]
        kept = [other for other in newest if other.id not in too_many][: MOST - 1]
        self._kept = {other.id: other for other in (*reversed(kept), one)}
        return one

    def get(self, actor: Actor, one_id: UUID) -> UnderwayT:
        """Return what the actor has begun. Raises NotFound."""
        one = self._kept.get(one_id)
        if one is None or not one.is_of(actor):
            raise NotFound('This is over, or Logbook was restarted. Nothing of it was stored by half; begin anew.')
        return one

    def unfinished(self, actor: Actor) -> list[UnderwayT]:
        """Return what the actor can go on with, what he began last first."""
        since, newest = now() - KEPT, reversed(self._kept.values())
        return [one for one in newest if one.is_of(actor) and not one.is_over and one.begun_at >= since]

    def discard(self, actor: Actor, one_id: UUID) -> None:
        """Forget what the actor has begun. Raises NotFound."""
        self._kept.pop(self.get(actor, one_id).id)
