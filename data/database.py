"""The engines and sessions: SQLite with one writer, or MySQL/MariaDB; tenancy holds in both."""

import fcntl
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from data import sqlite as sqlite_cursors
from data.core import Audited, Scoped, identifier
from data.transport import open_engine

EVERYWHERE = 'everywhere'
_TENANT = 'organization_id'


class Tenancy(RuntimeError):
    """A session touched rows of an organization without saying which, or of another one. Always a bug."""


class Busy(RuntimeError):
    """Another process already serves this data folder."""


def fault_number(error: sa.exc.DBAPIError) -> int | None:
    """Return the number by which MySQL or MariaDB names what is wrong; SQLite has words only."""
    first = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return first if isinstance(first, int) else None


class Database:
    """One open database. SQLite gets one writing connection and a few readers, a server gets one pool."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == 'sqlite'
        self._lock: int | None = None
        self.refuses_writes = ''
        """Why nothing may be written just now, as a sentence; empty when all is well."""
        if self.is_sqlite:
            self.writer = self._sqlite_engine(writes=True, pool_size=1)
            self.reader = self._sqlite_engine(writes=False, pool_size=4)
        else:
            self.writer = self.reader = open_engine(
                self.url, pool_pre_ping=True, pool_recycle=1800, isolation_level='READ COMMITTED'
            )

    def _sqlite_engine(self, *, writes: bool, pool_size: int) -> AsyncEngine:
        sqlite_cursors.install()
        engine = open_engine(self.url, pool_size=pool_size, max_overflow=0, pool_timeout=30)

        @sa.event.listens_for(engine.sync_engine, 'connect')
        def prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None  # the driver must not begin transactions of its own
            cursor = connection.cursor()
            pragmas = ['busy_timeout=5000', 'foreign_keys=ON', 'temp_store=MEMORY', 'cache_size=-8000']
            pragmas += ['journal_mode=WAL', 'synchronous=FULL'] if writes else ['query_only=ON', 'wal_autocheckpoint=0']
            for pragma in pragmas:
                cursor.execute(f'PRAGMA {pragma}')
            cursor.close()

        @sa.event.listens_for(engine.sync_engine, 'begin')
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql('BEGIN IMMEDIATE' if writes else 'BEGIN')

        return engine

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def claim(self) -> None:
        """Be the one process that serves this file, so that one writer does all checkpoints.

        Raises Busy when another process holds it. The library's WAL-reset defect (before 3.51.3) needs two connections
        that write; with one serving process and one writing connection it cannot occur.
        """
        if self.path is None:
            return
        handle = os.open(self.path.with_name(self.path.name + '.lock'), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Busy(f'Another Logbook is already running on {self.path}.') from None
        self._lock = handle

    @property
    def is_claimed(self) -> bool:
        """Whether this process is the one that serves the file."""
        return self._lock is not None

    @asynccontextmanager
    async def write(self, organization_id: UUID | str | None) -> AsyncIterator[AsyncSession]:
        """Open a session that may write. The caller commits; leaving without a commit rolls back."""
        async with AsyncSession(self.writer, expire_on_commit=False, info={_TENANT: organization_id}) as session:
            yield session

    @asynccontextmanager
    async def read(self, organization_id: UUID | str | None) -> AsyncIterator[AsyncSession]:
        """Open a session that only reads, from one consistent snapshot."""
        info = {_TENANT: organization_id, 'reads': True}
        async with AsyncSession(self.reader, expire_on_commit=False, autoflush=False, info=info) as session:
            yield session

    async def close(self) -> None:
        """Close every connection and let the file go."""
        await self.reader.dispose()
        await self.writer.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


_current: Database | None = None


def connect(url: str) -> Database:
    """Open the database of this process."""
    global _current  # noqa: PLW0603  one process has one database
    _current = Database(url)
    return _current


def database() -> Database:
    """Return the open database of this process."""
    if _current is None:
        raise RuntimeError('The database is not open.')
    return _current


async def disconnect() -> None:
    """Close the database of this process."""
    global _current  # noqa: PLW0603
    if _current is not None:
        await _current.close()
        _current = None


def tenant(session: AsyncSession | Session) -> UUID | None:
    """Return the organization that a session works for; None when it was opened for everywhere."""
    value = session.info.get(_TENANT)
    if value is None:
        raise Tenancy('This session has no organization.')
    return None if value == EVERYWHERE else value


async def insert_unless_there(session: AsyncSession, table: type[SQLModel], values: dict[str, Any]) -> None:
    """Insert a row unless one with its key is there, also when another node inserts it just now."""
    await insert_many(session, table, [values])


async def insert_many(session: AsyncSession, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in one statement, past the session, leaving out those whose key is there already."""
    if not rows:
        return
    connection = await session.connection()
    values = rows[0] if len(rows) == 1 else list(rows)
    if connection.dialect.name == 'sqlite':
        await connection.execute(sqlite.insert(table).on_conflict_do_nothing(), values)
    else:
        key = sa.inspect(table).primary_key[0]
        await connection.execute(mysql.insert(table).on_duplicate_key_update({key.name: key}), values)


# The criterion below needs an attribute of this name on the mixin itself. It is set only now, after all tables were
# made: pydantic would otherwise take it for the field's default.
def attach_tenancy() -> None:
    """Filter every ORM statement on scoped tables by the session's organization, and forbid unseen bulk changes."""
    if 'organization_id' in vars(Scoped):
        return
    type.__setattr__(Scoped, 'organization_id', sa.literal_column('organization_id', identifier()))

    @sa.event.listens_for(Session, 'do_orm_execute')
    def restrict(state: ORMExecuteState) -> None:
        if not state.session.info or _TENANT not in state.session.info:
            return  # not one of ours: a tool's own session
        mapper = state.bind_mapper
        if (state.is_update or state.is_delete) and mapper is not None and issubclass(mapper.class_, Audited):
            raise Tenancy(f'{mapper.class_.__name__} is audited: change its rows one by one.')
        organization_id = state.session.info[_TENANT]
        if organization_id == EVERYWHERE:
            return
        if organization_id is None and any(issubclass(entity.class_, Scoped) for entity in state.all_mappers):
            raise Tenancy('A session without an organization asked for rows of one.')
        kept = _restricted.get(state.statement)
        if kept is None or kept[0] != organization_id:
            kept = _restricted[state.statement] = (organization_id, state.statement.options(_of(organization_id)))
        state.statement = kept[1]


_restricted: WeakKeyDictionary[Any, tuple[UUID | None, Any]] = WeakKeyDictionary()
"""What statements became for the organization that asked them last: those that are made once are prepared once, too."""


@lru_cache(maxsize=256)
def _of(organization_id: UUID | None) -> Any:
    """Return the criterion of one organization; to make it takes a tenth of a statement's time, so it is made once."""
    return with_loader_criteria(
        Scoped,
        lambda entity: entity.organization_id == organization_id,
        include_aliases=True,
        propagate_to_loaders=False,
    )
