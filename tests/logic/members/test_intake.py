"""Many people at once: matched by number and e-mail, all good rows or none, each refusal named, and one undo."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from data import database as databases
from data.members import JobChange, Member, MemberBatch, MemberStatus
from logic import departments, members
from logic.core.actor import Actor
from logic.core.errors import Conflict
from logic.core.listing import ListQuery
from logic.core.service import SYSTEM, Service, services
from logic.core.work import Work
from logic.members import ProfileInput
from logic.members.batches import undo_batch
from logic.members.custom_fields import CustomFieldInput, add_custom_field
from logic.members.intake import Fate, IntakePlan, IntakeRow, apply_intake, plan_intake
from tests.logic.members.conftest import Add, statements


def door(function: Callable[..., Awaitable[Any]], *, writes: bool = True) -> Callable[..., Awaitable[Any]]:
    made: Any = Service(function, SYSTEM, writes=writes)
    services.pop(made.name)
    return made  # type: ignore[no-any-return]


async def _take(work: Work, rows: list[IntakeRow], create_missing: bool = True) -> tuple[Any, IntakePlan]:
    batch, plan = await apply_intake(work, rows, title='roster.csv', create_missing=create_missing)
    return batch.id, plan


async def _plan(work: Work, rows: list[IntakeRow], create_missing: bool = True) -> IntakePlan:
    return await plan_intake(work, rows, create_missing=create_missing)


take, look = door(_take), door(_plan, writes=False)


def rows(*values: dict[str, Any]) -> list[IntakeRow]:
    return [IntakeRow(at, one) for at, one in enumerate(values, 2)]


def system(chief: Actor) -> Actor:
    return Actor.system(chief.organization_id)


async def names(chief: Actor) -> list[str]:
    return [row.name for row in (await members.list_members(chief, ListQuery())).rows]


async def test_a_roster_is_taken_in_with_departments_managers_and_leavers(chief: Actor) -> None:
    plan: IntakePlan
    batch_id, plan = await take(
        system(chief),
        rows(
            {'number': '0007', 'first_name': 'Bo', 'last_name': 'Chan', 'department': 'Fleet', 'manager': '0009'},
            {'number': '0009', 'first_name': 'Ann', 'last_name': 'Berg', 'department': 'fleet', 'rank': 'Captain',
             'joined_on': date(2001, 2, 3), 'email': 'ann@example.org', 'phone': '+16235550101'},
            {'last_name': 'Old', 'left_on': date(2020, 5, 1), 'manager': 'ann@example.org'},
        ),
    )  # fmt: skip
    assert [row.fate for row in plan.rows] == [Fate.NEW] * 3
    assert plan.missing == {'department': ['Fleet']}
    listed = {row.name: row for row in (await members.list_members(chief, ListQuery())).rows}
    assert listed['Bo Chan'].manager is not None
    assert listed['Bo Chan'].manager.name == 'Ann Berg'
    assert listed['Bo Chan'].department is not None
    assert listed['Ann Berg'].rank is not None
    assert listed['Old'].status is MemberStatus.LEFT
    assert listed['Old'].number == '0002'  # the owner has the first
    batches = await members.list_batches(chief)
    assert (batches[0].id, batches[0].new_count, batches[0].can_undo) == (batch_id, 3, True)


async def test_the_same_file_again_changes_nothing(chief: Actor) -> None:
    file = rows(
        {'number': '7', 'first_name': 'Bo', 'department': 'Fleet', 'email': 'bo@example.org', 'status': 'active'},
        {'number': '8', 'first_name': 'Cy', 'manager': '7', 'title': 'Driver'},
    )
    for row in file:
        if 'status' in row.values:
            row.values['status'] = MemberStatus.ACTIVE
    await take(system(chief), file)
    plan = await look(system(chief), file)
    assert [row.fate for row in plan.rows] == [Fate.SAME, Fate.SAME]


async def test_a_row_matches_by_number_then_by_email_and_shows_what_changes(chief: Actor, add: Add) -> None:
    await add('Ann', 'Berg', number='7', email='ann@example.org')
    plan = await look(
        system(chief), rows({'email': 'ann@example.org', 'last_name': 'Berg-Olsen', 'number': '17', 'rank': 'Captain'})
    )
    assert plan.rows[0].fate is Fate.UPDATE
    assert plan.rows[0].changes == {
        'number': ('7', '17'), 'last_name': ('Berg', 'Berg-Olsen'), 'rank': (None, 'Captain')
    }  # fmt: skip


@pytest.mark.parametrize(
    ('bad', 'field', 'words'),
    [
        ({'email': 'x@example.org'}, 'last_name', 'name is needed'),
        ({'number': '7', 'email': 'bo@example.org'}, 'email', 'Bo Chan'),
        ({'number': '99', 'last_name': 'Twice'}, 'number', 'Row 3'),
        ({'last_name': 'X', 'manager': '12345'}, 'manager', 'Nobody has the number'),
        ({'number': 'S', 'last_name': 'X', 'manager': 'S'}, 'manager', 'himself'),
        ({'last_name': 'X', 'company': 'Nowhere Inc'}, 'company', 'no company named'),
        ({'last_name': 'X', 'birth_on': date(2999, 1, 1)}, 'birth_on', 'future'),
        ({'last_name': 'X', 'left_on': date(2001, 1, 1), 'joined_on': date(2002, 1, 1)}, 'joined_on', 'after'),
        ({'last_name': 'X', 'left_on': date(2001, 1, 1), 'status': MemberStatus.ACTIVE}, 'left_on', 'status'),
        ({'number': '7', 'status': MemberStatus.PROBATIONARY, 'left_on': date(2001, 1, 1)}, 'left_on', 'status'),
        ({'last_name': 'X', 'field:shoe': '44'}, 'field:shoe', 'no field'),
    ],
)
async def test_a_bad_row_is_refused_by_field_and_the_good_ones_are_taken(
    chief: Actor, add: Add, bad: dict[str, Any], field: str, words: str
) -> None:
    await add('Ann', 'Berg', number='7', email='ann@example.org')
    await add('Bo', 'Chan', number='8', email='bo@example.org')
    _, plan = await take(system(chief), rows({'last_name': 'Good'}, {'number': '99', 'last_name': 'First'}, bad))
    assert [row.fate for row in plan.rows] == [Fate.NEW, Fate.NEW, Fate.REFUSED]
    assert plan.rows[2].row_number == 4
    assert field in dict(plan.rows[2].faults)
    assert words in dict(plan.rows[2].faults)[field]
    assert {'Good', 'First'} < set(await names(chief))


async def test_unknown_departments_are_refused_when_none_may_be_made(chief: Actor) -> None:
    _, plan = await take(system(chief), rows({'last_name': 'X', 'department': 'Fleet'}), False)
    assert plan.rows[0].faults == [('department', 'There is no department named "Fleet".')]
    assert [row.name for row in await departments.list_departments(chief)] == ['Operations']


async def test_a_circle_of_managers_in_the_file_is_refused(chief: Actor) -> None:
    plan = await look(
        system(chief),
        rows(
            {'number': 'a', 'last_name': 'A', 'manager': 'b'},
            {'number': 'b', 'last_name': 'B', 'manager': 'c'},
            {'number': 'c', 'last_name': 'C', 'manager': 'a'},
            {'number': 'd', 'last_name': 'D', 'manager': 'a'},
        ),
    )
    assert [row.fate for row in plan.rows] == [Fate.REFUSED] * 3 + [Fate.NEW]


async def test_an_import_is_undone_as_a_whole(chief: Actor, add: Add) -> None:
    field = await add_custom_field(chief, CustomFieldInput(name='Shoe size'))
    ann = await add('Ann', 'Berg', number='7', title='Driver')
    before = await names(chief)
    batch_id, _ = await take(
        system(chief),
        rows(
            {'number': '7', 'last_name': 'Olsen', 'title': 'Captain', 'tags': ['Red'], 'field:shoe size': '44'},
            {'number': '9', 'last_name': 'New', 'manager': '7', 'field:shoe size': '40'},
        ),
    )
    view = await members.get_member(chief, ann.id)
    assert (view.last_name, view.title, view.custom) == ('Olsen', 'Captain', {field.id: '44'})
    result = await undo_batch(chief, batch_id)
    assert (result.changed, result.refused) == (2, [])
    assert await names(chief) == before
    view = await members.get_member(chief, ann.id)
    assert (view.last_name, view.title, view.custom, view.tags) == ('Berg', 'Driver', {}, [])
    with pytest.raises(Conflict, match='already'):
        await undo_batch(chief, batch_id)


async def test_undo_leaves_alone_whom_somebody_changed_since_and_says_so(chief: Actor) -> None:
    batch_id, plan = await take(system(chief), rows({'last_name': 'One'}, {'last_name': 'Two'}))
    one = plan.rows[0].member_id
    await members.update_member(chief, one, ProfileInput(first_name='Edited'))
    result = await undo_batch(chief, batch_id)
    assert result.changed == 1
    assert [(refusal.name, refusal.reason) for refusal in result.refused] == [
        ('Edited One', 'Somebody changed this person since.')
    ]
    assert await names(chief) == ['Edited One', 'Elena Rossi']


async def test_an_import_takes_few_statements_a_row(chief: Actor, database: databases.Database) -> None:
    file = rows(
        *({'number': f'N{at}', 'first_name': f'F{at}', 'last_name': 'Many', 'email': f'm{at}@example.org',
           'department': 'Fleet', 'manager': 'N0' if at else None} for at in range(200))
    )  # fmt: skip
    with statements(database) as sent:
        _, plan = await take(system(chief), file)
    assert plan.count(Fate.NEW) == 200
    assert len(sent) < 100
    with statements(database) as sent:
        await look(system(chief), file)
    assert len(sent) < 25


async def _count(work: Work) -> tuple[int, int, int]:
    people = await work.count(select(Member.id))
    return people, await work.count(select(JobChange.id)), await work.count(select(MemberBatch.id))


async def test_a_failure_in_the_middle_leaves_nothing_behind(chief: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from logic.members.intake import apply

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError('The power went out.')

    count = door(_count, writes=False)
    before = await count(system(chief))
    monkeypatch.setattr(apply, 'put', broken)
    with pytest.raises(RuntimeError):
        await take(system(chief), rows({'last_name': 'One'}, {'last_name': 'Two', 'department': 'Fleet'}))
    assert await count(system(chief)) == before
