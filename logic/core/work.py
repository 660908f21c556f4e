"""A unit of work: one transaction of one actor, and the verbs that rules use in it."""

import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from copy import copy
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from data.core import Model, Scoped, new_id, now
from data.database import EVERYWHERE, insert_unless_there
from data.work import JobRow
from data.work import Sequence as NumberSequence
from logic.core.actor import Actor
from logic.core.domain import Job, handlers
from logic.core.errors import AppError, Conflict, Denied, NotFound
from logic.core.language import SOURCE, _, current_language, later
from logic.core.letting_go import let_go
from logic.core.listing import ListQuery, Page, no_sort
from logic.core.live import Change
from logic.core.recording import EntryDraft, Notebook, write_drafts

RowT = TypeVar('RowT', bound=SQLModel)
T = TypeVar('T')

CLASH = later('This clashes with something that is stored already.')
HELD = 64
"""So many rows, read last by their id, a work holds on to: the session forgets what nobody holds, and asks again."""


class Work:
    """What a service works with. Made by the door of the outermost service, which alone commits it."""

    def __init__(self, session: AsyncSession, actor: Actor, action: str, at: datetime | None = None) -> None:
        self.session = session
        self.actor = actor
        self.now = at or now()
        """The instant at which this work happens; rules take the time from here."""
        self._book = Notebook(action, self.now)
        self._held: deque[SQLModel] = deque(maxlen=HELD)
        session.info['notebook'] = self._book

    def acting_as(self, actor: Actor) -> 'Work':
        """Return this work as somebody else would do it, in the same transaction; the log still names who acts here."""
        theirs = copy(self)
        theirs.actor = actor
        return theirs

    @property
    def organization_id(self) -> UUID:
        """The organization that this work is for."""
        organization_id = self.session.info['organization_id']
        if not isinstance(organization_id, UUID):
            raise NotFound('Choose a department first.')
        return organization_id

    @property
    def action(self) -> str:
        """The outermost service, as the audit log names it."""
        return self._book.action

    # Reading

    async def find(self, model: type[RowT], row_id: UUID | None) -> RowT | None:
        """Return a row of this organization by its id, or None."""
        if row_id is None:
            return None
        row = await self.session.get(model, row_id)
        if row is not None:
            self._held.append(row)
        organization_id = self.session.info['organization_id']
        if isinstance(row, Scoped) and organization_id not in (EVERYWHERE, row.organization_id):
            return None
        return row

    async def get(self, model: type[RowT], row_id: UUID | None, version: int | None = None) -> RowT:
        """Return a row of this organization. Raises NotFound, and Conflict when `version` is not the stored one."""
        row = await self.find(model, row_id)
        if row is None:
            raise NotFound(_no_such(model.__name__))
        if version is not None and version != row.version:  # type: ignore[attr-defined]
            raise Conflict('Somebody else changed this meanwhile. Look at the newer version, then save again.')
        return row

    async def all(self, statement: Any, **values: Any) -> list[Any]:
        """Return every row of a select; `values` are those of its bound parameters, when it was made once for all."""
        return list((await self.session.exec(statement, params=values or None)).all())

    async def first(self, statement: Any) -> Any:
        """Return the first row of a select, or None."""
        return (await self.session.exec(statement)).first()

    async def count(self, statement: Any) -> int:
        """Return how many rows a select has."""
        rows = statement.order_by(None).subquery()
        return int((await self.session.exec(select(sa.func.count()).select_from(rows))).one())

    async def execute(self, statement: Any) -> int:
        """Run an ORM update or delete on tables that are not audited; return the number of rows it touched.

        Rows that this work has read already stay as they were read.
        """
        result = await self.session.exec(statement.execution_options(synchronize_session=False))
        entity = statement.entity_description['entity']
        organization_id = self.session.info['organization_id'] if issubclass(entity, Scoped) else None
        self._book.changes[Change(organization_id, entity.__name__, None)] = None
        return int(result.rowcount)

    async def page(
        self, statement: Any, query: ListQuery, sorts: Mapping[str, Any | Sequence[Any]], default: str
    ) -> Page[Any]:
        """Return a page of a select. `sorts` maps each name that may be asked for to its column or columns."""
        name = query.sort or default
        if name not in sorts:
            raise no_sort(name, sorts)
        chosen = sorts[name]
        columns: list[Any] = list(chosen) if isinstance(chosen, (list, tuple)) else [chosen]
        ordered = statement.order_by(*(column.desc() if query.descending else column.asc() for column in columns))
        limited = ordered.offset((query.page - 1) * query.page_size).limit(query.page_size)
        rows = await self.all(limited)
        first = (query.page - 1) * query.page_size
        if rows and len(rows) < query.page_size:
            total = first + len(rows)
        elif not rows and query.page == 1:
            total = 0
        else:
            total = await self.count(statement)
        return Page(rows, total, query.page, query.page_size)

    # Writing

    def add(self, row: RowT) -> RowT:
        """Add a new row; it is stamped with this organization when it is flushed."""
        self.session.add(row)
        return row

    async def delete(self, row: SQLModel) -> None:
        """Delete a row for good."""
        await self.session.delete(row)

    async def flush(self) -> None:
        """Send what has changed so far to the database, inside the transaction."""
        await self.session.flush()

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Do all inside this block or, when it is refused, nothing: for one of many, after which the work goes on.

        What was refused leaves no row, no job, nothing in the log and nothing to tell the screens; the refusal is
        raised. What clashes with stored rows is refused as well, as a Conflict. Rows that were written past the session
        are put back in the database, but stay in memory as they were.
        """
        savepoint = await self.session.begin_nested()  # flushes first
        outer, leaf = self._book, self._book.leaf()
        self._book = self.session.info['notebook'] = leaf
        try:
            yield
            await savepoint.commit()
            outer.take_over(leaf)
        except (AppError, IntegrityError) as refusal:
            written = [*(leaf.written or ()), *self.session.dirty]
            await savepoint.rollback()
            for row in written:
                if sa.inspect(row).expired and row in self.session:
                    await self.session.refresh(row)
            if isinstance(refusal, IntegrityError):
                raise Conflict(CLASH) from refusal
            raise
        except OperationalError:
            with suppress(OperationalError):  # the server may have rolled back all, and the savepoint with it
                await savepoint.rollback()
            raise
        finally:
            self._book = self.session.info['notebook'] = outer

    async def number(self, kind: str, count: int = 1) -> int:
        """Take the next number of a sequence of this organization; with `count`, the first of so many in a row."""
        where = (NumberSequence.organization_id == self.organization_id, NumberSequence.kind == kind)
        row = await self.first(select(NumberSequence).where(*where).with_for_update())
        if row is None:
            row = self.add(NumberSequence(organization_id=self.organization_id, kind=kind, value=0))
        row.value += count
        await self.flush()
        return int(row.value) - count + 1

    async def emit(self, event: object) -> None:
        """Tell the domains that depend on this one; they act in this same work, before the commit."""
        for handler in handlers.get(type(event), []):
            await handler(self, event)

    def enqueue(self, job: Job, *arguments: Any, run_at: datetime | None = None, key: str | None = None) -> UUID:
        """Have a job run after the commit; returns the id under which its progress is found.

        Arguments are JSON values, ids as text. `key` names a job that exists only once: a second one is not made.
        """
        organization_id = self.session.info['organization_id']
        row = JobRow(
            id=new_id(),
            organization_id=organization_id if isinstance(organization_id, UUID) else None,
            name=job.name,
            arguments=json.dumps([str(a) if isinstance(a, UUID) else a for a in arguments]),
            unique_key=key,
            run_at=run_at or self.now,
            created_at=self.now,
        )
        if key is None:
            self.add(row)
        else:
            self._book.keyed_jobs.append(row)
        return row.id

    def changed(self, model: str, row_id: UUID | None) -> None:
        """Have the screens told of a row that was written past the session."""
        organization_id = self.session.info['organization_id']
        known = organization_id if isinstance(organization_id, UUID) else None
        self._book.changes[Change(known, model, row_id)] = None

    def record(
        self, object_type: str, object_id: UUID | None, *, action: str = '', reason: str = '', outcome: str = 'done',
        subject_id: UUID | None = None, **facts: Any,
    ) -> None:  # fmt: skip
        """Write an act into the audit log that changes no audited row: a sign-in, an export, a view of private data."""
        changes = {name: (None, value) for name, value in facts.items()}
        self._book.drafts.append(
            EntryDraft(
                action or self.action, object_type, object_id, changes=changes, subject_id=subject_id,
                outcome=outcome, reason=reason,
            )
        )  # fmt: skip

    def call(self, row: Model, action: str) -> None:
        """Have the audit log name what this work changes of a row after another act, which it is in any way."""
        self._book.acts[type(row).__name__, row.id] = action

    def explain(self, reason: str) -> None:
        """Give the reason for all that this work changes; the audit log shows it."""
        for draft in self._book.drafts:
            draft.reason = draft.reason or reason
        self._book.reason = reason

    def afterwards(self, callback: Callable[[], Any]) -> None:
        """Call something after the commit, in this process. It must not fail, nor matter for what is stored."""
        self._book.afterwards.append(callback)

    # Rights

    def require(self, permission: str) -> None:
        """Raise Denied unless the actor holds a permission."""
        if not self.actor.may(permission):
            raise Denied('You may not do this. An administrator can give you the right.', permission)

    @asynccontextmanager
    async def everywhere(self) -> AsyncIterator[None]:
        """Look across organizations inside this block: sign-in and instance administration only."""
        async with self._inside(EVERYWHERE):
            yield

    @asynccontextmanager
    async def inside(self, organization_id: UUID) -> AsyncIterator[None]:
        """Work for one organization inside this block, for somebody who is not in it: sign-in and jobs only."""
        async with self._inside(organization_id):
            yield

    @asynccontextmanager
    async def _inside(self, scope: UUID | str) -> AsyncIterator[None]:
        await self.flush()
        before = self.session.info['organization_id']
        self.session.info['organization_id'] = scope
        try:
            yield
            await self.flush()
        finally:
            self.session.info['organization_id'] = before

    def enter(self, organization_id: UUID) -> None:
        """Work for this organization from here on: setup, sign-in and invitations, which begin outside of any."""
        self.session.info['organization_id'] = organization_id

    # The end, called by the door

    async def finish(self) -> None:
        """Flush and write the audit entries; the door commits next."""
        await self.session.flush()
        if self._book.drafts and isinstance(self.session.info['organization_id'], UUID):
            for follow in _followers:
                await follow(self, tuple(self._book.drafts))
            await self.session.flush()
        for job in self._book.keyed_jobs:
            await insert_unless_there(self.session, JobRow, job.model_dump())
            self._book.changes[Change(job.organization_id, 'JobRow', job.id)] = None
        organization_id = self.session.info['organization_id']
        log_id = organization_id if isinstance(organization_id, UUID) else None
        await write_drafts(self.session, self.actor, log_id, self._book)
        await let_go(self._book.drafts, self._book.latest, self._book.seen)

    def committed(self) -> list[Change]:
        """Run what waited for the commit and return what to tell the screens."""
        for callback in self._book.afterwards:
            callback()
        return self.changes

    @property
    def changes(self) -> list[Change]:
        """What this work has changed so far, as the screens are told of it."""
        return list(self._book.changes)


Follower = Callable[['Work', Sequence[EntryDraft]], Awaitable[None]]
_followers: list[Follower] = []


def before_commit(follower: Follower) -> Follower:
    """Call a function with what each work has changed, in that work, right before it is written into the log."""
    _followers.append(follower)
    return follower


def _no_such(name: str) -> str:
    """Say that there is no such row; where a language has no word for one it is a record."""
    text = f'There is no such {_words(name)}.'
    said = _(text)
    return said if said != text or current_language() == SOURCE else _('There is no such record.')


def _words(name: str) -> str:
    """`MemberDocument` as a person says it: member document."""
    return ''.join(f' {letter.lower()}' if letter.isupper() else letter for letter in name).strip()
