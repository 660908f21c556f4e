"""Presence: who has the same record open, on this node and on others, and nobody who may not see it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from data.members import Member
from logic import members, presence
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.live import Change, hub
from logic.presence import EXPIRES_SECONDS, WRITING_SECONDS, House


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    presence.house.clear()
    yield
    presence.house.clear()


async def names(actor: Actor, row: Member) -> list[str]:
    return [one.name for one in await presence.others(actor, 'Member', row.id)]


async def test_others_appear_once_and_oneself_does_not(chief: Actor, clerk: Actor, person: Member) -> None:
    for page in ('one', 'two'):
        await presence.enter(clerk, 'Member', person.id, page)
    await presence.enter(chief, 'Member', person.id, 'mine')
    assert await names(chief, person) == ['Ann Berg']
    presence.house.rise('one')
    assert await names(chief, person) == ['Ann Berg']
    presence.house.rise('two')
    assert await names(chief, person) == []


async def test_who_may_not_see_the_record_neither_appears_nor_looks(
    chief: Actor, stranger: Actor, member: Actor, person: Member
) -> None:
    await members.archive_member(chief, person.id)  # only who keeps files sees an archived person
    for other in (stranger, member):
        with pytest.raises(NotFound):
            await presence.enter(other, 'Member', person.id, 'theirs')
        with pytest.raises(NotFound):
            await presence.others(other, 'Member', person.id)
    assert await names(chief, person) == []


async def test_a_page_is_at_one_record_at_a_time(chief: Actor, clerk: Actor, person: Member) -> None:
    await presence.enter(clerk, 'Member', person.id, 'page')
    other = await members.add_member(chief, members.MemberInput(first_name='Nora', last_name='Quist'))
    await presence.enter(clerk, 'Member', other.id, 'page')
    assert await names(chief, person) == []
    assert await names(chief, other) == ['Ann Berg']


async def test_writing_is_told_and_ends_by_itself(
    chief: Actor, clerk: Actor, person: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = 1000.0
    monkeypatch.setattr(presence.house, '_clock', lambda: present)
    heard: list[Change] = []
    await presence.enter(clerk, 'Member', person.id, 'page')
    end = hub.subscribe(chief.organization_id, ['Presence'], heard.append)
    presence.house.mark('page', writing=True)
    end()
    assert [change.row_id for change in heard] == [person.id]
    assert (await presence.others(chief, 'Member', person.id))[0].writing_seconds == WRITING_SECONDS
    present += WRITING_SECONDS + 1
    assert (await presence.others(chief, 'Member', person.id))[0].writing_seconds == 0
    presence.house.mark('page', changing=True)
    assert (await presence.others(chief, 'Member', person.id))[0].is_changing


async def test_other_nodes_learn_of_a_page_and_forget_it_when_its_node_falls_silent(
    chief: Actor, clerk: Actor, person: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(hub, 'say', lambda _topic, words: said.append(json.loads(json.dumps(words))))
    await presence.enter(clerk, 'Member', person.id, 'page')
    present = 50.0
    there = House(lambda: present)
    there.hear(said[-1])
    place = (str(chief.organization_id), 'Member', str(person.id))
    assert [seat.name for seat in there.at(place)] == ['Ann Berg']
    present += EXPIRES_SECONDS + 1
    assert there.at(place) == []
    presence.house.mark('page', writing=True)
    there.hear(said[-1])
    assert there.writing_seconds(there.at(place)[0]) > 0
    presence.house.rise('page')
    there.hear(said[-1])
    assert there.at(place) == []
