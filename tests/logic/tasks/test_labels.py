"""Labels are kept: counted, renamed, merged into one another and removed, each of it with a way back."""

import pytest

from data.members import Tag
from data.tasks import TaskList
from logic import members, tasks
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.members import TagInput
from logic.tasks import LabelInput, TaskInput
from tests.logic.tasks.conftest import Add


async def named(actor: Actor, name: str) -> Tag:
    return next(tag for tag in await tasks.list_labels(actor) if tag.name == name)


async def carried(actor: Actor, task_id: object) -> list[str]:
    return sorted(label.name for label in (await tasks.get_task(actor, task_id)).row.labels)


async def test_a_label_says_on_how_many_open_tasks_that_the_reader_sees_it_is(chief: Actor, member: Actor, add: Add):
    await add(labels=['hose', 'pump'])
    await tasks.add_task(chief, TaskInput(title='My own', labels=['hose']))
    gone = await add(labels=['hose'])
    await tasks.delete_task(chief, gone.id)
    assert [(row.name, row.task_count) for row in await tasks.count_labels(chief)] == [('hose', 2), ('pump', 1)]
    assert [(row.name, row.task_count) for row in await tasks.count_labels(member)] == [('hose', 1), ('pump', 1)]


async def test_a_label_that_was_removed_comes_back_to_the_tasks_that_carried_it(chief: Actor, add: Add):
    one, other = await add(labels=['hose', 'pump']), await add(labels=['hose'])
    label = await named(chief, 'hose')
    await tasks.update_label(chief, label.id, LabelInput(name='hose', colour='red'))
    removed = await tasks.remove_label(chief, label.id)
    assert (await carried(chief, one.id), await carried(chief, other.id)) == (['pump'], [])
    await tasks.restore_label(chief, removed)
    assert (await carried(chief, one.id), await carried(chief, other.id)) == (['hose', 'pump'], ['hose'])
    back = await named(chief, 'hose')
    assert (back.id, back.colour) == (label.id, 'red')
    with pytest.raises(Conflict, match='there already'):
        await tasks.restore_label(chief, removed)


async def test_a_name_that_was_given_anew_is_not_taken_from_the_new_label(chief: Actor, add: Add):
    await add(labels=['hose'])
    removed = await tasks.remove_label(chief, (await named(chief, 'hose')).id)
    await add(labels=['Hose'])
    with pytest.raises(Invalid, match='taken'):
        await tasks.restore_label(chief, removed)


async def test_a_label_is_merged_into_another_and_taken_apart_again(chief: Actor, add: Add):
    both, one, none = await add(labels=['hose', 'hoses']), await add(labels=['hoses']), await add(labels=['pump'])
    keep, double = await named(chief, 'hose'), await named(chief, 'hoses')
    merged = await tasks.merge_labels(chief, double.id, keep.id)
    assert [await carried(chief, task.id) for task in (both, one, none)] == [['hose'], ['hose'], ['pump']]
    assert [tag.name for tag in await tasks.list_labels(chief)] == ['hose', 'pump']
    await tasks.restore_label(chief, merged)
    assert [await carried(chief, task.id) for task in (both, one, none)] == [['hose', 'hoses'], ['hoses'], ['pump']]
    with pytest.raises(Invalid, match='itself'):
        await tasks.merge_labels(chief, keep.id, keep.id)


async def test_labels_are_kept_by_who_may_in_their_own_department_and_tags_of_people_are_none(
    chief: Actor, member: Actor, stranger: Actor, station: TaskList, add: Add
):
    await add(labels=['hose', 'pump'])
    hose, pump = await named(chief, 'hose'), await named(chief, 'pump')
    removed = await tasks.remove_label(chief, hose.id)
    for actor, error in ((member, Denied), (stranger, NotFound)):
        with pytest.raises(error):
            await tasks.remove_label(actor, pump.id)
        with pytest.raises(error):
            await tasks.merge_labels(actor, pump.id, pump.id)
    with pytest.raises(Denied):
        await tasks.restore_label(member, removed)
    tag = await members.add_tag(chief, TagInput(name='Driver'))
    with pytest.raises(NotFound):
        await tasks.merge_labels(chief, pump.id, tag.id)
    await tasks.restore_label(stranger, removed)  # in his own department, where no task of ours is
    assert [row.task_count for row in await tasks.count_labels(stranger)] == [0]
