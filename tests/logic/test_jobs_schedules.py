"""A schedule fires once for each time and organization, on any number of nodes, and catches up after a downtime."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from data.database import EVERYWHERE, database
from data.organizations import Organization
from data.work import JobRow, JobSchedule
from logic.core.domain import Domain, domains, jobs
from logic.core.jobs import following, latest
from logic.core.jobs.schedules import fire, parse
from logic.core.work import Work
from tests.conftest import House, found

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Iterator[Domain]:
    """A domain with one schedule; all others are out of the way."""
    domain = Domain('trial', 'Trial', switchable=True)
    others = dict(jobs)
    jobs.clear()

    @domain.job(schedule='0 3 * * *')
    async def nightly(work: Work) -> None: ...

    yield domain
    jobs.clear()
    jobs.update(others)
    del domains['trial']


async def written() -> list[JobRow]:
    async with database().read(EVERYWHERE) as session:
        return list(await session.exec(select(JobRow).where(JobRow.name == 'trial.nightly')))


@pytest.mark.parametrize(
    ('expression', 'last', 'first'),
    [
        ('0 3 * * *', '2026-03-02 03:00', '2026-03-03 03:00'),
        ('*/15 * * * *', '2026-03-02 12:00', '2026-03-02 12:15'),
        ('30 22 * * 1-5', '2026-02-27 22:30', '2026-03-02 22:30'),
        ('0 6 1 * *', '2026-03-01 06:00', '2026-04-01 06:00'),
        ('0 0 29 2 *', '2024-02-29 00:00', '2028-02-29 00:00'),
        ('0 12 13 * 5', '2026-02-27 12:00', '2026-03-06 12:00'),
        ('5,10 0 * * 0', '2026-03-01 00:10', '2026-03-08 00:05'),
        ('0 4 * * 7', '2026-03-01 04:00', '2026-03-08 04:00'),
    ],
)
def test_a_cron_expression_is_due_when_cron_says(expression: str, last: str, first: str) -> None:
    assert f'{latest(expression, MONDAY):%Y-%m-%d %H:%M}' == last
    assert f'{following(expression, MONDAY):%Y-%m-%d %H:%M}' == first


@pytest.mark.parametrize('expression', ['0 3 * *', '60 3 * * *', '0 3 * * mon', '5-1 * * * *', '*/0 * * * *', ''])
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r'no schedule|within|invalid literal'):
        parse(expression)


async def test_a_schedule_fires_once_for_every_organization(house: House, trial: Domain) -> None:
    other = await found('Hillside EMS', 'other@example.org')
    await fire(MONDAY)
    assert await written() == []  # a new schedule has nothing to catch up with
    night = MONDAY + timedelta(hours=16)
    for _ in range(3):
        await fire(night)
    assert {row.organization_id for row in await written()} == {house.organization_id, other.organization_id}
    assert len(await written()) == 2
    await fire(night + timedelta(days=1))
    assert len(await written()) == 4


async def test_two_nodes_that_saw_the_same_schedule_fire_it_once(house: House, trial: Domain) -> None:
    await fire(MONDAY)
    night = MONDAY + timedelta(hours=16)
    await fire(night)
    async with database().write(EVERYWHERE) as session:  # the other node still sees it as not yet fired
        row = await session.get(JobSchedule, 'trial.nightly')
        assert row is not None
        row.fired_at = MONDAY
        session.add(row)
        await session.commit()
    await fire(night)
    assert len(await written()) == 1


async def test_after_a_downtime_a_schedule_fires_once_and_not_once_a_day(house: House, trial: Domain) -> None:
    await fire(MONDAY)
    await fire(MONDAY + timedelta(days=9))
    assert len(await written()) == 1


async def test_a_clock_that_was_far_ahead_does_not_silence_a_schedule(house: House, trial: Domain) -> None:
    await fire(MONDAY + timedelta(days=400))
    await fire(MONDAY)
    await fire(MONDAY + timedelta(days=1))
    assert len(await written()) == 1


async def test_a_schedule_of_a_module_that_is_off_does_not_fire(house: House, trial: Domain) -> None:
    async with database().write(EVERYWHERE) as session:
        organization = await session.get(Organization, house.organization_id)
        assert organization is not None
        organization.settings = organization.settings.model_copy(update={'modules_off': frozenset({'trial'})})
        session.add(organization)
        await session.commit()
    await fire(MONDAY)
    await fire(MONDAY + timedelta(days=1))
    assert await written() == []


async def test_a_schedule_of_the_installation_fires_once_in_all(house: House, trial: Domain) -> None:
    @trial.job(schedule='0 4 * * *', instance=True)
    async def sweep(work: Work) -> None: ...

    await found('Hillside EMS', 'other@example.org')
    await fire(MONDAY)
    await fire(MONDAY + timedelta(days=1))
    async with database().read(EVERYWHERE) as session:
        rows = list(await session.exec(select(JobRow).where(JobRow.name == 'trial.sweep')))
    assert [row.organization_id for row in rows] == [None]
