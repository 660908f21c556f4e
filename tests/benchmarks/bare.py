"""A bare FastAPI endpoint with the rows of the members list: what the HTTP API is compared with."""

from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import col

from data.database import database
from data.members import Member
from logic.core.listing import ListQuery
from logic.members.directory import SORTS, narrowed
from ui.api.models import Listing, MemberItem

PATH = '/bare'
application = FastAPI()


@cache
def _statement() -> Any:
    nobody: Any = SimpleNamespace(today=datetime.now(UTC).date())
    return narrowed(nobody, ListQuery(), everybody=True).order_by(*SORTS['name']).limit(25)


@application.get(PATH, response_model=Listing[MemberItem])
async def list_members() -> Any:
    """List 25 people: two statements, no rights, no audit, no tenants."""
    async with database().reader.connect() as connection:
        rows = (await connection.execute(_statement())).all()
        total = (await connection.execute(sa.select(sa.func.count(col(Member.id))))).scalar_one()
    return {'items': [_item(row) for row in rows], 'total': total, 'page': 1, 'page_size': 25}


def _item(row: Any) -> dict[str, Any]:
    def label(name: str) -> dict[str, Any] | None:
        row_id = getattr(row, f'{name}_id')
        return None if row_id is None else {'id': row_id, 'name': getattr(row, name)}

    names = {name: label(name) for name in ('department', 'rank', 'station')}
    manager = None if row.boss_id is None else {'id': row.boss_id, 'name': f'{row.boss_first} {row.boss_last}'}
    return {
        **row._mapping, **names, 'name': f'{row.first_name} {row.last_name}', 'membership_type': label('type'),
        'manager': manager, 'has_account': row.account_id is not None, 'is_archived': False, 'title': row.title or '',
        'positions': [], 'tags': [], 'custom': {},
    }  # fmt: skip
