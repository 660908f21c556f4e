"""No service answers to the id of a row of another department: it is as if the row were not there."""

from collections.abc import Sized
from typing import Any

import pytest

from data.identity import PasswordCredential
from logic.core.errors import AppError, Invalid, NotFound
from logic.core.listing import Page
from logic.core.secrets.envelope import Tampered
from tests.contracts import calls
from tests.contracts.calls import Slot
from tests.contracts.registries import SYSTEM, services
from tests.contracts.rows import Department, World

SLOTS = [
    slot for name in sorted(services) for slot in calls.slots(services[name]) if services[name].permission != SYSTEM
]
NOT_AT_HOME: dict[str, str] = {
    'activity.undo_entry(record_id)': 'the record of the row has no entry in the log: no service made it',
    'attachments.attach(version_of)': 'the row hangs on another record than the one that is named',
    'attachments.check_attachable(version_of)': 'the row hangs on another record than the one that is named',
    'attachments.open_attachment(attachment_id)': 'the bytes of the row belong to nobody: no service made it',
    'storage.get_file(file_id)': 'a file is opened by who may see its owner, and that of the row has none',
    'tasks.merge_labels(into_id)': 'the row is a tag of people, and a label is one of tasks',
    'tasks.merge_labels(label_id)': 'the row is a tag of people, and a label is one of tasks',
    'tasks.remove_label(label_id)': 'the row is a tag of people, and a label is one of tasks',
    'tasks.remove_reminder(reminder_id)': "a reminder is its own person's alone, and the row is of somebody else",
    'tasks.restore_task(task_id)': 'only what is in the bin is restored, and the row is not',
    'tasks.update_label(label_id)': 'the row is a tag of people, and a label is one of tasks',
    'views.choose_default_view(view_id)': 'the view of the row is of a list of somebody else',
    'views.restore_view(view_id)': 'only what was removed is restored, and the row was not',
    'members.withdraw_change(change_id)': 'only who made a wish takes it back, and nobody made that of the row',
}
"""Slots whose own row is not found or not taken either, with the reason."""
SAID_OF = {
    'members.set_custom_values(values)': 'field', 'members.set_tags(tag_ids)': 'tags',
    'tasks.add_task(data.custom)': 'field', 'tasks.update_task(data.custom)': 'field',
}  # fmt: skip
"""Under which name an input says that a row is not there, where it is not that of the parameter."""
SILENT: dict[str, str] = {
    'identity.note_refusal(account_id)': 'accounts belong to no department; refusals are noted in the log of all',
    'identity.note_refusal(organization_id)': 'called where somebody is refused, with the department he asked for',
    'members.change_departure(data.template_id)': 'the checklist was put on with the plan; a change leaves it alone',
    'members.change_many(member_ids)': 'people who are not there any more are left out, and not counted',
    'members.hand_over(thing_ids)': 'what is not open for the person is left out, and not counted',
    'tasks.change_many_tasks(task_ids)': 'tasks that are not there any more are left out, and not counted',
    'notifications.mark_read(notice_id)': 'what is read already or is not there needs no answer',
    'notifications.mark_about_read(notice_id)': 'what is read already or is not there needs no answer',
}
"""Commands that answer to the row of another department as to one that is not there, and change nothing."""


async def call(department: Department, slot: Slot, row_id: object) -> Any:
    service = services[slot.service]
    given = calls.arguments(service, department.rows, at=slot, row_id=row_id)  # type: ignore[arg-type]
    return await service(department.chief, **given)


def is_nothing(answer: Any) -> bool:
    """Say whether an answer holds nothing at all."""
    rows = answer.rows if isinstance(answer, Page) else answer
    return answer is None or (isinstance(rows, Sized) and len(rows) == 0) or answer == 0


@pytest.mark.parametrize('slot', SLOTS, ids=str)
async def test_a_row_of_another_department_is_not_there(slot: Slot, world: World):
    service = services[slot.service]
    try:
        answer = await call(world.ours, slot, world.theirs.rows[slot.kind])
    except NotFound:
        return
    except Invalid as refused:
        if SAID_OF.get(str(slot), slot.path[-1]) in refused.fields:
            return
        raise
    assert not service.writes or str(slot) in SILENT, f'{slot} took a row of another department: {answer!r}'
    assert str(slot) in SILENT or is_nothing(answer), f'{slot} answered {answer!r}'


@pytest.mark.parametrize('slot', SLOTS, ids=str)
async def test_the_same_row_of_the_own_department_is_there(slot: Slot, world: World):
    if str(slot) in NOT_AT_HOME:
        pytest.skip(NOT_AT_HOME[str(slot)])
    try:
        await call(world.ours, slot, world.ours.rows[slot.kind])
    except NotFound as error:
        pytest.fail(f'The test of isolation proves nothing: {error.message}')
    except (AppError, Tampered):  # found, but not in a state for this; the values of its row cannot be unsealed
        return


@pytest.mark.parametrize('name', sorted(services))
def test_arguments_are_known_for_every_service(name: str, built_world: World):
    calls.arguments(services[name], built_world.ours.rows)


def test_every_id_that_a_service_takes_is_known():
    assert [name for service in services.values() for name in calls.unnamed(service)] == []


def test_every_table_of_a_department_has_a_row_to_ask_for(built_world: World):
    assert set(calls.tables()) - set(built_world.ours.rows) == {PasswordCredential}
