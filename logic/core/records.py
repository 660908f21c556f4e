"""Kinds of records: what comments, files, watchers, links and search have to know of each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from data.core import Model
from logic.core.errors import NotFound
from logic.core.work import Work

Check = Callable[[Work, UUID], Awaitable[Any]]
"""Gets the id of a record and returns its row; raises NotFound or Denied for an actor who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """A kind of record that people comment on, attach files to, watch, link and find."""

    model: type[Model]
    """Its table; the name of the class names the kind in the audit, in notices and in all that hangs on a record."""
    label: str
    """What a person calls one of them, in lower case: 'member'."""
    icon: str
    path: str
    """Where one opens, such as '/members/{id}'."""
    title: Callable[[Any], str]
    """The words by which a row is known."""
    see: Check
    edit: Check

    @property
    def name(self) -> str:
        """The name of the kind."""
        return self.model.__name__

    def href(self, record_id: UUID) -> str:
        """Return where a record opens."""
        return self.path.format(id=record_id)


kinds: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> RecordKind:
    """Declare a kind of record; its domain does so once."""
    if kind.name in kinds:
        raise RuntimeError(f'Two kinds of record are named {kind.name}.')
    kinds[kind.name] = kind
    return kind


def kind_of(name: str) -> RecordKind:
    """Return a kind by its name. Raises NotFound for one that nobody declared: the name may come from a program."""
    if name not in kinds:
        raise NotFound('There is no such kind of record.')
    return kinds[name]


async def see(work: Work, name: str, record_id: UUID) -> Any:
    """Return the row of a record that the actor may see. Raises NotFound."""
    return await kind_of(name).see(work, record_id)


async def edit(work: Work, name: str, record_id: UUID) -> Any:
    """Return the row of a record that the actor may change. Raises NotFound, Denied."""
    return await kind_of(name).edit(work, record_id)
