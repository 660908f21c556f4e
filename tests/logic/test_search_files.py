"""Files on records are found by their names, by those who may see what hangs on the record, and by nobody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from data.attachments import Attachment
from data.core import now
from data.database import Database
from data.members import Member
from data.search import SearchEntry
from logic import attachments, comments, members, search, tasks
from logic.attachments import AttachedFile
from logic.comments import CommentInput
from logic.core import files, words
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.jobs import Runner
from logic.core.work import Work
from logic.members import MemberInput
from logic.members.attachments import send_paper
from logic.members.merge import merge_members
from logic.tasks import ListInput, TaskInput
from tests.conftest import person_with_account, run_as_service
from tests.logic.members.conftest import statements

NAME = 'Hydrant survey 2031.txt'


pytestmark = pytest.mark.usefixtures('folder')


async def bring(
    actor: Actor, record_id: UUID, name: str = NAME, kind: str = 'Member', version_of: UUID | None = None
) -> AttachedFile:
    with files.arriving() as file:
        file.write(name.encode())
        return await attachments.send(actor, kind, record_id, name, file, version_of=version_of)


async def found(actor: Actor, text: str) -> list[tuple[str, str]]:
    """What is shown of each record: its title, and the file."""
    return [(one.title, one.detail) for one in await search.find(actor, text) if one.source == 'Attachment']


async def add(chief: Actor, first: str, last: str) -> Member:
    return await members.add_member(chief, MemberInput(first_name=first, last_name=last))


def system(actor: Actor) -> Actor:
    return Actor.system(actor.organization_id)


@pytest.mark.parametrize(
    'typed', ['hydrant', 'HYDR 2031', 'survey', 'Hydrant survey 2031.txt', '2031.txt', 'survey 2', '2 hyd t', 'h s']
)
async def test_a_hit_shows_the_file_and_its_record_and_leads_to_where_it_hangs(chief: Actor, typed: str) -> None:
    ann = await add(chief, 'Ann', 'Berg')
    await bring(chief, ann.id)
    (hit,) = await search.find(chief, typed)
    assert (hit.title, hit.detail, hit.source) == ('Ann Berg', NAME, 'Attachment')
    assert (hit.record_id, hit.href) == (ann.id, f'/members/{ann.id}?tab=comments')
    assert await search.find(chief, f'{typed} 9') == [], 'each word stands in it'


@pytest.mark.parametrize(
    'typed', ['2031-03-07', 'crew-list', 'final', 'list_a.v2', '2031-03-07_engine-51_crew-list_a.v2.final.txt']
)
async def test_any_part_of_a_long_name_is_found(chief: Actor, typed: str) -> None:
    ann = await add(chief, 'Ann', 'Berg')
    await bring(chief, ann.id, '2031-03-07_engine-51_crew-list_a.v2.final.txt')
    assert len(await found(chief, typed)) == 1
    assert await found(chief, 'crew-final') == []


async def test_a_record_comes_before_the_files_that_are_called_like_it(chief: Actor) -> None:
    hydrant, other = await add(chief, 'Ada', 'Hydrant'), await add(chief, 'Ann', 'Berg')
    await comments.add_comment(chief, 'Member', hydrant.id, CommentInput(body='<p>About the survey</p>'))
    for number in range(70):
        await bring(chief, other.id, f'Hydrant {number}.txt')
    assert [one.title for one in await search.find(chief, 'hydrant', most=1)] == ['Ada Hydrant']
    await bring(chief, other.id, 'Survey.txt')
    assert [one.source for one in await search.find(chief, 'survey')] == ['Attachment', 'Comment']


async def test_the_papers_of_a_file_are_found_by_nobody_who_may_not_read_it(chief: Actor, member: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg')
    await bring(chief, ann.id)
    await send_paper(chief, ann.id, 'Hydrant diagnosis.txt', b'private')
    assert await found(chief, 'hydrant') == [('Ann Berg', NAME)]
    assert await found(chief, 'diagnosis') == []
    assert await search.find(member, 'hydrant') == []
    assert [one.title for one in await search.find(member, 'ann berg')] == ['Ann Berg']
    clerk = await person_with_account(chief, 'Kim', 'Lee', 'kim@example.org', 'HR manager')
    assert await found(clerk, 'hydrant') == [('Ann Berg', NAME)]
    assert member.member_id is not None
    await bring(chief, member.member_id, 'Siren test.txt')
    assert len(await found(member, 'siren')) == 1, 'each sees what hangs on his own record'


async def test_who_may_not_see_a_task_does_not_find_its_files(chief: Actor, member: Actor) -> None:
    private = await tasks.add_list(chief, ListInput(title='Of the chief'))
    hidden = await tasks.add_task(chief, TaskInput(title='Count', list_id=private.id))
    await bring(chief, hidden.id, kind='Task')
    assert await found(chief, 'hydrant') == [('Count', NAME)]
    assert await search.find(member, 'hydrant') == []
    assert await search.find(member, NAME, ['Task']) == []
    shown = await tasks.add_task(member, TaskInput(title='Mend'))
    await bring(member, shown.id, kind='Task')
    assert await found(member, 'hydrant') == [('Mend', NAME)]


async def test_another_department_finds_no_file_of_ours(chief: Actor, stranger: Actor) -> None:
    await bring(chief, (await add(chief, 'Ann', 'Berg')).id)
    await bring(stranger, (await add(stranger, 'Bo', 'Chan')).id, 'Hydrant of theirs.txt')
    assert await found(stranger, 'hydrant') == [('Bo Chan', 'Hydrant of theirs.txt')]
    assert await found(chief, 'hydrant') == [('Ann Berg', NAME)]


async def test_a_file_in_the_bin_is_not_found_until_it_is_taken_out(chief: Actor) -> None:
    file = await bring(chief, (await add(chief, 'Ann', 'Berg')).id)
    await attachments.remove_attachment(chief, file.id)
    assert await found(chief, 'hydrant') == []
    await search.rebuild(system(chief))
    assert await found(chief, 'hydrant') == []
    await attachments.restore_attachment(chief, file.id)
    assert await found(chief, 'hydrant') == [('Ann Berg', NAME)]


async def test_a_file_of_a_task_in_the_bin_is_not_found_until_the_task_is_back(chief: Actor) -> None:
    task = await tasks.add_task(chief, TaskInput(title='Count'))
    await bring(chief, task.id, kind='Task')
    await tasks.delete_task(chief, task.id)
    assert await found(chief, 'hydrant') == []
    await tasks.restore_task(chief, task.id)
    assert await found(chief, 'hydrant') == [('Count', NAME)]


async def test_no_word_of_a_file_that_is_gone_stays_in_the_index(chief: Actor) -> None:
    file = await bring(chief, (await add(chief, 'Ann', 'Berg')).id)
    await attachments.remove_attachment(chief, file.id)
    assert await _kept(chief, file.id) == 0, 'already in the bin'
    await attachments.restore_attachment(chief, file.id)
    assert await _kept(chief, file.id) == 1

    async def age(work: Work) -> None:
        (await work.get(Attachment, file.id)).removed_at = now() - timedelta(days=31)

    await run_as_service(age)(system(chief))
    await run_as_service(attachments.forget_removed.function)(system(chief))
    assert await _kept(chief, file.id) == 0


async def _kept(chief: Actor, file_id: UUID) -> int:
    async def count(work: Work) -> int:
        return await work.count(select(SearchEntry.id).where(SearchEntry.source_id == file_id))

    return int(await run_as_service(count, writes=False)(system(chief)))


async def test_a_file_is_found_by_its_new_name_and_once_however_many_versions_it_has(chief: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg')
    file = await bring(chief, ann.id)
    await bring(chief, ann.id, 'Another name.txt', version_of=file.id)
    assert (await found(chief, 'hydrant'), await found(chief, 'another')) == ([('Ann Berg', NAME)], [])
    await attachments.rename_attachment(chief, file.id, 'Siren test')
    assert (await found(chief, 'hydrant'), await found(chief, 'siren')) == ([], [('Ann Berg', 'Siren test.txt')])


async def test_the_index_knows_no_file_whose_work_was_undone(chief: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg')

    async def fail(work: Work) -> None:
        await work.get(Member, ann.id)
        work.add(Attachment(record='Member', record_id=ann.id, name=NAME))
        await work.flush()
        assert await work.count(select(SearchEntry.id).where(SearchEntry.source == 'Attachment')) == 1
        raise Invalid('Nothing of this is kept.')

    with pytest.raises(Invalid):
        await run_as_service(fail)(system(chief))
    assert await found(chief, 'hydrant') == []


async def test_what_hangs_on_a_merged_record_is_found_on_the_one_that_stays(chief: Actor) -> None:
    kept, dropped = await add(chief, 'Ann', 'Berg'), await add(chief, 'Anne', 'Berg')
    await bring(chief, dropped.id)
    await comments.add_comment(chief, 'Member', dropped.id, CommentInput(body='<p>Ask for her gloves</p>'))
    await merge_members(chief, kept.id, dropped.id)
    assert await found(chief, 'hydrant') == [('Ann Berg', NAME)]
    assert [(one.title, one.record_id) for one in await search.find(chief, 'gloves')] == [('Ann Berg', kept.id)]


async def test_files_that_were_there_before_are_found_after_an_upgrade(chief: Actor) -> None:
    await bring(chief, (await add(chief, 'Ann', 'Berg')).id)
    older = words.FORM - 1

    async def as_before(work: Work) -> None:
        await work.execute(sa.delete(SearchEntry).where(col(SearchEntry.source) == 'Attachment'))
        await work.execute(sa.update(SearchEntry).values(form=older))

    await run_as_service(as_before)(system(chief))
    assert await found(chief, 'hydrant') == []
    assert await search.rebuild_where_missing(Actor.system()) == 1
    await Runner().run_until_idle()
    assert await found(chief, 'hydrant') == [('Ann Berg', NAME)]


async def test_a_search_costs_the_same_with_many_files_as_with_one(database: Database, chief: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg')
    await bring(chief, ann.id)

    async def cost() -> int:
        sent: Any
        with statements(database) as sent:
            await search.find(chief, 'hydrant')
        return len(sent)

    one = await cost()
    for number in range(12):
        await bring(chief, (await add(chief, 'Ann', f'Berg {number}')).id, f'Hydrant {number}.txt')
    assert len(await found(chief, 'hydrant')) == 13
    assert await cost() == one
