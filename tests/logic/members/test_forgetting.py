"""Anonymising reaches all that hangs on a person or names him, in every domain."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from data.attachments import Attachment
from data.comments import Comment
from data.core import now
from data.files import StoredFile
from data.members import Member
from data.notifications import Mail, Notice
from data.tasks import ListVisibility, TaskTimeEntry
from data.views import SavedView
from logic import attachments, audit, comments, drafts, members, tasks, views
from logic.comments import CommentInput
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.rich_text import plain
from logic.core.work import Work
from logic.drafts import Begun, Picked
from logic.members import MemberStatus, exports
from logic.tasks import ListInput, TaskInput, TimeInput
from logic.views import PageInput, ViewInput
from tests.conftest import person_with_account, run_as_service
from tests.logic.members.conftest import Add, stored_texts
from tests.logic.notifications.post import pass_time
from tests.servers import Mailbox

TRACES = ('anthippe', 'uagmire', 'Secretwords', 'secret-plan', '6235550177')


@pytest.fixture(autouse=True)
def installed(secrets: Path, mailbox: Mailbox) -> Iterator[None]:
    """A folder for files, and a mail server."""
    mail: dict[str, Any] = {'smtp_url': f'smtp://127.0.0.1:{mailbox.port}', 'mail_from': 'logbook@riverside.example'}
    config.configure(config.Settings(_env_file=None, data_dir=secrets, **mail))  # type: ignore[call-arg]
    yield
    config.configure(None)


@pytest.fixture
async def second(chief: Actor) -> Actor:
    return await person_with_account(chief, 'Sam', 'Second', 'sam@example.org', 'Administrator', 'Member')


@pytest.fixture
async def leaver(chief: Actor) -> Actor:
    return await person_with_account(chief, 'Xanthippe', 'Quagmire', 'xanthippe@example.org', 'Member')


def said(words: str, *named: Actor) -> CommentInput:
    spans = ''.join(f' <span data-mention="member:{one.member_id}">@{one.name}</span>' for one in named)
    return CommentInput(body=f'<p>{words}{spans}</p>')


async def talk(chief: Actor, leaver: Actor, task_id: UUID, who: UUID) -> None:
    """Have each comment on the task and on the file, with mentions, older words and drafts."""
    own = await comments.add_comment(leaver, 'Task', task_id, said('I see to it', chief))
    named = await comments.add_comment(chief, 'Task', task_id, said('Ask', leaver))
    await comments.edit_comment(chief, 'Task', task_id, named.id, said('Please ask', leaver))
    gone = await comments.add_comment(leaver, 'Task', task_id, said('Wrong'))
    await comments.delete_comment(leaver, 'Task', task_id, gone.id)
    about = await comments.add_comment(chief, 'Member', who, said('Secretwords'))
    await comments.edit_comment(chief, 'Member', who, about.id, said('Other Secretwords'))
    assert own.id != about.id
    await drafts.keep_draft(chief, drafts.place_of('Member', who), Begun(rich='<p>Secretwords</p>'))
    await drafts.keep_draft(chief, drafts.place_of('Task', task_id), Begun(rich=said('Thanks', leaver).body))
    chosen = {'who': [Picked(value=str(who), label='Xanthippe Quagmire', detail='Captain')]}
    await drafts.keep_draft(chief, '/tasks#TaskForm', Begun(typed={'who': str(who)}, picked=chosen))
    await drafts.keep_draft(leaver, drafts.place_of('Task', task_id), Begun(rich='<p>Secretwords</p>'))


async def come_back_to(chief: Actor, leaver: Actor, who: UUID) -> None:
    """Leave traces of the person in what people keep of their screens."""
    page = PageInput(path=f'/members/{who}?tab=work', title='Xanthippe Quagmire')
    for actor in (chief, leaver):
        await views.note_page(actor, page)
        await views.pin_page(actor, page)
    await views.add_view(chief, ViewInput(place='/members', name='Her', state='q=quagmire'))
    await views.add_view(chief, ViewInput(place='/members', name='Active', state='status=active'))
    await views.add_view(leaver, ViewInput(place='/tasks', name='Secretwords'))


async def _rows(work: Work, model: Any, *where: Any) -> list[Any]:
    return await work.all(select(model).where(*where))


async def _traces(work: Work) -> set[tuple[str, str, str]]:
    """Return what of the person stands anywhere in the database: table, column, and the trace."""
    stored = await stored_texts(work)
    return {(table, name, one) for table, name, text in stored for one in TRACES if one in text}


async def test_all_that_hangs_on_a_person_or_names_him_is_forgotten(chief: Actor, second: Actor, leaver: Actor) -> None:
    who, account = leaver.member_id, leaver.account_id
    assert who is not None
    assert account is not None
    await members.update_member(chief, who, members.ProfileInput(phone='+16235550177'))
    station = await tasks.add_list(chief, ListInput(title='Station', visibility=ListVisibility.ORGANIZATION))
    task = await tasks.add_task(chief, TaskInput(title='Check', list_id=station.id, assignee_ids=[who]))
    await tasks.add_time(leaver, task.id, TimeInput(minutes=30))
    await tasks.quick_add(chief, 'Paint the door @Xanthippe')
    await talk(chief, leaver, task.id, who)
    with files.arriving() as file:
        file.write(b'Secretwords')
        await attachments.send(chief, 'Member', who, 'secret-plan Quagmire.txt', file)
    await come_back_to(chief, leaver, who)
    await members.ask_for_change(leaver, 'last_name', 'Quagmire-Doe', 'Married')
    await pass_time()
    look, system = run_as_service(_rows, writes=False), Actor.system(chief.organization_id)
    told = await look(system, Notice, Notice.account_id == chief.account_id)
    assert any('Xanthippe Quagmire' in row.title for row in told)
    assert any('Quagmire' in row.subject for row in await look(system, Mail, Mail.account_id == chief.account_id))
    await members.change_status(chief, who, MemberStatus.LEFT, 'Moved')
    await pass_time()
    request = await members.ask_to_anonymise(chief, who, 'By request')
    await members.decide_anonymise(second, request.id, approve=True)

    assert await run_as_service(_traces, writes=False)(system) == set()
    spoken = await look(system, Comment, Comment.record == 'Task')
    number = (await members.get_member(chief, who)).name
    assert {row.author_name for row in spoken} == {chief.name, number}
    assert any(f'@{number}</span>' in row.body and 'Please ask' in row.body for row in spoken)
    (about,) = await look(system, Comment, Comment.record == 'Member')
    assert (about.body, about.deleted_at is not None) == ('', True)
    assert await look(system, Attachment) == []
    assert all(row.deleted_at is not None for row in await look(system, StoredFile))
    assert [row.name for row in await look(system, SavedView)] == ['Active']
    places = [drafts.place_of('Task', task.id), '/tasks#TaskForm']
    kept = await drafts.get_drafts(chief, [drafts.place_of('Member', who), *places])
    assert kept.keys() == set(places)
    assert f'@{number}</span>' in kept[places[0]].rich
    assert kept[places[1]].picked == {'who': [Picked(value=str(who), label=number)]}
    assert await drafts.get_drafts(leaver, places) == {}
    assert [row.minutes for row in await look(system, TaskTimeEntry)] == [30]
    assert [fault for verdict in await audit.verify_now(chief) for fault in verdict.faults] == []


async def test_what_a_merge_did_not_take_over_is_forgotten_with_the_person(
    chief: Actor, second: Actor, leaver: Actor, add: Add
) -> None:
    who = leaver.member_id
    assert who is not None
    said = {'notes': 'Secretwords', 'birth_on': '1990-01-02', 'personal_email': 'xanthippe@example.net'}
    await members.update_member(chief, who, members.ProfileInput(phone='+16235550178', notes='Kept'))
    middle, first = [await add('Xanthippe', 'Quagmire', phone='+16235550177', **said) for _ in range(2)]
    await members.change_status(chief, first.id, MemberStatus.SUSPENDED, 'Secretwords')
    for kept, dropped in ((middle.id, first.id), (who, middle.id)):
        await members.merge_members(chief, kept, dropped)
    own, _stored = await taken_out(leaver, who)
    assert {row['phone'] for row in own['Member']} == {'+16235550177', '+16235550178'}
    assert {row['reason'] for row in own['StatusChange']} >= {'Secretwords'}
    await members.change_status(chief, who, MemberStatus.LEFT, 'Moved')
    request = await members.ask_to_anonymise(chief, who, 'By request')
    await members.decide_anonymise(second, request.id, approve=True)
    system = Actor.system(chief.organization_id)
    assert await run_as_service(_traces, writes=False)(system) == set()
    rows = await run_as_service(_rows, writes=False)(system, Member, Member.id.in_([who, middle.id, first.id]))
    assert all(row.anonymised_at and row.birth_on is None for row in rows)
    assert [fault for verdict in await audit.verify_now(chief) for fault in verdict.faults] == []


async def taken_out(actor: Actor, who: UUID) -> tuple[dict[str, list[dict[str, Any]]], list[bytes]]:
    fresh = replace(actor, authenticated_at=now())
    with zipfile.ZipFile(io.BytesIO(await exports.personal_data(fresh, who))) as archive:
        stored = [archive.read(name) for name in archive.namelist() if name.startswith('files/')]
        return json.loads(archive.read('person.json')), stored


async def test_a_person_takes_out_what_he_wrote_does_was_told_and_what_hangs_on_his_record(
    chief: Actor, leaver: Actor
) -> None:
    who = leaver.member_id
    assert who is not None
    station = await tasks.add_list(chief, ListInput(title='Station', visibility=ListVisibility.ORGANIZATION))
    task = await tasks.add_task(chief, TaskInput(title='Check', list_id=station.id, assignee_ids=[who]))
    await tasks.add_task(chief, TaskInput(title='Of another', list_id=station.id))
    await tasks.add_time(leaver, task.id, TimeInput(minutes=30))
    await talk(chief, leaver, task.id, who)
    with files.arriving() as file:
        file.write(b'A paper')
        await attachments.send(chief, 'Member', who, 'paper.txt', file)
    await pass_time()
    own, stored = await taken_out(leaver, who)
    assert {row['title'] for row in own['Task']} == {'Check'}
    assert [row['minutes'] for row in own['TaskTimeEntry']] == [30]
    assert {plain(row['body']) for row in own['Comment']} == {'I see to it @Elena Rossi', 'Other Secretwords'}
    assert [row['name'] for row in own['Attachment']] == ['paper.txt']
    assert own['Notice']
    assert [row['body'] for row in own['Draft']] == [{'rich': '<p>Secretwords</p>'}]
    assert stored == [b'A paper']
    others, stored = await taken_out(chief, who)
    assert {plain(row['body']) for row in others['Comment']} == {'Other Secretwords'}
    assert stored == [b'A paper']
    assert not {'Task', 'Notice', 'Draft'} & others.keys()
