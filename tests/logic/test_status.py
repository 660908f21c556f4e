"""The status tells the truth: health flips when something breaks, and jobs can be looked at, repeated and cancelled."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from data import schema
from data.database import database
from logic import organizations, status
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.domain import Domain, domains, jobs
from logic.core.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from logic.core.jobs import Runner
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.organizations import CompanyInput
from tests.conftest import House
from tests.logic.test_jobs import enqueue


@pytest.fixture(autouse=True)
def fresh(secrets: Path) -> Iterator[None]:
    status._known_checks.clear()
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield
    config.configure(None)


@pytest.fixture
def trial() -> Iterator[Domain]:
    domain = Domain('trial', 'Trial')
    yield domain
    for name in [name for name in jobs if name.startswith('trial.')]:
        del jobs[name]
    del domains['trial']


def fill_disk(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    status._known_checks.clear()
    monkeypatch.setattr(shutil, 'disk_usage', lambda _: SimpleNamespace(free=free, total=10**12, used=0))


async def test_health_is_good_when_all_is_well(house: House) -> None:
    assert status.alive()['status'] == 'ok'
    assert (await status.database_ready()).is_well
    assert await status.redis_ready() is None


async def test_a_database_of_another_schema_is_not_ready(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, 'head', lambda: '9999')
    assert '9999' in (await status.database_ready()).detail


async def test_a_full_disk_refuses_writes_reads_on_and_heals(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    if not database().is_sqlite:
        pytest.skip('a database server minds its own disk')
    fill_disk(monkeypatch, 50_000_000)
    assert not (await status.database_ready()).is_well
    with pytest.raises(Unavailable, match='50 MB'):
        await organizations.add_company(house.chief, CompanyInput(name='Late'))
    assert await organizations.list_companies(house.chief)
    fill_disk(monkeypatch, 10**11)
    assert (await status.database_ready()).is_well
    await organizations.add_company(house.chief, CompanyInput(name='In time'))


async def test_a_redis_that_does_not_answer_is_told(house: House, secrets: Path) -> None:
    config.configure(Settings(_env_file=None, data_dir=secrets, redis_url='redis://127.0.0.1:1'))  # type: ignore[call-arg]
    check = await status.redis_ready()
    assert check is not None
    assert not check.is_well


async def test_a_redis_that_answers_is_well(house: House, secrets: Path, redis_url: str) -> None:
    config.configure(Settings(_env_file=None, data_dir=secrets, redis_url=redis_url))  # type: ignore[call-arg]
    assert await status.redis_ready() == status.Check(is_well=True)


async def test_the_system_status_has_every_figure(house: House) -> None:
    found = await status.system_status(house.chief)
    assert found.schema == schema.head()
    assert found.disk_free_bytes > 0
    assert found.memory_bytes > 10_000_000
    assert found.last_backup_at is None
    assert found.mail.is_set_up is False


async def test_only_who_may_sees_the_status_and_the_jobs(member: Actor) -> None:
    for question in (status.system_status, status.list_jobs):
        with pytest.raises(Denied):
            await question(member)


async def test_a_failed_job_is_listed_with_its_error_and_runs_again(house: House, trial: Domain) -> None:
    broken = [True]

    @trial.job()
    async def shaky(work: Work) -> None:
        if broken:
            raise Invalid('The paper is out.')

    job_id = await enqueue(house.organization_id, shaky)
    await Runner().run_until_idle()
    (row,) = (await status.list_jobs(house.chief, ListQuery(filters={'status': ['failed']}))).rows
    assert (row.id, row.error) == (job_id, 'The paper is out.')
    broken.clear()
    await status.retry_job(house.chief, job_id)
    with pytest.raises(Conflict):
        await status.retry_job(house.chief, job_id)
    await Runner().run_until_idle()
    (row,) = (await status.list_jobs(house.chief, ListQuery(filters={'status': ['done']}))).rows
    assert row.id == job_id


async def test_a_waiting_job_can_be_cancelled(house: House, trial: Domain) -> None:
    @trial.job()
    async def unwanted(work: Work) -> None:
        raise AssertionError('it ran')

    job_id = await enqueue(house.organization_id, unwanted)
    await status.cancel_job(house.chief, job_id)
    assert await Runner().run_until_idle() == 0
    with pytest.raises(Conflict):
        await status.cancel_job(house.chief, job_id)


async def test_another_departments_jobs_are_not_there(house: House, stranger: Actor, trial: Domain) -> None:
    @trial.job()
    async def private(work: Work) -> None: ...

    job_id = await enqueue(house.organization_id, private)
    assert job_id not in {row.id for row in (await status.list_jobs(stranger)).rows}
    for act in (status.retry_job, status.cancel_job):
        with pytest.raises(NotFound):
            await act(stranger, job_id)
