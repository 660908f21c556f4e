"""Values that identify a person: committed to in the log, sealed beside it, and erasable without breaking a proof."""

import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from data.audit import AuditLog, AuditPersonal, AuditSubject
from logic.audit import keys
from logic.audit.entry import SALT_SIZE, canonical, commitment, plain
from logic.audit.memory import Memory
from logic.core.actor import Actor, ActorKind
from logic.core.language import later
from logic.core.recording import EntryDraft

DRAWN = SALT_SIZE + keys.NONCE_SIZE
MOST_DRAWN = 1000
DEVICE_LIFE = timedelta(days=90)
"""How long addresses and browsers are kept (spec of the audit log, erasure)."""


class Sealer:
    """Seals the personal values of one append, and gives back the commitments that enter the log."""

    def __init__(self, connection: AsyncConnection, log: int, log_id: UUID, known: Memory, news: Memory) -> None:
        self._connection = connection
        self._log = log
        self._log_id = log_id
        self._known, self._news = known, news
        self._keys: dict[UUID, bytes] = {}
        self._random = memoryview(b'')
        self.rows: list[dict[str, Any]] = []
        """What is to be stored beside the entries."""
        self.seq = 0
        """The entry whose values are sealed now."""

    @classmethod
    async def open(
        cls,
        connection: AsyncConnection,
        log: int,
        log_id: UUID,
        memories: tuple[Memory, Memory],
        drafts: Sequence[EntryDraft],
    ) -> 'Sealer':
        """Make ready to seal all values of these drafts, with the keys of those whom they are about.

        `memories` are what this process knows, and what it will know once this is committed.
        """
        sealer = cls(connection, log, log_id, *memories)
        subjects = {draft.subject_id or log_id for draft in drafts if draft.personal}
        if subjects:
            await sealer._load(subjects)
            sealer._draw(min(2 * sum(len(draft.personal) for draft in drafts), MOST_DRAWN))
        return sealer

    async def context(self, actor: Actor, now: datetime) -> tuple[str | None, str | None]:
        """Return the commitments of the actor's name and of his device; one pair serves all his acts of a day."""
        name = device = None
        subject_id = actor.account_id or self._log_id
        if actor.kind in (ActorKind.ACCOUNT, ActorKind.API_KEY) and actor.name:
            name = await self._shared(subject_id, actor.name, now, None)
        if actor.address or actor.user_agent:
            seen = {'address': plain(actor.address), 'agent': plain(actor.user_agent)}
            device = await self._shared(subject_id, seen, now, now + DEVICE_LIFE)
        return name, device

    async def _shared(self, subject_id: UUID, value: Any, now: datetime, expires_at: datetime | None) -> str:
        kind = (self._log_id, subject_id, canonical(plain(value)), now.date())
        known = self._known.contexts.get(kind) or self._news.contexts.get(kind)
        if known is None:
            await self._load({subject_id})
            known = self.seal(subject_id, value, expires_at)
            self._news.contexts[kind] = known
        return known

    def _draw(self, values: int) -> None:
        """Draw salts and nonces of so many values: each visit to the system costs more than what it brings."""
        self._random = memoryview(os.urandom(values * DRAWN))

    def seal(self, subject_id: UUID, value: Any, expires_at: datetime | None = None) -> str:
        """Seal one value of a person whose key is loaded; return its commitment in hexadecimal."""
        if not self._random:
            self._draw(1)
        drawn, self._random = bytes(self._random[:DRAWN]), self._random[DRAWN:]
        salt, data = drawn[:SALT_SIZE], canonical(plain(value))
        committed = commitment(salt, data)
        place = self._log_id.bytes + committed
        self.rows.append(
            {
                'commitment': committed,
                'log': self._log,
                'seq': self.seq,
                'subject_id': subject_id,
                'expires_at': expires_at,
                'sealed': keys.seal(self._keys[subject_id], salt + data, place, drawn[SALT_SIZE:]),
            }
        )
        return committed.hex()

    def pairs(self, draft: EntryDraft) -> dict[str, list[str | None]]:
        """Return field to [old, new] commitments of a draft; an absent value stays absent."""
        subject_id = draft.subject_id or self._log_id
        return {
            name: [None if value is None else self.seal(subject_id, value) for value in pair]
            for name, pair in draft.personal.items()
        }

    async def _load(self, subjects: set[UUID]) -> None:
        if self._connection.dialect.name == 'sqlite':  # else another node may have erased a person meanwhile
            known = {subject_id: self._known.keys.get((self._log_id, subject_id)) for subject_id in subjects}
            self._keys |= {subject_id: key for subject_id, key in known.items() if key is not None}
        missing = subjects - self._keys.keys()
        if not missing:
            return
        for subject_id, key in (await read_keys(self._connection, self._log, self._log_id, missing)).items():
            self._remember(subject_id, key)
        fresh = []
        for at, subject_id in enumerate(sorted(missing - self._keys.keys()), 1):
            sealed = keys.wrap(self._remember(subject_id, os.urandom(32)), subject_place(self._log_id, subject_id))
            fresh.append({'log': self._log, 'subject_id': subject_id, 'sealed_key': sealed})
            if at % 200 == 0:
                await asyncio.sleep(0)
        if fresh:
            await self._connection.execute(sa.insert(AuditSubject), fresh)

    def _remember(self, subject_id: UUID, key: bytes) -> bytes:
        self._keys[subject_id] = key
        self._news.keys[self._log_id, subject_id] = key
        return key


def subject_place(log_id: UUID, subject_id: UUID) -> bytes:
    """Return where the key of a person belongs; it opens nowhere else."""
    return b'audit-subject' + log_id.bytes + subject_id.bytes


async def read_keys(
    connection: AsyncConnection, log: int, log_id: UUID, subjects: Iterable[UUID] | None
) -> dict[UUID, bytes]:
    """Return the keys of these people, or of all; who has none was erased or never named."""
    statement = sa.select(col(AuditSubject.subject_id), col(AuditSubject.sealed_key)).where(
        col(AuditSubject.log) == log
    )
    rows: list[Any] = []
    if subjects is None:
        rows += await connection.execute(statement)
    else:
        wanted = list(subjects)
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            rows += await connection.execute(statement.where(col(AuditSubject.subject_id).in_(some)))
    return {row.subject_id: keys.unwrap(row.sealed_key, subject_place(log_id, row.subject_id)) for row in rows}


def open_sealed(key: bytes, log_id: UUID, committed: bytes, sealed: bytes) -> tuple[bytes, Any]:
    """Return salt and value of a sealed personal value. Raises Unreadable when it is not what the log committed to."""
    data = keys.unseal(key, sealed, log_id.bytes + committed)
    salt, value = data[:SALT_SIZE], data[SALT_SIZE:]
    if commitment(salt, value) != committed:
        text = later('A personal value beside the audit log is not the one that the log committed to.')
        raise keys.Unreadable(text)
    return salt, json.loads(value)


async def reveal(
    session: AsyncSession, log: int, log_id: UUID, commitments: Iterable[str]
) -> dict[str, tuple[bytes, Any]]:
    """Return salt and value of those commitments (hexadecimal) whose values still exist."""
    connection = await session.connection()
    wanted = [bytes.fromhex(item) for item in set(commitments)]
    rows: list[Any] = []
    for start in range(0, len(wanted), 500):
        rows += await connection.execute(
            sa.select(
                col(AuditPersonal.commitment), col(AuditPersonal.subject_id), col(AuditPersonal.sealed),
                col(AuditSubject.sealed_key),
            )
            .join(
                AuditSubject,
                (col(AuditSubject.log) == col(AuditPersonal.log))
                & (col(AuditSubject.subject_id) == col(AuditPersonal.subject_id)),
            )
            .where(col(AuditPersonal.log) == log, col(AuditPersonal.commitment).in_(wanted[start : start + 500]))
        )  # fmt: skip
    people: dict[UUID, bytes] = {}
    shown = {}
    for row in rows:
        if row.subject_id not in people:
            people[row.subject_id] = keys.unwrap(row.sealed_key, subject_place(log_id, row.subject_id))
        shown[row.commitment.hex()] = open_sealed(people[row.subject_id], log_id, row.commitment, row.sealed)
    return shown


async def count_old_subject_keys(session: AsyncSession) -> int:
    """Return how many people's keys are sealed under another master key than the present one."""
    old = sa.select(sa.func.count()).select_from(AuditSubject).where(_is_old())
    return int((await (await session.connection()).execute(old)).scalar_one())


def _is_old() -> sa.ColumnElement[bool]:
    return sa.func.substr(col(AuditSubject.sealed_key), 1, keys.KEK_ID_SIZE) != keys.present_kek_id()


async def rewrap_subject_keys(session: AsyncSession, limit: int = 500) -> int:
    """Seal up to `limit` people's keys anew under the present master key; returns how many, 0 when all are.

    Each call is one step that may be repeated after a crash.
    """
    connection = await session.connection()
    statement = (
        sa.select(
            col(AuditLog.log_id), col(AuditSubject.log), col(AuditSubject.subject_id), col(AuditSubject.sealed_key)
        )
        .join(AuditLog, col(AuditLog.number) == col(AuditSubject.log))
        .where(_is_old())
        .limit(limit)
    )
    old = list(await connection.execute(statement))
    for row in old:
        place = subject_place(row.log_id, row.subject_id)
        await connection.execute(
            sa.update(AuditSubject)
            .where(col(AuditSubject.log) == row.log, col(AuditSubject.subject_id) == row.subject_id)
            .values(sealed_key=keys.wrap(keys.unwrap(row.sealed_key, place), place))
        )
    return len(old)
