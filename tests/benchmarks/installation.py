"""A data folder to measure on: a department with its people, their open sessions, and a long activity log."""

import argparse
import asyncio
import csv
import io
import json
import random
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.core import new_id
from data.identity import Account, Position
from data.members import Member
from logic import setup
from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.work import Work
from logic.identity import positions, sessions
from logic.members.imports import ImportOptions, apply_file
from logic.organizations import OrganizationInput
from logic.start import opened
from tests.conftest import run_as_service

PASSWORD = 'correct horse battery staple'
OWNER = 'elena@example.org'
FIRST = ['Ada', 'Ben', 'Carla', 'Dev', 'Elif', 'Femi', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kira', 'Liam', 'Mina', 'Noor']
LAST = ['Abebe', 'Bauer', 'Costa', 'Duarte', 'Eriksen', 'Fischer', 'Garcia', 'Huber', 'Ito', 'Jansen', 'Kaya', 'Lopez']
PLACES = ['Headquarters', 'Station 1', 'Station 2', 'Station 3']
UNITS = ['Engine 1', 'Engine 2', 'Ladder 1', 'Rescue', 'Ambulance', 'Training', 'Administration']
RANKS = ['Firefighter', 'Engineer', 'Lieutenant', 'Captain', 'Chief']


@dataclass(frozen=True)
class Made:
    """What was made: who may be whom, and where to look."""

    organization_id: str
    owner_member_id: str
    record_id: str
    tokens: list[str]
    """Session tokens: the first is the owner's, the others belong to administrators, one each."""
    member_token: str = ''
    """Of somebody who holds the position of every member only."""
    stranger_token: str = ''
    """Of the owner of another department."""
    position_id: str = ''


def roster(count: int, seed: int = 1) -> bytes:
    """Return a roster of so many people as CSV."""
    chance = random.Random(seed)  # noqa: S311  made-up people, the same ones at every run
    out = io.StringIO()
    names = ['Number', 'First name', 'Last name', 'Email', 'Phone', 'Hire date', 'Birth date', 'Status', 'Department',
             'Station', 'Rank', 'Title', 'Manager', 'City', 'Country']  # fmt: skip
    writer = csv.writer(out)
    writer.writerow(names)
    for place in range(count):
        joined = date(2005, 1, 1) + timedelta(days=chance.randrange(7500))
        writer.writerow([
            f'B{place:05}', chance.choice(FIRST), f'{chance.choice(LAST)}-{place}', f'person{place}@example.org',
            f'+1 212 555 {place:04}' if place < 10_000 else '', joined.isoformat(),
            (date(1960, 1, 1) + timedelta(days=chance.randrange(15000))).isoformat(), 'Active',
            chance.choice(UNITS), chance.choice(PLACES), chance.choice(RANKS), 'Responder',
            f'B{chance.randrange(place):05}' if place > 0 and place % 3 else '', 'Riverside', 'US',
        ])  # fmt: skip
    return out.getvalue().encode()


async def _open_owner(work: Work, account_id: UUID) -> str:
    account = await work.get(Account, account_id)
    opened_session = await sessions.open_session(
        work, account, work.organization_id, method='password', sensitive=False, address='127.0.0.1'
    )
    return opened_session.token


async def _open_sessions(work: Work, first: int, count: int, position: str = 'Administrator') -> list[str]:
    statement = select(Member).where(col(Member.account_id).is_(None)).order_by(col(Member.number)).limit(count)
    tokens = []
    for place, member in enumerate(await work.all(statement), first):
        account = work.add(Account(email=f'account{place}@example.org', name=member.name, is_service=False))
        await work.flush()
        member.account_id = account.id
        await work.flush()
        await positions.give_member_position(work, member.id, position)
        tokens.append(await _open_owner(work, account.id))
    return tokens


async def _act(work: Work, count: int) -> None:
    people = await work.all(select(Member.id).order_by(col(Member.number)).limit(500))
    for place in range(count):
        member_id = people[place % len(people)] if people else new_id()
        work.record('Member', member_id, action='members.update_member', subject_id=member_id, place=place)


open_owner, open_sessions, act = run_as_service(_open_owner), run_as_service(_open_sessions), run_as_service(_act)


async def make(
    folder: Path, *, members: int, open_for: int = 0, activity: int = 0, cast: bool = False, **more: Any
) -> Made:
    """Make a department in an empty folder; `more` are further settings."""
    settings = Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[call-arg]
    async with opened(settings):
        owner = await _found('Riverside Fire', OWNER)
        assert owner.account_id is not None
        system = Actor.system(owner.organization_id)
        if members:
            await apply_file(owner, roster(members), ImportOptions(), 'Roster')
        tokens = [await open_owner(system, owner.account_id)]
        for first in range(0, open_for, 100):
            tokens += await open_sessions(system, first, min(100, open_for - first))
        for first in range(0, activity, 2000):
            await act(owner, min(2000, activity - first))
        member_token = stranger_token = ''
        if cast:
            member_token = (await open_sessions(system, 90_000, 1, 'Member'))[0]
            stranger = await _found('Hillside EMS', 'stranger@example.org')
            stranger_token = await open_owner(Actor.system(stranger.organization_id), stranger.account_id)
        record, position = await find_rows(system)
    ids = (owner.organization_id, owner.member_id, record or owner.member_id)
    return Made(*map(str, ids), tokens, member_token, stranger_token, str(position))


async def _found(name: str, email: str) -> Actor:
    made = await setup.found_department(
        Actor.system(),
        OrganizationInput(name=name, zone='America/New_York', country='US'),
        setup.OwnerInput(first_name='Elena', last_name='Rossi', email=email, password=PASSWORD),  # type: ignore[arg-type]
    )
    return Actor(
        kind=ActorKind.ACCOUNT, name='Elena Rossi', organization_id=made.organization_id, account_id=made.account_id,
        member_id=made.member_id, permissions=frozenset({'*'}), method='password',
    )  # fmt: skip


async def _find(work: Work) -> tuple[UUID | None, UUID]:
    record = await work.first(select(Member.id).where(Member.number == 'B00007'))
    return record, await work.first(select(Position.id).order_by(col(Position.priority).desc()))


find_rows = run_as_service(_find)


def main() -> None:
    """Make an installation and print what was made as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--members', type=int, default=0)
    parser.add_argument('--sessions', type=int, default=0)
    parser.add_argument('--activity', type=int, default=0)
    parser.add_argument('--cast', action='store_true')
    asked = parser.parse_args()
    made = asyncio.run(
        make(
            asked.folder, members=asked.members, open_for=asked.sessions, activity=asked.activity, cast=asked.cast
        )
    )  # fmt: skip
    print(json.dumps(asdict(made)))
