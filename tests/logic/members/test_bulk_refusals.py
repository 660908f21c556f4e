"""Whoever of many is refused stays as he was, although the refusal comes from another domain and late."""

from typing import Any

import pytest
from sqlmodel import col, select

from data.database import EVERYWHERE, database
from data.identity import PositionHolding
from data.members import JobChange, Member, MemberBatch, StatusChange
from logic import members
from logic.core.actor import Actor
from logic.core.domain import handlers
from logic.core.errors import Conflict
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.identity import positions
from logic.members import MemberArchived, MemberStatus, MemberStatusChanged, undo_batch
from logic.members.bulk import BulkAction, BulkInput, change_many
from tests.conftest import run_as_service
from tests.logic.members.conftest import Add

LEAVE = BulkInput(action=BulkAction.STATUS, status=MemberStatus.LEFT, reason='Closed')


async def rows_about(member_id: Any) -> list[dict[str, Any]]:
    async with database().read(EVERYWHERE) as session:
        found: list[Any] = [await session.get(Member, member_id)]
        for model in (StatusChange, PositionHolding, JobChange):
            found += (await session.exec(select(model).where(model.member_id == member_id))).all()
        return sorted((row.model_dump() for row in found), key=lambda row: str(row['id']))


@pytest.mark.parametrize(
    ('data', 'event'), [(LEAVE, MemberStatusChanged), (BulkInput(action=BulkAction.ARCHIVE), MemberArchived)]
)
async def test_who_is_refused_by_another_domain_stays_as_he_was(
    chief: Actor, add: Add, monkeypatch: pytest.MonkeyPatch, data: BulkInput, event: type
) -> None:
    people = [await add('Ann', 'Berg'), await add('Bo', 'Chan'), await add('Cy', 'Diaz')]
    bo = people[1]
    await run_as_service(positions.give_member_position)(Actor.system(chief.organization_id), bo.id, 'Member')

    async def refuse(_work: Work, told: Any) -> None:
        if told.member_id == bo.id:
            raise Conflict('He holds a key.')

    monkeypatch.setitem(handlers, event, [*handlers.get(event, []), refuse])
    before = await rows_about(bo.id)
    result = await change_many(chief, [one.id for one in people], data)
    assert (result.changed, [(one.name, one.reason) for one in result.refused]) == (2, [('Bo Chan', 'He holds a key.')])
    assert await rows_about(bo.id) == before
    (batch,) = (await members.list_batches(chief, ListQuery())).rows
    assert (batch.updated_count, batch.refused_count) == (2, 1)
    undone = await undo_batch(chief, result.batch_id)
    assert (undone.changed, undone.refused) == (2, [])


async def test_when_all_are_refused_there_is_nothing_to_undo(
    chief: Actor, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await add('Ann', 'Berg')

    async def refuse(_work: Work, _told: Any) -> None:
        raise Conflict('Not now.')

    monkeypatch.setitem(handlers, MemberStatusChanged, [refuse])
    result = await change_many(chief, [ann.id], LEAVE)
    assert (result.batch_id, result.changed, len(result.refused)) == (None, 0, 1)
    async with database().read(EVERYWHERE) as session:
        assert (await session.exec(select(MemberBatch).where(col(MemberBatch.kind) == 'bulk'))).all() == []
