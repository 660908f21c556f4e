"""Jobs run at least once, their stored effects once, on one runner or several; a failure is tried again."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from data.core import now
from data.database import EVERYWHERE, database
from data.organizations import Organization
from data.work import JobRow, JobStatus, Sequence
from logic.core.actor import Actor
from logic.core.domain import Domain, Job, domains, jobs
from logic.core.errors import Invalid, Unavailable
from logic.core.jobs import Cancelled, Run, Runner
from logic.core.work import Work
from tests.conftest import House, run_as_service


@pytest.fixture
def trial() -> Iterator[Domain]:
    """A domain for the time of a test, whose jobs are forgotten afterwards."""
    domain = Domain('trial', 'Trial')
    yield domain
    for name in [name for name in jobs if name.startswith('trial.')]:
        del jobs[name]
    del domains['trial']


async def enqueue(organization_id: UUID | None, job: Job, *arguments: Any, **options: Any) -> UUID:
    async def put(work: Work) -> UUID:
        return work.enqueue(job, *arguments, **options)

    job_id: UUID = await run_as_service(put)(Actor.system(organization_id))
    return job_id


async def row_of(job_id: UUID) -> JobRow:
    async with database().read(EVERYWHERE) as session:
        row = await session.get(JobRow, job_id)
    assert row is not None
    return row


async def count(organization_id: UUID, kind: str) -> int:
    async with database().read(organization_id) as session:
        found = await session.get(Sequence, (organization_id, kind))
    return found.value if found else 0


async def make_due(job_id: UUID) -> None:
    async with database().write(EVERYWHERE) as session:
        row = await session.get(JobRow, job_id)
        assert row is not None
        row.run_at = now() - timedelta(seconds=1)
        if row.leased_until is not None:
            row.leased_until = now() - timedelta(seconds=1)
        session.add(row)
        await session.commit()


async def test_a_job_runs_after_the_commit_that_wrote_it(house: House, trial: Domain) -> None:
    @trial.job()
    async def greet(work: Work, name: str, times: int) -> None:
        assert work.organization_id == house.organization_id
        await work.number(name, times)

    job_id = await enqueue(house.organization_id, greet, 'hello', 3)
    assert (await row_of(job_id)).status is JobStatus.WAITING
    await Runner().run_until_idle()
    done = await row_of(job_id)
    assert (done.status, done.attempts, done.error, done.leased_by) == (JobStatus.DONE, 1, None, None)
    assert await count(house.organization_id, 'hello') == 3


async def test_a_job_of_a_transaction_that_failed_does_not_exist(house: House, trial: Domain) -> None:
    @trial.job()
    async def never(work: Work) -> None: ...

    async def fail(work: Work) -> None:
        work.enqueue(never)
        await work.flush()
        raise Invalid('No.')

    with pytest.raises(Invalid):
        await run_as_service(fail)(Actor.system(house.organization_id))
    assert await Runner().run_until_idle() == 0


async def test_a_job_under_a_key_exists_once(house: House, trial: Domain) -> None:
    @trial.job()
    async def once(work: Work) -> None:
        await work.number('once')

    for _ in range(3):
        await enqueue(house.organization_id, once, key='the-one')
    await Runner().run_until_idle()
    assert await count(house.organization_id, 'once') == 1


async def test_a_job_waits_for_its_time(house: House, trial: Domain) -> None:
    @trial.job()
    async def later(work: Work) -> None: ...

    job_id = await enqueue(house.organization_id, later, run_at=now() + timedelta(hours=1))
    assert await Runner().run_until_idle() == 0
    await make_due(job_id)
    assert await Runner().run_until_idle() == 1


async def test_a_failure_is_tried_again_later_and_leaves_no_half_effect(house: House, trial: Domain) -> None:
    fails = [True]

    @trial.job()
    async def flaky(work: Work) -> None:
        await work.number('flaky')
        if fails:
            raise Unavailable('The printer is away.')

    job_id = await enqueue(house.organization_id, flaky)
    runner = Runner()
    await runner.run_until_idle()
    waiting = await row_of(job_id)
    assert (waiting.status, waiting.attempts, waiting.error) == (JobStatus.WAITING, 1, 'The printer is away.')
    assert waiting.run_at > now() + timedelta(seconds=3)
    assert await count(house.organization_id, 'flaky') == 0
    fails.clear()
    await make_due(job_id)
    await runner.run_until_idle()
    assert (await row_of(job_id)).status is JobStatus.DONE
    assert await count(house.organization_id, 'flaky') == 1


async def test_a_job_that_fails_every_time_ends_as_failed_with_its_error(house: House, trial: Domain) -> None:
    @trial.job(attempts=2)
    async def broken(work: Work) -> None:
        raise ZeroDivisionError('by nought')

    @trial.job()
    async def refused(work: Work) -> None:
        raise Invalid('Such a thing is not taken.')

    first, second = await enqueue(house.organization_id, broken), await enqueue(house.organization_id, refused)
    runner = Runner()
    await runner.run_until_idle()
    assert (await row_of(second)).error == 'Such a thing is not taken.'
    assert (await row_of(second)).status is JobStatus.FAILED
    await make_due(first)
    await runner.run_until_idle()
    failed = await row_of(first)
    assert (failed.status, failed.attempts, failed.error) == (JobStatus.FAILED, 2, 'ZeroDivisionError: by nought')


async def test_two_runners_share_the_work_and_do_each_job_once(house: House, trial: Domain) -> None:
    @trial.job()
    async def step(work: Work) -> None:
        await work.number('steps')
        await asyncio.sleep(0.002)

    for _ in range(40):
        await enqueue(house.organization_id, step)
    runners = [Runner(poll_seconds=0.1), Runner(poll_seconds=0.1)]
    for runner in runners:
        await runner.start()
    async with asyncio.timeout(30):
        while await count(house.organization_id, 'steps') < 40:  # noqa: ASYNC110  another session writes it
            await asyncio.sleep(0.05)
    for runner in runners:
        await runner.stop()
    async with database().read(EVERYWHERE) as session:
        rows = list(await session.exec(select(JobRow).where(JobRow.name == 'trial.step')))
    assert {row.status for row in rows} == {JobStatus.DONE}
    assert await count(house.organization_id, 'steps') == 40


async def test_what_a_dead_runner_left_is_taken_over_when_its_lease_ends(house: House, trial: Domain) -> None:
    @trial.job()
    async def orphan(work: Work) -> None:
        await work.number('orphan')

    job_id = await enqueue(house.organization_id, orphan)
    dead = Runner()
    assert len(await dead._claim()) == 1
    heir = Runner()
    assert await heir.run_until_idle() == 0
    await make_due(job_id)
    assert await heir.run_until_idle() == 1
    assert (await row_of(job_id)).attempts == 2


async def test_the_only_process_takes_over_at_once(house: House, trial: Domain) -> None:
    @trial.job()
    async def orphan(work: Work) -> None: ...

    job_id = await enqueue(house.organization_id, orphan)
    await Runner()._claim()
    runner = Runner(alone=True)
    await runner.start()
    async with asyncio.timeout(30):
        while (await row_of(job_id)).status is not JobStatus.DONE:  # noqa: ASYNC110  another session writes it
            await asyncio.sleep(0.02)
    await runner.stop()


async def test_a_runner_that_was_taken_for_dead_changes_nothing(house: House, trial: Domain) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()

    @trial.job(detached=True)
    async def slow(run: Run) -> None:
        entered.set()
        await go_on.wait()

    job_id = await enqueue(house.organization_id, slow)
    first, second = Runner(), Runner()
    task = asyncio.create_task(first.run_until_idle())
    await entered.wait()
    await make_due(job_id)
    assert len(await second._claim()) == 1
    go_on.set()
    await task
    row = await row_of(job_id)
    assert (row.status, row.leased_by, row.attempts) == (JobStatus.RUNNING, second.name, 2)


async def test_a_detached_job_shows_its_progress_and_stops_when_it_is_cancelled(house: House, trial: Domain) -> None:
    reached, cancelled = asyncio.Event(), asyncio.Event()
    stopped: list[bool] = []

    @trial.job(detached=True)
    async def long(run: Run) -> None:
        await run.progress(40, 'half the roster')
        reached.set()
        try:
            await cancelled.wait()
            await asyncio.sleep(0.6)
            await run.progress(60)
        except Cancelled:
            stopped.append(True)
            raise

    job_id = await enqueue(house.organization_id, long)
    task = asyncio.create_task(Runner().run_until_idle())
    await reached.wait()
    row = await row_of(job_id)
    assert (row.progress, row.note, row.status) == (40, 'half the roster', JobStatus.RUNNING)
    async with database().write(EVERYWHERE) as session:
        row.status = JobStatus.CANCELLED
        session.add(row)
        await session.commit()
    cancelled.set()
    await task
    assert stopped == [True]
    assert (await row_of(job_id)).status is JobStatus.CANCELLED


async def test_stopping_lets_a_job_finish_and_puts_back_one_that_does_not(house: House, trial: Domain) -> None:
    started: list[str] = []

    @trial.job(detached=True)
    async def wait(run: Run, seconds: float) -> None:
        started.append('x')
        await asyncio.sleep(seconds)

    quick = await enqueue(house.organization_id, wait, 0.05)
    endless = await enqueue(house.organization_id, wait, 60)
    runner = Runner()
    await runner.start()
    async with asyncio.timeout(30):
        while len(started) < 2:  # noqa: ASYNC110  another session writes it
            await asyncio.sleep(0.01)
    await runner.stop(within_seconds=3)
    assert (await row_of(quick)).status is JobStatus.DONE
    left = await row_of(endless)
    assert (left.status, left.attempts, left.leased_by) == (JobStatus.WAITING, 0, None)


async def test_a_module_that_is_switched_off_runs_no_jobs(house: House, trial: Domain) -> None:
    trial.switchable = True

    @trial.job()
    async def hidden(work: Work) -> None:
        raise AssertionError('it ran')

    async with database().write(EVERYWHERE) as session:
        organization = await session.get(Organization, house.organization_id)
        assert organization is not None
        organization.settings = organization.settings.model_copy(update={'modules_off': frozenset({'trial'})})
        session.add(organization)
        await session.commit()
    job_id = await enqueue(house.organization_id, hidden)
    await Runner().run_until_idle()
    assert (await row_of(job_id)).status is JobStatus.CANCELLED


async def test_arguments_are_stored_as_json(house: House, trial: Domain) -> None:
    @trial.job()
    async def take(work: Work, member_id: str, on: bool) -> None: ...

    job_id = await enqueue(house.organization_id, take, house.organization_id, True)
    assert json.loads((await row_of(job_id)).arguments) == [str(house.organization_id), True]


async def test_one_kind_of_job_never_takes_every_place(house: House, trial: Domain) -> None:
    release = asyncio.Event()

    @trial.job(detached=True)
    async def hang(run: Run) -> None:
        await release.wait()

    @trial.job()
    async def small(work: Work) -> None: ...

    for _ in range(12):
        await enqueue(house.organization_id, hang)
    small_id = await enqueue(house.organization_id, small)
    runner = Runner(poll_seconds=0.1)
    await runner.start()
    async with asyncio.timeout(30):
        while (await row_of(small_id)).status is not JobStatus.DONE:  # noqa: ASYNC110  another session writes it
            await asyncio.sleep(0.02)
    assert runner.running == 3
    release.set()
    await runner.stop()
