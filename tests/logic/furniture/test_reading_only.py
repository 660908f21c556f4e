"""Who may only read changes nothing that hangs on a record: neither by the screen nor by a key."""

from dataclasses import replace
from uuid import UUID

import pytest

from data.members import Member
from data.tasks import ListVisibility, ShareLevel, Task
from logic import attachments, comments, furniture, links, tasks
from logic.attachments import AttachedFile
from logic.comments import CommentInput
from logic.core import config, files
from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.errors import Denied
from logic.core.listing import ListQuery
from logic.tasks import ListInput, TaskInput
from tests.conftest import person_with_account

SAID = CommentInput(body='<p>Seen</p>')


async def send(actor: Actor, record: str, record_id: UUID, name: str) -> AttachedFile:
    """Attach a small file."""
    with files.arriving() as file:
        file.write(b'name,phone\n1,2')
        return await attachments.send(actor, record, record_id, name, file)


@pytest.fixture(autouse=True)
def folder(secrets):
    config.configure(Settings(_env_file=None, data_dir=secrets))
    yield
    config.configure(None)


@pytest.fixture
async def task(chief: Actor) -> Task:
    """A task of a list in which everybody works."""
    wanted = ListInput(title='Station', visibility=ListVisibility.ORGANIZATION, organization_level=ShareLevel.EDIT)
    made = await tasks.add_list(chief, wanted)
    return await tasks.add_task(chief, TaskInput(title='Check hose', list_id=made.id))


@pytest.fixture
async def auditor(chief: Actor) -> Actor:
    """Ivo, who reads everything and changes nothing."""
    return await person_with_account(chief, 'Ivo', 'Auer', 'ivo@example.org', 'Auditor')


def by_key(person: Actor, *scopes: str) -> Actor:
    """A key of a person, with these of his rights."""
    return replace(person, kind=ActorKind.API_KEY, permissions=frozenset(scopes))


async def refuses_all(reader: Actor, keeper: Actor, record: str, record_id: UUID, other: tuple[str, UUID]) -> None:
    """See that a reader changes nothing on a record, though he sees what its keeper has put there."""
    said = await comments.add_comment(keeper, record, record_id, SAID)
    file = await send(keeper, record, record_id, 'a.csv')
    link = await links.add_link(keeper, record, record_id, *other)
    seen = await furniture.of_record(reader, record, record_id)
    assert [one.may_change for one in (*seen.comments.rows, *seen.files.files)] == [False, False]
    assert not (seen.may_write)
    assert not (seen.may_edit)
    assert not (seen.files.may_add)
    await links.remove_link(keeper, record, record_id, link.id)
    for call in (
        comments.add_comment(reader, record, record_id, SAID),
        comments.edit_comment(reader, record, record_id, said.id, CommentInput(body='Forged')),
        comments.delete_comment(reader, record, record_id, said.id),
        attachments.check_attachable(reader, record, record_id, 5),
        send(reader, record, record_id, 'b.csv'),
        attachments.rename_attachment(reader, file.id, 'evil.csv'),
        attachments.remove_attachment(reader, file.id),
        links.add_link(reader, record, record_id, *other),
    ):
        with pytest.raises(Denied):
            await call
    assert (await comments.get_comment(keeper, record, record_id, said.id)).body == SAID.body
    [kept] = (await attachments.list_attachments(keeper, record, record_id)).files
    assert kept.name == 'a.csv'


async def test_who_may_only_read_tasks_changes_nothing_that_hangs_on_one(chief, auditor, task, person):
    await refuses_all(auditor, chief, 'Task', task.id, ('Member', person.id))


async def test_who_may_only_read_files_of_people_changes_nothing_that_hangs_on_one(chief, auditor, task, person):
    await refuses_all(auditor, chief, 'Member', person.id, ('Task', task.id))


async def test_a_key_that_may_only_read_changes_nothing_even_for_whoever_may_all(chief, task, person):
    key = by_key(chief, 'tasks.view', 'members.view', 'members.view_files')
    await refuses_all(key, chief, 'Task', task.id, ('Member', person.id))
    await refuses_all(key, chief, 'Member', person.id, ('Task', task.id))


async def test_a_key_that_may_only_read_does_not_change_what_its_owner_said(member: Actor, task: Task):
    said = await comments.add_comment(member, 'Task', task.id, SAID)
    key = by_key(member, 'tasks.view')
    with pytest.raises(Denied):
        await comments.edit_comment(key, 'Task', task.id, said.id, CommentInput(body='Forged'))
    [seen] = (await comments.list_comments(key, 'Task', task.id, ListQuery())).rows
    assert not seen.may_change


async def test_who_works_on_tasks_writes_there_by_the_screen_and_by_a_key(member: Actor, task: Task):
    for actor in (member, by_key(member, 'tasks.view', 'tasks.add')):
        await comments.add_comment(actor, 'Task', task.id, SAID)
        await send(actor, 'Task', task.id, 'a.csv')
    assert (await furniture.of_record(member, 'Task', task.id)).may_write


async def test_who_keeps_files_and_each_of_himself_writes_on_people(clerk: Actor, member: Actor, person: Member):
    await comments.add_comment(clerk, 'Member', person.id, SAID)
    await comments.add_comment(member, 'Member', member.member_id, SAID)
    await comments.add_comment(by_key(clerk, 'members.view', 'members.edit'), 'Member', person.id, SAID)


async def test_an_owner_who_may_only_read_is_not_told_that_he_works_on_his_tasks(chief: Actor, task: Task):
    reader = replace(chief, permissions=frozenset({'tasks.view'}))
    view = await tasks.get_task(reader, task.id)
    assert (view.may_edit, view.may_work) == (False, False)
