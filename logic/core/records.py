"""Kinds of records: what comments, files, watchers, links, search and activity have to know of each."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from data.core import Model
from logic.core.actor import Actor
from logic.core.errors import AppError, Denied, NotFound
from logic.core.language import later
from logic.core.work import Work

Check = Callable[[Work, UUID], Awaitable[Any]]
"""Gets the id of a record and returns its row; raises NotFound or Denied for an actor who may not."""
READ_ONLY = later('You may read what is said and kept here, but not add to it or change it.')
Known = tuple[str, UUID]
"""A record: the name of its kind and its id."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A table whose rows say of a record no more than what belongs to it: who is to do it, which labels it carries."""

    model: type[Model]
    record: Any
    """The column that names the record."""
    thing: Any
    """The column that names what belongs to it."""
    value: str
    """The name under which `RecordKind.undo` takes the ids of all that is to belong to it."""
    given: str
    """What somebody did who let it belong to the record, as one says it after a name: 'gave it to {name}'."""
    taken: str
    """And who took it away."""


@dataclass(frozen=True, slots=True)
class Succession:
    """A table whose rows take over from one another, each saying anew what holds from a day on."""

    model: type[Model]
    record: Any
    """The column that names the record."""
    since: Any
    """The column by which they follow."""
    fields: Collection[str]
    """What they say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """A kind of record that people comment on, attach files to, watch, link and find.

    What is optional here is offered to people only where a kind gives it.
    """

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
    writes: Callable[[Actor, UUID], bool]
    """Whether somebody who discusses a record may also write there: comment, attach. Reading is never enough."""
    permission: str = ''
    """Without it nobody sees one, nor anything that hangs on one; it also names the module that may be switched off."""
    discuss: Check | None = None
    """Who reads what hangs on a record (comments, files, links, watchers, activity); left out, whoever sees it."""
    audience: str = ''
    """One sentence on who that is, where it is not plain to whoever writes there."""
    see_many: Callable[[Work, Collection[UUID]], Awaitable[Mapping[UUID, Any]]] | None = None
    """Returns the rows among these that the actor may see, in a number of statements that does not grow with them."""
    find: Callable[[Work, str, int], Awaitable[Iterable[Any]]] | None = None
    """Returns at most so many rows that answer to some typed words, of those that the actor may see."""
    about: tuple[str, ...] = ()
    """Kinds of rows that are told of in its activity, beside its own."""
    shown_fields: Callable[[Work, UUID], Awaitable[Collection[str] | None]] | None = None
    """The fields whose changes the actor may see; left out, or None: all that are not personal."""
    succession: Succession | None = None
    """Told of in its activity as changes, not as new rows; the table is in `about`."""
    came: str = ''
    """What somebody did whose act upon another record brought this one about, as one says it after a name."""
    undo: Callable[[Work, UUID, Mapping[str, Any]], Awaitable[Any]] | None = None
    """Puts fields of a record back through the rules of its own domain; values are in JSON form."""
    undoable: Collection[str] = ()
    """The fields that `undo` takes."""
    belongings: tuple[Belonging, ...] = ()
    """What belongs to it in rows of other tables, and is put back by `undo` as well; the tables are in `about`."""
    manage_fields: str = ''
    """The permission to give such records fields of the department's own; without it they have none."""
    has_private_fields: bool = False
    """Whether one of these may be for those only who see private data."""

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


def extend(kind: RecordKind, **more: Any) -> RecordKind:
    """Say more of a kind, from those parts of its domain that stand on the part that declared it."""
    kinds[kind.name] = extended = replace(kind, **more)
    return extended


def kind_of(name: str) -> RecordKind:
    """Return a kind by its name. Raises NotFound for one that nobody declared: the name may come from a program."""
    if name not in kinds:
        raise NotFound('There is no such kind of record.')
    return kinds[name]


def is_open(kind: RecordKind, actor: Actor) -> bool:
    """Say whether an actor may see records of a kind at all: he holds its permission and the module is on."""
    return not kind.permission or (
        actor.may(kind.permission) and kind.permission.partition('.')[0] not in actor.modules_off
    )


def _kind_for(work: Work, name: str) -> RecordKind:
    kind = kind_of(name)
    if not is_open(kind, work.actor):
        raise _nothing(kind)
    return kind


def _nothing(kind: RecordKind) -> NotFound:
    """Say that there is no such record: in English here, for a refusal says its whole sentence to its reader itself."""
    return NotFound(f'There is no such {str.__str__(kind.label)}.')


async def see(work: Work, name: str, record_id: UUID) -> Any:
    """Return the row of a record that the actor may see. Raises NotFound."""
    return await _kind_for(work, name).see(work, record_id)


async def edit(work: Work, name: str, record_id: UUID) -> Any:
    """Return the row of a record that the actor may change. Raises NotFound, Denied."""
    return await _kind_for(work, name).edit(work, record_id)


async def discuss(work: Work, name: str, record_id: UUID) -> Any:
    """Return the row of a record whose comments, links and activity the actor may see. Raises NotFound.

    Whoever may not is told that there is no such record, whether he sees it elsewhere or not.
    """
    kind = _kind_for(work, name)
    try:
        return await (kind.discuss or kind.see)(work, record_id)
    except Denied:
        raise _nothing(kind) from None


async def write(work: Work, name: str, record_id: UUID) -> Any:
    """Return the row of a record to which the actor may add comments and files. Raises NotFound, Denied."""
    row = await discuss(work, name, record_id)
    if not may_write(work.actor, name, record_id):
        raise Denied(READ_ONLY)
    return row


def may_write(actor: Actor, name: str, record_id: UUID) -> bool:
    """Say whether somebody who discusses a record may add comments and files to it."""
    return kind_of(name).writes(actor, record_id)


async def may_discuss(work: Work, actor: Actor, name: str, record_id: UUID) -> bool:
    """Say whether somebody else may see what hangs on a record: for whom to tell of it."""
    try:
        await discuss(work.acting_as(actor), name, record_id)
    except AppError:
        return False
    return True


async def seen(work: Work, wanted: Iterable[Known]) -> dict[Known, Any]:
    """Return the rows of those records that the actor may see; the others are left out as if there were none."""
    by_kind: dict[str, set[UUID]] = {}
    for name, record_id in wanted:
        by_kind.setdefault(name, set()).add(record_id)
    found: dict[Known, Any] = {}
    for name, ids in by_kind.items():
        kind = kinds.get(name)
        if kind is None or not is_open(kind, work.actor):
            continue
        if kind.see_many is not None:
            rows = await kind.see_many(work, ids)
        else:
            rows = {record_id: row for record_id in ids if (row := await _or_none(kind, work, record_id)) is not None}
        found |= {(name, record_id): row for record_id, row in rows.items()}
    return found


async def seen_by(work: Work, actor: Actor, wanted: Iterable[Known]) -> dict[Known, Any]:
    """Return the rows of those records that somebody else may see: what may still be sent to him."""
    return await seen(work.acting_as(actor), wanted)


async def _or_none(kind: RecordKind, work: Work, record_id: UUID) -> Any:
    try:
        return await kind.see(work, record_id)
    except AppError:
        return None
