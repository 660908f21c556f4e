"""Long work to measure: an import of many people, the audit log's share of a write, and verifying a long log."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.core import new_id, now
from data.identity import Account
from data.members import Member
from data.notifications import Notice
from logic import notifications
from logic.audit.append import append
from logic.audit.verify import verify_all
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.recording import record_with
from logic.core.work import Work
from logic.members.imports import ImportOptions, apply_file, plan_file
from logic.start import opened
from logic.tasks.domain import TASK_ASSIGNED
from tests.benchmarks.installation import act, make, roster
from tests.conftest import run_as_service


async def _organization(work: Work) -> UUID:
    async with work.everywhere():
        found: UUID = await work.first(select(Member.organization_id).limit(1))
    return found


the_organization = run_as_service(_organization)


async def owner() -> Actor:
    """Return the system as it works for the department that is installed."""
    return Actor.system(await the_organization(Actor.system()))


async def import_roster(meter: Any, people: int) -> dict[str, Any]:
    """Import so many people, dry run and for good; say how long each took and how long it blocked the loop."""
    actor, told = await owner(), {}
    content = roster(people, seed=2).replace(b'B', b'C').replace(b'person', b'newcomer')
    for name, call in (
        ('dry', lambda: plan_file(actor, content, ImportOptions())),
        ('apply', lambda: apply_file(actor, content, ImportOptions(), 'Many')),
    ):
        await asyncio.sleep(0.05)
        meter.longest, meter.longest_work, meter.stops = 0.0, 0.0, []
        wall, cpu = time.perf_counter(), time.process_time()
        await call()
        told[name] = {'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu}
        await asyncio.sleep(0.05)
        told[name] |= {'longest': meter.longest, 'work': meter.longest_work, 'stops': sorted(meter.stops)[-10:]}
    return told


async def change_somebody() -> float:
    """Change one person as a live change would; return when it was committed."""
    await _rename(await owner())
    return time.monotonic()


async def _change(work: Work) -> None:
    member = await work.first(select(Member).order_by(col(Member.sort_name)).limit(1))
    member.preferred_name = f'Ada {time.monotonic_ns() % 1_000_000}'  # shown in the list: what is not, redraws nothing


_rename = run_as_service(_change)


async def _accounts(work: Work, people: int) -> int:
    made = now()
    rows = [
        Account(
            id=new_id(), email=f'crowd{number}@example.org', name=f'Person {number}', created_at=made, updated_at=made,
            last_organization_id=work.organization_id,
        ).model_dump()
        for number in range(people)
    ]  # fmt: skip
    await work.session.exec(sa.insert(Account), params=rows)
    return people


async def add_accounts(people: int) -> int:
    """Add so many accounts, which only stand for people."""
    return int(await run_as_service(_accounts)(await owner(), people))


async def _tell(work: Work) -> None:
    crowd = await work.all(select(Account.id).where(col(Account.email).like('crowd%')))
    await notifications.tell(work, crowd, kind=TASK_ASSIGNED, title='Siren test')


async def tell_all() -> float:
    """Tell all of them, in one act; return how long that took."""
    begun = time.perf_counter()
    await run_as_service(_tell)(await owner())
    return time.perf_counter() - begun


async def _noticed(work: Work) -> int:
    return int(await work.first(select(sa.func.count()).select_from(Notice)))


async def count_notices() -> int:
    """Return how many notices there are."""
    return int(await run_as_service(_noticed)(await owner()))


async def audit_share(folder: Path, turns: int = 40, writes: int = 20) -> dict[str, float]:
    """Return the processor time of a small write with its audit entry and without, in milliseconds.

    The two take turns, and the least counts: short turns, so that some of them are left alone by what else runs here.
    """
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    await make(folder, members=20)
    told: dict[str, list[float]] = {'with': [], 'without': []}

    async def nothing(*_: Any) -> None:
        return None

    async with opened(settings):
        actor = await owner()
        for _ in range(turns):
            for name, recorder in (('without', nothing), ('with', append)):
                record_with(recorder)
                begun = time.process_time()
                for _ in range(writes):
                    await _rename(actor)
                told[name].append((time.process_time() - begun) * 1000 / writes)
    return {name: min(values) for name, values in told.items()}


async def verify_long(folder: Path, entries: int) -> dict[str, float]:
    """Write so many entries, verify them all, and say how long that took and how much memory it needed."""
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    await make(folder, members=20)
    async with opened(settings):
        actor = await owner()
        begun = time.process_time()
        for first in range(0, entries, 5000):
            await act(actor, min(5000, entries - first))
        written = time.process_time() - begun
        begun, wall = time.process_time(), time.perf_counter()
        verdicts = await verify_all([])
        took, wall = time.process_time() - begun, time.perf_counter() - wall
    assert all(verdict.is_intact for verdict in verdicts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {'write_cpu': written, 'cpu': took, 'wall': wall, 'peak': peak}


def main() -> None:
    """Do one of these in a process of its own and print what came of it as JSON."""
    what, folder, *rest = sys.argv[1:]
    work = audit_share(Path(folder)) if what == 'share' else verify_long(Path(folder), int(rest[0]))
    print(json.dumps(asyncio.run(work)))
