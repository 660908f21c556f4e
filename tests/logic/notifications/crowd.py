"""Very many accounts, and counting what they cost."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.core import new_id
from data.database import database
from data.identity import Account
from logic.core.actor import Actor
from logic.core.work import Work
from logic.notifications import tell
from tests.conftest import run_as_service


async def crowd(organization_id: UUID, count: int) -> list[UUID]:
    """Add so many accounts; as fast as a database can, for they only stand for people."""
    rows = [
        Account(id=new_id(), email=f'p{number}@example.org', name=f'Person {number}').model_dump()
        | {'last_organization_id': organization_id}
        for number in range(count)
    ]
    async with database().writer.begin() as connection:
        await connection.execute(sa.insert(Account), rows)
    return [row['id'] for row in rows]


async def _tell(work: Work, accounts: list[UUID], more: dict[str, Any]) -> None:
    await tell(work, accounts, **more)


async def tell_crowd(actor: Actor, accounts: list[UUID], **more: Any) -> None:
    """Tell many accounts the same, in one act."""
    await run_as_service(_tell)(actor, accounts, more)  # type: ignore[call-arg, arg-type]


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that run meanwhile."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engines = {database().writer.sync_engine, database().reader.sync_engine}
    for engine in engines:
        sa.event.listen(engine, 'before_cursor_execute', note)
    try:
        yield seen
    finally:
        for engine in engines:
            sa.event.remove(engine, 'before_cursor_execute', note)
