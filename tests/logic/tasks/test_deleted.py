"""What is deleted is hidden everywhere at once, and its files go only when it is gone for good (rule 3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from data.attachments import Attachment
from data.database import database
from data.files import StoredFile
from logic import attachments, tasks
from logic.attachments.previews import forget_removed
from logic.core import files
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.search import find
from logic.tasks import Format
from logic.tasks.deleting import empty_bin

pytestmark = pytest.mark.usefixtures('folder')


async def in_days(actor, days, *jobs):
    """Do jobs as the night does, so many days from now."""
    system = Actor.system(actor.organization_id)
    async with database().write(actor.organization_id) as session:
        work = Work(session, system, 'test', datetime.now(UTC) + timedelta(days=days))
        for job in jobs:
            await job(work)
        await work.finish()
        await session.commit()


async def kept(actor):
    """Return how many files hang on something, and how many stored ones are not given up."""
    async with database().read(actor.organization_id) as session:
        hanging = (await session.exec(select(Attachment))).all()
        stored = (await session.exec(select(StoredFile).where(StoredFile.deleted_at.is_(None)))).all()
    return len(hanging), len(stored)


async def test_rule_3_files_of_a_task_go_only_when_it_is_gone_for_good(chief, add):
    task = await add('Check hose')
    with files.arriving() as file:
        file.write(b'burst at the third coupling')
        await attachments.send(chief, 'Task', task.id, 'report.txt', file)
    await tasks.delete_task(chief, task.id)
    await in_days(chief, 29, empty_bin, forget_removed)
    assert await kept(chief) == (1, 1)
    await tasks.restore_task(chief, task.id)
    assert [one.name for one in (await attachments.list_attachments(chief, 'Task', task.id)).files] == ['report.txt']
    await tasks.delete_task(chief, task.id)
    await in_days(chief, 31, empty_bin)
    await in_days(chief, 32, forget_removed)
    assert await kept(chief) == (0, 0)


async def test_rule_3_a_deleted_task_is_in_no_search_feed_export_or_count(chief, add, station):
    token = await tasks.make_feed(chief)
    task = await add('Check hose', due=date(2036, 5, 1), assignee_ids=[chief.member_id], labels=['hose'])

    async def shown():
        """Return whether each place shows it."""
        feed = (await tasks.read_feed(Actor.public(), token)).content
        return [
            'Task' in {one.record for one in await find(chief, 'hose')},
            b'Check hose' in feed,
            b'Check hose' in await tasks.export_tasks(chief, ListQuery(), Format.CSV),
            (await tasks.get_list(chief, station.id)).open_count == 1,
            (await tasks.board(chief, station.id)).lanes[0].total == 1,
            [row.task_count for row in await tasks.count_labels(chief)] == [1],
        ]

    assert await shown() == [True] * 6
    await tasks.delete_task(chief, task.id)
    assert await shown() == [False] * 6
    await tasks.restore_task(chief, task.id)
    assert await shown() == [True] * 6
