"""Previous and next: those of the list of tasks from which somebody came, however it is filtered and sorted."""

from datetime import date, timedelta

import pytest

from data import database as databases
from logic import tasks
from logic.core.errors import NotFound
from logic.core.listing import ListQuery
from logic.tasks import ListInput, MoveInput, TaskInput
from tests.logic.members.conftest import statements

TODAY = date(2026, 11, 20)


@pytest.fixture
async def filled(chief, add):
    """Five tasks: two without a date, two of one day."""
    due = {'Hose': 3, 'Pump': None, 'Axe': 1, 'Rope': None, 'Boat': 1}
    return [
        await add(title, due=TODAY + timedelta(days=days) if days else None, labels=['gear'] if days else [])
        for title, days in due.items()
    ]


@pytest.mark.parametrize(
    'asked',
    [
        ListQuery(), ListQuery(sort='due'), ListQuery(sort='due', descending=True), ListQuery(sort='title'),
        ListQuery(sort='board'), ListQuery(q='o'), ListQuery(sort='priority', descending=True),
    ],
)  # fmt: skip
async def test_previous_and_next_are_those_of_the_list(chief, filled, asked):
    await tasks.move_task(chief, filled[4].id, MoveInput(after=filled[0].id))
    listed = [row.id for row in (await tasks.list_tasks(chief, asked)).rows]
    assert len(listed) > 2
    for place, task_id in enumerate(listed, 1):
        view, found = await tasks.get_task_in_list(chief, task_id, asked)
        assert view == await tasks.get_task(chief, task_id)
        before = listed[place - 2] if place > 1 else None
        after = listed[place] if place < len(listed) else None
        assert (found.previous_id, found.next_id, found.place, found.total) == (before, after, place, len(listed))


async def test_the_order_of_the_board_is_that_of_its_cards(chief, filled, station, columns):
    await tasks.move_task(chief, filled[4].id, MoveInput(after=filled[0].id))
    await tasks.move_task(chief, filled[1].id, MoveInput(column=columns[1].id, from_column=columns[0].id))
    lanes = (await tasks.board(chief, station.id)).lanes
    shown = [card.id for lane in lanes for card in lane.cards]
    assert [row.id for row in (await tasks.list_tasks(chief, ListQuery(sort='board'))).rows] == shown
    asked = ListQuery(sort='board', filters={'column': [str(columns[0].id)]})
    _, found = await tasks.get_task_in_list(chief, filled[0].id, asked)
    assert (found.previous_id, found.place, found.total) == (filled[4].id, 2, 4)


@pytest.mark.parametrize(
    'asked',
    [
        ListQuery(sort='nonsense'), ListQuery(filters={'nonsense': ['1']}), ListQuery(filters={'column': ['no id']}),
        ListQuery(filters={'status': ['completed']}), ListQuery(filters={'due': ['x..y']}), ListQuery(q='Ladder'), None,
    ],
)  # fmt: skip
async def test_a_task_that_is_not_in_the_list_has_no_place_in_it_and_is_shown_all_the_same(chief, add, asked):
    task = await add('Hose')
    view, place = await tasks.get_task_in_list(chief, task.id, asked)
    assert (view.row.title, place) == ('Hose', None)


async def test_what_somebody_does_not_see_is_neither_counted_nor_next(chief, member, stranger, add):
    first, last = await add('First'), await add('Last')
    private = await tasks.add_list(chief, ListInput(title='Mine'))
    hidden = await tasks.add_task(chief, TaskInput(title='Hidden', list_id=private.id))
    later = await add('Later')
    _, place = await tasks.get_task_in_list(member, last.id, ListQuery())
    assert (place.previous_id, place.next_id, place.place, place.total) == (first.id, later.id, 2, 3)
    for actor, task in ((member, hidden), (stranger, last)):
        with pytest.raises(NotFound):
            await tasks.get_task_in_list(actor, task.id, ListQuery())


async def test_a_place_in_a_list_costs_one_statement(chief, add, database: databases.Database):
    task = await add('Hose')
    with statements(database) as plain:
        await tasks.get_task(chief, task.id)
    with statements(database) as placed:
        await tasks.get_task_in_list(chief, task.id, ListQuery())
    assert len(placed) == len(plain) + 1
