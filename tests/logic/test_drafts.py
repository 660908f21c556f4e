"""Drafts: sealed, each for its writer and place alone, bounded, and forgotten when they are done with or old."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import col, select

from data import database as databases
from data.comments import Draft
from data.core import new_id, now
from data.members import Member
from logic import drafts
from logic.core import secrets as keys
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid
from logic.core.work import Work
from logic.drafts import Begun, Picked
from logic.export import exported_tables
from logic.members.domain import MemberAnonymised
from tests.conftest import run_as_service
from tests.logic.members.conftest import statements

PLACE = '/members/new#MemberInput'
HALF = Begun(typed={'first_name': 'Ada', 'skills': ['driver'], 'is_active': True}, rich='<p>Half</p>')


@pytest.fixture(autouse=True)
def sealing(secrets: Path) -> None:
    """The keys of an installation."""


async def found(actor: Actor, place: str = PLACE) -> Begun | None:
    return (await drafts.get_drafts(actor, [place])).get(place)


async def _rows(work: Work) -> list[Draft]:
    return await work.all(select(Draft).order_by(col(Draft.place)))


def doing(function: Any, actor: Actor, *args: Any) -> Any:
    """Do it as Logbook itself, in the department of somebody."""
    return run_as_service(function)(Actor.system(actor.organization_id), *args)


async def rows_of(actor: Actor) -> list[Draft]:
    return await doing(_rows, actor)


async def _age(work: Work, place: str, days: int) -> None:
    await work.execute(
        sa.update(Draft).where(col(Draft.place) == place).values(updated_at=now() - timedelta(days=days))
    )


async def _forget_old(work: Work) -> None:
    await drafts.forget_old_drafts(work)


async def test_a_draft_is_kept_replaced_and_forgotten(chief: Actor) -> None:
    assert await found(chief) is None
    await drafts.keep_draft(chief, PLACE, HALF)
    assert await found(chief) == HALF
    more = Begun(typed={'first_name': 'Ada', 'last_name': None}, picked={'leader_id': [Picked(value='1', label='Bo')]})
    await drafts.keep_draft(chief, PLACE, more)
    assert await found(chief) == more
    assert len(await rows_of(chief)) == 1
    await drafts.keep_draft(chief, PLACE, None)
    assert await found(chief) is None
    await drafts.keep_draft(chief, PLACE, HALF)
    await drafts.keep_draft(chief, PLACE, Begun())
    assert await rows_of(chief) == []


async def test_nobody_else_gets_a_draft_or_forgets_it(chief: Actor, member: Actor, stranger: Actor) -> None:
    await drafts.keep_draft(chief, PLACE, HALF)
    for other in (member, stranger):
        assert await found(other) is None
        await drafts.keep_draft(other, PLACE, None)
        await drafts.keep_draft(other, PLACE, Begun(typed={'first_name': 'Mine'}))
    assert await found(chief) == HALF
    assert await found(member) == Begun(typed={'first_name': 'Mine'})


async def test_what_is_typed_is_not_readable_in_the_database(chief: Actor, database: databases.Database) -> None:
    await drafts.keep_draft(chief, PLACE, HALF)
    (row,) = await rows_of(chief)
    assert isinstance(row.body, bytes)
    assert b'Ada' not in row.body
    assert b'Half' not in row.body


async def test_a_draft_that_was_moved_to_another_row_does_not_open(chief: Actor, member: Actor) -> None:
    async def swap(work: Work) -> None:
        mine, theirs = await work.all(select(Draft).order_by(col(Draft.place)))
        theirs.body = mine.body

    await drafts.keep_draft(chief, 'a', HALF)
    await drafts.keep_draft(member, 'b', Begun(rich='<p>x</p>'))
    await doing(swap, chief)
    with pytest.raises(keys.Tampered):
        await found(member, 'b')


async def test_rich_text_is_clean_when_it_is_kept_and_when_it_is_read(chief: Actor) -> None:
    await drafts.keep_draft(chief, PLACE, Begun(rich='<p>Half a <script>x</script>thought</p>'))
    assert await found(chief) == Begun(rich='<p>Half a thought</p>')

    async def spoil(work: Work) -> None:
        (row,) = await _rows(work)
        text = json.dumps({'rich': '<p>Half<img src=x onerror=alert(1)></p>'})
        row.body = await keys.seal_value(work, text, drafts.WHERE(row.id, row.organization_id))

    await doing(spoil, chief)
    assert await found(chief) == Begun(rich='<p>Half</p>')


@pytest.mark.parametrize('place', ['', 'x' * 121])
async def test_a_place_that_cannot_be_is_refused(chief: Actor, place: str) -> None:
    with pytest.raises(Denied):
        await drafts.keep_draft(chief, place, HALF)


async def test_who_has_no_account_or_no_department_has_no_drafts(chief: Actor) -> None:
    system = Actor.system(chief.organization_id)
    with pytest.raises(Denied):
        await drafts.keep_draft(system, PLACE, HALF)
    nowhere = replace(chief, organization_id=None)
    await drafts.keep_draft(nowhere, PLACE, HALF)
    for actor in (system, nowhere, chief):
        assert await drafts.get_drafts(actor, [PLACE]) == {}


async def test_what_is_too_long_is_refused_and_the_draft_before_stays(chief: Actor) -> None:
    await drafts.keep_draft(chief, PLACE, HALF)
    for much in (Begun(typed={'notes': 'x' * drafts.LONGEST}), Begun(rich='<p>' + 'x' * 40_000 + '</p>')):
        with pytest.raises(Invalid):
            await drafts.keep_draft(chief, PLACE, much)
    assert await found(chief) == HALF


def test_a_draft_holds_nothing_but_fields_and_a_text() -> None:
    for given in ({'account_id': 'x'}, {'typed': {'x': {'y': 1}}}, {'typed': {str(n): '' for n in range(301)}}):
        with pytest.raises(ValidationError):
            Begun.model_validate(given)


async def test_the_oldest_draft_makes_room_when_there_are_too_many(
    chief: Actor, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, 'MOST', 3)
    await drafts.keep_draft(member, PLACE, HALF)
    for number, place in enumerate('abc'):
        await drafts.keep_draft(chief, place, HALF)
        await doing(_age, chief, place, 9 - number)
    await drafts.keep_draft(chief, 'a', Begun(rich='<p>Touched</p>'))
    await drafts.keep_draft(chief, 'd', HALF)
    assert [row.place for row in await rows_of(chief) if row.account_id == chief.account_id] == ['a', 'c', 'd']
    assert await found(member) == HALF


async def test_drafts_that_nobody_touches_are_forgotten_after_sixty_days(chief: Actor) -> None:
    for place, days in (('old', 61), ('young', 59)):
        await drafts.keep_draft(chief, place, HALF)
        await doing(_age, chief, place, days)
    await doing(_forget_old, chief)
    assert [row.place for row in await rows_of(chief)] == ['young']


async def test_a_draft_costs_few_statements_and_is_not_in_the_log(chief: Actor, database: databases.Database) -> None:
    await drafts.keep_draft(chief, PLACE, HALF)
    with statements(database) as again:
        await drafts.keep_draft(chief, PLACE, Begun(typed={'first_name': 'a'}))
    with statements(database) as read:
        assert await drafts.get_drafts(chief, [PLACE, 'b', 'c'])
    with statements(database) as forgotten:
        await drafts.keep_draft(chief, PLACE, None)
    assert [len(one) for one in (again, read, forgotten)] == [4, 2, 1]
    assert not any('audit' in one for one in again + forgotten)


async def test_a_new_data_key_reaches_the_drafts(chief: Actor) -> None:
    await drafts.keep_draft(chief, PLACE, HALF)

    async def anew(work: Work) -> int:
        await keys.rotate_data_key(work, work.organization_id)
        column = next(one for one in keys.SEALED_COLUMNS if one.model is Draft)
        return await keys.reseal_column(work, column, work.organization_id)

    assert await doing(anew, chief) == 1
    assert await found(chief) == HALF


async def test_who_is_forgotten_is_called_anew_in_drafts_that_name_him_and_no_other_is_opened(
    chief: Actor, member: Actor, database: databases.Database
) -> None:
    picked = {'who': [Picked(value=str(member.member_id), label='Jide Okafor')]}
    rich = f'<p><span data-mention="member:{member.member_id}">@Jide Okafor</span></p>'
    await drafts.keep_draft(chief, 'picked', Begun(typed={'who': 'x'}, picked=picked))
    await drafts.keep_draft(chief, 'mentioned', Begun(rich=rich))
    await drafts.keep_draft(chief, 'other', HALF)
    await drafts.keep_draft(chief, 'before', Begun(rich=rich))
    await drafts.keep_draft(chief, 'turned', Begun(rich=rich))
    await drafts.keep_draft(chief, 'turned', HALF)

    async def spoil(work: Work) -> None:
        """Let what must not be opened be what cannot be, and one draft as it was before drafts were marked."""
        for place, values in {'other': {'body': b'x'}, 'turned': {'body': b'x'}, 'before': {'people': None}}.items():
            await work.execute(sa.update(Draft).where(col(Draft.place) == place).values(**values))

    async def forget(work: Work) -> None:
        await drafts.forget_person(work, MemberAnonymised(member.member_id, None, ()))

    async def rename(work: Work) -> None:
        row = await work.get(Member, member.member_id)
        row.first_name, row.last_name, row.preferred_name = 'Former', 'member', ''

    for act in (spoil, rename, forget):
        await doing(act, chief)
    kept = await drafts.get_drafts(chief, ['picked', 'mentioned', 'before'])
    assert kept['picked'].picked['who'][0].label == 'Former member'
    assert all('@Former member' in kept[place].rich for place in ('mentioned', 'before'))
    marks = [row.people or '' for row in await rows_of(chief)]
    assert str(member.member_id) not in ' '.join(marks)


def test_the_export_of_a_department_has_nobodys_drafts() -> None:
    assert 'draft' not in {name for name, _, _ in exported_tables()}
    assert 'comment' in {name for name, _, _ in exported_tables()}


async def test_a_draft_that_names_hundreds_costs_no_more_statements_than_one(
    chief: Actor, database: databases.Database
) -> None:
    counts = []
    for place, count in (('first', 1), ('one', 1), ('many', 500)):
        picked = {'member_ids': [Picked(value=str(new_id())) for _ in range(count)]}
        with statements(database) as sent:
            await drafts.keep_draft(chief, place, Begun(typed={'member_ids': []}, picked=picked))
        counts.append(len(sent))
    assert counts[1] == counts[2]
