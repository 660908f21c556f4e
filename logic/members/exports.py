"""Taking people out: lists as CSV and XLSX, one as a vCard, and all that is held of one person as an archive."""

import asyncio
import io
import json
import zipfile
from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from data.attachments import Attachment, AttachmentVersion
from data.comments import Comment, Draft
from data.core import Audited, as_json
from data.custom_fields import PERSON, CustomField, CustomValue
from data.files import StoredFile
from data.members import Member
from data.notifications import Notice
from data.tasks import Task, TaskAssignee, TaskTimeEntry
from data.views import PinnedPage, RecentPage, SavedView
from data.watchers import Watcher
from logic import custom_fields
from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import Denied
from logic.core.language import _, later
from logic.core.listing import MAX_PAGE_SIZE, ListQuery
from logic.core.records import seen as seen_records
from logic.core.secrets import Place, open_value
from logic.core.service import SIGNED_IN, query, service
from logic.core.tabular import Cell, write_table
from logic.core.work import Work
from logic.identity.sessions import require_fresh
from logic.identity.throttle import take_export
from logic.members.archive import merged_into
from logic.members.directory import MemberRow, list_members, member_row, narrowed, order_of
from logic.members.domain import EXPORT, VIEW, VIEW_PRIVATE
from logic.members.file.expiry import find_expiring
from logic.members.imports.columns import BY_NAME
from logic.members.person import PersonView, get_member
from logic.members.visibility import Level, sees_all_contacts, sight, visible_member

README = later("""This archive holds what Logbook keeps about one person, as open formats.

person.json   one list for each kind of record; dates are ISO 8601, instants are UTC
files/        the files of the person, under their own names
""")


COLUMNS = (
    'number', 'first_name', 'last_name', 'status', 'membership_type', 'rank', 'title', 'department', 'station',
    'manager', 'positions', 'email', 'phone', 'joined_on', 'employment_type', 'tags',
)  # fmt: skip
"""What a list of people says: by the names under which an import knows the columns, in every language."""
TITLES = {'positions': later('Positions')}
"""Of what no import takes."""
OF_HIDDEN = ('id', 'number', 'created_at', 'deleted_at')
"""What is told of a task of his that he does not see any more: its words may have become those of others since."""


class Format(StrEnum):
    """What a list is written as."""

    CSV = 'csv'
    XLSX = 'xlsx'


async def export_members(actor: Actor, asked: ListQuery, written_as: Format) -> bytes:
    """Return all people whom a question to the directory finds, as the actor may see them; the act is recorded.

    Raises Denied without the right to export, SignInAgain when the sign-in is older than ten minutes.
    """
    await record_export(actor, asked)
    return await write_table(written_as, *await exported_rows(actor, asked))


async def export_expiring(actor: Actor, asked: ListQuery, written_as: Format) -> bytes:
    """Return what a question to the list of what expires finds, on all pages; the act is recorded.

    Raises as `export_members` does.
    """
    await record_export(actor, asked, 'members.export_expiring')
    return await write_table(written_as, *await exported_expiring(actor, asked))


async def print_members(actor: Actor, asked: ListQuery) -> list[MemberRow]:
    """Return all whom a question to the directory finds, as the actor may see them, for paper: that is an export too.

    Without positions, tags and custom fields. Raises as `export_members` does.
    """
    await record_export(actor, asked, 'members.print_members')
    return await list_on_paper(actor, asked)


@query(EXPORT)
async def list_on_paper(work: Work, asked: ListQuery) -> list[MemberRow]:
    """Return what a list on paper says; one statement beside those of the actor's sight."""
    seen = await sight(work, with_reports=not sees_all_contacts(work.actor))
    return [member_row(seen, row) for row in await work.all(narrowed(seen, asked).order_by(*order_of(asked)))]


@service(EXPORT)
async def record_export(work: Work, asked: ListQuery, action: str = 'members.export_members') -> None:
    """Write into the audit log who took which part of the directory out."""
    require_fresh(work, keys=True)
    await take_export(work)
    work.record('Member', None, action=action, filters=as_json(asked.filters), text=asked.q)


@query(EXPORT)
async def exported_rows(work: Work, asked: ListQuery) -> tuple[list[str], list[list[Cell]]]:
    """Return header and rows of an export: all pages of what the directory shows the actor for this question."""
    fields = [field for field in await custom_fields.fields_of(work, PERSON) if not field.is_private]
    rows: list[MemberRow] = []
    page = await list_members(work, asked.model_copy(update={'page': 1, 'page_size': MAX_PAGE_SIZE}))
    while page.rows:
        rows += page.rows
        if len(rows) >= page.total:
            break
        page = await list_members(work, asked.model_copy(update={'page': page.page + 1, 'page_size': MAX_PAGE_SIZE}))
        await asyncio.sleep(0)
    header = [*(str(TITLES.get(name) or BY_NAME[name].label) for name in COLUMNS), *(field.name for field in fields)]
    return header, [_cells(row, fields) for row in rows]


@query(EXPORT)
async def exported_expiring(work: Work, asked: ListQuery) -> tuple[list[str], list[list[Cell]]]:
    """Return header and rows of an export of what expires."""
    found = await find_expiring(work, asked)
    rows: list[list[Cell]] = [[one.member_name, one.title, one.expires_on, one.days_left] for one in found]
    return [_('Person'), _('What'), _('Expires on'), _('Days left')], rows


def _cells(row: MemberRow, fields: Sequence[CustomField]) -> list[Cell]:
    def name(label: Any) -> str:
        return label.name if label else ''

    return [
        row.number, row.first_name, row.last_name, str(row.status.label), name(row.membership_type), name(row.rank),
        row.title, name(row.department), name(row.station), name(row.manager),
        ', '.join(held.name for held in row.positions), row.email or '', row.phone or '', row.joined_on,
        str(row.employment_type.label) if row.employment_type else '',
        ', '.join(tag.name for tag in row.tags),
        *(custom_fields.exported(field, row.custom.get(field.id, '')) for field in fields),
    ]  # fmt: skip


@query(VIEW)
async def vcard(work: Work, member_id: UUID) -> str:
    """Return a person as a vCard 4.0 (RFC 6350), with only what the actor may see."""
    person = await get_member(work, member_id)
    lines = [
        'BEGIN:VCARD', 'VERSION:4.0', f'UID:urn:uuid:{person.id}',
        f'FN:{_escape(person.name)}',
        f'N:{_escape(person.last_name)};{_escape(person.first_name)};;;',
    ]  # fmt: skip
    lines += _contacts(person)
    if person.title:
        lines.append(f'TITLE:{_escape(person.title)}')
    return '\r\n'.join(_folded(line) for line in [*lines, 'END:VCARD']) + '\r\n'


def _contacts(person: PersonView) -> list[str]:
    found = (
        ('EMAIL;TYPE=work', person.email), ('EMAIL;TYPE=home', person.personal_email),
        ('TEL;VALUE=text;TYPE=cell', person.phone), ('TEL;VALUE=text;TYPE=home', person.home_phone),
    )  # fmt: skip
    return [f'{name}:{_escape(value)}' for name, value in found if value]


def _escape(value: str) -> str:
    """Escape a value (RFC 6350, 3.4): no value can begin a line of its own."""
    escaped = value.replace('\\', '\\\\').replace(',', '\\,').replace(';', '\\;')
    return ' '.join(escaped.split())


def _folded(line: str) -> str:
    """Fold a line at 75 octets (RFC 6350, 3.2)."""
    parts, rest = [], line
    while len(rest.encode()) > 75:
        cut = 74
        while len(rest[:cut].encode()) > 74:
            cut -= 1
        parts.append(rest[:cut])
        rest = ' ' + rest[cut:]
    return '\r\n'.join([*parts, rest])


async def personal_data(actor: Actor, member_id: UUID) -> bytes:
    """Return all that is held of one person as a ZIP: for the person himself, and for who may see private data.

    Raises Denied for others, NotFound, SignInAgain when the sign-in is older than ten minutes.
    """
    await record_personal_export(actor, member_id)
    records, stored = await personal_records(actor, member_id)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('README.txt', str(README))
        archive.writestr('person.json', json.dumps(records, indent=2, ensure_ascii=False))
        for row in stored:
            archive.writestr(f'files/{row.id}-{row.name.replace("/", "_")}', await files.read(row))
    return buffer.getvalue()


@service(SIGNED_IN)
async def record_personal_export(work: Work, member_id: UUID) -> None:
    """Write into the audit log that somebody took out what is held of a person. Raises Denied, NotFound."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.is_self(member.id) and not (work.actor.may(VIEW_PRIVATE) and work.actor.may(EXPORT)):
        raise Denied(_('Only {name} and those who may export private data can do this.', name=member.name))
    require_fresh(work)
    await take_export(work)
    work.record('Member', member.id, action='members.export_person', subject_id=member.id)


@query(SIGNED_IN)
async def personal_records(work: Work, member_id: UUID) -> tuple[dict[str, list[dict[str, Any]]], list[StoredFile]]:
    """Return every row about a person by kind of record, and his files; secrets stay out. Raises Denied, NotFound.

    What only he sees, such as his tasks, notices and drafts, is in his own export alone. Of a task that he does not see
    any more, also a deleted one, it says that there was one and when; of a comment of his always what he wrote. The
    records that were merged into his are about him too.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.is_self(member.id) and not (work.actor.may(VIEW_PRIVATE) and work.actor.may(EXPORT)):
        raise Denied(_('Only {name} and those who may export private data can do this.', name=member.name))
    owners = [member_id, *(one.id for one in await merged_into(work, member_id))]
    asked: list[tuple[Any, Any]] = [(Member, col(Member.id).in_(owners))]
    for table in _about_people():
        asked.append((table, col(table.record_id if table is CustomValue else table.member_id).in_(owners)))
    if seen.sees(Level.FILE, member_id):
        asked += _on_record(member_id)
        attached = select(Attachment.id).where(*_at(Attachment, member_id), col(Attachment.removed_at).is_(None))
        owners += await work.all(attached)
    if seen.is_self(member_id):
        asked += _of_himself(member_id, work.actor.account_id)
    records: dict[str, list[dict[str, Any]]] = {}
    for table, condition in asked:
        rows = await work.all(select(table).where(condition))
        hidden = await _hidden(work, rows) if table is Task else set()
        for row in rows:
            only = OF_HIDDEN if row.id in hidden else tuple(table.model_fields)
            records.setdefault(table.__name__, []).append(await _record(work, row, only))
    previews = select(AttachmentVersion.preview_id).where(col(AttachmentVersion.preview_id).is_not(None))
    theirs = select(StoredFile).where(col(StoredFile.owner_id).in_(owners), col(StoredFile.deleted_at).is_(None))
    return records, await work.all(theirs.where(col(StoredFile.id).not_in(previews)))


def _at(table: Any, member_id: UUID) -> tuple[Any, Any]:
    return table.record == Member.__name__, table.record_id == member_id


def _on_record(member_id: UUID) -> list[tuple[Any, Any]]:
    """What others said about him and hung on his record, with the condition that finds it."""
    return [
        (Comment, sa.and_(*_at(Comment, member_id), col(Comment.deleted_at).is_(None))),
        (Attachment, sa.and_(*_at(Attachment, member_id), col(Attachment.removed_at).is_(None))),
    ]


def _of_himself(member_id: UUID, account_id: UUID | None) -> list[tuple[Any, Any]]:
    """What he wrote elsewhere, does, was told, and keeps, with the condition that finds it."""
    given = select(TaskAssignee.task_id).where(TaskAssignee.member_id == member_id)
    on_him = sa.and_(*_at(Comment, member_id))
    found: list[tuple[Any, Any]] = [
        (Comment, sa.and_(col(Comment.author_id) == member_id, col(Comment.deleted_at).is_(None), ~on_him)),
        (Task, sa.or_(col(Task.id).in_(given), col(Task.creator_id) == member_id)),
        (TaskTimeEntry, col(TaskTimeEntry.member_id) == member_id),
        (Watcher, col(Watcher.member_id) == member_id),
    ]
    kept: tuple[Any, ...] = (Notice, Draft, SavedView, PinnedPage, RecentPage)
    return found + [(table, table.account_id == account_id) for table in kept]


async def _hidden(work: Work, tasks: Sequence[Task]) -> set[UUID]:
    """Return which of these tasks the actor does not see."""
    ids = [row.id for row in tasks]
    found: set[UUID] = set()
    for at in range(0, len(ids), 1000):
        found |= {one for _, one in await seen_records(work, [(Task.__name__, one) for one in ids[at : at + 1000]])}
    return set(ids) - found


def _about_people() -> list[Any]:
    """Return the tables whose rows are about one member, by name."""
    mapped = [mapper.class_ for mapper in Member.__mapper__.registry.mappers]  # type: ignore[attr-defined]
    audited = [table for table in mapped if issubclass(table, Audited)]
    named = [table for table in audited if getattr(table, 'audit_subject', '') == 'member_id' or table is CustomValue]
    return sorted(named, key=lambda table: table.__name__)


async def _record(work: Work, row: SQLModel, only: Sequence[str]) -> dict[str, Any]:
    secret: frozenset[str] = getattr(row, 'audit_secret', frozenset())
    record = {
        name: '(kept secret)' if name in secret else as_json(getattr(row, name))
        for name in only
        if name not in ('organization_id', 'search', 'contact_search', 'sort_name', 'order_key', 'occurrence_key')
    }
    if isinstance(row, Draft):
        place = Place('draft', 'body', row.id, row.organization_id)
        record['body'] = json.loads(await open_value(work, row.body, place))
    return record
