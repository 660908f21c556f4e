"""Entries of the log as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Named:
    """A record by its name, and where it opens, if it has a page."""

    title: str
    href: str = ''
    id: str = ''


NOBODY = Named('')


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it was and what it became."""

    name: str
    old: Any
    new: Any
    is_personal: bool = False
    title: str = ''
    """What a person calls it, where its name does not say that: a field of the department's own."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as people read it."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    actor_kind: str
    method: str
    on_behalf_of: UUID | None
    address: str
    user_agent: str
    action: str
    object_type: str
    object_id: str
    revision: int | None
    subject_id: UUID | None
    outcome: str
    reason: str
    request_id: str
    changes: tuple[FieldChange, ...] = field(default=())
    about: Named = NOBODY
    """The record that it tells of, as it is called now."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the records are called now that its values name by their ids, as text."""

    @property
    def told(self) -> tuple[FieldChange, ...]:
        """The changes that say something to people: of ids only those of other records, which have a name."""
        others = self.names.keys() - {self.about.id}
        return tuple(
            one for one in self.changes if not one.name.endswith('_id') or others & {str(one.old), str(one.new)}
        )
