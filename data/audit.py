"""The audit logs as stored: heads, entries, tiles, checkpoints, anchors, and erasable personal values beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects import mysql
from sqlmodel import Field, SQLModel

from data.core import binary, identifier, instant, long_text, text

HASH = sa.BINARY(32).with_variant(sa.LargeBinary(), 'sqlite')
# SQLite gives numbers of itself only to a column declared INTEGER.
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def medium_binary(**options: Any) -> Any:
    """Bytes of at most a few megabytes, stored as they are."""
    return Field(sa_type=sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), 'mysql', 'mariadb'), **options)


class AuditLog(SQLModel, table=True):
    """The head of one log: its size, root and right edge. Every append locks this row, so a log cannot fork."""

    __tablename__ = 'audit_log'
    __table_args__ = (UniqueConstraint('log_id'),)

    number: int | None = Field(default=None, primary_key=True)
    """Short name of the log within this database, so that a million entries stay small."""
    log_id: UUID = Field(sa_type=identifier())
    """The organization's id, or zero for the log of the instance. No foreign key: a log outlives what it tells of."""
    size: int = Field(default=0, sa_type=BIG)
    root: bytes = Field(sa_type=HASH)
    frontier: bytes = binary()
    epoch: int = 0
    last_at: datetime | None = instant(default=None)


class AuditEntry(SQLModel, table=True):
    """One entry. `body` is the evidence; the other columns repeat parts of it, to find entries by."""

    __tablename__ = 'audit_entry'
    __table_args__ = (
        Index(None, 'log', 'at'),
        Index(None, 'log', 'actor_id', 'seq'),
        Index(None, 'log', 'action', 'seq'),
        Index(None, 'log', 'object_type', 'seq'),
        Index(None, 'log', 'object_id', 'seq'),
        Index(None, 'log', 'subject_id', 'seq'),
    )

    log: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    seq: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={'autoincrement': False})
    at: datetime = instant()
    actor_id: UUID | None = Field(default=None, sa_type=identifier())
    action: str = text(100)
    object_type: str | None = text(60, default=None)
    object_id: str | None = text(64, default=None)
    subject_id: UUID | None = Field(default=None, sa_type=identifier())
    outcome: str = text(16)
    leaf: bytes = Field(sa_type=HASH)
    body: bytes | None = medium_binary(default=None)
    """Never empty: verification misses a text that is gone. What is closed goes whole, row by row."""


class AuditTile(SQLModel, table=True):
    """256 neighbouring hashes of one level of the tree, stored once they are complete."""

    __tablename__ = 'audit_tile'
    __table_args__ = ({'sqlite_with_rowid': False},)

    log: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    level: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    position: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={'autoincrement': False})
    root: bytes = Field(sa_type=HASH)
    hashes: bytes = binary()


class AuditCheckpoint(SQLModel, table=True):
    """A signed size and root of a log, as a C2SP signed note."""

    __tablename__ = 'audit_checkpoint'

    log: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    size: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={'autoincrement': False})
    epoch: int = 0
    at: datetime = instant(index=True)
    note: str = long_text()


class AuditAnchor(SQLModel, table=True):
    """Where a checkpoint was put out of the host's reach; it counts from when it has left."""

    __tablename__ = 'audit_anchor'
    __table_args__ = (Index(None, 'log', 'at'),)

    number: int | None = Field(default=None, primary_key=True)
    log: int
    kind: str = text(16)
    """mail, print or file."""
    size: int = Field(sa_type=BIG)
    at: datetime = instant()
    receiver: str | None = text(500, default=None)
    words: str = text(100)
    note: str = long_text()
    mail_id: UUID | None = Field(default=None, sa_type=identifier())
    """The mail that takes it away; that is forgotten before the anchor is."""
    left_at: datetime | None = instant(default=None)
    """When a mail server took it, or somebody said that he keeps it; None while it has not left."""


class AuditSubject(SQLModel, table=True):
    """The key under which the personal values of one person are sealed, itself sealed under the master key."""

    __tablename__ = 'audit_subject'

    log: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})
    subject_id: UUID = Field(primary_key=True, sa_type=identifier())
    sealed_key: bytes = binary()


class AuditPersonal(SQLModel, table=True):
    """A personal value with its salt, sealed. Deleting it leaves the log provable: that holds only the commitment."""

    __tablename__ = 'audit_personal'
    __table_args__ = (Index(None, 'log', 'seq'), Index(None, 'log', 'subject_id'), Index(None, 'expires_at'))

    commitment: bytes = Field(primary_key=True, sa_type=HASH)
    log: int
    seq: int = Field(sa_type=BIG)
    """The first entry that names it."""
    subject_id: UUID = Field(sa_type=identifier())
    expires_at: datetime | None = instant(default=None)
    sealed: bytes = binary()


class AuditVerdict(SQLModel, table=True):
    """What the last verification found that concerns one department; beside the logs, as these may take no entry."""

    __tablename__ = 'audit_verdict'

    log_id: UUID = Field(primary_key=True, sa_type=identifier())
    """The organization's id."""
    at: datetime = instant()
    since: datetime | None = instant(default=None)
    """When damage was first found that is still there; None while all is good."""
    is_instance: bool = False
    """Whether the damage is in the log of the instance."""
    entry: int | None = Field(default=None, sa_type=BIG)
    """The first entry concerned."""
    fault: str = text(16, default='')
    by_anchor: bool = False
    """Whether an anchor showed it that somebody brought."""
