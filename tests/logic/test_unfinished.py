"""Imports that somebody has begun and left: found again by him alone, gone on with, discarded, forgotten."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from data.core import now
from logic.core import underway
from logic.core.actor import Actor
from logic.core.errors import Conflict, NotFound
from logic.members.imports import ImportOptions
from logic.members.imports import runs as rosters
from logic.members.imports.runs import Step
from logic.tasks.imports import runs as lists

ROSTER, TASKS = b'First name,Last name\nUma,Vale\n', b'Title\nCheck hose\n'
KINDS = [(rosters, ROSTER), (lists, TASKS)]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that other tests have begun."""
    for kind, _ in KINDS:
        monkeypatch.setattr(kind, 'runs', underway.Shelf())


def names(kind: Any, actor: Actor) -> list[str]:
    return [one.name for one in kind.runs.unfinished(actor)]


@pytest.mark.parametrize(('kind', 'content'), KINDS)
async def test_who_left_an_import_finds_it_again_and_nobody_else_does(
    kind: Any, content: bytes, chief: Actor, member: Actor, stranger: Actor
) -> None:
    first = await kind.begin(chief, 'first.csv', content)
    await kind.begin(chief, 'second.csv', content)
    assert names(kind, chief) == ['second.csv', 'first.csv']
    for other in (member, stranger):
        assert names(kind, other) == []
        with pytest.raises(NotFound):
            kind.runs.get(other, first.id)
        with pytest.raises(NotFound):
            kind.runs.discard(other, first.id)
    assert names(kind, chief) == ['second.csv', 'first.csv']


@pytest.mark.parametrize(('kind', 'content'), KINDS)
async def test_what_is_discarded_or_two_hours_old_is_not_offered_any_more(
    kind: Any, content: bytes, chief: Actor
) -> None:
    run = await kind.begin(chief, 'a.csv', content)
    getattr(kind, 'discard', kind.runs.discard)(chief, run.id)
    assert names(kind, chief) == []
    with pytest.raises(NotFound):
        kind.runs.get(chief, run.id)
    await kind.begin(chief, 'b.csv', content)
    with time_machine.travel(now() + timedelta(minutes=119), tick=False):
        assert names(kind, chief) == ['b.csv']
    with time_machine.travel(now() + timedelta(minutes=121), tick=False):
        assert names(kind, chief) == []


async def test_the_oldest_import_makes_room_when_there_are_too_many(
    chief: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underway, 'MOST', 3)
    for name in 'abcde':
        await lists.begin(chief, name, TASKS)
    assert names(lists, chief) == ['e', 'd', 'c']


async def test_who_begins_many_imports_pushes_out_his_own_alone(chief: Actor, member: Actor) -> None:
    await lists.begin(chief, 'a', TASKS)
    for number in range(underway.MOST):
        await lists.begin(member, str(number), TASKS)
    assert names(lists, chief) == ['a']
    assert names(lists, member) == ['19', '18', '17', '16']


async def test_an_import_of_tasks_that_is_done_is_unfinished_no_more_and_its_result_stays(chief: Actor) -> None:
    run = await lists.begin(chief, 'a.csv', TASKS)
    await lists.apply(chief, run.id)
    assert names(lists, chief) == []
    done = lists.runs.get(chief, run.id).done
    assert done is not None
    assert done.batch_id is not None


async def test_a_roster_is_not_discarded_while_it_is_busy_and_is_over_once_it_is_applied(chief: Actor) -> None:
    run = await rosters.begin(chief, 'a.csv', ROSTER)
    await rosters.choose(chief, run.id, ImportOptions(mapping=run.reading.mapping))
    assert run.step is Step.CHECKING
    with pytest.raises(Conflict):
        rosters.discard(chief, run.id)
    await asyncio.gather(*rosters._tasks)
    assert names(rosters, chief) == ['a.csv']
    await rosters.apply(chief, run.id)
    await asyncio.gather(*rosters._tasks)
    assert run.step is Step.DONE
    assert names(rosters, chief) == []
    assert rosters.get(chief, run.id) is run
