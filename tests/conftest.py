"""What every test stands on: a migrated database of its own, and a fixed cast."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis
import pytest
import sqlalchemy as sa
import structlog
import time_machine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import logic
from data import database as databases
from data.core import now
from data.members import Member
from data.schema import migrate
from logic import setup
from logic.core import config, files
from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.secrets.keys import install, open_secrets
from logic.core.service import PUBLIC, Service, services
from logic.core.work import Work
from logic.identity import positions
from logic.organizations import OrganizationInput
from tests import servers

assert logic
# How long an example takes tells of the load of the machine; where CI is set, Hypothesis says so itself.
hypothesis.settings.register_profile('unhurried', hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile('unhurried')

PASSWORD = 'correct horse battery staple'
NOON = datetime(2026, 11, 18, 17, tzinfo=UTC)
"""A Wednesday at noon in New York: no day, week, month or year ends soon there or in Greenwich, and no summer time."""


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """What a test set up of the log ends with it: its streams are closed then."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope='session')
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; every test copies it."""
    path = tmp_path_factory.mktemp('template') / 'logbook.db'
    asyncio.run(migrate(f'sqlite+aiosqlite:///{path}'))
    return path


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Keys of this test's own, installed; returns the data folder."""
    folder = tmp_path / 'data'
    folder.mkdir(mode=0o700, exist_ok=True)
    install(open_secrets(folder / 'secrets', database_exists=False))
    return folder


@pytest.fixture
def folder(secrets: Path) -> Iterator[Path]:
    """The data folder as the settings name it; files lie in it."""
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    files.store_answered()
    yield secrets
    config.configure(None)


@pytest.fixture
def still() -> Iterator[None]:
    """A clock that stands still: a minute's share is used up within a minute, however busy the machine is."""
    with time_machine.travel(now(), tick=False):
        yield


@pytest.fixture
def backend() -> str:
    """The database that the suite runs on: `LOGBOOK_TEST_DATABASE=mariadb` turns it."""
    return os.environ.get('LOGBOOK_TEST_DATABASE', 'sqlite')


_migrated: list[str] = []


async def clean_mariadb() -> str:
    """Return the address of this worker's MariaDB database: migrated once, emptied for every test."""
    if not _migrated:
        url = await servers.empty_mariadb()
        await migrate(url)
        _migrated.append(url)
        return url
    engine = create_async_engine(_migrated[0])
    filled = ' UNION ALL '.join(f"(SELECT '{name}' FROM `{name}` LIMIT 1)" for name in SQLModel.metadata.tables)
    async with engine.begin() as connection:
        await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=0')
        for (name,) in await connection.exec_driver_sql(filled):
            await connection.exec_driver_sql(f'DELETE FROM `{name}`')
    await engine.dispose()
    return _migrated[0]


@pytest.fixture
async def database(backend: str, secrets: Path, template: Path) -> AsyncIterator[databases.Database]:
    """An open, migrated, empty database."""
    if backend == 'mariadb':
        url = await clean_mariadb()
    else:
        path = secrets / 'logbook.db'
        shutil.copy(template, path)
        url = f'sqlite+aiosqlite:///{path}'
    opened = databases.connect(url)
    with compiled_once(opened):
        yield opened
        await databases.disconnect()


_dialects: dict[str, sa.Dialect] = {}
_statements: dict[Any, Any] = {}


@contextmanager
def compiled_once(opened: databases.Database) -> Iterator[None]:
    """Let a database know the statements that tests before this one have compiled, and keep what this one compiles."""
    engines = {opened.writer.sync_engine, opened.reader.sync_engine}
    for engine in engines:
        engine.dialect = _dialects.get(engine.dialect.name, engine.dialect)
        engine.update_execution_options(compiled_cache=_statements)
    yield
    for engine in engines:
        if engine.dialect.server_version_info is not None:  # it has been connected, and knows its server
            _dialects.setdefault(engine.dialect.name, engine.dialect)


@dataclass(frozen=True)
class House:
    """A department with its owner."""

    organization_id: UUID
    chief: Actor


async def found(name: str, email: str) -> House:
    """Make a department whose owner may do all."""
    made = await setup.found_department(
        Actor.system(),
        OrganizationInput(name=name, zone='America/New_York', country='US'),
        setup.OwnerInput(first_name='Elena', last_name='Rossi', email=email, password=PASSWORD),  # type: ignore[arg-type]
    )
    chief = Actor(
        kind=ActorKind.ACCOUNT, name='Elena Rossi', organization_id=made.organization_id, account_id=made.account_id,
        member_id=made.member_id, permissions=frozenset({'*'}), zone='America/New_York', method='password',
    )  # fmt: skip
    return House(made.organization_id, chief)


@pytest.fixture
async def house(database: databases.Database) -> House:
    """The department of this test."""
    return await found('Riverside Fire', 'elena@example.org')


@pytest.fixture
async def chief(house: House) -> Actor:
    """Elena, the owner: may do all."""
    return house.chief


@pytest.fixture
async def member(house: House) -> Actor:
    """Jide, who may look."""
    return await person_with_account(house.chief, 'Jide', 'Okafor', 'jide@example.org', 'Member')


@pytest.fixture
async def stranger(database: databases.Database) -> Actor:
    """The owner of another department: may do all, but there."""
    return (await found('Hillside EMS', 'stranger@example.org')).chief


async def person_with_account(chief: Actor, first: str, last: str, email: str, *held: str) -> Actor:
    """Add a person with an account to the chief's department, holding positions by name."""
    return await _person_with_account(Actor.system(chief.organization_id), first, last, email, held)


async def _make_person(work: Work, first: str, last: str, email: str, held: tuple[str, ...]) -> Actor:
    from data.identity import Account
    from logic.members.names import search_text, sort_name
    from logic.members.numbers import next_number

    account = work.add(Account(email=email, name=f'{first} {last}', last_organization_id=work.organization_id))
    await work.flush()
    today = await positions.local_today(work)
    row = Member(
        number=await next_number(work), first_name=first, last_name=last, email=email, status_since_on=today,
        joined_on=today, account_id=account.id,
    )  # fmt: skip
    row.sort_name, row.search = sort_name(row), search_text(row)
    work.add(row)
    await work.flush()
    for name in held:
        await positions.give_member_position(work, row.id, name)
    return Actor(
        kind=ActorKind.ACCOUNT, name=row.name, organization_id=work.organization_id, account_id=account.id,
        member_id=row.id, permissions=await positions.permissions_of(work, row.id), zone='America/New_York',
        method='password',
    )  # fmt: skip


def run_as_service(
    function: Callable[..., Awaitable[Any]], permission: str = PUBLIC, *, writes: bool = True
) -> Service[..., Any]:
    """Open a work for a function of a test, as a service would that only this test knows; called with an actor."""
    made: Service[..., Any] = Service(function, permission, writes=writes)
    services.pop(made.name)
    return made


_person_with_account = run_as_service(_make_person)


@pytest.fixture(scope='session')
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright drives the Chromium of this machine; here, since its own plugin is nearer than ours."""
    launch = {'executable_path': servers.chromium_path(), 'args': servers.CHROMIUM_ARGUMENTS}
    return browser_type_launch_args | launch
