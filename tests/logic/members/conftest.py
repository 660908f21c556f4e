"""People for the tests of members, made by the services themselves."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from data import database as databases
from data.members import Member
from logic import members
from logic.core.actor import Actor
from logic.core.domain import handlers
from logic.core.work import Work
from logic.members import MemberInput

Add = Callable[..., Awaitable[Member]]


@pytest.fixture
def add(chief: Actor) -> Add:
    """Add a person: `await add('Ann', 'Berg', email=...)`."""

    async def make(first: str, last: str, **fields: Any) -> Member:
        return await members.add_member(chief, MemberInput(first_name=first, last_name=last, **fields))

    return make


@pytest.fixture
async def manager(chief: Actor) -> Actor:
    """Mia, who looks after those who report to her."""
    from tests.conftest import person_with_account

    return await person_with_account(chief, 'Mia', 'Meyer', 'mia@example.org', 'Member', 'Manager')


@contextmanager
def statements(database: databases.Database) -> Any:
    """Count the statements that a block sends."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(('BEGIN', 'PRAGMA')):
            seen.append(statement)

    engines = {database.reader.sync_engine, database.writer.sync_engine}
    for engine in engines:
        sa.event.listen(engine, 'before_cursor_execute', note)
    yield seen
    for engine in engines:
        sa.event.remove(engine, 'before_cursor_execute', note)


@contextmanager
def heard(*events: type) -> Iterator[list[Any]]:
    """Collect what is told of these events inside a block, in its order."""
    told: list[Any] = []

    async def note(_work: Work, event: Any) -> None:
        told.append(event)

    for kind in events:
        handlers.setdefault(kind, []).append(note)
    yield told
    for kind in events:
        handlers[kind].remove(note)


async def stored_texts(work: Work) -> list[tuple[str, str, str]]:
    """Everything that stands in the database, as text: table, column, value."""
    connection = await work.session.connection()
    found = []
    for table in await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()):
        for row in (await connection.execute(sa.text(f'SELECT * FROM `{table}`'))).mappings():
            for name, value in row.items():
                text = value.decode(errors='ignore') if isinstance(value, bytes) else str(value)
                found.append((table, name, text))
    return found
