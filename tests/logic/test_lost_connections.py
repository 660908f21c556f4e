"""A server that cuts a connection in the midst of a rule, or lets another call overtake it: nothing is done twice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select

from data.database import database
from data.organizations import Company
from logic import organizations
from logic.core.actor import Actor
from logic.core.errors import Unavailable
from logic.core.work import Work
from logic.organizations import CompanyInput
from tests.conftest import House, run_as_service

Cut = Callable[[Work], Awaitable[None]]


@pytest.fixture
def backend() -> str:
    return 'mariadb'


pytestmark = pytest.mark.mariadb


@pytest.fixture
async def cut(house: House, secrets: Path) -> AsyncIterator[Cut]:
    """End the connection of a work, as a failover would."""
    engine = create_async_engine(database().url)

    async def end(work: Work) -> None:
        number = (await (await work.session.connection()).execute(sa.select(sa.func.connection_id()))).scalar_one()
        async with engine.connect() as other:
            await other.exec_driver_sql(f'KILL {number}')

    yield end
    await engine.dispose()


async def names(chief: Actor) -> list[str]:
    return [row.name for row in await organizations.list_companies(chief)]


@pytest.mark.parametrize('cuts', [1, 2])
async def test_a_question_is_asked_again_once(chief: Actor, cut: Cut, cuts: int) -> None:
    seen: list[int] = []

    async def count(work: Work) -> int:
        seen.append(1)
        if len(seen) <= cuts:
            await cut(work)
        return len(await work.all(select(Company.id)))

    question = run_as_service(count, writes=False)
    if cuts == 1:
        assert await question(chief) == 1
    else:
        with pytest.raises(Unavailable, match='Nothing was lost'):
            await question(chief)
    assert len(seen) == 2


async def test_a_change_without_a_key_is_not_repeated_but_said_to_be_in_doubt(chief: Actor, cut: Cut) -> None:
    seen: list[int] = []

    async def add(work: Work) -> None:
        seen.append(1)
        await organizations.add_company(work, CompanyInput(name='In doubt'))
        await work.flush()
        await cut(work)

    with pytest.raises(Unavailable, match='Look whether'):
        await run_as_service(add)(chief)
    assert len(seen) == 1
    assert 'In doubt' not in await names(chief)


@pytest.mark.parametrize('is_stored', [False, True])
async def test_a_change_under_a_key_is_made_once_wherever_the_connection_breaks(
    chief: Actor, cut: Cut, is_stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts: list[int] = []

    async def add(work: Work) -> str:
        made = await organizations.add_company(work, CompanyInput(name='Once'))
        if not cuts and not is_stored:
            cuts.append(1)
            await work.flush()
            await cut(work)
        return made.name

    finish = Work.finish

    async def stored_and_cut(work: Work) -> None:
        await finish(work)
        if not cuts:
            cuts.append(1)
            await (await work.session.connection()).exec_driver_sql(
                'COMMIT'
            )  # it is stored, and the answer never comes
            await cut(work)

    if is_stored:
        monkeypatch.setattr(Work, 'finish', stored_and_cut)
    assert await run_as_service(add)(chief.using('key-1')) == 'Once'
    assert cuts == [1]
    assert (await names(chief)).count('Once') == 1


async def test_connections_that_died_while_nobody_used_them_disturb_nobody(chief: Actor) -> None:
    await names(chief)
    engine = create_async_engine(database().url)
    async with engine.connect() as other:
        own = (await other.execute(sa.select(sa.func.connection_id()))).scalar_one()
        statement = 'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> :own'
        idle = (await other.execute(sa.text(statement), {'own': own})).scalars().all()
        assert idle
        for number in idle:
            await other.exec_driver_sql(f'KILL {number}')
    await engine.dispose()
    made = await organizations.add_company(chief, CompanyInput(name='After the failover'))
    assert made.name in await names(chief)


async def test_a_call_that_another_under_its_key_overtook_answers_what_that_one_did(
    chief: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed, refuse, first = chief.using('a-key'), organizations._refuse_taken_name, list[Company]()

    async def overtaken(work: Work, name: str) -> None:
        monkeypatch.setattr(organizations, '_refuse_taken_name', refuse)
        first.append(await organizations.add_company(keyed, CompanyInput(name='Once')))
        await refuse(work, name)

    monkeypatch.setattr(organizations, '_refuse_taken_name', overtaken)
    assert (await organizations.add_company(keyed, CompanyInput(name='Once'))).id == first[0].id
    assert (await names(chief)).count('Once') == 1


async def test_a_row_that_is_locked_for_too_long_is_asked_for_three_times_and_then_said_to_be_taken(
    chief: Actor,
) -> None:
    company = await organizations.add_company(chief, CompanyInput(name='Engine 1'))
    tries: list[int] = []

    async def rename(work: Work) -> None:
        tries.append(1)
        await (await work.session.connection()).exec_driver_sql('SET SESSION innodb_lock_wait_timeout = 0')
        await organizations.update_company(work, company.id, CompanyInput(name='Engine 2'))
        await work.flush()

    async with database().write(chief.organization_id) as other:
        await other.exec(select(Company).where(Company.id == company.id).with_for_update())
        with pytest.raises(Unavailable, match='Nothing was lost'):
            await run_as_service(rename)(chief)
    assert len(tries) == 3
    assert 'Engine 2' not in await names(chief)
