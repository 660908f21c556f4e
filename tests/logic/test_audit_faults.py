"""Many at once, killed at any moment, without room on the disk: act and entry are stored both or neither."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from data.database import Database
from logic import audit
from logic.audit.append import append
from logic.core.actor import Actor
from logic.core.errors import AppError, Unavailable
from logic.core.service import Service
from logic.core.work import Work
from tests.conftest import House, run_as_service
from tests.logic.audited import KIM, NOON, ORGANIZATION, draft, grow, raw, verdict, write

ROOT = Path(__file__).resolve().parents[2]


async def test_two_nodes_and_many_tasks_write_one_log_without_forks(database: Database) -> None:
    await many_writers(database, rounds=6)


@pytest.mark.slow
async def test_eighty_thousand_entries_from_two_nodes_make_one_log(database: Database) -> None:
    await many_writers(database, rounds=2000)


async def many_writers(database: Database, rounds: int) -> None:
    url = database.url.render_as_string(hide_password=False)
    other = database if database.is_sqlite else Database(url)  # SQLite has one writing connection, and one node
    failures: list[Exception] = []

    async def node(known: Database, number: int) -> None:
        for turn in range(rounds):
            async with known.write(ORGANIZATION) as session:
                try:
                    await append(session, KIM, ORGANIZATION, [draft(turn + at) for at in range(number % 3 + 1)], NOON)
                    if turn % 5 == 4:
                        await session.rollback()
                    else:
                        await session.commit()
                except OperationalError as error:
                    failures.append(error)

    try:
        await asyncio.gather(*(node(known, number) for number in range(4) for known in (database, other)))
    finally:
        if other is not database:
            await other.close()
    assert failures == []
    kept = rounds - rounds // 5
    found = await verdict()
    assert found.is_intact, found.lines()
    assert found.size == 2 * kept * (1 + 2 + 3 + 1)


async def test_a_process_killed_at_any_moment_leaves_both_or_neither(database: Database, secrets: Path) -> None:
    await kill_again_and_again(database, secrets, cycles=6)


@pytest.mark.slow
async def test_five_hundred_kills_leave_both_or_neither(database: Database, secrets: Path) -> None:
    await kill_again_and_again(database, secrets, cycles=500)


async def kill_again_and_again(database: Database, secrets: Path, cycles: int) -> None:
    await write(1)
    url = database.url.render_as_string(hide_password=False)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, '-m', 'tests.logic.audit_writer', url, str(secrets / 'secrets'), str(cycles)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60 + 2 * cycles,
    )  # fmt: skip
    confirmed = int(done.stdout)
    [acts] = await raw("SELECT COUNT(*) AS number FROM idempotency_key WHERE result = 'act'")
    found = await verdict()
    assert found.is_intact, found.lines()
    assert found.size == acts.number + 1
    assert confirmed <= acts.number <= confirmed + cycles
    assert confirmed > cycles


async def change(work: Work, name: str) -> None:
    from data.members import Member

    member = await work.get(Member, work.actor.member_id)
    member.preferred_name = name


@pytest.mark.parametrize('fault', ['full', 'read only'])
async def test_without_room_or_right_to_write_the_act_fails_and_nothing_is_stored(
    database: Database, house: House, fault: str
) -> None:
    if not database.is_sqlite:
        pytest.skip('A file system is filled only under SQLite here.')
    changing = run_as_service(change)
    actor = Actor.system(house.organization_id)
    chief = Actor(**{name: getattr(actor, name) for name in actor.__slots__} | {'member_id': house.chief.member_id})
    before = (await audit.verify_all())[-1].size
    await set_fault(database, fault)
    with pytest.raises(Unavailable if fault == 'full' else (AppError, OperationalError)):
        await change_often(changing, chief)
    await set_fault(database, '')
    found = (await audit.verify_all())[-1]
    assert found.is_intact
    assert before <= found.size < before + 200
    await changing(chief, 'Ellie')
    assert (await audit.verify_all())[-1].size == found.size + 1


async def change_often(changing: Service[..., None], chief: Actor) -> None:
    for turn in range(200):
        await changing(chief, 'xy'[turn % 2] * 60)


async def set_fault(database: Database, fault: str) -> None:
    async with database.writer.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection  # outside of any transaction
        [[pages]] = await driver.execute_fetchall('PRAGMA page_count')
        limit = pages if fault == 'full' else 1_000_000_000
        await driver.execute_fetchall(f'PRAGMA max_page_count={limit}')
        await driver.execute_fetchall(f'PRAGMA query_only={"ON" if fault == "read only" else "OFF"}')


async def test_checkpoints_written_by_two_nodes_at_once_do_not_clash(database: Database) -> None:
    await grow(5)
    await write(3)
    system = Actor.system()
    await asyncio.gather(*(audit.write_checkpoints(system) for _ in range(4)))
    assert (await verdict()).is_intact
