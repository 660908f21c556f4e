"""A harness for tests of `kill -9`: it imports once, forks a process for each cycle, and kills it in the midst of work.

What a process has acknowledged it writes into a pipe that outlives it, as an outside client would have seen it. Called
by `python -c` and not `python -m`, since services are named by their module; prints what happened as JSON.
"""

import asyncio
import gc
import json
import os
import random
import select
import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel import select as pick

import logic
from data import database as databases
from data.database import EVERYWHERE, database
from data.identity import Account
from data.members import Member
from data.notifications import Mail, MailStatus
from data.organizations import Company
from data.schema import migrate
from data.work import JobRow, JobStatus
from data.work import Sequence as Numbers
from logic import mail, setup
from logic.audit.keeping import keep_checkpoints
from logic.audit.verify import verify_all
from logic.core.actor import Actor
from logic.core.config import Settings, configure
from logic.core.domain import Domain, jobs
from logic.core.jobs import Run, Runner
from logic.core.logs import set_up_logs
from logic.core.secrets import install, open_secrets
from logic.core.service import SYSTEM, service
from logic.core.work import Work
from logic.members.names import search_text, sort_name
from logic.notifications import Line, Reader, digest
from logic.organizations import CompanyInput, OrganizationInput, add_company

assert logic
WRITERS, JOBS, MAILS = 8, 400, 60
domain = Domain('crash', 'Crash')
effects = Path()
smtp_url: str | None = None
is_digest = False


@domain.job()
async def count_up(work: Work) -> None:
    """Has an effect that would count double."""
    await work.number('effects')
    await asyncio.sleep(0.001)


@domain.job(detached=True)
async def touch(run: Run, name: str) -> None:
    """Has an idempotent effect outside of the database."""
    await asyncio.sleep(0.002)
    await asyncio.to_thread((effects / name).touch)


@service(SYSTEM)
async def enqueue_all(work: Work) -> None:
    """Write the jobs."""
    for number in range(JOBS):
        work.enqueue(count_up)
        work.enqueue(touch, f'effect-{number}')


@service(SYSTEM)
async def write_mails(work: Work) -> None:
    """Write the mails."""
    for number in range(MAILS):
        await mail.send(work, f'person{number}@example.org', 'test', name='Jide')


async def every_digest(_work: Work, readers: Sequence[Reader]) -> dict[UUID, list[Line]]:
    """Have something to say to everybody."""
    return {one.account_id: [Line('Check engine 1')] for one in readers}


@service(SYSTEM)
async def write_digests(work: Work) -> None:
    """Have digests written for as many people, in parts, as the plan of a morning does."""
    accounts = [work.add(Account(email=f'person{n}@example.org', name=f'Person {n}')) for n in range(MAILS)]
    await work.flush()
    for number, account in enumerate(accounts):
        row = Member(
            number=f'P{number}', first_name='Person', last_name=str(number), account_id=account.id,
            status_since_on=work.now.date(), joined_on=work.now.date(),
        )  # fmt: skip
        row.sort_name, row.search = sort_name(row), search_text(row)
        work.add(row)
    for start in range(0, MAILS, 10):
        part = [[str(one.id), f'{work.now:%Y-%m-%d}'] for one in accounts[start : start + 10]]
        work.enqueue(digest.write_digests, part)


def open_house(folder: Path) -> None:
    """Open keys and database as a start does."""
    configure(Settings(_env_file=None, data_dir=folder, smtp_url=smtp_url))  # type: ignore[call-arg]
    install(open_secrets(folder / 'secrets', database_exists=True))
    databases.connect(f'sqlite+aiosqlite:///{folder / "logbook.db"}')
    database().claim()


async def prepare(folder: Path) -> UUID:
    """Make an installation with a department."""
    install(open_secrets(folder / 'secrets', database_exists=False))
    url = f'sqlite+aiosqlite:///{folder / "logbook.db"}'
    await migrate(url)
    databases.connect(url)
    owner = setup.OwnerInput(
        first_name='Elena', last_name='Rossi', email='e@example.org', password='correct horse battery staple'
    )  # type: ignore[arg-type]
    made = await setup.found_department(Actor.system(), OrganizationInput(name='Riverside', zone='UTC'), owner)
    if smtp_url is None:
        await enqueue_all(Actor.system(made.organization_id))
    else:
        configure(Settings(_env_file=None, data_dir=folder, smtp_url=smtp_url))  # type: ignore[call-arg]
        await (write_digests if is_digest else write_mails)(Actor.system(made.organization_id))
    await databases.disconnect()
    return made.organization_id


async def write(folder: Path, organization_id: UUID, cycle: int, told: int) -> None:
    """Write with eight hands at once, and tell each commit."""
    open_house(folder)
    chief = Actor.system(organization_id)

    async def hand(writer: int) -> None:
        for number in range(1_000_000):
            name = f'{cycle}-{writer}-{number}'
            await add_company(chief, CompanyInput(name=name))
            os.write(told, f'{name}\n'.encode())

    checkpoints = asyncio.create_task(keep_checkpoints(asyncio.Event()))
    await asyncio.gather(checkpoints, *(hand(writer) for writer in range(WRITERS)))


async def run_jobs(folder: Path, told: int) -> None:
    """Run jobs until killed, or until none is left."""
    open_house(folder)
    runner = Runner(alone=True, poll_seconds=0.05)
    await runner.start()
    os.write(told, b'started\n')
    while True:
        async with database().read(EVERYWHERE) as session:
            left = await session.scalar(sa.select(sa.func.count()).where(col(JobRow.status) != JobStatus.DONE))
        if not left:
            os.write(told, b'finished\n')
        await asyncio.sleep(0.05)


def one_life(work: object, seconds: float, lines: int = 1) -> list[str]:
    """Fork a process, let it tell some lines, kill it; returns what it had told."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ours)
            asyncio.run(work(theirs))  # type: ignore[operator]
        finally:
            os._exit(1)
    os.close(theirs)
    # What it tells shows that it is open and at work, at whatever speed; the blow then falls at a random moment.
    told = b''
    while told.count(b'\n') < lines and select.select([ours], [], [], 30)[0] and (part := os.read(ours, 65_536)):
        told += part
    is_at_work = told.count(b'\n') >= lines
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while part := os.read(ours, 65_536):
        told += part
    os.close(ours)
    if not is_at_work or not os.WIFSIGNALED(status):
        raise RuntimeError(f'The process ended by itself: {status}.')
    return told.decode().splitlines()


def examine(folder: Path) -> tuple[str, int, int]:
    """Ask SQLite itself, and count the files."""
    with closing(sqlite3.connect(folder / 'logbook.db')) as connection:
        sound = str(connection.execute('PRAGMA integrity_check').fetchone()[0])
        orphans = len(connection.execute('PRAGMA foreign_key_check').fetchall())
    return sound, orphans, len(list(effects.iterdir()))


async def judge(folder: Path, organization_id: UUID) -> dict[str, object]:
    """Look at what is left."""
    open_house(folder)
    async with database().read(organization_id) as session:
        names = set(await session.exec(pick(Company.name)))
        counted = await session.get(Numbers, (organization_id, 'effects'))
        # What a schedule wrote because a minute struck while the test ran is not the test's.
        ours = col(JobRow.name).not_in([job.name for job in jobs.values() if job.schedule])
        counts = pick(JobRow.status, sa.func.count()).where(ours).group_by(JobRow.status)
        states = dict((await session.exec(counts)).all())
        doubtful = list(await session.exec(pick(Mail.recipient).where(Mail.status == MailStatus.UNCERTAIN)))
    verdicts = await verify_all()
    await databases.disconnect()
    sound, orphans, touched = await asyncio.to_thread(examine, folder)
    return {
        'names': names,
        'integrity': sound,
        'orphans': orphans,
        'audit': [line for verdict in verdicts if not verdict.is_intact for line in verdict.lines()],
        'entries': sum(verdict.size for verdict in verdicts),
        'counted': counted.value if counted else 0,
        'states': {str(state): count for state, count in states.items()},
        'files': touched,
        'doubtful': doubtful,
    }


def main(kind: str, folder: Path, cycles: int, smtp: str | None = None) -> None:
    """Run the cycles and print the verdict; `kind` is writes, jobs, mails or digest."""
    global effects, smtp_url, is_digest  # noqa: PLW0603  the forked processes need them
    smtp_url, is_digest = smtp, kind == 'digest'
    if is_digest:
        digest.digest_section('Due today')(every_digest)
    set_up_logs('error')
    effects = folder / 'effects'
    effects.mkdir()
    organization_id = asyncio.run(prepare(folder))
    gc.freeze()  # or each of the processes would walk through what this one has imported
    acknowledged: set[str] = set()
    lived = 0
    for cycle in range(cycles):
        moment = random.uniform(0.002, 0.06)  # noqa: S311  a moment, not a secret
        if kind == 'writes':
            life = one_life(lambda told, n=cycle: write(folder, organization_id, n, told), moment, 1 + cycle % 6)
            acknowledged |= set(life)
        else:
            told = one_life(lambda told: run_jobs(folder, told), moment)
            if 'finished' in told:
                break
        lived += 1
    if kind != 'writes':
        finish(folder)
    verdict = asyncio.run(judge(folder, organization_id))
    names = verdict.pop('names')
    assert isinstance(names, set)
    lost = sorted(acknowledged - names)
    print(json.dumps(verdict | {'cycles': lived, 'acknowledged': len(acknowledged), 'lost': lost}))  # noqa: T201


def finish(folder: Path) -> None:
    """Let a last process do what is left."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        asyncio.run(run_jobs(folder, theirs))
    os.close(theirs)
    told, end = b'', time.monotonic() + 120
    while b'finished' not in told and time.monotonic() < end:
        if select.select([ours], [], [], 1)[0]:
            told += os.read(ours, 1024)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ours)
