"""The tables of the core: number sequences, idempotency keys, and the jobs that wait."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from data.core import choice, identifier, instant, long_text, new_id, text
from data.later import Labelled


class Sequence(SQLModel, table=True):
    """The last number given out of one kind in one organization."""

    organization_id: UUID = Field(primary_key=True, sa_type=identifier(), foreign_key='organization.id')
    kind: str = text(40, primary_key=True)
    value: int = 0


class IdempotencyKey(SQLModel, table=True):
    """What a call under a key answered, so that its repetition changes nothing and answers the same. Kept 24 hours."""

    __tablename__ = 'idempotency_key'

    key_hash: str = text(64, primary_key=True)
    """SHA-256 of caller, service and key."""
    fingerprint: str = text(64)
    """SHA-256 of the arguments: the same key with other arguments is refused."""
    result: str = long_text()
    created_at: datetime = instant(index=True)


class JobStatus(Labelled):
    """Where a job stands."""

    WAITING = 'waiting'
    RUNNING = 'running'
    DONE = 'done'
    FAILED = 'failed'
    CANCELLED = 'cancelled'


class JobRow(SQLModel, table=True):
    """One call of a job function: written with its cause, run later, at least once."""

    __tablename__ = 'job'
    __table_args__ = (
        UniqueConstraint('unique_key'),
        Index(None, 'status', 'run_at', 'priority'),
        Index(None, 'name', 'created_at'),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=identifier())
    organization_id: UUID | None = Field(default=None, sa_type=identifier(), foreign_key='organization.id', index=True)
    name: str = text(100)
    arguments: str = long_text()
    """JSON list of the positional arguments."""
    unique_key: str | None = text(190, default=None)
    status: JobStatus = choice(JobStatus, default=JobStatus.WAITING)
    priority: int = 0
    run_at: datetime = instant()
    attempts: int = 0
    leased_by: str | None = text(64, default=None)
    leased_until: datetime | None = instant(default=None)
    """When a runner that has not renewed its lease is taken for dead."""
    progress: int | None = None
    """Percent, for long work that shows it."""
    note: str = text(200, default='')
    """What it is doing just now, or what came of it, in words."""
    error: str | None = text(2000, default=None)
    created_at: datetime = instant()
    finished_at: datetime | None = instant(default=None)


class JobSchedule(SQLModel, table=True):
    """Up to when a schedule has fired: whoever moves it on writes the jobs, on any number of nodes."""

    __tablename__ = 'job_schedule'

    name: str = text(100, primary_key=True)
    fired_at: datetime = instant()
