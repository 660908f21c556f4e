"""Fifty people at one board at once: one order for all, no card lost, an answer to everybody (rules 10 to 13)."""

import asyncio
import contextlib
import random
from collections import Counter

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data.database import database
from logic import comments, tasks, watchers
from logic.comments import CommentInput
from logic.core.errors import Conflict, Unavailable
from logic.core.listing import ListQuery
from logic.tasks import ColumnInput, MoveInput, TaskInput
from tests.conftest import person_with_account

PEOPLE, CARDS, ROOM = 50, 24, 6
ANSWERED = (Conflict, Unavailable)


@pytest.fixture
async def people(chief):
    """Members, as many as stand before the board."""
    return [
        await person_with_account(chief, 'Person', str(number), f'{number}@example.org', 'Member')
        for number in range(PEOPLE)
    ]


async def seen_by(actor, list_ids):
    """Return the ids of all cards as somebody sees them, lane by lane."""
    boards = [await tasks.board(actor, list_id) for list_id in list_ids]
    return [[card.id for card in lane.cards] for board in boards for lane in board.lanes]


async def test_who_gets_no_connection_to_the_database_is_told_to_try_again(chief, add, monkeypatch):
    monkeypatch.setattr(database().writer.sync_engine.pool, '_timeout', 0.05)
    async with contextlib.AsyncExitStack() as others:
        with contextlib.suppress(PoolTimeout):
            while True:
                session = await others.enter_async_context(database().write(chief.organization_id))
                await session.connection()
        with pytest.raises(Unavailable, match='Nothing was lost'):
            await add('Too late')
    await add('In time')
    assert [row.title for row in (await tasks.list_tasks(chief, ListQuery())).rows] == ['In time']


async def test_rules_10_to_13_fifty_people_move_tick_and_add_across_two_boards_at_once(
    chief, people, add, station, columns
):
    cards = [await add(str(number)) for number in range(CARDS)]
    for card in cards[:6]:
        await tasks.add_task(chief, TaskInput(title='Part', parent_id=card.id))
    shared = tasks.ListInput(title='Second', visibility='organization', organization_level='edit')
    second = await tasks.add_list(chief, shared)
    full = ColumnInput(title='Doing', kind='started', wip_limit=ROOM)
    await tasks.update_column(chief, columns[1].id, full)
    lanes = [*columns, *await tasks.list_columns(chief, second.id)]
    dice, said = random.Random(7), Counter()  # noqa: S311  plays, guards nothing

    async def work(actor):
        for _ in range(4):
            card, beside, lane = dice.choice(cards), dice.choice(cards), dice.choice(lanes)
            here = (await tasks.get_task(actor, card.id)).row.column.id
            move = MoveInput(column=lane.id, from_column=here, before=dice.choice([None, beside.id]))
            done = (
                tasks.move_task(actor, card.id, move), tasks.complete_task(actor, card.id),
                tasks.reopen_task(actor, card.id), tasks.add_task(actor, TaskInput(title='New', list_id=second.id)),
            )  # fmt: skip
            chosen = dice.choices(range(4), (7, 1, 1, 1))[0]
            for unused in (one for place, one in enumerate(done) if place != chosen):
                unused.close()
            try:
                await done[chosen]
                said['done', chosen] += 1
            except ANSWERED as refused:
                said[type(refused).__name__] += 1

    await asyncio.gather(*(work(actor) for actor in people))
    assert said['done', 0] > PEOPLE / 2
    both = [station.id, second.id]
    order = await seen_by(chief, both)
    assert [await seen_by(actor, both) for actor in people[::10]] == [order] * 5
    counted = Counter(card_id for lane in order for card_id in lane)
    assert set(counted.values()) == {1}
    assert set(counted) >= {card.id for card in cards}
    assert len(counted) == CARDS + said['done', 3]
    assert len(order[1]) <= ROOM
    for card in (await tasks.list_tasks(chief, ListQuery(page_size=100))).rows:
        assert (card.status == 'completed') == (card.column_kind == 'done'), card
        if card.parent_id is not None:
            assert card.in_list.id == (await tasks.get_task(chief, card.parent_id)).row.in_list.id


async def test_what_many_say_and_label_at_once_is_all_kept_though_they_name_one_person_and_one_new_label(
    chief, people, add, station
):
    card = await add()
    names = f'<span data-mention="member:{people[-1].member_id}">@P</span>'
    some = people[:12]
    said = [comments.add_comment(one, 'Task', card.id, CommentInput(body=f'<p>{names} look</p>')) for one in some]
    new = [tasks.add_task(one, TaskInput(title='New', list_id=station.id, labels=['Pump'])) for one in some]
    own = [tasks.add_task(one, TaskInput(title='Mine')) for one in some for _ in range(2)]
    await asyncio.gather(*said, *new, *own)
    assert (await comments.list_comments(chief, 'Task', card.id)).total == len(some)
    (label,) = await tasks.list_labels(chief)
    found = await tasks.list_tasks(chief, ListQuery(filters={'label': [str(label.id)]}))
    assert found.total == len(some)
    assert [(await tasks.list_tasks(one, ListQuery(q='Mine'))).total for one in some] == [2] * len(some)
    watching = [row.member_id for row in await watchers.list_watchers(chief, 'Task', card.id)]
    assert watching.count(people[-1].member_id) == 1
