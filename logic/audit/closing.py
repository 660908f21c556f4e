"""Retention: entries older than a department keeps go into a file; their hashes stay, so that all proofs still hold."""

import asyncio
import hashlib
import json
import secrets
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from data.audit import AuditCheckpoint, AuditEntry, AuditPersonal
from data.database import insert_unless_there
from data.files import StoredFile
from data.organizations import Organization
from logic.audit import keys, verifier
from logic.audit.append import append, lock_head, read_head
from logic.audit.check import CLOSED, ERASED, EXPIRED, Closed, Edge, Part, closing_changes
from logic.audit.domain import EXPORT, MANAGE, domain
from logic.audit.entry import instant
from logic.audit.erasure import overwrite_deleted
from logic.audit.export import Writer, new_archive
from logic.audit.keeping import write_checkpoints
from logic.audit.memory import Head
from logic.audit.note import Checkpoint, sign
from logic.audit.tree import TILE_WIDTH
from logic.audit.verify import read_closes, snapshot, verify_logs
from logic.core import files
from logic.core.errors import Conflict, Denied
from logic.core.jobs import Run
from logic.core.language import later
from logic.core.recording import EntryDraft
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.identity.sessions import require_fresh

PART_FILE = 'AuditPart'
"""Owner of the files in which closed parts lie. Nothing removes them."""
AT_ONCE = 16 * TILE_WIDTH


class RetentionInput(BaseModel):
    """How long a department keeps the texts of its log in the database."""

    model_config = ConfigDict(extra='forbid')

    years: int = Field(
        default=0, ge=0, le=100, title=later('Years to keep'),
        description=later('Whole years beside the present one; 0 for ever.'),
    )  # fmt: skip


@query(MANAGE)
async def get_retention(work: Work) -> RetentionInput:
    """Return how long this organization keeps entries."""
    organization = await work.get(Organization, work.organization_id)
    return RetentionInput(years=organization.settings.audit_years)


@service(MANAGE)
async def choose_retention(work: Work, retention: RetentionInput) -> None:
    """Choose after how many whole years entries go into a file; 0 keeps them for ever. Raises SignInAgain."""
    require_fresh(work)
    organization = await work.get(Organization, work.organization_id)
    organization.settings = organization.settings.model_copy(update={'audit_years': retention.years})


@dataclass(frozen=True, slots=True)
class Closing:
    """A part that is about to be closed: verified, written into a file, and nothing dropped yet."""

    head: Head
    """Of the part: its size, root and epoch."""
    first: int
    edge: Edge
    shared: frozenset[str]
    seen: int
    """How many entries the log had when it was verified."""
    note: str
    """The signed size and root of the part."""
    path: Path
    name: str


@domain.job(schedule='25 4 * * 1', detached=True, attempts=3)
async def close_old_entries(run: Run) -> None:
    """Close the entries of the years that the department keeps no longer: file first, then their texts go."""
    with files.arriving() as content:
        closing = await prepare_closing(run.actor, Path(content.name))
        if closing is None:
            return
        size, digest = await asyncio.to_thread(_measure, closing.path)
        token = secrets.token_hex(16)
        object_name = f'{token[:2]}/{token}'
        await files.put(object_name, closing.path)
    await close_part(run.actor, closing, object_name, size, digest)


def _measure(path: Path) -> tuple[int, str]:
    with path.open('rb') as file:
        return path.stat().st_size, hashlib.file_digest(file, 'sha256').hexdigest()


@query(SYSTEM)
async def prepare_closing(work: Work, path: Path) -> Closing | None:
    """Verify the log, write its part that is too old to `path` and verify that too; None when nothing is too old.

    Raises Conflict when the log does not verify: what is damaged stays where it is.
    """
    connection, log_id = await snapshot(work.session), work.organization_id
    organization = await work.get(Organization, work.organization_id)
    years = organization.settings.audit_years
    head = await read_head(connection, log_id)
    if not years or head is None:
        return None
    closes = await read_closes(connection, head.number)
    first = closes[-1].size if closes else 0
    end = await _end(connection, head, datetime(work.now.year - years, 1, 1, tzinfo=UTC))
    if end <= first:
        return None
    shared, last_at = await _shared(connection, head, end)
    verdicts = await verify_logs(connection, only=log_id, mark=(end, frozenset(shared)))
    verdict = next(one for one in verdicts if one.log_id == log_id)
    edge = verdict.edge
    if not all(one.is_intact for one in verdicts) or edge.size != end:
        raise Conflict(
            'The audit log does not verify, so its older part is not closed. Verify it and see what is wrong.'
        )
    epoch = edge.restores[-1].epoch if edge.restores else 0
    part = Head(head.number, end, edge.root, b'', epoch, last_at)
    note = sign(Checkpoint(log_id, end, edge.root, epoch, instant(work.now)), keys.signing_key())
    with await asyncio.to_thread(new_archive, str(path)) as archive:
        await Writer(connection, archive, log_id, part, first).write(instant(work.now), personal=False, note=note)
    await asyncio.to_thread(_prove, path)
    return Closing(
        part, first, edge, frozenset(shared), head.size, note, path, f'audit-log-until-{last_at:%Y-%m-%d}.zip'
    )


def _prove(path: Path) -> None:
    """Verify the file as an outsider will, before what is in it goes from the database."""
    try:
        verifier.verify_export(str(path), keys.trusted_keys(), [])
    except (verifier.Bad, OSError, ValueError, LookupError, zipfile.BadZipFile) as error:
        raise Conflict(f'The file of the older part does not verify, so nothing was closed. {error}') from error


async def _end(connection: AsyncConnection, head: Head, cut: datetime) -> int:
    """Return the number of entries that are older than the cut, down to the last whole tile: its hashes stay."""
    younger = sa.select(sa.func.min(col(AuditEntry.seq))).where(
        col(AuditEntry.log) == head.number, col(AuditEntry.at) >= cut
    )
    found = await connection.scalar(younger)
    size = head.size if found is None else int(found)
    return size - size % TILE_WIDTH


async def _shared(connection: AsyncConnection, head: Head, end: int) -> tuple[dict[str, int], datetime]:
    """Return the commitments that entries from `end` on may name as older ones do, each with the first such entry.

    Name and device of who acts are committed to once a day, so only entries of the days before the end can.
    """
    mine = col(AuditEntry.log) == head.number
    last = await connection.scalar(sa.select(sa.func.max(col(AuditEntry.at))).where(mine, col(AuditEntry.seq) < end))
    assert last is not None
    over = datetime.combine(last.date() + timedelta(days=1), time(), UTC)
    rows: Any = await connection.execute(
        sa.select(col(AuditEntry.seq), col(AuditEntry.body))
        .where(mine, col(AuditEntry.seq) >= end, col(AuditEntry.at) < over)
        .order_by(col(AuditEntry.seq))
    )
    found: dict[str, int] = {}
    for row in rows:
        actor = json.loads(row.body)['actor']
        for name in ('name', 'device'):
            if actor[name]:
                found.setdefault(actor[name], row.seq)
    return found, last


@service(SYSTEM)
async def close_part(work: Work, closing: Closing, object_name: str, size: int, sha256: str) -> UUID:
    """Close a part whose file lies in the store: the log says so and is signed, then the texts go. Returns the file.

    Raises Conflict when the log is no longer as it was when the part was written.
    """
    log_id, end = work.organization_id, closing.head.size
    head = await lock_head(work.session, log_id)
    connection = await work.session.connection()
    closes = await read_closes(connection, head.number)
    shared, _ = await _shared(connection, head, end)
    erased = sa.select(sa.func.count()).where(
        col(AuditEntry.log) == head.number, col(AuditEntry.action).in_((ERASED, EXPIRED)),
        col(AuditEntry.seq) >= closing.seen,
    )  # fmt: skip
    is_as_seen = (closes[-1].size if closes else 0) == closing.first and closing.shared == shared.keys()
    if not is_as_seen or await connection.scalar(erased):
        raise Conflict('The audit log was changed while its older part was written to a file. The next try follows.')
    row = work.add(
        StoredFile(
            name=closing.name,
            media_type='application/zip',
            size=size,
            sha256=sha256,
            object_name=object_name,
            owner_type=PART_FILE,
            owner_id=log_id,
        )
    )
    await work.flush()
    edge, parts = closing.edge, closes[-1].parts if closes else ()
    parts = (*parts, Part(closing.first, end, row.id, sha256))
    close = Closed(head.size, end, edge.root, edge.balance, edge.restores, parts)
    draft = EntryDraft(CLOSED, 'AuditLog', log_id, head.epoch, closing_changes(close))
    point = {'log': head.number, 'size': end, 'epoch': closing.head.epoch, 'at': work.now, 'note': closing.note}
    await insert_unless_there(work.session, AuditCheckpoint, point)
    await append(work.session, work.actor, log_id, [draft], work.now)
    await write_checkpoints(work)  # a closing that nobody signed counts for nothing
    await _drop(connection, head.number, closing.first, end, shared)
    return row.id


async def _drop(connection: AsyncConnection, log: int, first: int, end: int, shared: dict[str, int]) -> None:
    await overwrite_deleted(connection)
    for commitment, seq in shared.items():  # the first entry that names it is another one now
        named = (col(AuditPersonal.log) == log, col(AuditPersonal.commitment) == bytes.fromhex(commitment))
        await connection.execute(sa.update(AuditPersonal).where(*named, col(AuditPersonal.seq) < end).values(seq=seq))
    for start in range(first, end, AT_ONCE):
        for table in (AuditPersonal, AuditEntry):
            await connection.execute(
                sa.delete(table).where(
                    col(table.log) == log, col(table.seq) >= start, col(table.seq) < min(start + AT_ONCE, end)
                )
            )


@files.readable_by(PART_FILE)
async def may_open(work: Work, owner_id: UUID) -> None:  # noqa: ARG001  of the own organization, or it is not found
    """Let those download a closed part who may export the log. Raises Denied."""
    if not work.actor.may(EXPORT):
        raise Denied('Only those who may export the audit log may open its closed parts.')
