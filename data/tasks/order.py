"""Writing the order of a whole column at once: neither a change of its tasks nor an act for the log."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from data.database import tenant
from data.tasks.records import Task


async def rewrite_order(session: AsyncSession, keys: Mapping[UUID, str]) -> None:
    """Give tasks of the session's organization new keys; versions stay, because nobody sees a difference."""
    if not keys:
        return
    table = Task.__table__  # type: ignore[attr-defined]
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam('task'), table.c.organization_id == tenant(session))
        .values(order_key=sa.bindparam('key'))
    )
    connection = await session.connection()
    await connection.execute(statement, [{'task': task_id, 'key': key} for task_id, key in keys.items()])
