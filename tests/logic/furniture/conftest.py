"""A person whose file is talked about, and somebody who keeps files."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from data import database as databases
from data.members import Member
from logic import members
from logic.core.actor import Actor
from logic.members import MemberInput
from tests.conftest import person_with_account


@pytest.fixture
async def person(chief: Actor) -> Member:
    """Somebody whose file is talked about; he has no account."""
    return await members.add_member(chief, MemberInput(first_name='Marcus', last_name='Bell'))


@pytest.fixture
async def clerk(chief: Actor) -> Actor:
    """Ann, who sees and keeps the file of everybody."""
    return await person_with_account(chief, 'Ann', 'Berg', 'ann@example.org', 'HR manager')


@pytest.fixture
def statements(database: databases.Database) -> Iterator[list[str]]:
    """The statements that were sent so far."""
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
