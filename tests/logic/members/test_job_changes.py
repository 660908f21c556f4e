"""Where people work, by date: rows are read by the day, corrections keep the history, and managers form no circle."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.core import new_id
from data.members import JobChange
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.listing import ListQuery
from logic.members import JobInput
from logic.members.job_changes import put, row_at
from tests.logic.members.conftest import Add


async def test_a_future_change_waits_for_its_day(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', title='Driver')
    day = ann.status_since_on
    await members.change_job(chief, ann.id, JobInput(title='Captain'), day + timedelta(days=30))
    rows = (await members.membership_history(chief, ann.id)).jobs
    assert [(row.title, row.is_current) for row in rows] == [('Captain', False), ('Driver', True)]
    assert rows[1].last_on == day + timedelta(days=29)
    listed = next(r for r in (await members.list_members(chief, ListQuery())).rows if r.id == ann.id)
    assert listed.title == 'Driver'


async def test_a_change_of_today_reaches_later_rows_that_say_the_same(chief: Actor, add: Add) -> None:
    boss = await add('Bo', 'Chan')
    ann = await add('Ann', 'Berg', title='Driver')
    later = ann.status_since_on + timedelta(days=30)
    await members.change_job(chief, ann.id, JobInput(title='Captain'), later)
    await members.change_job(chief, ann.id, JobInput(manager_id=boss.id, title='Engineer'))
    rows = (await members.membership_history(chief, ann.id)).jobs
    assert [(row.title, row.manager) for row in rows] == [('Captain', 'Bo Chan'), ('Engineer', 'Bo Chan')]


async def test_a_change_of_nothing_leaves_no_row(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', title='Driver')
    assert await members.change_job(chief, ann.id, JobInput(title='Driver')) is None
    assert len((await members.membership_history(chief, ann.id)).jobs) == 1


async def test_a_removed_row_gives_its_time_back_to_the_one_before(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', title='Driver')
    row = await members.change_job(chief, ann.id, JobInput(title='Captain'), ann.status_since_on + timedelta(days=9))
    assert row is not None
    await members.remove_job_change(chief, row.id)
    left = (await members.membership_history(chief, ann.id)).jobs
    assert [(r.title, r.last_on) for r in left] == [('Driver', None)]
    with pytest.raises(Conflict, match='only row'):
        await members.remove_job_change(chief, left[0].id)


async def test_nobody_reports_to_himself_through_others(chief: Actor, add: Add) -> None:
    top = await add('Ann', 'Berg')
    middle = await add('Bo', 'Chan', manager_id=top.id)
    low = await add('Cy', 'Diaz', manager_id=middle.id)
    with pytest.raises(Conflict, match='circle'):
        await members.change_job(chief, top.id, JobInput(manager_id=low.id))
    with pytest.raises(Conflict, match='their own manager'):
        await members.change_job(chief, top.id, JobInput(manager_id=top.id))


async def test_a_circle_that_would_exist_only_in_future_is_refused_too(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    bo = await add('Bo', 'Chan')
    later = ann.status_since_on + timedelta(days=30)
    await members.change_job(chief, bo.id, JobInput(manager_id=ann.id), later)
    with pytest.raises(Conflict, match='circle'):
        await members.change_job(chief, ann.id, JobInput(manager_id=bo.id))
    # Before that day it is no circle, when the row of Ann ends by then.
    cy = await add('Cy', 'Diaz')
    await members.change_job(chief, ann.id, JobInput(manager_id=cy.id), later)
    await members.change_job(chief, ann.id, JobInput(manager_id=bo.id))


async def test_a_manager_keeps_those_who_report_through_others_and_nobody_else(
    chief: Actor, manager: Actor, add: Add
) -> None:
    direct = await add('Ann', 'Berg', manager_id=manager.member_id)
    through = await add('Bo', 'Chan', manager_id=direct.id, email='bo@example.org')
    other = await add('Cy', 'Diaz', email='cy@example.org')
    assert (await members.get_member(manager, through.id)).email == 'bo@example.org'
    assert not (await members.get_member(manager, other.id)).shows('email')
    await members.change_job(manager, through.id, JobInput(title='Driver'))
    with pytest.raises(Denied):
        await members.change_job(manager, other.id, JobInput(title='Driver'))
    with pytest.raises(Denied):
        await members.membership_history(manager, other.id)
    rows = {row.name: row for row in (await members.list_members(manager, ListQuery())).rows}
    assert rows['Bo Chan'].email == 'bo@example.org'
    assert rows['Cy Diaz'].email is None


async def test_a_manager_who_has_left_takes_nobody_over(chief: Actor, add: Add) -> None:
    gone = await add('Ann', 'Berg')
    await members.change_status(chief, gone.id, 'left', 'Moved away')  # type: ignore[arg-type]
    bo = await add('Bo', 'Chan')
    with pytest.raises(Invalid) as refusal:
        await members.change_job(chief, bo.id, JobInput(manager_id=gone.id))
    assert 'no longer' in refusal.value.fields['manager_id']


class _Shelf:
    """Stands for a work that only takes rows."""

    def add(self, row: JobChange) -> JobChange:
        return row


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(['A', 'B', 'C'])), min_size=1, max_size=12))
def test_rows_cover_every_day_once_from_the_first_on(changes: list[tuple[int, str]]) -> None:
    start = date(2026, 1, 1)
    rows: list[JobChange] = []
    for offset, title in changes:
        put(_Shelf(), new_id(), rows, start + timedelta(days=offset), {'title': title})  # type: ignore[arg-type]
        on = row_at(rows, start + timedelta(days=offset))
        assert on is not None
        assert on.title == title
    assert [r.from_on for r in rows] == sorted({r.from_on for r in rows})
    for before, after in pairwise(rows):
        assert before.until_on == after.from_on
    assert rows[-1].until_on is None
