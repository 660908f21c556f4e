"""Moving cards: rules 10 to 14, on real databases."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import select

from data.database import database
from data.tasks import ColumnKind, ListVisibility, ShareLevel, Task, rewrite_order
from logic import tasks
from logic.core.errors import AppError, Conflict, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.live import hub
from logic.core.work import Work
from logic.tasks import ColumnInput, ListInput, MoveInput, TaskInput, order
from logic.tasks.placing import rebalance
from tests.logic.members.conftest import statements


async def cards(actor, list_id, lane=0):
    return [card.title for card in (await tasks.board(actor, list_id)).lanes[lane].cards]


async def set_keys(organization_id, keys):
    async with database().write(organization_id) as session:
        await rewrite_order(session, keys)
        await session.commit()


async def keys_of(organization_id, column_id):
    async with database().read(organization_id) as session:
        rows = await session.exec(select(Task.id, Task.order_key).where(Task.column_id == column_id))
        return dict(rows.all())


async def test_rule_10_a_card_goes_between_the_neighbours_that_are_named(chief, add, station):
    one, two, three = [await add(title) for title in ('1', '2', '3')]
    assert await cards(chief, station.id) == ['1', '2', '3']
    await tasks.move_task(chief, three.id, MoveInput(before=one.id, after=two.id))
    assert await cards(chief, station.id) == ['1', '3', '2']
    await tasks.move_task(chief, two.id, MoveInput(after=one.id))
    assert await cards(chief, station.id) == ['2', '1', '3']
    await tasks.move_task(chief, two.id, MoveInput(before=three.id))
    assert await cards(chief, station.id) == ['1', '3', '2']


async def test_rule_10_and_12_equal_keys_are_stable_and_the_next_insert_repairs_them(chief, add, station, columns):
    one, two, three = [await add(title) for title in ('1', '2', '3')]
    await set_keys(chief.organization_id, {one.id: 'M', two.id: 'M'})
    first, second = sorted((one, two), key=lambda task: task.id)
    assert await cards(chief, station.id) == [first.title, second.title, '3']
    await tasks.move_task(chief, three.id, MoveInput(before=first.id, after=second.id))
    assert await cards(chief, station.id) == [first.title, '3', second.title]
    keys = await keys_of(chief.organization_id, columns[0].id)
    assert len(set(keys.values())) == 3


async def test_rule_11_a_column_whose_keys_grow_is_rebalanced_and_looks_the_same(chief, add, station, columns):
    made = [await add(str(number)) for number in range(4)]
    close = 'M' + '0' * order.LONGEST
    await set_keys(
        chief.organization_id, {made[0].id: close + '1', made[1].id: close + '2', made[2].id: 'N', made[3].id: 'O'}
    )  # fmt: skip
    before = await cards(chief, station.id)
    versions = {row.id: row.version for row in (await tasks.list_tasks(chief, ListQuery())).rows}
    heard = []
    end = hub.subscribe(chief.organization_id, ['Task'], heard.append)
    await tasks.move_task(chief, made[3].id, MoveInput(before=made[0].id, after=made[1].id))
    end()
    assert None in {change.row_id for change in heard}, 'open boards hold old keys of all cards, not of one'
    assert await cards(chief, station.id) == [before[0], before[3], before[1], before[2]]
    keys = await keys_of(chief.organization_id, columns[0].id)
    assert max(len(key) for key in keys.values()) <= order.WIDTH + 1
    now = {row.id: row.version for row in (await tasks.list_tasks(chief, ListQuery())).rows}
    assert [task.title for task in made if now[task.id] != versions[task.id]] == ['3']


async def test_rule_11_rebalancing_changes_no_visible_order(chief, add, station, columns):
    for number in range(12):
        await add(str(number))
    async with database().write(chief.organization_id) as session:
        work = Work(session, chief, 'test')
        before = [row.id for row in await work.all(select(Task).order_by(Task.order_key, Task.id))]
        assert await rebalance(work, columns[0].id) == 12
        assert [row.id for row in await work.all(select(Task).order_by(Task.order_key, Task.id))] == before


async def test_rule_13_a_card_that_is_elsewhere_now_is_not_moved(chief, member, add, columns):
    task = await add()
    await tasks.move_task(member, task.id, MoveInput(column=columns[1].id, from_column=columns[0].id))
    with pytest.raises(Conflict):
        await tasks.move_task(chief, task.id, MoveInput(column=columns[2].id, from_column=columns[0].id))
    with pytest.raises(Invalid):
        await tasks.move_task(chief, task.id, MoveInput(column=columns[2].id))
    assert (await tasks.get_task(chief, task.id)).row.column.id == columns[1].id


async def test_rule_13_a_full_column_lets_nothing_in_but_may_be_reordered(chief, add, station, columns):
    limited = await tasks.update_column(
        chief, columns[1].id, ColumnInput(title='Doing', kind=ColumnKind.STARTED, wip_limit=2)
    )
    one, two, three = [await add(title) for title in ('1', '2', '3')]
    for task in (one, two):
        await tasks.move_task(chief, task.id, MoveInput(column=limited.id, from_column=columns[0].id))
    for blocked in (
        tasks.move_task(chief, three.id, MoveInput(column=limited.id, from_column=columns[0].id)),
        tasks.update_task(chief, three.id, tasks.TaskChange(status='in_progress')),
        add('4', column_id=limited.id),
    ):
        with pytest.raises(Conflict, match='at most 2'):
            await blocked
    await tasks.move_task(chief, two.id, MoveInput(after=one.id, from_column=limited.id))
    assert await cards(chief, station.id, 1) == ['2', '1']


async def test_rule_14_a_move_writes_one_row_and_sends_one_message(chief, add, columns):
    tasks_made = [await add(str(number)) for number in range(5)]
    heard = []
    end = hub.subscribe_everywhere(['Task', 'BoardColumn', 'TaskList'], heard.append)
    before = {row.id: row.version for row in (await tasks.list_tasks(chief, ListQuery())).rows}
    await tasks.move_task(chief, tasks_made[4].id, MoveInput(after=tasks_made[0].id))
    moved = MoveInput(column=columns[1].id, from_column=columns[0].id)
    await tasks.move_task(chief, tasks_made[3].id, moved)
    end()
    assert [(change.model, change.row_id) for change in heard] == [
        ('Task', tasks_made[4].id), ('Task', tasks_made[3].id)
    ]  # fmt: skip
    after = {row.id: row.version for row in (await tasks.list_tasks(chief, ListQuery())).rows}
    assert {row_id: after[row_id] - before[row_id] for row_id in before if after[row_id] != before[row_id]} == {
        tasks_made[4].id: 1,
        tasks_made[3].id: 1,
    }


async def test_rule_14_on_a_filtered_board_a_card_is_placed_beside_those_that_are_visible(chief, add, station):
    shown = {'labels': ['pump']}
    one = await add('shown 1', **shown)
    await add('hidden')
    two = await add('shown 2', **shown)
    last = await add('shown 3', **shown)
    label = (await tasks.list_labels(chief))[0]
    await tasks.move_task(chief, last.id, MoveInput(before=one.id, after=two.id))
    asked = ListQuery(filters={'label': [str(label.id)]})
    found = (await tasks.board(chief, station.id, asked)).lanes[0]
    assert [card.title for card in found.cards] == ['shown 1', 'shown 3', 'shown 2']
    assert found.total == 4


async def test_a_board_names_the_people_and_labels_on_it_whatever_it_is_narrowed_to(chief, member, add, station):
    await add('Pump', labels=['pump'], assignee_ids=[member.member_id])
    await add('Hose', labels=['hose', 'pump'])
    elsewhere = await tasks.add_list(chief, ListInput(title='Elsewhere'))
    await tasks.add_task(chief, TaskInput(title='Flag', list_id=elsewhere.id, labels=['flag']))
    found = await tasks.board(chief, station.id, ListQuery(q='hose'))
    assert [card.title for card in found.lanes[0].cards] == ['Hose']
    assert [label.name for label in found.labels] == ['hose', 'pump']
    assert [(one.id, one.name) for one in found.people] == [(member.member_id, member.name)]


async def test_what_was_done_long_ago_is_counted_but_no_card_even_when_it_changes(chief, add, station):
    old, new = await add('Old'), await add('New')
    for task in (old, new):
        await tasks.complete_task(chief, task.id)
    async with database().write(chief.organization_id) as session:
        row = await session.get(Task, old.id)
        row.completed_at -= timedelta(days=31)
        await session.commit()
    await tasks.update_task(chief, old.id, tasks.TaskChange(title='Older'))
    lane = (await tasks.board(chief, station.id)).lanes[2]
    assert ([card.title for card in lane.cards], lane.total) == (['New'], 2)
    assert [card.title for card in await tasks.list_cards(chief, station.id, [old.id, new.id])] == ['New']


async def test_what_stands_beside_a_card_is_known_whatever_a_filter_hides(chief, stranger, add, columns):
    one, two, three = [await add(title) for title in '123']
    found = await tasks.beside_task(chief, two.id)
    assert (found.previous_id, found.next_id) == (one.id, three.id)
    await tasks.move_task(chief, two.id, MoveInput(column=columns[1].id, from_column=columns[0].id))
    back = MoveInput(before=found.previous_id, after=found.next_id, column=columns[0].id, from_column=columns[1].id)
    await tasks.move_task(chief, two.id, back)
    assert await tasks.beside_task(chief, two.id) == found
    part = await add('Part', parent_id=two.id)
    assert await tasks.beside_task(chief, part.id) is None
    with pytest.raises(NotFound):
        await tasks.beside_task(stranger, two.id)


async def test_who_is_given_a_task_of_a_list_that_he_does_not_see_learns_of_no_card_beside_it(chief, member):
    private = await tasks.add_list(chief, tasks.ListInput(title='Chief'))
    wanted = tasks.TaskInput(title='Fetch the truck', list_id=private.id, assignee_ids=[member.member_id])
    given = await tasks.add_task(chief, wanted)
    await tasks.add_task(chief, tasks.TaskInput(title='Dismiss the deputy', list_id=private.id))
    assert (await tasks.get_task(member, given.id)).row.title == 'Fetch the truck'
    with pytest.raises(NotFound):
        await tasks.beside_task(member, given.id)


async def test_a_neighbour_that_has_gone_elsewhere_is_no_neighbour(chief, add, columns):
    one, two = await add('1'), await add('2')
    await tasks.move_task(chief, one.id, MoveInput(column=columns[1].id, from_column=columns[0].id))
    with pytest.raises(Conflict):
        await tasks.move_task(chief, two.id, MoveInput(before=one.id))


async def test_a_task_goes_to_another_list_with_its_parts(chief, member, add, columns):
    task = await add()
    await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id))
    private = await tasks.add_list(chief, ListInput(title='Mine'))
    there = (await tasks.list_columns(chief, private.id))[1]
    with pytest.raises(AppError):
        await tasks.move_task(member, task.id, MoveInput(column=there.id, from_column=columns[0].id))
    await tasks.move_task(chief, task.id, MoveInput(column=there.id, from_column=columns[0].id))
    view = await tasks.get_task(chief, task.id)
    assert (view.row.in_list.name, view.parts[0].in_list.name) == ('Mine', 'Mine')
    assert (await tasks.list_tasks(member, ListQuery())).total == 0


async def test_fifty_moves_at_once_keep_one_order_that_is_the_same_for_all(chief, member, add, station, columns):
    made = [await add(str(number)) for number in range(20)]

    async def move(turn: int) -> None:
        task, beside = made[turn % 20], made[(turn * 7 + 3) % 20]
        actor = (chief, member)[turn % 2]
        try:
            await tasks.move_task(actor, task.id, MoveInput(before=beside.id, from_column=columns[0].id))
        except Conflict:
            return

    await asyncio.gather(*(move(turn) for turn in range(50)))
    seen = [await cards(actor, station.id) for actor in (chief, member)]
    assert seen[0] == seen[1]
    assert sorted(seen[0], key=int) == [str(number) for number in range(20)]
    keys = list((await keys_of(chief.organization_id, columns[0].id)).values())
    assert len(keys) == 20


async def test_of_two_who_move_one_card_at_once_one_is_told(chief, add, columns):
    task = await add()
    moves = [MoveInput(column=columns[place].id, from_column=columns[0].id) for place in (1, 2)]
    answers = await asyncio.gather(*(tasks.move_task(chief, task.id, move) for move in moves), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ['Conflict', 'Task']


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=12))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rule_10_any_moves_leave_what_a_list_would(moves):
    titles = [str(number) for number in range(6)]
    keys = dict(zip(titles, order.spread(6), strict=True))
    for one, other, below in moves:
        task, beside = str(one), str(other)
        if task == beside:
            continue
        rest = [title for title in titles if title != task]
        at = rest.index(beside) + below
        low = keys[rest[at - 1]] if at else None
        high = keys[rest[at]] if at < len(rest) else None
        keys[task] = order.between(low, high)
        titles = [*rest[:at], task, *rest[at:]]
    assert sorted(keys, key=keys.__getitem__) == titles


async def test_where_a_task_may_go_is_every_column_of_every_list_that_one_works_in(
    chief, member, station, columns, database
):
    wanted = ListInput(title='Archive', visibility=ListVisibility.ORGANIZATION, organization_level=ShareLevel.EDIT)
    await tasks.archive_list(chief, (await tasks.add_list(chief, wanted)).id)
    looked_at = wanted.model_copy(update={'title': 'Only looked at', 'organization_level': ShareLevel.VIEW})
    await tasks.add_list(chief, looked_at)
    await tasks.add_list(chief, ListInput(title='Private'))
    await tasks.add_task(member, TaskInput(title='In the inbox'))
    found = await tasks.list_destinations(member)
    assert [(one.id, column.id) for one, column in found] == [(station.id, column.id) for column in columns]
    with statements(database) as few:
        await tasks.list_destinations(member)
    for number in range(5):
        await tasks.add_list(chief, wanted.model_copy(update={'title': f'Another {number}'}))
    with statements(database) as more:
        assert len(await tasks.list_destinations(member)) == 18
    assert len(more) == len(few)


async def test_rule_13_of_two_who_take_the_last_place_of_a_column_at_once_one_is_refused(chief, member, add, columns):
    limited = ColumnInput(title='Doing', kind=ColumnKind.STARTED, wip_limit=1)
    await tasks.update_column(chief, columns[1].id, limited)
    move = MoveInput(column=columns[1].id, from_column=columns[0].id)
    moves = [tasks.move_task(actor, (await add()).id, move) for actor in (chief, member)]
    answers = await asyncio.gather(*moves, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ['Conflict', 'Task']


@pytest.mark.parametrize('name', ['index', 'position', 'order_key', 'number'])
def test_rule_10_a_place_is_said_by_neighbours_and_by_no_number(name):
    with pytest.raises(ValidationError, match='Extra inputs'):
        MoveInput.model_validate({name: 3})
