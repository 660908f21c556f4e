"""The way back: a column with its cards, a list that was given away, and time that was noted, return as they were."""

import pytest

from data.tasks import ColumnKind, ListVisibility, ShareLevel, TaskList
from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.tasks import ColumnInput, ListInput, MoveInput, ShareInput, TimeInput
from tests.logic.tasks.conftest import Add


async def looks(actor: Actor, list_id: object) -> list[tuple[str, list[str]]]:
    return [(lane.title, [card.title for card in lane.cards]) for lane in (await tasks.board(actor, list_id)).lanes]


async def review(chief: Actor, station: TaskList, add: Add, *names: str) -> object:
    column = await tasks.add_column(chief, station.id, ColumnInput(title='Review', kind=ColumnKind.STARTED))
    for name in names:
        await add(name, column_id=column.id)
    return column.id


async def test_a_column_returns_with_its_cards_in_their_order(chief: Actor, station: TaskList, columns, add: Add):
    review_id = await review(chief, station, add, 'one', 'two')
    await add('doing', column_id=columns[1].id)
    before = await looks(chief, station.id)
    removed = await tasks.remove_column(chief, review_id, columns[1].id)
    assert len(removed.cards) == 2
    assert await looks(chief, station.id) != before
    await tasks.restore_column(chief, removed)
    assert await looks(chief, station.id) == before
    with pytest.raises(Conflict, match='there already'):
        await tasks.restore_column(chief, removed)


async def test_a_card_that_was_moved_on_meanwhile_stays_where_it_is(chief: Actor, station: TaskList, columns, add: Add):
    review_id = await review(chief, station, add, 'one', 'two')
    removed = await tasks.remove_column(chief, review_id, columns[1].id)
    moved = next(card for card, _key in removed.cards)
    await tasks.move_task(chief, moved, MoveInput(column=columns[2].id, from_column=columns[1].id))
    await tasks.restore_column(chief, removed)
    assert dict(await looks(chief, station.id))['Review'] == ['two']
    assert (await tasks.get_task(chief, moved)).row.column.id == columns[2].id


async def test_a_column_returns_by_who_manages_the_list(
    chief: Actor, member: Actor, stranger: Actor, station: TaskList, add: Add
):
    review_id = await review(chief, station, add, 'one')
    begun = (await tasks.list_columns(chief, station.id))[1]
    removed = await tasks.remove_column(chief, review_id, begun.id)
    with pytest.raises(Denied):
        await tasks.restore_column(member, removed)
    with pytest.raises(NotFound):
        await tasks.restore_column(stranger, removed)


async def test_a_list_that_was_given_away_returns_as_it_was(chief: Actor, member: Actor, other: Actor):
    mine = await tasks.add_list(other, ListInput(title='Mine'))
    given = await tasks.give_list(other, mine.id, member.member_id)
    assert (await tasks.get_list(member, mine.id)).owner.id == member.member_id
    await tasks.give_list_back(other, given)
    row = await tasks.get_list(other, mine.id)
    assert (row.owner.id, row.visibility) == (other.member_id, ListVisibility.PRIVATE)
    assert await tasks.list_shares(other, mine.id) == []
    with pytest.raises(NotFound):
        await tasks.get_list(member, mine.id)
    with pytest.raises(Conflict, match='meanwhile'):
        await tasks.give_list_back(other, given)


async def test_who_had_a_share_before_he_owned_the_list_has_it_again(chief: Actor, member: Actor, other: Actor):
    mine = await tasks.add_list(other, ListInput(title='Mine'))
    await tasks.share_list(other, mine.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    given = await tasks.give_list(other, mine.id, member.member_id)
    await tasks.unshare_list(other, next(one.id for one in await tasks.list_shares(other, mine.id)))
    with pytest.raises(NotFound):
        await tasks.give_list_back(other, given)
    await tasks.share_list(member, mine.id, ShareInput(member_id=other.member_id, level=ShareLevel.MANAGE))
    await tasks.give_list_back(other, given)
    assert [(share.target.id, share.level) for share in await tasks.list_shares(other, mine.id)] == [
        (member.member_id, ShareLevel.VIEW)
    ]
    assert (await tasks.get_list(other, mine.id)).visibility is ListVisibility.SHARED


async def test_time_that_was_removed_is_noted_again_for_whoever_spent_it(
    chief: Actor, member: Actor, other: Actor, add
):
    task = await add()
    entry = await tasks.add_time(member, task.id, TimeInput(minutes=15, note='Rinsed'))
    before = await tasks.list_time(chief, task.id)
    removed = await tasks.remove_time(chief, entry.id)
    assert await tasks.list_time(chief, task.id) == []
    with pytest.raises(Denied):
        await tasks.restore_time(other, removed)
    await tasks.restore_time(chief, removed)
    assert await tasks.list_time(chief, task.id) == before
    with pytest.raises(Conflict, match='there already'):
        await tasks.restore_time(chief, removed)
