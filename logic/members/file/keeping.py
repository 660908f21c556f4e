"""Listing, adding, changing, renewing and removing the records of a person's file, the same for all kinds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from data.core import new_id
from data.files import StoredFile
from data.members import Member, MemberDocument, ProtectedNumber
from data.organizations import Company
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.formats import day_text
from logic.core.language import _
from logic.core.secrets import open_value, seal_value, sealed_column
from logic.core.service import SIGNED_IN, query, service
from logic.core.wording import inside
from logic.core.work import Work
from logic.members.domain import APPROVE_CHANGES, VIEW
from logic.members.file.kinds import KINDS, RecordInput, RecordKind, kind_of, read_input
from logic.members.holders import others_with
from logic.members.names import normal_phone
from logic.members.person import require_private
from logic.members.visibility import Level, Sight, sight, visible_member

NUMBER_PLACE = sealed_column(ProtectedNumber, 'value')
MOST = 200
"""Records of one kind that a person may have: a limit against runaway programs."""
REFERENCES: dict[str, Any] = {'file_id': StoredFile, 'company_id': Company, 'document_id': MemberDocument}


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record of a person's file. A protected number shows only its last digits in `value`."""

    id: UUID
    member_id: UUID
    values: dict[str, Any]
    is_superseded: bool
    is_removed: bool
    version: int
    days_left: int | None
    """Until it expires where the department is; None without an end."""


@dataclass(frozen=True, slots=True)
class RecordList:
    """The records of one kind of one person."""

    kind: str
    title: str
    rows: list[RecordRow]
    may_edit: bool


@query(VIEW)
async def list_records(work: Work, member_id: UUID, kind: str, *, removed: bool = False) -> RecordList:
    """Return the records of a kind that is not private, or of the actor's own. Raises Denied, NotFound.

    Private kinds of another person are opened by `view_private_records`, which is audited. With `removed` it is what
    lies in the bin, for those who may bring it back.
    """
    found, seen = kind_of(kind), await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.sees(found.level, member_id):
        raise Denied(_('You may not see the {records} of {name}.', records=inside(found.title), name=member.name))
    if found.level is Level.PRIVATE and not seen.is_self(member_id):
        raise Denied('These are private. Open them on purpose; the view is recorded.')
    if removed and not _may_edit(found, member_id, seen):
        raise Denied(_('You may not see what was removed of {name}. Those who keep files can.', name=member.name))
    return await _listed(work, member_id, found, seen, removed=removed)


@query(VIEW)
async def list_file(work: Work, member_id: UUID, kinds: Collection[str]) -> list[RecordList]:
    """Return the records of those of the kinds that are seen without opening private ones. Raises NotFound."""
    seen = await sight(work)
    await visible_member(work, member_id, seen)
    return [
        await _listed(work, member_id, kind, seen)
        for kind in KINDS.values()
        if kind.name in kinds
        and seen.sees(kind.level, member_id)
        and (kind.level is not Level.PRIVATE or seen.is_self(member_id))
    ]


@service(SIGNED_IN)
async def view_private_records(work: Work, member_id: UUID, kind: str) -> RecordList:
    """Return the records of a private kind; the view of another person is audited (spec of identity, rule 5)."""
    found, seen = kind_of(kind), await sight(work)
    member = await visible_member(work, member_id, seen)
    require_private(work, seen, member, str.__str__(found.title))
    return await _listed(work, member_id, found, seen)


async def _listed(work: Work, member_id: UUID, kind: RecordKind, seen: Sight, *, removed: bool = False) -> RecordList:
    statement = select(kind.model).where(kind.model.member_id == member_id)
    if kind.is_binned:
        gone = col(kind.model.deleted_at)
        statement = statement.where(gone.is_not(None) if removed else gone.is_(None))
    elif removed:
        return RecordList(kind.name, kind.title, [], may_edit=False)
    rows = await work.all(statement.order_by(*kind.order, kind.model.id))
    return RecordList(
        kind.name, kind.title, [_row(kind, row, seen.today) for row in rows], _may_edit(kind, member_id, seen)
    )


def _row(kind: RecordKind, row: Any, today: date) -> RecordRow:
    values = {name: getattr(row, name) for name in kind.input.model_fields if hasattr(row, name)}
    if isinstance(row, ProtectedNumber):
        values['value'] = f'•••• {row.last_digits}'
    superseded = getattr(row, 'superseded_by_id', None) is not None
    removed = getattr(row, 'deleted_at', None) is not None
    expires_on = values.get('expires_on')
    days_left = (expires_on - today).days if expires_on else None
    return RecordRow(row.id, row.member_id, values, superseded, removed, row.version, days_left)


@service(SIGNED_IN, secret=True)
async def reveal_number(work: Work, record_id: UUID) -> str:
    """Return a protected number in full; the view of another person's is audited. Raises Denied."""
    row = await work.get(ProtectedNumber, record_id)
    seen = await sight(work)
    member = await visible_member(work, row.member_id, seen)
    require_private(work, seen, member, f'{row.kind.value} in full')
    return (await open_value(work, row.value, NUMBER_PLACE(row.id, work.organization_id))).decode()


@service(SIGNED_IN)
async def add_record(work: Work, member_id: UUID, kind: str, data: Mapping[str, Any] | RecordInput) -> RecordRow:
    """Add a record to a person's file. Raises Denied, Invalid by field."""
    found = kind_of(kind)
    member, seen = await _editable(work, member_id, found)
    if await work.count(select(found.model.id).where(found.model.member_id == member_id)) >= MOST:
        raise Conflict(
            _('{name} has {count} {records} already. Remove old ones first.', name=member.name, count=MOST,
              records=inside(found.title))
        )  # fmt: skip
    values = await _values(work, found, member, data, seen)
    row = await write_record(work, found, member_id, values)
    return _row(found, row, seen.today)


async def write_record(work: Work, kind: RecordKind, member_id: UUID, values: dict[str, Any]) -> Any:
    """Store checked values as a new record."""
    row_id = new_id()
    if kind.model is ProtectedNumber:
        values = await seal_number(work, row_id, values)
    if kind.name == 'leaves':
        values = values | {'granted_by_id': work.actor.account_id}
    row = work.add(kind.model(id=row_id, member_id=member_id, **values))
    await work.flush()
    return row


async def seal_number(work: Work, row_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a protected number as they are stored: sealed for its row, with the last digits beside."""
    number = values['value']
    sealed = await seal_value(work, number, NUMBER_PLACE(row_id, work.organization_id))
    # A short number would be half told by four digits.
    return values | {'value': sealed, 'last_digits': number[-4:] if len(number) >= 8 else number[-2:]}


@service(SIGNED_IN)
async def change_record(
    work: Work, kind: str, record_id: UUID, data: Mapping[str, Any] | RecordInput, version: int | None = None
) -> RecordRow:
    """Correct a record. Raises Denied, NotFound, Invalid by field, Conflict for a stale version."""
    found = kind_of(kind)
    row = await work.get(found.model, record_id, version)
    member, seen = await _editable(work, row.member_id, found)
    values = await _values(work, found, member, data, seen)
    if found.model is ProtectedNumber:
        values = await seal_number(work, row.id, values)
    for name, value in values.items():
        setattr(row, name, value)
    await work.flush()
    return _row(found, row, seen.today)


@service(SIGNED_IN)
async def renew_record(work: Work, kind: str, record_id: UUID, data: Mapping[str, Any] | RecordInput) -> RecordRow:
    """Add the renewal of a licence or document: it supersedes the old one, which stays in the history (rule 6)."""
    found = kind_of(kind)
    if not found.expires:
        raise Conflict(_('{records} are not renewed; change them instead.', records=found.title))
    old = await work.get(found.model, record_id)
    member, seen = await _editable(work, old.member_id, found)
    if old.superseded_by_id is not None:
        raise Conflict('This was renewed already. Renew the newest one.')
    values = await _values(work, found, member, data, seen)
    if values.get('expires_on') and old.expires_on and values['expires_on'] <= old.expires_on:
        why = _('The present one is good until {day} already.', day=day_text(old.expires_on))
        raise Invalid('This is no renewal.', {'expires_on': why})
    new = await write_record(work, found, member.id, values)
    old.superseded_by_id = new.id
    await work.flush()
    return _row(found, new, seen.today)


@service(SIGNED_IN)
async def remove_record(work: Work, kind: str, record_id: UUID, version: int | None = None) -> None:
    """Remove a record; a document goes to the bin, a renewal gives its place back to what it superseded."""
    found = kind_of(kind)
    row = await work.get(found.model, record_id, version)
    await _editable(work, row.member_id, found)
    if found.expires:
        for old in await work.all(select(found.model).where(found.model.superseded_by_id == record_id)):
            old.superseded_by_id = row.superseded_by_id
        await work.flush()
    if found.is_binned:
        row.deleted_at, row.superseded_by_id = work.now, None
    else:
        await work.delete(row)
    await work.flush()


@service(SIGNED_IN)
async def restore_record(work: Work, kind: str, record_id: UUID) -> RecordRow:
    """Bring a removed document back from the bin."""
    found = kind_of(kind)
    row = await work.get(found.model, record_id)
    _member, seen = await _editable(work, row.member_id, found)
    if not found.is_binned or row.deleted_at is None:
        raise Conflict('This was not removed.')
    row.deleted_at = None
    return _row(found, row, seen.today)


async def _editable(work: Work, member_id: UUID, kind: RecordKind) -> tuple[Member, Sight]:
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not _may_edit(kind, member_id, seen):
        what = inside(kind.title)
        if seen.is_self(member_id):
            raise Denied(_('You may not change the {records} of your own. Those who keep files can.', records=what))
        refusal = _(
            'You may not change the {records} of {name}. Those who keep files can.', records=what, name=member.name
        )
        raise Denied(refusal)
    guarded = kind.model is ProtectedNumber and seen.is_own(member_id)
    if guarded and await others_with(work, APPROVE_CHANGES):
        raise Denied('Your own numbers you ask to change on your profile; somebody else approves it.')
    return member, seen


def _may_edit(kind: RecordKind, member_id: UUID, seen: Sight) -> bool:
    return (kind.own_edit and seen.is_self(member_id)) or seen.may_edit_level(kind.level, member_id)


async def _values(
    work: Work, kind: RecordKind, member: Member, data: Mapping[str, Any] | BaseModel, seen: Sight
) -> dict[str, Any]:
    """Check the values of a record and what they name. Raises Invalid, NotFound."""
    values = read_input(kind, data).model_dump()
    for name, model in REFERENCES.items():
        if values.get(name) is None:
            continue
        row = await work.get(model, values[name])
        if isinstance(row, MemberDocument) and row.member_id != member.id:
            raise Invalid('This is a paper of another person.', {name: 'Choose a document of the same person.'})
        # Wiping the person removes the files that his papers name.
        if isinstance(row, StoredFile) and row.owner_id != member.id:
            raise Invalid('This is no file of this person.', {name: 'Send the file for this person.'})
    if values.get('phone'):
        values['phone'] = normal_phone(values['phone'], member.country or seen.country)
    return values
