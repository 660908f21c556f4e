"""One of many that is refused: what it had done is taken back as if it had never begun, and the work goes on."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlmodel import col, select

from data.core import new_id
from data.database import EVERYWHERE, database
from data.organizations import Company
from data.work import JobRow
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid
from logic.core.live import Change, hub
from logic.core.work import Work
from logic.watchers import tell_of_change
from tests.conftest import run_as_service
from tests.logic.test_service import audit_actions


async def companies(actor: Actor) -> dict[str, str]:
    async def found(work: Work) -> dict[str, str]:
        rows = await work.all(select(Company).order_by(Company.name))
        return {row.name: row.address for row in rows if row.name != 'Riverside Fire'}

    return await run_as_service(found, writes=False)(actor)


async def jobs() -> list[str]:
    async with database().read(EVERYWHERE) as session:
        named = select(JobRow.arguments).where(JobRow.name == tell_of_change.name).order_by(col(JobRow.created_at))
        return list((await session.exec(named)).all())


async def fill(work: Work, company: Company, calls: list[str], *, refuse: bool) -> None:
    """Do of everything a little, in the database and beside it."""
    await work.flush()
    company.address = f'Street of {company.name}'
    work.add(Company(name=f'Daughter of {company.name}'))
    work.enqueue(tell_of_change, company.name)
    work.enqueue(tell_of_change, company.name, key=company.name)
    work.record('Company', company.id, action='test.looked')
    work.changed('Beside', company.id)
    work.afterwards(lambda: calls.append(company.name))
    await work.flush()
    company.tax_id = 'not flushed yet'
    if refuse:
        raise Conflict('Not this one.')


async def test_what_a_refused_one_has_done_is_taken_back_and_the_others_stay(chief):
    calls: list[str] = []
    heard: list[Change] = []

    async def many(work: Work) -> list[str]:
        made = [work.add(Company(name=name)) for name in ('A', 'B', 'C')]
        for company in made:
            try:
                async with work.attempt():
                    await fill(work, company, calls, refuse=company.name == 'B')
            except Conflict:
                continue
        return [f'{company.name} {company.address} {company.tax_id} {company.version}' for company in made]

    end = hub.subscribe(chief.organization_id, ['Beside'], heard.append)
    before = await audit_actions(chief)
    said = await run_as_service(many)(chief)
    end()
    assert said == ['A Street of A not flushed yet 3', 'B   1', 'C Street of C not flushed yet 3']
    assert await companies(chief) == {
        'A': 'Street of A', 'B': '', 'C': 'Street of C', 'Daughter of A': '', 'Daughter of C': ''
    }  # fmt: skip
    assert sorted(await jobs()) == ['["A"]', '["A"]', '["C"]', '["C"]']
    assert (calls, len(heard)) == (['A', 'C'], 2)
    told = (await audit_actions(chief))[len(before) :]
    assert (told.count('test.looked'), len(told)) == (2, 3 + 2 * 4)


async def test_what_clashes_with_what_is_stored_is_a_refusal_like_any_other(chief):
    async def many(work: Work) -> list[str]:
        said = []
        for name in ('A', 'A', 'B'):
            try:
                async with work.attempt():
                    work.add(Company(name=name))
            except Conflict as refusal:
                said.append(refusal.message)
        return said

    assert await run_as_service(many)(chief) == ['This clashes with something that is stored already.']
    assert list(await companies(chief)) == ['A', 'B']


async def test_what_was_deleted_and_refused_is_there_again_and_can_be_changed(chief):
    async def one(work: Work) -> None:
        company = work.add(Company(name='A'))
        with suppress(Invalid):
            async with work.attempt():
                await work.delete(company)
                await work.flush()
                raise Invalid('Not so.')
        company.address = 'Street'

    await run_as_service(one)(chief)
    assert await companies(chief) == {'A': 'Street'}


async def test_an_attempt_inside_another_is_taken_back_with_it(chief):
    async def one(work: Work) -> None:
        with suppress(Conflict):
            async with work.attempt():
                async with work.attempt():
                    work.add(Company(name='A'))
                    work.enqueue(tell_of_change, 'A', key='A')
                raise Conflict('Neither.')
        async with work.attempt():
            with suppress(Conflict):
                async with work.attempt():
                    work.add(Company(name='B'))
                    raise Conflict('Not this.')
            work.add(Company(name='C'))

    await run_as_service(one)(chief)
    assert (list(await companies(chief)), await jobs()) == (['C'], [])


@pytest.mark.parametrize('is_asked', [False, True])
async def test_of_two_that_wait_for_each_other_inside_an_attempt_one_runs_again(chief, is_asked):
    async def found(work: Work) -> list[Company]:
        return [work.add(Company(name=name)) for name in ('A', 'B')]

    made = await run_as_service(found)(chief)
    times: list[str] = []
    holding, both_hold, is_read_again = set[str](), asyncio.Event(), asyncio.Event()
    if database().is_sqlite:  # where one writes at a time
        both_hold.set()
    if database().is_sqlite or is_asked:
        is_read_again.set()

    async def change(work: Work, name: str, *ids: UUID) -> None:
        times.append(name)
        async with work.attempt():
            for row_id in ids:
                if is_asked:
                    await work.first(select(Company).where(Company.id == row_id).with_for_update())
                company = await work.get(Company, row_id)
                if times.count(name) == 2:
                    is_read_again.set()
                company.address += name
                await work.flush()
                holding.add(name)
                if len(holding) == 2:
                    both_hold.set()
                await both_hold.wait()
            await is_read_again.wait()

    ids = [company.id for company in made]
    both = run_as_service(change)
    waiting = both(chief, '1', *ids), both(chief, '2', *reversed(ids))
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    stored = list((await companies(chief)).values())
    assert stored[0] == stored[1]
    if is_asked or database().is_sqlite:
        assert (answers, set(stored[0])) == ([None, None], {'1', '2'})
    else:  # the second time it has read what the other one changed meanwhile
        assert sorted(type(answer).__name__ for answer in answers) == ['Conflict', 'NoneType']
    assert len(times) == (2 if database().is_sqlite else 3)
    assert database().writer.pool.checkedout() == 0


async def test_nothing_of_a_refused_one_can_be_named_afterwards(chief):
    async def one(work: Work) -> None:
        row_id = new_id()
        with suppress(Conflict):
            async with work.attempt():
                work.add(Company(id=row_id, name='A'))
                raise Conflict('Not this.')
        assert await work.find(Company, row_id) is None

    await run_as_service(one)(chief)
